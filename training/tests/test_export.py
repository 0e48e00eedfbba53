"""What a model package gets: layer list, fp16 weights, manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from lss_training.common import manifest
from lss_training.common.manifest import Package, Stage

MODELS = Path(__file__).resolve().parents[2] / "lss-models/src/main/resources/META-INF/lss/models"
PACKAGE = Package("id", "1", "title", "MIT", "use", "data", "segment", ("coarse", "fine"))


def stage(name):
    return Stage(
        name=name,
        role="segmenter",
        series="CT",
        normalization={"kind": "none"},
        orientation="LPS",
        grid=manifest.longer_side(8, "LINEAR"),
        window=manifest.whole((8, 8)),
        output=manifest.softmax(((1, "one"),)),
    )


def shipped(model):
    return json.loads((MODELS / model / manifest.FILE).read_text())


def test_a_manifest_keeps_the_other_stages_in_their_order_and_has_digests_of_all_files(tmp_path):
    (tmp_path / "LICENSE").write_text("free")
    for name in ("fine", "coarse"):
        manifest.write(tmp_path, PACKAGE, stage(name).block({"layers": []}))
    found = json.loads((tmp_path / manifest.FILE).read_text())
    assert [s["name"] for s in found["stages"]] == ["coarse", "fine"]
    assert found["files"] == [{"path": "LICENSE", "sha256": hashlib.sha256(b"free").hexdigest()}]


def test_writing_the_same_stage_again_changes_nothing(tmp_path):
    manifest.write(tmp_path, PACKAGE, stage("fine").block({"layers": []}))
    before = (tmp_path / manifest.FILE).read_bytes()
    manifest.write(tmp_path, PACKAGE, stage("fine").block({"layers": []}))
    assert (tmp_path / manifest.FILE).read_bytes() == before


@pytest.mark.parametrize("model", ["ct-vertebrae", "us-fascia"])
def test_the_packages_that_ship_have_the_schema_that_is_written(model):
    assert shipped(model)["schema"] == manifest.SCHEMA


NETWORKS = [("ct-localizer-wide", "ct-vertebrae"), ("ct-segmenter-wide", "ct-vertebrae"), ("us-fascia", "us-fascia")]


@pytest.mark.parametrize(("name", "model"), NETWORKS)
def test_a_network_is_described_as_its_package_that_ships(name, model):
    for needed in ("torch", "scipy", "nibabel", "safetensors", "PIL", "skimage"):
        pytest.importorskip(needed, reason=f"{needed} is not installed: the networks are not tested")
    from lss_training.commands.recipes import recipe
    from lss_training.common.layers import folded, layers

    found = recipe(name)
    network, _ = layers(folded(found.network()))
    (expected,) = [s for s in shipped(model)["stages"] if s["name"] == found.stage.name]
    assert found.stage.block(network) == expected
    head = {k: v for k, v in shipped(model).items() if k not in ("stages", "files")}
    folder_head = {"schema": manifest.SCHEMA, **manifest.head(found.package)}
    assert folder_head == head


@pytest.mark.parametrize(("rank", "norm", "join"), [(3, "batch", "add"), (2, "instance", "concatenate")])
def test_the_layer_list_calculates_what_the_network_does(tmp_path, rank, norm, join):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: the export is not tested")
    pytest.importorskip("safetensors", reason="safetensors is not installed: the export is not tested")
    from lss_training.common.export import export
    from lss_training.common.layers import LayerList
    from lss_training.common.networks import UNet

    torch.manual_seed(1)
    net = UNet(rank, 1, 2, (4, 6, 8), norm, join, lowest=2, decoder=(2, 1))
    x = torch.randn([2, 1] + [16] * rank)
    net(x)  # batch statistics move
    net.eval()
    assert export(net, stage("fine"), PACKAGE, tmp_path) < 0.01
    listed = LayerList.of_package(tmp_path, "fine")
    with torch.no_grad():
        assert (listed(x) - net(x)).abs().max() < 0.01
    assert all(t.abs().max() > 0 for name, t in listed.tensors.items() if name.endswith("weight"))
