"""Our side of the measurement of the classifier: learnt from the first documents, thresholds set, all scored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.generate.documents import read
from pingjiang.chain.classifier.features import Document
from pingjiang.chain.classifier.held_out import figures
from pingjiang.chain.classifier.learning import learn


def classify(path: Path, labels: int, topic: int) -> dict[str, Any]:
    """{"scored", "taken", "precision", "recall"}: of the documents that were not labelled, at our own threshold."""
    told = read(path)
    documents = [Document(each["id"], each["text"], tuple(each["symbols"])) for each in told]
    given = {each["id"]: each["topic"] == topic for each in told[:labels]}
    learnt = learn(documents[:labels], {"topic": given})
    threshold = figures(learnt.left_out["topic"], given)["threshold"]
    taken = learnt.model.scores(documents)[:, 0] >= threshold
    return measured(taken, [each["topic"] == topic for each in told], labels)


def measured(taken: np.ndarray, truth: list[bool], labels: int) -> dict[str, Any]:
    """What was taken of the documents that were not labelled, and how right that is."""
    rest, held = taken[labels:], np.array(truth[labels:])
    both = int((rest & held).sum())
    return {
        "scored": len(taken), "taken": int(rest.sum()), "precision": both / max(1, int(rest.sum())),
        "recall": both / int(held.sum()),
    }  # fmt: skip
