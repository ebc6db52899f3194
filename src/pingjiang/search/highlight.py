"""Why a publication was found: the places of its texts at which words of the query stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import combining

from pingjiang.query.fields import Field, load_fields
from pingjiang.query.meaning import spans
from pingjiang.query.tokens import tokens
from pingjiang.query.tree import And, Fielded, Near, Node, Not, Or, Term
from pingjiang.text.folding import plain

Place = tuple[int, int]
_AROUND = 30  # characters that a cut shows before and behind


def asked(node: Node) -> list[tuple[Field, Node]]:
    """Words and distances that a query asks for, each with its field; what it refuses is not among them."""
    match node:
        case Or(parts) | And(parts):
            return [found for part in parts for found in asked(part)]
        case Fielded(name, part) if load_fields()[name].is_words:
            return [(load_fields()[name], leaf) for leaf in _leaves(part)]
    return []


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case Or(parts) | And(parts):
            for part in parts:
                yield from _leaves(part)
        case Not():
            return
        case Near() | Term():
            yield node


def places(text: str, wanted: Sequence[tuple[Field, Node]]) -> list[Place]:
    """Where words of a query stand in a text, in order, those that touch joined."""
    found: list[Place] = []
    placed = {names: _placed(text, names=names) for names in {field.kind == "name" for field, _ in wanted}}
    for field, node in wanted:
        at = placed[field.kind == "name"]
        whole = isinstance(node, Term) and node.whole
        for start, stop in spans(field, node, [token for token, _, _ in at]):
            if not whole or (start, stop) == (0, len(at)):
                found.append((at[start][1], at[stop - 1][2]))
    return _joined(found)


def _placed(text: str, *, names: bool) -> list[tuple[str, int, int]]:
    """The tokens of a text with their places in it; none where folding moved what cannot be followed."""
    folded: list[str] = []
    origin: list[Place] = []  # of each folded character
    for start, stop in _clusters(text):
        made = plain(text[start:stop])
        folded.append(made)
        origin += [(start, stop)] * len(made)
    whole, wanted = "".join(folded), tokens(text, names=names)
    if tokens(whole, names=names) != wanted:
        return []
    found: list[tuple[str, int, int]] = []
    at = 0
    for token in wanted:  # between tokens stands nothing that could be one
        at = whole.find(token, at)
        if at < 0:
            return []
        found.append((token, origin[at][0], origin[at + len(token) - 1][1]))
        at += len(token)
    return found


def _clusters(text: str) -> Iterator[Place]:
    """Characters, each with the marks that combine with it."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not combining(text[at]):
            yield start, at
            start = at


def _joined(found: list[Place]) -> list[Place]:
    joined: list[Place] = []
    for start, stop in sorted(set(found)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def cut(text: str, found: Sequence[Place]) -> tuple[str, list[Place]]:
    """The part of a text around the first places, and the places in it."""
    start = max(0, found[0][0] - _AROUND)
    stop = min(len(text), max(found[0][1], min(found[-1][1], start + 4 * _AROUND)) + _AROUND)
    left, right = "…" if start else "", "…" if stop < len(text) else ""
    shift = start - len(left)
    inside = [(a - shift, b - shift) for a, b in found if a >= start and b <= stop]
    return left + text[start:stop] + right, inside


def marked(text: str, found: Sequence[Sequence[int]]) -> str:
    """The text with each place between brackets, for where nothing else can be shown."""
    shown, at = "", 0
    for start, stop in found:
        shown += f"{text[at:start]}【{text[start:stop]}】"
        at = stop
    return shown + text[at:]
