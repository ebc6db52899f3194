"""Every indicator against plain Python that counts one by one."""

from __future__ import annotations

import itertools
import json
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings

from pingjiang.engine import Session
from pingjiang.indicators import load_all, results_as_json, run, run_all
from pingjiang.rulebook import ask
from pingjiang.schema.units import LEVELS, UNITS
from tests.indicators.tables import (
    LEAVES,
    READ,
    SUZHOU,
    THINGS,
    TREE,
    Row,
    Thing,
    add_up_organisations,
    fill,
    name_rows,
    seat,
)

LAST_COMPLETE = 2018
Rows = set[tuple[Any, ...]]
ORACLES: dict[str, Callable[[Sequence[Thing]], Rows]] = {}


def oracle(function: Callable[[Sequence[Thing]], Rows]) -> Callable[[Sequence[Thing]], Rows]:
    ORACLES[function.__name__] = function
    return function


def by_level(function: Callable[[Sequence[Thing]], Rows]) -> Callable[[Sequence[Thing]], Rows]:
    """The oracle of one level for both: things with their organisations, then with the groups of these."""

    def both(things: Sequence[Thing]) -> Rows:
        return {
            (row[0], level, *row[1:]) for level in LEVELS for row in function([thing.at(level) for thing in things])
        }

    both.__name__ = function.__name__
    return both


def of(things: Sequence[Thing], unit: str) -> list[Thing]:
    return [thing for thing in things if thing.unit == unit]


def complete(year: int | None) -> bool:
    return year is not None and year <= LAST_COMPLETE


@oracle
def filings_by_year(things: Sequence[Thing]) -> Rows:
    return {(u, y, n, complete(y)) for (u, y), n in Counter((t.unit, t.year) for t in things).items()}


@oracle
def grants_by_year(things: Sequence[Thing]) -> Rows:
    got = Counter((t.unit, t.granted.year) for t in things if t.granted)
    return {(u, y, n, y < 2021) for (u, y), n in got.items()}


@oracle
def legal_states(things: Sequence[Thing]) -> Rows:
    """Nothing is told of any state here: see test_legal_states_of_units."""
    return {(u, "unknown", n, 1.0, "2021-06-30") for u, n in Counter(t.unit for t in things).items()}


@oracle
def growth_by_year(things: Sequence[Thing]) -> Rows:
    got = Counter((t.unit, t.year) for t in things if t.year is not None and complete(t.year))
    first: dict[str, int | None] = {unit: min((y for u, y in got if u == unit), default=None) for unit in UNITS}
    return {
        (
            u, y, n, None if y == first[u] else got.get((u, y - 1), 0),
            (n - got[(u, y - 1)]) / got[(u, y - 1)] if got.get((u, y - 1)) else None,
        )
        for (u, y), n in got.items()
    }  # fmt: skip


@oracle
def cagr(things: Sequence[Thing]) -> Rows:
    rows = set()
    for unit in UNITS:
        got = Counter(t.year for t in of(things, unit) if t.year is not None and complete(t.year))
        if got:
            start = max(min(got), LAST_COMPLETE - 10)
            a, b, n = got.get(start, 0), got.get(LAST_COMPLETE, 0), LAST_COMPLETE - start
            rows.add((unit, start, LAST_COMPLETE, a, b, (b / a) ** (1 / n) - 1 if a and n else None))
    return rows


