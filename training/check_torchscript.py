"""Checks an exported TorchScript file in plain PyTorch against the ONNX export of the same network.

    lss export --model MODEL --format torchscript --out FILE.pt
    lss export --model MODEL --format onnx --out FILE.onnx
    pip install onnxruntime
    python training/check_torchscript.py FILE.pt FILE.onnx
"""
import hashlib
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch


def aligned(path):
    with zipfile.ZipFile(path) as archive, open(path, "rb") as data:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED, entry.filename
            data.seek(entry.header_offset + 26)
            name, extra = np.frombuffer(data.read(4), "<u2")
            assert (entry.header_offset + 30 + int(name) + int(extra)) % 64 == 0, entry.filename


def check(torchscript, onnx):
    sidecar = json.loads(Path(f"{torchscript}.json").read_text())
    assert sidecar["sha256"] == hashlib.sha256(torchscript.read_bytes()).hexdigest(), "the sidecar is of another file"
    aligned(torchscript)
    module = torch.jit.load(str(torchscript)).eval()
    session = onnxruntime.InferenceSession(str(onnx), providers=["CPUExecutionProvider"])
    sizes = [max(m, 32 // m * m) for m in sidecar["input"]["sizeMultiples"]]
    x = np.random.default_rng(1).standard_normal((1, sidecar["input"]["channels"], *sizes), np.float32)
    expected = session.run(None, {session.get_inputs()[0].name: x})[0]
    with torch.inference_mode():
        found = module(torch.from_numpy(x)).numpy()
    assert found.shape == expected.shape, (found.shape, expected.shape)
    assert found.shape[1] == sidecar["output"]["channels"]
    difference = float(np.abs(found - expected).max())
    bound = 1e-4 * max(1.0, float(np.abs(expected).max()))
    assert difference <= bound, (difference, bound)
    tensors = sum(1 for _ in module.parameters())
    print(f"{torchscript.name}: {tensors} tensors, PyTorch {torch.__version__}, input {x.shape}, largest"
          f" difference from ONNX {difference:.2g} of {float(np.abs(expected).max()):.3g}: good")


if __name__ == "__main__":
    check(Path(sys.argv[1]), Path(sys.argv[2]))
