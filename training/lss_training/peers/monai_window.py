"""Writes what MONAI's sliding window gives, for MonaiWindowTest of lss-core.

    pip install monai        # written with 1.6.1, PyTorch 2.9.1 on a CPU
    python -m lss_training monai-window lss-core/src/test/resources/monai

Each case is a small random image and a random convolution of 3 voxels per axis and two output channels
with a border of zeros, so that a voxel's value depends on the tile that it lies in. `cases.json` says
how the window moves; `values.f32` (little endian) holds for each case, in order and in C order: the
convolution's weights (output channel first), its two biases, the image, MONAI's result.
"""

from __future__ import annotations

import json
from pathlib import Path

import monai
import numpy as np
import torch
from monai.inferers import SliceInferer, sliding_window_inference

CASES = [
    # image (k, j, i), roi, overlap, mode, padding_mode
    ((9, 11, 13), (4, 6, 5), 0.25, "gaussian", "constant"),
    ((9, 11, 13), (4, 6, 5), 0.25, "constant", "constant"),
    ((10, 7, 12), (5, 5, 7), 0.5, "gaussian", "replicate"),
    ((10, 7, 12), (3, 7, 5), 0.625, "constant", "replicate"),
    ((8, 8, 8), (4, 4, 4), 0.0, "gaussian", "constant"),
    ((7, 9, 5), (2, 3, 2), 0.9, "gaussian", "constant"),  # an interval of less than a voxel becomes one
    ((3, 12, 4), (6, 5, 7), 0.25, "gaussian", "constant"),  # smaller than the roi along k and i
    ((3, 12, 4), (6, 5, 7), 0.4, "gaussian", "replicate"),
    ((2, 3, 3), (5, 4, 8), 0.25, "constant", "replicate"),
    ((6, 17, 17), (4, 16, 16), 0.25, "gaussian", "constant"),  # weights below the floor of 0.001
    ((4, 9, 11), (5, 6), 0.25, "gaussian", "constant"),  # slice by slice
]


def add_arguments(p):
    p.add_argument("folder", type=Path)


def run(a):
    folder = a.folder
    torch.manual_seed(1)
    cases, values = [], []
    for size, roi, overlap, mode, padding in CASES:
        rank = len(roi)
        convolution = (torch.nn.Conv3d if rank == 3 else torch.nn.Conv2d)(1, 2, 3, padding=1)
        image = torch.randn(size)
        with torch.no_grad():
            if rank == 3:
                result = sliding_window_inference(
                    image[None, None], roi, 1, convolution, overlap=overlap, mode=mode, padding_mode=padding
                )
            else:
                inferer = SliceInferer(
                    spatial_dim=0, roi_size=roi, sw_batch_size=1, overlap=overlap, mode=mode, padding_mode=padding
                )
                result = inferer(image[None, None], convolution)
        assert result.shape == (1, 2, *size), result.shape
        for tensor in (convolution.weight, convolution.bias, image, result):
            values.append(tensor.detach().numpy().astype("<f4").ravel())
        cases.append(
            {
                "image": size,
                "roi": roi,
                "overlap": overlap,
                "weights": mode,
                "padding": "zero" if padding == "constant" else padding,
            }
        )
    folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    (folder / "cases.json").write_text(f'{{"monai": "{monai.__version__}", "cases": [\n{lines}\n]}}\n')
    (folder / "values.f32").write_bytes(np.concatenate(values).tobytes())
