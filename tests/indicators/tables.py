"""Small release tables for indicator tests, made from a list of things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.schema import table
from pingjiang.schema.units import LEVELS, UNITS

ORGANISATIONS = tuple("ABCDEFGH")
# A and B are one group, and so are C, D and E; all others stand alone.
GROUP = {"A": "G1", "B": "G1", "C": "G2", "D": "G2", "E": "G2"}
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
# District and zone of addresses in Suzhou.
SUZHOU: Place = ("CN", "江苏省", "苏州市")
DISTRICTS = (("姑苏区", None), (None, "苏州工业园区"), ("昆山市", "昆山高新区"), ("昆山市", None))
READ = (
    "item", "item_organisation", "organisation_year", "organisation_total", "item_node", "item_place", "item_district",
    "item_country", "item_in_several_countries", "located", "organisation", "counted_organisation",
    "chain_node", "chain_closure", "unit_basis", "horizon",
    "coverage", "publication", "application", "legal_state", "legal_fact",
    "register_firm", "register_firm_node",
)  # fmt: skip
_ARROW = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}
Row = Mapping[str, Any]


def group_of(organisation: str) -> str:
    """The group of an organisation: itself where it stands alone."""
    return GROUP.get(organisation, organisation)


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
    # What its addresses in Suzhou tell, if it has any.
    districts: frozenset[tuple[str | None, str | None]] = frozenset()

    def at(self, level: str) -> Thing:
        """The same with groups for organisations, where that is the level."""
        return self if level == "entity" else replace(self, organisations=frozenset(map(group_of, self.organisations)))

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
        districts=st.frozensets(st.sampled_from(DISTRICTS), max_size=2),
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


def add_up_organisations(rows: dict[str, list[Row]]) -> None:
    """Fill `organisation_year` and `organisation_total` from `item_organisation`."""
    links = rows["item_organisation"]
    for table_name, by_year in (("organisation_year", True), ("organisation_total", False)):
        found: dict[tuple[Any, ...], list[Row]] = {}
        for link in links:
            key = (
                link["unit"],
                link["level"],
                link["organisation_number"],
                *([link["filing_year"]] if by_year else []),
            )
            found.setdefault(key, []).append(link)
        for key, own in found.items():
            counted = {"items": len(own), "parts": sum(232792560 // link["organisations"] for link in own)}
            years = [link["filing_year"] for link in own if link["filing_year"] is not None]
            period = {"first_year": min(years, default=None), "last_year": max(years, default=None)}
            named = dict(zip(("unit", "level", "organisation_number", "filing_year"), key, strict=False))
            rows[table_name].append({**named, **counted, **({} if by_year else period)})


def seat(thing: Thing) -> Place:
    """Where the firm lies that the register has beside a thing."""
    return min(thing.applicants_at, key=str, default=NOWHERE)


def fill(
    session: Session,
    things: Sequence[Thing],
    cutoff: date | None = date(2021, 6, 30),
    last_complete: int | None = 2018,
    organisations: Iterable[str] = ORGANISATIONS,
) -> None:
    """Name the tables of a release that holds these things, and a register with a firm beside each."""
    rows: dict[str, list[Row]] = {name: [] for name in READ}
    named = {*organisations, *(name for thing in things for name in thing.organisations)}
    groups = sorted(set(map(group_of, named)))
    numbered = [*(("entity", name) for name in sorted(named)), *(("group", name) for name in groups)]
    number = {name: at for at, name in enumerate(numbered, start=1)}
    for at, thing in enumerate(things):
        key = {"unit": thing.unit, "item_id": at}
        rows["item"].append(
            {**key, "item_key": f"i{at}", "publication_id": f"p{at}", "filing_date": thing.filed,
             "filing_year": thing.year, "grant_date": thing.granted,
             "grant_year": thing.granted.year if thing.granted else None, "claim_count": thing.claims}
        )  # fmt: skip
        rows["publication"].append({"publication_id": f"p{at}", "title": f"title {at}", "source_row": f"t:t.csv:{at}"})
        rows["item_organisation"] += [
            {**key, "level": level, "organisation_number": number[level, o], "filing_year": thing.year,
             "organisations": len(thing.at(level).organisations)}
            for level in LEVELS
            for o in thing.at(level).organisations
        ]  # fmt: skip
        rows["item_node"] += [{**key, "node_id": n, "filing_year": thing.year} for n in thing.nodes]
        for basis, known in (("applicant", thing.applicants_at), ("inventor", thing.places)):
            rows["item_place"] += [
                {**key, "basis": basis, "country": country, "province": province, "city": city}
                for country, province, city in known
            ]
            rows["item_district"] += [
                {**key, "basis": basis, "province": SUZHOU[1], "city": SUZHOU[2], "district": district, "zone": zone}
                for district, zone in (thing.districts if SUZHOU in known else ())
            ]
            countries = {country for country, _, _ in known}
            rows["item_country"] += [{**key, "basis": basis, "country": country} for country in countries]
            if len(countries) > 1:
                rows["item_in_several_countries"].append({**key, "basis": basis, "countries": len(countries)})
        _, province, city = seat(thing)
        firm = {"credit_code": f"c{at}", "province": province, "city": city, "output_yuan": thing.claims}
        rows["register_firm"].append(firm)
        rows["register_firm_node"] += [
            {"credit_code": f"c{at}", "printed": n, "node_id": n} for n in sorted(thing.nodes)
        ] + [{"credit_code": f"c{at}", "printed": "elsewhere", "node_id": None}]
    for unit in {thing.unit for thing in things}:
        own = [thing for thing in things if thing.unit == unit]
        for basis, at_seat in (("applicant", True), ("inventor", False)):
            found = sum(bool(thing.applicants_at if at_seat else thing.places) for thing in own)
            rows["located"].append({"unit": unit, "basis": basis, "items": len(own), "located": found})
    add_up_organisations(rows)
    rows["organisation"] = [
        {"organisation_id": o, "name": f"firm {o}", "group_id": group_of(o), "organisation_number": number["entity", o]}
        for o in sorted(named)
    ]
    rows["counted_organisation"] = [
        {"level": level, "organisation_id": o, "name": f"firm {o}", "organisation_number": n,
         "organisations": 1 if level == "entity" else sum(group_of(each) == o for each in named)}
        for (level, o), n in number.items()
    ]  # fmt: skip
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
    rows["coverage"] = [
        {"format": "made", "publications": len(things), "cutoff_date": cutoff, "grants_only": False, "lag_months": 18,
         "last_complete_year": last_complete, "counts": True}
    ]  # fmt: skip
    name_rows(session, rows)
