"""Labels of the real trunk without labels, as the networks of a package give them; the last phase of training the CT networks takes them."""

from __future__ import annotations

from pathlib import Path

from lss_training.commands.recipes import WORK, add_data
from lss_training.ct import trunk


def add_arguments(p):
    add_data(p)
    p.add_argument("--folder", type=Path, required=True, help="the package")
    p.add_argument("--work", type=Path, default=WORK, help="folder of checkpoints (default: %(default)s)")


def run(a):
    trunk.write(a.data, a.folder, a.work)
