"""How many publications of a result hold each node, organisation, country, year and state: all counted, none estimated.

A publication counts once for each value it has. Those of which nothing is known are counted apart.
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
    "year": "select r.publication_id, cast(extract(year from r.filing_date) as varchar) as id,"
    " cast(null as varchar) as zh, cast(null as varchar) as en from rows_ as r where r.filing_date is not null",
    "state": "select r.publication_id, r.state as id, cast(null as varchar) as zh, cast(null as varchar) as en"
    " from rows_ as r where r.state <> 'unknown'",
}


class Facets:
    """The values of an index, and which each publication has: those from begins[ordinal] to before the next."""

    def __init__(self, folder: Path) -> None:
        self._begins, self._numbers = (
            {name: np.load(folder / f"{name}.{part}.npy", mmap_mode="r") for name in FACETS}
            for part in ("begins", "values")
        )
        self._values = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in FACETS}

    def counted(self, ordinals: np.ndarray[Any, Any], most: int | None = None) -> dict[str, dict[str, Any]]:
        """{facet: {"values": [{id, zh, en, count}], "different", "unknown"}}, the most frequent first.

        most: how many values are listed; None for all. `different` counts them all either way.
        """
        told: dict[str, dict[str, Any]] = {}
        words = code_words("legal_state")
        for name, begins in self._begins.items():
            first, after = begins[ordinals], begins[ordinals + 1]
            many = after - first
            places = np.repeat(after - np.cumsum(many), many) + np.arange(many.sum())
            counts = np.bincount(self._numbers[name][places], minlength=len(self._values[name]))
            found = np.flatnonzero(counts)
            order = found[np.argsort(-counts[found], kind="stable")][:most]
            listed = [
                {"id": key, "zh": words.get(key) if name == "state" else zh, "en": en, "count": int(counts[at])}
                for at in order.tolist()
                for key, zh, en in (self._values[name][at],)
            ]
            told[name] = {"values": listed, "different": len(found), "unknown": int(np.count_nonzero(many == 0))}
        return told
