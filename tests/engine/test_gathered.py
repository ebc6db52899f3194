"""Small tables wait for each other; nothing of them is lost, and large ones do not wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingjiang.engine import Draft, Gathered, Lake, Release, Session


def written(folder: Path, sizes: list[int], columns: str = "range as n, [cast(range as varchar)] as texts") -> Release:
    """A release with one table of the rows of many; each has rows of its own."""
    with Lake(folder).draft() as draft, Session(threads=1) as session:
        gathered, before = Gathered(session, draft), 0
        for size in sizes:
            with session.scratch():
                rows = session.sql(f"select {columns} from range({before}, {before + size})").materialise()
                gathered.add("t", rows, rows_read=size)
            before += size
        gathered.write()
        return draft.publish()


def numbers(release: Release) -> list[int]:
    with Session(threads=1) as session:
        return [n for (n,) in session.rows("select n from t order by n", **release.open(session, "t"))]


@pytest.mark.parametrize("sizes", [[1] * 150, [0, 0, 0], [3, 0, 5_000, 2], [], [2_000] * 5])
def test_every_row_is_written_once_and_small_tables_together(tmp_path: Path, sizes: list[int]) -> None:
    release = written(tmp_path, sizes)
    large = sum(size > 4_096 for size in sizes)
    assert len(release.tables.get("t", ())) == (large + 1 if sizes else 0)
    assert not sizes or numbers(release) == list(range(sum(sizes)))


def test_what_waits_is_bounded_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pingjiang.engine.gathered._MOST_BYTES", 20_000)
    release = written(tmp_path, [100] * 100)
    assert 5 < len(release.tables["t"]) < 60
    assert numbers(release) == list(range(10_000))


def test_a_table_without_a_row_adds_no_file_to_one_that_has_some(tmp_path: Path) -> None:
    first = written(tmp_path, [7])
    with Lake(tmp_path).draft() as draft, Session(threads=1) as session:
        draft.keep("t")
        gathered = Gathered(session, draft)
        gathered.add("t", session.sql("select range as n from range(0)"), rows_read=0)
        gathered.write()
        assert [file.path for file in draft.publish().tables["t"]] == [file.path for file in first.tables["t"]]


def test_scratch_leaves_nothing_in_the_engine(tmp_path: Path) -> None:
    with Session(threads=1) as session:
        kept = session.from_rows({"n": "INTEGER"}, [(1,)])
        everything = (
            "select count(*) from duckdb_views() v where not v.internal union all select count(*) from duckdb_tables()"
        )
        before = session.rows(everything)
        with session.scratch():
            inside = session.sql("select self_.n + 1 as n from self_", self_=kept).materialise()
            session.append(kept, inside.sql("select self_.n from self_"))
            session.from_arrow(inside.arrow()).sql("select * from self_")
            with session.scratch():
                session.sql("select 1 as n")
            assert session.rows(everything) != before
        assert session.rows(everything) == before
        assert sorted(kept.rows()) == [(1,), (2,)]


def test_scratch_is_cleared_after_a_failure_too(tmp_path: Path) -> None:
    with Lake(tmp_path).draft() as draft, Session(threads=1) as session:
        assert isinstance(draft, Draft)
        with pytest.raises(ZeroDivisionError), session.scratch():
            session.sql("select 1 as n")
            raise ZeroDivisionError
        assert session.rows("select count(*) from duckdb_views() v where not v.internal") == [(0,)]
