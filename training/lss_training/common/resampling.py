"""Resampling as one matrix per axis, on half-pixel grids: the extent stays, the number of voxels changes."""

from __future__ import annotations

import numpy as np


def antialiased_matrix(n_in, n_out):
    """The library's rule LINEAR_ANTIALIASED for one axis (n_out x n_in)."""
    scale = n_in / n_out
    s = max(1.0, scale)
    x = (np.arange(n_out) + 0.5) * scale - 0.5
    w = np.maximum(0, 1 - np.abs(np.arange(n_in)[None, :] - x[:, None]) / s)
    return (w / w.sum(1, keepdims=True)).astype(np.float32)


def box_matrix(n_in, n_out, thickness):
    """n_out samples over the same extent, each the mean over a box `thickness` input voxels wide."""
    c = (np.arange(n_out) + 0.5) * (n_in / n_out)
    low, high = c - thickness / 2, c + thickness / 2
    e = np.arange(n_in)
    w = np.clip(np.minimum(e[None] + 1, high[:, None]) - np.maximum(e[None], low[:, None]), 0, 1)
    return (w / np.maximum(w.sum(1, keepdims=True), 1e-6)).astype(np.float32)


def along(matrix, a, axis):
    """The matrix applied to one axis."""
    return np.moveaxis(np.tensordot(matrix, a, (1, axis)), 0, axis)


def to_spacing(a, spacing, wanted):
    """The volume at about the wanted spacing, by the library's rule, and the spacing that it really has."""
    a, real = np.asarray(a, np.float32), []
    for axis in range(3):
        n = a.shape[axis]
        m = max(1, int(np.rint(n * spacing[axis] / wanted[axis])))
        a = along(antialiased_matrix(n, m), a, axis)
        real.append(n * spacing[axis] / m)
    return a, tuple(real)
