"""Spines as points: what is truly there and what a network found. Positions are LPS mm."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDS = 5
NEAR_MM = 20.0  # a detection this close to a vertebra is one of it


@dataclass(frozen=True)
class Candidates:
    """Centres of bodies that a network found, in any order, and of pedicles.

    bodies: n x 3. types: n x 3, probabilities of cervical, thoracic, lumbar; NaN where nothing is known. left, right: pedicles, m x 3 each, may be empty.
    """

    bodies: np.ndarray
    types: np.ndarray
    left: np.ndarray
    right: np.ndarray


@dataclass(frozen=True)
class Spine:
    id: str
    person: int
    collection: str
    candidates: Candidates
    centres: np.ndarray  # true bodies, from the head down, n x 3
    levels: tuple[str, ...]  # of these

    @property
    def fold(self):
        """0 to FOLDS - 1, the same for all series of a person."""
        return (self.person * 2654435761 % 2**32) * FOLDS >> 32


def read(data, part):
    """The spines of a part, `training` or `validation`."""
    path = Path(data) / "ct/keypoints" / f"{part}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [spine(json.loads(line)) for line in lines]


def spine(row):
    bodies = sorted((t for t in row["truth"] if t[3] == "body" and t[4]), key=lambda t: -t[2])
    found = {kind: [d for d in row["detected"] if d[3] == kind] for kind in ("body", "left", "right")}
    points = {kind: np.array([d[:3] for d in ds], float).reshape(-1, 3) for kind, ds in found.items()}
    types = np.array([d[4] for d in found["body"]], float).reshape(-1, 3)
    candidates = Candidates(points["body"], types, points["left"], points["right"])
    centres = np.array([t[:3] for t in bodies], float)
    return Spine(row["id"], row["person"], row["collection"], candidates, centres, tuple(t[4] for t in bodies))
