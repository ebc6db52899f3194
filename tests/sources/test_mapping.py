"""How cells become values: dates, lists, people. The oracle for dates is Python's own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.schema import table
from pingjiang.sources.formats import Format
from pingjiang.sources.mapping import Mapper

SESSION = Session(threads=1)


def read(field: str, cells: list[str | None], spec: Format | None = None, **more: list[str | None]) -> list[Any]:
    """The values of one field for a column of cells (further columns by header)."""
    columns = {"it": cells, **more}
    rows = list(zip(range(len(cells)), *columns.values(), strict=True))
    source = SESSION.from_rows({"row_number": "BIGINT", **dict.fromkeys(columns, "VARCHAR")}, rows)
    mapping = {field: ("it",), **{name: (name,) for name in more}}
    mapper = Mapper(spec or Format("t", "", "", (), {}), mapping, list(columns))
    expression = mapper.typed(table("record").column(field))
    found = SESSION.rows(f"select {expression} from cells order by cells.row_number", cells=source)
    return [row[0] for row in found]


DAYS = st.dates(min_value=date(1860, 1, 1), max_value=date.today())


@given(day=DAYS)
@settings(max_examples=60, deadline=None)
def test_every_usual_way_to_write_a_date_is_read(day: date) -> None:
    ways = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y.%m.%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.isoformat()} 00:00:00",
        f"{day.isoformat()}T00:00:00Z",
        f"{day:%d.%m.%Y}",
        f"{day:%d} {day:%b} {day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%b} {day.day}, {day.year}",
        f"{day.isoformat()}T08:00:00+08:00",
        "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in f"{day.year}年{day.month}月{day.day}日"),
    ]
    assert read("filing_date", [*ways]) == [day] * len(ways)


TODAY = (date.today() - date(1899, 12, 30)).days


FIRST = (date(1950, 1, 1) - date(1899, 12, 30)).days


@given(serial=st.integers(FIRST, TODAY), time=st.integers(0, 86_399))
@settings(max_examples=40, deadline=None)
def test_a_serial_of_a_spreadsheet_is_its_day_whatever_the_time(serial: int, time: int) -> None:
    cells = [str(serial), f"{serial}.0", f"{serial}.5", f"{serial + time / 86_400:.9f}", f"{serial}.999999999"]
    assert read("filing_date", [*cells]) == [date(1899, 12, 30) + timedelta(days=serial)] * len(cells)


@pytest.mark.parametrize(
    "text",
    [
        "05/10/17",
        "5/10/2017",
        "2017-13-01",
        "2017-02-30",
        "20171301",
        "2017",
        "soon",
        "0",
        "0001-01-01",
        "2099-02-09",
        "46999",
        "79999.5",
        "12345",
        "12345.5",
        str(FIRST - 1),
        "43831.",
        "43831.5.1",
    ],
)
def test_a_date_that_could_be_two_or_is_none_is_unknown(text: str) -> None:
    assert read("filing_date", [text]) == [None]


def test_two_digit_years_need_a_declared_order_and_a_year_that_they_do_not_pass() -> None:
    spec = Format("t", "", "", (), {}, date_order=("dmy",), century_before=("year",))
    got = read(
        "filing_date", ["05/10/17", "12/02/16", "01/01/98", "31/12/17"], spec, year=["2017", "2017", "1999", None]
    )
    assert got == [date(2017, 10, 5), date(2016, 2, 12), date(1998, 1, 1), None]
    assert read("filing_date", ["05/10/17"], spec, year=["1920"]) == [date(1917, 10, 5)]
    assert read("publication_date", ["29/12/10"], spec, year=["2009"]) == [date(2010, 12, 29)], (
        "a year less, no century"
    )


def test_a_date_behind_a_number_must_be_possible_too() -> None:
    spec = Format("t", "", "", (), {}, number_with_date=True)
    columns = {"it": ["US10 2015-03-02", "US11 0001-01-01"]}
    source = SESSION.from_rows({"row_number": "BIGINT", "it": "VARCHAR"}, list(enumerate(columns["it"])))
    expression = Mapper(spec, {"application_number": ("it",)}, ["it"]).typed(table("record").column("filing_date"))
    rows = SESSION.rows(f"select {expression} from cells order by cells.row_number", cells=source)
    assert [row[0] for row in rows] == [date(2015, 3, 2), None]


def test_zero_claims_are_unknown_claims() -> None:
    assert read("claim_count", ["0", "00", "16.0", "7", "x"]) == [None, None, 16, 7, None]


@pytest.mark.parametrize("nothing", ["-", "0--", "00000000", "0000-00-00", "0", " / "])
def test_a_cell_that_says_nothing_is_no_doubt(nothing: str) -> None:
    mapper = Mapper(Format("t", "", "", (), {}), {"filing_date": ("it",)}, ["it"])
    source = SESSION.from_rows({"row_number": "BIGINT", "it": "VARCHAR"}, [(1, nothing), (2, "soon")])
    said = mapper.said(table("record").column("filing_date"))
    rows = SESSION.rows(f"select {said} from cells order by cells.row_number", cells=source)
    assert [row[0] for row in rows] == [None, "soon"]


WORDS = st.text(alphabet="ab电池 ", min_size=1, max_size=6).filter(lambda word: word.strip() != "")


@given(words=st.lists(WORDS, min_size=1, max_size=6), separator=st.sampled_from([";", "; ", "；", " | ", "|\n", ";;"]))
@settings(max_examples=80, deadline=None)
def test_a_list_comes_apart_at_its_separators(words: list[str], separator: str) -> None:
    assert read("ipc", [separator.join(words)]) == [[word.strip() for word in words]]


def test_an_empty_cell_or_one_of_separators_is_no_list() -> None:
    assert read("ipc", [None, ";", " ; ;"]) == [None, None, None]


def test_a_firm_keeps_its_legal_form_where_a_comma_parts_people() -> None:
    spec = Format("t", "", "", (), {}, separator=",", keep_together=" *, *(co|ltd|inc|llc)")
    [party] = read("applicants", ["Idemitsu Kosan Co., Ltd., Toyota Motor Corp, A, Inc."], spec)
    assert [each["name"] for each in party] == ["Idemitsu Kosan Co., Ltd.", "Toyota Motor Corp", "A, Inc."]


def test_a_country_behind_the_name_is_taken_from_it() -> None:
    spec = Format("t", "", "", (), {}, separator="\n", country_pattern=r"\[([A-Z]{2})\]")
    [party] = read("applicants", ["ELWHA LLC [US]\nSMITH JOHN"], spec)
    assert [(each["name"], each["country"]) for each in party] == [("ELWHA LLC", "US"), ("SMITH JOHN", None)]


def test_one_address_column_speaks_of_the_first_applicant_only() -> None:
    [party] = read("applicants", ["甲;乙"], None, applicant_address=["215000 江苏省苏州市"])
    assert [each["address"] for each in party] == ["215000 江苏省苏州市", None]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("发明授权", "invention"),
        ("实用新型", "utility_model"),
        ("外观设计", "design"),
        ("Design", "design"),
        ("电池", None),
    ],
)
def test_a_word_on_no_list_is_no_code(word: str, code: str | None) -> None:
    assert read("patent_type", [word]) == [code]


@pytest.mark.parametrize(("text", "value"), [("16", 16), ("16.0", 16), ("1.5", None), ("many", None), (None, None)])
def test_whole_numbers(text: str | None, value: int | None) -> None:
    assert read("claim_count", [text]) == [value]
