"""From a pooled case to a training sample: field of view, scanner effects, padding and heat-map targets."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from lss_training.ct.decoding import ANY, CHANNELS, S1, THORACIC
from lss_training.ct.painter import noise_field, smooth_field

LOWER, UPPER, MEAN, STD = -400.0, 1000.0, 50.0, 250.0  # HU
PADDING = (LOWER - MEAN) / STD
SIGMA_MM, VOXEL_MM = 7.0, 4.0
COUNTS_FROM = 3000.0 / VOXEL_MM**3  # a vertebra counts from 3 cm3 in view
PATCHES = [(96, 48, 48), (96, 48, 48), (80, 48, 64), (64, 64, 64), (48, 64, 80), (128, 48, 48), (80, 64, 48)]


def normalise(hu):
    return ((hu.clip(LOWER, UPPER) - MEAN) / STD).astype("float32")


def channel(level):
    """Index of the level's heat map, or None."""
    if level == "S":
        return S1
    if level in CHANNELS:
        return CHANNELS.index(level)
    return THORACIC if level.startswith("T") else None


def degrade(hu, rng):
    """What a scanner does, on the 4 mm grid: slice thickness, kernel, noise, streaks, calibration, a round field of view."""
    u = rng.uniform
    hu = np.asarray(hu, np.float32)
    axis = int(rng.choice(3, p=[0.75, 0.1, 0.15]))
    if rng.random() < 0.3:
        hu = uniform_filter1d(hu, 2, axis=axis, origin=-int(rng.integers(2)))
    for a in range(3):
        hu = gaussian_filter1d(hu, u(0.2, 0.75), axis=a, truncate=2.5)
    if rng.random() < 0.25:
        soft = hu
        for a in (1, 2):
            soft = gaussian_filter1d(soft, u(0.5, 1.0), axis=a, truncate=2.5)
        hu = hu + u(0.2, 1.0) * (hu - soft)
    level = np.exp(u(np.log(1.5), np.log(60)))
    sigma = [u(0, 0.6)] * 3
    sigma[axis] = 0
    hu = hu + noise_field(rng, hu.shape, sigma) * level
    if rng.random() < 0.12:
        a = 1 + int(rng.integers(2))
        hu = hu + noise_field(rng, hu.shape, [0.4 if x != a else 10 for x in range(3)]) * u(4, 30)
    if rng.random() < 0.25:
        hu = hu + smooth_field(rng, hu.shape, 3) * u(0, 25)
    if rng.random() < 0.4:
        hu = hu * u(0.88, 1.12) + u(-30, 30)
    return hu


def field_of_view(shape, instance, levels, rng):
    """Random box (slices) of what the scanner saw. Narrow fields of view are centred on the spine."""
    u = rng.uniform
    spine = np.argwhere(instance > 0)
    box = [slice(0, n) for n in shape]
    r = rng.random()
    small = min(shape[1:]) < 36  # it is a narrow scan already
    if len(spine) and r < 0.42 and not small:  # narrow in plane, 80 to 200 mm
        middle = spine[rng.integers(len(spine))]
        size = np.exp(u(np.log(20), np.log(50))) * np.array([u(0.85, 1.15), u(0.85, 1.15)])
        for a in (1, 2):
            n = int(np.clip(round(size[a - 1]), 18, shape[a]))
            c = spine[:, a].mean() * 0.7 + middle[a] * 0.3 + rng.normal(0, 3) - (u(0, 8) if a == 1 else 0)
            start = int(np.clip(round(c - n / 2), 0, shape[a] - n))
            box[a] = slice(start, start + n)
    if rng.random() < (0.25 if small else 0.55 if r < 0.42 else 0.45):  # short along the body axis, 40 mm and more
        n = int(np.clip(round(np.exp(u(np.log(12), np.log(90)))), 10, shape[0]))
        start = int(rng.integers(0, shape[0] - n + 1))
        box[0] = slice(start, start + n)
    return tuple(box)


def centres(instance, levels):
    """[(level, (k, j, i) centroid in voxels)] of the vertebrae that count."""
    out = []
    if not levels or not instance.any():
        return out
    flat = instance.ravel()
    count = np.bincount(flat, minlength=256)
    k, j, i = np.unravel_index(np.nonzero(flat)[0], instance.shape)
    ids = flat[flat > 0]
    sums = [np.bincount(ids, weights=a, minlength=256) for a in (k, j, i)]
    for n, level in enumerate(levels):
        if count[n + 1] >= COUNTS_FROM:
            out.append((str(level), tuple(s[n + 1] / count[n + 1] for s in sums)))
    return out


