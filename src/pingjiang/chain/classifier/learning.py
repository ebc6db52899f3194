"""Learning and scoring: weighted terms, one ridge regression a tag. Same labels, same result.

Terms are weighted by tf-idf, each kind of them as one part of equal length. A tag is learnt from the documents that
people said yes (1) or no (0) of, by least squares with held-down weights and a free constant. Solved in the space of
the documents that has one closed form, and with it, exactly, what each of them would score had it been left out: so
thresholds and figures rest on documents that the model has not seen, at no further cost. Documents go in by their ids,
so that the order of rows plays no part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pingjiang.chain.classifier.features import Document, Texts
from pingjiang.chain.classifier.weighing import Part, joined, parts_of
from pingjiang.errors import DefinitionError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LEAST_LABELS = 10  # of a tag, yes and no together
LEAST_EACH = 2
MOST_DOCUMENTS = 8_000  # that are learnt from: the matrix of their likeness takes half a gigabyte, thrice
_HELD_DOWN = 1.0  # how strongly weights are held down, beside likeness of 1 of a document with itself
_DIGITS = 6  # of a score, and two more of what it is made of: sums in another order differ behind them

_PORTION = 5_000  # documents that are rows at once

Labels = Mapping[str, bool]  # of one tag: document → whether it bears it


@dataclass(frozen=True)
class Model:
    """What was learnt of the tags of a list. A score is about 1 for yes and about 0 for no, and no probability.

    weights   a row a tag over the terms of all parts; constant: one number a tag
    """

    tags: tuple[str, ...]
    parts: tuple[Part, ...]
    weights: np.ndarray
    constant: np.ndarray

    def matrix(self, documents: Sequence[Document]) -> csr_matrix:
        """The documents as rows of weighted terms, all parts side by side."""
        texts = Texts(documents)
        return joined([part.matrix(texts) for part in self.parts])

    def scores(self, documents: Sequence[Document]) -> np.ndarray:
        """A row a document, a column a tag; a document of which no term is known bears NaN: nothing is known of it."""
        made = np.empty((len(documents), len(self.tags)))
        for start in range(0, len(documents), _PORTION):
            rows = self.matrix(documents[start : start + _PORTION])
            scores = np.round(np.asarray(rows @ self.weights.T) + self.constant, _DIGITS)
            scores[np.diff(rows.indptr) == 0] = np.nan
            made[start : start + _PORTION] = scores
        return made

    def reasons(self, document: Document, tag: str, most: int = 5) -> list[tuple[str, float]]:
        """The terms of a document that count most for or against a tag, with what each adds to the score."""
        row = self.matrix([document])
        added = row.data * self.weights[self.tags.index(tag)][row.indices]
        terms = [term for part in self.parts for term in part.terms]
        order = sorted(range(len(added)), key=lambda at: (-abs(added[at]), terms[row.indices[at]]))
        return [(terms[row.indices[at]], float(added[at])) for at in order[:most]]


@dataclass(frozen=True)
class Learnt:
    """A model, and by tag what each labelled document scores in the model that all the others make."""

    model: Model
    left_out: Mapping[str, Mapping[str, float]]


def digest(labels: Mapping[str, Labels]) -> str:
    """SHA-256 of labels, whatever their order."""
    told = sorted((tag, document, held) for tag, of in labels.items() for document, held in of.items())
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def enough(of: Labels) -> bool:
    """Whether enough was said of a tag to learn it."""
    yes = sum(of.values())
    return len(of) >= LEAST_LABELS and min(yes, len(of) - yes) >= LEAST_EACH


def require_enough(labels: Mapping[str, Labels]) -> None:
    """DefinitionError names a tag of which too little was said to learn it."""
    for tag, of in labels.items():
        if not enough(of):
            yes = sum(of.values())
            no = len(of) - yes
            raise DefinitionError(
                f"标签 {tag} 的标注太少：是 {yes}，否 {no}。",
                f"Too few labels of {tag}: yes {yes}, no {no}.",
                remedy=(
                    f"每个标签至少 {LEAST_LABELS} 条标注，是与否各至少 {LEAST_EACH} 条；有分歧未裁定的不算。",
                    f"Label {LEAST_LABELS} documents of a tag at least, {LEAST_EACH} of them yes and {LEAST_EACH} no; "
                    "those on which people differ do not count until they are adjudicated.",
                ),
            )


def learn(documents: Sequence[Document], labels: Mapping[str, Labels]) -> Learnt:
    """A model of the tags of `labels`. DefinitionError where too little was said of one (`require_enough`)."""
    require_enough(labels)
    said = set().union(*(of.keys() for of in labels.values()))
    chosen = sorted((each for each in documents if each.id in said), key=lambda each: each.id)
    if len(chosen) > MOST_DOCUMENTS:
        raise DefinitionError(
            f"标注了 {len(chosen):,} 件，一次最多学 {MOST_DOCUMENTS:,} 件。",
            f"{len(chosen):,} documents are labelled; {MOST_DOCUMENTS:,} at most are learnt from at once.",
            remedy=("请分成几个标引任务。", "Use several lists."),
        )
    texts = Texts(chosen)
    parts = parts_of(texts)
    if not parts:
        raise DefinitionError(
            "标注过的文献没有标题、摘要和分类号。",
            "What was labelled has neither texts nor symbols to learn from.",
            remedy=("请先导入带标题或分类号的数据。", "Import data with titles or symbols first."),
        )
    rows = joined([part.matrix(texts) for part in parts])
    tags, places = tuple(sorted(labels)), {document.id: at for at, document in enumerate(chosen)}
    weights, constant = np.zeros((len(tags), rows.shape[1])), np.zeros(len(tags))
    left_out: dict[str, dict[str, float]] = {}
    for own, group in _alike(tags, labels, places):
        held = rows[[places[each] for each in own]]
        told = np.array([[labels[tag][each] for tag in group] for each in own], dtype=float)
        alpha, free, without = ridge((held @ held.T).toarray(), told)
        for at, tag in enumerate(group):
            number = tags.index(tag)
            weights[number], constant[number] = held.T @ alpha[:, at], free[at]
            left_out[tag] = dict(zip(own, map(float, np.round(without[:, at], _DIGITS)), strict=True))
    return Learnt(Model(tags, parts, np.round(weights, _DIGITS + 2), np.round(constant, _DIGITS + 2)), left_out)


def ridge(likeness: np.ndarray, told: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Least squares with a free constant over documents whose inner products are `likeness`, which is used up.

    told      a row a document, a column a tag, of 0 and 1
    Gives what each document adds, the constants, and what each document would score had it been left out: exactly so,
    by the inverse of the bordered matrix (Cawley 2006).
    """
    from scipy.linalg import lapack

    likeness[np.diag_indices(len(likeness))] += _HELD_DOWN
    lower, _ = lapack.dpotrf(likeness, lower=1, overwrite_a=1)
    inverse, _ = lapack.dpotri(lower, lower=1, overwrite_c=1)
    inverse = np.tril(inverse)
    inverse += np.tril(inverse, -1).T
    sums = inverse.sum(axis=1)
    whole = sums.sum()
    free = sums @ told / whole
    alpha = inverse @ told - np.outer(sums, free)
    own = np.diag(inverse) - sums**2 / whole
    return alpha, free, told - alpha / own[:, None]


def _alike(
    tags: Sequence[str], labels: Mapping[str, Labels], places: Mapping[str, int]
) -> list[tuple[list[str], list[str]]]:
    """Tags by the documents that were labelled of them: those of the same documents are solved as one."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for tag in tags:
        groups.setdefault(tuple(sorted(each for each in labels[tag] if each in places)), []).append(tag)
    return [(list(own), group) for own, group in groups.items()]
