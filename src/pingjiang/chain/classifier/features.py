"""What of a document a classifier goes by: words of its texts and prefixes of its class symbols.

Texts are folded and cut as queries and the full text are (`query.tokens`): width, case, accents, one Chinese script.
Terms of a text are its Latin words, pairs of them that stand side by side, and Chinese characters two by two (one that
stands alone by itself); and apart from these the pieces of its Latin words, of three to five letters.
Terms of a symbol are its class, subclass, main group and itself: H01, H01M, H01M10, H01M10/0562.

Documents are thousands and their distinct tokens few: each token is looked at once, and texts are rows of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pingjiang.query.tokens import tokens
from pingjiang.text.folding import CJK

KINDS = ("words", "letters", "symbols")
_HAN_SIGN = re.compile(rf"[{CJK}\U00020000-\U0003fffd]")
_SIGN, _LATIN, _HAN = 0, 1, 2
_PARTS = re.compile(r"([A-HY])(\d\d)([A-Z])?(\d+)?(?:/(\d+))?")


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a publication: its id, its texts as one, its symbols ('H01M10/0562') in any order."""

    id: str
    text: str = ""
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where terms stand: the document and the term of each occurrence, the latter by its place in `terms`."""

    terms: Sequence[str]
    document: np.ndarray
    term: np.ndarray


class Texts:
    """Documents, their texts cut into tokens: once for all kinds of terms."""

    def __init__(self, documents: Sequence[Document]) -> None:
        known: dict[str, int] = {"": 0}  # parts documents
        row: list[int] = [0]
        lengths: list[int] = []
        for document in documents:
            found = tokens(document.text)
            row += [known.setdefault(token, len(known)) for token in found]
            row.append(0)
            lengths.append(len(found) + 1)
        self.count = len(documents)
        self._symbols = [document.symbols for document in documents]
        self._tokens = list(known)
        self._at = np.array(row, dtype=np.int64)
        self._kinds = np.array([_kind(token) for token in known])[self._at]
        self._document = np.concatenate([[0], np.repeat(np.arange(self.count), lengths)]).astype(np.int64)

    def occurrences(self, kind: str) -> Occurrences:
        """The terms of one of KINDS; of 'letters' the Latin words, which `letter_pieces` takes apart."""
        if kind == "symbols":
            return self._prefixes()
        latin = self._kinds == _LATIN
        if kind == "letters":
            return self._chosen(latin)
        following = np.append(self._kinds[1:], _SIGN)
        before = np.append(_SIGN, self._kinds[:-1])
        alone = (self._kinds == _HAN) & (following != _HAN) & (before != _HAN)
        single = self._chosen(latin | alone)
        first = np.flatnonzero((self._kinds != _SIGN) & (self._kinds == following))
        keys, pair = np.unique(self._at[first] * len(self._tokens) + self._at[first + 1], return_inverse=True)
        gap = {_LATIN: " ", _HAN: ""}
        pairs = [
            self._tokens[one] + gap[_kind(self._tokens[one])] + self._tokens[two]
            for one, two in zip(*map(np.ndarray.tolist, np.divmod(keys, len(self._tokens))), strict=True)
        ]
        return Occurrences(
            [*single.terms, *pairs],
            np.concatenate([single.document, self._document[first]]),
            np.concatenate([single.term, pair + len(single.terms)]),
        )

    def _chosen(self, which: np.ndarray) -> Occurrences:
        """The tokens at these places."""
        held, term = np.unique(self._at[which], return_inverse=True)
        return Occurrences([self._tokens[each] for each in held.tolist()], self._document[which], term)

    def _prefixes(self) -> Occurrences:
        known: dict[str, int] = {}
        rows: list[int] = []
        found: list[int] = []
        for number, symbols in enumerate(self._symbols):
            terms = symbol_terms(symbols)
            found += [known.setdefault(term, len(known)) for term in terms]
            rows += [number] * len(terms)
        return Occurrences(list(known), np.array(rows, dtype=np.int64), np.array(found, dtype=np.int64))


def _kind(token: str) -> int:
    if _HAN_SIGN.match(token):
        return _HAN
    return _LATIN if token[:1].isalnum() else _SIGN


def letter_pieces(word: str) -> list[str]:
    """Pieces of three to five letters of a Latin word, its ends marked: kin of inflected and compound words.

    >>> letter_pieces("cell")
    ['<ce', 'cel', 'ell', 'll>', '<cel', 'cell', 'ell>', '<cell', 'cell>']
    """
    marked = f"<{word}>"
    return [marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1)]


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
