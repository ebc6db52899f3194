"""Small tables on their way into a draft: they wait for each other, so that ten thousand files of a few rows do not
become ten thousand Parquet files of a few rows, which every later query would have to open."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from pingjiang.engine.lake import Draft
from pingjiang.engine.session import Session, Table

_FEW_ROWS = 4_096
_MOST_BYTES = 64 * 2**20  # in memory, of one table
_PIECES = 64  # a table of few rows takes far more memory than its rows


@dataclass
class _Waiting:
    """Rows of one table. What came in small pieces is put together now and then."""

    pieces: list[pa.Table] = field(default_factory=list)
    packed: list[pa.Table] = field(default_factory=list)
    bytes: int = 0

    def add(self, rows: pa.Table) -> None:
        self.pieces.append(rows)
        self.bytes += rows.nbytes
        if len(self.pieces) >= _PIECES:
            self.packed.append(pa.concat_tables(self.pieces).combine_chunks())
            self.pieces = []

    def together(self) -> pa.Table:
        return pa.concat_tables([*self.packed, *self.pieces])


class Gathered:
    """Writes tables into a draft: those of few rows together, in the order in which they come, others at once."""

    def __init__(self, session: Session, draft: Draft) -> None:
        self._session = session
        self._draft = draft
        self.lake = draft.lake
        self._waiting: dict[str, _Waiting] = {}

    def add(self, name: str, table: Table, *, rows_read: int) -> None:
        """Take over a table's rows, which were made of so many rows of a file. They may wait until `write`."""
        if rows_read > _FEW_ROWS:
            self._draft.add(name, table)
            return
        rows = table.arrow()
        waiting = self._waiting.setdefault(name, _Waiting())
        waiting.add(rows)
        if waiting.bytes > _MOST_BYTES:
            self._write(name)

    def write(self) -> None:
        """Write what still waits. A table that has files and got no row gets no further one."""
        for name in list(self._waiting):
            self._write(name)

    def _write(self, name: str) -> None:
        rows = self._waiting.pop(name).together()
        if rows.num_rows or not self._draft.tables.get(name):
            with self._session.scratch():
                self._draft.add(name, self._session.from_arrow(rows))
