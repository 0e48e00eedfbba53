"""Groups the aponeurosis images into sequences by similarity and splits the groups: training, validation, test. Writes split.json, with the image
region of every image (region.py) beside them.

Similarity of two images: their regions at 96 x 96, log, local contrast normalised; the largest correlation over shifts of up to 8 pixels. Single linkage at
0.45 gives the groups. One of them (76 images of one device) is split further, by average linkage; its images that are more than 0.5 similar to the test part
are `bridge`: looked at in validation, never trained on.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from lss_training.us.region import find_region

LINK, BRIDGE, SIZE, SHIFT = 0.45, 0.5, 96, 8
FILE = Path(__file__).resolve().parent / "split.json"

# Chosen by hand so that every kind of image is in every part: the number of one image of each group.
TEST = [1, 7, 10, 16, 22, 23, 48, 49, 70, 359, 403]
VALIDATION = [2, 5, 9, 21, 24, 40, 319]


def similarities(images, regions):
    spectra = []
    for image, (top, bottom, left, right) in zip(images, regions):
        a = np.log1p(
            np.asarray(Image.fromarray(image[top:bottom, left:right]).resize((SIZE, SIZE), Image.Resampling.BOX), float)
        )
        a -= ndimage.gaussian_filter(a, 10)
        a = ndimage.gaussian_filter(a / (np.sqrt(ndimage.gaussian_filter(a * a, 10)) + 0.05), 0.7)
        a -= a.mean()
        spectra.append(np.fft.rfft2(a / np.sqrt((a * a).sum())))
    spectra = np.array(spectra, np.complex64)
    result = np.eye(len(images), dtype=np.float32)
    near = np.r_[0 : SHIFT + 1, SIZE - SHIFT : SIZE]
    for i in range(len(images) - 1):
        c = np.fft.irfft2(spectra[i].conj()[None] * spectra[i + 1 :], s=(SIZE, SIZE))[:, near][:, :, near]
        result[i, i + 1 :] = result[i + 1 :, i] = c.max((1, 2))
    return result


def clusters(similarity, method, **rule):
    distance = np.maximum(1 - similarity, 0)
    np.fill_diagonal(distance, 0)
    return fcluster(linkage(squareform(distance, checks=False), method), **rule)


def groups(similarity):
    """Lists of image numbers (from 1 on), ordered by their first one."""
    labels = clusters(similarity, "single", t=1 - LINK, criterion="distance")
    large = np.argmax(np.bincount(labels))
    members = np.flatnonzero(labels == large)
    parts = clusters(similarity[np.ix_(members, members)], "average", t=4, criterion="maxclust")
    labels[members] = labels.max() + parts
    return sorted(((np.flatnonzero(labels == k) + 1).tolist() for k in np.unique(labels)), key=lambda g: g[0])


def read(data):
    folder = Path(data) / "us/aponeurosis"
    return [np.asarray(Image.open(p).convert("L")) for p in sorted(folder.glob("*_image.png"))]


def write(data):
    """Groups the images anew and writes split.json."""
    images = read(data)
    regions = [find_region(image) for image in images]
    similarity = similarities(images, regions)
    sequences = groups(similarity)
    parts = {"training": [], "validation": [], "bridge": [], "test": []}
    for g in sequences:
        part = "test" if set(g) & set(TEST) else "validation" if set(g) & set(VALIDATION) else "training"
        parts[part] += g
    tested = np.array(parts["test"]) - 1
    for part in ("training", "validation"):
        near = [n for n in parts[part] if similarity[n - 1, tested].max() > BRIDGE]
        parts["bridge"] += near
        parts[part] = [n for n in parts[part] if n not in near]
    lines = [f'  "{name}": {json.dumps(sorted(numbers))}' for name, numbers in parts.items()]
    FILE.write_text(
        '{\n "sequences": [\n'
        + ",\n".join("  " + json.dumps(g) for g in sequences)
        + '\n ],\n "parts": {\n'
        + ",\n".join(lines)
        + f'\n }},\n "regions": {json.dumps(regions)}\n}}\n'
    )
    trained = np.array(parts["training"] + parts["validation"]) - 1
    print(
        {name: len(numbers) for name, numbers in parts.items()},
        "largest similarity of test to training:",
        similarity[np.ix_(tested, trained)].max(),
    )
