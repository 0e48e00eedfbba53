"""Rasterised layers of known thickness, measured through the fascia network: 0.5 to 5 mm at 0.1 mm per pixel, curved, tilted up to 30 degrees.

Drawn as exact arcs of circles, apart from the layers of the training (synthetic.Curve).
"""

from __future__ import annotations

import numpy as np

SPACING = 0.1
THICKNESSES = (0.5, 0.8, 1.2, 2.0, 3.0, 4.0, 5.0)
SIZES = ((300, 400), (400, 400), (512, 512), (450, 600))
GROUNDS = ("plain", "noise", "speckle")


class Layer:
    """A band of `thickness` pixels about an arc through the picture's centre; radius in pixels, infinite = straight; tilt in degrees."""

    def __init__(self, h, w, thickness, tilt, radius):
        y, x = np.meshgrid(np.arange(h) + 0.5 - h / 2, np.arange(w) + 0.5 - w / 2, indexing="ij")
        t = np.deg2rad(tilt)
        along, across = np.cos(t) * x + np.sin(t) * y, np.cos(t) * y - np.sin(t) * x
        if np.isinf(radius):
            self.gap, self.place = across, along
        else:
            self.gap = np.hypot(along, across - radius) - abs(radius)
            self.place = np.arctan2(along, np.sign(radius) * (radius - across)) * abs(radius)
        self.thickness = thickness
        self.share = np.clip(0.5 + thickness / 2 - np.abs(self.gap), 0, 1)

    def mean_thickness(self, mask):
        """Area of the mask about the middle of the line, over the line's length, in pixels."""
        half = 0.3 * mask.shape[1]
        zone = (np.abs(self.place) < half) & (np.abs(self.gap) < 0.75 * self.thickness + 10)
        return (mask & zone).sum() / (2 * half)


def picture(rng, layer, ground):
    dark, bright = rng.uniform(15, 80), rng.uniform(150, 230)
    image = dark + (bright - dark) * layer.share
    if ground == "noise":
        image = image + rng.normal(0, 12, image.shape)
    if ground == "speckle":
        image = image * (1 + 0.35 * (rng.rayleigh(1, image.shape) / 1.2533 - 1))
    return np.clip(np.round(image), 0, 255).astype(np.uint8)


def cases(seed=0):
    """(picture, layer, ground), one for every thickness, size and ground."""
    rng = np.random.default_rng(seed)
    for thickness in THICKNESSES:
        for h, w in SIZES:
            for ground in GROUNDS:
                radius = rng.choice([np.inf, 1.0, -1.0]) * rng.uniform(1.0, 4) * w
                layer = Layer(h, w, thickness / SPACING, rng.uniform(-30, 30), radius)
                yield picture(rng, layer, ground), layer, ground
