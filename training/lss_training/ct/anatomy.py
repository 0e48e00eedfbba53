"""Procedural torso: a parametric spine T1..S1 with ribs, sacrum, iliac bones and soft tissue, rendered at any grid.

Why: there is no large open set of labelled CTs that this project may use, but the shapes of vertebrae are well known. The networks learn
shapes and neighbourhoods from these bodies and from a few real label maps; `painter.py` gives them random CT values.

API
---
World coordinates are millimetres, x to the patient's Left, y to Posterior, z to Superior. Arrays are (k, j, i) = (z, y, x).

    torso = Torso(rng, scoliosis=None, lumbar=None)     # draws all sizes and the curvature; lumbar in {4, 5, 6}, default mostly 5
    torso = Torso(rng, pose=pose)                       # five lumbar vertebrae that stand as those of a real spine (poses.py)
    torso.vertebrae                                     # list from S1 upwards: .level ('S', 'L5', ..., 'T1'), .centre (body), .middle
                                                        #   (about the centroid of the whole vertebra), .frame (3x3, columns left/post/up)
    torso.index('L3')                                   # position in that list
    grid = Grid(origin, spacing, shape, rotation)       # origin: xyz of voxel (0,0,0); spacing, shape in (k,j,i); rotation 3x3 or None
    grid = Grid.centred(point_xyz, spacing, shape, rotation)
    scene = torso.render(grid, target=None, skip=())    # target: index of the vertebra whose own signed distance is wanted; skip: levels left out
    scene.tissue   uint8  tissue id (constants below), bones included
    scene.soft     uint8  the same before the bones were put in: what lies behind a bone's edge
    scene.instance uint8  0 = no vertebra, n + 1 = torso.vertebrae[n] (the sacrum is instance 1: level 'S')
    scene.bone     float32 signed distance (mm, negative inside, clipped at +-15) to the nearest bone of any kind
    scene.kind     uint8  kind of that nearest bone: VERTEBRA, RIB, SACRUM or ILIUM
    scene.own      float32 signed distance to the target vertebra (None without target)

Distances are approximate away from surfaces but smooth, so they may be interpolated and thresholded at 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

(
    AIR,
    FAT,
    MUSCLE,
    VISCERAL_FAT,
    LIVER,
    KIDNEY,
    SPLEEN,
    ARTERY,
    VEIN,
    BOWEL,
    GAS,
    ORAL_CONTRAST,
    LUNG,
    HEART,
    DISC,
    CANAL,
    CORD,
    LIGAMENT,
    VERTEBRA,
    RIB,
    SACRUM,
    ILIUM,
    TABLE,
    METAL,
    SKIN,
) = range(25)
BONES = (VERTEBRA, RIB, SACRUM, ILIUM)
CLIP = 15.0
LEVELS = [
    "S",
    "L6",
    "L5",
    "L4",
    "L3",
    "L2",
    "L1",
    "T12",
    "T11",
    "T10",
    "T9",
    "T8",
    "T7",
    "T6",
    "T5",
    "T4",
    "T3",
    "T2",
    "T1",
]
# forward lean of the level's upward normal in degrees, sagittal profile of an average adult
PITCH = {
    "S": 40,
    "L6": 30,
    "L5": 22,
    "L4": 10,
    "L3": 0,
    "L2": -8,
    "L1": -13,
    "T12": -14,
    "T11": -12,
    "T10": -8,
    "T9": -4,
    "T8": 2,
    "T7": 7,
    "T6": 12,
    "T5": 17,
    "T4": 20,
    "T3": 22,
    "T2": 22,
    "T1": 20,
}


def smooth_max(a, b, k):
    return np.maximum(a, b) + np.square(np.maximum(k - np.abs(a - b), 0)) / (4 * k)


def smooth_min(a, b, k):
    return np.minimum(a, b) - np.square(np.maximum(k - np.abs(a - b), 0)) / (4 * k)


def capsule(q, p0, p1, radii):
    """Signed distance (along rays from the axis) to a capsule with elliptic cross-section `radii` (x, y, z)."""
    p0, p1 = np.asarray(p0, np.float32), np.asarray(p1, np.float32)
    r = np.asarray(radii, np.float32)
    axis = (p1 - p0) / r
    length2 = float(axis @ axis) + 1e-6
    t = (
        (q[0] - p0[0]) * (axis[0] / r[0] / length2)
        + (q[1] - p0[1]) * (axis[1] / r[1] / length2)
        + (q[2] - p0[2]) * (axis[2] / r[2] / length2)
    )
    np.clip(t, 0, 1, out=t)
    full = scaled = None
    for c in range(3):
        v = q[c] - p0[c] - t * (p1[c] - p0[c])
        v *= v
        full = v if full is None else full + v
        w = v * (1 / r[c] ** 2)
        scaled = w if scaled is None else scaled + w
    full, scaled = np.sqrt(full), np.sqrt(scaled)
    return full * (1 - 1 / np.maximum(scaled, 0.05))


@dataclass
class Grid:
    origin: np.ndarray
    spacing: tuple
    shape: tuple
    rotation: np.ndarray | None = None

    @staticmethod
    def centred(point, spacing, shape, rotation=None):
        r = np.eye(3) if rotation is None else rotation
        half = np.array([(shape[2] - 1) * spacing[2], (shape[1] - 1) * spacing[1], (shape[0] - 1) * spacing[0]]) / 2
        return Grid(np.asarray(point, float) - r @ half, tuple(spacing), tuple(shape), rotation)

    def matrix(self):
        """Columns: world step of one voxel along i, j, k."""
        r = np.eye(3) if self.rotation is None else self.rotation
        return r * np.array([self.spacing[2], self.spacing[1], self.spacing[0]])

    def box(self, corners):
        """Index ranges (k, j, i) of the grid's part that holds the convex hull of world points, or None."""
        idx = np.linalg.solve(self.matrix(), (np.asarray(corners) - self.origin).T).T
        low, high = np.floor(idx.min(0)).astype(int)[::-1], np.ceil(idx.max(0)).astype(int)[::-1] + 1
        low, high = np.maximum(low, 0), np.minimum(high, self.shape)
        return None if np.any(low >= high) else tuple(slice(a, b) for a, b in zip(low, high))

    def local(self, box, centre, frame):
        """Coordinates of the box's voxels in a local frame: three arrays (x, y, z) of the box's shape."""
        m = frame.T @ self.matrix()
        t = frame.T @ (self.origin - centre)
        i = np.arange(box[2].start, box[2].stop, dtype=np.float32)[None, None, :]
        j = np.arange(box[1].start, box[1].stop, dtype=np.float32)[None, :, None]
        k = np.arange(box[0].start, box[0].stop, dtype=np.float32)[:, None, None]
        return [
            np.float32(m[c, 0]) * i + np.float32(m[c, 1]) * j + np.float32(m[c, 2]) * k + np.float32(t[c])
            for c in range(3)
        ]


