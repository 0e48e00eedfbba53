"""The coarse network: heat maps of vertebra centres on a 4 mm grid, and how it is trained.

Five resolutions (4 to 64 mm) give each output voxel a view of about +-25 cm, so that the sacrum or the ribs can name a vertebra four levels away.

Batch normalisation, not instance normalisation: a field of view of 80 mm is mostly padding, and instance statistics would then be the statistics of
padding. With frozen statistics the network is a plain convolution, so its answer does not depend on what else lies in the tile.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from lss_training.common import manifest
from lss_training.common.manifest import Stage
from lss_training.common.networks import UNet
from lss_training.common.pool import Pool
from lss_training.common.training import Phase, Recipe
from lss_training.ct import localizer_cases as cases
from lss_training.ct import localizer_samples as S
from lss_training.ct.decoding import CHANNELS
from lss_training.ct.package import PACKAGE

BONE = (150 - S.MEAN) / S.STD

STAGE = Stage(
    name="localizer",
    role="localizer",
    series="CT",
    normalization={"kind": "ctClip", "lower": S.LOWER, "upper": S.UPPER, "mean": S.MEAN, "std": S.STD},
    orientation="LPS",
    grid=manifest.spacing((4, 4, 4), "LINEAR_ANTIALIASED"),
    window=manifest.tiles((112, 128, 128), 0.5),
    output=manifest.heat_maps(f"heatmap/{c}" for c in CHANNELS),
)

WIDER = {
    "procedural": 0.24,
    "narrow": 0.30,
    "abdomen": 0.05,
    "abdomen_ct": 0.10,
    "whole": 0.08,
    "verse": 0.03,
    "mesh0": 0.04,
    "mesh1": 0.04,
    "phantom": 0.07,
    "nothing": 0.05,
}

# Shares of the kinds of cases of each phase. Four painted phases, then one in which one real CT takes part, one with narrow scans of real poses and more
# real shapes, and one in which all real CTs take part.
SHARES = {
    "shapes": {"procedural": 0.7, "abdomen": 0.19, "verse": 0.07, "nothing": 0.04},
    "names": {"procedural": 0.6, "abdomen": 0.2, "verse": 0.06, "phantom": 0.09, "nothing": 0.05},
    "painted": {"procedural": 0.48, "abdomen": 0.30, "verse": 0.06, "phantom": 0.10, "nothing": 0.06},
    "long": {"procedural": 0.60, "abdomen": 0.15, "verse": 0.05, "phantom": 0.13, "nothing": 0.07},
    "real": {"procedural": 0.54, "abdomen": 0.12, "abdomen_ct": 0.10, "verse": 0.05, "phantom": 0.12, "nothing": 0.07},
    "narrow": WIDER,
    "all": WIDER | {"shell": 0.12, "trunk": 0.12},
}


class LocalizerNet(UNet):
    """Input N x 1 x D x H x W, sizes divisible by 16; output: 9 logits per voxel in the order of CHANNELS."""

    def __init__(self, c=(16, 32, 64, 128), last=32):
        super().__init__(3, 1, len(CHANNELS), c, "batch", "add", lowest=3, decoder=(1, 2, 2), last=last)
        nn.init.constant_(self.out.bias, -4.0)  # heat maps are nearly empty: start there
        # For training only: names of whole regions at 16 and 32 mm. The Gaussians are small; these teach the long-range part much faster.
        self.hint2, self.hint3 = nn.Conv3d(c[1], len(CHANNELS), 1), nn.Conv3d(c[2], len(CHANNELS), 1)

    def with_hints(self, x):
        d3, d2, d1 = self.decoded(x)
        return self.out(d1), self.hint2(d2), self.hint3(d3)


class HeatmapLoss(torch.autograd.Function):
    """Cross-entropy against the Gaussians themselves, so that the best answer IS the Gaussian (peaks near 1, no distortion); voxels near any centre
    weigh more, in ALL channels, because naming the level is decided there, and bone weighs more than the rest: that is what is mistaken. Written out
    by hand: on CPUs the chain of elementwise passes that autograd would record costs as much as the network's deep half."""

    @staticmethod
    def forward(ctx, logits, target, x):
        bone = F.max_pool3d((x > BONE).float(), 3, 1, 1)
        weight = target.amax(1, keepdim=True).add_(0.02).add_(bone, alpha=0.06)
        scale = 1 / (weight.sum() * 3 + 200)
        p = torch.sigmoid(logits)
        gradient = (p - target).mul_(weight).mul_(scale)
        gradient[:, 0] *= 2
        ctx.save_for_backward(gradient)
        # -t log p - (1 - t) log(1 - p) = softplus(x) - t x, on every second voxel of each axis: the value is for the log only
        x, t, w = (a[:, :, ::2, ::2, ::2] for a in (logits, target, weight))
        return ((F.softplus(x) - t * x) * w).sum() * scale * 8

    @staticmethod
    def backward(ctx, upstream):
        return ctx.saved_tensors[0] * upstream, None, None


