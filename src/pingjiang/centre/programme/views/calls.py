"""Calls: their list, writing one, its page with questions and answers; the public pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access
from pingjiang.centre.casework.models import Event
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.documents.views import hand_out
from pingjiang.centre.pages.cases import after_move, opinion
from pingjiang.centre.pages.lists import Column, Linked, Listing, Search
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme import access as own
from pingjiang.centre.programme.effects import CALL_PAPER, EXTENSION_PAPER
from pingjiang.centre.programme.extensions import EXTENDED, extensions_of
from pingjiang.centre.programme.forms.calls import WAN, AnswerForm, CallForm, ExtendForm, TextForm, stored
from pingjiang.centre.programme.models import Application, Call, CallQuestion
from pingjiang.centre.programme.rulepack import materials_of, pack_of
from pingjiang.centre.programme.rules import call_complete
from pingjiang.centre.programme.services import calls
from pingjiang.centre.programme.services.applications import may_apply
from pingjiang.centre.programme.views.shared import (
    case_parts,
    may_edit,
    millis,
    state_filter,
    state_of,
    status_of,
    why,
)
from pingjiang.centre.programme.workflow import CALL
from pingjiang.errors import PingjiangError

_PAGE = 20
EXTENDING = frozenset({"extend", "extend_districts"})


def _may_write(actor: Actor) -> bool:
    return actor.role in calls.WRITERS and actor.organisation.kind == "authority"


@require_GET
@for_actor
def list_of_calls(request: ActorRequest) -> HttpResponse:
    """Calls that the actor sees, the latest first."""
    listing = Listing(
        request,
        access.visible_to(request.actor, Call).select_related("case__owner").prefetch_related("tracks"),
        [
            Column(
                "title", gettext_lazy("标题"),
                lambda row: Linked(row.case.title, reverse("call", args=[row.case_id])), sort="case__title", fixed=True,
            ),
            Column("year", gettext_lazy("年度"), lambda row: str(row.year), sort="year"),
            Column("tracks", gettext_lazy("类别"), _track_names),
            Column("state", gettext_lazy("状态"), state_of),
            Column("opens", gettext_lazy("开始申报"), lambda row: row.opens_at, sort="opens_at"),
            Column("closes", gettext_lazy("申报截止"), lambda row: row.closes_at, sort="closes_at"),
        ],
        name="calls", order="-closes", filters=[state_filter(CALL)],
        search=Search(
            gettext_lazy("标题、指南"),
            lambda rows, words: rows.filter(Q(case__title__icontains=words) | Q(guide__icontains=words)),
        ),
        empty=gettext_lazy("发布申报通知后，列在这里。"), synthetic_of=lambda row: row.case.synthetic,
    )  # fmt: skip
    primary = ("call-new", _("拟申报通知")) if _may_write(request.actor) else None
    return listing.answer("pages/list.html", {"title": _("申报通知"), "primary": primary})


def _track_names(row: Call) -> str:
    return " · ".join(said(TRACKS[each.track]) for each in row.tracks.all())


@for_actor
def new(request: ActorRequest) -> HttpResponseBase:
    """A new call."""
    if not _may_write(request.actor):
        raise Http404
    form = CallForm(request.actor, request.POST or None, initial={"year": timezone.localdate().year})
    if request.method == "POST" and form.is_valid():
        try:
            made = calls.draft(
                request.actor, form.cleaned_data["title"], form.said, form.opened,
                request=form.cleaned_data["request"],
            )  # fmt: skip
        except (PingjiangError, ValidationError) as error:
            form.add_error(None, why(error))
        else:
            return HttpResponseRedirect(reverse("call", args=[made.case_id]))
    return render(
        request,
        "programme/call_edit.html",
        {"form": form, "back": reverse("calls")},
        status=422 if form.errors else 200,
    )


@for_actor
def edit(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A draft of a call, to be changed."""
    found = access.find(request.actor, Call, case_id=pk)
    if not may_edit(request.actor, found.case):
        raise Http404
    form = CallForm(request.actor, request.POST or None, initial=stored(found))
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            calls.revise(
                found, request.actor, form.cleaned_data["title"], form.said, form.opened,
                version=form.cleaned_data["version"] or 0,
            )  # fmt: skip
        except (PingjiangError, ValidationError) as error:
            form.add_error(None, why(error))
            status = status_of(error)
        else:
            return HttpResponseRedirect(reverse("call", args=[pk]))
    context = {
        "form": form, "case": found.case, "back": reverse("call", args=[pk]), "open": call_complete(found.case, {}),
    }  # fmt: skip
    return render(request, "programme/call_edit.html", context, status=status)


