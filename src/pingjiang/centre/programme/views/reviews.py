"""Reviews: an expert's list, a review, its sheets. A sheet under seal is shown to who writes it, and to nobody else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.documents.models import Version
from pingjiang.centre.documents.views import hand_out
from pingjiang.centre.pages.cases import after_move, opinion
from pingjiang.centre.pages.lists import Column, Linked, Listing, Marked
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import is_english, said
from pingjiang.centre.programme.content.reading import attached_in, said_in
from pingjiang.centre.programme.models import Application, OpenedReview, Review
from pingjiang.centre.programme.review import access as own_access
from pingjiang.centre.programme.review import conflicts, seating, sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.centre.programme.review.workflow import OFFICER, REVIEW, REVIEWER
from pingjiang.centre.programme.rulepack import pack_of
from pingjiang.centre.programme.services import reviews
from pingjiang.centre.programme.views.applications import files_of, sections_of
from pingjiang.centre.programme.views.shared import case_parts, may_edit, state_filter, state_of, status_of, why
from pingjiang.errors import PingjiangError
from pingjiang.rulebook.policies import Criterion
from pingjiang.rulebook.policies import Sheet as Criteria

_READERS = frozenset({"programme_officer", "decision_maker", "steward", "expert"})


@require_GET
@for_actor
def list_of_reviews(request: ActorRequest) -> HttpResponse:
    """Reviews that the actor sees, the latest first."""
    if request.actor.role not in _READERS:
        raise Http404
    rows = access.visible_to(request.actor, Review).select_related("case", "panel__case", "expert__membership__user")
    listing = Listing(
        request, rows,
        [
            Column("title", gettext_lazy("评审"),
                   lambda row: Linked(row.panel.case.title, reverse("review", args=[row.case_id])),
                   sort="panel__case__title", fixed=True),
            Column("number", gettext_lazy("编号"), lambda row: row.case.number, sort="case__number"),
            Column("expert", gettext_lazy("专家"), lambda row: row.expert.code, sort="expert__code"),
            Column("track", gettext_lazy("类别"), lambda row: said(TRACKS[row.case.track]), sort="case__track"),
            Column("state", gettext_lazy("状态"), state_of),
            Column("until", gettext_lazy("评审截止"), lambda row: row.panel.reviews_until, sort="panel__reviews_until"),
            Column("opened", gettext_lazy("邀请"), lambda row: row.case.opened_at, sort="case__opened_at"),
        ],
        name="reviews", order="-opened", filters=[state_filter(REVIEW)],
        empty=gettext_lazy("收到评审邀请后，列在这里。"), synthetic_of=lambda row: row.case.synthetic,
    )  # fmt: skip
    return listing.answer("pages/list.html", {"title": _("专家评审")})


@dataclass(frozen=True)
class ToReview:
    """An application of a review as a line; `mark` says how far its sheet is, to who writes it. `left_out` is why it
    has none, in both languages; nothing where it has one."""

    application: Application
    mark: Marked | None
    url: str | None
    team: str
    left_out: Label | None


@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A review. To its expert, what there is to review and how far it is; to the bureau, where it stands."""
    actor = request.actor
    found = access.find(actor, Review, case_id=pk)
    case, problem, status = found.case, "", 200
    if request.method == "POST" and request.POST.get("act") == "leave out":
        try:
            _left_out(request, found)
        except (PingjiangError, ValidationError) as error:
            problem, status = why(error), status_of(error)
        else:
            messages.success(request, _("已记回避，该项不评"))
            return HttpResponseRedirect(request.path)
    box = opinion(request, case, {"no_interest": request.POST.get("no_interest") == "yes"})
    if box.event is not None:
        return after_move(request, actor, case, box.event)
    request.synthetic = case.synthetic
    mine = REVIEWER in access.parties(actor, case)
    opened = access.visible_to(actor, OpenedReview).filter(review=found).first()
    names = {move.name for move in box.moves}
    rows = _rows(actor, found, mine=mine, opened=opened is not None)
    context = {
        **case_parts(actor, case, box), "review": found, "panel": found.panel, "mine": mine, "rows": rows,
        "track": TRACKS[case.track], "opened": opened,
        "stratum": seating.strata_of(found.panel).get(found.stratum, (found.stratum, found.stratum)),
        "writes": mine and may_edit(actor, case) and found.panel.case.state == "drawn",
        "extra": "programme/parts/no_interest.html" if "accept" in names else None,
        "whole": sum(1 for row in rows if row.mark is not None and row.mark.kind == "ok"),
        "to_write": sum(1 for row in rows if not row.left_out), "keeps_off": seating.keeps_off(found.panel),
        "leaves": [row.application for row in rows if not row.left_out] if _may_leave(actor, found) else [],
        "problem": problem, "sent": request.POST,
    }  # fmt: skip
    return render(request, "programme/review.html", context, status=status if problem else box.status)


