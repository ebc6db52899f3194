"""Boolean queries over short documents (synthetic): ours, LIKE of DuckDB, FTS5 of SQLite with the same bigrams."""

from __future__ import annotations

import json
import random
import statistics
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import ours_search, store
from benchmarks.baseline import search_otherwise
from benchmarks.generate import short_documents
from benchmarks.harness import Side, alternate
from benchmarks.measuring import MILLION, NotTheSame, Progress, Rounds, figure, result
from pingjiang.search.layout import VERSION

_QUERIES, _MEMORY = 100, "3GB"
_CLOCKS = ("milliseconds", "processor")  # the second where others use the machine too
_FIND, _FACETS, _LIKE, _FTS5 = 20.0, 150.0, 20.0, 3.0


def _queries() -> list[str]:
    """AND, OR and NOT of two to three words, frequent and rare, of all titles alike in every run."""
    draw = random.Random(20261128)
    words = short_documents.vocabulary()
    weights = [1 / at for at in range(3, len(words) + 3)]
    made = []
    for number in range(_QUERIES):
        a, b, c = draw.choices(words, weights, k=3)
        made.append(
            (f"TI=({a} AND {b})", f"TI=({a} OR {b})", f"TI=({a} NOT {b})", f"TI=(({a} OR {b}) AND {c})")[number % 4]
        )
    return made


def _make(folder: Path, count: int) -> dict[str, Any]:
    made = short_documents.generate(folder, count)
    (folder / "index").mkdir()
    told = ours_search.make(folder, folder / "index", _MEMORY)
    search_otherwise.make(folder, folder)
    (folder / "queries.json").write_text(json.dumps(_queries(), ensure_ascii=False), encoding="utf-8")
    return {**made, "index": told}


def search(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """Count and first results of each query; facets over all. Raises NotTheSame where the sides differ."""
    size = rounds.sizes.get("search", MILLION)
    progress(f"data: {size:,} short documents and their indexes")
    folder = store.ensure(
        "search", {"documents": size, "queries": _QUERIES, "layout": VERSION}, partial(_make, count=size)
    )
    names = {
        "ours": "search_ours", "pairs": "search_pairs", "facets": "search_facets", "fts5": "search_fts5",
        "like": "search_like",
    }  # fmt: skip
    sides = [Side(name, task, {"folder": str(folder)}) for name, task in names.items()]
    series = alternate(sides, rounds.slow, progress)
    answers = {name: held.runs[-1].answer for name, held in series.items()}
    if any(answer["found"] != answers["ours"]["found"] for answer in answers.values()):
        raise NotTheSame("the sides find different numbers of documents")
    p95, p95_processor = (
        {name: statistics.median(_p95(run.answer, clock) for run in held.runs) for name, held in series.items()}
        for clock in _CLOCKS
    )
    middle, processor = (
        {
            name: statistics.median(statistics.fmean(run.answer[clock]) for run in held.runs)
            for name, held in series.items()
        }
        for clock in _CLOCKS
    )

    def faster(of: str, than: str, least: float | None) -> dict[str, Any]:
        told = figure(f"times {of} is faster than {than}, means", middle[than] / middle[of], least=least)
        return {**told, "cpu_median": round(processor[than] / processor[of], 3)}

    def quick(of: str, side: str, most: float) -> dict[str, Any]:
        return {**figure(of, p95[side], most=most), "cpu_median": round(p95_processor[side], 3)}

    return result(
        "search",
        f"{size:,} 篇短文献（合成）上的布尔检索，相对于 DuckDB 的 LIKE 与同样二元词的 SQLite FTS5",
        f"Boolean queries over {size:,} short documents (synthetic), against LIKE of DuckDB and FTS5 of SQLite "
        "with the same bigrams",
        series,
        [
            quick("p95 of ours, ms", "ours", _FIND),
            quick("p95 of ours with all facets, ms", "facets", _FACETS),
            faster("ours", "like", _LIKE),
            faster("ours", "fts5", _FTS5),
            faster("pairs", "fts5", None),  # without common runs
        ],
        whole=False,
        answers={
            name: {
                "p95_ms": round(p95[name], 2),
                "mean_ms": round(middle[name], 2),
                "processor_ms": round(processor[name], 2),
            }
            for name in series
        },
        data=store.made(folder),
    )


def _p95(answer: dict[str, Any], clock: str) -> float:
    """Of ours from the text of a query; ratios are from what each side has read already."""
    values: list[float] = answer.get("with_reading", answer)[clock]
    return sorted(values)[int(0.95 * len(values))]
