"""Checks exported networks with the official ONNX checker, and the descriptions beside them.

lss export --model MODEL --format onnx --out FILE
pip install onnx
python -m lss_training check-onnx FILE...
"""

from __future__ import annotations

from pathlib import Path

from lss_training.peers.exported import description

STAGE_FIELDS = ("inputs", "orientation", "grid", "window", "output")


def add_arguments(p):
    p.add_argument("files", type=Path, nargs="+")


def run(a):
    for path in a.files:
        print(check(path))


def check(path):
    import onnx

    data = path.read_bytes()
    model = onnx.load_model_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    assert not any(t.external_data for t in model.graph.initializer), "weights lie in another file"
    about = description(path)
    assert about["schema"] == "lss-export/2", about["schema"]
    assert about["file"] == path.name
    for field, values in (("input", model.graph.input), ("output", model.graph.output)):
        assert [v.name for v in values] == [about[field]["name"]], field
        dims = values[0].type.tensor_type.shape.dim
        assert dims[1].dim_value == about[field]["channels"], field
        assert len(dims) == len(about[field]["axes"]), field
    stage = about["stage"]
    for field in STAGE_FIELDS:
        assert field in stage, field
    nodes, opset = len(model.graph.node), model.opset_import[0].version
    return f"{path.name}: {nodes} nodes, {len(data)} bytes, opset {opset}, patch {stage['window']['patchSize']}, {stage['output']['kind']}: good"
