"""Groups the ultrasound images by similarity, splits the groups and writes us/split.json."""

from __future__ import annotations

from lss_training.commands.recipes import add_data


def add_arguments(p):
    add_data(p)


def run(a):
    from lss_training.us import split

    split.write(a.data)
