"""Every evaluation there is, the bars that figures must reach, and the page docs/accuracy.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from pingjiang import definitions
from pingjiang.config import Settings
from pingjiang.errors import BarMissed, DefinitionError, InputRefused
from pingjiang.evaluate.task import Answer, Line, Task, figure_at
from pingjiang.files import sha256_of

# Modules of this room that measure something: each has TASKS. In the order of the page.
_MEASURING = (
    "organisations",
    "organisation_pairs",
    "company_names",
    "cleaned_applicants",
    "families",
    "inventors",
    "inventors_chinese",
    "places",
    "legal",
    "sei",
    "classifier",
    "similar",
    "similar_titles",
)  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """What a figure must reach on the truth file of one SHA-256."""

    task: str
    sha256: str
    figure: str
    at_least: float

    def met(self, answer: Mapping[str, Any]) -> bool:
        """Whether the figure reaches the bar. An undefined figure does not."""
        value = figure_at(answer, self.figure)
        return value is not None and float(value) >= self.at_least


def tasks() -> Iterator[Task]:
    """Every evaluation, in the order of the page."""
    for name in _MEASURING:
        yield from import_module(f"pingjiang.evaluate.{name}").TASKS


def task(name: str) -> Task:
    """The evaluation of that name. DefinitionError names those that there are."""
    known = {each.name: each for each in tasks()}
    if name not in known:
        names = ", ".join(known)
        raise DefinitionError(
            f"没有评测 {name!r}。",
            f"There is no evaluation {name!r}.",
            remedy=(f"写 {names} 之一。", f"name one of {names}."),
        )
    return known[name]


def run(
    measured: Task, truth: Path, settings: Settings, bars: Iterable[Bar] = (), options: Mapping[str, Any] | None = None
) -> Answer:
    """Measure on a truth file. The answer names it, its SHA-256, and each bar set for it with what was reached.

    options: what else the evaluation is told, by name; DefinitionError where it has no such option.
    """
    for name in (options or {}).keys() - set(measured.options):
        raise DefinitionError(
            f"评测 {measured.name} 没有选项 {name}。",
            f"The evaluation {measured.name} has no option {name}.",
            remedy=("请去掉它。", "Leave it out."),
        )
    if not truth.is_file():
        raise InputRefused(
            "找不到标注文件。",
            "There is no such labelled file.",
            file=str(truth),
            remedy=("请检查路径和 PINGJIANG_SAMPLES。", "Check the path, and PINGJIANG_SAMPLES."),
        )
    sha256 = sha256_of(truth)
    answer: Answer = {"task": measured.name, "file": {"name": truth.name, "sha256": sha256}}
    answer |= measured.evaluate(truth, settings, **(options or {}))
    answer["bars"] = [
        {"figure": bar.figure, "at_least": bar.at_least, "value": figure_at(answer, bar.figure), "met": bar.met(answer)}
        for bar in bars
        if (bar.task, bar.sha256) == (measured.name, sha256)
    ]
    return answer


def bars_missed(answers: Iterable[Answer]) -> BarMissed | None:
    """What to raise where figures of these answers lie below their bars."""
    told = [
        f"{answer['task']} {bar['figure']} = {bar['value']} < {bar['at_least']} ({answer['file']['name']})"
        for answer in answers
        for bar in answer["bars"]
        if not bar["met"]
    ]
    if not told:
        return None
    return BarMissed(
        f"未达到设定的下限：{'；'.join(told)}。",
        f"Below the bar that was set: {'; '.join(told)}.",
        remedy=("请查明原因；下限在 docs/accuracy.yaml。", "Find out why; the bars are in docs/accuracy.yaml."),
    )


def load_bars(path: Path) -> list[Bar]:
    """The bars of a file: task → list of {sha256, at_least: {figure: number}}. DefinitionError where it is not so."""
    try:
        told = definitions.parse(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise _bad_bars(path, f"不是 YAML（{error}）", f"it is no YAML ({error})") from error
    if not isinstance(told, dict):
        raise _bad_bars(path, "最外层应为评测名称", "names of evaluations belong on its top level")
    known = {each.name for each in tasks()}
    bars: list[Bar] = []
    for name, entries in told.items():
        if name not in known:
            raise _bad_bars(path, f"没有评测 {name}", f"there is no evaluation {name}")
        for entry in entries if isinstance(entries, list) else [None]:
            if not isinstance(entry, dict) or set(entry) != {"sha256", "at_least"} or not _numbers(entry["at_least"]):
                raise _bad_bars(
                    path,
                    f"{name} 下每条应为 sha256 与 at_least",
                    f"each entry of {name} has sha256 and at_least: numbers",
                )
            bars += [
                Bar(name, str(entry["sha256"]).lower(), str(figure), float(least))
                for figure, least in entry["at_least"].items()
            ]
    return bars


def _numbers(told: object) -> bool:
    return isinstance(told, dict) and all(type(value) in (int, float) for value in told.values())


def _bad_bars(path: Path, zh: str, en: str) -> DefinitionError:
    return DefinitionError(
        f"下限文件不能用：{zh}。", f"The file of bars is of no use: {en}.", file=str(path),
        remedy=("请改正。", "Correct it."),
    )  # fmt: skip


# -- all of them, and the page -----------------------------------------------------------------------


def evaluate_all(settings: Settings, bars: Iterable[Bar]) -> tuple[list[Answer], str]:
    """Every evaluation on its own truth file, and the page docs/accuracy.md.

    A truth file that is not at hand is said to be so on the page, and nothing is measured on it.
    """
    set_bars, answers = list(bars), []
    parts = [_HEAD]
    for each in tasks():
        truth = each.path(settings)
        answer = run(each, truth, settings, set_bars) if truth.is_file() else None
        answers += [] if answer is None else [answer]
        parts.append(_section(each, answer))
    return answers, "\n".join(parts)


_HEAD = """# 准确度 Accuracy

