"""XML of offices: files of one document, of many one behind the other, or of many in one root.

The file is cut into documents by their tags, byte by byte, and each is parsed alone: one that is ill-formed costs
itself only, and memory holds no more than one. Entities are never resolved, nothing is loaded, and a declaration
inside the file (<!DOCTYPE … [ … ]>) is not even read: there is nothing for a bomb to explode in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO, TypeAlias

from lxml import etree

from pingjiang.files.documents import CUT_SHORT, ILL_FORMED, TOO_LARGE, BadDocument, RawDocument, shown
from pingjiang.files.source import Source

Element: TypeAlias = Any  # lxml's _Element: it has no types of its own

_BLOCK = 4 * 2**20
_HEAD = 2**20
_XMLNS = re.compile(rb"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_START_TAG = re.compile(rb"<[\w:.-]+(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*+\"|'[^'<]*+'))*+\s*/?>")
_LONGEST_TAG = 2**16
_MOST_NAMESPACES = 256  # of one tag: with their number the parser's time grows by its square
_AFTER_OPENING, _AFTER_CLOSING = b" >\n\t\r/", b" >\n\t\r"
_ENTITY = re.compile(r"&\w+;")


def start_of(names: Collection[str]) -> re.Pattern[bytes]:
    """A start tag of one of these local names; group 1 is the name with its prefix."""
    any_of = b"|".join(re.escape(name.encode()) for name in sorted(names, key=len, reverse=True))
    return re.compile(rb"<((?:[\w.-]+:)?(?:" + any_of + rb"))(?=[\s>/])")


def root_name(head: bytes) -> str | None:
    """The local name of the first element in the first bytes of a file."""
    found = re.search(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s>/])", head)
    return found[1].decode() if found else None


def holds_one_of(source: Source, names: Collection[str]) -> bool:
    """Whether a file has an element of one of these local names, wherever it begins."""
    start, rest = start_of(names), b""
    with source.open() as stream:
        while block := stream.read(_BLOCK):
            if start.search(rest + block):
                return True
            rest = (rest + block)[-256:]
    return False


@dataclass(frozen=True)
class _Piece:
    """The bytes of one document, or of the beginning of one that has no end."""

    offset: int
    line: int
    name: bytes
    data: bytes
    reason: str | None = None


class _Cutter:
    """Cuts a stream into pieces. One document at most is kept, up to `limit` bytes."""

    def __init__(self, stream: BinaryIO, names: Collection[str], limit: int) -> None:
        self._stream = stream
        self._start = start_of(names)
        self._limit = limit
        self._buffer = b""
        self._at = 0  # what lies before this place of the buffer is done with
        self._offset = 0  # of that place in the file
        self._line = 1  # of that place
        self._ended = False

    def __iter__(self) -> Iterator[_Piece]:
        while self._to_next_start():
            name = self._start.match(self._buffer, self._at)
            assert name is not None
            yield self._piece(name[1])

    def _more(self) -> bool:
        """Read another block. False at the end of the file."""
        block = b"" if self._ended else self._stream.read(_BLOCK)
        self._ended = not block
        self._buffer = self._buffer[self._at :] + block
        self._at = 0
        return bool(block)

    def _pass(self, to: int) -> None:
        """Be done with the buffer up to a place."""
        self._line += self._buffer.count(b"\n", self._at, to)
        self._offset += to - self._at
        self._at = to

    def _to_next_start(self) -> bool:
        """Move to the next start tag. What lies between documents is markup of no interest."""
        while True:
            found = self._start.search(self._buffer, self._at)
            if found:
                self._pass(found.start())
                return True
            # A tag may be cut in two by the block's end.
            self._pass(max(self._at, len(self._buffer) - 256))
            if not self._more():
                return False

    def _piece(self, name: bytes) -> _Piece:
        """The document that begins here; the cutter stands behind it then."""
        closing, opening = b"</" + name, b"<" + name
        scanned = self._start_tag_length(len(opening))  # from here on, as all places below
        if self._buffer[self._at + scanned - 2 : self._at + scanned] == b"/>":
            return self._take(name, scanned)
        while True:
            again = self._find_tag(opening, scanned, _AFTER_OPENING)
            end = self._find_tag(closing, scanned, _AFTER_CLOSING, again)
            if end >= 0 and (close := self._buffer.find(b">", self._at + end)) >= 0:
                return self._take(name, close + 1 - self._at)
            if again >= 0 and end < 0:
                return self._take(name, again, CUT_SHORT)
            held = len(self._buffer) - self._at
            if held > self._limit:
                return self._take(name, held, TOO_LARGE)
            if end < 0:  # a tag may be cut in two by the buffer's end
                scanned = max(scanned, held - len(closing) - 1)
            if not self._more():
                return self._take(name, held, CUT_SHORT)

    def _start_tag_length(self, least: int) -> int:
        """The length of the document's start tag; that of its name where it is no well-formed one."""
        while True:
            if found := _START_TAG.match(self._buffer, self._at):
                return found.end() - found.start()
            if len(self._buffer) - self._at > _LONGEST_TAG or not self._more():
                return least

    def _find_tag(self, tag: bytes, start: int, after: bytes, limit: int = -1) -> int:
        """Where a tag stands, before `limit`: its name, and behind it one of `after`; -1 where it does not."""
        place, last = self._at + start, None if limit < 0 else self._at + limit
        while (found := self._buffer.find(tag, place, last)) >= 0:
            behind = self._buffer[found + len(tag) : found + len(tag) + 1]
            if behind and behind in after:
                return found - self._at
            place = found + 1
        return -1

    def _take(self, name: bytes, length: int, reason: str | None = None) -> _Piece:
        piece = _Piece(self._offset, self._line, name, self._buffer[self._at : self._at + length], reason)
        self._pass(self._at + length)
        return piece


