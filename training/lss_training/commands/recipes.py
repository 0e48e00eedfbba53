"""The networks that can be trained, by name; a network's modules are loaded when it is named."""

from __future__ import annotations

import importlib
from pathlib import Path

import torch

from lss_training.common import training
from lss_training.common.layers import LayerList

RECIPES = {
    "ct-localizer": ("lss_training.ct.localizer", "Localizer"),
    "ct-segmenter": ("lss_training.ct.segmenter", "Segmenter"),
    "ct-localizer-wide": ("lss_training.ct.localizer", "WideLocalizer"),
    "ct-segmenter-wide": ("lss_training.ct.segmenter", "WideSegmenter"),
    "mr-muscle": ("lss_training.muscle.muscle", "Muscle"),
    "mr-spine": ("lss_training.spine.spine", "Spine"),
    "us-fascia": ("lss_training.us.fascia", "Fascia"),
}
DATA = Path(__file__).resolve().parents[4] / "shared/data"
WORK = Path(__file__).resolve().parents[2] / "out"


def recipe(name, data=DATA, work=WORK, seed=1):
    module, kind = RECIPES[name]
    return getattr(importlib.import_module(module), kind)(Path(data), Path(work), seed)


def weights(found, path):
    """The network to score: a checkpoint's averaged weights, or those of a model package's folder. Uses one thread."""
    torch.set_num_threads(1)
    path = Path(path)
    return LayerList.of_package(path, found.stage.name) if path.is_dir() else training.load(found, path)


def add_name(parser):
    parser.add_argument("network", choices=RECIPES)


def add_data(parser):
    parser.add_argument("--data", type=Path, default=DATA, help="folder of images and labels (default: %(default)s)")