<!-- Written by `pingjiang evaluate all`. Run it again instead of changing this page. -->

每个数字旁边是简单做法（基线）在同一数据上的数字；括号内为 95 % 区间；「—」表示无法计算，不是零；「≥」后是下限。下限写在
[accuracy.yaml](accuracy.yaml)，按标注文件的 SHA-256 生效，达不到时命令以退出码 3 结束。

Beside each figure stands that of a plain method on the same data, the baseline. Intervals in brackets are of 95 %; "—"
is what cannot be computed, which is not zero; behind "≥" stands a bar. Bars are set in [accuracy.yaml](accuracy.yaml)
for truth files by their SHA-256; where one is missed the command ends with exit code 3.
"""


def _section(measured: Task, answer: Answer | None) -> str:
    """What one evaluation found."""
    parts = [f"\n## {measured.zh} · {measured.en}\n"]
    if answer is None:
        parts.append(f"`{measured.truth}`：不在样本目录中，未测 · not among the sample files, not measured\n")
        return "\n".join(parts)
    parts.append(f"`{measured.truth}`  \nSHA-256 `{answer['file']['sha256']}`\n")
    parts.append(f"{measured.held_out_zh}\n\n{measured.held_out_en}\n")
    parts += [f"{zh}\n\n{en}\n" for zh, en in answer.get("notes", ())]
    for score, head in _HEADS.items():
        lines = [line for line in measured.lines if line.score == score]
        if lines:
            parts.append(f"| {' | '.join(head)} |\n|---{'|--:' * (len(head) - 1)}|")
            parts += [f"| {' | '.join(cells(line, answer))} |" for line in lines] + [""]
    for table in answer.get("tables", ()):
        parts.append(f"\n### {table['zh']} · {table['en']}\n")
        parts.append(f"| {' | '.join(table['columns'])} |\n|{'---|' * len(table['columns'])}")
        parts += [f"| {' | '.join(_shown(cell) for cell in row)} |" for row in table["rows"]]
    return "\n".join(parts) + "\n"


_HEADS = {
    True: ("评测 score", "准确率 precision", "召回率 recall", "F1", "基线 baseline P / R / F1", "n"),
    False: ("数字 figure", "值 value", "基线 baseline", "n"),
}


def cells(line: Line, answer: Answer) -> tuple[str, ...]:
    """A line as it is shown: words, each figure with interval and bar, baseline, n."""
    bars = {bar["figure"]: bar["at_least"] for bar in answer["bars"]}
    figures = [_with_interval(answer, place, bars.get(place)) for place in line.places]
    baseline = [] if line.baseline is None else replace(line, figure=line.baseline).places
    return (
        f"{line.zh} · {line.en}",
        *figures,
        " / ".join(_shown(figure_at(answer, place)) for place in baseline),
        f"{figure_at(answer, line.n):,}" if line.n else "",
    )


def _with_interval(answer: Answer, place: str, bar: float | None) -> str:
    above, _, name = place.rpartition(".")
    holder = figure_at(answer, above) if above else answer
    interval = (holder.get("intervals") or {}).get(name)
    told = _shown(figure_at(answer, place))
    told += "" if interval is None else f" ({interval[0]:.3f}–{interval[1]:.3f})"
    return told if bar is None else f"{told} ≥ {_shown(bar)}"


def _shown(value: object) -> str:
    """A cell of the page."""
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else str(value).replace("|", "\\|")
