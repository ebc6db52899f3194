"""What is measured: each function makes its data, checks that both sides do the same, times them in turns."""

from __future__ import annotations

import os
import pickle
import shutil
import statistics
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tools import servers

from benchmarks import classifying, compare, search, store, who_is_who
from benchmarks import similar as similar_documents
from benchmarks.generate import changes, exports, lake, red_book, release
from benchmarks.harness import Ratio, Run, Side, alternate, run_task
from benchmarks.measuring import (
    MEMORY_LIMIT,
    MILLION,
    NotTheSame,
    Progress,
    Rounds,
    at_least,
    at_most,
    figure,
    ratio,
    result,
)

# -- indicators ------------------------------------------------------------------------------------


def _release(publications: int, progress: Progress) -> Path:
    parameters = release.Parameters(publications)
    progress(f"data: a release of {publications:,} publications")
    return store.ensure(
        f"release-{publications}", parameters.as_dict(), lambda folder: release.generate(folder, parameters)
    )


def _same_rows(folder: Path, progress: Progress) -> dict[str, int]:
    """Run both sides once and compare all rows. Raises NotTheSame. Returns rows by indicator."""
    rows: dict[str, dict[str, Any]] = {}
    for task in ("indicators_ours", "indicators_baseline"):
        kept = store.BENCH / f"{task}.rows"
        run_task(task, {"release": str(folder), "memory_limit": MEMORY_LIMIT, "rows_out": str(kept)})
        rows[task] = pickle.loads(kept.read_bytes())
        kept.unlink()
    unequal = compare.differences(rows["indicators_ours"], rows["indicators_baseline"])
    if unequal:
        raise NotTheSame("\n".join(unequal))
    progress(f"  equal rows: {', '.join(f'{name} {len(held)}' for name, held in rows['indicators_ours'].items())}")
    return {name: len(held) for name, held in rows["indicators_ours"].items()}


def _indicator_sides(folder: Path) -> list[Side]:
    arguments: dict[str, str | int] = {"release": str(folder), "memory_limit": MEMORY_LIMIT}
    return [Side("ours", "indicators_ours", arguments), Side("duckdb_sql", "indicators_baseline", arguments)]


