"""The image region of a B-mode picture: the rectangle of speckled tissue without the machine's frame. Stands in for the library's own rule during training."""

from __future__ import annotations

import numpy as np
from scipy import ndimage


def find_region(grey):
    """(top, bottom, left, right), half open: rows and columns where the largest textured area is at least 30 % as wide as at its widest."""
    g = grey.astype(np.float32)
    mean = ndimage.uniform_filter(g, 5)
    rough = np.sqrt(np.maximum(ndimage.uniform_filter(g * g, 5) - mean * mean, 0)) > 2
    rough = ndimage.binary_closing(np.pad(rough, 12), np.ones((9, 9)))[12:-12, 12:-12]
    areas, count = ndimage.label(ndimage.binary_opening(rough, np.ones((15, 15))))
    if count == 0:
        return 0, g.shape[0], 0, g.shape[1]
    largest = ndimage.binary_fill_holes(
        areas == 1 + np.argmax(ndimage.sum_labels(areas > 0, areas, range(1, count + 1)))
    )
    bounds = []
    for axis in (1, 0):
        filled = largest.sum(axis)
        inside = np.flatnonzero(filled > 0.3 * np.percentile(filled[filled > 0], 90))
        bounds += [int(inside[0]), int(inside[-1] + 1)]
    return tuple(bounds)
