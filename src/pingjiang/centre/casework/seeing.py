"""Whether an actor sees a case, and what they are in it, in SQL that is written once for each set of rules.

Every list, every page and every guessed number asks this, up to ten times a page, and to write it out of its rules
takes Django some five times as long as the database needs for the rest. The text is the same until a rule is another
or a value in it: so it is kept under all of them. Only the text is kept, never who sees what.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Expression, F, Model, QuerySet, Value

from pingjiang.bounded import Bounded

_ALIAS = "seen"  # and a number: of the tables in the text; its subqueries have Django's names, none of which is like it
_PLACE = "\x00"  # where the column of the row that is asked about comes
_Written = tuple[str, tuple[Any, ...]] | None  # None: nobody's, whatever is there
_written = Bounded(
    3000
)  # texts of a few kB, of a process: one for each actor's rules, and for what they are in each workflow


class Seen(Expression):
    """True of a row whose case, at `path`, is one of `rows`.

    `of` holds all that `rows` is written from, its values too. The case is looked up by its key and each row is asked
    by itself, so that the first of many are found without all of them.
    """

    conditional = True
    empty_result_set_value = False

    def __init__(self, path: str, of: Hashable, rows: Callable[[], QuerySet[Any]]) -> None:
        super().__init__(output_field=BooleanField())
        self._case: Any = F(path)
        self._of, self._rows = of, rows

    def get_source_expressions(self) -> list[Any]:
        """The column that leads to the case."""
        return [self._case]

    def set_source_expressions(self, exprs: Any) -> None:
        """Django's: the column, once it is known of which table."""
        (self._case,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition and its values. EmptyResultSet where no rule lets anybody see anything."""
        kept: _Written = _written.get((connection.vendor, self._of), lambda: _write(self._rows()), lambda _: 1)
        if kept is None:
            raise EmptyResultSet
        column, values = compiler.compile(self._case)
        if values or column.startswith(_ALIAS):
            raise NotImplementedError(f"{column}: not a column of a table beside the case")
        text, own = kept
        return text.replace(_PLACE, column), own


class _Place(Expression):
    """Stands in the text for the column of the row that is asked about."""

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return _PLACE, ()


def holding(of: Hashable, named: Callable[[], Mapping[str, QuerySet[Any]]], key: int) -> set[str]:
    """The names of those sets of cases in which the case with this key is, in one query. `of` holds all that the sets
    are written from."""
    kept: _Written = _written.get((connection.vendor, "sets", of), lambda: _write_sets(named()), lambda _: 1)
    if kept is None:
        return set()
    text, values = kept
    with connection.cursor() as cursor:
        cursor.execute(text.replace(_PLACE, str(int(key))), values)
        return {str(name) for (name,) in cursor.fetchall()}


def _write_sets(named: Mapping[str, QuerySet[Any]]) -> _Written:
    written = [(name, found) for name, rows in named.items() if (found := _write(rows)) is not None]
    texts = [f"SELECT %s WHERE {text}" for _name, (text, _values) in written]
    values = [value for name, (_text, own) in written for value in (name, *own)]
    return (" UNION ALL ".join(texts), tuple(values)) if texts else None


def _write(rows: QuerySet[Any]) -> _Written:
    asked: QuerySet[Model] = rows.order_by().filter(pk=_Place(output_field=rows.model._meta.pk))
    query = asked.values_list(Value(1)).query
    # All of them, used or not: Django puts those that it renames at the end, and joins follow one another.
    query.change_aliases({alias: f"{_ALIAS}{n}" for n, alias in enumerate(query.alias_map)})
    try:
        text, values = query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"EXISTS({text})", tuple(values)
