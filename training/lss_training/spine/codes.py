"""What is known of a pixel. Few sources label everything, so a target is a code for a set of classes, one of which the pixel has."""

from __future__ import annotations

import numpy as np

CLASSES = ("background", "body", "arch", "disc", "canal", "sacrum")
BACKGROUND, BODY, ARCH, DISC, CANAL, SACRUM = range(6)

# Sets behind the six classes themselves.
NOT_LABELLED = {
    6: (BACKGROUND, SACRUM),
    7: (BODY, ARCH),
    8: (BACKGROUND, DISC, CANAL, SACRUM),
    9: (BACKGROUND, ARCH, CANAL, SACRUM),
    10: tuple(range(6)),
}
BACKGROUND_OR_SACRUM, VERTEBRA, NO_VERTEBRA, NO_BODY_OR_DISC, UNKNOWN = NOT_LABELLED


def membership():
    """codes x classes: 1 where the class is in the set."""
    m = np.zeros((6 + len(NOT_LABELLED), 6), np.float32)
    m[range(6), range(6)] = 1
    for code, classes in NOT_LABELLED.items():
        m[code, list(classes)] = 1
    return m