@dataclass
class Vertebra:
    level: str
    centre: np.ndarray
    frame: np.ndarray
    p: dict
    warp: list = field(default_factory=list)

    @property
    def thoracic(self):
        return self.level[0] == "T"

    @property
    def middle(self):
        return self.centre + self.frame @ np.array([0, 0.62 * self.p["b"], -2.0])

    def corners(self):
        p = self.p
        if self.level == "S":
            low, high = (-75, -45, -105), (75, 60, 30)
        else:
            x = max(p["tp_x"], p["a"]) + p["tp_r"] + 6
            y = p["b"] + 2 * p["cd"] + p["sp_len"] + 12
            low, high = (-x, -p["b"] - 8, -p["h"] - p["disc"] - 24 - p["sp_drop"]), (x, y, p["h"] + p["disc"] + 14)
        return [
            self.centre + self.frame @ np.array([x, y, z], float)
            for x in (low[0], high[0])
            for y in (low[1], high[1])
            for z in (low[2], high[2])
        ]

    def distance(self, q):
        """Approximate signed distance at local points (x, y, z arrays)."""
        x, y, z = q
        warped = [x, y, z]
        for c, terms in enumerate(self.warp):
            for src, wave, phase, amplitude in terms:
                warped[c] = warped[c] + np.float32(amplitude) * np.sin(q[src] * np.float32(wave) + np.float32(phase))
        x, y, z = warped
        return sacrum_distance(x, y, z, self.p) if self.level == "S" else vertebra_distance(x, y, z, self.p)


def body_distance(x, y, z, p, smooth=2.0):
    """Vertebral body: squarish ellipse with a waist, lips, a flat posterior wall, wedge and concave endplates."""
    a, b, h = p["a"], p["b"], p["h"]
    xx, yy = np.square(x / a), np.square(y / b)
    rho2 = xx + yy - p["square"] * np.minimum(xx, 1) * np.minimum(yy, 1)
    rho = np.sqrt(np.maximum(rho2, 0.01))
    height = h * (1 + p["wedge"] * np.clip(y / b, -1.3, 1.3) + p["tilt"] * np.clip(x / a, -1.3, 1.3))
    rel = np.clip(z / height, -1.2, 1.2)
    size = (
        1
        - p["waist"] * (1 - rel * rel)
        + p["lip"]
        * np.square(np.square(rel))
        * np.square(rel)
        * (1 - 0.5 * np.clip(y / b, 0, 1))
        * (1 + p["lip_side"] * np.clip(x / a, -1, 1) + p["lip_top"] * rel)
    )
    radial = np.sqrt(x * x + y * y) * (1 - size / rho)
    back = y - b * (p["back"] + 0.05 * rel * rel) - p["back_dent"] * xx
    radial = smooth_max(radial, back, 3.0)
    bowl = np.maximum(1 - rho2, 0)
    top = z - height + p["bowl_top"] * bowl
    bottom = -z - height + p["bowl_bottom"] * bowl
    return smooth_max(radial, np.maximum(top, bottom), smooth)


