"""An application as an official paper: cover, every section, the rules clause by clause, what is attached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.documents.papers import Block, Heading, Paragraph, Said, Table, paragraphs
from pingjiang.centre.programme.content.budget import reckon
from pingjiang.centre.programme.content.derived import SEAL
from pingjiang.centre.programme.content.hashing import attachments, grouped, hash_of
from pingjiang.centre.programme.content.open import period_of
from pingjiang.centre.programme.content.reading import lines_now, said_now
from pingjiang.centre.programme.content.shape import JOIN, flatten
from pingjiang.centre.programme.content.specs import BUDGET, CITED, INDICATORS, SCHEDULE, TEAM, Grid, Part, Spec, Step
from pingjiang.centre.programme.content.steps import steps_of
from pingjiang.centre.programme.models import Application
from pingjiang.centre.programme.rulepack import Line, materials_of, pack_of
from pingjiang.rulebook.policies import Pack

_NOTHING = "（未填）"
_STATUS = {
    "pass": "符合", "fail": "不符合", "waivable": "未达到（原则性）", "waived": "已批准放宽", "expert": "由专家评判",
    "unknown": "数据不足",
}  # fmt: skip


def application_paper(application: Application) -> Said:
    """All that an application says now, with the hash of it, and room for the district's stamp. Signed today."""
    case, pack = application.case, pack_of(application)
    said = said_now(application)
    body: list[Block] = [*_cover(application, pack)]
    for step in steps_of(pack, case.track):
        body += [Heading(f"{step.label[0]}"), *_step(pack, step, said.get(step.name, {}), said, application)]
    body += [Heading("条件核对"), _rules(lines_now(application)), Heading("申报单位承诺")]
    body.append(Paragraph("本单位对申报内容的真实性负责，所附材料与原件一致，未就同一内容重复申报市级经费。"))
    body += [Heading("当地政府（管委会）意见"), Paragraph("（签署意见、签名、日期，并加盖公章）")]
    return Said(
        case.owner.name_zh, case.title, tuple(body), case.owner.name_zh, timezone.localdate(),
        number=case.number, addressee=case.authority.name_zh if case.authority else "", synthetic=case.synthetic,
    )  # fmt: skip


def _cover(application: Application, pack: Pack) -> list[Block]:
    case = application.case
    rows = (
        ("申报通知", f"{application.call.case.title}（{application.call.year} 年度）"),
        ("申报类别", TRACKS[case.track][0]), ("申报单位", case.owner.name_zh),
        ("统一社会信用代码", case.owner.credit_code or _NOTHING), ("所在区县", application.district.name_zh),
        ("依据", f"{pack.number}《{pack.zh}》，规则包第 {pack.version} 版"),
        ("内容哈希", grouped(hash_of(application))),
    )  # fmt: skip
    return [Table(("项目", "内容"), rows, (1, 3))]


def _step(
    pack: Pack, step: Step, content: Mapping[str, Any], said: Mapping[str, Any], application: Application
) -> list[Block]:
    own = {BUDGET: _budget, SCHEDULE: _schedule, INDICATORS: _indicators, TEAM: _team}.get(step.form)
    if own is not None:
        return own(pack, step, content)
    if step.form == "attachments":
        return _attached(pack, application)
    found = _parts(step, content)
    return [*found, *_cited(said.get(CITED, {}))] if step.form == "evidence" else found


def _parts(step: Step, content: Mapping[str, Any]) -> list[Block]:
    """Single data as a table, texts as paragraphs under their names."""
    flat = flatten(content)
    rows: list[tuple[str, str]] = []
    texts: list[Block] = []
    for part in step.parts:
        for spec in part.specs:
            value = _told(spec, flat.get(spec.name, ""))
            if spec.kind == "text":
                single = len(step.parts) == 1
                texts += [] if single else [Heading(spec.label[0], 2)]
                texts += paragraphs(value)
            else:
                rows.append((_named(part, spec), value))
    table: list[Block] = [Table(("项目", "内容"), tuple(rows), (1, 2))] if rows else []
    return [*table, *texts, *(_grid(grid, content) for grid in step.grids)]


