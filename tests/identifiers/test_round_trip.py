"""What is read can be written and read again: every office, every form, every disguise, one by one and in bulk."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.identifiers import NumberUnreadable, PatentNumber, What, parse, parse_many
from tests.identifiers.columns import AS_TYPED, all_columns
from tests.identifiers.numbers import ANY, APPLICATIONS, PUBLICATIONS, Written, disguise


def assert_forms_read_back(number: PatentNumber) -> None:
    for form in (number.id, number.docdb, number.display):
        again = parse(form, what=number.what)
        assert again == number, form
        assert again.check == number.check, form


@pytest.mark.parametrize("office", [*PUBLICATIONS, *(f"application {office}" for office in APPLICATIONS)])
def test_each_office_goes_round(office: str) -> None:
    strategy = PUBLICATIONS[office] if office in PUBLICATIONS else APPLICATIONS[office.removeprefix("application ")]

    @settings(deadline=None)
    @given(strategy)
    def goes_round(written: Written) -> None:
        number = parse(written.text, what=written.what)
        assert number.id == written.id
        assert_forms_read_back(number)

    goes_round()


@settings(deadline=None)
@given(st.data(), ANY)
def test_widths_case_and_blanks_mean_nothing(data: st.DataObject, written: Written) -> None:
    plain = parse(written.text, what=written.what)
    assert parse(data.draw(disguise(written.text)), what=written.what) == plain


@settings(deadline=None)
@given(st.sampled_from(list(PUBLICATIONS)), st.data(), st.sampled_from([" ", "-", ".", "\u00a0", " - "]))
def test_separators_between_office_number_and_kind_mean_nothing(office: str, data: st.DataObject, mark: str) -> None:
    text = data.draw(PUBLICATIONS[office]).text
    kind = len(text) - (2 if text[-2].isalpha() else 1)
    apart = text[:2] + mark + text[2:kind] + mark + text[kind:]
    assert parse(apart, what="publication") == parse(text, what="publication")


def _single(text: str, what: What, authority: str | None, year: int | None) -> tuple[object, ...]:
    try:
        one = parse(text, what=what, authority=authority, year=year)
    except NumberUnreadable as refusal:
        return (None, None, None, None, None, None, refusal.code)
    return (one.id, one.authority, one.number, one.kind, one.check, ",".join(one.warnings) or None, None)


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """A number text with a character put in, taken out or replaced: often none, sometimes another one."""
    text: str = draw(ANY).text
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        put = draw(st.sampled_from([*"0123456789ABDEPSUWX/-. ,(\n\u00a0Ａ特", ""]))
        text = text[:at] + put + text[at + draw(st.integers(0, 1)) :]
    return text


@settings(deadline=None)
@given(
    st.lists(spoilt(), max_size=8),
    st.sampled_from(["publication", "application"]),
    st.sampled_from([None, "CN", "US", "JP"]),
    st.sampled_from([None, 1993, 2008, 2020]),
)
def test_bulk_reads_as_one_by_one(texts: list[str], what: What, authority: str | None, year: int | None) -> None:
    many = parse_many([*texts, None, *texts], what=what, authority=authority, year=year)
    assert many.error[len(texts)] == "empty"
    columns = (many.id, many.authority, many.number, many.kind, many.check, many.warnings, many.error)
    for at, text in enumerate(texts):
        expected = _single(text, what, authority, year)
        assert tuple(column[at] for column in columns) == expected, text
        assert tuple(column[len(texts) + 1 + at] for column in columns) == expected, text


def test_real_numbers_go_round_and_bulk_agrees(samples: Path) -> None:
    """Up to 300 distinct numbers of every column of the samples: far more than 1,000, mixed."""
    chance = random.Random(39551)
    tried = 0
    for spec, path, cells in all_columns(samples):
        distinct = sorted(set(cells))
        chosen = chance.sample(distinct, min(300, len(distinct)))
        many = parse_many(chosen, what=spec.what, authority=spec.authority)
        for text, id_, error in zip(chosen, many.id, many.error, strict=True):
            single = _single(text, spec.what, spec.authority, None)
            assert (single[0], single[-1]) == (id_, error), (path.name, text)
            if id_ is not None:
                assert_forms_read_back(parse(text, what=spec.what, authority=spec.authority))
                tried += 1
    assert tried > 10_000


def test_every_column_of_real_numbers_is_readable(samples: Path) -> None:
    """At least 99.5 % of the cells of every column; numbers that people typed (cited ones) excepted."""
    short = {}
    for spec, path, cells in all_columns(samples):
        if spec.header in AS_TYPED or len(cells) < 100:
            continue
        errors = parse_many(cells, what=spec.what, authority=spec.authority).error
        readable = errors.count(None) / len(cells)
        if readable < 0.995:
            short[path.name, spec.header] = readable
    assert not short
