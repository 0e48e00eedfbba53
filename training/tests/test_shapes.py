"""Real shapes and poses: meshes to label maps, points to leans, and a torso that stands as told."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is not installed: shapes are not tested")

from lss_training.ct import anatomy, meshes  # noqa: E402
from lss_training.ct.poses import Pose, pose  # noqa: E402

CORNERS = np.array([[x, y, z] for x in (0.5, 10.5) for y in (0.5, 20.5) for z in (0.5, 30.5)])
SIDES = ((0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (0, 2, 6, 4), (1, 3, 7, 5))
BOX = np.array([t for a, b, c, d in SIDES for t in ((a, b, c), (a, c, d))])


def test_a_box_of_10_by_20_by_30_mm_fills_its_voxels_and_those_of_its_surface():
    found = meshes.label_map(CORNERS, [BOX])
    assert (found == 1).sum() == 11 * 21 * 31


def test_parts_are_told_apart_and_the_uppermost_comes_first():
    vertices = np.r_[CORNERS, CORNERS + [0, 0, 50]]
    solids = meshes.parts(vertices, np.r_[BOX, BOX + 8])
    found = meshes.label_map(vertices, solids)
    assert [np.argwhere(found == n)[:, 0].mean() > 50 for n in (1, 2)] == [True, False]


def test_obj_and_binary_ply_hold_the_same_mesh(tmp_path):
    obj = "".join(f"v {x} {y} {z}\n" for x, y, z in CORNERS) + "".join(
        f"f {a + 1}//1 {b + 1} {c + 1}\n" for a, b, c in BOX
    )
    head = f"ply\nformat binary_little_endian 1.0\nelement vertex {len(CORNERS)}\nproperty float x\nproperty float y\nproperty float z\n"
    head += f"element face {len(BOX)}\nproperty list uchar int vertex_indices\nend_header\n"
    body = CORNERS.astype("<f4").tobytes() + b"".join(struct.pack("<B3i", 3, *map(int, f)) for f in BOX)
    for name, text in (("a.obj.gz", obj.encode()), ("a.ply.gz", head.encode() + body)):
        with gzip.open(tmp_path / name, "wb") as f:
            f.write(text)
        vertices, faces = meshes.read(tmp_path / name)
        assert np.allclose(vertices, CORNERS) and np.array_equal(faces, BOX)


def test_a_line_that_leans_45_degrees_forwards_gives_that_lean_and_its_steps():
    down = np.array([[0, 10.0 * n, -10.0 * n] for n in range(3)])  # y grows to the back
    found = pose(["L3", "L4", "L5"], down)
    assert found.lean["L4"] == pytest.approx((45, 0))
    assert found.step == pytest.approx({"L4": np.sqrt(200), "L5": np.sqrt(200)})


def test_a_level_that_is_not_known_stands_as_usual_but_for_what_fades_of_its_neighbour():
    one = Pose({"L4": (16.0, 10.0)}, {})
    assert one.about(anatomy.LEVELS, "L3", {"L3": 0.0, "L4": 10.0}) == pytest.approx((0.7 * 6, 7))
    assert one.leaning(9).lean["L4"] == (16.0, 25.0)


def test_bodies_of_a_torso_lie_as_far_apart_as_its_pose_says():
    names = ["L5", "L4", "L3", "L2", "L1", "T12"]
    one = Pose(dict.fromkeys(names, (0.0, 0.0)), {n: 35.0 + k for k, n in enumerate(names)})
    torso = anatomy.Torso(np.random.default_rng(3), pose=one)
    for k, (low, high) in enumerate(zip(names, names[1:])):
        step = np.linalg.norm(torso.centres[torso.index(low)] - torso.centres[torso.index(high)])
        assert step == pytest.approx(35 + k, abs=1)
