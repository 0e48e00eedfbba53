"""Everything about naming from points, in order: trains a network for each fold of persons, calibrates on what each did not see, chooses what is doubtful
there, writes naming.safetensors, and measures once on `validation`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lss_training.common import training
from lss_training.naming import features, measure, parameters, report, samples, spines
from lss_training.naming.calibration import calibrate
from lss_training.naming.decoder import Decoder, traits
from lss_training.naming.recipe import Naming

LEARNED_FROM = 4  # so many views of measure.views; the last one says too little
WRONG = 0.008  # share of cuts that may be wrong without being said to be doubtful, on held-out persons
DOUBTFUL = 0.045  # share of whole spines that may be said to be doubtful


@dataclass(frozen=True)
class Held:
    """A chain that was named by a network that did not see its person."""

    fold: int
    traits: tuple[float, ...]
    right: bool


def held_out(decoder, chains, fold):
    """Name of each view -> its chains, named."""
    found = {}
    for view, seen in measure.views(chains).items():
        rows = []
        for chain in seen:
            unary = decoder.fit(features.features(chain.bodies))
            steps = [decoder.route_scores(d) for d in features.lengths(chain.bodies)]
            share = decoder.share(unary, steps, decoder.best(unary, steps)[0])
            right = measure.outcome(decoder, chain).right
            rows.append(Held(fold, traits(share, chain.bodies), right))
        found[view] = rows
    return found


def fitted(views, without=None):
    """The calibration learned from held-out chains, those of one fold left out."""
    rows = [r for name in list(views)[:LEARNED_FROM] for r in views[name] if r.fold != without]
    return calibrate([r.traits for r in rows], [r.right for r in rows])


def crossed(views):
    """Name of each view -> (probability, right) of its chains, calibrated without their fold."""
    weights = {fold: fitted(views, fold) for fold in {r.fold for rows in views.values() for r in rows}}
    return {
        name: [(1 / (1 + np.exp(-np.dot(weights[r.fold], r.traits))), r.right) for r in rows]
        for name, rows in views.items()
    }


def thresholds(crossed_views):
    """(of whole spines, of cuts): below it levels are said to be doubtful."""
    names = list(crossed_views)
    whole = float(np.quantile([p for p, _ in crossed_views[names[0]]], DOUBTFUL))
    for cut in np.arange(0.5, 0.996, 0.005):
        wrong = [np.mean([p >= cut and not right for p, right in crossed_views[name]]) for name in names[1:]]
        if max(wrong) <= WRONG:
            break
    return round(whole, 3), round(float(cut), 3)


def build(data, work, docs, seed=1):
    """Writes naming.safetensors, docs/levels.md and its plots; prints the figures."""
    nets, views = [], {}
    everyone = spines.read(data, "training")
    for fold in range(spines.FOLDS):
        net = training.train(Naming(data, fold), Path(work) / f"ct-naming-{fold}.pt", seed, workers=0, precision="fp32")
        chains = [samples.labelled(s) for s in everyone if s.fold == fold]
        found = held_out(Decoder(parameters.parameters([net])), [c for c in chains if c is not None], fold)
        for name, rows in found.items():
            views.setdefault(name, []).extend(rows)
        nets.append(net)
    whole, cut = thresholds(crossed(views))
    parameters.save(parameters.parameters(nets, fitted(views)))
    figures = report.measured(Decoder(parameters.load()), spines.read(data, "validation"), whole, cut)
    held = {
        name: report.doubt_row(rows, whole if n == 0 else cut) for n, (name, rows) in enumerate(crossed(views).items())
    }
    report.write(Path(docs), figures, held, whole, cut)
    print((Path(docs) / "levels.md").read_text())
