"""Reads the segmentations that SegExamples of lss-dicom's tests writes as highdicom and dcmqi do.

Every voxel is compared with the labels. By source: each frame by the image, or the frame of an Enhanced
image, that it refers to. By geometry: each frame by its position, on the grid that highdicom builds of the
source. By dcmqi: by position.

Needs pydicom 3.0, highdicom 0.28, NumPy, nibabel and segimage2itkimage of dcmqi 1.5.7.
java -cp lss-dicom/target/classes:lss-dicom/target/test-classes:lss-api/target/classes:JAI_IMAGEIO \\
    dev.lss.dicom.SegExamples OUT [FOLDER_OF_A_REAL_SERIES ...]
python tools/oracles/seg_examples.py OUT
"""

import pathlib
import subprocess
import sys
import tempfile

import highdicom
import nibabel
import numpy
import pydicom

LPS = numpy.diag([-1.0, -1.0, 1.0, 1.0])


def labels_on(path: pathlib.Path, affine: numpy.ndarray, shape: tuple[int, ...]) -> numpy.ndarray:
    """The label map on a grid whose voxel [k, r, c] lies at affine (LPS), looked up exactly."""
    image = nibabel.load(path)
    at = numpy.linalg.inv(LPS @ image.affine) @ affine
    index = at[:3, :3] @ numpy.indices(shape).reshape(3, -1) + at[:3, 3:]
    if numpy.abs(index - numpy.rint(index)).max() > 0.02:
        raise SystemExit(f"{path} lies beside the grid of its source")
    voxels = numpy.asarray(image.dataobj).astype(int)
    return voxels[tuple(numpy.rint(index).astype(int))].reshape(shape)


def plane(image: pydicom.Dataset) -> numpy.ndarray:
    """The affine of one classic image."""
    row, column = numpy.split(numpy.array(image.ImageOrientationPatient, float), 2)
    affine = numpy.eye(4)
    affine[:3, 0] = numpy.cross(row, column) * float(image.SliceThickness)
    affine[:3, 1] = column * float(image.PixelSpacing[0])
    affine[:3, 2] = row * float(image.PixelSpacing[1])
    affine[:3, 3] = image.ImagePositionPatient
    return affine


def by_dcmqi(seg: pathlib.Path, affine: numpy.ndarray, shape: tuple[int, ...]) -> numpy.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        command = ["segimage2itkimage", "--inputDICOM", seg, "--outputDirectory", folder, "-t", "nifti"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = numpy.zeros(shape, int)
        for path in sorted(pathlib.Path(folder).glob("*.nii.gz")):
            image = nibabel.load(path)
            voxels = numpy.asarray(image.dataobj).astype(int)
            where = numpy.argwhere(voxels)
            world = LPS @ image.affine @ numpy.c_[where, numpy.ones(len(where))].T
            at = (numpy.linalg.inv(affine) @ world)[:3]
            if numpy.abs(at - numpy.rint(at)).max() > 0.02:
                raise SystemExit(f"dcmqi puts voxels of {seg} beside the grid of its source")
            found[tuple(numpy.rint(at).astype(int))] = voxels[tuple(where.T)]
        return found


def differing(seg_path: pathlib.Path, source: pathlib.Path, labels: pathlib.Path) -> list[int]:
    """How many voxels differ by source, by geometry and by dcmqi."""
    seg = highdicom.seg.segread(seg_path)
    files = sorted(p for p in source.iterdir() if p.suffix == ".dcm")
    options = {"combine_segments": True, "assert_missing_frames_are_empty": True}
    if len(files) == 1 and "NumberOfFrames" in pydicom.dcmread(files[0], stop_before_pixels=True):
        image = highdicom.imread(files[0])
        volume = image.get_volume()
        affine, shape = volume.affine, volume.spatial_shape
        uid, frames = image.SOPInstanceUID, list(range(1, image.NumberOfFrames + 1))
        by_source = seg.get_pixels_by_source_frame(uid, frames, **options)
        places = [
            f.PlanePositionSequence[0].ImagePositionPatient for f in image.PerFrameFunctionalGroupsSequence
        ]
        order = numpy.argsort([numpy.linalg.inv(affine)[0] @ [*map(float, p), 1] for p in places])
        by_source = by_source[order]
    else:
        images = [pydicom.dcmread(p) for p in files]
        several = len(images) > 1
        affine = highdicom.get_volume_from_series(images).affine if several else plane(images[0])
        along = affine[:3, 0]
        images.sort(key=lambda i: float(along @ numpy.array(i.ImagePositionPatient, float)))
        shape = (len(images), images[0].Rows, images[0].Columns)
        uids = [i.SOPInstanceUID for i in images]
        by_source = seg.get_pixels_by_source_instance(uids, **options)
    truth = labels_on(labels, affine, shape)
    if seg.segmentation_type.value != "LABELMAP":
        values = [v for v in numpy.unique(truth) if v]
        numbers = numpy.zeros(truth.max() + 1, int)
        numbers[values] = range(1, len(values) + 1)
        truth = numbers[truth]
    whole = highdicom.Volume(numpy.zeros(shape, numpy.uint8), affine, highdicom.CoordinateSystemNames.PATIENT)
    alone = seg.get_volume(combine_segments=True)
    if shape[0] == 1:
        by_geometry = alone.array
        if numpy.abs(alone.affine[:, 1:] - affine[:, 1:]).max() > 1e-4:
            raise SystemExit(f"{seg_path} lies elsewhere than its source")
    else:
        by_geometry = alone.match_geometry(whole).array
    dcmqi = by_dcmqi(seg_path, affine, shape)
    return [int((found != truth).sum()) for found in (by_source, by_geometry, dcmqi)]


def main(root: str) -> None:
    bad = files = 0
    for case in sorted(p for p in pathlib.Path(root).iterdir() if p.is_dir()):
        named = case / "source.txt"
        source = pathlib.Path(named.read_text()) if named.exists() else case / "source"
        for form in ("binary", "labelmap"):
            found = differing(case / f"{form}.dcm", source, case / "labels.nii")
            files += 1
            bad += any(found)
            if any(found):
                print(case.name, form, "voxels that differ by source, geometry, dcmqi:", *found)
    print(f"{files} segmentations, {bad} with voxels that differ")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main(sys.argv[1])
