"""Spreadsheets: each sheet with rows becomes a table of the texts that people see in its cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from pingjiang.files.header import ROWS_SEARCHED, find_header
from pingjiang.files.kinds import ole_content
from pingjiang.files.refusals import refusal
from pingjiang.files.sheets import sheet_reader
from pingjiang.files.source import Source
from pingjiang.files.table import KnownHeaders, RawBatch, RawTable
from pingjiang.files.workbook_guard import Extent, check_workbook

# Two full sheets of an .xls: its reader keeps them all, and few have more than one.
_XLS_CELLS = 2 * 65_536 * 256


def open_workbook(source: Source, known: KnownHeaders, *, packed: bool) -> list[RawTable]:
    """The tables of an .xlsx (`packed`) or .xls: one a sheet that has rows below a header, hidden ones too.

    Reads all sheets into memory. InputRefused where the file is damaged, encrypted or beyond the limits.
    """
    data: Path | bytes = source.path or source.read_all()
    with sheet_reader(source.name, data, source.settings.temp_dir) as reader:
        if packed:
            extent = check_workbook(data, source.name, source.settings)
        else:
            content = source.read_all() if isinstance(data, Path) else data
            ole_content(content, source.name)
            extent = Extent(min(_XLS_CELLS, source.settings.max_sheet_cells), len(content))
        tables = [_table(source, known, *sheet) for sheet in reader.sheets(extent)]
    return [table for table in tables if table is not None]


def _table(source: Source, known: KnownHeaders, sheet: str, cells: pa.Table, row_numbers: pa.Array) -> RawTable | None:
    """The table of a sheet, of which rows with text are given."""
    if cells.num_rows == 0:
        return None
    if cells.num_columns > source.settings.max_columns:
        limit, setting = source.settings.max_columns, "PINGJIANG_MAX_COLUMNS"
        raise refusal("many_columns", source.name, count=cells.num_columns, limit=limit, setting=setting)
    first = cells.slice(0, ROWS_SEARCHED + 2)
    texts = zip(*(column.to_pylist() for column in first.columns), strict=True)
    numbers = row_numbers.slice(0, first.num_rows).to_pylist()
    rows = [(number, [cell or "" for cell in row]) for number, row in zip(numbers, texts, strict=True)]
    place = find_header(rows, known)
    data = _without_empty_tail(cells, len(place.header)).slice(place.data_from)
    if data.num_rows == 0:
        return None
    header = place.header + ("",) * (data.num_columns - len(place.header)) if place.header else ()
    batch = RawBatch(data, row_numbers.slice(place.data_from))

    def read() -> Iterator[RawBatch]:
        yield batch

    return RawTable(source.name, sheet, header, place.header_row, place.preamble, read)


def _without_empty_tail(cells: pa.Table, at_least: int) -> pa.Table:
    """The columns without those at the end that have neither header nor cells."""
    end = cells.num_columns
    while end > at_least and cells.column(end - 1).null_count == cells.num_rows:
        end -= 1
    return cells.select(range(end))
