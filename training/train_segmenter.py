"""Training of the per-vertebra network. Run through train.py; resumable, CPU only.

    generate: fills the pool of painted samples (run beside the training)
    train:    Dice + weighted cross entropy, AdamW, warm-up and cosine decay over `seconds` of wall time, EMA of weights
"""
from __future__ import annotations

import math
import os
import time

import numpy as np
import torch
from torch.nn import functional as F

import segmenter_samples as S
from segmenter_net import SegmenterNet


# How much more than background bone counts in the cross entropy. Weight moves the border outwards: people draw labels a little outside of a bone's
# half-height edge (and so does the one network whose labels are used), while the simple phantoms must come out with their exact volumes.
BONE_WEIGHT = {"phantom": 0.0, "procedural": 0.2, "labels": 0.6, "photo": 0.6}

# Dice moves the border outwards where it is uncertain, which suits the score but not a volume.
DICE_WEIGHT = {"phantom": 0.1, "procedural": 0.7, "labels": 1.0, "photo": 1.0}

# How much the relative error of a phantom's volume counts: cross entropy alone leaves some per cent, the same over a whole image.
VOLUME_WEIGHT = 4.0


def loss_fn(logit, mask, target, kind):
    """Soft Dice over the patch and cross entropy in which bone, the target's and that of others, may count more. `target` is the voxel's share in [0, 1]."""
    weight = 1 + BONE_WEIGHT[kind] * (mask > 0).float()
    if kind == "phantom":                              # both sides of the surface alike, where the volume is decided
        weight = weight + 6 * (F.max_pool3d(target, 3, 1, 1) + F.max_pool3d(-target, 3, 1, 1))
    ce = (F.binary_cross_entropy_with_logits(logit, target, reduction="none") * weight).sum() / weight.sum()
    p = torch.sigmoid(logit)
    dims = (1, 2, 3, 4)
    dice = 1 - (2 * (p * target).sum(dims) + 50) / (p.sum(dims) + target.sum(dims) + 50)
    loss = DICE_WEIGHT[kind] * dice.mean() + 4 * ce
    if kind == "phantom":                              # a phantom's volume is known exactly
        loss = loss + VOLUME_WEIGHT * F.smooth_l1_loss((p.sum(dims) + 50) / (target.sum(dims) + 50), torch.ones(len(p)), beta=0.1)
    return loss, dice.mean().item()


class Ema:
    def __init__(self, net, state=None):
        self.state = state or {k: v.detach().clone() for k, v in net.state_dict().items()}

    def update(self, net, step):
        decay = min(0.995, (1 + step) / (20 + step))
        for k, v in net.state_dict().items():
            self.state[k].mul_(decay).add_(v.detach(), alpha=1 - decay)


def train(pool_folder, checkpoint, seconds, start_rate, batch=2, seed=1, threads=1, floor=0.02, wait_for=24, keep_every=600, small=0.7, phantoms=0.2):
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    net = SegmenterNet().to(memory_format=torch.channels_last_3d)
    optimiser = torch.optim.AdamW(net.parameters(), lr=start_rate, weight_decay=0.01, betas=(0.9, 0.98))
    step, spent, ema = 0, 0.0, None
    if os.path.exists(checkpoint):
        c = torch.load(checkpoint, weights_only=False)
        net.load_state_dict(c["net"])
        optimiser.load_state_dict(c["optimiser"])
        step, spent, ema = c["step"], c["spent"], Ema(net, c["ema"])
    ema = ema or Ema(net)
    pool = S.Pool(pool_folder)
    while not os.path.isdir(pool_folder) or len(os.listdir(pool_folder)) < wait_for:
        time.sleep(2)
    rng = np.random.default_rng([seed, step])
    bumps = {size: torch.from_numpy(S.prior(size))[None] for size in (S.PATCH, S.SMALL)}
    last, saved, kept, running = time.time(), time.time(), spent, []
    while spent < seconds:
        rate = start_rate * min(1, (step + 1) / 60) * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * spent / seconds)))
        for g in optimiser.param_groups:
            g["lr"] = rate
        optimiser.zero_grad()
        for _ in range(batch):
            size = S.SMALL if rng.random() < small else S.PATCH
            hu, mask, share, kind = pool.draw(rng, "phantom" if rng.random() < phantoms else None)
            ct, mask, share = S.augment(rng, hu, mask, share, kind, size)
            x = torch.cat([torch.from_numpy(np.ascontiguousarray(ct))[None], bumps[size]])[None].to(memory_format=torch.channels_last_3d)
            loss, dice = loss_fn(net(x), torch.from_numpy(mask)[None, None], torch.from_numpy(share)[None, None], kind)
            (loss / batch).backward()
            running.append((loss.item(), dice))
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step += 1
        ema.update(net, step)
        now = time.time()
        spent, last = spent + now - last, now
        if step % 20 == 0:
            m = np.mean(running, 0)
            print(f"{time.strftime('%H:%M:%S')} step {step} spent {spent:.0f} rate {rate:.2e} loss {m[0]:.4f} dice {1 - m[1]:.4f}", flush=True)
            running = []
        if now - saved > 100 or spent >= seconds:
            c = dict(net=net.state_dict(), optimiser=optimiser.state_dict(), ema=ema.state, step=step, spent=spent)
            torch.save(c, checkpoint + ".tmp")
            os.replace(checkpoint + ".tmp", checkpoint)
            saved = now
            if spent - kept > keep_every:
                torch.save(dict(ema=ema.state, step=step), f"{checkpoint}.{step}")
                kept = spent
