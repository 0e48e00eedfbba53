"""The training loop of all networks: steps, not wall time; every step's samples depend on the seed and the step's number alone.

So a run that was interrupted and one that was not see the same samples in the same order and, on one machine, end with the same weights.
"""

from __future__ import annotations

import copy
import math
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

CHECKPOINT_EVERY = 200
REPORT_EVERY = 50
BF16_FLAGS = {"avx512_bf16", "amx_bf16"}


@dataclass(frozen=True)
class Phase:
    """A part of a training; phases follow one another.

    last: the step at which it ends. rate: the highest learning rate. decay: over how many steps the rate falls along a cosine, to end at the step `until`
    (the phase's end unless said). fresh: start from the averaged weights before it, with a new optimiser and a new warm-up.
    """

    name: str
    last: int
    rate: float
    decay: int
    until: int | None = None
    fresh: bool = False


class Recipe:
    """What a network needs beside the loop. Subclasses say the rest; a recipe is pickled into the processes that make samples."""

    name: str
    phases: tuple[Phase, ...]
    warm_up = 100
    floor = 0.02  # lowest rate as a share of the highest
    weight_decay = 0.01
    clip = 5.0  # largest norm of the gradient
    average = 0.995  # decay of the average of weights per step
    channels_last = True
    bf16 = True  # whether the network may run in it

    def network(self):
        """A new network."""
        raise NotImplementedError

    def batches(self, rng, step, phase):
        """One step's samples: a list of batches, each a tuple of tensors; their gradients are averaged."""
        raise NotImplementedError

    def loss(self, net, batch):
        """(loss, figures by name) of one batch; a figure may be NaN where it says nothing."""
        raise NotImplementedError

    def prepare(self, net, step, phase):
        """Called before each step, with the step's number within the phase."""
        net.train()

    def watch(self, net, step):
        """Called at each phase's end and now and then with the averaged network: a line to print, or None."""
        return


def rate(recipe, phase, first, step):
    """Learning rate of a step; `first` is the step at which the warm-up began."""
    left = min(1.0, ((phase.until or phase.last) - step) / phase.decay)
    fall = recipe.floor + (1 - recipe.floor) * 0.5 * (1 - math.cos(math.pi * left))
    return phase.rate * min(1.0, (step - first + 1) / recipe.warm_up) * fall


class Average:
    """Exponential average of weights and statistics, faster in the first steps."""

    def __init__(self, net, decay, state=None):
        self.decay = decay
        self.state = state or {k: v.detach().clone() for k, v in net.state_dict().items()}

    def update(self, net, step):
        decay = min(self.decay, (1 + step) / (20 + step))
        for k, v in net.state_dict().items():
            if v.is_floating_point():
                self.state[k].lerp_(v.detach(), 1 - decay)
            else:
                self.state[k].copy_(v)


class Steps(torch.utils.data.Dataset):
    """Samples of the steps `first` to `last`."""

    def __init__(self, recipe, phase, seed, first, last):
        self.recipe, self.phase, self.seed, self.first, self.last = recipe, phase, seed, first, last

    def __len__(self):
        return self.last - self.first

    def __getitem__(self, index):
        step = self.first + index
        return self.recipe.batches(np.random.default_rng([self.seed, step]), step, self.phase)


def bf16_arithmetic():
    """Whether this processor calculates in bf16; False where that cannot be told."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return not BF16_FLAGS.isdisjoint(flags.split())


def load(recipe, path):
    """The averaged network of a checkpoint."""
    net = recipe.network()
    net.load_state_dict(torch.load(path, weights_only=True)["average"])
    return net.eval()


def fresh(recipe, seed):
    """A network before its first step."""
    torch.manual_seed(seed)
    return recipe.network()


def begin(recipe, net, checkpoint, seed, step):
    """Writes the checkpoint of a network that counts as trained up to a step; there may be none yet."""
    if Path(checkpoint).exists():
        raise SystemExit(f"{checkpoint} exists; move it away to begin anew")
    run = _Run(recipe, Path(checkpoint), seed, False)
    run.step = step
    run._start(net)
    run.save()


def train(recipe, checkpoint, seed, workers=1, threads=1, precision="auto", stop=None):
    """Trains from the checkpoint on, or from nothing; returns the averaged network. Every phase's end is kept as `<checkpoint>.<phase>`.

    precision: fp32, bf16 (products and sums of convolutions; weights, losses and the optimiser stay in fp32), or auto: bf16 where the processor has it.
    stop: end after this step even though the phases go on.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    bf16 = recipe.bf16 and (precision == "bf16" or (precision == "auto" and bf16_arithmetic()))
    run = _Run(recipe, Path(checkpoint), seed, bf16)
    run.resume()
    first = 0
    for phase in recipe.phases:
        if phase.fresh or first == 0:
            begun = first
        if run.step < phase.last and (stop is None or run.step < stop):
            if phase.fresh and run.step == first > 0:
                run.restart()
            run.go(phase, begun, first, phase.last if stop is None else min(stop, phase.last), workers)
        first = phase.last
    return run.averaged()


