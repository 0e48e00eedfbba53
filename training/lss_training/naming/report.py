"""docs/levels.md: what naming levels from points is worth on spines that nothing was learned from or tuned on. What it says of heat maps was measured on
2026-11-27 and is text."""

from __future__ import annotations

import numpy as np

from lss_training.naming import measure, plots, samples
from lss_training.naming.levels import LEVELS

LONG = 7  # from so many bodies on a chain is judged as a whole spine


def doubt_row(rows, least):
    """Chains, share right, said to be doubtful, wrong without being said to be, of (probability, right)."""
    p, right = np.array([r[0] for r in rows]), np.array([r[1] for r in rows], bool)
    return len(rows), right.mean(), (p < least).mean(), ((p >= least) & ~right).mean()


def measured(decoder, validation, whole, cut):
    """The figures on `validation`."""
    chains = [c for c in (samples.labelled(s) for s in validation) if c is not None]
    outcomes = {name: [measure.outcome(decoder, c) for c in seen] for name, seen in measure.views(chains).items()}
    rows = {
        name: doubt_row([(o.probability, o.right) for o in seen], whole if n == 0 else cut)
        for n, (name, seen) in enumerate(outcomes.items())
    }
    share, bodies = measure.identification(decoder, validation)
    first = next(iter(outcomes))
    return {
        "spines": len(validation),
        "bodies": bodies,
        "identification": share,
        "ceiling": measure.ceiling(validation),
        "rows": rows,
        "reliability": {name: measure.reliability(seen) for name, seen in outcomes.items()},
        "confusion": measure.confusion(outcomes[first]),
        "shifted": sum(not o.right and all(a != b for a, b in o.pairs if a != "S") for o in outcomes[first]),
        "wrong": sum(not o.right for o in outcomes[first]),
    }


def table(rows):
    lines = ["| seen | chains | right | said to be doubtful | wrong, not said |", "|---|---|---|---|---|"]
    for name, (count, right, doubtful, wrong) in rows.items():
        lines.append(f"| {name} | {count} | {100 * right:.1f} % | {100 * doubtful:.1f} % | {100 * wrong:.2f} % |")
    return "\n".join(lines)


def write(docs, f, held, whole, cut):
    """Writes levels.md and its two plots."""
    (docs / "levels-reliability.svg").write_text(plots.reliability(f["reliability"]))
    (docs / "levels-confusion.svg").write_text(plots.confusion(f["confusion"], LEVELS))
    (docs / "levels.md").write_text(
        TEXT.format(
            spines=f["spines"],
            bodies=f["bodies"],
            identification=100 * f["identification"],
            ceiling=100 * f["ceiling"],
            validation=table(f["rows"]),
            held=table(held),
            whole=whole,
            cut=cut,
            long=LONG,
            wrong=f["wrong"],
            shifted=f["shifted"],
        )
    )


