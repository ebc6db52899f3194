"""The opponents do the same job as we do: nothing may be timed against an opponent that does less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.baseline import import_pandas, indicators, read_fastexcel
from benchmarks.generate import exports, release

from benchmarks import compare, ours, ours_indicators
from pingjiang.engine import Lake, Session

pytestmark = pytest.mark.slow  # of measuring, not of the product

MEMORY = "2GB"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("release")
    release.generate(made, release.Parameters(5_000, organisations=900))
    return made


@pytest.fixture(scope="module")
def our_rows(generated: Path) -> dict[str, list[tuple[Any, ...]]]:
    return ours_indicators.indicators(generated, MEMORY)


def test_hand_written_sql_gives_our_rows(generated: Path, our_rows: dict[str, list[tuple[Any, ...]]]) -> None:
    assert set(our_rows) == set(ours_indicators.INDICATORS)
    assert all(our_rows.values())
    assert compare.differences(our_rows, indicators.run(generated, MEMORY)) == []


@pytest.mark.parametrize(
    ("table", "where", "touched"),
    [
        ("publication_node", "node_id = 'leaf_03'", {"node_year", "country_node"}),
        ("publication_place", "country = 'KR'", {"countries", "country_node"}),
        ("publication_applicant", "sequence = 2", {"top_organisations", "co_applicants", "concentration"}),
        ("simple_family", "by_priority", {"filings_by_year", "cagr", "growth_by_year", "claim_counts"}),
    ],
)
def test_missing_rows_are_noticed(
    generated: Path,
    our_rows: dict[str, list[tuple[Any, ...]]],
    tmp_path: Path,
    table: str,
    where: str,
    touched: set[str],
) -> None:
    """The comparison can fail: take rows from one table, and the indicators on it differ."""
    for name in release.TABLES:
        (tmp_path / name).mkdir()
        for part in release.paths(generated, name):
            (tmp_path / name / part.name).symlink_to(part)
    (tmp_path / table / "000.parquet").unlink()
    with Session() as session:
        kept = session.sql(
            f"select * from t where not ({where})", t=session.read_parquet(release.paths(generated, table))
        )
        session.copy_to_parquet(kept.name, tmp_path / table / "000.parquet")
    told = compare.differences(our_rows, indicators.run(tmp_path, MEMORY))
    assert touched <= {text.split(":")[0] for text in told}


def test_pandas_accounts_for_every_row_as_we_do(tmp_path: Path) -> None:
    workbook = tmp_path / "large.xlsx"
    planted = exports.incopat_large(workbook, rows=3_000)
    theirs = import_pandas.import_workbook(workbook, tmp_path / "pandas")
    told = ours.import_file(workbook, tmp_path / "lake")
    assert (theirs.rows_read, theirs.accepted, theirs.merged) == (3_000, planted["publications"], planted["repeated"])
    assert theirs.reasons == {"spreadsheet_number": planted["damaged"], "no_number": planted["without_number"]}
    for key in ("rows_read", "accepted", "merged", "rejected", "reasons", "doubts"):
        assert told[key] == getattr(theirs, key), key


FIELDS = (
    "source_row", "publication_id", "application_id", "publication_date", "filing_date", "patent_type", "title_zh",
    "abstract_en", "ipc", "cpc", "industries", "legal_status",
)  # fmt: skip


def test_pandas_keeps_the_same_records(tmp_path: Path) -> None:
    workbook = tmp_path / "large.xlsx"
    exports.incopat_large(workbook, rows=1_500, seed=3)
    import_pandas.import_workbook(workbook, tmp_path / "pandas")
    ours.import_file(workbook, tmp_path / "lake")
    theirs = pq.read_table(tmp_path / "pandas" / "record.parquet").select(FIELDS).to_pylist()
    with Session() as session:
        record = Lake(tmp_path / "lake").require_current().open(session)["record"].arrow()
    mine = record.select(FIELDS).to_pylist()
    names = [[party["name"] for party in row] for row in record["applicants"].to_pylist()]

    def by_row(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {row["source_row"]: row for row in rows}

    assert by_row(mine) == by_row(theirs)
    assert len(mine) > 1_400
    held = pq.read_table(tmp_path / "pandas" / "record.parquet")
    split = dict(zip(held["source_row"].to_pylist(), held["applicants"].to_pylist(), strict=True))
    assert dict(zip(record["source_row"].to_pylist(), names, strict=True)) == split


def test_pandas_doubts_a_wrong_check_digit() -> None:
    import pandas as pd

    frame = pd.DataFrame({"application_number": ["CN200710308494.X", "CN201610158350.1", "US16854380", None]})
    told = import_pandas._application_ids(frame)
    assert told["application_id"].tolist()[:3] == ["CN200710308494", "CN201610158350", "US16854380"]
    assert told["check_digit"].tolist() == [False, True, False, False]


def test_the_bare_read_reads_all(tmp_path: Path) -> None:
    exports.incopat_large(tmp_path / "a.xlsx", rows=400)
    read = read_fastexcel.read(tmp_path / "a.xlsx")
    assert (read.num_rows, read.num_columns) == (400, 22)
    assert pa.types.is_string(read["摘要 (中文)"].type) or pa.types.is_large_string(read["摘要 (中文)"].type)
