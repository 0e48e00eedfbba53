"""Compares the library with nnU-Net on a network of the size that nnU-Net plans for a CT: six stages of 32 to 320 features, tiles of 128^3,
26 labels.

Its 31 million weights are random, by a generator that lss-bench's `RealShapeWeights` repeats bit for bit; so nothing large is committed. The
image is generated too. What is committed is what the generator cannot know: plans, dataset, the checkpoint's pickle without its numbers, and
nnU-Net's labels of one tile.

    pip install nnunetv2
    python -m lss_training nnunet-real-shape /tmp/real --resource lss-examples/src/test/resources/nnunet-real-shape    # one tile, and what is committed
    python -m lss_training nnunet-real-shape /tmp/real --size 256 256 200                                               # the whole image
    ./lss segment --model /tmp/real/nnUNetTrainer__nnUNetPlans__3d_fullres --input /tmp/real/image_256x256x200.nii.gz --no-mirroring --exact --out /tmp/exact
    python -m lss_training nnunet-real-shape /tmp/real --size 256 256 200 --compare /tmp/exact/labels.nii.gz
"""

from __future__ import annotations

import gzip
import json
import math
import zipfile
from pathlib import Path

import numpy as np

NAME = "nnUNetTrainer__nnUNetPlans__3d_fullres"
FEATURES = (32, 64, 128, 256, 320, 320)
PATCH = 128
LABELS = 26
CELL = 8
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def add_arguments(p):
    p.add_argument("folder", type=Path)
    p.add_argument("--size", type=int, nargs=3, default=[PATCH] * 3, metavar="N", help="voxels along x, y, z")
    p.add_argument("--resource", type=Path, help="write what the library's test reads here")
    p.add_argument("--compare", type=Path, help="labels of the library for this image")


