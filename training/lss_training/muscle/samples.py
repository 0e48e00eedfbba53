"""Training samples: an axial slice on the network's grid, painted around a label map or real, its codes, z-score over the field of view."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from lss_training.common import images
from lss_training.common.pool import Pool
from lss_training.muscle import codes, maps, painter

SIZES = ((256, 320), (256, 320), (224, 256), (192, 192), (288, 384))
CANVAS = (288, 400)
SHARES = {"four": 0.36, "two": 0.24, "ct": 0.07, "real": 0.25, "none": 0.08}


class Maker:
    """Makes samples; `everything`: also from what the measured weights must not see. Painted bodies are slow to make and kept in a folder of `work`."""

    def __init__(self, data, work, seed, everything):
        data = str(data)
        makers = {"four": self._four, "two": self._two}
        self.pool = Pool(
            work / ("muscle-all" if everything else "muscle"), makers, seed, first=40, renewal=0.12, limit=4000
        )
        volumes = {n: s for n, s in maps.volumes(data).items() if everything or n != maps.HELD_OUT_VOLUME}
        self.four = list(volumes.values())
        self.donors = [one for slices in self.four for one in slices]
        self.two = [m for person, m in maps.planes(data) if everything or not maps.held_out(person)]
        self.ct = ct_slices(data)
        self.real = dixon_slices(data) + (body_slices(data) if everything else [])
        self.none = without_muscles(data)

    def sample(self, rng, size, drawn):
        """(image 1 x H x W in z-score, codes H x W), when `drawn` samples have been drawn before."""
        source = rng.choice(list(SHARES), p=list(SHARES.values()))
        if source in ("four", "two"):
            body = self.pool.draw(rng, source, int(drawn * SHARES[source]))
            image, target, field = seen(rng, body)
        else:
            image, target, field = getattr(self, "_" + source)(rng)
        if rng.random() < 0.5:
            image, target = image[:, ::-1], codes.MIRRORED[target[:, ::-1]]
            field = (field[0], field[1], image.shape[1] - field[3], image.shape[1] - field[2])
        image, target, inside = placed(rng, image, target, field, size)
        image = painter.degraded(rng, image)
        shown = image[inside]
        z = (image - shown.mean()) / max(shown.std(), 1e-6)
        z = np.where(inside, z * np.exp(rng.normal(0, 0.15)) + rng.normal(0, 0.15), 0)
        return z[None].astype(np.float32), np.where(inside, target, 0).astype(np.uint8)

    def _four(self, rng):
        slices = self.four[rng.integers(len(self.four))]
        return self._painted(rng, slices[rng.integers(len(slices))])

    def _two(self, rng):
        plane = self.two[rng.integers(len(self.two))]
        if rng.random() < 0.6:
            plane = maps.completed(rng, plane, self.donors)
        return self._painted(rng, plane)

    def _painted(self, rng, muscles):
        canvas, field = on_canvas(muscles)
        canvas = bent(rng, canvas)
        whole = field == (0, CANVAS[0], 0, CANVAS[1])
        tissue, target = painter.anatomy(rng, canvas, quadratus=whole)
        share = painter.fat_shares(rng, tissue, target)
        return {"tissue": tissue, "share": share.astype(np.float16), "target": target, "field": np.array(field)}

    def _ct(self, rng):
        tissue, share, target = self.ct[rng.integers(len(self.ct))]
        tissue = tissue.copy()
        share = np.clip(share + rng.normal(0, 0.05) * (target > 0), 0, 1)
        return painter.signal(rng, tissue, share), target, (0, target.shape[0], 0, target.shape[1])

    def _real(self, rng):
        images, target = self.real[rng.integers(len(self.real))]
        image = images[0]
        if len(images) > 1:  # water and fat: any mixture of them is a contrast
            water, fat = images
            kind = rng.random()
            weights = rng.uniform(0.2, 1, 2)
            weights[rng.integers(2)] *= 0 if kind < 0.35 else 1
            image = np.abs(water - fat) if kind > 0.88 else weights[0] * water + weights[1] * fat
        return image, target, (0, target.shape[0], 0, target.shape[1])

    def _none(self, rng):
        image = self.none[rng.integers(len(self.none))]
        return image, np.zeros(image.shape, np.uint8), (0, image.shape[0], 0, image.shape[1])


def seen(rng, body):
    """(image, codes, field of view) of a painted body, by some sequence."""
    image = painter.signal(rng, body["tissue"], body["share"].astype(np.float32))
    return painter.textured(rng, image), body["target"], tuple(int(n) for n in body["field"])


def on_canvas(muscles):
    """The map in the middle of an empty canvas, and the field of view (rows, columns) beyond which its muscles are cut off."""
    canvas = np.zeros(CANVAS, np.uint8)
    rows, columns = np.where(muscles > 0)
    shift = [
        round(c / 2 + extra - (x.min() + x.max()) / 2)
        for c, x, extra in zip(CANVAS, (rows, columns), (35, 0), strict=True)
    ]
    field, spans = [], []
    for axis in range(2):
        a, b = shift[axis], shift[axis] + muscles.shape[axis]
        low, high = max(0, a), min(CANVAS[axis], b)
        spans.append((slice(low, high), slice(low - a, high - a)))
        lines = np.moveaxis(muscles > 0, axis, 0)
        field += [low if lines[:2].any() else 0, high if lines[-2:].any() else CANVAS[axis]]
    canvas[spans[0][0], spans[1][0]] = muscles[spans[0][1], spans[1][1]]
    return canvas, tuple(field)


def bent(rng, target):
    """Smooth deformation of the muscles."""
    if rng.random() < 0.2:
        return target
    strength, cells = rng.uniform(1, 7), int(rng.integers(3, 7))
    v, u = np.indices(target.shape, dtype=np.float32)
    v = v + strength * painter.smooth_noise(rng, target.shape, cells)
    u = u + strength * painter.smooth_noise(rng, target.shape, cells)
    return ndimage.map_coordinates(target, [v, u], order=0, mode="constant")


def placed(rng, image, target, field, size):
    """(image, codes, field of view) of a window: turned, scaled, cut to a field of view; outside of it nothing is known and nothing is there."""
    h, w = size
    v, u = np.meshgrid(np.arange(h, dtype=np.float32) - h / 2, np.arange(w, dtype=np.float32) - w / 2, indexing="ij")
    angle = np.deg2rad(rng.normal(0, 7))
    scale, stretch = np.exp(rng.normal(0, 0.14)), np.exp(rng.normal(0, 0.06))
    muscles = np.argwhere((target > 0) & (target < codes.NO_QUADRATUS))
    if len(muscles):
        centre = muscles.mean(0) + rng.normal(0, (18, 12)) - (rng.uniform(0, 40), 0)
    else:
        centre = rng.uniform(0.3, 0.7, 2) * image.shape
    rows = (v * np.cos(angle) - u * np.sin(angle)) * scale * stretch + centre[0]
    columns = (v * np.sin(angle) + u * np.cos(angle)) * scale / stretch + centre[1]
    seen = (rows >= field[0]) & (rows <= field[1] - 1) & (columns >= field[2]) & (columns <= field[3] - 1)
    narrow = rng.random() < 0.35  # the field of view ends before the window does
    inside = np.zeros(size, bool)
    if narrow:
        reach = [int(n * rng.uniform(0.55, 1.0)) for n in size]
        top, left = (int(rng.uniform(0, n - r + 1)) for n, r in zip(size, reach, strict=True))
        inside[top : top + reach[0], left : left + reach[1]] = True
    else:
        inside[:] = True
    whole = field == (0, image.shape[0], 0, image.shape[1])
    if not whole:  # what lies beyond the map is not known: a rectangle of the window that holds no such pixel
        inside &= _rectangle(seen)
    if inside.sum() < 2500:
        inside = seen if seen.sum() > 2500 else np.ones(size, bool)
    flat = ndimage.map_coordinates(image, [rows, columns], order=1, mode="constant", cval=0)
    r, c = np.rint(rows).astype(int), np.rint(columns).astype(int)
    known = (r >= 0) & (r < image.shape[0]) & (c >= 0) & (c < image.shape[1])
    found = np.zeros(size, np.uint8)
    found[known] = target[r[known], c[known]]
    return flat, found, inside


def _rectangle(seen):
    """A large axis-parallel rectangle inside a convex mask: rows and columns are dropped from the side that lacks most."""
    top, bottom, left, right = 0, seen.shape[0], 0, seen.shape[1]
    while bottom - top > 8 and right - left > 8 and not seen[top:bottom, left:right].all():
        part = ~seen[top:bottom, left:right]
        lacks = (part[0].mean(), part[-1].mean(), part[:, 0].mean(), part[:, -1].mean())
        worst = int(np.argmax(lacks))
        top, bottom = top + (worst == 0), bottom - (worst == 1)
        left, right = left + (worst == 2), right - (worst == 3)
    box = np.zeros(seen.shape, bool)
    box[top:bottom, left:right] = True
    return box


def ct_slices(data):
    """(tissues, shares of fat, codes) of a CT's axial slices from L1 to L5: fat by its density, the rest by a peer's labels."""
    hu, spacing = images.nifti(f"{data}/ct/abdomen_3mm/ct.nii.gz")
    labels, _ = images.nifti(f"{data}/ct/abdomen_3mm/totalseg_all.nii.gz")
    hu, labels = hu.astype(np.float32), np.rint(labels).astype(int)
    name = painter.NAMES.index
    found = []
    for k in np.flatnonzero(np.isin(labels, range(27, 32)).any((1, 2))):
        one = maps.to_spacing(hu[k], spacing[1:], order=1)
        l = maps.to_spacing(labels[k], spacing[1:])
        tissue = np.full(one.shape, name("muscle"), np.uint8)
        tissue[np.isin(l, (1, 2, 3, 4, 5, 7))] = name("organ")
        tissue[np.isin(l, (6, 18, 19, 20))] = name("bowel")
        tissue[np.isin(l, range(52, 69))] = name("vessel")
        tissue[l == 79] = name("fluid")
        tissue[(one > 160) | np.isin(l, range(25, 34))] = name("marrow")
        tissue[one < -25] = name("fat")
        tissue[one < -300] = name("air")
        share = np.clip((60 - ndimage.gaussian_filter(one, 0.7)) / 160, 0.02, 0.95)
        share = np.where(tissue == name("marrow"), 0.5, np.where(tissue == name("air"), 0, share))
        target = np.select(
            [l == 86, l == 87, l == 88, l == 89], [codes.BACK_LEFT, codes.BACK_RIGHT, 5, 6], codes.NO_QUADRATUS
        )
        found.append((tissue, share.astype(np.float32), target.astype(np.uint8)))
    return found


def body_slices(data):
    """Real slices with a peer's labels: back muscles as one, psoas."""
    mr, spacing = images.nifti(f"{data}/mr-muscle/body_mr_3mm/mr.nii.gz")
    labels, _ = images.nifti(f"{data}/mr-muscle/body_mr_3mm/labels_peer.nii.gz")
    labels = np.rint(labels).astype(int)
    values = {46: codes.BACK_LEFT, 47: codes.BACK_RIGHT, 48: 5, 49: 6}
    target = np.full(labels.shape, codes.NO_QUADRATUS, np.uint8)
    for value, code in values.items():
        target[labels == value] = code
    return [
        ((maps.to_spacing(m.astype(np.float32), spacing[1:], 1),), maps.to_spacing(t, spacing[1:]))
        for m, t in zip(mr, target, strict=True)
    ]


