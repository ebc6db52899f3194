"""A file to read from, wherever it lies: on disk, in a .gz, in a .zip. Unpacking is metered."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from pingjiang.config import Settings
from pingjiang.errors import InputRefused
from pingjiang.files.inflate import ERRORS, ZIP_ERRORS
from pingjiang.files.inflate import open_gzip as unpack
from pingjiang.files.refusals import refusal

# Below this an archive may grow as it likes: small files of few characters pack extremely well.
_ALWAYS_ALLOWED = 64 * 2**20
_HEAD = 64 * 1024
_MOST_AT_ONCE = 2**30
_PIECE = 2**22


@dataclass(frozen=True)
class Source:
    """Bytes with a name. `open` gives a new stream from the start, `path` is set for a plain file on disk.

    Streams raise InputRefused where the packed data are cut short, damaged or beyond the limits.
    """

    name: str
    open: Callable[[], BinaryIO]
    settings: Settings
    path: Path | None = None

    def head(self, size: int = _HEAD) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(size)

    def read_all(self) -> bytes:
        """All bytes, in memory. Refuses more than a workbook ever has."""
        data = bytearray()
        with self.open() as stream:
            # All at once, a stream takes memory for the most that there may be.
            while piece := stream.read(_PIECE):
                data += piece
                if len(data) > _MOST_AT_ONCE:
                    raise refusal("large_workbook", self.name, limit=_MOST_AT_ONCE)
        return bytes(data)


def file_source(path: Path, settings: Settings) -> Source:
    """A file on disk. InputRefused where it is missing, no file, or not to be read."""
    if not path.exists():
        raise refusal("missing", path.name)
    if not path.is_file():
        raise refusal("not_a_file", path.name)

    def open_file() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise refusal("unreadable", path.name, detail=error.strerror) from error

    return Source(path.name, open_file, settings, path)


def gzip_source(packed: Source, path: Path) -> Source:
    """What the .gz at `path` holds, under the name of the .gz."""

    def open_gzip() -> BinaryIO:
        with ExitStack() as stack:
            zipped = stack.enter_context(packed.open())
            stream = stack.enter_context(unpack(zipped))
            return _metered(stream, packed.name, path.stat().st_size, packed.settings, stack.pop_all())

    return Source(packed.name, open_gzip, packed.settings)


def member_source(archive: Source, path: Path, info: zipfile.ZipInfo, name: str) -> Source:
    """A member of a .zip, under the name 'archive.zip/member'."""
    label = f"{archive.name}/{name}"

    def open_member() -> BinaryIO:
        with ExitStack() as stack:
            try:
                zipped = stack.enter_context(zipfile.ZipFile(path))
                stream = stack.enter_context(zipped.open(info))
            except ZIP_ERRORS as error:
                raise refusal("cut_short", label, detail=str(error)) from error
            return _metered(cast(BinaryIO, stream), label, info.compress_size, archive.settings, stack.pop_all())

    return Source(label, open_member, archive.settings)


def in_memory(source: Source) -> Source:
    """The same bytes, unpacked once and kept."""
    data = source.read_all()
    return Source(source.name, lambda: io.BytesIO(data), source.settings)


def check_expansion(file: str, packed: int, expanded: int, settings: Settings) -> None:
    """Refuse what has grown beyond the limits on unpacking."""
    if expanded > settings.max_expanded_bytes:
        limit = settings.max_expanded_bytes
        raise refusal("expands", file, limit=limit, setting="PINGJIANG_MAX_EXPANDED_BYTES")
    if expanded > _ALWAYS_ALLOWED and expanded > packed * settings.max_expansion_ratio:
        limit = settings.max_expansion_ratio
        raise refusal("expands_much", file, limit=limit, setting="PINGJIANG_MAX_EXPANSION_RATIO")


def _metered(stream: BinaryIO, name: str, packed: int, settings: Settings, opened: ExitStack) -> BinaryIO:
    return io.BufferedReader(_Metered(stream, name, packed, settings, opened), 256 * 1024)


class _Metered(io.RawIOBase):
    """An unpacking stream that counts what it gives, and names the file where the data are broken."""

    def __init__(self, stream: BinaryIO, name: str, packed: int, settings: Settings, opened: ExitStack) -> None:
        self._stream = stream
        self._opened = opened
        self._name = name
        self._packed = packed
        self._settings = settings
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except InputRefused:
            raise
        except (*ERRORS, zipfile.BadZipFile) as error:
            raise refusal("cut_short", self._name, detail=str(error)) from error
        self._given += len(data)
        check_expansion(self._name, self._packed, self._given, self._settings)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._opened.close()
        super().close()