def vertebra_distance(x, y, z, p):
    d = body_distance(x, y, z, p)
    u = np.abs(x)
    q = (u, y, z)
    b, h, cw, cd = p["b"], p["h"], p["cw"], p["cd"]
    back = b * p["back"] + 2 * cd  # y of the canal's posterior wall
    px = cw + p["ped_x"] * 0.75
    ped = capsule(q, (px, b * 0.55, p["ped_z"]), (px + 1, b + cd * 1.1, p["ped_z"] - 1), (p["ped_x"], 6, p["ped_h"]))
    lam = capsule(
        q,
        (px + 0.5, b + cd * 1.2, -1),
        (0, back + p["lam_t"], -h * p["lam_drop"]),
        (p["lam_t"], p["lam_t"], p["lam_h"]),
    )
    arch = smooth_min(ped, lam, 3.0)
    # spinous process: a plate in the sagittal plane, leaning down by `sp_drop` over its length, thicker at the tip
    s = (y - back) / p["sp_len"]
    drop = -h * p["lam_drop"] - p["sp_drop"] * np.clip(s, 0, 1.2)
    half = p["sp_h"] * (1 - 0.25 * np.clip(s, 0, 1)) if not p["thoracic"] else p["sp_h"] * (1 - 0.45 * np.clip(s, 0, 1))
    thick = p["sp_t"] * (1 + p["sp_tip"] * np.square(np.clip(s, 0, 1)))
    plate = smooth_max(np.abs(z - drop) - half, u - thick, 2.5)
    plate = smooth_max(plate, np.maximum(y - back - p["sp_len"], back + 1 - y), 2.5)
    arch = smooth_min(arch, plate, 2.5)
    tp = capsule(
        q,
        (px, b + cd * 0.9, p["ped_z"] * 0.5),
        (p["tp_x"], b + cd * 0.9 + p["tp_y"], p["tp_z"]),
        (p["tp_r"], p["tp_r"] * p["tp_flat"], p["tp_r"] * 1.25),
    )
    arch = smooth_min(arch, tp, 2.5)
    # facets: the upper pair lies outside and before the lower pair of the next vertebra above
    joint = h + p["disc"] * 0.5
    sap = capsule(
        q,
        (px + 1, b + cd * 1.15, 0),
        (px + p["sap_out"], b + cd * 1.25, joint + p["sap_up"]),
        (p["sap_r"], p["sap_r"] * 1.25, 5.0),
    )
    iap = capsule(
        q,
        (cw * 0.75, back + 1, -h * 0.3),
        (cw * 0.62 + p["iap_out"], back - 1 + p["iap_y"], -joint - p["iap_down"]),
        (p["iap_r"], p["iap_r"] * 0.95, 5.0),
    )
    arch = smooth_min(arch, sap, 2.0)
    arch = smooth_min(arch, iap, 2.0)
    # the canal stays free
    ring = np.sqrt(np.square(x / cw) + np.square((y - b * p["back"] - cd) / cd))
    arch = np.maximum(arch, (1 - ring) * min(cw, cd))
    return smooth_min(d, arch, 2.0)


def sacrum_distance(x, y, z, p):
    """Sacrum: S1 body, then a curved tapering plate with wings; foramina as holes."""
    u = np.abs(x)
    a, b, h = p["a"], p["b"], p["h"]
    body = body_distance(x, y, z, p)
    # curved axis: the plate bends backwards below S1, then forwards
    s = np.clip(-z / 95.0, 0, 1.1)
    axis = p["bend"] * np.sin(np.pi * np.clip(s, 0, 1)) * 0.9 + 4
    width = (p["wing"] * np.clip(1 - s, 0, 1) ** 0.8 + 9) * np.where(z > 0, np.clip(1.05 - z / 40.0, 0.2, 1.05), 1.0)
    thick = (b * 0.62) * (1 - 0.72 * s)
    bulk = smooth_max(u - width, np.abs(y - axis - 0.12 * u) - thick, 6.0)
    bulk = smooth_max(bulk, np.maximum(z - h * (0.75 - 0.25 * np.clip(u / p["wing"], 0, 1)), -z - 98), 4.0)
    for n, zz in enumerate((-14, -36, -56, -74)):
        hole = np.sqrt(np.square(u - (a * 0.78 - 2.2 * n)) + np.square((z - zz) * 0.9)) - (5.5 - 0.7 * n)
        bulk = np.maximum(bulk, -hole)
    back = b * p["back"] + 2 * p["cd"]
    crest = capsule((u, y, z), (0, back + 3, -4), (0, p["bend"] + 10, -62), (3.5, 9, 8))
    roof = capsule((u, y, z), (p["cw"] + 5, b * 0.7, -2), (0, back + 3, -10), (4, 4, 12))
    sap = capsule(
        (u, y, z),
        (p["cw"] + 6, b + p["cd"] * 0.9, -4),
        (p["cw"] + 8, b + p["cd"] * 1.25, h + p["disc"] * 0.5 + 5),
        (5, 6.5, 5),
    )
    d = smooth_min(smooth_min(body, bulk, 4.0), smooth_min(smooth_min(crest, roof, 3.0), sap, 3.0), 3.0)
    tube = np.sqrt(np.square(x / p["cw"]) + np.square((y - b * p["back"] - p["cd"]) / p["cd"])) - (1 - 0.6 * s)
    return np.maximum(d, np.where(z > -60, -tube * p["cd"], -CLIP))


