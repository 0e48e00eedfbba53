"""Real CTs cut to narrow fields of view: are the levels those of the uncut image, or said to be doubtful? The table of docs/levels.md."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lss_training.common.images import nifti
from lss_training.ct import labelmaps, trunk
from lss_training.ct.decoding import CHEST, decode
from lss_training.ct.localizer_cases import TOTALSEG
from lss_training.ct.localizer_evaluation import coarse, fitted, heatmaps

FIELDS = (None, (200, 220), (160, 200), (120, 186), (80, 186), (80, 120))  # left-right and front-back, mm; None: all
ORDER = ("S", "L5", "L4", "L3", "L2", "L1", "T12", "T11", "T10", "T9", "T8", "T7", "T6", "T5", "T4", "T3", "T2", "T1")
NEAR_MM = 30.0  # what is left of a vertebra at a border lies so far from its centroid
BEYOND_MM, SACRUM_MM = 18.0, 50.0  # how far a cut reaches beyond its vertebrae, and below L5 to hold the sacrum


def middles(lab, spacing, names):
    """Level -> centroid in mm (k, j, i)."""
    return {level: (np.argwhere(lab == v).mean(0) + 0.5) * spacing for v, level in names.items() if (lab == v).any()}


def images(data, work):
    """(name, HU, spacing, level -> mm) of every image. The levels of aorta_t12 above its one label are counted from it."""
    data = Path(data) / "ct"
    lab, spacing, ct = trunk.read(data.parent, work)
    yield "acrin_flt_001", ct, spacing, middles(lab, spacing, {trunk.S1: "S", **labelmaps.WHOLE})
    for name, file, names in (
        ("abdomen_3mm", "totalseg_spine.nii.gz", TOTALSEG),
        ("l3_crop", "vertebrae_verse_ids.nii.gz", labelmaps.VERSE),
    ):
        ct, spacing = nifti(data / name / "ct.nii.gz")
        lab = np.rint(nifti(data / name / file)[0]).astype(int)
        yield name, ct, spacing, middles(lab, spacing, names)
    ct, spacing = nifti(data / "aorta_t12/ct.nii.gz")
    lab = nifti(data / "aorta_t12/labels.nii.gz")[0]
    yield "aorta_t12", ct, spacing, middles(lab, spacing, {1: "T12"})


def counted(truth, found):
    """Levels of a chain (mm, upwards) of which one is known."""
    if len(truth) > 1:
        return truth
    ((known, at),) = truth.items()
    n = int(np.argmin([np.linalg.norm(c - at) for c in found]))
    return {ORDER[ORDER.index(known) + k - n]: c for k, c in enumerate(found)}


def boxes(shape, spacing, truth):
    """(box, whether the upper sacrum is in it) of every cut."""
    bodies = sorted((level for level in truth if level != "S"), key=ORDER.index)
    z = [truth[level][0] for level in bodies]
    spans = [(-np.inf, np.inf)]
    if "L5" in truth:
        spans.append((truth["L5"][0] - SACRUM_MM, truth["L1"][0] + BEYOND_MM))
    for n in range(len(z) - 4):
        spans.append((z[n] - BEYOND_MM, z[n + 4] + BEYOND_MM))
    for low, high in spans:
        inside = [c for c in truth.values() if low < c[0] < high]
        middle = 0.5 * (np.min(inside, 0) + np.max(inside, 0))
        for field in FIELDS:
            limits = [(low, high)]
            for axis, size in ((1, field and field[1]), (2, field and field[0])):
                limits.append((middle[axis] - size / 2, middle[axis] + size / 2) if size else (-np.inf, np.inf))
            box = tuple(
                slice(
                    int(np.clip(round(a / s), 0, n)) if a > 0 else 0,
                    int(np.clip(round(b / s), 0, n)) if b < n * s else n,
                )
                for (a, b), s, n in zip(limits, spacing, shape)
            )
            yield box, "L5" in truth and box[0].start * spacing[0] <= max(0, truth["L5"][0] - SACRUM_MM) + spacing[0]


def evaluate(net, data, work, verbose=False):
    """Prints a row for each image, with and without a sacrum in view."""
    for name, ct, spacing, truth in images(data, work):
        ct, spacing, rows = np.asarray(ct, np.float32), np.array(spacing), {True: [], False: []}
        hu, real = coarse(ct, spacing)
        whole = decode(heatmaps(net, hu, fitted(hu.shape)), real)
        truth = counted(truth, [(np.array(v.centre) + 0.5) * real for v in whole.vertebrae])
        for box, sacrum in boxes(ct.shape, spacing, truth):
            hu, real = coarse(ct[box], spacing)
            found = decode(heatmaps(net, hu, fitted(hu.shape)), real)
            start = np.array([b.start for b in box]) * spacing
            right, seen = True, 0
            for v in found.vertebrae:
                at = (np.array(v.centre) + 0.5) * real + start
                level = min(truth, key=lambda lv: np.linalg.norm(truth[lv] - at))
                if level != "S" and np.linalg.norm(truth[level] - at) < NEAR_MM:
                    seen += 1
                    right &= v.level == level or (v.level in CHEST and level in CHEST)
                else:
                    right &= v.level in CHEST
            doubtful = bool(found.doubts) or not found.vertebrae
            rows[sacrum].append((right, doubtful, found.probability, seen))
            if verbose and not (right and (sacrum or doubtful)):
                print(
                    name, box, [v.level for v in found.vertebrae], found.doubts, round(found.probability, 2), flush=True
                )
        for sacrum, kind in ((True, "a sacrum"), (False, "none")):
            if rows[sacrum]:
                right, doubtful, p, seen = (np.array(a) for a in zip(*rows[sacrum]))
                print(
                    f"| `{name}`, {kind} | {len(right)} | {right.sum()} | {doubtful.sum()} | {(~right & ~doubtful).sum()} "
                    f"| {p.min():.2f} to {p.max():.2f} | {seen.sum()} bodies",
                    flush=True,
                )
