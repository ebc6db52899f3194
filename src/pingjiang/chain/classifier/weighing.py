"""Documents as rows of weighted terms: tf-idf, each kind of terms as one part of length 1.

A document is cut into tokens once for all parts. Pieces of letters are counted word by word: a word that stands in ten
thousand documents is cut into pieces once.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pingjiang.chain.classifier.features import (
    Document,
    latin_words,
    letter_pieces,
    symbol_terms,
    text_terms,
)
from pingjiang.query.tokens import tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True)
class Cut:
    """A document whose texts are cut into tokens."""

    found: Sequence[str]
    symbols: tuple[str, ...]


def cut(documents: Iterable[Document]) -> list[Cut]:
    """Documents, cut."""
    return [Cut(tokens(document.text), document.symbols) for document in documents]


# What is counted of a document, by kind; of letters the words, whose pieces are counted then.
KINDS: Mapping[str, Callable[[Cut], list[str]]] = {
    "words": lambda document: text_terms(document.found),
    "letters": lambda document: latin_words(document.found),
    "symbols": lambda document: symbol_terms(document.symbols),
}


@dataclass(frozen=True)
class Part:
    """Terms of one kind with their weights by rarity; `terms` are sorted."""

    kind: str
    terms: tuple[str, ...]
    rarity: np.ndarray

    def matrix(self, documents: Sequence[Cut]) -> csr_matrix:
        """A row a document: its terms by tf-idf, of length 1; empty where it has none that are known."""
        at = {term: place for place, term in enumerate(self.terms)}
        counted = _counts(self.kind, documents, at)
        counted.data = (1.0 + np.log(counted.data)) * self.rarity[counted.indices]
        lengths = np.sqrt(np.asarray(counted.multiply(counted).sum(axis=1)).ravel())
        counted.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(counted.indptr))
        return counted


def parts_of(documents: Sequence[Cut]) -> tuple[Part, ...]:
    """The parts that documents have: terms of theirs and how rare each is."""
    made = []
    for kind, terms_of in KINDS.items():
        held: Counter[str] = Counter()
        for document in documents:
            words = set(terms_of(document))
            held.update(words if kind != "letters" else {piece for word in words for piece in letter_pieces(word)})
        if held:
            terms = tuple(sorted(held))
            rarity = np.array([math.log((1 + len(documents)) / (1 + held[term])) + 1 for term in terms])
            made.append(Part(kind, terms, rarity))
    return tuple(made)


def joined(parts: Sequence[Any]) -> csr_matrix:
    """The parts side by side, each weighing the same: a row that has all of them is of length 1."""
    from scipy.sparse import csr_matrix, hstack

    return csr_matrix(hstack(parts, format="csr")) * (1 / math.sqrt(len(parts)))


def _counts(kind: str, documents: Sequence[Cut], at: Mapping[str, int]) -> csr_matrix:
    """How often each term stands in each document; terms that are not known are left out. In order within a row."""
    if kind != "letters":
        return _counted([KINDS[kind](document) for document in documents], at)
    words = [KINDS[kind](document) for document in documents]
    known = {word: place for place, word in enumerate(sorted({word for found in words for word in found}))}
    made = _counted(words, known) @ _counted([letter_pieces(word) for word in known], at)
    made.sort_indices()
    return made


def _counted(rows: Iterable[Sequence[str]], at: Mapping[str, int]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    starts, places = [0], []
    counts: list[int] = []
    for terms in rows:
        found: dict[int, int] = {}
        for term in terms:
            place = at.get(term)
            if place is not None:
                found[place] = found.get(place, 0) + 1
        row = sorted(found)
        places += row
        counts += [found[place] for place in row]
        starts.append(len(places))
    return csr_matrix(
        (np.array(counts, float), np.array(places, np.int32), np.array(starts)), (len(starts) - 1, len(at))
    )
