"""Numbers, shapes, budgets, quarters: properties, and other ways of reckoning the same."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.centre.programme.content.budget import lines_of, reckon, sources_of
from pingjiang.centre.programme.content.numbers import Untyped, amount_of, count_of, number_of
from pingjiang.centre.programme.content.placing import placed
from pingjiang.centre.programme.content.shape import build, cleaned, flatten, length
from pingjiang.centre.programme.content.steps import most_months, pages_of, quarters, steps_of
from pingjiang.centre.programme.rulepack import FORMAL, asked_fields
from pingjiang.rulebook.policies import policy
from tests.centre.programme import filling

PACK = policy(filling.PACK, filling.VERSION)
AMOUNTS = st.decimals(min_value=0, max_value=10**8, places=2, allow_nan=False, allow_infinity=False)


@given(st.data())
def test_a_budget_is_reckoned_to_the_last_digit(data: st.DataObject) -> None:
    """Against fractions: no cell is lost, lines and sources come to the same."""
    names = [(line.id, source.id) for line in lines_of(PACK) for source in sources_of(PACK)]
    cells = {name: data.draw(AMOUNTS) for name in data.draw(st.lists(st.sampled_from(names), unique=True, max_size=12))}
    typed: dict[str, dict[str, str]] = {}
    for (line, source), value in cells.items():
        typed.setdefault(line, {})[source] = f"{value:,}" if data.draw(st.booleans()) else str(value)
    found = reckon(PACK, {"amount": typed})
    assert not found.wrong
    exact = {name: Fraction(value) for name, value in cells.items()}
    assert Fraction(found.total) == sum(exact.values(), Fraction(0))
    for each in sources_of(PACK):
        assert Fraction(found.sums[each.id]) == sum(
            (value for (_line, own), value in exact.items() if own == each.id), Fraction(0)
        )
    assert sum((row.total for row in found.lines), Decimal(0)) == found.total


@given(st.text(max_size=12))
def test_what_is_no_amount_is_told_and_never_guessed(text: str) -> None:
    try:
        value = amount_of(text)
    except Untyped as error:
        assert all(error.words)
        return
    if value is None:
        assert not text.strip()
    else:
        assert value >= 0 and value == round(value, 2)
        assert {char for char in text if char.isdecimal()} or value == 0


@pytest.mark.parametrize(("text", "value"), [
    ("1,234.50", "1234.50"), ("１２．５", "12.5"), (" 7 ", "7"), ("0", "0"),
    ("1，000", "1000"), ("−3", "-3"), (".5", "0.5"),
])  # fmt: skip
def test_numbers_as_people_type_them(text: str, value: str) -> None:
    assert number_of(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "1e3", "NaN", "Infinity", "1_000", "12a", "一百", "--1", "1.2.3", "9" * 25, "٣"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(Untyped):
        number_of(text)


@pytest.mark.parametrize("text", ["1.5", "-1"])
def test_what_is_no_count(text: str) -> None:
    with pytest.raises(Untyped):
        count_of(text)


LEAF = st.text(min_size=1, max_size=5).filter(
    lambda text: bool(text.strip()) and "\r" not in text and "\x00" not in text
)
NAME = st.text("abc_", min_size=1, max_size=4)
ROWS = st.lists(st.dictionaries(NAME, LEAF, min_size=1, max_size=3), min_size=1, max_size=4)
CONTENT = st.dictionaries(
    NAME, LEAF | ROWS | st.lists(LEAF, min_size=1, max_size=3) | st.dictionaries(NAME, LEAF, min_size=1)
)


@given(CONTENT)
def test_what_a_form_sends_is_what_it_was_shown(content: dict[str, Any]) -> None:
    assert build(flatten(content)) == content


@given(st.text())
def test_lengths_are_pythons(text: str) -> None:
    kept = cleaned(text)
    assert length(text) == len(kept) == len(cleaned(kept)) and "\r" not in kept and "\x00" not in kept


def test_the_filled_application_goes_through_its_forms_unchanged() -> None:
    for step in steps_of(PACK, "patent"):
        content = filling.content().get(step.name, {})
        names = {spec.name for spec in step.specs(content)}
        assert set(flatten(content)) <= names, step.name


@pytest.mark.parametrize("track", ["patent", "copyright"])
def test_every_datum_of_the_rules_is_said_in_one_place(track: str) -> None:
    places = placed(PACK, track)
    steps = {step.name: step for step in steps_of(PACK, track)}
    for name, (section, key) in places.items():
        specs = {spec.name.partition("-")[0] for spec in steps[section].specs({})}
        assert key in specs | {grid.name for grid in steps[section].grids}, name
    assert len(set(places.values())) == len(places)
    assert set(places) <= {field.id for field in asked_fields(PACK, track, FORMAL)}


def test_pages_hold_every_step_once() -> None:
    steps = [step.name for page in pages_of(PACK, "patent") for step in page.steps]
    assert steps == [step.name for step in steps_of(PACK, "patent")] and len(steps) == len(set(steps))


@pytest.mark.parametrize(("start", "months", "told"), [
    ("2027-01", 6, ["2027-01—03", "2027-04—06"]), ("2026-11", 6, ["2026-11—2027-01", "2027-02—04"]),
    ("2027-01", 4, ["2027-01—03", "2027-04—04"]), ("2027-01", 0, []),
])  # fmt: skip
def test_quarters(start: str, months: int, told: list[str]) -> None:
    assert quarters(start, months) == told


def test_twelve_quarters_at_most() -> None:
    assert most_months(PACK) == 36 and len(quarters("2027-01", 36)) == 12


def test_content_is_canonical_json() -> None:
    from pingjiang.centre.casework.history import canonical

    for content in filling.content().values():
        assert json.loads(canonical(content)) == content