def draw_vertebra(rng, level, base, style):
    """Sizes of one vertebra. `base` scales with the person, `style` holds the person's habits."""
    n = {name: i for i, name in enumerate(LEVELS)}[level]  # 0 sacrum, 6 L1, 14 T5
    up = np.clip(n - 2, 0, 12)  # levels above L5
    thoracic = level[0] == "T"
    jit = rng.uniform
    a = base["width"] / 2 * (1 - 0.036 * up) * jit(0.97, 1.03)
    b = base["depth"] / 2 * (1 - 0.022 * up) * jit(0.97, 1.03)
    h = base["height"] / 2 * (1 - 0.028 * np.clip(n - 4, 0, 10)) * jit(0.96, 1.04)
    if level == "S":
        h *= 0.95
    p = dict(
        a=a,
        b=b,
        h=h,
        thoracic=thoracic,
        disc=base["disc"] * (1 - 0.055 * up) * style["disc"][n],
        square=jit(0.15, 0.5),
        waist=style["waist"] * jit(0.8, 1.2),
        lip=style["lip"] * jit(0, 1),
        lip_side=jit(-0.8, 0.8),
        lip_top=jit(-0.5, 0.5),
        back=jit(0.8, 0.95),
        back_dent=jit(-1.5, 2.5),
        wedge=jit(-0.05, 0.05) + (-0.07 if level in ("L5", "S", "L6") else 0.03 if thoracic else 0),
        tilt=jit(-0.04, 0.04),
        bowl_top=jit(0.3, 3.0),
        bowl_bottom=jit(0.3, 3.5),
    )
    low = np.clip(up / 4, 0, 1)  # 0 at L5, 1 at L1 and above
    p.update(
        cw=(13.5 - 2.5 * low) * style["canal"] * jit(0.93, 1.07),
        cd=(8.3 + 0.3 * low) * style["canal"] * jit(0.93, 1.07),
        ped_x=(7.8 - 3.5 * low) * jit(0.85, 1.25),
        ped_h=(7.0 + 0.4 * low) * jit(0.88, 1.12),
        ped_z=h * jit(0.15, 0.4),
        lam_t=jit(3.0, 5.6),
        lam_h=(8.5 + 1.5 * low) * jit(0.85, 1.15),
        lam_drop=jit(0.3, 0.6),
    )
    p.update(
        sp_len=(28 + 5 * min(low * 2, 1)) * style["spinous"] * jit(0.88, 1.12),
        sp_h=(8 + 2.0 * low) * style["spinous"] * jit(0.85, 1.15),
        sp_drop=jit(1, 9),
        sp_t=jit(2.4, 5.0),
        sp_tip=jit(0.1, 0.9),
    )
    p.update(
        tp_x=(a + 17 * jit(0.75, 1.3)), tp_y=jit(2, 11), tp_z=jit(-2, 7), tp_r=jit(3.0, 5.2), tp_flat=jit(0.6, 0.95)
    )
    p.update(
        sap_out=jit(1.5, 4.5),
        sap_up=jit(2, 7),
        sap_r=jit(3.8, 6.4),
        iap_out=jit(0, 4.5) * (1 - 0.5 * low),
        iap_y=jit(-1, 2),
        iap_down=jit(3, 8.5),
        iap_r=jit(3.8, 6.6),
    )
    if level == "L5":
        p.update(tp_r=jit(3.6, 6.0), tp_x=a + jit(12, 22))
    if thoracic:
        t = np.clip((n - 7) / 3.0, 0, 1)  # 0 at T12, 1 at T9 and above
        p.update(
            sp_drop=4 + 20 * t * jit(0.7, 1.2),
            sp_h=9 - 2.5 * t,
            sp_len=(28 + 6 * t) * style["spinous"] * jit(0.85, 1.1),
            sp_t=jit(2, 3.2),
            tp_x=a * 0.9 + (5 + 12 * t) * jit(0.85, 1.2),
            tp_y=4 + 9 * t * jit(0.8, 1.2),
            tp_z=2 + 3 * t,
            tp_r=jit(3.4, 4.8),
            tp_flat=1.0,
            ped_z=h * jit(0.35, 0.55),
            sap_up=jit(0, 3),
            sap_out=jit(-1, 1.5),
            sap_r=jit(3, 4.6),
            iap_down=jit(2, 5),
            cw=10.5 * style["canal"],
            cd=8.2 * style["canal"],
        )
    if rng.random() < style["fracture"]:
        kind = rng.integers(3)
        loss = jit(0.12, 0.45)
        p["h"] *= 1 - loss * (0.55 if kind != 2 else 0.8)
        if kind == 0:
            p["wedge"] += loss * 0.5  # anterior collapse
        if kind == 1:
            p["bowl_top"] += loss * 12
            p["bowl_bottom"] += loss * 6
    if level == "S":
        p.update(wing=base["width"] * jit(0.92, 1.12), bend=jit(10, 24))
    return p


def rotation(pitch, roll, yaw):
    """Frame whose up axis leans forward by pitch, to the left by roll, turned about itself by yaw (degrees)."""
    p, r, w = np.radians([pitch, roll, yaw])
    rx = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    ry = np.array([[np.cos(r), 0, np.sin(r)], [0, 1, 0], [-np.sin(r), 0, np.cos(r)]])
    rz = np.array([[np.cos(w), -np.sin(w), 0], [np.sin(w), np.cos(w), 0], [0, 0, 1]])
    return ry @ rx @ rz


