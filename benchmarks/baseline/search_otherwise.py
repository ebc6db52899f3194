"""The same queries without our index: DuckDB's LIKE over lines of tokens, and SQLite's FTS5 over the same bigrams."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.ours_search import FIRST, timed
from pingjiang.query import parse
from pingjiang.query.tokens import tokens
from pingjiang.query.tree import And, Fielded, Node, Not, Or, Term
from pingjiang.search.layout import pairs


def make(documents: Path, folder: Path) -> None:
    """Both stores, from the titles."""
    database = duckdb.connect(str(folder / "lines.duckdb"))
    database.execute("create table lines (line varchar)")
    store = sqlite3.connect(folder / "bigrams.sqlite")
    store.execute("create virtual table bigrams using fts5(words, content='')")
    for batch in pq.ParquetFile(documents / "publication.parquet").iter_batches(50_000, columns=["title"]):
        cut = [tokens(title) for title in batch["title"].to_pylist()]
        lines = pa.table({"line": [f" {' '.join(one)} " for one in cut]})
        database.register("batch", lines)
        database.execute("insert into lines select line from batch")
        database.unregister("batch")
        store.executemany("insert into bigrams (words) values (?)", ((" ".join(bigrams(one)),) for one in cut))
    store.execute("insert into bigrams (bigrams) values ('optimize')")
    store.commit()
    store.close()
    database.close()


def bigrams(found: list[str]) -> list[str]:
    """Each token with the next where both are Chinese, else alone."""
    after = [*found[1:], ""]
    return [one + two if two and pairs(one, two) else one for one, two in zip(found, after, strict=True)]


def like(folder: Path, queries: list[str]) -> Callable[[], dict[str, Any]]:
    """By DuckDB."""
    database = duckdb.connect(str(folder / "lines.duckdb"), read_only=True)

    def ask(asked: str) -> int:
        where = f"from lines where {asked}"
        database.execute(f"select rowid {where} limit {FIRST}").fetchall()
        [(total,)] = database.execute(f"select count(*) {where}").fetchall()
        return int(total)

    wanted = [_sql(parse(query)) for query in queries]  # not timed
    ask(wanted[0])
    return lambda: timed(wanted, ask)


def fts5(folder: Path, queries: list[str]) -> Callable[[], dict[str, Any]]:
    """By SQLite."""
    store = sqlite3.connect(folder / "bigrams.sqlite")

    def ask(asked: str) -> int:
        where, match = "from bigrams where bigrams match ?", (asked,)
        store.execute(f"select rowid {where} order by rowid limit {FIRST}", match).fetchall()
        [(total,)] = store.execute(f"select count(*) {where}", match).fetchall()
        return int(total)

    wanted = [_match(parse(query)) for query in queries]  # not timed
    ask(wanted[0])
    return lambda: timed(wanted, ask)


def _sql(node: Node) -> str:
    match node:
        case And(parts):
            return "(" + " and ".join(map(_sql, parts)) + ")"
        case Or(parts):
            return "(" + " or ".join(map(_sql, parts)) + ")"
        case Not(part):
            return f"(not {_sql(part)})"
        case Fielded(_, part):
            return _sql(part)
        case Term(text):
            return f"line like '% {' '.join(tokens(text))} %'"
    raise TypeError(node)


def _match(node: Node) -> str:
    match node:
        case And(parts):
            wanted = " AND ".join(_match(part) for part in parts if not isinstance(part, Not))
            refused = "".join(f" NOT {_match(part.part)}" for part in parts if isinstance(part, Not))
            return f"(({wanted}){refused})"
        case Or(parts):
            return "(" + " OR ".join(map(_match, parts)) + ")"
        case Fielded(_, part):
            return _match(part)
        case Term(text):
            found = bigrams(tokens(text))
            return '"' + " ".join(found[:-1] if len(found) > 1 and len(found[-1]) == 1 else found) + '"'
    raise TypeError(node)
