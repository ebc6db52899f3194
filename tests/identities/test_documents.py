"""One publication out of what several sources say, field by field, whatever the order of import."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.identities import conclude_documents
from tests.identities.rows import records, said


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(threads=1)


def test_the_first_source_in_order_that_says_anything_is_taken(session: Session) -> None:
    rows = [
        said(
            "CN109462287A", format="generic", source_id="g", title="third", claim_count=9, filing_date=date(2018, 1, 3)
        ),
        said("CN109462287A", format="incopat", source_id="i", title_zh="中文题", filing_date=date(2018, 1, 2)),
        said("CN109462287A", format="lens", source_id="l", title="Second", filing_date=date(2018, 1, 1)),
    ]
    found = conclude_documents(session, records(session, rows))
    [row] = found.publication.dicts()
    assert row["filing_date"] == date(2018, 1, 1), "lens stands before incopat for dates"
    assert row["title_zh"] == "中文题"
    assert row["title"] == "中文题", "the Chinese title is shown first"
    assert row["title_en"] == "Second"
    assert row["claim_count"] == 9, "who alone says something is taken, whatever the rank"
    assert row["sources"] == 3
    conflicts = {(c["field"], c["taken"], c["other"]) for c in found.conflict.dicts()}
    assert conflicts == {("filing_date", "2018-01-01", "2018-01-02"), ("filing_date", "2018-01-01", "2018-01-03")}
    assert {c["taken_row"] for c in found.conflict.dicts()} == {"lens:l:2"}


def test_a_number_without_kind_is_the_one_document_with_that_number(session: Session) -> None:
    rows = [
        said("US10001592B2", source_id="a", title="Backlight unit"),
        said("US10001592", source_id="b", claim_count=9),
        said("EP1820402A1", source_id="a"),
        said("EP1820402B1", source_id="a"),
        said("EP1820402", source_id="b"),
    ]
    found = {
        row["publication_id"]: row for row in conclude_documents(session, records(session, rows)).publication.dicts()
    }
    assert found["US10001592B2"]["claim_count"] == 9
    assert "US10001592" not in found
    assert set(found) == {"US10001592B2", "EP1820402A1", "EP1820402B1", "EP1820402"}, "two candidates: no guess"


A1, B1, OTHER = date(2017, 8, 30), date(2019, 7, 31), date(2018, 8, 1)


@pytest.mark.parametrize(
    ("kinded", "bare", "meant"),
    [
        ({"EP3210090A1": [A1]}, A1, "EP3210090A1"),
        ({"EP3210090A1": [None]}, B1, "EP3210090A1"),
        ({"EP3210090A1": [A1]}, None, "EP3210090A1"),
        ({"EP3210090A1": [None, OTHER, A1]}, A1, "EP3210090A1"),
        ({"EP3210090A1": [A1]}, B1, None),
        ({"EP3210090A1": [A1]}, A1 + timedelta(days=1), "EP3210090A1"),
        ({"EP3210090A1": [A1]}, A1 + timedelta(days=8), None),
        ({"EP3210090A1": [A1], "EP3210090B1": [B1]}, A1 + timedelta(days=1), None),
        ({"EP3210090A1": [None, A1]}, B1, None),
        ({"EP3210090A1": [A1], "EP3210090B1": [B1]}, B1, "EP3210090B1"),
        ({"EP3210090A1": [None], "EP3210090B1": [B1]}, B1, "EP3210090B1"),
        ({"EP3210090A1": [None], "EP3210090B1": [B1]}, A1, None),
        ({"EP3210090A1": [A1], "EP3210090B1": [B1]}, OTHER, None),
        ({"EP3210090A1": [A1], "EP3210090B1": [B1]}, None, None),
        ({"EP3210090A2": [A1], "EP3210090A3": [A1]}, A1, None),
    ],
)
def test_days_tell_which_document_a_number_without_kind_means(
    session: Session, kinded: dict[str, list[date | None]], bare: date | None, meant: str | None
) -> None:
    """On the same day it is that document; a single one may be told a few days off, or without its day."""
    rows = [
        said(number, source_id="a", row_number=at, publication_date=day)
        for number, days in kinded.items()
        for at, day in enumerate(days)
    ]
    rows.append(said("EP3210090", source_id="b", publication_date=bare, claim_count=9))
    found = conclude_documents(session, records(session, rows)).publication.dicts()
    assert {row["publication_id"] for row in found} == {*kinded, meant or "EP3210090"}
    [with_claims] = [row for row in found if row["claim_count"] == 9]
    assert with_claims["publication_id"] == (meant or "EP3210090")
    assert with_claims["kind"] == (meant[9:] if meant else None)


def test_each_row_without_kind_goes_by_its_own_day(session: Session) -> None:
    rows = [
        said("EP3210090A1", source_id="a", publication_date=A1),
        said("EP3210090B1", source_id="a", publication_date=B1),
        *(said("EP3210090", source_id="b", row_number=day.year, publication_date=day) for day in (A1, B1, OTHER)),
    ]
    found = {
        row["publication_id"]: row["publication_date"]
        for row in conclude_documents(session, records(session, rows)).publication.dicts()
    }
    assert found == {"EP3210090A1": A1, "EP3210090B1": B1, "EP3210090": OTHER}


def test_an_application_told_by_year_is_that_told_by_series_of_the_same_publication(session: Session) -> None:
    """US2006568466 may be 10/568,466 or 11/568,466: a row that tells the series settles it, for all publications."""
    rows = [
        said("US7000001B2", "US2006568466A", format="lens", source_id="l"),
        said("US7000001B2", "US10/568466", format="patsnap", source_id="p"),
        said("US20060123456A1", "US2006568466A", format="lens", source_id="l", row_number=3),
        said(None, "US2006568466A", format="thomson", source_id="t", title="alone"),
        said("US20060123457A1", "US2006568467A", format="lens", source_id="l", row_number=4),
        said("US20060123457A1", "US10/999999", format="patsnap", source_id="p", row_number=4),
    ]
    found = conclude_documents(session, records(session, rows))
    applications = {row["publication_id"]: row["application_id"] for row in found.publication.dicts()}
    assert applications == {
        "US7000001B2": "US10568466",
        "US20060123456A1": "US10568466",
        "US20060123457A1": "US2006568467",
    }, "another serial is no other way of writing the same"
    assert {row["application_id"]: row["publications"] for row in found.application.dicts()} == {
        "US10568466": 2,
        "US2006568467": 1,
    }
    assert [row["publication_id"] for row in found.conflict.dicts()] == ["US20060123457A1"]
    assert {row["application_id"] for row in found.said.dicts()} == {"US10568466", "US2006568467", "US10999999"}


def test_one_year_form_of_two_applications_is_told_apart_where_that_is_possible(session: Session) -> None:
    rows = [
        said("US7000001B2", "US2006568466A", source_id="l"),
        said("US7000001B2", "US10/568466", source_id="p"),
        said("US7000002B2", "US2006568466A", source_id="l", row_number=3),
        said("US7000002B2", "US11/568466", source_id="p", row_number=3),
        said("US7000003B2", "US2006568466A", source_id="l", row_number=4),
    ]
    found = conclude_documents(session, records(session, rows))
    applications = {row["publication_id"]: row["application_id"] for row in found.publication.dicts()}
    assert applications == {
        "US7000001B2": "US10568466",
        "US7000002B2": "US11568466",
        "US7000003B2": "US2006568466",
    }


def test_the_day_of_publication_tells_the_series_of_an_application_told_by_year(session: Session) -> None:
    """15/722,623 was not yet given out in December 2016, so 722623 of 2015 is 14/722,623; so for the later grant."""
    rows = [
        said("US20160347450A1", "US2015722623A", source_id="d", publication_date=date(2016, 12, 1)),
        said("US9999999B2", "US2015722623A", source_id="d", publication_date=date(2018, 6, 19)),
        said("US20180000001A1", "US2015722624A", source_id="d", publication_date=date(2018, 6, 21)),
        said("US9999998B2", "US14/722,623", source_id="p"),
    ]
    found = conclude_documents(session, records(session, rows))
    applications = {row["publication_id"]: row["application_id"] for row in found.publication.dicts()}
    assert applications == {
        "US20160347450A1": "US14722623",
        "US9999999B2": "US14722623",
        "US9999998B2": "US14722623",
        "US20180000001A1": "US2015722624",
    }


def test_documents_of_one_number_are_one_application_where_no_number_is_told(session: Session) -> None:
    rows = [said("EP1820402A1"), said("EP1820402B1"), said("JPS55125322A"), said("JPS55125322U")]
    found = conclude_documents(session, records(session, rows))
    assert sorted(row["publications"] for row in found.application.dicts()) == [1, 1, 2]
    assert not any(row["identified"] for row in found.application.dicts())


def test_an_application_number_told_once_serves_the_other_document(session: Session) -> None:
    rows = [said("EP1820402A1", "EP06003486"), said("EP1820402B1")]
    [application] = conclude_documents(session, records(session, rows)).application.dicts()
    assert application["identified"]
    assert application["publications"] == 2
    assert application["publication_id"] == "EP1820402B1", "the grant stands for the application"


def test_a_row_without_publication_number_is_an_application(session: Session) -> None:
    rows = [said(None, "CN85102475", title="新型绕线式异步电动机", filing_date=date(1985, 4, 1))]
    found = conclude_documents(session, records(session, rows))
    assert found.publication.count() == 0
    [application] = found.application.dicts()
    assert application["filing_year"] == 1985
    assert application["identified"]
    assert application["publications"] == 0
    assert application["title_alone"] == "新型绕线式异步电动机"


def test_a_grant_dates_the_grant_and_unknown_stays_unknown(session: Session) -> None:
    rows = [
        said("CN111856303B", publication_date=date(2023, 3, 17)),
        said("CN115805936A", publication_date=date(2023, 3, 17)),
        said("US8001762", publication_date=date(2011, 8, 23)),
    ]
    found = {r["publication_id"]: r for r in conclude_documents(session, records(session, rows)).publication.dicts()}
    assert found["CN111856303B"]["grant_date"] == date(2023, 3, 17)
    assert found["CN115805936A"]["grant_date"] is None
    assert found["CN115805936A"]["is_grant"] is False


@pytest.mark.parametrize("imported", [("old", "new"), ("new", "old")])
def test_within_one_format_the_later_import_is_taken(session: Session, imported: tuple[str, str]) -> None:
    rows = [
        said("CN109462287A", format="incopat", source_id=source, legal_status=status, title_zh="题", claim_count=claims)
        for source, status, claims in (("old", "审查中", 7), ("new", "授权", 8))
    ]
    found = conclude_documents(session, records(session, rows), imported)
    [row] = found.publication.dicts()
    later, earlier = imported[1], imported[0]
    told = {"old": ("审查中", 7), "new": ("授权", 8)}
    assert (row["legal_status"], row["claim_count"]) == told[later]
    conflicts = {(c["field"], c["taken"], c["other"]) for c in found.conflict.dicts()}
    assert conflicts == {
        ("legal_status", told[later][0], told[earlier][0]),
        ("claim_count", str(told[later][1]), str(told[earlier][1])),
    }


def test_words_of_a_status_are_not_compared_between_tools(session: Session) -> None:
    rows = [
        said("CN109462287A", format="incopat", source_id="i", legal_status="授权"),
        said("CN109462287A", format="patsnap", source_id="p", legal_status="有效"),
    ]
    assert conclude_documents(session, records(session, rows)).conflict.count() == 0


def test_two_rows_of_one_file_that_contradict_each_other_are_a_conflict(session: Session) -> None:
    rows = [said("CN109462287A", row_number=at, filing_date=date(year, 1, 1)) for at, year in ((2, 2018), (3, 2008))]
    [conflict] = conclude_documents(session, records(session, rows)).conflict.dicts()
    assert (conflict["taken"], conflict["other"]) == ("2018-01-01", "2008-01-01")
    assert (conflict["taken_row"], conflict["other_row"]) == ("generic:s1:2", "generic:s1:3")


def standings(session: Session, rows: list[dict[str, object]], imported: tuple[str, ...] = ()) -> dict[str, str | None]:
    """The standing of each publication."""
    found = conclude_documents(session, records(session, rows), imported)
    return {row["publication_id"]: row["standing"] for row in found.publication.dicts()}


def test_a_withdrawn_publication_stays_and_is_not_counted(session: Session) -> None:
    rows = [
        said("CN109462287A", "CN201811107071", row_number=2, publication_date=date(2019, 3, 12)),
        said("CN109462287B", "CN201811107071", row_number=3, publication_date=date(2020, 3, 12)),
        said("CN109462287B", row_number=4, source_id="s2", standing="withdrawn"),
        said("CN109462288A", "CN201811107072", row_number=5, standing="deleted"),
        said("CN109462289A", "CN201811107073", row_number=6, standing="valid"),
    ]
    found = conclude_documents(session, records(session, rows), ("s1", "s2"))
    assert {row["publication_id"]: row["standing"] for row in found.publication.dicts()} == {
        "CN109462287A": None, "CN109462287B": "withdrawn", "CN109462288A": "deleted", "CN109462289A": None,
    }  # fmt: skip
    assert {row["publication_id"] for row in found.counted.dicts()} == {"CN109462287A", "CN109462289A"}
    applications = {row["application_id"]: row for row in found.application.dicts()}
    assert set(applications) == {"CN201811107071", "CN201811107073"}
    assert applications["CN201811107071"]["publication_id"] == "CN109462287A", "what is withdrawn stands for nothing"
    assert applications["CN201811107071"]["grant_date"] is None


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ([("a", "lens", "withdrawn"), ("b", "lens", None)], None),
        ([("a", "lens", "withdrawn"), ("b", "lens", "valid")], None),
        ([("a", "lens", None), ("b", "lens", "withdrawn")], "withdrawn"),
        ([("a", "lens", "withdrawn"), ("b", "incopat", None)], "withdrawn"),
        ([("a", "lens", "deleted"), ("b", "incopat", "withdrawn")], "deleted"),
        ([("a", "lens", "valid"), ("b", "incopat", None)], None),
    ],
)
def test_what_each_tool_says_last_of_a_standing_counts(
    session: Session, told: list[tuple[str, str, str | None]], standing: str | None
) -> None:
    """One tool says nothing of what another has withdrawn: its silence is no word for it."""
    rows = [
        said("CN109462287A", source_id=source, format=spec, standing=word, row_number=at)
        for at, (source, spec, word) in enumerate(told)
    ]
    assert standings(session, rows, ("a", "b")) == {"CN109462287A": standing}


DAY = date(2019, 3, 12)


@pytest.mark.parametrize(
    ("others", "correction", "corrects"),
    [
        ([("EP1820402B1", DAY)], ("EP1820402B9", DAY + timedelta(days=90)), "EP1820402B1"),
        ([("EP1820402B1", None)], ("EP1820402B8", None), "EP1820402B1"),
        ([("EP1820402B1", DAY)], ("EP1820402B8", DAY), "EP1820402B1"),
        ([("EP1820402B1", DAY), ("EP1820402B2", DAY + timedelta(days=9))],
         ("EP1820402B8", DAY + timedelta(days=90)), "EP1820402B2"),
        ([("EP1820402B1", DAY), ("EP1820402B2", DAY + timedelta(days=99))],
         ("EP1820402B8", DAY + timedelta(days=90)), "EP1820402B1"),
        ([("EP1820402A1", DAY)], ("EP1820402B9", DAY + timedelta(days=90)), None),
        ([("EP1820402B1", DAY)], ("EP1820402B9", DAY - timedelta(days=1)), None),
        ([("EP1820403B1", DAY)], ("EP1820402B9", DAY), None),
        ([("EP1820402A1", DAY), ("EP1820402A8", DAY)], ("EP1820402A9", DAY + timedelta(days=9)), "EP1820402A1"),
    ],
)  # fmt: skip
def test_a_correction_counts_with_what_it_corrects(
    session: Session, others: list[tuple[str, date | None]], correction: tuple[str, date | None], corrects: str | None
) -> None:
    rows = [said(number, publication_date=day, row_number=at) for at, (number, day) in enumerate([*others, correction])]
    found = conclude_documents(session, records(session, rows))
    told = {row["publication_id"]: row["corrects"] for row in found.publication.dicts()}
    assert told[correction[0]] == corrects
    counted = {row["publication_id"] for row in found.counted.dicts()}
    assert (correction[0] in counted) == (corrects is None), "alone it speaks for the document that is not known"
    assert counted >= {number for number, _ in others if number[-1] not in "89"}


FORMATS = st.sampled_from(["incopat", "lens", "patentics_csv", "generic", "my_own"])
DAYS = st.none() | st.dates(date(2010, 1, 1), date(2012, 1, 1))


@pytest.mark.slow
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["CN109462287A", "CN109462287B", "US8001762B2", "US8001762"]),
            FORMATS,
            DAYS,
            st.none() | st.integers(1, 9),
        ),
        min_size=1,
        max_size=12,
    ),
    seed=st.integers(0, 9),
)
@settings(max_examples=25, deadline=None)
def test_the_order_of_import_changes_nothing(rows: list[tuple[str, str, date | None, int | None]], seed: int) -> None:
    built = [
        said(number, format=name, source_id=f"{name}-file", row_number=at, filing_date=day, claim_count=claims)
        for at, (number, name, day, claims) in enumerate(rows)
    ]
    shuffled = list(built)
    random.Random(seed).shuffle(shuffled)
    with Session(threads=1) as session:
        one = conclude_documents(session, records(session, built))
        two = conclude_documents(session, records(session, shuffled))
        assert one.publication.rows("publication_id") == two.publication.rows("publication_id")
        assert one.application.rows("application_id") == two.application.rows("application_id")
        assert sorted(map(str, one.conflict.rows())) == sorted(map(str, two.conflict.rows()))
