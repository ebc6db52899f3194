"""The classifier: 300 labels learnt and 20,000 synthetic documents scored, against scikit-learn's bag of words."""

from __future__ import annotations

import statistics
from functools import partial
from typing import Any

from benchmarks import store
from benchmarks.generate import documents as made_documents
from benchmarks.harness import Side, alternate
from benchmarks.measuring import NotTheSame, Progress, Rounds, figure, ratio, result

LABELS, DOCUMENTS, _TOPIC, _SECONDS = 300, 20_000, 2, 10


def classifier(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """Learnt and scored end to end, from texts. Accuracy on made-up topics stands beside it: speed was not bought."""
    progress(f"data: {DOCUMENTS:,} documents")
    folder = store.ensure("documents", {"documents": DOCUMENTS}, partial(made_documents.generate, count=DOCUMENTS))
    arguments: dict[str, str | int] = {
        "path": str(folder / "documents.jsonl"), "labels": LABELS, "topic": _TOPIC,
    }  # fmt: skip
    sides = [
        Side("ours", "classifier_ours", arguments),
        Side("bag_of_words", "classifier_baseline", arguments),
    ]
    series = alternate(sides, rounds.usual, progress)
    answers = {side: held.runs[-1].answer for side, held in series.items()}
    if any(answer["scored"] != DOCUMENTS for answer in answers.values()):
        raise NotTheSame(f"{DOCUMENTS} documents, answers: {answers}")
    _, told = ratio(series, "ours", "bag_of_words", whole=False)
    seconds = statistics.median(series["ours"].seconds(whole=False))
    accuracy = [
        figure(f"{measure} of {side}, synthetic topics", answers[side][measure])
        for side in answers for measure in ("precision", "recall")
    ]  # fmt: skip
    return result(
        "classifier",
        f"由 {LABELS} 条标注训练并给 {DOCUMENTS:,} 件文献（合成）打分，相对于 scikit-learn 的词袋加逻辑回归",
        f"learnt from {LABELS} labels and {DOCUMENTS:,} documents (synthetic) scored, against scikit-learn's bag of "
        "words with logistic regression",
        series,
        [{**told, "goal": "", "met": True}, figure("seconds of ours", seconds, most=_SECONDS), *accuracy],
        whole=False,
        answers=answers,
        data=store.made(folder),
    )
