"""The door: a path becomes raw tables and documents, or a refusal that says what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pingjiang.config import Settings
from pingjiang.files.archives import members, read_archive
from pingjiang.files.delimited import open_delimited
from pingjiang.files.documents import BadDocument, RawDocument, RawDocuments
from pingjiang.files.encodings import encoding_of, wide_encoding
from pingjiang.files.kinds import Kind, kind_of, zip_content
from pingjiang.files.refusals import refusal
from pingjiang.files.source import Source, file_source, gzip_source, in_memory
from pingjiang.files.table import KnownHeaders, RawTable
from pingjiang.files.tagged import open_tagged
from pingjiang.files.workbook import open_workbook


@dataclass(frozen=True)
class KnownNames:
    """What the formats know, by which the content of a file is found.

    headers    how many cells of a row are known names of columns; it serves to find the header
    elements   local names of the elements of XML that are documents
    lists      paths of the lists of JSON that hold documents: "response.docs"
    """

    headers: KnownHeaders
    elements: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


def open_file(path: Path, *, known: KnownNames, settings: Settings | None = None) -> list[RawTable | RawDocuments]:
    """All tables of a file that have rows, and all its parts that hold documents; at least one.

    Raises InputRefused (FileDamaged where the bytes are empty, cut short, encrypted, beyond the limits or of
    another kind) with file, row where known, and remedy. The content decides what a file is, not its name.
    """
    source = file_source(path, settings or Settings.from_environment())
    kind = kind_of(source.head(), source.name)
    if kind is Kind.GZIP:
        found = _content(gzip_source(source, path), known, inside=True)
    elif kind is Kind.ZIP:
        found = _zip_content(source, path, known)
    else:
        found = _content(source, known, inside=False)
    if not found:
        raise refusal("no_rows", source.name)
    return found


def _zip_content(source: Source, path: Path, known: KnownNames) -> list[RawTable | RawDocuments]:
    archive = read_archive(source)
    if zip_content(archive.names, source.name):
        return [*open_workbook(source, known.headers, packed=True)]
    inside = members(source, path, archive)
    if not inside:
        raise refusal("no_table", source.name)
    return [part for member in inside for part in _content(member, known, inside=True)]


def _content(source: Source, known: KnownNames, *, inside: bool) -> list[RawTable | RawDocuments]:
    """What a plain file holds, or one `inside` an archive: there no further archive is opened."""
    kind = kind_of(source.head(), source.name)
    if kind is Kind.XLS:
        return [*open_workbook(source, known.headers, packed=False)]
    if kind is Kind.ZIP and inside:
        held = in_memory(source)
        if zip_content(read_archive(held).names, source.name):
            return [*open_workbook(held, known.headers, packed=True)]
    if kind in (Kind.ZIP, Kind.GZIP):
        raise refusal("nested", source.name)
    if kind in _DOCUMENTS:
        return [_documents(source, kind, known)]
    encoding = encoding_of(source)
    table = open_tagged(source, encoding) if kind is Kind.TAGGED else open_delimited(source, encoding, known.headers)
    return [] if table is None else [table]


_DOCUMENTS = (Kind.XML, Kind.JSON, Kind.GREEN_BOOK)


def _documents(source: Source, kind: Kind, known: KnownNames) -> RawDocuments:
    """The documents of a file. FormatUnknown for XML that has none of the known elements."""
    # Here, not above: their libraries take time to load, and every reading of a workbook would wait for them.
    from pingjiang.files.green_book import read_green_book
    from pingjiang.files.json_records import read_json
    from pingjiang.files.xml import holds_one_of, read_xml, root_name

    recoded, encoding = _as_ascii_goes(source)
    if kind is Kind.XML and not holds_one_of(recoded, known.elements):
        raise refusal("unknown_xml", source.name, name=root_name(recoded.head()) or "?")

    def read() -> Iterator[RawDocument | BadDocument]:
        if kind is Kind.XML:
            return read_xml(recoded, known.elements, encoding)
        return read_json(recoded, known.lists) if kind is Kind.JSON else read_green_book(source)

    first = next((document for document in read() if isinstance(document, RawDocument)), None)
    return RawDocuments(source.name, first, read)


def _as_ascii_goes(source: Source) -> tuple[Source, str | None]:
    """The source with its markup in ASCII: UTF-16 and the like become UTF-8, and then that is the encoding."""
    encoding = wide_encoding(source)
    if encoding is None:
        return source, None
    return replace(source, open=lambda: encoding.open_utf8(source), path=None), "utf-8"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
