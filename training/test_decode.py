"""What the decoder must do, on heat maps made of Gaussians (runs under pytest or alone; alone with a path it also writes the cases for other languages).

A map is a list of bumps [channel, k, j, i, height]: value = max over bumps of height * exp(-((dk^2 + dj^2 + di^2) * 16) / (2 * 49)), with 4 mm voxels.
"""
from __future__ import annotations

import json
import sys

import numpy as np

from decode import ANY, L1, L2, L3, L4, L5, S1, T12, THORACIC, decode

LADDER = [S1, L5, L4, L3, L2, L1, T12, THORACIC, THORACIC, THORACIC]


def draw(bumps, shape):
    g = np.stack(np.meshgrid(*[np.arange(n, dtype=np.float64) for n in shape], indexing="ij"))
    maps = np.zeros((9,) + tuple(shape))
    for c, k, j, i, height in bumps:
        d2 = np.square(g[0] - k) + np.square(g[1] - j) + np.square(g[2] - i)
        maps[c] = np.maximum(maps[c], height * np.exp(-d2 * 16.0 / 98.0))
    return maps.astype(np.float32)


def ladder(first, last, bottom=8.3, step=8.6, any_height=0.9, level_height=0.8, missing=()):
    """Bumps for LADDER[first..last], the lowest at k = bottom; the sacrum has no `any` bump."""
    bumps = []
    for n in range(first, last + 1):
        k, j, i = bottom + (n - first) * step, 14.2 + 0.3 * n, 15.4 - 0.2 * n
        if LADDER[n] != S1 and n not in missing:
            bumps.append([ANY, k, j, i, any_height])
        if n not in missing:
            bumps.append([LADDER[n], k, j, i, level_height])
    return bumps


def names(d):
    return [v.level for v in d.vertebrae]


CASES = {
    "a whole lumbar spine is named and anchored twice": (ladder(0, 8), (84, 30, 30)),
    "a lumbar spine without sacrum and ribs is named but not anchored": (ladder(2, 4), (32, 30, 30)),
    "a chest has no lumbar vertebra": (ladder(7, 9), (32, 30, 30)),
    "an empty map holds nothing": ([], (32, 30, 30)),
    "one weak blob is nothing": ([[ANY, 12.0, 14.0, 15.0, 0.4]], (32, 30, 30)),
    "a weak vertebra in the middle is kept": (ladder(0, 4) + [[ANY, 8.3 + 5 * 8.6, 15.7, 14.4, 0.15]] +
                                               [[c, 8.3 + n * 8.6, 14.2 + 0.3 * n, 15.4 - 0.2 * n, 0.8] for c, n in ((ANY, 6), (T12, 6), (ANY, 7), (THORACIC, 7))], (84, 30, 30)),
    "a sliver at the first slice is dropped": ([[ANY, 0.6, 14.0, 15.0, 0.45]] + ladder(3, 5, bottom=9.2), (40, 30, 30)),
    "a sacrum below an L4 is a doubt and renames nothing": ([[S1, 4.0, 14.0, 15.0, 0.45]] + ladder(2, 6, bottom=12.6), (56, 30, 30)),
    "names without evidence are ambiguous": (ladder(1, 5, level_height=0.0), (56, 30, 30)),
    "one vertebra between T12 and L1 is no lumbar vertebra": ([[ANY, 10.0, 14.0, 15.0, 0.8], [L1, 10.0, 14.0, 15.0, 0.4], [T12, 10.0, 14.0, 15.0, 0.35]], (22, 30, 30)),
    "six lumbar vertebrae are a doubt": ([[S1, 4.0, 14.0, 15.0, 0.9], [ANY, 12.0, 14.0, 15.0, 0.9], [L5, 12.0, 14.0, 15.0, 0.8], [ANY, 20.5, 14.0, 15.0, 0.9],
                                          [L5, 20.5, 14.0, 15.0, 0.5]] + ladder(2, 9, bottom=29.0), (104, 30, 30)),
    "a half vertebra between two whole ones is left out": (ladder(0, 8) + [[ANY, 8.3 + 3.5 * 8.6, 15.2, 14.7, 0.4]], (84, 30, 30)),
    "a piece of the sacrum is left out and shifts no name": (ladder(0, 8, bottom=12.3) + [[ANY, 12.3, 14.2, 15.4, 0.5], [L5, 12.3, 14.2, 15.4, 0.3]], (90, 30, 30)),
    "a second spine is a doubt": (ladder(1, 5, bottom=6.0) + [[ANY, 8.0 + 8.6 * n, 48.0, 46.0, 0.8] for n in range(5)], (56, 60, 60)),
}


