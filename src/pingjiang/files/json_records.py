"""JSON: one record a line, or one document whose records stand in a list somewhere inside."""

from __future__ import annotations

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
            for prefix, event, _ in ijson.parse(stream, use_float=True):
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
            for row_number, value in enumerate(ijson.items(stream, prefix, use_float=True), start=1):
                if isinstance(value, dict):
                    yield RawDocument(row_number, 0, path, value)
                else:
                    # A list may go too deep to be shown.
                    text = "[…]" if isinstance(value, list) else str(value)[:200]
                    yield BadDocument(row_number, 0, 0, ILL_FORMED, "no object", text)
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            raise refusal("cut_short", source.name, detail=str(error)[:200]) from error


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
