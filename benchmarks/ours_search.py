"""The index of `search/` over short documents: made once, asked, and asked with all facets."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pingjiang.engine import Session
from pingjiang.query import parse
from pingjiang.query.tree import Node
from pingjiang.search.build import build
from pingjiang.search.opened import Index

T = TypeVar("T")
_ABOUT = "told.json"
FIRST = 20  # results that each side lists
_TABLES = {
    "publication": "select d.publication_id, 'CN' as authority, d.number, 'A' as kind, false as is_grant,"
    " d.filing_date as publication_date, 'invention' as patent_type,"
    " d.title, cast(null as varchar) as title_zh, cast(null as varchar) as title_en,"
    " cast(null as varchar) as abstract_zh, cast(null as varchar) as abstract_en, d.filing_date,"
    " cast(null as date) as grant_date, cast(null as date) as priority_date, cast(null as bigint) as claim_count,"
    " d.publication_id as application_id from d",
    "legal_state": "select d.publication_id as application_id, d.state, d.state as life from d",
    "publication_place": "select d.publication_id, 'applicant' as basis, d.country, cast(null as varchar) as province,"
    " cast(null as varchar) as city, cast(null as varchar) as district, cast(null as varchar) as zone from d",
    "publication_applicant": "select d.publication_id, cast(1 as bigint) as sequence,"
    " cast(d.organisation as varchar) as name, cast(d.organisation as varchar) as organisation_id,"
    " cast(null as varchar) as country, cast(null as varchar) as address, '' as source_row from d",
    "organisation": "select distinct cast(d.organisation as varchar) as organisation_id,"
    " cast(d.organisation as varchar) as name, cast(null as varchar) as name_zh, cast(null as varchar) as name_en,"
    " cast(null as varchar) as group_id from d",
    "publication_node": "select d.publication_id, cast(d.node as varchar) as node_id, '' as reason from d",
    "chain_node": "select distinct cast(d.node as varchar) as node_id, cast(d.node as varchar) as name_zh,"
    " cast(null as varchar) as name_en from d",
    "chain_closure": "select distinct cast(d.node as varchar) as ancestor_id,"
    " cast(d.node as varchar) as node_id from d",
}


def make(documents: Path, folder: Path, memory_limit: str) -> dict[str, Any]:
    """The index; documents are those of `generate.short_documents`."""
    began = time.perf_counter()
    with Session(memory_limit=memory_limit, threads=2) as session:
        rows = session.read_parquet([documents / "publication.parquet"])
        tables = {name: session.sql(text, d=rows) for name, text in _TABLES.items()}
        told = build(session, tables, folder, lambda _what, _done, _total: None)
    (folder / _ABOUT).write_text(json.dumps({"release": "R2026.11-1", **told}), encoding="utf-8")
    return {"seconds": round(time.perf_counter() - began, 1), **told}


class _PairsAlone(Index):
    """The index without its common runs: what bigrams alone are worth."""

    def frequency(self, field: str, term: str) -> int:
        return 0


def asked(
    folder: Path, queries: list[str], *, facets: bool = False, pairs_alone: bool = False
) -> Callable[[], dict[str, Any]]:
    """Each query once: milliseconds to the count of all and the first results, from its tree and from its text."""
    kind = _PairsAlone if pairs_alone else Index
    index = kind(folder, json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
    _one(index, parse(queries[0]), facets=True)

    def work() -> dict[str, Any]:
        trees = [parse(query) for query in queries]
        read = timed(trees, lambda tree: _one(index, tree, facets=facets))
        whole = timed(queries, lambda query: _one(index, parse(query), facets=facets))
        return {**read, "with_reading": whole}

    return work


def _one(index: Index, tree: Node, *, facets: bool) -> int:
    asked = index.query(tree)
    total, _ = index.first(asked, FIRST)
    if facets:
        index.facets.counted(index.ordinals(asked), 20)
    return total


def timed(queries: Sequence[T], ask: Callable[[T], int]) -> dict[str, Any]:
    """Milliseconds, those of processors, and count of each query."""
    told: dict[str, Any] = {"milliseconds": [], "processor": [], "found": []}
    for query in queries:
        began, spent = time.perf_counter(), time.process_time()
        told["found"].append(ask(query))
        told["processor"].append((time.process_time() - spent) * 1000)
        told["milliseconds"].append((time.perf_counter() - began) * 1000)
    return told
