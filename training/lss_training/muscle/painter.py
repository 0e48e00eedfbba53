"""A made-up axial MR slice around muscles: what lies beside them, a share of water and fat for every pixel, and the signal that a sequence makes of both.

Tissues are a share of fat, and weights of the water signal in T1 and T2; so in phase, opposed phase, water and fat images of one slice agree.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

# share of fat, water signal with T1 weighting, with T2 weighting
TISSUES = {
    "air": (0.0, 0.0, 0.0),
    "skin": (0.1, 0.3, 0.15),
    "fat": (0.95, 0.5, 0.3),
    "muscle": (0.04, 0.42, 0.22),
    "marrow": (0.5, 0.4, 0.3),
    "cortex": (0.05, 0.05, 0.05),
    "disc": (0.02, 0.38, 0.4),
    "fluid": (0.0, 0.2, 1.0),
    "nerve": (0.02, 0.4, 0.35),
    "bowel": (0.1, 0.45, 0.55),
    "organ": (0.05, 0.5, 0.4),
    "vessel": (0.0, 0.2, 0.15),
    "fascia": (0.1, 0.1, 0.08),
}
NAMES = tuple(TISSUES)


def smooth_noise(rng, shape, cells):
    """Noise whose grains are 1/cells of the image, about -2 to 2."""
    coarse = rng.standard_normal((max(2, cells), max(2, cells)))
    return ndimage.zoom(
        coarse, [n / c for n, c in zip(shape, coarse.shape, strict=True)], order=3, grid_mode=True, mode="nearest"
    )


def _ellipse(shape, centre, radii, angle=0.0):
    v, u = np.indices(shape, dtype=np.float32)
    y, x = v - centre[0], u - centre[1]
    c, s = np.cos(angle), np.sin(angle)
    return ((x * c + y * s) / radii[1]) ** 2 + ((y * c - x * s) / radii[0]) ** 2


def anatomy(rng, muscles, quadratus=True):
    """(tissue numbers, codes): a body around the muscles of a map; the map may gain muscles where it has none of a kind."""
    shape = muscles.shape
    target = muscles.copy()
    tissue = np.full(shape, NAMES.index("air"), np.uint8)
    back = np.isin(muscles, (1, 2, 3, 4))
    rows, columns = np.where(back)
    mf = np.isin(muscles, (1, 2))
    near = np.where(mf if mf.sum() > 60 else back)
    middle = np.median(near[1])
    front = np.percentile(near[0], 3)
    rear = rows.max()
    half_width = max(columns.max() - middle, middle - columns.min())

    # outline, skin and fat beneath it
    fat_behind = rng.uniform(3, 45) if rng.random() < 0.8 else rng.uniform(45, 80)
    lateral = max(half_width + rng.uniform(25, 70), rng.uniform(125, 190))
    depth = rng.uniform(150, 250)
    wall_rear = rear + rng.uniform(2, 8)
    centre = (wall_rear - depth / 2, middle + rng.normal(0, 4))
    power = rng.uniform(2.2, 3.4)
    v, u = np.indices(shape, dtype=np.float32)

    def body(grow_side, grow_back, grow_front):
        y = v - centre[0]
        ry = np.where(y > 0, depth / 2 + grow_back, depth / 2 + grow_front)
        return (np.abs(y) / ry) ** power + (np.abs(u - centre[1]) / (lateral + grow_side)) ** power < 1

    groove = rng.uniform(0, 10) * np.exp(-(((u - middle) / 12) ** 2))
    outer = body(rng.uniform(3, 50), fat_behind, rng.uniform(5, 60)) & (v < rear + fat_behind + 4 - groove)
    wall, inside = body(0, 3, 0), body(-rng.uniform(8, 22), 0, -rng.uniform(6, 16))
    tissue[outer] = NAMES.index("fat")
    tissue[outer & ~ndimage.binary_erosion(outer, iterations=2)] = NAMES.index("skin")
    wall &= outer
    tissue[wall & ~inside & (np.abs(u - middle) > half_width * 0.9)] = NAMES.index("muscle")
    _abdomen(rng, tissue, inside & outer & (v < front - 12), middle, front)
    body_centre = _psoas(rng, target, middle, front, half_width, quadratus)
    _spine(rng, tissue, muscles, middle, front, rear, body_centre)
    if rng.random() < 0.25 and half_width > 40:
        _pelvis(rng, tissue, target, middle, front, half_width)
    tissue[target > 0] = NAMES.index("muscle")
    edge = ndimage.grey_dilation(target, 3) != ndimage.grey_erosion(target, 3)
    seams = edge & (ndimage.grey_dilation(target, 3) > 0)
    if rng.random() < 0.7:
        between = seams & (rng.random(shape) < rng.uniform(0.2, 1.0))
        tissue[between & (target == 0)] = NAMES.index(rng.choice(("fascia", "fat")))
    return tissue, target


def _abdomen(rng, tissue, cavity, middle, front):
    shape = tissue.shape
    blobs = smooth_noise(rng, shape, int(rng.integers(5, 14))) + 0.5 * smooth_noise(rng, shape, 30)
    level = rng.uniform(-0.3, 0.8)
    tissue[cavity & (blobs > level)] = NAMES.index("bowel")
    tissue[cavity & (blobs > level + 0.9)] = NAMES.index(rng.choice(("air", "fluid", "organ", "bowel")))
    if rng.random() < 0.5:  # kidneys
        for side in (-1, 1):
            place = (front - rng.uniform(20, 45), middle + side * rng.uniform(55, 85))
            kidney = _ellipse(shape, place, (rng.uniform(22, 32), rng.uniform(20, 30)), rng.uniform(-0.6, 0.6))
            tissue[cavity & (kidney < 1)] = NAMES.index("organ")
            tissue[cavity & (kidney < 0.2)] = NAMES.index("fluid")
    if rng.random() < 0.35:  # liver
        liver = _ellipse(shape, (front - rng.uniform(70, 110), middle - 85), (rng.uniform(50, 80), rng.uniform(50, 80)))
        tissue[cavity & (liver < 1)] = NAMES.index("organ")


def _psoas(rng, target, middle, front, half_width, quadratus):
    """Psoas and quadratus where the map has none; returns where the middle of the vertebral body lies."""
    psoas = np.isin(target, (5, 6))
    if psoas.sum() > 100:
        row = np.where(psoas)[0].mean() + rng.normal(0, 3)
        return min(row, front - 20), middle
    row = front - rng.uniform(28, 42)
    size = rng.uniform(0.3, 1.0)
    apart = rng.uniform(26, 34) + 14 * size
    for code, side in ((5, 1), (6, -1)):
        radii = (rng.uniform(15, 26) * size + 3, rng.uniform(11, 20) * size + 2)
        one = _ellipse(
            target.shape, (row + rng.normal(0, 2), middle + side * apart), radii, side * rng.uniform(-0.4, 0.4)
        )
        target[(one < 1) & (target == 0)] = code
    if quadratus and rng.random() < 0.8:
        for code, side in ((7, 1), (8, -1)):
            place = (front - rng.uniform(4, 14), middle + side * (apart + rng.uniform(16, 30)))
            one = _ellipse(
                target.shape, place, (rng.uniform(4, 10), rng.uniform(12, 22)), side * rng.uniform(-0.3, 0.7)
            )
            target[(one < 1) & (target == 0)] = code
    return row, middle


def _spine(rng, tissue, muscles, middle, front, rear, place):
    shape = tissue.shape
    free = muscles == 0
    row = place[0]
    deep = rng.uniform(14, 19)
    wide = rng.uniform(19, 27)
    body = _ellipse(shape, (row, middle), (deep, wide))
    filling = NAMES.index("marrow" if rng.random() < 0.6 else "disc")
    tissue[free & (body < 1)] = NAMES.index("cortex")
    tissue[free & (body < 0.86)] = filling
    if filling == NAMES.index("disc") and rng.random() < 0.7:
        tissue[free & (body < 0.4)] = NAMES.index("fluid" if rng.random() < 0.4 else "disc")
    # arch: laminae from the canal to the spinous process, facets beside it
    v, u = np.indices(shape, dtype=np.float32)
    canal_row = row + deep + rng.uniform(6, 10)
    tip = min(rear - rng.uniform(0, 8), canal_row + rng.uniform(25, 50))
    lamina = np.abs((v - canal_row - 4) - 0.9 * (18 - np.abs(u - middle))) < rng.uniform(3, 5)
    arch = (lamina & (np.abs(u - middle) < 20)) | (
        (np.abs(u - middle) < rng.uniform(2, 4.5)) & (v > canal_row + 6) & (v < tip)
    )
    if rng.random() < 0.8:
        for side in (-1, 1):
            arch |= (
                _ellipse(
                    shape, (canal_row, middle + side * rng.uniform(17, 22)), (rng.uniform(6, 10), rng.uniform(5, 8))
                )
                < 1
            )
    if rng.random() < 0.4:
        arch |= (np.abs(v - canal_row + 2) < 3) & (np.abs(u - middle) < rng.uniform(30, 45)) & (np.abs(u - middle) > 12)
    arch &= free
    tissue[arch] = NAMES.index("cortex")
    tissue[ndimage.binary_erosion(arch, iterations=1)] = NAMES.index("marrow")
    canal = _ellipse(shape, (canal_row, middle), (rng.uniform(6, 9), rng.uniform(8, 12)))
    tissue[free & (canal < 1)] = NAMES.index("fluid" if rng.random() < 0.85 else "fat")
    roots = rng.random(shape) < rng.uniform(0, 0.5)
    tissue[free & (canal < 0.7) & ndimage.binary_dilation(roots & (canal < 0.6), iterations=1)] = NAMES.index("nerve")
    for side, size in ((-1, rng.uniform(7, 13)), (1, rng.uniform(7, 12))):
        vessel = _ellipse(
            shape, (row - deep - size - rng.uniform(1, 6), middle + side * rng.uniform(7, 14)), (size, size)
        )
        tissue[free & (vessel < 1)] = NAMES.index("vessel")


def _pelvis(rng, tissue, target, middle, front, half_width):
    """Wings of the iliac bones with gluteal muscles behind them."""
    shape = tissue.shape
    v, u = np.indices(shape, dtype=np.float32)
    for side in (-1, 1):
        start = np.array([front + rng.uniform(5, 30), middle + side * (half_width + rng.uniform(4, 12))])
        way = np.array([-rng.uniform(0.4, 1.0), side * 1.0])
        way /= np.linalg.norm(way)
        along = (v - start[0]) * way[0] + (u - start[1]) * way[1]
        off = (v - start[0]) * -way[1] * side + (u - start[1]) * way[0] * side
        free = (target == 0) & (tissue != NAMES.index("air")) & (along > 0) & (along < rng.uniform(40, 80))
        thick = rng.uniform(4, 8)
        tissue[free & (np.abs(off) < thick)] = NAMES.index("cortex")
        tissue[free & (np.abs(off) < thick - 2)] = NAMES.index("marrow")
        tissue[free & (off < -thick) & (off > -thick - rng.uniform(10, 30))] = NAMES.index("muscle")


def fat_shares(rng, tissue, target):
    """The share of fat of every pixel: of muscles with streaks, rims and whole replacement, more in the multifidus than elsewhere."""
    table = np.array([TISSUES[n][0] for n in NAMES])
    share = table[tissue].astype(np.float32)
    shape = tissue.shape
    general = rng.beta(1.0, 5.0) * 0.8
    for code in np.unique(target[target > 0]):
        there = target == code
        mean = np.clip(
            general * {1: 1.3, 2: 1.3, 3: 1.0, 4: 1.0}.get(int(code), 0.45) * rng.uniform(0.6, 1.5) + 0.02, 0.01, 0.85
        )
        cells = int(rng.integers(10, 70))
        pattern = smooth_noise(rng, shape, cells) + 0.6 * smooth_noise(rng, shape, 2 * cells)
        if rng.random() < 0.6:
            inner = ndimage.distance_transform_edt(there)
            pattern = pattern + rng.uniform(0.3, 2.0) * np.exp(-inner / rng.uniform(2, 8))
        if rng.random() < 0.5:
            u = np.indices(shape)[1]
            pattern = pattern - rng.uniform(0, 0.06) * np.abs(u - np.where(there)[1].mean())
        values = pattern[there]
        cut = np.quantile(values, 1 - mean)
        streaks = 1 / (1 + np.exp(-(values - cut) / rng.uniform(0.05, 0.5)))
        uniform = rng.uniform(0, 1) * mean
        share[there] = np.clip(uniform + (1 - uniform) * 0.95 * streaks, 0, 0.95)
    return ndimage.gaussian_filter(share, rng.uniform(0.3, 0.8))


def signal(rng, tissue, share, kind=None):
    """What a sequence shows; kind: one of KINDS, or any."""
    kind = kind or rng.choice(KINDS, p=SHARES)
    spread = np.exp(rng.normal(0, 0.18, len(NAMES)))
    column = 1 if kind in ("T1", "in", "opposed", "water", "fat", "spoiled") else 2
    water = (np.array([TISSUES[n][column] for n in NAMES]) * spread)[tissue].astype(np.float32)
    water = water * (1 - share)
    fat = share * {"T1": rng.uniform(0.9, 1.3), "T2": rng.uniform(0.5, 1.1)}.get(kind, rng.uniform(0.7, 1.1))
    if kind == "fatsat":
        return water + rng.uniform(0, 0.15) * fat
    if kind == "water":
        return water + rng.uniform(0, 0.06) * fat
    if kind == "fat":
        return fat + rng.uniform(0, 0.06) * water
    if kind == "opposed":
        blurred = [ndimage.gaussian_filter(one, 0.7) for one in (water, fat)]
        return np.abs(blurred[0] - blurred[1])
    if kind == "random":
        values = rng.uniform(0, 1, len(NAMES))
        values[0] = rng.uniform(0, 0.1)
        return values[tissue] * (1 - share) + share * rng.uniform(0, 1.2)
    return water + fat


KINDS = ("T1", "T2", "in", "opposed", "water", "fat", "fatsat", "random")
SHARES = (0.28, 0.34, 0.06, 0.06, 0.12, 0.06, 0.05, 0.03)


def textured(rng, image):
    """Grain of tissues beyond fat."""
    grain = 1 + rng.uniform(0, 0.12) * smooth_noise(rng, image.shape, int(rng.integers(40, 110)))
    return image * np.clip(grain, 0.3, 2)


def degraded(rng, image):
    """Coil shading, blur of thick slices, ghosts, wrap and noise."""
    a = image
    v, u = np.meshgrid(*(np.linspace(-1, 1, n, dtype=np.float32) for n in a.shape), indexing="ij")
    if rng.random() < 0.55:
        a = a * np.exp(
            rng.uniform(-0.3, 1.4) * v
            + rng.uniform(-0.4, 0.4) * u
            + rng.uniform(0, 0.3) * smooth_noise(rng, a.shape, 3)
        )
    if rng.random() < 0.3:
        a = np.clip(a / max(np.percentile(a, 99.8), 1e-6), 0, 1) ** rng.uniform(0.6, 1.5)
    if rng.random() < 0.5:
        a = ndimage.gaussian_filter(a, rng.uniform(0.2, 1.3, 2))
    if rng.random() < 0.12:
        a = a + rng.uniform(0.03, 0.15) * np.roll(ndimage.gaussian_filter(a, 1.5), int(rng.integers(15, 90)), 0)
    if rng.random() < 0.08:
        a = a + rng.uniform(0.1, 0.5) * np.roll(a, a.shape[1] // 2, 1)
    if rng.random() < 0.75:
        sigma = rng.uniform(0, 0.07) * max(np.percentile(a, 98), 1e-6)
        a = np.hypot(a + sigma * rng.standard_normal(a.shape), sigma * rng.standard_normal(a.shape))
    return a.astype(np.float32)
