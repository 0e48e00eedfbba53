"""Learning from sources of which none labels everything: a pixel's target is a set of classes, one of which it has."""

from __future__ import annotations

import torch


def loss(p, members, weight):
    """(loss, Dice of each class): cross entropy of the sets, and soft Dice of each class over the pixels where it is known whether they have it.

    p: probabilities, N x C x H x W. members: 1 for the classes of each pixel's set, the same shape. weight: of the classes' Dice.
    """
    entropy = -torch.log((p * members).sum(1).clamp_min(1e-6)).mean()
    known = 1 - members * (members.sum(1, keepdim=True) > 1)
    truth = members * known
    dims = (0, 2, 3)
    dice = (2 * (p * truth).sum(dims) + 30) / ((p * known).sum(dims) + truth.sum(dims) + 30)
    return 2 * entropy + (weight * (1 - dice)).sum() / weight.sum(), dice
