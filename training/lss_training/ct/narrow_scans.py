"""Narrow scans of osteoporotic spines, made of one real spine: cases for the whole pipeline.

The dense bone of totalseg_s0328 is real, its levels and outlines are known; marrow, soft tissue and scanner are painted. No training before the phase `all`
sees anything of this person.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter

from lss_training.ct import labelmaps, painter
from lss_training.ct import localizer_cases as cases

VERSE = {level: value for value, level in labelmaps.VERSE.items()}


@dataclass(frozen=True)
class Scan:
    """spacing: (k, j, i). width, depth: mm in plane. top: the highest level that is whole. core: HU of marrow. curve: degrees to a side, and about half as
    many about the body axis. noise: HU. dense: what is left of the dense bone's contrast."""

    name: str
    spacing: tuple
    width: float
    depth: float
    top: str
    core: float
    curve: float
    noise: float
    dense: float
    seed: int


SCANS = (
    Scan("wide", (2, 1, 1), 220, 190, "T10", 130, 0, 15, 1.0, 1),
    Scan("narrow", (2, 1, 1), 80, 140, "T11", 130, 0, 25, 1.0, 2),
    Scan("porous", (1, 1, 2), 80, 140, "T11", 60, 0, 100, 0.7, 3),
    Scan("curved", (1, 1, 2), 84, 150, "T11", 70, 14, 100, 0.6, 4),
    Scan("empty", (1, 1, 2), 80, 140, "T11", 15, 10, 80, 0.5, 5),
    Scan("stooped", (2, 1, 1), 80, 130, "T12", 90, -16, 100, 0.6, 6),
    Scan("twisted", (1, 1, 2), 80, 140, "T11", 60, 24, 110, 0.4, 7),
    Scan("faint", (1, 1, 2), 80, 120, "T11", 45, 18, 110, 0.3, 8),
    Scan("bent", (2, 1, 1), 80, 140, "T10", 80, -27, 110, 0.4, 9),
)


def scan(m, s):
    """(HU, VerSe ids) of a scan of a map."""
    rng = np.random.default_rng([71, s.seed])
    spacing = np.array(s.spacing, float)
    middle = {level: np.argwhere(m.instance == n + 1).mean(0) * m.spacing for n, level in enumerate(m.levels)}
    low = max(0, middle["S"][0] - 35)
    high = middle[s.top][0] + 22
    spine = np.array([c for level, c in middle.items() if low < c[0] < high])
    centre = np.array([0.5 * (low + high), spine[:, 1].mean(), spine[:, 2].mean()])
    extent = np.array([high - low, s.depth, s.width])
    axes = [(np.arange(round(e / d)) + 0.5) * d - e / 2 for e, d in zip(extent, spacing)]
    p = np.stack(np.meshgrid(*axes, indexing="ij")) + centre[:, None, None, None]
    wave = 2 * np.pi / (1.3 * extent[0])
    most = np.tan(np.radians(s.curve)) / wave
    side = p[2] - centre[2]
    bend = wave * (p[0] - low) + rng.uniform(0, 6)
    p[2] += most * np.sin(bend)
    p[0] -= most * wave * np.cos(bend) * side
    turn = np.radians(0.5 * s.curve) * np.sin(bend)
    x, y = p[2] - centre[2], p[1] - centre[1]
    p[2], p[1] = centre[2] + np.cos(turn) * x - np.sin(turn) * y, centre[1] + np.sin(turn) * x + np.cos(turn) * y
    p /= np.array(m.spacing)[:, None, None, None]
    scene = m.scene(p)
    hu = painter.paint(scene, rng, spacing, s.core)
    value, share = scene.dense
    hu += share * (40 + (value - 40) * s.dense - hu)
    noise = rng.standard_normal(hu.shape, dtype=np.float32)
    noise -= gaussian_filter(noise, 1.2)  # of a sharp kernel: little of it is smooth
    hu += noise * (s.noise / noise.std())
    ids = np.array([0] + [VERSE.get(level, 0) for level in m.levels], np.uint8)
    return np.clip(np.rint(hu), -1024, 3071).astype(np.int16), ids[scene.instance]


def write(data, folder):
    """Writes NAME/ct.nii.gz and NAME/labels.nii.gz of every scan."""
    import nibabel as nib

    m = cases.shell_spine(data, 1.0)
    for s in SCANS:
        path = Path(folder) / s.name
        path.mkdir(parents=True, exist_ok=True)
        affine = np.diag([-s.spacing[2], -s.spacing[1], s.spacing[0], 1.0])  # (i, j, k) to the left, back, head
        for name, a in zip(("ct", "labels"), scan(m, s), strict=True):
            nib.save(nib.Nifti1Image(a.transpose(2, 1, 0), affine), path / f"{name}.nii.gz")


def score(folder, results):
    """Prints, for each scan, Dice of L1 to L5 as named, and of each vertebra with the label that covers most of it."""
    import nibabel as nib

    whole = []
    for s in SCANS:
        found = np.asarray(nib.load(Path(results) / s.name / "labels.nii.gz").dataobj)
        truth = np.asarray(nib.load(Path(folder) / s.name / "labels.nii.gz").dataobj)
        named, best, names = [], [], []
        for level in ("L1", "L2", "L3", "L4", "L5"):
            t = truth == VERSE[level]
            named.append(dice(found == VERSE[level], t))
            votes = np.bincount(found[t & (found > 0)].astype(int), minlength=30)
            label = int(votes.argmax()) if votes.any() else 0
            best.append(dice(found == label, t) if label else 0.0)
            names.append(labelmaps.VERSE.get(label, "-"))
        whole.append((np.mean(named), np.mean(best)))
        print(f"{s.name:8s} {np.mean(named):.3f}, named or not {np.mean(best):.3f}", np.round(best, 2).tolist(), *names)
    print("mean of all {:.3f}, named or not {:.3f}".format(*np.mean(whole, 0)))


def dice(a, b):
    return 2 * np.sum(a & b) / max(1, a.sum() + b.sum())
