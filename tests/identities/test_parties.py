"""Who applied and who invented: one file's list, never a union of two."""

from __future__ import annotations

from datetime import date

import pytest

from pingjiang.engine import Session, Table
from pingjiang.identities import conclude_documents, conclude_parties
from tests.identities.rows import party, records, said


def applicants(session: Session, rows: list[dict[str, object]], imported: tuple[str, ...]) -> tuple[list[str], Table]:
    """The names taken, in order, and the conflicts."""
    record = records(session, rows)
    found = conclude_parties(session, conclude_documents(session, record, imported).said, record)
    return [row["name"] for row in found.applicant.dicts(order_by="sequence")], found.conflict


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(threads=1)


@pytest.mark.parametrize("imported", [("old", "new"), ("new", "old")])
def test_a_later_export_of_one_tool_replaces_the_applicants(session: Session, imported: tuple[str, str]) -> None:
    names = {"old": "甲有限公司", "new": "甲股份有限公司"}
    rows = [
        said("CN109462287A", format="incopat", source_id=source, applicants=[party(name)])
        for source, name in names.items()
    ]
    taken, conflict = applicants(session, rows, imported)
    assert taken == [names[imported[1]]]
    [row] = conflict.dicts()
    assert (row["field"], row["taken"], row["other"]) == ("applicants", names[imported[1]], names[imported[0]])


def test_rows_of_one_file_are_united_and_files_are_not(session: Session) -> None:
    rows = [
        said("US8001762B2", format="generic", source_id="a", row_number=2, applicants=[party("Alpha")]),
        said("US8001762B2", format="generic", source_id="a", row_number=3, applicants=[party("Beta")]),
        said("US8001762B2", format="lens", source_id="b", applicants=[party("ALPHA CORP")]),
    ]
    taken, conflict = applicants(session, rows, ("a", "b"))
    assert taken == ["Alpha", "Beta"], "the file that names most"
    assert conflict.count() == 0, "tools among each other spell as they like"


def test_where_two_tools_name_as_many_the_order_of_sources_decides(session: Session) -> None:
    rows = [
        said("CN109462287A", format="generic", source_id="g", applicants=[party("甲")]),
        said("CN109462287A", format="incopat", source_id="i", applicants=[party("丁")]),
    ]
    assert applicants(session, rows, ("g", "i"))[0] == ["丁"]


def test_symbols_of_designs_stand_under_their_own_scheme(session: Session) -> None:
    rows = [said("CN304567890S", row_number=2, ipc=["14-02", "H01L21/00"], locarno=["1402"])]
    record = records(session, rows)
    classes = conclude_parties(session, conclude_documents(session, record).said, record).classes.dicts()
    found = {(row["scheme"], row["symbol"]) for row in classes}
    assert found == {("LOC", "14-02"), ("IPC", "H01L21/00")}


def priorities(session: Session, rows: list[dict[str, object]]) -> set[tuple[str, str, object]]:
    """Claiming publication, claimed application, day."""
    record = records(session, rows)
    found = conclude_parties(session, conclude_documents(session, record).said, record).priority.dicts()
    return {(row["publication_id"], row["priority_id"], row["priority_date"]) for row in found}


def test_a_us_number_told_by_year_is_the_one_told_by_series_on_the_same_day(session: Session) -> None:
    filed, other = date(2016, 3, 4), date(2015, 3, 4)
    rows = [
        said("US9783262B2", "US15/061481", row_number=2, filing_date=filed, priorities=["US62144044P 2015-04-07"]),
        said("WO2016164486A1", "PCT/US2016/023456", row_number=3,
             priorities=["US201661481 2016-03-04", "US2016061481 2016-03-04", "US2015144044P 2015-04-07"]),
        said("EP3500001A1", "EP19000001", row_number=4, filing_date=other, priorities=["US2016061481 2015-03-04"]),
    ]  # fmt: skip
    found = priorities(session, rows)
    assert {claim for claim in found if claim[0].startswith("WO")} == {
        ("WO2016164486A1", "US15061481", filed), ("WO2016164486A1", "US62144044P", date(2015, 4, 7)),
    }  # fmt: skip
    assert ("EP3500001A1", "US2016061481", other) in found, "another day: nobody knows which"


def test_a_day_before_1790_is_none(session: Session) -> None:
    rows = [said("US20140159652A1", "US13/712345", priorities=["EP10000001 0001-01-01", "EP10000002 1225-09-20"])]
    assert priorities(session, rows) == {
        ("US20140159652A1", "EP10000001", None), ("US20140159652A1", "EP10000002", None),
    }  # fmt: skip
