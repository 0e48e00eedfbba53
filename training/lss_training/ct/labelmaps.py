"""Real label maps and meshes as shapes to paint: loading, one signed distance per vertebra, random deformation.

Label maps know no modality, so maps drawn on MR serve as well. What the maps do not hold (soft tissue, sacrum, ribs) comes from a procedural torso that
is laid over the map at the vertebra in question.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates, zoom

from lss_training.common.images import nifti
from lss_training.ct import anatomy as A
from lss_training.ct import meshes, painter, trunk

VERSE = {24: "L5", 23: "L4", 22: "L3", 21: "L2", 20: "L1", 19: "T12", 18: "T11", 17: "T10", 16: "T9"}
WHOLE = VERSE | {8 + n: f"T{1 + n}" for n in range(8)}  # of whole spines
MESHES = ("T7", "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5")  # P002 starts at T10
TOTALSEG = {27: "L5", 28: "L4", 29: "L3", 30: "L2", 31: "L1", 32: "T12"}


class Shape:
    """Signed distance of one vertebra on a small 1 mm grid."""

    def __init__(self, mask, spacing, pad_mm=8.0, smooth_mm=0.6):
        where = np.argwhere(mask)
        pad = np.ceil(pad_mm / np.array(spacing)).astype(int)
        low = where.min(0) - pad
        high = where.max(0) + 1 + pad
        inner = tuple(slice(max(a, 0), b) for a, b in zip(low, high))
        part = mask[inner].astype(np.float32)
        part = np.pad(part, [(max(0, -a), max(0, b - n)) for a, b, n in zip(low, high, mask.shape)])
        part = gaussian_filter(part, [max(0.3, smooth_mm / s) if s < 2.5 else 0.5 for s in spacing])
        fine = zoom(
            part,
            [n * s / round(n * s) for n, s in zip(part.shape, spacing)]
            and [round(n * s) / n for n, s in zip(part.shape, spacing)],
            order=1,
            grid_mode=True,
            mode="nearest",
        )
        inside = fine > 0.5
        d = distance_transform_edt(~inside) - distance_transform_edt(inside)
        d = np.where(d > 0, d - 0.5, d + 0.5)
        self.distance = gaussian_filter(np.clip(d, -A.CLIP, A.CLIP), 0.6).astype(np.float32)
        self.step = np.array([n * s / m for n, s, m in zip(part.shape, spacing, fine.shape)])
        self.origin = low * np.array(spacing) + 0.5 * self.step  # kji mm of the first fine voxel's centre
        self.centroid = (where.mean(0) + 0.5) * np.array(spacing)  # kji mm
        self.radius = 0.5 * np.linalg.norm(np.array(part.shape) * spacing)

    def at(self, points):
        """Distance at points (three arrays, kji mm)."""
        return map_coordinates(
            self.distance,
            [(p - o) / s for p, o, s in zip(points, self.origin, self.step)],
            order=1,
            mode="constant",
            cval=A.CLIP,
        )


class LabelCase:
    """shell: the map's CT holds its dense bone alone, everything below 200 HU is 0: what is dense is taken from it, the rest is painted."""

    def __init__(self, labels, spacing, levels, covers, name, complete=None, weight=1.0, ct=None, shell=None):
        self.name, self.weight, self.ct, self.spacing, self.shell = name, weight, ct, spacing, shell
        self.shapes = {
            level: Shape(labels == value, spacing) for value, level in levels.items() if (labels == value).sum() > 50
        }
        self.covers = covers  # levels whose procedural stand-ins must not be drawn
        self.targets = [level for level in self.shapes if complete is None or level in complete]
        self.limits = None if complete is None else np.array(labels.shape) * spacing

    def view(self, rng, spacing, stored, pose, pick):
        """Random vertebra, and the points (kji mm of this map) that a deformed grid around it reads: level, points, offset, centre."""
        level = self.targets[pick(rng, self.targets)]
        size = np.exp(rng.normal(0, 0.05)) * np.exp(rng.normal(0, 0.07, 3))
        shear = np.eye(3) + rng.normal(0, 0.05, (3, 3))
        matrix = np.diag(1 / size) @ shear @ pose
        centre = self.shapes[level].centroid
        axes = [(np.arange(n, dtype=np.float32) - (n - 1) / 2) * s for n, s in zip(stored, spacing)]
        offset = rng.normal(0, 3, 3)
        q = np.stack(np.meshgrid(*axes, indexing="ij")) + offset[:, None, None, None].astype(np.float32)
        p = [sum(np.float32(matrix[c, e]) * q[e] for e in range(3)) + np.float32(centre[c]) for c in range(3)]
        for c in range(3):  # gentle bending
            for _ in range(2):
                p[c] = p[c] + np.float32(rng.uniform(0, 2.0)) * np.sin(
                    q[int(rng.integers(3))] * np.float32(rng.uniform(0.02, 0.1)) + np.float32(rng.uniform(0, 6.3))
                )
        return level, p, offset, centre

    def distances(self, level, p, centre, spacing, stored):
        """Distances to the vertebra and to the nearest other one of the map."""
        reach = 0.5 * np.linalg.norm(np.array(stored) * spacing) * 1.2
        own = self.shapes[level].at(p)
        other = np.full(stored, A.CLIP, np.float32)
        for name, shape in self.shapes.items():
            if name != level and np.linalg.norm(shape.centroid - centre) < reach + shape.radius:
                other = np.minimum(other, shape.at(p))
        return own, other

    def photograph(self, rng, spacing, stored, pose, pick):
        """The map's own CT under the same deformations: HU and mask."""
        level, p, _, centre = self.view(rng, spacing, stored, pose, pick)
        own, other = self.distances(level, p, centre, spacing, stored)
        index = [c / s - 0.5 for c, s in zip(p, self.spacing)]
        hu = map_coordinates(self.ct, index, order=1, mode="constant", cval=-1024)
        outside = np.zeros(stored, bool)
        for c, n in zip(index, self.ct.shape):
            outside |= (c < -0.5) | (c > n - 0.5)
        hu[outside] = -1024
        if rng.random() < 0.5:
            hu = hu + painter.noise_field(rng, stored, rng.uniform(0.3, 1.2)) * rng.uniform(3, 35) * ~outside
        return hu, np.where(outside, 0, np.where(own < 0, 1, np.where(other < 0, 2, 0))).astype(np.uint8)

    def sample(self, rng, spacing, stored, pose, pick):
        """Scene around one vertebra of this map, deformed at random."""
        level, p, offset, centre = self.view(rng, spacing, stored, pose, pick)
        own, other = self.distances(level, p, centre, spacing, stored)
        # the procedural neighbour: soft tissue, ribs, sacrum; its vertebrae only where the map ends
        torso = A.Torso(rng)
        stand_in = level if any(v.level == level for v in torso.vertebrae) else "L4"
        n = torso.index(stand_in)
        turn = pose[::-1, ::-1]  # kji -> xyz
        around = torso.vertebrae[n].middle + turn @ offset[::-1]
        grid = A.Grid.centred(around, spacing, stored, turn)
        scene = torso.render(grid, skip=self.covers | {stand_in})
        real = np.minimum(own, other)
        outside = np.maximum(scene.bone, 2.0 - real)  # stand-ins keep their distance
        bone = np.minimum(real, outside)
        mine = real <= outside
        scene.kind[mine] = A.VERTEBRA
        scene.instance[:] = np.where(own < 0, 1, np.where(other < 0, 2, np.where(mine, 0, scene.instance)))
        soft = scene.soft
        soft[(real < 1.0) & (real > 0)] = A.LIGAMENT
        scene.bone = bone.astype(np.float32)
        scene.own = own
        if self.limits is not None:  # the map itself ends here: so does the image
            outside_map = np.zeros(stored, bool)
            for c in range(3):
                outside_map |= (p[c] < 0) | (p[c] > self.limits[c])
            scene.outside = outside_map
        if self.shell is not None:
            scene.dense = dense(self.shell, [c / s - 0.5 for c, s in zip(p, self.spacing)])
        return scene


