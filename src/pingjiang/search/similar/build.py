"""The index of similar documents from the tables of a release, portion by portion: memory holds one of them.

    documents.arrow   what a list shows of each publication, and its families; in the order of their numbers
    terms/            the terms of titles and abstracts (`weights`)
    symbols/          class symbols, their main groups and subclasses (`weights`)
    vectors/          vectors of title and beginning of the abstract (`vectors`); not there without a model

Publications go by their place in the order of their numbers (`ordinal`), so that ties are broken by key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pingjiang.engine import Session, Table
from pingjiang.schema import table
from pingjiang.search.similar.features import terms, vector_text
from pingjiang.search.similar.method import SYMBOLS, TERMS, VECTORS, Method
from pingjiang.search.similar.vectors import write_vectors
from pingjiang.search.similar.weights import write_weights
from pingjiang.text.embeddings import Encoder

TABLES = ("publication", "application", "publication_class")
VERSION = 1  # of what an index holds; one of another version is made anew
PORTION = 5_000
Progress = Callable[[str, int, int], None]

_DOCUMENTS = """
select
  cast(row_number() over (order by p.publication_id) - 1 as bigint) as ordinal, p.publication_id, p.authority,
  p.number, p.title, p.title_zh, p.title_en, p.publication_date, p.standing, p.application_id,
  a.family_id, a.extended_family_id
from p left join a on a.application_id = p.application_id
"""
_TEXTS = """
select d.ordinal, p.title, p.title_zh, p.title_en, p.abstract_zh, p.abstract_en
from d join p on p.publication_id = d.publication_id
where d.ordinal >= {start} and d.ordinal < {stop} order by d.ordinal
"""
# A symbol that stops at a level is that level.
_SYMBOLS = """
with told as (
  select d.ordinal, c.symbol from d join c on c.publication_id = d.publication_id
), level as (
  select t.ordinal, t.symbol as feature from told t
  union all
  select t.ordinal, regexp_extract(t.symbol, '^([A-HY][0-9]{2}[A-Z][0-9]+)/', 1) from told t
  union all
  select t.ordinal, regexp_extract(t.symbol, '^([A-HY][0-9]{2}[A-Z])[0-9]', 1) from told t
)
select distinct l.ordinal, l.feature, cast(1 as bigint) as times from level l where l.feature <> ''
"""
_TEXT = {"ordinal": "BIGINT", "text": "VARCHAR"}
_TERM = {"ordinal": "BIGINT", "feature": "VARCHAR", "times": "BIGINT"}


def build(
    session: Session,
    tables: Mapping[str, Table],
    folder: Path,
    method: Method,
    encoder: Encoder | None,
    *,
    threads: int,
    progress: Progress,
) -> dict[str, Any]:
    """Write an index into a folder; tells {"publications", "model", "terms", "symbols", "vectors"}."""
    have = {name: tables.get(name) or session.from_rows(table(name).engine_columns(), []) for name in TABLES}
    documents = session.materialise(_DOCUMENTS, p=have["publication"], a=have["application"])
    count = documents.count()
    _write_documents(session, documents, folder / "documents.arrow")
    said, texts = _texts(session, documents, have["publication"], count, method, progress)
    told: dict[str, Any] = {"publications": count, "model": None if encoder is None else encoder.name}
    told[TERMS] = write_weights(session, said, count, method.bm25, folder / TERMS)
    session.drop(said)
    symbols = session.materialise(_SYMBOLS, d=documents, c=have["publication_class"])
    told[SYMBOLS] = write_weights(session, symbols, count, method.bm25, folder / SYMBOLS)
    if encoder is not None:
        told[VECTORS] = write_vectors(
            session, texts, count, encoder, folder / VECTORS,
            threads=threads, prior=method.centre_prior, progress=progress,
        )  # fmt: skip
    return told


def _write_documents(session: Session, documents: Table, path: Path) -> None:
    columns = ", ".join(f"d.{name}" for name in documents.columns() if name != "ordinal")
    with pa.OSFile(str(path), "wb") as sink:
        writer = None
        for start in range(0, max(1, documents.count()), PORTION):
            rows = session.arrow(
                f"select {columns} from d where d.ordinal >= {start} and d.ordinal < {start + PORTION} "
                "order by d.ordinal",
                d=documents,
            ).combine_chunks()
            writer = writer or pa.ipc.new_file(sink, rows.schema)
            writer.write_table(rows)
        if writer is not None:
            writer.close()


def _texts(
    session: Session, documents: Table, publication: Table, count: int, method: Method, progress: Progress
) -> tuple[Table, Table]:
    """The terms of each publication (ordinal, feature, times), and what its vector is made of (ordinal, text)."""
    said, texts = (session.from_rows(columns, []) for columns in (_TERM, _TEXT))
    for start in range(0, count, PORTION):
        progress("terms", start, count)
        with session.scratch():
            part = session.arrow(_TEXTS.format(start=start, stop=start + PORTION), d=documents, p=publication)
            counted, of_vectors = _read(part, method)
            lists = session.from_arrow(counted)
            session.append(
                said,
                lists.sql(
                    "select self_.ordinal, unnest(self_.features) as feature, unnest(self_.times) as times from self_"
                ),
            )
            session.append(texts, session.from_arrow(of_vectors))
    progress("terms", count, count)
    return said, texts


def _read(part: pa.Table, method: Method) -> tuple[pa.Table, pa.Table]:
    """Lists of terms, a row a publication; texts of vectors, for those that have one."""
    features, times, texts = [], [], []
    for row in part.to_pylist():
        parts = dict.fromkeys(row[name] for name in ("title", "title_zh", "title_en", "abstract_zh", "abstract_en"))
        counted = terms("\n".join(text for text in parts if text))
        features.append(list(counted))
        times.append(list(counted.values()))
        abstract = row["abstract_zh"] or row["abstract_en"]
        texts.append(vector_text(row["title"] or row["title_zh"] or row["title_en"], abstract,
                                 method.vector_characters))  # fmt: skip
    ordinals = part["ordinal"]
    lists = pa.table(
        {
            "ordinal": ordinals,
            "features": pa.array(features, pa.list_(pa.string())),
            "times": pa.array(times, pa.list_(pa.int64())),
        }
    )
    told = pa.table({"ordinal": ordinals, "text": pa.array(texts, pa.string())})
    return lists, told.filter(pc.not_equal(told["text"], ""))
