"""Cases for the coarse network: ideal 4 mm volumes with an instance map, kept in a pool (common/pool.py).

A case is an .npz with `hu` (int16), `instance` (uint8: n + 1 = levels[n], sacrum only its S1 part) and `levels` (list of str). Painting is the slow part,
so a case is painted once and then cropped, degraded and flipped anew every time that it is drawn (localizer_samples.py).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates, zoom

from lss_training.common.images import nifti
from lss_training.ct import anatomy as A
from lss_training.ct import labelmaps, painter
from lss_training.ct.phantom import Phantom

SPACING = (4.0, 4.0, 4.0)
TOTALSEG = {26: "S", **labelmaps.TOTALSEG, 33: "T11"}
TOTALSEG_TISSUE = {
    1: A.SPLEEN,
    2: A.KIDNEY,
    3: A.KIDNEY,
    4: A.BOWEL,
    5: A.LIVER,
    6: A.BOWEL,
    7: A.MUSCLE,
    8: A.MUSCLE,
    9: A.MUSCLE,
    52: A.ARTERY,
    63: A.VEIN,
    64: A.VEIN,
    65: A.ARTERY,
    66: A.ARTERY,
    67: A.VEIN,
    68: A.VEIN,
    79: A.CORD,
    18: A.BOWEL,
    19: A.BOWEL,
    20: A.BOWEL,
    21: A.BOWEL,
    22: A.BOWEL,
    51: A.HEART,
}


def procedural(rng, lumbar=None):
    u = rng.uniform
    t = A.Torso(rng, lumbar=lumbar)
    z = {v.level: v.centre[2] for v in t.vertebrae}
    kind = rng.choice(["lumbar", "whole", "chest", "thoracolumbar", "pelvis"], p=[0.38, 0.16, 0.19, 0.23, 0.04])
    top = z[str(rng.choice(["T1", "T3", "T5", "T6"]))] + u(-15, 15)
    if kind == "lumbar":
        low, high = z["S"] - u(0, 130), z["T12"] + u(-40, 90)
    elif kind == "whole":
        low, high = z["S"] - u(20, 130), top
    elif kind == "chest":
        low, high = (
            z[str(rng.choice(["T8", "T9", "T10", "T11", "T12", "L1", "L2"]))] + u(-15, 15),
            z[str(rng.choice(["T1", "T2", "T4"]))] + u(-15, 15),
        )
    elif kind == "pelvis":
        low, high = z["S"] - u(80, 150), z["S"] + u(-25, 12)
    else:
        low, high = z[str(rng.choice(["L2", "L3", "L4"]))] + u(-15, 15), z[str(rng.choice(["T9", "T8", "T7", "T6"]))]
    spine_y = np.interp(0.5 * (low + high), t.centres[:, 2], t.centres[:, 1])
    centre = np.array([u(-15, 15), spine_y - u(5, 45), 0.5 * (low + high)])
    wild = rng.random() < 0.12
    turn = A.rotation(*(rng.normal(0, 14 if wild else 4, 3) * [1, 1, 1.3]))
    scale = u(0.93, 1.07)
    shape = (int(np.clip((high - low) / 4, 16, 128)), int(rng.integers(52, 80)), int(rng.integers(60, 92)))
    grid = A.Grid.centred(centre, tuple(np.array(SPACING) * scale), shape, turn)
    scene = t.render(grid)
    return scene, [v.level for v in t.vertebrae], s1_part(scene.instance, grid, t.vertebrae[0])


def phantom(rng):
    """(hu, instance, levels) of a simple phantom of the family in phantom.py, whole or in part."""
    u = rng.uniform
    t = Phantom(rng)
    z = {v.level: v.centre[2] for v in t.vertebrae}
    low = (
        z["S"] - u(20, 110) if rng.random() < 0.7 else z[str(rng.choice(["L5", "L4", "L3", "L2", "T12"]))] + u(-15, 15)
    )
    high = z["T9"] - u(-12, 90)
    shape = (int(np.clip((high - low) / 4, 14, 112)), int(rng.integers(48, 80)), int(rng.integers(52, 92)))
    centre = np.array(
        [u(-12, 12), np.interp(0.5 * (low + high), t.centres[:, 2], t.centres[:, 1]) - u(-5, 35), 0.5 * (low + high)]
    )
    grid = A.Grid.centred(centre, tuple(np.array(SPACING) * u(0.95, 1.05)), shape, A.rotation(*rng.normal(0, 6, 3)))
    scene = t.render(grid)
    return (
        t.paint(scene, rng, grid.spacing),
        s1_part(scene.instance, grid, t.vertebrae[0]),
        [v.level for v in t.vertebrae],
    )


def s1_part(instance, grid, sacrum):
    """Instance map with the sacrum cut down to its S1 part (local z above the S1 body's lower edge)."""
    out = instance.copy()
    if (instance == 1).any():
        box = tuple(slice(a.min(), a.max() + 1) for a in np.nonzero(instance == 1))
        _, _, zz = grid.local(box, sacrum.centre, sacrum.frame)
        part = out[box]
        part[(part == 1) & (np.broadcast_to(zz, part.shape) < -sacrum.p["h"])] = 0
    return out


class RealMap:
    """A labelled volume in (k, j, i) = (S, P, L) order turned into the fields that the painter wants; also its CT when there is one."""

    def __init__(self, instance, levels, soft, bone, kind, spacing, ct=None):
        self.instance, self.levels, self.soft, self.bone, self.kind, self.spacing, self.ct = (
            instance,
            levels,
            soft,
            bone,
            kind,
            spacing,
            ct,
        )

    def warp(self, rng, painted=True):
        """A randomly bent, scaled, turned and mirrored copy on the 4 mm grid: scene or (scene, hu)."""
        u = rng.uniform
        spacing = np.asarray(self.spacing, float)
        extent = np.array(self.instance.shape) * spacing
        stretch = u(0.84, 1.18) * u(0.94, 1.06, 3)
        shape = np.maximum(16, np.minimum(np.rint(extent * stretch / 4), [128, 84, 96])).astype(int)
        turn = A.rotation(*rng.normal(0, 15 if rng.random() < 0.15 else 5, 3))[::-1, ::-1]
        centre = extent / 2 + rng.normal(0, 8, 3)
        axes = [(np.arange(n) - (n - 1) / 2) * 4.0 / stretch[c] for c, n in enumerate(shape)]
        g = np.stack(np.meshgrid(*axes, indexing="ij"))
        if rng.random() < 0.5:
            g[2] = -g[2]
        p = np.tensordot(turn, g, (1, 0)) + centre[:, None, None, None]
        amplitude = u(0, 7)
        for c in range(3):
            knots = rng.standard_normal([max(2, int(n * 4 / 60) + 2) for n in shape]) * amplitude
            p[c] += zoom(knots, np.array(shape) / knots.shape, order=1)[: shape[0], : shape[1], : shape[2]]
        p = p / spacing[:, None, None, None]

        def near(a):
            return map_coordinates(a, p, order=0, mode="constant", cval=0)

        out = A.Scene(
            None,
            near(self.instance),
            map_coordinates(self.bone, p, order=1, mode="constant", cval=A.CLIP),
            near(self.kind),
            None,
            near(self.soft),
        )
        if painted:
            return out
        s = 4.0 / (stretch.mean() * spacing)
        ct = gaussian_filter(self.ct, 0.35 * np.maximum(s, 1), truncate=2.5) if s.max() > 1 else self.ct
        return out, map_coordinates(ct, p, order=1, mode="constant", cval=-1024)


def signed(mask, spacing):
    return np.clip(
        distance_transform_edt(~mask, spacing) - distance_transform_edt(mask, spacing), -A.CLIP, A.CLIP
    ).astype(np.float32)


def abdomen(data):
    """abdomen_3mm: 117 classes; what has no class is told apart by its CT value (fat, muscle, gas)."""
    folder = Path(data) / "ct" / "abdomen_3mm"
    lab, spacing = nifti(folder / "totalseg_all.nii.gz")
    ct, _ = nifti(folder / "ct.nii.gz")
    ct = ct.astype(np.float32)
    smooth = gaussian_filter(ct, 0.7)
    soft = np.select([smooth < -300, smooth < -35, smooth < 130], [A.AIR, A.FAT, A.MUSCLE], A.MUSCLE).astype(np.uint8)
    gut = np.isin(lab, [6, 18, 19, 20, 21, 22])
    for k, tissue in TOTALSEG_TISSUE.items():
        soft[lab == k] = tissue
    soft[np.isin(lab, [10, 11, 12, 13, 14])] = A.LUNG
    soft[gut & (smooth < -300)] = A.GAS
    vertebra, rib, sacrum = (lab >= 26) & (lab <= 50), (lab >= 92) & (lab <= 116), np.isin(lab, [25, 26])
    ilium = np.isin(lab, [75, 76, 77, 78, 69, 70, 71, 72, 73, 74])
    kind = np.full(lab.shape, A.VERTEBRA, np.uint8)
    mask = vertebra | rib | sacrum | ilium
    for m, k in ((rib, A.RIB), (ilium, A.ILIUM), (sacrum, A.SACRUM)):
        kind[distance_transform_edt(~m, spacing) < 6] = k
    instance, levels = instances(lab, TOTALSEG)
    return RealMap(instance, levels, soft, signed(mask, spacing), kind, spacing, ct)


def instances(lab, names):
    instance = np.zeros(lab.shape, np.uint8)
    levels = []
    for k, name in names.items():
        if (lab == k).any():
            levels.append(name)
            instance[lab == k] = len(levels)
    return instance, levels


def bones_only(lab, spacing, names, pad):
    """A map with vertebrae alone: discs and canal are the gaps between them and the rest is invented. pad: mm in front and on each side."""
    lab = np.pad(lab, [(0, 0), (int(pad[0] / spacing[1]), int(30 / spacing[1]))] + [(int(pad[1] / spacing[2]),) * 2])
    step = np.array([2.0, 2.0, 2.0])
    lab = zoom(lab, np.array(spacing) / step, order=0)
    instance, levels = instances(lab, names)
    mask = instance > 0
    soft = np.full(lab.shape, A.MUSCLE, np.uint8)
    outside = distance_transform_edt(~mask, step)
    closed = distance_transform_edt(outside < 10, step) > 10
    soft[outside > 26] = A.FAT
    soft[outside > 34] = A.MUSCLE
    front = np.cumsum(mask, 1) == 0  # before the bodies: organs
    soft[front & (outside > 8)] = A.VISCERAL_FAT
    soft[front & (outside > 22)] = A.BOWEL
    soft[closed & ~mask] = A.DISC
    return RealMap(instance, levels, soft, signed(mask, step), np.full(lab.shape, A.VERTEBRA, np.uint8), tuple(step))


def verse(data):
    """verse004, T9 to L5 by hand."""
    lab, spacing = nifti(Path(data) / "ct" / "verse004_labels_only" / "vertebrae_verse_ids.nii.gz")
    return bones_only(np.rint(lab).astype(np.uint8), spacing, labelmaps.VERSE, (60, 25))


def spider(data, number):
    """A SPIDER label volume (T12 to L5, sagittal 4 mm slices); used for testing only."""
    lab, names = labelmaps.orient_spider(
        np.load(Path(data) / "mr-spine" / "spider_label_volumes" / f"BRATS_00{number}_seg.npy")[0].transpose(1, 2, 0)
    )
    lab = np.where(lab <= 6, lab, 0).astype(np.uint8)
    return bones_only(lab, (0.58, 0.58, 4.0), names, (0, 8))


def shuffle_soft(soft, rng):
    """Replaces the invented surroundings of a bones-only map by random patches of tissue."""
    out = soft.copy()
    field = painter.smooth_field(rng, soft.shape, int(rng.integers(4, 9)))
    for tissue in (A.BOWEL, A.FAT, A.VISCERAL_FAT, A.MUSCLE):
        m = (soft == tissue) & (field > rng.uniform(0.3, 1.5))
        out[m] = rng.choice([A.LIVER, A.BOWEL, A.GAS, A.VISCERAL_FAT, A.MUSCLE, A.ARTERY, A.KIDNEY, A.LUNG])
    return out


def nothing(rng):
    """Soft tissue without bones, boxes and balls, or noise: nothing may be found in it."""
    u = rng.uniform
    shape = (int(rng.integers(24, 96)), int(rng.integers(32, 72)), int(rng.integers(32, 80)))
    if rng.random() < 0.35:
        t = A.Torso(rng)
        scene = t.render(A.Grid.centred((0, u(-120, -40), u(-80, 200)), SPACING, shape))
        scene.bone[:] = A.CLIP
        return painter.paint(scene, rng, SPACING), np.zeros(shape, np.uint8)
    if rng.random() < 0.6:
        return limbs(rng, shape), np.zeros(shape, np.uint8)
    hu = np.full(shape, rng.choice([-1000, -100, 0, 40]), np.float32)
    g = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")).astype(np.float32)
    for _ in range(int(rng.integers(1, 25))):
        c = u(0, 1, 3) * shape
        q = (
            np.tensordot(A.rotation(*u(-90, 90, 3)), g - c[:, None, None, None], (1, 0))
            / u(2, 22, 3)[:, None, None, None]
        )
        inside = (np.square(q).sum(0) < 1) if rng.random() < 0.6 else (np.abs(q).max(0) < 1)
        hu[inside] = u(-150, 900) if rng.random() < 0.8 else -1000
    return gaussian_filter(hu, u(0.3, 1.2)), np.zeros(shape, np.uint8)


def limbs(rng, shape):
    """One or two thighs or arms: fat, muscle and a tubular bone along the body axis."""
    u = rng.uniform
    k, j, i = np.meshgrid(*[np.arange(n, dtype=np.float32) for n in shape], indexing="ij")
    hu = np.full(shape, -1000, np.float32)
    both = rng.random() < 0.6
    for x in (0.27, 0.73) if both else (0.5,):
        lean = u(-0.12, 0.12, 2)
        radius = (0.23 if both else 0.42) * shape[2] * u(0.8, 1.1)
        ci, cj = x * shape[2] + lean[0] * (k - shape[0] / 2), 0.5 * shape[1] + lean[1] * (k - shape[0] / 2)
        r = np.sqrt(np.square(i - ci) + np.square((j - cj) * u(0.85, 1.15)))
        hu[r < radius] = -100
        hu[r < radius * u(0.75, 0.95)] = 50
        r = np.sqrt(np.square(i - ci - u(-2, 2)) + np.square(j - cj - u(-3, 3)))
        bone, swell = u(3.0, 4.5), 1 + u(0.2, 1.2) * np.exp(-np.square((k - u(0, 1) * shape[0]) / 12))
        hu[r < bone * swell] = u(600, 1200)
        hu[r < (bone - u(1, 2)) * swell] = u(-60, 200)
    return gaussian_filter(hu, u(0.3, 0.8))


class Maker:
    """Makes cases of one kind; the label maps that it needs are read at the first one."""

    def __init__(self, data, kind):
        self.data, self.kind, self.maps = data, kind, None

    def __call__(self, rng):
        hu, instance, levels = self.make(rng)
        return {
            "hu": np.clip(np.rint(hu), -1100, 3071).astype(np.int16),
            "instance": instance,
            "levels": np.array(levels, dtype="U4"),
        }

    def make(self, rng):
        """(hu, instance, levels) of one case, not rounded."""
        if self.maps is None:
            self.maps = real_map(self.data, self.kind)
        return make(rng, self.maps, self.kind)


def real_map(data, kind):
    if kind in ("abdomen", "abdomen_ct"):
        return abdomen(data)
    if kind == "verse":
        return verse(data)
    return spider(data, int(kind[-1])) if kind.startswith("spider") else False


def make(rng, m, kind):
    """(hu, instance, levels) of one case; m: the kind's real map."""
    if kind == "nothing":
        hu, instance = nothing(rng)
        return hu, instance, []
    if kind == "phantom":
        return phantom(rng)
    if kind == "procedural":
        scene, levels, instance = procedural(rng)
        return painter.paint(scene, rng, SPACING), instance, levels
    if kind == "abdomen_ct":
        scene, hu = m.warp(rng, painted=False)
        return hu, scene.instance, m.levels
    scene = m.warp(rng)
    if kind in ("verse", "spider5", "spider7"):
        scene.soft = shuffle_soft(scene.soft, rng)
    return painter.paint(scene, rng, SPACING), scene.instance, m.levels
