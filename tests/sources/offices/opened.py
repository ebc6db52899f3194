"""What the tests of readers share: the documents of a file or of a made-up text, and what is read in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pingjiang.files import RawDocument, RawDocuments, open_file
from pingjiang.sources.formats import known_names, recognise_documents
from pingjiang.sources.said import Said


def read_file(path: Path) -> tuple[str, list[Said]]:
    """The name of a file's format, and what it reads in all its documents."""
    [raw] = open_file(path, known=known_names())
    assert isinstance(raw, RawDocuments)
    spec = recognise_documents(raw)
    assert spec.documents is not None
    said: list[Said] = []
    for document in raw:
        assert isinstance(document, RawDocument), document
        said += spec.documents.read(document)
    return spec.name, said


def read_text(folder: Path, text: str) -> list[Said]:
    """What the format of a made-up document reads in it."""
    path = folder / "made"
    path.write_text(text, encoding="utf-8")
    return read_file(path)[1]


def read_lines(folder: Path, records: list[Any]) -> list[Said]:
    """The same for records of JSON, one a line."""
    return read_text(folder, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
