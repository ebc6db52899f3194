"""What the room gives for files of whole documents: one after the other, with the place where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

CUT_SHORT = "document_cut_short"
ILL_FORMED = "document_ill_formed"
TOO_LARGE = "document_too_large"
_SHOWN_CHARS = 500


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document.

    row_number   its place in the file, from 1
    offset       the byte at which it begins (of the unpacked file)
    name         the local name of its element; of JSON the path of the list that holds it ("patentBag"), "" for none
    content      an Element of lxml without entities resolved; a dict of JSON; of Green Book text a list of
                 (tag, value), sections as tags with value ""
    """

    row_number: int
    offset: int
    name: str
    content: Any


@dataclass(frozen=True, slots=True)
class BadDocument:
    """A document that cannot be read: where it stands, why, and how it begins."""

    row_number: int
    offset: int
    line: int
    reason: str
    detail: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands and what is wrong, for people."""
        return f"byte {self.offset}, line {self.line}: {self.detail}"


def shown(data: bytes) -> str:
    """The beginning of a document, fit to store."""
    text = data[: 4 * _SHOWN_CHARS].decode("utf-8", errors="replace")[:_SHOWN_CHARS]
    return " ".join(text.replace("\0", "\ufffd").split())


@dataclass(frozen=True)
class RawDocuments:
    """The documents of one file, which is read again at each call of `batches`.

    file    the name that people know; 'a.zip/b.xml' for a member of an archive
    first   the first document that could be read, None where none could
    """

    file: str
    first: RawDocument | None
    read: Callable[[], Iterator[RawDocument | BadDocument]] = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[RawDocument | BadDocument]:
        """All documents in order. Memory is bounded by the largest one. InputRefused as for tables."""
        yield from self.read()
