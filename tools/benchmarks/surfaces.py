"""Times all surface metrics of lss evaluate beside surface-distance, on the same masks, in one run.

pip install surface-distance-based-measures nibabel
mvn -q -DskipTests package
python tools/benchmarks/surfaces.py [folder for the masks]

The masks are two maps of 512 x 512 x 400 voxels with 25 labels, ellipsoids with bumps; in the second
map they are moved and the bumps differ. lss evaluate is timed as a whole: start of the JVM, reading,
overlap, surfaces, writing. Of surface-distance only its own functions are timed, on arrays that are
in memory already. Both are held to two processors and run one after the other, twice, in turns.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import nibabel
import numpy as np
import scipy.ndimage

np.Inf = np.inf  # surface-distance predates NumPy 2
scipy.ndimage.filters = scipy.ndimage
scipy.ndimage.morphology = scipy.ndimage

import surface_distance  # noqa: E402

SHAPE = (512, 512, 400)
SPACING = (0.75, 0.75, 1.0)  # exact in the float32 of a NIfTI header
RADIUS = (45.0, 120.0, 36.0)
PERCENT = 95
TOLERANCE = 1.0
ROOT = pathlib.Path(__file__).resolve().parents[2]


def label_map(moved, waves):
    labels = np.zeros(SHAPE, dtype=np.uint8)
    for n in range(25):
        centre = np.array([52 + 101 * (n % 5), 256, 42 + 79 * (n // 5)]) + moved
        low = [max(0, int(c - 1.1 * r)) for c, r in zip(centre, RADIUS)]
        high = [min(s, int(c + 1.1 * r) + 2) for s, c, r in zip(SHAPE, centre, RADIUS)]
        grid = np.ogrid[tuple(slice(a, b) for a, b in zip(low, high))]
        d = [(g - c) / r for g, c, r in zip(grid, centre, RADIUS)]
        bumps = 1 + 0.06 * np.sin(waves * d[0]) * np.sin(waves * d[1]) * np.sin(waves * d[2])
        inside = d[0] ** 2 + d[1] ** 2 + d[2] ** 2 <= bumps**2
        labels[tuple(slice(a, b) for a, b in zip(low, high))][inside] = n + 1
    return labels


def by_lss(folder):
    jar = ROOT / "lss-examples/target/lss.jar"
    path = (ROOT / "lss-examples/target/lss.classpath").read_text().strip()
    command = ["java", "-XX:+UseParallelGC", "-Xmx2g", "-cp", f"{jar}:{path}", "dev.lss.examples.cli.Lss"]
    command += ["evaluate", "--threads", "2", "--tolerance", str(TOLERANCE), "--out", str(folder)]
    command += ["--reference", str(folder / "a.nii"), "--prediction", str(folder / "b.nii")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    labels = json.loads((folder / "evaluation.json").read_text())["cases"][0]["labels"]
    figures = [[r["hausdorff95Mm"], r["surfaceDice1mm"]] for r in labels]
    return seconds, cpu, after.ru_maxrss / 1e6, figures


def by_surface_distance(a, b):
    start, cpu = time.perf_counter(), time.process_time()
    figures = []
    for label in range(1, 26):
        d = surface_distance.compute_surface_distances(a == label, b == label, SPACING)
        surface_distance.compute_average_surface_distance(d)
        surface_distance.compute_robust_hausdorff(d, 100)
        surface_distance.compute_surface_overlap_at_tolerance(d, TOLERANCE)
        figures.append(
            [
                surface_distance.compute_robust_hausdorff(d, PERCENT),
                surface_distance.compute_surface_dice_at_tolerance(d, TOLERANCE),
            ]
        )
    return time.perf_counter() - start, time.process_time() - cpu, figures


def main(folder):
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))
    a, b = label_map(np.zeros(3), 9.0), label_map(np.array([2, -3, 1]), 11.0)
    for name, labels in [("a", a), ("b", b)]:
        image = nibabel.Nifti1Image(labels, np.diag([*SPACING, 1.0]))
        image.header.set_xyzt_units("mm")
        nibabel.save(image, folder / f"{name}.nii")
    print(f"labelled voxels: {np.count_nonzero(a) / a.size:.0%} of {a.size / 1e6:.0f} million")
    for _ in range(2):
        seconds, cpu, peak, ours = by_lss(folder)
        print(f"lss evaluate      {seconds:6.1f} s wall, {cpu:6.1f} s processor, {peak:.2f} GB", flush=True)
        theirs_seconds, theirs_cpu, theirs = by_surface_distance(a, b)
        print(f"surface-distance  {theirs_seconds:6.1f} s wall, {theirs_cpu:6.1f} s processor", flush=True)
        print(f"ratio             {theirs_seconds / seconds:.1f} wall, {theirs_cpu / cpu:.1f} processor")
        worst = np.max(np.abs(np.subtract(ours, theirs)))
        print(f"largest difference of HD95 (mm) and surface Dice: {worst:.1e}", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else temporary))
