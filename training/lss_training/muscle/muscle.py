"""The muscle network: a 2-D U-Net on axial slices of any contrast, and how it is trained.

The first phases see neither the body MR, nor `lumbar_b`, nor every tenth of the people of the planes: its weights, kept beside the checkpoint as
`.measured`, are those that may be judged on them. The second phase goes on with all.
"""

from __future__ import annotations

import numpy as np
import torch

from lss_training.common import manifest, sets
from lss_training.common.manifest import Package, Stage
from lss_training.common.networks import UNet
from lss_training.common.training import Phase, Recipe
from lss_training.muscle import codes, evaluation
from lss_training.muscle import maps as L
from lss_training.muscle import samples as M

PACKAGE = Package(
    id="mr-muscle",
    version="0.1.0",
    title="Paraspinal muscles on axial MR",
    license="CC-BY-4.0",
    intended_use="Research use: axial MR of the lumbar region, any contrast, slice by slice. Not a medical device.",
    training_data="Images painted around label maps: 3Shot-LPM-Seg (Apache-2.0), MuscleMap (MIT), TotalSegmentator's test files (Apache-2.0); one Dixon pair "
    "of MyoSegmenTUM; slices of SPIDER (CC BY 4.0) as images without these muscles; see MODEL_CARD.md.",
    task="mr-muscle",
    stages=("segmenter",),
)

STAGE = Stage(
    name="segmenter",
    role="segmenter",
    series="MR",
    normalization={"kind": "zScore"},
    orientation="LPS",
    grid=manifest.spacing((L.SPACING, L.SPACING), "LINEAR_ANTIALIASED"),
    window=manifest.tiles((256, 320), 0.5),
    output=manifest.softmax(tuple((n, "muscle/" + name) for n, name in enumerate(codes.CLASSES) if n)),
)

MEMBERS = torch.from_numpy(codes.membership())
DICE_WEIGHT = torch.tensor([0.0] + [1.0] * 6 + [0.7] * 2)


def network():
    """Input N x 1 x H x W (z-score), sizes divisible by 32; output: logits of codes.CLASSES."""
    return UNet(
        2, 1, len(codes.CLASSES), (16, 40, 72, 104, 136), "instance", "concatenate", lowest=2, decoder=(1, 1, 1, 1)
    )


# Which classes are one muscle whatever its side: classes x (background and four muscles).
MUSCLES = torch.zeros(9, 5)
MUSCLES[0, 0] = 1
for _n in range(1, 9):
    MUSCLES[_n, (_n + 1) // 2] = 1


def loss_fn(logits, target):
    """Cross entropy of the sets that the codes mean, and soft Dice where the class is known; and both for muscles without their sides, without which a network
    that sees no position takes long to tell any of them. Returns the loss and the Dice of each class.
    """
    p = torch.softmax(logits, 1)
    members = MEMBERS[target.long()]
    one, dice = sets.loss(p, members.permute(0, 3, 1, 2), DICE_WEIGHT)
    both = torch.einsum("nchw,cm->nmhw", p, MUSCLES)
    merged = ((members @ MUSCLES) > 0).float().permute(0, 3, 1, 2)
    return one + sets.loss(both, merged, torch.tensor([0.0, 1.0, 1.0, 1.0, 0.7]))[0], dice


class Muscle(Recipe):
    name = "mr-muscle"
    package, stage = PACKAGE, STAGE
    warm_up, floor, average, channels_last = 100, 0.01, 0.99, False
    phases = (
        Phase("begun", 1300, 2e-3, 1300),
        Phase("measured", 2200, 2e-3, 900, fresh=True),
        Phase("all", 2400, 3e-4, 200),
    )
    batch = 4
    watch_every = 200

    def __init__(self, data, work, seed):
        self.data, self.work, self.seed, self.makers, self.watched = data, work, seed, {}, None

    def network(self):
        return network()

    def batches(self, rng, step, phase):
        if phase.name not in self.makers:
            self.makers[phase.name] = M.Maker(self.data, self.work, self.seed, phase.name == "all")
        size = M.SIZES[rng.integers(len(M.SIZES))]
        drawn = step * self.batch
        x, y = zip(*(self.makers[phase.name].sample(rng, size, drawn) for _ in range(self.batch)), strict=True)
        return [(torch.from_numpy(np.stack(x)), torch.from_numpy(np.stack(y)))]

    def loss(self, net, batch):
        x, target = batch
        logits = net(x)
        with torch.autocast("cpu", enabled=False):
            loss, dice = loss_fn(logits.float(), target)
        pairs = {"multifidus": 1, "erector": 3, "psoas": 5, "quadratus": 7}
        return loss, {name: dice[n : n + 2].mean().item() for name, n in pairs.items()}

    def watch(self, net, step):
        if step % self.watch_every:
            return None
        if self.watched is None:
            self.watched = evaluation.body_cases(self.data)[::3], evaluation.painted_cases(self.data, self.work, 8)
        body, painted = self.watched
        return (
            f"body {evaluation.body_scores(net, body).round(3)} {evaluation.summary(evaluation.scores(net, painted))}"
        )
