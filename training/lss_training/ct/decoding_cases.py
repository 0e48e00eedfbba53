"""Golden cases of the decoder: heat maps made of Gaussians, in words, and what the reference decoder makes of them.

A map is a list of Gaussians [channel, k, j, i, height]: value = max over them of height * exp(-((dk^2 + dj^2 + di^2) * 16) / (2 * 49)), with 4 mm
voxels. The library's own decoder must give the same (DecodingGoldenTest).
"""

from __future__ import annotations

import json

import numpy as np

from lss_training.ct.decoding import ANY, L1, L2, L3, L4, L5, S1, T12, THORACIC, decode

LADDER = [S1, L5, L4, L3, L2, L1, T12, THORACIC, THORACIC, THORACIC]


def heat_maps(gaussians, shape):
    g = np.stack(np.meshgrid(*[np.arange(n, dtype=np.float64) for n in shape], indexing="ij"))
    maps = np.zeros((9,) + tuple(shape))
    for c, k, j, i, height in gaussians:
        d2 = np.square(g[0] - k) + np.square(g[1] - j) + np.square(g[2] - i)
        maps[c] = np.maximum(maps[c], height * np.exp(-d2 * 16.0 / 98.0))
    return maps.astype(np.float32)


def ladder(first, last, bottom=8.3, step=8.6, any_height=0.9, level_height=0.8, missing=()):
    """Gaussians for LADDER[first..last], the lowest at k = bottom; the sacrum has no `any` Gaussian."""
    found = []
    for n in range(first, last + 1):
        k, j, i = bottom + (n - first) * step, 14.2 + 0.3 * n, 15.4 - 0.2 * n
        if LADDER[n] != S1 and n not in missing:
            found.append([ANY, k, j, i, any_height])
        if n not in missing:
            found.append([LADDER[n], k, j, i, level_height])
    return found


CASES = {
    "a whole lumbar spine is named and anchored twice": (ladder(0, 8), (84, 30, 30)),
    "a lumbar spine without sacrum and ribs is named but not anchored": (ladder(2, 4), (32, 30, 30)),
    "a chest has no lumbar vertebra": (ladder(7, 9), (32, 30, 30)),
    "an empty map holds nothing": ([], (32, 30, 30)),
    "one weak blob is nothing": ([[ANY, 12.0, 14.0, 15.0, 0.4]], (32, 30, 30)),
    "a weak vertebra in the middle is kept": (
        ladder(0, 4)
        + [[ANY, 8.3 + 5 * 8.6, 15.7, 14.4, 0.15]]
        + [
            [c, 8.3 + n * 8.6, 14.2 + 0.3 * n, 15.4 - 0.2 * n, 0.8]
            for c, n in ((ANY, 6), (T12, 6), (ANY, 7), (THORACIC, 7))
        ],
        (84, 30, 30),
    ),
    "a sliver at the first slice is dropped": ([[ANY, 0.6, 14.0, 15.0, 0.45]] + ladder(3, 5, bottom=9.2), (40, 30, 30)),
    "a sacrum below an L4 is a doubt and renames nothing": (
        [[S1, 4.0, 14.0, 15.0, 0.45]] + ladder(2, 6, bottom=12.6),
        (56, 30, 30),
    ),
    "names without evidence are ambiguous": (ladder(1, 5, level_height=0.0), (56, 30, 30)),
    "one vertebra between T12 and L1 is no lumbar vertebra": (
        [[ANY, 10.0, 14.0, 15.0, 0.8], [L1, 10.0, 14.0, 15.0, 0.4], [T12, 10.0, 14.0, 15.0, 0.35]],
        (22, 30, 30),
    ),
    "six lumbar vertebrae are a doubt": (
        [
            [S1, 4.0, 14.0, 15.0, 0.9],
            [ANY, 12.0, 14.0, 15.0, 0.9],
            [L5, 12.0, 14.0, 15.0, 0.8],
            [ANY, 20.5, 14.0, 15.0, 0.9],
            [L5, 20.5, 14.0, 15.0, 0.5],
        ]
        + ladder(2, 9, bottom=29.0),
        (104, 30, 30),
    ),
    "a half vertebra between two whole ones is left out": (
        ladder(0, 8) + [[ANY, 8.3 + 3.5 * 8.6, 15.2, 14.7, 0.4]],
        (84, 30, 30),
    ),
    "a piece of the sacrum is left out and shifts no name": (
        ladder(0, 8, bottom=12.3) + [[ANY, 12.3, 14.2, 15.4, 0.5], [L5, 12.3, 14.2, 15.4, 0.3]],
        (90, 30, 30),
    ),
    "a vertebra that nobody sees is bridged and counted": (
        ladder(0, 8, missing=(3,)),
        (84, 30, 30),
    ),
    "a second spine is a doubt": (
        ladder(1, 5, bottom=6.0) + [[ANY, 8.0 + 8.6 * n, 48.0, 46.0, 0.8] for n in range(5)],
        (56, 60, 60),
    ),
}


def text():
    """The cases and the decoder's answers as JSON."""
    out = []
    for name, (gaussians, shape) in CASES.items():
        d = decode(heat_maps(gaussians, shape), (4, 4, 4))
        vertebrae = [{"level": v.level, "centre": v.centre, "peak": v.peak} for v in d.vertebrae]
        case = {
            "name": name,
            "shape": shape,
            "spacing": [4, 4, 4],
            "gaussians": gaussians,
            "sacrum": d.sacrum,
            "anchors": d.anchors,
        }
        answer = {"doubts": d.doubts, "probability": d.probability, "missed": d.missed, "vertebrae": vertebrae}
        out.append(case | answer)
    return json.dumps(out, indent=1, default=float)
