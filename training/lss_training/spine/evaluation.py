"""Scores of the spine network on the people and slices that split.json holds out, on the images' own grids."""

from __future__ import annotations

import numpy as np
import torch

from lss_training.spine import slices as S

STRIDE = 32
NAMES = ("vertebra", "disc", "canal")


def predict(net, image, mm):
    """Classes of each pixel on the image's own grid; the whole slice at once."""
    x = S.resized(image.astype(np.float32), mm / S.SPACING, 1)
    x = (x - x.mean()) / max(x.std(), 1e-8)
    h, w = x.shape
    padded = np.zeros((1, 1, -(-h // STRIDE) * STRIDE, -(-w // STRIDE) * STRIDE), np.float32)
    padded[0, 0, :h, :w] = x
    with torch.no_grad():
        logits = net(torch.from_numpy(padded))[0, :, :h, :w]
        size = list(image.shape)
        return (
            torch.nn.functional.interpolate(logits[None], size, mode="bilinear", align_corners=False)[0]
            .argmax(0)
            .numpy()
        )


def merged(classes):
    """As t2space labels them: 1 vertebra, 2 disc, 3 canal."""
    return np.select([(classes == 1) | (classes == 2), classes == 3, classes == 4], [1, 2, 3], 0)


def cases(data):
    """(person, image, labels) of the slices of t2space that are held out."""
    people, _ = S.held_out()
    return [(p, image, labels) for p in people for _, image, labels in S.t2space_files(data, p)]


def scores(net, watched):
    """{person: [(intersection, sum) of each structure]} summed over the slices of a person."""
    found = {}
    for person, image, labels in watched:
        classes = merged(predict(net, image, S.T2SPACE_MM))
        row = [
            [2 * ((classes == v) & (labels == v)).sum(), (classes == v).sum() + (labels == v).sum()] for v in (1, 2, 3)
        ]
        found.setdefault(person, []).append(row)
    return {person: np.sum(rows, 0) for person, rows in found.items()}


def dice(sums):
    return {person: [both / max(total, 1) for both, total in rows] for person, rows in sums.items()}


def summary(sums):
    """Mean over people, and the lowest."""
    values = np.array(list(dice(sums).values()))
    return ", ".join(f"{n} {values[:, i].mean():.3f} (lowest {values[:, i].min():.3f})" for i, n in enumerate(NAMES))


def mit_scores(net, data):
    """Dice of bodies (with S1) and discs on each slice of sagittal_mit that is held out."""
    found = {}
    for one in S.mit(data, S.held_out()[1]):
        classes = predict(net, one.image, S.SPACING)
        truth = one.target
        pairs = ((np.isin(classes, (1, 5)), np.isin(truth, (1, 5))), (classes == 3, truth == 3))
        found[one.person] = [2 * (a & b).sum() / max((a.sum() + b.sum()), 1) for a, b in pairs]
    return found


def nothing(net, data):
    """Share of pixels that are called anything on images without a spine from the side: the largest, and how many exceed 1 %."""
    from lss_training.spine import samples

    shares = [(predict(net, image, S.SPACING) > 0).mean() for image in samples.without_spine(data)]
    return max(shares), sum(s > 0.01 for s in shares), len(shares)


def evaluate(net, data):
    sums = scores(net, cases(data))
    for person, values in dice(sums).items():
        print(person, *(f"{n} {v:.3f}" for n, v in zip(NAMES, values, strict=True)))
    print("mean", summary(sums))
    for name, (body, disc) in mit_scores(net, data).items():
        print(name, f"body {body:.3f} disc {disc:.3f}")
    worst, many, count = nothing(net, data)
    print(f"images without a spine from the side (trained on): something in {many} of {count}, at most {worst:.1%}")
