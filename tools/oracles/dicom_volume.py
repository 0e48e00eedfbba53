"""A DICOM series as pydicom and NumPy stack it: SHA-256 of its float32 voxels, for DicomSeriesTest.

Needs pydicom 3.0.1, NumPy, pylibjpeg and pylibjpeg-openjpeg.
python tools/oracles/dicom_volume.py ../shared/data/ct/abdomen_dicom_uids
"""

import hashlib
import pathlib
import sys

import numpy
import pydicom


def main(folder: str) -> None:
    slices = [pydicom.dcmread(path) for path in sorted(pathlib.Path(folder).glob("*.dcm"))]
    row, column = numpy.split(numpy.array(slices[0].ImageOrientationPatient, float), 2)
    normal = numpy.cross(row, column)
    slices.sort(key=lambda s: float(normal @ numpy.array(s.ImagePositionPatient, float)))
    volume = numpy.stack(
        [
            s.pixel_array.astype(numpy.float64) * float(s.RescaleSlope) + float(s.RescaleIntercept)
            for s in slices
        ]
    ).astype("<f4")
    print("shape", volume.shape[::-1], "first", list(map(float, slices[0].ImagePositionPatient)))
    print("range", volume.min(), volume.max(), "sum", volume.sum(dtype=numpy.float64))
    print("sha256", hashlib.sha256(volume.tobytes()).hexdigest())


if __name__ == "__main__":
    main(sys.argv[1])