def read_xml(source: Source, names: Collection[str], encoding: str | None) -> Iterator[RawDocument | BadDocument]:
    """The documents of a file that are called by one of these local names.

    encoding: of the stream where it is known to be another than the file declares.
    """
    with source.open() as stream:
        head = stream.read(_HEAD)
    first = start_of(names).search(head)
    before = head[: first.start()] if first else head
    declared = _ENCODING.search(before)
    own = encoding or (declared[1].decode() if declared else "utf-8")
    wrapper = b"<w" + b"".join(_namespaces(before)) + b">"
    with source.open() as stream:
        pieces = _Cutter(stream, names, source.settings.max_document_bytes)
        for row_number, piece in enumerate(pieces, start=1):
            yield _parse(piece, row_number, wrapper, own)


def _namespaces(before: bytes) -> list[bytes]:
    """The declarations of namespaces around the documents, the innermost of a prefix."""
    found: dict[bytes, bytes] = {}
    for declaration in _XMLNS.findall(before):
        prefix = declaration.partition(b"=")[0].strip()
        found[prefix] = declaration
    return list(found.values())[-_MOST_NAMESPACES:]


def _parse(piece: _Piece, row_number: int, wrapper: bytes, encoding: str) -> RawDocument | BadDocument:
    def bad(reason: str, detail: str) -> BadDocument:
        return BadDocument(row_number, piece.offset, piece.line, reason, detail, shown(piece.data))

    if piece.reason is not None:
        return bad(piece.reason, f"<{piece.name.decode(errors='replace')}> {len(piece.data)} bytes")
    if (
        piece.data.count(b"xmlns") > _MOST_NAMESPACES
        and max(tag.count(b"xmlns") for tag in piece.data.split(b"<")) > _MOST_NAMESPACES
    ):
        return bad(ILL_FORMED, f"more than {_MOST_NAMESPACES} namespaces in one tag")
    try:
        # The declaration of a document type makes an unknown entity a thing that is kept, not an error.
        parser = etree.XMLParser(
            encoding=encoding, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
            remove_pis=True, collect_ids=False,
        )  # fmt: skip
        parser.feed(b'<!DOCTYPE w SYSTEM "w">')
        parser.feed(wrapper)
        parser.feed(piece.data)
        parser.feed(b"</w>")
        element = parser.close()[0]
        name = etree.QName(element).localname
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:  # ValueError: a prefix that nobody declares
        return bad(ILL_FORMED, str(error).replace("\n", " ")[:200])
    return RawDocument(row_number, piece.offset, name, element)


def text_of(element: Element | None) -> str | None:
    """All text in an element, white space single, without its tail; None where there is none.

    Entities that the document type would have declared (&mdash;) are those of HTML.
    """
    if element is None:
        return None
    if next(element.iter(etree.Entity), None) is None:
        text = element.xpath("string()")
    else:
        text = "".join(html.unescape(piece) if _ENTITY.fullmatch(piece) else piece for piece in element.itertext())
    return " ".join(text.split()) or None


def lines_of(element: Element | None, blocks: frozenset[str]) -> str | None:
    """The text of an element with a line for each of its blocks ("p", "heading", …); None where there is none."""
    if element is None:
        return None
    if next(element.iter(etree.Entity), None) is None:
        marked = bytes(_marked(blocks, element.tag.startswith("{"))(element))
    else:
        marked = "".join(_pieces(element, blocks)).encode()
    marked = _SPACES.sub(b" ", marked.translate(_ONE_LINE))
    return "\n".join(line for part in marked.decode().split(_MARK) if (line := part.strip())) or None


_MARK = "\x84"  # a control character that XML allows and no text of an office has
_SPACES = re.compile(rb"  +")
_ONE_LINE = bytes.maketrans(b"\n\t\r", b"   ")


@cache
def _marked(blocks: frozenset[str], namespaced: bool) -> Any:
    """A transformation that gives an element's text with a mark before and behind each block: ten times as fast as
    Python going from node to node."""
    names = "|".join(f"*[local-name()='{name}']" if namespaced else name for name in sorted(blocks))
    mark = f"<xsl:text>{_MARK}</xsl:text>"
    sheet = (
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:output method="text"/>'
        f'<xsl:template match="{names}">{mark}<xsl:apply-templates/>{mark}</xsl:template></xsl:stylesheet>'
    )
    return etree.XSLT(etree.XML(sheet), access_control=etree.XSLTAccessControl.DENY_ALL)


def _pieces(element: Element, blocks: Collection[str]) -> Iterator[str]:
    """The same for an element that holds entities."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        named = isinstance(node.tag, str)
        if named and node.tag.rpartition("}")[2] in blocks:
            yield _MARK
        if event == "start":
            yield (node.text or "") if named else _entity(node)
        elif node is not element:
            yield node.tail or ""


def _entity(node: Element) -> str:
    """The character of an entity; its name where nobody knows it. Other nodes that are no elements say nothing."""
    return html.unescape(node.text) if node.tag is etree.Entity else ""
