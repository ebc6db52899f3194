"""Industry chains: trees written as data, and the placing of publications on their leaves, with reasons.

`tree.load` reads a chain, `place.place` puts publications on it, `coverage.coverage` says how well it
fits them. How to write a chain: docs/chain.md.
"""