def _named(part: Part, spec: Spec) -> str:
    unit = f"（{spec.unit[0]}）" if spec.unit[0] else ""
    return f"{part.label[0]}·{spec.label[0]}{unit}" if JOIN in spec.name else f"{spec.label[0]}{unit}"


def _told(spec: Spec, value: str | list[str]) -> str:
    words = {name: label[0] for name, label in spec.options}
    if isinstance(value, list):
        return "、".join(words.get(each, each) for each in value) or _NOTHING
    return words.get(value, value) or _NOTHING


def _grid(grid: Grid, content: Mapping[str, Any]) -> Table:
    rows = tuple(
        tuple(_told(column, row.get(column.name, "")) for column in grid.columns)
        for row in grid.rows_in(content or {"": ""})
    )
    return Table(tuple(column.label[0] for column in grid.columns), rows or ((_NOTHING,) * len(grid.columns),))


def _team(pack: Pack, step: Step, content: Mapping[str, Any]) -> list[Block]:
    return [_grid(grid, content) for grid in step.grids]


def _indicators(pack: Pack, step: Step, content: Mapping[str, Any]) -> list[Block]:
    found: list[Block] = []
    for part in step.parts:
        if part.grid is not None:
            found += [Heading(f"{part.label[0]}（{part.help[0]}）", 2), _grid(part.grid, content)]
    return found


def _schedule(pack: Pack, step: Step, content: Mapping[str, Any]) -> list[Block]:
    rows = tuple(
        (
            told, str(content.get(f"q{number}", {}).get("task") or _NOTHING),
            str(content.get(f"q{number}", {}).get("output") or _NOTHING),
        )
        for number, told in enumerate(period_of(content), start=1)
    )  # fmt: skip
    if not rows:
        return [Paragraph(_NOTHING)]
    return [
        Paragraph(f"建设期 {content.get('months')} 个月，自 {content.get('start')} 起。"),
        Table(("季度", "任务", "可核验的成果"), rows, (1.2, 2, 2)),
    ]


def _budget(pack: Pack, step: Step, content: Mapping[str, Any]) -> list[Block]:
    found = reckon(pack, content)
    header = ("科目（万元）", *(each.zh for each in found.sources), "合计", "测算依据")
    basis = content.get("basis", {})
    rows = [
        (
            row.line.zh, *(_amount(row.amounts[each.id]) for each in found.sources), _amount(row.total),
            str(basis.get(row.line.id) or ("" if not row.total else _NOTHING)),
        )
        for row in found.lines
    ]  # fmt: skip
    rows.append(("合计", *(_amount(found.sums[each.id]) for each in found.sources), _amount(found.total), ""))
    widths = (1.5, *(1.0 for _each in found.sources), 1.0, 2.2)
    return [Table(header, tuple(rows), widths), *paragraphs(str(content.get("note") or _NOTHING))]


def _amount(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:,.2f}"


def _cited(content: Mapping[str, Any]) -> list[Block]:
    rows = tuple(
        (row["label"], row["of"], f"{row['value']} {row['unit']}".strip(), row["cutoff"], row["release"])
        for row in content.get("figures", [])
    )
    if not rows:
        return [Paragraph("未引用数据发布中的数据。")]
    return [Table(("指标", "范围", "数值", "数据截至", "数据版本"), rows, (1.4, 1.6, 1, 1, 1.6))]


def _attached(pack: Pack, application: Application) -> list[Block]:
    names = {each.id: each.zh for each in materials_of(pack, application.case.track, application.call.materials)}
    rows = tuple(
        (str(number), names.get(each["material"], each["material"]), each["file"], f"{grouped(each['sha256'][:8])}…")
        for number, each in enumerate(attachments(application), start=1)
    )
    return [Table(("序号", "材料", "文件", "SHA-256"), rows, (0.5, 2, 2, 1.4))] if rows else [Paragraph("无附件。")]


def _rules(lines: Sequence[Line]) -> Table:
    rows = tuple(
        (line.clause, line.label[0], *(("待盖章", "由区县盖章后核对。") if line.missing == (SEAL,) else _said(line)))
        for line in lines
    )
    return Table(("条款", "条件", "结论", "说明"), rows, (1, 2, 1.1, 2.6))


def _said(line: Line) -> tuple[str, str]:
    return _STATUS[line.status], line.message[0]
