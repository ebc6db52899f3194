"""What a format spec says of documents: by which elements or lists they are known, and who reads them.

Keys of a spec, beside name, title, licence and attribution:

    documents
      elements    local names of XML elements that are documents of this format ("PATN": the Green Book's text)
      lists       paths of the lists of JSON that hold them: "queryResults.searchResponse.response.docs"
      signature   sets of keys; a JSON record that has all keys of one set is of this format
    reader        module of sources/offices whose `read` reads them
    table         the table that the rows are for, where it is not `record`
    refuse        {zh, en, remedy_zh, remedy_en}: known by name, and nothing to import
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

from pingjiang.errors import DefinitionError
from pingjiang.files import RawDocument
from pingjiang.sources.said import Reader

_KEYS = {"elements", "lists", "signature"}


@dataclass(frozen=True)
class Documents:
    """The part of a format spec that is about documents."""

    elements: frozenset[str]
    lists: frozenset[str]
    signature: tuple[frozenset[str], ...]
    reader: str | None
    table: str = "record"
    refuse: Mapping[str, str] | None = None

    @cached_property
    def read(self) -> Reader:
        """The reader's function. Where `table` is another than `record`, it gives rows of that table."""
        found: Reader = importlib.import_module(f"pingjiang.sources.offices.{self.reader}").read
        return found

    def fits(self, document: RawDocument) -> int:
        """How well a document fits, 0 for not at all: by its element, or by the keys of the largest set that it has."""
        if isinstance(document.content, dict):
            if document.name and document.name in self.lists and not self.signature:
                return 1
            keys = document.content.keys()
            return max((len(group) for group in self.signature if group <= keys), default=0)
        return int(document.name in self.elements)


def parse_documents(data: Mapping[str, Any], file: str) -> Documents | None:
    """The documents of a shipped spec; None for a spec of tables. DefinitionError names the key at fault."""
    told = data.get("documents")
    if told is None:
        return None
    if unknown := sorted(set(told) - _KEYS):
        raise DefinitionError(f"{file}: documents: unknown key {unknown[0]!r}")
    if ("reader" in data) == ("refuse" in data):
        raise DefinitionError(f"{file}: documents are either read (reader) or refused (refuse)")
    return Documents(
        frozenset(told.get("elements", ())),
        frozenset(told.get("lists", ())),
        tuple(frozenset(map(str, group)) for group in told.get("signature", ())),
        data.get("reader"),
        data.get("table", "record"),
        data.get("refuse"),
    )


def code_of(data: Mapping[str, Any]) -> str:
    """The source text of a spec's reader: a file read by another version of it is read anew."""
    if not data.get("reader"):
        return ""
    path = resources.files("pingjiang.sources.offices") / f"{data['reader']}.py"
    if not path.is_file():
        raise DefinitionError(f"sources/offices has no reader {data['reader']!r}")
    return path.read_text(encoding="utf-8")
