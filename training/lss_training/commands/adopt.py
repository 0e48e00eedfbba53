"""Writes a checkpoint with the weights of a model package, to train on from: as if the phase after which they were taken had just ended."""

from __future__ import annotations

from pathlib import Path

from lss_training.commands.recipes import WORK, add_name, recipe
from lss_training.common import training, widening


def add_arguments(p):
    add_name(p)
    p.add_argument("--folder", type=Path, required=True, help="the package")
    p.add_argument("--after", required=True, help="the phase that is over")
    p.add_argument("--work", type=Path, default=WORK, help="folder of checkpoints (default: %(default)s)")
    p.add_argument("--seed", type=int, default=1, help="as of the training that follows")


def run(a):
    made = recipe(a.network, work=a.work, seed=a.seed)
    step = next(phase.last for phase in made.phases if phase.name == a.after)
    net = widening.adopt(training.fresh(made, a.seed), a.folder, made.stage.name)
    training.begin(made, net, a.work / f"{a.network}.pt", a.seed, step)
