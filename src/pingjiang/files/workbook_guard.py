"""What is checked of an .xlsx before it is read: the reader itself trusts the file.

Two things would take the process down. A sheet with one stray cell at its far corner: the reader keeps the
whole rectangle in memory. And packed data that grow without end. So all of it is unpacked once, without
being kept, and the reach of each sheet is noted. Parts are looked at side by side: unpacking frees the lock.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pingjiang.config import Settings
from pingjiang.files.inflate import ERRORS, inflated
from pingjiang.files.refusals import refusal
from pingjiang.files.source import check_expansion

_PIECE = 2**18
_TAIL = 64
_ROW = re.compile(rb"row [^>]{0,200}?\br=[\"'](\d{1,7})")
_CELL = re.compile(rb" r=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
# Cells from column DY (the 129th) on. A sheet to the left of it is never too large at the usual limit.
_FAR = re.compile(rb" r=[\"'](?:[A-Z]{3}|[E-Z][A-Z]|D[YZ])\d")
_NEAR_COLUMNS = 128


@dataclass
class _Reach:
    """How far the cells of a sheet go. `column` is exact beyond `_NEAR_COLUMNS`, or where `exact`."""

    exact: bool = False
    row: int = 0
    column: int = 0

    def follow(self, piece: bytes) -> None:
        """Note the cells in a piece of the sheet's XML."""
        start = piece.rfind(b"row ")
        match = _ROW.match(piece, start) if start >= 0 else None
        self.row = max(self.row, int(match[1]) if match else 0)
        # Rows ascend, so the last one says it all, unless a cell names a row of its own with more digits.
        deeper = re.compile(rb" r=[\"'][A-Z]{1,3}\d{%d}" % (len(str(self.row)) + 1))
        if self.exact or _FAR.search(piece) or deeper.search(piece):
            cells = set(_CELL.findall(piece))
            self.row = max(self.row, max((int(row) for _, row in cells), default=0))
            columns = {column for column, _ in cells}
            self.column = max(self.column, max(map(_column_number, columns), default=0))

    def cells(self) -> int:
        """Cells of the rectangle, or the most that they can be."""
        return self.row * (self.column if self.exact else max(self.column, _NEAR_COLUMNS))


def check_workbook(data: Path | bytes, file: str, settings: Settings) -> None:
    """Refuse an .xlsx that is cut short, encrypted, grows beyond the limits, or has a sheet of absurd reach."""
    try:
        with _opened(data) as stream, zipfile.ZipFile(stream) as archive:
            parts = [info for info in archive.infolist() if info.file_size or info.compress_size]
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise refusal("cut_short", file, detail=str(error)) from error
    if any(info.flag_bits & 1 for info in parts):
        raise refusal("encrypted", file)
    packed = sum(info.compress_size for info in parts)
    check_expansion(file, packed, sum(info.file_size for info in parts), settings)
    # The largest first: then both threads end at about the same time.
    parts.sort(key=lambda info: -info.file_size)
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda info: _check_part(data, info, file, settings), parts):
            pass


def _opened(data: Path | bytes) -> BinaryIO:
    return io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")


def _check_part(data: Path | bytes, info: zipfile.ZipInfo, file: str, settings: Settings) -> None:
    """Unpack one part. Its size must be what the archive says: then the sum checked before is the truth."""
    reach = _reach(data, info, file, exact=False)
    if reach.cells() > settings.max_sheet_cells:
        reach = _reach(data, info, file, exact=True)
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


def _reach(data: Path | bytes, info: zipfile.ZipInfo, file: str, *, exact: bool) -> _Reach:
    """The reach of a part (0 where it is no sheet). Refuses it where it is not as the archive says."""
    is_sheet = "worksheets/" in info.filename and "/_rels/" not in info.filename
    reach, size, tail = _Reach(exact), 0, b""
    try:
        for piece in _unpacked(data, info):
            size += len(piece)
            if size > info.file_size:
                break
            if is_sheet:
                seen = tail + piece
                reach.follow(seen)
                tail = seen[-_TAIL:]
    except (*ERRORS, struct.error) as error:
        raise refusal("cut_short", file, detail=f"{info.filename}: {error}") from error
    if size != info.file_size:
        raise refusal("cut_short", file, detail=f"{info.filename}: {size} ≠ {info.file_size}")
    return reach


def _unpacked(data: Path | bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part's bytes in pieces, without the checksum: the reader computes that one anyway."""
    with _opened(data) as stream:
        stream.seek(info.header_offset)
        name_length, extra_length = struct.unpack("<26xHH", stream.read(30))
        stream.seek(name_length + extra_length, io.SEEK_CUR)
        if info.compress_type == zipfile.ZIP_DEFLATED:
            yield from inflated(stream, info.compress_size)
            return
        if info.compress_type != zipfile.ZIP_STORED:
            raise EOFError(f"compression method {info.compress_type}")
        left = info.compress_size
        while left > 0 and (piece := stream.read(min(left, _PIECE))):
            left -= len(piece)
            yield piece


def _column_number(letters: bytes) -> int:
    """'A' is 1, 'XFD' is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
