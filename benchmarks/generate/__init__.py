"""Synthetic data, deterministic by seed: a release's concluded tables, and exports as vendors write them.

No line of it is taken from a real export; names, texts and numbers are made up.
"""
