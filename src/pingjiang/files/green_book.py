"""The Green Book of the USPTO (1976–2001): lines of a four-letter tag and a value, one patent from PATN on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pingjiang.files.documents import TOO_LARGE, BadDocument, RawDocument, shown
from pingjiang.files.source import Source

_FIRST = "PATN"
_LINE = re.compile(r"([A-Z0-9]{3,4}) {0,2}(.*)")
_LONGEST_LINE = 2**16
NAME = "PATN"


def is_green_book(text: str) -> bool:
    """Whether a text begins as the Green Book does, maybe behind the header line of a weekly file."""
    return re.match(r"(?:HHHHHT[^\n]*\n|[^\n]{0,200}\n)?\s*PATN\s*\n\s*WKU ", text) is not None


def read_green_book(source: Source) -> Iterator[RawDocument | BadDocument]:
    """The patents of a file. `content` is a list of (tag, value) in order.

    A section (INVT, UREF …) is a tag with value "". A line without a tag goes on from the one
    before it, joined by a line break. Bytes are Latin-1.
    """
    row_number, size = 0, 0
    offset, line_number, start_line, start = 0, 0, 1, 0
    lines: list[str] = []
    with source.open() as stream:
        while raw := stream.readline(_LONGEST_LINE):
            line_number += 1
            line = raw.decode("latin-1").rstrip("\r\n")
            if line.rstrip() == _FIRST:
                if row_number:
                    yield _patent(source, row_number, start, start_line, lines, size)
                row_number, start, start_line, lines, size = row_number + 1, offset, line_number, [], 0
            offset += len(raw)
            size += len(raw)
            if row_number and size <= source.settings.max_document_bytes:
                lines.append(line)
    if row_number:
        yield _patent(source, row_number, start, start_line, lines, size)


def _patent(
    source: Source, row_number: int, offset: int, line: int, lines: list[str], size: int
) -> RawDocument | BadDocument:
    begins = shown("\n".join(lines[:20]).encode())
    if size > source.settings.max_document_bytes:
        return BadDocument(row_number, offset, line, TOO_LARGE, f"{size} bytes", begins)
    content: list[tuple[str, list[str]]] = []
    for text in lines:
        if not text.strip():
            continue
        found = None if text[0].isspace() else _LINE.match(text)
        if found:
            content.append((found[1], [found[2].strip()]))
        else:
            content[-1][1].append(text.strip())
    return RawDocument(row_number, offset, NAME, [(tag, "\n".join(values)) for tag, values in content])
