"""Pairs of masks that Python and Java (RandomMasks.java) compute alike, to the last voxel."""

import numpy as np

PAIRS = 200
WORD = (1 << 64) - 1


class SplitMix64:
    """The generator of ClusterBootstrap and of the tests."""

    def __init__(self, seed):
        self.state = seed & WORD

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & WORD
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
        return z ^ (z >> 31)

    def index(self, n):
        return ((self.next() >> 33) * n) >> 31


def pair(number):
    """Returns reference, prediction (bool arrays indexed i, j, k or i, j) and the spacing in mm.

    Every fourth pair is 2-D, every fifth isotropic. Each mask is an ellipsoid, in every tenth pair
    nothing, with voxels turned over: one in 8, 64 or 512.
    """
    random = SplitMix64(number)
    rank = 2 if number % 4 == 3 else 3
    shape = [6 + random.index(19) for _ in range(rank)]
    spacing = [0.5 + random.index(26) / 10.0 for _ in range(rank)]
    if number % 5 == 0:
        spacing = [spacing[0]] * rank
    turned = [8, 64, 512][number % 3]
    return mask(random, shape, turned, number % 10 == 9), mask(random, shape, turned, False), spacing


def mask(random, shape, turned, empty):
    centre = [random.index(4 * n) / 4.0 for n in shape]
    radius = [1.5 + random.index(2 * n) / 4.0 for n in shape]
    grid = np.meshgrid(*[np.arange(n, dtype=float) for n in shape], indexing="ij")
    sum_of_squares = np.zeros(shape)
    for axis in range(len(shape)):
        d = (grid[axis] - centre[axis]) / radius[axis]
        sum_of_squares = sum_of_squares + d * d
    inside = (sum_of_squares <= 1) & (not empty)
    flat = inside.ravel(order="F")  # x fastest, as in Java
    for n in range(flat.size):
        if random.index(turned) == 0:
            flat[n] = not flat[n]
    return flat.reshape(shape, order="F")
