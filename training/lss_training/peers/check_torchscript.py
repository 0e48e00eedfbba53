"""Checks an exported TorchScript file in plain PyTorch against the ONNX export of the same network.

lss export --model MODEL --format torchscript --out FILE.pt
lss export --model MODEL --format onnx --out FILE.onnx
pip install onnxruntime
python -m lss_training check-torchscript FILE.pt FILE.onnx
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from lss_training.peers.exported import compare


def add_arguments(p):
    p.add_argument("torchscript", type=Path)
    p.add_argument("onnx", type=Path)


def run(a):
    import torch

    check_alignment(a.torchscript)
    module = torch.jit.load(str(a.torchscript)).eval()
    with torch.inference_mode():
        line = compare(a.torchscript, lambda x: module(torch.from_numpy(x)).numpy(), a.onnx)
    print(f"{a.torchscript.name}: {len(list(module.parameters()))} tensors, PyTorch {torch.__version__}, {line}")


def check_alignment(path):
    """Entries are stored, not packed, and start at multiples of 64 bytes, so that PyTorch may map them."""
    with zipfile.ZipFile(path) as archive, open(path, "rb") as data:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED, entry.filename
            data.seek(entry.header_offset + 26)
            name, extra = np.frombuffer(data.read(4), "<u2")
            assert (entry.header_offset + 30 + int(name) + int(extra)) % 64 == 0, entry.filename
