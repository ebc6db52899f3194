"""What of a document a classifier goes by: words of its texts and prefixes of its class symbols.

Texts are folded and cut as queries and the full text are (`query.tokens`): width, case, accents, one Chinese script.
Terms of a text are its Latin words, pairs of them that stand side by side, and Chinese characters two by two; and
apart from these the pieces of its Latin words, of three to five letters.
Terms of a symbol are its class, subclass, main group and itself: H01, H01M, H01M10, H01M10/0562.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pingjiang.text.folding import CJK

_HAN = re.compile(rf"[{CJK}\U00020000-\U0003fffd]")
_PARTS = re.compile(r"([A-HY])(\d\d)([A-Z])?(\d+)?(?:/(\d+))?")


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a publication: its id, its texts as one, its symbols ('H01M10/0562') in any order."""

    id: str
    text: str = ""
    symbols: tuple[str, ...] = ()


def text_terms(found: Sequence[str]) -> list[str]:
    """The terms of a text that was cut into tokens, as often as they occur.

    >>> from pingjiang.query.tokens import tokens
    >>> text_terms(tokens("固态电池, solid state"))
    ['固态', '态电', '电池', 'solid', 'state', 'solid state']
    """
    terms: list[str] = []
    for run, han in _runs(found):
        if han:
            terms += [a + b for a, b in pairwise(run)] or run
        else:
            terms += run
            terms += [f"{a} {b}" for a, b in pairwise(run)]
    return terms


def letter_pieces(word: str) -> list[str]:
    """Pieces of three to five letters of a Latin word, its ends marked: kin of inflected and compound words.

    >>> letter_pieces("cell")
    ['<ce', 'cel', 'ell', 'll>', '<cel', 'cell', 'ell>', '<cell', 'cell>']
    """
    marked = f"<{word}>"
    return [marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1)]


def latin_words(found: Sequence[str]) -> list[str]:
    """Those of the tokens that are Latin words or numbers."""
    return [token for token in found if token[0].isalnum() and not _HAN.match(token)]


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