@dataclass
class Scene:
    tissue: np.ndarray
    instance: np.ndarray
    bone: np.ndarray
    kind: np.ndarray
    own: np.ndarray | None
    soft: np.ndarray | None = None
    outside: np.ndarray | None = None  # voxels beyond the image (label maps that end)
    dense: tuple | None = None  # (HU, share) of dense bone of a real CT


class Torso:
    """One random person."""

    def __init__(self, rng, scoliosis=None, lumbar=None, pose=None):
        self.rng_seed = int(rng.integers(1 << 31))
        u = rng.uniform
        lumbar = lumbar or (5 if pose else int(rng.choice([4, 5, 6], p=[0.03, 0.94, 0.03])))
        names = [n for n in LEVELS if not (n == "L6" and lumbar < 6) and not (n == "L5" and lumbar < 5)]
        size = u(0.87, 1.17)
        if pose:  # its bodies as large as its steps allow
            size = float(np.clip(np.mean([pose.step[n] for n in names if n in pose.step]) / 36.5, 0.75, 1.25))
        base = dict(
            width=51.5 * size * u(0.93, 1.07),
            depth=36 * size * u(0.92, 1.08),
            height=29.5 * size * u(0.93, 1.08),
            disc=u(7, 13) * size,
        )
        old = rng.random() < 0.4
        style = dict(
            waist=u(0.05, 0.14),
            lip=u(0, 0.38) if old else u(0, 0.05),
            canal=u(0.85, 1.15),
            spinous=size * u(0.9, 1.1),
            fracture=0.12 if rng.random() < 0.25 else 0.0,
            disc=np.clip(rng.normal(1, 0.1, len(LEVELS)), 0.6, 1.4),
        )
        if old:
            style["disc"] *= np.where(rng.random(len(LEVELS)) < 0.35, u(0.3, 0.7), 1)
        lordosis = u(0.35, 1.35)
        curve = abs(scoliosis) if scoliosis is not None else (u(0, 24) if rng.random() < 0.35 else u(0, 4))
        phase, wave = u(0, 2 * np.pi), u(0.35, 0.8)
        self.size, self.gap = size, u(0.4, 1.8)
        self.vertebrae = []
        previous = None
        for n, level in enumerate(names):
            p = draw_vertebra(rng, level, base, style)
            lean, roll = PITCH[level] * lordosis, curve * np.sin(phase + wave * n)
            if pose:
                lean, roll = pose.about(names, level, PITCH)
            f = rotation(
                lean + rng.normal(0, 1.5),
                roll + rng.normal(0, 0.8),
                0.5 * curve * np.sin(phase + wave * n + 0.6) + rng.normal(0, 1),
            )
            if previous is None:
                centre = np.zeros(3)
            else:
                gap = 0.5 * (previous.p["disc"] + p["disc"])
                if pose and previous.level in pose.step:
                    gap = float(np.clip(pose.step[previous.level] - previous.p["h"] - p["h"], 2, 18))
                p["disc_below"] = gap
                centre = (
                    previous.centre + previous.frame[:, 2] * (previous.p["h"] + gap / 2) + f[:, 2] * (p["h"] + gap / 2)
                )
            warp = [[(int(rng.integers(3)), u(0.04, 0.16), u(0, 6.28), u(0, 0.9)) for _ in range(3)] for _ in range(3)]
            previous = Vertebra(level, centre, f, p, warp)
            self.vertebrae.append(previous)
        centres = np.array([v.centre for v in self.vertebrae])
        shift = centres[self.index("L3")].copy()
        for v in self.vertebrae:
            v.centre = v.centre - shift
        self.centres = centres - shift
        self._draw_soft(rng)
        self._draw_ribs(rng)

    def index(self, level):
        return next(i for i, v in enumerate(self.vertebrae) if v.level == level)

    def _draw_soft(self, rng):
        u = rng.uniform
        s = self.size
        slim = rng.random() ** 1.2
        self.fat = 4 + 40 * slim * u(0.5, 1)
        self.soft = dict(
            half_width=125 * s + 30 * slim + u(-8, 12) + self.fat * 0.8,
            half_depth=82 * s + 55 * slim * u(0.5, 1) + u(-5, 8),
            back=70 * s + u(-6, 8) + 0.75 * self.fat,
            lean=u(0, 0.12),
            wall=u(6, 16),
            psoas=u(0.6, 1.3),
            back_muscle=u(0.8, 1.25),
            aorta=(u(0, 14), u(5, 13), u(7.5, 14)),
            cava=(u(-22, -8), u(4, 14), u(7, 14)),
            table=rng.random() < 0.6,
            table_gap=u(0, 10),
            canal_fat=rng.random() < 0.5,
        )
        blobs = []
        for _ in range(int(rng.integers(14, 40))):
            blobs.append(
                (
                    np.array([u(-95, 95) * s, u(-110, -32) * s, u(-190, 130)]),
                    u(9, 30, 3),
                    rotation(u(-90, 90), u(-90, 90), u(-90, 90)),
                    int(rng.choice([BOWEL, GAS, ORAL_CONTRAST], p=[0.62, 0.26, 0.12])),
                )
            )
        self.blobs = blobs
        t12 = self.centres[self.index("T12")]
        self.organs = [
            (np.array([-85 * s, -30 * s, t12[2] + u(-20, 35)]), np.array([75 * s, 85 * s, u(65, 95)]), LIVER),
            (np.array([100 * s, 5 * s, t12[2] + u(0, 45)]), np.array([28, 45, 50]) * s, SPLEEN),
            (
                np.array([62 * s + u(-6, 8), u(-8, 22), t12[2] - u(35, 70)]),
                np.array([26, 24, 52]) * s * u(0.85, 1.15),
                KIDNEY,
            ),
            (
                np.array([-62 * s + u(-8, 6), u(-8, 22), t12[2] - u(45, 85)]),
                np.array([26, 24, 52]) * s * u(0.85, 1.15),
                KIDNEY,
            ),
        ]
        self.dome = t12[2] + u(-5, 45)
        self.dome_drop = u(40, 75)

    def _draw_ribs(self, rng):
        """Each rib: a list of capsules (p0, p1, radius) in world coordinates."""
        self.ribs = []
        u = rng.uniform
        no_twelfth = rng.random() < 0.04
        short = u(0.12, 0.5)
        for v in self.vertebrae:
            if not v.thoracic:
                continue
            if v.level == "T12" and no_twelfth:
                continue
            reach = {"T12": short, "T11": u(0.6, 1.1), "T10": u(1.4, 2.0)}.get(v.level, u(1.9, 2.5))
            p = v.p
            for side in (-1, 1):
                head = (-1 if v.level in ("T11", "T12") else 1) * p["h"] * 0.1 + (
                    0 if v.level in ("T11", "T12") else p["h"] * 0.6
                )
                pts = [v.centre + v.frame @ np.array([side * (p["a"] + 1.5), p["b"] * 0.55, head])]
                tip = v.centre + v.frame @ np.array(
                    [side * (p["tp_x"] + 5), p["b"] + p["cd"] + p["tp_y"] - 3, p["tp_z"] - 2]
                )
                pts.append(0.5 * (pts[0] + tip) + v.frame @ np.array([0, -1.5, 1]))
                pts.append(tip)
                taper = 1 - 0.12 * max(0, 6 - int(v.level[1:]))  # the cage narrows towards the neck
                hw, hd = (self.soft["half_width"] - self.fat * 0.8 - 12) * taper, (self.soft["half_depth"] - 10) * taper
                cy = self.soft["back"] - self.fat * 0.8 - 14 - hd + v.centre[1]
                a0 = np.arctan2((tip[1] - cy) / hd, abs(tip[0] - v.centre[0]) / hw)
                drop = u(18, 40)
                for ang in np.arange(0.12, reach * (1 if side > 0 else u(0.9, 1.1)) + 0.06, 0.17):
                    a1 = a0 - ang
                    k = min(1.0, ang / 0.35)
                    edge = np.array(
                        [v.centre[0] + side * hw * np.cos(a1), cy + hd * np.sin(a1), v.centre[2] - drop * ang - 4]
                    )
                    prev_dir = tip + np.array([side * 26 * ang / 0.35, 2, -8 * ang])
                    pts.append(k * edge + (1 - k) * prev_dir)
                r = np.array([u(2.8, 4.2), u(2.8, 4.2), u(4.2, 6.5)])
                self.ribs.append([(pts[i], pts[i + 1], r) for i in range(len(pts) - 1)])

    # ------------------------------------------------------------------ rendering
    def render(self, grid, target=None, soft=True, skip=()):
        shape = grid.shape
        d1 = np.full(shape, CLIP, np.float32)
        d2 = np.full(shape, CLIP, np.float32)
        near = np.zeros(shape, np.uint8)
        kind = np.full(shape, VERTEBRA, np.uint8)
        own_box = None

        def put(box, d, instance, what):
            a, b, n, k = d1[box], d2[box], near[box], kind[box]
            closer = d < a
            b[...] = np.where(closer, a, np.minimum(b, d))
            a[...] = np.minimum(a, d)
            n[closer] = instance
            k[closer] = what

        tissue = self._soft(grid) if soft else np.full(shape, MUSCLE, np.uint8)
        self._between(grid, tissue)
        for n, v in enumerate(self.vertebrae):
            box = None if v.level in skip else grid.box(v.corners())
            if box is None:
                continue
            d = v.distance(grid.local(box, v.centre, v.frame)).astype(np.float32)
            put(box, d, n + 1, SACRUM if v.level == "S" else VERTEBRA)
            if n == target:
                own_box = (box, d)
        for rib in self.ribs:
            for p0, p1, r in rib:
                pad = r.max() + 6
                ends = np.array([p0, p1])
                low, high = ends.min(0) - pad, ends.max(0) + pad
                box = grid.box(
                    [[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])]
                )
                if box is None:
                    continue
                q = grid.local(box, np.zeros(3), np.eye(3))
                d = capsule(q, p0, p1, r)
                # pieces of one rib do not carve each other: only the first distance counts for the gap
                a, n, k = d1[box], near[box], kind[box]
                same = k == RIB
                closer = d < a
                b = d2[box]
                b[...] = np.where(closer & ~same, a, np.where(closer | same, b, np.minimum(b, d)))
                a[...] = np.minimum(a, d)
                n[closer] = 0
                k[closer] = RIB
        self._ilium(grid, put)
        carved = np.maximum(d1, 0.5 * (d1 - d2 + self.gap))
        inside = carved < 0
        tissue[(d1 < 1.2) & ~inside & (d2 < 3)] = LIGAMENT
        behind = tissue.copy()
        tissue[inside] = kind[inside]
        instance = np.where(inside & (near > 0), near, 0).astype(np.uint8)
        own = None
        if target is not None:
            own = np.full(shape, CLIP, np.float32)
            if own_box is not None:
                box, d = own_box
                mine = near[box] == target + 1
                rival = np.where(mine, d2[box], d1[box])
                own[box] = np.minimum(np.maximum(d, 0.5 * (d - rival + self.gap)), CLIP)
        return Scene(tissue, instance, np.minimum(carved, CLIP), kind, own, behind)

    def _ilium(self, grid, put):
        s = self.vertebrae[0]
        w = s.p["wing"]
        for side in (-1, 1):
            lean = np.radians(52)
            normal = np.array([side * np.sin(lean), -np.cos(lean), 0.0])  # of the plate, pointing outwards and forwards
            along = np.array([side * np.cos(lean), np.sin(lean), 0.0]) * -1
            f = np.stack([normal, np.cross([0, 0, 1], normal), np.array([0, 0, 1.0])], 1)
            c = s.centre + np.array([side * (w + 12), 22.0, -12.0]) - along * 8
            low, high = (-30, -70, -75), (30, 70, 65)
            box = grid.box(
                [
                    c + f @ np.array([x, y, z], float)
                    for x in (low[0], high[0])
                    for y in (low[1], high[1])
                    for z in (low[2], high[2])
                ]
            )
            if box is None:
                continue
            x, y, z = grid.local(box, c, f)
            rad = np.sqrt(np.square(y / 58) + np.square(z / 62))
            thick = 5 + 5 * np.clip(rad, 0, 1) ** 3
            d = smooth_max(np.abs(x - 0.0035 * y * y + 4) - thick, (rad - 1) * 56, 4.0)
            put(box, d.astype(np.float32), 0, ILIUM)

    def _between(self, grid, tissue):
        """Discs and the canal."""
        for lower, upper in zip(self.vertebrae[:-1], self.vertebrae[1:]):
            gap = upper.p["disc_below"]
            c = 0.5 * (
                lower.centre + lower.frame[:, 2] * lower.p["h"] + upper.centre - upper.frame[:, 2] * upper.p["h"]
            )
            f = 0.5 * (lower.frame + upper.frame)
            f = np.linalg.qr(f)[0] * np.sign(np.diag(np.linalg.qr(f)[1]))
            a, b = 0.5 * (lower.p["a"] + upper.p["a"]), 0.5 * (lower.p["b"] + upper.p["b"])
            r = max(a, b) + 3
            box = grid.box(
                [c + f @ np.array([x, y, z], float) for x in (-r, r) for y in (-r, r) for z in (-gap - 4, gap + 4)]
            )
            if box is not None:
                x, y, z = grid.local(box, c, f)
                part = tissue[box]
                part[
                    (np.square(x / (a + 1)) + np.square(y / (b + 1)) < 1) & (np.abs(z) < gap * 0.5 + 4) & (y < 0.85 * b)
                ] = DISC
            # the canal between the two body centres: an elliptic tube
            p0 = lower.centre + lower.frame @ np.array([0, lower.p["b"] * lower.p["back"] + lower.p["cd"], 0])
            p1 = upper.centre + upper.frame @ np.array([0, upper.p["b"] * upper.p["back"] + upper.p["cd"], 0])
            cw, cd = upper.p["cw"], upper.p["cd"]
            pad = cw + 4
            low, high = np.minimum(p0, p1) - pad, np.maximum(p0, p1) + pad
            box = grid.box([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
            if box is None:
                continue
            q = grid.local(box, np.zeros(3), np.eye(3))
            part = tissue[box]
            outer = capsule(q, p0, p1, (cw - 0.5, cd - 0.5, 4))
            inner = capsule(q, p0, p1, (cw * 0.72, cd * 0.74, 3))
            part[outer < 0] = VISCERAL_FAT if self.soft["canal_fat"] else CANAL
            part[inner < 0] = CANAL
            if upper.thoracic or upper.level == "L1":
                part[capsule(q, p0, p1, (4.5, 3.5, 2)) < 0] = CORD

    def _soft(self, grid):
        """Everything that is not bone: skin, fat, muscles, vessels, organs, lungs, table."""
        full = tuple(slice(0, n) for n in grid.shape)
        x, y, z = grid.local(full, np.zeros(3), np.eye(3))
        x, y, z = np.broadcast_arrays(x, y, z)
        cz = self.centres[:, 2]
        spine_x = np.interp(z, cz, self.centres[:, 0]).astype(np.float32)
        spine_y = np.interp(z, cz, self.centres[:, 1]).astype(np.float32)
        depth = float(self.vertebrae[self.index("L3")].p["b"])
        s, soft = self.size, self.soft
        u, v = x - spine_x, y - spine_y
        tissue = np.zeros(grid.shape, np.uint8)
        # the trunk stands straight: its centre follows the spine only in part
        bx, by = x - 0.3 * spine_x, y - 0.35 * spine_y
        cy = soft["back"] - soft["half_depth"]
        rad = np.sqrt(np.square(bx / soft["half_width"]) + np.square((by - cy) / soft["half_depth"]))
        furrow = 10 * np.exp(-np.square(bx / 14)) * np.clip((by - cy) / soft["half_depth"], 0, 1)
        edge = (rad - 1) * soft["half_depth"] + furrow
        tissue[edge < 0] = FAT
        tissue[np.abs(edge + 1) < 1] = SKIN
        inner = edge + self.fat * (0.6 + 0.4 * np.clip((by - cy) / soft["half_depth"], -1, 1))
        tissue[inner < 0] = MUSCLE
        wall = inner + soft["wall"]
        cavity = (wall < 0) & (v < 30 * s + 8)
        tissue[cavity] = VISCERAL_FAT
        m = soft["back_muscle"] * s
        au = np.abs(u)
        behind = (v > depth + 4) & (inner < 0)
        tissue[
            behind
            & (np.square((au - 34 * m) / (30 * m)) + np.square((v - depth - 34 * s) / (22 * m)) > 1)
            & (au > 16 * m)
        ] = FAT
        low = np.clip((self.centres[self.index("T12")][2] - z) / 150.0, 0, 1.2)
        ps = soft["psoas"] * s
        tissue[
            (
                np.square((au - (27 + 9 * low) * s) / ((3 + 15 * low) * ps + 0.5))
                + np.square((v - 4 + 6 * low) / ((6 + 16 * low) * ps))
                < 1
            )
        ] = MUSCLE
        ql = (low > 0.1) & (low < 1.0)
        tissue[ql & (np.square((au - 58 * s) / (9 * ps + 3)) + np.square((v - 26 * s) / (14 * s)) < 1)] = MUSCLE
        for pos, radii, what in self.organs:
            box = grid.box(
                [pos + np.array(c) * radii for c in np.ndindex(2, 2, 2)]
                + [
                    pos - radii,
                    pos + radii,
                    pos + radii * [1, -1, -1],
                    pos + radii * [-1, 1, -1],
                    pos + radii * [-1, -1, 1],
                    pos + radii * [1, 1, -1],
                    pos + radii * [1, -1, 1],
                    pos + radii * [-1, 1, 1],
                ]
            )
            if box is None:
                continue
            inside = (
                np.square((x[box] - pos[0]) / radii[0])
                + np.square((y[box] - spine_y[box] - pos[1]) / radii[1])
                + np.square((z[box] - pos[2]) / radii[2])
                < 1
            ) & cavity[box]
            tissue[box][inside] = what
        for pos, radii, f, what in self.blobs:
            r = radii.max()
            shift = np.array([0, np.interp(pos[2], cz, self.centres[:, 1]), 0])
            box = grid.box([pos + shift + np.array([a, b, c]) * r for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)])
            if box is None:
                continue
            q = grid.local(box, pos + shift, f)
            rr = np.square(q[0] / radii[0]) + np.square(q[1] / radii[1]) + np.square(q[2] / radii[2])
            free = cavity[box] & ((tissue[box] == VISCERAL_FAT) | (tissue[box] == BOWEL))
            tissue[box][(rr < 1) & free] = BOWEL
            if what != BOWEL:
                tissue[box][(rr < 0.75) & free] = what
        # lungs above the dome, deeper at the back and sides
        dome = self.dome - self.dome_drop * np.clip(
            np.square(bx / (0.75 * soft["half_width"])) + np.square(np.clip((by - cy) / soft["half_depth"], 0, 1)),
            0,
            1.2,
        )
        chest = (wall + 4 < 0) & (z > dome) & ((au > 0.85 * depth + 6) | (v < -depth - 22))
        tissue[chest] = LUNG
        heart = np.square((bx - 12) / 50) + np.square((by - cy + 30) / 45) + np.square((z - self.dome - 45) / 50) < 1
        tissue[heart & (z > dome)] = HEART
        top = self.centres[self.index("L4")][2] - 8
        ax, gap, r = soft["aorta"]
        pos = -depth - gap - r
        tissue[(np.square(u - ax) + np.square(v - pos) < r * r) & (z > top)] = ARTERY
        for side in (-1, 1):
            spread = np.clip((top - z) / 60, 0, 2) * 24 * side
            tissue[(np.square(u - ax * 0.5 - spread) + np.square(v - pos) < 30) & (z <= top + 4)] = ARTERY
        cx, gap, r = soft["cava"]
        tissue[
            (np.square((u - cx) / (r * 1.1)) + np.square((v + depth + gap + r * 0.6) / (r * 0.85)) < 1) & (z > top - 14)
        ] = VEIN
        if soft["table"]:
            yb = soft["back"] + 8 + soft["table_gap"]
            curve = by - yb + 0.0007 * bx * bx
            tissue[(np.abs(curve - 2) < 1.5) & (edge > 0)] = TABLE
        return tissue