def _left_out(request: ActorRequest, found: Review) -> None:
    """Leave out the application that was sent."""
    wanted = request.POST.get("application", "")
    rows = Application.objects.filter(entries__panel=found.panel_id, entries__left_out="")
    row = access.one(rows, pk=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0)
    reviews.leave_out(found, request.actor, row, request.POST.get("reason", ""))


def _may_leave(actor: Actor, review: Review) -> bool:
    """Whether an actor may have a single application left out now."""
    theirs = bool({REVIEWER, OFFICER} & access.parties(actor, review.case))
    open_now = review.case.state in reviews.MAY_LEAVE and review.panel.case.state == "drawn"
    return theirs and open_now and not seating.keeps_off(review.panel)


def _rows(actor: Actor, review: Review, *, mine: bool, opened: bool) -> list[ToReview]:
    """What is on the panel. Who decides whether to accept reads names and teams, to tell whether they have an
    interest; the applications themselves are open from then on."""
    reads = set(own_access.reviewed_by(actor, review).values_list("pk", flat=True))
    comma, way = (", ", "{} ({})") if is_english() else ("、", "{}（{}）")
    written = sheets.own(review, actor) if mine and review.case.state in ("writing", "locked") else {}
    out = {row.application_id: (row.reason_zh, row.reason_en) for row in review.recusals.all()}
    criteria = sheets.criteria_of(review.panel)
    found = []
    for each in conflicts.applications_of(review.panel):
        mark: Marked | None = None
        if mine and review.case.state in ("writing", "locked") and each.pk not in out:
            mark = _how_far(criteria, written[each.pk][1] if each.pk in written else None)
        open_now = (each.pk in reads or opened) and each.pk not in out
        url = reverse("review-sheet", args=[review.case_id, each.case_id]) if open_now else None
        theirs = conflicts.team_of(each) if mine and each.pk not in out else []
        team = comma.join(way.format(row.get("name", ""), row.get("employer", "")) for row in theirs)
        found.append(ToReview(each, mark, url, team, out.get(each.pk)))
    return found


def _how_far(criteria: Criteria, written: Written | None) -> Marked:
    if written is None:
        return Marked(_("未填"), "none")
    left = len(sheets.faults(criteria, written))
    return Marked(_("已填齐"), "ok") if not left else Marked(_("还缺 %(n)s 处") % {"n": left}, "warn")


@dataclass(frozen=True)
class CriterionShown:
    """A criterion as a line of a sheet."""

    criterion: Criterion
    group: str
    mark: str
    comment: str
    other_mark: str
    other_comment: str
    fault: str


@for_actor
def sheet(request: ActorRequest, pk: int, application: int) -> HttpResponseBase:
    """The sheet of an application: to be written by the expert, to be read by the bureau once all have locked."""
    actor = request.actor
    found = access.find(actor, Review, case_id=pk)
    request.synthetic = found.case.synthetic
    if REVIEWER not in access.parties(actor, found.case):
        return _read(request, found, application)
    row = access.one(own_access.reviewed_by(actor, found).select_related("case__owner", "call"), case_id=application)
    writes = may_edit(actor, found.case) and found.panel.case.state == "drawn" and row.case.state == "reviewing"
    if request.method != "POST":
        there = sheets.own(found, actor).get(row.pk)
        return _shown(request, found, row, there[1] if there else Written(), there[0].revision if there else 0,
                      writes=writes)  # fmt: skip
    return _saved(request, found, row, writes=writes)


