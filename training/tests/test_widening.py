"""A wider network that adopts the weights of a package."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: widening is not tested")

from lss_training.common import export, manifest  # noqa: E402
from lss_training.common.networks import UNet  # noqa: E402
from lss_training.common.widening import adopt, blend  # noqa: E402

PACKAGE = manifest.Package("p", "1", "t", "MIT", "u", "d", "ct-vertebrae", ("s",))
STAGE = manifest.Stage("s", "segmenter", "CT", {}, "LPS", {}, manifest.whole((8, 8, 8)), {})


def network(features, norm, join, last=None):
    return UNet(3, 1, 2, features, norm, join, lowest=2, decoder=(2, 1), last=last).eval()


@pytest.mark.parametrize(("norm", "join", "last"), [("instance", "concatenate", None), ("batch", "add", 6)])
def test_a_wider_network_starts_with_the_same_function(tmp_path, norm, join, last):
    torch.manual_seed(1)
    small, wide = network((4, 6, 8), norm, join, last), network((6, 8, 12), norm, join, last)
    export.export(small, STAGE, PACKAGE, tmp_path)
    x = torch.randn(1, 1, 16, 16, 16)
    with torch.no_grad():
        expected = small(x)
        before = wide(x)
        found = adopt(wide, tmp_path, "s")(x)
    scale = expected.std()
    assert (before - expected).abs().max() > 0.5 * scale
    assert (found - expected).abs().max() < 0.02 * scale  # the package rounds to half precision


def test_what_a_wider_network_has_more_can_be_learned(tmp_path):
    torch.manual_seed(1)
    export.export(network((4, 6, 8), "instance", "concatenate"), STAGE, PACKAGE, tmp_path)
    wide = adopt(network((6, 8, 12), "instance", "concatenate"), tmp_path, "s")
    wide(torch.randn(1, 1, 16, 16, 16)).square().mean().backward()
    assert wide.out.weight.grad[4:].abs().max() > 0


def test_a_blend_lies_between_the_weights_begun_with_and_those_learned():
    begun, net = (network((4, 6, 8), "instance", "concatenate") for _ in range(2))
    expected = 0.7 * begun.stem[0].weight + 0.3 * net.stem[0].weight
    assert torch.allclose(blend(net, begun, 0.3).stem[0].weight, expected, atol=1e-6)
