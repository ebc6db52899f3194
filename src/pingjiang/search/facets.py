"""How much of a result holds each node, organisation, place, year, class and state: all counted, none estimated.

A publication counts once for each value it has; an application or family once for each value that a publication of it
has which was found. What nothing is known of is counted apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pingjiang.schema.codes import code_words

# For each facet its values: publication_id, id, zh, en. `rows_`: a row a publication (`corpus.prepare`).
FACETS: Mapping[str, str] = {
    "node": "select p.publication_id, n.node_id as id, n.name_zh as zh, n.name_en as en from publication_node as p"
    " inner join chain_closure as c on c.node_id = p.node_id"
    " inner join chain_node as n on n.node_id = c.ancestor_id",
    "organisation": "select p.publication_id, o.organisation_id as id, coalesce(o.name_zh, o.name) as zh,"
    " coalesce(o.name_en, o.name) as en from publication_applicant as p"
    " inner join organisation as o on o.organisation_id = p.organisation_id",
    "country": "select p.publication_id, p.country as id, p.country as zh, p.country as en"
    " from publication_place as p where p.basis = 'applicant'",
    "province": "select p.publication_id, p.province as id, p.province as zh, cast(null as varchar) as en"
    " from publication_place as p where p.basis = 'applicant'",
    "year": "select r.publication_id, cast(extract(year from r.filing_date) as varchar) as id,"
    " cast(null as varchar) as zh, cast(null as varchar) as en from rows_ as r where r.filing_date is not null",
    "state": "select r.publication_id, r.state as id, cast(null as varchar) as zh, cast(null as varchar) as en"
    " from rows_ as r where r.state <> 'unknown'",
    "life": "select r.publication_id, r.life as id, cast(null as varchar) as zh, cast(null as varchar) as en"
    " from rows_ as r where r.life <> 'unknown'",
    "subclass": "select c.publication_id, substr(c.symbol, 1, 4) as id, cast(null as varchar) as zh,"
    " cast(null as varchar) as en from publication_class as c where c.scheme = 'IPC' and length(c.symbol) >= 4",
    "authority": "select p.publication_id, p.authority as id, cast(null as varchar) as zh,"
    " cast(null as varchar) as en from publication as p",
    "type": "select p.publication_id, p.patent_type as id, cast(null as varchar) as zh,"
    " cast(null as varchar) as en from publication as p",
}
_CODES = {"state": "legal_state", "life": "legal_state", "authority": "country", "type": "patent_type"}


class Facets:
    """The values of an index, and which each publication has: those from begins[ordinal] to before the next."""

    def __init__(self, folder: Path) -> None:
        self._begins, self._numbers = (
            {name: np.load(folder / f"{name}.{part}.npy", mmap_mode="r") for name in FACETS}
            for part in ("begins", "values")
        )
        self._values = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in FACETS}

    def counted(
        self, ordinals: np.ndarray[Any, Any], most: int | None = None, groups: np.ndarray[Any, Any] | None = None
    ) -> dict[str, dict[str, Any]]:
        """{facet: {"values": [{id, zh, en, count}], "different", "unknown"}}, the most frequent first.

        most: how many values are listed; None for all. `different` counts them all either way.
        groups: of each of the publications the number of what is counted; None counts publications.
        """
        return {name: self._one(name, ordinals, most, groups) for name in FACETS}

    def _one(
        self, name: str, ordinals: np.ndarray[Any, Any], most: int | None, groups: np.ndarray[Any, Any] | None
    ) -> dict[str, Any]:
        begins, size = self._begins[name], len(self._values[name])
        first, after = begins[ordinals], begins[ordinals + 1]
        many = after - first
        places = np.repeat(after - np.cumsum(many), many) + np.arange(many.sum())
        values = self._numbers[name][places]
        if groups is None:
            unknown = int(np.count_nonzero(many == 0))
        else:
            owners = np.repeat(groups, many)
            unknown = different(groups) - different(owners)
            values = _distinct(owners.astype(np.int64) * size + values) % size if size else values
        counts = np.bincount(values, minlength=size)
        found = np.flatnonzero(counts)
        order = found[np.argsort(-counts[found], kind="stable")][:most]
        words = code_words(_CODES[name]) if name in _CODES else {}
        listed = [
            {"id": key, "zh": words.get(key) if name in _CODES else zh, "en": en, "count": int(counts[at])}
            for at in order.tolist()
            for key, zh, en in (self._values[name][at],)
        ]
        return {"values": listed, "different": len(found), "unknown": unknown}


def different(groups: np.ndarray[Any, Any]) -> int:
    """How many different numbers there are; they are not negative."""
    if not len(groups):
        return 0
    seen = np.zeros(int(groups.max()) + 1, dtype=np.bool_)
    seen[groups] = True
    return int(np.count_nonzero(seen))


def _distinct(keys: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The keys, each once. Sorting whole numbers is several times quicker than telling them apart by hash."""
    keys.sort()
    first: np.ndarray[Any, Any] = np.ones(len(keys), dtype=np.bool_)
    first[1:] = keys[1:] != keys[:-1]
    return np.asarray(keys[first])
