"""Items: each unit counts each thing once, and links follow."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang import identities
from pingjiang.chain.tree import load
from pingjiang.engine import Session, Table
from pingjiang.indicators import load_all, results_as_json, run_all
from pingjiang.pipeline import conclude
from pingjiang.schema.units import UNITS
from tests.identities.rows import party, records, said


def concluded(session: Session, rows: list[dict[str, object]]) -> dict[str, Table]:
    return conclude(session, records(session, rows), load("semiconductors"))


def items(tables: dict[str, Table]) -> dict[str, int]:
    found: dict[str, int] = dict.fromkeys(UNITS, 0)
    for row in tables["item"].dicts():
        found[row["unit"]] += 1
    return found


def test_units_count_what_they_say() -> None:
    rows = [
        said("CN109462287A", "CN201811107071", row_number=2, applicants=[party("甲公司"), party("乙大学")]),
        said("CN109462287B", "CN201811107071", row_number=3, applicants=[party("甲公司")]),
        said("US11567501B2", "US16/854380", row_number=4, priorities=["CN201811107071"], applicants=[party("甲公司")]),
    ]
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        assert items(tables) == {"publication": 3, "application": 2, "simple_family": 1, "extended_family": 1}
        basis = {row["unit"]: row for row in tables["unit_basis"].dicts()}
        assert all(row["told_apart"] for row in basis.values())
        links = dict.fromkeys(basis, 0)
        for row in tables["item_organisation"].dicts():
            links[row["unit"]] += row["level"] == "entity"
        assert links == {"publication": 4, "application": 2, "simple_family": 1, "extended_family": 1}


def test_withdrawn_documents_and_corrections_are_kept_and_counted_in_no_unit() -> None:
    rows = [
        said("EP1820402A1", "EP06003486", row_number=2, applicants=[party("甲公司")]),
        said("EP1820402B1", "EP06003486", row_number=3, applicants=[party("甲公司")]),
        said("EP1820402B9", "EP06003486", row_number=4, applicants=[party("甲公司")]),
        said("EP1820403A1", "EP06003487", row_number=5, standing="withdrawn", applicants=[party("乙公司")]),
    ]
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        assert items(tables) == {"publication": 2, "application": 1, "simple_family": 1, "extended_family": 1}
        assert tables["publication"].count() == 4
        assert {name for _, name in linked(tables, "publication")} == {"甲公司"}


def linked(tables: dict[str, Table], unit: str, level: str = "entity") -> set[tuple[str, str]]:
    """Items of a unit with the names of their applicants."""
    key = {row["item_id"]: row["item_key"] for row in tables["item"].dicts() if row["unit"] == unit}
    name = {row["organisation_number"]: row["name"] for row in tables["counted_organisation"].dicts()}
    links = [row for row in tables["item_organisation"].dicts() if (row["unit"], row["level"]) == (unit, level)]
    return {(key[row["item_id"]], name[row["organisation_number"]]) for row in links}


def located(tables: dict[str, Table], unit: str) -> set[tuple[str, str, str]]:
    """Items of a unit with basis and city."""
    key = {row["item_id"]: row["item_key"] for row in tables["item"].dicts() if row["unit"] == unit}
    places = tables["item_place"].dicts()
    return {(key[row["item_id"]], row["basis"], row["city"]) for row in places if row["unit"] == unit}


def test_owners_one_after_the_other_are_no_joint_applicants() -> None:
    suzhou, wuxi = "江苏省苏州市姑苏区十梓街1号", "江苏省无锡市滨湖区蠡湖大道1800号"
    rows = [
        said("CN109462287A", "CN201811107071", row_number=2, applicants=[party("甲公司", address=suzhou)]),
        said("CN109462287B", "CN201811107071", row_number=3, applicants=[party("乙公司", address=wuxi)]),
        # The grant tells no applicant: that of the application text is the one there is.
        said("CN109462288A", "CN201811107072", row_number=4, applicants=[party("丙公司", address=suzhou)]),
        said("CN109462288B", "CN201811107072", row_number=5, inventors=[party("某人", address=wuxi)]),
        said("US11567501B2", "US16/854380", row_number=6, priorities=["CN201811107071"], applicants=[party("丁公司")]),
    ]
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        assert linked(tables, "publication") == {
            ("CN109462287A", "甲公司"), ("CN109462287B", "乙公司"), ("CN109462288A", "丙公司"),
            ("US11567501B2", "丁公司"),
        }  # fmt: skip
        assert linked(tables, "application") == {
            ("CN201811107071", "乙公司"), ("CN201811107072", "丙公司"), ("US16854380", "丁公司"),
        }  # fmt: skip
        assert sorted(name for _, name in linked(tables, "simple_family")) == ["丁公司", "丙公司", "乙公司"]
        assert located(tables, "application") == {
            ("CN201811107071", "applicant", "无锡市"), ("CN201811107072", "applicant", "苏州市"),
            ("CN201811107072", "inventor", "无锡市"),
        }  # fmt: skip


def test_districts_and_zones_are_those_of_the_publication_that_stands_for_an_application() -> None:
    gusu, sip = "江苏省苏州市姑苏区十梓街1号", "215123 江苏省苏州工业园区仁爱路199号"
    rows = [
        said("CN109462287A", "CN201811107071", row_number=2, applicants=[party("甲公司", address=gusu)]),
        said("CN109462287B", "CN201811107071", row_number=3, applicants=[party("乙公司", address=sip)]),
        said("CN109462288A", "CN201811107072", row_number=4, applicants=[party("丙公司", address=gusu)]),
        # The grant tells another city and no district: nothing is taken from the application text.
        said("CN109462288B", "CN201811107072", row_number=5, applicants=[party("丙公司", address="江苏省无锡市")]),
    ]
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        key = {row["item_id"]: row["item_key"] for row in tables["item"].dicts()}
        told = {
            (key[row["item_id"]], row["unit"], row["district"], row["zone"]) for row in tables["item_district"].dicts()
        }
    assert {row for row in told if row[1] == "publication"} == {
        ("CN109462287A", "publication", "姑苏区", None), ("CN109462287B", "publication", None, "苏州工业园区"),
        ("CN109462288A", "publication", "姑苏区", None),
    }  # fmt: skip
    assert {row for row in told if row[1] == "application"} == {("CN201811107071", "application", None, "苏州工业园区")}
    assert {row[2:] for row in told if row[1] == "simple_family"} == {(None, "苏州工业园区")}


def test_without_application_numbers_the_units_say_that_they_are_stand_ins() -> None:
    rows = [said("US8001762B2", row_number=2), said("US8001763B2", row_number=3)]
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        basis = {row["unit"]: row for row in tables["unit_basis"].dicts()}
        assert items(tables) == {"publication": 2, "application": 2, "simple_family": 2, "extended_family": 2}
        assert basis["publication"]["told_apart"]
        assert not basis["application"]["told_apart"]
        assert not basis["simple_family"]["told_apart"]
        assert not basis["extended_family"]["told_apart"]
        assert "没有申请号" in basis["application"]["note_zh"]


def test_an_application_without_publication_has_its_applicants_places_and_nodes() -> None:
    rows = [
        said(None, "CN201811107071", row_number=2, title="题", filing_date=date(2018, 1, 2), ipc=["H01L21/768"],
             applicants=[party("甲大学", address="215006 江苏省苏州市姑苏区十梓街1号")]),
        said("CN109462287A", "CN201811107072", row_number=3, filing_date=date(2018, 1, 2), ipc=["H01L21/768"],
             applicants=[party("甲大学")]),
        said(None, "CN201811107072", row_number=4, applicants=[party("乙公司")]),
    ]  # fmt: skip
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        assert items(tables) == {"publication": 1, "application": 2, "simple_family": 2, "extended_family": 2}
        key = {row["item_id"]: (row["unit"], row["item_key"]) for row in tables["item"].dicts()}
        name = {row["organisation_number"]: row["name"] for row in tables["counted_organisation"].dicts()}
        links = {
            (*key[row["item_id"]], name[row["organisation_number"]])
            for row in tables["item_organisation"].dicts()
            if row["level"] == "entity"
        }
        nodes = {key[row["item_id"]] for row in tables["item_node"].dicts()}
        places = {(*key[row["item_id"]], row["city"]) for row in tables["item_place"].dicts()}
    applications = {("application", "CN201811107071"), ("application", "CN201811107072")}
    assert {link for link in links if link[0] == "application"} == {(*each, "甲大学") for each in applications}
    assert len({link for link in links if link[0] == "simple_family"}) == 2
    assert {node for node in nodes if node[0] == "application"} == applications
    assert ("application", "CN201811107071", "苏州市") in places


def test_a_family_stands_in_the_year_of_its_earliest_priority() -> None:
    rows = [
        said("US11567501B2", "US16/854380", filing_date=date(2020, 4, 21), priorities=["CN201811107071 2018-09-21"]),
        said("US11567502B2", "US16/854381", row_number=3, filing_date=date(2020, 4, 21), priorities=["US 10809049"]),
    ]  # fmt: skip
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        families = {row["publication_id"]: row for row in tables["simple_family"].dicts()}
        priorities = {row["priority_id"] for row in tables["priority"].dicts()}
    assert families["US11567501B2"]["earliest_date"] == date(2018, 9, 21)
    assert "US10809049" in priorities, "eight digits behind an office are its number, not a day"


def test_nothing_in_gives_nothing_out_and_no_error() -> None:
    with Session(threads=1) as session:
        tables = concluded(session, [])
        assert items(tables) == dict.fromkeys(UNITS, 0)
        assert tables["horizon"].count() == 1


# -- units and levels, whatever the data -----------------------------------------------------------------

FIRMS = ("甲公司", "乙公司", "丙公司", "丁公司")
GROUP = {"甲公司": "甲公司", "乙公司": "甲公司", "丙公司": "丙公司", "丁公司": "丙公司"}
APPLICATIONS = [f"EP1900000{at}" for at in range(6)]


@st.composite
def lakes(draw: st.DrawFn) -> list[dict[str, object]]:
    """Some applications with one or two publications, priorities among each other, applicants and days."""
    rows: list[dict[str, object]] = []
    for at, application in enumerate(APPLICATIONS[: draw(st.integers(1, 6))]):
        claims = draw(st.lists(st.sampled_from(APPLICATIONS[: at + 1]), max_size=2, unique=True))
        filed = draw(st.none() | st.dates(date(2010 + at, 1, 1), date(2010 + at, 12, 31)))
        for kind in draw(st.sampled_from((("A1",), ("A1", "B1")))):
            owners = draw(st.lists(st.sampled_from(FIRMS), max_size=3, unique=True))
            rows.append(
                said(
                    f"EP350000{at}{kind}", application, row_number=len(rows) + 2, priorities=claims or None,
                    filing_date=filed, publication_date=date(2017 + (kind == "B1"), 1, at + 1), ipc=["H01L21/768"],
                    applicants=[party(owner) for owner in owners] or None,
                )
            )  # fmt: skip
    return rows


def grouped(session: Session, rows: list[dict[str, object]]) -> dict[str, Table]:
    """All concluded tables, with organisations put into groups before they are counted."""
    tables = concluded(session, rows)
    heads = session.from_rows({"name": "VARCHAR", "head": "VARCHAR"}, list(GROUP.items()))
    organisation = tables["organisation"].sql(
        "select o.organisation_id, o.name, h.organisation_id as group_id, o.organisation_number from self_ o "
        "join heads g on g.name = o.name "
        "join (select s.* from self_ s) h on h.name = g.head or (h.name = o.name and not exists "
        "(select 1 from self_ z where z.name = g.head))",
        heads=heads,
    )
    names = ("publication", "application", "simple_family", "extended_family", "publication_applicant",
             "publication_node", "publication_place")  # fmt: skip
    counted = identities.Items(session, organisation=organisation, **{name: tables[name] for name in names})
    made = ("item", "counted_organisation", "item_organisation", "organisation_year", "organisation_total", "item_node",
            "item_place", "item_district", "item_country", "item_in_several_countries", "located",
            "unit_basis")  # fmt: skip
    return {**tables, "organisation": organisation, **{name: getattr(counted, name) for name in made}}


@pytest.mark.slow
@given(lakes())
@settings(max_examples=12, deadline=None)
def test_units_grow_coarser_and_every_indicator_follows(rows: list[dict[str, object]]) -> None:
    with Session(threads=1) as session:
        tables = grouped(session, rows)
        counts = items(tables)
        assert counts["publication"] >= counts["application"] >= counts["simple_family"] >= counts["extended_family"]
        assert (counts["publication"], counts["application"]) == (
            tables["publication"].count(), tables["application"].count()
        )  # fmt: skip
        members: dict[str, set[frozenset[str]]] = {}
        for unit, column in (("simple_family", "family_id"), ("extended_family", "extended_family_id")):
            found: dict[str, set[str]] = {}
            for row in tables["application"].dicts():
                found.setdefault(row[column], set()).add(row["application_id"])
            members[unit] = {frozenset(each) for each in found.values()}
            assert len(members[unit]) == counts[unit]
        for simple in members["simple_family"]:
            assert sum(simple <= extended for extended in members["extended_family"]) == 1
        _check_links(tables)
        session.name_tables(tables)
        told = {(e["name"], e["unit"]): e["rows"] for e in results_as_json(session, run_all(session))}
    for unit in UNITS:
        for name in [name for name, indicator in load_all().items() if indicator.units == UNITS]:
            assert (name, unit) in told
        assert sum(row["value"] for row in told["filings_by_year", unit]) == counts[unit]
        nodes = {row["node_id"]: row["value"] for row in told["node_counts", unit]}
        assert nodes[None] == 0 and max(nodes.values()) == counts[unit]
        for basis in ("applicant", "inventor"):
            known = [row["value"] for row in told["countries", unit] if row["basis"] == basis]
            assert sum(known) >= counts[unit]
        for row in told["concentration", unit]:
            assert row["items"] == counts[unit]
    for name in ("filings_by_year", "grants_by_year"):
        years = [sum(row["value"] for row in told[name, unit]) for unit in UNITS]
        assert years == sorted(years, reverse=True), "no coarser unit counts more"


def _check_links(tables: dict[str, Table]) -> None:
    """Organisations at either level are those that the rows below tell; sums are those of the links."""
    group = {row["name"]: row["group_id"] for row in tables["organisation"].dicts()}
    head = {row["organisation_id"]: row["name"] for row in tables["counted_organisation"].dicts()}
    links = tables["item_organisation"].dicts()
    for unit in UNITS:
        entity = linked(tables, unit)
        assert linked(tables, unit, "group") == {(item, head[group[name]]) for item, name in entity}
    size = Counter((row["item_id"], row["level"]) for row in links)
    assert all(row["organisations"] == size[row["item_id"], row["level"]] for row in links)
    items_of: Counter[tuple[object, ...]] = Counter()
    parts: Counter[tuple[object, ...]] = Counter()
    for row in links:
        key = (row["unit"], row["level"], row["organisation_number"])
        items_of[key] += 1
        parts[key] += 232792560 // row["organisations"]
    for row in tables["organisation_total"].dicts():
        key = (row["unit"], row["level"], row["organisation_number"])
        assert (row["items"], row["parts"]) == (items_of.pop(key), parts[key])
    assert not items_of
    by_year = Counter[tuple[object, ...]]()
    for row in tables["organisation_year"].dicts():
        by_year[row["unit"], row["level"], row["organisation_number"]] += row["parts"]
    assert by_year == parts


def test_joint_applicants_of_one_group_are_one_and_no_pair() -> None:
    rows = [
        said("EP3500001A1", "EP19000001", row_number=2, applicants=[party("甲公司"), party("乙公司")]),
        said("EP3500002A1", "EP19000002", row_number=3, applicants=[party("甲公司"), party("丙公司")]),
    ]
    with Session(threads=1) as session:
        tables = grouped(session, rows)
        session.name_tables(tables)
        told = run_all(session, ["co_applicants", "concentration"])
        pairs = [row for row in told["co_applicants"].to_pylist() if row["unit"] == "application"]
        spread = [row for row in told["concentration"].to_pylist() if row["unit"] == "application"]
        groups = {row["name"]: row["organisations"] for row in tables["counted_organisation"].dicts()
                  if row["level"] == "group"}  # fmt: skip
    assert groups == {"甲公司": 2, "丙公司": 1}
    assert sorted((row["level"], *sorted((row["organisation_a"], row["organisation_b"]))) for row in pairs) == [
        ("entity", "丙公司", "甲公司"), ("entity", "乙公司", "甲公司"), ("group", "丙公司", "甲公司"),
    ]  # fmt: skip
    assert [(row["level"], row["organisations"], row["hhi"]) for row in spread] == [
        ("entity", 3, pytest.approx(0.5**2 + 0.25**2 * 2)), ("group", 2, pytest.approx(0.75**2 + 0.25**2)),
    ]  # fmt: skip
