"""The same session on a cluster: any engine that speaks Spark Connect (Apache Spark 4, Sail).

SQL is written in DuckDB's dialect and translated (translate.py). The cluster must see the lake's folder by the
same path, as a shared file system gives it: tables are read from there, and what is computed once is kept there
until the session ends.
"""

from __future__ import annotations

import logging
import re
import socket
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from pingjiang.engine.scratch import Scratch
from pingjiang.engine.session import Session, Table
from pingjiang.engine.translate import to_spark
from pingjiang.errors import DefinitionError, EngineLost, EngineUnavailable, QueryFailed


class SparkSession(Session):
    """A session of a cluster, with the interface of `Session`. Use as a context manager.

    url: "sc://HOST:PORT"; folder: one that this machine and the cluster see by the same path.
    EngineUnavailable where nobody answers, or somebody who does not see the folder.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._spark = _connected(url)
        self._scratch = Scratch("engine-", folder.absolute())
        self._kept = self._scratch.path
        self._kept.chmod(0o777)  # the cluster may be another user
        self._count = 0
        self._lost = False
        self._check_shared()

    def _check_shared(self) -> None:
        """Write a row here, have the cluster read it and write it back."""
        try:
            pq.write_table(pa.table({"n": [1]}), self._kept / "here.parquet")
            with self._failures("shared folder"):
                frame = self._spark.read.parquet(str(self._kept / "here.parquet"))
                frame.write.parquet(str(self._kept / "there"))
            back = pq.read_table(self._kept / "there").num_rows
        except EngineLost:
            self.close()
            raise
        except (QueryFailed, OSError, pa.ArrowException) as error:
            self.close()
            raise EngineUnavailable(
                f"引擎 {self.url} 看不到目录 {self._kept.parent}。",
                f"The engine at {self.url} does not see the folder {self._kept.parent}.",
                remedy=(
                    "请把数据湖放在集群各机器以同一路径挂载的共享目录中。",
                    "Put the lake on storage that all machines of the cluster mount under the same path.",
                ),
            ) from error
        if back != 1:
            raise AssertionError(f"one row was written, {back} came back")

    def close(self) -> None:
        """End the session and remove what it kept."""
        self._scratch.close()
        self._spark.release_session_on_close = not self._lost  # nobody is there to release it
        self._spark.stop()

    @contextmanager
    def beside(self) -> Iterator[Session]:
        """As `Session.beside`: an engine of this machine's own."""
        with Session() as here:
            yield here

    @contextmanager
    def _failures(self, sql: str) -> Iterator[None]:
        """The cluster's errors as ours: QueryFailed, or EngineLost where it answers no more."""
        try:
            yield
        except (KeyboardInterrupt, DefinitionError):
            raise
        except Exception as error:  # gRPC's, the client's, and the server's by way of both
            if _is_gone(error):
                self._lost = True
                raise EngineLost(
                    f"引擎 {self.url} 中途不再应答（{_first_line(error)}）；数据湖仍是上一个完好版本。",
                    f"The engine at {self.url} answers no more ({_first_line(error)}); the last good release stands.",
                    remedy=(
                        "请看集群的日志（多为内存不足），恢复后再运行。",
                        "See the log of the cluster (memory, most often), mend it and run again.",
                    ),
                ) from error
            raise QueryFailed(str(error).partition("JVM stacktrace:")[0].strip(), sql) from error

    # -- running SQL -------------------------------------------------------------------------------

    def _new_name(self) -> str:
        self._count += 1
        return f"pj_{self._count}"

    def _frame(self, text: str, tables: Mapping[str, Table]) -> Any:
        """A lazy frame of a query. Each table is a view under its own name while the query is analysed."""
        columns = {}
        with self._failures(text):
            for name, table in tables.items():
                frame = self._spark.table(table.name)
                frame.createOrReplaceTempView(name)
                columns[name] = frame.columns
        sql = to_spark(text, columns)
        with self._failures(sql):
            frame = self._spark.sql(sql)
            frame.schema  # noqa: B018 - analysed now, while the names mean these tables
            return frame

    def _view(self, frame: Any) -> Table:
        name = self._new_name()
        frame.createOrReplaceTempView(name)
        return Table(self, name)

    def sql(self, text: str, /, **tables: Table) -> Table:
        """As `Session.sql`."""
        return self._view(self._frame(text, tables))

    def materialise(self, text: str, /, **tables: Table) -> Table:
        """As `Session.materialise`: kept as Parquet in the shared folder."""
        frame = self._frame(text, tables)
        path = self._kept / uuid.uuid4().hex
        with self._failures(text):
            frame.write.parquet(str(path))
            # The files know their types; an engine that writes none for no rows is told them.
            reader = self._spark.read if any(path.glob("*.parquet")) else self._spark.read.schema(frame.schema)
            return self._view(reader.parquet(str(path)))

    def rows(self, text: str, /, **tables: Table) -> list[tuple[Any, ...]]:
        """As `Session.rows`."""
        data = self.arrow(text, **tables)
        return list(zip(*(column.to_pylist() for column in data.columns), strict=True)) if data.num_columns else []

    def arrow(self, text: str, /, **tables: Table) -> pa.Table:
        """As `Session.arrow`."""
        frame = self._frame(text, tables)
        with self._failures(text):
            return _plain(frame.toArrow())

    def explain(self, text: str, /, **tables: Table) -> str:
        """The engine's plan of a query."""
        return str(self._frame(text, tables)._explain_string())

    # -- tables in ---------------------------------------------------------------------------------

    def read_parquet(self, paths: Sequence[Path]) -> Table:
        """As `Session.read_parquet`."""
        if not paths:
            raise DefinitionError("read_parquet needs at least one file")
        with self._failures("read_parquet"):
            return self._view(self._spark.read.parquet(*(str(path.absolute()) for path in paths)))

    def from_arrow(self, data: pa.Table | pa.RecordBatchReader) -> Table:
        """Arrow data as a Table, by way of a file in the shared folder."""
        whole = data.read_all() if isinstance(data, pa.RecordBatchReader) else data
        path = self._kept / f"{uuid.uuid4().hex}.parquet"
        pq.write_table(whole, path)
        return self.read_parquet([path])

    def mapped(self, rows: Table, function: Callable[[pa.Table], pa.Table]) -> Table:
        """As `Session.mapped`, portion by portion through files of the shared folder."""
        path = self._kept / uuid.uuid4().hex
        path.mkdir()
        for number, batch in enumerate(rows.batches(_PORTION)):
            pq.write_table(function(pa.Table.from_batches([batch])), path / f"{number}.parquet")
        if not any(path.iterdir()):
            pq.write_table(function(rows.arrow()), path / "0.parquet")
        return self.read_parquet(sorted(path.iterdir()))

    def from_rows(self, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> Table:
        """As `Session.from_rows`."""
        with Session() as local:
            return self.from_arrow(local.from_rows(columns, rows).arrow())

    def name_tables(self, tables: Mapping[str, Table]) -> None:
        """As `Session.name_tables`."""
        with self._failures("name_tables"):
            for name, table in tables.items():
                self._spark.table(table.name).createOrReplaceTempView(name)

    # -- tables out --------------------------------------------------------------------------------

    def write_parquet(self, name: str, folder: Path, *, order_by: str | None = None) -> list[tuple[Path, int]]:
        """As `Session.write_parquet`; as many files as the cluster makes, those without rows left out but one."""
        order = f" order by {order_by}" if order_by else ""
        path = self._kept / uuid.uuid4().hex
        frame = self._frame(f"select * from {name}{order}", {})
        with self._failures(name):
            frame.write.option("compression", "zstd").parquet(str(path))
        found = [(part, pq.read_metadata(part).num_rows) for part in sorted(path.glob("*.parquet"))]
        filled = [(part, count) for part, count in found if count]
        if not filled:
            path.mkdir(exist_ok=True)
            empty = path / "empty.parquet"
            pq.write_table(_plain(frame.limit(0).toArrow()), empty)
            filled = [(empty, 0)]
        moved = []
        for part, count in filled:
            target = folder / f"{uuid.uuid4().hex}.parquet"
            part.rename(target)
            moved.append((target, count))
        return moved

    def drop(self, table: Table) -> None:
        """Forget a table."""
        with self._failures(table.name):
            self._spark.catalog.dropTempView(table.name)

    def describe(self, name: str) -> dict[str, str]:
        """As `Session.describe`; types in the cluster's words."""
        with self._failures(name):
            return {field.name: field.dataType.simpleString() for field in self._spark.table(name).schema.fields}

    def batches(self, name: str, size: int) -> Iterator[pa.RecordBatch]:
        """As `Session.batches`."""
        with self._failures(name):
            data = _plain(self._spark.table(name).toArrow())
        yield from data.combine_chunks().to_batches(max_chunksize=size)


_PORTION = 500_000


def _plain(data: pa.Table) -> pa.Table:
    """Arrow as DuckDB gives it: text as string."""
    fields = [
        pa.field(f.name, pa.string() if pa.types.is_large_string(f.type) or f.type == pa.string_view() else f.type)
        for f in data.schema
    ]
    return data.cast(pa.schema(fields))


def _connected(url: str) -> Any:
    try:
        from pyspark.sql import SparkSession as Client
        from pyspark.sql.connect.client.retries import DefaultPolicy
    except ImportError as error:
        raise EngineUnavailable(
            "没有安装 Spark Connect 客户端。",
            "The client of Spark Connect is not installed.",
            remedy=("请运行 pip install 'pingjiang[spark]'。", "Run pip install 'pingjiang[spark]'."),
        ) from error
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # it prints what we raise
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]")  # what follows is raised, and told
    try:
        _require_answer(url)
        client = Client.builder.remote(url).create()
        client.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES, max_backoff=_MOST_WAIT)])
        client.sql("select 1").toArrow()
    except Exception as error:  # the client raises errors of gRPC, of its own, and of Python for a bad URL
        raise EngineUnavailable(
            f"连不上引擎 {url}（{_first_line(error)}）。",
            f"The engine at {url} cannot be reached ({_first_line(error)}).",
            remedy=(
                "请核对 sc://主机:端口，并确认 Spark Connect 服务已启动。",
                "Check sc://HOST:PORT, and that a Spark Connect server is running there.",
            ),
        ) from error
    client.conf.set("spark.sql.session.timeZone", "UTC")
    return client


def _require_answer(url: str) -> None:
    """OSError where nobody listens: the client itself would try for minutes. ValueError for a bad URL."""
    parts = urlsplit(url)
    socket.create_connection((parts.hostname or "", parts.port or _PORT), timeout=10).close()


_PORT = 15002  # of Spark Connect, where the URL names none


# How long a cluster may be silent: seven times, up to 25 s in all. The client's own measure is ten minutes and more.
_RETRIES = 7
_MOST_WAIT = 8_000  # milliseconds


def _is_gone(error: BaseException) -> bool:
    """Whether nobody answered any more, or one who knows nothing of this session: a server that was started anew."""
    code = getattr(error, "_grpc_status_code", None) or getattr(error, "code", lambda: None)()
    return getattr(code, "name", None) == "UNAVAILABLE" or "INVALID_HANDLE.SESSION" in str(error)


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    if told := re.search(r'details = "(.+)"', text):  # an error of gRPC, whose first line says nothing
        return told[1][:200]
    return text.splitlines()[0][:200]
