"""Files made by these tests, and what opening them gives as plain lists."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pingjiang.config import Settings
from pingjiang.errors import InputRefused
from pingjiang.files import BadRow, KnownNames, RawTable, open_file

HEADER = ["公开号", "标题", "申请日"]
ROWS = [["CN1A", "一种电池隔膜及其制备方法", "2020-01-02"], ["CN2A", "半导体器件", "2021-03-04"]]
SETTINGS = Settings(memory_limit="1024MiB", threads=1)
Row = tuple[int, list[str | None]]


def known(cells: Sequence[str]) -> int:
    """How many cells are names of the made tables."""
    return sum(cell in HEADER for cell in cells)


def limited(limits: Mapping[str, Any]) -> Settings:
    """The usual limits, but for these."""
    return replace(SETTINGS, **limits)


def opened(path: Path, **limits: int) -> list[RawTable]:
    """The tables of a file under the usual limits, or those given."""
    found = open_file(path, known=KnownNames(known), settings=limited(limits))
    return [part for part in found if isinstance(part, RawTable)]


def only(path: Path, content: bytes | str | None = None, **limits: int) -> RawTable:
    """The one table of a file, which is written first where its content is given."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    [table] = opened(path, **limits)
    return table


def rows(table: RawTable) -> list[Row]:
    """All rows of a table with their numbers."""
    found: list[Row] = []
    for batch in table.batches():
        cells = [batch.data[name].to_pylist() for name in batch.data.column_names]
        found += list(zip(batch.row_numbers.to_pylist(), map(list, zip(*cells, strict=True)), strict=True))
    return found


def bad(table: RawTable) -> list[BadRow]:
    """All rows of a table that cannot be records."""
    return [row for batch in table.batches() for row in batch.ragged]


def reasons(table: RawTable) -> list[tuple[int, str]]:
    """The same as numbers and reasons."""
    return [(row.row_number, row.reason) for row in bad(table)]


def refused(path: Path, content: bytes | str | None = None, **limits: int) -> InputRefused:
    """The refusal that opening a file and reading all of it ends with. It names the file and a remedy, twice over."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputRefused) as caught:
        for table in opened(path, **limits):
            rows(table)
    error = caught.value
    assert error.file.startswith(path.name)
    for text in (error.message, error.remedy):
        assert any("一" <= char <= "龥" for char in text), text
        assert any("a" <= char <= "z" for char in text), text
        assert "{" not in text
    return error


def text_of(table: Sequence[Sequence[str]], *, delimiter: str = ",", line_end: str = "\r\n") -> str:
    """Rows as the csv module writes them; it must be told to quote a line end that is not its own."""
    stream = io.StringIO()
    foreign = not ({*"\r\n"} - {*line_end}).isdisjoint("".join(cell for row in table for cell in row))
    quoting: Any = csv.QUOTE_ALL if foreign else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(table)
    return stream.getvalue()


def zip_of(members: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


# -- .xls, byte by byte ----------------------------------------------------------------------------------

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole_of(stream: str, content: bytes) -> bytes:
    """An OLE2 container with one stream."""
    content = content.ljust(4096, b"\0")  # smaller ones would go to another place
    sectors = -(-len(content) // _SECTOR)
    fat_sectors = next(n for n in range(1, 110) if n * 128 >= sectors + n + 1)
    chain = [*range(1, sectors), _END, _END, *[_FAT] * fat_sectors]
    fat = struct.pack(f"<{fat_sectors * 128}I", *chain, *[_FREE] * (fat_sectors * 128 - len(chain)))
    where = [sectors + 1 + at for at in range(fat_sectors)]
    header = struct.pack(
        "<8s16x5H6x9I109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, fat_sectors, sectors, 0, 4096, _END, 0, _END, 0),
        *where,
        *[_FREE] * (109 - fat_sectors),
    )
    directory = _entry("Root Entry", 5, child=1, start=_END) + _entry(stream, 2, start=0, size=len(content))
    return header + content.ljust(sectors * _SECTOR, b"\0") + directory.ljust(_SECTOR, b"\0") + fat


def _entry(name: str, kind: int, *, start: int, child: int = _FREE, size: int = 0) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBB3I36xIQ", text.ljust(64, b"\0"), len(text) + 2, kind, 1, _FREE, _FREE, child, start, size
    )


def xls_of(sheets: Mapping[str, Mapping[tuple[int, int], str | float]], *, encrypted: bool = False) -> bytes:
    """An .xls (BIFF8) whose sheets have cells at (row, column), counted from 0."""
    bodies = [
        _record(0x809, "<HHHHII", 0x600, 0x10, 0, 0, 0, 0) + _cells(cells) + _record(0x0A) for cells in sheets.values()
    ]
    start = _record(0x809, "<HHHHII", 0x600, 5, 0, 0, 0, 0)
    if encrypted:
        start += _record(0x2F, "<HHHH48s", 1, 1, 1, 0, b"\1" * 48)
    start += _record(0x42, "<H", 1200)
    names = [name.encode("utf-16-le") for name in sheets]
    offset = len(start) + sum(4 + 8 + len(name) for name in names) + 4
    bound = b""
    for name, body in zip(names, bodies, strict=True):
        bound += _record(0x85, f"<IBBBB{len(name)}s", offset, 0, 0, len(name) // 2, 1, name)
        offset += len(body)
    return ole_of("Workbook", start + bound + _record(0x0A) + b"".join(bodies))


def _cells(cells: Mapping[tuple[int, int], str | float]) -> bytes:
    found = b""
    for (row, column), value in cells.items():
        if isinstance(value, str):
            text = value.encode("utf-16-le")
            found += _record(0x204, f"<HHHHB{len(text)}s", row, column, 0, len(text) // 2, 1, text)
        else:
            found += _record(0x203, "<HHHd", row, column, 0, value)
    return found


def _record(kind: int, form: str = "<", *values: Any) -> bytes:
    body = struct.pack(form, *values)
    return struct.pack("<HH", kind, len(body)) + body
