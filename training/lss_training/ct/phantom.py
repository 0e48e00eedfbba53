"""A simple phantom CT family: every bone is a union of a few analytic primitives, so that any language can draw the same bodies exactly.

Coordinates: mm, x to the patient's Left, y to Posterior, z to Superior. A vertebra's local frame has its origin at the body's centre; the frame's up axis
leans forward by `pitch` (rotation about x) and to the left by `roll` (about y, applied after). All shapes are given by d(q), a distance-like number:
inside where d < 0, and within a bone's core where d < -shell. Voxel value = mix by cover(d) = clamp(0.5 - d / w, 0, 1), w = cube root of the voxel's volume:
    value = soft * (1 - cover(d)) + shellHu * (cover(d) - cover(d + shell)) + coreHu * cover(d + shell),   then Gaussian noise.
The label of a voxel is the bone with the smallest d where that is negative. Truth volumes: count voxels, or sample the same test finer.

    ph = Phantom(rng)                        # draws from RANGES; or Phantom(None, values={...}) for given numbers
    scene = ph.render(grid, target)          # as anatomy.Torso.render
    hu = ph.paint(scene, rng, spacing)
"""

from __future__ import annotations

import numpy as np

from lss_training.ct import anatomy as A

# name: (low, high); every sample draws each uniformly
RANGES = {
    "bodyHalfWidth": (19.0, 28.0),  # L5; each level above is 3.2 % smaller
    "bodyHalfDepth": (14.0, 19.5),  # L5; 1.8 % smaller per level
    "bodyHalfHeight": (11.5, 16.5),  # L5; 1.5 % smaller per level
    "waist": (0.04, 0.14),  # the middle of the body is narrower by this share
    "disc": (6.0, 12.0),  # gap between bodies; 4 % less per level
    "canalHalfWidth": (10.0, 13.5),
    "canalHalfDepth": (7.0, 9.5),
    "pedicleRadius": (4.0, 6.5),  # lumbar; thoracic x 0.9
    "laminaThickness": (2.5, 4.2),
    "laminaHalfHeight": (7.5, 10.5),
    "spinousLength": (24.0, 34.0),
    "spinousHalfHeight": (7.0, 11.0),
    "spinousHalfThickness": (2.5, 4.5),
    "spinousDropDeg": (2.0, 18.0),
    "transverseLength": (14.0, 24.0),
    "transverseRadius": (3.0, 4.8),
    "transverseUp": (-2.0, 5.0),
    "transverseBackDeg": (8.0, 30.0),
    "facetRadius": (3.8, 5.4),
    "facetUp": (2.0, 6.0),
    "facetDown": (3.0, 7.0),
    "lordosis": (0.4, 1.3),
    "scoliosisDeg": (-10.0, 10.0),
    "shell": (2.0, 2.5),
    "shellHu": (300.0, 550.0),
    "coreHu": (100.0, 220.0),
    "softHu": (20.0, 70.0),
    "discHu": (60.0, 120.0),
    "canalHu": (5.0, 35.0),
    "fatHu": (-120.0, -80.0),
    "trunkHalfWidth": (130.0, 190.0),
    "trunkHalfDepth": (95.0, 135.0),
    "noiseHu": (3.0, 45.0),
    "texture": (0.0, 30.0),
}
NAMES = ["S", "L5", "L4", "L3", "L2", "L1", "T12", "T11", "T10", "T9"]
LEAN = [40, 22, 10, 0, -8, -13, -14, -12, -8, -4]


def ellipsoid(q, c, r):
    return (np.sqrt(sum(np.square((q[n] - c[n]) / r[n]) for n in range(3))) - 1) * min(r)


def capsule(q, a, b, r):
    """Round capsule from a to b."""
    ab = [b[n] - a[n] for n in range(3)]
    t = np.clip(sum((q[n] - a[n]) * ab[n] for n in range(3)) / sum(v * v for v in ab), 0, 1)
    return np.sqrt(sum(np.square(q[n] - a[n] - t * ab[n]) for n in range(3))) - r


