"""A look into a file before it is imported: how it would be recognised and why, and how a format reads its first rows.

Nothing is written, and no lake is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from pingjiang.config import Settings
from pingjiang.engine import Table, open_engine
from pingjiang.errors import FormatUnknown, PingjiangError
from pingjiang.files import RawBatch, RawDocuments, RawTable, open_file
from pingjiang.files.table import make_batch
from pingjiang.sources import (
    FileReceipt,
    Format,
    Known,
    known_names,
    read_table,
    recognise,
    recognise_documents,
)
from pingjiang.sources.formats import signature
from pingjiang.sources.receipt import DOUBT_COLUMNS
from pingjiang.text import header_key

SAMPLE_ROWS = 100
_LONGEST_CELL = 160
_SHOWN = 3  # values of a field


@dataclass(frozen=True)
class Look:
    """What a part of a file is.

    format     name of the format that claims it; None where none does, and then `refused` says why
    by         'signature' (a set of headers that only this tool writes), 'headers' (words that all tools share),
               'documents' (elements of XML or JSON), 'forced'
    because    the headers, as printed, or the name of the documents by which it was recognised
    mapping    field → headers that are read into it; `ignored` and `unknown` are the other headers
    rows       the first rows as text, long cells cut; row n of `header` is column n
    """

    file: str
    sheet: str | None = None
    format: str | None = None
    by: str | None = None
    because: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    rows: tuple[tuple[str | None, ...], ...] = ()
    refused: PingjiangError | None = None


def look_into(
    path: Path,
    *,
    forced: Format | None = None,
    own: Sequence[Format] = (),
    rows: int = SAMPLE_ROWS,
    settings: Settings | None = None,
) -> list[Look]:
    """The parts of a file as an import would take them. InputRefused where it cannot be opened at all."""
    return [
        _documents(raw, forced) if isinstance(raw, RawDocuments) else _table(raw, forced, own, rows)
        for raw in open_file(path, known=known_names(), settings=settings)
    ]


def _documents(raw: RawDocuments, forced: Format | None) -> Look:
    name = raw.first.name if raw.first else None
    try:
        spec = recognise_documents(raw, forced=forced)
    except PingjiangError as error:
        return Look(raw.file, refused=error)
    return Look(raw.file, format=spec.name, by="documents", because=(name,) if name else ())


def _table(raw: RawTable, forced: Format | None, own: Sequence[Format], rows: int) -> Look:
    shown = tuple(_first_rows(raw, rows))
    try:
        found = recognise(raw.header, file=raw.file, forced=forced, own=own)
    except FormatUnknown as error:
        return Look(raw.file, raw.sheet, header=raw.header, rows=shown, refused=error)
    claimed = signature(found.format, raw.header)
    by = "forced" if forced is not None else "signature" if claimed else "headers"
    if claimed:
        because = tuple(cell for cell in raw.header if cell and header_key(cell) in claimed)
    else:
        because = tuple(cell for cells in found.mapping.values() for cell in cells)
    return Look(
        raw.file, raw.sheet, found.format.name, by, because, raw.header,
        found.mapping, found.ignored, found.unknown, shown,
    )  # fmt: skip


def _first_rows(raw: RawTable, rows: int) -> Iterator[tuple[str | None, ...]]:
    left = rows
    for batch in raw.batches():
        for row in batch.data.slice(0, left).to_pylist():
            yield tuple(None if cell is None else cell[:_LONGEST_CELL] for cell in row.values())
        left -= min(left, batch.data.num_rows)
        if left <= 0:
            return


@dataclass(frozen=True)
class FieldRead:
    """How the cells of a field were read: how many had text, how many of these could not be read, some values."""

    headers: tuple[str, ...]
    filled: int
    unreadable: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """How a format reads some rows: the receipt that they would get, and its fields."""

    receipt: FileReceipt
    fields: Mapping[str, FieldRead]
    unknown: tuple[str, ...]


def try_format(
    header: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    spec: Format,
    *,
    settings: Settings | None = None,
) -> Tried:
    """How a format of records reads these rows of a table. FormatUnknown where it finds no number in the headers."""
    found = recognise(header, file="", forced=spec)
    receipt = FileReceipt("", spec.name, "tried", "")
    doubtful: list[str | None] = []
    values: dict[str, tuple[str, ...]] = {}
    raw = RawTable("", None, tuple(header), 1, (), lambda: iter([_batch(len(header), rows)]))
    with (
        TemporaryDirectory() as nowhere,
        open_engine(settings or Settings.from_environment(), Path(nowhere)) as session,
    ):
        for said in read_table(session, raw, found, Known(session, None), receipt, spec.name):
            doubtful += [cell[DOUBT_COLUMNS[1]] for cell in said.doubtful_cells]
            values |= _values(said.tables["record"], found.mapping)
    receipt.check()
    fields = {}
    for name, headers in found.mapping.items():
        places = [at for at, cell in enumerate(header) if cell in headers]
        filled = sum(any(at < len(row) and row[at] for at in places) for row in rows)
        fields[name] = FieldRead(headers, filled, sum(cell in headers for cell in doubtful), values.get(name, ()))
    return Tried(receipt, fields, found.unknown)


def _batch(width: int, rows: Sequence[Sequence[str | None]]) -> RawBatch:
    columns = [pa.array([row[at] if at < len(row) else None for row in rows], pa.string()) for at in range(width)]
    return make_batch(columns, pa.array(range(2, len(rows) + 2), pa.int64()))


def _values(record: Table, names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Some values of each field as they were read; none of what is no column of `record`."""
    rows = record.dicts()
    return {
        name: tuple(dict.fromkeys(text for row in rows if (text := _as_text(row.get(name)))))[:_SHOWN] for name in names
    }


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(each["name"] if isinstance(each, dict) else str(each) for each in value)
    return "" if value is None else str(value)[:_LONGEST_CELL]