def parts(things: Sequence[Thing]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for thing in things:
        for organisation in thing.organisations:
            found[organisation] += 1 / len(thing.organisations)
    return found


@oracle
@by_level
def top_organisations(things: Sequence[Thing]) -> Rows:
    rows = set()
    for unit in UNITS:
        own = of(things, unit)
        values = Counter(o for t in own for o in t.organisations)
        share = parts(own)
        for o, n in values.items():
            years = [t.year for t in own if o in t.organisations and t.year is not None]
            rank = 1 + sum(m > n for m in values.values())
            first, last = min(years, default=None), max(years, default=None)
            rows.add((unit, rank, o, f"firm {o}", n, share[o] / sum(share.values()), first, last))
    return rows


@oracle
@by_level
def concentration(things: Sequence[Thing]) -> Rows:
    rows = set()
    for unit in UNITS:
        own = of(things, unit)
        if not own:
            continue
        values = list(parts(own).values())
        shares = sorted((v / sum(values) for v in values), reverse=True)
        n, hhi = len(shares), sum(s * s for s in shares)
        unknown = sum(not t.organisations for t in own)
        rows.add(
            (unit, n, len(own), unknown, sum(shares[:5]) if n else None, hhi if n else None,
             (hhi - 1 / n) / (1 - 1 / n) if n > 1 else None)
        )  # fmt: skip
    return rows


@oracle
@by_level
def new_entrants_by_year(things: Sequence[Thing]) -> Rows:
    rows = set()
    for unit in UNITS:
        seen = {(o, t.year) for t in of(things, unit) for o in t.organisations if t.year is not None}
        first = {o: min(y for p, y in seen if p == o) for o, _ in seen}
        for year in {y for _, y in seen}:
            entered, active = sum(y == year for y in first.values()), len({o for o, y in seen if y == year})
            rows.add((unit, year, entered, active, complete(year)))
    return rows


@oracle
def countries(things: Sequence[Thing]) -> Rows:
    got = Counter(key for t in things for key in {(t.unit, basis, place[0]) for basis, place in t.located()})
    return {(u, basis, c, n, n / len(of(things, u))) for (u, basis, c), n in got.items()}


@oracle
def cities(things: Sequence[Thing]) -> Rows:
    got = Counter((t.unit, basis, *place) for t in things for basis, place in t.located())
    return {(*key, n) for key, n in got.items()}


def parts_of_cities(things: Sequence[Thing], part: int) -> Rows:
    got: Counter[tuple[Any, ...]] = Counter()
    for t in things:
        for basis, (country, province, city) in t.located():
            if country == "CN" and city is not None:
                parts = {d[part] for d in t.districts if d[part] is not None and (country, province, city) == SUZHOU}
                got.update((t.unit, basis, province, city, told) for told in parts or {None})
    return {(*key, n) for key, n in got.items()}


@oracle
def districts(things: Sequence[Thing]) -> Rows:
    return parts_of_cities(things, 0)


@oracle
def zones(things: Sequence[Thing]) -> Rows:
    return parts_of_cities(things, 1)


@oracle
def country_node(things: Sequence[Thing]) -> Rows:
    got = Counter(
        (t.unit, basis, country, node)
        for t in things
        for basis, country in {(basis, place[0]) for basis, place in t.located()}
        for node in t.nodes
    )
    return {(*key, n) for key, n in got.items()}


@oracle
def city_node(things: Sequence[Thing]) -> Rows:
    got = Counter(
        (t.unit, basis, *place, node)
        for t in things
        for basis, place in t.located()
        for node in t.nodes
        if place[0] == "CN"
    )
    return {(*key, n) for key, n in got.items()}


@oracle
def node_counts(things: Sequence[Thing]) -> Rows:
    rows: Rows = set()
    for unit in {t.unit for t in things}:
        own = of(things, unit)
        for node in TREE:
            below = {leaf for leaf in LEAVES if node in (leaf, TREE[leaf])}
            inside = [t for t in own if t.nodes & below]
            rows.add((unit, node, len(inside), sum(len(t.nodes) > 1 for t in inside)))
        rows.add((unit, None, sum(not t.nodes for t in own), 0))
    return rows


@oracle
def node_year(things: Sequence[Thing]) -> Rows:
    got = Counter((t.unit, n, t.year) for t in things for n in t.nodes)
    return {(u, n, y, value, complete(y)) for (u, n, y), value in got.items()}


@oracle
@by_level
def node_organisation(things: Sequence[Thing]) -> Rows:
    got = Counter((t.unit, n, o) for t in things for n in t.nodes for o in t.organisations)
    return {
        (u, n, 1 + sum(w > v for (u2, n2, _), w in got.items() if (u2, n2) == (u, n)), o, f"firm {o}", v)
        for (u, n, o), v in got.items()
    }


@oracle
@by_level
def co_applicants(things: Sequence[Thing]) -> Rows:
    single = Counter((t.unit, o) for t in things for o in t.organisations)
    pairs = Counter((t.unit, *pair) for t in things for pair in itertools.combinations(sorted(t.organisations), 2))
    return {
        (u, a, f"firm {a}", b, f"firm {b}", n, n / math.sqrt(single[(u, a)] * single[(u, b)]))
        for (u, a, b), n in pairs.items()
    }


def quantile(values: Sequence[float], p: float) -> float:
    ordered = sorted(values)
    at = (len(ordered) - 1) * p
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


@oracle
def claim_counts(things: Sequence[Thing]) -> Rows:
    rows = set()
    for unit, year in {(t.unit, t.year) for t in things}:
        own = [t for t in of(things, unit) if t.year == year]
        known = [t.claims for t in own if t.claims is not None]
        told = (statistics.mean(known), statistics.median(known), quantile(known, 0.9)) if known else (None,) * 3
        rows.add((unit, year, len(own), len(own) - len(known), *told))
    return rows


@oracle
def grant_lag(things: Sequence[Thing]) -> Rows:
    rows = set()
    for unit, year in {(t.unit, t.granted.year) for t in things if t.granted}:
        own = [t for t in of(things, unit) if t.granted and t.granted.year == year]
        days = [(t.granted - t.filed).days for t in own if t.granted and t.filed and t.granted >= t.filed]
        told = (statistics.median(days), quantile(days, 0.95)) if days else (None, None)
        rows.add((unit, year, len(own), len(own) - len(days), *told))
    return rows


@oracle
def firms_by_place(things: Sequence[Thing]) -> Rows:
    rows = set()
    for place in {seat(t)[1:] for t in things}:
        told = [t.claims for t in things if seat(t)[1:] == place]
        known = [output for output in told if output is not None]
        rows.add(("firm", *place, len(told), len(known), sum(known) if known else None))
    return rows


@oracle
def firms_by_node(things: Sequence[Thing]) -> Rows:
    if not things:
        return set()
    below = {node: {node} | {n for n, parent in TREE.items() if parent == node} for node in TREE}
    counted = {("firm", node, sum(bool(t.nodes & below[node]) for t in things)) for node in TREE}
    return counted | {("firm", None, sum(not t.nodes for t in things))}


def rounded(rows: Any) -> list[tuple[Any, ...]]:
    told = [tuple(round(float(v), 9) if isinstance(v, float) else v for v in row) for row in rows]
    told = [tuple(float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in row) for row in told]
    return sorted(told, key=str)


def tuples(table: pa.Table) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in table.to_pylist()]


