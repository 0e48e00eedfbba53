"""Trains the coarse network (see localizer_net.py) on a pool of cases (localizer_cases.py).

    python localizer_cases.py --pool POOL &            # fills the pool, may run at the same time
    python localizer.py --pool POOL --checkpoint loc.pt --minutes 100
"""
from __future__ import annotations

import argparse
import copy
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from localizer_data import PATCHES, Pool, regions, sample
from localizer_net import LocalizerNet


BONE = 0.4                                                      # 150 HU


class HeatmapLoss(torch.autograd.Function):
    """Cross-entropy against the Gaussians themselves, so that the best answer IS the Gaussian (peaks near 1, no distortion); voxels near any centre
    weigh more, in ALL channels, because naming the level is decided there, and bone weighs more than the rest: that is what is mistaken. Written out by hand: on CPUs the chain of elementwise passes that
    autograd would record costs as much as the network's deep half."""

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
    return F.cross_entropy(logits, names.long(), weight=weight, ignore_index=255)


class Samples(torch.utils.data.IterableDataset):
    def __init__(self, pool, shares, seed, batch):
        self.pool, self.shares, self.seed, self.batch = pool, shares, seed, batch

    def __iter__(self):
        torch.set_num_threads(1)
        rng = np.random.default_rng(self.seed)
        pool = Pool(self.pool, self.shares, rng)
        while True:
            patch = PATCHES[int(rng.integers(len(PATCHES)))]
            parts = []
            for _ in range(self.batch):
                x, t, points = sample(pool.draw(), rng, patch)
                parts.append((x, t, regions(points, patch, 4), regions(points, patch, 8)))
            x, t, near, far = (torch.from_numpy(np.stack(a)) for a in zip(*parts))
            yield x, t.half(), near, far


# name, share of the time, peak rate, share of the phase after which batch statistics are frozen, shares of the kinds of cases.
# Four painted phases, then one in which the one real CT takes part. Each starts from the averaged weights of the one before.
PHASES = [
    ("shapes", 0.10, 4.0e-3, 0.6, "procedural=0.7,abdomen=0.19,verse=0.07,nothing=0.04"),
    ("names", 0.06, 2.5e-3, 0.0, "procedural=0.6,abdomen=0.2,verse=0.06,phantom=0.09,nothing=0.05"),
    ("painted", 0.16, 2.2e-3, 0.0, "procedural=0.48,abdomen=0.30,verse=0.06,phantom=0.10,nothing=0.06"),
    ("long", 0.52, 2.0e-3, 0.0, "procedural=0.60,abdomen=0.15,verse=0.05,phantom=0.13,nothing=0.07"),
    ("real", 0.16, 8.0e-4, 0.0, "procedural=0.54,abdomen=0.12,abdomen_ct=0.10,verse=0.05,phantom=0.12,nothing=0.07"),
]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--pool", required=True)
    p.add_argument("--checkpoint", required=True, help="written here; each phase also leaves <checkpoint>.<phase>")
    p.add_argument("--minutes", type=float, default=100, help="all phases together")
    p.add_argument("--phase", help="run this phase alone, from --resume")
    p.add_argument("--resume", help="checkpoint to start from")
    p.add_argument("--batch", type=int, default=2)
    p.add_argument("--seed", type=int, default=0)
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    resume = a.resume
    for n, (name, part, rate, freeze, shares) in enumerate(PHASES):
        if a.phase in (None, name):
            minutes = a.minutes * (1 if a.phase else part)
            train(a.pool, a.checkpoint, parse(shares), minutes, rate, freeze, a.batch, a.seed + 10 * n, resume)
            shutil.copy(a.checkpoint, f"{a.checkpoint}.{name}")
            resume = a.checkpoint


def parse(shares):
    return {k: float(v) for k, v in (s.split("=") for s in shares.split(","))}


def train(folder, checkpoint, shares, minutes, peak_rate, freeze, batch, seed, resume):
    net = LocalizerNet()
    if resume:
        net.load_state_dict(torch.load(resume)["ema"], strict=False)
    ema = copy.deepcopy(net).eval()
    opt = torch.optim.AdamW(net.parameters(), lr=peak_rate, weight_decay=1e-4, betas=(0.9, 0.98))
    loader = iter(torch.utils.data.DataLoader(Samples(folder, shares, seed + 1, batch), batch_size=None, num_workers=1, prefetch_factor=3))
    net = net.to(memory_format=torch.channels_last_3d)
    start, step, saved, running, named = time.time(), 0, time.time(), [], []
    while True:
        done = (time.time() - start) / 60 / minutes
        if done >= 1:
            break
        rate = peak_rate * min(1, (step + 1) / 80) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * done)))
        for g in opt.param_groups:
            g["lr"] = rate
        net.train()
        if done >= freeze:
            for m in net.modules():
                if isinstance(m, torch.nn.BatchNorm3d):
                    m.eval()
        x, t, near, far = next(loader)
        y, hint2, hint3 = net(x.to(memory_format=torch.channels_last_3d), hints=True)
        loss = HeatmapLoss.apply(y, t.float(), x)
        running.append(loss.item())
        hints = hint_loss(hint2, near) + hint_loss(hint3, far)
        named.append(hints.item() / 2)
        opt.zero_grad(set_to_none=True)
        (loss + 0.03 * hints).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        step += 1
        decay = min(0.995, step / (step + 20))
        with torch.no_grad():
            for e, v in zip(ema.state_dict().values(), net.state_dict().values()):
                e.copy_(v) if not e.is_floating_point() else e.lerp_(v, 1 - decay)
        if step % 20 == 0:
            print(f"{step} {time.time() - start:.0f} s  rate {rate:.1e}  loss {np.mean(running[-20:]):.4f}  ({np.mean(running[-200:]):.4f})  "
                  f"hints {np.mean(named[-200:]):.3f}", flush=True)
        if time.time() - saved > 110:
            save(checkpoint, net, ema, step)
            saved = time.time()
    save(checkpoint, net, ema, step)


def save(path, net, ema, step):
    tmp = Path(str(path) + ".tmp")
    torch.save({"net": net.state_dict(), "ema": ema.state_dict(), "step": step}, tmp)
    tmp.rename(path)


if __name__ == "__main__":
    main()
