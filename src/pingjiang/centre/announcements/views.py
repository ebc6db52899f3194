"""Pages of this app. Each starts from what the actor sees."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import KINDS
from pingjiang.centre.announcements import access as own
from pingjiang.centre.announcements import service
from pingjiang.centre.announcements.effects import PAPER
from pingjiang.centre.announcements.forms import AnnouncementForm, FileForm, MoveForm, QuestionForm
from pingjiang.centre.announcements.models import ANNOUNCEMENT_KINDS, Announcement, Question
from pingjiang.centre.announcements.rules import APPROVERS, DESK, STAFF
from pingjiang.centre.casework import access, clocks
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Move
from pingjiang.centre.documents import papers, shelf
from pingjiang.centre.documents.models import Document, Paper
from pingjiang.centre.documents.views import hand_out
from pingjiang.errors import PingjiangError

_PAGE = 20
View = Callable[..., HttpResponseBase]


def _for_actor(view: View) -> View:
    """A view for people in a role; others sign in, or do not find it."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None:
            raise Http404
        return view(request, actor, *args, **kwargs)

    return checked


def _said(words: tuple[str, str]) -> str:
    return words[int((get_language() or "").startswith("en"))]


def _why(error: PingjiangError | ValidationError) -> str:
    """What an error says, in the language of the page where it has both."""
    if isinstance(error, ValidationError):
        return "；".join(error.messages)
    words: tuple[str, str] | None = getattr(error, "words", None)
    return _said(words) if words else str(error)


def _status(error: Exception) -> int:
    return 409 if isinstance(error, casework.Stale) else 422