def mixed(name, count, start=0):
    """SplitMix64 from a seed that is the FNV-1a hash of a name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + (np.arange(start + 1, start + count + 1, dtype=np.uint64)) * GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniform(name, count):
    """Numbers in [-1, 1) of 24 bits, so that what is made of them is exact or rounded once."""
    return (mixed(name, count) >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1


def values(name, shape):
    """One tensor. Kernels of 3 x 3 x 3 are smooth, so that labels form regions and not noise."""
    count = math.prod(shape)
    u = uniform(name, count)
    if len(shape) == 1:
        norm = ".norm." in name
        made = 1 + 0.2 * u if norm and name.endswith("weight") else (0.2 if norm else 0.1) * u
    elif "transpconvs" in name:
        made = u * math.sqrt(3.0 / shape[0])
    elif math.prod(shape[2:]) == 1:
        made = u * math.sqrt(3.0 / shape[1])
    else:
        bell = np.array([0.5, 1.0, 0.5])
        kernel = bell[:, None, None] * bell[None, :, None] * bell[None, None, :]
        mix = uniform(name + "/mix", shape[0] * shape[1])[:, None] * kernel.reshape(1, 27)
        made = (mix.reshape(-1) + 0.25 * u) * math.sqrt(3.0 / (27 * shape[1]))
    return made.astype(np.float32).reshape(shape)


def image(size):
    """Whole HU in z, y, x: integers on a lattice of 8 voxels, between them linear in whole numbers, and a little noise."""
    nx, ny, nz = size
    at = [np.arange(n) for n in (nz, ny, nx)]
    made = np.zeros((nz, ny, nx), np.int64)
    lattice = (mixed("image", 64**3) >> np.uint64(54)).astype(np.int64).reshape(64, 64, 64)
    for corner in range(8):
        cells, weights = [], []
        for axis in range(3):
            upper = corner >> axis & 1
            cells.append(at[axis] // CELL + upper)
            weights.append(at[axis] % CELL if upper else CELL - at[axis] % CELL)
        made += (
            lattice[np.ix_(*cells)] * weights[0][:, None, None] * weights[1][None, :, None] * weights[2][None, None, :]
        )
    noise = (mixed("noise", made.size) >> np.uint64(60)).astype(np.int64).reshape(made.shape)
    return ((made >> 9) - 300 + noise).astype(np.int16)


def plan():
    stages = len(FEATURES)
    architecture = {
        "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
        "arch_kwargs": {
            "n_stages": stages,
            "features_per_stage": list(FEATURES),
            "conv_op": "torch.nn.modules.conv.Conv3d",
            "kernel_sizes": [[3, 3, 3]] * stages,
            "strides": [[1, 1, 1]] + [[2, 2, 2]] * (stages - 1),
            "n_conv_per_stage": [2] * stages,
            "n_conv_per_stage_decoder": [2] * (stages - 1),
            "conv_bias": True,
            "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
            "norm_op_kwargs": {"eps": 1e-5, "affine": True},
            "dropout_op": None,
            "dropout_op_kwargs": None,
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
        },
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }
    resampling = {"is_seg": False, "order": 3, "order_z": 0, "force_separate_z": None}
    configuration = {
        "data_identifier": "nnUNetPlans_3d_fullres",
        "preprocessor_name": "DefaultPreprocessor",
        "batch_size": 2,
        "patch_size": [PATCH] * 3,
        "median_image_size_in_voxels": [float(PATCH)] * 3,
        "spacing": [1.0, 1.0, 1.0],
        "normalization_schemes": ["CTNormalization"],
        "use_mask_for_norm": [False],
        "resampling_fn_data": "resample_data_or_seg_to_shape",
        "resampling_fn_data_kwargs": resampling,
        "resampling_fn_seg": "resample_data_or_seg_to_shape",
        "resampling_fn_seg_kwargs": {**resampling, "is_seg": True, "order": 1},
        "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
        "resampling_fn_probabilities_kwargs": {**resampling, "order": 1},
        "architecture": architecture,
        "batch_dice": True,
    }
    return {
        "dataset_name": "Dataset902_RealShape",
        "plans_name": "nnUNetPlans",
        "image_reader_writer": "SimpleITKIO",
        "transpose_forward": [0, 1, 2],
        "transpose_backward": [0, 1, 2],
        "configurations": {"3d_fullres": configuration},
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {
            "0": {
                "max": 900.0,
                "mean": 220.0,
                "median": 220.0,
                "min": -300.0,
                "percentile_00_5": -300.0,
                "percentile_99_5": 900.0,
                "std": 180.0,
            }
        },
    }


def dataset():
    names = {"background": 0} | {f"label{n}": n for n in range(1, LABELS)}
    return {"channel_names": {"0": "CT"}, "labels": names, "numTraining": 1, "file_ending": ".nii.gz"}


def write_folder(folder):
    """The results folder; returns the storages of the checkpoint, in its order: name and shape of the tensor that fills each."""
    import torch
    from nnunetv2.utilities.get_network_from_plans import get_network_from_plans

    arch = plan()["configurations"]["3d_fullres"]["architecture"]
    net = get_network_from_plans(
        arch["network_class_name"],
        arch["arch_kwargs"],
        arch["_kw_requires_import"],
        1,
        LABELS,
        True,
        deep_supervision=True,
    )
    storages, seen = [], set()
    with torch.no_grad():
        for name, tensor in net.state_dict().items():
            if tensor.data_ptr() not in seen:
                seen.add(tensor.data_ptr())
                storages.append({"name": name, "shape": list(tensor.shape)})
                tensor.copy_(torch.from_numpy(values(name, tuple(tensor.shape))))
    out = folder / NAME
    (out / "fold_0").mkdir(parents=True, exist_ok=True)
    (out / "plans.json").write_text(json.dumps(plan(), indent=1) + "\n")
    (out / "dataset.json").write_text(json.dumps(dataset(), indent=1) + "\n")
    checkpoint = {
        "network_weights": net.state_dict(),
        "init_args": {"configuration": "3d_fullres", "fold": 0},
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": None,
    }
    torch.save(checkpoint, out / "fold_0" / "checkpoint_final.pth")
    return storages


def predict(folder, size):
    import SimpleITK as sitk
    import torch
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    name = "x".join(str(n) for n in size)
    made = sitk.GetImageFromArray(image(size))
    sitk.WriteImage(made, str(folder / f"image_{name}.nii.gz"))
    predictor = nnUNetPredictor(
        tile_step_size=0.5,
        use_mirroring=False,
        perform_everything_on_device=False,
        device=torch.device("cpu"),
        allow_tqdm=False,
    )
    predictor.initialize_from_trained_model_folder(str(folder / NAME), use_folds=(0,))
    out = str(folder / f"nnunet_{name}")
    predictor.predict_from_files_sequential([[str(folder / f"image_{name}.nii.gz")]], [out], overwrite=True)
    return sitk.GetArrayFromImage(sitk.ReadImage(out + ".nii.gz"))


def plain(folder, size):
    """Labels of one tile from the network's own logits: nnU-Net rounds them to half precision, after it has multiplied them with a Gaussian that
    is all but zero in the corners of a tile."""
    import torch
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    predictor = nnUNetPredictor(use_mirroring=False, perform_everything_on_device=False, device=torch.device("cpu"))
    predictor.initialize_from_trained_model_folder(str(folder / NAME), use_folds=(0,))
    predictor.network.load_state_dict(predictor.list_of_parameters[0])
    about = plan()["foreground_intensity_properties_per_channel"]["0"]
    x = np.clip(image(size).astype(np.float32), about["percentile_00_5"], about["percentile_99_5"])
    x = (x - np.float32(about["mean"])) / np.float32(about["std"])
    with torch.no_grad():
        return predictor.network.eval()(torch.from_numpy(x)[None, None])[0].argmax(0).numpy()


def packed(path, content):
    with open(path, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as f:
        f.write(content)


def compare(folder, size, labels):
    import SimpleITK as sitk

    name = "x".join(str(n) for n in size)
    theirs = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / f"nnunet_{name}.nii.gz")))
    ours = sitk.GetArrayFromImage(sitk.ReadImage(str(labels)))
    dice = [
        2 * np.sum((ours == n) & (theirs == n)) / (np.sum(ours == n) + np.sum(theirs == n))
        for n in range(LABELS)
        if np.sum(theirs == n) >= 1000
    ]
    different = int(np.sum(ours != theirs))
    print(
        f"equal in {100 * (1 - different / ours.size):.4f} %, {different} of {ours.size} voxels differ; least Dice {min(dice):.5f}"
    )


def run(a):
    a.folder.mkdir(parents=True, exist_ok=True)
    if a.compare:
        compare(a.folder, a.size, a.compare)
        return
    storages = write_folder(a.folder)
    labels = predict(a.folder, a.size)
    found, counts = np.unique(labels, return_counts=True)
    print(labels.shape, dict(zip(found.tolist(), counts.tolist())), flush=True)
    if a.resource:
        a.resource.mkdir(parents=True, exist_ok=True)
        for name in ("plans.json", "dataset.json"):
            (a.resource / name).write_text((a.folder / NAME / name).read_text())
        with zipfile.ZipFile(a.folder / NAME / "fold_0" / "checkpoint_final.pth") as checkpoint:
            packed(a.resource / "data.pkl.gz", checkpoint.read("checkpoint_final/data.pkl"))
        lines = [" ".join([one["name"], *map(str, one["shape"])]) for one in storages]
        (a.resource / "storages.txt").write_text("\n".join(lines) + "\n")
        packed(a.resource / "tile.labels.gz", labels.astype(np.uint8).tobytes())
        unrounded = plain(a.folder, a.size)
        print(int(np.sum(unrounded != labels)), "voxels differ from the labels of the logits themselves")
        packed(a.resource / "tile.unrounded.xor.gz", (unrounded ^ labels).astype(np.uint8).tobytes())
