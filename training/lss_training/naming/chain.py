"""Candidates -> one chain of bodies from the head down. Reference implementation, to be ported line by line.

Of all downward paths through the candidates the one with the highest score: what speaks for each candidate (a clear type, pedicles beside it) less the
cost of steps that are too short, too long or too slanted. A step may be so long that one or two bodies are missing in it; which level is how far away is
decided later (decoder.py). Ties go to the candidate that is first from the head down.
"""

from __future__ import annotations

import math

import numpy as np

PEDICLE_MM = 45.0  # a pedicle farther from a body's centre is not its own
UNTYPED = 0.7  # stands for the largest type score where types are not known
SCORE = 2.0  # what a type score of 1 adds
PEDICLE = 0.5  # what a pedicle adds
BIAS = -1.0  # what a candidate without type and pedicles adds
NEAREST_MM, FARTHEST_MM = 9.0, 125.0  # distance of neighbours in a chain
SHORT_MM, SHORT_COST = 14.0, 0.4  # per mm that a step is shorter
LONG_MM, LONG_COST = 45.0, 0.04  # per mm that a step is longer
LEAN = 1.5  # largest sideways step per step down
SLANT, SLANT_COST = 0.7, 1.5  # cost per sideways step beyond this, as a share of the step down


def pedicle_of(body, pedicles):
    """Index of the nearest pedicle of one side, or None where none is near."""
    best, least = None, PEDICLE_MM
    for n, p in enumerate(pedicles):
        d = math.dist(body, p)
        if d < least:
            best, least = n, d
    return best


def reward(candidates, n):
    """What speaks for a candidate."""
    clear = np.max(candidates.types[n])
    total = BIAS + SCORE * (UNTYPED if math.isnan(clear) else clear)
    for side in (candidates.left, candidates.right):
        if pedicle_of(candidates.bodies[n], side) is not None:
            total += PEDICLE
    return total


def step_cost(upper, lower):
    """Cost of `lower` being the next body found below `upper`, or None."""
    down, d = upper[2] - lower[2], math.dist(upper, lower)
    if down <= 0 or d < NEAREST_MM or d > FARTHEST_MM:
        return None
    side = math.sqrt(max(0.0, d * d - down * down))
    if side > LEAN * down:
        return None
    cost = max(0.0, SHORT_MM - d) * SHORT_COST + max(0.0, d - LONG_MM) * LONG_COST
    return cost + max(0.0, side / down - SLANT) * SLANT_COST


def chain(candidates):
    """Indices of the candidates that make up the spine, from the head down; empty without candidates."""
    order = sorted(range(len(candidates.bodies)), key=lambda n: -candidates.bodies[n][2])
    score, before = [], []
    for m, n in enumerate(order):
        best, come = 0.0, None
        for k in range(m):
            cost = step_cost(candidates.bodies[order[k]], candidates.bodies[n])
            if cost is not None and score[k] - cost > best:
                best, come = score[k] - cost, k
        score.append(best + reward(candidates, n))
        before.append(come)
    if not order:
        return []
    at, found = int(np.argmax(score)), []
    while at is not None:
        found.append(order[at])
        at = before[at]
    return found[::-1]