def test_every_indicator_has_its_oracle() -> None:
    assert set(ORACLES) == set(load_all())


@given(things=THINGS)
@settings(max_examples=40, deadline=None)
def test_indicators_equal_counting_one_by_one(things: list[Thing]) -> None:
    with Session(threads=1) as session:
        fill(session, things)
        for name, table in run_all(session).items():
            assert rounded(tuples(table)) == rounded(ORACLES[name](things)), name


@given(things=THINGS)
@settings(max_examples=15, deadline=None)
def test_rows_are_ordered_and_unique_by_their_key(things: list[Thing]) -> None:
    with Session(threads=2) as session:
        fill(session, things)
        for name, table in run_all(session).items():
            keys = [tuple(row[column] for column in load_all()[name].key) for row in table.to_pylist()]
            assert len(set(keys)) == len(keys), name
            units = [key[0] for key in keys]
            assert units == sorted(units), name


# -- published examples and cuts ----------------------------------------------------------------------


def test_the_published_example_of_concentration() -> None:
    """Shares 30, 20, 15, 10, 5, 5, 5, 4, 3, 3: CR5 .80, HHI .1734, HHI* .08156."""
    shares = dict(zip("ABCDEFGHIJ", (30, 20, 15, 10, 5, 5, 5, 4, 3, 3), strict=True))
    things = [Thing("publication", organisations=frozenset({o})) for o, n in shares.items() for _ in range(n)]
    with Session(threads=1) as session:
        fill(session, things)
        row, grouped = run(load_all()["concentration"], session).to_pylist()
    assert (row["level"], row["organisations"]) == ("entity", 10)
    assert (grouped["level"], grouped["organisations"], grouped["items"]) == ("group", 7, 100)
    assert grouped["cr5"] == pytest.approx(0.50 + 0.30 + 0.05 + 0.05 + 0.04), "A with B, C with D and E"
    assert row["cr5"] == pytest.approx(0.80)
    assert row["hhi"] == pytest.approx(0.1734)
    assert row["hhi_normalised"] == pytest.approx(0.08156, abs=5e-6)


