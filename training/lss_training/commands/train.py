"""Trains a network. A run that was interrupted goes on from its checkpoint and sees the same samples as one that was not."""

from __future__ import annotations

from pathlib import Path

from lss_training.commands.recipes import WORK, add_data, add_name, recipe
from lss_training.common import training


def add_arguments(p):
    add_name(p)
    add_data(p)
    p.add_argument(
        "--work", type=Path, default=WORK, help="folder of checkpoints and pools of cases (default: %(default)s)"
    )
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--workers", type=int, default=1, help="processes that make samples")
    p.add_argument("--threads", type=int, default=1, help="threads of the network")
    p.add_argument(
        "--precision",
        choices=("auto", "fp32", "bf16"),
        default="auto",
        help="auto: bf16 where the processor calculates in it",
    )
    p.add_argument("--stop", type=int, help="end after this step, to go on later")


def run(a):
    made = recipe(a.network, a.data, a.work, a.seed)
    training.train(made, a.work / f"{a.network}.pt", a.seed, a.workers, a.threads, a.precision, a.stop)
