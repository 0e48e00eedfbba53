"""How the model of names is trained: one network for each fold of persons, which it does not see."""

from __future__ import annotations

import numpy as np
import torch

from lss_training.common.training import Phase, Recipe
from lss_training.naming import samples, spines
from lss_training.naming.levels import LEVELS
from lss_training.naming.network import NamingNet, lengths, routes


def consistent(chain):
    """Whether some naming has the chain's true levels; a few true chains skip a body or count one twice."""
    reach = np.zeros((len(LEVELS), len(LEVELS)), bool)
    for _, upper, lower, _, _ in routes():
        reach[upper, lower] = True
    open_names = samples.allowed(chain)
    possible = open_names[0]
    for names in open_names[1:]:
        possible = (possible @ reach) & names
    return bool(possible.any())


class Naming(Recipe):
    """fold: the persons of this fold are left out; None: all are trained on."""

    channels_last, bf16 = False, False
    warm_up, weight_decay, clip, average = 100, 0.01, 1.0, 0.998
    phases = (Phase("names", 3000, 3e-3, 3000),)
    batch = 48

    def __init__(self, data, fold):
        self.name = f"ct-naming-{fold}"
        self.spines = [s for s in spines.read(data, "training") if s.fold != fold]
        found = (samples.labelled(s) for s in self.spines)
        self.chains = [c for c in found if c is not None and consistent(c)]

    def network(self):
        net = NamingNet()
        net.set_lengths(*lengths(self.spines))
        return net

    def batches(self, rng, step, phase):
        drawn = rng.integers(len(self.chains), size=self.batch)
        arrays = samples.batch([samples.augment(self.chains[n], rng) for n in drawn])
        return [tuple(torch.from_numpy(a) for a in arrays)]

    def loss(self, net, batch):
        log_probability = net(*batch)
        return -log_probability.clamp(min=-50).mean(), {}