def test_the_published_example_of_growth() -> None:
    """100, 150, 210, 280, 340 in five years: CAGR .35791; growth of the second year .5."""
    filed = dict(zip(range(2014, 2019), (100, 150, 210, 280, 340), strict=True))
    things = [Thing("application", filed=date(year, 3, 1)) for year, n in filed.items() for _ in range(n)]
    with Session(threads=1) as session:
        fill(session, things)
        [row] = run(load_all()["cagr"], session).to_pylist()
        growth = {r["year"]: r["growth"] for r in run(load_all()["growth_by_year"], session).to_pylist()}
    assert (row["from_year"], row["to_year"], row["from_value"], row["to_value"]) == (2014, 2018, 100, 340)
    assert row["cagr"] == pytest.approx(0.35791, abs=5e-6)
    assert growth[2014] is None
    assert growth[2015] == pytest.approx(0.5)


def test_what_came_before_the_first_year_is_unknown_and_a_year_without_filings_is_zero() -> None:
    things = [Thing("application", filed=date(year, 3, 1)) for year in (2012, 2012, 2013, 2015)]
    things.append(Thing("publication", filed=date(2014, 3, 1)))
    with Session(threads=1) as session:
        fill(session, things)
        told = run(load_all()["growth_by_year"], session).to_pylist()
    assert [(row["unit"], row["year"], row["value"], row["previous"], row["growth"]) for row in told] == [
        ("application", 2012, 2, None, None),
        ("application", 2013, 1, 2, -0.5),
        ("application", 2015, 1, 0, None),
        ("publication", 2014, 1, None, None),
    ]


def test_cagr_begins_as_many_years_back_as_the_rulebook_says() -> None:
    years = int(ask("cagr_years").value)
    things = [Thing("application", filed=date(year, 3, 1)) for year in range(LAST_COMPLETE - years - 3, 2022)]
    with Session(threads=1) as session:
        fill(session, things)
        [row] = run(load_all()["cagr"], session).to_pylist()
    assert (row["from_year"], row["to_year"], row["cagr"]) == (LAST_COMPLETE - years, LAST_COMPLETE, 0)


def test_lists_are_cut_behind_equals_by_id() -> None:
    """130 organisations, all of them pairs of one item: 100, 20 and 200 rows, the first by id."""
    names = [f"o{at:03}" for at in range(130)]
    things = [
        Thing("publication", organisations=frozenset(pair), nodes=frozenset({"l1"}))
        for pair in itertools.combinations(names, 2)
    ]
    with Session(threads=2) as session:
        fill(session, things, organisations=names)
        told = {name: [r for r in table.to_pylist() if r.get("level", "group") == "group"]
                for name, table in run_all(session).items()}  # fmt: skip
    assert [row["organisation_id"] for row in told["top_organisations"]] == names[:100]
    assert {row["rank"] for row in told["top_organisations"]} == {1}
    assert [row["organisation_id"] for row in told["node_organisation"]] == names[:20]
    pairs = [(row["organisation_id_a"], row["organisation_id_b"]) for row in told["co_applicants"]]
    assert pairs == list(itertools.combinations(names, 2))[:200]


# -- what must hold whatever the data --------------------------------------------------------------------


@given(things=THINGS)
@settings(max_examples=20, deadline=None)
def test_what_must_add_up_adds_up(things: list[Thing]) -> None:
    with Session(threads=1) as session:
        fill(session, things)
        told = {(e["name"], e["unit"]): e["rows"] for e in results_as_json(session, run_all(session))}
    for unit in UNITS:
        own = of(things, unit)
        assert sum(r["value"] for r in told["filings_by_year", unit]) == len(own)
        assert sum(r["items"] for r in told["claim_counts", unit]) == len(own)
        grants = sum(r["value"] for r in told["grants_by_year", unit])
        assert grants == sum(r["items"] for r in told["grant_lag", unit])
        for level in LEVELS:
            shares = [r["share"] for r in told["top_organisations", unit] if r["level"] == level]
            assert not shares or sum(shares) == pytest.approx(1, abs=1e-12)
        counts = {r["node_id"]: r["value"] for r in told["node_counts", unit]}
        if own:
            assert counts[None] + len([t for t in own if t.nodes]) == len(own)
            assert max(counts["l1"], counts["l2"]) <= counts["x"] <= counts["l1"] + counts["l2"]
        years = Counter(dict.fromkeys(LEAVES, 0))
        for row in told["node_year", unit]:
            years[row["node_id"]] += row["value"]
        assert dict(years) == {n: counts.get(n, 0) for n in LEAVES}
        for basis in ("applicant", "inventor"):
            located = [r for r in told["countries", unit] if r["basis"] == basis]
            assert sum(r["value"] for r in located) >= len(own), "nothing is dropped"
            for row in located:
                cities_of = [
                    r["value"] for r in told["cities", unit] if (r["basis"], r["country"]) == (basis, row["country"])
                ]
                assert max(cities_of) <= row["value"] <= sum(cities_of)


