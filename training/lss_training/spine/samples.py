"""Training samples: a window of a slice on the network's grid, turned, stretched and bent, often in another contrast, with what scanners add; z-score.

Every tenth sample is an image without a spine from the side: axial, coronal, other parts of the body, noise.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from lss_training.common import images
from lss_training.spine import codes, painter
from lss_training.spine import slices as S

SIZES = ((320, 256), (320, 256), (384, 320), (256, 256))
SHARES = {"t2space": 0.68, "spider": 0.13, "mit": 0.09, "none": 0.10}


class Maker:
    """Makes samples of all slices but those held out."""

    def __init__(self, data):
        found = S.training(str(data))
        self.by_source = {name: [s for s in found if s.source == name] for name in SHARES if name != "none"}
        self.neighbours = _neighbours(found)
        self.none = without_spine(data)

    def sample(self, rng, size):
        """(image 1 x H x W in z-score, codes H x W)."""
        source = rng.choice(list(SHARES), p=list(SHARES.values()))
        if source == "none":
            image = self.none[rng.integers(len(self.none))]
            target = np.zeros(image.shape, np.uint8)
        else:
            one = self.by_source[source][rng.integers(len(self.by_source[source]))]
            image, target = self._thickened(rng, one), one.target
        image, target = warped(rng, image, target, size)
        outside = image == 0
        image = np.clip(image / max(np.percentile(image, 99.5), 1e-6), 0, 2)
        if source != "none" and rng.random() < 0.55:
            image = painter.repainted(rng, image, target)
            if rng.random() < 0.9:
                image[outside] = 0
        image = painter.degraded(rng, image)
        z = (image - image.mean()) / max(image.std(), 1e-6)
        z = z * np.exp(rng.normal(0, 0.15)) + rng.normal(0, 0.2)
        return z[None].astype(np.float32), target

    def _thickened(self, rng, one):
        """The mean with the slices beside it, 1.8 mm away: as a slice of 4 to 5 mm shows it."""
        beside = self.neighbours.get((one.person, one.name), ())
        if not beside or rng.random() < 0.6:
            return one.image
        weight = rng.uniform(0.3, 1.0)
        return (one.image + weight * sum(beside)) / (1 + weight * len(beside))


def _neighbours(found):
    beside = {}
    for before, after in zip(found, found[1:], strict=False):
        same = before.source == after.source == "t2space" and before.person == after.person
        if same and before.image.shape == after.image.shape:
            beside.setdefault((before.person, before.name), []).append(after.image)
            beside.setdefault((after.person, after.name), []).append(before.image)
    return beside


def without_spine(data):
    """Images that show no spine from the side: axial and coronal planes of CT and MR, a thigh, arms of a chest, noise."""
    found = []
    folder = f"{data}/mr-muscle"
    for path, mm in ((f"{folder}/dixon_axial_01/water.nii.gz", 1.02), (f"{folder}/dixon_axial_01/fat.nii.gz", 1.02)):
        volume, _ = images.nifti(path)
        found += [S.resized(volume[k].astype(np.float32), mm / S.SPACING, 1) for k in range(1, 29, 4)]
    volume, spacing = images.nifti(f"{folder}/body_mr_3mm/mr.nii.gz")
    found += [S.resized(volume[k].astype(np.float32), spacing[1] / S.SPACING, 1) for k in range(2, 19, 4)]
    volume, spacing = images.nifti(f"{folder}/thigh_dixon_ge/water.nii.gz")
    found += [S.resized(np.abs(s).astype(np.float32), spacing[1] / S.SPACING, 1) for s in volume if s.any()]
    for name in ("abdomen_3mm", "thorax_cmb_crc"):
        volume, spacing = images.nifti(f"{data}/ct/{name}/ct.nii.gz")
        soft = np.clip((volume.astype(np.float32) + 160) / 400, 0, 1)
        found += [S.resized(soft[k], spacing[1] / S.SPACING, 1) for k in range(4, len(soft), 12)]
        found += [S.resized(soft[::-1, j], spacing[0] / S.SPACING, 1) for j in range(10, soft.shape[1] // 2, 9)]
    rng = np.random.default_rng(3)
    found += [
        np.abs(ndimage.gaussian_filter(rng.standard_normal((360, 320)), s)).astype(np.float32) for s in (0, 1, 5, 20)
    ]
    return [one for one in found if one.std() > 0]


def warped(rng, image, target, size):
    """A window of `size` pixels somewhere on the slice; outside of the image it is 0 and background where nothing is known."""
    h, w = size
    v, u = np.meshgrid(np.arange(h, dtype=np.float32) - h / 2, np.arange(w, dtype=np.float32) - w / 2, indexing="ij")
    if rng.random() < 0.7:
        cells = int(rng.integers(3, 7))
        strength = rng.uniform(0, 7)
        v = v + strength * painter._field(rng, size, cells)
        u = u + strength * painter._field(rng, size, cells)
    angle = np.deg2rad(rng.normal(0, 9))
    scale = np.exp(rng.normal(0, 0.13))
    stretch = np.exp(rng.normal(0, 0.05))
    rows = (v * np.cos(angle) - u * np.sin(angle)) * scale * stretch
    columns = (v * np.sin(angle) + u * np.cos(angle)) * scale / stretch
    labelled = np.argwhere((target > 0) & (target < codes.BACKGROUND_OR_SACRUM))
    if len(labelled) and rng.random() < 0.85:
        centre = labelled[rng.integers(len(labelled))] + rng.normal(0, 25, 2)
    else:
        centre = rng.uniform(0.25, 0.75, 2) * image.shape
    if rng.random() < 0.85:  # most windows lie on the image, as most tiles do
        free = np.array(size) / 2 * scale * 0.85
        low, high = np.minimum(free, image.shape - free), np.maximum(free, image.shape - free)
        middle = np.array(image.shape) / 2
        centre = np.where(free < middle, np.clip(centre, low, high), middle + rng.normal(0, 12, 2))
    rows, columns = rows + centre[0], columns + centre[1]
    flat = ndimage.map_coordinates(image, [rows, columns], order=1, mode="constant", cval=0)
    r, c = np.rint(rows).astype(int), np.rint(columns).astype(int)
    inside = (r >= 0) & (r < image.shape[0]) & (c >= 0) & (c < image.shape[1])
    found = np.zeros(size, np.uint8)
    found[inside] = target[r[inside], c[inside]]
    return flat, found