def dense(shell, index):
    """(HU, share) of dense bone at points of a CT in which everything else is 0."""
    share = map_coordinates((shell > 0).astype(np.float32), index, order=1, mode="constant")
    return map_coordinates(shell, index, order=1, mode="constant") / np.maximum(share, 1e-3), share


def mixed(rng, hu, scene):
    """Painted values of a scene with the dense bone of a real CT, where it has that, in their place."""
    if scene.dense is None:
        return hu
    value, share = scene.dense
    return hu + share * (40 + (value - 40) * rng.uniform(0.6, 1.15) - hu)


def spine_meshes(data):
    """(name, label map, {value: level}) of the meshes of two spines."""
    for name in ("P001", "P002"):
        vertices, faces = meshes.read(Path(data) / f"shapes/verse_thoracolumbar/{name}-Spine.obj.gz")
        solids = meshes.parts(vertices, faces)
        names = MESHES[len(MESHES) - len(solids) :]
        yield name, meshes.label_map(vertices, solids), {n + 1: level for n, level in enumerate(names)}


def cases(data, names, work=None):
    """work: where the labels of the trunk are (trunk.py)."""
    data, out = Path(data), []
    lumbar = {"L1", "L2", "L3", "L4", "L5", "L6"}
    if "verse" in names:
        lab, sp = nifti(data / "ct/verse004_labels_only/vertebrae_verse_ids.nii.gz")
        out.append(LabelCase(lab.astype(int), sp, VERSE, lumbar | {"T12", "T11", "T10", "T9"}, "verse", weight=6))
    if "spider" in names:
        for n in (5, 7):
            lab = np.load(data / f"mr-spine/spider_label_volumes/BRATS_00{n}_seg.npy")[
                0
            ]  # (x, z or -z, y): sagittal slices first
            lab = lab.transpose(1, 2, 0)
            lab, levels = orient_spider(lab)
            out.append(LabelCase(lab, (0.58, 0.58, 4.0), levels, lumbar | {"T12"}, f"spider{n}", weight=1))
    if "crop" in names:
        lab, sp = nifti(data / "mr-spine/l_crop/vertebrae.nii.gz")
        lab = np.where(lab > 200, lab - 200, lab).astype(int)
        out.append(LabelCase(lab, sp, {5: "L2", 6: "L3", 7: "L4"}, lumbar, "crop", complete={"L3"}, weight=1))
    if "whole" in names:
        lab, sp = nifti(data / "ct/totalseg_s0327/labels.nii.gz")
        out.append(LabelCase(lab.astype(int), sp, WHOLE, set(WHOLE.values()), "s0327", weight=4))
    if "meshes" in names:
        for name, lab, levels in spine_meshes(data):
            out.append(LabelCase(lab, (1.0, 1.0, 1.0), levels, lumbar | set(levels.values()), name, weight=3))
        for path in sorted((data / "shapes/verse_L1").glob("*.ply.gz")):
            vertices, faces = meshes.read(path)
            lab = meshes.label_map(vertices, meshes.parts(vertices, faces)[:1])
            out.append(LabelCase(lab, (1.0, 1.0, 1.0), {1: "L1"}, set(), path.name, weight=0.3))
    if "shell" in names:
        lab, sp = nifti(data / "ct/totalseg_s0328/labels.nii.gz")
        shell = nifti(data / "ct/totalseg_s0328/ct_bone_only.nii.gz")[0].astype(np.float32)
        out.append(LabelCase(lab.astype(int), sp, VERSE, set(VERSE.values()), "s0328", weight=1, shell=shell))
    if "trunk" in names:
        lab, sp, ct = trunk.read(data, work)
        levels = {value: level for value, level in VERSE.items() if level not in ("T9", "T10", "T11")}
        out.append(LabelCase(lab.astype(int), sp, levels, set(VERSE.values()), "trunk", ct=ct))
    if "abdomen" in names:
        lab, sp = nifti(data / "ct/abdomen_3mm/totalseg_spine.nii.gz")
        out.append(
            LabelCase(
                lab.astype(int),
                sp,
                TOTALSEG,
                lumbar | {"T12"},
                "abdomen",
                weight=1,
                ct=nifti(data / "ct/abdomen_3mm/ct.nii.gz")[0].astype(np.float32),
            )
        )
    return out


def orient_spider(lab):
    """Rows become z up, columns y back: the canal (label 7) lies behind the bodies; label 1 is L5."""
    rows = {n: np.argwhere(lab == n).mean(0) for n in range(1, 8)}
    if rows[1][0] > rows[6][0]:  # L5 must come first when z goes up
        lab = lab[::-1]
    if rows[7][1] < rows[3][1] - 5:
        lab = lab[:, ::-1]
    return np.ascontiguousarray(lab), dict(zip(range(1, 7), ("L5", "L4", "L3", "L2", "L1", "T12")))
