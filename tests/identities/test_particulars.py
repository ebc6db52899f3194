"""Claims, citations one by one and events: from the source that stands first, each once, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pingjiang.engine import Session
from pingjiang.identities import conclude_documents, conclude_particulars, conclude_parties
from pingjiang.identities.particulars import Particulars
from tests.identities.rows import records, said


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(memory_limit="1GB", threads=1) as session:
        yield session


def claim(number: int | None, text: str, *depends_on: int, language: str | None = "en") -> dict[str, Any]:
    return {"number": number, "text": text, "language": language, "depends_on": list(depends_on)}


def citation(number: str | None, **fields: Any) -> dict[str, Any]:
    return {"number": number, "text": None, "category": None, "origin": None, "claims": None, **fields}


def event(code: str, date: str | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "code": code, "date": date, "effective_date": None, "authority": None, "text": None, "details": None, **fields,
    }  # fmt: skip


def concluded(session: Session, *rows: dict[str, Any]) -> tuple[Particulars, list[dict[str, Any]]]:
    record = records(session, rows)
    documents = conclude_documents(session, record)
    found = conclude_particulars(session, record, documents.said, documents.publication)
    parties = conclude_parties(session, documents.said, record, found.cited)
    return found, parties.citation.dicts(order_by="citing_id, cited_id")


def test_claims_are_those_of_one_source(session: Session) -> None:
    first = said(
        "US7654321B2", format="uspto_red_book", claims=[claim(1, "A."), claim(2, "B.", 1), claim(2, "C.", 1, 2)]
    )
    other = said("US7654321B2", format="generic", source_id="s2", claims=[claim(1, "Other.")])
    found, _ = concluded(session, other, first)
    rows = found.claim.dicts(order_by="sequence")
    assert [(row["sequence"], row["number"], row["text"], row["independent"], row["depends_on"]) for row in rows] == [
        (1, 1, "A.", True, []),
        (2, 2, "B.", False, [1]),
        (3, 2, "C.", False, [1, 2]),
    ]
    assert {row["source_row"] for row in rows} == {first["source_row"]}


def test_citations_keep_category_and_origin_and_join_those_of_tables(session: Session) -> None:
    whole = said(
        "US7654321B2",
        format="uspto_red_book",
        citations=[
            citation("US5825759A", origin="examiner", category="X"),
            citation("US5825759A", origin="applicant", category="A"),
            citation(None, text="A book.", origin="applicant"),
            citation("no number", origin="applicant"),
            citation("US7654321B2"),
            citation(None, text="Another book."),
        ],
    )
    table = said("US7654321B2", format="generic", source_id="s2", cited=["US5825759A", "EP1000000A1"])
    found, citations = concluded(session, whole, table)
    assert [(row["cited_id"], row["category"], row["origin"]) for row in citations] == [
        ("EP1000000A1", None, None),
        ("US5825759A", "A X", "applicant examiner"),
    ]
    assert [(row["sequence"], row["text"], row["origin"]) for row in found.literature.dicts(order_by="sequence")] == [
        (1, "A book.", "applicant"),
        (2, "Another book.", None),
    ]


def test_events_belong_to_the_application_and_stand_once(session: Session) -> None:
    number = "US12/134151"
    granted = said("US8926509B2", number, format="uspto_red_book", events=[event("GRANT", "2015-01-06")])
    again = said("US8926509B2", number, format="uspto_red_book", source_id="s2", events=[event("GRANT", "2015-01-06")])
    applied = said(
        None, number, format="uspto_peds", events=[event("N/AP"), event("IEXX", "2008-06-05", details=["a: 1", "b: 2"])]
    )
    found, _ = concluded(session, granted, again, applied)
    rows = found.event.dicts(order_by="sequence")
    assert [(row["code"], str(row["date"]), row["publication_id"], row["details"], row["format"]) for row in rows] == [
        ("IEXX", "2008-06-05", None, ["a: 1", "b: 2"], "uspto_peds"),
        ("GRANT", "2015-01-06", "US8926509B2", None, "uspto_red_book"),
        ("N/AP", "None", None, None, "uspto_peds"),
    ]
    assert {row["application_id"] for row in rows} == {granted["application_id"]}
