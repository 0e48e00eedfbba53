"""Learns to name levels from points, measures it, and writes naming.safetensors of lss-core, docs/levels.md and its plots."""

from __future__ import annotations

from pathlib import Path

from lss_training.commands.recipes import DATA, WORK

DOCS = Path(__file__).resolve().parents[3] / "docs"


def add_arguments(p):
    p.add_argument("--data", type=Path, default=DATA, help="folder with ct/keypoints (default: %(default)s)")
    p.add_argument("--work", type=Path, default=WORK, help="folder of checkpoints (default: %(default)s)")
    p.add_argument("--docs", type=Path, default=DOCS, help="where the page goes (default: %(default)s)")


def run(a):
    from lss_training.naming.build import build

    build(a.data, a.work, a.docs)