@given(things=THINGS)
@settings(max_examples=15, deadline=None)
def test_a_unit_that_counts_the_same_things_gives_the_same_rows(things: list[Thing]) -> None:
    alike = [replace(thing, unit=unit) for unit in UNITS for thing in things]
    with Session(threads=1) as session:
        fill(session, alike)
        told = {(e["name"], e["unit"]): e["rows"] for e in results_as_json(session, run_all(session))}
    for name in [name for name, indicator in load_all().items() if indicator.units == UNITS]:
        assert all(told[name, unit] == told[name, "publication"] for unit in UNITS), name


def many_links(items: int) -> dict[str, list[Row]]:
    """Enough rows for several threads, with one to seven organisations an item: thirds and sevenths to add."""
    rows: dict[str, list[Row]] = {name: [] for name in READ}
    for at in range(items):
        key = {"unit": UNITS[at % 4], "item_id": at}
        year, owners, leaves = 2000 + at % 20, 1 + at % 7, 1 + at % 3
        rows["item"].append({**key, "filing_year": year, "filing_date": date(year, 1, 1), "claim_count": at % 31})
        rows["item_organisation"] += [
            {
                **key,
                "level": level,
                "organisation_number": (at * 31 + own * 97) % 997 + 1000 * LEVELS.index(level),
                "organisations": owners,
                "filing_year": year,
            }
            for level in LEVELS
            for own in range(owners)
        ]
        rows["item_node"] += [{**key, "node_id": LEAVES[(at + own) % 3], "filing_year": year} for own in range(leaves)]
        country = {**key, "basis": "inventor", "country": ("CN", "JP")[at % 2]}
        rows["item_place"].append(country)
        rows["item_country"].append(country)
    add_up_organisations(rows)
    rows["counted_organisation"] = [
        {"level": level, "organisation_id": f"o{at:03}", "name": f"firm {at}", "organisation_number": at + 1000 * nth}
        for nth, level in enumerate(LEVELS)
        for at in range(997)
    ]
    rows["chain_node"] = [{"node_id": n, "position": at, "is_leaf": n in LEAVES} for at, n in enumerate(TREE)]
    rows["chain_closure"] = [{"ancestor_id": a, "node_id": n} for n, p in TREE.items() for a in (n, p) if a]
    rows["horizon"] = [{"cutoff_date": date(2021, 6, 30), "last_complete_year": LAST_COMPLETE}]
    return rows


@pytest.mark.slow
def test_rows_are_the_same_to_the_last_bit_with_any_number_of_threads() -> None:
    rows = many_links(50_000)
    answers = []
    for threads in (1, 2, 4):
        with Session(threads=threads) as session:
            name_rows(session, rows)
            answers.append({name: table.to_pylist() for name, table in run_all(session).items()})
    assert len(answers[0]["top_organisations"]) == 800
    for name in answers[0]:
        assert all(answer[name] == answers[0][name] for answer in answers), name


LIVES_OF_FAMILIES = {
    "a": ("in_force", "dead"), "b": ("pending", "dead", "unknown"), "c": ("unknown", "dead", None),
    "d": ("dead", "dead"), "e": ("elsewhere", "dead"), "f": ("elsewhere", "pending"), "g": ("in_force", "pending"),
    "h": (None,),
}  # fmt: skip


