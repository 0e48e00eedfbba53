"""Segmentations of a synthetic series by highdicom and dcmqi, for the tests of lss-dicom's reader.

Needs pydicom 3.0, highdicom 0.28, NumPy, nibabel and itkimage2segimage of dcmqi 1.5.7. The series is one that
SegExamples of lss-dicom's tests writes (see tools/oracles/seg_examples.py).
python tools/seg_fixtures.py OUT/oblique-1 lss-dicom/src/test/resources/dev/lss/dicom/seg
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import highdicom
import nibabel
import numpy
import pydicom
from highdicom.seg import (
    SegmentationFractionalTypeValues,
    SegmentationTypeValues,
    SegmentDescription,
)
from highdicom.sr import CodedConcept
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

CATEGORY = CodedConcept("91723000", "SCT", "Anatomical Structure")
TYPES = [("Left multifidus", "7:508", "MDC"), ("L1", "66794005", "SCT"), ("L4", "11994002", "SCT")]


def described(number: int) -> SegmentDescription:
    name, code, scheme = TYPES[number - 1]
    return SegmentDescription(
        segment_number=number,
        segment_label=name,
        segmented_property_category=CATEGORY,
        segmented_property_type=CodedConcept(code, scheme, name),
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
    )


def main(case: str, out: str) -> None:
    folder, target = pathlib.Path(case), pathlib.Path(out)
    images = [pydicom.dcmread(p) for p in sorted((folder / "source").glob("*.dcm"))]
    volume = highdicom.get_volume_from_series(images)
    along = volume.affine[:3, 0]
    images.sort(key=lambda i: float(along @ numpy.array(i.ImagePositionPatient, float)))
    stored = nibabel.load(folder / "labels.nii")
    ras = numpy.diag([-1.0, -1.0, 1.0, 1.0]) @ volume.affine
    index = numpy.linalg.inv(stored.affine) @ ras
    shape = volume.spatial_shape
    at = index[:3, :3] @ numpy.indices(shape).reshape(3, -1) + index[:3, 3:]
    values = numpy.asarray(stored.dataobj)[tuple(numpy.rint(at).astype(int))].reshape(shape)
    labels = numpy.zeros(shape, numpy.uint8)
    for number, value in enumerate((7, 20, 23), 1):
        labels[values == value] = number

    def write(name: str, pixels: numpy.ndarray, kind: SegmentationTypeValues, **more) -> None:
        seg = highdicom.seg.Segmentation(
            source_images=images,
            pixel_array=pixels,
            segmentation_type=kind,
            segment_descriptions=[described(n) for n in (1, 2, 3)],
            series_instance_uid="1.2.3.4",
            series_number=7,
            sop_instance_uid="1.2.3.5",
            instance_number=1,
            manufacturer="Example",
            manufacturer_model_name="Example",
            software_versions="1",
            device_serial_number="1",
            **more,
        )
        seg.save_as(target / name)

    binary, labelmap = SegmentationTypeValues.BINARY, SegmentationTypeValues.LABELMAP
    native = {"transfer_syntax_uid": ExplicitVRLittleEndian}
    write("highdicom-binary.dcm", labels, binary, omit_empty_frames=False, **native)
    write("highdicom-labelmap.dcm", labels, labelmap, transfer_syntax_uid=RLELossless)
    stacked = numpy.stack([labels == n for n in (1, 2, 3)], axis=-1).astype(numpy.uint8)
    stacked[..., 0] |= stacked[..., 1]
    write("highdicom-overlap.dcm", stacked, binary, **native)
    write(
        "highdicom-fractional.dcm",
        (stacked * 0.5).astype(numpy.float32),
        SegmentationTypeValues.FRACTIONAL,
        fractional_type=SegmentationFractionalTypeValues.PROBABILITY,
        max_fractional_value=100,
        **native,
    )
    dcmqi(labels, ras, folder / "source", target / "dcmqi-binary.dcm")


def dcmqi(labels: numpy.ndarray, ras: numpy.ndarray, source: pathlib.Path, target: pathlib.Path) -> None:
    segments = [
        {
            "labelID": n,
            "SegmentDescription": name,
            "SegmentLabel": name,
            "SegmentAlgorithmType": "MANUAL",
            "SegmentedPropertyCategoryCodeSequence": {
                "CodeValue": "123037004",
                "CodingSchemeDesignator": "SCT",
                "CodeMeaning": "Anatomical Structure",
            },
            "SegmentedPropertyTypeCodeSequence": {
                "CodeValue": code,
                "CodingSchemeDesignator": scheme,
                "CodeMeaning": name,
            },
        }
        for n, (name, code, scheme) in enumerate(TYPES, 1)
    ]
    meta = {
        "ContentCreatorName": "Example",
        "SeriesDescription": "Example",
        "SeriesNumber": "8",
        "InstanceNumber": "1",
        "segmentAttributes": [segments],
    }
    with tempfile.TemporaryDirectory() as folder:
        image, text = pathlib.Path(folder, "labels.nii"), pathlib.Path(folder, "meta.json")
        # dcmqi makes a frame of each plane along the last axis
        nibabel.save(nibabel.Nifti1Image(labels.T, ras[:, [2, 1, 0, 3]]), image)
        text.write_text(json.dumps(meta))
        command = ["itkimage2segimage", "--inputImageList", image, "--inputMetadata", text]
        command += ["--inputDICOMDirectory", source, "--outputDICOM", target]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(*sys.argv[1:])
