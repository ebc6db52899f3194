"""Similar documents (synthetic): what an index takes to build, what an answer takes, beside a sparse matrix."""

from __future__ import annotations

import json
import random
import shutil
import statistics
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import ours_similar, store
from benchmarks.baseline import similar_scipy
from benchmarks.generate import similar_documents
from benchmarks.harness import Series, Side, alternate
from benchmarks.measuring import NotTheSame, Progress, Rounds, figure, result
from pingjiang.search.similar.build import VERSION

_DOCUMENTS, _ENCODED, _QUERIES = 100_000, 2_000, 60
_ANSWER_MS = 1_000.0  # of all methods, 95 of 100
_ALIKE = 0.99  # of what is listed: scores are rounded to single precision by both, in another order of adding


def _make(folder: Path, count: int) -> dict[str, Any]:
    made = similar_documents.generate(folder, count)
    told = ours_similar.make(folder, folder / "index", ours_similar.Drawn())
    similar_scipy.make(folder, folder)
    numbers = random.Random(5).sample(range(count), min(_QUERIES, count))
    asked = [f"CN{100_000_000 + number}A" for number in sorted(numbers)]
    (folder / "queries.json").write_text(json.dumps(asked), encoding="utf-8")
    return {**made, "index": told}


def similar(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """Answers of ours and of a sparse matrix, equal by terms; documents a second of a build with the model."""
    size = rounds.sizes.get("similar", _DOCUMENTS)
    progress(f"data: {size:,} documents and their indexes")
    folder = store.ensure(
        "similar", {"documents": size, "queries": _QUERIES, "index": VERSION}, partial(_make, count=size)
    )
    work = store.BENCH / "work" / "similar-index"
    given: dict[str, str | int] = {"folder": str(folder)}
    sides = [
        Side("ours", "similar_ours", given),
        Side("ours_terms", "similar_terms", given),
        Side("scipy", "similar_scipy", given),
        Side(
            "build", "similar_build", {**given, "target": str(work), "most": min(size, _ENCODED)},
            partial(shutil.rmtree, work, ignore_errors=True),
        ),
    ]  # fmt: skip
    series = alternate(sides, rounds.slow, progress, {"build": 1})
    shutil.rmtree(work, ignore_errors=True)
    alike = _alike(series)
    p95 = {name: statistics.median(_p95(run.answer) for run in held.runs)
           for name, held in series.items() if name != "build"}  # fmt: skip
    means = {name: statistics.median(statistics.fmean(run.answer["milliseconds"]) for run in series[name].runs)
             for name in p95}  # fmt: skip
    [built] = series["build"].runs
    return result(
        "similar",
        f"{size:,} 篇文献（合成）中的相似文献；词项一法与 scipy 稀疏矩阵逐篇计分比较",
        f"Similar documents among {size:,} (synthetic); terms alone against a sparse matrix of scipy that scores all",
        series,
        [
            figure("p95 of ours, all methods, ms", p95["ours"], most=_ANSWER_MS),
            figure("times faster than scipy, terms alone, means", means["scipy"] / means["ours_terms"], least=1.0),
            figure("documents a second of a build with the model", min(size, _ENCODED) / built.work_seconds),
            figure("documents a processor second of it", min(size, _ENCODED) / built.cpu_seconds),
        ],
        whole=False,
        answers={name: {"p95_ms": round(p95[name], 2), "mean_ms": round(means[name], 2)} for name in p95},
        alike=alike,
        data=store.made(folder),
    )


def _alike(series: Mapping[str, Series]) -> float:
    """The share of what one side lists that the other lists too. Raises NotTheSame where that is little."""
    ours, theirs = (series[name].runs[-1].answer["found"] for name in ("ours_terms", "scipy"))
    both = sum(len(set(a) & set(b)) for a, b in zip(ours, theirs, strict=True))
    share = both / max(1, sum(len(one) for one in theirs))
    if share < _ALIKE or [len(one) for one in ours] != [len(one) for one in theirs]:
        raise NotTheSame(f"the sides list different documents: {share:.3f} are in both")
    return round(share, 4)


def _p95(answer: dict[str, Any]) -> float:
    values: list[float] = answer["milliseconds"]
    return sorted(values)[int(0.95 * len(values))]