def _saved(request: ActorRequest, review: Review, application: Application, *, writes: bool) -> HttpResponseBase:
    """Save what was sent; where another window was quicker, both texts are shown and nothing is lost."""
    actor, sent = request.actor, request.POST
    given = sent.get("revision.sheet", "")
    revision = int(given) if given.isdecimal() and len(given) < 10 else 0
    criteria = sheets.criteria_of(review.panel)
    problem, status, beside = "", 200, None
    written = Written()
    try:
        written = sheets.read_written(criteria, sent)
        saved = reviews.save(review, actor, application, written, revision=revision)
        beside, revision = saved.beside, saved.sheet.revision if saved.sheet.pk else 0
    except (PingjiangError, ValidationError) as error:
        problem, status = why(error), status_of(error)
    left = len(sheets.faults(criteria, written))
    if sent.get("autosave"):
        told = {
            "revisions": {} if beside is not None or problem else {"sheet": revision}, "problem": problem,
            "at": timezone.localtime().strftime("%H:%M:%S"), "open": left,
            "conflict": request.path if beside is not None else None,
        }  # fmt: skip
        return JsonResponse(told, status=409 if beside is not None else status)
    if problem or beside is not None:
        return _shown(request, review, application, written, revision, writes=writes, problem=problem, beside=beside,
                      typed=sent if problem else None, status=409 if beside is not None else status)  # fmt: skip
    order = [each.case_id for each in sheets.to_write(review)]
    at = order.index(application.case_id)
    if sent.get("go") == "next" and at + 1 < len(order):
        return HttpResponseRedirect(reverse("review-sheet", args=[review.case_id, order[at + 1]]))
    if sent.get("go") == "next":
        return HttpResponseRedirect(reverse("review", args=[review.case_id]))
    return HttpResponseRedirect(request.path)


def _read(request: ActorRequest, review: Review, application: int) -> HttpResponse:
    """For the bureau: what was opened, and nothing before."""
    opened = access.visible_to(request.actor, OpenedReview).filter(review=review).first()
    if request.method != "GET":
        raise Http404
    row = next((each for each in conflicts.applications_of(review.panel) if each.case_id == application), None)
    if opened is None or row is None:
        raise Http404
    told = json.loads(opened.content)["sheets"].get(str(row.pk))
    if told is None:
        raise Http404
    return _shown(request, review, row, Written.of(told), 0, writes=False)


def _shown(
    request: ActorRequest, review: Review, application: Application, written: Written, revision: int, *, writes: bool,
    problem: str = "", beside: Written | None = None, typed: Any = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    criteria = sheets.criteria_of(review.panel)
    version = application.versions.first()
    if version is None:
        raise Http404
    pack = pack_of(application)
    order = sheets.to_write(review)
    context = {
        "review": review, "case": review.case, "application": application, "version": version, "writes": writes,
        "rows": _criteria(criteria, written, beside, typed), "revision": revision, "problem": problem,
        "beside": beside, "overall": typed.get("overall", "") if typed is not None else written.overall,
        "sections": list(sections_of(pack, application, said_in(version))), "files": files_of(application, version),
        "every": int(str(sheets.pack_of(review.panel).parameter("autosave_seconds").value)), "criteria": criteria,
        "total": sum(written.marks.values()), "open_count": len(sheets.faults(criteria, written)),
        "menu": [(each, reverse("review-sheet", args=[review.case_id, each.case_id])) for each in order],
    }  # fmt: skip
    return render(request, "programme/review_sheet.html", context, status=status)


def _criteria(criteria: Criteria, written: Written, beside: Written | None, typed: Any) -> list[CriterionShown]:
    groups = {each.id: said((each.zh, each.en)) for each in criteria.groups}
    wrong: dict[str, str] = {}
    if written.marks or written.comments:
        wrong = {name: said(words) for name, words in sheets.faults_by_criterion(criteria, written)}
    before = ""
    found: list[CriterionShown] = []
    for each in criteria.criteria:
        told, other = written.told(), beside.told() if beside is not None else {"marks": {}, "comments": {}}
        mark, comment = told["marks"].get(each.id, ""), told["comments"].get(each.id, "")
        if typed is not None:
            mark, comment = typed.get(f"mark-{each.id}", ""), typed.get(f"comment-{each.id}", "")
        others = other["marks"].get(each.id, ""), other["comments"].get(each.id, "")
        differs = beside is not None and others != (mark, comment)
        found.append(
            CriterionShown(
                each, groups[each.group] if each.group != before else "", mark, comment,
                others[0] if differs else "", others[1] if differs else "", wrong.get(each.id, ""),
            )
        )  # fmt: skip
        before = each.group
    return found


@require_GET
@for_actor
def file(request: ActorRequest, pk: int, application: int, document: int, number: int) -> FileResponse:
    """A file of an application under review, for its expert: one of the version that was handed in."""
    found = access.find(request.actor, Review, case_id=pk)
    row = access.one(own_access.reviewed_by(request.actor, found), case_id=application)
    version = row.versions.first()
    there = {(each["document"], each["number"]) for each in attached_in(version)} if version is not None else set()
    if (document, number) not in there:
        raise Http404
    held = access.one(Version.objects.select_related("content"), document_id=document, number=number)
    return hand_out(held.content, held.file_name)
