"""Spreadsheets: each sheet with rows becomes a table of the texts that people see in its cells.

The reader gives text for every cell; what it writes differently from what a person means is put right here:
dates (an ISO day instead of a time of midnight), long decimals (`97101765.4`, not `97101765.400000006`), and
numbers past the 15 digits that a spreadsheet keeps (they get the E of a number that is no longer known).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Lock

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from pingjiang.errors import InputRefused
from pingjiang.files.header import ROWS_SEARCHED, HeaderPlace, find_header
from pingjiang.files.kinds import ole_content
from pingjiang.files.refusals import refusal
from pingjiang.files.source import Source
from pingjiang.files.table import KnownHeaders, RawBatch, RawTable, clean_column, make_batch
from pingjiang.files.workbook_guard import check_workbook

_MIDNIGHT = r"\d{4}-\d\d-\d\d[ T]00:00:00(?:\.0+)?"
_BEYOND_CALENDAR = re.compile(r"\+(\d{5,})-(\d\d)-(\d\d) .*")
_LONG_DECIMAL = re.compile(r"-?\d+\.\d{9}")
_LONG_INTEGER = re.compile(r"-?\d{16,}")
_TIME_OF_DAY = re.compile(r"1899-12-3[01] (\d\d:\d\d:\d\d(?:\.\d+)?)")
_REWRITTEN = "|".join(
    "(?:" + pattern + ")"
    for pattern in (
        _MIDNIGHT,
        _BEYOND_CALENDAR.pattern,
        _LONG_DECIMAL.pattern,
        _LONG_INTEGER.pattern,
        _TIME_OF_DAY.pattern,
    )
)
_DAY_ZERO = date(1899, 12, 30).toordinal()
_LARGEST_EXACT = 2**53


def open_workbook(source: Source, known: KnownHeaders, *, packed: bool) -> list[RawTable]:
    """The tables of an .xlsx (`packed`) or .xls: one a sheet that has rows below a header, hidden ones too.

    Reads all sheets into memory. InputRefused where the file is damaged, encrypted or beyond the limits.
    """
    data: Path | bytes = source.path or source.read_all()
    if packed:
        check_workbook(data, source.name, source.settings)
    else:
        ole_content(source.read_all() if isinstance(data, Path) else data, source.name)
    try:
        reader = fastexcel.read_excel(data)
        tables = [_table(source, reader, sheet, known) for sheet in reader.sheet_names]
    except InputRefused:
        raise
    except (fastexcel.FastExcelError, pa.ArrowException) as error:
        first_line = str(error).partition("\n")[0]
        kind = "encrypted" if "password" in first_line.lower() else "cut_short"
        raise refusal(kind, source.name, detail=first_line) from error
    return [table for table in tables if table is not None]


def _table(source: Source, reader: fastexcel.ExcelReader, sheet: str, known: KnownHeaders) -> RawTable | None:
    # Not the eager way: it takes a fifth longer to the same cells.
    cells = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_arrow()
    if cells.num_rows == 0 or cells.num_columns == 0:
        return None
    if cells.num_columns > source.settings.max_columns:
        limit, setting = source.settings.max_columns, "PINGJIANG_MAX_COLUMNS"
        raise refusal("many_columns", source.name, count=cells.num_columns, limit=limit, setting=setting)

    turns = Lock()  # the reader serves one caller at a time

    def is_number(index: int) -> pa.Array:
        # Text cells have no truth value, numbers have: that tells the digits of a text from a number's.
        with turns:
            again = reader.load_sheet_eager(sheet, header_row=None, skip_rows=0, dtypes="boolean", use_columns=[index])
        return pc.is_valid(again.column(0))

    def meant(index: int) -> pa.Array:
        return _as_meant(clean_column(cells.column(index)), index, is_number)

    with ThreadPoolExecutor(2) as pool:  # Arrow computes without the interpreter's lock
        columns = list(pool.map(meant, range(cells.num_columns)))
    place, first_row = _header(columns, cells.num_rows, known)
    columns = _without_empty_tail(columns, len(place.header))
    rows = [column.slice(first_row) for column in columns]
    batch = make_batch(rows, pa.array(range(first_row + 1, cells.num_rows + 1), pa.int64()))
    if batch.data.num_rows == 0:
        return None
    header = place.header + ("",) * (len(columns) - len(place.header)) if place.header else ()

    def read() -> Iterator[RawBatch]:
        yield batch

    return RawTable(source.name, sheet, header, place.header_row, place.preamble, read)


def _header(columns: Sequence[pa.Array], rows: int, known: KnownHeaders) -> tuple[HeaderPlace, int]:
    """The header, and how many rows stand before the data."""
    filled: list[tuple[int, list[str]]] = []
    step = ROWS_SEARCHED + 2
    for start in range(0, rows, step):
        cells = zip(*(column.slice(start, step).to_pylist() for column in columns), strict=True)
        texts = [[cell or "" for cell in row] for row in cells]
        filled += [(start + index + 1, row) for index, row in enumerate(texts) if any(row)]
        if len(filled) > ROWS_SEARCHED:
            break
    place = find_header(filled, known) if filled else HeaderPlace((), 0, 0, ())
    if place.header_row or not filled:
        return place, place.header_row
    return place, filled[place.data_from][0] - 1


def _without_empty_tail(columns: Sequence[pa.Array], at_least: int) -> list[pa.Array]:
    """The columns without those at the end that have neither header nor cells."""
    end = len(columns)
    while end > at_least and columns[end - 1].null_count == len(columns[end - 1]):
        end -= 1
    return list(columns[:end])


# -- texts as they are meant -------------------------------------------------------------------------


def _as_meant(column: pa.Array, index: int, is_number: Callable[[int], pa.Array]) -> pa.Array:
    """A column with dates and numbers as a person means them. `is_number` tells which cells are numbers."""
    rewritten = pc.match_substring_regex(column, rf"\A(?:{_REWRITTEN})\z")
    if not pc.any(rewritten).as_py():
        return column
    midnight = pc.match_substring_regex(column, rf"\A{_MIDNIGHT}\z")
    column = pc.if_else(midnight, pc.utf8_slice_codeunits(column, 0, 10), column)
    rest = pc.fill_null(pc.and_not(rewritten, midnight), False)
    if not pc.any(rest).as_py():
        return column
    texts = column.filter(rest).to_pylist()  # few: everything else is done column by column
    if any(_LONG_INTEGER.fullmatch(text) for text in texts):
        numbers = is_number(index).filter(rest).to_pylist()
    else:
        numbers = [False] * len(texts)
    meant = [_meant(text, number) for text, number in zip(texts, numbers, strict=True)]
    return pc.replace_with_mask(column, rest, pa.array(meant, pa.string()))


def _meant(text: str, is_number: bool) -> str:
    """One cell as it is meant."""
    if _LONG_INTEGER.fullmatch(text):
        return _no_longer_known(text) if is_number else text
    if _LONG_DECIMAL.fullmatch(text):
        return _short_decimal(text)
    if found := _BEYOND_CALENDAR.fullmatch(text):
        return _serial_number(*map(int, found.groups()))
    found = _TIME_OF_DAY.fullmatch(text)
    return found[1] if found else text


def _short_decimal(text: str) -> str:
    """A number with nine decimals, as the fifteen digits that a spreadsheet keeps and shows.

    >>> _short_decimal("97101765.400000006"), _short_decimal("123456.123456789")
    ('97101765.4', '123456.123456789')
    """
    short = f"{float(text):.15g}"
    return text if "e" in short else short


def _serial_number(year: int, month: int, day: int) -> str:
    """The number under a date past the year 9999: nobody meant that date.

    >>> _serial_number(24920, 1, 30)
    '8407913'
    """
    cycles, rest = divmod(year - 2000, 400)
    return str(date(2000 + rest, month, day).toordinal() + cycles * 146_097 - _DAY_ZERO)


def _no_longer_known(text: str) -> str:
    """A number cell past 15 digits: what lies behind them is made up, so it is shown as a spreadsheet does.

    >>> _no_longer_known("100000000000000000000"), _no_longer_known("9007199254740991")
    ('1E+20', '9007199254740991')
    """
    return text if abs(int(text)) < _LARGEST_EXACT else f"{float(text):.15G}"
