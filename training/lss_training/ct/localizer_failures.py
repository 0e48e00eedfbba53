"""Pictures of synthetic cases on which the coarse network is wrong: true names in green on the left of each slice, found ones in red on the right."""

from __future__ import annotations

import matplotlib
import numpy as np

from lss_training.ct import localizer_cases as cases
from lss_training.ct.decoding import decode
from lss_training.ct.localizer_evaluation import Score, anchor_in_view, fitted, heatmaps, synthetic_set
from lss_training.ct.localizer_samples import centres

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

KINDS = ("procedural", "phantom", "nothing")


def failures(net, kind, tries, seed):
    for hu, instance, levels in synthetic_set(tries, seed, kind, None):
        found = decode(heatmaps(net, hu, fitted(hu.shape)), cases.SPACING)
        truth = [(level, np.array(c)) for level, c in centres(instance, levels)]
        score = Score()
        score.add(truth, found, np.array(cases.SPACING), anchor_in_view(truth))
        if score.bad or score.spurious or score.missed:
            yield hu, truth, found


def show(axes, hu, truth, found, title):
    at = [c[2] for _, c in truth] or [v.centre[2] for v in found.vertebrae]
    axes.imshow(hu[:, :, int(round(np.mean(at)))][::-1], cmap="gray", vmin=-300, vmax=600)
    top = hu.shape[0] - 1
    for level, c in truth:
        axes.text(c[1] - 7, top - c[0], level, color="lime", fontsize=7, ha="right", va="center")
        axes.plot(c[1], top - c[0], ".", color="lime")
    for v in found.vertebrae:
        axes.text(v.centre[1] + 8, top - v.centre[0], v.level, color="red", fontsize=7, va="center")
        axes.plot(v.centre[1], top - v.centre[0], "x", color="red", markersize=4)
    axes.set_title(title, fontsize=8)
    axes.axis("off")


def write(net, out, tries=40, seed=900001):
    """Writes the picture; `tries`: cases of each kind that are looked at."""
    figure, grid = plt.subplots(2, 5, figsize=(10, 7))
    rest = iter(grid.flat)
    for kind, room in zip(KINDS, (5, 2, 3), strict=True):
        for n, case in enumerate(failures(net, kind, tries, seed)):
            if n == room:
                break
            show(next(rest), *case, kind)
    for axes in rest:
        axes.axis("off")
    figure.tight_layout()
    figure.savefig(out, dpi=80)
