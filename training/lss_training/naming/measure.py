"""How often names are right, and whether the probability that they are can be relied on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lss_training.naming import samples
from lss_training.naming.decoder import BOTTOM
from lss_training.naming.levels import LEVELS
from lss_training.naming.spines import NEAR_MM

CUT = 5  # consecutive bodies of a cut
BLUR = (1.5, 0.6)  # bodies, share of ignorance


@dataclass(frozen=True)
class Outcome:
    """One chain that was named. right: all its bodies have their true levels; what nobody named, and a sacrum called L6, is not counted."""

    right: bool
    probability: float
    pairs: tuple[tuple[str, str], ...]  # true and given level of each body


def outcome(decoder, chain):
    naming = decoder.name_bodies(chain.bodies)
    pairs = tuple((true, given) for true, given in zip(chain.levels, naming.levels) if true)
    right = all(true == given or (true == "S" and given in BOTTOM) for true, given in pairs)
    return Outcome(right, naming.probability, pairs)


def cuts(chain, count=CUT):
    """All runs of so many consecutive bodies whose levels are known."""
    for first in range(len(chain.bodies) - count + 1):
        part = chain.part(slice(first, first + count))
        if all(level not in (None, "S") for level in part.levels):
            yield part


def views(chains, seed=5):
    """Name of a view -> chains seen so: whole, and all cuts of five bodies as they are, with types blurred, withheld, and without pedicles too."""
    rng = np.random.default_rng(seed)
    parts = [part for chain in chains for part in cuts(chain)]
    return {
        "whole spine": chains,
        "five bodies": parts,
        "five bodies, types blurred": [samples.blurred(p, rng, *BLUR) for p in parts],
        "five bodies, types withheld": [samples.untyped(p) for p in parts],
        "five bodies, neither types nor pedicles": [
            samples.without_pedicles(samples.untyped(p), rng, 1.0) for p in parts
        ],
    }


def identification(decoder, spines):
    """Share of all true bodies within 20 mm of a body of the same level, as the decoder names the candidates of each spine."""
    found = total = 0
    for s in spines:
        total += len(s.levels)
        naming = decoder.name(s.candidates)
        for level, centre in zip(s.levels, s.centres):
            same = [n for n, given in enumerate(naming.levels) if given == level]
            found += any(math.dist(naming.centres[n], centre) <= NEAR_MM for n in same)
    return found / total, total


def ceiling(spines):
    """The same share if every candidate had the level of the true body nearest to it."""
    found = total = 0
    for s in spines:
        total += len(s.levels)
        if len(s.candidates.bodies):
            found += int(
                (np.linalg.norm(s.centres[:, None] - s.candidates.bodies[None], axis=2).min(1) <= NEAR_MM).sum()
            )
    return found / total


def doubtful(outcomes, least):
    """Shares of all: said to be doubtful (probability below `least`); wrong without being said to be."""
    doubt = np.array([o.probability < least for o in outcomes])
    wrong = np.array([not o.right for o in outcomes])
    return float(doubt.mean()), float((wrong & ~doubt).mean())


def reliability(outcomes, edges=(0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 1.0)):
    """(count, mean probability, share right) of the outcomes between each two edges; NaN where there are none."""
    p, right = np.array([o.probability for o in outcomes]), np.array([o.right for o in outcomes])
    rows = []
    for low, high in zip(edges, edges[1:]):
        inside = (p >= low) & ((p < high) | (high == 1))
        count = int(inside.sum())
        rows.append(
            (count, float(p[inside].mean()) if count else math.nan, float(right[inside].mean()) if count else math.nan)
        )
    return rows


def confusion(outcomes):
    """levels x levels: how many bodies of each true level (row) were given each level (column)."""
    table = np.zeros((len(LEVELS), len(LEVELS)), int)
    for o in outcomes:
        for true, given in o.pairs:
            table[LEVELS.index(true), LEVELS.index(given)] += 1
    return table
