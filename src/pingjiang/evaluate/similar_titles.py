"""Vectors across languages: whether the Chinese title of a record finds its English one.

That is translation and not understanding: the words of both titles say the same, and the vendor's English is often
made by a machine. What it tells is that Chinese and English texts of one content lie side by side.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from pingjiang.config import Settings
from pingjiang.engine import Session
from pingjiang.errors import PingjiangError
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.task import Answer, Line, Task
from pingjiang.intervals import bootstrap, wilson
from pingjiang.search.similar.features import terms
from pingjiang.search.similar.method import Method, shipped_method
from pingjiang.search.similar.ranking import Ranked, ranked
from pingjiang.search.similar.vectors import centred, centres
from pingjiang.search.similar.weights import Weights, write_weights
from pingjiang.text import fold
from pingjiang.text.embeddings import Encoder, shipped_encoder

CHINESE, ENGLISH = "标题 (中文)", "标题 (英文)"
_DEPTH = 100


def evaluate(truth: Path, settings: Settings) -> Answer:
    """Distinct Chinese titles against all distinct English ones of the file, both folded; any of its records counts."""
    encoder, method = shipped_encoder(), shipped_method()
    if encoder is None:
        raise PingjiangError(
            "没有安装向量模型。", "The model of vectors is not installed.",
            remedy=("请重新安装 pingjiang。", "Install pingjiang anew."),
        )  # fmt: skip
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        rows = read_labelled(session, truth, (CHINESE, ENGLISH), settings).dicts("row_number")
        pairs = [(fold(row[CHINESE] or ""), fold(row[ENGLISH] or "")) for row in rows]
        meant: dict[str, set[str]] = defaultdict(set)
        for chinese, english in pairs:
            if chinese and english:
                meant[chinese].add(english)
        asked, titles = sorted(meant), sorted(set().union(*meant.values()))
        place = {title: at for at, title in enumerate(titles)}
        wanted = [frozenset(place[title] for title in meant[chinese]) for chinese in asked]
        found = {
            "vectors": _by_vectors(asked, titles, encoder, method, settings.threads),
            "terms": _by_terms(session, asked, titles, method),
        }
    return {
        "n": len(asked),
        "titles": len(titles),
        "model": encoder.name,
        **{name: scored(lists, wanted) for name, lists in found.items()},
        "chance": {"top_1": float(np.mean([len(one) / len(titles) for one in wanted])) if titles else None},
    }


def scored(lists: Sequence[Ranked], wanted: Sequence[frozenset[int]]) -> Answer:
    """Shares of queries of which a title that is meant is first, among the first 10 and 100; mean reciprocal rank."""
    firsts = []
    for found, meant in zip(lists, wanted, strict=True):
        at = np.flatnonzero(np.isin(found.ordinals, list(meant)))
        firsts.append(int(at[0]) + 1 if len(at) else None)
    told: Answer = {"n": len(wanted), "intervals": {}}
    for name, most in (("top_1", 1), ("recall_10", 10), ("recall_100", 100)):
        hits = sum(first is not None and first <= most for first in firsts)
        told[name] = hits / len(firsts) if firsts else None
        told["intervals"][name] = wilson(hits, len(firsts))
    parts = [(1.0, 0.0 if first is None else 1 / first) for first in firsts]
    told["mrr"] = float(np.mean([part[1] for part in parts])) if parts else None
    told["intervals"]["mrr"] = bootstrap(parts, [lambda sums: sums[1] / sums[0]])[0]
    return told


def _by_vectors(
    asked: Sequence[str], titles: Sequence[str], encoder: Encoder, method: Method, threads: int
) -> list[Ranked]:
    whole = encoder.encode([*asked, *titles], threads)
    chinese = np.arange(len(whole)) < len(asked)
    vectors = centred(whole, chinese, centres(whole, chinese, method.centre_prior))
    mine, theirs = vectors[: len(asked)], vectors[len(asked) :]
    allowed = np.ones(len(titles), dtype=np.bool_)
    return [ranked(np.round((theirs @ one).astype(np.float64), 6), allowed, _DEPTH) for one in mine]


def _by_terms(session: Session, asked: Sequence[str], titles: Sequence[str], method: Method) -> list[Ranked]:
    """What Latin words in Chinese titles find."""
    counted: list[Mapping[str, int]] = [terms(title) for title in titles]
    rows = [(at, term, times) for at, one in enumerate(counted) for term, times in one.items()]
    table = session.from_arrow(
        pa.table({name: [row[at] for row in rows] for at, name in enumerate(("ordinal", "feature", "times"))})
    )
    allowed = np.ones(len(titles), dtype=np.bool_)
    with tempfile.TemporaryDirectory(prefix="pingjiang-evaluate-") as folder:
        write_weights(session, table, len(titles), method.bm25, Path(folder) / "terms")
        weights = Weights(Path(folder) / "terms")
        return [ranked(weights.scores(weights.numbers(terms(text)).values()), allowed, _DEPTH) for text in asked]


TASKS = tuple(
    Task(
        name,
        f"cn_exports/{file}",
        f"跨语言向量：中文标题找同一条记录的英文标题（{zh}）",
        f"Vectors across languages: the Chinese title finds the English one of its record ({en})",
        held_out_zh,
        held_out_en,
        evaluate,
        (
            Line("首位即是", "it is the first", "vectors.top_1", "terms.top_1", "n"),
            Line("前 10 位之内", "among the first 10", "vectors.recall_10", "terms.recall_10", "n"),
            Line("前 100 位之内", "among the first 100", "vectors.recall_100", "terms.recall_100", "n"),
            Line("MRR", "MRR", "vectors.mrr", "terms.mrr", "n"),
            Line("首位即是，随机", "it is the first, by chance", "chance.top_1", None, "n"),
        ),
    )
    for name, file, zh, en, held_out_zh, held_out_en in (
        (
            "similar_zh_en", "autodriving/incopat_toyota_5048.xlsx", "自动驾驶", "autonomous driving",
            "这是翻译，不是理解。模型未经训练或调整；先折叠文字、减去本语言的平均向量，这两步是看过本文件后定的。基线是词项。",
            "This is translation, not understanding. The model was not trained or tuned; that texts are folded and the "
            "mean of their language is taken away was decided after looking at this file. The baseline is terms.",
        ),
        (
            "similar_zh_en_chatbot", "ai/incopat_chatbot_2798.xlsx", "聊天机器人", "chatbots",
            "这是翻译，不是理解。做法定下之后才测本文件。基线是词项。",
            "This is translation, not understanding. This file was measured when the method stood. The baseline is "
            "terms.",
        ),
    )
)  # fmt: skip
