"""Writes results folders with tiny networks and the label maps that nnU-Net itself gives for them.

    pip install nnunetv2                # written with 2.8.1, PyTorch 2.9.1 on a CPU
    python -m lss_training nnunet-references lss-examples/src/test/resources/nnunet-references --data ../shared/data

Networks have random weights with smooth kernels, and last layers set so that every label comes up; one is trained for a short time by
nnU-Net's own trainer. Every label map comes from nnUNetPredictor.predict_from_files_sequential, the code behind
nnUNetv2_predict. The images lie in the data folder and are not copied: `references.json` says how each is made from
a file (`image`, `stack` of pictures, `pad` with zeros on all sides; all channels on the grid of the first), and the
Java test makes the same one.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import shutil
import tempfile
from pathlib import Path

for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ.setdefault(name, os.path.join(tempfile.gettempdir(), "nnunet", name))
os.environ["nnUNet_n_proc_DA"] = "0"

from importlib.metadata import version

import numpy as np
import SimpleITK as sitk
import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.preprocessing.preprocessors.default_preprocessor import DefaultPreprocessor
from nnunetv2.utilities.get_network_from_plans import get_network_from_plans
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

from lss_training.peers.nnunet_fixtures import architecture, configuration


def image(data, how):
    """One channel as SimpleITK image, float32."""
    if "stack" in how:  # pictures as sagittal slices, first axis slowest
        from PIL import Image

        slices = [np.asarray(Image.open(data / how["stack"] / f"{n}.png").convert("L")) for n in how["numbers"]]
        made = sitk.GetImageFromArray(np.stack(slices).astype(np.float32))
        made.SetSpacing(how["spacing"])
        return made
    made = sitk.Cast(sitk.ReadImage(str(data / how["image"])), sitk.sitkFloat32)
    if "pad" in how:
        made = sitk.ConstantPad(made, [how["pad"]] * 3, [how["pad"]] * 3, 0.0)
    return made


def tiny(kind="PlainConvUNet", dim=3, features=(6, 10, 14), flat=False, **more):
    """Three resolutions; with `flat` the first steps do not touch the slowest axis."""
    n = len(features)
    first = [1, 3, 3] if flat else [3, 3, 3]
    args = dict(n_stages=n, features_per_stage=list(features), n_conv_per_stage_decoder=[1] * (n - 1))
    if dim == 3:
        args["kernel_sizes"] = [first] + [[3, 3, 3]] * (n - 1)
        args["strides"] = [[1, 1, 1], [1, 2, 2] if flat else [2, 2, 2]] + [[2, 2, 2]] * (n - 2)
    else:
        args["kernel_sizes"], args["strides"] = [[3, 3]] * n, [[1, 1]] + [[2, 2]] * (n - 1)
    args["n_conv_per_stage" if kind == "PlainConvUNet" else "n_blocks_per_stage"] = [1] * n
    args.update(more)
    return architecture(kind, dim, **args)


def plans(configurations, transpose=(0, 1, 2), channels=1, properties=None):
    properties = properties or {
        "max": 900.0,
        "mean": 60.0,
        "median": 50.0,
        "min": -300.0,
        "percentile_00_5": -300.0,
        "percentile_99_5": 900.0,
        "std": 180.0,
    }
    return {
        "dataset_name": "Dataset901_Tiny",
        "plans_name": "nnUNetPlans",
        "image_reader_writer": "SimpleITKIO",
        "transpose_forward": list(transpose),
        "transpose_backward": [int(n) for n in np.argsort(transpose)],
        "configurations": configurations,
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {str(c): properties for c in range(channels)},
    }


def setup(network, dim, patch, spacing, schemes=("CTNormalization",), **more):
    c = configuration(dim, {"architecture": network})
    c.update(
        patch_size=list(patch),
        spacing=list(spacing),
        normalization_schemes=list(schemes),
        use_mask_for_norm=[False] * len(schemes),
        median_image_size_in_voxels=[float(p) for p in patch],
        **more,
    )
    return c


def dataset(labels, channels=("CT",), order=None):
    d = {
        "channel_names": {str(n): c for n, c in enumerate(channels)},
        "labels": labels,
        "numTraining": 1,
        "file_ending": ".nii.gz",
    }
    return d | ({"regions_class_order": order} if order else {})


def build(manager, name, inputs, heads):
    arch = manager.get_configuration(name).configuration["architecture"]
    return get_network_from_plans(
        arch["network_class_name"],
        arch["arch_kwargs"],
        arch["_kw_requires_import"],
        inputs,
        heads,
        True,
        deep_supervision=True,
    )


def soften(net, previous):
    """Random weights whose kernels are smooth, so that labels form regions and not noise; an earlier stage's labels weigh less than the image."""
    bell = torch.tensor([0.5, 1.0, 0.5])
    with torch.no_grad():
        for name, p in net.named_parameters():
            if p.ndim < 4 or "transpconvs" in name:
                p.add_(0.1 * torch.randn_like(p))
                continue
            kernel = torch.ones([1] * p.ndim)
            for axis in range(2, p.ndim):
                if p.shape[axis] == 3:
                    kernel = kernel * bell.reshape([3 if n == axis else 1 for n in range(p.ndim)])
            mix = torch.randn([*p.shape[:2], *[1] * (p.ndim - 2)])
            p.copy_((mix * kernel + 0.25 * torch.randn_like(p)) / math.sqrt(p[0].numel()))
        if previous:
            first = next(p for p in net.parameters() if p.ndim >= 4)
            first[:, -previous:] *= 0.05


