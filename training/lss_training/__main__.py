"""The command line: `python -m lss_training COMMAND`. Only the module of the command that is named is loaded, with what it needs."""

from __future__ import annotations

import argparse
import importlib
import sys

COMMANDS = {
    "train": ("commands.train", "train a network, or go on with it"),
    "adopt": ("commands.adopt", "begin a training with the weights of a model package"),
    "evaluate": ("commands.evaluate", "score the weights of a checkpoint or a model package"),
    "export": ("commands.export", "write a checkpoint's weights into a model package"),
    "failures": ("commands.failures", "picture of cases on which the CT localiser is wrong"),
    "ct-cuts": ("commands.ct_cuts", "levels of real CTs cut to narrow fields of view"),
    "label-trunk": ("commands.label_trunk", "labels of a real trunk by the networks of a package, to train on"),
    "narrow-scans": ("commands.narrow_scans", "narrow scans of porous spines for the whole pipeline, and their scores"),
    "naming": ("commands.naming", "learn to name levels from points, and measure it"),
    "decoding-cases": (
        "commands.decoding_cases",
        "golden cases of the decoders of heat maps and names, for the library",
    ),
    "us-split": ("commands.us_split", "group the ultrasound images and split them anew"),
    "check-onnx": ("peers.check_onnx", "check an exported ONNX file"),
    "check-torchscript": ("peers.check_torchscript", "check an exported TorchScript file in plain PyTorch"),
    "check-savedmodel": ("peers.check_savedmodel", "check an exported SavedModel in plain TensorFlow"),
    "nnunet-fixtures": ("peers.nnunet_fixtures", "tiny nnU-Net results folders, for the library's tests"),
    "nnunet-references": ("peers.nnunet_references", "label maps that nnU-Net itself gives, for the library's tests"),
    "nnunet-tensors": ("peers.nnunet_tensors", "names and shapes of the parameters of nnU-Net plans"),
    "label-resampling": ("peers.label_resampling", "how nnU-Net resamples labels, for a test of the library"),
    "nnunet-real-shape": ("peers.nnunet_real_shape", "the labels of nnU-Net and of LSS for a network of real size"),
    "nnunet-side-by-side": ("peers.nnunet_side_by_side", "time nnU-Net and LSS on one image"),
    "backends-side-by-side": ("peers.backends_side_by_side", "time the backends beside PyTorch"),
    "monai-window": ("peers.monai_window", "what MONAI's sliding window gives, for a test of the library"),
}


def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    listing = "\n".join(f"  {name:22s} {text}" for name, (_, text) in COMMANDS.items())
    usage = argparse.ArgumentParser(
        "python -m lss_training", epilog=f"commands:\n{listing}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    usage.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    name = usage.parse_args(argv[:1]).command
    module = importlib.import_module(f"lss_training.{COMMANDS[name][0]}")
    parser = argparse.ArgumentParser(
        f"python -m lss_training {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    return module.run(parser.parse_args(argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
