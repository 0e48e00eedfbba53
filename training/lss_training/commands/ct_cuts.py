"""Are the levels of real CTs, cut to narrow fields of view, those of the uncut image, or said to be doubtful? The table of docs/levels.md."""

from __future__ import annotations

from pathlib import Path

from lss_training.commands.recipes import WORK, add_data, recipe, weights


def add_arguments(p):
    add_data(p)
    p.add_argument("--weights", type=Path, required=True, help="checkpoint, or folder of a model package")
    p.add_argument("--work", type=Path, default=WORK, help="folder of the trunk's labels (label-trunk)")
    p.add_argument("--verbose", action="store_true", help="a line for each cut that is wrong or needlessly doubtful")


def run(a):
    from lss_training.ct import cuts

    cuts.evaluate(weights(recipe("ct-localizer", a.data), a.weights), a.data, a.work, a.verbose)
