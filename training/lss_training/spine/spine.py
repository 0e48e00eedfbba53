"""The spine network: a 2-D U-Net on sagittal slices, and how it is trained.

It sees none of the people in split.json, so the weights that ship may be judged on them.
"""

from __future__ import annotations

import numpy as np
import torch

from lss_training.common import manifest, sets
from lss_training.common.manifest import Package, Stage
from lss_training.common.networks import UNet
from lss_training.common.training import Phase, Recipe
from lss_training.spine import codes, evaluation
from lss_training.spine import samples as M
from lss_training.spine import slices as S

PACKAGE = Package(
    id="mr-spine",
    version="0.1.0",
    title="Vertebrae, discs, canal and sacrum on sagittal MR",
    license="CC-BY-4.0",
    intended_use="Research use: sagittal MR of the lumbar spine, T1, T2, STIR, T2 SPACE, slice by slice. Not a medical device.",
    training_data="SPIDER (van der Graaf 2024, CC BY 4.0): T2 SPACE of 29 people, T1 and T2 slices; sagittal T2 slices of vertebraeSegementation (MIT); "
    "the same in painted contrasts; see MODEL_CARD.md.",
    task="mr-spine",
    stages=("segmenter",),
)

KEYS = ("vertebra/body", "vertebra/arch", "disc", "canal", "sacrum")

STAGE = Stage(
    name="segmenter",
    role="segmenter",
    series="MR",
    normalization={"kind": "zScore"},
    orientation="PIL",
    grid=manifest.spacing((S.SPACING, S.SPACING), "LINEAR_ANTIALIASED"),
    window=manifest.tiles((384, 320), 0.5),
    output=manifest.softmax(tuple(enumerate(KEYS, 1))),
)

# Classes count the more the fewer pixels they have.
DICE_WEIGHT = torch.tensor([0.0, 1.0, 1.0, 1.2, 1.0, 0.6])


def network():
    """Input N x 1 x H x W (z-score), sizes divisible by 32; output: logits of codes.CLASSES."""
    return UNet(
        2, 1, len(codes.CLASSES), (24, 48, 80, 112, 144), "instance", "concatenate", lowest=2, decoder=(1, 1, 1, 1)
    )


MEMBERS = torch.from_numpy(codes.membership())


def loss_fn(logits, target):
    """The loss of sets.py and the Dice of each class."""
    members = MEMBERS[target.long()].permute(0, 3, 1, 2)
    return sets.loss(torch.softmax(logits, 1), members, DICE_WEIGHT)


class Spine(Recipe):
    name = "mr-spine"
    package, stage = PACKAGE, STAGE
    warm_up, floor, average, channels_last = 150, 0.01, 0.997, False
    phases = (Phase("measured", 2600, 2e-3, 2600),)
    batch = 4
    watch_every = 400

    def __init__(self, data, work, seed):
        self.data, self.maker, self.watched = data, None, None

    def network(self):
        return network()

    def batches(self, rng, step, phase):
        if self.maker is None:
            self.maker = M.Maker(self.data)
        size = M.SIZES[rng.integers(len(M.SIZES))]
        x, y = zip(*(self.maker.sample(rng, size) for _ in range(self.batch)), strict=True)
        return [(torch.from_numpy(np.stack(x)), torch.from_numpy(np.stack(y)))]

    def loss(self, net, batch):
        x, target = batch
        logits = net(x)
        with torch.autocast("cpu", enabled=False):
            loss, dice = loss_fn(logits.float(), target)
        return loss, {name: dice[n].item() for n, name in enumerate(codes.CLASSES) if n}

    def watch(self, net, step):
        if step % self.watch_every:
            return None
        if self.watched is None:
            self.watched = evaluation.cases(self.data)
        return evaluation.summary(evaluation.scores(net, self.watched[::4]))
