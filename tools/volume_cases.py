"""Writes small NRRD and MetaImage files and what SimpleITK reads from them.

The files and expected.csv are the oracle of VolumeFilesTest. Needs SimpleITK (2.4.1 was used):
python tools/volume_cases.py lss-core/src/test/resources/dev/lss/core/volume
"""

import csv
import sys
from pathlib import Path

import numpy as np
import SimpleITK as sitk

out = Path(sys.argv[1])
voxels = np.arange(24).reshape(4, 3, 2)  # z, y, x
cos, sin = np.cos(0.3), np.sin(0.3)
ROTATED = (cos, -sin, 0, sin, cos, 0, 0, 0, -1)
NRRD = "NRRD0004\ntype: {type}\ndimension: 3\nsizes: 2 3 4\nencoding: raw\n"
META = (
    "ObjectType = Image\nNDims = 3\nDimSize = 2 3 4\nElementType = MET_SHORT\nBinaryData = True\n"
)
OBLIQUE = "space directions: (0.9,0.01,0) (0,2,0.1) (0,0,3.5)\nspace origin: (10,20,-30.25)\n"


def image(dtype=np.int16, direction=ROTATED):
    written = sitk.GetImageFromArray((voxels + 1).astype(dtype))
    written.SetSpacing((0.5, 0.6, 0.7))
    written.SetOrigin((-1, 2, 3.25))
    written.SetDirection(direction)
    return written


def by_hand(name, header, dtype):
    (out / name).write_bytes(header.encode() + voxels.astype(dtype).tobytes())


for ending in ("nrrd", "nhdr", "mha", "mhd"):
    for packed in (False, True):
        sitk.WriteImage(image(), str(out / f"{'packed' if packed else 'raw'}-{ending}.{ending}"), packed)
for dtype in ("int8", "uint8", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"):
    for ending in ("nrrd", "mha"):
        sitk.WriteImage(image(dtype), str(out / f"{dtype}.{ending}"))
for space in ("LPS", "RAS", "right-anterior-superior"):
    by_hand(
        f"space-{space}.nrrd",
        NRRD.format(type="short") + f"endian: little\nspace: {space}\n{OBLIQUE}\n",
        "<i2",
    )
by_hand("big.nrrd", NRRD.format(type="float") + f"endian: big\nspace: LPS\n{OBLIQUE}\n", ">f4")
by_hand(
    "crlf.nrrd",
    (NRRD.format(type="int16") + f"endian: little\nspace: LPS\n{OBLIQUE}\n").replace("\n", "\r\n"),
    "<i2",
)
by_hand(
    "byte-skip.nrrd",
    NRRD.format(type="short") + f"endian: little\nbyte skip: -1\nspace: LPS\n{OBLIQUE}\nsome more bytes",
    "<i2",
)
by_hand(
    "big.mha",
    META + "BinaryDataByteOrderMSB = True\nElementSpacing = 1 2 3\n"
    "TransformMatrix = 0 1 0 0 0 1 1 0 0\nPosition = 1 2 3\nElementDataFile = LOCAL\n",
    ">i2",
)
by_hand(
    "negative.mha",
    META + "ElementSpacing = 1 -2 3\nRotation = 1 0 0 0 1 0 0 0 1\nOrigin = 1 2 3\n"
    "AnatomicalOrientation = RAS\nElementDataFile = LOCAL\n",
    "<i2",
)
by_hand(
    "header-size.mha",
    META + "HeaderSize = -1\nElementSize = 1 2 3\nTransformMatrix = 1 0 0 0 1 0 0 0 1\n"
    "Offset = 1 2 3\nElementDataFile = LOCAL\nsome more bytes",
    "<i2",
)

with open(out / "expected.csv", "w", newline="") as table:
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["file", "size", "spacing", "origin", "direction", "voxels"])
    for path in sorted(out.iterdir()):
        if path.suffix in (".nrrd", ".nhdr", ".mha", ".mhd"):
            read = sitk.ReadImage(str(path))
            columns = (
                read.GetSize(),
                read.GetSpacing(),
                read.GetOrigin(),
                read.GetDirection(),
                sitk.GetArrayFromImage(read).ravel().astype(np.int64).tolist(),
            )
            writer.writerow([path.name] + [" ".join(repr(v) for v in c) for c in columns])
