"""What indicator SQL may not do, because another engine, or another run, would give another number.

decimal literal        Spark makes 1.0 a DECIMAL: shares come out wrong without an error
division of integers   as whole numbers in one engine, as fractions in another: cast to double
unqualified column     two tables, one name, and each engine picks its own
select *               columns change with the schema
unordered tie          rank, row_number, limit and list functions need an order that ends in a key
len(list)              does not translate; array_length does
unknown table          indicators read the tables of a release and nothing else
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from pingjiang.errors import DefinitionError
from pingjiang.schema import load_tables

_PICKS_ANY = (exp.ArgMax, exp.ArgMin, exp.First, exp.Last, exp.AnyValue, exp.Mode)
# sqlglot reads len() and length() as one: only the text still tells them apart.
_LEN = re.compile(r"\blen\s*\(", re.IGNORECASE)
_LISTS = (exp.ArrayAgg, exp.GroupConcat)


def check_query(file: str, sql: str, *, key: tuple[str, ...], columns: tuple[str, ...] | None) -> None:
    """Refuse a query that breaks a rule. `columns`: what it must give, in order; None leaves them open."""
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except ParseError as error:
        raise DefinitionError(f"{file}: no SQL of DuckDB's dialect: {error}") from error
    if not isinstance(tree, exp.Select):
        raise DefinitionError(f"{file}: one query that begins with WITH or SELECT")
    if _LEN.search(sql):
        raise DefinitionError(f"{file}: len() of a list does not translate: array_length()")
    for problem in _problems(tree):
        raise DefinitionError(f"{file}: {problem}")
    if columns is not None and tuple(tree.named_selects) != columns:
        raise DefinitionError(
            f"{file}: the query gives {', '.join(tree.named_selects)}; the front matter says {', '.join(columns)}"
        )
    # `order by i.filing_year` orders the column that the query gives as `year`.
    given = {each.this.name: each.alias for each in tree.selects if isinstance(each, exp.Alias) and each.this.name}
    ordered = [given.get(name, name) for name in _ordered_names(tree.args.get("order"))]
    if not set(key) <= set(ordered):
        raise DefinitionError(
            f"{file}: the result is ordered by {', '.join(ordered) or 'nothing'}, not by its whole key {', '.join(key)}"
        )


def _problems(tree: exp.Select) -> Iterator[str]:
    yield from _literals(tree)
    yield from _divisions(tree)
    yield from _names(tree)
    yield from _ties(tree)


def _literals(tree: exp.Select) -> Iterator[str]:
    for literal in tree.find_all(exp.Literal):
        if literal.is_number and not literal.is_int:
            yield f"decimal literal {literal.name}: write cast(1 as double) / n, or a parameter"


def _divisions(tree: exp.Select) -> Iterator[str]:
    """A division is of a double: one operand holds a cast to double, in so many words."""
    for division in tree.find_all(exp.Div):
        operands = [division.left, division.right]
        if not any(_is_double(operand) for operand in operands):
            yield f"division {division.sql(dialect='duckdb')}: cast one side to double"


def _is_double(node: exp.Expr) -> bool:
    """Whether an operand says that it is a double: a cast to double in it."""
    return any(cast.to.is_type("double") for cast in node.find_all(exp.Cast))


def _names(tree: exp.Select) -> Iterator[str]:
    if any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star)):
        yield "select *: name the columns"
    for column in tree.find_all(exp.Column):
        if not column.table and not isinstance(column.this, exp.Star):
            yield f"column {column.name!r} has no table before it"
    made = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.name not in made and table.name not in load_tables():
            yield f"table {table.name!r} is no table of a release"


def _ties(tree: exp.Select) -> Iterator[str]:
    for window in tree.find_all(exp.Window):
        function = window.this
        if isinstance(function, exp.RowNumber | exp.Lag | exp.Lead | exp.FirstValue | exp.LastValue | exp.NthValue):
            order = _ordered_names(window.args.get("order"))
            if not any(_is_key(name) for name in order):
                yield f"{function.sql()} is ordered by {', '.join(order) or 'nothing'}: end in a key"
    for node in tree.find_all(*_PICKS_ANY):
        yield f"{node.key}() picks one of equals: use min or max, or row_number() with a key"
    for node in tree.find_all(*_LISTS):
        if node.find(exp.Order) is None:
            yield f"{node.key}() without order by"
    for select in tree.find_all(exp.Select):
        if select.args.get("limit") and not any(_is_key(n) for n in _ordered_names(select.args.get("order"))):
            yield "limit without an order that ends in a key"
        if select.args.get("qualify"):
            yield "qualify: filter an outer query on row_number() instead"


def _is_key(name: str) -> bool:
    """Whether a column by its name decides between equals: an id or a year."""
    return name.endswith("_id") or "_id_" in name or name == "year"


def _ordered_names(order: exp.Expr | None) -> list[str]:
    if order is None:
        return []
    return [ordered.this.name for ordered in order.expressions if isinstance(ordered.this, exp.Column)]
