"""The door: a path becomes raw tables, or a refusal that says what to do."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pingjiang.config import Settings
from pingjiang.files.archives import members, read_archive
from pingjiang.files.delimited import open_delimited
from pingjiang.files.encodings import encoding_of
from pingjiang.files.kinds import Kind, kind_of, zip_content
from pingjiang.files.refusals import refusal
from pingjiang.files.source import Source, file_source, gzip_source, in_memory
from pingjiang.files.table import KnownHeaders, RawTable
from pingjiang.files.tagged import open_tagged
from pingjiang.files.workbook import open_workbook


def open_tables(path: Path, *, known_headers: KnownHeaders, settings: Settings | None = None) -> list[RawTable]:
    """All tables of a file that have rows, at least one.

    `known_headers` tells how many cells of a row are known names of columns; it serves to find the header.
    Raises InputRefused (FileDamaged where the bytes are empty, cut short, encrypted, beyond the limits or of
    another kind) with file, row where known, and remedy. The content decides what a file is, not its name.
    """
    source = file_source(path, settings or Settings.from_environment())
    kind = kind_of(source.head(), source.name)
    if kind is Kind.GZIP:
        tables = _tables(gzip_source(source, path), known_headers, inside=True)
    elif kind is Kind.ZIP:
        tables = _zip_tables(source, path, known_headers)
    else:
        tables = _tables(source, known_headers, inside=False)
    if not tables:
        raise refusal("no_rows", source.name)
    return tables


def _zip_tables(source: Source, path: Path, known: KnownHeaders) -> list[RawTable]:
    archive = read_archive(source)
    if zip_content(archive.names, source.name):
        return open_workbook(source, known, packed=True)
    inside = members(source, path, archive)
    if not inside:
        raise refusal("no_table", source.name)
    return [table for member in inside for table in _tables(member, known, inside=True)]


def _tables(source: Source, known: KnownHeaders, *, inside: bool) -> list[RawTable]:
    """The tables of a plain file, or of one `inside` an archive: there no further archive is opened."""
    kind = kind_of(source.head(), source.name)
    if kind is Kind.XLS:
        return open_workbook(source, known, packed=False)
    if kind is Kind.ZIP and inside:
        held = in_memory(source)
        if zip_content(read_archive(held).names, source.name):
            return open_workbook(held, known, packed=True)
    if kind in (Kind.ZIP, Kind.GZIP):
        raise refusal("nested", source.name)
    encoding = encoding_of(source)
    table = open_tagged(source, encoding) if kind is Kind.TAGGED else open_delimited(source, encoding, known)
    return [] if table is None else [table]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
