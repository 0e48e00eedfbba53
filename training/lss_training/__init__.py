"""Training of the networks that LSS ships, and the tools that hold the library against others. Run as `python -m lss_training`.

common: what all networks share (loop, pool of cases, layer list, manifest, export, reading and resampling images). ct, us: one task each. naming: levels
of the spine from points. peers: references and timings of other software. commands: the command line.
"""
