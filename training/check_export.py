"""Checks an exported network with the official ONNX checker, and its sidecar against it.

    lss export --model MODEL --format onnx --out FILE
    pip install onnx
    python training/check_export.py FILE
"""
import hashlib
import json
import sys
from pathlib import Path

import onnx


def check(path):
    data = path.read_bytes()
    model = onnx.load_model_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    assert not any(t.external_data for t in model.graph.initializer), "weights lie in another file"
    sidecar = json.loads(Path(f"{path}.json").read_text())
    assert sidecar["schema"] == "lss-export/1", sidecar["schema"]
    assert sidecar["file"] == path.name
    assert sidecar["sha256"] == hashlib.sha256(data).hexdigest(), "the sidecar is of another file"
    for field, values in (("input", model.graph.input), ("output", model.graph.output)):
        assert [v.name for v in values] == [sidecar[field]["name"]], field
        dims = values[0].type.tensor_type.shape.dim
        assert dims[1].dim_value == sidecar[field]["channels"], field
        assert len(dims) == len(sidecar[field]["axes"]), field
    stage = sidecar["stage"]
    for field in ("inputs", "orientation", "spacingMm", "patchSize", "tiling", "mirrorAxes", "output", "labels"):
        assert field in stage, field
    print(f"{path.name}: {len(model.graph.node)} nodes, {len(data)} bytes, opset"
          f" {model.opset_import[0].version}, patch {stage['patchSize']}, {len(stage['labels'])} labels: good")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        check(Path(name))
