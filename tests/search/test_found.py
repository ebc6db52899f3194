"""What pages are given of a result equals what plain SQL over the release gives: units, orders, facets, parts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.engine import Lake, Session, open_engine
from pingjiang.query import parse, sql
from pingjiang.query.corpus import TABLES
from pingjiang.search import ensure
from pingjiang.search.arrangement import ORDERS, UNITS
from pingjiang.search.found import Found
from pingjiang.search.shared import Shared, forget, shared
from tests.search.conftest import SETTINGS, grow

HEADS = "Publication Number,Application Number,Title,Application Date,Publication Date,Applicant,IPC,Claims\n"
FIRMS = ("宁德时代新能源科技股份有限公司", "Toyota Motor Corp", "苏州大学; 华为技术有限公司")
QUERIES = (
    "电池", "NOT TI=电池", "TI=(电池 OR sulfide) NOT PA=toyota", "IPC=H01M10 AND APD>=2014",
    "PA=* AND (TI=电池 OR IPC=H01L)", "没有这个词", "APD=2012, PD=20200301",
)  # fmt: skip


def rows() -> Iterator[str]:
    """Forty documents of 25 applications: some are published twice, some tell no day (synthetic)."""
    for number in range(25):
        filed = "" if number % 7 == 3 else f"201{number % 8}-03-{1 + number % 9:02}"
        for kind, day in (("A", "2020-03-01"), ("B", "2021-06-15"))[: 1 + (number % 5 > 1)]:
            title = ("锂电池隔膜", "Solid sulfide electrolyte", "天线")[number % 3]
            yield (
                f"CN1100{number:05}{kind},CN2011{number:08}.{_check(number)},{title},{filed},{day},"
                f"{FIRMS[number % 3]},{('H01M10/05', 'H01L21/768; H01M4/00')[number % 2]},"
            )


def _check(number: int) -> str:
    digits = f"2011{number:08}"
    rest = sum(int(digit) * (2 + at % 8) for at, digit in enumerate(digits)) % 11
    return "X" if rest == 10 else str(rest)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder: Path = tmp_path_factory.mktemp("found")
    (folder / "rows.csv").write_text(HEADS + "\n".join(rows()) + "\n", encoding="utf-8")
    made = Lake(folder / "lake")
    pipeline.import_files([folder / "rows.csv"], made, settings=SETTINGS)
    pipeline.build(made, load_chain("semiconductors"), settings=SETTINGS)
    ensure(made, settings=SETTINGS)
    return made


@pytest.fixture(scope="module")
def opened(lake: Lake) -> Shared:
    found = shared(lake, lake.require_current())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def session(lake: Lake) -> Iterator[Session]:
    with open_engine(SETTINGS, lake.folder) as made:
        made.name_tables(lake.require_current().open(made))
        yield made


_KEYS = {"publication": "p.publication_id", "application": "p.application_id", "simple_family": "a.family_id"}


def scanned(session: Session, lake: Lake, query: str) -> list[dict[str, Any]]:
    """Each publication that a query holds, with what it counts for and the days that order it."""
    release = lake.require_current()
    tables = release.open(session, *TABLES)
    found = sql.ask(session, tables, parse(query))
    keys = ", ".join(f"{key} as {unit}" for unit, key in _KEYS.items())
    return session.sql(
        f"select {keys}, coalesce(p.filing_date, a.filing_date) as filed, p.publication_date as published, "
        "p.publication_id, s.life, s.state from f join publication p on p.publication_id = f.publication_id "
        "left join application a on a.application_id = p.application_id "
        "left join legal_state s on s.application_id = p.application_id",
        f=found,
    ).dicts()


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("query", QUERIES)
def test_units_orders_and_pages_equal_a_scan(
    lake: Lake, opened: Shared, session: Session, query: str, unit: str
) -> None:
    rows = scanned(session, lake, query)
    found = opened.found(parse(query), unit)
    assert found.totals == {each: len({row[each] for row in rows}) for each in UNITS}
    for order, (by, newest) in ORDERS.items():
        listed = [hit for start in range(0, found.total, 7) for hit in found.page(start, 7, order)]
        ids = [hit["publication_id"] for hit in listed]
        owners = {row["publication_id"]: row for row in rows}
        assert [owners[one][unit] for one in ids] == list(dict.fromkeys(owners[one][unit] for one in ids))  # each once
        assert {owners[one][unit] for one in ids} == {row[unit] for row in rows}
        days = [owners[one][by] for one in ids]
        known = [day for day in days if day is not None]
        assert days == sorted(known, reverse=newest) + [None] * (len(days) - len(known))


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("query", QUERIES)
def test_facets_of_each_unit_equal_a_scan(lake: Lake, opened: Shared, session: Session, query: str, unit: str) -> None:
    rows = scanned(session, lake, query)
    facets = opened.found(parse(query), unit).facets()
    for name in ("life", "state"):
        held: dict[str, set[str]] = {}
        for row in rows:
            held.setdefault(row[name], set()).add(row[unit])
        unknown = len(
            {row[unit] for row in rows} - {key for value in held if value != "unknown" for key in held[value]}
        )
        assert {one["id"]: one["count"] for one in facets[name]["values"]} == {
            value: len(keys) for value, keys in held.items() if value != "unknown"
        }
        assert facets[name]["unknown"] == unknown
    years: dict[str, set[str]] = {}
    for row in rows:
        if row["filed"] is not None:
            years.setdefault(str(row["filed"].year), set()).add(row[unit])
    assert {one["id"]: one["count"] for one in facets["year"]["values"]} == {y: len(keys) for y, keys in years.items()}


@pytest.mark.parametrize("query", QUERIES)
def test_parts_find_what_they_find_alone(lake: Lake, opened: Shared, session: Session, query: str) -> None:
    from pingjiang.query import echo

    for unit in UNITS:
        for part in opened.found(parse(query), unit).parts():
            assert part.count == len({row[unit] for row in scanned(session, lake, echo(part.node))})
    parts = opened.found(parse("TI=(电池 OR 天线) AND PA=toyota")).parts()
    assert [part.depth for part in parts] == [2, 2, 1, 1, 0]


def test_neighbours_are_those_of_the_list(opened: Shared) -> None:
    for unit in UNITS:
        for order in ORDERS:
            found = opened.found(parse("PA=*"), unit)
            ids = [hit["publication_id"] for hit in found.page(0, 100, order)]
            for place, one in enumerate(ids):
                before = ids[place - 1] if place else None
                assert found.beside(one, order) == (place, before, [*ids, None][place + 1])
    assert opened.found(parse("PA=toyota")).beside("CN110000000A") is None
    assert opened.found(parse("PA=*")).beside("CN999999999A") is None


def test_threads_share_an_index(opened: Shared) -> None:
    def ask(number: int) -> tuple[int, list[str]]:
        found = opened.found(parse(QUERIES[number % len(QUERIES)]), UNITS[number % 3])
        found.facets(5)
        return found.total, [hit["publication_id"] for hit in found.page(0, 50, "-filed")]

    alone = [ask(number) for number in range(21)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, list(range(21)) * 5)) == alone * 5


@pytest.mark.slow
def test_it_is_opened_anew_when_it_was_made_anew_and_stays_for_a_release(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    grow(lake, 0)
    first = lake.require_current()
    assert shared(lake, first) is None  # nothing is made by looking
    ensure(lake, settings=SETTINGS)
    before = shared(lake, first)
    assert before is not None and before is shared(lake, first)
    grow(lake, 24)
    second = lake.require_current()
    waiting = shared(lake, second)
    assert waiting is before and waiting.index.release == first.id
    ensure(lake, settings=SETTINGS)
    now, still = shared(lake, second), shared(lake, first)
    assert now is not None and now.index.release == second.id and still is before
    (lake.folder / "search" / second.id / "shown.arrow").write_bytes(b"broken")
    forget(lake)
    mended = shared(lake, second)
    assert mended is not None and mended.index.release == first.id  # the broken one is not used


def test_found_needs_no_kept(opened: Shared) -> None:
    assert Found(opened.index, parse("电池")).total == opened.found(parse("电池")).total


def test_a_record_says_where_each_fact_comes_from(lake: Lake, opened: Shared) -> None:
    from pingjiang.pipeline.publications import place_of, publication_record

    release, day = lake.require_current(), datetime.date(2026, 1, 1)
    record = publication_record(opened.index, release, "CN110000002B", day)
    assert record is not None
    assert [each["publication_id"] for each in record["documents"]] == ["CN110000002B", "CN110000002A"]
    told = pipeline.legal_state(lake, "CN110000002B", day, settings=SETTINGS)
    assert record["legal"].items() <= told.items() and record["facts"]
    cells = record["cells"]
    assert cells["title"]["columns"] == ["Title"] and cells["filing_date"]["columns"] == ["Application Date"]
    place = cells["title"]["place"]
    line = (lake.folder.parent / "rows.csv").read_text(encoding="utf-8").splitlines()[int(place["row"]) - 1]
    assert line.startswith("CN110000002B,") and place["file"] == "rows.csv"
    assert publication_record(opened.index, release, "CN999999999A", day) is None
    assert place_of("incopat:a.xlsx!Sheet 1:7") == {
        "format": "incopat",
        "file": "a.xlsx",
        "sheet": "Sheet 1",
        "row": "7",
    }
    assert place_of(None) is None
