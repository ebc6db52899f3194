"""What each method finds for a publication or a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pingjiang.search.similar.features import terms
from pingjiang.search.similar.method import METHODS, SYMBOLS, TERMS, VECTORS, Method
from pingjiang.search.similar.opened import Index
from pingjiang.search.similar.ranking import Ranked, ranked
from pingjiang.text.embeddings import Encoder, Vectors


@dataclass(frozen=True)
class Asked:
    """What is compared: numbers of terms and symbols, a vector. What is not known is empty.

    said: all its terms; of a long text `terms` are the most telling of them.
    """

    said: frozenset[int]
    terms: frozenset[int]
    symbols: frozenset[int]
    vector: Vectors | None

    @property
    def methods(self) -> list[str]:
        """The methods that have something to go by."""
        have = {TERMS: bool(self.terms), VECTORS: self.vector is not None, SYMBOLS: bool(self.symbols)}
        return [name for name in METHODS if have[name]]


def of_publication(index: Index, ordinal: int, method: Method) -> Asked:
    """What is known of a publication of the index. Of its terms those that weigh most in it."""
    mine = index.terms.of(ordinal)
    telling = sorted(mine, key=lambda number: (-mine[number], number))[: method.most_terms]
    vector = None if index.vectors is None else index.vectors.of(ordinal)
    return Asked(frozenset(mine), frozenset(telling), frozenset(index.symbols.of(ordinal)), vector)


def of_text(index: Index, text: str, method: Method, encoder: Encoder | None) -> Asked:
    """What a text says. Of its terms those that stand in it most often for their rarity."""
    counted = terms(text)
    known = index.terms.numbers(counted)
    weight = {number: counted[term] * index.terms.rarity(number) for term, number in known.items()}
    telling = sorted(weight, key=lambda number: (-weight[number], number))[: method.most_terms]
    vector = None if index.vectors is None or encoder is None else index.vectors.of_text(text, encoder)
    return Asked(frozenset(weight), frozenset(telling), frozenset(), vector)


def lists(index: Index, asked: Asked, allowed: npt.NDArray[np.bool_], depth: int) -> Mapping[str, Ranked]:
    """The first `depth` of each method among those that are allowed."""
    found: dict[str, Ranked] = {}
    for name in asked.methods:
        if name == TERMS:
            scores = index.terms.scores(asked.terms)
        elif name == SYMBOLS:
            scores = index.symbols.scores(asked.symbols)
        else:
            assert index.vectors is not None and asked.vector is not None  # so says `methods`
            scores = index.vectors.scores(asked.vector)
        found[name] = ranked(scores, allowed, depth)
    return found
