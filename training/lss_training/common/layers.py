"""Networks -> the explicit layer list of a model package, and back: everything outside of Python reads that list and its tensors and nothing else."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

CONVOLUTIONS = (nn.Conv2d, nn.Conv3d)
TRANSPOSED = (nn.ConvTranspose2d, nn.ConvTranspose3d)


class Layers:
    """Builds the layer list in execution order and collects the tensors, rounded to fp16."""

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
        if isinstance(m, CONVOLUTIONS + TRANSPOSED):
            fields = dict(kernel=list(m.kernel_size), stride=list(m.stride), outChannels=m.out_channels)
            plain = isinstance(m, CONVOLUTIONS)
            if plain:
                fields["padding"] = list(m.padding)
            fields["weight"] = self._put(name + ".weight", m.weight)
            if m.bias is not None:
                fields["bias"] = self._put(name + ".bias", m.bias)
            return self.add(name, "convolution" if plain else "transposedConvolution", [source], **fields)
        if isinstance(m, (nn.InstanceNorm2d, nn.InstanceNorm3d)):
            scale, shift = self._put(name + ".scale", m.weight), self._put(name + ".shift", m.bias)
            return self.add(name, "instanceNorm", [source], epsilon=m.eps, scale=scale, shift=shift)
        if isinstance(m, nn.LeakyReLU):
            return self.add(name, "leakyRelu", [source], slope=m.negative_slope)
        raise TypeError(f"{name}: no layer of the package is a {type(m).__name__}")


def layers(net):
    """(network block of the manifest, tensors) of a UNet; batch norms must be folded."""
    b = Layers()
    skips = [b.module("enc1", net.enc1, b.module("stem", net.stem, "input"))]
    for n in range(2, net.levels + 1):
        down = b.module(f"down{n}", getattr(net, f"down{n}"), skips[-1])
        skips.append(b.module(f"enc{n}", getattr(net, f"enc{n}"), down))
    x = skips.pop()
    for n in range(net.levels - 1, 0, -1):
        parts = [b.module(f"up{n}", getattr(net, f"up{n}"), x), skips.pop()]
        join = ("cat", "concatenate") if net.join == "concatenate" else ("add", "add")
        x = b.module(f"dec{n}", getattr(net, f"dec{n}"), b.add(f"{join[0]}{n}", join[1], parts))
    output = b.module("out", net.out, x)
    return {"spatialRank": net.rank, "inputChannels": net.inputs, "layers": b.layers, "output": output}, b.tensors


def folded(net):
    """A copy whose batch norms, with frozen statistics, are part of the convolutions before them."""
    net = copy.deepcopy(net).eval()

    def visit(m):
        for name, child in list(m.named_children()):
            if isinstance(child, nn.Sequential) and len(child) == 3 and isinstance(child[1], nn.BatchNorm3d):
                setattr(m, name, _fold(child))
            else:
                visit(child)

    visit(net)
    return net


def _fold(block):
    conv, norm, act = block
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    out = type(conv)(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, bias=True)
    with torch.no_grad():
        out.weight.copy_(conv.weight * scale.reshape([-1] + [1] * (conv.weight.ndim - 1)))
        out.bias.copy_(norm.bias - norm.running_mean * scale)
    return nn.Sequential(out, act)


class LayerList:
    """A layer list with its tensors, run by torch: checks that the files alone are enough, and scores shipped weights."""

    def __init__(self, network, tensors):
        self.network, self.tensors = network, {k: v.float() for k, v in tensors.items()}

    @classmethod
    def of_package(cls, folder, stage):
        """The stage of this name of a model package."""
        folder = Path(folder)
        manifest = json.loads((folder / "lss-model.json").read_text())
        found = next(s for s in manifest["stages"] if s["name"] == stage)
        return cls(found["network"], load_file(folder / found["weights"][0]))

    def __call__(self, x):
        values = {"input": x}
        for layer in self.network["layers"]:
            values[layer["name"]] = self._run(layer, [values[n] for n in layer["inputs"]])
        return values[self.network["output"]]

    def _run(self, layer, inputs):
        f, t, op = nn.functional, self.tensors, layer["op"]
        flat = self.network["spatialRank"] == 2
        bias = t[layer["bias"]] if "bias" in layer else None
        if op == "convolution":
            convolve = f.conv2d if flat else f.conv3d
            return convolve(inputs[0], t[layer["weight"]], bias, layer["stride"], layer["padding"])
        if op == "transposedConvolution":
            convolve = f.conv_transpose2d if flat else f.conv_transpose3d
            return convolve(inputs[0], t[layer["weight"]], bias, layer["stride"])
        if op == "instanceNorm":
            return f.instance_norm(inputs[0], weight=t[layer["scale"]], bias=t[layer["shift"]], eps=layer["epsilon"])
        if op == "leakyRelu":
            return f.leaky_relu(inputs[0], layer["slope"])
        if op == "concatenate":
            return torch.cat(inputs, 1)
        if op == "add":
            return sum(inputs)
        raise ValueError(f"{layer['name']}: {op}")
