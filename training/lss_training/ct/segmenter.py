"""The fine network: one vertebra per pass on a 1.5 mm grid, and how it is trained.

Dice and weighted cross entropy over samples of the pool, one a step.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from lss_training.common import manifest
from lss_training.common.manifest import Stage
from lss_training.common.networks import UNet
from lss_training.common.pool import Pool
from lss_training.common.training import Phase, Recipe
from lss_training.ct import segmenter_samples as S
from lss_training.ct.package import PACKAGE

STAGE = Stage(
    name="segmenter",
    role="segmenter",
    series="CT",
    normalization={"kind": "ctClip", "lower": S.LOWER, "upper": S.UPPER, "mean": S.MEAN, "std": S.STD},
    orientation="LPS",
    grid=manifest.spacing(S.SPACING, "LINEAR_ANTIALIASED"),
    window=manifest.around_point(S.PATCH, S.PRIOR_SIGMA_MM),
    output=manifest.pointed_object("vertebra"),
)

# How much more than background bone counts in the cross entropy. Weight moves the border outwards: people draw labels a little outside of a bone's
# half-height edge (and so does the one network whose labels are used), while the simple phantoms must come out with their exact volumes.
BONE_WEIGHT = {"phantom": 0.0, "procedural": 0.2, "labels": 0.6, "photo": 0.6, "shell": 0.6, "trunk": 0.6}

# Dice moves the border outwards where it is uncertain, which suits the score but not a volume.
DICE_WEIGHT = {"phantom": 0.1, "procedural": 0.7, "labels": 1.0, "photo": 1.0, "shell": 1.0, "trunk": 1.0}

# How much the relative error of a phantom's volume counts: cross entropy alone leaves some per cent, the same over a whole image.
VOLUME_WEIGHT = 4.0

# Shares of the kinds of samples; one real CT takes part from the second phase on and the others in the last one, so that the weights before can be
# measured on them.
SHARES = {
    "painted": {"procedural": 0.41, "phantom": 0.28, "labels": 0.31},
    "real": {"procedural": 0.37, "phantom": 0.28, "labels": 0.25, "photo": 0.10},
    "narrow": {"procedural": 0.27, "phantom": 0.24, "labels": 0.39, "photo": 0.10},
    "all": {"procedural": 0.18, "phantom": 0.24, "labels": 0.28, "photo": 0.08, "shell": 0.10, "trunk": 0.12},
}
KINDS = ("procedural", "phantom", "labels", "photo", "shell", "trunk")


def network(features=(32, 64, 96)):
    """Input N x 2 x D x H x W (CT, Gaussian prior of the centre), sizes divisible by 8; output: logit of "this vertebra"."""
    return UNet(3, 2, 1, features, "instance", "concatenate", lowest=2, decoder=(2, 2))


def loss_fn(logit, mask, target, kind):
    """Soft Dice over the patch and cross entropy in which bone, the target's and that of others, may count more. `target` is the voxel's share in
    [0, 1]. Returns the loss and the Dice."""
    weight = 1 + BONE_WEIGHT[kind] * (mask > 0).float()
    if kind == "phantom":  # both sides of the surface alike, where the volume is decided
        weight = weight + 6 * (F.max_pool3d(target, 3, 1, 1) + F.max_pool3d(-target, 3, 1, 1))
    ce = (F.binary_cross_entropy_with_logits(logit, target, reduction="none") * weight).sum() / weight.sum()
    p = torch.sigmoid(logit)
    dims = (1, 2, 3, 4)
    dice = (2 * (p * target).sum(dims) + 50) / (p.sum(dims) + target.sum(dims) + 50)
    loss = DICE_WEIGHT[kind] * (1 - dice.mean()) + 4 * ce
    if kind == "phantom":  # a phantom's volume is known exactly
        ratio = (p.sum(dims) + 50) / (target.sum(dims) + 50)
        loss = loss + VOLUME_WEIGHT * F.smooth_l1_loss(ratio, torch.ones_like(ratio), beta=0.1)
    return loss, dice.mean().item()


class Segmenter(Recipe):
    name = "ct-segmenter"
    package, stage = PACKAGE, STAGE
    warm_up = 60
    phases = (
        Phase("painted", 8600, 1.5e-3, 12900, until=12900),
        Phase("real", 12900, 1.5e-3, 12900),
    )
    batch = 1
    small = 0.7  # share of samples that are a little smaller than the patch that ships

    def __init__(self, data, work, seed):
        self.pool = Pool(work / "pool_segmenter", S.makers(data, work), seed)

    def network(self):
        return network()

    def batches(self, rng, step, phase):
        return [self.sample(rng, step, SHARES[phase.name]) for _ in range(self.batch)]

    def sample(self, rng, step, shares):
        size = S.SMALL if rng.random() < self.small else S.PATCH
        kind = str(rng.choice(list(shares), p=list(shares.values())))
        case = self.pool.draw(rng, kind, self.drawn(kind, step))
        ct, mask, share = S.augment(rng, case["hu"], case["mask"], case["share"], kind, size)
        x = torch.from_numpy(np.stack([ct, S.prior(size)])[None].astype(np.float32))
        return (
            x,
            torch.from_numpy(mask)[None, None],
            torch.from_numpy(share)[None, None],
            torch.tensor(KINDS.index(kind)),
        )

    def drawn(self, kind, step):
        """About how many samples of a kind were drawn before a step."""
        total, first = 0.0, 0
        for phase in self.phases:
            total += max(0, min(step, phase.last) - first) * self.batch * SHARES[phase.name].get(kind, 0)
            first = phase.last
        return total

    def loss(self, net, batch):
        x, mask, share, kind = batch
        logit = net(x)
        with torch.autocast("cpu", enabled=False):
            loss, dice = loss_fn(logit.float(), mask, share, KINDS[int(kind)])
        return loss, {"dice": dice}


class WideSegmenter(Segmenter):
    """More channels, begun with the weights of the narrower network, for the last two phases."""

    name = "ct-segmenter-wide"
    phases = (
        *Segmenter.phases,
        Phase("narrow", 14100, 8.0e-4, 1000, fresh=True),
        Phase("all", 14500, 4.0e-4, 350, fresh=True),
    )

    def network(self):
        return network((48, 96, 128))
