"""The facets of a result as they are drawn: each value with the query that it narrows the result to, visibly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from pingjiang.centre.pages.words import is_english
from pingjiang.errors import PingjiangError
from pingjiang.query import echo, parse
from pingjiang.query.tree import And, Node, Or
from pingjiang.schema.codes import code_words

# Facet → its name, the clause of a value, the clause of those of which nothing is known.
FACETS: Mapping[str, tuple[Any, str, str]] = {
    "life": (_("法律状态"), "LS={id}", "NOT LS=*"),
    "organisation": (_("申请人（归并后）"), 'PA=="{name}"', ""),
    "node": (_("产业链节点"), "NODE={id}", "NOT NODE=*"),
    "province": (_("省份"), 'PROVINCE=="{id}"', "NOT PROVINCE=*"),
    "country": (_("申请人国家"), "COUNTRY={id}", "NOT COUNTRY=*"),
    "year": (_("申请年"), "APD={id}", "NOT APD=*"),
    "subclass": (_("IPC 小类"), "IPC={id}", "NOT IPC=*"),
    "authority": (_("公开局"), "PNC={id}", ""),
    "type": (_("专利类型"), "PT={id}", "NOT PT=*"),
}
_CODES = {"life": "legal_state", "country": "country", "authority": "country", "type": "patent_type"}
SHOWN = 6  # values of a facet before one asks for more
MOST = 60


@dataclass(frozen=True)
class Value:
    """A value: how many there are, and the query that asks for it alone, or no more. '' where none can be written."""

    label: str
    count: int
    query: str
    chosen: bool
    unknown: bool = False


@dataclass(frozen=True)
class Facet:
    """A facet: its values by count, those that are not shown, and how many have none."""

    name: str
    label: str
    values: list[Value]
    different: int


def drawn(counted: Mapping[str, Mapping[str, Any]], text: str, tree: Node) -> list[Facet]:
    """All facets of a result. text, tree: the query as it was written and as it was read."""
    return [_facet(name, counted[name], text, tree) for name in FACETS if counted[name]["different"]]


def _facet(name: str, counted: Mapping[str, Any], text: str, tree: Node) -> Facet:
    label, clause, none = FACETS[name]
    values = []
    for one in counted["values"]:
        wanted = clause.format(id=one["id"], name=(one["zh"] or one["en"] or "").replace('"', '\\"'))
        query, chosen = narrowed(text, tree, wanted)
        values.append(Value(said(name, one), one["count"], query, chosen))
    if counted["unknown"]:
        query, chosen = narrowed(text, tree, none) if none else ("", False)
        values.append(Value(str(_("未知")), counted["unknown"], query, chosen, unknown=True))
    return Facet(name, str(label), values, counted["different"])


def said(name: str, one: Mapping[str, Any]) -> str:
    """A value in the language of the page."""
    if name in _CODES:
        return code_label(_CODES[name], one["id"])
    names = (one["en"], one["zh"]) if is_english() else (one["zh"], one["en"])
    return str(names[0] or names[1] or one["id"])


def code_label(of: str, code: str | None) -> str:
    """A code of the schema in words; in English the code itself is a word."""
    if code is None:
        return ""
    if is_english():
        return code if of == "country" else code.replace("_", " ")
    return code_words(of).get(code, code)


def narrowed(text: str, tree: Node, clause: str) -> tuple[str, bool]:
    """The query with a clause added, or without it where it stands there already; and whether it does.

    What was written stays as it was written. '' where the clause cannot be said, or where nothing would be left.
    """
    wanted = _read(clause)
    if wanted is None:
        return "", False
    parts = tree.parts if isinstance(tree, And) else (tree,)
    if wanted in parts:
        rest = tuple(part for part in parts if part != wanted)
        if not rest:
            return "", True
        return echo(rest[0] if len(rest) == 1 else And(rest), "en" if is_english() else "zh"), True
    return (f"({text}) AND {clause}" if isinstance(tree, Or) else f"{text} AND {clause}"), False


@lru_cache(maxsize=10_000)
def _read(clause: str) -> Node | None:
    """A clause as a tree; None where the language cannot say it. A page of results reads hundreds, mostly the same."""
    try:
        return parse(clause)
    except PingjiangError:
        return None
