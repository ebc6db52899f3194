"""What can be known of a query's rows without running it: their columns, what tells them apart, what is a double.

Two rows of a query can always be told apart by the keys of the tables it joins. `Relation` follows these
keys through joins, grouping and `distinct`, so that rules.py can say whether an order leaves ties. Nothing
is guessed: where no key can be seen (`union all`, `unnest`), `key` is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from sqlglot import exp

from pingjiang.schema import load_tables

# `horizon` has exactly one row: nothing is needed to tell its rows apart.
_SINGLE_ROW = {"horizon"}
_DOUBLE = (exp.Div, exp.Sqrt, exp.Pow, exp.Exp, exp.Ln, exp.Log, exp.Avg, exp.Median, exp.PercentileCont)
_EQUALITIES = (exp.EQ, exp.NullSafeEQ)


@dataclass(frozen=True, slots=True)
class Relation:
    """The rows of a table or query: its columns, the fewest of them that are unique, those that are doubles.

    also_unique: other sets of columns that tell its rows apart (of tables alone).
    """

    columns: tuple[str, ...]
    key: frozenset[str] | None
    doubles: frozenset[str] = frozenset()
    also_unique: tuple[frozenset[str], ...] = ()


@cache
def release_tables() -> Mapping[str, Relation]:
    """The tables of a release."""
    return MappingProxyType(
        {
            name: Relation(
                tuple(table.engine_columns()),
                frozenset() if name in _SINGLE_ROW else frozenset(table.key),
                also_unique=tuple(map(frozenset, table.also_unique)),
            )
            for name, table in load_tables().items()
        }
    )


@dataclass(slots=True)
class Rows:
    """The rows of one `select` while it is looked at.

    sources: what it reads, by alias. `before` tells rows apart before grouping, `after` behind it; both are
    texts of expressions (`alias.column`), None where no key can be seen. `follows`: (if all of these are
    known, then so are those).
    """

    select: exp.Select
    sources: Mapping[str, Relation]
    before: frozenset[str] | None = None
    after: frozenset[str] | None = None
    equal: dict[str, str] = field(default_factory=dict)
    constant: set[str] = field(default_factory=set)
    follows: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)

    def text(self, node: exp.Expr) -> str:
        """An expression as text, columns that an inner join makes equal under one name."""
        plain = node.sql(dialect="duckdb").lower()
        while plain in self.equal:
            plain = self.equal[plain]
        return plain

    def lacking(self, key: frozenset[str] | None, given: Iterable[exp.Expr]) -> list[str] | None:
        """What is lacking in `given` to tell rows with this key apart; None where no key can be seen."""
        return None if key is None else sorted(self._canonical(key) - self.closure(self.text(node) for node in given))

    def closure(self, given: Iterable[str]) -> set[str]:
        """All that is determined by these texts."""
        known = set(given) | {self._one(text) for text in self.constant}
        grown = True
        while grown:
            grown = False
            for these, those in self.follows:
                if self._canonical(these) <= known and not self._canonical(those) <= known:
                    known |= self._canonical(those)
                    grown = True
        return known

    def _canonical(self, texts: Iterable[str]) -> set[str]:
        return {self._one(text) for text in texts}

    def _one(self, text: str) -> str:
        while text in self.equal:
            text = self.equal[text]
        return text

    def is_double(self, node: exp.Expr) -> bool:
        """Whether an expression says that it is a double, or is computed from a column that is."""
        if isinstance(node, exp.Cast):
            return bool(node.to.is_type("double"))
        if isinstance(node, exp.Column):
            return node.table in self.sources and node.name in self.sources[node.table].doubles
        if isinstance(node, exp.Count | exp.Predicate | exp.Window):
            return isinstance(node, exp.Window) and self.is_double(node.this)
        return isinstance(node, _DOUBLE) or any(self.is_double(part) for part in node.iter_expressions())


def own_nodes(select: exp.Query) -> Iterator[exp.Expr]:
    """The nodes of a query, those of queries inside it left out."""
    for node in select.walk(prune=lambda node: isinstance(node, exp.Query) and node is not select):
        if node is select or not isinstance(node, exp.Query):
            yield node


def look_at(select: exp.Select, sources: Mapping[str, Relation]) -> Rows:
    """The rows of a select over these sources, with what its joins and filters say of them."""
    rows = Rows(select, sources)
    joins = {join.this.alias_or_name: join for join in select.args.get("joins") or ()}
    told_apart: set[str] | None = set()
    for alias, source in sources.items():
        settled = _join(rows, alias, source, joins.get(alias))
        if source.key is None and not _only_filters(joins.get(alias)):
            told_apart = None
        elif told_apart is not None and not _only_filters(joins.get(alias)):
            told_apart |= {f"{alias}.{column}" for column in (source.key or frozenset()) - settled}
    where = select.args.get("where")
    for condition in _conjuncts(where.this if where else None):
        _equate(rows, condition)
    if told_apart is not None and not _makes_rows(select):
        rows.before = frozenset(told_apart)
    group = select.args.get("group")
    if group is not None:
        rows.after = frozenset(rows.text(node) for node in group.expressions)
    elif any(isinstance(node, exp.AggFunc) and not isinstance(node.parent, exp.Window) for node in _selected(select)):
        rows.after = frozenset()
    else:
        rows.after = rows.before
    return rows


def relation_of(rows: Rows) -> Relation:
    """What the select gives: its columns, and the fewest of them that tell its rows apart."""
    select = rows.select
    plain = {each.alias_or_name: each.unalias() for each in select.expressions}
    doubles = frozenset(name for name, node in plain.items() if rows.is_double(node))
    names = tuple(plain)
    texts = {name: rows.text(node) for name, node in plain.items()}
    if rows.after is not None and rows._canonical(rows.after) <= rows.closure(texts.values()):
        key = list(names)
        for name in reversed(names):
            fewer = [texts[other] for other in key if other != name]
            if rows._canonical(rows.after) <= rows.closure(fewer):
                key.remove(name)
        return Relation(names, frozenset(key), doubles)
    return Relation(names, frozenset(names) if select.args.get("distinct") else None, doubles)


def _join(rows: Rows, alias: str, source: Relation, join: exp.Join | None) -> frozenset[str]:
    """Note what a join says: a source's row is determined by its key, or by what its key is set equal to.

    Returns the columns that are settled by the other sources: of a left join, those set equal to theirs.
    """
    own = frozenset(f"{alias}.{column}" for column in source.columns)
    for key in [] if source.key is None else [source.key, *source.also_unique]:
        rows.follows.append((frozenset(f"{alias}.{column}" for column in key), own))
    conditions = list(_conjuncts(join.args.get("on") if join else None))
    if join is None or not join.side:
        for condition in conditions:
            _equate(rows, condition)
        return frozenset()
    # Its row may be missing: what is set equal then only determines it.
    partners: dict[str, str] = {}
    for condition in conditions:
        if isinstance(condition, _EQUALITIES):
            for inner, outside in ((condition.left, condition.right), (condition.right, condition.left)):
                if isinstance(inner, exp.Column) and inner.table == alias:
                    partners[inner.name] = rows.text(outside)
                    # An expression is known where its columns are.
                    parts = frozenset(rows.text(column) for column in outside.find_all(exp.Column))
                    rows.follows.append((parts, frozenset({rows.text(outside)})))
    if source.key is not None and source.key <= set(partners):
        rows.follows.append((frozenset(partners[column] for column in source.key), own))
    return frozenset(partners)


def _equate(rows: Rows, condition: exp.Expr) -> None:
    if not isinstance(condition, _EQUALITIES):
        return
    one, other = condition.left, condition.right
    if isinstance(one, exp.Column) and isinstance(other, exp.Column):
        first, second = rows.text(one), rows.text(other)
        if first != second:
            rows.equal[first] = second
    elif isinstance(one, exp.Column) and isinstance(other, exp.Literal):
        rows.constant.add(rows.text(one))


def _only_filters(join: exp.Join | None) -> bool:
    return join is not None and join.kind in ("SEMI", "ANTI")


def _makes_rows(select: exp.Select) -> bool:
    return any(isinstance(node, exp.Explode | exp.Unnest) for node in own_nodes(select))


def _selected(select: exp.Select) -> Iterator[exp.Expr]:
    for each in select.expressions:
        yield from each.walk(prune=lambda node: isinstance(node, exp.Query))


def _conjuncts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    if condition is None:
        return
    if isinstance(condition, exp.And | exp.Paren):
        for part in condition.iter_expressions():
            yield from _conjuncts(part)
    else:
        yield condition
