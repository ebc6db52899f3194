"""Columns: per-row offices and years, order, lengths, speed. That bulk equals one by one: test_round_trip."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.identifiers import (
    NumberUnreadable,
    is_grant_many,
    normalise_many,
    parse,
    parse_many,
    patent_type_many,
)


def test_each_row_has_its_own_office_and_year() -> None:
    texts = ["8407913", "8407913", "2007659", "2007659", None, "CN109462287A", "8407913"]
    offices = ["US", "EP", "GB", "GB", "US", "US", None]
    assert parse_many(texts[:2], what="publication", authority=offices[:2]).id == ["US8407913", "EP8407913"]
    found = parse_many(texts, what="publication", authority=offices)
    assert (found.id[0], found.id[5], found.error[4], found.error[6]) == (
        "US8407913", "CN109462287A", "empty", "no_authority",
    )  # fmt: skip
    years = parse_many(["GB2007659"] * 3, what="application", year=[2020, 1959, None])
    assert years.id == ["GB202007659", "GB195920076", "GB202007659"]
    assert years.warnings == [None, None, "ambiguous"]


@given(series=st.integers(0, 39), serial=st.integers(0, 999_999), year=st.none() | st.integers(1995, 2029))
@settings(max_examples=600, deadline=None)
def test_eight_digits_of_a_us_application_are_read_as_one_by_one(series: int, serial: int, year: int | None) -> None:
    text = f"US{series:02}{serial:06}"
    found = parse_many([text], what="application", year=[year])
    try:
        alone = parse(text, what="application", year=year)
    except NumberUnreadable as refusal:
        assert found.error == [refusal.code]
        return
    told = (found.id, found.number, found.kind, found.warnings)
    assert told == ([alone.id], [alone.number], [alone.kind], [",".join(alone.warnings) or None])


def test_columns_beside_must_be_as_long() -> None:
    with pytest.raises(ValueError, match="beside 2 numbers"):
        parse_many(["1", "2"], what="publication", authority=["US"])
    with pytest.raises(ValueError, match="beside 1 numbers"):
        parse_many(["1"], what="application", year=[2000, 2001])


def test_an_empty_column_is_empty() -> None:
    found = parse_many([], what="publication")
    assert (len(found), found.id, found.error) == (0, [], [])
    assert is_grant_many(found) == []
    assert patent_type_many(found) == []


def test_line_breaks_inside_a_cell_shift_nothing() -> None:
    texts = ["CN109462287A", "CN109462287A\nUS8407913B2", "\n", "US8407913B2", "KR20130006425U\n", "EP3188474A1\r"]
    found = parse_many(texts, what="publication")
    assert found.id == ["CN109462287A", None, None, "US8407913B2", "KR20130006425U", "EP3188474A1"]
    assert (found.error[1], found.error[2]) == ("unreadable", "empty")


def _publications(count: int) -> list[str]:
    """Numbers of CN, US, EP, WO, JP and KR in the shares and styles of an international export."""
    chance = random.Random(1229)

    def one() -> tuple[str, str, str]:
        draw = chance.random()
        if draw < 0.4:
            return "CN", f"{chance.choice(('10', '11', '20'))}{chance.randrange(10**7):07d}", "A"
        if draw < 0.6:
            return "US", str(chance.randrange(6 * 10**6, 12 * 10**6)), chance.choice(("B1", "B2"))
        if draw < 0.7:
            return "US", f"{chance.randrange(2001, 2024)}{chance.randrange(1, 400000):07d}", "A1"
        if draw < 0.8:
            return "EP", f"{chance.randrange(1, 4300000):07d}", chance.choice(("A1", "B1"))
        if draw < 0.88:
            return "WO", f"{chance.randrange(1995, 2024)}{chance.randrange(1, 240000):06d}", "A1"
        if draw < 0.95:
            return "JP", f"{chance.randrange(2000, 2024)}{chance.randrange(1, 300000):06d}", "A"
        return "KR", f"{chance.randrange(2000, 2024)}{chance.randrange(1, 170000):07d}", "A"

    return [chance.choice(("", "", "-", " ")).join(one()) for _ in range(count)]


@pytest.mark.slow
def test_a_million_numbers_take_seconds() -> None:
    texts = _publications(1_000_000)
    start = time.process_time()
    found = parse_many(texts, what="publication")
    seconds = time.process_time() - start
    assert found.error.count(None) == len(texts)
    assert seconds < 2.5 * 2  # measured 2.0 on an idle core; twice that is a regression, not a busy machine
    start = time.process_time()
    symbols = normalise_many(["H01L  21/768", "G05D   1/02", "H01M10/0525"] * 300_000, "IPC")
    assert time.process_time() - start < 1
    assert len(symbols) == 900_000
