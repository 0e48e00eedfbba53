"""The model of names, for training: a small network says how well each level fits each body, tables say how likely and how long each step between levels
is, and the probability of a naming is its share of the sum over all namings. `decoder.py` reads the same numbers without PyTorch."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from lss_training.naming import features
from lss_training.naming.levels import INDEX, LEVELS, UNUSUAL, steps

MISSED = 2  # most bodies that may be missing in one step
NEVER = -1e4


def routes():
    """For 1 to MISSED + 1 steps at once: (count, upper, lower, keys of the unusual steps in it, levels passed)."""
    single = [(INDEX[a], INDEX[b], key) for a, b, key in steps()]
    found = [(1, a, b, (key,) if key else (), (a, b)) for a, b, key in single]
    last = found
    for count in range(2, MISSED + 2):
        last = [
            (count, a, c, keys + ((key,) if key else ()), path + (c,))
            for _, a, b, keys, path in last
            for b2, c, key in single
            if b == b2 and LEVELS[b] != "S"
        ]
        best = {}  # of several ways between two levels the one with the fewest unusual steps
        for route in last:
            if (route[1], route[2]) not in best or len(route[3]) < len(best[route[1], route[2]][3]):
                best[route[1], route[2]] = route
        last = list(best.values())
        found += last
    return found


class NamingNet(nn.Module):
    """hidden: width of the network's one hidden layer."""

    def __init__(self, hidden=48, dropout=0.2):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(features.SIZE, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, len(LEVELS))
        )
        self.unusual = nn.Parameter(torch.full((len(UNUSUAL),), -4.0))
        self.missed = nn.Parameter(torch.tensor([-4.0, -7.0]))
        self.length_weight = nn.Parameter(torch.tensor(0.5))
        self.routes = routes()
        count = len(self.routes)
        self.register_buffer("mean", torch.full((count,), 30.0))
        self.register_buffer("deviation", torch.full((count,), 4.0))
        self.register_buffer("upper", torch.tensor([r[1] for r in self.routes]))
        self.register_buffer(
            "into", nn.functional.one_hot(torch.tensor([r[2] for r in self.routes]), len(LEVELS)).float()
        )
        self.register_buffer("gaps", torch.tensor([r[0] - 1 for r in self.routes]))
        keys = [[float(key in r[3]) for key in UNUSUAL] for r in self.routes]
        self.register_buffer("keys", torch.tensor(keys))

    def set_lengths(self, mean, deviation):
        """mean, deviation (mm) of each single step between levels, levels x levels."""
        for n, (_, _, _, _, path) in enumerate(self.routes):
            pairs = list(zip(path, path[1:]))
            self.mean[n] = float(sum(mean[p] for p in pairs))
            self.deviation[n] = float(np.sqrt(sum(deviation[p] ** 2 for p in pairs)))

    def prior(self):
        """Log prior of each route."""
        missed = torch.cat([torch.zeros(1), self.missed])
        return self.keys @ self.unusual + missed[self.gaps]

    def route_scores(self, distance):
        """Score of each route for each step of these lengths (mm): one axis more."""
        z = (distance[..., None] - self.mean) / self.deviation
        fit = (-0.5 * z.square() - torch.log(self.deviation)).clamp(min=-30)
        return self.prior() + nn.functional.softplus(self.length_weight) * fit

    def forward(self, x, distance, count, allowed):
        """Log probability of the allowed names. x: N x B x SIZE; distance: N x (B - 1) to the next body; count: bodies of each; allowed: N x B x levels."""
        unary, step = self.body(x), self.route_scores(distance)
        both = torch.cat([unary, unary + (~allowed) * NEVER])  # one pass over all names and the allowed ones
        free, held = self._sum(both, torch.cat([step, step]), torch.cat([count, count])).chunk(2)
        return held - free

    def _sum(self, unary, step, count):
        alpha = unary[:, 0]
        for n in range(1, unary.shape[1]):
            v = alpha[:, self.upper] + step[:, n - 1]
            most = v.max(1, keepdim=True).values
            more = torch.log((torch.exp(v - most) @ self.into).clamp(min=1e-30)) + most + unary[:, n]
            alpha = torch.where((n < count)[:, None], more, alpha)
        return torch.logsumexp(alpha, 1)


def lengths(spines):
    """Mean and deviation of the steps between levels over true bodies, levels x levels; what is never seen is taken from its neighbours."""
    size = len(LEVELS)
    seen = {}
    for s in spines:
        for k in range(len(s.levels) - 1):
            d = float(np.linalg.norm(s.centres[k] - s.centres[k + 1]))
            seen.setdefault((INDEX[s.levels[k]], INDEX[s.levels[k + 1]]), []).append(d)
    mean, deviation = np.full((size, size), 30.0), np.full((size, size), 4.0)
    for pair, values in seen.items():
        if len(values) >= 20:
            low, high = np.percentile(values, [2, 98])
            mean[pair] = np.median(values)
            deviation[pair] = max(1.5, np.std(np.clip(values, low, high)))
    like = {
        ("T12", "T13"): ("T11", "T12"),
        ("T13", "L1"): ("T12", "L1"),
        ("T11", "L1"): ("T12", "L1"),
        ("L5", "L6"): ("L4", "L5"),
    }
    like |= {("S", "S"): ("L4", "L5"), ("L5", "S"): ("L4", "L5"), ("L6", "S"): ("L4", "L5")}
    for (a, b), (c, d) in like.items():
        if len(seen.get((INDEX[a], INDEX[b]), [])) < 20:
            mean[INDEX[a], INDEX[b]], deviation[INDEX[a], INDEX[b]] = (
                mean[INDEX[c], INDEX[d]],
                deviation[INDEX[c], INDEX[d]] + 1,
            )
    return mean, deviation
