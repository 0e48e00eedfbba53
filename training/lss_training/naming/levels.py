"""Levels of the spine from the head down, and which may follow which."""

from __future__ import annotations

LEVELS = (
    tuple(f"C{n}" for n in range(1, 8))
    + tuple(f"T{n}" for n in range(1, 14))
    + tuple(f"L{n}" for n in range(1, 7))
    + ("S",)
)
INDEX = {level: n for n, level in enumerate(LEVELS)}

# Steps that not every spine takes. All other steps go from a level to the next one.
UNUSUAL = {"T13": ("T12", "T13"), "noT12": ("T11", "L1"), "L6": ("L5", "L6")}


def steps():
    """(upper, lower, key of UNUSUAL or None) of every step from one vertebra to the one below it. `S` is a piece of the
    sacrum."""
    usual = [(a, b) for a, b in zip(LEVELS, LEVELS[1:]) if "T13" not in (a, b) and a not in ("L5", "L6")]
    usual += [("T12", "L1"), ("T13", "L1"), ("L5", "S"), ("L6", "S"), ("S", "S")]
    found = [(a, b, None) for a, b in usual]
    return found + [(a, b, key) for key, (a, b) in UNUSUAL.items()]
