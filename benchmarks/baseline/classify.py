"""The opponent: scikit-learn's bag of words and its logistic regression, as any tutorial has them. No symbols, and
Chinese is not cut into words: a sentence between two signs is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.generate.documents import read
from benchmarks.ours_classifier import measured


def classify(path: Path, labels: int, topic: int) -> dict[str, Any]:
    """{"scored", "taken", "precision", "recall"}."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    told = read(path)
    texts, truth = [each["text"] for each in told], [each["topic"] == topic for each in told]
    words = TfidfVectorizer()
    known = words.fit_transform(texts[:labels])
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(known, truth[:labels])
    return measured(np.asarray(model.predict(words.transform(texts)), dtype=bool), truth, labels)
