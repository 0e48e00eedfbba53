"""Writes how nnU-Net resamples label maps for a cascade, for LabelResamplingTest of lss-core.

    pip install nnunetv2==2.8.1 batchgenerators==0.25.1        # and once more with 0.25.5
    python -m lss_training label-resampling lss-core/src/test/resources/label_resampling

The rule is batchgenerators' and changed with 0.25.4: before, a voxel took the largest label whose resampled
indicator reached one half; since then it takes the label with the largest one. Labels are small random
blocks; -1 is background outside the nonzero mask, which nnU-Net resamples as a class of its own. Arrays are
in C order, axes (k, j, i).
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from nnunetv2.preprocessing.resampling.default_resampling import resample_data_or_seg_to_shape

CASES = [
    # shape, new shape, spacing, new spacing, order, force_separate_z
    ((4, 5, 6), (8, 10, 12), (2, 2, 2), (1, 1, 1), 1, None),  # every voxel beside a border is a tie
    ((5, 6, 7), (7, 9, 8), (1, 1, 1), (0.7, 0.7, 0.9), 1, None),
    ((8, 9, 10), (5, 5, 6), (1, 1, 1), (1.7, 1.7, 1.7), 1, False),
    ((6, 6, 6), (18, 6, 9), (3, 1, 1.5), (1, 1, 1), 1, False),
    ((4, 6, 7), (7, 9, 12), (4, 1, 1), (2.3, 0.7, 0.6), 1, None),  # thick along k
    ((6, 4, 7), (9, 7, 14), (1, 4, 1), (0.7, 2.3, 0.5), 1, None),  # thick along j
    ((6, 7, 4), (9, 12, 7), (1, 1, 4), (0.7, 0.6, 2.3), 1, True),  # thick along i
    ((5, 6, 7), (9, 8, 11), (1, 1, 1), (0.6, 0.8, 0.6), 0, None),
    ((1, 8, 8), (1, 16, 5), (1, 1, 1), (1, 0.5, 1.6), 1, False),
]


def labels(rng: np.random.Generator, shape) -> np.ndarray:
    """Blocks of two voxels with labels from -1 to 4."""
    coarse = rng.integers(-1, 5, size=[(n + 1) // 2 for n in shape])
    return coarse.repeat(2, 0).repeat(2, 1).repeat(2, 2)[tuple(slice(n) for n in shape)]


def add_arguments(p):
    p.add_argument("folder", type=Path)


def run(a):
    rng = np.random.default_rng(7)
    cases = []
    for shape, new_shape, spacing, new_spacing, order, force in CASES:
        seg = labels(rng, shape)
        resampled = resample_data_or_seg_to_shape(
            seg[None].astype(np.int8),
            new_shape,
            spacing,
            new_spacing,
            is_seg=True,
            order=order,
            order_z=0,
            force_separate_z=force,
        )
        thick = force or (force is None and max(spacing) / min(spacing) > 3)
        cases.append(
            {
                "shape": shape,
                "newShape": new_shape,
                "order": order,
                "separateAxis": int(np.argmax(spacing)) if thick else None,
                "labels": seg.ravel().tolist(),
                "resampled": resampled[0].astype(int).ravel().tolist(),
            }
        )
    a.folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case) for case in cases)
    file = a.folder / f"batchgenerators-{version('batchgenerators')}.json"
    file.write_text(f'{{"nnunetv2": "{version("nnunetv2")}", "cases": [\n{lines}\n]}}\n')
