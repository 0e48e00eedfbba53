"""Small synthetic DICOM files from which the fuzz target starts.

Needs pydicom 3.0.1, NumPy, pylibjpeg-openjpeg and pyjpegls.
python tools/dicom_seeds.py lss-fuzz/seeds/dicom
"""

import pathlib
import sys

import numpy
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

ROOT = "1.2.826.0.1.3680043.8.498."


def item(**attributes) -> Dataset:
    made = Dataset()
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def image(syntax: str, sop_class: str, modality: str, pixels: numpy.ndarray) -> Dataset:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = syntax
    data.file_meta.MediaStorageSOPClassUID = sop_class
    data.file_meta.MediaStorageSOPInstanceUID = ROOT + "1"
    data.SOPClassUID = sop_class
    data.SOPInstanceUID = ROOT + "1"
    data.StudyInstanceUID = ROOT + "2"
    data.SeriesInstanceUID = ROOT + "3"
    data.FrameOfReferenceUID = ROOT + "4"
    data.Modality = modality
    data.SeriesNumber = 1
    data.InstanceNumber = 1
    data.ImageType = ["ORIGINAL", "PRIMARY", "M"]
    data.Rows, data.Columns = pixels.shape[-2:]
    data.SamplesPerPixel = 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = 8 * pixels.itemsize
    data.HighBit = data.BitsStored - 1
    data.PixelRepresentation = 0
    if pixels.ndim == 3:
        data.NumberOfFrames = pixels.shape[0]
    data.PixelData = pixels.tobytes()
    data["PixelData"].VR = "OW"
    return data


def place(data: Dataset) -> Dataset:
    data.ImagePositionPatient = [0, 0, 0]
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.PixelSpacing = [0.5, 0.5]
    data.SliceThickness = 3
    data.RescaleSlope, data.RescaleIntercept = 1, -1024
    data.PixelPaddingValue = 0
    return data


def main(folder: str) -> None:
    out = pathlib.Path(folder)
    words = (numpy.add.outer(numpy.arange(6), 7 * numpy.arange(8)) * 11).astype("<u2")
    for name, syntax in {
        "explicit": ExplicitVRLittleEndian,
        "implicit": ImplicitVRLittleEndian,
        "deflated": DeflatedExplicitVRLittleEndian,
        "big": ExplicitVRBigEndian,
    }.items():
        pixels = words.astype(">u2") if name == "big" else words
        data = place(image(syntax, "1.2.840.10008.5.1.4.1.1.2", "CT", pixels))
        data.save_as(out / f"{name}.dcm", enforce_file_format=True)
    for name, syntax in {"rle": RLELossless, "jls": JPEGLSLossless, "j2k": JPEG2000Lossless}.items():
        pixels = numpy.tile(words, (8, 4)) if name == "j2k" else words
        data = place(image(ExplicitVRLittleEndian, "1.2.840.10008.5.1.4.1.1.4", "MR", pixels))
        data.compress(syntax, generate_instance_uid=False)
        data.save_as(out / f"{name}.dcm", enforce_file_format=True)

    frames = numpy.stack([words, words + 1, words + 2])
    enhanced = image(ExplicitVRLittleEndian, "1.2.840.10008.5.1.4.1.1.4.1", "MR", frames)
    enhanced.SharedFunctionalGroupsSequence = Sequence(
        [
            item(
                PixelMeasuresSequence=Sequence([item(PixelSpacing=[1, 1], SliceThickness=2)]),
                PlaneOrientationSequence=Sequence(
                    [item(ImageOrientationPatient=[0, 1, 0, 0, 0, -1])]
                ),
            )
        ]
    )
    enhanced.PerFrameFunctionalGroupsSequence = Sequence(
        [
            item(
                PlanePositionSequence=Sequence([item(ImagePositionPatient=[2 * n, 0, 0])]),
                FrameContentSequence=Sequence([item(StackID="1", InStackPositionNumber=n + 1)]),
                PixelValueTransformationSequence=Sequence(
                    [item(RescaleSlope=2, RescaleIntercept=0)]
                ),
            )
            for n in range(3)
        ]
    )
    enhanced.save_as(out / "enhanced.dcm", enforce_file_format=True)

    clip = image(
        ExplicitVRLittleEndian, "1.2.840.10008.5.1.4.1.1.3.1", "US", frames.astype("u1")
    )
    clip.PhotometricInterpretation = "PALETTE COLOR"
    for color in ("Red", "Green", "Blue"):
        setattr(clip, f"{color}PaletteColorLookupTableDescriptor", [4, 0, 16])
        table = numpy.arange(4, dtype="<u2") * 9000
        setattr(clip, f"{color}PaletteColorLookupTableData", table.tobytes())
    clip.SequenceOfUltrasoundRegions = Sequence(
        [
            item(
                RegionSpatialFormat=1,
                RegionDataType=1,
                RegionLocationMinX0=1,
                RegionLocationMinY0=1,
                RegionLocationMaxX1=8,
                RegionLocationMaxY1=5,
                PhysicalUnitsXDirection=3,
                PhysicalUnitsYDirection=3,
                PhysicalDeltaX=0.01,
                PhysicalDeltaY=0.01,
            )
        ]
    )
    clip.save_as(out / "clip.dcm", enforce_file_format=True)


if __name__ == "__main__":
    main(sys.argv[1])
