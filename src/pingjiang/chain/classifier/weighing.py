"""Documents as rows of weighted terms: tf-idf, each kind of terms as one part of length 1."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pingjiang.chain.classifier.features import KINDS, Occurrences, Texts, letter_pieces

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Part:
    """Terms of one kind with their weights by rarity; `terms` are sorted."""

    kind: str
    terms: tuple[str, ...]
    rarity: np.ndarray

    def matrix(self, texts: Texts) -> csr_matrix:
        """A row a document: its terms by tf-idf, of length 1; empty where it has none that are known."""
        at = {term: place for place, term in enumerate(self.terms)}
        counted = _counts(self.kind, texts, at)
        counted.data = (1.0 + np.log(counted.data)) * self.rarity[counted.indices]
        rows = np.repeat(np.arange(texts.count), np.diff(counted.indptr))
        lengths = np.sqrt(np.bincount(rows, weights=counted.data**2, minlength=texts.count))
        counted.data /= lengths[rows]
        return counted


def parts_of(texts: Texts) -> tuple[Part, ...]:
    """The parts that documents have: terms of theirs and how rare each is."""
    made = []
    for kind in KINDS:
        found = texts.occurrences(kind).terms
        terms = tuple(sorted(set(found) if kind != "letters" else set(_pieces(found))))
        if terms:
            counted = _counts(kind, texts, {term: place for place, term in enumerate(terms)})
            held = np.bincount(counted.indices, minlength=len(terms))
            made.append(Part(kind, terms, np.log((1 + texts.count) / (1 + held)) + 1))
    return tuple(made)


def joined(parts: Sequence[Any]) -> csr_matrix:
    """The parts side by side, each weighing the same: a row that has all of them is of length 1."""
    from scipy.sparse import csr_matrix, hstack

    return csr_matrix(hstack(parts, format="csr")) * (1 / math.sqrt(len(parts)))


def _counts(kind: str, texts: Texts, at: Mapping[str, int]) -> csr_matrix:
    """How often each term stands in each document; terms that are not known are left out. In order within a row."""
    found = texts.occurrences(kind)
    if kind != "letters":
        return _counted(found, texts.count, at)
    words = {word: place for place, word in enumerate(found.terms)}
    pieces = [letter_pieces(word) for word in found.terms]
    known = {piece: place for place, piece in enumerate(dict.fromkeys(_pieces(found.terms)))}
    cut = Occurrences(
        list(known),
        np.repeat(np.arange(len(pieces)), [len(each) for each in pieces]),
        np.array([known[piece] for each in pieces for piece in each], dtype=np.int64),
    )
    made = _counted(found, texts.count, words) @ _counted(cut, len(words), at)
    made.sort_indices()
    return made


def _pieces(words: Iterable[str]) -> list[str]:
    return [piece for word in words for piece in letter_pieces(word)]


def _counted(found: Occurrences, rows: int, at: Mapping[str, int]) -> csr_matrix:
    from scipy.sparse import coo_matrix

    places = np.array([at.get(term, -1) for term in found.terms], dtype=np.int64)[found.term]
    known = places >= 0
    ones = np.ones(int(known.sum()))
    made = coo_matrix((ones, (found.document[known], places[known])), (rows, len(at))).tocsr()
    made.sum_duplicates()  # and in order within a row
    return made