def test_a_whole_lumbar_spine_is_named_and_anchored_twice():
    d = decode(draw(*CASES["a whole lumbar spine is named and anchored twice"]), (4, 4, 4))
    assert names(d) == ["L5", "L4", "L3", "L2", "L1", "T12", "thoracic", "thoracic"] and d.anchors == ["sacrum", "T12"] and d.doubts == []
    assert np.allclose(d.vertebrae[0].centre, (16.9, 14.5, 15.2), atol=0.02)


def test_a_lumbar_spine_without_sacrum_and_ribs_is_named_but_not_anchored():
    d = decode(draw(*CASES["a lumbar spine without sacrum and ribs is named but not anchored"]), (4, 4, 4))
    assert names(d) == ["L4", "L3", "L2"] and not d.anchored


def test_a_chest_has_no_lumbar_vertebra():
    assert decode(draw(*CASES["a chest has no lumbar vertebra"]), (4, 4, 4)).lumbar == []


def test_nothing_stays_nothing():
    assert decode(draw(*CASES["an empty map holds nothing"]), (4, 4, 4)).vertebrae == []
    assert decode(draw(*CASES["one weak blob is nothing"]), (4, 4, 4)).vertebrae == []


def test_a_weak_vertebra_in_the_middle_is_kept():
    d = decode(draw(*CASES["a weak vertebra in the middle is kept"]), (4, 4, 4))
    assert names(d) == ["L5", "L4", "L3", "L2", "L1", "T12", "thoracic"]


def test_a_sliver_at_the_first_slice_is_dropped():
    assert names(decode(draw(*CASES["a sliver at the first slice is dropped"]), (4, 4, 4))) == ["L3", "L2", "L1"]


def test_a_sacrum_below_an_l4_is_a_doubt_and_renames_nothing():
    d = decode(draw(*CASES["a sacrum below an L4 is a doubt and renames nothing"]), (4, 4, 4))
    assert names(d) == ["L4", "L3", "L2", "L1", "T12"] and "SACRUM_MISMATCH" in d.doubts and "sacrum" not in d.anchors


def test_names_without_evidence_are_ambiguous():
    d = decode(draw(*CASES["names without evidence are ambiguous"]), (4, 4, 4))
    assert "AMBIGUOUS_LEVELS" in d.doubts and "NO_SURE_LUMBAR" in d.doubts and d.lumbar == []


def test_one_vertebra_between_t12_and_l1_is_no_lumbar_vertebra():
    d = decode(draw(*CASES["one vertebra between T12 and L1 is no lumbar vertebra"]), (4, 4, 4))
    assert names(d) == ["thoracic"] and d.doubts == ["AMBIGUOUS_LEVELS", "NO_SURE_LUMBAR"]


def test_six_lumbar_vertebrae_are_a_doubt():
    assert "LUMBAR_COUNT_SIX" in decode(draw(*CASES["six lumbar vertebrae are a doubt"]), (4, 4, 4)).doubts


def test_a_half_vertebra_between_two_whole_ones_is_left_out():
    d = decode(draw(*CASES["a half vertebra between two whole ones is left out"]), (4, 4, 4))
    assert names(d) == ["L5", "L4", "L3", "L2", "L1", "T12", "thoracic", "thoracic"] and d.doubts == []


def test_a_piece_of_the_sacrum_is_left_out_and_shifts_no_name():
    d = decode(draw(*CASES["a piece of the sacrum is left out and shifts no name"]), (4, 4, 4))
    assert names(d) == ["L5", "L4", "L3", "L2", "L1", "T12", "thoracic", "thoracic"] and abs(d.vertebrae[0].centre[0] - 20.9) < 0.1


def test_a_second_spine_is_a_doubt():
    assert "SECOND_CHAIN" in decode(draw(*CASES["a second spine is a doubt"]), (4, 4, 4)).doubts


def write(path):
    out = []
    for name, (bumps, shape) in CASES.items():
        d = decode(draw(bumps, shape), (4, 4, 4))
        out.append({"name": name, "shape": shape, "spacing": [4, 4, 4], "bumps": bumps, "sacrum": d.sacrum, "anchors": d.anchors, "doubts": d.doubts, "margin": d.margin,
                    "vertebrae": [{"level": v.level, "centre": v.centre, "peak": v.peak, "support": v.support} for v in d.vertebrae]})
    with open(path, "w") as f:
        json.dump(out, f, indent=1, default=float)


if __name__ == "__main__":
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test()
            print("ok", name)
    if len(sys.argv) > 1:
        write(sys.argv[1])
