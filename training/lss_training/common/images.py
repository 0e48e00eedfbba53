"""Reading images: arrays (k, j, i) = (to the head, to the back, to the patient's left) with spacing in the same order, mm."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def nifti(path):
    """(array, spacing) of a NIfTI file."""
    import nibabel as nib

    image, o = nib.load(path), nib.orientations
    wanted = o.ornt_transform(o.io_orientation(image.affine), o.axcodes2ornt(("L", "P", "S")))
    image = image.as_reoriented(wanted)
    return np.asarray(image.dataobj).transpose(2, 1, 0), tuple(float(s) for s in image.header.get_zooms()[:3])[::-1]


def dicom_slices(folder):
    """HU of the slices of an axial series, the lowest first."""
    import pydicom

    slices = [pydicom.dcmread(p) for p in sorted(Path(folder).glob("*.dcm"))]
    slices.sort(key=lambda d: float(d.ImagePositionPatient[2]))
    hu = [d.pixel_array * float(d.RescaleSlope) + float(d.RescaleIntercept) for d in slices]
    return np.stack(hu).astype(np.float32)
