"""Synthetic pictures for the fascia network: layered tissue of the thoracolumbar region, plain rasterised bands, and pictures that hold no fascia at all.

Every maker gives (grey 0..255 float32, share of fascia per pixel 0..1) of the size asked for. The share is that of the layer exactly as thick as drawn.
"""

from __future__ import annotations

import glob

import nibabel
import numpy as np
from PIL import Image
from scipy import ndimage


class Curve:
    """A smooth line y = c(x) in a frame that is turned by `tilt` about (x0, y0); or an arc of a circle."""

    def __init__(self, rng, x0, y0, tilt, length, bend, waves=0.0):
        self.origin, self.cos, self.sin, self.length = (x0, y0), np.cos(tilt), np.sin(tilt), length
        self.bend = bend / length
        self.wave = waves * rng.normal(0, 1)
        self.frequency, self.phase = 2 * np.pi / (length * rng.uniform(0.4, 1.5)), rng.uniform(0, 2 * np.pi)

    def line(self, u):
        return 0.5 * self.bend * u * u + self.wave * np.sin(self.frequency * u + self.phase)

    def slope(self, u):
        return self.bend * u + self.wave * self.frequency * np.cos(self.frequency * u + self.phase)

    def frame(self, x, y):
        dx, dy = x - self.origin[0], y - self.origin[1]
        return self.cos * dx + self.sin * dy, self.cos * dy - self.sin * dx

    def distance(self, x, y):
        """(signed distance, positive below; place along the line) of every pixel: the foot of the normal by three Newton steps."""
        u, v = self.frame(x, y)
        foot = u
        for _ in range(3):
            slope = self.slope(foot)
            foot = foot + np.clip((u - foot) + slope * (v - self.line(foot)), -20, 20) / (1 + slope * slope)
        gap = np.hypot(u - foot, v - self.line(foot)) * np.sign(v - self.line(foot))
        return gap, foot


def coverage(gap, thickness):
    """Share of a pixel that a layer of this thickness about the line covers."""
    return np.clip(0.5 + thickness / 2 - np.abs(gap), 0, 1)


