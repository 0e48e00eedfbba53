"""The fascia network: a 2-D U-Net on the image region, and how it is trained.

The first phase sees neither the test part of split.json nor what resembles it: its weights, kept beside the checkpoint as `.measured`, are those that
may be judged on it. The second phase goes on with all images, and gives the weights that are shipped.

Soft Dice and cross entropy against the share of fascia per pixel.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from lss_training.common import manifest
from lss_training.common.manifest import Package, Stage
from lss_training.common.networks import UNet
from lss_training.common.training import Phase, Recipe
from lss_training.us import evaluation
from lss_training.us import samples as S

PACKAGE = Package(
    id="us-fascia",
    version="0.1.0",
    title="Fascial layers in ultrasound",
    license="Apache-2.0",
    intended_use="Research use: fascial layers in B-mode images of muscle. Not validated on the thoracolumbar fascia. Not a medical device.",
    training_data="Aponeuroses of the lower limb (DL_Track, Ritsche and Cronin, Apache-2.0); synthetic layered tissue, rasterised bands and pictures "
    "without fascia; see MODEL_CARD.md.",
    task="us-fascia",
    stages=("segmenter",),
)

STAGE = Stage(
    name="segmenter",
    role="segmenter",
    series="ULTRASOUND",
    normalization={"kind": "zScore"},
    orientation="AS_STORED",
    grid=manifest.longer_side(S.LONG, "LINEAR"),
    window=manifest.whole((S.LONG, S.LONG)),
    output=manifest.softmax(((1, "fascia/thoracolumbar"),)),
)

# Parts of split.json that each phase sees.
PARTS = {"measured": ("training", "validation"), "all": ("training", "validation", "bridge", "test")}

# Shares of real, tissue, bands and negative samples.
MIX = (0.65, 0.07, 0.16, 0.12)

# Dice moves a border outwards where it is uncertain: good for the score, bad for the thickness of plain bands. Kinds as in samples.KINDS.
DICE_WEIGHT = torch.tensor([1.0, 0.5, 0.1, 0.2])
CROSS_ENTROPY_WEIGHT = torch.tensor([4.0, 4.0, 8.0, 6.0])

# How much the relative error of a band's area counts: without it thin bands, few pixels each, come out as thick as thin aponeuroses are outlined.
AREA_WEIGHT = 2.0


def network():
    """Input N x 1 x H x W (grey, z-score), sizes divisible by 32; output: logits of background and fascia."""
    return UNet(2, 1, 2, (16, 32, 64, 96, 128), "instance", "concatenate", lowest=2, decoder=(2, 1, 1, 1))


def loss_fn(logits, share, kinds):
    """Per-image soft Dice, cross entropy, and the area of plain bands; returns the loss and the mean Dice of real images (NaN without one)."""
    lead = (logits[:, 1] - logits[:, 0])[:, None]
    dims = (1, 2, 3)
    entropy = F.binary_cross_entropy_with_logits(lead, share, reduction="none").mean(dims)
    p = torch.sigmoid(lead)
    dice = (2 * (p * share).sum(dims) + 20) / (p.sum(dims) + share.sum(dims) + 20)
    area = (p.sum(dims) + 50) / (share.sum(dims) + 50)
    wrong_area = F.smooth_l1_loss(area, torch.ones_like(area), beta=0.1, reduction="none")
    wrong_area = wrong_area * (kinds == S.KINDS.index("bands"))
    loss = (DICE_WEIGHT[kinds] * (1 - dice) + CROSS_ENTROPY_WEIGHT[kinds] * entropy + AREA_WEIGHT * wrong_area).mean()
    return loss, dice[kinds == 0].mean().item()


class Fascia(Recipe):
    name = "us-fascia"
    package, stage = PACKAGE, STAGE
    warm_up, floor, average, channels_last = 200, 0.01, 0.998, False
    phases = (Phase("measured", 11700, 2e-3, 3000), Phase("all", 14700, 1.2e-3, 3000))
    batch = 4
    watch_every = 1000

    def __init__(self, data, work, seed):
        self.data, self.makers, self.watched = data, {}, None

    def network(self):
        return network()

    def batches(self, rng, step, phase):
        if phase.name not in self.makers:
            parts = S.parts()
            numbers = [n for part in PARTS[phase.name] for n in parts[part]]
            self.makers[phase.name] = S.Maker(self.data, numbers, MIX)
        canvas = S.CANVASES[rng.integers(len(S.CANVASES))]
        made = (self.makers[phase.name].sample(rng, canvas) for _ in range(self.batch))
        x, y, kinds = zip(*made, strict=True)
        return [(torch.from_numpy(np.stack(x)), torch.from_numpy(np.stack(y)), torch.tensor(kinds))]

    def loss(self, net, batch):
        x, share, kinds = batch
        logits = net(x)
        with torch.autocast("cpu", enabled=False):
            loss, dice = loss_fn(logits.float(), share, kinds)
        return loss, {"dice": dice}

    def watch(self, net, step):
        """Scores on the validation part, which is trained on, and on what resembles the test part."""
        if step % self.watch_every:
            return None
        if self.watched is None:
            parts = S.parts()
            self.watched = S.read(self.data, parts["validation"] + parts["bridge"])
        return "validation " + evaluation.summary(evaluation.scores(net, self.watched))
