"""Writes the tiny nnU-Net results folders that lss-core's tests read.

The networks come from nnU-Net's own builder, the checkpoints have the entries that
nnUNetTrainer.save_checkpoint writes (optimiser state after a step and NumPy scalars included),
and each folder holds a seeded input of the network with the output that PyTorch gives for it
(float32, little endian, C order).

    pip install nnunetv2        # written with 2.6.2, PyTorch 2.9.1 on a CPU
    python -m lss_training nnunet-fixtures lss-core/src/test/resources/nnunet
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from nnunetv2.utilities.get_network_from_plans import get_network_from_plans
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

SPLINE = "resample_data_or_seg_to_shape"


def architecture(kind, dim, **more):
    args = {
        "n_stages": 3,
        "features_per_stage": [4, 6, 8],
        "conv_op": f"torch.nn.modules.conv.Conv{dim}d",
        "kernel_sizes": [[1, 3, 3], [3, 3, 3], [3, 3, 3]] if dim == 3 else [[3, 3]] * 3,
        "strides": [[1, 1, 1], [1, 2, 2], [2, 2, 2]] if dim == 3 else [[1, 1], [2, 2], [2, 2]],
        "n_conv_per_stage_decoder": [1, 2],
        "conv_bias": True,
        "norm_op": f"torch.nn.modules.instancenorm.InstanceNorm{dim}d",
        "norm_op_kwargs": {"eps": 1e-5, "affine": True},
        "dropout_op": None,
        "dropout_op_kwargs": None,
        "nonlin": "torch.nn.LeakyReLU",
        "nonlin_kwargs": {"inplace": True},
    }
    args["n_conv_per_stage" if kind == "PlainConvUNet" else "n_blocks_per_stage"] = [2, 1, 2]
    args.update(more)
    return {
        "network_class_name": "dynamic_network_architectures.architectures.unet." + kind,
        "arch_kwargs": args,
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }


OLD = {
    "UNet_class_name": "PlainConvUNet",
    "UNet_base_num_features": 4,
    "unet_max_num_features": 7,
    "n_conv_per_stage_encoder": [2, 2, 2],
    "n_conv_per_stage_decoder": [2, 2],
    "num_pool_per_axis": [1, 2, 2],
    "pool_op_kernel_sizes": [[1, 1, 1], [1, 2, 2], [2, 2, 2]],
    "conv_kernel_sizes": [[1, 3, 3], [3, 3, 3], [3, 3, 3]],
}


def configuration(dim, network):
    def spline(seg, order):
        return {"is_seg": seg, "order": order, "order_z": 0, "force_separate_z": None}

    return {
        "data_identifier": "tiny",
        "preprocessor_name": "DefaultPreprocessor",
        "batch_size": 2,
        "patch_size": [4, 8, 8][3 - dim :],
        "median_image_size_in_voxels": [4.0, 8.0, 8.0][3 - dim :],
        "spacing": [3.0, 1.0, 1.0][3 - dim :],
        "normalization_schemes": ["CTNormalization"],
        "use_mask_for_norm": [False],
        "resampling_fn_data": SPLINE,
        "resampling_fn_seg": SPLINE,
        "resampling_fn_probabilities": SPLINE,
        "resampling_fn_data_kwargs": spline(False, 3),
        "resampling_fn_seg_kwargs": spline(True, 1),
        "resampling_fn_probabilities_kwargs": spline(False, 1),
        **network,
    }


def write(folder, dim, network, heads, prefix="", mirror=None, regions=False):
    name = "3d_fullres" if dim == 3 else "2d"
    plans = {
        "dataset_name": "Dataset901_Tiny",
        "plans_name": "nnUNetPlans",
        "image_reader_writer": "SimpleITKIO",
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "configurations": {"base": configuration(dim, network), name: {"inherits_from": "base"}},
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {
            "0": {
                "max": 900.0,
                "mean": 120.5,
                "median": 100.0,
                "min": -300.0,
                "percentile_00_5": -200.0,
                "percentile_99_5": 800.0,
                "std": 75.25,
            }
        },
    }
    labels = (
        {"background": 0, "bone": [1, 2], "canal": 2}
        if regions
        else {"background": 0, **{f"L{i}": i for i in range(1, heads)}}
    )
    dataset = {"channel_names": {"0": "CT"}, "labels": labels, "numTraining": 1, "file_ending": ".nii.gz"}
    if regions:
        dataset["regions_class_order"] = [1, 2]
    out = folder / f"nnUNetTrainer__nnUNetPlans__{name}"
    (out / "fold_0").mkdir(parents=True, exist_ok=True)
    (out / "plans.json").write_text(json.dumps(plans, indent=1))
    (out / "dataset.json").write_text(json.dumps(dataset, indent=1))

    torch.manual_seed(20261121)
    arch = PlansManager(json.loads(json.dumps(plans))).get_configuration(name).configuration["architecture"]
    net = get_network_from_plans(
        arch["network_class_name"],
        arch["arch_kwargs"],
        arch["_kw_requires_import"],
        1,
        heads,
        True,
        deep_supervision=True,
    )
    with torch.no_grad():
        for p in net.parameters():
            p.add_(0.2 * torch.randn_like(p))
    x = torch.randn([2, 1] + [4, 8, 8][3 - dim :])
    optimizer = torch.optim.SGD(net.parameters(), 1e-3, weight_decay=3e-5, momentum=0.99, nesterov=True)
    sum(y.square().mean() for y in net(x)).backward()
    optimizer.step()
    net.decoder.deep_supervision = False
    net.eval()
    with torch.no_grad():
        y = net(x)
    x.numpy().astype("<f4").tofile(out / "input.f32")
    y.numpy().astype("<f4").tofile(out / "output.f32")
    value = np.float32(0.25)
    checkpoint = {
        "network_weights": type(net.state_dict())((prefix + k, v) for k, v in net.state_dict().items()),
        "optimizer_state": optimizer.state_dict(),
        "grad_scaler_state": None,
        "logging": {
            "mean_fg_dice": [np.float64(0.5)],
            "ema_fg_dice": [np.float64(0.5)],
            "dice_per_class_or_region": [[value] * (heads - 1)],
            "train_losses": [value],
            "val_losses": [np.float32(-0.5)],
            "lrs": [0.01],
            "epoch_start_timestamps": [1.7e9],
            "epoch_end_timestamps": [1.7e9 + 1],
        },
        "_best_ema": np.float64(0.5),
        "current_epoch": 1,
        "init_args": {
            "plans": plans,
            "configuration": name,
            "fold": 0,
            "dataset_json": dataset,
            "unpack_dataset": True,
            "device": torch.device("cuda"),
        },
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": mirror,
    }
    torch.save(checkpoint, out / "fold_0" / "checkpoint_final.pth")
    print(out, (out / "fold_0" / "checkpoint_final.pth").stat().st_size)


def add_arguments(p):
    p.add_argument("out", type=Path)


def run(args):
    root = args.out
    write(root / "plain_3d", 3, {"architecture": architecture("PlainConvUNet", 3)}, 3, mirror=(0, 1, 2))
    write(
        root / "plain_2d", 2, {"architecture": architecture("PlainConvUNet", 2)}, 4, prefix="_orig_mod.", mirror=(0, 1)
    )
    write(root / "residual_3d", 3, {"architecture": architecture("ResidualEncoderUNet", 3)}, 2, regions=True)
    write(root / "old_plans", 3, OLD, 3, mirror=(0, 1, 2))
