"""Sessions and tables."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from pingjiang.engine import Session
from pingjiang.errors import DefinitionError, QueryFailed


@pytest.fixture
def session() -> Session:
    return Session(threads=2)


def test_a_table_is_lazy_and_named_in_the_query(session: Session) -> None:
    left = session.from_rows({"a": "INTEGER", "b": "VARCHAR"}, [(1, "x"), (2, "y")])
    right = session.from_rows({"a": "INTEGER"}, [(2,), (3,)])
    joined = session.sql("select l.a, l.b from l join r on r.a = l.a", l=left, r=right)
    assert joined.rows() == [(2, "y")]
    assert joined.columns() == {"a": "INTEGER", "b": "VARCHAR"}


@pytest.mark.parametrize(
    "query",
    [
        "with z as (select * from t) select z.a from z order by z.a",
        "WITH z AS (SELECT * FROM t), y AS (SELECT * FROM z) SELECT y.a FROM y ORDER BY y.a",
        "select t.a from t order by t.a",
        "-- said first\n /* and\nhere */ with z as (select * from t) select z.a from z order by z.a",
    ],
)
def test_a_query_may_have_its_own_common_table_expressions(session: Session, query: str) -> None:
    table = session.from_rows({"a": "INTEGER"}, [(2,), (1,)])
    assert session.rows(query, t=table) == [(1,), (2,)]


def test_a_recursive_query_sees_its_tables(session: Session) -> None:
    edges = session.from_rows({"parent": "INTEGER", "child": "INTEGER"}, [(1, 2), (2, 3)])
    query = (
        "with recursive below(node) as (select 1 union all select e.child from below b join e on e.parent = b.node) "
        "select b.node from below b order by b.node"
    )
    assert session.rows(query, e=edges) == [(1,), (2,), (3,)]


def test_a_refused_query_carries_its_sql(session: Session) -> None:
    with pytest.raises(QueryFailed) as caught:
        session.sql("select nothing_here from nowhere")
    assert "nothing_here" in caught.value.sql


def test_a_name_that_is_no_name_is_refused(session: Session) -> None:
    table = session.from_rows({"a": "INTEGER"}, [])
    with pytest.raises(DefinitionError):
        session.name_tables({'x"; drop table y; --': table})


def test_batches_stream_all_rows(session: Session) -> None:
    table = session.sql("select range as a from range(250_000)")
    sizes = [batch.num_rows for batch in table.batches(100_000)]
    assert sum(sizes) == 250_000
    assert len(sizes) > 1


def test_arrow_comes_in_and_goes_out_unchanged(session: Session) -> None:
    data = pa.table({"n": pa.array([1, None, 3]), "text": ["电池", None, "a'b"]})
    assert session.from_arrow(data).arrow().sort_by("n").to_pylist() == data.sort_by("n").to_pylist()


@pytest.mark.parametrize("query", ["'{file}'", "read_csv('{file}')", "read_text('{file}')", "glob('{above}/*')"])
def test_a_session_with_a_folder_reaches_no_file_outside_it(tmp_path: Path, query: str) -> None:
    folder, file = tmp_path / "湖 [1]", tmp_path / "mine.csv"
    folder.mkdir()
    file.write_text("a\n1\n")
    with Session(threads=1, memory_limit="256MB", folder=folder) as session:
        session.copy_to_parquet(session.sql("select 7 as a").name, folder / "t.parquet")
        assert session.read_parquet([folder / "t.parquet"]).rows() == [(7,)]
        text = f"select count(*) from {query.format(file=file, above=tmp_path)}"
        for escape in (text, "set enable_external_access = true", f"set allowed_directories = ['{tmp_path}']"):
            with pytest.raises(QueryFailed):
                session.rows(escape)
        with pytest.raises(QueryFailed):
            session.copy_to_parquet(session.sql("select 7 as a").name, folder / ".." / "t.parquet")
    with Session(threads=1) as session:
        assert session.rows(text) == [(1,)] or "glob" in query


def test_a_session_with_a_folder_spills(tmp_path: Path) -> None:
    (tmp_path / "spill").mkdir()
    with Session(threads=1, memory_limit="256MB", temp_folder=tmp_path / "spill", folder=tmp_path / "lake") as session:
        large = session.materialise("select repeat(md5(cast(range as varchar)), 8) as a from range(2_000_000)")
        assert any((tmp_path / "spill").rglob("*.tmp"))
        assert large.count() == 2_000_000


def test_the_spill_folder_of_a_killed_session_is_removed_by_the_next(tmp_path: Path) -> None:
    code = (
        f"import time; from pathlib import Path; from pingjiang.engine import Session; "
        f"Session(temp_folder=Path({str(tmp_path)!r})); print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        [left] = tmp_path.iterdir()
        (left / "spilled.tmp").write_bytes(b"x")
        long_ago = time.time() - 3600
        os.utime(left, (long_ago, long_ago))
        Session(temp_folder=tmp_path).close()
        assert list(tmp_path.iterdir()) == [left], "it is in use"
        other.kill()
    with Session(temp_folder=tmp_path):
        assert left not in tmp_path.iterdir()
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_called_as_ours_is_removed(tmp_path: Path) -> None:
    mine = tmp_path / "pingjiang-spill-my-notes"
    mine.mkdir()
    (mine / "a.txt").write_text("mine")
    os.mkfifo(tmp_path / "pingjiang-spill-abcdefgh")
    (tmp_path / "pingjiang-spill-abcdefgi").symlink_to(mine)
    long_ago = time.time() - 3600
    for path in (mine, tmp_path / "pingjiang-spill-abcdefgh"):
        os.utime(path, (long_ago, long_ago))
    os.utime(tmp_path / "pingjiang-spill-abcdefgi", (long_ago, long_ago), follow_symlinks=False)
    Session(temp_folder=tmp_path).close()
    assert len(list(tmp_path.iterdir())) == 3
    assert (mine / "a.txt").read_text() == "mine"


def test_arrow_data_are_let_go_when_they_are_dropped(session: Session) -> None:
    before = pa.total_allocated_bytes()
    table = session.from_arrow(pa.table({"n": pa.array(range(100_000), pa.int64())}))
    kept = table.materialise()
    session.drop(table)
    assert pa.total_allocated_bytes() - before < 100_000
    assert kept.count() == 100_000
    session.drop(kept)
    with pytest.raises(QueryFailed):
        kept.count()


def test_what_is_mapped_in_portions_is_what_is_mapped_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def doubled(rows: pa.Table) -> pa.Table:
        sizes.append(rows.num_rows)
        return rows.append_column("twice", pa.array([2 * value for value in rows["n"].to_pylist()], pa.int64()))

    with Session() as session:
        rows = session.sql("select i as n, 'x' || i as word from range(10) t(i)")
        for portion, expected in ((3, [3, 3, 3, 1]), (5, [5, 5]), (10, [10]), (100, [10])):
            sizes: list[int] = []
            monkeypatch.setattr("pingjiang.engine.session.PORTION_ROWS", portion)
            made = session.mapped(rows, doubled)
            assert sizes == expected
            assert made.rows(order_by="n") == [(n, f"x{n}", 2 * n) for n in range(10)]
        assert session.mapped(session.sql("select i as n from range(0) t(i)"), doubled).rows() == []