def targets(points, shape):
    """Heat maps (9, D, H, W): a Gaussian of peak 1 per centre; overlapping ones by their maximum."""
    maps = np.zeros((len(CHANNELS),) + tuple(shape), np.float32)
    s = SIGMA_MM / VOXEL_MM
    reach = int(np.ceil(3.2 * s))
    for level, c in points:
        box, g = [], []
        for a in range(3):
            lo, hi = max(0, int(c[a]) - reach), min(shape[a], int(c[a]) + reach + 2)
            box.append(slice(lo, hi))
            g.append(np.exp(-np.square(np.arange(lo, hi) - c[a]) / (2 * s * s)).astype(np.float32))
        gaussian = g[0][:, None, None] * g[1][None, :, None] * g[2][None, None, :]
        ch = channel(level)
        for n in ([] if level == "S" else [ANY]) + ([] if ch is None else [ch]):
            part = maps[(n,) + tuple(box)]
            np.maximum(part, gaussian, out=part)
    return maps


def regions(points, shape, step):
    """Names of the regions within 30 mm of a centre on a grid `step` voxels coarse: channel index, 0 = none, 255 = do not count."""
    size = [n // step for n in shape]
    out, best = np.zeros(size, np.uint8), np.full(size, (30 / VOXEL_MM) ** 2, np.float32)
    axes = [np.arange(n) * step + (step - 1) / 2 for n in size]
    for level, c in points:
        d2 = (
            np.square(axes[0] - c[0])[:, None, None]
            + np.square(axes[1] - c[1])[None, :, None]
            + np.square(axes[2] - c[2])[None, None, :]
        )
        ch = channel(level)
        out[d2 < best] = 255 if ch is None else ch
        np.minimum(best, d2, out=best)
    return out


def cut(a, patch, start, fill):
    """Patch of the array; where the array is smaller, centred padding as in inference."""
    out = np.full(patch, fill, a.dtype)
    src, dst = [], []
    for n, p, s in zip(a.shape, patch, start):
        if n <= p:
            before = (p - n) // 2
            src.append(slice(0, n))
            dst.append(slice(before, before + n))
        else:
            src.append(slice(s, s + p))
            dst.append(slice(0, p))
    out[tuple(dst)] = a[tuple(src)]
    return out


def sample(case, rng, patch=None):
    """(input (1, D, H, W), targets (9, D, H, W), centres) of a case."""
    hu, instance, levels = case["hu"], case["instance"], [str(x) for x in case["levels"]]
    box = field_of_view(hu.shape, instance, levels, rng)
    hu, instance = hu[box], instance[box]
    patch = patch or PATCHES[int(rng.integers(len(PATCHES)))]
    # the part of a large volume that lies in this patch; the spine mostly in it
    spine = np.argwhere(instance > 0)
    start = []
    for a, (n, p) in enumerate(zip(hu.shape, patch)):
        room = max(0, n - p)
        if len(spine) and rng.random() < 0.85:
            c = spine[rng.integers(len(spine))][a] - p / 2 + rng.uniform(-0.25, 0.25) * p
            start.append(int(np.clip(c, 0, room)))
        else:
            start.append(int(rng.integers(room + 1)))
    part = tuple(slice(s, s + min(n, p)) for s, n, p in zip(start, hu.shape, patch))
    hu, instance = degrade(hu[part], rng), instance[part]
    if rng.random() < 0.1 and min(hu.shape[1:]) > 30:  # a round reconstruction field
        y, x = np.ogrid[: hu.shape[1], : hu.shape[2]]
        r = 0.5 * max(hu.shape[1:]) * rng.uniform(0.95, 1.1)
        outside = np.square(y - hu.shape[1] / 2) + np.square(x - hu.shape[2] / 2) > r * r
        hu[:, outside] = rng.choice([-1024, -2000, LOWER])
        instance = np.where(outside[None], 0, instance)
    if rng.random() < 0.5:  # mirror left and right
        hu, instance = hu[:, :, ::-1], instance[:, :, ::-1]
    x = cut(normalise(hu), patch, (0, 0, 0), np.float32(PADDING))
    instance = cut(instance, patch, (0, 0, 0), np.uint8(0))
    points = centres(instance, levels)
    return x[None], targets(points, patch), points
