"""Reads a SEG as highdicom and dcmqi do and compares every voxel with the labels it was made of.

By source: each frame by the image that it refers to. By geometry: each frame by its position. Both must
give the labels, on the grid of the source images; so must dcmqi, which looks at positions alone. Frame of
reference, patient, study and references are compared as well.

Needs pydicom 3.0, highdicom 0.28, NumPy, nibabel and, for its part, dcmqi 1.5.7 (skipped without).
python tools/oracles/dicom/segmentation.py SEG SOURCE_FOLDER LABELS.nii.gz
The segments of a BINARY file are the values of LABELS in ascending order.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

import highdicom
import nibabel
import numpy
import pydicom

LPS = numpy.diag([-1.0, -1.0, 1.0, 1.0])
COPIED = (
    "PatientID PatientName PatientBirthDate PatientSex StudyInstanceUID StudyID StudyDate StudyTime"
    " AccessionNumber ReferringPhysicianName FrameOfReferenceUID"
).split()


def source_images(folder: pathlib.Path, wanted: set[str]) -> list[pydicom.Dataset]:
    """The images of the series that the SEG refers to."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        try:
            image = pydicom.dcmread(path)
        except pydicom.errors.InvalidDicomError:
            continue
        if image.get("SeriesInstanceUID") in wanted and "PixelData" in image:
            found.append(image)
    if not found:
        raise SystemExit(f"{folder} holds none of the series that the SEG refers to")
    return found


def labels_on(path: pathlib.Path, affine: numpy.ndarray, shape: tuple[int, ...]) -> numpy.ndarray:
    """The label map on a grid whose voxel [k, r, c] lies at affine (LPS): an exact look-up, no resampling."""
    image = nibabel.load(path)
    voxels = numpy.asarray(image.dataobj).astype(numpy.int64)
    to_labels = numpy.linalg.inv(LPS @ image.affine) @ affine
    indices = numpy.indices(shape).reshape(3, -1)
    at = to_labels[:3, :3] @ indices + to_labels[:3, 3:]
    nearest = numpy.rint(at).astype(int)
    off = numpy.abs(at - nearest).max()
    if off > 0.02 or nearest.min() < 0 or (nearest.max(axis=1) >= voxels.shape).any():
        raise SystemExit(f"the labels do not lie on the grid of the source: {off:.3f} voxels apart")
    return voxels[tuple(nearest)].reshape(shape)


def as_segments(labels: numpy.ndarray) -> numpy.ndarray:
    values = [v for v in numpy.unique(labels) if v != 0]
    numbers = numpy.zeros(labels.max() + 1, int)
    numbers[values] = range(1, len(values) + 1)
    return numbers[labels]


def report(name: str, found: numpy.ndarray, wanted: numpy.ndarray) -> bool:
    different = int((found != wanted).sum())
    print(f"{name}: {different} of {wanted.size} voxels differ")
    return different == 0


def by_dcmqi(seg: pathlib.Path, affine: numpy.ndarray, shape: tuple[int, ...]) -> numpy.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["segimage2itkimage", "--inputDICOM", seg, "--outputDirectory", folder, "-t", "nifti"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        meta = json.loads((pathlib.Path(folder) / "meta.json").read_text())
        print("dcmqi: segments", [s["labelID"] for g in meta["segmentAttributes"] for s in g])
        found = numpy.zeros(shape, int)
        for path in sorted(pathlib.Path(folder).glob("*.nii.gz")):
            image = nibabel.load(path)
            voxels = numpy.asarray(image.dataobj).astype(int)
            for value in (v for v in numpy.unique(voxels) if v):
                where = numpy.argwhere(voxels == value)
                world = LPS @ image.affine @ numpy.c_[where, numpy.ones(len(where))].T
                at = numpy.linalg.inv(affine) @ world
                index = numpy.rint(at[:3]).astype(int)
                if numpy.abs(at[:3] - index).max() > 0.02:
                    raise SystemExit("dcmqi: voxels lie beside the grid of the source")
                found[tuple(index)] = value
        return found


def main(seg_path: str, folder: str, labels_path: str) -> None:
    seg = highdicom.seg.segread(seg_path)
    wanted = {s.SeriesInstanceUID for s in seg.get("ReferencedSeriesSequence", [])}
    images = source_images(pathlib.Path(folder), wanted)
    good = True
    for name in COPIED:
        if seg.get(name, "") != images[0].get(name, ""):
            print(f"{name} differs from the source's")
            good = False
    for number in seg.segment_numbers:
        segment = seg.get_segment_description(number)
        code = segment.segmented_property_type
        print(f"segment {number}: {segment.segment_label} ({code.value}, {code.scheme_designator})")

    source = highdicom.get_volume_from_series(images)
    truth = as_segments(labels_on(pathlib.Path(labels_path), source.affine, source.spatial_shape))
    if seg.segmentation_type.value == "LABELMAP":  # its numbers are the values themselves
        truth = labels_on(pathlib.Path(labels_path), source.affine, source.spatial_shape)
    geometry = seg.get_volume(combine_segments=True).match_geometry(source)
    good &= report("highdicom by geometry", geometry.array, truth)

    normal = source.affine[:3, 0]
    images.sort(key=lambda i: float(normal @ numpy.array(i.ImagePositionPatient, float)))
    referred = seg.get_pixels_by_source_instance(
        [i.SOPInstanceUID for i in images],
        combine_segments=True,
        assert_missing_frames_are_empty=True,
    )
    good &= report("highdicom by source", referred, truth)
    if importlib.util.find_spec("dcmqi"):
        found = by_dcmqi(pathlib.Path(seg_path), source.affine, source.spatial_shape)
        good &= report("dcmqi", found, truth)
    else:
        print("dcmqi: SKIPPED, it is not installed")
    sys.exit(not good)


if __name__ == "__main__":
    main(*sys.argv[1:])
