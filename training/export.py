"""Networks -> layer list + fp16 safetensors + manifest; every tool outside of Python reads these files and nothing else."""
from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn


class Layers:
    """Builds the explicit layer list in execution order and collects the tensors."""

    def __init__(self):
        self.layers, self.tensors = [], {}

    def _put(self, name, value):
        self.tensors[name] = value.detach().to(torch.float16).contiguous()
        return name

    def add(self, name, op, inputs, **fields):
        self.layers.append({"name": name, "op": op, "inputs": inputs, **fields})
        return name

    def module(self, name, m, source):
        """One torch module (or a Sequential of them); returns the name of its output."""
        if isinstance(m, nn.Sequential):
            for n, part in enumerate(m):
                source = self.module(f"{name}.{n}", part, source)
            return source
        if isinstance(m, (nn.Conv2d, nn.Conv3d, nn.ConvTranspose2d, nn.ConvTranspose3d)):
            fields = dict(kernel=list(m.kernel_size), stride=list(m.stride), outChannels=m.out_channels)
            plain = isinstance(m, (nn.Conv2d, nn.Conv3d))
            if plain:
                fields["padding"] = list(m.padding)
            fields["weight"] = self._put(name + ".weight", m.weight)
            if m.bias is not None:
                fields["bias"] = self._put(name + ".bias", m.bias)
            return self.add(name, "convolution" if plain else "transposedConvolution", [source], **fields)
        if isinstance(m, (nn.InstanceNorm2d, nn.InstanceNorm3d)):
            return self.add(name, "instanceNorm", [source], epsilon=m.eps, scale=self._put(name + ".scale", m.weight),
                            shift=self._put(name + ".shift", m.bias))
        if isinstance(m, nn.LeakyReLU):
            return self.add(name, "leakyRelu", [source], slope=m.negative_slope)
        if isinstance(m, nn.MaxPool3d):
            return self.add(name, "maxPool", [source], kernel=_triple(m.kernel_size), stride=_triple(m.stride))
        raise TypeError(type(m))

    def network(self, input_channels, output, rank=3):
        return {"spatialRank": rank, "inputChannels": input_channels, "layers": self.layers, "output": output}


def _triple(v):
    return [v] * 3 if isinstance(v, int) else list(v)


def segmenter_layers(net):
    """Layer list of SegmenterNet."""
    b = Layers()
    s1 = b.module("enc1", net.enc1, b.module("stem", net.stem, "input"))
    s2 = b.module("enc2", net.enc2, b.module("down2", net.down2, s1))
    s3 = b.module("enc3", net.enc3, b.module("down3", net.down3, s2))
    cat2 = b.add("cat2", "concatenate", [b.module("up2", net.up2, s3), s2])
    d2 = b.module("dec2", net.dec2, cat2)
    cat1 = b.add("cat1", "concatenate", [b.module("up1", net.up1, d2), s1])
    d1 = b.module("dec1", net.dec1, cat1)
    return b, b.network(2, b.module("out", net.out, d1))


def fascia_layers(net):
    """Layer list of FasciaNet."""
    b = Layers()
    s1 = b.module("enc1", net.enc1, b.module("stem", net.stem, "input"))
    s2 = b.module("enc2", net.enc2, b.module("down2", net.down2, s1))
    s3 = b.module("enc3", net.enc3, b.module("down3", net.down3, s2))
    s4 = b.module("enc4", net.enc4, b.module("down4", net.down4, s3))
    d = b.module("enc5", net.enc5, b.module("down5", net.down5, s4))
    for n, skip in ((4, s4), (3, s3), (2, s2), (1, s1)):
        cat = b.add(f"cat{n}", "concatenate", [b.module(f"up{n}", getattr(net, f"up{n}"), d), skip])
        d = b.module(f"dec{n}", getattr(net, f"dec{n}"), cat)
    return b, b.network(1, b.module("out", net.out, d), 2)


def run_layers(network, tensors, x):
    """Runs a layer list with torch: checks that the files alone are enough."""
    values = {"input": x}
    t = {k: v.float() for k, v in tensors.items()}
    f = nn.functional
    flat = network["spatialRank"] == 2
    for layer in network["layers"]:
        a = [values[n] for n in layer["inputs"]]
        op = layer["op"]
        bias = t[layer["bias"]] if "bias" in layer else None
        if op == "convolution":
            y = (f.conv2d if flat else f.conv3d)(a[0], t[layer["weight"]], bias, layer["stride"], layer["padding"])
        elif op == "transposedConvolution":
            y = (f.conv_transpose2d if flat else f.conv_transpose3d)(a[0], t[layer["weight"]], bias, layer["stride"])
        elif op == "instanceNorm":
            y = f.instance_norm(a[0], weight=t[layer["scale"]], bias=t[layer["shift"]], eps=layer["epsilon"])
        elif op == "batchNorm":
            y = f.batch_norm(a[0], t[layer["mean"]], t[layer["variance"]], t[layer["scale"]], t[layer["shift"]], False, 0, layer["epsilon"])
        elif op == "leakyRelu":
            y = f.leaky_relu(a[0], layer["slope"])
        elif op == "relu":
            y = a[0].relu()
        elif op == "concatenate":
            y = torch.cat(a, 1)
        elif op == "add":
            y = sum(a)
        elif op == "maxPool":
            y = (f.max_pool2d if flat else f.max_pool3d)(a[0], layer["kernel"], layer["stride"])
        elif op == "upsample":
            y = f.interpolate(a[0], scale_factor=layer["scale"], mode=("bilinear" if flat else "trilinear") if layer["mode"] == "linear" else "nearest")
        else:
            raise ValueError(op)
        values[layer["name"]] = y
    return values[network["output"]]


def golden(path, network, tensors, shape, seed=0):
    """A small seeded input and the output of the fp16-rounded weights, for tests of other implementations."""
    x = torch.from_numpy(np.random.default_rng(seed).standard_normal(shape, dtype=np.float32))
    with torch.no_grad():
        y = run_layers(network, tensors, x)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, input=x.numpy(), output=y.numpy())


def save_weights(path, tensors):
    save_file(tensors, str(path), metadata={"format": "pt"})
    Path(path).chmod(0o644)


def write_manifest(folder, stages, head):
    """lss-model.json: `head` + stages + digest of every other file in the folder."""
    folder = Path(folder)
    files = [{"path": p.name, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()} for p in sorted(folder.iterdir()) if p.name != "lss-model.json"]
    (folder / "lss-model.json").write_text(json.dumps({**head, "stages": stages, "files": files}, indent=1) + "\n")
