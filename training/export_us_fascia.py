"""Exports the fascia network's averaged weights: safetensors, manifest, licence stays as it is in the folder; and, if asked, a golden pair.

    python training/export_us_fascia.py --checkpoint training/out/us_fascia.pt --folder lss-models/src/main/resources/META-INF/lss/models/us-fascia [--golden out.npz]
"""
from __future__ import annotations

import argparse
from pathlib import Path

import torch

import export
import us_fascia_samples as S
from us_fascia_net import FasciaNet

HEAD = {
    "schema": "lss-model/1", "id": "us-fascia", "version": "0.1.0", "title": "Fascial layers in ultrasound", "license": "Apache-2.0",
    "intendedUse": "Research use: fascial layers in B-mode images of muscle. Not validated on the thoracolumbar fascia. Not a medical device.",
    "trainingData": "Aponeuroses of the lower limb (DL_Track, Ritsche and Cronin, Apache-2.0); synthetic layered tissue, rasterised bands and pictures without "
                    "fascia; see MODEL_CARD.md.",
    "task": "us-fascia"}


def stage(network):
    return {"role": "segmenter", "name": "segmenter", "network": network, "weights": ["segmenter.safetensors"],
            "inputs": [{"role": "ULTRASOUND", "normalization": {"kind": "zScore"}}], "orientation": "AS_STORED", "longerSidePixels": S.LONG, "resampling": "LINEAR",
            "patchSize": [S.LONG, S.LONG], "tiling": {"kind": "whole"}, "mirrorAxes": [], "output": "SOFTMAX", "labels": [{"value": 1, "key": "fascia/thoracolumbar"}]}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--folder", required=True)
    p.add_argument("--golden")
    a = p.parse_args()
    net = FasciaNet()
    net.load_state_dict(torch.load(a.checkpoint, weights_only=False)["average"])
    net.eval()
    builder, network = export.fascia_layers(net)
    folder = Path(a.folder)
    folder.mkdir(parents=True, exist_ok=True)
    export.save_weights(folder / "segmenter.safetensors", builder.tensors)
    x = torch.randn(1, 1, 64, 96)
    with torch.no_grad():
        gap = (net(x) - export.run_layers(network, builder.tensors, x)).abs().max().item()
    print("largest difference of the exported layers, half precision weights:", round(gap, 5))
    if a.golden:
        export.golden(a.golden, network, builder.tensors, (1, 1, 64, 96))
    export.write_manifest(folder, [stage(network)], HEAD)


if __name__ == "__main__":
    main()
