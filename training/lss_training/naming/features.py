"""What is known of each body of a chain, as numbers about 0: its type, its pedicles, the steps to its neighbours, and the same of four neighbours on
either side. Lengths mm, positions LPS; what is not known is NaN in the chain and 0, with a flag, in the features.

Of each body (NODE numbers): 1; whether types are known; the three type scores as log odds / 4; share of its pedicles found; half the distance between
them, how far they lie behind and above the centre, each as (mean over those found - usual) / scale. Of each step between neighbours (STEP numbers): 1; its
length, (mm - 30) / 8; how far it leads backwards as a share of its length. A body's features are the nodes from REACH above it to REACH below it, then the
steps between those; all 0 where the chain has ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lss_training.naming.chain import pedicle_of

REACH = 4  # neighbours on either side
NODE, STEP = 9, 3
SIZE = (2 * REACH + 1) * NODE + 2 * REACH * STEP
LEAST = 0.02  # type scores are cut to [LEAST, 1 - LEAST]
HALF_WIDTH, BEHIND, ABOVE = (13.0, 3.0), (23.0, 5.0), (4.0, 5.0)  # usual and scale, mm
LENGTH = (30.0, 8.0)


@dataclass(frozen=True)
class Bodies:
    """The bodies of a chain from the head down, n x 3 each: centres, type scores, and the pedicles that are their own."""

    centres: np.ndarray
    types: np.ndarray
    left: np.ndarray
    right: np.ndarray

    def __len__(self):
        return len(self.centres)

    def __getitem__(self, index):
        return Bodies(self.centres[index], self.types[index], self.left[index], self.right[index])


def bodies(candidates, chain):
    """The bodies of a chain of candidates."""

    def own(pedicles):
        found = np.full((len(chain), 3), np.nan)
        for row, n in enumerate(chain):
            k = pedicle_of(candidates.bodies[n], pedicles)
            if k is not None:
                found[row] = pedicles[k]
        return found

    return Bodies(candidates.bodies[chain], candidates.types[chain], own(candidates.left), own(candidates.right))


def nodes(chain):
    out = np.zeros((len(chain), NODE))
    out[:, 0] = 1
    typed = ~np.isnan(chain.types[:, 0])
    out[:, 1] = typed
    p = np.clip(chain.types[typed], LEAST, 1 - LEAST)
    out[typed, 2:5] = np.log(p / (1 - p)) / 4
    apart = np.stack([chain.left - chain.centres, chain.right - chain.centres])  # side, body, axis
    apart[1, :, 0] *= -1
    found = ~np.isnan(apart[:, :, 0])
    count = found.sum(0)
    out[:, 5] = count / 2
    some = count > 0
    mean = np.where(found[:, :, None], apart, 0).sum(0)[some] / count[some, None]
    for axis, (usual, scale) in enumerate((HALF_WIDTH, BEHIND, ABOVE)):
        out[some, 6 + axis] = (mean[:, axis] - usual) / scale
    return out


def lengths(chain):
    """Distance of each body to the next one, mm; n - 1 of them."""
    return np.linalg.norm(np.diff(chain.centres, axis=0), axis=1)


def steps(chain):
    d = lengths(chain)
    back = np.diff(chain.centres[:, 1])
    return np.stack([np.ones_like(d), (d - LENGTH[0]) / LENGTH[1], back / d], 1)


def features(chain):
    """n x SIZE."""
    count = len(chain)
    padded = np.zeros((count + 2 * REACH, NODE))
    padded[REACH : REACH + count] = nodes(chain)
    between = np.zeros((count + 2 * REACH - 1, STEP))
    between[REACH : REACH + count - 1] = steps(chain)
    window = np.arange(count)[:, None] + np.arange(2 * REACH + 1)
    rows = padded[window].reshape(count, -1), between[window[:, :-1]].reshape(count, -1)
    return np.concatenate(rows, 1)
