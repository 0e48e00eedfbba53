"""Cases for the coarse network: ideal 4 mm volumes with an instance map, kept in a pool (common/pool.py).

A case is an .npz with `hu` (int16), `instance` (uint8: n + 1 = levels[n], sacrum only its S1 part) and `levels` (list of str). Painting is the slow part,
so a case is painted once and then cropped, degraded and flipped anew every time that it is drawn (localizer_samples.py).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from scipy.ndimage import binary_closing, distance_transform_edt, gaussian_filter, label, map_coordinates, zoom

from lss_training.common.images import nifti
from lss_training.ct import anatomy as A
from lss_training.ct import labelmaps, painter, trunk
from lss_training.ct.phantom import Phantom
from lss_training.ct.poses import Poses

SPACING = (4.0, 4.0, 4.0)
SPINE = {26: "S", **labelmaps.WHOLE}
SACRUM_FROM = 26  # ids of the sacrum's parts in these maps
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
    return view(rng, A.Torso(rng, lumbar=lumbar))


def narrow(rng, pose):
    """A scan of a spine: 70 to 140 mm about it, from one of the lowest vertebrae or the sacrum upwards, whatever the spine's curve."""
    u = rng.uniform
    t = A.Torso(rng, pose=pose)
    z = {v.level: v.centre[2] for v in t.vertebrae}
    low = z["S"] - u(0, 90) if rng.random() < 0.75 else z[str(rng.choice(["L5", "L4", "L3", "L2"]))] + u(-20, 20)
    high = max(low + 90, z[str(rng.choice(["L2", "L1", "T12", "T11", "T10", "T9", "T7"]))] + u(-15, 25))
    seen = t.centres[(t.centres[:, 2] > low) & (t.centres[:, 2] < high)]
    centre = np.array(
        [0.5 * (seen[:, 0].min() + seen[:, 0].max()) + u(-8, 8), seen[:, 1].mean() + u(0, 28), 0.5 * (low + high)]
    )
    depth = 0.5 * np.ptp(seen[:, 1]) + u(45, 100)
    shape = (int((high - low) / 4), int(2 * depth / 4), int((np.ptp(seen[:, 0]) + u(70, 130)) / 4))
    grid = A.Grid.centred(centre, SPACING, shape, A.rotation(*rng.normal(0, 4, 3)))
    scene = t.render(grid)
    return scene, [v.level for v in t.vertebrae], s1_part(scene.instance, grid, t.vertebrae[0])


def view(rng, t):
    u = rng.uniform
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

    def __init__(self, instance, levels, soft, bone, kind, spacing, ct=None, shell=None):
        self.instance, self.levels, self.soft, self.bone, self.kind = instance, levels, soft, bone, kind
        self.spacing, self.ct, self.shell = spacing, ct, shell

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
        if rng.random() < 0.4:  # scoliosis: to the sides and back, the vertebrae turned with the curve
            wave = 2 * np.pi / (extent[0] * u(0.6, 1.6))
            phase, most = u(0, 2 * np.pi), np.tan(np.radians(u(4, 20))) / wave
            turned = most * wave * np.cos(wave * p[0] + phase)
            side = p[2] - centre[2]
            p[2] += most * np.sin(wave * p[0] + phase)
            p[0] -= turned * side
        p = p / spacing[:, None, None, None]
        out = self.scene(p)
        if painted:
            return out
        s = 4.0 / (stretch.mean() * spacing)
        ct = gaussian_filter(self.ct, 0.35 * np.maximum(s, 1), truncate=2.5) if s.max() > 1 else self.ct
        return out, map_coordinates(ct, p, order=1, mode="constant", cval=-1024)

    def scene(self, p):
        """What lies at points, given as indices (k, j, i) of this map."""

        def near(a):
            return map_coordinates(a, p, order=0, mode="constant", cval=0)

        bone = map_coordinates(self.bone, p, order=1, mode="constant", cval=A.CLIP)
        out = A.Scene(None, near(self.instance), bone, near(self.kind), None, near(self.soft))
        if self.shell is not None:
            out.dense = labelmaps.dense(self.shell, p)
        return out


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


