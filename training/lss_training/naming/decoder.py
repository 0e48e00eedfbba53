"""Names the bodies of a chain, with the probability of being right. Reference implementation, to be ported line by line; README.md is its description.

Needs NumPy alone. The numbers that were learned lie in naming.safetensors of lss-core (networks, routes, calibration), which the library reads too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lss_training.naming import features
from lss_training.naming.chain import chain as best_chain

LEAST = 1e-6  # the model's own probability is cut to [LEAST, 1 - LEAST]
BOTTOM = ("L6", "S")  # names of a chain's lowest bodies whose mutual doubt does not count against the others


@dataclass(frozen=True)
class Naming:
    """What a chain was named, from the head down.

    centres: n x 3. levels: of each. missed: how many vertebrae are missing between each body and the next. probability: that all levels are right, L6 or
    sacrum left open; calibrated; 0 for an empty chain.
    """

    chosen: tuple[int, ...]
    centres: np.ndarray
    levels: tuple[str, ...]
    missed: tuple[int, ...]
    probability: float


class Decoder:
    """p: the numbers, as parameters.py makes and reads them."""

    def __init__(self, p):
        self.levels = p["levels"]
        self.networks = [
            [np.array(n[k], float) for k in ("hidden", "hiddenBias", "output", "outputBias")] for n in p["networks"]
        ]
        self.routes = [(self.levels.index(r["upper"]), self.levels.index(r["lower"]), r["missed"]) for r in p["routes"]]
        self.ends = np.array([r[0] for r in self.routes]), np.array([r[1] for r in self.routes])
        self.prior = np.array([r["prior"] for r in p["routes"]])
        self.mean = np.array([r["meanMm"] for r in p["routes"]])
        self.deviation = np.array([r["deviationMm"] for r in p["routes"]])
        self.length_weight, self.worst_fit = p["lengthWeight"], p["worstFit"]
        self.calibration = np.array(p["calibration"])

    def name(self, candidates):
        """Names of a spine of candidates."""
        chosen = best_chain(candidates)
        return self.name_bodies(features.bodies(candidates, chosen), tuple(chosen))

    def name_bodies(self, bodies, chosen=()):
        """Names of the bodies of a chain."""
        if not len(bodies):
            return Naming((), np.zeros((0, 3)), (), (), 0.0)
        unary = self.fit(features.features(bodies))
        steps = [self.route_scores(d) for d in features.lengths(bodies)]
        path, taken = self.best(unary, steps)
        levels = tuple(self.levels[s] for s in path)
        missed = tuple(self.routes[r][2] for r in taken)
        probability = 1 / (1 + math.exp(-self.odds(self.share(unary, steps, path), bodies)))
        return Naming(chosen, bodies.centres, levels, missed, probability)

    def share(self, unary, steps, path, same=()):
        """The model's own probability of a naming. A lowest body called L6 or a piece of the sacrum is right either way; so are names that are all in
        `same`, as they make no difference."""
        groups = [[n for n, level in enumerate(self.levels) if level in group] for group in (BOTTOM, same)]
        names = [next((group for group in groups if s in group), [s]) for s in path]
        return math.exp(min(0.0, self.total(self.restricted(unary, names), steps) - self.total(unary, steps)))

    def fit(self, x):
        """How well each level fits each body: mean over the networks, n x levels."""
        total = np.zeros((len(x), len(self.levels)))
        for hidden, hidden_bias, output, output_bias in self.networks:
            total += np.maximum(x @ hidden.T + hidden_bias, 0) @ output.T + output_bias
        return total / len(self.networks)

    def route_scores(self, length, weight=1.0):
        """Score of each route for a step of this length (mm). weight: of the length, 1 where nothing else is known."""
        z = (length - self.mean) / self.deviation
        return self.prior + weight * self.length_weight * np.maximum(
            -0.5 * z * z - np.log(self.deviation), self.worst_fit
        )

    def best(self, unary, steps):
        """The best names (indices) and the routes between them. Ties go to the first level, and to the first route."""
        score, back = unary[0], []
        for n, step in enumerate(steps):
            following, come = np.full(len(self.levels), -math.inf), np.full(len(self.levels), -1)
            for r, (upper, lower, _) in enumerate(self.routes):
                value = score[upper] + step[r]
                if value > following[lower]:
                    following[lower], come[lower] = value, r
            score = following + unary[n + 1]
            back.append(come)
        path, taken = [int(np.argmax(score))], []
        for come in back[::-1]:
            taken.append(int(come[path[-1]]))
            path.append(self.routes[taken[-1]][0])
        return path[::-1], taken[::-1]

    def total(self, unary, steps):
        """Log of the sum over all namings."""
        upper, lower = self.ends
        sums = unary[0]
        for n, step in enumerate(steps):
            following = np.full(len(self.levels), -math.inf)
            np.logaddexp.at(following, lower, sums[upper] + step)  # in the order of the routes
            sums = following + unary[n + 1]
        return float(np.logaddexp.reduce(sums))

    def restricted(self, unary, names):
        """The fits with all but the given names of each body ruled out."""
        out = np.full_like(unary, -math.inf)
        for n, open_names in enumerate(names):
            out[n, open_names] = unary[n, open_names]
        return out

    def odds(self, raw, bodies):
        """Log odds of being right, from the model's own probability, by logistic regression on `traits`."""
        return float(np.dot(self.calibration, traits(raw, bodies)))


def traits(raw, bodies):
    """What the calibration looks at: log odds of the model's own probability, the same times the clarity of types, 1, that clarity, and 1 / bodies."""
    raw = min(max(raw, LEAST), 1 - LEAST)
    odds, clear = math.log(raw / (1 - raw)), clarity(bodies.types)
    return odds, odds * clear, 1.0, clear, 1 / len(bodies)


def clarity(types):
    """Mean over bodies of largest less second largest type score, 0 where types are not known."""
    ordered = np.sort(np.where(np.isnan(types), 0, types), 1)
    return float(np.mean(ordered[:, 2] - ordered[:, 1]))
