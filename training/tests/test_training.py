"""The training loop, on a network of one layer."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: the loop is not tested")

from lss_training.common.training import Average, Phase, Recipe, load, rate, train  # noqa: E402


class Line(Recipe):
    """Learns y = 3 x - 1; keeps the sum of every step's samples."""

    name = "line"
    channels_last = False
    warm_up = 5
    phases = (Phase("first", 20, 0.05, 20), Phase("second", 30, 0.02, 10, fresh=True))

    def __init__(self):
        self.seen = []

    def network(self):
        return torch.nn.Linear(1, 1)

    def batches(self, rng, step, phase):
        x = torch.from_numpy(rng.standard_normal((8, 1)).astype(np.float32))
        return [(x[:4], 3 * x[:4] - 1), (x[4:], 3 * x[4:] - 1)]

    def loss(self, net, batch):
        x, y = batch
        self.seen.append(x.sum().item())
        return (net(x).float() - y).square().mean(), {}


def weights(net):
    return [p.tolist() for p in net.parameters()]


@pytest.mark.parametrize("stop", [7, 20, 23])
def test_a_run_that_was_interrupted_ends_with_the_weights_of_one_that_was_not(tmp_path, stop):
    whole, parts = Line(), Line()
    expected = train(whole, tmp_path / "whole.pt", seed=4, workers=0)
    train(parts, tmp_path / "parts.pt", seed=4, workers=0, stop=stop)
    found = train(parts, tmp_path / "parts.pt", seed=4, workers=0)
    assert parts.seen == whole.seen
    assert weights(found) == weights(expected)


def test_processes_that_make_samples_change_nothing(tmp_path):
    one = train(Line(), tmp_path / "a.pt", seed=4, workers=0)
    two = train(Line(), tmp_path / "b.pt", seed=4, workers=2)
    assert weights(one) == weights(two)


def test_every_phase_is_kept_and_a_checkpoint_holds_the_averaged_network(tmp_path):
    net = train(Line(), tmp_path / "line.pt", seed=1, workers=0)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["line.pt", "line.pt.first", "line.pt.second"]
    assert weights(load(Line(), tmp_path / "line.pt")) == weights(net)


def test_a_checkpoint_of_another_seed_is_refused(tmp_path):
    train(Line(), tmp_path / "line.pt", seed=1, workers=0, stop=3)
    with pytest.raises(SystemExit, match="seed 1"):
        train(Line(), tmp_path / "line.pt", seed=2, workers=0)


def test_bf16_learns_the_same_line_nearly(tmp_path):
    exact = weights(train(Line(), tmp_path / "a.pt", seed=1, workers=0, precision="fp32"))
    short = weights(train(Line(), tmp_path / "b.pt", seed=1, workers=0, precision="bf16"))
    assert short[0][0][0] == pytest.approx(exact[0][0][0], abs=0.02)
    assert short != exact


def test_the_rate_warms_up_stays_and_falls_along_a_cosine():
    phase = Phase("only", 100, 0.1, 40)
    assert rate(Line(), phase, 0, 0) == pytest.approx(0.1 / 5)
    assert rate(Line(), phase, 0, 50) == pytest.approx(0.1)
    assert rate(Line(), phase, 0, 80) == pytest.approx(0.1 * (0.02 + 0.98 * 0.5))
    assert rate(Line(), phase, 0, 100) == pytest.approx(0.1 * 0.02)


def test_the_average_follows_quickly_at_first_and_slowly_later():
    net = torch.nn.Linear(1, 1, bias=False)
    net.weight.data.fill_(0.0)
    average = Average(net, 0.9)
    net.weight.data.fill_(1.0)
    average.update(net, 0)
    assert average.state["weight"].item() == pytest.approx(19 / 20)
    average.update(net, 10_000)
    assert average.state["weight"].item() == pytest.approx(0.9 * 0.95 + 0.1)
