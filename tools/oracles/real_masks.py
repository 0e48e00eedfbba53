"""Twenty pairs of masks out of real label maps; RealMasksTest.java makes the same ones.

A pair is two labels, each of a file, on one grid; the second may be moved by whole voxels, with what
leaves the grid lost.
"""

import pathlib

import nibabel
import numpy as np

WHOLE = "ct/abdomen_3mm/totalseg_spine.nii.gz"
BODIES = "ct/abdomen_3mm/vertebral_bodies_verse_ids.nii.gz"
VERSE = "ct/verse004_labels_only/vertebrae_verse_ids.nii.gz"
DIXON = "mr-muscle/dixon_axial_01/labels_manual.nii.gz"
MUSCLES = "mr-muscle/label_template/labels.nii.gz"
CROP = "ct/l3_crop/vertebrae_verse_ids.nii.gz"
REGIONS = "ct/l3_crop/subregions.nii.gz"

# name, file, label, other file, other label, moved by (i, j, k)
PAIRS = (
    [(f"body-{n}", WHOLE, 51 - n, BODIES, n, (0, 0, 0)) for n in range(19, 25)]
    + [(f"verse-{n}", VERSE, n, VERSE, n, (2, -1, n - 22)) for n in range(20, 25)]
    + [(f"dixon-{n}", DIXON, n, DIXON, n, (n - 2, 3, n % 2)) for n in range(1, 5)]
    + [(f"muscle-{n}", MUSCLES, n, MUSCLES, n + 2, (0, 0, 0)) for n in range(1, 5)]
    + [("body-of-l3", CROP, 22, REGIONS, 49, (0, 0, 0))]
)


def pairs(data):
    data = pathlib.Path(data)
    for name, file, label, other_file, other_label, by in PAIRS:
        image = load(data / file)
        reference = np.asarray(image.dataobj) == label
        prediction = moved(np.asarray(load(data / other_file).dataobj) == other_label, by)
        box = tuple(
            slice(int(np.min(at)), int(np.max(at)) + 1) for at in np.nonzero(reference | prediction)
        )
        spacing = [float(s) for s in image.header.get_zooms()]
        yield name, reference[box], prediction[box], spacing


def load(path):
    return nibabel.load(path)


def moved(mask, by):
    out = np.zeros_like(mask)
    to = tuple(slice(max(s, 0), n + min(s, 0)) for s, n in zip(by, mask.shape))
    of = tuple(slice(max(-s, 0), n - max(s, 0)) for s, n in zip(by, mask.shape))
    out[to] = mask[of]
    return out
