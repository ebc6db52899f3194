"""Items: each unit counts each thing once, and links follow."""

from __future__ import annotations

from datetime import date

from pingjiang.chain.tree import load
from pingjiang.engine import Session, Table
from pingjiang.pipeline import conclude
from tests.identities.rows import party, records, said


def concluded(session: Session, rows: list[dict[str, object]]) -> dict[str, Table]:
    return conclude(session, records(session, rows), load("semiconductors"))


def items(tables: dict[str, Table]) -> dict[str, int]:
    found = dict.fromkeys(("publication", "application", "simple_family"), 0)
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
        assert items(tables) == {"publication": 3, "application": 2, "simple_family": 1}
        basis = {row["unit"]: row for row in tables["unit_basis"].dicts()}
        assert all(row["told_apart"] for row in basis.values())
        links = dict.fromkeys(basis, 0)
        for row in tables["item_organisation"].dicts():
            links[row["unit"]] += 1
        assert links == {"publication": 4, "application": 2, "simple_family": 1}


def test_withdrawn_documents_and_corrections_are_kept_and_counted_in_no_unit() -> None:
    rows = [
        said("EP1820402A1", "EP06003486", row_number=2, applicants=[party("甲公司")]),
        said("EP1820402B1", "EP06003486", row_number=3, applicants=[party("甲公司")]),
        said("EP1820402B9", "EP06003486", row_number=4, applicants=[party("甲公司")]),
        said("EP1820403A1", "EP06003487", row_number=5, standing="withdrawn", applicants=[party("乙公司")]),
    ]
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        assert items(tables) == {"publication": 2, "application": 1, "simple_family": 1}
        assert tables["publication"].count() == 4
        assert {name for _, name in linked(tables, "publication")} == {"甲公司"}


def linked(tables: dict[str, Table], unit: str) -> set[tuple[str, str]]:
    """Items of a unit with the names of their applicants."""
    key = {row["item_id"]: row["item_key"] for row in tables["item"].dicts() if row["unit"] == unit}
    name = {row["organisation_number"]: row["name"] for row in tables["organisation"].dicts()}
    links = tables["item_organisation"].dicts()
    return {(key[row["item_id"]], name[row["organisation_number"]]) for row in links if row["unit"] == unit}


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


def test_without_application_numbers_the_units_say_that_they_are_stand_ins() -> None:
    rows = [said("US8001762B2", row_number=2), said("US8001763B2", row_number=3)]
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        basis = {row["unit"]: row for row in tables["unit_basis"].dicts()}
        assert items(tables) == {"publication": 2, "application": 2, "simple_family": 2}
        assert basis["publication"]["told_apart"]
        assert not basis["application"]["told_apart"]
        assert not basis["simple_family"]["told_apart"]
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
        assert items(tables) == {"publication": 1, "application": 2, "simple_family": 2}
        key = {row["item_id"]: (row["unit"], row["item_key"]) for row in tables["item"].dicts()}
        name = {row["organisation_number"]: row["name"] for row in tables["organisation"].dicts()}
        links = {
            (*key[row["item_id"]], name[row["organisation_number"]]) for row in tables["item_organisation"].dicts()
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
        assert items(tables) == {"publication": 0, "application": 0, "simple_family": 0}
        assert tables["horizon"].count() == 1
