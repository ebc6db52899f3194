"""Results as a page: `markdown(results)` gives the tables, `write_page` writes them to a file."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.store import BENCH

RESULTS = BENCH / "results.json"
_PACKAGES = ("pingjiang", "duckdb", "pyarrow", "fastexcel", "pandas", "openpyxl")


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {"cpu": model, "cores": os.cpu_count(), "memory_gb": round(memory, 1),
            "system": f"{platform.system()} {platform.release()}", "python": platform.python_version(),
            "packages": {name: importlib.metadata.version(name) for name in _PACKAGES}}  # fmt: skip


def write_page(results_file: Path, page: Path) -> None:
    """Write the page from a results file."""
    results = json.loads(results_file.read_text(encoding="utf-8"))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(markdown(results), encoding="utf-8")


def markdown(results: Mapping[str, Any]) -> str:
    """The whole page: how it was measured, one table of ratios, one of times, and the notebook's mistakes."""
    parts = [_HEAD, _machine_line(results["machine"]), _ratios(results), _times(results)]
    for measurement in results["measurements"]:
        if measurement.get("findings"):
            parts.append(_findings(measurement["findings"]))
    return "\n\n".join(parts) + "\n"


_HEAD = """# 性能对比 · Benchmarks

此页由 `make bench` 的结果生成，请勿手改。每一方都在各自的进程里运行，各方轮流（A B A B），比值在同一轮内取，
下表给出中位数与最小、最大值；“处理器”一列是所有线程的处理器秒数之比，受旁人干扰较小。先确认双方结果逐行相等，
再计时。对手的源码在 `benchmarks/baseline/`。

This page is made from the results of `make bench`; don't edit it. Each side runs in a process of its own, in
turns (A B A B); ratios are taken within a round, and the tables give their median with the lowest and highest.
The column "processor" is the ratio of processor seconds of all threads, which other work disturbs less. Before
anything is timed, both sides are checked to give equal rows. The opponents' source is in
`benchmarks/baseline/`."""


def _machine_line(told: Mapping[str, Any]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in told["packages"].items())
    return (
        f"{told['cpu']}, {told['cores']} cores, {told['memory_gb']} GB, {told['system']}, "
        f"Python {told['python']}; {packages}"
    )


def _ratios(results: Mapping[str, Any]) -> str:
    lines = [
        "## 比值 · Ratios",
        "",
        "| 测量 measurement | 比值 ratio | 中位 median | 最小–最大 min–max | 处理器 processor | 目标 goal | 达到 met |",
        "|---|---|---:|---:|---:|---:|:-:|",
    ]
    for measurement in results["measurements"]:
        title = f"{measurement['title_zh']}<br>{measurement['title_en']}"
        for ratio in measurement["ratios"]:
            of = ratio["of"] + (f" ÷ {ratio['against']}" if ratio["against"] else "")
            cpu = "" if ratio["cpu_median"] is None else f"{ratio['cpu_median']:.2f}"
            lines.append(
                f"| {title} | {of} | {ratio['median']:.2f} | {ratio['min']:.2f}–{ratio['max']:.2f} | {cpu} "
                f"| {ratio['goal']} | {'✓' if ratio['met'] else '✗'} |"
            )
    return "\n".join(lines)


def _times(results: Mapping[str, Any]) -> str:
    lines = [
        "## 时间与内存 · Times and memory",
        "",
        "| 测量 measurement | 一方 side | 秒 median | 各轮 rounds | 处理器 processor | 内存 peak MB | 计时 clock |",
        "|---|---|---:|---|---:|---:|---|",
    ]
    for measurement in results["measurements"]:
        for side, held in measurement["sides"].items():
            rounds = ", ".join(f"{second:.2f}" for second in held["seconds"])
            cpu = statistics.median(held["cpu_seconds"])
            lines.append(
                f"| {measurement['name']} | {side} | {held['median_seconds']:.2f} | {rounds} | {cpu:.2f} "
                f"| {held['peak_mb']:,} | {measurement['clock']} |"
            )
    return "\n".join(lines)


def _findings(findings: list[dict[str, Any]]) -> str:
    lines = [
        "## 笔记本错在哪里 · Where the notebook is wrong",
        "",
        "| 错误 mistake | 涉及 affected | 共 of | 例 example |",
        "|---|---:|---:|---|",
    ]
    for finding in findings:
        share = f"{finding['wrong']:,} ({finding['wrong'] / finding['of']:.1%})" if finding["of"] else finding["wrong"]
        lines.append(f"| {finding['zh']}<br>{finding['en']} | {share} | {finding['of']:,} | {finding['example']} |")
    return "\n".join(lines)
