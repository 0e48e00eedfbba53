"""Writes a checkpoint's averaged weights into a model package, and the manifest; the package's other stages, licence and card stay as they are."""

from __future__ import annotations

from pathlib import Path

from lss_training.commands.recipes import add_name, recipe
from lss_training.common import export, training, widening

MODELS = Path(__file__).resolve().parents[3] / "lss-models/src/main/resources/META-INF/lss/models"


def add_arguments(p):
    add_name(p)
    p.add_argument("--checkpoint", type=Path, required=True)
    p.add_argument("--folder", type=Path, help="the package (default: the one that ships)")
    p.add_argument(
        "--blend", type=Path, help="a package with whose weights those of the checkpoint, begun from it, are averaged"
    )
    p.add_argument("--share", type=float, default=0.5, help="of the checkpoint in that average (default: %(default)s)")
    p.add_argument("--golden", type=Path, help="also write a seeded input and its output there (.npz)")


def run(a):
    found = recipe(a.network)
    folder = a.folder or MODELS / found.package.id
    net = training.load(found, a.checkpoint)
    if a.blend:
        begun = widening.adopt(training.fresh(found, 1), a.blend, found.stage.name)
        widening.blend(net, begun, a.share)
    gap = export.export(net, found.stage, found.package, folder, a.golden)
    print(f"{folder / found.stage.weights}: the layers in half precision differ from the network by at most {gap:.2g}")
