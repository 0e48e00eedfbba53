"""What a model package says about its networks: the only place that knows the schema of lss-model.json (docs/model-package.md)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

SCHEMA = "lss-model/2"
FILE = "lss-model.json"


@dataclass(frozen=True)
class Package:
    """The head of a manifest, and the names of its stages in the order in which they run."""

    id: str
    version: str
    title: str
    license: str
    intended_use: str
    training_data: str
    task: str
    stages: tuple[str, ...]


def spacing(mm, rule):
    """A grid of fixed voxel size that images reach by one rule on all axes."""
    return {"kind": "spacing", "spacingMm": list(mm), "images": {"rule": rule}}


def longer_side(pixels, rule):
    """The grid of a 2-D network that knows no millimetres."""
    return {"kind": "longerSide", "pixels": pixels, "images": {"rule": rule}}


def tiles(patch, step):
    """nnU-Net's tiles over the whole image; outside it the network sees what the normalisation calls the outside."""
    rule = {"kind": "nnUnet", "step": step}
    return {"kind": "tiles", "patchSize": list(patch), "rule": rule, "outside": "normalized", "mirrorAxes": []}


def around_point(patch, sigma_mm):
    """One patch around a point, with a Gaussian prior of this width as last input channel."""
    return {"kind": "aroundPoint", "patchSize": list(patch), "priorSigmaMm": sigma_mm}


def whole(patch):
    """The whole plane at once."""
    return {"kind": "whole", "patchSize": list(patch)}


def softmax(labels):
    """Classes behind background, as pairs of value and key."""
    return {"kind": "softmax", "labels": [{"value": value, "key": key} for value, key in labels]}


def heat_maps(keys):
    """One probability map for each key."""
    return {"kind": "heatMaps", "keys": list(keys)}


def pointed_object(key):
    """One channel: the object that the prior means."""
    return {"kind": "pointedObject", "key": key}


@dataclass(frozen=True)
class Stage:
    """What is done around one network. Numbers per axis are in tensor order, slowest first."""

    name: str
    role: str
    series: str
    normalization: dict
    orientation: str
    grid: dict
    window: dict
    output: dict

    @property
    def weights(self):
        return f"{self.name}.safetensors"

    @property
    def patch(self):
        """Voxels that the network sees at a time."""
        return tuple(self.window["patchSize"])

    def block(self, network):
        """The stage's block of the manifest."""
        return {
            "role": self.role,
            "name": self.name,
            "network": network,
            "weights": [self.weights],
            "inputs": [{"role": self.series, "normalization": self.normalization}],
            "orientation": self.orientation,
            "grid": self.grid,
            "window": self.window,
            "output": self.output,
        }


def head(package):
    """The manifest's fields about the package as a whole, without its schema."""
    return {
        "id": package.id,
        "version": package.version,
        "title": package.title,
        "license": package.license,
        "intendedUse": package.intended_use,
        "trainingData": package.training_data,
        "task": package.task,
    }


def write(folder, package, block):
    """Writes the manifest with one stage's new block; the other stages stay as the folder's manifest has them. Digests are of all files there."""
    path = Path(folder) / FILE
    stages = {s["name"]: s for s in json.loads(path.read_text())["stages"]} if path.exists() else {}
    stages[block["name"]] = block
    files = [p for p in sorted(path.parent.iterdir()) if p.name != FILE]
    manifest = {
        "schema": SCHEMA,
        **head(package),
        "stages": [stages[name] for name in package.stages if name in stages],
        "files": [{"path": p.name, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()} for p in files],
    }
    path.write_text(json.dumps(manifest, indent=1) + "\n")