def dixon(data):
    """(water, fat, codes, spacing) of the Dixon pair; psoas and quadratus are not labelled."""
    folder = f"{data}/mr-muscle/dixon_axial_01"
    water, _ = images.nifti(f"{folder}/water.nii.gz")
    fat, spacing = images.nifti(f"{folder}/fat.nii.gz")
    labels, _ = images.nifti(f"{folder}/labels_manual.nii.gz")
    labels = np.rint(labels).astype(int)
    target = np.full(labels.shape, codes.NO_PSOAS_OR_QUADRATUS, np.uint8)
    for muscle, values in ((1, (2, 3)), (3, (1, 4))):
        means = {v: np.argwhere(labels == v)[:, 2].mean() for v in values}
        for n, v in enumerate(sorted(means, key=means.get, reverse=True)):
            target[labels == v] = muscle + n
    return water.astype(np.float32), fat.astype(np.float32), target, spacing


def dixon_slices(data):
    """((water, fat), codes) of each slice that has a muscle."""
    water, fat, target, spacing = dixon(data)
    return [
        (
            tuple(maps.to_spacing(one[k], spacing[1:], 1) for one in (water, fat)),
            maps.to_spacing(target[k], spacing[1:]),
        )
        for k in range(len(water))
        if np.isin(target[k], (1, 2, 3, 4)).any()
    ]