def box(q, c, half, degrees):
    """Box turned about x: its long axis (y) falls by `degrees`."""
    s, k = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    y, z = q[1] - c[1], q[2] - c[2]
    u, v = k * y - s * z, s * y + k * z
    return np.maximum(np.maximum(np.abs(q[0] - c[0]) - half[0], np.abs(u) - half[1]), np.abs(v) - half[2])


def body(q, a, b, h, waist):
    """Elliptic cylinder with a smooth waist."""
    z = np.clip(q[2] / h, -1.2, 1.2)
    size = 1 - waist * (1 - z * z)
    return np.maximum((np.sqrt(np.square(q[0] / a) + np.square(q[1] / b)) - size) * min(a, b), np.abs(q[2]) - h)


class PhantomVertebra(A.Vertebra):
    """Local shape; p holds plain numbers."""

    @property
    def middle(self):
        return self.centre + self.frame @ np.array([0, 0.6 * self.p["b"], -2.0])

    def corners(self):
        low, high = ((-70, -40, -90), (70, 60, 30)) if self.level == "S" else ((-65, -30, -45), (65, 85, 40))
        return [
            self.centre + self.frame @ np.array([x, y, z], float)
            for x in (low[0], high[0])
            for y in (low[1], high[1])
            for z in (low[2], high[2])
        ]

    def distance(self, q):
        p, v = self.p, self.p["v"]
        a, b, h, cw, cd = p["a"], p["b"], p["h"], v["canalHalfWidth"], v["canalHalfDepth"]
        u = (np.abs(q[0]), q[1], q[2])  # left and right are alike
        back = b + 2 * cd  # posterior wall of the canal
        if self.level == "S":
            parts = [
                body(q, a, b, h, v["waist"]),
                ellipsoid(u, (a + 8, 8, -20), (26, 20, 34)),
                ellipsoid(q, (0, 12, -50), (30, 13, 45)),
                capsule(u, (cw + 5, b + cd, 0), (cw + 7, b + cd * 1.2, h + p["disc"] * 0.5 + 4), 5.0),
            ]
            return np.minimum.reduce(parts)
        r = p["pedicle"]
        px, f = cw + 0.8 * r, v["facetRadius"]
        turn = np.radians(v["transverseBackDeg"])
        tx, ty = p["transverse"] * np.cos(turn), p["transverse"] * np.sin(turn)
        joint = h + 0.5 * p["disc"]
        length = v["spinousLength"]
        arch = [
            capsule(u, (px, 0.6 * b, 0.3 * h), (px, b + cd, 0.3 * h), r),  # pedicles
            box(
                u,
                (0.55 * cw, back + v["laminaThickness"], -0.35 * h),
                (0.75 * cw, v["laminaThickness"], v["laminaHalfHeight"]),
                0,
            ),  # laminae
            capsule(
                u, (px, b + cd, 0), (0.8 * cw, back + v["laminaThickness"], -0.2 * h), v["laminaThickness"] + 0.8
            ),  # their roots
            box(
                q,
                (0, back + 0.5 * length, -0.35 * h - 0.5 * length * np.sin(np.radians(p["drop"]))),
                (v["spinousHalfThickness"], 0.5 * length + 2, v["spinousHalfHeight"]),
                p["drop"],
            ),  # spinous process
            capsule(
                u, (px, b + cd, 0.2 * h), (px + r + tx, b + cd + ty, 0.2 * h + v["transverseUp"]), v["transverseRadius"]
            ),
            capsule(u, (px + 2, b + 1.2 * cd, 0), (px + 4, b + 1.3 * cd, joint + v["facetUp"] - f), f),  # upper facets
            capsule(u, (0.75 * cw, back, -0.3 * h), (0.7 * cw, back, -joint - v["facetDown"] + f), f),
        ]  # lower facets
        canal = (1 - np.sqrt(np.square(q[0] / cw) + np.square((q[1] - b - cd) / cd))) * min(cw, cd)
        return np.minimum(body(q, a, b, h, v["waist"]), np.maximum(np.minimum.reduce(arch), canal))


