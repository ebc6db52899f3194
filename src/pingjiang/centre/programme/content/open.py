"""What is still open in an application, step by step. It never stops saving, only handing in."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.content.budget import reckon
from pingjiang.centre.programme.content.derived import derived
from pingjiang.centre.programme.content.hashing import attachments
from pingjiang.centre.programme.content.numbers import Untyped, amount_of, count_of, number_of
from pingjiang.centre.programme.content.reading import Said, said_now
from pingjiang.centre.programme.content.shape import flatten, length
from pingjiang.centre.programme.content.specs import BUDGET, INDICATORS, QUARTER_MONTHS, SCHEDULE, Spec, Step
from pingjiang.centre.programme.content.steps import quarters, steps_of
from pingjiang.centre.programme.models import Application
from pingjiang.centre.programme.rulepack import materials_of, pack_of
from pingjiang.rulebook.policies import Pack

ATTACHED = "attachments"  # the form of the step in which files are handed in


@dataclass(frozen=True)
class Open:
    """Something that is open: in which step, at which field (where it is one), and what."""

    step: str
    words: Label
    name: str = ""


def open_of(application: Application) -> list[Open]:
    """All that is open, in the order of the steps."""
    pack, track = pack_of(application), application.case.track
    said = said_now(application)
    materials = {each["material"] for each in attachments(application)}
    found: list[Open] = []
    for step in steps_of(pack, track):
        if step.form == ATTACHED:
            found += _materials(pack, track, application, step, materials)
        else:
            found += open_in(pack, track, step, said)
    return found


def open_in(pack: Pack, track: str, step: Step, said: Said) -> list[Open]:
    """What is open in one step but that of the attachments."""
    content = said.get(step.name, {})
    if not step.required and not content:
        return []
    more = {BUDGET: _budget, SCHEDULE: _schedule, INDICATORS: _indicators}.get(step.form)
    found = list(_fields(step, content))
    if more is not None:
        found += more(pack, track, step, said)
    return found


def _fields(step: Step, content: Mapping[str, Any]) -> Iterator[Open]:
    flat = flatten(content)
    for spec in step.specs(content):
        value = flat.get(spec.name, "")
        words = _wrong(spec, value)
        if words is not None:
            yield Open(step.name, words, spec.name)
    for grid in step.grids:
        rows = len(grid.rows_in(content))
        if rows < grid.least:
            yield Open(
                step.name, (f"“{grid.label[0]}”至少填 {grid.least} 行", f"{grid.label[1]}: {grid.least} at least")
            )


def _wrong(spec: Spec, value: str | list[str]) -> Label | None:
    """What is wrong with the value of a field."""
    if not value:
        return (f"未填“{spec.label[0]}”", f"{spec.label[1]} is empty") if spec.required else None
    if isinstance(value, list):
        return None
    over = 0 if spec.limit is None else length(value) - spec.limit
    if over > 0:
        return (
            f"“{spec.label[0]}”{length(value)} 字，超 {over} 字（限 {spec.limit} 字）",
            f"{spec.label[1]}: {length(value)} characters, {over} over the {spec.limit}",
        )
    try:
        _READERS.get(spec.kind, _any)(value)
    except Untyped as error:
        return f"“{spec.label[0]}”{error.words[0]}", f"{spec.label[1]}: {error.words[1]}"
    if spec.options and value not in {name for name, _words in spec.options}:
        return f"“{spec.label[0]}”不在可选项中", f"{spec.label[1]} is none of the options"
    return None


def _any(_value: str) -> None:
    return None


def _date(value: str) -> None:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        raise Untyped(("不是日期（年-月-日）", "is no date (YYYY-MM-DD)")) from None


def _month(value: str) -> None:
    try:
        datetime.date.fromisoformat(f"{value}-01")
    except ValueError:
        raise Untyped(("不是月份（年-月）", "is no month (YYYY-MM)")) from None


_READERS = {"number": number_of, "count": count_of, "amount": amount_of, "date": _date, "month": _month}


def _budget(pack: Pack, track: str, step: Step, said: Said) -> Iterator[Open]:
    found = reckon(pack, said.get(step.name, {}))
    if not found.total:
        yield Open(step.name, ("预算是空的", "the budget is empty"))
    for row in found.lines:
        if row.total and not str(said.get(step.name, {}).get("basis", {}).get(row.line.id, "")).strip():
            yield Open(step.name, (f"“{row.line.zh}”未写测算依据", f"{row.line.en}: say what it is reckoned from"),
                       f"basis-{row.line.id}")  # fmt: skip


def _schedule(pack: Pack, track: str, step: Step, said: Said) -> Iterator[Open]:
    """Each quarter of the period has a task and something that can be verified."""
    content = said.get(step.name, {})
    for number, told in enumerate(period_of(content), start=1):
        row = content.get(f"q{number}", {})
        for part, zh, en in (("task", "任务", "a task"), ("output", "可核验的成果", "what can be verified")):
            if not row.get(part):
                yield Open(step.name, (f"第 {number} 季度（{told}）未写{zh}", f"quarter {number} ({told}) lacks {en}"),
                           f"q{number}-{part}")  # fmt: skip


def period_of(content: Mapping[str, Any]) -> list[str]:
    """The quarters of what a schedule says; none where it does not say a period."""
    try:
        months = int(count_of(str(content.get("months", ""))))
        return quarters(str(content.get("start", "")), min(months, 40 * QUARTER_MONTHS))
    except (Untyped, ValueError):
        return []


def _indicators(pack: Pack, track: str, step: Step, said: Said) -> Iterator[Open]:
    if "indicators" not in derived(pack, said):
        yield Open(step.name, ("没有指标", "there are no indicators"))


def _materials(pack: Pack, track: str, application: Application, step: Step, there: set[str]) -> Iterator[Open]:
    for each in materials_of(pack, track, application.call.materials):
        if each.required and each.id not in there:
            yield Open(step.name, (f"缺少材料“{each.zh}”", f"missing: {each.en}"), each.id)


def first(found: Sequence[Open]) -> Label | None:
    """What is open as one sentence: the first, and how many more."""
    if not found:
        return None
    rest = len(found) - 1
    more = (f"；另有 {rest} 处待补", f"; and {rest} more") if rest else ("", "")
    return found[0].words[0] + more[0], found[0].words[1] + more[1]
