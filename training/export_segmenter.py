"""Exports the per-vertebra network's EMA weights: safetensors, its stage of the manifest, and the golden pair.

    python export_segmenter.py --checkpoint seg.pt --folder ../lss-models/src/main/resources/META-INF/lss/models/ct-vertebrae [--localizer stage.json] [--golden out.npz]
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

import export
import segmenter_samples as S
from segmenter_net import SegmenterNet

HEAD = {
    "schema": "lss-model/1", "id": "ct-vertebrae", "version": "0.1.0", "title": "Lumbar vertebrae on CT, coarse to fine", "license": "CC-BY-SA-4.0",
    "intendedUse": "Research use: whole lumbar vertebrae L1 to L5 on CT of adults. Not a medical device.",
    "trainingData": "Procedural torsos and analytic phantoms painted as CT; label maps of VerSe (verse004), SPIDER and TPTBox/TotalSegmentator test files painted as CT; see MODEL_CARD.md.",
    "task": "ct-vertebrae"}


def stage(network):
    return {"role": "segmenter", "name": "segmenter", "network": network, "weights": ["segmenter.safetensors"],
            "inputs": [{"role": "CT", "normalization": {"kind": "ctClip", "lower": S.LOWER, "upper": S.UPPER, "mean": S.MEAN, "std": S.STD}}],
            "orientation": "LPS", "spacingMm": list(S.SPACING), "resampling": "LINEAR_ANTIALIASED", "patchSize": list(S.PATCH), "tiling": {"kind": "nnUnet", "step": 0.5}, "mirrorAxes": [],
            "centrePriorSigmaMm": S.PRIOR_SIGMA_MM, "output": "SIGMOID", "labels": [{"value": 1, "key": "vertebra"}]}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--folder", required=True)
    p.add_argument("--localizer", help="JSON file with the coarse network's stage; its weights must lie in the folder")
    p.add_argument("--golden")
    a = p.parse_args()
    net = SegmenterNet()
    net.load_state_dict(torch.load(a.checkpoint, weights_only=False)["ema"])
    net.eval()
    builder, network = export.segmenter_layers(net)
    folder = Path(a.folder)
    folder.mkdir(parents=True, exist_ok=True)
    export.save_weights(folder / "segmenter.safetensors", builder.tensors)
    x = torch.randn(1, 2, 16, 24, 32)
    with torch.no_grad():
        gap = (net(x) - export.run_layers(network, builder.tensors, x)).abs().max().item()
    print("largest difference of the exported layers, half precision weights:", round(gap, 5))
    if a.golden:
        export.golden(a.golden, network, builder.tensors, (1, 2, 16, 24, 32))
    stages = [stage(network)]
    if a.localizer and Path(a.localizer).exists():
        stages.insert(0, json.loads(Path(a.localizer).read_text()))
    export.write_manifest(folder, stages, HEAD)


if __name__ == "__main__":
    main()
