"""The opponent of reading office documents: lxml's bare parse of a weekly file, nothing done with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

_BLOCK = 4 * 2**20
_START = re.compile(rb"<\?xml ")


def read(path: Path) -> int:
    """Parse each document of a file that holds one behind the other. Returns how many there are."""
    return sum(1 for data in _documents(path) if etree.fromstring(data) is not None)


def _documents(path: Path) -> Iterator[bytes]:
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            *whole, rest = _cut(rest + block)
            yield from whole
    yield rest


def _cut(data: bytes) -> list[bytes]:
    places = [found.start() for found in _START.finditer(data)]
    return [data[a:b] for a, b in zip(places, [*places[1:], len(data)], strict=True)] or [data]