class Phantom(A.Torso):
    def __init__(self, rng, values=None):
        self.values = v = dict(values or {n: float(rng.uniform(*r)) for n, r in RANGES.items()})
        self.gap, self.vertebrae, self.ribs = 0.6, [], []
        at, before = np.zeros(3), None
        for n, (name, lean) in enumerate(zip(NAMES, LEAN)):
            up, thoracic = max(n - 1, 0), n >= 6
            p = dict(
                v=v,
                a=v["bodyHalfWidth"] * (1 - 0.032 * up),
                b=v["bodyHalfDepth"] * (1 - 0.018 * up),
                h=v["bodyHalfHeight"] * (1 - 0.015 * up),
                disc=v["disc"] * (1 - 0.04 * up),
                pedicle=v["pedicleRadius"] * (0.9 if thoracic else 1.0),
                transverse=v["transverseLength"] * (0.45 if name in ("T12", "T11") else 1.0),
                drop=v["spinousDropDeg"] + (8 if thoracic else 0),
            )
            frame = A.rotation(lean * v["lordosis"], v["scoliosisDeg"] * np.sin(0.7 * n), 0)
            if before is not None:
                p["disc_below"] = 0.5 * (p["disc"] + before.p["disc"])
                at = (
                    before.centre
                    + before.frame[:, 2] * (before.p["h"] + 0.5 * p["disc_below"])
                    + frame[:, 2] * (p["h"] + 0.5 * p["disc_below"])
                )
            before = PhantomVertebra(name, at, frame, p)
            self.vertebrae.append(before)
            if thoracic:  # ribs: straight capsules, backwards then downwards and outwards
                for side in (-1, 1):
                    reach = 45 if name == "T12" else 75
                    pts = [
                        at + frame @ np.array([side * x, y, z])
                        for x, y, z in (
                            (p["a"] + 5, 0.7 * p["b"], 3),
                            (p["a"] + 22, p["b"] + 22, 2),
                            (p["a"] + 22 + reach, p["b"] + 20, -0.45 * reach),
                        )
                    ]
                    self.ribs.append([(pts[i], pts[i + 1], np.array([4.0, 4.0, 4.0])) for i in range(2)])
        shift = self.vertebrae[3].centre.copy()
        for w in self.vertebrae:
            w.centre = w.centre - shift
        self.ribs = [[(a - shift, b - shift, r) for a, b, r in rib] for rib in self.ribs]
        self.centres = np.array([w.centre for w in self.vertebrae])
        self.soft = dict(canal_fat=False)
        self.organs = [] if rng is None else self._draw_organs(rng)

    def _soft(self, grid):
        """Elliptic trunk with skin, 15 mm of fat and a wall of muscle; muscles, vessels and organs that follow the spine; bowel loops at random."""
        x, y, z = np.broadcast_arrays(*grid.local(tuple(slice(0, n) for n in grid.shape), np.zeros(3), np.eye(3)))
        w, d = self.values["trunkHalfWidth"], self.values["trunkHalfDepth"]
        cz = self.centres[:, 2]
        u, v = x - np.interp(z, cz, self.centres[:, 0]), y - np.interp(z, cz, self.centres[:, 1])
        au, b = np.abs(u), self.vertebrae[3].p["b"]
        t12, l4 = cz[6], cz[2]
        ey = (y - 85 + d) / d
        r = np.sqrt(np.square(x / w) + np.square(ey))
        depth = (1 - r) * d - np.where((ey > 0.5) & (np.abs(x) < 45), 8 * np.exp(-np.square(x) / 200), 0)
        tissue = np.full(grid.shape, A.VISCERAL_FAT, np.uint8)
        for middle, radii, what in reversed(self.organs):  # the first of the list lies on top
            inside = sum(np.square((q - m) / n) for q, m, n in zip((x, y, z), middle, radii)) < 1
            tissue[inside] = what
        tissue[(z > t12 + 40 - 48 * np.square(x / (0.75 * w))) & (au > b + 8)] = A.LUNG
        front = -b - 16
        tissue[(z > l4 - 22) & (np.square((u + 15) / 11.5) + np.square((v - front + 2) / 9) < 1)] = A.VEIN
        spread = np.minimum(48, np.maximum(0, l4 - 8 - z) * 0.45)
        aorta = np.where(
            z > l4 - 8,
            np.square(u - 7) + np.square(v - front) < 9.5**2,
            np.square(au - 3 - spread) + np.square(v - front) < 36,
        )
        tissue[aorta] = A.ARTERY
        low = np.clip((t12 - z) / 150, 0, 1.2)
        psoas = np.square((au - 28 - 9 * low) / (3.5 + 15 * low)) + np.square((v - 4 + 6 * low) / (6 + 16 * low)) < 1
        quadratus = (low > 0.1) & (low < 1) & (np.square((au - 60) / 13) + np.square((v - 22) / 15) < 1)
        tissue[psoas | quadratus | (depth < 26)] = A.MUSCLE
        behind = v > b + 4
        back = (au < 14) | (np.square((au - 34) / 31) + np.square((v - b - 33) / 25) < 1)
        tissue[behind] = np.where(back, A.MUSCLE, A.FAT)[behind]
        tissue[depth < 15] = A.FAT
        tissue[depth < 1.6] = A.SKIN
        tissue[depth < 0] = A.AIR
        return tissue

    def _draw_organs(self, rng):
        u, t12 = rng.uniform, self.centres[6, 2]
        organs = [
            ((64, -6, t12 - 52), (25, 22, 52), A.KIDNEY),
            ((-64, -6, t12 - 66), (25, 22, 52), A.KIDNEY),
            ((-82, -30, t12 + 12), (62, 78, 74), A.LIVER),
            ((98, 8, t12 + 24), (24, 42, 44), A.SPLEEN),
        ]
        for loop in range(26):
            x, y, z, r, length = u(-92, 92), u(-110, -48), u(-170, t12 - 30), u(11, 21), u(1, 2)
            if loop % 3 == 0:
                organs.append(((x, y - 0.3 * r, z), (0.6 * r * length, 0.5 * r, 0.6 * r), A.GAS))
            organs.append(((x, y, z), (r * length, r, r), A.BOWEL))
        return organs

    def _between(self, grid, tissue):
        """Discs (elliptic cylinders in the gap, 1 mm narrower than the lower body) and the canal (capsules through the canal centres)."""
        v = self.values
        middle = [w.centre + w.frame @ np.array([0, w.p["b"] + v["canalHalfDepth"], 0]) for w in self.vertebrae]
        for n, w in enumerate(self.vertebrae[:-1]):
            box = grid.box(w.corners())
            if box is None:
                continue
            q = grid.local(box, w.centre, w.frame)
            gap = self.vertebrae[n + 1].p["disc_below"]
            part = tissue[box]
            part[
                (np.square(q[0] / (w.p["a"] - 1)) + np.square(q[1] / (w.p["b"] - 1)) < 1)
                & (q[2] > w.p["h"] - 1)
                & (q[2] < w.p["h"] + gap + 2)
            ] = A.DISC
            q = grid.local(box, np.zeros(3), np.eye(3))
            part[capsule(q, middle[n], middle[n + 1], v["canalHalfDepth"]) < 0] = A.CANAL

    def _ilium(self, grid, put):
        """The family has no iliac bones."""

    def paint(self, scene, rng, spacing):
        v = self.values
        soft = np.zeros(32, np.float32)
        fat, muscle = v["fatHu"], v["softHu"]
        for tissue, hu in (
            (A.AIR, -1000),
            (A.SKIN, muscle - 20),
            (A.FAT, fat),
            (A.VISCERAL_FAT, fat + 6),
            (A.MUSCLE, muscle),
            (A.LIGAMENT, muscle),
            (A.DISC, v["discHu"]),
            (A.CANAL, v["canalHu"]),
            (A.CORD, v["canalHu"] + 15),
            (A.LUNG, -830),
            (A.ARTERY, muscle + 100),
            (A.VEIN, muscle + 75),
            (A.KIDNEY, 165),
            (A.LIVER, 105),
            (A.SPLEEN, 115),
            (A.BOWEL, muscle - 15),
            (A.GAS, -850),
        ):
            soft[tissue] = hu
        w = float(np.prod(spacing) ** (1 / 3))
        cover, deep = np.clip(0.5 - scene.bone / w, 0, 1), np.clip(0.5 - (scene.bone + v["shell"]) / w, 0, 1)
        core = v["coreHu"] + v["texture"] * rng.standard_normal(scene.bone.shape, dtype=np.float32)
        return soft[scene.soft] * (1 - cover) + v["shellHu"] * (cover - deep) + core * deep
