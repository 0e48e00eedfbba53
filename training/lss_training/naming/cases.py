"""Golden cases of the decoder of places: made-up chains and how they are named. The library must give the same (LevelDecoderGoldenTest)."""

from __future__ import annotations

import json

import numpy as np

from lss_training.naming import features, parameters
from lss_training.naming.decoder import Decoder
from lss_training.naming.features import Bodies
from lss_training.naming.levels import LEVELS

COUNT = 50
USUAL = [level for level in LEVELS if level not in ("T13", "L6", "S")]


def step_mm(upper):
    """Made-up distance of a vertebra to the next one below."""
    return {"C": 16.0, "T": 20.0, "L": 34.0}[upper[0]] + (1.1 * int(upper[1:]) if upper[0] == "T" else 0)


def made_up(rng):
    """Bodies of a made-up chain: any part of the spine, some with T13 or L6, some with a body missed, types and pedicles known or not."""
    levels = list(USUAL)
    if rng.random() < 0.15:
        levels.insert(levels.index("L1"), "T13")
    if rng.random() < 0.15:
        levels.append("L6")
    count = int(rng.integers(1, 13))
    first = int(rng.integers(len(levels) - count + 1)) if rng.random() < 0.4 else len(levels) - count
    levels = levels[first : first + count]
    z = -np.cumsum([0] + [step_mm(level) for level in levels[:-1]]) + rng.normal(0, 1.5, count)
    centres = np.stack([rng.normal(0, 2, count), 25 * np.sin(np.arange(count) / 3) + rng.normal(0, 1, count), z], 1)
    kind = np.array(["CTL".index(level[0]) for level in levels])
    types = np.clip(np.eye(3)[kind] * rng.uniform(0.5, 0.97) + rng.uniform(0, 0.4, (count, 3)), 0.01, 0.99)
    width = np.array([13 + 0.8 * k for k in kind])[:, None]
    left, right = (centres + side * width * [1, 0, 0] + [0, 23, 4] + rng.normal(0, 1, (count, 3)) for side in (1, -1))
    for pedicles in (left, right):
        pedicles[rng.random(count) < rng.choice([0, 0.3, 1])] = np.nan
    if rng.random() < 0.4:
        types[:] = np.nan
    kept = np.ones(count, bool)
    if count > 3 and rng.random() < 0.25:
        kept[rng.integers(1, count - 1)] = False
    return Bodies(*(np.round(a[kept], 3) for a in (centres, types, left, right)))


def _row(values):
    return None if np.isnan(values[0]) else values.tolist()


def text(decoder=None, seed=7):
    """The cases and the decoder's answers as JSON, one case a line."""
    decoder, rng, lines = decoder or Decoder(parameters.load()), np.random.default_rng(seed), []
    for _ in range(COUNT):
        b = made_up(rng)
        unary = decoder.fit(features.features(b))
        steps = [decoder.route_scores(d) for d in features.lengths(b)]
        naming = decoder.name_bodies(b)
        share = decoder.share(unary, steps, [LEVELS.index(level) for level in naming.levels])
        bodies = [
            dict(zip(("centre", "types", "left", "right"), map(_row, parts)))
            for parts in zip(b.centres, b.types, b.left, b.right)
        ]
        answer = {"levels": naming.levels, "missed": naming.missed, "total": decoder.total(unary, steps)}
        answer |= {"share": share, "probability": naming.probability}
        lines.append(json.dumps({"bodies": bodies} | answer))
    return "[\n" + ",\n".join(lines) + "\n]\n"
