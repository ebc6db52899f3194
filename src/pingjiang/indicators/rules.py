"""What indicator SQL may not do, because another engine, or another run, would give another number.

decimal literal        Spark makes 1.0 a DECIMAL: shares come out wrong without an error
division of integers   as whole numbers in one engine, as fractions in another: cast to double
sum of doubles         depends on the order of adding, and that on the threads: add whole parts
unqualified column     two tables, one name, and each engine picks its own; in ORDER BY too
select *               columns change with the schema; so do natural joins and `using`
unordered tie          row_number, lag, limit and lists need an order that tells all their rows apart
arg_max, first, mode   pick one of equals, each engine its own
qualify, group by all  not every engine has them
len(list)              does not translate; array_length does
unknown table, column  indicators read the tables of a release and nothing else
random, current_date   another number at each run

Whether an order tells rows apart follows from the keys of the tables read: see relations.py. The result is
ordered by all columns of the declared key, and that key must tell its rows apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pingjiang.errors import DefinitionError
from pingjiang.indicators.relations import Relation, Rows, look_at, own_nodes, relation_of, release_tables

_PICKS_ANY = (exp.ArgMax, exp.ArgMin, exp.First, exp.Last, exp.AnyValue, exp.Mode)
_LISTS = (exp.ArrayAgg, exp.GroupConcat)
_NEEDS_ORDER = (exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue, exp.Ntile)
_ADDS = (exp.Sum, exp.Avg, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop)
_CHANCE = (exp.Rand, exp.Randn, exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.Uuid, exp.TableSample)
# What sqlglot knows by name alone.
_UNKNOWN_PICKS = {"arbitrary", "any_value", "arg_min_null", "arg_max_null", "max_by", "min_by"}
_UNKNOWN_CHANCE = {"now", "today", "random", "setseed", "nextval", "get_current_time", "transaction_timestamp"}
_INEXACT = (*exp.DataType.REAL_TYPES,)
_INSIDE = "a query inside an expression: make it a query of its own and join it"
_NUMBER_TEXT = re.compile(r"\s*[+-]?(\d+\.\d*|\.\d+|\d+[eE].*)\s*")


class _Refused(Exception):
    """A rule is broken; `node` says where."""

    def __init__(self, node: exp.Expr | None, rule: str) -> None:
        self.node = node
        self.rule = rule
        super().__init__(rule)


def check_query(file: str, sql: str, *, key: Sequence[str], columns: Sequence[str] | None, first_line: int = 1) -> None:
    """Refuse a query that breaks a rule: DefinitionError with file, line and rule.

    `columns`: what it must give, in order; None where a kernel makes its own out of the query's rows, which
    must then come in one order only. `first_line`: where in the file the query begins.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError as error:
        raise DefinitionError(f"{file}:{first_line}: no SQL of DuckDB's dialect: {error}") from error
    try:
        if not isinstance(tree, exp.Select):
            raise _Refused(tree, "one query that begins with WITH or SELECT")
        _check_words(tree, sql)
        rows = _check_select(tree, release_tables())
        if columns is not None:
            _check_result(rows, tuple(key), tuple(columns))
        else:
            _check_order(rows, rows.after, _ordered(tree), tree, "the rows for a kernel")
    except _Refused as refused:
        raise DefinitionError(f"{file}:{_line(refused.node, first_line)}: {refused.rule}") from None


