"""Surface metrics of other programs, written as JSON for the tests of lss-metrics.

pip install surface-distance-based-measures monai scikit-image nibabel torch
python tools/oracles/surfaces.py random > lss-metrics/src/test/resources/dev/lss/metrics/random-masks.json
python tools/oracles/surfaces.py real ../shared/data > lss-metrics/src/test/resources/dev/lss/metrics/real-masks.json
"""

import json
import math
import sys
import warnings

import numpy as np
import scipy.ndimage
import skimage.metrics

np.Inf = np.inf  # surface-distance predates NumPy 2
scipy.ndimage.filters = scipy.ndimage
scipy.ndimage.morphology = scipy.ndimage

import surface_distance  # noqa: E402
import torch  # noqa: E402
from monai import metrics as monai  # noqa: E402
from monai.metrics.utils import get_mask_edges  # noqa: E402

import masks  # noqa: E402
import real_masks  # noqa: E402

warnings.filterwarnings("ignore")
PERCENT = [50, 95, 100]


def number(value):
    value = float(value)
    return None if math.isnan(value) else "inf" if math.isinf(value) else value


def by_surface_distance(reference, prediction, spacing, tolerance):
    d = surface_distance.compute_surface_distances(reference, prediction, spacing)
    average = surface_distance.compute_average_surface_distance(d)
    overlap = surface_distance.compute_surface_overlap_at_tolerance(d, tolerance)
    return {
        "areas": [number(d["surfel_areas_gt"].sum()), number(d["surfel_areas_pred"].sum())],
        "averages": [number(a) for a in average],
        "percentiles": [number(surface_distance.compute_robust_hausdorff(d, p)) for p in PERCENT],
        "overlaps": [number(o) for o in overlap],
        "surfaceDice": number(surface_distance.compute_surface_dice_at_tolerance(d, tolerance)),
    }


def by_monai(reference, prediction, spacing, tolerance):
    y = torch.from_numpy(reference)[None, None].float()
    p = torch.from_numpy(prediction)[None, None].float()
    common = {"include_background": True, "spacing": list(spacing)}
    return {
        "percentiles": [
            number(monai.compute_hausdorff_distance(p, y, percentile=q, **common)) for q in PERCENT
        ],
        "average": number(
            monai.compute_average_surface_distance(p, y, symmetric=True, **common)
        ),
        "surfaceDice": number(
            monai.compute_surface_dice(p, y, class_thresholds=[tolerance], **common)
        ),
        "dice": number(monai.compute_dice(p, y, include_background=True)),
        "iou": number(monai.compute_iou(p, y, include_background=True)),
    }


def by_skimage(reference, prediction):
    """On edge voxels, in voxels: scikit-image knows no spacing. None where a mask is empty."""
    if not reference.any() or not prediction.any():
        return None
    r, p = get_mask_edges(reference, prediction, crop=False)
    return {
        "hausdorff": number(skimage.metrics.hausdorff_distance(r, p)),
        "largerAverage": number(skimage.metrics.hausdorff_distance(r, p, method="modified")),
    }


def compare(reference, prediction, spacing, tolerance):
    return {
        "counts": [
            int((reference & prediction).sum()),
            int((~reference & prediction).sum()),
            int((reference & ~prediction).sum()),
        ],
        "tolerance": tolerance,
        "surfaceDistance": by_surface_distance(reference, prediction, spacing, tolerance),
        "monai": by_monai(reference, prediction, spacing, tolerance),
        "skimage": by_skimage(reference, prediction),
    }


def random_pairs():
    for n in range(masks.PAIRS):
        reference, prediction, spacing = masks.pair(n)
        yield compare(reference, prediction, spacing, 0.5 + n % 7 * 0.37)


def real_pairs(data):
    for name, reference, prediction, spacing in real_masks.pairs(data):
        yield {"name": name, **compare(reference, prediction, spacing, 1.0)}


if __name__ == "__main__":
    rows = random_pairs() if sys.argv[1] == "random" else real_pairs(sys.argv[2])
    print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")
