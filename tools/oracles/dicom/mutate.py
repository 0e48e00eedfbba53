"""Thirteen faulty copies of a BINARY SEG: what a reader must refuse or notice. One change each.

Needs pydicom 3.0 and NumPy.
python tools/oracles/dicom/mutate.py SEG OUT_FOLDER
"""

import copy
import pathlib
import sys

import numpy
import pydicom
from pydicom.dataset import Dataset


def frames(seg: Dataset) -> list[Dataset]:
    return list(seg.PerFrameFunctionalGroupsSequence)


def shared(seg: Dataset) -> Dataset:
    return seg.SharedFunctionalGroupsSequence[0]


def bits_msb_first(seg: Dataset) -> None:
    bits = numpy.unpackbits(numpy.frombuffer(seg.PixelData, numpy.uint8), bitorder="little")
    seg.PixelData = numpy.packbits(bits, bitorder="big").tobytes()


def positions_mirrored(seg: Dataset) -> None:
    places = [list(map(float, f.PlanePositionSequence[0].ImagePositionPatient)) for f in frames(seg)]
    ends = numpy.min(places, axis=0) + numpy.max(places, axis=0)
    for frame, place in zip(frames(seg), places):
        frame.PlanePositionSequence[0].ImagePositionPatient = [f"{v:.6f}"[:16] for v in ends - place]


def no_derivation(seg: Dataset) -> None:
    for frame in frames(seg):
        del frame.DerivationImageSequence


def other_frame_of_reference(seg: Dataset) -> None:
    seg.FrameOfReferenceUID = "1.2.3.4.5"


def row_direction_flipped(seg: Dataset) -> None:
    plane = shared(seg).PlaneOrientationSequence[0]
    cosines = list(map(float, plane.ImageOrientationPatient))
    plane.ImageOrientationPatient = cosines[:3] + [-c for c in cosines[3:]]


def pixel_spacing_wrong(seg: Dataset) -> None:
    measures = shared(seg).PixelMeasuresSequence[0]
    row, column = map(float, measures.PixelSpacing)
    measures.PixelSpacing = [round(row * 1.3, 6), column]


def shifted_in_plane(seg: Dataset) -> None:
    cosines = list(map(float, shared(seg).PlaneOrientationSequence[0].ImageOrientationPatient))
    for frame in frames(seg):
        plane = frame.PlanePositionSequence[0]
        moved = numpy.array(plane.ImagePositionPatient, float) + numpy.array(cosines[:3])
        plane.ImagePositionPatient = [f"{v:.6f}"[:16] for v in moved]


def sources_swapped(seg: Dataset) -> None:
    all_frames = frames(seg)
    first = all_frames[0].DerivationImageSequence
    all_frames[0].DerivationImageSequence = all_frames[-1].DerivationImageSequence
    all_frames[-1].DerivationImageSequence = first


def sources_rotated(seg: Dataset) -> None:
    derivations = [copy.deepcopy(f.DerivationImageSequence) for f in frames(seg)]
    for frame, derivation in zip(frames(seg), derivations[1:] + derivations[:1]):
        frame.DerivationImageSequence = derivation


def segment_number_skipped(seg: Dataset) -> None:
    last = seg.SegmentSequence[-1].SegmentNumber
    seg.SegmentSequence[-1].SegmentNumber = last + 1
    for frame in frames(seg):
        if frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber == last:
            frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber = last + 1


def no_referenced_series(seg: Dataset) -> None:
    del seg.ReferencedSeriesSequence


def one_frame_short(seg: Dataset) -> None:
    bits = seg.Rows * seg.Columns
    seg.PixelData = seg.PixelData[: (len(seg.PixelData) - bits // 8) // 2 * 2]


def wrong_code(seg: Dataset) -> None:
    code = seg.SegmentSequence[0].SegmentedPropertyTypeCodeSequence[0]
    code.CodeValue = str(int(code.CodeValue) + 1)


FAULTS = (
    bits_msb_first,
    positions_mirrored,
    no_derivation,
    other_frame_of_reference,
    row_direction_flipped,
    pixel_spacing_wrong,
    shifted_in_plane,
    sources_swapped,
    sources_rotated,
    segment_number_skipped,
    no_referenced_series,
    one_frame_short,
    wrong_code,
)


def main(source: str, folder: str) -> None:
    out = pathlib.Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for fault in FAULTS:
        seg = pydicom.dcmread(source)
        fault(seg)
        seg.save_as(out / f"{fault.__name__}.dcm", enforce_file_format=True)
        print(fault.__name__)


if __name__ == "__main__":
    main(*sys.argv[1:])
