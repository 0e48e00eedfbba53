"""Labels of the real trunk acrin_flt_001 that the networks of a package give it: every vertebra of its chain, and a ball where S1 is.

They were looked at in renderings (MODEL_CARD.md says how); training takes them as they are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lss_training.common.images import nifti

IMAGE = "ct/acrin_flt_001/ct.nii.gz"
S1, S1_RADIUS_MM = 26, 13.0


def path(work):
    """Where a training looks for them."""
    return Path(work) / "labels" / "acrin_flt_001.nii.gz"


def label(data, package):
    """VerSe ids on the image's grid, in the order (k, j, i) = (S, P, L), and its spacing."""
    from lss_training.common.layers import LayerList
    from lss_training.ct import labelmaps, localizer_evaluation, segmenter_evaluation
    from lss_training.ct.decoding import decode

    ct, spacing = nifti(Path(data) / IMAGE)
    hu, real = localizer_evaluation.coarse(ct, spacing)
    found = decode(localizer_evaluation.heatmaps(LayerList.of_package(package, "localizer"), hu), real)
    ids = {level: value for value, level in labelmaps.WHOLE.items()}
    ratio = np.array(real) / np.array(spacing)
    places = {ids[v.level]: (np.array(v.centre) + 0.5) * ratio - 0.5 for v in found.vertebrae}
    out = segmenter_evaluation.decode(LayerList.of_package(package, "segmenter"), ct, spacing, places)
    at = (np.array(found.sacrum) + 0.5) * ratio - 0.5
    axes = np.ogrid[tuple(slice(0, n) for n in out.shape)]
    ball = sum(np.square((a - c) * s) for a, c, s in zip(axes, at, spacing)) < S1_RADIUS_MM**2
    out[ball & (out == 0)] = S1
    return out.astype(np.uint8), spacing


def write(data, package, work):
    import nibabel as nib

    out, spacing = label(data, package)
    path(work).parent.mkdir(parents=True, exist_ok=True)
    affine = np.diag(
        [-spacing[2], -spacing[1], spacing[0], 1.0]
    )  # (i, j, k) to the left, back, head; the origin does not matter
    nib.save(nib.Nifti1Image(out.transpose(2, 1, 0), affine), path(work))


def read(data, work):
    """(labels, spacing, HU)."""
    if not path(work).exists():
        raise SystemExit(f"{path(work)} is missing: python -m lss_training label-trunk makes it")
    lab, spacing = nifti(path(work))
    return np.asarray(lab).astype(np.uint8), spacing, nifti(Path(data) / IMAGE)[0].astype(np.float32)