TEXT = """# Naming the levels of a spine

Which vertebra is L5? `ct-vertebrae` answers in two steps: a network finds the vertebrae, and a decoder names the chain of
them. This page is about the decoder, which learned from real spines given as points (VID, 1962 spines of CT colonography,
VerSe and Pancreas-CT; CC BY-SA 4.0; Buergin, Prevost, Stollenga 2023), and about the probability that its names are right.

## How it names

A chain of bodies, from the head down, is a conditional random field. How well each of 27 names (C1 to C7, T1 to T13, L1 to
L6, a piece of the sacrum) fits each body is said by five small networks of one hidden layer, whose mean counts; they look
at the body and four neighbours on either side: types (cervical, thoracic, lumbar), pedicles, lengths of steps. How likely
and how long the step from one name to the next is stands in a table of routes; a route may pass over one or two vertebrae
that were missed. The best naming is found by dynamic programming; its probability is its share of the sum over all
namings, and a logistic regression on held-out persons calibrates it. Types and pedicles may be unknown: training withheld
them in part of its samples, cut chains to 2 to 12 bodies, dropped bodies, and made spines with 11 and 13 thoracic vertebrae.

On heat maps of `ct-vertebrae` the same decoder runs on the places of vertebrae alone, types and pedicles withheld; what the
maps say for each level, and for a sacrum below the chain, is added as logarithms. Cuts of real CTs showed that the maps
are right where a sacrum lies right below L5 and wrong in one chain of four where none does, as clear as they may look
then; so the probability depends on it. Levels with a probability below 0.9 are said to be doubtful. `LevelDecoder` in
lss-core and `lss_training/naming/decoder.py` are the same calculation, and a test holds them to 1e-5 of each other.

## On spines that nothing was learned from

`validation`, {spines} spines with {bodies} bodies, looked at once, when everything was fixed.

- Identification rate (the same level within 20 mm, over all true bodies): **{identification:.2f} %**. The detections alone
  allow {ceiling:.2f} %. Published on the same part: 97.19 % (a graph network).
- {wrong} of the whole spines have a wrong name somewhere; in {shifted} of them all names are shifted.

{validation}

A whole spine (from {long} bodies on) is said to be doubtful below a probability of {whole}, a cut below {cut}; both were chosen
on held-out persons of `training`. Whole spines are as they are, with five to ten bodies mostly; cuts are all runs of five
consecutive bodies of them. Wanted were at most 5 % of whole spines doubtful, and 99 % of cuts right or said to be doubtful.

![reliability](levels-reliability.svg)

Each dot: chains with about that probability, and how many of them were right; the larger the more.

![confusion](levels-confusion.svg)

Whole spines: true level down, given level across.

## The same on held-out persons of `training`

Five folds; each chain was named by the one network that had not seen its person, and calibrated by the others.

{held}

## On heat maps of real CTs

Four real CTs, whole and cut about the spine to 200 x 220, 160 x 200, 120 x 186, 80 x 186 and 80 x 120 mm (left-right x
front-back), over their whole height, over L1 to the sacrum, and over each five neighbours. Truth are the levels of the uncut
image, which were checked by eye or against labels. The localiser of 0.1.0 had trained on the abdomen, on nothing else of these. The
five numbers that join maps and places (`naming.places` to `naming.offsetWithout` in `decoding.properties`) were set on
these cuts and on painted cases, so this is no independent measure. `CtLevelsIT` repeats a part of it.

| image | cuts | levels right | doubtful | wrong, not said | probability |
|---|---|---|---|---|---|
| `acrin_flt_001`, a sacrum below the chain | 18 | 18 | 0 | 0 | 0.97 to 1.00 |
| `acrin_flt_001`, none | 24 | 12 | 24 | 0 | 0.61 to 0.78 |
| `abdomen_3mm`, a sacrum | 18 | 18 | 0 | 0 | 0.98 to 1.00 |
| `abdomen_3mm`, none | 6 | 6 | 6 | 0 | 0.76 to 0.77 |
| `l3_crop`, none | 12 | 12 | 12 | 0 | 0.69 to 0.70 |
| `aorta_t12`, none | 48 | 47 | 48 | 0 | 0.60 to 0.76 |

A CT without a sacrum is thus always said to be doubtful, unless everything speaks for one naming more clearly than in any
of these. Of 18 painted cases with a sacrum one was wrong and not said to be: a painted spine without a sacrum, whose L5
was taken for one. Cut to 80 mm over L2 to the sacrum, `acrin_flt_001` lost its L5, which was said to be doubtful (2 of 2).

The same with the localiser of `ct-vertebrae` 0.2.0, `ct-cuts` in `training/`; it has seen of these what 0.1.0 had. Here the chain is that of
the coarse network alone: slivers at a border, which the fine network drops later, count as wrong where they lie nearer to another
vertebra. A sacrum counts where the cut reaches 50 mm below L5. Constants but the height of a sixth lumbar vertebra are as they were.

| image | cuts | levels right | doubtful | wrong, not said | probability |
|---|---|---|---|---|---|
| `acrin_flt_001`, a sacrum | 12 | 11 | 2 | 0 | 0.59 to 1.00 |
| `acrin_flt_001`, none | 30 | 18 | 26 | 0 | 0.61 to 1.00 |
| `abdomen_3mm`, a sacrum | 12 | 10 | 0 | 2 | 0.91 to 1.00 |
| `abdomen_3mm`, none | 18 | 15 | 15 | 2 | 0.73 to 0.97 |
| `l3_crop`, none | 6 | 6 | 6 | 0 | 0.66 to 0.69 |
| `aorta_t12`, none | 48 | 48 | 48 | 0 | 0.61 to 0.77 |

## Anew

`python -m lss_training naming --data ../../shared/data` in `training/` trains, calibrates, measures and writes this page, the
plots and `naming.safetensors` (about an hour on one core). `python -m lss_training decoding-cases FOLDER` writes the library's golden
cases.
"""