@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A call: what it says, its times, its questions, and what may be done."""
    arrived, actor = timezone.now(), request.actor
    found = access.find(actor, Call, case_id=pk)
    case = found.case
    sent = request.POST if "seals_until" in request.POST else None
    extending = ExtendForm(sent, initial=stored(found), closed=case.state == "closed")
    given = extending.given if extending.is_bound else {}
    box = opinion(request, case, {"arrived": arrived, **given})
    if box.event is not None:
        return after_move(request, actor, case, box.event)
    ours = access.visible_to(actor, Application).filter(call=found, case__owner=actor.organisation)
    asked = access.visible_to(actor, CallQuestion).filter(call=found).select_related("answer", "by__organisation")
    request.synthetic = case.synthetic or ours.filter(case__synthetic=True).exists()
    context = {
        **case_parts(actor, case, box), **_told(found), "edits": may_edit(actor, case), "questions": asked,
        "takes": found.takes(timezone.now()) and case.state == "open", "may_apply": may_apply(actor),
        "ours": ours.select_related("case"), "may_answer": _may_write(actor) and case.owner == actor.organisation,
        "may_ask": case.state == "open" and actor.organisation != case.owner and actor.role != "steward",
        "extending": extending,
        "extra": "programme/parts/extend.html" if any(move.name in EXTENDING for move in box.moves) else None,
    }  # fmt: skip
    return render(request, "programme/call.html", context, status=box.status)


def _told(call: Call) -> dict[str, Any]:
    """What a call says, as both of its pages show it."""
    tracks = []
    for row in call.tracks.all():
        pack = pack_of(row)
        tracks.append(
            {"row": row, "name": TRACKS[row.track], "budget": row.budget / WAN, "pack": pack,
             "materials": materials_of(pack, row.track, call.materials)}
        )  # fmt: skip
    now = timezone.now()
    return {
        "call": call, "tracks": tracks, "server_now": now, "server_millis": millis(now),
        "opens_millis": millis(call.opens_at), "closes_millis": millis(call.closes_at),
        "extensions": extensions_of(call),
    }  # fmt: skip


@for_actor
def ask(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A question on a call."""
    found = access.find(request.actor, Call, case_id=pk)
    if found.case.state != "open" or request.actor.organisation == found.case.owner or request.actor.role == "steward":
        raise Http404
    form = TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            calls.ask(found, request.actor, form.cleaned_data["text"], request=form.cleaned_data["request"])
        except (PingjiangError, ValidationError) as error:
            form.add_error(None, why(error))
        else:
            messages.success(request, _("已提问；答复后连同问题公开，不公开提问单位。"))
            return HttpResponseRedirect(reverse("call", args=[pk]))
    context = {"form": form, "call": found, "title": _("提问"), "question": None}
    return render(request, "programme/call_text.html", context, status=422 if form.errors else 200)


@for_actor
def answer(request: ActorRequest, pk: int, question: int) -> HttpResponseBase:
    """The answer to a question, for everybody."""
    found = access.find(request.actor, CallQuestion, pk=question, call__case_id=pk)
    if not (_may_write(request.actor) and found.call.case.owner == request.actor.organisation):
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            calls.answer(found, request.actor, form.cleaned_data["text"])
        except (PingjiangError, ValidationError) as error:
            form.add_error(None, why(error))
        else:
            return HttpResponseRedirect(reverse("call", args=[pk]))
    context = {"form": form, "call": found.call, "title": _("公开答复"), "question": found}
    return render(request, "programme/call_text.html", context, status=422 if form.errors else 200)


@login_not_required
@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """Calls, for everybody."""
    rows = own.public().select_related("case__owner").prefetch_related("tracks").order_by("-published_at", "-pk")
    rows = rows.annotate(extended=Exists(Event.objects.filter(case=OuterRef("case"), kind=EXTENDED)))
    shown = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "programme/public_calls.html", {"page": shown, "now": timezone.now()})


@login_not_required
@require_GET
def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, with the questions that were answered."""
    found = access.one(own.public().select_related("case__owner"), case_id=pk)
    asked = found.questions.filter(answer__isnull=False).select_related("answer")
    context = {
        **_told(found), "paper": _paper(found, CALL_PAPER), "change": _paper(found, EXTENSION_PAPER),
        "questions": asked,
    }  # fmt: skip
    return render(request, "programme/public_call.html", context)


@login_not_required
@require_GET
def public_paper(request: HttpRequest, pk: int) -> FileResponse:
    """Its paper as PDF."""
    return _handed_out(pk, CALL_PAPER)


@login_not_required
@require_GET
def public_change(request: HttpRequest, pk: int) -> FileResponse:
    """The notice of its last extension as PDF."""
    return _handed_out(pk, EXTENSION_PAPER)


def _handed_out(pk: int, name: str) -> FileResponse:
    found = access.one(own.public().select_related("case"), case_id=pk)
    paper = _paper(found, name)
    if paper is None:
        raise Http404
    return hand_out(paper.pdf, f"{paper.title}-{found.case.title}.pdf" if name != CALL_PAPER else f"{paper.title}.pdf")


def _paper(call: Call, name: str) -> Paper | None:
    """The paper of this name that stands: the last edition, which took the place of those before."""
    return Paper.objects.filter(case=call.case_id, name=name, recall__isnull=True).first()
