"""How real spines stand: the lean of each level and the steps between levels, from spines given as points (VID, see docs/levels.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lss_training.naming import spines

FADES = 0.7  # what is left of a known level's deviation one level farther
STEEPEST = 25.0  # degrees to a side


@dataclass(frozen=True)
class Pose:
    """lean: level -> (degrees forwards, degrees to the left). step: level -> mm from its body's centre to that of the next one above."""

    lean: dict
    step: dict

    def about(self, order, level, usual):
        """(forwards, left) of any level of `order`, of which this pose may know only others; `usual`: level -> degrees forwards."""
        if level in self.lean:
            return self.lean[level]
        near = min(self.lean, key=lambda known: abs(order.index(known) - order.index(level)))
        left = FADES ** abs(order.index(near) - order.index(level))
        forwards, side = self.lean[near]
        return usual[level] + left * (forwards - usual[near]), left * side

    def leaning(self, factor):
        """The same spine with every lean to a side multiplied."""
        lean = {k: (f, float(np.clip(factor * s, -STEEPEST, STEEPEST))) for k, (f, s) in self.lean.items()}
        return replace(self, lean=lean)


def pose(levels, centres):
    """Pose of consecutive bodies, from the head down, LPS mm."""
    lean, step = {}, {}
    for n, level in enumerate(levels):
        x, y, z = centres[max(n - 1, 0)] - centres[min(n + 1, len(levels) - 1)]
        lean[level] = (float(np.degrees(np.arctan2(-y, z))), float(np.degrees(np.arctan2(x, z))))
        if n:
            step[level] = float(np.linalg.norm(centres[n - 1] - centres[n]))
    return Pose(lean, step)


class Poses:
    """The training part's spines with at least five lumbar or lower thoracic bodies in a row."""

    def __init__(self, data, order):
        self.all = []
        for s in spines.read(data, "training"):
            kept = [n for n, level in enumerate(s.levels) if level in order]
            places = [order.index(s.levels[n]) for n in kept]
            whole = (
                len(kept) >= 5 and places == list(range(places[0], places[0] - len(kept), -1)) and "L6" not in s.levels
            )
            if whole and np.all(np.diff(s.centres[kept][:, 2]) < -12):
                self.all.append(pose([s.levels[n] for n in kept], s.centres[kept]))

    def draw(self, rng):
        """One of them; every third leans to the sides more than it did."""
        drawn = self.all[int(rng.integers(len(self.all)))]
        return drawn.leaning(rng.uniform(1.5, 5)) if rng.random() < 0.35 else drawn