def indicators(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """Twelve indicators over a million publications against SQL written by hand."""
    folder = _release(MILLION, progress)
    rows = _same_rows(folder, progress)
    series = alternate(_indicator_sides(folder), rounds.usual, progress)
    return result(
        "indicators",
        "12 项指标，100 万件公开文献，四种计数单位、机构两个层级",
        "12 indicators, 1 M publications, four counting units, two levels of organisations",
        series,
        [at_most(series, "ours", "duckdb_sql", 1.2, whole=False)],
        whole=False,
        rows=rows,
        data=store.made(folder),
    )


def scaling(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """From one million publications to ten: time of ours, and the peak of its memory."""
    small, large = _release(MILLION, progress), _release(10 * MILLION, progress)
    rows = _same_rows(large, progress)
    sides = [
        Side("ours_10m", "indicators_ours", {"release": str(large), "memory_limit": MEMORY_LIMIT}),
        Side("duckdb_sql_10m", "indicators_baseline", {"release": str(large), "memory_limit": MEMORY_LIMIT}),
        Side("ours_1m", "indicators_ours", {"release": str(small), "memory_limit": MEMORY_LIMIT}),
    ]
    series = alternate(sides, rounds.slow, progress, {"duckdb_sql_10m": 1})
    peak = round(series["ours_10m"].peak_mb / 1024, 2)
    memory = {"of": "peak memory of ours_10m, GB", "against": "", "median": peak, "min": peak, "max": peak,
              "cpu_median": None, "goal": "≤ 8", "met": peak <= 8}  # fmt: skip
    return result(
        "scaling",
        "12 项指标，从 100 万件到 1000 万件",
        "12 indicators, from 1 M to 10 M publications",
        series,
        [at_most(series, "ours_10m", "ours_1m", 11, whole=False), memory],
        whole=False,
        rows=rows,
        data=store.made(large),
    )


def engines(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """The same indicators, and the same build, on Sail and on Spark standalone, beside DuckDB on the same two cores."""
    folder = _release(MILLION, progress)
    progress("data: a lake of 1,000,000 publications without texts")
    lakes = store.ensure("lake-bibliographic", {"publications": MILLION}, _bibliographic_lake)
    work, log = store.BENCH / "work" / "engines-lake", store.BENCH / "work" / "servers"
    log.mkdir(parents=True, exist_ok=True)
    with servers.sail(log) as sail, servers.spark(log) as spark:
        urls = {"duckdb": "duckdb", "sail": sail, "spark": spark}
        sides = [
            Side(name, "indicators_ours", {"release": str(folder), "memory_limit": MEMORY_LIMIT, "engine": url})
            for name, url in urls.items()
        ]
        as_imported = partial(_linked, lakes / "imported", work)
        built = ("duckdb", "sail")  # Spark with two workers of a core each had not ended after seven minutes
        sides += [
            Side(f"build_{name}", "build_ours", {"lake": str(work), "engine": urls[name]}, as_imported)
            for name in built
        ]
        series = alternate(sides, rounds.slow, progress, {f"build_{name}": 1 for name in built})
    _remove(work)
    for names in (tuple(urls), tuple(f"build_{name}" for name in built)):
        counted = {name: series[name].runs[-1].answer["rows"] for name in names}
        if any(rows != counted[names[0]] for rows in counted.values()):
            raise NotTheSame(f"rows differ: {counted}")
    pairs = (("sail", "duckdb"), ("spark", "duckdb"), ("build_sail", "build_duckdb"))
    ratios = [ratio(series, of, against, whole=False)[1] for of, against in pairs]
    return result(
        "engines",
        "12 项指标，以及不含文本的构建，100 万件公开文献：DuckDB、Sail、Spark（2 个 worker），同一台两核机器",
        "12 indicators, and a build without texts, 1 M publications: DuckDB, Sail, Spark on the same two cores",
        series,
        [{**told, "goal": "", "met": True} for told in ratios],
        whole=False,
        rows=series["duckdb"].runs[-1].answer["rows"],
        data=store.made(folder),
    )


def _bibliographic_lake(folder: Path) -> dict[str, Any]:
    """Without texts: with them a cluster on two cores takes longer than a benchmark should."""
    return {"record": lake.generate_lake(folder / "imported", release.Parameters(MILLION), texts=False).rows("record")}


def large(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """Fifty million publications on one machine."""
    folder = _release(50 * MILLION, progress)
    arguments: dict[str, str | int] = {"release": str(folder), "memory_limit": MEMORY_LIMIT}
    sides = [
        Side("ours_50m", "indicators_ours", arguments),
        Side("ours_1m", "indicators_ours", {**arguments, "release": str(_release(MILLION, progress))}),
    ]
    series = alternate(sides, 1, progress)
    peak = round(series["ours_50m"].peak_mb / 1024, 2)
    _, told = ratio(series, "ours_50m", "ours_1m", whole=False)
    return result(
        "large",
        "12 项指标，5000 万件公开文献",
        "12 indicators, 50 M publications",
        series,
        [
            {**told, "goal": "", "met": True},
            {"of": "peak memory of ours_50m, GB", "against": "", **Ratio(peak, peak, peak).as_dict(),
             "cpu_median": None, "goal": "", "met": True},
        ],
        whole=False,
        data=store.made(folder),
    )  # fmt: skip


# -- import ----------------------------------------------------------------------------------------


def importing(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """A workbook of 50,000 rows against fastexcel's bare read, and against pandas doing the same."""
    progress("data: a workbook of 50,000 rows")
    folder = store.ensure(
        "incopat-50000", {"rows": 50_000}, lambda part: exports.incopat_large(part / "incopat_large.xlsx")
    )
    path = str(folder / "incopat_large.xlsx")
    work = store.BENCH / "work"
    lake, out = work / "import-lake", work / "import-pandas"
    clean_lake, clean_out = partial(_remove, lake), partial(_remove, out)
    sides = [
        Side("ours", "import_ours", {"path": path, "lake": str(lake)}, clean_lake),
        Side("fastexcel_read", "import_fastexcel", {"path": path}),
        Side("pandas_openpyxl", "import_pandas", {"path": path, "out": str(out)}, clean_out),
    ]
    _same_receipt(sides[0].run(), sides[2].run(), store.made(folder), progress)
    series = alternate(sides, rounds.usual, progress, {"pandas_openpyxl": rounds.slow})
    return result(
        "import",
        "导入 5 万行 incoPat 样式的 xlsx",
        "Import of an incoPat-like xlsx of 50,000 rows",
        series,
        [
            at_most(series, "ours", "fastexcel_read", 2.5, whole=True),
            at_least(series, "ours", "pandas_openpyxl", 3, whole=True),
        ],
        whole=True,
        receipt=series["ours"].runs[-1].answer,
        data={**store.made(folder), "bytes": Path(path).stat().st_size},
    )


def places(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """A million addresses of some 50,000 distinct ones against one regular expression that knows prefectures alone."""
    progress("data: a million addresses")
    folder = store.ensure("addresses", {"rows": MILLION, "distinct": 60_000}, _addresses)
    path = str(folder / "addresses.parquet")
    sides = [
        Side("ours", "places_ours", {"addresses": path}),
        Side("one_regexp", "places_baseline", {"addresses": path}),
    ]
    series = alternate(sides, rounds.usual, progress)
    answers = [run.answer for run in series["ours"].runs]
    distinct = statistics.median(answer["distinct_a_second"] for answer in answers)
    joined = statistics.median(answer["rows_a_second"] for answer in answers)
    _, told = ratio(series, "ours", "one_regexp", whole=False)
    return result(
        "places",
        "100 万个地址（约 5 万个不同的）读成地点，单核",
        "1 M addresses (some 50,000 distinct ones) read as places, on one core",
        series,
        [
            {**told, "goal": "", "met": True},
            figure("distinct addresses a second ÷ 5,000", distinct / 5_000, least=1),
            figure("rows a second, once read ÷ 100,000", joined / 100_000, least=1),
        ],
        whole=False,
        answer=answers[-1],
        data=store.made(folder),
    )


def _addresses(folder: Path) -> dict[str, Any]:
    import random

    import pyarrow as pa
    import pyarrow.parquet as pq

    from pingjiang.evaluate.places import generated

    distinct = sorted({str(each.printed[3]) for each in generated(60_000)})
    drawn = random.Random(1).choices(distinct, k=MILLION)
    nothing = pa.nulls(MILLION, pa.string())
    pq.write_table(
        pa.table({"country": nothing, "state": nothing, "city": nothing, "address": drawn}),
        folder / "addresses.parquet",
    )
    return {"rows": MILLION, "distinct": len(distinct), "synthetic": True}


def _same_receipt(ours: Run, pandas: Run, planted: Mapping[str, int], progress: Progress) -> None:
    """Both account for every row in the same way, and as planted. Raises NotTheSame."""
    told = {key: ours.answer[key] for key in ("rows_read", "accepted", "merged", "rejected", "reasons")}
    theirs = {key: pandas.answer[key] for key in told}
    expected = {
        "rows_read": planted["rows"],
        "accepted": planted["publications"],
        "merged": planted["repeated"],
        "rejected": planted["damaged"] + planted["without_number"],
        "reasons": {"spreadsheet_number": planted["damaged"], "no_number": planted["without_number"]},
    }
    if not told == theirs == expected:
        raise NotTheSame(f"receipts differ: ours {told}, pandas {theirs}, planted {expected}")
    progress(f"  equal receipts: {told}")


# -- documents -------------------------------------------------------------------------------------

WEEKLY_MEGABYTES = 2_000
GOAL_MEGABYTES_A_SECOND, GOAL_PEAK_MEGABYTES = 40, 1_536


def documents(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """A weekly file of grants into a lake, on one core, against lxml's bare parse of it. Needs the samples."""
    parameters = red_book.Parameters(WEEKLY_MEGABYTES)
    progress(f"data: a weekly Red Book of {WEEKLY_MEGABYTES:,} MB")
    folder = store.ensure(
        "red-book",
        parameters.as_dict(),
        lambda folder: {"documents": red_book.generate(folder, parameters)},
    )
    path, lake = folder / "weekly.xml", store.BENCH / "work" / "red-book-lake"
    sides = [
        Side("ours", "documents_ours", {"path": str(path), "lake": str(lake)}, partial(_remove, lake)),
        Side("lxml_bare", "documents_lxml", {"path": str(path)}),
    ]
    series = alternate(sides, rounds.slow, progress)
    megabytes = path.stat().st_size / 1e6
    seconds = series["ours"].seconds(whole=True)
    pace = Ratio.of(seconds, [megabytes / GOAL_MEGABYTES_A_SECOND] * len(seconds))
    memory = series["ours"].peak_mb / GOAL_PEAK_MEGABYTES
    _, against_lxml = ratio(series, "ours", "lxml_bare", whole=True)
    _remove(lake)
    return result(
        "documents",
        f"{megabytes:,.0f} MB 的每周 Red Book，单核导入",
        f"A weekly Red Book of {megabytes:,.0f} MB, imported on one core",
        series,
        [
            {"of": "ours", "against": f"{GOAL_MEGABYTES_A_SECOND} MB/s", **pace.as_dict(), "cpu_median": None,
             "goal": "≤ 1", "met": pace.median <= 1},
            {"of": "ours, peak memory", "against": "1.5 GB", **Ratio(memory, memory, memory).as_dict(),
             "cpu_median": None, "goal": "≤ 1", "met": memory <= 1},
            {**against_lxml, "goal": "", "met": True},
        ],
        whole=True,
        data=store.made(folder),
    )  # fmt: skip


# -- updates ---------------------------------------------------------------------------------------

CHANGED, UPDATE_SECONDS = 30_000, 2


def updates(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """30,000 changed rows into a lake of a million that was built: what counting them adds to reading them."""
    folder = _lakes(progress)
    work, told = store.BENCH / "work" / "updates-lake", store.made(folder)
    arguments: dict[str, str | int] = {"path": str(folder / "changes.csv"), "lake": str(work)}
    sides = [
        Side("ours", "import_ours", arguments, partial(_linked, folder / "built", work)),
        Side("reading_alone", "import_ours", arguments, partial(_linked, folder / "imported", work)),
        Side("full_build", "build_ours", {"lake": str(work)}, partial(_linked, folder / "imported", work)),
    ]
    series = alternate(sides, rounds.usual, progress, {"full_build": 1})
    _counted_at_once(sides[0], folder / "built", work, told["new"], progress)
    _remove(work)
    beyond = [
        ours - reading
        for ours, reading in zip(
            series["ours"].seconds(whole=True), series["reading_alone"].seconds(whole=True), strict=True
        )
    ]
    seconds = Ratio.of(beyond, [1.0] * len(beyond))
    built = Ratio.of(beyond[:1], series["full_build"].seconds(whole=True))
    return result(
        "updates",
        f"{CHANGED:,} 行变更进入已构建的 100 万件数据湖",
        f"{CHANGED:,} changed rows into a built lake of 1 M publications",
        series,
        [
            {"of": "ours − reading_alone, seconds", "against": "", **seconds.as_dict(), "cpu_median": None,
             "goal": f"≤ {UPDATE_SECONDS}", "met": seconds.median <= UPDATE_SECONDS},
            {"of": "ours − reading_alone", "against": "full_build", **built.as_dict(), "cpu_median": None,
             "goal": "", "met": True},
        ],
        whole=True,
        data=told,
    )  # fmt: skip


def _lakes(progress: Progress) -> Path:
    progress("data: a lake of 1,000,000 publications, imported and built, and a file of changes")
    return store.ensure("lake", {"publications": MILLION, "changed": CHANGED}, _built_lake)


def _built_lake(folder: Path) -> dict[str, Any]:
    """One lake as it was imported, and the same built; files that both hold are there once."""
    lake.generate_lake(folder / "imported", release.Parameters(MILLION))
    _linked(folder / "imported", folder / "built")
    run_task("build_ours", {"lake": str(folder / "built")})
    return changes.changes(folder / "changes.csv", folder / "imported", known=CHANGED // 2, new=CHANGED // 2)


def _linked(lake_folder: Path, copy: Path) -> None:
    """A copy of a lake by links: its files are never written to again."""
    _remove(copy)
    shutil.copytree(lake_folder, copy, copy_function=os.link)


def _counted_at_once(ours: Side, built: Path, work: Path, new: int, progress: Progress) -> None:
    """After the import the new publications are counted. Raises NotTheSame."""
    before = run_task("count_ours", {"lake": str(built)}).answer
    ours.run()
    after = run_task("count_ours", {"lake": str(work)}).answer
    if after["publications"] - before["publications"] != new or after["updated"] == before["updated"]:
        raise NotTheSame(f"counted {before} before and {after} after, {new} are new")
    progress(f"  counted: {before['publications']:,} before, {after['publications']:,} after")


# -- notebook --------------------------------------------------------------------------------------


def notebook(rounds: Rounds, progress: Progress) -> dict[str, Any]:
    """Three exports to a page: the usual notebook against our second run, and what it gets wrong."""
    from benchmarks import check_notebook

    progress("data: three exports that overlap")
    folder = store.ensure("exports", {"families": EXPORT_FAMILIES}, _three_exports)
    work = store.BENCH / "work"
    lake, out = work / "notebook-lake", work / "notebook"
    _remove(lake)
    arguments: dict[str, str | int] = {"folder": str(folder), "lake": str(lake), "out": str(out / "ours")}
    first = run_task("notebook_ours", arguments)
    progress(f"  ours, first run: {first.whole_seconds:.2f} s")
    sides = [
        Side("ours_again", "notebook_ours", arguments),
        _renewed(folder, work),
        Side("notebook", "notebook", {"folder": str(folder), "out": str(out / "notebook.html")}),
    ]
    series = alternate(sides, rounds.usual, progress)
    findings = [finding.as_dict() for finding in check_notebook.check(folder, lake, store.made(folder)["true"])]
    return result(
        "notebook",
        "三份导出到一页指标：常见的 pandas 笔记本",
        "Three exports to a page of indicators: the usual pandas notebook",
        series,
        [at_most(series, "ours_again", "notebook", 1, whole=True)],
        whole=True,
        first_run_seconds=round(first.whole_seconds, 3),
        findings=findings,
        data=store.made(folder),
    )


def _renewed(folder: Path, work: Path) -> Side:
    """Ours where a longer export has come in place of one of the three since the last run: all is concluded anew."""
    earlier, kept, lake, out = (work / f"renewed-{name}" for name in ("exports", "kept", "lake", "out"))
    for made in (earlier, kept):
        _remove(made)
    shutil.copytree(folder, earlier)
    lines = (earlier / "lens.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (earlier / "lens.csv").write_text("".join(lines[: len(lines) * 19 // 20]), encoding="utf-8")
    run_task("notebook_ours", {"folder": str(earlier), "lake": str(kept), "out": str(out)})

    def as_before() -> None:
        _remove(lake)
        shutil.copytree(kept, lake)

    arguments = {"folder": str(folder), "lake": str(lake), "out": str(out)}
    return Side("ours_one_export_renewed", "notebook_ours", arguments, as_before)


EXPORT_FAMILIES = 16_000


def _three_exports(folder: Path) -> dict[str, Any]:
    return exports.three_exports(folder, families=EXPORT_FAMILIES)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


MEASURES: dict[str, Callable[[Rounds, Progress], dict[str, Any]]] = {
    "indicators": indicators,
    "import": importing,
    "documents": documents,
    "places": places,
    "names": who_is_who.names,
    "inventors": who_is_who.inventors,
    "search": search.search,
    "classifier": classifying.classifier,
    "similar": similar_documents.similar,
    "updates": updates,
    "notebook": notebook,
    "scaling": scaling,
    "engines": engines,
    "large": large,
}
SLOW = ("names", "inventors", "search", "similar", "updates", "scaling", "engines", "large")  # left out in quick mode