class _Run:
    def __init__(self, recipe, checkpoint, seed, bf16):
        self.recipe, self.checkpoint, self.seed, self.bf16, self.step = recipe, checkpoint, seed, bf16, 0
        self.layout = torch.channels_last_3d if recipe.channels_last else torch.contiguous_format
        self._start(recipe.network())

    def _start(self, net):
        self.net = net.to(memory_format=self.layout)
        decay = self.recipe.weight_decay
        self.optimiser = torch.optim.AdamW(self.net.parameters(), weight_decay=decay, betas=(0.9, 0.98))
        self.mean = Average(self.net, self.recipe.average)

    def resume(self):
        if self.checkpoint.exists():
            c = torch.load(self.checkpoint, weights_only=True)
            if (c["recipe"], c["seed"]) != (self.recipe.name, self.seed):
                raise SystemExit(f"{self.checkpoint} is of {c['recipe']} with seed {c['seed']}")
            self.net.load_state_dict(c["net"])
            self.optimiser.load_state_dict(c["optimiser"])
            self.mean, self.step = Average(self.net, self.recipe.average, c["average"]), c["step"]

    def restart(self):
        self._start(self.averaged())

    def averaged(self):
        net = copy.deepcopy(self.net)
        net.load_state_dict(self.mean.state)
        return net.eval()

    def save(self):
        state = {"recipe": self.recipe.name, "seed": self.seed, "step": self.step, "average": self.mean.state}
        state |= {"net": self.net.state_dict(), "optimiser": self.optimiser.state_dict()}
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, f"{self.checkpoint}.tmp")
        os.replace(f"{self.checkpoint}.tmp", self.checkpoint)

    def go(self, phase, begun, first, last, workers):
        """One phase, or what is left of it."""
        steps = Steps(self.recipe, phase, self.seed, self.step, last)
        ahead = {"prefetch_factor": 4} if workers else {}
        loader = torch.utils.data.DataLoader(steps, batch_size=None, num_workers=workers, **ahead)
        seen, started = [], time.time()
        for batches in loader:
            torch.manual_seed(self.seed * 1_000_003 + self.step)
            self.recipe.prepare(self.net, self.step - first, phase)
            for g in self.optimiser.param_groups:
                g["lr"] = rate(self.recipe, phase, begun, self.step)
            seen.append(self._learn(batches))
            self.step += 1
            self.mean.update(self.net, self.step - begun)
            if self.step % REPORT_EVERY == 0:
                self._report(seen, started)
                seen, started = [], time.time()
            if self.step % CHECKPOINT_EVERY == 0 or self.step == last:
                self.save()
                line = self.recipe.watch(self.averaged(), self.step)
                if line:
                    print(f"step {self.step} {line}", flush=True)
                started = time.time()
        if self.step == phase.last:
            shutil.copy(self.checkpoint, f"{self.checkpoint}.{phase.name}")

    def _learn(self, batches):
        self.optimiser.zero_grad(set_to_none=True)
        figures = []
        for batch in batches:
            batch = tuple(t.to(memory_format=self.layout) if t.ndim == 5 else t for t in batch)
            with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
                loss, more = self.recipe.loss(self.net, batch)
            (loss / len(batches)).backward()
            figures.append({"loss": loss.item(), **more})
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.recipe.clip)
        self.optimiser.step()
        return {
            k: np.nanmean([f[k] for f in figures]) if not all(np.isnan(f[k]) for f in figures) else np.nan
            for k in figures[0]
        }

    def _report(self, seen, started):
        means = [
            f"{k} {np.nanmean([s[k] for s in seen]):.4f}" for k in seen[0] if not all(np.isnan(s[k]) for s in seen)
        ]
        print(f"step {self.step} {(time.time() - started) / len(seen):.2f} s/step", *means, flush=True)
