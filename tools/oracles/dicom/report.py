"""Reads a TID 1500 report as highdicom does and compares its numbers with result.json.

Every number of result.json that a report can hold must be there with its unit and no other; every group
must point at a segment of the SEG with the tracking identifier of that segment.

Needs pydicom 3.0 and highdicom 0.28.
python tools/oracles/dicom/report.py SR SEG RESULT.json
"""

import json
import math
import sys

import highdicom
import pydicom

# result.json's name of a vertebra's number -> concept, unit, derivation, finding site of the number.
VERTEBRA = {
    "volumeMm3": ("118565006", "mm3", None, None),
    "meanHu": ("112031", "[hnsf'U]", "373098007", None),
    "bodyMeanHu": ("112031", "[hnsf'U]", "373098007", "3572006"),
}


def modifiers(item: pydicom.Dataset) -> dict[str, str]:
    found = {}
    for child in item.get("ContentSequence", []):
        name = child.ConceptNameCodeSequence[0].CodeValue
        if child.ValueType == "CODE":
            found[name] = child.ConceptCodeSequence[0].CodeValue
        elif child.ValueType == "TEXT":
            found[name] = child.TextValue
    return found


def numbers(group) -> dict[tuple, float]:
    found = {}
    for (item,) in group.get_measurements():  # a template of one item
        value = item.MeasuredValueSequence[0]
        if not math.isfinite(float(value.NumericValue)):
            raise SystemExit("a number is not finite")
        said = modifiers(item)
        key = (
            item.ConceptNameCodeSequence[0].CodeValue,
            value.MeasurementUnitsCodeSequence[0].CodeValue,
            said.get("121401"),
            said.get("363698007"),
        )
        if key in found:
            raise SystemExit(f"{key} is there twice")
        if not said.get("111001") or not said.get("111003"):
            raise SystemExit("a number has no algorithm")
        found[key] = float(value.NumericValue)
    return found


def main(report_path: str, seg_path: str, result_path: str) -> None:
    report = highdicom.sr.srread(report_path)
    seg = pydicom.dcmread(seg_path)
    tracking = {s.SegmentNumber: s.TrackingUID for s in seg.SegmentSequence}
    labels = {s.SegmentNumber: s.SegmentLabel for s in seg.SegmentSequence}
    with open(result_path, encoding="utf-8") as file:
        result = json.load(file)
    if "vertebrae" not in result["measurements"]:
        raise SystemExit("this compares vertebrae alone")
    groups = report.content.get_volumetric_roi_measurement_groups()
    compared = 0
    for group, vertebra in zip(groups, result["measurements"]["vertebrae"], strict=True):
        segment = group.referenced_segment
        number = segment.referenced_segment_numbers[0]
        if segment.referenced_sop_instance_uid != seg.SOPInstanceUID:
            raise SystemExit("a group refers to another SEG")
        if tracking[number] != group.tracking_uid:
            raise SystemExit("tracking identifiers of SEG and report differ")
        found = numbers(group)
        wanted = {key: vertebra[name] for name, key in VERTEBRA.items() if vertebra.get(name) is not None}
        if found.keys() != wanted.keys():
            raise SystemExit(f"{labels[number]}: {sorted(map(str, found))}, not {sorted(map(str, wanted))}")
        for key, value in wanted.items():
            if not math.isclose(found[key], value, rel_tol=1e-9):
                raise SystemExit(f"{labels[number]}: {key} is {found[key]}, not {value}")
            compared += 1
        sites = [site.value.meaning for site in group.finding_sites]
        print(number, labels[number], "|", group.finding_type.meaning, sites, found)
    print(f"{compared} number(s) of {len(groups)} group(s) agree with result.json")


if __name__ == "__main__":
    main(*sys.argv[1:])
