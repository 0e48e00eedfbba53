"""Averaged weights of a checkpoint -> model package: fp16 safetensors and the manifest; licence and card stay as they are in the folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from lss_training.common import layers, manifest


def export(net, stage, package, folder, golden=None):
    """Writes one stage of a package; returns the largest difference between the network and its fp16 layer list on a seeded input.

    golden: also write that input and the list's output there (.npz), for tests of other implementations.
    """
    net = layers.folded(net)
    network, tensors = layers.layers(net)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / stage.weights
    save_file(tensors, str(path), metadata={"format": "pt"})
    path.chmod(0o644)
    manifest.write(folder, package, stage.block(network))

    sizes = [2 * net.stride, 3 * net.stride, 2 * net.stride][: net.rank]
    x = torch.from_numpy(np.random.default_rng(7).standard_normal((1, net.inputs, *sizes), dtype=np.float32))
    with torch.no_grad():
        listed = layers.LayerList(network, tensors)(x)
        gap = (net(x) - listed).abs().max().item()
    if golden:
        np.savez_compressed(golden, input=x.numpy(), output=listed.numpy())
    return gap
