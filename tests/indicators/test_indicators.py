"""Every indicator against plain Python that counts one by one."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from pingjiang.engine import Session
from pingjiang.indicators import load_all, results_as_json, run, run_all
from tests.indicators.tables import LEAVES, ORGANISATIONS, PLACES, THINGS, TREE, UNITS, Thing, count, fill

LAST_COMPLETE = 2018
Rows = set[tuple[Any, ...]]
ORACLES: dict[str, Callable[[Sequence[Thing]], Rows]] = {}


def oracle(function: Callable[[Sequence[Thing]], Rows]) -> Callable[[Sequence[Thing]], Rows]:
    ORACLES[function.__name__] = function
    return function


def of(things: Sequence[Thing], unit: str) -> list[Thing]:
    return [thing for thing in things if thing.unit == unit]


def complete(year: int | None) -> bool:
    return year is not None and year <= LAST_COMPLETE


@oracle
def filings_by_year(things: Sequence[Thing]) -> Rows:
    return {(u, y, n, complete(y)) for (u, y), n in count((t.unit, t.year) for t in things).items()}


@oracle
def grants_by_year(things: Sequence[Thing]) -> Rows:
    got = count((t.unit, t.granted.year) for t in things if t.granted)
    return {(u, y, n, y < 2021) for (u, y), n in got.items()}


@oracle
def growth_by_year(things: Sequence[Thing]) -> Rows:
    got = count((t.unit, t.year) for t in things if complete(t.year))
    return {
        (u, y, n, got.get((u, y - 1), 0), (n - got[(u, y - 1)]) / got[(u, y - 1)] if got.get((u, y - 1)) else None)
        for (u, y), n in got.items()
    }


@oracle
def cagr(things: Sequence[Thing]) -> Rows:
    rows = set()
    for unit in UNITS:
        got = count(t.year for t in of(things, unit) if complete(t.year))
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
def top_organisations(things: Sequence[Thing]) -> Rows:
    rows = set()
    for unit in UNITS:
        own = of(things, unit)
        values = count(o for t in own for o in t.organisations)
        share = parts(own)
        for o, n in values.items():
            years = [t.year for t in own if o in t.organisations and t.year is not None]
            rank = 1 + sum(m > n for m in values.values())
            first, last = min(years, default=None), max(years, default=None)
            rows.add((unit, rank, o, f"firm {o}", n, share[o] / sum(share.values()), first, last))
    return rows


@oracle
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
def new_entrants_by_year(things: Sequence[Thing]) -> Rows:
    rows = set()
    for unit in UNITS:
        seen = {(o, t.year) for t in of(things, unit) for o in t.organisations if t.year is not None}
        first = {o: min(y for p, y in seen if p == o) for o, _ in seen}
        for year in {y for _, y in seen}:
            entered, active = sum(y == year for y in first.values()), len({o for o, y in seen if y == year})
            rows.add((unit, year, entered, active, complete(year)))
    return rows


def places(thing: Thing) -> set[tuple[str | None, str | None, str | None]]:
    return set(thing.places) or {PLACES[0]}


@oracle
def countries(things: Sequence[Thing]) -> Rows:
    got = count((t.unit, c) for t in things for c in {p[0] for p in places(t)})
    return {(u, "inventor", c, n, n / len(of(things, u))) for (u, c), n in got.items()}


@oracle
def cities(things: Sequence[Thing]) -> Rows:
    got = count((t.unit, "inventor", *p) for t in things for p in places(t))
    return {(*key, n) for key, n in got.items()}


@oracle
def country_node(things: Sequence[Thing]) -> Rows:
    got = count((t.unit, "inventor", c, n) for t in things for c in {p[0] for p in places(t)} for n in t.nodes)
    return {(*key, n) for key, n in got.items()}


@oracle
def city_node(things: Sequence[Thing]) -> Rows:
    got = count((t.unit, "inventor", *p, n) for t in things for p in places(t) for n in t.nodes if p[0] == "CN")
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
    got = count((t.unit, n, t.year) for t in things for n in t.nodes)
    return {(u, n, y, value, complete(y)) for (u, n, y), value in got.items()}


@oracle
def node_organisation(things: Sequence[Thing]) -> Rows:
    got = count((t.unit, n, o) for t in things for n in t.nodes for o in t.organisations)
    return {
        (u, n, 1 + sum(w > v for (u2, n2, _), w in got.items() if (u2, n2) == (u, n)), o, f"firm {o}", v)
        for (u, n, o), v in got.items()
    }


@oracle
def co_applicants(things: Sequence[Thing]) -> Rows:
    single = count((t.unit, o) for t in things for o in t.organisations)
    pairs = count((t.unit, *pair) for t in things for pair in itertools.combinations(sorted(t.organisations), 2))
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


def rounded(rows: Any) -> list[tuple[Any, ...]]:
    told = [tuple(round(float(v), 9) if isinstance(v, float) else v for v in row) for row in rows]
    told = [tuple(float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in row) for row in told]
    return sorted(told, key=str)


def test_every_indicator_has_its_oracle() -> None:
    assert set(ORACLES) == set(load_all())


@pytest.mark.parametrize("name", sorted(ORACLES))
def test_an_indicator_equals_counting_one_by_one(name: str) -> None:
    @given(things=THINGS)
    @settings(max_examples=25, deadline=None)
    def check(things: list[Thing]) -> None:
        with Session(threads=1) as session:
            fill(session, things)
            table = run(load_all()[name], session)
        got = [tuple(row.values()) for row in table.to_pylist()]
        assert rounded(got) == rounded(ORACLES[name](things))

    check()


def test_the_published_example_of_concentration() -> None:
    """Shares 30, 20, 15, 10, 5, 5, 5, 4, 3, 3: CR5 .80, HHI .1734, HHI* .08156."""
    shares = dict(zip("ABCDEFGHIJ", (30, 20, 15, 10, 5, 5, 5, 4, 3, 3), strict=True))
    things = [Thing("publication", organisations=frozenset({o})) for o, n in shares.items() for _ in range(n)]
    with Session(threads=1) as session:
        fill(session, things)
        [row] = run(load_all()["concentration"], session).to_pylist()
    assert row["organisations"] == 10
    assert row["cr5"] == pytest.approx(0.80)
    assert row["hhi"] == pytest.approx(0.1734)
    assert row["hhi_normalised"] == pytest.approx(0.08156, abs=5e-6)


@given(things=THINGS)
@settings(max_examples=15, deadline=None)
def test_what_must_add_up_adds_up(things: list[Thing]) -> None:
    with Session(threads=1) as session:
        fill(session, things)
        told = {(e["name"], e["unit"]): e["rows"] for e in results_as_json(session, run_all(session))}
    for unit in UNITS:
        own = of(things, unit)
        assert sum(r["value"] for r in told["filings_by_year", unit]) == len(own)
        assert sum(r["items"] for r in told["claim_counts", unit]) == len(own)
        shares = [r["share"] for r in told["top_organisations", unit]]
        assert not shares or sum(shares) == pytest.approx(1)
        counts = {r["node_id"]: r["value"] for r in told["node_counts", unit]}
        if own:
            assert counts[None] + len([t for t in own if t.nodes]) == len(own)
            assert counts["x"] <= counts["l1"] + counts["l2"]


def test_rows_come_in_the_same_order_every_time() -> None:
    things = [
        Thing(u, filed=date(2015, 1, 1), organisations=frozenset(o), nodes=frozenset(LEAVES))
        for u in UNITS for o in itertools.combinations(ORGANISATIONS, 2)
    ]  # fmt: skip
    answers = []
    for threads in (1, 2, 2):
        with Session(threads=threads) as session:
            fill(session, things)
            answers.append({name: table.to_pylist() for name, table in run_all(session).items()})
    assert answers[0] == answers[1] == answers[2]


def test_json_carries_unit_period_and_cut_off() -> None:
    with Session(threads=1) as session:
        fill(session, [Thing("publication", filed=date(2012, 1, 1)), Thing("publication", filed=date(2014, 1, 1))])
        entries = results_as_json(session, run_all(session, ["filings_by_year", "countries"]))
    by = {(e["name"], e["unit"]): e for e in entries}
    assert by["filings_by_year", "publication"]["period"] == [2012, 2014]
    assert by["countries", "publication"]["period"] == [2012, 2014]
    assert by["filings_by_year", "publication"]["cutoff"] == "2021-06-30"
    assert by["filings_by_year", "application"]["rows"] == []
    assert all("unit" not in row for e in entries for row in e["rows"])