def without_muscles(data):
    """Images without these muscles, or from a side on which they are not known: sagittal MR, a thigh, a chest, a head's ellipse, noise."""
    from lss_training.spine import slices as sagittal

    found = [
        maps.to_spacing(s.image, (sagittal.SPACING,) * 2, 1)
        for s in sagittal.spider(data)[::4] + sagittal.mit(data, range(2, 5))
    ]
    volume, spacing = images.nifti(f"{data}/mr-muscle/thigh_dixon_ge/water.nii.gz")
    found += [maps.to_spacing(np.abs(s).astype(np.float32), spacing[1:], 1) for s in volume if s.any()]
    volume, spacing = images.nifti(f"{data}/ct/thorax_cmb_crc/ct.nii.gz")
    soft = np.clip((volume.astype(np.float32) + 160) / 400, 0, 1)
    found += [maps.to_spacing(soft[:, j][::-1], (spacing[0], spacing[2]), 1) for j in range(40, 220, 30)]
    rng = np.random.default_rng(5)
    for _ in range(12):  # round things with rims, as heads and limbs
        v = painter._ellipse((260, 260), (130, 130), rng.uniform(60, 110, 2), rng.uniform(0, 3))
        texture = painter.smooth_noise(rng, v.shape, int(rng.integers(6, 40)))
        found.append(
            (np.where(v < 1, 0.5 + 0.2 * texture, 0) + (np.abs(v - 1) < 0.12) * rng.uniform(0, 1))
            .clip(0)
            .astype(np.float32)
        )
    return [one for one in found if one.std() > 0]