def tables_of(sql: str) -> frozenset[str]:
    """The tables of a release that a query reads."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    within = {each.alias for each in tree.find_all(exp.CTE)}
    return frozenset({each.name for each in tree.find_all(exp.Table)} - within)


def _line(node: exp.Expr | None, first_line: int) -> int:
    """The line of a node in its file: sqlglot notes it on names and on some functions, so ask around."""
    lines: list[int] = []
    while node is not None and not lines:
        lines = [int(part.meta["line"]) for part in node.walk() if "line" in part.meta]
        node = node.parent
    return first_line - 1 + min(lines, default=1)


# -- rules that need no more than the words ----------------------------------------------------------


def _check_words(tree: exp.Select, sql: str) -> None:
    # sqlglot reads len() and length() as one: only the tokens still tell them apart.
    tokens = sqlglot.tokenize(sql, dialect="duckdb")
    for token, following in pairwise(tokens):
        if token.text.lower() == "len" and following.text == "(":
            place = exp.Identifier()
            place.meta["line"] = token.line
            raise _Refused(place, "len() of a list does not translate: array_length()")
    for node in tree.walk():
        for rule in _broken_by(node):
            raise _Refused(node, rule)


def _broken_by(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Literal) and node.is_number and not node.is_int:
        yield f"decimal literal {node.name}: write cast(1 as double) / n, or a parameter"
    if isinstance(node, exp.Cast):
        if node.to.is_type(*_INEXACT) and not node.to.is_type("double"):
            yield f"cast to {node.to.sql(dialect='duckdb')}: double or bigint, engines differ in the others"
        if isinstance(node.this, exp.Literal) and _NUMBER_TEXT.fullmatch(node.this.name):
            yield f"decimal literal {node.this.name}: write cast(1 as double) / n, or a parameter"
    if isinstance(node, exp.Div) and not (_says_double(node.left) or _says_double(node.right)):
        yield f"division {node.sql(dialect='duckdb')}: cast one side to double"
    if isinstance(node, exp.Placeholder | exp.Parameter):
        yield f"parameter ${node.name} is not declared in the front matter"
    name = str(node.this).lower() if isinstance(node, exp.Anonymous) else ""
    if isinstance(node, _PICKS_ANY) or name in _UNKNOWN_PICKS:
        yield f"{name or node.key}() picks one of equals: use min or max, or row_number() with a key"
    if isinstance(node, _CHANCE) or name in _UNKNOWN_CHANCE:
        yield f"{name or node.key} gives another result at each run"
    yield from _unwanted_clauses(node)


def _unwanted_clauses(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
        yield "select *: name the columns"
    if isinstance(node, exp.Column) and not node.table and not isinstance(node.this, exp.Star):
        yield f"column {node.name!r} has no table before it"
    if isinstance(node, exp.Qualify):
        yield "qualify: filter an outer query on row_number() instead"
    if isinstance(node, exp.Group):
        if any(node.args.get(part) for part in ("all", "cube", "rollup", "grouping_sets", "totals")):
            yield "group by: name its columns, one set of them"
        if any(isinstance(each, exp.Literal) for each in node.expressions):
            yield "group by a number: name the column"
    if isinstance(node, exp.Distinct) and node.args.get("on"):
        yield "distinct on: use row_number() with a key"
    if isinstance(node, exp.With) and node.args.get("recursive"):
        yield "with recursive: a closure belongs into a table of the release"
    if isinstance(node, exp.Join):
        if node.args.get("using") or node.method:
            yield "join: say with `on` what is equal"
        if node.side in ("RIGHT", "FULL"):
            yield f"{node.side.lower()} join: write it as a left join"


def _says_double(node: exp.Expr) -> bool:
    """Whether an operand is a double in so many words."""
    if isinstance(node, exp.Cast):
        return bool(node.to.is_type("double"))
    if isinstance(node, exp.Paren | exp.Neg | exp.Add | exp.Sub | exp.Mul | exp.Div | exp.Sqrt | exp.Pow):
        return any(_says_double(part) for part in node.iter_expressions())
    return False


# -- rules that need to know what the rows are ---------------------------------------------------------


def relation_of_query(query: exp.Expr, known: Mapping[str, Relation]) -> Relation:
    """What a query inside the query gives; all its rules are checked on the way."""
    if isinstance(query, exp.Subquery):
        return relation_of_query(query.this, known)
    if isinstance(query, exp.SetOperation):
        left, right = relation_of_query(query.left, known), relation_of_query(query.right, known)
        if query.args.get("limit") or query.args.get("offset"):
            raise _Refused(query, "limit of a union: put it into a query of its own")
        key = frozenset(left.columns) if query.args.get("distinct") else None
        doubles = left.doubles | {
            mine for mine, other in zip(left.columns, right.columns, strict=False) if other in right.doubles
        }
        return Relation(left.columns, key, doubles)
    if isinstance(query, exp.Select):
        return relation_of(_check_select(query, known))
    raise _Refused(query, "a query reads tables and queries, nothing else")


def _check_select(select: exp.Select, known: Mapping[str, Relation]) -> Rows:
    known = dict(known)
    for cte in select.ctes:
        known[cte.alias] = relation_of_query(cte.this, known)
    rows = look_at(select, _sources(select, known))
    names = [each.alias_or_name for each in select.expressions]
    for each, name in zip(select.expressions, names, strict=True):
        if not name:
            raise _Refused(each, f"{each.sql(dialect='duckdb')} has no name: as …")
        if names.count(name) > 1:
            raise _Refused(each, f"two columns are called {name!r}")
    for node in own_nodes(select):
        if isinstance(node, exp.Column):
            _check_column(node, rows)
        if isinstance(node, exp.Query) and node is not select:
            continue
        _check_ties(node, rows)
    if select.args.get("limit") or select.args.get("offset"):
        key = frozenset(names) if select.args.get("distinct") else rows.after
        _check_order(rows, key, _ordered(select), select, "limit")
    return rows


def _sources(select: exp.Select, known: Mapping[str, Relation]) -> dict[str, Relation]:
    """What a select reads, by alias. A query inside an expression is refused: there is no join to look at."""
    start = select.args.get("from_")
    read = [start.this] if start else []
    read += [join.this for join in select.args.get("joins") or ()]
    found: dict[str, Relation] = {}
    for source in read:
        if isinstance(source, exp.Table) and source.name not in known:
            raise _Refused(source, f"table {source.name!r} is no table of a release")
        if source.alias_or_name in found or not source.alias_or_name:
            raise _Refused(source, f"what is read needs a name of its own: {source.sql(dialect='duckdb')}")
        found[source.alias_or_name] = (
            known[source.name] if isinstance(source, exp.Table) else relation_of_query(source, known)
        )
    for part in (*select.expressions, *(select.args.get(name) for name in ("where", "group", "having", "order"))):
        if part is not None and (query := part.find(exp.Query)) is not None:
            raise _Refused(query, _INSIDE)
    for join in select.args.get("joins") or ():
        condition = join.args.get("on")
        if condition is not None and (query := condition.find(exp.Query)) is not None:
            raise _Refused(query, _INSIDE)
    return found


def _check_column(column: exp.Column, rows: Rows) -> None:
    if column.table not in rows.sources:
        raise _Refused(column, f"column {column.sql()}: nothing that is read here is called {column.table!r}")
    if column.name not in rows.sources[column.table].columns:
        raise _Refused(column, f"column {column.sql()}: {column.table!r} has no such column")


def _check_ties(node: exp.Expr, rows: Rows) -> None:
    """Windows, lists and sums whose result hangs on the order in which equal rows come."""
    group = rows.select.args.get("group")
    grouped = list(group.expressions) if group else []
    if isinstance(node, exp.Window):
        spec = node.args.get("spec")
        in_rows = spec is not None and str(spec.args.get("kind")).upper() == "ROWS"
        if isinstance(node.this, _NEEDS_ORDER) or in_rows:
            given = [*(node.args.get("partition_by") or ()), *_ordered(node)]
            _check_order(rows, rows.after, given, node, node.this.sql(dialect="duckdb").lower())
    if isinstance(node, _LISTS) and not isinstance(node.parent, exp.ArraySort):
        given = [*grouped, *_ordered_inside(node)]
        _check_order(rows, rows.before, given, node, "a list without list_sort()")
    if isinstance(node, _ADDS) and rows.is_double(node.this):
        given = [*grouped, *_ordered_inside(node)]
        _check_order(rows, rows.before, given, node, f"{node.key}() of doubles (or add whole parts of one)")


def _check_order(rows: Rows, key: frozenset[str] | None, given: Sequence[exp.Expr], node: exp.Expr, what: str) -> None:
    lacking = rows.lacking(key, given)
    if lacking is None:
        raise _Refused(node, f"{what}: no key can be seen in these rows, so no order is total; group them first")
    if lacking:
        raise _Refused(node, f"{what}: equal rows are left, order by {', '.join(lacking)} too: end in a key")


def _ordered(node: exp.Expr) -> list[exp.Expr]:
    order = node.args.get("order")
    return [each.this for each in order.expressions] if order else []


def _ordered_inside(node: exp.Expr) -> list[exp.Expr]:
    return [each.this for each in node.this.expressions] if isinstance(node.this, exp.Order) else []


def _check_result(rows: Rows, key: tuple[str, ...], columns: tuple[str, ...]) -> None:
    select = rows.select
    given = {each.alias_or_name: each.unalias() for each in select.expressions}
    if tuple(given) != columns:
        raise _Refused(select, f"the query gives {', '.join(given)}; the front matter says {', '.join(columns)}")
    ordered = _ordered(select)
    # `order by i.filing_year` orders the column that the query gives as `year`.
    texts = {rows.text(node) for node in ordered}
    if any(rows.text(given[name]) not in texts for name in key):
        said = ", ".join(node.sql(dialect="duckdb") for node in ordered) or "nothing"
        raise _Refused(
            select.args.get("order") or select,
            f"the result is ordered by {said}, not by its whole key {', '.join(key)}",
        )
    lacking = rows.lacking(rows.after, [given[name] for name in key])
    if lacking:
        raise _Refused(select, f"the key {', '.join(key)} does not tell rows apart: {', '.join(lacking)} would")