@require_GET
@_for_actor
def announcements(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Announcements that the actor sees, the latest first."""
    rows = access.visible_to(actor, Announcement).select_related("case__owner")
    return _list(request, rows, "announcements/announcements.html", may_publish=_may_publish(actor))


@require_GET
@_for_actor
def questions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Questions that the actor sees, the latest first."""
    rows = access.visible_to(actor, Question).select_related("case__owner", "case__authority", "announcement__case")
    return _list(request, rows, "announcements/questions.html")


def _list(request: HttpRequest, rows: QuerySet[Any], template: str, **more: object) -> HttpResponse:
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    lines = [(row, _state(row.case)) for row in page.object_list]
    return render(request, template, {"page": page, "lines": lines, **more})


def _state(case: Case) -> str:
    return _said(casework.workflow_of(case).state(case.state).label)


def _may_edit(actor: Actor, case: Case) -> bool:
    return bool(casework.workflow_of(case).state(case.state).edits & access.parties(actor, case))


def _may_ask(actor: Actor, found: Announcement) -> bool:
    ours = actor.organisation == found.case.owner or actor.role == "steward"
    return found.case.state == "published" and not ours


def _may_publish(actor: Actor) -> bool:
    return actor.role in STAFF | APPROVERS and actor.organisation.kind in DESK


@_for_actor
def draft(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """A new announcement."""
    if not _may_publish(actor):
        raise Http404
    form = AnnouncementForm(actor, request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = service.draft(
                    actor, form.cleaned_data["title"], form.said, form.addressees,
                    track=form.cleaned_data["track"], request=form.cleaned_data["request"],
                )  # fmt: skip
            except (PingjiangError, ValidationError) as error:
                form.add_error(None, _why(error))
            else:
                return HttpResponseRedirect(reverse("announcement", args=[made.case_id]))
        status = 422
    return render(request, "announcements/edit.html", {"form": form}, status=status)


@_for_actor
def edit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """A draft, to be changed. What was typed is kept where somebody else was quicker."""
    found = access.find(actor, Announcement, case_id=pk)
    case, to = found.case, list(found.addressees.all())
    if not _may_edit(actor, case):
        raise Http404
    begun = {
        "title": case.title, "to": [each.kind for each in to], "version": case.version,
        "district": to[0].district_id if to else None,
    }  # fmt: skip
    form = AnnouncementForm(actor, request.POST or None, instance=found, initial=begun)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.revise(
                    found, actor, form.cleaned_data["title"], form.said, form.addressees,
                    version=form.cleaned_data["version"] or 0,
                )  # fmt: skip
            except (PingjiangError, ValidationError) as error:
                form.add_error(None, _why(error))
                status = _status(error)
            else:
                return HttpResponseRedirect(reverse("announcement", args=[pk]))
    return render(request, "announcements/edit.html", {"form": form, "case": case}, status=status)


@_for_actor
def announcement(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """An announcement: what it says, its papers and files, what may be done."""
    found = access.find(actor, Announcement, case_id=pk)
    context = {
        "announcement": found,
        "kind": _said(ANNOUNCEMENT_KINDS[found.kind]),
        "to": [_said(KINDS[each.kind]) for each in found.addressees.all()],
        "papers": [(paper, _said(papers.STANDINGS[papers.standing(paper)])) for paper in _papers(actor, found)],
        "questions": access.visible_to(actor, Question).filter(announcement=found).select_related("case")[:_PAGE],
        "may_ask": _may_ask(actor, found),
    }  # fmt: skip
    return _case_page(request, actor, found.case, "announcements/announcement.html", context)


def _papers(actor: Actor, found: Announcement) -> QuerySet[Paper]:
    return access.visible_to(actor, Paper).filter(case=found.case)


@_for_actor
def question(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """A question: its answers, its time, what may be done."""
    found = access.find(actor, Question, case_id=pk)
    running = found.case.clocks.filter(ended_on__isnull=True).first()
    context = {
        "question": found,
        "replies": found.replies.select_related("by__organisation", "by__user"),
        "reading": clocks.read(running) if running else None,
    }
    return _case_page(request, actor, found.case, "announcements/question.html", context)


def _case_page(
    request: HttpRequest, actor: Actor, case: Case, template: str, context: dict[str, Any]
) -> HttpResponseBase:
    """The page of a case: its moves; a POST makes one, or puts a file into it."""
    workflow = casework.workflow_of(case)
    here = access.parties(actor, case)
    moves = workflow.open_to(case.state, here)
    form, problem, status = MoveForm(actor, initial={"version": case.version}), "", 200
    if request.method == "POST":
        form = MoveForm(actor, request.POST)
        try:
            done = _handed_in(request, actor, case) if "file" in request.FILES else _moved(form, actor, case)
        except (PingjiangError, ValidationError) as error:
            problem, status = _why(error), _status(error)
        else:
            messages.success(request, done)
            seen = access.visible_to(actor, Case).filter(pk=case.pk).exists()
            return HttpResponseRedirect(request.path if seen else reverse("announcements"))
    edits = _may_edit(actor, case)
    shown = {
        "case": case, "state": _state(case), "moves": [(move, _said(move.label)) for move in moves], "form": form,
        "wants": _wants(moves), "problem": problem, "edits": edits, "file_form": FileForm() if edits else None,
        "documents": access.visible_to(actor, Document).filter(case=case).prefetch_related("versions"),
        "history": case.events.select_related("actor").order_by("-number")[:50],
    }  # fmt: skip
    return render(request, template, {**context, **shown}, status=status)


def _wants(moves: list[Move]) -> set[str]:
    """Which fields beside the opinion these moves take."""
    names = {move.name for move in moves}
    fields = {"answer": "text", "assign": "to", "reassign": "to", "hand_on": "to_organisation"}
    return {field for name, field in fields.items() if name in names}


def _moved(form: MoveForm, actor: Actor, case: Case) -> str:
    if not form.is_valid():
        raise ValidationError([text for texts in form.errors.values() for text in texts])
    sent = form.cleaned_data
    given = {name: sent[name] for name in ("text", "to", "to_organisation") if sent[name]}
    casework.perform(
        case, sent["move"], actor, sent["note"], version=sent["version"], request=sent["request"], given=given
    )  # fmt: skip
    move = casework.workflow_of(case).move(sent["move"])
    return _("已办理：%(move)s") % {"move": _said(move.label) if move else ""}


def _handed_in(request: HttpRequest, actor: Actor, case: Case) -> str:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise ValidationError([text for texts in form.errors.values() for text in texts])
    file = form.cleaned_data["file"]
    version = shelf.add(case, actor, file.chunks(), file.name, request=form.cleaned_data["request"])
    return _("已收下：%(name)s") % {"name": version.file_name}


@_for_actor
def ask(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """A question on an announcement."""
    found = access.find(actor, Announcement, case_id=pk)
    if not _may_ask(actor, found):
        raise Http404
    form, status = QuestionForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            sent = form.cleaned_data
            try:
                made = service.ask(found, actor, sent["title"], sent["text"], request=sent["request"])
            except (PingjiangError, ValidationError) as error:
                form.add_error(None, _why(error))
            else:
                return HttpResponseRedirect(reverse("question", args=[made.case_id]))
    return render(request, "announcements/ask.html", {"form": form, "announcement": found}, status=status)


@login_not_required
@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """Announcements that are meant for everybody."""
    rows = own.public().select_related("case__owner").order_by("-published_on", "-pk")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(request, "announcements/public_list.html", {"page": page})


@login_not_required
@require_GET
def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them."""
    found, paper = _public(pk)
    return render(request, "announcements/public.html", {"announcement": found, "paper": paper})


@login_not_required
@require_GET
def public_paper(request: HttpRequest, pk: int) -> FileResponse:
    """Its paper as PDF."""
    found, paper = _public(pk)
    if paper is None:
        raise Http404
    return hand_out(paper.pdf, f"{found.case.title}.pdf")


def _public(pk: int) -> tuple[Announcement, Paper | None]:
    found = own.public().filter(case_id=pk).select_related("case__owner").first()
    if found is None:
        raise Http404
    return found, Paper.objects.filter(case=found.case, name=PAPER, recall__isnull=True).first()
