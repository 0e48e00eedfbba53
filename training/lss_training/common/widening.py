"""A network that starts as one of a model package, with as many channels or more.

Channels that the package does not have start at random, and nothing that it has reads them (weights of 0), so that the network starts with the same
function; training finds a use for them. After Chen, Goodfellow, Shlens 2016 (Net2Net), with zeros instead of copies.
"""

from __future__ import annotations

import torch
from torch import nn

from lss_training.common.layers import CONVOLUTIONS, TRANSPOSED, LayerList

INSTANCE = (nn.InstanceNorm2d, nn.InstanceNorm3d)


def adopt(net, folder, stage):
    """Gives a UNet the weights of a package's stage, which has the same blocks and at most as many channels."""
    listed = LayerList.of_package(folder, stage)
    layers = {layer["name"]: layer for layer in listed.network["layers"]}
    with torch.no_grad():
        for name, module in net.named_modules():
            if name in layers and isinstance(module, CONVOLUTIONS + TRANSPOSED):
                _convolution(net, name, module, layers, listed.tensors)
            elif name in layers and isinstance(module, INSTANCE):
                _first(module.weight, listed.tensors[layers[name]["scale"]])
                _first(module.bias, listed.tensors[layers[name]["shift"]])
    return net


def blend(net, begun, share):
    """Averages a network's weights with those that it began with: keeps more of what it could do then (Wortsman et al. 2022, WiSE-FT)."""
    state = begun.state_dict()
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if value.is_floating_point():
                value.lerp_(state[name], 1 - share)
    return net


def _first(parameter, old):
    parameter[: len(old)] = old


def _convolution(net, name, module, layers, tensors):
    layer = layers[name]
    old, new = tensors[layer["weight"]], module.weight
    if isinstance(module, TRANSPOSED):
        old, new = old.transpose(0, 1), new.transpose(0, 1)
    taken = torch.as_tensor(_inputs(layer, layers, new.shape[1]))
    new[: len(old)] = 0
    new[: len(old), taken] = old
    if "bias" in layer:
        _first(_bias(net, name, module), tensors[layer["bias"]])


def _inputs(layer, layers, wide):
    """Which inputs of the wider layer are those of the narrow one: the first ones, of each part of a concatenation."""
    source = layers.get(layer["inputs"][0])
    if source is None:
        return list(range(wide))
    if source["op"] == "concatenate":
        parts = [_channels(n, layers) for n in source["inputs"]]
        return [part * (wide // len(parts)) + n for part, count in enumerate(parts) for n in range(count)]
    return list(range(_channels(source["name"], layers)))


def _channels(name, layers):
    """How many channels a layer gives."""
    layer = layers[name]
    if "outChannels" in layer:
        return layer["outChannels"]
    return _channels(layer["inputs"][0], layers)


def _bias(net, name, module):
    """The bias of a convolution, or of the batch norm behind it, of which a package's bias is made."""
    if module.bias is not None:
        return module.bias
    block, _, last = name.rpartition(".")
    norm = net.get_submodule(f"{block}.{int(last) + 1}")
    norm.weight.fill_(1)
    norm.running_var.fill_(1 - norm.eps)
    return norm.bias
