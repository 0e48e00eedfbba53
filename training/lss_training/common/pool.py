"""Cases that are slow to make: each is made once, kept on disk, and drawn many times while new ones join.

Which cases exist is a matter of their number alone: case 17 of a kind is the same whoever makes it and whenever, and which of them a step may draw depends
on the step. So samples can be repeated, and no process has to wait for another.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import numpy as np


class Pool:
    """makers: for each kind a function of a random generator that gives the arrays of a case by name, or None where the draw was no use.

    first: how many cases of a kind the first step may draw. renewal: new cases per case drawn. limit: how many of a kind are kept, the newest.
    """

    def __init__(self, folder, makers, seed, first=12, renewal=0.1, limit=1500):
        self.folder, self.makers, self.seed = Path(folder), makers, seed
        self.first, self.renewal, self.limit = first, renewal, limit

    def draw(self, rng, kind, drawn):
        """A random case of a kind, when `drawn` cases of it have been drawn before."""
        end = self.first + int(drawn * self.renewal)
        start = max(0, end - self.limit)
        self._path(kind, start - 1).unlink(missing_ok=True)
        return self.case(kind, int(rng.integers(start, end)))

    def case(self, kind, number):
        """The case of this number, made now unless somebody has made it."""
        path = self._path(kind, number)
        if not path.exists():
            self._make(kind, number, path)
        with np.load(path) as f:
            return {k: f[k] for k in f.files}

    def _path(self, kind, number):
        return self.folder / f"{kind}_{number:06d}.npz"

    def _make(self, kind, number, path):
        rng = np.random.default_rng([self.seed, zlib.crc32(kind.encode()), number])
        made = None
        while made is None:
            made = self.makers[kind](rng)
        self.folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        with open(part, "wb") as f:
            np.savez(f, **made)
        part.replace(path)
