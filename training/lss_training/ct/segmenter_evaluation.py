"""Held-out figures of the per-vertebra network: decoded at native resolution as the library decodes it, from label centroids with a small error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import map_coordinates

from lss_training.common.images import dicom_slices, nifti
from lss_training.common.resampling import to_spacing
from lss_training.ct import anatomy as A
from lss_training.ct import labelmaps, painter, phantom
from lss_training.ct import segmenter_samples as S


def patch_logits(net, v, centre):
    start = np.rint(np.asarray(centre) - (np.array(S.PATCH) - 1) / 2).astype(int)
    pad = [(max(0, -s), max(0, s + p - n)) for s, p, n in zip(start, S.PATCH, v.shape)]
    w = np.pad(v, pad, constant_values=S.normalise(np.float32(S.LOWER)))
    view = tuple(slice(s + a, s + a + p) for s, p, (a, _) in zip(start, S.PATCH, pad))
    x = torch.from_numpy(np.stack([w[view], S.prior()])[None].astype(np.float32)).to(
        memory_format=torch.channels_last_3d
    )
    with torch.no_grad():
        return net(x)[0, 0].numpy(), start


def native(logits, start, real, shape, spacing):
    """Linear logits on the native grid; far below zero outside the patch."""
    axes = [(np.arange(n) + 0.5) * s / r - 0.5 - o for n, s, r, o in zip(shape, spacing, real, start)]
    keep = [np.flatnonzero((a > -0.5) & (a < p - 0.5)) for a, p in zip(axes, S.PATCH)]
    box = tuple(slice(k[0], k[-1] + 1) for k in keep)
    grid = np.meshgrid(*[np.clip(a[k], 0, p - 1) for a, k, p in zip(axes, keep, S.PATCH)], indexing="ij")
    return box, map_coordinates(logits, grid, order=1, mode="nearest")


def decode(net, hu, spacing, centres):
    """centres: {value: voxel kji}; returns the label map."""
    v, real = to_spacing(S.normalise(hu.astype(np.float32)), spacing, S.SPACING)
    real = np.array(real)
    best = np.zeros(hu.shape, np.float32)
    out = np.zeros(hu.shape, np.int32)
    for value, c in centres.items():
        at = (np.asarray(c) + 0.5) * np.array(spacing) / real - 0.5
        logits, start = patch_logits(net, v, at)
        inside = np.argwhere(logits > 0)
        if len(inside) > 100:
            seen = inside.mean(0) + start
            if np.linalg.norm((seen - at) * real) > 4:
                logits, start = patch_logits(net, v, seen)
        box, fine = native(logits, start, real, hu.shape, spacing)
        wins = fine > best[box]
        best[box][wins] = fine[wins]
        out[box][wins] = value
    return out


def dice(a, b):
    return 2 * np.sum(a & b) / max(1, a.sum() + b.sum())


def real_cases(data):
    data = Path(data)
    lab, sp = nifti(data / "ct/abdomen_3mm/totalseg_spine.nii.gz")
    ct, _ = nifti(data / "ct/abdomen_3mm/ct.nii.gz")
    yield "abdomen_3mm", ct, lab.astype(int), sp, labelmaps.TOTALSEG
    lab, sp = nifti(data / "ct/l3_crop/vertebrae_verse_ids.nii.gz")
    ct, _ = nifti(data / "ct/l3_crop/ct.nii.gz")
    yield "l3_crop", ct, lab.astype(int), sp, labelmaps.VERSE
    lab, sp = nifti(data / "ct/abdomen_dicom/totalseg_labels.nii.gz")
    ct = dicom_slices(data / "ct/abdomen_dicom")
    yield "abdomen_dicom", ct, lab.astype(int), sp, {**labelmaps.TOTALSEG, 33: "T11"}


def painted_cases(count, seed=900000, only=None):
    for n in range(count):
        if only is not None and n % 2 != only:
            continue
        rng = np.random.default_rng(seed + n)
        make = phantom.Phantom if n % 2 else A.Torso
        body = make(rng)
        spacing = (float(rng.uniform(1, 5)), *([float(rng.uniform(0.8, 1.6))] * 2))
        t = body.index(
            str(rng.choice(["L1", "L2", "L3", "L4", "L5"]))
            if n % 2 or any(v.level == "L5" for v in body.vertebrae)
            else "L3"
        )
        extent = (110, 130, 120)
        shape = tuple(int(e / s) for e, s in zip(extent, spacing))
        grid = A.Grid.centred(body.vertebrae[t].middle, spacing, shape, S.pose(rng, 0.5))
        sub = max(1, int(round(spacing[0] / 1.2)))  # slices are means over their thickness
        fine = A.Grid(
            grid.origin - grid.matrix()[:, 2] * (0.5 - 0.5 / sub),
            (spacing[0] / sub, *spacing[1:]),
            (shape[0] * sub, *shape[1:]),
            grid.rotation,
        )
        scene = body.render(fine, target=t)
        hu = (body.paint if n % 2 else lambda *a: painter.paint(*a))(scene, rng, fine.spacing)
        hu = hu.reshape(shape[0], sub, *shape[1:]).mean(1)
        hu = hu + rng.normal(0, rng.uniform(3, 40), hu.shape)
        truth = body.render(grid, target=t, soft=False)
        share = np.mean((scene.own < 0).reshape(shape[0], sub, *shape[1:]), 1).sum()
        yield ("phantom" if n % 2 else "procedural"), hu, truth.own < 0, spacing, share


def evaluate(net, data, painted=8, error_mm=3.0):
    """Prints Dice and volume ratio of every case and the mean of each kind."""
    rng = np.random.default_rng(5)
    result = {}
    for name, hu, lab, sp, levels in real_cases(data):
        centres = {
            v: np.argwhere(lab == v).mean(0) + rng.normal(0, error_mm / np.sqrt(3), 3) / sp
            for v in levels
            if (lab == v).sum() * np.prod(sp) > 3000
        }
        out = decode(net, hu, sp, centres)
        for v in centres:
            result[f"{name}/{levels[v]}"] = (dice(out == v, lab == v), (out == v).sum() / (lab == v).sum())
    for n, (name, hu, truth, sp, volume) in enumerate(painted_cases(painted)):
        out = decode(net, hu, sp, {1: np.argwhere(truth).mean(0) + rng.normal(0, error_mm / np.sqrt(3), 3) / sp})
        result[f"{name}/{n}"] = (dice(out == 1, truth), (out == 1).sum() / volume)
    groups = {}
    for k, r in result.items():
        groups.setdefault(k.split("/")[0], []).append(r)
    print("  ".join(f"{k} {d:.3f} (vol {r:.2f})" for k, (d, r) in result.items()))
    print(
        " | ".join(
            f"{g}: dice {np.mean([d for d, _ in r]):.3f} volume ratio {np.mean([v for _, v in r]):.3f}"
            for g, r in groups.items()
        ),
        flush=True,
    )
