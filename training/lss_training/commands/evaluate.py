"""Scores a network on what its training does not see, or as the options say."""

from __future__ import annotations

from pathlib import Path

from lss_training.commands.recipes import WORK, add_data, add_name, recipe, weights


def add_arguments(p):
    add_name(p)
    add_data(p)
    p.add_argument("--weights", type=Path, required=True, help="checkpoint, or folder of a model package")
    p.add_argument("--count", type=int, help="number of synthetic cases (CT)")
    p.add_argument(
        "--part", default="test", help="part of us/split.json; none: only what no training has seen (ultrasound)"
    )
    p.add_argument("--verbose", action="store_true", help="a line for each case (ct-localizer)")


def run(a):
    found = recipe(a.network, a.data)
    net = weights(found, a.weights)
    if a.network.startswith("ct-localizer"):
        from lss_training.ct import localizer_evaluation

        localizer_evaluation.evaluate(net, a.data, 30 if a.count is None else a.count, verbose=a.verbose)
    elif a.network.startswith("ct-segmenter"):
        from lss_training.ct import segmenter_evaluation

        segmenter_evaluation.evaluate(net, a.data, 8 if a.count is None else a.count)
    elif a.network == "mr-spine":
        from lss_training.spine import evaluation

        evaluation.evaluate(net, a.data)
    elif a.network == "mr-muscle":
        from lss_training.muscle import evaluation

        evaluation.evaluate(net, a.data, WORK)
    else:
        from lss_training.us import evaluation

        evaluation.evaluate(net, a.data, a.part)
