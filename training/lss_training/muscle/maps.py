"""Label maps of axial slices on a grid of SPACING mm: rows from front to back, columns from the patient's right to the left, codes of codes.py.

Left and right are told by position. Maps of multifidus and erector spinae alone get psoas, quadratus lumborum and the gap between them from a map that has all
four, moved until its back muscles have the same extents.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from lss_training.common import images

SPACING = 1.0
PLANE_MM = 0.69  # of the maps of two muscles
HELD_OUT_VOLUME = "lumbar_b"


def to_spacing(a, mm, order=0):
    """A slice of `mm` (rows, columns) on the grid of SPACING mm."""
    shape = [max(1, round(n * m / SPACING)) for n, m in zip(a.shape, mm, strict=True)]
    grids = [(np.arange(s) + 0.5) * n / s - 0.5 for s, n in zip(shape, a.shape, strict=True)]
    return ndimage.map_coordinates(a, np.meshgrid(*grids, indexing="ij"), order=order, mode="nearest")


def sided(labels):
    """Muscles of a volume numbered as codes have them, by the side on which they lie; others are dropped."""
    groups = {1: (1, 2), 2: (3, 4), 3: (5, 6), 4: (7, 8)}
    if labels.max() > 100:
        groups = {1: (5101, 5102), 2: (5111, 5112), 3: (5121, 5122), 4: (5131, 5132)}
    found = np.zeros(labels.shape, np.uint8)
    for muscle, pair in groups.items():
        means = {v: np.argwhere(labels == v)[:, 2].mean() for v in pair if (labels == v).any()}
        for n, v in enumerate(sorted(means, key=means.get, reverse=True)):
            found[labels == v] = 2 * muscle - 1 + n
    return found


@cache
def volumes(data):
    """{name: list of slices} of the maps that have all four muscles."""
    folder = Path(data) / "mr-muscle"
    paths = {n: folder / f"musclemap_labels/{n}.nii.gz" for n in ("lumbar_a", "lumbar_b", "lumbar_d")}
    paths["template"] = folder / "label_template/labels.nii.gz"
    found = {}
    for name, path in paths.items():
        array, spacing = images.nifti(path)
        labels = sided(np.rint(np.asarray(array)).astype(int))
        step = 4 if name == "template" else 1
        found[name] = [to_spacing(one, spacing[1:]) for one in labels[::step] if np.isin(one, (1, 2, 3, 4)).sum() > 200]
    return found


@cache
def planes(data):
    """Maps of multifidus and erector spinae of about 410 people, as (person, codes)."""
    found = []
    values = np.array(
        [0, 4, 2, 1, 3], np.uint8
    )  # 1, 2 lie on the image's left, the patient's right; 1 and 4 are erector spinae
    for path in sorted((Path(data) / "mr-muscle/l4_l5_labels").glob("T*/*.png")):
        labels = np.asarray(Image.open(path))
        if np.bincount(labels.ravel(), minlength=5)[1:5].min() > 100:
            found.append((path.stem, to_spacing(values[labels], (PLANE_MM, PLANE_MM))))
    return found


def held_out(person):
    """Whether a person of `planes` is kept out of the measured weights: every tenth."""
    return int(person) % 10 == 3


def _box(mask):
    rows, columns = np.where(mask)
    return np.array([rows.min(), rows.max() + 1, columns.min(), columns.max() + 1], float)


def completed(rng, plane, donors):
    """A plane of two muscles with psoas and quadratus of a donor, which must have both back muscles."""
    for _ in range(20):
        donor = donors[rng.integers(len(donors))]
        if all((donor == v).sum() > 150 for v in (1, 2, 3, 4, 5, 6)):
            break
    else:
        return plane
    back = np.isin(plane, (1, 2, 3, 4))
    a, b = _box(back), _box(np.isin(donor, (1, 2, 3, 4)))
    rows, columns = np.indices(plane.shape)
    r = b[0] + (rows - a[0]) * (b[1] - b[0]) / (a[1] - a[0])
    c = b[2] + (columns - a[2]) * (b[3] - b[2]) / (a[3] - a[2])
    moved = ndimage.map_coordinates(donor, [r, c], order=0, mode="constant", cval=0)
    return np.where(back, plane, np.where(moved > 4, moved, 0)).astype(np.uint8)
