"""A chain's rule as a query of the query language: what is shown of it, and may be asked of any release.

`except` becomes ranges of symbols with a gap, so that it is one symbol that is here and not there. `within` cannot be
said: queries know which symbols a publication has, not in which order. Words are folded further by queries than by
rules (traditional characters, accents), so that a query may hold more where texts print those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pingjiang.chain.rule import SCHEMES, Rule
from pingjiang.query import echo
from pingjiang.query.symbols import SymbolPattern, subtract
from pingjiang.query.tree import And, Fielded, Node, Not, Or, Symbol, Term

_ZONES = {"title": "TI", "abstract": "AB", "both": "TIAB"}


@dataclass(frozen=True, slots=True)
class Said:
    """The query of a rule; `unsaid`: keys of the rule that it could not say, without which it holds more.

    query   None where a rule asks its classifier alone
    """

    query: Node | None
    unsaid: tuple[str, ...] = ()

    def text(self) -> str:
        """The query with its brackets, and what it does not say."""
        told = "" if self.query is None else echo(self.query)
        return (told + "".join(f"  [+ {key}]" for key in self.unsaid)).strip()


def as_query(rule: Rule) -> Said:
    """The rule as a query.

    >>> from pingjiang.chain.tree import load
    >>> leaf = next(leaf for leaf in load("semiconductors").leaves() if leaf.id == "eda-layout")
    >>> as_query(leaf.rules[0]).text()[:31]
    'CLASS=(G06F30/30-G06F30/398 OR '
    """
    unsaid: tuple[str, ...] = () if rule.classifier is None else (f"classifier {rule.classifier}",)
    if rule.query is not None:
        return Said(rule.query, unsaid)
    parts: list[Node] = []
    unsaid += () if rule.within is None else (f"within {rule.within}",)
    if rule.symbols:
        left = _less(rule.symbols, rule.excepted)
        unsaid += () if left is not None else ("except",)
        parts.append(_symbols(rule, rule.symbols if left is None else left))
    if rule.also:
        parts.append(_symbols(rule, rule.also))
    field = _ZONES[rule.zone]
    if rule.any.both():
        parts.append(Fielded(field, _any(Term(word) for word in rule.any.both())))
    if rule.all.both():
        # Each word may stand in title or abstract, wherever the others do.
        parts.append(
            _any(_all(Fielded(field, Term(word)) for word in words) for words in (rule.all.zh, rule.all.en) if words)
        )
    if rule.none.both():
        parts.append(Not(Fielded(field, _any(Term(word) for word in rule.none.both()))))
    if rule.without:
        parts.append(Not(_symbols(rule, rule.without)))
    return Said(_all(parts) if parts else None, unsaid)


def _symbols(rule: Rule, patterns: Sequence[SymbolPattern]) -> Node:
    field = "CLASS" if rule.schemes == SCHEMES else rule.schemes[0]
    return Fielded(field, _any(Symbol(pattern.text) for pattern in patterns))


def _less(patterns: Sequence[SymbolPattern], refused: Sequence[SymbolPattern]) -> list[SymbolPattern] | None:
    """The patterns without the refused ones; None where that leaves nothing, or cannot be written."""
    found: list[SymbolPattern] = []
    for pattern in patterns:
        left = subtract(pattern, refused)
        if left is None:
            return None
        found += left
    return found or None


def _any(parts: Iterable[Node]) -> Node:
    return _joined(Or, parts)


def _all(parts: Iterable[Node]) -> Node:
    return _joined(And, parts)


def _joined(kind: type[Or] | type[And], parts: Iterable[Node]) -> Node:
    """The parts as one node; a part of the same kind is not put into brackets."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, kind) else (part,))]
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
