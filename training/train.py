"""Trains and exports both networks of the task `ct-vertebrae`, from data that lies under --data and nothing else.

    python training/train.py --work training/out                 # everything; about two hours on two CPU cores
    python training/train.py --work training/out --only segmenter --minutes 100

Generators fill pools of painted samples under --work while the networks train; a second run goes on from the checkpoints.
"""
from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def fill(pool, data, seed, painted_seconds):
    """Painted samples until two thirds of the time are over, then also the one real CT (so that a checkpoint from before can be measured on it)."""
    import segmenter_samples as S
    end = time.time() + painted_seconds
    makers = S.makers(data)
    while time.time() < end:
        S.write_pool(pool, makers, seed, 1500, 10)
    S.write_pool(pool, [(1.0, "photo", S.photographs(data))], seed, 1500, 90)
    S.write_pool(pool, makers, seed, 1500)


def segmenter(work, data, minutes, seed):
    import train_segmenter
    pool = str(work / "pool_segmenter")
    generator = multiprocessing.get_context("spawn").Process(target=fill, args=(pool, data, seed, minutes * 40), daemon=True)
    generator.start()
    train_segmenter.train(pool, str(work / "segmenter.pt"), minutes * 60, 1.5e-3, batch=1, seed=seed)
    generator.terminate()


def localizer(work, data, minutes, seed):
    pool = str(work / "pool_localizer")
    generator = subprocess.Popen([sys.executable, str(HERE / "localizer_cases.py"), "--data", data, "--pool", pool])
    try:
        subprocess.run([sys.executable, str(HERE / "localizer.py"), "--pool", pool, "--checkpoint", str(work / "localizer.pt"), "--minutes", str(minutes)], check=True)
    finally:
        generator.terminate()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default=str(HERE.parents[1] / "shared/data"))
    p.add_argument("--work", default=str(HERE / "out"))
    p.add_argument("--minutes", type=float, default=100, help="training time of each network")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", choices=("segmenter", "localizer"))
    a = p.parse_args()
    work = Path(a.work)
    work.mkdir(parents=True, exist_ok=True)
    for name, run in (("localizer", localizer), ("segmenter", segmenter)):
        if a.only in (None, name):
            run(work, a.data, a.minutes, a.seed)


if __name__ == "__main__":
    main()
