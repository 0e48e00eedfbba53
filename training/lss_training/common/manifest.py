"""What a model package says about its networks: the only place that knows the schema of lss-model.json (docs/model-package.md)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

SCHEMA = "lss-model/1"
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


@dataclass(frozen=True)
class Stage:
    """What is done around one network. Numbers per axis are in tensor order, slowest first. Either `spacing_mm` or `longer_side` says the grid."""

    name: str
    role: str
    series: str
    normalization: dict
    orientation: str
    resampling: str
    patch: tuple[int, ...]
    tiling: dict
    output: str
    labels: tuple[tuple[int, str], ...]
    spacing_mm: tuple[float, ...] | None = None
    longer_side: int | None = None
    centre_prior_mm: float | None = None

    @property
    def weights(self):
        return f"{self.name}.safetensors"

    def block(self, network):
        """The stage's block of the manifest."""
        grid = {"spacingMm": list(self.spacing_mm)} if self.spacing_mm else {"longerSidePixels": self.longer_side}
        prior = {} if self.centre_prior_mm is None else {"centrePriorSigmaMm": self.centre_prior_mm}
        return {
            "role": self.role,
            "name": self.name,
            "network": network,
            "weights": [self.weights],
            "inputs": [{"role": self.series, "normalization": self.normalization}],
            "orientation": self.orientation,
            **grid,
            "resampling": self.resampling,
            "patchSize": list(self.patch),
            "tiling": self.tiling,
            "mirrorAxes": [],
            **prior,
            "output": self.output,
            "labels": [{"value": value, "key": key} for value, key in self.labels],
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
