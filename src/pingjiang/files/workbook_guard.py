"""What is checked of an .xlsx before it is read: the reader itself trusts the file.

Two things would end the reader, and it could not say why. A sheet with one stray cell at its far corner: the
reader keeps the whole rectangle in memory. And packed data that grow without end. So all of it is unpacked once
beforehand, without being kept, and the reach of each sheet is noted.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pingjiang.config import Settings
from pingjiang.files.inflate import ERRORS, ZIP_ERRORS, inflated
from pingjiang.files.refusals import refusal
from pingjiang.files.source import check_expansion

_TAIL = 64
_ROW = re.compile(rb"row [^>]{0,200}?\br=[\"'](\d{1,7})")
_CELL = re.compile(rb" r=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
# Cells from column DY (the 129th) on, and cells whose row has so many digits. A sheet to the left of DY is
# never too large at the usual limit. Rows ascend, so the last of a piece says it all, unless a cell names a row
# of its own with more digits. The pattern begins with one literal byte: that is searched at memory speed.
_NEAR_COLUMNS = 128
_OUTLIERS = tuple(
    re.compile(rb"=[\"'][A-Z](?:[A-Z](?:[A-Z]\d|(?<=[E-Z].)\d|(?<=D[YZ])\d|\d{%d})|\d{%d})" % (digits, digits))
    for digits in range(2, 9)
)


@dataclass(frozen=True)
class Extent:
    """How much there is to read: the most cells that the rectangle of a sheet can have, and unpacked bytes."""

    cells: int
    size: int


@dataclass
class _Reach:
    """How far the cells of a sheet go. `column` is exact beyond `_NEAR_COLUMNS`, or where `exact`."""

    exact: bool = False
    row: int = 0
    column: int = 0

    def follow_all(self, pieces: Iterable[bytes]) -> None:
        """Note the cells of a sheet's XML, which comes in pieces."""
        tail = b""
        for piece in pieces:
            self._follow(tail + piece[:_TAIL])  # what the cut between two pieces divides
            self._follow(piece)
            tail = (tail + piece[-_TAIL:])[-_TAIL:]  # a piece may be short, or empty

    def _follow(self, piece: bytes) -> None:
        start = piece.rfind(b"row ")
        match = _ROW.match(piece, start) if start >= 0 else None
        self.row = max(self.row, int(match[1]) if match else 0)
        if self.exact or _OUTLIERS[len(str(self.row)) - 1].search(piece):
            cells = set(_CELL.findall(piece))
            self.row = max(self.row, max((int(row) for _, row in cells), default=0))
            columns = {column for column, _ in cells}
            self.column = max(self.column, max(map(_column_number, columns), default=0))

    def cells(self) -> int:
        """Cells of the rectangle, or the most that they can be."""
        return self.row * (self.column if self.exact else max(self.column, _NEAR_COLUMNS))


def check_workbook(data: Path | bytes, file: str, settings: Settings) -> Extent:
    """Refuse an .xlsx that is cut short, encrypted, grows beyond the limits, or has a sheet of absurd reach."""
    try:
        with _opened(data) as stream, zipfile.ZipFile(stream) as archive:
            parts = [info for info in archive.infolist() if not info.filename.endswith("/")]
            packed = stream.seek(0, io.SEEK_END)
    except ZIP_ERRORS as error:
        raise refusal("cut_short", file, detail=str(error)) from error
    if any(info.flag_bits & 1 for info in parts):
        raise refusal("encrypted", file)
    if len({info.filename for info in parts}) < len(parts):
        raise refusal("cut_short", file, detail="two parts of one name")
    expanded = sum(info.file_size for info in parts)
    # Parts may lie one in another: packed they are never larger than the file.
    check_expansion(file, min(packed, sum(info.compress_size for info in parts)), expanded, settings)
    # The largest first: then both threads end at about the same time. Unpacking frees the interpreter's lock.
    parts.sort(key=lambda info: -info.file_size)
    with ThreadPoolExecutor(2) as pool:
        cells = pool.map(lambda info: _check_part(data, info, file, settings), parts)
        return Extent(max(cells, default=0), expanded)


def _check_part(data: Path | bytes, info: zipfile.ZipInfo, file: str, settings: Settings) -> int:
    """The cells of a sheet's rectangle; 0 where the part is no sheet."""
    pieces = _of_size(_unpacked(data, info, file), info, file)
    if _is_sheet(info):
        reach = _Reach()
        reach.follow_all(pieces)
        return _check_reach(reach, data, info, file, settings)
    deque(pieces, maxlen=0)
    return 0


def _is_sheet(info: zipfile.ZipInfo) -> bool:
    return "worksheets/" in info.filename and "/_rels/" not in info.filename


def _of_size(pieces: Iterable[bytes], info: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    """The same pieces. Their size must be what the archive says: the limits were checked by its word."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > info.file_size:
            break
        yield piece
    if size != info.file_size:
        raise refusal("cut_short", file, detail=f"{info.filename}: {size} bytes, not {info.file_size}")


def _check_reach(reach: _Reach, data: Path | bytes, info: zipfile.ZipInfo, file: str, settings: Settings) -> int:
    if reach.cells() > settings.max_sheet_cells:
        reach = _Reach(exact=True)
        reach.follow_all(_unpacked(data, info, file))
    if reach.cells() > settings.max_sheet_cells:
        raise refusal(
            "wide_sheet",
            file,
            at_row=reach.row,
            sheet=Path(info.filename).stem,
            row=reach.row,
            column=reach.column,
            count=reach.cells(),
            setting="PINGJIANG_MAX_SHEET_CELLS",
        )
    return reach.cells()


def _opened(data: Path | bytes) -> BinaryIO:
    return io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")


def _unpacked(data: Path | bytes, info: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    """A part's bytes in pieces, without the checksum: the reader computes that one anyway."""
    try:
        with _opened(data) as stream:
            stream.seek(info.header_offset)
            name_length, extra_length = struct.unpack("<26xHH", stream.read(30))
            stream.seek(name_length + extra_length, io.SEEK_CUR)
            if info.compress_type == zipfile.ZIP_DEFLATED:
                yield from inflated(stream, info.compress_size)
            elif info.compress_type == zipfile.ZIP_STORED:
                yield stream.read(info.compress_size)
            else:
                raise EOFError(f"compression method {info.compress_type}")
    except (*ERRORS, struct.error, ValueError) as error:  # ValueError: a place before the beginning
        raise refusal("cut_short", file, detail=f"{info.filename}: {error}") from error


def _column_number(letters: bytes) -> int:
    """'A' is 1, 'XFD' is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
