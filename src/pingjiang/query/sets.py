"""Saved sets: `#3` is the third query of a session, `##name` one that was kept by name."""

from __future__ import annotations

from collections.abc import Mapping

from pingjiang.errors import SetUnknown
from pingjiang.query.parse import parse
from pingjiang.query.tree import And, Node, Not, Or, SetRef, walk

_DEEPEST = 150  # levels of the whole


def expand(node: Node, sets: Mapping[str, str | Node]) -> Node:
    """The query with each set replaced by what it stands for; `sets`: '#3' or '##name' → query.

    Raises SetUnknown for a set that there is not, for one that holds itself, and where they nest too deep.
    """
    return _expand(node, sets, (), 0)


def _expand(node: Node, sets: Mapping[str, str | Node], within: tuple[str, ...], depth: int) -> Node:
    if depth > _DEEPEST:
        raise SetUnknown("集合嵌套过深。", "Sets nest too deep.")
    down = depth + 1
    match node:
        case Or(parts):
            return Or(tuple(_expand(part, sets, within, down) for part in parts))
        case And(parts):
            return And(tuple(_expand(part, sets, within, down) for part in parts))
        case Not(part):
            return Not(_expand(part, sets, within, down))
        case SetRef():
            name = node.text()
            if name not in sets:
                some = ", ".join(sorted(sets)) or "—"
                raise SetUnknown(f"没有集合 {name}；有：{some}。", f"There is no set {name}; there are: {some}.")
            if name in within:
                path = " → ".join((*within, name))
                raise SetUnknown(f"集合包含了自己：{path}。", f"A set holds itself: {path}.")
            found = sets[name]
            return _expand(parse(found) if isinstance(found, str) else found, sets, (*within, name), down)
    return node


def references(node: Node) -> list[str]:
    """The sets that a query names, each once, in order."""
    return list(dict.fromkeys(part.text() for part in walk(node) if isinstance(part, SetRef)))
