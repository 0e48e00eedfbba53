"""Times nnU-Net and LSS on one results folder and one image, one after the other on the same processor, and compares their labels.

    python -m lss_training nnunet-side-by-side --data ../shared/data --work FOLDER [--size 512 512 400] [--labels 26] [--repeat 1]

The network is a small one with random weights (nnunet_references.py): its cost is nearly the same in both, so that what lies around it shows. nnU-Net runs in
its own process through nnUNetPredictor, whose network is timed where it is called; LSS runs as `lss segment`. Memory is each process's resident peak.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def prepare(args):
    """A real CT, stretched to the size asked for, and a results folder for it."""
    import numpy as np
    import SimpleITK as sitk

    from lss_training.peers import nnunet_references as R

    ct = sitk.Cast(sitk.ReadImage(str(args.data / "ct/abdomen_3mm/ct.nii.gz")), sitk.sitkFloat32)
    grid = sitk.Image(args.size, sitk.sitkFloat32)
    grid.SetSpacing(args.spacing)
    extent = [n * s for n, s in zip(ct.GetSize(), ct.GetSpacing())]
    ct.SetOrigin((0, 0, 0))
    ct.SetDirection((1, 0, 0, 0, 1, 0, 0, 0, 1))
    ct.SetSpacing([n * s / m for n, s, m in zip(args.size, args.spacing, ct.GetSize())])
    made = sitk.Resample(ct, grid, sitk.Transform(), sitk.sitkLinear, -1000)
    noisy = sitk.GetArrayFromImage(made) + np.random.default_rng(1).normal(0, 15, made.GetSize()[::-1])
    made = sitk.GetImageFromArray(np.rint(noisy).astype(np.int16))
    made.CopyInformation(grid)
    image = str(args.work / "case_0000.nii.gz")
    sitk.WriteImage(made, image)
    print(f"image {made.GetSize()} at {made.GetSpacing()} mm, from one of {extent} mm", flush=True)
    labels = {"background": 0} | {f"label{n}": n for n in range(1, args.labels)}
    network = R.tiny(features=(16, 32, 64, 96))
    plans = R.plans({"3d_fullres": R.setup(network, 3, (96, 96, 96), [args.model_mm] * 3)})
    R.write_model(folder(args), plans, R.dataset(labels), "3d_fullres", [image], 1, args.labels, None)


def folder(args):
    return args.work / "Dataset901_Tiny/nnUNetTrainer__nnUNetPlans__3d_fullres"


def nnunet(args):
    """The child process: what nnUNetv2_predict does without its worker processes."""
    import torch
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    torch.set_num_threads(args.threads)
    predictor = nnUNetPredictor(
        use_mirroring=False, perform_everything_on_device=False, device=torch.device("cpu"), allow_tqdm=False
    )
    predictor.initialize_from_trained_model_folder(str(folder(args)), use_folds=(0,))
    spent = [0.0]
    forward = predictor.network.forward

    def timed(x):
        start = time.perf_counter()
        y = forward(x)
        spent[0] += time.perf_counter() - start
        return y

    predictor.network.forward = timed
    start = time.perf_counter()
    predictor.predict_from_files_sequential(
        [[str(args.work / "case_0000.nii.gz")]], [str(args.work / "nnunet")], overwrite=True
    )
    total = time.perf_counter() - start
    print(
        "FIGURES "
        + json.dumps(
            {"total": total, "network": spent[0], "peak": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
        )
    )


def lss(args):
    out = args.work / "lss"
    environment = os.environ | {"LSS_JAVA_OPTS": args.java_opts}
    start = time.perf_counter()
    subprocess.run(
        [
            str(ROOT / "lss"),
            "segment",
            "--model",
            str(folder(args)),
            "--input",
            str(args.work / "case_0000.nii.gz"),
            "--out",
            str(out),
            "--threads",
            str(args.threads),
            *(["--exact"] if args.exact else []),
        ],
        check=True,
        env=environment,
    )
    total = time.perf_counter() - start
    result = json.loads((out / "result.json").read_text())
    print(result["timingsMs"], flush=True)
    return {"total": total, "network": result["timingsMs"]["network"] / 1000, "peak": result["peakMemoryBytes"]}


def compare(args):
    import numpy as np
    import SimpleITK as sitk

    a = sitk.GetArrayFromImage(sitk.ReadImage(str(args.work / "nnunet.nii.gz")))
    b = sitk.GetArrayFromImage(sitk.ReadImage(str(args.work / "lss/labels.nii.gz")))
    dice = [
        2 * np.sum((a == n) & (b == n)) / (np.sum(a == n) + np.sum(b == n))
        for n in range(1, args.labels)
        if np.sum(a == n) >= 1000
    ]
    print(f"equal labels {np.mean(a == b):.6f}, lowest Dice of {len(dice)} labels {min(dice):.5f}")


def row(name, f):
    print(
        f"{name:8s} total {f['total']:8.1f} s, network {f['network']:8.1f} s, around it {f['total'] - f['network']:8.1f} s, peak {f['peak'] / 2**30:6.2f} GiB",
        flush=True,
    )


def add_arguments(p):
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--size", type=int, nargs=3, default=[512, 512, 400])
    p.add_argument("--spacing", type=float, nargs=3, default=[0.8, 0.8, 1.0])
    p.add_argument("--model-mm", type=float, default=1.5)
    p.add_argument("--labels", type=int, default=26)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--repeat", type=int, default=1)
    p.add_argument("--java-opts", default="-Xmx4g")
    p.add_argument("--exact", action="store_true")
    p.add_argument("--child", action="store_true")


def run(a):
    if a.child:
        nnunet(a)
        return
    a.work.mkdir(parents=True, exist_ok=True)
    if not folder(a).exists():
        prepare(a)
    for _ in range(a.repeat):
        child = [sys.executable, "-m", "lss_training", *sys.argv[1:], "--child"]
        done = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True)
        theirs = json.loads(done.stdout.rsplit("FIGURES ", 1)[1])
        row("nnU-Net", theirs)
        ours = lss(a)
        row("LSS", ours)
        rest = (ours["total"] - ours["network"]) / (theirs["total"] - theirs["network"])
        shares = {k: ours[k] / theirs[k] for k in ("total", "network", "peak")}
        print(
            f"LSS / nnU-Net: total {shares['total']:.2f}, network {shares['network']:.2f}, around it {rest:.2f}, peak {shares['peak']:.2f}"
        )
        compare(a)
