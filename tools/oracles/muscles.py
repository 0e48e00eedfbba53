"""Size and fat of muscles by NumPy, scikit-learn and scikit-image, as JSON for the tests of lss-core.

pip install numpy nibabel scikit-learn scikit-image
python tools/oracles/muscles.py ../shared/data > lss-core/src/test/resources/dev/lss/core/muscle/oracles.json
"""

import json
import pathlib
import sys

import nibabel as nib
import numpy as np
from skimage.filters import threshold_otsu
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture


def hard_shares(labels, means):
    """Shares of the components, the darkest first."""
    order = np.argsort(means)
    return [float(np.mean(labels == component)) for component in order]


def proper_side(mixture, values):
    """The most likely component; beyond the outer means the outer ones, as a fat tail wins else."""
    means = mixture.means_.ravel()
    found = mixture.predict(values[:, None])
    found[values < means.min()] = means.argmin()
    found[values > means.max()] = means.argmax()
    return found


def thresholds(values):
    out = {"otsu256": float(np.mean(values > threshold_otsu(values, nbins=256)))}
    for parts in (2, 3):
        clusters = KMeans(parts, n_init=20, random_state=0, tol=1e-9).fit(
            values[:, None]
        )
        centres = clusters.cluster_centers_.ravel()
        out[f"kMeans{parts}"] = {
            "means": sorted(map(float, centres)),
            "shares": hard_shares(clusters.labels_, centres),
            "withinSum": float(clusters.inertia_),
        }
        mixture = GaussianMixture(
            parts,
            tol=1e-10,
            max_iter=20000,
            means_init=np.sort(centres)[:, None],
            random_state=0,
        ).fit(values[:, None])
        means = mixture.means_.ravel()
        out[f"mixture{parts}"] = {
            "means": sorted(map(float, means)),
            "shares": hard_shares(proper_side(mixture, values), means),
        }
    return out


def dixon(folder):
    fat_image = nib.load(folder / "fat.nii.gz")
    fat = fat_image.get_fdata()
    water = nib.load(folder / "water.nii.gz").get_fdata()
    labels = np.asarray(nib.load(folder / "labels_manual.nii.gz").dataobj)
    voxel = abs(np.linalg.det(fat_image.affine[:3, :3]))
    out = {}
    for label in (1, 2, 3, 4):
        mask = labels == label
        f, w = fat[mask], water[mask]
        slices = np.flatnonzero(mask.any(axis=(0, 1)))
        out[str(label)] = {
            "voxels": int(mask.sum()),
            "volumeMm3": float(mask.sum() * voxel),
            "slices": len(slices),
            "firstSliceVoxels": int(mask[:, :, slices[0]].sum()),
            "meanOfVoxels": float(np.mean(f / (f + w))),
            "ratioOfSums": float(f.sum() / (f + w).sum()),
            "firstSliceFat": float(
                np.mean(
                    (fat / np.maximum(fat + water, 1e-9))[:, :, slices[0]][
                        mask[:, :, slices[0]]
                    ]
                )
            ),
            "fatImage": thresholds(f),
        }
    return out


if __name__ == "__main__":
    data = pathlib.Path(sys.argv[1])
    json.dump(
        {"dixon_axial_01": dixon(data / "mr-muscle/dixon_axial_01")},
        sys.stdout,
        indent=1,
    )
    print()
