"""Texts of cells as people mean them."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.files.cells import as_meant

DAY_ZERO = date(1899, 12, 30)


def meant(text: str, *, number: bool = True) -> str:
    [found] = as_meant(pa.array([text]), lambda: pa.array([number])).to_pylist()
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2020-01-02 00:00:00", "2020-01-02"),
        ("2020-01-02T00:00:00.000", "2020-01-02"),
        ("2020-01-02 03:04:05", "2020-01-02 03:04:05"),
        ("1899-12-31 03:04:05", "03:04:05"),
        ("97101765.400000006", "97101765.4"),
        ("-0.300000000", "-0.3"),
        ("123456.123456789", "123456.123456789"),
        ("100000000000000000000", "1E+20"),
        ("-12345678901234567890", "-1.23456789012346E+19"),
        ("9007199254740991", "9007199254740991"),
        ("1.5", "1.5"),
        ("CN2020-01-02 00:00:00", "CN2020-01-02 00:00:00"),
        ("2020-01-02 00:00:00\n", "2020-01-02 00:00:00\n"),
    ],
)
def test_what_the_reader_writes_is_shown_as_a_person_reads_it(text: str, shown: str) -> None:
    assert meant(text) == shown


def test_digits_of_a_text_are_kept_however_many() -> None:
    column = pa.array(["12345678901234567890", None, "12345678901234567890", "x"])
    found = as_meant(column, lambda: pa.array([False, False, True, False])).to_pylist()
    assert found == ["12345678901234567890", None, "1.23456789012346E+19", "x"]


def test_what_needs_no_rewriting_is_given_back_as_it_is() -> None:
    column = pa.array(["CN1A", None, "12345", "2020-01-02"])

    def is_number() -> pa.Array:
        raise AssertionError("nothing here asks for it")

    assert as_meant(column, is_number) is column


@given(day=st.dates(min_value=date(1900, 3, 1)))
def test_every_day_loses_its_midnight(day: date) -> None:
    assert meant(f"{day} 00:00:00") == str(day)


@given(serial=st.integers(min_value=(date.max - DAY_ZERO).days + 1, max_value=10**8))
def test_a_day_past_the_calendar_is_its_number(serial: int) -> None:
    cycles, rest = divmod(serial, 146_097)  # the days of 400 years
    day = DAY_ZERO + timedelta(days=rest)
    assert meant(f"+{day.year + 400 * cycles}-{day:%m-%d} 00:00:00") == str(serial)
