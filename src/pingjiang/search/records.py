"""What a release tells of one publication, a table at a time: rows in the order of the publications, quick to fetch.

    records/T.arrow        the rows of a table, ordered by publication, a batch of them packed together
    records/T.begins.npy   for each publication where its rows begin
    records/T.starts.npy   for each batch the row that it begins with

The tables of a release lie in groups of rows that are made for counting: to fetch one row of each takes a second.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.schema import table

ROWS = 256  # of a batch
# Of a record what is shown as cells: neither the texts that have tables of their own nor what no reader asks for.
_LEFT_OUT = ("claims", "description", "events", "relations", "citations", "cited", "citing", "family_members")
_SAID = ", ".join(f"r.{column.name}" for column in table("record").columns if column.name not in _LEFT_OUT)
_OTHER = "p.title, p.publication_date, p.publication_id is not null as held"
# The rows of each publication: SQL over the tables of the release, publication_id among its columns; and their order.
RECORDS: Mapping[str, tuple[str, str]] = {
    "publication": ("select p.* from publication as p", "publication_id"),
    "application": (
        "select p.publication_id, a.application_id, a.identified, a.authority, a.filing_date, a.first_publication_date,"
        " a.grant_date, a.priority_date, a.claim_count, a.publication_id as representative_id, a.publications,"
        " a.family_id, a.extended_family_id from publication as p"
        " inner join application as a on a.application_id = p.application_id",
        "publication_id",
    ),
    "applicants": (
        "select a.*, o.name_zh, o.name_en, o.group_id from publication_applicant as a"
        " left join organisation as o on o.organisation_id = a.organisation_id",
        "sequence",
    ),
    "inventors": (
        "select i.publication_id, i.sequence, i.name, i.inventor_id, i.country, i.city, i.source_row, v.name_zh,"
        " v.name_en from publication_inventor as i left join inventor as v on v.inventor_id = i.inventor_id",
        "sequence",
    ),
    "classes": ("select c.* from publication_class as c", "scheme, position"),
    "claims": ("select c.* from claim as c", "sequence"),
    "priorities": ("select p.* from priority as p", "priority_date, priority_id"),
    "places": ("select p.* from publication_place as p", "basis, country, province, city, district"),
    "cites": (
        f"select c.citing_id as publication_id, c.cited_id as other_id, c.category, c.origin, c.source_row, {_OTHER}"
        " from citation as c left join publication as p on p.publication_id = c.cited_id",
        "other_id",
    ),
    "cited_by": (
        f"select c.cited_id as publication_id, c.citing_id as other_id, c.category, c.origin, c.source_row, {_OTHER}"
        " from citation as c left join publication as p on p.publication_id = c.citing_id",
        "publication_date desc nulls last, other_id",
    ),
    "literature": ("select l.* from literature_citation as l", "sequence"),
    "nodes": (
        "select p.publication_id, p.node_id, p.reason, c.ancestor_id, n.name_zh, n.name_en, n.level, l.position,"
        " l.rule_text from publication_node as p inner join chain_node as l on l.node_id = p.node_id"
        " inner join chain_closure as c on c.node_id = p.node_id"
        " inner join chain_node as n on n.node_id = c.ancestor_id",
        "position, node_id, level",
    ),
    "conflicts": ("select c.* from conflict as c", "field, other_row"),
    "facts": (
        "select p.publication_id, f.* from publication as p"
        " inner join legal_fact as f on f.application_id = p.application_id",
        "sequence",
    ),
    "term": (
        "select p.publication_id, t.* from publication as p"
        " inner join legal_term as t on t.application_id = p.application_id",
        "publication_id",
    ),
    "said": (
        f"select {_SAID} from record as r where r.key_kind = 'publication' and r.publication_id is not null",
        "source_row",
    ),
}
TABLES = (
    "publication", "application", "publication_applicant", "organisation", "publication_inventor", "inventor",
    "publication_class", "claim", "priority", "publication_place", "citation", "literature_citation",
    "publication_node", "chain_node", "chain_closure", "conflict", "legal_fact", "legal_term", "record",
)  # fmt: skip


def write_records(session: Session, have: Mapping[str, Table], order: Table, count: int, folder: Path) -> None:
    """Write all tables; order: (publication_id, ordinal) of all publications, of which there are `count`."""
    folder.mkdir()
    for name, (sql, within) in RECORDS.items():
        with session.scratch():
            rows = session.sql(sql, **have)
            columns = ", ".join(f"r.{column}" for column in rows.columns())
            ordered = session.sql(
                f"select o.ordinal, {columns} from r inner join o on o.publication_id = r.publication_id "
                f"order by o.ordinal, {', '.join(f'r.{part.strip()}' for part in within.split(','))}",
                r=rows,
                o=order,
            )
            _write(name, ordered, count, folder)


def _write(name: str, rows: Table, count: int, folder: Path) -> None:
    packed = pa.ipc.IpcWriteOptions(compression="zstd")
    owners: list[np.ndarray[Any, Any]] = [np.empty(0, np.int64)]
    sizes = [0]
    schema = rows.sql("select * from self_ where false").arrow().drop_columns(["ordinal"]).schema
    with (
        pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink,
        pa.ipc.new_file(sink, schema, options=packed) as writer,
    ):
        for batch in rows.batches(100 * ROWS):
            held = batch.select(schema.names)
            owners.append(batch["ordinal"].to_numpy(zero_copy_only=False).astype(np.int64))
            for start in range(0, len(held), ROWS):
                part = held.slice(start, ROWS)
                writer.write_batch(part)
                sizes.append(len(part))
    np.save(folder / f"{name}.begins.npy", np.searchsorted(np.concatenate(owners), np.arange(count + 1)))
    np.save(folder / f"{name}.starts.npy", np.cumsum(sizes))


class Records:
    """The tables of an index."""

    def __init__(self, folder: Path) -> None:
        self._begins, self._starts = (
            {name: np.load(folder / f"{name}.{part}.npy", mmap_mode="r") for name in RECORDS}
            for part in ("begins", "starts")
        )
        self._rows = {name: pa.ipc.open_file(pa.memory_map(str(folder / f"{name}.arrow"))) for name in RECORDS}
        self._reading = threading.Lock()  # one thread at a time moves a reader of batches

    def count(self, name: str, ordinal: int) -> int:
        """How many rows a publication has in a table."""
        begins = self._begins[name]
        return int(begins[ordinal + 1] - begins[ordinal])

    def rows(self, name: str, ordinal: int) -> list[dict[str, Any]]:
        """The rows of a publication in a table, in order."""
        begin, end = int(self._begins[name][ordinal]), int(self._begins[name][ordinal + 1])
        starts, found = self._starts[name], list[dict[str, Any]]()
        number = int(np.searchsorted(starts, begin, side="right")) - 1
        while begin < end:
            with self._reading:
                batch = self._rows[name].get_batch(number)
            first, after = int(starts[number]), int(starts[number + 1])
            found += batch.slice(begin - first, min(end, after) - begin).to_pylist()
            begin, number = after, number + 1
        return found
