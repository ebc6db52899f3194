"""Rows of a release as a list of the site shows them: filtered, ordered and paged by the query engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from pingjiang.centre.evidence.opening import Opened
from pingjiang.engine import Session, Table
from pingjiang.pipeline.publications import place_of


@dataclass(frozen=True)
class EngineRows:
    """What `pages.lists.Listing` asks of a queryset, of a table that stands in memory.

    rows   the table; its column `pk` is unique
    where  conditions in SQL on it (`r`); what is put into them is quoted by whoever writes them
    beside further tables that conditions may name
    """

    at: Opened
    rows: pa.Table
    where: tuple[str, ...] = ()
    beside: tuple[tuple[str, Callable[[], pa.Table]], ...] = ()
    order: str = "r.pk"

    def having(self, condition: str, **beside: Callable[[], pa.Table]) -> EngineRows:
        """The rows of which this is true, too."""
        return replace(self, where=(*self.where, condition), beside=(*self.beside, *beside.items()))

    def picked(self, keys: Sequence[str]) -> EngineRows:
        """Those of the rows that have these keys."""
        return self.having(f"r.pk in ({', '.join(map(text, keys)) or 'null'})")

    def one(self, key: str) -> dict[str, Any] | None:
        """The row of a key, whatever the conditions; None where there is none. No query: the table is in memory."""
        place = pc.index(self.rows["pk"], pa.scalar(key, pa.string())).as_py()
        return None if place < 0 else self.rows.slice(place, 1).to_pylist()[0]

    def order_by(self, *names: str) -> EngineRows:
        """The rows in an order; '-' in front of a name turns it round. What is not known comes last."""
        parts = [
            f'r."{name.removeprefix("-")}" {"desc" if name.startswith("-") else "asc"} nulls last' for name in names
        ]
        return replace(self, order=", ".join(parts))

    def count(self) -> int:
        """How many there are."""
        if not self.where:
            return int(self.rows.num_rows)
        return int(self._asked("select count(*) from r")[0][0])

    def __getitem__(self, part: slice) -> list[SimpleNamespace]:
        """Some of them, in order."""
        start, stop = part.start or 0, part.stop
        limit = "" if stop is None else f" limit {stop - start}"
        return self._told(self._asked("select r.* from r", f" order by {self.order}{limit} offset {start}"))

    def __iter__(self) -> Iterator[SimpleNamespace]:
        return iter(self[0:])

    def iterator(self, chunk_size: int = 1000) -> Iterator[SimpleNamespace]:
        """All of them, in order."""
        return iter(self)

    def _told(self, found: list[tuple[Any, ...]]) -> list[SimpleNamespace]:
        names = self.rows.column_names
        return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in found]

    def _asked(self, select: str, tail: str = "") -> list[tuple[Any, ...]]:
        where = f" where {' and '.join(f'({each})' for each in self.where)}" if self.where else ""
        with self.at.session() as session:
            tables: dict[str, Table] = {name: session.from_arrow(make()) for name, make in self.beside}
            return session.rows(f"{select}{where}{tail}", r=session.from_arrow(self.rows), **tables)


def cell_of(source_row: str | None) -> str:
    """The address of a source row as a reader says it: file, sheet, row; '' where there is none."""
    place = place_of(source_row)
    if place is None:
        return ""
    sheet = f" · {place['sheet']}" if place["sheet"] else ""
    return f"{place['file']}{sheet} · " + _("第 %(row)s 行") % {"row": place["row"]}


def text(value: str) -> str:
    """A text as it stands in SQL."""
    return "'" + value.replace("'", "''") + "'"


def dicts(session: Session, sql: str, /, **tables: Table) -> list[dict[str, Any]]:
    """The rows of a small query by the names of its columns."""
    return session.arrow(sql, **tables).to_pylist()  # type: ignore[no-any-return]
