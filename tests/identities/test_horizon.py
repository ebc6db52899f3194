"""The horizon is where the rule says, tool by tool."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pingjiang.chain.tree import load
from pingjiang.engine import Session, Table
from pingjiang.pipeline import conclude
from tests.identities.rows import records, said


def concluded(session: Session, rows: list[dict[str, object]]) -> dict[str, Table]:
    return conclude(session, records(session, rows), load("semiconductors"))


def reach(rows: list[dict[str, object]]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The horizon, and the coverage by tool."""
    with Session(threads=1) as session:
        tables = concluded(session, rows)
        [horizon] = tables["horizon"].dicts()
        return horizon, {row["format"]: row for row in tables["coverage"].dicts()}


def grants(count: int, first: int = 0, **more: Any) -> list[dict[str, object]]:
    """US grants filed in 2000 and granted one to five years later, the last on 30 December 2004."""
    return [
        said(f"US80{at:05}B2", row_number=at, filing_date=date(2000, 1, 1),
             publication_date=date(2000, 1, 1) + timedelta(days=365 * (1 + at % 5)), **more)
        for at in range(first, first + count)
    ]  # fmt: skip


def test_years_within_eighteen_months_of_the_cut_off_are_incomplete() -> None:
    rows = [
        said("CN109462287A", row_number=2, filing_date=date(2018, 1, 2), publication_date=date(2019, 6, 30)),
        said("CN109462288A", row_number=3, filing_date=date(2016, 1, 2), publication_date=date(2017, 7, 1)),
    ]
    horizon, _ = reach(rows)
    assert horizon["cutoff_date"] == date(2019, 6, 30)
    assert not horizon["grants_only"]
    assert horizon["lag_months"] == 18
    assert horizon["last_complete_year"] == 2017, "31 December 2017 lies 18 months before 30 June 2019"


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_day_less_makes_a_year_incomplete(shift: int) -> None:
    cutoff = date(2019, 6, 30) + timedelta(days=shift)
    horizon, _ = reach([said("CN109462287A", publication_date=cutoff)])
    assert horizon["last_complete_year"] == (2017 if shift == 1 else 2016)


def test_where_only_grants_are_seen_the_lag_is_that_of_granting() -> None:
    rows = [
        said(f"US80017{at:02}B2", row_number=at, filing_date=date(2000, 1, 1),
             publication_date=date(2000, 1, 1) + timedelta(days=365 * (1 + at % 5)))
        for at in range(50)
    ]  # fmt: skip
    horizon, _ = reach(rows)
    assert horizon["grants_only"]
    assert horizon["lag_months"] == 60


def test_a_few_rows_of_another_tool_change_nothing() -> None:
    few = [
        said(f"CN10946228{at}A", row_number=at, format="other", filing_date=date(2020, 1, 1),
             publication_date=date(2021, 6, 30)) for at in range(2)
    ]  # fmt: skip
    horizon, coverage = reach([*grants(50), *few])
    assert horizon["grants_only"]
    assert (horizon["lag_months"], horizon["cutoff_date"]) == (60, date(2004, 12, 30))
    assert horizon["last_complete_year"] == 1998
    assert horizon["limited_by"] == grants(1)[0]["format"]
    assert (coverage["other"]["counts"], coverage["other"]["last_complete_year"]) == (False, 2019)
    assert not coverage["other"]["grants_only"]


def test_the_tool_that_ends_first_decides() -> None:
    more = [
        said(f"CN1094622{at:02}A", row_number=at, format="other", filing_date=date(2020, 1, 1),
             publication_date=date(2021, 6, 30)) for at in range(50)
    ]  # fmt: skip
    horizon, coverage = reach([*grants(10), *more])
    assert all(tool["counts"] for tool in coverage.values())
    assert (horizon["last_complete_year"], horizon["cutoff_date"]) == (1998, date(2004, 12, 30))
    assert (horizon["first_year"], horizon["last_year"]) == (2000, 2020)


def test_what_a_tool_repeats_counts_for_its_reach_too() -> None:
    again = grants(50, format="other")
    newer = said("US9000001B2", row_number=900, filing_date=date(2000, 1, 1), publication_date=date(2010, 6, 30))
    _, coverage = reach([*grants(50), *again, newer])
    assert coverage["other"]["publications"] == 50
    assert coverage["other"]["cutoff_date"] == date(2004, 12, 30)


def test_applications_without_publication_reach_as_far_as_they_were_filed() -> None:
    horizon, coverage = reach([said(None, "CN201811107071", filing_date=date(2018, 9, 21))])
    assert (horizon["cutoff_date"], horizon["last_complete_year"]) == (date(2018, 9, 21), 2016)
    assert [tool["publications"] for tool in coverage.values()] == [1]


def test_nothing_in_gives_one_row_that_knows_nothing() -> None:
    horizon, coverage = reach([])
    assert coverage == {}
    assert not horizon.pop("grants_only")
    assert set(horizon.values()) == {None}


def test_what_two_tools_tell_counts_once_in_the_whole() -> None:
    """Six of 106 publications are more than five of a hundred, though 206 are told."""
    others = [
        said(f"CN10946228{at}A", row_number=at, format="other", filing_date=date(1999, 1, 1),
             publication_date=date(2001, 6, 30)) for at in range(6)
    ]  # fmt: skip
    horizon, coverage = reach([*grants(100), *grants(100, format="again"), *others])
    assert coverage["other"]["counts"]
    assert (horizon["limited_by"], horizon["last_complete_year"]) == ("again", 1998)
    assert horizon["cutoff_date"] == date(2001, 6, 30)
