"""Training of the fascia network: draws samples, trains, keeps the average of weights. Resumable, CPU only, the same weights again from the same seed.

    python training/train_us_fascia.py --data ../shared/data --checkpoint training/out/us_fascia.pt

The first phase sees neither the test part of us_fascia_split.json nor what resembles it: its weights, kept beside the checkpoint as `.measured`, are those
that evaluate_us_fascia.py may judge. The second phase goes on with all images, and gives the weights that are shipped.

Soft Dice + cross entropy against the share of fascia per pixel, AdamW, warm-up, constant rate, cosine decay at the end, exponential average of weights.
"""
from __future__ import annotations

import argparse
import math
import os
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import evaluate_us_fascia as evaluation
import us_fascia_samples as S
from us_fascia_net import FasciaNet

# Last step, parts of us_fascia_split.json, highest rate.
PHASES = ((11700, ("training", "validation"), 2e-3), (14700, ("training", "validation", "bridge", "test"), 1.2e-3))
DECAY = 3000

# Dice moves a border outwards where it is uncertain: good for the score, bad for the thickness of plain bands. Kinds as in us_fascia_samples.KINDS.
DICE_WEIGHT = torch.tensor([1.0, 0.5, 0.1, 0.2])
CROSS_ENTROPY_WEIGHT = torch.tensor([4.0, 4.0, 8.0, 6.0])

# How much the relative error of a band's area counts: without it thin bands, few pixels each, come out as thick as thin aponeuroses are outlined.
AREA_WEIGHT = 2.0


def loss_fn(logits, share, kinds):
    """Per-image soft Dice, cross entropy, and the area of plain bands; returns the loss and the mean Dice of real images (NaN without one)."""
    lead = (logits[:, 1] - logits[:, 0])[:, None]
    dims = (1, 2, 3)
    entropy = F.binary_cross_entropy_with_logits(lead, share, reduction="none").mean(dims)
    p = torch.sigmoid(lead)
    dice = (2 * (p * share).sum(dims) + 20) / (p.sum(dims) + share.sum(dims) + 20)
    area = (p.sum(dims) + 50) / (share.sum(dims) + 50)
    wrong_area = F.smooth_l1_loss(area, torch.ones_like(area), beta=0.1, reduction="none") * (kinds == S.KINDS.index("bands"))
    loss = (DICE_WEIGHT[kinds] * (1 - dice) + CROSS_ENTROPY_WEIGHT[kinds] * entropy + AREA_WEIGHT * wrong_area).mean()
    return loss, dice[kinds == 0].mean().item()


class Average:
    """Exponential average of weights."""

    def __init__(self, net, state=None):
        self.state = state or {k: v.detach().clone() for k, v in net.state_dict().items()}

    def update(self, net, step):
        decay = min(0.998, (1 + step) / (20 + step))
        for k, v in net.state_dict().items():
            self.state[k].mul_(decay).add_(v.detach(), alpha=1 - decay)


def rate(step, last):
    """Share of the highest rate: warm-up over 200 steps, then 1, then a cosine over the phase's last DECAY steps."""
    left = min(1, (last - step) / DECAY)
    return min(1, (step + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 - math.cos(math.pi * left)))


def save(path, **values):
    torch.save(values, f"{path}.tmp")
    os.replace(f"{path}.tmp", path)


def train(a, net, optimiser, average, batches, highest, watched):
    """One phase, or what is left of it; returns its last step."""
    step = batches.first
    loader = torch.utils.data.DataLoader(batches, batch_size=None, num_workers=1, prefetch_factor=8)
    running, started = [], time.time()
    for x, share, kinds in loader:
        for g in optimiser.param_groups:
            g["lr"] = highest * rate(step, batches.last)
        optimiser.zero_grad()
        loss, dice = loss_fn(net(x), share, kinds)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step += 1
        average.update(net, step)
        running.append((loss.item(), dice))
        if step % 50 == 0:
            m = np.nanmean(running, 0)
            print(f"{time.strftime('%H:%M:%S')} step {step} {(time.time() - started) / 50:.2f} s/step loss {m[0]:.4f} dice {m[1]:.4f}", flush=True)
            running, started = [], time.time()
        if step % 200 == 0 or step == batches.last:
            save(a.checkpoint, net=net.state_dict(), optimiser=optimiser.state_dict(), average=average.state, step=step)
        if step % a.every == 0 or step == batches.last:
            judge = FasciaNet()
            judge.load_state_dict(average.state)
            print(f"step {step} validation", evaluation.summary(evaluation.scores(judge.eval(), watched)), flush=True)
            started = time.time()
    return step


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default=str(Path(__file__).resolve().parents[2] / "shared/data"))
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--mix", type=float, nargs=4, default=[0.65, 0.07, 0.16, 0.12], help="shares of real, tissue, bands, negative")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--every", type=int, default=500, help="steps between looks at the validation part, which is trained on")
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    net = FasciaNet()
    optimiser = torch.optim.AdamW(net.parameters(), weight_decay=0.01, betas=(0.9, 0.98))
    step, average = 0, Average(net)
    if os.path.exists(a.checkpoint):
        c = torch.load(a.checkpoint, weights_only=False)
        net.load_state_dict(c["net"])
        optimiser.load_state_dict(c["optimiser"])
        step, average = c["step"], Average(net, c["average"])
    parts = S.parts()
    watched = S.read(a.data, parts["validation"] + parts["bridge"])
    for last, names, highest in PHASES:
        if step < last:
            maker = S.Maker(a.data, [n for name in names for n in parts[name]], a.mix)
            step = train(a, net, optimiser, average, S.Batches(maker, a.seed, step, last, a.batch), highest, watched)
            if names == PHASES[0][1]:
                shutil.copy(a.checkpoint, f"{a.checkpoint}.measured")


if __name__ == "__main__":
    main()
