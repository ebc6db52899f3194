"""Tagged text of Web of Science (.ciw): two-letter tags, one record from PT to ER."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from pingjiang.files.encodings import BAD_CHARACTER, Encoding
from pingjiang.files.refusals import too_long
from pingjiang.files.source import Source
from pingjiang.files.table import BAD_BYTES, TOO_FEW_CELLS, BadRow, RawBatch, RawTable, clean_column, make_batch

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?$")
_FIRST, _LAST, _END_OF_FILE = "PT", "ER", "EF"
_BATCH_RECORDS = 4096


@dataclass
class _Record:
    """One record: the line of its PT, and the lines of each tag."""

    row_number: int
    values: dict[str, list[str]] = field(default_factory=dict)
    raw: list[str] = field(default_factory=list)
    complete: bool = False


def open_tagged(source: Source, encoding: Encoding) -> RawTable | None:
    """The records as a table: one column a tag, in the order in which tags first occur; None without records.

    The lines of one value are joined by a line break. The row number of a record is the line of its PT;
    there is no header row (0). A record that the file cuts short is `too_few_cells`.
    """
    tags: dict[str, None] = {}
    for record in _records(source, encoding):
        tags.update(dict.fromkeys(record.values))
    if not tags:
        return None
    header = tuple(tags)

    def read() -> Iterator[RawBatch]:
        return _read(source, encoding, header)

    return RawTable(source.name, None, header, 0, _preamble(source, encoding), read)


def _lines(source: Source, encoding: Encoding) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, without their ends."""
    limit = source.settings.max_cell_chars
    with encoding.open_text(source) as stream:
        number = 0
        while line := stream.readline(limit):
            number += 1
            if len(line) >= limit:
                raise too_long(source.name, number, limit)
            yield number, line.rstrip("\r\n")


def _preamble(source: Source, encoding: Encoding) -> tuple[tuple[str, ...], ...]:
    """The lines above the first record: who made the file."""
    above: list[tuple[str, ...]] = []
    for _, line in _lines(source, encoding):
        if line.startswith(_FIRST + " "):
            break
        above += [(line.strip(),)] if line.strip() else []
    return tuple(above)


def _records(source: Source, encoding: Encoding) -> Iterator[_Record]:
    record: _Record | None = None
    values: list[str] = []
    limit = source.settings.max_cell_chars
    size = 0
    for number, line in _lines(source, encoding):
        match = _TAG.match(line)
        tag = match[1] if match else None
        if tag == _FIRST:
            if record is not None:
                yield record
            record, size = _Record(number), 0
        if record is None:
            continue
        size += len(line) + 1
        if size > 4 * limit:  # a file without an ER would be one record, however long
            raise too_long(source.name, record.row_number, limit)
        record.raw.append(line)
        if tag in (_LAST, _END_OF_FILE):
            record.complete = tag == _LAST
            yield record
            record = None
        elif match is not None:
            values = record.values.setdefault(match[1], [])
            values.append(match[2] or "")
        elif line.strip():
            values.append(line.strip())
    if record is not None:
        yield record


def _read(source: Source, encoding: Encoding, header: tuple[str, ...]) -> Iterator[RawBatch]:
    records: list[_Record] = []
    bad: list[BadRow] = []
    for record in _records(source, encoding):
        text = "\n".join(record.raw)
        if not record.complete:
            bad.append(BadRow.of(record.row_number, TOO_FEW_CELLS, text))
        elif not encoding.clean and BAD_CHARACTER.search(text):
            bad.append(BadRow.of(record.row_number, BAD_BYTES, text))
        else:
            records.append(record)
        if len(records) + len(bad) >= _BATCH_RECORDS:
            yield _batch(records, bad, header)
            records, bad = [], []
    yield _batch(records, bad, header)


def _batch(records: list[_Record], bad: list[BadRow], header: tuple[str, ...]) -> RawBatch:
    columns = [
        clean_column(pa.array(["\n".join(record.values.get(tag, ())) for record in records], pa.string()))
        for tag in header
    ]
    return make_batch(columns, pa.array([record.row_number for record in records], pa.int64()), bad)
