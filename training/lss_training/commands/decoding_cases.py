"""Writes the golden cases of the decoders of heat maps and of places (decode_cases.json, naming_cases.json), which the library's own must reproduce."""

from __future__ import annotations

from pathlib import Path

from lss_training.ct import decoding_cases
from lss_training.naming import cases


def add_arguments(p):
    p.add_argument("folder", type=Path, help="such as ../lss-core/src/test/resources/dev/lss/core/ct")


def run(a):
    (a.folder / "decode_cases.json").write_text(decoding_cases.text())
    (a.folder / "naming_cases.json").write_text(cases.text())
