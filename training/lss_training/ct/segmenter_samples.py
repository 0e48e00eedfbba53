"""Training samples of the per-vertebra network: painted volumes around one vertebra, kept in a pool on disk.

A stored sample is int16 HU, a uint8 mask (1 = this vertebra, 2 = other bone) and a uint8 share (255 = the voxel lies wholly in this vertebra; only phantoms
know more than 0 and 255) of STORED voxels at 1.5 mm. It is cropped, flipped, cut and shaded anew each time that it is drawn.
"""

from __future__ import annotations

import numpy as np

from lss_training.common.resampling import along, antialiased_matrix
from lss_training.ct import anatomy as A
from lss_training.ct import labelmaps, painter, phantom
from lss_training.ct.poses import Poses

SPACING = (1.5, 1.5, 1.5)
PATCH = (64, 80, 72)
SMALL = (56, 72, 72)  # most training views are a little smaller than the patch that is shipped: a fifth cheaper
STORED = (72, 88, 80)
LOWER, UPPER, MEAN, STD = -250.0, 1250.0, 100.0, 300.0
PRIOR_SIGMA_MM = 12.0
LEVEL_WEIGHTS = {
    "L5": 1.6,
    "L4": 1,
    "L3": 1,
    "L2": 1,
    "L1": 1,
    "L6": 0.3,
    "T12": 0.8,
    "T11": 0.35,
    "T10": 0.25,
    "T9": 0.2,
}


def pick(rng, levels):
    w = np.array([LEVEL_WEIGHTS.get(v, 0.0) for v in levels])
    return int(rng.choice(len(levels), p=w / w.sum()))


def pose(rng, strong=0.3):
    """Random rotation of the scanner's frame against the body."""
    s = 14 if rng.random() < strong else 4
    return A.rotation(*rng.normal(0, s, 3))


def mask_of(scene):
    return np.where(scene.own < 0, 1, np.where(scene.bone < 0, 2, 0)).astype(np.uint8)


def whole(mask):
    """Share of this vertebra in each voxel where only the mask is known."""
    return np.where(mask == 1, 255, 0).astype(np.uint8)


class Procedural:
    """Makes samples of procedural torsos, some of which stand as real spines do. These are read at the first one."""

    def __init__(self, data):
        self.data, self.poses = data, None

    def __call__(self, rng):
        if self.poses is None:
            self.poses = Poses(self.data, A.LEVELS)
        return procedural(rng, self.poses.draw(rng) if rng.random() < 0.5 else None)


def procedural(rng, pose_of_spine=None):
    torso = A.Torso(rng, pose=pose_of_spine)
    n = pick(rng, [v.level for v in torso.vertebrae])
    grid = A.Grid.centred(torso.vertebrae[n].middle + rng.normal(0, 3, 3), SPACING, STORED, pose(rng))
    scene = torso.render(grid, target=n)
    hu, mask = painter.paint(scene, rng, SPACING), mask_of(scene)
    return painter.acquire(hu, SPACING, rng), mask, whole(mask)


def simple_phantom(rng):
    """A simple phantom as an image of its own grid, brought to the network's grid by the library's rule: exact volumes need exact blur."""
    ph = phantom.Phantom(rng)
    n = pick(rng, [v.level for v in ph.vertebrae])
    plane = rng.uniform(0.7, 2.0)
    native = (
        float(rng.uniform(4, 5.5) if rng.random() < 0.35 else np.exp(rng.uniform(np.log(0.8), np.log(5.0)))),
        plane,
        plane,
    )
    cells = [max(1, int(np.ceil(s / 2 - 1e-9))) for s in native]  # long voxels average over their length
    extent = np.array(STORED) * SPACING
    shape = tuple(int(round(e / s)) for e, s in zip(extent, native))
    fine = tuple(s / c for s, c in zip(native, cells))
    size = tuple(m * c for m, c in zip(shape, cells))
    centre, turn = ph.vertebrae[n].middle + rng.normal(0, 3, 3), pose(rng, 0.5)
    scene = ph.render(A.Grid.centred(centre, fine, size, turn))
    hu = ph.paint(scene, rng, fine)
    hu = hu.reshape(shape[0], cells[0], shape[1], cells[1], shape[2], cells[2]).mean((1, 3, 5))
    hu = np.rint(hu + rng.standard_normal(shape) * ph.values["noiseHu"]).astype(np.float32)
    for axis in range(3):
        hu = along(antialiased_matrix(shape[axis], STORED[axis]), hu, axis)
    real = tuple(m * s / r for m, s, r in zip(shape, native, STORED))
    truth = ph.render(A.Grid.centred(centre, real, STORED, turn), target=n, soft=False)
    share = np.clip(0.5 - truth.own / np.prod(real) ** (1 / 3), 0, 1)
    return hu, mask_of(truth), np.rint(255 * share).astype(np.uint8)


