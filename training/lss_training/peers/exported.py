"""An exported network, its description beside it, and the ONNX export of the same network to compare it with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np


def description(path):
    """The JSON file beside an export; it must be of that very file."""
    found = json.loads(Path(f"{path}.json").read_text())
    assert found["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest(), "the description is of another file"
    return found


def compare(path, run, onnx):
    """`run`: the export under test, an array in and one out. Returns a line that says how far it is from the ONNX file in ONNX Runtime."""
    import onnxruntime

    about = description(path)
    session = onnxruntime.InferenceSession(str(onnx), providers=["CPUExecutionProvider"])
    sizes = [max(m, 32 // m * m) for m in about["input"]["sizeMultiples"]]
    x = np.random.default_rng(1).standard_normal((1, about["input"]["channels"], *sizes), np.float32)
    expected = session.run(None, {session.get_inputs()[0].name: x})[0]
    found = run(x)
    assert found.shape == expected.shape, (found.shape, expected.shape)
    assert found.shape[1] == about["output"]["channels"]
    difference, largest = float(np.abs(found - expected).max()), float(np.abs(expected).max())
    assert difference <= 1e-4 * max(1.0, largest), (difference, largest)
    return f"input {x.shape}, largest difference from ONNX {difference:.2g} of {largest:.3g}: good"
