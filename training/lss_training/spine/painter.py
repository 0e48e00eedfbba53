"""Other contrasts for a real slice: every tissue gets a new brightness and keeps its texture. And what scanners and patients do to an image.

Tissues are the labelled classes (canal and disc in two shades each) and, around them, clusters of brightness of the image itself.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

CLUSTERS = 6

# Brightness of air, cortical bone, muscle, fat, marrow, fluid, cord and roots, nucleus, annulus as sequences show them, 0 to 1; each is varied.
SEQUENCES = {
    "T1": (0.02, 0.05, 0.35, 0.95, 0.55, 0.15, 0.3, 0.33, 0.25),
    "T2": (0.02, 0.05, 0.2, 0.8, 0.45, 1.0, 0.35, 0.6, 0.12),
    "STIR": (0.02, 0.06, 0.35, 0.1, 0.18, 1.0, 0.4, 0.55, 0.12),
    "water": (0.02, 0.1, 0.6, 0.08, 0.35, 0.8, 0.5, 0.75, 0.35),
    "fat": (0.02, 0.05, 0.08, 0.95, 0.45, 0.05, 0.1, 0.05, 0.05),
}


def repainted(rng, image, target):
    """The slice in another contrast. image: about 0 to 1; target: codes."""
    shade = _tissues(rng, image, target)
    values = _brightness(rng, shade, image)
    out = np.zeros_like(image)
    keep = rng.uniform(0.3, 1.0)
    spread = rng.uniform(0.15, 0.35)
    around = shade < 10
    if rng.random() < 0.6:  # around the spine a smooth curve of brightness, as between two sequences
        knots = np.quantile(image[around], np.linspace(0, 1, CLUSTERS + 1)) if around.any() else np.zeros(CLUSTERS + 1)
        out = np.interp(image, knots + np.arange(CLUSTERS + 1) * 1e-4, values[: CLUSTERS + 1]).astype(np.float32)
        shade[around] = -1
    for n in np.unique(shade[shade >= 0]):
        there = shade == n
        own = image[there]
        middle = own.mean()
        texture = (own - middle) / max(middle, 0.08) * spread * rng.choice((-1, 1), p=(0.35, 0.65))
        out[there] = values[n] * (1 + keep * np.clip(texture, -0.8, 1.2)) + keep * rng.uniform(0, 0.25) * (own - middle)
    return ndimage.gaussian_filter(np.clip(out, 0, None), rng.uniform(0.4, 0.8))


def _tissues(rng, image, target):
    """Numbers of tissues: 0.. clusters from dark to bright; 10 marrow of bodies, 11 of arches, 12 nucleus, 13 annulus, 14 fluid, 15 cord, 16 sacrum."""
    smooth = ndimage.gaussian_filter(image, 1.0)
    free = (target == 0) | (target > 5)
    inner = smooth[free]
    cuts = np.quantile(inner, np.sort(rng.uniform(0.1, 0.98, CLUSTERS - 1))) if inner.size else np.zeros(CLUSTERS - 1)
    shade = np.digitize(smooth, cuts)
    shade[(target == 1) | (target == 7)] = 10
    shade[target == 2] = 10 if rng.random() < 0.7 else 11
    shade[target == 5] = 10
    for code, low, high in ((3, 13, 12), (4, 15, 14)):
        there = target == code
        if there.any():
            v = smooth[there]
            split = np.quantile(v, rng.uniform(0.3, 0.7)) if rng.random() < 0.5 else 0.5 * (v.min() + v.max())
            shade[there] = np.where(v > split, high, low)
    return shade


def _brightness(rng, shade, image):
    values = rng.uniform(0.02, 1.0, 20)
    if rng.random() < 0.75:
        air, bone, muscle, fat, marrow, fluid, cord, nucleus, annulus = np.clip(
            np.array(SEQUENCES[rng.choice(list(SEQUENCES))]) * rng.uniform(0.7, 1.4, 9), 0, 1
        )
        values[10:17] = marrow, marrow * rng.uniform(0.8, 1.2), nucleus, annulus, fluid, cord, marrow
        soft = np.array([air, bone, muscle, muscle * 1.3, fat * 0.7, fat, fat])
        values[: CLUSTERS + 1] = soft[: CLUSTERS + 1]
        if rng.random() < 0.3:
            values[1 : CLUSTERS + 1] = rng.permutation(values[1 : CLUSTERS + 1])
    values[0] = rng.uniform(0, 0.08) if rng.random() < 0.8 else values[0]
    if rng.random() < 0.2:  # a degenerated spine: discs black
        values[12] = values[13] = rng.uniform(0.02, 0.15)
    return values


def _field(rng, shape, cells):
    coarse = rng.standard_normal((cells, cells)).astype(np.float32)
    zoomed = ndimage.zoom(coarse, [n / cells for n in shape], order=3, grid_mode=True, mode="reflect")
    return zoomed[: shape[0], : shape[1]]


def degraded(rng, image):
    """Coil shading, blur, ghosts, wrap, voids of metal, noise, gamma: what a scan may add."""
    a = image
    if rng.random() < 0.5:  # surface coil behind, or none
        v, u = np.meshgrid(*(np.linspace(-1, 1, n, dtype=np.float32) for n in a.shape), indexing="ij")
        direction = rng.uniform(-0.5, 2.0)
        a = a * np.exp(direction * u + rng.uniform(-0.6, 0.6) * v + rng.uniform(0, 0.3) * _field(rng, a.shape, 4))
    if rng.random() < 0.3:
        a = np.clip(a / max(np.percentile(a, 99.8), 1e-6), 0, 1) ** rng.uniform(0.6, 1.6)
    if rng.random() < 0.4:
        a = ndimage.gaussian_filter(a, (rng.uniform(0, 1.3), rng.uniform(0, 1.3)))
    if rng.random() < 0.1:  # pulsation and breathing
        axis, shift = int(rng.integers(2)), int(rng.integers(15, 80))
        a = a + rng.uniform(0.05, 0.2) * np.roll(ndimage.gaussian_filter(a, 2), shift, axis)
    if rng.random() < 0.08:
        width = int(rng.integers(10, 60))
        a = a.copy()
        a[:, :width] += rng.uniform(0.2, 0.8) * a[:, -width:]
    if rng.random() < 0.06:
        a = _metal(rng, a)
    if rng.random() < 0.7:
        sigma = rng.uniform(0.0, 0.09) * max(np.percentile(a, 99), 1e-6)
        a = np.hypot(a + sigma * rng.standard_normal(a.shape), sigma * rng.standard_normal(a.shape))
    return a.astype(np.float32)


def _metal(rng, a):
    v, u = np.indices(a.shape)
    out = a.copy()
    for _ in range(rng.integers(1, 5)):
        y, x = rng.uniform(0, a.shape[0]), rng.uniform(0.4, 0.9) * a.shape[1]
        r = np.hypot((v - y) / rng.uniform(4, 14), (u - x) / rng.uniform(6, 25)) + 0.3 * _field(rng, a.shape, 12)
        out[r < 1.25] = a.max() * rng.uniform(0.5, 1)
        out[r < 1] = 0
    return out
