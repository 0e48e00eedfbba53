"""Naming the levels of a spine from points: training, calibration, measures; `decoder.py` is the reference of the library."""
