"""Scores of the coarse network with its decoder: centre error, missed and invented vertebrae, level names with and without an anchor in view."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch

from lss_training.common.images import dicom_slices, nifti
from lss_training.common.resampling import to_spacing
from lss_training.ct import labelmaps
from lss_training.ct import localizer_cases as cases
from lss_training.ct.decoding import CHEST, decode
from lss_training.ct.localizer import STAGE
from lss_training.ct.localizer_samples import LOWER, PADDING, UPPER, centres, degrade, field_of_view, normalise

PATCH = STAGE.patch


def starts(n, p):
    """nnU-Net's tile starts with step 0.5."""
    if n <= p:
        return [0]
    steps = int(np.ceil((n - p) / (p * 0.5))) + 1
    return [int(np.round((n - p) / (steps - 1) * s)) for s in range(steps)]


def window(patch):
    g = 1.0
    for a, p in enumerate(patch):
        shape = [1, 1, 1]
        shape[a] = p
        g = g * np.exp(-0.5 * np.square((np.arange(p) - (p - 1) / 2) / (p / 8))).reshape(shape)
    return np.maximum(g / g.max(), 1e-3).astype(np.float32)


def heatmaps(net, hu, patch=PATCH):
    """Probabilities (9, D, H, W) of a whole coarse volume in HU."""
    x = normalise(np.asarray(hu, np.float32))
    before = [max(0, p - n) // 2 for n, p in zip(x.shape, patch)]
    x = np.pad(x, [(b, max(0, p - n) - b) for b, n, p in zip(before, x.shape, patch)], constant_values=PADDING)
    tiles = [
        (k, j, i)
        for k in starts(x.shape[0], patch[0])
        for j in starts(x.shape[1], patch[1])
        for i in starts(x.shape[2], patch[2])
    ]
    g = window(patch)
    total, weight = 0, np.zeros(x.shape, np.float32)
    with torch.no_grad():
        for t in tiles:
            box = tuple(slice(s, s + p) for s, p in zip(t, patch))
            y = net(torch.from_numpy(np.ascontiguousarray(x[box]))[None, None])[0].numpy()
            if len(tiles) == 1:
                total, weight = y, np.ones(x.shape, np.float32)
                break
            if isinstance(total, int):
                total = np.zeros((y.shape[0],) + x.shape, np.float32)
            total[(slice(None),) + box] += y * g
            weight[box] += g
    logits = total / weight
    box = tuple(slice(b, b + n) for b, n in zip(before, hu.shape))
    return 1 / (1 + np.exp(-np.clip(logits[(slice(None),) + box], -30, 30)))


def coarse(ct, spacing):
    """HU volume by the library's rule on 4 mm, and its real spacing."""
    return to_spacing(np.clip(ct, LOWER, UPPER), spacing, cases.SPACING)


def coarse_labels(lab, spacing, shape):
    """Nearest-neighbour labels on the coarse grid (half-pixel)."""
    for axis, m in enumerate(shape):
        n = lab.shape[axis]
        lab = np.take(lab, np.clip(np.rint((np.arange(m) + 0.5) * n / m - 0.5).astype(int), 0, n - 1), axis)
    return lab


class Score:
    def __init__(self):
        self.errors, self.missed, self.spurious, self.truth = [], 0, 0, 0
        self.names = {True: [0, 0], False: [0, 0]}
        self.flagged = {True: [0, 0], False: [0, 0]}
        self.false_lumbar = self.cases = self.bad = 0
        self.doubts = {}

    def add(self, truth, found, spacing, anchored_truth):
        """truth: [(level, centre)]; found: Decoding."""
        self.cases += 1
        vertebrae = [(lv, c) for lv, c in truth if lv != "S"]
        self.truth += len(vertebrae)
        left = list(found.vertebrae)
        bad = False
        for level, c in vertebrae:
            d = [np.linalg.norm((np.array(v.centre) - c) * spacing) for v in left]
            if not d or min(d) > 16:
                self.missed += 1
                continue
            v = left.pop(int(np.argmin(d)))
            self.errors.append(min(d))
            ok = v.level == level or (v.level in CHEST and level in CHEST)
            if level[0] == "L" or level == "T12" or v.level[0] == "L":
                self.names[anchored_truth][0] += ok
                self.names[anchored_truth][1] += 1
            bad |= not ok
            self.false_lumbar += v.level[0] == "L" and level[0] != "L"
        self.spurious += len(left)
        self.false_lumbar += sum(v.level[0] == "L" for v in left)
        self.bad += bad
        self.flagged[anchored_truth][0] += found.anchored
        self.flagged[anchored_truth][1] += 1
        for d in found.doubts:
            self.doubts[d] = self.doubts.get(d, 0) + 1

    def line(self):
        e = np.array(self.errors) if self.errors else np.array([np.nan])
        names, flagged = (
            {anchored: "{}/{}".format(*p) for anchored, p in counts.items()} for counts in (self.names, self.flagged)
        )
        return (
            f"cases {self.cases} truth {self.truth} error mean {e.mean():.2f} p95 {np.percentile(e, 95):.2f} mm, "
            f"missed {self.missed}, spurious {self.spurious}, names ok with anchor {names[True]}, without {names[False]}; "
            f"flagged anchored {flagged[True]} / {flagged[False]}; "
            f"false lumbar {self.false_lumbar}, cases with a wrong name {self.bad}, doubts {self.doubts}"
        )


def anchor_in_view(truth):
    levels = {lv for lv, _ in truth}
    return "S" in levels or {"T11", "T12"} <= levels


def fitted(shape):
    """The smallest patch that holds an image in one tile: many synthetic cases are small, and air beyond them changes next to nothing."""
    return tuple(max(64, -(-n // 16) * 16) for n in shape)


def run(net, hu, instance, levels, spacing, score, verbose=None, patch=PATCH):
    maps = heatmaps(net, hu, patch)
    found = decode(maps, spacing)
    truth = [(lv, np.array(c)) for lv, c in centres(instance, levels)]
    score.add(truth, found, np.array(spacing), anchor_in_view(truth))
    if verbose:
        print(
            verbose,
            hu.shape,
            "truth",
            [lv for lv, _ in truth],
            "found",
            [(v.level, round(v.peak, 2)) for v in found.vertebrae],
            found.anchors,
            found.doubts,
            f"probability {found.probability:.2f}",
            flush=True,
        )
    return maps, found


def synthetic_set(count, seed, kind, data):
    """Held-out cases of a kind, seen through a random field of view and scanner."""
    rng, maker = np.random.default_rng(seed), cases.Maker(data, kind)
    for _ in range(count):
        hu, instance, levels = maker.make(rng)
        box = field_of_view(hu.shape, instance, levels, rng)
        yield degrade(hu[box], rng), instance[box], levels


def abdomen_views(data):
    """The real abdomen CT, whole and through smaller windows (mm from the L3 centre: up, down, half depth, half width)."""
    folder = Path(data) / "ct" / "abdomen_3mm"
    ct, sp = nifti(folder / "ct.nii.gz")
    lab, _ = nifti(folder / "totalseg_spine.nii.gz")
    c = np.argwhere(lab == 29).mean(0)
    views = {
        "whole": None,
        "narrow 100 mm": (400, 400, 50, 50),
        "narrow 80 mm": (400, 400, 42, 40),
        "upper, no sacrum": (200, 70, 300, 300),
        "lower, no T12": (60, 200, 300, 300),
        "L2-L4 100 mm": (50, 50, 50, 50),
        "L2-L4 whole width": (55, 55, 300, 300),
        "L1-L5 100 mm": (85, 85, 55, 50),
        "T11-L2": (200, -10, 300, 300),
        "L4-S": (-20, 300, 300, 300),
        "L3 alone": (22, 22, 50, 50),
        "upper 100 mm": (200, 60, 55, 50),
    }
    for name, v in views.items():
        box = [slice(None)] * 3
        if v:
            lim = [
                (c[0] - v[1] / sp[0], c[0] + v[0] / sp[0]),
                (c[1] - v[2] / sp[1], c[1] + v[2] / sp[1]),
                (c[2] - v[3] / sp[2], c[2] + v[3] / sp[2]),
            ]
            box = [slice(max(0, int(round(a))), min(n, int(round(b)))) for (a, b), n in zip(lim, ct.shape)]
        yield name, ct[tuple(box)], lab[tuple(box)], sp


def real_sets(net, data, verbose=True):
    s = Score()
    for name, ct, lab, sp in abdomen_views(data):
        hu, real = coarse(ct, sp)
        instance, levels = cases.instances(coarse_labels(lab, sp, hu.shape), cases.TOTALSEG)
        run(net, hu, instance, levels, real, s, verbose and f"abdomen_3mm {name}:")
    print("REAL abdomen_3mm views:", s.line(), flush=True)
    s = Score()
    ct, sp = nifti(Path(data) / "ct" / "l3_crop" / "ct.nii.gz")
    lab, _ = nifti(Path(data) / "ct" / "l3_crop" / "vertebrae_verse_ids.nii.gz")
    hu, real = coarse(ct, sp)
    instance, levels = cases.instances(coarse_labels(np.rint(lab).astype(np.uint8), sp, hu.shape), labelmaps.VERSE)
    run(net, hu, instance, levels, real, s, verbose and "l3_crop:")
    print("REAL l3_crop:", s.line(), flush=True)
    s = Score()
    lab, sp = nifti(Path(data) / "ct" / "abdomen_dicom" / "totalseg_labels.nii.gz")
    hu, real = coarse(dicom_slices(Path(data) / "ct" / "abdomen_dicom"), sp)
    instance, levels = cases.instances(coarse_labels(lab, sp, hu.shape), cases.TOTALSEG)
    run(net, hu, instance, levels, real, s, verbose and "abdomen_dicom:")
    print("REAL abdomen_dicom:", s.line(), flush=True)


def evaluate(net, data, count=30, real=True, verbose=False):
    """Prints the scores: `count` held-out synthetic cases of each kind, and the real images unless `real` is False."""
    start = time.time()
    if real:
        real_sets(net, data, verbose)
    for kind, n in (
        ("procedural", count),
        ("narrow", count // 2),
        ("phantom", count // 3),
        ("spider5", count // 6),
        ("spider7", count // 6),
        ("nothing", count // 2),
    ):
        s = Score()
        for k, (hu, instance, levels) in enumerate(synthetic_set(n, 900001, kind, data)):
            run(net, hu, instance, levels, cases.SPACING, s, verbose and f"{kind} {k}:", fitted(hu.shape))
        if n:
            print(f"held-out {kind}:", s.line(), flush=True)
    print(f"{time.time() - start:.0f} s")
