"""Numbers that every page shows, counted by SQL that is written once and asked each time.

To write the query of what an actor sees takes Django longer than the database needs to answer it, and its text is the
same until something that it was written from is another. Only the text is kept, never a number.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value

from pingjiang.bounded import Bounded

_Written = tuple[str, tuple[Any, ...]] | None  # None: it finds nothing, whatever is there
_written = Bounded(1000)  # queries, of a process


def count(of: Hashable, rows: Callable[[], QuerySet[Any]], most: int) -> int:
    """How many rows there are, up to `most`. `of` holds all that the query is written from, its values too."""
    written: _Written = _written.get((connection.vendor, most, of), lambda: _write(rows(), most), lambda _: 1)
    if written is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*written)
        return int(cursor.fetchone()[0])


def _write(rows: QuerySet[Any], most: int) -> _Written:
    try:
        text, values = rows.order_by().values_list(Value(1))[:most].query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"SELECT COUNT(*) FROM ({text}) counted", tuple(values)
