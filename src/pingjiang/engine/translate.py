"""DuckDB's SQL as Spark's: sqlglot's translation, and what it leaves to say.

Each rewrite keeps the meaning of DuckDB's text; where Spark means something else by the same words, that is told
beside it. What cannot be said in both (`* replace`, `union by name`) does not stand in our SQL.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError, UnsupportedError
from sqlglot.optimizer.qualify import qualify

from pingjiang.errors import DefinitionError


def to_spark(sql: str, tables: Mapping[str, Sequence[str]]) -> str:
    """A query of DuckDB's dialect in Spark's. `tables`: the columns of those that it reads, by name.

    DefinitionError for what is no query, or cannot be said in both.
    """
    try:
        return _translated(sql, tables)
    except SqlglotError as error:
        raise DefinitionError(f"no SQL for both engines: {error}\n--- SQL ---\n{sql}") from error


def _translated(sql: str, tables: Mapping[str, Sequence[str]]) -> str:
    tree = sqlglot.parse_one(sql, read="duckdb")
    if any(star.args.get("except_") or star.args.get("replace") for star in tree.find_all(exp.Star)):
        tree = _without_stars(tree, tables)
    for rewrite in _REWRITES:
        for node in reversed(list(tree.walk())):  # the inner before the outer
            changed = rewrite(node)
            if changed is not node:
                node.replace(changed)
    return tree.sql(dialect="spark")


def _without_stars(tree: exp.Expr, tables: Mapping[str, Sequence[str]]) -> exp.Expr:
    """`* exclude (…)` and `* replace (…)` as the columns that they mean."""
    schema: dict[str, object] = {name: dict.fromkeys(columns, "unknown") for name, columns in tables.items()}
    return qualify(
        tree,
        dialect="duckdb",
        schema=schema,
        expand_alias_refs=False,
        validate_qualify_columns=False,
        quote_identifiers=False,
    )


def _lists(node: exp.Expr) -> exp.Expr:
    """`unnest(x)` beside `generate_subscripts(x, 1)` in a select list: one row an entry, with its place from 1."""
    if not isinstance(node, exp.Select):
        return node
    for number, each in enumerate([found for found in node.expressions if found.find(exp.Explode)], start=1):
        listed = each.find(exp.Explode)
        if listed is None:
            continue
        view, value, place = f"pj_list_{number}", f"pj_value_{number}", f"pj_place_{number}"
        of = listed.this
        for other in node.expressions:
            for call in list(other.find_all(exp.Anonymous)):
                if call.name.lower() == "generate_subscripts" and call.expressions[0] == of:
                    _put(call, exp.cast(exp.Add(this=exp.column(place), expression=exp.Literal.number(1)), "bigint"))
        lateral = exp.Lateral(
            this=exp.Posexplode(this=of.copy()),
            view=True,
            alias=exp.TableAlias(
                this=exp.to_identifier(view), columns=[exp.to_identifier(place), exp.to_identifier(value)]
            ),
        )
        _put(listed, exp.column(value))
        node.append("laterals", lateral)
    return node


def _put(old: exp.Expr, new: exp.Expr) -> None:
    """Replace a node; one that stood for a column without a name of its own keeps it."""
    old.replace(new)


def _functions(node: exp.Expr) -> exp.Expr:
    """Functions that Spark calls otherwise or does not have."""
    if isinstance(node, exp.Anonymous) and node.name.lower() in _ANONYMOUS:
        return _ANONYMOUS[node.name.lower()](node)
    if isinstance(node, exp.Literal) and "\\p{" in node.this:
        node.set("this", _SCRIPT.sub(r"\\p{script=\1}", node.this))  # a name that Java and Rust both know
    if isinstance(node, exp.Add | exp.Sub) and _is_months(node.right):
        months = node.right.expressions[0]
        months = exp.Neg(this=exp.paren(months)) if isinstance(node, exp.Sub) else months
        return exp.Anonymous(this="add_months", expressions=[node.left, months])
    if isinstance(node, exp.PercentileCont):
        return exp.Anonymous(this="percentile", expressions=[node.this, _share(node.expression)])
    if isinstance(node, exp.Median):
        return exp.Anonymous(this="percentile", expressions=[node.this, _double(0.5)])
    if isinstance(node, exp.RegexpFullMatch):
        return exp.RegexpLike(this=node.this, expression=exp.Literal.string(f"^(?:{node.expression.this})$"))
    if isinstance(node, exp.ArrayDistinct):  # DuckDB's leaves NULL out
        of = sqlglot.parse_one("filter(array_distinct(x), e -> e is not null)", read="spark")
        of.find(exp.ArrayDistinct).set("this", node.this)  # type: ignore[union-attr]
        return of
    if isinstance(node, exp.Split):
        return exp.RegexpSplit(this=node.this, expression=_literal_pattern(node.expression))
    if isinstance(node, exp.RegexpReplace):
        return _regexp_replace(node)
    if isinstance(node, exp.ApproxDistinct):
        raise UnsupportedError("approximate counts differ between engines")
    return node


def _is_months(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() == "to_months"


def _double(value: float) -> exp.Expr:
    return exp.cast(exp.Literal.string(repr(value)), "double")


def _share(share: exp.Expr) -> exp.Expr:
    """A constant share, 0.9 or `cast(9 as double) / 10`, as one number: engines want it so."""
    if isinstance(share, exp.Div):
        above, below = share.left.unnest(), share.right.unnest()
        above = above.this if isinstance(above, exp.Cast) else above
        return _double(float(above.this) / float(below.this))
    return _double(float(share.this))


def _literal_pattern(separator: exp.Expr) -> exp.Expr:
    """A separator as a regular expression that means just it."""
    if not isinstance(separator, exp.Literal):
        raise UnsupportedError("lists are split at literal texts")
    return exp.Literal.string(re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", separator.this))


def _regexp_replace(node: exp.RegexpReplace) -> exp.Expr:
    """Spark replaces every match and calls groups $1; DuckDB the first alone without the flag 'g', and \\1.

    Refused is what cannot be said for all engines: the first of several matches, a group right before a letter or
    digit, which some take for a longer name, and a dollar.
    """
    flags, by = node.args.get("modifiers"), node.args.get("replacement")
    pattern = node.expression
    anchored = isinstance(pattern, exp.Literal) and re.match(r"\^|.*\$$", pattern.this, re.DOTALL)
    if not anchored and (flags is None or "g" not in flags.this):
        raise UnsupportedError(f"regexp_replace of the first match alone: say 'g', or anchor {pattern.sql()}")
    if isinstance(by, exp.Literal):
        if re.search(r"\\\d\w|[$]", by.this):
            raise UnsupportedError(f"a group right before a letter or digit, or a dollar: {by.sql()}")
        by = exp.Literal.string(re.sub(r"\\(\d)", r"$\1", by.this))
    return exp.Anonymous(this="regexp_replace", expressions=[node.this, pattern, by or exp.Literal.string("")])


def _strip_accents(node: exp.Anonymous) -> exp.Expr:
    """Letters without their marks, by a table of all that have some."""
    accented, plain = _accents()
    return exp.Anonymous(
        this="translate", expressions=[node.expressions[0], exp.Literal.string(accented), exp.Literal.string(plain)]
    )


_SCRIPT = re.compile(r"\\p\{(Latin|Han|Hiragana|Katakana|Hangul|Greek|Cyrillic)\}")


@cache
def _accents() -> tuple[str, str]:
    """Characters of the basic plane and what they are without marks; marks themselves come last, and fall away."""
    pairs, marks = [], []
    for code in range(0x80, 0x10000):
        char = chr(code)
        if 0xD800 <= code <= 0xDFFF:
            continue
        if unicodedata.category(char) == "Mn":
            marks.append(char)
            continue
        bare = "".join(c for c in unicodedata.normalize("NFD", char) if unicodedata.category(c) != "Mn")
        if bare != char and len(bare) == 1:
            pairs.append((char, bare))
    return "".join(a for a, _ in pairs) + "".join(marks), "".join(b for _, b in pairs)


def _try_strptime(node: exp.Anonymous) -> exp.Expr:
    text, pattern = node.expressions
    known = {"%Y%m%d": "yyyyMMdd", "%Y-%m-%d": "yyyy-MM-dd"}
    return exp.Anonymous(this="try_to_timestamp", expressions=[text, exp.Literal.string(known[pattern.this])])


_ANONYMOUS: dict[str, Callable[[exp.Anonymous], exp.Expr]] = {
    "strip_accents": _strip_accents,
    "nfc_normalize": lambda node: node.expressions[0],  # what is composed and not loses its marks alike
    "try_strptime": _try_strptime,
}


def _windows(node: exp.Expr) -> exp.Expr:
    """A numbering without order needs some order in Spark, any."""
    if isinstance(node, exp.Window) and isinstance(node.this, exp.RowNumber) and not node.args.get("order"):
        node.set("order", exp.Order(expressions=[exp.Ordered(this=exp.Literal.number(1))]))
    return node


def _types(node: exp.Expr) -> exp.Expr:
    """A closed list of words is text."""
    if isinstance(node, exp.DataType) and node.is_type(exp.DataType.Type.ENUM):
        return exp.DataType.build("text")
    return node


_REWRITES: tuple[Callable[[exp.Expr], exp.Expr], ...] = (_lists, _functions, _windows, _types)
