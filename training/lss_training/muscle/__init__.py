"""Paraspinal muscles on axial MR."""
