"""The pool of cases."""

from __future__ import annotations

import numpy as np

from lss_training.common.pool import Pool


def pool(folder, **more):
    made = []

    def make(rng):
        value = rng.random()
        made.append(value)
        return {"value": np.array(value)} if value > 0.2 else None

    return Pool(folder, {"a": make, "b": make}, 3, **more), made


def test_a_case_depends_on_seed_kind_and_number_alone(tmp_path):
    one, _ = pool(tmp_path / "one")
    other, _ = pool(tmp_path / "other")
    backwards = [other.case("a", n)["value"] for n in (2, 1, 0)]
    assert [one.case("a", n)["value"] for n in (0, 1, 2)] == backwards[::-1]
    assert one.case("b", 0)["value"] != one.case("a", 0)["value"]


def test_a_case_is_made_once(tmp_path):
    cases, made = pool(tmp_path)
    first = cases.case("a", 0)["value"]
    count = len(made)
    assert cases.case("a", 0)["value"] == first
    assert len(made) == count


def test_a_draw_that_was_no_use_is_made_again(tmp_path):
    cases, _ = pool(tmp_path)
    assert all(cases.case("a", n)["value"] > 0.2 for n in range(20))


def test_new_cases_join_as_cases_are_drawn_and_old_ones_go(tmp_path):
    cases, _ = pool(tmp_path, first=2, renewal=0.5, limit=3)
    rng = np.random.default_rng(0)
    for drawn in range(40):
        cases.draw(rng, "a", drawn)
    left = sorted(int(p.stem[-6:]) for p in tmp_path.iterdir())
    assert max(left) <= 2 + 40 // 2
    assert min(left) >= 2 + 39 // 2 - 3