def smooth_noise(rng, shape, sigma):
    """Unit-variance noise smoothed by (rows, columns); drawn coarsely where it is smooth."""
    step = [max(1, int(s / 2)) for s in sigma]
    small = rng.standard_normal([-(-n // k) + 2 for n, k in zip(shape, step)], dtype=np.float32)
    small = ndimage.gaussian_filter(small, [s / k for s, k in zip(sigma, step)])
    if max(step) > 1:
        rows = (np.arange(shape[0]) + 0.5) / step[0]
        columns = (np.arange(shape[1]) + 0.5) / step[1]
        small = ndimage.map_coordinates(small, np.meshgrid(rows, columns, indexing="ij"), order=1)
    small = small[: shape[0], : shape[1]]
    return small / (small.std() + 1e-6)


def speckle(rng, shape, axial, lateral):
    """Rayleigh amplitude (mean about 1.25) whose grain grows laterally from the top to the bottom."""
    fields = []
    for wide in (lateral, lateral * rng.uniform(1.3, 3)):
        real, imaginary = (smooth_noise(rng, shape, (axial, wide)) for _ in range(2))
        fields.append(real + 1j * imaginary)
    depth = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    mixed = fields[0] * np.sqrt(1 - depth) + fields[1] * np.sqrt(depth)
    return np.abs(mixed)


def striations(rng, x, y, angle, grain):
    """Streaks along one direction, unit variance."""
    h, w = x.shape
    size, longer = int(np.hypot(h, w)) + 4, rng.uniform(8, 30)
    step = max(1.0, grain * longer / 2)  # drawn coarsely along the streaks
    texture = smooth_noise(rng, (size, int(size / step) + 2), (grain, grain * longer / step))
    u = np.cos(angle) * (x - w / 2) + np.sin(angle) * (y - h / 2) + size / 2
    v = -np.sin(angle) * (x - w / 2) + np.cos(angle) * (y - h / 2) + size / 2
    return ndimage.map_coordinates(texture, [v, u / np.float32(step)], order=1, mode="nearest")


def tissue(rng, h, w):
    """Skin, fat with septa, one to four fascial layers with muscle between them, perhaps bone with its shadow; log-compressed speckle."""
    y, x = np.meshgrid(np.arange(h, dtype=np.float32), np.arange(w, dtype=np.float32), indexing="ij")
    echo = np.full((h, w), rng.uniform(-34, -24), np.float32)  # dB: fat first
    share = np.zeros((h, w), np.float32)
    tilt = np.deg2rad(rng.normal(0, 5) if rng.random() < 0.7 else rng.uniform(-30, 30))
    bend = rng.normal(0, 0.15)
    skin = Curve(rng, w / 2, rng.uniform(0, 0.06) * h, tilt * rng.uniform(0, 0.3), w, bend * 0.3)
    for _ in range(rng.integers(2, 7)):  # septa: thin, broken, no fascia
        septum = Curve(
            rng, rng.uniform(0, w), rng.uniform(0, 0.4) * h, tilt + rng.normal(0, 0.15), w, rng.normal(0, 0.3), 0.01 * w
        )
        gap, foot = septum.distance(x, y)
        seen = np.clip(
            smooth_noise(rng, (1, 4096), (0.1, rng.uniform(20, 60)))[0, (foot.astype(int) + 2048) % 4096] + 0.5, 0, 1
        )
        echo += rng.uniform(4, 16) * seen * coverage(gap, rng.uniform(0.8, 2.5))
    place = rng.uniform(0.06, 0.4) * h
    scale = rng.uniform(0.6, 1.6)
    bright = rng.uniform(-8, 0)
    for _ in range(rng.integers(1, 5)):
        layer = Curve(
            rng, w / 2, place, tilt + rng.normal(0, 0.05), w, bend + rng.normal(0, 0.08), rng.uniform(0, 0.012) * w
        )
        gap, foot = layer.distance(x, y)
        thickness = scale * np.exp(rng.uniform(np.log(2.2), np.log(14)))
        muscle = gap > 0
        level = rng.uniform(-36, -20)
        fibres = striations(rng, x, y, tilt + rng.normal(0, 0.3), rng.uniform(0.8, 2.5))
        power = rng.uniform(2, 7)
        echo = np.where(muscle, level + power * np.where(fibres > 1, 1.8 * fibres, fibres), echo)
        share = np.where(muscle, 0, share)
        own = coverage(gap, thickness)
        if rng.random() < 0.3:  # ends inside the picture
            end = rng.uniform(-0.1, 0.45) * w * rng.choice([-1, 1])
            own = own * np.clip(0.5 + (foot - end) * np.sign(-end if abs(end) > 1 else 1), 0, 1)
        fade = (
            rng.uniform(0, 5)
            * smooth_noise(rng, (1, 4096), (0.1, rng.uniform(15, 60)))[0, (foot.astype(int) + 2048) % 4096]
        )
        echo = echo * (1 - own) + own * (bright + rng.normal(0, 2) + np.minimum(fade, 2))
        share = np.maximum(share, own)
        place += thickness + (rng.uniform(0.015, 0.04) if rng.random() < 0.3 else rng.uniform(0.12, 0.4)) * h
        if place > 0.95 * h:
            break
    gap, _ = skin.distance(x, y)
    skin_thickness = rng.uniform(3, 14)
    echo = np.where(gap < skin_thickness, rng.uniform(-18, -5), echo)
    share[gap < skin_thickness + 1] = 0
    if rng.random() < 0.35:  # a spinous, articular or transverse process
        cx, cy, radius = rng.uniform(0, w), rng.uniform(0.55, 1.0) * h, rng.uniform(0.05, 0.2) * w
        arc = np.hypot(x - cx, (y - cy - radius) * rng.uniform(0.7, 1.3)) - radius
        below = (np.abs(x - cx) < radius) & (arc < 0)
        shadow = ndimage.gaussian_filter(np.maximum.accumulate(below, 0).astype(np.float32), (1, 2))
        echo = echo - 40 * shadow
        share = share * (shadow < 0.5)
        on_top = (np.abs(arc) < rng.uniform(1.5, 4)) & (y < cy + 0.6 * radius)
        echo = np.where(on_top, rng.uniform(-4, 2), echo)
        share[on_top] = 0
    amplitude = 10 ** (echo / 20) * speckle(rng, (h, w), rng.uniform(0.4, 1.1), rng.uniform(0.5, 2.2))
    if rng.random() < 0.5:
        amplitude = ndimage.gaussian_filter(amplitude, (rng.uniform(0, 0.5), rng.uniform(0, 1.0)))
    span = rng.uniform(32, 55)
    return np.clip(255 * (1 + (20 * np.log10(amplitude + 1e-6) + rng.uniform(-4, 6)) / span), 0, 255).astype(
        np.float32
    ), share


def bands(rng, h, w):
    """One to three bright bands of known thickness on a darker noisy ground, tilted up to 30 degrees, perhaps curved."""
    y, x = np.meshgrid(np.arange(h, dtype=np.float32), np.arange(w, dtype=np.float32), indexing="ij")
    share = np.zeros((h, w), np.float32)
    tilt = np.deg2rad(rng.uniform(-32, 32))
    bend = 0 if rng.random() < 0.3 else rng.normal(0, 0.3)
    count = rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15])
    largest = min(h, w) * 0.22
    place = h / 2 if count == 1 else h * rng.uniform(0.2, 0.35)
    for _ in range(count):
        thickness = np.exp(rng.uniform(np.log(1.8), np.log(largest if rng.random() < 0.6 else 10)))
        layer = Curve(rng, w / 2 + rng.normal(0, 0.05) * w, place + rng.normal(0, 0.05) * h, tilt, w, bend)
        gap, foot = layer.distance(x, y)
        own = coverage(gap, thickness)
        if rng.random() < 0.3:
            own = own * np.clip(0.5 + rng.uniform(0.2, 0.45) * w - np.abs(foot), 0, 1)
        share = np.maximum(share, own)
        place += thickness + h * rng.uniform(0.1, 0.3)
    if rng.random() < 0.3:
        share = (share > 0.5).astype(np.float32)  # drawn without partial volume
    ground = rng.uniform(0, 110)
    level = rng.uniform(ground + 45, 255)
    image = ground + (level - ground) * share
    if rng.random() < 0.3:
        image = image + rng.normal(0, 15) * (y / h - 0.5) + rng.normal(0, 15) * (x / w - 0.5)
    kind = rng.random()
    if kind < 0.45:
        image = image + rng.uniform(1, 25) * smooth_noise(rng, (h, w), (rng.uniform(0.01, 1.2),) * 2)
    elif kind < 0.9:
        grain = speckle(rng, (h, w), rng.uniform(0.1, 1.0), rng.uniform(0.1, 2)) / 1.25
        image = image * (1 + rng.uniform(0.1, 1) * (grain - 1))
    if rng.random() < 0.4:
        image = ndimage.gaussian_filter(image, rng.uniform(0.3, 1.2))
    return np.clip(image, 0, 255).astype(np.float32), share


def scene(rng, h, w):
    """No ultrasound: gradients, shapes and textures as in photographs, pages of text and charts; or blank; or noise."""
    y, x = np.meshgrid(np.linspace(-1, 1, h, dtype=np.float32), np.linspace(-1, 1, w, dtype=np.float32), indexing="ij")
    kind = rng.random()
    if kind < 0.12:
        return np.full((h, w), rng.uniform(0, 255), np.float32) + (
            rng.uniform(0, 3) * rng.standard_normal((h, w), dtype=np.float32) if rng.random() < 0.5 else 0
        )
    if kind < 0.25:
        grain = rng.choice([0.01, 0.6, 1.5, 4])
        return 127 + rng.uniform(5, 60) * smooth_noise(rng, (h, w), (grain, grain * rng.choice([1, 1, 2, 4])))
    image = rng.uniform(20, 220) + rng.normal(0, 60) * x + rng.normal(0, 60) * y
    image = image + rng.uniform(0, 60) * smooth_noise(rng, (h, w), (rng.uniform(10, 80),) * 2)
    for _ in range(rng.integers(1, 25)):
        cx, cy, rx, ry = rng.uniform(-1, 1), rng.uniform(-1, 1), np.exp(rng.uniform(-4, 0)), np.exp(rng.uniform(-4, 0))
        turn = rng.uniform(0, np.pi)
        u, v = (
            (np.cos(turn) * (x - cx) + np.sin(turn) * (y - cy)) / rx,
            (np.cos(turn) * (y - cy) - np.sin(turn) * (x - cx)) / ry,
        )
        inside = (u * u + v * v < 1) if rng.random() < 0.6 else ((np.abs(u) < 1) & (np.abs(v) < 1))
        fill = (
            rng.uniform(0, 255)
            + rng.normal(0, 30) * u
            + rng.choice([0, 0, 20]) * smooth_noise(rng, (h, w), (rng.uniform(0.3, 5),) * 2)
        )
        image = np.where(inside, fill, image)
    for _ in range(rng.integers(0, 4)):  # rims, bars and wires in every direction
        cx, cy, radius, width = (
            rng.uniform(-1, 1),
            rng.uniform(-1, 1),
            np.exp(rng.uniform(-3, 0.3)),
            np.exp(rng.uniform(-4.5, -2)),
        )
        rim = np.abs(np.hypot((x - cx) * np.exp(rng.normal(0, 0.3)), y - cy) - radius) < width
        image = np.where(rim, rng.uniform(0, 255), image)
    if rng.random() < 0.15:  # bricks or a chessboard
        turn, pitch, flat, joint = (
            rng.choice([0, rng.uniform(0, np.pi)]),
            np.exp(rng.uniform(-2.5, -0.7)),
            rng.uniform(1, 4),
            rng.uniform(0.05, 0.3),
        )
        u, v = (np.cos(turn) * x + np.sin(turn) * y) / pitch / flat, (np.cos(turn) * y - np.sin(turn) * x) / pitch
        u = u + 0.5 * (np.floor(v) % 2)
        seam = (
            (u % 1 < joint / flat) | (v % 1 < joint) if rng.random() < 0.6 else (np.floor(2 * u) + np.floor(v)) % 2 == 0
        )
        image = np.where(seam, rng.uniform(0, 255), 0.3 * image + rng.uniform(0, 170))
    if rng.random() < 0.2:  # grass, gravel, stars
        grain = smooth_noise(rng, (h, w), np.exp(rng.uniform(-0.5, 1.6, 2)))
        image = image + rng.uniform(20, 90) * np.where(grain > rng.choice([-9, 0, 1.5, 2.5]), grain, 0)
    if rng.random() < 0.25:  # a page of text
        image = np.where(rng.random() < 0.5, 235, 40) + np.zeros((h, w), np.float32)
        pitch = int(rng.integers(8, 24))
        for top in range(pitch, h - pitch, pitch):
            dashes = smooth_noise(rng, (pitch // 2, w), (0.8, 1.5)) > 0.3
            image[top : top + pitch // 2][dashes] = rng.uniform(0, 255)
    return ndimage.gaussian_filter(
        image + rng.uniform(0, 8) * rng.standard_normal((h, w), dtype=np.float32), rng.choice([0, 0.6, 1.5])
    )


def slices(data):
    """CT and MR slices as 0..255 images. `abdomen_dicom` and `sagittal_mit` are left out: the evaluation looks at them."""
    result = []
    ct = nibabel.load(f"{data}/ct/abdomen_3mm/ct.nii.gz").get_fdata().astype(np.float32)
    for axis in range(3):
        for n in range(8, ct.shape[axis] - 8, 6):
            plane = np.rot90(np.take(ct, n, axis))
            for low, high in ((-160, 240), (-1000, 1500), (-500, 500)):
                result.append(np.clip((plane - low) / (high - low), 0, 1) * 255)
    for name in ("water", "fat"):
        mr = nibabel.load(f"{data}/mr-muscle/dixon_axial_01/{name}.nii.gz").get_fdata().astype(np.float32)
        result += [
            np.clip(np.rot90(mr[:, :, k]) / np.percentile(mr, 99.5), 0, 1) * 255 for k in range(0, mr.shape[2], 2)
        ]
    for path in sorted(glob.glob(f"{data}/mr-spine/sagittal_spider/images/*.png")):
        result.append(np.asarray(Image.open(path).convert("L"), np.float32))
    return [np.ascontiguousarray(s, np.float32) for s in result]


def negative(rng, h, w, planes):
    if rng.random() < 0.5:
        return np.clip(scene(rng, h, w), 0, 255).astype(np.float32), np.zeros((h, w), np.float32)
    plane = planes[rng.integers(len(planes))]
    plane = np.rot90(plane, rng.choice([0, 0, 1, 2, 3]))
    if rng.random() < 0.4:  # a noisy, narrow or bony window
        middle = rng.uniform(60, 180)
        plane = np.clip(
            128
            + rng.uniform(1, 4) * (plane - middle)
            + rng.uniform(0, 60) * rng.standard_normal(plane.shape, dtype=np.float32),
            0,
            255,
        )
    zoom = max(h / plane.shape[0], w / plane.shape[1]) * rng.uniform(0.8, 3.5)
    rows = (np.arange(h) + 0.5) / zoom - 0.5 + rng.uniform(0, 1) * max(0, plane.shape[0] - h / zoom)
    columns = (np.arange(w) + 0.5) / zoom - 0.5 + rng.uniform(0, 1) * max(0, plane.shape[1] - w / zoom)
    return ndimage.map_coordinates(plane, np.meshgrid(rows, columns, indexing="ij"), order=1), np.zeros(
        (h, w), np.float32
    )
