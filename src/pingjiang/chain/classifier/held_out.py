"""What a threshold takes and how right that is, on documents that the model has not seen.

Scores are those of documents left out (`learning.Learnt`). Where a figure is told of a threshold that was chosen by
such scores, it is chosen in four fifths of the documents and told of the fifth, in turns.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pingjiang.intervals import wilson

FOLDS = 5
_IMAGINED, _IMAGINED_F1 = 10, 0.5  # a threshold that a few documents speak for is held back by so many imagined ones

Scores = Mapping[str, float]  # document → score of one left out
Told = Mapping[str, bool]


def best_threshold(scores: np.ndarray, told: np.ndarray) -> float:
    """The threshold by which F1 is best, with a few imagined documents beside; half-way between two scores.

    Ties go to the higher threshold. Infinity where nothing bears the tag.
    """
    if not told.any():
        return math.inf
    order = np.argsort(-scores, kind="stable")
    held = scores[order]
    both = np.cumsum(told[order])
    f1 = (2 * both + _IMAGINED * _IMAGINED_F1) / (np.arange(1, len(order) + 1) + told.sum() + _IMAGINED)
    ends = np.append(held[1:] < held[:-1], True)  # documents of one score fall on one side
    at = int(np.argmax(np.where(ends, f1, -1.0)))
    below = held[at + 1] if at + 1 < len(held) else held[at] - 1.0
    return float(round((held[at] + below) / 2, 6))


def fold_of(document: str) -> int:
    """The fold of a document, by its id alone."""
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % FOLDS


def figures(scores: Scores, told: Told) -> dict[str, Any]:
    """{"labels", "yes", "threshold", "held_out": {"precision", "recall", "f1", "n", "intervals"}} of one tag.

    The threshold rests on all labels; the figures on thresholds that were chosen without the document.
    """
    documents = sorted(told)
    values = np.array([scores[each] for each in documents])
    truth = np.array([told[each] for each in documents])
    folds = np.array([fold_of(each) for each in documents])
    taken = np.zeros(len(documents), dtype=bool)
    for fold in range(FOLDS):
        here = folds == fold
        if here.any() and not here.all():
            taken[here] = values[here] >= best_threshold(values[~here], truth[~here])
    threshold = best_threshold(values, truth)
    return {
        "labels": len(documents), "yes": int(truth.sum()), "threshold": threshold,
        "held_out": counted(int((taken & truth).sum()), int(taken.sum()), int(truth.sum()), len(documents)),
    }  # fmt: skip


def counted(both: int, taken: int, yes: int, n: int) -> dict[str, Any]:
    """Precision, recall and F1 of counts, each None where it is undefined, with Wilson's intervals of 95 %."""
    return {
        "precision": both / taken if taken else None, "recall": both / yes if yes else None,
        "f1": 2 * both / (taken + yes) if taken + yes else None, "n": n,
        "intervals": {"precision": wilson(both, taken), "recall": wilson(both, yes)},
    }  # fmt: skip


def steps(scores: Scores, told: Told, all_scores: Sequence[float], most: int = 10) -> list[dict[str, Any]]:
    """Thresholds from high to low: how many documents score so or more, and what that means on labelled ones.

    all_scores  of every document of the release of which something is known. A threshold stands where a further share
    of the labelled documents comes in, so that each row says something new.
    """
    values = np.array(sorted(scores.values(), reverse=True))
    if not len(values):
        return []
    places = sorted({round(len(values) * (at + 1) / most) - 1 for at in range(most)} - {-1})
    everything = np.array(list(all_scores))
    found = []
    for threshold in sorted({float(values[at]) for at in places}, reverse=True):
        found.append({"threshold": threshold, **at_threshold(scores, told, everything, threshold)})
    return found


def at_threshold(scores: Scores, told: Told, everything: np.ndarray, threshold: float) -> dict[str, Any]:
    """How many documents score `threshold` or more, and precision and recall on the labelled ones, left out each."""
    taken = [each for each in told if scores[each] >= threshold]
    both = sum(told[each] for each in taken)
    return {
        "documents": int((everything >= threshold).sum()),
        **counted(both, len(taken), sum(told.values()), len(told)),
    }
