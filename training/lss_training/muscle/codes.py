"""What is known of a pixel: a class, or a set of classes one of which it has, where a source does not tell its muscles apart or leaves some out."""

from __future__ import annotations

import numpy as np

CLASSES = (
    "background",
    "multifidus/left",
    "multifidus/right",
    "erector-spinae/left",
    "erector-spinae/right",
    "psoas-major/left",
    "psoas-major/right",
    "quadratus-lumborum/left",
    "quadratus-lumborum/right",
)

# Sets behind the classes themselves: back muscles of a side as one; background or what is not labelled.
SETS = {9: (1, 3), 10: (2, 4), 11: (0, 7, 8), 12: (0, 5, 6, 7, 8), 13: (3, 7), 14: (4, 8)}
BACK_LEFT, BACK_RIGHT, NO_QUADRATUS, NO_PSOAS_OR_QUADRATUS = 9, 10, 11, 12


def membership():
    """codes x classes: 1 where the class is in the set."""
    m = np.zeros((9 + len(SETS), 9), np.float32)
    m[range(9), range(9)] = 1
    for code, classes in SETS.items():
        m[code, list(classes)] = 1
    return m


# The code of the same pixel in the mirrored image.
MIRRORED = np.array([0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 11, 12, 14, 13], np.uint8)
