"""Text tables: csv, tsv, and what else parts cells by a comma, semicolon, tab or bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

import pyarrow as pa

from pingjiang.errors import InputRefused
from pingjiang.files.encodings import BAD_CHARACTER, Encoding
from pingjiang.files.header import ROWS_SEARCHED, find_header
from pingjiang.files.records import Record, records
from pingjiang.files.refusals import refusal
from pingjiang.files.regular import RegularReader
from pingjiang.files.source import Source
from pingjiang.files.table import (
    BAD_BYTES,
    TOO_FEW_CELLS,
    TOO_MANY_CELLS,
    BadRow,
    KnownHeaders,
    RawBatch,
    RawTable,
    clean_column,
    make_batch,
)

_DELIMITERS = (",", "\t", ";", "|")
_SNIFFED_RECORDS = 60
_SAMPLE_RECORDS = 1000
_SAMPLE_BYTES = 2**20
_BATCH_RECORDS = 16_384
_BATCH_CHARS = 8 * 2**20


class _Sampled(NamedTuple):
    """A record of the sample, and where it lies: in lines and in UTF-8 bytes from the start of the text."""

    row_number: int
    cells: list[str]
    start_line: int
    start_byte: int
    end_line: int
    end_byte: int


@dataclass(frozen=True)
class _Layout:
    """How a text table is laid out.

    skip_lines, skip_bytes   what stands before the first row of data, in lines and in UTF-8 bytes
    last_row                 the number of the last row before the data
    columns                  columns of the table
    width                    cells that its records usually have; those beyond `columns` are empty
    trims                    the writer leaves out empty cells at the end of a row
    regular                  nothing in the sample speaks against the fast way
    """

    delimiter: str
    skip_lines: int
    skip_bytes: int
    last_row: int
    columns: int
    width: int
    trims: bool
    regular: bool


def open_delimited(source: Source, encoding: Encoding, known: KnownHeaders) -> RawTable | None:
    """The table of a text; None where it has no row of data.

    Encoding, delimiter, header and the usual width are settled here; the rows are read by `batches`.
    """
    delimiter = _delimiter(source, encoding, known)
    sample = _sample(source, encoding, delimiter)
    if not sample:
        return None
    place = find_header([(record.row_number, record.cells) for record in sample], known)
    if place.data_from == len(sample):
        return None
    data = sample[place.data_from :]
    # Rows are counted from the header on: an empty row below it is a row of data that is left out.
    above = sample[place.data_from - 1] if place.header else None
    columns = len(place.header) or _usual_width(data)
    width = max(columns, _usual_width(data))
    _check_columns(source, width, place.header_row or data[0].row_number)
    layout = _Layout(
        delimiter,
        skip_lines=above.end_line if above else data[0].start_line,
        skip_bytes=above.end_byte if above else data[0].start_byte,
        last_row=above.row_number if above else data[0].row_number - 1,
        columns=columns,
        width=width,
        trims=_trims(data, columns),
        regular=encoding.clean,
    )

    def read() -> Iterator[RawBatch]:
        return _read(source, encoding, layout)

    return RawTable(source.name, None, place.header, place.header_row, place.preamble, read)


# -- the layout --------------------------------------------------------------------------------------


def _records(source: Source, encoding: Encoding, delimiter: str, *, layout: _Layout | None = None) -> Iterator[Record]:
    """Records from the start, or those of the data where the layout is known."""
    with encoding.open_text(source) as stream:
        for _ in range(layout.skip_lines if layout else 0):
            stream.readline()
        yield from records(
            stream,
            delimiter=delimiter,
            width=layout.width if layout else None,
            file=source.name,
            limit=source.settings.max_cell_chars,
            first_row=layout.last_row + 1 if layout else 1,
        )


def _has_text(cells: Sequence[str]) -> bool:
    return any(cell and not cell.isspace() for cell in cells)


def _delimiter(source: Source, encoding: Encoding, known: KnownHeaders) -> str:
    """The delimiter under which a row has most known header names; failing that, the most consistent one."""

    def merit(delimiter: str) -> tuple[int, float, int]:
        try:
            first = list(islice(_records(source, encoding, delimiter), _SNIFFED_RECORDS))
        except InputRefused:  # what is no cell of the table may be too long for one; else the sample says so again
            return -1, 0.0, 0
        rows = [record.cells for record in first if len(record.cells) > 1 or _has_text(record.cells)]
        names = max((known([cell.strip() for cell in row]) for row in rows[:ROWS_SEARCHED]), default=0)
        widths = Counter(len(row) for row in rows)
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return (names if names > 1 else 0, round(times / len(rows), 1) if width > 1 else 0.0, width)

    return max(_DELIMITERS, key=merit)


def _sample(source: Source, encoding: Encoding, delimiter: str) -> list[_Sampled]:
    """The first records with text: enough to find the header and the usual width."""
    sample: list[_Sampled] = []
    line = byte = 0
    for record in _records(source, encoding, delimiter):
        text = record.text
        next_line = line + text.count("\n") + text.replace("\r\n", "\n").count("\r")
        next_byte = byte + len(text.encode("utf-8", "surrogatepass"))
        if _has_text(record.cells):
            # No more than it takes to see that there are too many.
            cells = [BAD_CHARACTER.sub("\ufffd", cell) for cell in record.cells[: source.settings.max_columns + 1]]
            sample.append(_Sampled(record.row_number, cells, line, byte, next_line, next_byte))
        line, byte = next_line, next_byte
        enough = len(sample) >= _SAMPLE_RECORDS or byte >= _SAMPLE_BYTES
        if enough and len(sample) > ROWS_SEARCHED:
            break
    return sample


def _usual_width(data: Sequence[_Sampled]) -> int:
    widths = Counter(len(record.cells) for record in data)
    return max(widths, key=lambda width: (widths[width], width), default=1)


def _check_columns(source: Source, columns: int, row: int) -> None:
    limit = source.settings.max_columns
    if columns > limit:
        raise refusal(
            "many_columns", source.name, at_row=row, count=columns, limit=limit, setting="PINGJIANG_MAX_COLUMNS"
        )


def _trims(data: Sequence[_Sampled], columns: int) -> bool:
    """Whether the writer clearly leaves out empty cells at a row's end.

    Then rows are short, and none ends with an empty cell. But two short rows in a row that make one whole
    row are a record broken by a line break without quotes.
    """
    rows = [record.cells for record in data]
    short = [row for row in rows if len(row) < columns]
    if len(short) < 2 or any(not row[-1].strip() for row in rows):
        return False
    broken = sum(
        len(one) < columns and len(other) < columns and len(one) + len(other) == columns + 1
        for one, other in pairwise(rows)
    )
    return broken * 4 < len(short)


# -- the rows ----------------------------------------------------------------------------------------


def _read(source: Source, encoding: Encoding, layout: _Layout) -> Iterator[RawBatch]:
    """All batches: the fast way as far as it goes, then the slow one."""
    last_row = layout.last_row
    if layout.regular:
        stream = encoding.open_utf8(source)
        stream.read(layout.skip_bytes)
        fast = RegularReader(
            stream,
            delimiter=layout.delimiter,
            columns=layout.columns,
            width=layout.width,
            last_row=last_row,
            most_chars=source.settings.max_cell_chars,
        )
        yield from fast.batches()
        if fast.finished:
            return
        last_row = fast.row
    yield from _read_slowly(source, encoding, layout, after=last_row)


def _read_slowly(source: Source, encoding: Encoding, layout: _Layout, *, after: int) -> Iterator[RawBatch]:
    """Batches of the records below row `after`, by the csv module."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    bad: list[BadRow] = []
    chars = 0
    for record in _records(source, encoding, layout.delimiter, layout=layout):
        if record.row_number <= after:
            continue
        reason, cells = _fitted(record, layout)
        if reason is not None:
            bad.append(BadRow.of(record.row_number, reason, record.text))
        elif cells:
            rows.append(cells)
            numbers.append(record.row_number)
        chars += len(record.text)
        if len(numbers) + len(bad) >= _BATCH_RECORDS or chars >= _BATCH_CHARS:
            yield _batch(rows, numbers, bad, layout.columns)
            rows, numbers, bad, chars = [], [], [], 0
    yield _batch(rows, numbers, bad, layout.columns)


def _fitted(record: Record, layout: _Layout) -> tuple[str | None, list[str]]:
    """A reason why the record is none of the table's; or its cells, as many as columns ([]: an empty row)."""
    cells, columns = record.cells, layout.columns
    if record.reason is not None:
        return record.reason, []
    if BAD_CHARACTER.search(record.text):
        return BAD_BYTES, []
    if len(cells) == columns:
        return None, cells
    if not _has_text(cells):
        return None, []
    if len(cells) > columns:
        return (TOO_MANY_CELLS, []) if _has_text(cells[columns:]) else (None, cells[:columns])
    ended = record.text.endswith(("\n", "\r"))
    if layout.trims and ended and cells[-1].strip():
        return None, cells + [""] * (columns - len(cells))
    return TOO_FEW_CELLS, []


def _batch(rows: list[list[str]], numbers: list[int], bad: list[BadRow], columns: int) -> RawBatch:
    cells = zip(*rows, strict=True) if rows else ((),) * columns
    cleaned = [clean_column(pa.array(column, pa.string())) for column in cells]
    return make_batch(cleaned, pa.array(numbers, pa.int64()), bad)
