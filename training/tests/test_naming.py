"""The decoder of names against the model that is trained, and what the two must do; parameters are random where nothing else is said."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lss_training.naming import features
from lss_training.naming.calibration import UNCHANGED, calibrate
from lss_training.naming.chain import chain
from lss_training.naming.decoder import Decoder
from lss_training.naming.spines import Candidates

NONE = np.zeros((0, 3))


def candidates(heights, sideways=()):
    """Bodies one above the other at these heights, and others 140 mm beside the spine; all look lumbar."""
    points = [(0.0, 0.0, float(z)) for z in heights] + [(140.0, 0.0, float(z)) for z in sideways]
    types = np.tile([0.02, 0.02, 0.98], (len(points), 1))
    return Candidates(np.array(points).reshape(-1, 3), types, NONE, NONE)


def small(seed=1):
    """A decoder of three levels a, b, c that follow one another; b may be missed."""
    rng = np.random.default_rng(seed)
    network = {"hidden": (0.2 * rng.standard_normal((4, features.SIZE))).tolist(), "hiddenBias": [0.1] * 4}
    network |= {"output": rng.standard_normal((3, 4)).tolist(), "outputBias": [0.0, 0.5, 0.0]}
    routes = [("a", "b", 0, 0.0, 30), ("b", "c", 0, 0.0, 33), ("a", "c", 1, -2.0, 63), ("c", "c", 0, -1.0, 30)]
    keys = ("upper", "lower", "missed", "prior", "meanMm")
    return Decoder(
        {
            "levels": ["a", "b", "c"],
            "networks": [network],
            "routes": [dict(zip(keys, r), deviationMm=4.0) for r in routes],
            "lengthWeight": 0.5,
            "worstFit": -30.0,
            "calibration": UNCHANGED,
        }
    )


def test_the_chain_goes_down_and_leaves_out_what_lies_beside_the_spine():
    assert chain(candidates([0, 35, 70, 105], sideways=[50])) == [3, 2, 1, 0]


def test_a_body_that_was_missed_does_not_end_the_chain():
    assert chain(candidates([0, 35, 105, 140])) == [3, 2, 1, 0]


def test_without_candidates_there_is_no_chain_and_no_name():
    assert chain(candidates([])) == []


def test_features_of_a_body_are_0_where_the_chain_has_ended():
    c = candidates([0, 35])
    x = features.features(features.bodies(c, chain(c)))
    assert x.shape == (2, features.SIZE)
    node = features.NODE
    assert not x[0, : features.REACH * node].any()
    assert x[0, features.REACH * node] == x[0, (features.REACH + 1) * node] == 1
    assert not x[0, (features.REACH + 2) * node : (2 * features.REACH + 1) * node].any()


def every_naming(decoder, unary, steps):
    """Score of every sequence of routes, by trying them all."""
    found = {}
    for path in itertools.product(range(len(decoder.levels)), repeat=len(unary)):
        total = sum(unary[n, s] for n, s in enumerate(path))
        for n, step in enumerate(steps):
            fits = [step[r] for r, (a, b, _) in enumerate(decoder.routes) if (a, b) == path[n : n + 2]]
            total += fits[0] if fits else -np.inf
        found[path] = total
    return found


@pytest.mark.parametrize("heights", [[0, 33], [0, 31, 64], [0, 63], [0, 30, 60, 90]])
def test_the_best_naming_its_sum_and_its_share_are_those_of_trying_all(heights):
    decoder = small()
    c = candidates(heights)
    bodies = features.bodies(c, chain(c))
    unary = decoder.fit(features.features(bodies))
    steps = [decoder.route_scores(d) for d in features.lengths(bodies)]
    scores = every_naming(decoder, unary, steps)
    total = np.log(sum(np.exp(v) for v in scores.values()))
    best = max(scores, key=scores.get)
    assert tuple(decoder.best(unary, steps)[0]) == best
    assert decoder.total(unary, steps) == pytest.approx(total)
    assert decoder.share(unary, steps, best) == pytest.approx(np.exp(scores[best] - total))


def test_names_that_make_no_difference_are_right_either_way():
    decoder = small()
    c = candidates([0, 33])
    bodies = features.bodies(c, chain(c))
    unary, steps = decoder.fit(features.features(bodies)), [decoder.route_scores(33.0)]
    scores = every_naming(decoder, unary, steps)
    total = sum(np.exp(v) for v in scores.values())
    either = sum(np.exp(scores[path]) for path in itertools.product((0, 1), repeat=2))
    assert decoder.share(unary, steps, [0, 1], same=("a", "b")) == pytest.approx(either / total)


def test_calibration_finds_how_often_names_are_right():
    rng = np.random.default_rng(2)
    odds = rng.normal(2, 3, 4000)
    right = rng.random(4000) < 1 / (1 + np.exp(-0.5 * odds + 1))
    traits = np.stack([odds, 0 * odds, np.ones(4000), 0 * odds, 0 * odds], 1)
    slope, _, offset, _, _ = calibrate(traits, right)
    assert slope == pytest.approx(0.5, abs=0.05)
    assert offset == pytest.approx(-1, abs=0.15)


def test_numbers_that_were_written_are_read_again_in_half_precision(tmp_path):
    pytest.importorskip("safetensors", reason="safetensors is not installed: files of numbers are not tested")
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: files of numbers are not tested")
    from lss_training.naming.network import NamingNet
    from lss_training.naming.parameters import load, parameters, save

    torch.manual_seed(1)
    numbers = parameters([NamingNet(hidden=8).eval(), NamingNet(hidden=8).eval()])
    save(numbers, tmp_path / "naming.safetensors")
    read = load(tmp_path / "naming.safetensors")
    assert len(read["networks"]) == 2
    np.testing.assert_allclose(read["networks"][1]["hidden"], numbers["networks"][1]["hidden"], atol=1e-3)
    assert [r["lower"] for r in read["routes"]] == [r["lower"] for r in numbers["routes"]]
    np.testing.assert_allclose(
        [r["meanMm"] for r in read["routes"]], [r["meanMm"] for r in numbers["routes"]], atol=1e-4
    )


def test_the_decoder_calculates_what_the_trained_model_does():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: the model of names is not compared")
    from lss_training.naming.levels import LEVELS
    from lss_training.naming.network import NamingNet
    from lss_training.naming.parameters import TOO_MANY, parameters

    torch.manual_seed(1)
    net = NamingNet(hidden=8).eval()
    numbers = parameters([net])
    for route, (_, _, _, keys, _) in zip(numbers["routes"], net.routes):
        route["prior"] -= sum(TOO_MANY.get(key, 0.0) for key in keys)  # as in training
    decoder = Decoder(numbers)
    c = candidates([0, 34, 69, 102, 140])
    bodies = features.bodies(c, chain(c))
    x = features.features(bodies)
    lengths = features.lengths(bodies)
    steps = [decoder.route_scores(d) for d in lengths]
    path = decoder.best(decoder.fit(x), steps)[0]
    allowed = np.zeros((1, len(path), len(LEVELS)), bool)
    allowed[0, np.arange(len(path)), path] = True
    arrays = (x[None].astype(np.float32), lengths[None].astype(np.float32), np.array([len(path)]), allowed)
    with torch.no_grad():
        expected = net(*(torch.from_numpy(a) for a in arrays)).item()
    unary = decoder.fit(x)
    held = decoder.total(decoder.restricted(unary, [[s] for s in path]), steps)
    assert held - decoder.total(unary, steps) == pytest.approx(expected, abs=0.001)
