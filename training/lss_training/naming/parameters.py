"""Trained networks -> naming.safetensors of lss-core, which the library and the decoder read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from lss_training.naming.calibration import UNCHANGED
from lss_training.naming.levels import LEVELS

RESOURCE = Path(__file__).resolve().parents[3] / "lss-core/src/main/resources/dev/lss/core/naming/naming.safetensors"
WORST_FIT = -30.0  # no step fits worse than so, as a logarithm
TOO_MANY = {
    "T13": -2.5,
    "noT12": -2.1,
}  # training makes 12 and 8 of 100 spines so, about 1 of 100 people is: logarithms of the ratios
KEYS = ("hidden", "hiddenBias", "output", "outputBias")


def parameters(nets, calibration=UNCHANGED):
    """The numbers of one decoder that takes the mean over several networks."""
    from torch.nn import functional as F

    def mean(values):
        return np.mean([v.detach().numpy() for v in values], 0)

    prior, middle = mean([net.prior() for net in nets]), mean([net.mean for net in nets])
    prior = [p + sum(TOO_MANY.get(key, 0.0) for key in r[3]) for p, r in zip(prior, nets[0].routes)]
    deviation = mean([net.deviation for net in nets])
    return {
        "levels": list(LEVELS),
        "networks": [dict(zip(KEYS, _arrays(net))) for net in nets],
        "routes": [
            {"upper": LEVELS[a], "lower": LEVELS[b], "missed": count - 1}
            | {"prior": float(prior[n]), "meanMm": float(middle[n]), "deviationMm": float(deviation[n])}
            for n, (count, a, b, _, _) in enumerate(nets[0].routes)
        ],
        "lengthWeight": float(mean([F.softplus(net.length_weight) for net in nets])),
        "worstFit": WORST_FIT,
        "calibration": list(calibration),
    }


def _arrays(net):
    first, last = net.body[0], net.body[-1]
    return [t.detach().numpy().tolist() for t in (first.weight, first.bias, last.weight, last.bias)]


def save(p, path=RESOURCE):
    """Writes the numbers: networks in half precision, everything else in single. Levels are told by their place in levels.py."""
    from safetensors.numpy import save_file

    tensors = {
        f"{n}.{key}": np.array(network[key], np.float16) for n, network in enumerate(p["networks"]) for key in KEYS
    }
    rows = [
        [LEVELS.index(r["upper"]), LEVELS.index(r["lower"]), r["missed"], r["prior"], r["meanMm"], r["deviationMm"]]
        for r in p["routes"]
    ]
    tensors |= {
        "routes": np.array(rows, np.float32),
        "lengthWeight": np.array([p["lengthWeight"]], np.float32),
        "calibration": np.array(p["calibration"], np.float32),
    }
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, str(path))
    Path(path).chmod(0o644)


def load(path=RESOURCE):
    """The numbers as `parameters` gives them."""
    tensors = _tensors(Path(path).read_bytes())
    count = sum(key.endswith(".hidden") for key in tensors)
    keys = ("prior", "meanMm", "deviationMm")
    return {
        "levels": list(LEVELS),
        "networks": [{key: tensors[f"{n}.{key}"] for key in KEYS} for n in range(count)],
        "routes": [
            {"upper": LEVELS[int(a)], "lower": LEVELS[int(b)], "missed": int(missed)} | dict(zip(keys, rest))
            for a, b, missed, *rest in tensors["routes"]
        ],
        "lengthWeight": tensors["lengthWeight"][0],
        "worstFit": WORST_FIT,
        "calibration": tensors["calibration"],
    }


def _tensors(data):
    """Tensors of a safetensors file as lists; without the package, so that the decoder needs NumPy alone."""
    start = 8 + int.from_bytes(data[:8], "little")
    out = {}
    for name, t in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, last = t["data_offsets"]
            kind = {"F16": "<f2", "F32": "<f4"}[t["dtype"]]
            values = np.frombuffer(data[start + first : start + last], kind).astype(float)
            out[name] = values.reshape(t["shape"]).tolist()
    return out
