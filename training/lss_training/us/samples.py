"""Training samples: a canvas of the network's size, its share of fascia per pixel, and the kind of picture they came from.

Real images are cut, turned, stretched and bent while they are resampled; then everything goes through a random machine (gain, TGC, gamma, speckle, blur,
shadows, overlays, JPEG) and the z-score of the library's contract.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from lss_training.us import synthetic

LONG = 320
CANVASES = 3 * [(320, 320)] + 3 * [(320, 256)] + 2 * [(320, 288)] + 2 * [(256, 320)] + [(288, 320), (320, 224)]
SPLIT = Path(__file__).resolve().parent / "split.json"
KINDS = ("real", "tissue", "bands", "negative")


def parts():
    """Image numbers by part."""
    return json.loads(SPLIT.read_text())["parts"]


def sequences():
    return json.loads(SPLIT.read_text())["sequences"]


def regions():
    return json.loads(SPLIT.read_text())["regions"]


def read(data, numbers):
    """(grey, mask, region) of each image."""
    found = regions()
    return [(*pair(data, n), found[n - 1]) for n in numbers]


def pair(data, number):
    folder = Path(data) / "us/aponeurosis"
    grey = np.asarray(Image.open(folder / f"{number:05d}_image.png").convert("L"))
    return grey, np.asarray(Image.open(folder / f"{number:05d}_mask.png")) > 0


def z_score(image):
    return (image - image.mean()) / max(image.std(), 1e-8)


def resample(image, h, w):
    """Linear on the half-pixel grid, edges repeated, as the library does it."""
    rows = (np.arange(h) + 0.5) * image.shape[0] / h - 0.5
    columns = (np.arange(w) + 0.5) * image.shape[1] / w - 0.5
    return ndimage.map_coordinates(
        np.asarray(image, np.float32), np.meshgrid(rows, columns, indexing="ij"), order=1, mode="nearest"
    )


def random_grid(rng, h, w, region, sector, turn=True):
    """Source rows and columns of every canvas pixel: a window of the region, flipped, turned, stretched and bent; perhaps seen by a curved probe."""
    top, bottom, left, right = region
    v, u = np.meshgrid(
        (np.arange(h, dtype=np.float32) + 0.5) / h - 0.5,
        (np.arange(w, dtype=np.float32) + 0.5) / w - 0.5,
        indexing="ij",
    )
    outside = np.zeros((h, w), bool)
    if sector:  # polar: depth from the probe's face, angle across
        half = rng.uniform(0.25, 0.6)
        face = rng.uniform(0.15, 1.2)
        reach = face + 1.0
        x, y = u * w / h, v + 0.5 + face * np.cos(half)
        radius, angle = np.hypot(x, y), np.arctan2(x, y)
        u, v = angle / (2 * half), (radius - face) / (reach - face) * 1.02 - 0.5
        outside = (np.abs(u) > 0.5) | (v < -0.5) | (v > 0.5)
    if turn and rng.random() < 0.7:  # slow bending of the tissue
        v = v + rng.uniform(0, 0.03) * synthetic.smooth_noise(
            rng, (h, w), (h / rng.uniform(3, 8), w / rng.uniform(2, 6))
        )
        v = v + rng.normal(0, 0.06) * (4 * u * u - 0.3)
    height, width = bottom - top, right - left
    wanted = w / h * (1 if sector else np.exp(rng.normal(0, 0.12)))  # keep the tissue's aspect, nearly
    zoom = rng.uniform(0.55, 0.9) if rng.random() < 0.25 else rng.uniform(0.9, 1.1)
    size = max(height, width) * zoom
    tall, wide = (size, size * wanted) if h >= w else (size / wanted, size)
    shrink = min(1, 1.15 * height / tall, 1.15 * width / wide) if rng.random() < 0.85 else 1
    tall, wide = tall * shrink, wide * shrink
    degrees = rng.normal(0, 4) if rng.random() < 0.9 else rng.uniform(-30, 30)
    t = np.deg2rad(degrees) if turn else 0.0
    du, dv = u * wide * rng.choice([-1, 1]), v * tall
    cy = (top + bottom) / 2 + rng.uniform(-0.5, 0.5) * max(0, height - tall)
    cx = (left + right) / 2 + rng.uniform(-0.5, 0.5) * max(0, width - wide)
    rows = cy + np.cos(t) * dv + np.sin(t) * du - 0.5
    columns = cx - np.sin(t) * dv + np.cos(t) * du - 0.5
    framed = rng.random() < 0.15  # what lies around the region stays visible
    if not framed:
        outside |= (rows < top) | (rows > bottom - 1) | (columns < left) | (columns > right - 1)
    return rows, columns, outside


def calm_grid(rng, h, w, region):
    """As the library will see the image: the region alone, hardly cut, flipped or not."""
    top, bottom, left, right = np.array(region) + rng.normal(0, 0.015, 4) * (region[1] - region[0])
    v, u = np.meshgrid((np.arange(h) + 0.5) / h, (np.arange(w) + 0.5) / w, indexing="ij")
    rows, columns = top + v * (bottom - top) - 0.5, left + (u if rng.random() < 0.5 else 1 - u) * (right - left) - 0.5
    return rows, columns, np.zeros((h, w), bool)


def real(rng, case, h, w, calm):
    grey, mask, region = case
    rows, columns, outside = (
        calm_grid(rng, h, w, region) if calm else random_grid(rng, h, w, region, rng.random() < 0.1)
    )
    image = ndimage.map_coordinates(grey.astype(np.float32), [rows, columns], order=1, mode="constant")
    share = ndimage.map_coordinates(mask.astype(np.float32), [rows, columns], order=1, mode="constant")
    image[outside] = 0
    share[outside] = 0
    return image, share


def through_sector(rng, image, share):
    """The same picture as a curved probe shows it, black around it."""
    h, w = image.shape
    rows, columns, outside = random_grid(rng, h, w, (0, h, 0, w), True, turn=False)
    image = ndimage.map_coordinates(image, [rows, columns], order=1, mode="nearest")
    share = ndimage.map_coordinates(share, [rows, columns], order=1, mode="nearest")
    image[outside] = 0
    share[outside] = 0
    return image, share


def machine(rng, image, share, strength):
    """Gain, TGC, gamma, dynamic range, speckle, blur, shadows, JPEG. Only a full shadow changes the share: nothing is seen in it."""
    h, w = image.shape
    black = image <= 0.5
    a = image / 255
    if rng.random() < 0.5:
        a = np.power(np.clip(a, 0, 1), np.exp(strength * rng.uniform(-0.6, 0.6)))
    if rng.random() < 0.5:  # dynamic range: linear in decibel
        a = np.clip((a - rng.uniform(0, 0.15) * strength) * np.exp(strength * rng.uniform(-0.3, 0.6)), 0, None)
    if rng.random() < 0.5:  # TGC sliders and a probe that couples badly at its ends
        knots = np.interp(np.linspace(0, 7, h), np.arange(8), rng.normal(0, 0.25 * strength, 8))
        sides = np.interp(np.linspace(0, 5, w), np.arange(6), rng.normal(0, 0.12 * strength, 6))
        a = a * np.exp(knots[:, None] + sides[None, :]).astype(np.float32)
    if rng.random() < 0.2 * strength:
        centre, width = rng.uniform(0, w), rng.uniform(0.01, 0.12) * w
        deep = rng.random() < 0.35
        column = 1 - (rng.uniform(0.9, 1) if deep else rng.uniform(0.2, 0.7)) / (
            1 + np.exp((np.abs(np.arange(w) - centre) - width) / rng.uniform(1, 6))
        )
        start = rng.uniform(-0.2, 0.5) * h
        shade = np.where(np.arange(h)[:, None] > start, column[None, :], 1).astype(np.float32)
        a, share = a * shade, share * (shade > 0.12)
    if rng.random() < 0.35 * strength:
        grain = synthetic.speckle(rng, (h, w), rng.uniform(0.3, 1.2), rng.uniform(0.3, 2.5)) / 1.25
        a = a * (1 + strength * rng.uniform(0.1, 0.6) * (grain - 1))
    if rng.random() < 0.3 * strength:
        a = ndimage.gaussian_filter(a, (rng.uniform(0, 1.0), rng.uniform(0, 1.6)))
    elif rng.random() < 0.2 * strength:
        a = a + rng.uniform(0.3, 1.2) * (a - ndimage.gaussian_filter(a, rng.uniform(0.7, 2)))
    if rng.random() < 0.25 * strength:
        a = a + rng.uniform(0, 0.06) * rng.standard_normal((h, w), dtype=np.float32)
    a = a * rng.uniform(0.5, 1.4) if rng.random() < 0.5 * strength else a
    if rng.random() < 0.9:
        a = np.where(black, 0, a)
    image = np.clip(a * 255, 0, 255)
    if rng.random() < 0.2:
        buffer = io.BytesIO()
        Image.fromarray(image.astype(np.uint8)).save(buffer, "JPEG", quality=int(rng.integers(25, 90)))
        image = np.asarray(Image.open(buffer), np.float32)
    return np.round(image).astype(np.float32), share


def overlay(rng, image):
    """What machines draw over a picture: text, rulers, ticks, callipers, bars, icons; in the grey that their colour turns into."""
    h, w = image.shape
    picture = Image.fromarray(image.astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.integers(1, 5)):
        ink = int(rng.choice([255, 226, 200, 150, 105, 76]))
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        kind = rng.integers(6)
        if kind == 0:
            text = "".join(rng.choice(list("ABCDEFGHIKLMNOPRSTUVX0123456789 .:/cmHzdB%"), rng.integers(2, 18)))
            draw.text((x * 0.8, y), text, fill=ink, font_size=int(rng.integers(8, 22)))
        elif kind == 1:
            step, across = rng.uniform(6, 45), rng.choice([0, w - 7, x])
            for tick in np.arange(y % step, h, step):
                draw.line([across, tick, across + 6, tick], fill=ink)
        elif kind == 2:
            x2, y2 = rng.uniform(0, w), rng.uniform(0, h)
            for px, py in ((x, y), (x2, y2)):
                draw.line([px - 5, py, px + 5, py], fill=ink)
                draw.line([px, py - 5, px, py + 5], fill=ink)
            for s in np.linspace(0, 1, 30):
                draw.point([x + s * (x2 - x), y + s * (y2 - y)], fill=ink)
        elif kind == 3:
            left, tall = rng.choice([2, w - 14]), int(rng.uniform(0.2, 0.5) * h)
            for k in range(tall):
                draw.line([left, 20 + k, left + 9, 20 + k], fill=int(255 * (1 - k / tall)))
        elif kind == 4:
            draw.ellipse(
                [x, y, x + rng.uniform(4, 16), y + rng.uniform(4, 16)],
                outline=ink,
                fill=None if rng.random() < 0.5 else ink,
            )
        else:
            draw.rectangle(
                [x, y, x + rng.uniform(5, 60), y + rng.uniform(5, 30)],
                outline=ink,
                fill=None if rng.random() < 0.6 else int(rng.integers(0, 80)),
            )
    return np.asarray(picture, np.float32)


class Maker:
    """Draws samples. `weights` are the shares of KINDS."""

    def __init__(self, data, numbers, weights):
        self.cases = read(data, numbers)
        trained = set(numbers)
        size = {n: len(trained & set(s)) for s in sequences() for n in s}
        often = np.array([size[n] ** -0.4 for n in numbers])  # a long sequence is not many patients
        self.often = often / often.sum()
        self.aspects = np.array([(bottom - top) / (right - left) for _, _, (top, bottom, left, right) in self.cases])
        self.planes = synthetic.slices(data)
        self.weights = np.array(weights) / np.sum(weights)

    def case(self, rng, aspect):
        """A random image; with an aspect (rows over columns), one whose region fits it within a quarter, if there is one."""
        often = self.often
        if aspect is not None:
            fits = often * (np.abs(np.log(self.aspects / aspect)) < 0.22)
            often = fits / fits.sum() if fits.sum() > 0 else often
        return self.cases[rng.choice(len(self.cases), p=often)]

    def sample(self, rng, canvas):
        """(canvas, share, kind); the picture may be up to 31 pixels smaller than the canvas, which is padded with 0."""
        h, w = canvas
        if h == LONG and w != LONG:
            w -= int(rng.integers(0, 32))
        elif w == LONG and h != LONG:
            h -= int(rng.integers(0, 32))
        kind = KINDS[rng.choice(len(KINDS), p=self.weights)]
        calm = kind == "real" and rng.random() < 0.5
        if kind == "real":
            image, share = real(rng, self.case(rng, h / w if calm else None), h, w, calm)
        elif kind == "negative":
            image, share = synthetic.negative(rng, h, w, self.planes)
        else:
            make = synthetic.tissue if kind == "tissue" else synthetic.bands
            native = np.exp(rng.uniform(-0.5, 0.7)) if rng.random() < 0.3 else 1.0  # drawn on its own grid first
            image, share = make(rng, round(h * native), round(w * native))
            if native != 1:
                image, share = resample(image, h, w), resample(share, h, w)
            if rng.random() < (0.25 if kind == "tissue" else 0.05):
                image, share = through_sector(rng, image, share)
        if kind in ("real", "tissue") or rng.random() < 0.25:
            image, share = machine(rng, image, share, 0.4 if calm else 1.0 if kind == "real" else 0.6)
        if rng.random() < (0.03 if calm else 0.2):
            image = overlay(rng, np.clip(image, 0, 255))
        x = np.zeros((1, *canvas), np.float32)
        y = np.zeros((1, *canvas), np.float32)
        x[0, :h, :w] = z_score(image)
        y[0, :h, :w] = share
        return x, y, KINDS.index(kind)
