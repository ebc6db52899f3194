"""Pingjiang 平江图: patents in, evidence out.

The library half knows no web. What a step takes and gives is a table; `pipeline` wires the steps.
"""

__version__ = "0.1.0"
