"""Trains the coarse network (see localizer_net.py) on a pool of cases (localizer_cases.py).

    python localizer_cases.py --pool POOL &            # fills the pool, may run at the same time
    python localizer.py --pool POOL --checkpoint loc.pt --minutes 60
"""
from __future__ import annotations

import argparse
import copy
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from localizer_data import PATCHES, Pool, regions, sample
from localizer_net import LocalizerNet


class HeatmapLoss(torch.autograd.Function):
    """Cross-entropy against the Gaussians themselves, so that the best answer IS the Gaussian (peaks near 1, no distortion); voxels near any centre
    weigh more, in ALL channels, because naming the level is decided there. Written out by hand: on CPUs the chain of elementwise passes that
    autograd would record costs as much as the network's deep half."""

    @staticmethod
    def forward(ctx, logits, target):
        weight = target.amax(1, keepdim=True).add_(0.02)
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
        return ctx.saved_tensors[0] * upstream, None


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


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--pool", required=True)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--shares", default="procedural=0.7,abdomen=0.19,verse=0.07,nothing=0.04")
    p.add_argument("--minutes", type=float, default=90)
    p.add_argument("--rate", type=float, default=3e-3)
    p.add_argument("--batch", type=int, default=2)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--freeze", type=float, default=0.25, help="share of the time after which the batch statistics are frozen; 0 when resuming")
    p.add_argument("--resume", default=None)
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    shares = {k: float(v) for k, v in (s.split("=") for s in a.shares.split(","))}
    net = LocalizerNet()
    if a.resume:
        net.load_state_dict(torch.load(a.resume)["ema"], strict=False)
    ema = copy.deepcopy(net).eval()
    opt = torch.optim.AdamW(net.parameters(), lr=a.rate, weight_decay=1e-4, betas=(0.9, 0.98))
    loader = iter(torch.utils.data.DataLoader(Samples(a.pool, shares, a.seed + 1, a.batch), batch_size=None, num_workers=1, prefetch_factor=3))
    net = net.to(memory_format=torch.channels_last_3d)
    start, step, saved, running, named = time.time(), 0, time.time(), [], []
    while True:
        done = (time.time() - start) / 60 / a.minutes
        if done >= 1:
            break
        rate = a.rate * min(1, (step + 1) / 80) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * done)))
        for g in opt.param_groups:
            g["lr"] = rate
        net.train()
        if done >= a.freeze:
            for m in net.modules():
                if isinstance(m, torch.nn.BatchNorm3d):
                    m.eval()
        x, t, near, far = next(loader)
        y, hint2, hint3 = net(x.to(memory_format=torch.channels_last_3d), hints=True)
        loss = HeatmapLoss.apply(y, t.float())
        running.append(loss.item())
        hints = hint_loss(hint2, near) + hint_loss(hint3, far)
        named.append(hints.item() / 2)
        loss = loss + 0.03 * hints
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        step += 1
        decay = min(0.995, step / (step + 20))
        with torch.no_grad():
            for e, v in zip(ema.state_dict().values(), net.state_dict().values()):
                e.copy_(v) if not e.is_floating_point() else e.lerp_(v, 1 - decay)
        if step % 20 == 0:
            print(f"{step} {time.time() - start:.0f} s  rate {rate:.1e}  loss {np.mean(running[-20:]):.4f}  ({np.mean(running[-200:]):.4f})  hints {np.mean(named[-200:]):.3f}", flush=True)
        if time.time() - saved > 110:
            save(a.checkpoint, net, ema, step)
            saved = time.time()
    save(a.checkpoint, net, ema, step)


def save(path, net, ema, step):
    tmp = Path(str(path) + ".tmp")
    torch.save({"net": net.state_dict(), "ema": ema.state_dict(), "step": step}, tmp)
    tmp.rename(path)


if __name__ == "__main__":
    main()