def balance(net, sample, patch, regions):
    """Sets the last layer so that all labels are common in the middle of the image, and logits that are nearly equal are not, as in a trained network."""
    where = tuple(
        slice(max(0, (n - p) // 2), max(0, (n - p) // 2) + p)
        for n, p in zip(sample.shape[1:], (1,) * (3 - len(patch)) + tuple(patch))
    )
    x = torch.from_numpy(sample[(slice(None), *where)])
    if len(patch) == 2:
        x = x[:, 0]
    x = torch.nn.functional.pad(x, [q for p, n in zip(reversed(patch), reversed(x.shape)) for q in (0, p - n)])[None]
    net.eval()
    net.decoder.deep_supervision = False
    last = net.decoder.seg_layers[-1]
    with torch.no_grad():
        y = net(x)[0].flatten(1)
        scale = 1.5 / y.std(1)
        y = (y - y.mean(1, keepdim=True)) * scale[:, None]
        y = y[:, :: max(1, y.shape[1] // 4000)]
        shift, fewest = torch.zeros(len(y)), 1.0
        for trial in 1.2 * torch.randn(600, len(y)):
            z = y + trial[:, None]
            if regions:  # the last region that covers a voxel writes its label
                order = torch.arange(1, len(y) + 1)[:, None]
                labels, doubt = ((z > 0) * order).max(0).values, z.abs().min(0).values
            else:
                labels, doubt = z.argmax(0), z.topk(2, 0).values.diff(dim=0)[0].abs()
            share = torch.bincount(labels, minlength=len(y) + bool(regions)) / y.shape[1]
            near = (doubt < 0.1).float().mean().item()
            if share.min() > 0.5 / len(share) and near < fewest:
                shift, fewest = trial, near
        mean = net(x).mean([0, *range(2, 2 + len(patch))])
        last.bias.copy_((last.bias - mean) * scale + shift)
        last.weight.mul_(scale.reshape([-1] + [1] * (last.weight.ndim - 1)))
    net.decoder.deep_supervision = True


def checkpoint(net, out, fold, plan, name, data, mirror, loss_of):
    """What nnUNetTrainer.save_checkpoint writes, optimiser state and NumPy scalars included."""
    optimizer = torch.optim.SGD(net.decoder.seg_layers.parameters(), 0.0, momentum=0.99, nesterov=True)
    loss_of(net).backward()
    optimizer.step()
    v = np.float32(0.25)
    (out / f"fold_{fold}").mkdir(parents=True, exist_ok=True)
    torch.save(
        {
            "network_weights": net.state_dict(),
            "optimizer_state": optimizer.state_dict(),
            "grad_scaler_state": None,
            "logging": {
                "mean_fg_dice": [np.float64(0.5)],
                "ema_fg_dice": [np.float64(0.5)],
                "dice_per_class_or_region": [[v, v]],
                "train_losses": [v],
                "val_losses": [v],
                "lrs": [0.01],
                "epoch_start_timestamps": [1.7e9],
                "epoch_end_timestamps": [1.7e9 + 1],
            },
            "_best_ema": np.float64(0.5),
            "current_epoch": 1,
            "init_args": {
                "plans": plan,
                "configuration": name,
                "fold": fold,
                "dataset_json": data,
                "unpack_dataset": True,
                "device": torch.device("cuda"),
            },
            "trainer_name": "nnUNetTrainer",
            "inference_allowed_mirroring_axes": mirror,
        },
        out / f"fold_{fold}" / "checkpoint_final.pth",
    )


def write_model(out, plan, data, name, files, inputs, heads, mirror, folds=1, seed=1, earlier=None):
    """A results folder with random networks, balanced on the image it is meant for."""
    out.mkdir(parents=True)
    (out / "plans.json").write_text(json.dumps(plan, indent=1))
    (out / "dataset.json").write_text(json.dumps(data, indent=1))
    manager = PlansManager(json.loads(json.dumps(plan)))
    prepared = DefaultPreprocessor(verbose=False).run_case(files, None, manager, manager.get_configuration(name), data)[
        0
    ]
    prepared = np.asarray(prepared, np.float32)
    previous = 0 if earlier is None else heads - 1
    if previous:
        prepared = np.concatenate([prepared, *([earlier[None] == n for n in range(1, heads)])], dtype=np.float32)
    patch = manager.get_configuration(name).patch_size
    for fold in range(folds):
        torch.manual_seed(seed + 1000 * fold)
        if fold == 0:
            net = build(manager, name, inputs + previous, heads)
            soften(net, previous)
            balance(net, prepared, patch, "regions_class_order" in data)
        else:  # folds of one training agree mostly
            with torch.no_grad():
                for p in net.parameters():
                    p.add_(0.1 * p.abs().mean() * torch.randn_like(p))
        x = torch.randn([1, inputs + previous, *[max(8, p // 4 * 4) // 2 if p >= 16 else p for p in patch]])
        checkpoint(net, out, fold, plan, name, data, mirror, lambda n, x=x: sum(y.square().mean() for y in n(x)))


def predict(folder, files, out, mirroring=True, step=0.5, folds=("0",), previous=None):
    predictor = nnUNetPredictor(
        tile_step_size=step,
        use_mirroring=mirroring,
        perform_everything_on_device=False,
        device=torch.device("cpu"),
        allow_tqdm=False,
    )
    predictor.initialize_from_trained_model_folder(str(folder), use_folds=tuple(int(f) for f in folds))
    predictor.predict_from_files_sequential(
        [files], [str(out)], overwrite=True, folder_with_segs_from_prev_stage=previous
    )
    return sitk.GetArrayFromImage(sitk.ReadImage(str(out) + ".nii.gz"))


class References:
    def __init__(self, root, data):
        self.root, self.data, self.cases = root, data, {}
        if (root / "references.json").exists():
            self.cases = {c["name"]: c for c in json.loads((root / "references.json").read_text())["cases"]}
        self.work = Path(tempfile.mkdtemp())

    def files(self, name, channels):
        """The channels as NIfTI files, as nnU-Net wants them."""
        paths = []
        for c, how in enumerate(channels):
            path = self.work / f"{name}_{c:04d}.nii.gz"
            made = image(self.data, how)
            if c == 0:
                first = made
            made.CopyInformation(first)  # nnU-Net refuses spacings that differ in the fifth digit
            sitk.WriteImage(made, str(path))
            paths.append(str(path))
        return paths

    def add(self, name, folder, channels, trained=False, previous=None, **options):
        """Predicts and keeps the label map."""
        files = self.files(name, channels)
        before = None
        if previous is not None:
            before = str(self.work / "previous")
            os.makedirs(before, exist_ok=True)
            predict(self.root / previous, files, Path(before) / name, **options)
        labels = predict(self.root / folder, files, self.work / name, previous=before, **options)
        values, counts = np.unique(labels, return_counts=True)
        print(name, labels.shape, dict(zip(values.tolist(), np.round(counts / labels.size, 4).tolist())), flush=True)
        with (
            open(self.root / f"{name}.labels.gz", "wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as f,
        ):
            f.write(labels.astype(np.uint8).tobytes())
        self.cases[name] = {
            "name": name,
            "folder": folder,
            "channels": channels,
            "trained": trained,
            "options": options,
            "shape": list(labels.shape),
        }

    def finish(self):
        about = {
            "nnunetv2": version("nnunetv2"),
            "torch": torch.__version__.split("+")[0],
            "device": "cpu",
            "cases": list(self.cases.values()),
        }
        (self.root / "references.json").write_text(json.dumps(about, indent=1) + "\n")
        shutil.rmtree(self.work)


CT_SMALL = [{"image": "ct/abdomen_3mm/ct_small.nii.gz"}]
CT_CROP = [{"image": "ct/l3_crop/ct.nii.gz"}]
MR_CROP = [{"image": "mr-spine/l_crop/t2w.nii.gz"}]
DIXON = [{"image": "mr-muscle/dixon_axial_01/water.nii.gz"}, {"image": "mr-muscle/dixon_axial_01/fat.nii.gz"}]
SAGITTAL = [{"stack": "mr-spine/sagittal_mit/images", "numbers": list(range(1, 13)), "spacing": [0.6, 0.6, 4.4]}]
BORDER = [{"image": "mr-spine/l_crop/t2w.nii.gz", "pad": 9}]
THREE = {"background": 0, "one": 1, "two": 2}


Z = ("ZScoreNormalization",)
FULL = "nnUNetTrainer__nnUNetPlans__3d_fullres"


def model(r, path, plan, data, name, channels, heads, mirror, **more):
    shutil.rmtree(r.root / path, ignore_errors=True)
    write_model(r.root / path, plan, data, name, r.files("model", channels), len(channels), heads, mirror, **more)
    return path


def isotropic(r):
    path = model(
        r,
        f"isotropic/{FULL}",
        plans({"3d_fullres": setup(tiny(), 3, (24, 48, 40), (2.5, 2.5, 2.5))}),
        dataset(THREE | {"three": 3}),
        "3d_fullres",
        CT_SMALL,
        4,
        (0, 1, 2),
        folds=2,
    )
    r.add("isotropic", path, CT_SMALL, folds=["0"])
    r.add("isotropic_without_mirroring", path, CT_SMALL, folds=["0"], mirroring=False)
    r.add("two_folds", path, CT_SMALL, folds=["0", "1"], mirroring=False)
    r.add("large_steps", path, CT_SMALL, folds=["0"], mirroring=False, step=0.8)


def sagittal(r):
    path = model(
        r,
        f"sagittal/{FULL}",
        plans({"3d_fullres": setup(tiny(flat=True), 3, (96, 64, 8), (0.8, 0.9, 4.4), Z)}, transpose=(1, 2, 0)),
        dataset(THREE, ("MRI",)),
        "3d_fullres",
        SAGITTAL,
        3,
        (0, 1),
    )
    r.add("sagittal_transposed", path, SAGITTAL)


def thick(r):
    path = model(
        r,
        f"thick/{FULL}",
        plans({"3d_fullres": setup(tiny(flat=True), 3, (12, 64, 96), (3.0, 0.7, 0.7), Z)}, transpose=(0, 2, 1)),
        dataset(THREE, ("MRI",)),
        "3d_fullres",
        SAGITTAL,
        3,
        None,
    )
    r.add("sagittal_other_slices", path, SAGITTAL)


def flat(r):
    path = model(
        r,
        "flat/nnUNetTrainer__nnUNetPlans__2d",
        plans({"2d": setup(tiny(dim=2), 2, (48, 40), (1.2, 1.3), Z)}),
        dataset(THREE, ("MRI",)),
        "2d",
        MR_CROP,
        3,
        (0, 1),
    )
    r.add("two_dimensional", path, MR_CROP)


def regions(r):
    path = model(
        r,
        f"regions/{FULL}",
        plans({"3d_fullres": setup(tiny("ResidualEncoderUNet"), 3, (16, 16, 32), (1.7, 1.6, 1.5))}),
        dataset({"background": 0, "whole": [1, 2, 3], "core": [2, 3], "dot": 3}, order=[1, 2, 3]),
        "3d_fullres",
        CT_CROP,
        3,
        (0, 2),
    )
    r.add("regions", path, CT_CROP)


def channels(r):
    path = model(
        r,
        f"channels/{FULL}",
        plans({"3d_fullres": setup(tiny(flat=True), 3, (8, 80, 96), (4.0, 1.9, 2.1), Z * 2)}, channels=2),
        dataset(THREE, ("water", "fat")),
        "3d_fullres",
        DIXON,
        3,
        None,
    )
    r.add("two_channels", path, DIXON)


def blocks(r):
    """Channels in multiples of 16, which ONNX Runtime's fast kernels take."""
    path = model(
        r,
        f"blocks/{FULL}",
        plans({"3d_fullres": setup(tiny(features=(16, 16, 16)), 3, (24, 48, 40), (2.5, 2.5, 2.5))}),
        dataset({"background": 0, "one": 1}),
        "3d_fullres",
        CT_SMALL,
        2,
        (0, 1, 2),
    )
    r.add("sixteen_channels", path, CT_SMALL)


def patch(r):
    path = model(
        r,
        f"patch/{FULL}",
        plans({"3d_fullres": setup(tiny(), 3, (64, 80, 96), (1.5, 1.5, 1.5))}),
        dataset(THREE),
        "3d_fullres",
        CT_CROP,
        3,
        (2,),
    )
    r.add("smaller_than_the_patch", path, CT_CROP)


def border(r):
    masked = setup(tiny(), 3, (32, 32, 32), (1.4, 1.6, 1.5), Z) | {"use_mask_for_norm": [True]}
    path = model(
        r, f"border/{FULL}", plans({"3d_fullres": masked}), dataset(THREE, ("MRI",)), "3d_fullres", BORDER, 3, None
    )
    r.add("empty_border", path, BORDER)


def cascade(r):
    both = plans(
        {
            "3d_lowres": setup(tiny(), 3, (24, 24, 24), (3.0, 3.0, 3.0), Z, next_stage="3d_cascade_fullres"),
            "3d_cascade_fullres": setup(tiny(), 3, (16, 16, 16), (1.5, 1.5, 1.5), Z, previous_stage="3d_lowres"),
        }
    )
    low = model(
        r,
        "cascade/nnUNetTrainer__nnUNetPlans__3d_lowres",
        both,
        dataset(THREE, ("MRI",)),
        "3d_lowres",
        MR_CROP,
        3,
        None,
    )
    path = model(
        r,
        "cascade/nnUNetTrainer__nnUNetPlans__3d_cascade_fullres",
        both,
        dataset(THREE, ("MRI",)),
        "3d_cascade_fullres",
        MR_CROP,
        3,
        None,
        earlier=predict(r.root / low, r.files("low", MR_CROP), r.work / "low"),
    )
    r.add("cascade", path, MR_CROP, previous=low)


def trained(r, epochs=12, iterations=40):
    """nnU-Net's own trainer on two halves of one CT; what it learns matters less than that its logits are those of a trained network."""
    from nnunetv2.paths import nnUNet_preprocessed
    from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

    raw = r.work / "raw"
    (raw / "imagesTr").mkdir(parents=True)
    (raw / "labelsTr").mkdir()
    ct = sitk.ReadImage(str(r.data / "ct/abdomen_3mm/ct.nii.gz"))
    lab = sitk.ReadImage(str(r.data / "ct/abdomen_3mm/totalseg_all.nii.gz"))
    a = sitk.GetArrayFromImage(lab)
    mapped = np.zeros_like(a, np.uint8)
    for value, ids in ((1, [25, 26, *range(27, 34)]), (2, [86, 87]), (3, [88, 89])):
        mapped[np.isin(a, ids)] = value
    m = sitk.GetImageFromArray(mapped)
    m.CopyInformation(lab)
    half = ct.GetSize()[2] // 2
    parts = {"low": slice(0, half), "high": slice(half, None)}
    for n, s in parts.items():
        sitk.WriteImage(sitk.Cast(ct[:, :, s], sitk.sitkFloat32), str(raw / f"imagesTr/{n}_0000.nii.gz"))
        sitk.WriteImage(m[:, :, s], str(raw / f"labelsTr/{n}.nii.gz"))
    data = dataset({"background": 0, "vertebrae": 1, "autochthon": 2, "iliopsoas": 3}) | {"numTraining": 2}
    values = sitk.GetArrayFromImage(ct)[mapped > 0].astype(np.float64)
    properties = {
        "max": values.max(),
        "mean": values.mean(),
        "median": np.median(values),
        "min": values.min(),
        "percentile_00_5": np.percentile(values, 0.5),
        "percentile_99_5": np.percentile(values, 99.5),
        "std": values.std(),
    }
    plan = plans(
        {"3d_fullres": setup(tiny(features=(6, 10, 14)), 3, (32, 48, 48), (3.0, 3.0, 3.0), batch_dice=False)},
        properties={k: float(v) for k, v in properties.items()},
    )
    manager = PlansManager(json.loads(json.dumps(plan)))
    configured = manager.get_configuration("3d_fullres")
    home = Path(nnUNet_preprocessed) / "Dataset901_Tiny"
    shutil.rmtree(home, ignore_errors=True)
    (home / "tiny").mkdir(parents=True)
    (home / "gt_segmentations").mkdir()
    for n in parts:
        DefaultPreprocessor(verbose=False).run_case_save(
            str(home / "tiny" / n),
            [str(raw / f"imagesTr/{n}_0000.nii.gz")],
            str(raw / f"labelsTr/{n}.nii.gz"),
            manager,
            configured,
            data,
        )
        shutil.copy(raw / f"labelsTr/{n}.nii.gz", home / "gt_segmentations")
    (home / "dataset.json").write_text(json.dumps(data))
    (home / "nnUNetPlans.json").write_text(json.dumps(plan))
    (home / "dataset_fingerprint.json").write_text("{}")
    (home / "splits_final.json").write_text(json.dumps([{"train": ["low", "high"], "val": ["high"]}]))
    torch.manual_seed(7)
    np.random.seed(7)
    trainer = nnUNetTrainer(
        json.loads(json.dumps(plan)) | {"continue_training": False}, "3d_fullres", 0, data, device=torch.device("cpu")
    )
    trainer.num_epochs, trainer.num_iterations_per_epoch, trainer.num_val_iterations_per_epoch = epochs, iterations, 2
    trainer.run_training()
    folder = r.root / f"trained/{FULL}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "fold_0").mkdir(parents=True)
    source = Path(trainer.output_folder_base)
    for name in ("plans.json", "dataset.json"):
        shutil.copy(source / name, folder)
    shutil.copy(source / "fold_0/checkpoint_final.pth", folder / "fold_0")
    print("trained checkpoint:", (folder / "fold_0/checkpoint_final.pth").stat().st_size, "bytes")
    r.add("trained", f"trained/{FULL}", CT_SMALL, trained=True, folds=["0"])


MODELS = (isotropic, sagittal, thick, flat, regions, channels, blocks, patch, border, cascade, trained)


def add_arguments(p):
    p.add_argument("out", type=Path)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument(
        "--only", nargs="+", choices=[m.__name__ for m in MODELS], help="makes these anew and keeps the others"
    )


def run(args):
    torch.set_num_threads(2)
    args.out.mkdir(parents=True, exist_ok=True)
    references = References(args.out, args.data)
    for make in MODELS:
        if not args.only or make.__name__ in args.only:
            make(references)
    references.finish()
