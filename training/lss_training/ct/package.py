"""The head of the model package `ct-vertebrae`."""

from lss_training.common.manifest import Package

PACKAGE = Package(
    id="ct-vertebrae",
    version="0.2.0",
    title="Lumbar vertebrae on CT, coarse to fine",
    license="CC-BY-SA-4.0",
    intended_use="Research use: whole lumbar vertebrae L1 to L5 on CT of adults. Not a medical device.",
    training_data="Procedural torsos, some posed as spines of VID, and analytic phantoms painted as CT; label maps and meshes of VerSe, SPIDER, "
    "TotalSegmentator and TPTBox painted as CT; one real CT; see MODEL_CARD.md.",
    task="ct-vertebrae",
    stages=("localizer", "segmenter"),
)
