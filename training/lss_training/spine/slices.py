"""The labelled sagittal slices, each on a grid of SPACING mm: rows from head to feet, columns from front to back, targets as codes (codes.py).

Vertebrae of `t2space` are parted into body and arch at the front wall of the canal; its sacrum is not labelled, but lies below the lowest disc: its middle is
taken for certain, around it either is right.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from lss_training.spine import codes

SPACING = 0.75
T2SPACE_MM = 0.47
PITCH_MM = 36.0  # from one lumbar vertebra to the next: gives pictures without a scale one
SPLIT = Path(__file__).resolve().parent / "split.json"
MIT_USELESS = (0, 1, 5, 10, 13)
HUES = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (255, 0, 255), (0, 255, 255), (128, 128, 128))


@dataclass(frozen=True)
class Slice:
    """image: grey, float32; target: codes, uint8; person: whose slice, slices of one follow one another from side to side."""

    source: str
    person: str
    name: str
    image: np.ndarray
    target: np.ndarray


def held_out():
    """People of t2space, and numbers of sagittal_mit, that are never trained on."""
    split = json.loads(SPLIT.read_text())
    return split["t2space"], split["sagittal_mit"]


def resized(a, factor, order):
    """The slice with `factor` times as many pixels per axis, on half-pixel grids; reduced images are blurred first."""
    if order == 1 and factor < 1:
        a = ndimage.gaussian_filter(a.astype(np.float32), 0.4 / factor * (1 - factor))
    shape = [max(1, round(n * factor)) for n in a.shape]
    grids = [(np.arange(m, dtype=np.float32) + 0.5) * n / m - 0.5 for m, n in zip(shape, a.shape, strict=True)]
    return ndimage.map_coordinates(a, np.meshgrid(*grids, indexing="ij"), order=order, mode="nearest")


def _pair(source, person, name, image, target, mm):
    f = mm / SPACING
    return Slice(source, person, name, resized(image.astype(np.float32), f, 1), resized(target, f, 0))


# t2space


def t2space_files(data, person):
    """(image, labels) of each slice of a person, from one side to the other."""
    for path in sorted((Path(data) / "mr-spine/t2space" / person).glob("*_image.png")):
        labels = path.with_name(path.name.replace("_image", "_labels"))
        yield path.stem[:4], np.asarray(Image.open(path).convert("L")), np.asarray(Image.open(labels))


def t2space_people(data):
    return sorted(p.name for p in (Path(data) / "mr-spine/t2space").iterdir() if p.is_dir())


def front_walls(labels):
    """Of each slice the first column of the canal per row, taken from the slices around it where it has none, and straight on beyond its ends."""
    walls = np.full((len(labels), labels[0].shape[0]), np.nan)
    for n, one in enumerate(labels):
        canal = ndimage.binary_opening(one == 3, iterations=2)
        rows = canal.sum(1) >= 6
        if rows.sum() > 60:
            walls[n, rows] = np.argmax(canal, 1)[rows]
    middle = np.array([np.nan if np.isnan(row).all() else np.nanmedian(row) for row in walls.T])
    found = []
    for one in walls:
        one = np.where(np.isnan(one), middle, one)
        rows = np.flatnonzero(~np.isnan(one))
        wall = np.interp(np.arange(len(one)), rows, one[rows])
        for ends, beyond in ((rows[:40], slice(0, rows[0])), (rows[-40:], slice(rows[-1] + 1, None))):
            slope, at = np.polyfit(ends, one[ends], 1)
            wall[beyond] = slope * np.arange(len(one))[beyond] + at
        found.append(ndimage.gaussian_filter1d(wall, 4))
    return found


def parted(labels):
    """Codes of a person's slices: vertebrae parted at the front wall of the canal, the sacrum's middle marked."""
    sacrum = lowest_disc(labels)
    found = []
    for one, wall in zip(labels, front_walls(labels), strict=True):
        behind = np.arange(one.shape[1])[None] >= wall[:, None]
        target = np.select([one == 1, one == 2, one == 3], [np.where(behind, 2, 1), 3, 4], 0).astype(np.uint8)
        if sacrum is not None:
            sacrum.mark(target)
        found.append(target)
    return found


@dataclass(frozen=True)
class _Sacrum:
    """Where the sacrum lies: below the lowest disc of the slices about the middle. Pixels of T2SPACE_MM."""

    centre: np.ndarray
    along: np.ndarray  # unit vector to the back
    down: np.ndarray
    half: float  # half the disc's depth from front to back
    thick: float  # half its height

    def mark(self, target):
        rows, columns = np.indices(target.shape)
        d = np.stack([rows - self.centre[0], columns - self.centre[1]])
        t = np.tensordot(self.along, d, 1) / self.half
        s = (np.tensordot(self.down, d, 1) - self.thick) * T2SPACE_MM
        free = target == 0
        target[free & (s > -3) & (np.abs(t) < 4)] = codes.BACKGROUND_OR_SACRUM
        target[free & (s > 3) & (s < 15) & (t > -0.62 + s * 0.012) & (t < 0.5 + s * 0.01)] = codes.SACRUM


def lowest_disc(labels):
    """The place of the sacrum from the lowest disc of the middle third; None where no disc is a disc."""
    third = len(labels) // 3
    found = []
    for one in labels[third : len(labels) - third]:
        discs, count = ndimage.label(ndimage.binary_opening(one == 2, iterations=1))
        sizes = ndimage.sum_labels(discs > 0, discs, range(1, count + 1))
        large = [n + 1 for n, size in enumerate(sizes) if size > 250]
        if large:
            found.append(np.argwhere(discs == max(large, key=lambda n: np.argwhere(discs == n)[:, 0].mean())))
    if not found:
        return None
    lowest = np.median([p[:, 0].mean() for p in found])
    points = np.concatenate([p for p in found if abs(p[:, 0].mean() - lowest) < 30])
    centre = points.mean(0)
    values, vectors = np.linalg.eigh(np.cov((points - centre).T))
    along = vectors[:, 1] * np.sign(vectors[1, 1])
    down = np.array([along[1], -along[0]])
    reach = (points - centre) @ along
    return _Sacrum(centre, along, down, np.percentile(np.abs(reach), 98), 1.6 * np.sqrt(values[0]))


def t2space(data, people):
    found = []
    for person in people:
        names, images, labels = zip(*t2space_files(data, person), strict=True)
        for name, image, target in zip(names, images, parted(labels), strict=True):
            found.append(_pair("t2space", person, name, image, target, T2SPACE_MM))
    return found


# pictures of SPIDER and MIT, which have no scale


def spider(data):
    """Vertebrae alone, body and arch apart where they are islands; stored head down."""
    found = []
    for path in sorted((Path(data) / "mr-spine/sagittal_spider/images").glob("*.png")):
        image = np.asarray(Image.open(path).convert("L"))[::-1]
        colours = np.asarray(Image.open(str(path).replace("images", "masks")).convert("RGB"))[::-1].astype(int)
        target = np.full(image.shape, codes.NO_VERTEBRA, np.uint8)
        centres = []
        for hue in HUES:
            one = np.abs(colours - np.array(hue)).sum(2) < 120
            if one.sum() > 20:
                _part_islands(one, target)
                centres.append(np.argwhere(one).mean(0))
        if len(centres) < 3:
            continue
        pitch = np.median(np.linalg.norm(np.diff(sorted(map(tuple, centres)), axis=0), axis=1))
        found.append(_pair("spider", path.stem.split("_")[0], path.stem, image, target, PITCH_MM / pitch))
    return found


def _part_islands(one, target):
    islands, count = ndimage.label(one)
    sizes = ndimage.sum_labels(one, islands, range(1, count + 1))
    body = 1 + int(np.argmax(sizes))
    back = np.argwhere(islands == body)[:, 1].max()
    others = [n for n in range(1, count + 1) if n != body and sizes[n - 1] > 10]
    apart = others and all(np.argwhere(islands == n)[:, 1].mean() > back for n in others)
    if apart and sizes[body - 1] > 0.55 * one.sum():
        target[one] = codes.ARCH
        target[islands == body] = codes.BODY
    else:
        target[one] = codes.VERTEBRA


def mit(data, numbers):
    """Discs and bodies; the lowest body is S1."""
    found = []
    for n in numbers:
        image = np.asarray(Image.open(Path(data) / f"mr-spine/sagittal_mit/images/{n}.png").convert("L"))
        mask = np.load(Path(data) / f"mr-spine/sagittal_mit/masks/{n}.npy")
        target = np.full(image.shape, codes.NO_BODY_OR_DISC, np.uint8)
        target[mask == 2], target[mask == 1] = codes.BODY, codes.DISC
        bodies, count = ndimage.label(mask == 2)
        centres = ndimage.center_of_mass(mask == 2, bodies, range(1, count + 1))
        sizes = ndimage.sum_labels(mask == 2, bodies, range(1, count + 1))
        large = [i for i in range(count) if sizes[i] > 60]
        target[bodies == 1 + max(large, key=lambda i: centres[i][0])] = codes.SACRUM
        rows = np.array(sorted(centres[i] for i in large))
        pitch = np.median(np.linalg.norm(np.diff(rows, axis=0), axis=1))
        found.append(_pair("mit", f"mit{n}", str(n), image, target, (PITCH_MM - 2) / pitch))
    return found


def mit_numbers():
    return [n for n in range(20) if n not in MIT_USELESS]


@cache
def training(data):
    """All slices but those held out."""
    people, numbers = held_out()
    return (
        t2space(data, [p for p in t2space_people(data) if p not in people])
        + spider(data)
        + mit(data, [n for n in mit_numbers() if n not in numbers])
    )
