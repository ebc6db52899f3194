"""The opponent of the import: fastexcel's bare read of a workbook, all columns to Arrow, nothing done with it."""

from __future__ import annotations

from pathlib import Path

import fastexcel
import pyarrow as pa


def read(path: Path) -> pa.Table:
    """The first sheet as an Arrow table, with the types that fastexcel guesses."""
    return pa.table(fastexcel.read_excel(path).load_sheet(0).to_arrow())