class LabelMaps:
    """Makes painted samples from real label maps; photographs: samples from their own CTs instead. The maps are read at the first one."""

    def __init__(self, data, names, photographs=False, work=None):
        self.data, self.names, self.photographs, self.work, self.cases = data, names, photographs, work, None

    def __call__(self, rng):
        if self.cases is None:
            self.cases = labelmaps.cases(self.data, self.names, self.work)
        weight = np.array([c.weight for c in self.cases])
        case = self.cases[int(rng.choice(len(self.cases), p=weight / weight.sum()))]
        if self.photographs:
            hu, mask = case.photograph(rng, SPACING, STORED, pose(rng), pick)
            return hu, mask, whole(mask)
        scene = case.sample(rng, SPACING, STORED, pose(rng), pick)
        hu = labelmaps.mixed(rng, painter.paint(scene, rng, SPACING), scene)
        hu = painter.acquire(hu, SPACING, rng)
        mask = mask_of(scene)
        if scene.outside is not None:
            hu[scene.outside], mask[scene.outside] = -1024, 0
        return hu, mask, whole(mask)


class Stored:
    """Makes a sample as the pool keeps it: by name, rounded, and none of a vertebra that is hardly in view."""

    def __init__(self, make):
        self.make = make

    def __call__(self, rng):
        hu, mask, share = self.make(rng)
        if (mask == 1).sum() < 900:
            return None
        return {"hu": np.rint(hu).astype(np.int16), "mask": mask, "share": share}


def makers(data, work):
    """Maker of each kind of sample."""
    kinds = {
        "procedural": Procedural(data),
        "phantom": simple_phantom,
        "labels": LabelMaps(data, ("verse", "spider", "crop", "abdomen", "whole", "meshes")),
        "shell": LabelMaps(data, ("shell",)),
        "photo": LabelMaps(data, ("abdomen",), photographs=True),
        "trunk": LabelMaps(data, ("trunk",), photographs=True, work=work),
    }
    return {kind: Stored(make) for kind, make in kinds.items()}


def prior(size=PATCH):
    """Gaussian prior at the patch centre: says which vertebra is meant."""
    axes = [np.square((np.arange(n) - (n - 1) / 2) * s / PRIOR_SIGMA_MM) for n, s in zip(size, SPACING)]
    return np.exp(-0.5 * (axes[0][:, None, None] + axes[1][None, :, None] + axes[2][None, None, :])).astype(np.float32)


def normalise(hu):
    return (np.clip(hu, LOWER, UPPER) - MEAN) / STD


def cut_border(rng, hu, mask, share):
    """Let the image end within the patch: nothing but air beyond a plane, and no label there."""
    kind = rng.random()
    keep = [[0, n] for n in hu.shape]
    where = np.argwhere(mask == 1)
    low, high = where.min(0), where.max(0) + 1
    if kind < 0.2:  # one side cuts through the vertebra
        axis, side = int(rng.choice([0, 0, 1, 2])), int(rng.integers(2))
        at = int(low[axis] + rng.uniform(0.1, 0.85) * (high[axis] - low[axis]))
        keep[axis][side] = at
    if 0.14 < kind < 0.42:  # narrow field of view around the spine
        for axis in (1, 2):
            for side in (0, 1):
                edge = (low, high)[side][axis]
                keep[axis][side] = int(np.clip(edge + rng.integers(-8, 14) * (1 if side else -1), 0, hu.shape[axis]))
    if 0.36 < kind < 0.55:  # a slab of few slices
        thick = int(rng.integers(16, 50))
        start = int(rng.integers(low[0] - thick // 2, max(high[0] - thick // 2, low[0] - thick // 2 + 1)))
        keep[0] = [max(0, start), min(hu.shape[0], start + thick)]
    inside = np.zeros(hu.shape, bool)
    inside[tuple(slice(a, max(b, a + 1)) for a, b in keep)] = True
    if (mask[inside] == 1).sum() < 900:  # about 3 cm3: below that a vertebra does not count
        return hu, mask, share
    return np.where(inside, hu, -1024), np.where(inside, mask, 0), np.where(inside, share, 0)


def augment(rng, hu, mask, share, kind, size=PATCH):
    """Random view of a stored sample: normalised CT, mask and share of the given size. A phantom keeps its numbers: they say how far its cortex reaches."""
    hu = hu.astype(np.float32)
    if rng.random() < 0.5:
        hu, mask, share = hu[:, :, ::-1], mask[:, :, ::-1], share[:, :, ::-1]
    hu, mask, share = cut_border(rng, hu, mask, share)
    if kind != "phantom" and rng.random() < 0.5:
        hu = np.where(hu > -1000, hu * rng.uniform(0.85, 1.2) + rng.uniform(-20, 20), hu)
    if rng.random() < 0.3:
        hu = np.where(hu > -1020, hu + rng.standard_normal(hu.shape, dtype=np.float32) * rng.uniform(5, 50), hu)
    centre = np.argwhere(mask == 1).mean(0) + np.clip(rng.normal(0, 2.2, 3), -5.3, 5.3)
    start = np.rint(centre - (np.array(size) - 1) / 2).astype(int)
    pad = [(max(0, -s), max(0, s + p - n)) for s, p, n in zip(start, size, hu.shape)]
    if np.any(np.array(pad) > 0):
        hu, mask, share = np.pad(hu, pad, constant_values=-1024), np.pad(mask, pad), np.pad(share, pad)
        start = start + np.array([a for a, _ in pad])
    view = tuple(slice(s, s + p) for s, p in zip(start, size))
    return normalise(hu[view]), np.ascontiguousarray(mask[view]), share[view] / np.float32(255)
