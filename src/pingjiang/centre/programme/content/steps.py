"""The steps of an application under a pack: its sections, each with the data that rules ask for there."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.content.derived import DERIVED
from pingjiang.centre.programme.content.placing import TEXT, placed, sections_of
from pingjiang.centre.programme.content.specs import FACTS, QUARTER_MONTHS, Grid, Page, Part, Spec, Step
from pingjiang.centre.programme.rulepack import pack_at
from pingjiang.rulebook.policies import UNITS, Field, Function, Named, Pack, Section

_YES_NO = (("yes", ("是", "Yes")), ("no", ("否", "No")))
_FEW, _SOME, _MANY = 60, 200, 500  # characters of a line, a remark, a longer one: choices of this form


def steps_of(pack: Pack, track: str) -> tuple[Step, ...]:
    """The steps of an application on a track."""
    return _steps(pack.id, pack.version, track)


@lru_cache(maxsize=64)
def _steps(name: str, version: str, track: str) -> tuple[Step, ...]:
    pack = pack_at(name, version)
    rest = [pack.field(each) for each, (section, _key) in placed(pack, track).items() if section == FACTS]
    first = [Step(FACTS, ("其他条件", "Other conditions"), FACTS, tuple(map(fact_part, rest)))] if rest else []
    return (*first, *(_step(pack, track, section) for section in sections_of(pack, track)))


def pages_of(pack: Pack, track: str) -> list[Page]:
    """Steps that stand on one page: those whose names begin alike ('建设方案：…')."""
    pages: list[list[Step]] = []
    for step in steps_of(pack, track):
        if pages and _head(step) is not None and _head(step) == _head(pages[-1][0]):
            pages[-1].append(step)
        else:
            pages.append([step])
    return [Page(steps[0].name, _page_label(steps), tuple(steps)) for steps in pages]


def _head(step: Step) -> str | None:
    head, colon, _rest = step.label[0].partition("：")
    return head if colon else None


def _page_label(steps: Sequence[Step]) -> Label:
    if len(steps) == 1:
        return steps[0].label
    english = steps[0].label[1].partition(":")[0]
    return _head(steps[0]) or steps[0].label[0], english[:1].upper() + english[1:]


def _words(named: Any) -> Label:
    """Names as labels: packs write English names as within a sentence."""
    return named.zh, named.en[:1].upper() + named.en[1:]


def _options(named: Sequence[Named]) -> tuple[tuple[str, Label], ...]:
    return tuple((each.id, _words(each)) for each in named)


# ── data that rules ask for


def fact_part(field: Field) -> Part:
    """A datum as something to fill in. It is not required: what is unknown is told as unknown."""
    label, help_words = _words(field), _words(field.help) if field.help else ("", "")
    if field.type == "document":
        kinds = {part.id: "date" if part.id.endswith("_on") else "line" for part in field.parts}
        specs = tuple(
            Spec(f"{field.id}-{part.id}", _words(part), kinds[part.id], None if kinds[part.id] == "date" else _SOME,
                 required=False)
            for part in field.parts
        )  # fmt: skip
        return Part(label, specs, help=help_words)
    if field.type == "entries":
        columns = tuple(Spec(part.id, _words(part), limit=_SOME, required=False) for part in field.parts)
        return Part(label, grid=Grid(field.id, label, columns, least=0), help=help_words)
    if field.type == "amounts":
        specs = tuple(Spec(f"{field.id}-{each.id}", _words(each), "amount", required=False) for each in field.options)
        return Part(label, specs, help=help_words)
    return Part(label, (_fact_spec(field),), help=help_words)


def _fact_spec(field: Field) -> Spec:
    kinds = {
        "number": "number", "count": "count", "flag": "flag", "choice": "choice", "choices": "choices",
        "text": "text", "texts": "text", "order": "choices",
    }  # fmt: skip
    unit = UNITS[field.shown_in or field.unit or "ratio"]
    options = _YES_NO if field.type == "flag" else _options(field.options)
    limit = _MANY if field.type in ("text", "texts") else None
    more = ("每行一个", "one a line") if field.type == "texts" else _words(field.help) if field.help else ("", "")
    return Spec(field.id, _words(field), kinds[field.type], limit, options, required=False,
                unit=(unit.zh, unit.en), help=more)  # fmt: skip


# ── sections


def _step(pack: Pack, track: str, section: Section) -> Step:
    make = {
        "text": _text, "unit": _unit, "evidence": _evidence, "indicators": _indicators, "schedule": _schedule,
        "team": _team, "budget": _budget, "attachments": _attachments,
    }[section.form]  # fmt: skip
    facts = tuple(
        fact_part(pack.field(each)) for each, place in placed(pack, track).items() if place == (section.id, each)
    )
    help_words = _words(section.help) if section.help else ("", "")
    label = _words(section)
    return Step(
        section.id, label, section.form,
        (*facts, *make(pack, track, section)), section.required, help_words,
    )  # fmt: skip


def _text(pack: Pack, track: str, section: Section) -> tuple[Part, ...]:
    label = _words(section)
    return (Part(label, (Spec(TEXT, label, "text", section.limit, required=section.required),)),)


def _unit(pack: Pack, track: str, section: Section) -> tuple[Part, ...]:
    wan = ("万元", "CNY 10,000")
    who = (
        Spec("legal_person", ("法定代表人", "Legal representative"), limit=_FEW),
        Spec("established_on", ("成立日期", "Established on"), "date"),
        Spec("capital", ("注册（开办）资金", "Registered capital"), "amount", unit=wan),
        Spec("staff", ("职工人数", "Staff"), "count", unit=("人", "people")),
        Spec("ip_staff", ("知识产权专职人员", "Full-time IP staff"), "count", unit=("人", "people")),
        Spec("revenue", ("上年度营业（事业）收入", "Revenue of last year"), "amount", unit=wan),
        Spec("address", ("通信地址", "Address"), limit=_SOME),
        Spec("contact", ("项目联系人", "Contact"), limit=_FEW),
        Spec("phone", ("联系电话", "Telephone"), limit=_FEW),
        Spec("email", ("电子邮箱", "E-mail"), limit=_FEW, required=False),
    )
    about = Spec("about", ("单位简介", "About the unit"), "text", section.limit or _MANY)
    return Part(("单位数据", "The unit"), who), Part(about.label, (about,))


def _evidence(pack: Pack, track: str, section: Section) -> tuple[Part, ...]:
    label = ("对所引数据的说明", "On the figures that are cited")
    return (Part(label, (Spec(TEXT, label, "text", section.limit or _MANY, required=False),)),)


def _indicators(pack: Pack, track: str, section: Section) -> tuple[Part, ...]:
    """A table for each function: what is measured, in which unit, from where, to where by year, and how it is shown."""
    columns = (
        Spec("name", ("指标", "Indicator"), limit=_FEW), Spec("unit", ("单位", "Unit"), limit=12),
        Spec("baseline", ("基线", "Baseline"), "number"), Spec("year1", ("第一年", "Year 1"), "number"),
        Spec("year2", ("第二年", "Year 2"), "number"), Spec("year3", ("第三年", "Year 3"), "number"),
        Spec("evidence", ("佐证", "Evidence"), "choice", options=_options(pack.evidence_types)),
    )  # fmt: skip
    return tuple(_function(function, track, columns) for function in pack.functions)


def _function(function: Function, track: str, columns: tuple[Spec, ...]) -> Part:
    variant = function.variants.get(track)
    usual = _words(function)
    label = (variant and variant.zh) or usual[0], (variant and _words(variant)[1]) or usual[1]
    own = [each for each in function.indicators if not each.tracks or track in each.tracks]
    begun = tuple({"name": each.zh, "unit": each.unit.zh, "evidence": each.evidence} for each in own)
    return Part(label, grid=Grid(f"f-{function.id}", label, columns, begun), help=(function.clause, function.clause))


def _schedule(pack: Pack, track: str, section: Section) -> tuple[Part, ...]:
    """Start, length, and what is done in each quarter of it."""
    most = most_months(pack)
    period = (
        Spec("start", ("开始月份", "First month"), "month"),
        Spec("months", ("建设期", "Length"), "count", unit=("个月", "months"),
             help=(f"不超过 {most} 个月", f"at most {most} months")),
    )  # fmt: skip
    rows = tuple(_quarter(number) for number in range(1, most // QUARTER_MONTHS + 1))
    return Part(("建设期", "Period"), period), *rows


def _quarter(number: int) -> Part:
    name = f"q{number}"
    specs = (
        Spec(f"{name}-task", ("任务", "Task"), "text", _SOME, required=False),
        Spec(f"{name}-output", ("可核验的成果", "What can be verified"), "text", _SOME, required=False),
    )
    return Part((f"第 {number} 季度", f"Quarter {number}"), specs)


def most_months(pack: Pack) -> int:
    """The longest period that the pack gives, in months; where it gives none, three years of a form."""
    for rule in pack.rules:
        test = rule.test
        if test is None or test.field is None or test.threshold is None:
            continue
        if test.op in ("le", "eq") and test.field in DERIVED:
            unit = UNITS[pack.field(test.field).unit or "ratio"]
            if unit.base == "month":
                return int(test.threshold * unit.factor)
    return 36


def quarters(start: str, months: int) -> list[str]:
    """The quarters of a period as people write them: '2027-01' and 6 give 2027-01—03, 2027-04—06."""
    first = datetime.date.fromisoformat(f"{start}-01")
    found = []
    for at in range(0, months, QUARTER_MONTHS):
        begins, ends = _month_after(first, at), _month_after(first, min(at + QUARTER_MONTHS, months) - 1)
        found.append(f"{begins:%Y-%m}—{ends:%m}" if begins.year == ends.year else f"{begins:%Y-%m}—{ends:%Y-%m}")
    return found


def _month_after(first: datetime.date, months: int) -> datetime.date:
    years, month = divmod(first.month - 1 + months, 12)
    return datetime.date(first.year + years, month + 1, 1)


def _team(pack: Pack, track: str, section: Section) -> tuple[Part, ...]:
    label = _words(section)
    columns = (
        Spec("name", ("姓名", "Name"), limit=_FEW), Spec("employer", ("工作单位", "Employer"), limit=_FEW),
        Spec("title", ("职务职称", "Post and title"), limit=_FEW), Spec("field", ("专业", "Field"), limit=_FEW),
        Spec("task", ("项目分工", "Part in the project"), limit=_SOME),
        Spec("months", ("投入（人月）", "Person-months"), "number"),
    )  # fmt: skip
    return (Part(label, grid=Grid("people", label, columns, least=1)),)


def _budget(pack: Pack, track: str, section: Section) -> tuple[Part, ...]:
    if pack.budget is None:
        return ()
    sources = pack.field(pack.budget.sources).options
    lines = tuple(
        Part(
            _words(line),
            (
                *(Spec(f"amount-{line.id}-{each.id}", _words(each), "amount", required=False) for each in sources),
                Spec(f"basis-{line.id}", ("测算依据", "Basis"), limit=_FEW, required=False),
            ),
        )
        for line in pack.field(pack.budget.lines).options
    )
    label = ("预算说明、配套来源与到位安排", "On the budget, and when the local money comes")
    return *lines, Part(label, (Spec("note", label, "text", section.limit or _MANY),))


def _attachments(pack: Pack, track: str, section: Section) -> tuple[Part, ...]:
    return ()
