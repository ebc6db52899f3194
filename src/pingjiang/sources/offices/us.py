"""What the formats of the USPTO have in common: numbers, relations, numbers of claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pingjiang.files.xml import Element
from pingjiang.schema.codes import code_list
from pingjiang.sources.said import Relation

# Relations by which an application enjoys the date of another: such parents are priorities too.
_ENJOYED = frozenset(
    {"continuation", "continuation_in_part", "division", "provisional", "national_stage", "substitute", "reissue"}
)
_LAST_NUMBER = re.compile(r"(\d+)\D*$")


def us_number(document: Element | None, kind: str | None = None) -> str | None:
    """The number of an element with <doc-number>, of the US unless it is printed as international; with its kind."""
    number = (document.findtext("doc-number") or "").strip() if document is not None else ""
    if document is None or not number:
        return None
    own_kind = (document.findtext(kind) or "").strip() if kind else ""
    return number if number.startswith("PCT") else f"US{number}{own_kind}"


def relation_kind(tag: str) -> str:
    """The code of a relation by the word that a format has for it; its own word where nobody knows it."""
    word = tag.removesuffix("-of").removeprefix("us-")
    codes = code_list("relation")
    return codes.get(tag.lower()) or codes.get(word.lower()) or word.replace("-", "_").lower()


def enjoyed(relations: Iterable[Relation]) -> list[str]:
    """Parents whose date is enjoyed, as priorities: "US60123456 20010203"."""
    return [
        f"{relation['number']} {(relation.get('date') or '').replace('-', '')}".strip()
        for relation in relations
        if relation["side"] == "parent" and relation["kind"] in _ENJOYED
    ]


def claim_numbers(references: Sequence[str]) -> list[int]:
    """Numbers of claims by their ids: "CLM-00001" is 1; in order, each once."""
    found = (_LAST_NUMBER.search(part) for each in references for part in each.split())
    return sorted({int(match[1]) for match in found if match})
