"""Writes a checkpoint with values that nnU-Net takes though it does not write them itself.

Used by CheckpointReaderTest; PyTorch 2.x and NumPy:
python tools/odd_checkpoint.py lss-core/src/test/resources/dev/lss/core/nnunet/odd-values.pth
"""

import collections
import pathlib
import sys

import numpy as np
import torch

flat = torch.arange(12, dtype=torch.float32)
torch.save(
    {
        "network_weights": {
            "encoder.w": flat[0:6].reshape(2, 3),
            "decoder.encoder.w": torch.cat([flat, flat[0:6]])[12:18].reshape(2, 3),
            "b": torch.nn.Parameter(torch.ones(3)[:1]),
        },
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": (np.int64(0), 1),
        "logging": {"dice": [np.float32(0.5)], "curve": np.arange(100.0)},
        "init_args": {
            "configuration": "3d_fullres",
            "folder": pathlib.PurePosixPath("/data/results"),
            "lists": collections.defaultdict(list, {"a": [1]}),
            "array": np.zeros((3, 4), dtype=np.int16),
            "objects": np.array([None, "x"], dtype=object),
            "frozen": frozenset({1, 2}),
            "dtype": np.dtype("float32"),
            "size": torch.Size([1, 2]),
        },
    },
    sys.argv[1],
)
