"""Figures under a filter against plain Python that leaves the same things out and counts one by one."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pingjiang.atlas import filtered, filters
from pingjiang.atlas.filters import Filter, Life, Node, Organisation, Place, Years
from pingjiang.engine import Session
from pingjiang.errors import DefinitionError
from pingjiang.indicators import load_all, run_all
from pingjiang.schema.units import LEVELS, UNITS
from tests.indicators.tables import (
    DISTRICTS,
    LEAVES,
    ORGANISATIONS,
    PLACES,
    SUZHOU,
    THINGS,
    TREE,
    Thing,
    fill,
    group_of,
)
from tests.indicators.test_indicators import ORACLES

ITEM_FIGURES = [name for name, indicator in load_all().items() if indicator.units == UNITS]
YEARS = st.one_of(st.none(), st.integers(2008, 2021))
GROUPS = tuple(sorted(set(map(group_of, ORGANISATIONS))))


def _period(kind: Any, ends: tuple[int | None, int | None]) -> Years:
    first, last = ends
    return Years(kind, last, first) if None not in ends and first > last else Years(kind, first, last)  # type: ignore[operator]


CONDITIONS = st.one_of(
    st.builds(_period, st.sampled_from(("filing", "grant")), st.tuples(YEARS, YEARS)),
    st.builds(Node, st.none() | st.sampled_from((*TREE, "l1"))),
    st.builds(Organisation, st.just("entity"), st.none() | st.sampled_from(ORGANISATIONS)),
    st.builds(Organisation, st.just("group"), st.sampled_from(GROUPS)),
    st.builds(
        lambda basis, place, deep: Place(basis, place[:deep]),
        st.sampled_from(("applicant", "inventor")),
        st.sampled_from((*PLACES, (None,))),
        st.integers(1, 3),
    ),
    st.builds(
        lambda basis, told, zone: Place(basis, (*SUZHOU, told[int(zone)]), zone),
        st.sampled_from(("applicant", "inventor")),
        st.sampled_from(DISTRICTS),
        st.booleans(),
    ),
    st.just(Life("unknown")),
    st.just(Life("dead")),
)
FILTERS = st.builds(Filter, st.sampled_from(UNITS), st.lists(CONDITIONS, max_size=2).map(tuple))


def passes(thing: Thing, each: Any) -> bool:
    """One condition on one thing, as its docstring says it."""
    if isinstance(each, Years):
        day: date | None = thing.filed if each.kind == "filing" else thing.granted
        if each.first is None and each.last is None:
            return day is None
        return day is not None and (each.first or 0) <= day.year <= (each.last or 9999)
    if isinstance(each, Node):
        below = {leaf for leaf in LEAVES if each.node_id in (leaf, TREE[leaf])}
        return bool(thing.nodes & below) if each.node_id else not thing.nodes
    if isinstance(each, Organisation):
        own = thing.at(each.level).organisations
        return each.organisation_id in own if each.organisation_id else not own
    if isinstance(each, Life):
        return each.life == "unknown"  # nothing is told of any state here
    known = thing.applicants_at if each.basis == "applicant" else thing.places
    if each.path[0] is None:
        return not known
    if len(each.path) <= 3:
        return any(place[: len(each.path)] == each.path for place in known)
    told = {pair[int(each.zone)] for pair in thing.districts} - {None} if SUZHOU in known else set()
    return SUZHOU in known and (each.path[3] in told if each.path[3] else not told)


def rows(name: str, table: Any) -> set[tuple[Any, ...]]:
    """Rows of a figure as the oracles give them."""
    return {tuple(row.values()) for row in table.to_pylist()}


def alike(mine: set[tuple[Any, ...]], other: set[tuple[Any, ...]]) -> bool:
    def close(a: Any, b: Any) -> bool:
        return a == b or (
            isinstance(a, float) and isinstance(b, float) and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
        )

    rest = list(other)
    for row in mine:
        found = next((each for each in rest if len(each) == len(row) and all(map(close, row, each))), None)
        if found is None:
            return False
        rest.remove(found)
    return not rest


FIGURES = st.sampled_from([each for each in ITEM_FIGURES if each in ORACLES])


@given(things=THINGS, asked=st.lists(st.tuples(FILTERS, FIGURES), min_size=6, max_size=6))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_filtered_figure_is_the_figure_of_what_passes(things: list[Thing], asked: list[tuple[Filter, str]]) -> None:
    with Session(threads=1) as session:
        fill(session, things)
        for under, name in asked:
            left = [t for t in things if t.unit == under.unit and all(passes(t, each) for each in under)]
            assert filtered.count(session, under) == len(left)
            got = filtered.run_filtered(session, [name], under)[name]
            assert alike(rows(name, got), ORACLES[name](left)), (name, under.words)


@given(things=THINGS, under=FILTERS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_behind_each_number_are_as_many_things_as_it_says(things: list[Thing], under: Filter) -> None:
    left = [thing for thing in things if thing.unit == under.unit and all(passes(thing, each) for each in under)]
    seen = 0
    with Session(threads=1) as session:
        fill(session, things)
        for name, table in filtered.run_filtered(session, ITEM_FIGURES, under).items():
            for row in table.slice(0, 4).to_pylist():
                narrower = filtered.behind(name, row, under)
                if narrower is not None:
                    value = row["value"] if "value" in row else row["items"]
                    assert filtered.count(session, narrower) == value, (name, row, narrower.words)
                    seen += 1
        assert len(filtered.listed(session, under, 0, 3)) == min(len(left), 3)
    assert seen or not left


@given(things=THINGS, unit=st.sampled_from(UNITS))
@settings(max_examples=5, deadline=None)
def test_without_a_condition_figures_are_those_of_the_release(things: list[Thing], unit: Any) -> None:
    with Session(threads=1) as session:
        fill(session, things)
        whole = run_all(session)
        for name, table in filtered.run_filtered(session, list(load_all()), Filter(unit)).items():
            assert table.to_pylist() == [row for row in whole[name].to_pylist() if row["unit"] in (unit, "firm")], name


@given(things=THINGS, node=st.sampled_from([*TREE, None]), place=st.sampled_from([each for each in PLACES if each[0]]))
@settings(max_examples=8, deadline=None)
def test_firms_are_narrowed_by_their_own_node_and_place(things: list[Thing], node: str | None, place: Any) -> None:
    from tests.indicators.tables import seat

    place = ("CN", *place[1:])
    under = Filter("application", (Node(node), Years("filing", 2010, 2011)))
    below = {leaf for leaf in LEAVES if node in (leaf, TREE[leaf])}
    firms = [thing for thing in things if (thing.nodes & below if node else not thing.nodes)]
    with Session(threads=1) as session:
        fill(session, things)
        got = filtered.run_filtered(session, ["firms_by_place", "firms_by_node"], under)
    by_place = {(row["province"], row["city"]): row["firms"] for row in got["firms_by_place"].to_pylist()}
    assert by_place == {at: sum(seat(t)[1:] == at for t in firms) for at in {seat(t)[1:] for t in firms}}
    assert not filtered.touches(load_all()["firms_by_node"], Years("filing", 2010, 2011))


@given(under=FILTERS)
def test_an_address_says_a_filter(under: Filter) -> None:
    (unit_name, unit), *words = under.words
    assert unit_name == "unit"
    assert Filter(unit, tuple(filters.condition(name, value) for name, value in words)) == under  # type: ignore[arg-type]


@given(name=st.text(min_size=1), basis=st.sampled_from(("applicant", "inventor")), zone=st.booleans())
def test_a_place_of_any_name_comes_back(name: str, basis: Any, zone: bool) -> None:
    place = Place(basis, ("CN", None, name, name), zone)
    assert filters.condition(*place.word) == place


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filed", "12"),
        ("filed", "-"),
        ("place", "moon/CN"),
        ("place", "applicant/"),
        ("applicant", "boss/1"),
        ("state", "alive"),
        ("colour", "red"),
        ("node", ""),
        ("filed", "２０１２"),
    ],
)
def test_what_says_no_condition_is_refused(name: str, value: str) -> None:
    with pytest.raises(DefinitionError, match="cannot be read"):
        filters.condition(name, value)


def test_years_stand_in_order_and_one_year_is_a_period() -> None:
    assert filters.condition("filed", "2015-2012") == Years("filing", 2012, 2015)
    assert filters.condition("granted", "2015") == Years("grant", 2015, 2015)
    assert filters.condition("filed", "2012-").word == ("filed", "2012-")


def test_levels_are_those_of_the_schema() -> None:
    assert {filters.condition("applicant", f"{level}/x").word[1] for level in LEVELS} == {"entity/x", "group/x"}