def bones_only(lab, spacing, names, pad, shell=None, step=2.0):
    """A map with vertebrae alone: discs and canal are the gaps between them and the rest is invented. pad: mm in front and on each side; shell: as
    of a LabelCase."""
    pad = [(0, 0), (int(pad[0] / spacing[1]), int(30 / spacing[1]))] + [(int(pad[1] / spacing[2]),) * 2]
    step = np.array([step, step, step])
    lab = zoom(np.pad(lab, pad), np.array(spacing) / step, order=0)
    instance, levels = instances(lab, names)
    mask = lab > 0
    bone = mask
    if shell is not None:
        shell = zoom(np.pad(shell, pad), np.array(spacing) / step, order=1)
        bone = mask | large(binary_closing(shell > 0, iterations=2), 8000 / np.prod(step))
    kind = np.full(lab.shape, A.VERTEBRA, np.uint8)
    kind[bone & ~mask] = A.RIB
    kind[lab >= SACRUM_FROM] = A.SACRUM
    soft = np.full(lab.shape, A.MUSCLE, np.uint8)
    outside = distance_transform_edt(~mask, step)
    closed = distance_transform_edt(outside < 10, step) > 10
    soft[outside > 26] = A.FAT
    soft[outside > 34] = A.MUSCLE
    front = np.cumsum(mask, 1) == 0  # before the bodies: organs
    soft[front & (outside > 8)] = A.VISCERAL_FAT
    soft[front & (outside > 22)] = A.BOWEL
    soft[closed & ~mask] = A.DISC
    return RealMap(instance, levels, soft, signed(bone, step), kind, tuple(step), shell=shell)


def large(mask, voxels):
    """The mask without its small pieces."""
    pieces, _ = label(mask)
    keep = np.bincount(pieces.ravel()) >= voxels
    keep[0] = False
    return keep[pieces]


def framed(lab, *others, margin=20):
    """A label map cut in plane to what is labelled, and others of its grid with it."""
    where = np.argwhere(lab > 0)
    low, high = np.maximum(where.min(0) - margin, 0), where.max(0) + margin
    box = (slice(None), slice(low[1], high[1]), slice(low[2], high[2]))
    return tuple(a[box] for a in (lab, *others))


def whole_spine(data):
    """totalseg_s0327, T1 to the sacrum."""
    lab, spacing = nifti(Path(data) / "ct/totalseg_s0327/labels.nii.gz")
    (lab,) = framed(np.rint(lab).astype(np.uint8))
    return bones_only(lab, spacing, SPINE, (60, 25))


def shell_spine(data, step=2.0):
    """totalseg_s0328, T9 to the sacrum, with the dense bone of its CT."""
    lab, spacing = nifti(Path(data) / "ct/totalseg_s0328/labels.nii.gz")
    shell, _ = nifti(Path(data) / "ct/totalseg_s0328/ct_bone_only.nii.gz")
    lab, shell = framed(np.rint(lab).astype(np.uint8), shell.astype(np.float32))
    return bones_only(lab, spacing, SPINE, (60, 25), shell, step)


def mesh_spine(data, number):
    """A spine of the meshes."""
    _, lab, names = list(labelmaps.spine_meshes(data))[number]
    return bones_only(lab, (1.0, 1.0, 1.0), names, (60, 25))


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

    def __init__(self, data, kind, work=None):
        self.data, self.kind, self.work, self.maps = data, kind, work, None

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
            self.maps = real_map(self.data, self.kind, self.work)
        return make(rng, self.maps, self.kind)


BONES = {
    "verse": verse,
    "whole": whole_spine,
    "shell": shell_spine,
    "mesh0": partial(mesh_spine, number=0),
    "mesh1": partial(mesh_spine, number=1),
}


def real_trunk(data, work):
    """acrin_flt_001 with its labels: only its CT is used."""
    lab, spacing, ct = trunk.read(data, work)
    lab, ct = framed(lab, ct, margin=60)
    instance, levels = instances(lab, SPINE)
    none = np.zeros(lab.shape, np.uint8)
    return RealMap(instance, levels, none, none, none, spacing, ct)


def real_map(data, kind, work=None):
    if kind in ("abdomen", "abdomen_ct"):
        return abdomen(data)
    if kind in BONES:
        return BONES[kind](data)
    if kind == "trunk":
        return real_trunk(data, work)
    if kind == "narrow":
        return Poses(data, A.LEVELS)
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
    if kind == "narrow":
        scene, levels, instance = narrow(rng, m.draw(rng))
        return painter.paint(scene, rng, SPACING), instance, levels
    if kind in ("abdomen_ct", "trunk"):
        scene, hu = m.warp(rng, painted=False)
        return hu, scene.instance, m.levels
    scene = m.warp(rng)
    if kind in BONES or kind.startswith("spider"):
        scene.soft = shuffle_soft(scene.soft, rng)
    return labelmaps.mixed(rng, painter.paint(scene, rng, SPACING), scene), scene.instance, m.levels