def hint_loss(logits, names):
    """Softmax cross-entropy of the region names; empty space counts little."""
    weight = torch.ones(logits.shape[1])
    weight[0] = 0.15
    return F.cross_entropy(logits.float(), names.long(), weight=weight, ignore_index=255)


class Localizer(Recipe):
    name = "ct-localizer"
    package, stage = PACKAGE, STAGE
    warm_up, weight_decay, clip = 80, 1e-4, 1.0
    phases = (
        Phase("shapes", 1350, 4.0e-3, 1350, fresh=True),
        Phase("names", 2160, 2.5e-3, 810, fresh=True),
        Phase("painted", 4320, 2.2e-3, 2160, fresh=True),
        Phase("long", 11340, 2.0e-3, 7020, fresh=True),
        Phase("real", 13500, 8.0e-4, 2160, fresh=True),
    )
    batch = 2
    moving = 0.6  # share of the first phase in which batch statistics still move

    def __init__(self, data, work, seed):
        kinds = {k for shares in SHARES.values() for k in shares}
        self.pool = Pool(work / "pool_localizer", {k: cases.Maker(data, k, work) for k in kinds}, seed)

    def network(self):
        return LocalizerNet()

    def prepare(self, net, step, phase):
        net.train()
        if phase.name != "shapes" or step >= self.moving * phase.last:
            for m in net.modules():
                if isinstance(m, nn.BatchNorm3d):
                    m.eval()

    def batches(self, rng, step, phase):
        patch = S.PATCHES[int(rng.integers(len(S.PATCHES)))]
        shares, parts = SHARES[phase.name], []
        for _ in range(self.batch):
            kind = str(rng.choice(list(shares), p=np.array(list(shares.values())) / sum(shares.values())))
            case = self.pool.draw(rng, kind, self.drawn(kind, step))
            x, t, points = S.sample(case, rng, patch)
            parts.append((x, t, S.regions(points, patch, 4), S.regions(points, patch, 8)))
        return [tuple(torch.from_numpy(np.stack(a)) for a in zip(*parts, strict=True))]

    def drawn(self, kind, step):
        """About how many cases of a kind were drawn before a step."""
        total, first = 0.0, 0
        for phase in self.phases:
            shares = SHARES[phase.name]
            total += max(0, min(step, phase.last) - first) * self.batch * shares.get(kind, 0) / sum(shares.values())
            first = phase.last
        return total

    def loss(self, net, batch):
        x, t, near, far = batch
        y, hint2, hint3 = net.with_hints(x)
        with torch.autocast("cpu", enabled=False):
            loss = HeatmapLoss.apply(y.float(), t, x)
            hints = hint_loss(hint2, near) + hint_loss(hint3, far)
        return loss + 0.03 * hints, {"maps": loss.item(), "names": hints.item() / 2}


class WideLocalizer(Localizer):
    """More channels, begun with the weights of the narrower network, for the last two phases."""

    name = "ct-localizer-wide"
    phases = (
        *Localizer.phases,
        Phase("narrow", 15300, 7.0e-4, 1400, fresh=True),
        Phase("all", 15900, 4.0e-4, 500, fresh=True),
    )

    def network(self):
        return LocalizerNet((32, 64, 96, 160))
