"""Applications: the list, and one as a case: what it says, what is open, what rules say, seal, versions, papers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access, clocks
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.documents import papers
from pingjiang.centre.documents.views import hand_out_bytes
from pingjiang.centre.pages.cases import after_move, opinion
from pingjiang.centre.pages.lists import Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import is_english, named, said
from pingjiang.centre.programme.access import is_district_of
from pingjiang.centre.programme.content.budget import reckon
from pingjiang.centre.programme.content.hashing import attachments
from pingjiang.centre.programme.content.open import ATTACHED, open_of
from pingjiang.centre.programme.content.reading import attached_in, lines_of, said_in, said_now
from pingjiang.centre.programme.content.shape import JOIN, flatten
from pingjiang.centre.programme.content.specs import BUDGET, CITED, Step
from pingjiang.centre.programme.content.steps import pages_of, steps_of
from pingjiang.centre.programme.content.together import read
from pingjiang.centre.programme.extensions import extensions_of
from pingjiang.centre.programme.models import Application, ApplicationVersion, Seal
from pingjiang.centre.programme.papers.application import application_paper
from pingjiang.centre.programme.rulepack import materials_of, pack_of
from pingjiang.centre.programme.rules import APPLICANT_ROLES, running
from pingjiang.centre.programme.seals import standing_seal
from pingjiang.centre.programme.services import drafts
from pingjiang.centre.programme.services.applications import hash_shown, title_shown
from pingjiang.centre.programme.templatetags.programme import titled
from pingjiang.centre.programme.views.frame import menu_of, writes_now
from pingjiang.centre.programme.views.shared import (
    case_parts,
    mark_of,
    millis,
    state_filter,
    state_of,
    why,
)
from pingjiang.centre.programme.workflow import APPLICANT, APPLICATION
from pingjiang.errors import InputRefused, PingjiangError
from pingjiang.rulebook.policies import Pack

FORMS = ("pdf", "docx")
_READS_CHECKS = frozenset({"programme_officer", "decision_maker", "steward"})


@require_GET
@for_actor
def list_of_applications(request: ActorRequest) -> HttpResponse:
    """Applications that the actor sees, the latest first."""
    rows = access.visible_to(request.actor, Application)
    listing = Listing(
        request,
        rows.select_related("case__owner", "call", "district", "recommendation"),
        [
            Column(
                "title", gettext_lazy("项目"),
                lambda row: Linked(_title(request.actor, row), reverse("application", args=[row.case_id])),
                sort="case__title",
                fixed=True,
            ),
            Column("number", gettext_lazy("编号"), lambda row: row.case.number, sort="case__number", code=True),
            Column("owner", gettext_lazy("申报单位"), lambda row: named(row.case.owner), sort="case__owner__name_zh"),
            Column("district", gettext_lazy("区县"), lambda row: named(row.district), sort="district__code"),
            Column("track", gettext_lazy("申报类别"), lambda row: said(TRACKS[row.case.track]), sort="case__track"),
            Column("year", gettext_lazy("年度"), lambda row: str(row.call.year), sort="call__year", shown=False),
            Column("state", gettext_lazy("状态"), state_of),
            Column("submitted", gettext_lazy("上报"), lambda row: row.submitted_at, sort="submitted_at"),
            Column("opened", gettext_lazy("立卷"), lambda row: row.case.opened_at, sort="case__opened_at", shown=False),
        ],
        name="applications", order="-opened", filters=[state_filter(APPLICATION), _track_filter()],
        search=Search(gettext_lazy("项目、编号、单位"), _words),
        empty=gettext_lazy("开始申报，或有申报送到您这里后，列在这里。"), synthetic_of=lambda row: row.case.synthetic,
    )  # fmt: skip
    return listing.answer("pages/list.html", {"title": _("项目申报")})


def _title(actor: Actor, row: Application) -> str:
    """The title of an application in a list: to whoever applies as it is now, to everybody else as it was sent."""
    own = row.case.owner_id == actor.organisation.pk and actor.role in APPLICANT_ROLES
    return row.title_now if own else row.case.title


def _track_filter() -> Filter:
    choices = list(TRACKS.items())
    return Filter("track", gettext_lazy("申报类别"), choices, lambda rows, value: rows.filter(case__track=value))


def _words(rows: Any, words: str) -> Any:
    return (
        rows.filter(case__title__icontains=words)
        | rows.filter(case__number__icontains=words)
        | rows.filter(case__owner__name_zh__icontains=words)
    )


@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """An application. Who writes it sees what it says now; everybody else what was handed in last."""
    arrived = timezone.now()
    actor = request.actor
    found = access.find(actor, Application, case_id=pk)
    case = found.case
    box = opinion(request, case, {"arrived": arrived})
    if box.event is not None:
        return after_move(request, actor, case, box.event)
    problem = ""
    if request.method == "POST" and request.POST.get("act") == "rename":
        try:
            drafts.rename(found, actor, request.POST.get("title", "").strip())
        except (PingjiangError, ValidationError) as error:
            problem = why(error)
        else:
            messages.success(request, _("已更改名称"))
            return HttpResponseRedirect(request.path)
    request.synthetic = case.synthetic
    read(found, "seals", "versions")
    version = found.versions.first()
    live = APPLICANT in access.parties(actor, case) or version is None
    writes = writes_now(actor, found)
    said_of = said_now(found) if live or version is None else said_in(version)
    content_hash = hash_shown(found, own=live)
    seal = standing_seal(found, content_hash)
    pack = pack_of(found)
    clock = running(case)
    context = {
        **case_parts(actor, case, box), "application": found, "pack": pack, "live": live,
        "track": TRACKS[case.track], "writes": writes, "versions": found.versions.all(),
        "sections": list(sections_of(pack, found, said_of)), "files": files_of(found, None if live else version),
        "lines": [(line, mark_of(line)) for line in lines_of(found, said_of, seal=seal)],
        "seals": seals_of(found, content_hash), "content_hash": content_hash, "version": version,
        "reading": clocks.read(clock) if clock is not None else None, "clock": clock,
        "is_district": is_district_of(actor, found), "checks": actor.role in _READS_CHECKS and version is not None,
        "returned": _returned(case) if writes else None,
        **_writing_parts(found, pack, writes), "recommendation": _recommended(found, actor),
        "server_now": arrived, "server_millis": millis(arrived), "opens_millis": millis(found.call.opens_at),
        "closes_millis": millis(found.call.closes_at), "call": found.call,
        "extensions": extensions_of(found.call), "title": title_shown(found, own=live), "problem": problem,
    }  # fmt: skip
    return render(request, "programme/application.html", context, status=422 if problem else box.status)


@require_GET
@for_actor
def draft_paper(request: ActorRequest, pk: int, form: str) -> HttpResponseBase:
    """The official paper as it would be now, marked as a draft and without a code. Http404 for whoever does not write
    it, or not now: what was sent has its paper."""
    found = access.find(request.actor, Application, case_id=pk)
    if form not in FORMS or not writes_now(request.actor, found):
        raise Http404
    try:
        made = papers.draft(application_paper(found), form)
    except InputRefused as refused:
        messages.error(request, why(refused))
        return HttpResponseRedirect(reverse("application", args=[found.case_id]))
    return hand_out_bytes(made, form, f"{found.title_now}-{papers.DRAFT}.{form}")


def _returned(case: Case) -> Event | None:
    """The move by which it came back to its applicant, with what is to be done; None where it was not sent yet, or
    where they took it back themselves."""
    last = case.events.filter(kind="move").select_related("membership__organisation").order_by("number").last()
    move = "" if last is None else json.loads(last.after).get("move", "")
    return last if move in ("return", "correct", "return_again") else None


def _writing_parts(found: Application, pack: Pack, writes: bool) -> dict[str, Any]:
    if not writes:
        return {}
    left = open_of(found)
    menu = menu_of(found, pages_of(pack, found.case.track), None, left)
    url_of = {step.name: entry.url for entry in menu for step in entry.page.steps}
    return {"menu": menu, "open": [(each, url_of[each.step]) for each in left]}


def _recommended(found: Application, actor: Actor) -> Any:
    """What the district says: its own matter until it is put forward."""
    row = getattr(found, "recommendation", None)
    return row if row is not None and (found.submitted_at is not None or is_district_of(actor, found)) else None


@dataclass(frozen=True)
class Sealed:
    """A stamp, whether it stands on what is shown of the application, and how that is drawn."""

    seal: Seal
    mark: Marked


def seals_of(found: Application, content_hash: str) -> list[Sealed]:
    """The stamps of an application, the last first: the last one stands while this content is what was stamped."""
    standing = standing_seal(found, content_hash)
    return [
        Sealed(row, Marked(_("盖章有效"), "ok") if row == standing else Marked(_("内容已改，盖章失效"), "bad"))
        for row in found.seals.all()
    ]


@dataclass(frozen=True)
class SectionShown:
    """A section as it is read: single data, texts, tables."""

    label: str
    rows: Sequence[tuple[str, str]]
    texts: Sequence[tuple[str, str]]
    tables: Sequence[tuple[Sequence[str], Sequence[Sequence[str]]]]


def sections_of(pack: Pack, found: Application, said_of: Mapping[str, Mapping[str, Any]]) -> Iterator[SectionShown]:
    """All sections but that of the files."""
    for step in steps_of(pack, found.case.track):
        if step.form != ATTACHED:
            yield _section(pack, step, said_of.get(step.name, {}), said_of)


def _section(
    pack: Pack, step: Step, content: Mapping[str, Any], said_of: Mapping[str, Mapping[str, Any]]
) -> SectionShown:
    flat = flatten(content)
    rows: list[tuple[str, str]] = []
    texts: list[tuple[str, str]] = []
    for part in step.parts:
        for spec in part.specs:
            value = flat.get(spec.name, "")
            words = {name: said(label) for name, label in spec.options}
            several = value if isinstance(value, list) else [value]
            told = (", " if is_english() else "、").join(words.get(each, each) for each in several)
            if not told or spec.name.startswith("amount-"):
                continue
            own = f"{said(part.label)} · {said(spec.label)}" if JOIN in spec.name else said(spec.label)
            (texts if spec.kind == "text" else rows).append((own, _in_unit(told, said(spec.unit))))
    tables = _tables(step, content)
    if step.form == BUDGET:
        tables = [_budget(pack, content)]
    if step.form == "evidence" and said_of.get(CITED):
        tables = [_cited(said_of[CITED])]
    return SectionShown(said(step.label), rows, texts, tables)


def _in_unit(told: str, unit: str) -> str:
    """A figure in its unit; one that is a number itself, such as CNY 10,000, is set apart."""
    return f"{told} ({unit})" if any(map(str.isdigit, unit)) else f"{told} {unit}".strip()


def _tables(step: Step, content: Mapping[str, Any]) -> list[tuple[list[str], list[list[str]]]]:
    """The grids of a step; several of the same columns are one table, which says of each row whose it is."""
    grids = [(grid, *_table(grid.columns, grid.rows_in(content))) for grid in step.grids if grid.rows_in(content)]
    if len(grids) < 2 or len({tuple(heads) for _grid, heads, _rows in grids}) > 1:
        return [(heads, rows) for _grid, heads, rows in grids]
    rows = [[said(grid.label), *row] for grid, _heads, found in grids for row in found]
    return [([_("功能"), *grids[0][1]], rows)]


def _table(columns: Any, rows: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[list[str]]]:
    words = [{name: said(label) for name, label in column.options} for column in columns]
    cells = [
        [names.get(value, value) for column, names in zip(columns, words, strict=True)
         for value in [str(row.get(column.name, ""))]]
        for row in rows
    ]  # fmt: skip
    return [said(column.label) for column in columns], cells


def _budget(pack: Pack, content: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    found = reckon(pack, content)
    heads = [_("科目（万元）"), *(titled(each) for each in found.sources), _("合计")]
    rows = [
        [titled(row.line), *(f"{row.amounts[each.id] or 0:,.2f}" for each in found.sources), f"{row.total:,.2f}"]
        for row in found.lines
        if row.total
    ]
    return heads, [
        *rows,
        [_("合计"), *(f"{found.sums[each.id]:,.2f}" for each in found.sources), f"{found.total:,.2f}"],
    ]


def _cited(content: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    heads = [_("指标"), _("范围"), _("数值"), _("数据截至"), _("数据版本")]
    rows = [
        [row["label"], row["of"], f"{row['value']} {row['unit']}", row["cutoff"], row["release"]]
        for row in content.get("figures", [])
    ]
    return heads, rows


def files_of(found: Application, version: ApplicationVersion | None) -> list[tuple[str, dict[str, Any]]]:
    """Label and file of what is attached to a version, or now."""
    names = {each.id: titled(each) for each in materials_of(pack_of(found), found.case.track, found.call.materials)}
    rows = attachments(found) if version is None else attached_in(version)
    return [(names.get(each["material"], each["material"]), each) for each in rows]
