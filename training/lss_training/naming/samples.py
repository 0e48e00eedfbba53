"""Training samples of the model of names: chains of real spines, whole or cut, with what may be unknown in them withheld."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lss_training.naming import chain as chains
from lss_training.naming import features
from lss_training.naming.features import Bodies
from lss_training.naming.levels import INDEX, LEVELS
from lss_training.naming.spines import NEAR_MM

CUT = 0.25  # share of samples that are cut
BELOW_MM = 8.0  # what lies this far below the lowest true vertebra is no piece of it


@dataclass(frozen=True)
class Chain:
    """The chain that was found in one spine, and the true level of each of its bodies (None: nobody said)."""

    id: str
    fold: int
    bodies: Bodies
    levels: tuple[str | None, ...]

    def part(self, index):
        return replace(self, bodies=self.bodies[index], levels=tuple(np.array(self.levels, object)[index]))


def labelled(spine):
    """The chain of a spine with its levels, or None where none was found."""
    c = spine.candidates
    found = chains.chain(c)
    if not found:
        return None
    levels = [None] * len(found)
    for k, centre in enumerate(spine.centres):
        d = np.linalg.norm(c.bodies[found] - centre, axis=1)
        n = int(np.argmin(d))
        if d[n] <= NEAR_MM:
            levels[n] = spine.levels[k]
    below = spine.centres[:, 2].min() - BELOW_MM
    for n, k in enumerate(found):
        if levels[n] is None and spine.levels[-1] in ("L5", "L6") and c.bodies[k][2] < below:
            levels[n] = "S"
    return Chain(spine.id, spine.fold, features.bodies(c, found), tuple(levels))


def untyped(chain):
    return replace(chain, bodies=replace(chain.bodies, types=np.full_like(chain.bodies.types, np.nan)))


def blurred(chain, rng, width, share):
    """Type scores as of a network that sees neither ribs nor sacrum: mixed with those of neighbours (Gaussian, `width` bodies), and with ignorance."""
    n = np.arange(len(chain.bodies))
    kernel = np.exp(-0.5 * np.square((n[:, None] - n[None]) / width))
    types = np.clip((kernel / kernel.sum(1, keepdims=True)) @ chain.bodies.types, 0.01, 0.99)
    logit = (1 - share) * np.log(types / (1 - types)) - share + rng.normal(0, 0.4, types.shape)
    return replace(chain, bodies=replace(chain.bodies, types=1 / (1 + np.exp(-logit))))


def doubted(chain, rng):
    """Type scores as of another network: less sure, and of other opinion here and there."""
    types = np.clip(chain.bodies.types, 0.01, 0.99)
    logit = np.log(types / (1 - types)) * rng.uniform(0.5, 1.1) + rng.normal(0, rng.uniform(0, 0.8), types.shape)
    return replace(chain, bodies=replace(chain.bodies, types=1 / (1 + np.exp(-logit))))


def without_pedicles(chain, rng, share):
    """The chain with this share of its pedicles not found."""
    hidden = rng.random((2, len(chain.bodies), 1)) < share
    left, right = (np.where(h, np.nan, p) for h, p in zip(hidden, (chain.bodies.left, chain.bodies.right)))
    return replace(chain, bodies=replace(chain.bodies, left=left, right=right))


def moved(chain, rng, noise, scale):
    """The chain of a person `scale` times as large, with `noise` mm in each coordinate."""
    b = chain.bodies
    centres, left, right = (p * scale + rng.normal(0, noise, p.shape) for p in (b.centres, b.left, b.right))
    return replace(chain, bodies=Bodies(centres, b.types, left, right))


def shifted(bodies, shift):
    return Bodies(bodies.centres + shift, bodies.types, bodies.left + shift, bodies.right + shift)


def joined(*parts):
    return Bodies(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in ("centres", "types", "left", "right"))
    )


def with_extra(chain, upper, name):
    """A made-up vertebra of this name below `upper`: a copy of it, and it and all above move up by the step that followed it."""
    n = chain.levels.index(upper)
    b = chain.bodies
    above = shifted(b[: n + 1], b.centres[n] - b.centres[n + 1])
    return replace(chain, bodies=joined(above, b[n:]), levels=chain.levels[: n + 1] + (name,) + chain.levels[n + 1 :])


def without_level(chain, level):
    """The chain as if its person had no such vertebra: all above move down."""
    n = chain.levels.index(level)
    b = chain.bodies
    above = shifted(b[:n], b.centres[n + 1] - b.centres[n])
    return replace(chain, bodies=joined(above, b[n + 1 :]), levels=chain.levels[:n] + chain.levels[n + 1 :])


def counted_from_above(chain):
    """Whether thoracic vertebrae can be counted: only then do 11 or 13 of them change a name."""
    return any(chain.levels[n : n + 2] == ("C7", "T1") for n in range(len(chain.levels))) and any(
        chain.levels[n : n + 3] == ("T11", "T12", "L1") for n in range(len(chain.levels))
    )


def augment(chain, rng):
    """A random sample of a chain."""
    u = rng.random
    if counted_from_above(chain):
        made = u()
        if made < 0.12:
            chain = with_extra(chain, "T12", "T13")
        elif made < 0.2:
            chain = without_level(chain, "T12")
    types = u()
    if u() < CUT:
        count = 5 if u() < 0.4 else int(rng.integers(2, 13))
        first = int(rng.integers(0, max(1, len(chain.bodies) - count + 1)))
        chain = chain.part(slice(first, first + count))
    else:
        types *= 4
    if types < 0.4:
        chain = untyped(chain)
    elif types < 0.7:
        chain = blurred(chain, rng, rng.uniform(0.8, 2.5), rng.uniform(0.3, 0.9))
    elif u() < 0.4:
        chain = doubted(chain, rng)
    hidden = u()
    if hidden < 0.15:
        chain = without_pedicles(chain, rng, 1.0)
    elif hidden < 0.4:
        chain = without_pedicles(chain, rng, rng.uniform(0, 0.5))
    if len(chain.bodies) > 4 and u() < 0.1:  # one that the network missed
        chain = chain.part(np.arange(len(chain.bodies)) != rng.integers(1, len(chain.bodies) - 1))
    return moved(chain, rng, rng.uniform(0.2, 1.5), np.exp(rng.normal(0, 0.06)))


def allowed(chain):
    """n x levels: the names that the truth leaves open."""
    names = np.zeros((len(chain.bodies), len(LEVELS)), bool)
    for n, level in enumerate(chain.levels):
        names[n, slice(None) if level is None else INDEX[level]] = True
    return names


def batch(chains):
    """Features, lengths of steps, counts of bodies and allowed names of several chains, padded to the longest."""
    size, longest = len(chains), max(2, max(len(c.bodies) for c in chains))
    x = np.zeros((size, longest, features.SIZE), np.float32)
    length = np.full((size, longest - 1), 30, np.float32)
    names = np.ones((size, longest, len(LEVELS)), bool)
    count = np.array([len(c.bodies) for c in chains])
    for n, c in enumerate(chains):
        x[n, : count[n]], names[n, : count[n]] = features.features(c.bodies), allowed(c)
        length[n, : count[n] - 1] = features.lengths(c.bodies)
    return x, length, count, names
