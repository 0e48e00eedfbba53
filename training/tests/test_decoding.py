"""What the decoder of heat maps must do, on maps made of Gaussians."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lss_training.ct import decoding
from lss_training.ct.decoding import decode
from lss_training.ct.decoding_cases import CASES, heat_maps, text


def names(d):
    return [v.level for v in d.vertebrae]


def test_a_whole_lumbar_spine_is_named_and_anchored_twice():
    d = decode(heat_maps(*CASES["a whole lumbar spine is named and anchored twice"]), (4, 4, 4))
    assert (
        names(d) == ["L5", "L4", "L3", "L2", "L1", "T12", "T11", "T10"]
        and d.anchors == ["sacrum", "T12"]
        and d.doubts == []
    )
    assert np.allclose(d.vertebrae[0].centre, (16.9, 14.5, 15.2), atol=0.02)


def test_a_lumbar_spine_without_sacrum_and_ribs_is_named_but_not_anchored():
    d = decode(heat_maps(*CASES["a lumbar spine without sacrum and ribs is named but not anchored"]), (4, 4, 4))
    assert names(d) == ["L4", "L3", "L2"] and not d.anchored


def test_a_chest_has_no_lumbar_vertebra():
    assert decode(heat_maps(*CASES["a chest has no lumbar vertebra"]), (4, 4, 4)).lumbar == []


def test_nothing_stays_nothing():
    assert decode(heat_maps(*CASES["an empty map holds nothing"]), (4, 4, 4)).vertebrae == []
    assert decode(heat_maps(*CASES["one weak blob is nothing"]), (4, 4, 4)).vertebrae == []


def test_a_weak_vertebra_in_the_middle_is_kept():
    d = decode(heat_maps(*CASES["a weak vertebra in the middle is kept"]), (4, 4, 4))
    assert names(d) == ["L5", "L4", "L3", "L2", "L1", "T12", "T11"]


def test_a_sliver_at_the_first_slice_is_dropped():
    assert names(decode(heat_maps(*CASES["a sliver at the first slice is dropped"]), (4, 4, 4))) == ["L3", "L2", "L1"]


def test_a_sacrum_below_an_l4_is_a_doubt_and_renames_nothing():
    d = decode(heat_maps(*CASES["a sacrum below an L4 is a doubt and renames nothing"]), (4, 4, 4))
    assert names(d) == ["L4", "L3", "L2", "L1", "T12"] and "SACRUM_MISMATCH" in d.doubts and "sacrum" not in d.anchors


def test_names_without_evidence_are_ambiguous():
    d = decode(heat_maps(*CASES["names without evidence are ambiguous"]), (4, 4, 4))
    assert d.doubts == ["NO_SURE_LUMBAR"] and d.lumbar == []


def test_one_vertebra_between_t12_and_l1_is_no_lumbar_vertebra():
    d = decode(heat_maps(*CASES["one vertebra between T12 and L1 is no lumbar vertebra"]), (4, 4, 4))
    assert d.lumbar == []


def test_six_lumbar_vertebrae_are_a_doubt():
    assert "SIX_LUMBAR" in decode(heat_maps(*CASES["six lumbar vertebrae are a doubt"]), (4, 4, 4)).doubts


def test_a_half_vertebra_between_two_whole_ones_is_left_out():
    d = decode(heat_maps(*CASES["a half vertebra between two whole ones is left out"]), (4, 4, 4))
    assert names(d) == ["L5", "L4", "L3", "L2", "L1", "T12", "T11", "T10"] and d.doubts == []


def test_a_piece_of_the_sacrum_is_left_out_and_shifts_no_name():
    d = decode(heat_maps(*CASES["a piece of the sacrum is left out and shifts no name"]), (4, 4, 4))
    assert (
        names(d) == ["L5", "L4", "L3", "L2", "L1", "T12", "T11", "T10"] and abs(d.vertebrae[0].centre[0] - 20.9) < 0.1
    )


def test_a_vertebra_that_nobody_sees_is_bridged_and_counted():
    d = decode(heat_maps(*CASES["a vertebra that nobody sees is bridged and counted"]), (4, 4, 4))
    assert names(d)[:4] == ["L5", "L4", "L2", "L1"] and d.missed[:3] == [0, 1, 0]


def test_a_second_spine_is_a_doubt():
    assert "SECOND_CHAIN" in decode(heat_maps(*CASES["a second spine is a doubt"]), (4, 4, 4)).doubts


def close(found, expected):
    """Equal up to the last digits of logarithms."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(close(found[k], v) for k, v in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(close(a, b) for a, b in zip(found, expected))
    return found == pytest.approx(expected, abs=1e-5) if isinstance(expected, float) else found == expected


def test_the_golden_cases_of_the_library_are_those_of_this_decoder():
    root = Path(__file__).resolve().parents[2]
    (committed,) = (root / "lss-core/src/test/resources").rglob("decode_cases.json")
    assert close(json.loads(text()), json.loads(committed.read_text()))


def test_every_constant_of_the_resource_is_used():
    source = Path(decoding.__file__).read_text()
    assert all(f'CHAIN["{key}"]' in source for key in decoding.CHAIN)
    assert all(f'NAMING["{key}"]' in source for key in decoding.NAMING)
