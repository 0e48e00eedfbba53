"""Picture of synthetic cases on which the CT localiser is wrong: true names in green, found ones in red."""

from __future__ import annotations

from pathlib import Path

from lss_training.commands.recipes import recipe, weights


def add_arguments(p):
    p.add_argument("--weights", type=Path, required=True, help="checkpoint, or folder of a model package")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--tries", type=int, default=40, help="cases of each kind that are looked at")
    p.add_argument("--seed", type=int, default=900001)


def run(a):
    from lss_training.ct import localizer_failures

    localizer_failures.write(weights(recipe("ct-localizer"), a.weights), a.out, a.tries, a.seed)
