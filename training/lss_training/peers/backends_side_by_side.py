"""Times the fine network of ct-vertebrae on one patch of 2 x 64 x 80 x 72: PyTorch eager, ONNX Runtime as it starts (the exported file, its own 3-D
convolutions), and every backend of `lss bench`, in turns on one machine.

    pip install onnxruntime==1.23.2
    python -m lss_training backends-side-by-side --threads 1 2 [--rounds 3]

Each figure is the fastest call of all rounds, by the clock; let nothing else run. Weights are random: they do not change the time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from lss_training.ct.segmenter import network

LSS = Path(__file__).resolve().parents[3] / "lss"
SHAPE = (1, 2, 64, 80, 72)
CALLS = 12


def fastest(call):
    call()
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def peers(threads, exported):
    """The child process: milliseconds of PyTorch in fp32 and of ONNX Runtime on the plain file."""
    x = np.random.default_rng(0).standard_normal(SHAPE).astype(np.float32)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(exported, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    torch.set_num_threads(threads)
    net, tensor = network().eval(), torch.from_numpy(x)
    with torch.inference_mode():
        return {
            "PyTorch eager fp32": fastest(lambda: net(tensor)),
            "ONNX Runtime, plain": fastest(lambda: session.run(None, {name: x})),
        }


def backends(threads, folder):
    """Milliseconds of each backend and precision."""
    out = folder / "bench.json"
    subprocess.run(
        [LSS, "bench", "--threads", str(threads), "--size", "small", "--runs", "8", "--out", out],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return {
        f"{row['backend']} {row['precision']}": row["forwardBestMs"]
        for row in json.loads(out.read_text())["rows"]
        if row["measured"]
    }


def add_arguments(p):
    p.add_argument("--threads", type=int, nargs="+", default=[1])
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--child", nargs=2)


def run(a):
    if a.child:
        print(json.dumps(peers(int(a.child[0]), a.child[1])))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        exported = folder / "fine.onnx"
        subprocess.run(
            [LSS, "export", "--model", "ct-vertebrae", "--stage", "segmenter", "--format", "onnx", "--out", exported],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for threads in a.threads:
            best = {}
            for _ in range(a.rounds):
                child = subprocess.run(
                    [sys.executable, "-m", "lss_training", "backends-side-by-side", "--child", str(threads), exported],
                    check=True,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                for name, millis in {**json.loads(child.stdout), **backends(threads, folder)}.items():
                    best[name] = min(millis, best.get(name, millis))
            for name, millis in best.items():
                print(
                    f"{threads} threads, {name:22s} {millis:8.1f} ms, PyTorch / it {best['PyTorch eager fp32'] / millis:5.2f}",
                    flush=True,
                )
