"""A session of the query engine, and the tables that live in it.

SQL in DuckDB's dialect is the one query language. A `Table` is a name in a session: lazy, never a
frame in memory. A step is a function from Tables to Tables.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from pingjiang.engine.scratch import Scratch
from pingjiang.errors import DefinitionError, QueryFailed, WriteFailed

_COMMENTS = r"^\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*"
_WITH = re.compile(_COMMENTS + r"with\s+(?!recursive\b)", re.IGNORECASE | re.DOTALL)
_RECURSIVE = re.compile(_COMMENTS + r"with\s+recursive\s+", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")
_GROUP_BYTES = 64 * 2**20
PORTION_ROWS = 250_000  # that Python is given at once


def quote(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _failures(sql: str) -> Iterator[None]:
    """The engine's errors as ours. Ctrl-C inside a query is Ctrl-C: the engine calls it a RuntimeError."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except duckdb.Error as error:
        raise QueryFailed(str(error), sql) from error
    except RuntimeError as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise


class Session:
    """One in-memory engine with bounded memory and a private spill folder. Use as a context manager.

    folder: where it is given, no query reaches a file outside it (but those spilled), nor the network.
    """

    def __init__(
        self,
        *,
        memory_limit: str | None = None,
        threads: int | None = None,
        temp_folder: Path | None = None,
        folder: Path | None = None,
    ) -> None:
        self._spill = Scratch("pingjiang-spill-", temp_folder)
        config: dict[str, str | bool | int | float | list[str]] = {"temp_directory": str(self._spill.path)}
        if memory_limit:
            config["memory_limit"] = memory_limit
        if threads:
            config["threads"] = threads
        self._connection = duckdb.connect(":memory:", config=config)
        # Row order of a result is what ORDER BY says and nothing else; this frees memory in wide scans.
        self._connection.execute("set preserve_insertion_order = false")
        self._connection.execute("set enable_progress_bar = false")
        if folder is not None:  # in this order; what is closed so cannot be opened again
            # Parts of it may lie elsewhere by a link; the engine goes by the names of places.
            reach = {str(place) for part in (folder, folder / "data") for place in (part.absolute(), part.resolve())}
            self._connection.execute(f"set allowed_directories = [{', '.join(map(quote, sorted(reach)))}]")
            self._connection.execute("set enable_external_access = false")
        self._numbers = itertools.count(1)
        self._made: list[str] = []  # statements that undo what was made, in order; see `scratch`

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the engine and remove its spill folder."""
        self._connection.close()
        self._spill.close()

    @contextmanager
    def scratch(self) -> Iterator[None]:
        """All tables that are made inside are gone at the end: memory does not grow with how often this is done.

        A table made outside may take rows from them (`append`), and must not be a view of them.
        """
        before = len(self._made)
        try:
            yield
        finally:
            inside, self._made[before:] = self._made[before:], []
            with suppress(duckdb.Error):  # where a query has failed for good, the session ends anyway
                self._connection.execute("; ".join(reversed(inside)))

    @contextmanager
    def beside(self) -> Iterator[Session]:
        """A session on this machine, for what is small beside a lake: here it is this one."""
        with self.scratch():
            yield self

    # -- running SQL -------------------------------------------------------------------------------

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        with _failures(sql):
            return self._connection.execute(sql)

    def _new_name(self) -> str:
        return f"pj_{next(self._numbers)}"

    def sql(self, text: str, /, **tables: Table) -> Table:
        """A new lazy Table: `text` with each keyword a table name that it may use.

        Raises QueryFailed with the whole SQL where the engine refuses it.
        """
        name = self._new_name()
        self._run(f"create temp view {name} as {_with_tables(text, tables)}")
        self._made.append(f"drop view if exists {name}")
        return Table(self, name)

    def materialise(self, text: str, /, **tables: Table) -> Table:
        """Like `sql`, but computed once, now, and kept inside the engine (spills to disk when large)."""
        name = self._new_name()
        self._run(f"create temp table {name} as {_with_tables(text, tables)}")
        self._made.append(f"drop table if exists {name}")
        return Table(self, name)

    def rows(self, text: str, /, **tables: Table) -> list[tuple[Any, ...]]:
        """All rows of a query as Python tuples: for small results only."""
        return self._run(_with_tables(text, tables)).fetchall()

    def arrow(self, text: str, /, **tables: Table) -> pa.Table:
        """The rows of a query as one Arrow table, in the order that the query gives them."""
        query = _with_tables(text, tables)
        with _failures(query):
            return self._connection.sql(query).to_arrow_table()

    def explain(self, text: str, /, **tables: Table) -> str:
        """The engine's plan of a query."""
        return "\n".join(str(row[1]) for row in self._run("explain " + _with_tables(text, tables)).fetchall())

    # -- tables in ---------------------------------------------------------------------------------

    def read_parquet(self, paths: Sequence[Path]) -> Table:
        """The rows of Parquet files of one schema. An empty list is an error: there is no schema."""
        if not paths:
            raise DefinitionError("read_parquet needs at least one file")
        files = ", ".join(quote(str(path.absolute())) for path in paths)
        return self.sql(f"select * from read_parquet([{files}])")

    def from_arrow(self, data: pa.Table | pa.RecordBatchReader) -> Table:
        """Arrow data as a Table, without a copy. The session keeps it alive."""
        name = self._new_name()
        self._connection.register(name, data)
        self._made.append(f"drop view if exists {name}")
        return Table(self, name)

    def mapped(self, rows: Table, function: Callable[[pa.Table], pa.Table]) -> Table:
        """What `function` makes of the rows of a table, for the little that SQL cannot say.

        It is given portions of bounded size, and memory holds one of them. Each row must be mapped by itself.
        """
        if rows.count() <= PORTION_ROWS:
            return self.from_arrow(function(rows.arrow()))
        numbered = rows.sql("select self_.*, row_number() over () as portion_row from self_").materialise()
        name, rest = self._new_name(), numbered.count()
        for start in range(1, rest + 1, PORTION_ROWS):
            portion = numbered.sql(
                "select self_.* exclude (portion_row) from self_ "
                f"where self_.portion_row between {start} and {start + PORTION_ROWS - 1}"
            )
            made = self.from_arrow(function(portion.arrow()))
            verb = f"create temp table {name} as" if start == 1 else f"insert into {name}"
            self._run(f"{verb} select * from {made.name}")
            if start == 1:
                self._made.append(f"drop table if exists {name}")
            self._connection.unregister(made.name)
        self.drop(numbered)
        return Table(self, name)

    def from_rows(self, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> Table:
        """A small Table from Python rows. `columns`: name → engine type; row order is not kept."""
        name = self._new_name()
        spec = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        self._run(f"create temp table {name} ({spec})")
        self._made.append(f"drop table if exists {name}")
        if rows:
            marks = ", ".join("?" for _ in columns)
            self._connection.executemany(f"insert into {name} values ({marks})", [list(row) for row in rows])
        return Table(self, name)

    def name_tables(self, tables: Mapping[str, Table]) -> None:
        """Give tables their plain names in this session, so that SQL can use them as they are called."""
        for name, table in tables.items():
            if not _NAME.match(name):
                raise DefinitionError(f"not a table name: {name!r}")
            self._run(f'create or replace temp view "{name}" as select * from {table.name}')

    # -- tables out --------------------------------------------------------------------------------

    def write_parquet(self, name: str, folder: Path, *, order_by: str | None = None) -> list[tuple[Path, int]]:
        """Write a table as new files of a folder. Returns each with its number of rows; here it is one file.

        Where that fails nothing is left: QueryFailed, or WriteFailed where the query itself did not fail.
        """
        path = folder / f"{uuid.uuid4().hex}.parquet"
        written = False
        try:
            rows = self.copy_to_parquet(name, path, order_by=order_by)
            written = True
            return [(path, rows)]
        except QueryFailed as error:
            if path.exists():  # the query ran, the writing failed
                raise WriteFailed(str(error), error.sql) from error
            raise
        finally:
            if not written:
                path.unlink(missing_ok=True)

    def copy_to_parquet(self, name: str, path: Path, *, order_by: str | None = None) -> int:
        """Write a table to one Parquet file. Returns the number of rows.

        zstd at its quickest: a tenth faster than as usual, and files are a twentieth larger. Row groups are bounded
        by bytes too: a group of whole documents would fill the memory of every later reader.
        """
        order = f" order by {order_by}" if order_by else ""
        written = f"format parquet, compression zstd, compression_level 1, row_group_size_bytes {_GROUP_BYTES}"
        result = self._run(
            f"copy (select * from {name}{order}) to {quote(str(path.absolute()))} ({written})"
        ).fetchone()
        return int(result[0]) if result else 0

    def describe(self, name: str) -> dict[str, str]:
        """Column name → engine type of a table, in order."""
        return {str(row[0]): str(row[1]) for row in self.rows(f"describe select * from {name}")}

    def batches(self, name: str, size: int) -> Iterator[pa.RecordBatch]:
        """The rows of a table as Arrow batches, streamed."""
        yield from self._connection.sql(f"select * from {name}").to_arrow_reader(size)

    def append(self, table: Table, rows: Table) -> None:
        """Add rows to a materialised table of the same columns."""
        self._run(f"insert into {table.name} select * from {rows.name}")

    def drop(self, table: Table) -> None:
        """Free a table that nobody reads any more: a materialised one, or Arrow data that the session keeps alive."""
        view = f"drop view if exists {table.name}"
        self._run(view if view in self._made else f"drop table if exists {table.name}")


def _with_tables(text: str, tables: Mapping[str, Table]) -> str:
    """Put the given tables in front of a query as common table expressions that cost nothing."""
    if not tables:
        return text
    for name in tables:
        if not _NAME.match(name):
            raise DefinitionError(f"not a table name: {name!r}")
    heads = ", ".join(f'"{name}" as not materialized (select * from {table.name})' for name, table in tables.items())
    if _RECURSIVE.match(text):
        return f"with recursive {heads}, {_RECURSIVE.sub('', text, count=1)}"
    if _WITH.match(text):
        return f"with {heads}, {_WITH.sub('', text, count=1)}"
    return f"with {heads} {text}"


class Table:
    """A name in a session. Holds no rows."""

    __slots__ = ("name", "session")

    def __init__(self, session: Session, name: str) -> None:
        self.session = session
        self.name = name

    def sql(self, text: str, /, **tables: Table) -> Table:
        """A new lazy Table; in `text` this table is called `self_`."""
        return self.session.sql(text, self_=self, **tables)

    def columns(self) -> dict[str, str]:
        """Column name → engine type, in order."""
        return self.session.describe(self.name)

    def count(self) -> int:
        """The number of rows."""
        return int(self.session.rows(f"select count(*) from {self.name}")[0][0])

    def rows(self, order_by: str | None = None) -> list[tuple[Any, ...]]:
        """All rows as tuples: for small tables only."""
        order = f" order by {order_by}" if order_by else ""
        return self.session.rows(f"select * from {self.name}{order}")

    def dicts(self, order_by: str | None = None) -> list[dict[str, Any]]:
        """All rows as dicts: for small tables only."""
        names = list(self.columns())
        return [dict(zip(names, row, strict=True)) for row in self.rows(order_by)]

    def batches(self, size: int = 100_000) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow batches, streamed."""
        yield from self.session.batches(self.name, size)

    def arrow(self) -> pa.Table:
        """All rows as one Arrow table."""
        return self.session.arrow(f"select * from {self.name}")

    def materialise(self) -> Table:
        """Compute once and keep inside the engine."""
        return self.session.materialise(f"select * from {self.name}")
