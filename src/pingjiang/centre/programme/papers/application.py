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
from pingjiang.centre.programme.papers.words import word, words
from pingjiang.centre.programme.rulepack import Line, materials_of, pack_of
from pingjiang.rulebook.policies import Pack

_NOTHING = word("nothing")


def application_paper(application: Application) -> Said:
    """All that an application says now, with the hash of it, and room for the district's stamp. Signed today."""
    case, pack = application.case, pack_of(application)
    said = said_now(application)
    body: list[Block] = [*_cover(application, pack)]
    for step in steps_of(pack, case.track):
        body += [Heading(f"{step.label[0]}"), *_step(pack, step, said.get(step.name, {}), said, application)]
    body += [Heading(word("rules")), _rules(lines_now(application)), Heading(word("promise_head"))]
    body.append(Paragraph(word("promise")))
    body += [Heading(word("opinion_head")), Paragraph(word("opinion"))]
    return Said(
        case.owner.name_zh, application.title_now, tuple(body), case.owner.name_zh, timezone.localdate(),
        number=case.number, addressee=case.authority.name_zh if case.authority else "", synthetic=case.synthetic,
    )  # fmt: skip


def _cover(application: Application, pack: Pack) -> list[Block]:
    case = application.case
    rows = (
        (word("call"), word("call_of_year", title=application.call.case.title, year=application.call.year)),
        (word("track"), TRACKS[case.track][0]), (word("applicant"), case.owner.name_zh),
        (word("credit_code"), case.owner.credit_code or _NOTHING), (word("district"), application.district.name_zh),
        (word("basis"), word("by_pack", number=pack.number, title=pack.zh, version=pack.version)),
        (word("hash"), grouped(hash_of(application))),
    )  # fmt: skip
    return [Table((word("item"), word("content")), rows, (1, 3))]


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
                texts += [*_heading(step, spec, first=not texts), *paragraphs(value)]
            else:
                rows.append((_named(part, spec), value))
    table: list[Block] = [Table((word("item"), word("content")), tuple(rows), (1, 2))] if rows else []
    return [*table, *texts, *(_grid(grid, content) for grid in step.grids)]


def _heading(step: Step, spec: Spec, *, first: bool) -> list[Block]:
    """The name of a text; what bears the name of its step needs none right below it, and another after other texts."""
    if spec.label[0] != step.label[0]:
        return [Heading(spec.label[0], 2)]
    return [] if first else [Heading(word("account"), 2)]


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
        Paragraph(word("period", months=content.get("months"), start=content.get("start"))),
        Table((word("quarter"), word("task"), word("output")), rows, (1.2, 2, 2)),
    ]


def _budget(pack: Pack, step: Step, content: Mapping[str, Any]) -> list[Block]:
    found = reckon(pack, content)
    header = (word("line"), *(each.zh for each in found.sources), word("sum"), word("reckoned_from"))
    basis = content.get("basis", {})
    rows = [
        (
            row.line.zh, *(_amount(row.amounts[each.id]) for each in found.sources), _amount(row.total),
            str(basis.get(row.line.id) or ("" if not row.total else _NOTHING)),
        )
        for row in found.lines
    ]  # fmt: skip
    rows.append((word("sum"), *(_amount(found.sums[each.id]) for each in found.sources), _amount(found.total), ""))
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
        return [Paragraph(word("not_cited"))]
    return [Table(words("figure", "scope", "value", "cutoff", "release"), rows, (1.4, 1.6, 1, 1, 1.6))]


def _attached(pack: Pack, application: Application) -> list[Block]:
    names = {each.id: each.zh for each in materials_of(pack, application.case.track, application.call.materials)}
    rows = tuple(
        (str(number), names.get(each["material"], each["material"]), each["file"], f"{grouped(each['sha256'][:8])}…")
        for number, each in enumerate(attachments(application), start=1)
    )
    return (
        [Table((*words("number", "material", "file"), "SHA-256"), rows, (0.5, 2, 2, 1.4))]
        if rows
        else [Paragraph(word("no_files"))]
    )


def _rules(lines: Sequence[Line]) -> Table:
    rows = tuple(
        (
            line.clause,
            line.label[0],
            *(words("to_be_stamped", "stamped_later") if line.missing == (SEAL,) else _said(line)),
        )
        for line in lines
    )
    return Table(words("clause", "condition", "finding", "remark"), rows, (1.2, 2, 1.1, 2.6))


def _said(line: Line) -> tuple[str, str]:
    return word(f"status_{line.status}"), line.message[0]
