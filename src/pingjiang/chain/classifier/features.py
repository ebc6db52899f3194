"""What of a document a classifier goes by: words of its texts and prefixes of its class symbols.

Texts are folded and cut as queries and the full text are (`query.tokens`): width, case, accents, one Chinese script.
Terms of a text are its Latin words, pairs of them that stand side by side, and Chinese characters two by two.
Terms of a symbol are its class, subclass, main group and itself: H01, H01M, H01M10, H01M10/0562.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pingjiang.query.tokens import tokens
from pingjiang.text.folding import CJK

_HAN = re.compile(rf"[{CJK}\U00020000-\U0003fffd]")
_PARTS = re.compile(r"([A-HY])(\d\d)([A-Z])?(\d+)?(?:/(\d+))?")


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a publication: its id, its texts as one, its symbols ('H01M10/0562') in any order."""

    id: str
    text: str = ""
    symbols: tuple[str, ...] = ()


def text_terms(text: str) -> list[str]:
    """The terms of a text, as often as they occur.

    >>> text_terms("固态电池, solid state")
    ['固态', '态电', '电池', 'solid', 'state', 'solid state']
    """
    found: list[str] = []
    for run, han in _runs(tokens(text)):
        if han:
            found += [a + b for a, b in zip(run, run[1:], strict=False)] or run
        else:
            found += run
            found += [f"{a} {b}" for a, b in zip(run, run[1:], strict=False)]
    return found


def _runs(found: Sequence[str]) -> Iterator[tuple[list[str], bool]]:
    """Tokens that stand side by side and are alike, Chinese or not; punctuation parts them and is left out."""
    run: list[str] = []
    was = False
    for token in found:
        han = _HAN.match(token) is not None
        counts = han or token[0].isalnum()
        if run and (not counts or han != was):
            yield run, was
            run = []
        if counts:
            run.append(token)
            was = han
    if run:
        yield run, was


def symbol_terms(symbols: Iterable[str]) -> list[str]:
    """The prefixes of symbols, each once, in order.

    >>> symbol_terms(["H01M10/0562", "H01M10/05"])
    ['H01', 'H01M', 'H01M10', 'H01M10/05', 'H01M10/0562']
    """
    found: set[str] = set()
    for symbol in symbols:
        match = _PARTS.match(symbol)
        if match is None:
            continue
        section, number, subclass, group, subgroup = match.groups()
        at = section + number
        found.add(at)
        for part, sign in ((subclass, ""), (group, ""), (subgroup, "/")):
            if part is None:
                break
            at += sign + part
            found.add(at)
    return sorted(found)
