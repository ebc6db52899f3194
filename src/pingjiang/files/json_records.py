"""JSON: one record a line, or one document whose records stand in a list somewhere inside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

import ijson
import orjson

from pingjiang.errors import FileDamaged
from pingjiang.files.documents import CUT_SHORT, ILL_FORMED, TOO_LARGE, BadDocument, RawDocument, shown
from pingjiang.files.refusals import refusal
from pingjiang.files.source import Source

_BLOCK = 2**20
_BLANK = b" \t\r\n\xef\xbb\xbf"
_DEEPEST = 512  # lists and objects in one another; files of offices have a dozen
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
# A text, and the rest of one that began in an earlier block; group 1 where the block ends before the text does.
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|(\\?\Z))', re.DOTALL)
_REST_OF_TEXT = re.compile(rb'(?:[^"\\]++|\\.)*+(?:"|(\\?\Z))', re.DOTALL)


def read_json(source: Source, lists: Collection[str]) -> Iterator[RawDocument | BadDocument]:
    """The records of a file; UTF-8.

    lists: paths of the lists that hold records, as "response.docs". Where the first line is whole and holds none of
    them each line is a record; else the first list found is read, or a list that is the whole document, or the
    document is the one record. A line that is no JSON is a BadDocument, the first one too where the second is whole;
    a document that breaks off is refused.
    """
    limit = source.settings.max_document_bytes
    with source.open() as stream:
        first = stream.readline(limit + 1)
    whole = _parsed(first)
    if isinstance(whole, dict) and not any(_at(whole, path) is not None for path in lists):
        yield from _lines(source, limit)
        return
    try:
        path = _list_of(source, lists)
    except FileDamaged:
        if not first.lstrip(_BLANK).startswith(b"{") or not _second_is_whole(source, limit):
            raise
        yield from _lines(source, limit)
        return
    if path is None:
        yield from _one(source, limit)
        return
    yield from _items(source, path)


def _parsed(line: bytes) -> Any:
    """The value of a line; None where it is none."""
    try:
        return orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None


def _second_is_whole(source: Source, limit: int) -> bool:
    """Whether the line behind the first is a record of its own: no line inside one document is."""
    with source.open() as stream:
        lines = (line for line, _ in _bounded_lines(stream, limit) if line.strip(_BLANK))
        next(lines, None)
        return bool(isinstance(second := _parsed(next(lines, b"")), dict) and second)


def _at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _lines(source: Source, limit: int) -> Iterator[RawDocument | BadDocument]:
    with source.open() as stream:
        offset, row_number = 0, 0
        for number, (line, size) in enumerate(_bounded_lines(stream, limit), start=1):
            if line.strip(_BLANK):
                row_number += 1
                yield _line(line, row_number, offset, number, limit)
            offset += size


def _bounded_lines(stream: BinaryIO, limit: int) -> Iterator[tuple[bytes, int]]:
    """Lines and how long they are; of one beyond the limit its beginning, and the rest of it is passed over."""
    while line := stream.readline(limit + 1):
        rest, size = line, len(line)
        while len(rest) > 0 and not rest.endswith(b"\n") and len(line) > limit:
            rest = stream.readline(_BLOCK)
            size += len(rest)
        yield line, size


def _line(line: bytes, row_number: int, offset: int, number: int, limit: int) -> RawDocument | BadDocument:
    if len(line) > limit:
        return BadDocument(row_number, offset, number, TOO_LARGE, f"> {limit} bytes", shown(line))
    try:
        value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return BadDocument(row_number, offset, number, ILL_FORMED, str(error), shown(line))
    if not isinstance(value, dict):
        return BadDocument(row_number, offset, number, ILL_FORMED, "no object", shown(line))
    return RawDocument(row_number, offset, "", value)


def _list_of(source: Source, lists: Collection[str]) -> str | None:
    """The path of the list that holds the records, in the words of ijson: the first known one in the file."""
    wanted = set(lists)
    with source.open() as stream:
        try:
            bounded = _Bounded(stream, source)
            for prefix, event, _ in ijson.parse(bounded, use_float=True):
                bounded.begin()
                if event == "start_array" and (prefix in wanted or not prefix):
                    return str(prefix)
        except ijson.JSONError as error:
            raise refusal("cut_short", source.name, detail=str(error)[:200]) from error
        except (UnicodeDecodeError, ValueError) as error:
            raise refusal("cut_short", source.name, detail=str(error)[:200]) from error
    return None


def _items(source: Source, path: str) -> Iterator[RawDocument | BadDocument]:
    prefix = f"{path}.item" if path else "item"
    with source.open() as stream:
        try:
            bounded = _Bounded(stream, source)
            for row_number, value in enumerate(ijson.items(bounded, prefix, use_float=True), start=1):
                bounded.begin()
                if isinstance(value, dict):
                    yield RawDocument(row_number, 0, path, value)
                else:
                    # A list may go too deep to be shown.
                    text = "[…]" if isinstance(value, list) else str(value)[:200]
                    yield BadDocument(row_number, 0, 0, ILL_FORMED, "no object", text)
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            raise refusal("cut_short", source.name, detail=str(error)[:200]) from error


class _Bounded:
    """A stream for a parser that has no limits itself: refuses what goes too deep, and records that are too large."""

    def __init__(self, stream: BinaryIO, source: Source) -> None:
        self._stream = stream
        self._file = source.name
        self._limit = source.settings.max_document_bytes
        self._given = 0
        self._depth = 0
        self._in_text = False
        self._escaped = False  # the block before ended with a backslash that belongs to the next character

    def begin(self) -> None:
        """Another record begins."""
        self._given = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        if self._given > self._limit:
            raise refusal("large_document", self._file, limit=self._limit, setting="PINGJIANG_MAX_DOCUMENT_BYTES")
        block = self._stream.read(size)
        self._given += len(block)
        self._follow(block)
        return block

    def _follow(self, block: bytes) -> None:
        """Keep the depth at which the stream stands; brackets in texts do not count."""
        if self._escaped and block:
            block, self._escaped = block[1:], False
        if self._in_text:
            rest = _REST_OF_TEXT.match(block)
            assert rest is not None
            self._in_text, self._escaped = rest[1] is not None, self._escaped or rest[1] == b"\\"
            block = block[rest.end() :]
        if self._in_text:
            return
        parts = _TEXT.split(block)
        unended = parts[-2] if len(parts) > 1 else None
        self._in_text, self._escaped = unended is not None, unended == b"\\"
        brackets = b"".join(parts[::2]).translate(None, _NO_BRACKETS)
        for at in range(0, len(brackets), 256):
            some = brackets[at : at + 256]
            self._depth += some.count(b"[") + some.count(b"{") - some.count(b"]") - some.count(b"}")
            if self._depth > _DEEPEST:
                raise refusal("deep", self._file, limit=_DEEPEST)


def _one(source: Source, limit: int) -> Iterator[RawDocument | BadDocument]:
    with source.open() as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        yield BadDocument(1, 0, 1, TOO_LARGE, f"> {limit} bytes", shown(data))
        return
    value = _parsed(data)
    if isinstance(value, dict):
        yield RawDocument(1, 0, "", value)
    else:
        yield BadDocument(1, 0, 1, CUT_SHORT, "no object", shown(data))
