"""Checks an exported SavedModel in plain TensorFlow against the ONNX export of the same network.

lss export --model MODEL --format savedmodel --out FILE.zip
lss export --model MODEL --format onnx --out FILE.onnx
pip install tensorflow-cpu onnxruntime
python -m lss_training check-savedmodel FILE.zip FILE.onnx
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from lss_training.peers.exported import compare, description


def add_arguments(p):
    p.add_argument("savedmodel", type=Path)
    p.add_argument("onnx", type=Path)


def run(a):
    import tensorflow as tf

    about = description(a.savedmodel)
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(a.savedmodel).extractall(folder)
        model = tf.saved_model.load(folder)
    signature = model.signatures["serving_default"]

    def predict(x):
        return signature(**{about["input"]["name"]: tf.constant(x)})[about["output"]["name"]].numpy()

    line = compare(a.savedmodel, predict, a.onnx)
    print(f"{a.savedmodel.name}: {len(signature.graph.as_graph_def().node)} nodes, TensorFlow {tf.__version__}, {line}")
