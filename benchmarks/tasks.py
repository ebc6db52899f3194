"""One side of one measurement, run once: `python -m benchmarks.tasks TASK ARGUMENTS-AS-JSON ANSWER-FILE`.

Started by the harness, a process a run. A task imports only what it needs, inside its function, and gives
back the work to be timed: the time to load libraries counts in the seconds of the whole process, for the
side that uses them, and not in the seconds of the work.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

Answer = dict[str, Any]
Work = Callable[[], Answer]


def _keep_rows(rows: dict[str, Any], target: str | None) -> Answer:
    """Leave the rows for comparison where that is wanted; how many there are in any case."""
    if target is not None:
        Path(target).write_bytes(pickle.dumps({name: [tuple(row) for row in held] for name, held in rows.items()}))
    return {"rows": {name: len(held) for name, held in rows.items()}}


def indicators_ours(release: str, memory_limit: str, engine: str | None = None) -> Work:
    from benchmarks import ours_indicators

    return lambda: ours_indicators.indicators(Path(release), memory_limit, engine)


def indicators_baseline(release: str, memory_limit: str) -> Work:
    from benchmarks.baseline import indicators

    return lambda: indicators.run(Path(release), memory_limit)


def _commands() -> ModuleType:
    """Our commands, in a process that has begun as theirs does."""
    from benchmarks import ours
    from pingjiang.__main__ import leave_out_unused

    leave_out_unused()
    return ours


def import_ours(path: str, lake: str) -> Work:
    ours = _commands()
    return lambda: ours.import_file(Path(path), Path(lake))


def build_ours(lake: str, engine: str | None = None) -> Work:
    from benchmarks import ours

    return lambda: ours.build_lake(Path(lake), engine)


def count_ours(lake: str) -> Work:
    ours = _commands()
    return lambda: ours.count_publications(Path(lake))


def import_fastexcel(path: str) -> Work:
    from benchmarks.baseline import read_fastexcel

    return lambda: {"rows": read_fastexcel.read(Path(path)).num_rows}


def import_pandas(path: str, out: str) -> Work:
    from dataclasses import asdict

    from benchmarks.baseline import import_pandas

    return lambda: asdict(import_pandas.import_workbook(Path(path), Path(out)))


def _on_one_core() -> None:
    """This process, and all that it starts, on the first of its processors alone."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ["PINGJIANG_THREADS"] = "1"


def documents_ours(path: str, lake: str) -> Work:
    _on_one_core()
    ours = _commands()
    return lambda: ours.import_file(Path(path), Path(lake))


def documents_lxml(path: str) -> Work:
    _on_one_core()
    from benchmarks.baseline import read_lxml

    return lambda: {"rows": read_lxml.read(Path(path))}


def notebook(folder: str, out: str) -> Work:
    from benchmarks.baseline import notebook

    return lambda: {"indicators": len(notebook.run(Path(folder), Path(out)))}


def notebook_ours(folder: str, lake: str, out: str) -> Work:
    from benchmarks import ours

    return lambda: ours.exports_to_atlas(Path(folder), Path(lake), Path(out))


def places_ours(addresses: str) -> Work:
    from benchmarks import ours_places

    return lambda: ours_places.read(Path(addresses))


def places_baseline(addresses: str) -> Work:
    from benchmarks.baseline import read_places

    return lambda: read_places.read(Path(addresses))


def names_ours(names: str, memory_limit: str) -> Work:
    from benchmarks import ours_names

    return lambda: ours_names.link(Path(names), memory_limit)


def names_baseline(names: str, memory_limit: str) -> Work:
    from benchmarks.baseline import fold_names

    return lambda: fold_names.fold(Path(names), memory_limit)


def inventors_ours(folder: str, memory_limit: str) -> Work:
    from benchmarks import ours_inventors

    return lambda: ours_inventors.measure(Path(folder), memory_limit)


def inventors_baseline(folder: str, memory_limit: str) -> Work:
    from benchmarks import ours_inventors
    from benchmarks.baseline import name_inventors

    return lambda: ours_inventors.measure(Path(folder), memory_limit, name_inventors.by_name)


def search_ours(folder: str) -> Work:
    from benchmarks import ours_search

    return ours_search.asked(Path(folder) / "index", _asked(folder))


def search_pairs(folder: str) -> Work:
    from benchmarks import ours_search

    return ours_search.asked(Path(folder) / "index", _asked(folder), pairs_alone=True)


def search_facets(folder: str) -> Work:
    from benchmarks import ours_search

    return ours_search.asked(Path(folder) / "index", _asked(folder), facets=True)


def search_like(folder: str) -> Work:
    from benchmarks.baseline import search_otherwise

    return search_otherwise.like(Path(folder), _asked(folder))


def search_fts5(folder: str) -> Work:
    from benchmarks.baseline import search_otherwise

    return search_otherwise.fts5(Path(folder), _asked(folder))


def _asked(folder: str) -> list[str]:
    found: list[str] = json.loads((Path(folder) / "queries.json").read_text(encoding="utf-8"))
    return found


def classifier_ours(path: str, labels: int, topic: int) -> Work:
    from benchmarks import ours_classifier

    return lambda: ours_classifier.classify(Path(path), labels, topic)


def classifier_baseline(path: str, labels: int, topic: int) -> Work:
    from benchmarks.baseline import classify

    return lambda: classify.classify(Path(path), labels, topic)


def similar_ours(folder: str) -> Work:
    from benchmarks import ours_similar

    return ours_similar.asked(Path(folder) / "index", _publications(folder), everything=True)


def similar_terms(folder: str) -> Work:
    from benchmarks import ours_similar

    return ours_similar.asked(Path(folder) / "index", _publications(folder), everything=False)


def similar_scipy(folder: str) -> Work:
    from benchmarks.baseline import similar_scipy

    return similar_scipy.asked(Path(folder), _publications(folder))


def similar_build(folder: str, target: str, most: int) -> Work:
    from benchmarks import ours_similar

    return ours_similar.built(Path(folder), Path(target), most)


def _publications(folder: str) -> list[str]:
    found: list[str] = json.loads((Path(folder) / "queries.json").read_text(encoding="utf-8"))
    return found


TASKS: dict[str, Callable[..., Work]] = {
    task.__name__: task
    for task in (
        indicators_ours, indicators_baseline, build_ours, count_ours, import_ours,
        import_fastexcel, import_pandas, documents_ours,
        documents_lxml, notebook, notebook_ours, places_ours, places_baseline,
        names_ours, names_baseline, inventors_ours, inventors_baseline,
        search_ours, search_pairs, search_facets, search_like, search_fts5,
        classifier_ours, classifier_baseline,
        similar_ours, similar_terms, similar_scipy, similar_build,
    )
}  # fmt: skip


def peak_megabytes() -> float:
    """The peak of memory of this process since it began to run this program.

    Where Linux tells it. `ru_maxrss` counts as this process's own what its parent held when it was started.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        [line] = [line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def main(task: str, arguments: str, answer: str) -> None:
    """Run a task and write {"seconds", "peak_mb", "answer"}; the seconds are those of its work."""
    given = json.loads(arguments)
    rows_out = given.pop("rows_out", None)
    work = TASKS[task](**given)
    began = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - began
    if task.startswith("indicators_"):
        result = _keep_rows(result, rows_out)
    told = {"seconds": seconds, "peak_mb": peak_megabytes(), "answer": result}
    Path(answer).write_text(json.dumps(told, default=str), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
