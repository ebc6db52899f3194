"""The generated release: the same for the same seed, cut into chunks as you like, skewed as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate import release
from benchmarks.generate.release import Parameters

from pingjiang.engine import Session
from pingjiang.schema import tables as schema

pytestmark = pytest.mark.slow  # of measuring, not of the product

N = 20_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("release")
    release.generate(made, Parameters(N, organisations=5_000))
    return made


def ask(folder: Path, sql: str) -> Any:
    with Session() as session:
        session.name_tables(release.open_release(session, folder))
        rows = session.rows(sql)
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def digest(folder: Path) -> dict[str, Any]:
    tables = release.TABLES
    return {name: ask(folder, f"select bit_xor(hash(t)) || ' ' || count(*) from (from {name}) t") for name in tables}


def test_same_seed_same_rows_whatever_the_chunks(folder: Path, tmp_path: Path) -> None:
    release.generate(tmp_path, Parameters(N, organisations=5_000, chunk_blocks=7))
    assert digest(tmp_path) == digest(folder)


def test_another_seed_other_rows(folder: Path, tmp_path: Path) -> None:
    release.generate(tmp_path, Parameters(N, organisations=5_000, seed=7))
    mine, other = digest(tmp_path), digest(folder)
    assert not [name for name in release.CHUNKED_TABLES if mine[name] == other[name]]


def test_a_cut_keeps_what_comes_before(folder: Path, tmp_path: Path) -> None:
    release.generate(tmp_path, Parameters(N - 5_000, organisations=5_000))
    count = ask(tmp_path, "select count(*) from publication")
    assert count == N - 5_000
    longer = set(ask(folder, "select publication_id, publication_date from publication"))
    # Only the last block may differ: it is cut in the middle.
    shorter = set(ask(tmp_path, "select publication_id, publication_date from publication"))
    assert len(shorter - longer) <= release.PUBLICATIONS


@pytest.mark.parametrize("name", release.TABLES)
def test_columns_and_keys_are_those_of_the_schema(folder: Path, name: str) -> None:
    table = schema.table(name)
    with Session() as session:
        written = session.read_parquet(release.paths(folder, name))
        assert written.columns() == table.engine_columns()
        key = ", ".join(table.key)
        assert not session.rows(f"select 1 from t group by {key} having count(*) > 1", t=written)


def test_the_tables_refer_to_each_other(folder: Path) -> None:
    for child, column, parent in (
        ("publication", "application_id", "application"),
        ("application", "family_id", "simple_family"),
        ("application", "extended_family_id", "extended_family"),
        ("simple_family", "extended_family_id", "extended_family"),
        ("application", "publication_id", "publication"),
        ("simple_family", "publication_id", "publication"),
        ("publication_applicant", "organisation_id", "organisation"),
        ("publication_applicant", "publication_id", "publication"),
        ("publication_node", "node_id", "chain_node"),
        ("publication_place", "publication_id", "publication"),
    ):
        assert ask(folder, f"select count(*) from {child} anti join {parent} using ({column})") == 0, child
    assert ask(folder, "select sum(publications) from application") == N
    assert ask(folder, "select count(*) from publication where publication_date < filing_date") == 0
    assert ask(folder, "select max(publication_date) <= any_value(cutoff_date) from publication, horizon")


@pytest.mark.parametrize(
    ("what", "sql", "low", "high"),
    [
        ("publications an application", "select avg(publications) from application", 1.44, 1.46),
        ("applications a family", "select avg(applications) from simple_family", 1.49, 1.51),
        ("applications an extended family", "select avg(applications) from extended_family", 1.85, 1.9),
        ("granted", "select avg(cast(grant_date is not null as int)) from application", 0.42, 0.49),
        ("undated", "select avg(cast(filing_year is null as int)) from application", 0.005, 0.015),
        ("not identified", "select avg(cast(not identified as int)) from application", 0.005, 0.04),
        (
            "no applicant",
            "select count(*) / 20000 from publication anti join publication_applicant using (publication_id)",
            0.012,
            0.028,
        ),
        (
            "joint",
            "select avg((n > 1)::int) from (from publication_applicant select count(*) n group by publication_id)",
            0.09,
            0.14,
        ),
        (
            "no country",
            "select count(*) / 20000 from publication_place where basis = 'applicant' and country is null",
            0.07,
            0.11,
        ),
        (
            "in China",
            "select avg(cast(country = 'CN' as int)) from publication_place where basis = 'applicant'",
            0.3,
            0.6,
        ),
        (
            "most leaves",
            "select max(n) from (select count(*) n from publication_node group by publication_id)",
            3,
            4,
        ),
        (
            "unplaced",
            "select count(*) / 20000 from publication anti join publication_node using (publication_id)",
            0.035,
            0.065,
        ),
        ("first year", "select min(filing_year) from application", 1990, 1993),
        ("last year", "select max(filing_year) from application", 2025, 2025),
    ],
)
def test_the_stated_skews(folder: Path, what: str, sql: str, low: float, high: float) -> None:
    assert low <= float(ask(folder, sql)) <= high, what


def test_organisations_follow_zipf(folder: Path) -> None:
    """The first organisation has about twice the second's and ten times the tenth's; the tail is long."""
    counts = [
        row[0]
        for row in ask(folder, "select count(*) from publication_applicant group by organisation_id order by 1 desc")
    ]
    assert 1.3 < counts[0] / counts[1] < 3
    assert 5 < counts[0] / counts[9] < 20
    assert counts[len(counts) // 2] <= 4


def test_years_grow_and_the_last_are_cut_off(folder: Path) -> None:
    by_year = dict(ask(folder, "select filing_year, count(*) from application where filing_year > 0 group by 1"))
    assert by_year[2019] > 2 * by_year[2005] > 2 * by_year[1996]
    assert by_year[2025] < by_year[2024] < by_year[2020]
