"""Scores of the muscle network on the Dixon pair (manual masks of multifidus and erector spinae) and on painted slices of maps that are held out."""

from __future__ import annotations

import numpy as np
import torch

from lss_training.muscle import codes
from lss_training.muscle import maps as L
from lss_training.muscle import samples as M

STRIDE = 32


def predict(net, image, mm):
    """Classes of each pixel on the image's own grid; the whole slice at once, z-score by `image`'s own mean and deviation."""
    x = L.to_spacing(image.astype(np.float32), mm, 1)
    x = (x - x.mean()) / max(x.std(), 1e-8)
    h, w = x.shape
    padded = np.zeros((1, 1, -(-h // STRIDE) * STRIDE, -(-w // STRIDE) * STRIDE), np.float32)
    padded[0, 0, :h, :w] = x
    with torch.no_grad():
        logits = net(torch.from_numpy(padded))[:, :, :h, :w]
        found = torch.nn.functional.interpolate(logits, list(image.shape), mode="bilinear", align_corners=False)
        return found[0].argmax(0).numpy()


def dixon_cases(data):
    """(contrast, image, codes, mm) of every slice of the Dixon pair in four contrasts."""
    water, fat, target, spacing = M.dixon(data)
    found = []
    for k in range(len(water)):
        if np.isin(target[k], (1, 2, 3, 4)).any():
            made = {"water": water[k], "fat": fat[k], "in": water[k] + fat[k], "opposed": np.abs(water[k] - fat[k])}
            found += [(name, image, target[k], spacing[1:]) for name, image in made.items()]
    return found


def body_cases(data):
    """The slices of body_mr_3mm: back muscles of a side as one, and psoas, by a peer's labels."""
    return [("body", images[0], target, (L.SPACING, L.SPACING)) for images, target in M.body_slices(data)]


def body_scores(net, cases):
    """Dice of back muscles left, right, psoas left, right, and of the back muscles with their sides exchanged."""
    rows = np.zeros((6, 2))
    for _, image, target, mm in cases:
        classes = predict(net, image, mm)
        pairs = (((1, 3), (9,)), ((2, 4), (10,)), ((5,), (5,)), ((6,), (6,)), ((1, 3), (10,)), ((2, 4), (9,)))
        for n, (mine, truth) in enumerate(pairs):
            a, b = np.isin(classes, mine), np.isin(target, truth)
            rows[n] += 2 * (a & b).sum(), a.sum() + b.sum()
    return rows[:, 0] / np.maximum(rows[:, 1], 1)


def painted_cases(data, work, count=60):
    """Painted slices of the maps that are held out: lumbar_b, every tenth person."""
    maker = M.Maker(data, work, 11, False)
    maker.four = [L.volumes(str(data))[L.HELD_OUT_VOLUME]]
    maker.two = [m for person, m in L.planes(str(data)) if L.held_out(person)]
    rng = np.random.default_rng(11)
    found = []
    for n in range(count):
        body = (maker._four if n % 2 else maker._two)(rng)
        image, target, inside = M.placed(rng, *M.seen(rng, body), (256, 320))
        found.append(("painted", np.where(inside, image, 0), np.where(inside, target, 0), (L.SPACING, L.SPACING)))
    return found


def scores(net, cases):
    """{contrast: sums of (intersection, sizes) of the eight muscles and of their union}, where the truth tells them apart."""
    found = {}
    for name, image, target, mm in cases:
        classes = predict(net, image, mm)
        known = target < codes.BACK_LEFT
        labelled = [v for v in range(1, 9) if name == "painted" or v < 5]
        rows = np.zeros((9, 2))
        for v in labelled:
            rows[v - 1] = 2 * ((classes == v) & (target == v)).sum(), (classes == v).sum() + (target == v).sum()
        mine, truth = (np.isin(a, labelled) for a in (classes, np.where(known, target, 0)))
        rows[8] = 2 * (mine & truth).sum(), mine.sum() + truth.sum()
        found[name] = found.get(name, 0) + rows
    return found


def summary(sums):
    """Mean Dice over the muscles that were labelled, and that of their union, per contrast."""
    lines = []
    for name, rows in sums.items():
        there = rows[:8][rows[:8, 1] > 0]
        lines.append(f"{name} {np.mean(there[:, 0] / there[:, 1]):.3f} (union {rows[8, 0] / max(rows[8, 1], 1):.3f})")
    return ", ".join(lines)


def evaluate(net, data, work):
    names = (*codes.CLASSES[1:], "union")
    for label, cases in (
        ("Dixon pair, trained on", dixon_cases(data)),
        ("painted, maps never trained on", painted_cases(data, work)),
    ):
        sums = scores(net, cases)
        for contrast, rows in sums.items():
            print(label, contrast, *(f"{n} {a / b:.3f}" for n, (a, b) in zip(names, rows, strict=True) if b))
        print(label, summary(sums))
    print(
        "body MR, never trained on: back left, right, psoas left, right, back exchanged",
        body_scores(net, body_cases(data)).round(3),
    )
    for name, images in (("without these muscles (trained on)", M.without_muscles(data)),):
        shares = [(predict(net, image, (L.SPACING, L.SPACING)) > 0).mean() for image in images]
        print(name, f"something in {sum(s > 0.01 for s in shares)} of {len(shares)}, at most {max(shares):.1%}")
