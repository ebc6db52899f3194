"""Small release tables for indicator tests, made from a list of things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.schema import table

UNITS = ("publication", "application", "simple_family")
ORGANISATIONS = tuple("ABCDEFGH")
# root → x (leaves l1, l2), y (leaf l3)
TREE = {"x": None, "y": None, "l1": "x", "l2": "x", "l3": "y"}
LEAVES = ("l1", "l2", "l3")
Place = tuple[str | None, str | None, str | None]
NOWHERE: Place = (None, None, None)
PLACES: tuple[Place, ...] = (
    ("CN", "江苏省", "苏州市"),
    ("CN", "江苏省", None),
    ("CN", None, None),
    ("JP", None, "Tokyo"),
)
READ = (
    "item", "item_organisation", "item_node", "item_place", "organisation", "chain_node", "chain_closure",
    "unit_basis", "horizon",
)  # fmt: skip
_ARROW = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_(), "DATE": pa.date32()}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Thing:
    """One counted thing."""

    unit: str
    filed: date | None = None
    granted: date | None = None
    claims: int | None = None
    organisations: frozenset[str] = frozenset()
    nodes: frozenset[str] = frozenset()
    # Where its inventors live, and where its applicants have their seat.
    places: frozenset[Place] = frozenset()
    applicants_at: frozenset[Place] = frozenset()

    @property
    def year(self) -> int | None:
        return self.filed.year if self.filed else None

    def located(self) -> list[tuple[str, Place]]:
        """Basis and place; where none is known one of NULLs a basis."""
        told = (("applicant", self.applicants_at), ("inventor", self.places))
        return [(basis, place) for basis, known in told for place in known or {NOWHERE}]


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
        places=st.frozensets(st.sampled_from(PLACES), max_size=3),
        applicants_at=st.frozensets(st.sampled_from(PLACES), max_size=2),
    ),
    max_size=25,
)


def name_rows(session: Session, rows: Mapping[str, Sequence[Row]]) -> None:
    """Name the tables that indicators read, with these rows; a table not given is empty."""
    tables = {}
    for name in READ:
        columns = table(name).engine_columns()
        arrays = {
            column: pa.array([row.get(column) for row in rows.get(name, ())], type=_ARROW[kind])
            for column, kind in columns.items()
        }
        tables[name] = session.from_arrow(pa.table(arrays))
    session.name_tables(tables)


def fill(
    session: Session,
    things: Sequence[Thing],
    cutoff: date | None = date(2021, 6, 30),
    last_complete: int | None = 2018,
    organisations: Iterable[str] = ORGANISATIONS,
) -> None:
    """Name the tables of a release that holds these things."""
    rows: dict[str, list[Row]] = {name: [] for name in READ}
    for at, thing in enumerate(things):
        key = {"unit": thing.unit, "item_id": f"i{at}"}
        rows["item"].append(
            {**key, "publication_id": f"p{at}", "filing_date": thing.filed, "filing_year": thing.year,
             "grant_date": thing.granted, "grant_year": thing.granted.year if thing.granted else None,
             "claim_count": thing.claims}
        )  # fmt: skip
        rows["item_organisation"] += [
            {**key, "organisation_id": o, "organisations": len(thing.organisations), "filing_year": thing.year}
            for o in thing.organisations
        ]
        rows["item_node"] += [
            {**key, "node_id": n, "nodes": len(thing.nodes), "filing_year": thing.year} for n in thing.nodes
        ]
        rows["item_place"] += [
            {**key, "basis": basis, "country": country, "province": province, "city": city}
            for basis, (country, province, city) in thing.located()
        ]
    rows["organisation"] = [{"organisation_id": o, "name": f"firm {o}"} for o in organisations]
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
    name_rows(session, rows)
