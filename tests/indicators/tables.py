"""Small release tables for indicator tests, made from a list of things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.schema import load_tables

UNITS = ("publication", "application", "simple_family")
ORGANISATIONS = tuple("ABCDEFGH")
# root → x (leaves l1, l2), y (leaf l3)
TREE = {"x": None, "y": None, "l1": "x", "l2": "x", "l3": "y"}
LEAVES = ("l1", "l2", "l3")
PLACES = (
    (None, None, None),
    ("CN", "江苏省", "苏州市"),
    ("CN", "江苏省", None),
    ("CN", None, None),
    ("JP", None, "Tokyo"),
)


@dataclass(frozen=True)
class Thing:
    """One counted thing."""

    unit: str
    filed: date | None = None
    granted: date | None = None
    claims: int | None = None
    organisations: frozenset[str] = frozenset()
    nodes: frozenset[str] = frozenset()
    places: frozenset[tuple[str | None, str | None, str | None]] = field(default_factory=frozenset)

    @property
    def year(self) -> int | None:
        return self.filed.year if self.filed else None


DAYS = st.dates(date(2008, 1, 1), date(2021, 12, 31))
THINGS = st.lists(
    st.builds(
        Thing,
        unit=st.sampled_from(UNITS),
        filed=st.none() | DAYS,
        granted=st.none() | DAYS,
        claims=st.none() | st.integers(1, 30),
        organisations=st.frozensets(st.sampled_from(ORGANISATIONS), max_size=3),
        nodes=st.frozensets(st.sampled_from(LEAVES), max_size=3),
        places=st.frozensets(st.sampled_from(PLACES[1:]), max_size=2),
    ),
    max_size=25,
)


def fill(
    session: Session, things: Sequence[Thing], cutoff: date = date(2021, 6, 30), last_complete: int = 2018
) -> None:
    """Name the tables of a release that holds these things."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in load_tables()}
    for at, thing in enumerate(things):
        key = {"unit": thing.unit, "item_id": f"i{at}"}
        granted = thing.granted
        rows["item"].append(
            {**key, "publication_id": f"p{at}", "filing_date": thing.filed, "filing_year": thing.year,
             "grant_date": granted, "grant_year": granted.year if granted else None, "claim_count": thing.claims}
        )  # fmt: skip
        rows["item_organisation"] += [
            {**key, "organisation_id": o, "organisations": len(thing.organisations), "filing_year": thing.year}
            for o in thing.organisations
        ]
        rows["item_node"] += [
            {**key, "node_id": n, "nodes": len(thing.nodes), "filing_year": thing.year} for n in thing.nodes
        ]
        rows["item_place"] += [
            {**key, "basis": "inventor", "country": c, "province": p, "city": t}
            for c, p, t in thing.places or [PLACES[0]]
        ]
    rows["organisation"] = [{"organisation_id": o, "name": f"firm {o}"} for o in ORGANISATIONS]
    for position, (node, parent) in enumerate(TREE.items()):
        rows["chain_node"].append(
            {"node_id": node, "parent_id": parent, "position": position, "is_leaf": node in LEAVES}
        )
        rows["chain_closure"] += [{"ancestor_id": a, "node_id": node} for a in (node, parent) if a]
    years = [thing.year for thing in things if thing.year is not None]
    rows["horizon"] = [
        {"cutoff_date": cutoff, "first_year": min(years, default=None), "last_year": max(years, default=None),
         "grants_only": False, "lag_months": 18, "last_complete_year": last_complete}
    ]  # fmt: skip
    tables = {}
    for name, schema in load_tables().items():
        columns = schema.engine_columns()
        tables[name] = session.from_rows(columns, [[row.get(column) for column in columns] for row in rows[name]])
    session.name_tables(tables)


def count(pairs: Any) -> Counter[Any]:
    """How often each key stands there."""
    return Counter(pairs)
