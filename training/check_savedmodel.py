"""Checks an exported SavedModel in plain TensorFlow against the ONNX export of the same network.

    lss export --model MODEL --format savedmodel --out FILE.zip
    lss export --model MODEL --format onnx --out FILE.onnx
    pip install tensorflow-cpu onnxruntime
    python training/check_savedmodel.py FILE.zip FILE.onnx
"""
import hashlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import tensorflow as tf


def check(savedmodel, onnx):
    sidecar = json.loads(Path(f"{savedmodel}.json").read_text())
    assert sidecar["sha256"] == hashlib.sha256(savedmodel.read_bytes()).hexdigest(), "the sidecar is of another file"
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(savedmodel).extractall(folder)
        model = tf.saved_model.load(folder)
    run = model.signatures["serving_default"]
    session = onnxruntime.InferenceSession(str(onnx), providers=["CPUExecutionProvider"])
    sizes = [max(m, 32 // m * m) for m in sidecar["input"]["sizeMultiples"]]
    x = np.random.default_rng(1).standard_normal((1, sidecar["input"]["channels"], *sizes), np.float32)
    expected = session.run(None, {session.get_inputs()[0].name: x})[0]
    found = run(**{sidecar["input"]["name"]: tf.constant(x)})[sidecar["output"]["name"]].numpy()
    assert found.shape == expected.shape, (found.shape, expected.shape)
    assert found.shape[1] == sidecar["output"]["channels"]
    difference = float(np.abs(found - expected).max())
    bound = 1e-4 * max(1.0, float(np.abs(expected).max()))
    assert difference <= bound, (difference, bound)
    print(f"{savedmodel.name}: {len(run.graph.as_graph_def().node)} nodes, TensorFlow {tf.__version__}, input"
          f" {x.shape}, largest difference from ONNX {difference:.2g} of {float(np.abs(expected).max()):.3g}: good")


if __name__ == "__main__":
    check(Path(sys.argv[1]), Path(sys.argv[2]))
