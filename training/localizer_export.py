"""Exports the coarse network: batch norms folded into the convolutions, fp16 safetensors, its stage of the manifest and a golden pair.

    python localizer_export.py --checkpoint loc.pt --models lss-models/src/main/resources/META-INF/lss/models/ct-vertebrae --stage stage_localizer.json
"""
from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from export import Layers
from localizer_eval import PATCH, load
from localizer_net import CHANNELS, LOWER, MEAN, STD, UPPER


def fold(block):
    """Convolution + batch norm with frozen statistics = one convolution with a bias."""
    conv, norm, act = block
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    out = nn.Conv3d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, bias=True)
    with torch.no_grad():
        out.weight.copy_(conv.weight * scale[:, None, None, None, None])
        out.bias.copy_(norm.bias - norm.running_mean * scale)
    return nn.Sequential(out, act)


def folded(net):
    """A copy of the network without batch norms and with weights rounded to fp16."""
    net = copy.deepcopy(net).eval()

    def visit(m):
        for name, child in list(m.named_children()):
            if isinstance(child, nn.Sequential) and len(child) == 3 and isinstance(child[1], nn.BatchNorm3d):
                setattr(m, name, fold(child))
            else:
                visit(child)

    visit(net)
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(p.half().float())
    return net.eval()


def layers(net):
    """Layer list of the folded network in execution order."""
    b = Layers()
    s1 = b.module("enc1", net.enc1, b.module("stem", net.stem, "input"))
    s2 = b.module("enc2", net.enc2, b.module("down2", net.down2, s1))
    s3 = b.module("enc3", net.enc3, b.module("down3", net.down3, s2))
    s4 = b.module("enc4", net.enc4, b.module("down4", net.down4, s3))
    d3 = b.module("dec3", net.dec3, b.add("add3", "add", [b.module("up3", net.up3, s4), s3]))
    d2 = b.module("dec2", net.dec2, b.add("add2", "add", [b.module("up2", net.up2, d3), s2]))
    d1 = b.module("dec1", net.dec1, b.add("add1", "add", [b.module("up1", net.up1, d2), s1]))
    return b, b.network(1, b.module("out", net.out, d1))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--models", required=True)
    p.add_argument("--stage", required=True)
    p.add_argument("--golden", default=None)
    a = p.parse_args()
    net = folded(load(a.checkpoint))
    builder, network = layers(net)
    Path(a.models).mkdir(parents=True, exist_ok=True)
    save_file(builder.tensors, str(Path(a.models) / "localizer.safetensors"))
    stage = {"role": "localizer", "name": "localizer", "network": network, "weights": ["localizer.safetensors"],
             "inputs": [{"role": "CT", "normalization": {"kind": "ctClip", "lower": LOWER, "upper": UPPER, "mean": MEAN, "std": STD}}],
             "orientation": "LPS", "spacingMm": [4, 4, 4], "resampling": "LINEAR_ANTIALIASED", "patchSize": list(PATCH), "tiling": {"kind": "nnUnet", "step": 0.5}, "mirrorAxes": [],
             "output": "SIGMOID", "labels": [{"value": n, "key": f"heatmap/{c}"} for n, c in enumerate(CHANNELS)]}
    Path(a.stage).write_text(json.dumps(stage, indent=1))
    if a.golden:
        x = np.random.default_rng(7).standard_normal((1, 1, 32, 48, 32)).astype(np.float32)
        with torch.no_grad():
            y = net(torch.from_numpy(x)).numpy()
        np.savez_compressed(a.golden, input=x, output=y)
    print(sum(v.numel() for v in builder.tensors.values()), "parameters")


if __name__ == "__main__":
    main()