def test_legal_states_of_units() -> None:
    """A publication has the life of its application; a family that of the one that is most alive."""
    rows: dict[str, list[Row]] = {name: [] for name in READ}
    lives = [(f"{f}{n}", f, life) for f, own in LIVES_OF_FAMILIES.items() for n, life in enumerate(own)]
    for nth, (application, family, life) in enumerate(lives):
        rows["application"].append(
            {"application_id": application, "family_id": family, "extended_family_id": f"x{family}"}
        )
        rows["item"].append({"item_id": nth, "unit": "application", "item_key": application})
        if life is not None:
            rows["legal_state"].append({"application_id": application, "life": life})
        for kind in "AB":
            rows["publication"].append({"publication_id": f"{application}{kind}", "application_id": application})
            at = 1_000 + 2 * nth + (kind == "B")
            rows["item"].append({"item_id": at, "unit": "publication", "item_key": f"{application}{kind}"})
    for nth, family in enumerate(LIVES_OF_FAMILIES):
        rows["item"].append({"item_id": 5_000 + nth, "unit": "simple_family", "item_key": family})
        rows["item"].append({"item_id": 6_000 + nth, "unit": "extended_family", "item_key": f"x{family}"})
    rows["horizon"] = [{"cutoff_date": date(2020, 1, 2)}]
    with Session(threads=1) as session:
        name_rows(session, rows)
        told = run(load_all()["legal_states"], session).to_pylist()
    found = {(row["unit"], row["life"]): row["value"] for row in told}
    by_life = Counter(life or "unknown" for _, _, life in lives)
    families = {"in_force": 2, "pending": 2, "unknown": 2, "dead": 1, "elsewhere": 1}
    assert {life: n for (unit, life), n in found.items() if unit == "application"} == by_life
    twice = {life: 2 * n for life, n in by_life.items()}
    assert {life: n for (unit, life), n in found.items() if unit == "publication"} == twice
    for of in ("simple_family", "extended_family"):
        assert {life: n for (unit, life), n in found.items() if unit == of} == families
    for unit in UNITS:
        assert math.isclose(sum(row["share"] for row in told if row["unit"] == unit), 1)
    assert {row["as_of"] for row in told} == {"2020-01-02"}


# -- little or nothing to count ------------------------------------------------------------------------


def test_an_empty_release_gives_no_rows() -> None:
    with Session(threads=1) as session:
        name_rows(session, {})
        entries = results_as_json(session, run_all(session))
    assert len(entries) == sum(len(indicator.units) for indicator in load_all().values())
    assert all((e["rows"], e["period"], e["cutoff"]) == ([], None, None) for e in entries)


@pytest.mark.parametrize("last_complete", [None, LAST_COMPLETE])
def test_where_nothing_is_known_items_are_still_counted(last_complete: int | None) -> None:
    things = [Thing(unit) for unit in UNITS for _ in range(3)]
    with Session(threads=1) as session:
        fill(session, things, cutoff=None, last_complete=last_complete)
        told = {(e["name"], e["unit"]): e["rows"] for e in results_as_json(session, run_all(session))}
    for unit in UNITS:
        assert told["filings_by_year", unit] == [{"year": None, "value": 3, "complete": False}]
        assert [
            (row["level"], row["unknown_items"], row["cr5"], row["hhi"]) for row in told["concentration", unit]
        ] == [(level, 3, None, None) for level in LEVELS]
        assert [row["country"] for row in told["countries", unit]] == [None, None]
        assert {row["node_id"]: row["value"] for row in told["node_counts", unit]}[None] == 3
        assert told["cagr", unit] == told["growth_by_year", unit] == []


# -- the shape of results --------------------------------------------------------------------------------


def test_columns_hold_what_their_kind_says() -> None:
    whole, fraction = pa.int64(), pa.float64()
    types = {
        "key": pa.string(), "text": pa.string(), "node": pa.string(), "organisation": pa.string(),
        "country": pa.string(), "year": whole, "count": whole, "share": fraction, "ratio": fraction,
        "number": fraction, "days": fraction, "bool": pa.bool_(),
    }  # fmt: skip
    with Session(threads=1) as session:
        name_rows(session, {})
        for name, table in run_all(session).items():
            for column in load_all()[name].columns:
                assert table.schema.field(column.name).type == types[column.kind], f"{name}.{column.name}"


def test_json_carries_unit_period_and_cut_off() -> None:
    things = [Thing("publication", filed=date(2012, 1, 1)), Thing("publication", filed=date(2014, 1, 1))]
    with Session(threads=1) as session:
        fill(session, [*things, Thing("publication", filed=date(2020, 1, 1))])
        entries = results_as_json(session, run_all(session, ["filings_by_year", "countries", "cagr"]))
    by = {(e["name"], e["unit"]): e for e in entries}
    assert by["filings_by_year", "publication"]["period"] == [2012, 2020]
    assert by["countries", "publication"]["period"] == [2012, 2020]
    assert by["cagr", "publication"]["period"] == [2012, LAST_COMPLETE]
    assert by["filings_by_year", "publication"]["cutoff"] == "2021-06-30"
    assert by["filings_by_year", "application"]["rows"] == []
    assert all("unit" not in row for e in entries for row in e["rows"])
    json.dumps(entries, allow_nan=False)
