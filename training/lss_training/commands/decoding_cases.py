"""Writes the golden cases of the decoder of heat maps (decode_cases.json), which the library's own decoder must reproduce."""

from __future__ import annotations

from pathlib import Path

from lss_training.ct import decoding_cases


def add_arguments(p):
    p.add_argument("out", type=Path)


def run(a):
    a.out.write_text(decoding_cases.text())
