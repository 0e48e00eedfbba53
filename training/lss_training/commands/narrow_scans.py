"""Writes narrow scans of osteoporotic spines made of a real one, to run the library on, or scores its results.

python -m lss_training narrow-scans out/scans
for n in out/scans/*; do ../lss segment --task ct-vertebrae --input $n/ct.nii.gz --out out/results/$(basename $n); done
python -m lss_training narrow-scans out/scans --results out/results
"""

from __future__ import annotations

from pathlib import Path

from lss_training.commands.recipes import add_data
from lss_training.ct import narrow_scans


def add_arguments(p):
    add_data(p)
    p.add_argument("folder", type=Path, help="the scans")
    p.add_argument("--results", type=Path, help="score these: a folder for each scan")


def run(a):
    if a.results:
        narrow_scans.score(a.folder, a.results)
    else:
        narrow_scans.write(a.data, a.folder)
