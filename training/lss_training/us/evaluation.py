"""Scores of the fascia network on one part of split.json, on pictures that hold no fascia, and on rasterised layers of known thickness."""

from __future__ import annotations

import glob
from pathlib import Path

import nibabel
import numpy as np
import skimage
import torch
from PIL import Image

from lss_training.common.images import dicom_slices
from lss_training.us import layers
from lss_training.us import samples as S

STRIDE = 32


def canvas_size(height, width):
    """Rows and columns of the resampled region: the longer side is S.LONG."""
    scale = S.LONG / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))


def lead(net, grey, region):
    """Logit of fascia minus that of background on the region's own grid."""
    top, bottom, left, right = region
    cut = grey[top:bottom, left:right].astype(np.float32)
    h, w = canvas_size(*cut.shape)
    x = np.zeros((1, 1, -(-h // STRIDE) * STRIDE, -(-w // STRIDE) * STRIDE), np.float32)
    x[0, 0, :h, :w] = S.resample(S.z_score(cut), h, w)
    with torch.no_grad():
        y = net(torch.from_numpy(x))[0].numpy()
    return S.resample((y[1] - y[0])[:h, :w], *cut.shape)


def predict(net, grey, region):
    mask = np.zeros(grey.shape, bool)
    mask[region[0] : region[1], region[2] : region[3]] = lead(net, grey, region) > 0
    return mask


def whole(grey):
    return 0, grey.shape[0], 0, grey.shape[1]


def score(mask, truth):
    """(Dice, IoU of fascia, IoU averaged over background and fascia, accuracy) of one image; both empty = 1."""
    both, either = (mask & truth).sum(), (mask | truth).sum()
    dice = 1.0 if either == 0 else 2 * both / (mask.sum() + truth.sum())
    fascia = 1.0 if either == 0 else both / either
    background = 1.0 if both == mask.size else (~mask & ~truth).sum() / (mask.size - both)
    return dice, fascia, (fascia + background) / 2, (mask == truth).mean()


def scores(net, cases):
    return np.array([score(predict(net, grey, region), mask) for grey, mask, region in cases])


def summary(values):
    names = ("dice", "fascia IoU", "mean IoU", "accuracy")
    return (
        ", ".join(f"{n} {v:.4f}" for n, v in zip(names, values.mean(0)))
        + f", {len(values)} images, dice 10th percentile {np.percentile(values[:, 0], 10):.3f}"
    )


def per_sequence(values, numbers, sequences):
    """Mean Dice of each sequence, named by its first image."""
    found = []
    for sequence in sequences:
        members = [values[i, 0] for i, n in enumerate(numbers) if n in sequence]
        if members:
            found.append(f"{sequence[0]} ({len(members)}): {np.mean(members):.3f}")
    return ", ".join(found)


def not_ultrasound(data):
    """(name, grey) of pictures without fascia that no training saw: CT slices, sagittal MR slices, photographs and charts of scikit-image, blanks, noise."""
    for hu in dicom_slices(f"{data}/ct/abdomen_dicom"):
        for low, high in ((-160, 240), (-1000, 1500)):
            yield "CT", np.clip((hu - low) / (high - low) * 255, 0, 255).astype(np.uint8)
    hu = nibabel.load(f"{data}/ct/l3_crop/ct.nii.gz").get_fdata()
    for k in range(10, hu.shape[0] - 10, 5):
        yield "CT", np.clip((np.rot90(hu[k]) + 160) / 400 * 255, 0, 255).astype(np.uint8)
    for path in sorted(glob.glob(f"{data}/mr-spine/sagittal_mit/images/*.png")):
        yield "MR", np.asarray(Image.open(path).convert("L"))
    for path in sorted(glob.glob(str(Path(skimage.__file__).parent / "data/*.[pj][np]g"))):
        yield "photograph", np.asarray(Image.open(path).convert("L"))
    rng = np.random.default_rng(0)
    for level in (0, 128, 255):
        yield "blank", np.full((400, 500), level, np.uint8)
    yield "noise", rng.integers(0, 256, (400, 500)).astype(np.uint8)


def evaluate(net, data, part="test"):
    """Prints the scores. part: of split.json, or "none": only what no training has seen for sure."""
    if part != "none":
        numbers = S.parts()[part]
        cases = S.read(data, numbers)
        values = scores(net, cases)
        print(part, summary(values))
        print("dice by sequence:", per_sequence(values, numbers, S.sequences()))
        print(
            "without finding the region:", summary(scores(net, [(grey, mask, whole(grey)) for grey, mask, _ in cases]))
        )
    found = {}
    for name, grey in not_ultrasound(data):
        found.setdefault(name, []).append(predict(net, grey, whole(grey)).mean())
    for name, shares in found.items():
        print(
            f"{name}: {len(shares)} pictures, at most {max(shares):.4f} found, more than 0.01 in {sum(s > 0.01 for s in shares)}"
        )
    errors = []
    for grey, layer, _ in layers.cases():
        errors.append((layer.mean_thickness(predict(net, grey, whole(grey))) - layer.thickness) * layers.SPACING)
    e = np.abs(errors)
    print(
        f"layers: {len(e)}, thickness error mean {np.mean(errors):+.3f} mm, mean absolute {e.mean():.3f}, "
        f"largest {e.max():.3f}, above 0.1 mm in {(e > 0.1).sum()}"
    )
