"""Which engine runs the SQL: the embedded one, or a cluster."""

from __future__ import annotations

from pathlib import Path

from pingjiang.config import Settings
from pingjiang.engine.session import Session
from pingjiang.errors import DefinitionError

EMBEDDED = "duckdb"


def open_engine(settings: Settings, folder: Path, url: str | None = None) -> Session:
    """A session that reaches the files of `folder` alone: DuckDB here, or with "sc://HOST:PORT" a cluster.

    DefinitionError for another kind of URL, EngineUnavailable where the cluster cannot be used.
    """
    if url is None or url == EMBEDDED:
        return Session(
            memory_limit=settings.memory_limit,
            threads=settings.threads,
            temp_folder=settings.temp_dir,
            folder=folder,
        )
    if not url.startswith("sc://"):
        raise DefinitionError(
            f"不认识的引擎 {url!r}。",
            f"There is no engine {url!r}.",
            remedy=("写 sc://主机:端口（Spark Connect）。", "Write sc://HOST:PORT, as Spark Connect has it."),
        )
    from pingjiang.engine.spark import SparkSession  # the client is heavy, and an extra

    return SparkSession(url, folder)
