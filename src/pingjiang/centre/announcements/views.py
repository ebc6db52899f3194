"""Pages of this app. Each starts from what the actor sees."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import KINDS
from pingjiang.centre.announcements import access as own
from pingjiang.centre.announcements import service
from pingjiang.centre.announcements.effects import PAPER
from pingjiang.centre.announcements.forms import AnnouncementForm, FileForm, MoveForm, QuestionForm, stored
from pingjiang.centre.announcements.models import ANNOUNCEMENT_KINDS, Announcement, Question
from pingjiang.centre.announcements.rules import APPROVERS, DESK, STAFF, complete
from pingjiang.centre.announcements.workflow import ANNOUNCEMENT, CONSULTATION
from pingjiang.centre.casework import access, clocks
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Move, Workflow
from pingjiang.centre.documents import papers, shelf
from pingjiang.centre.documents.models import Document, Paper
from pingjiang.centre.documents.views import hand_out
from pingjiang.centre.pages.cases import canal, history_of, look_of, state_mark, told
from pingjiang.centre.pages.lists import Column, Filter, Linked, Listing, Search
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import is_english, named, refusal, said
from pingjiang.errors import PingjiangError

_PAGE = 20


def _why(error: PingjiangError | ValidationError) -> str:
    """What an error says, in the language of the page where it has both."""
    return "；".join(error.messages) if isinstance(error, ValidationError) else refusal(error)


def _status(error: Exception) -> int:
    return 409 if isinstance(error, casework.Stale) else 422


def _state_filter(workflow: Workflow) -> Filter:
    choices = [(state.name, state.label) for state in workflow.states]
    return Filter("state", gettext_lazy("状态"), choices, lambda rows, value: rows.filter(case__state=value))


def _state(row: Announcement | Question) -> Any:
    return state_mark(casework.workflow_of(row.case), row.case.state)


@require_GET
@for_actor
def announcements(request: ActorRequest) -> HttpResponse:
    """Announcements that the actor sees, the latest first."""
    listing = Listing(
        request,
        access.visible_to(request.actor, Announcement).select_related("case__owner"),
        [
            Column(
                "title", gettext_lazy("标题"),
                lambda row: Linked(row.case.title, reverse("announcement", args=[row.case_id])), sort="case__title",
                fixed=True,
            ),
            Column("kind", gettext_lazy("种类"), lambda row: said(ANNOUNCEMENT_KINDS[row.kind]), sort="kind"),
            Column("owner", gettext_lazy("发布单位"), lambda row: named(row.case.owner), sort="case__owner__name_zh"),
            Column("state", gettext_lazy("状态"), _state),
            Column("published", gettext_lazy("发布日期"), lambda row: row.published_on, sort="published_on"),
            Column("opened", gettext_lazy("立卷"), lambda row: row.case.opened_at, sort="case__opened_at", shown=False),
        ],
        name="announcements", order="-opened", filters=[_state_filter(ANNOUNCEMENT)],
        search=Search(gettext_lazy("标题、正文"), _titles_and_texts),
        empty=gettext_lazy("有通知发给您时，列在这里。"), synthetic_of=lambda row: row.case.synthetic,
    )  # fmt: skip
    context = {"title": _("通知公告"), "may_publish": _may_publish(request.actor)}
    return listing.answer("announcements/announcements.html", context)


def _titles_and_texts(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    return rows.filter(Q(case__title__icontains=words) | Q(body__icontains=words))


@require_GET
@for_actor
def questions(request: ActorRequest) -> HttpResponse:
    """Questions that the actor sees, the latest first."""
    seen = access.visible_to(request.actor, Question)
    listing = Listing(
        request,
        seen.select_related("case__owner", "case__authority", "announcement__case"),
        [
            Column(
                "title", gettext_lazy("主题"),
                lambda row: Linked(row.case.title, reverse("question", args=[row.case_id])), sort="case__title",
                fixed=True,
            ),
            Column("about", gettext_lazy("通知"), lambda row: row.announcement.case.title),
            Column("owner", gettext_lazy("咨询单位"), lambda row: named(row.case.owner), sort="case__owner__name_zh"),
            Column("desk", gettext_lazy("承办单位"), lambda row: named(row.case.authority)),
            Column("state", gettext_lazy("状态"), _state),
            Column("opened", gettext_lazy("提出"), lambda row: row.case.opened_at, sort="case__opened_at"),
        ],
        name="questions", order="-opened", filters=[_state_filter(CONSULTATION)],
        search=Search(gettext_lazy("主题"), lambda rows, words: rows.filter(case__title__icontains=words)),
        empty=gettext_lazy("提出或收到咨询后，列在这里。"), synthetic_of=lambda row: row.case.synthetic,
    )  # fmt: skip
    return listing.answer("pages/list.html", {"title": _("咨询")})


def _may_edit(actor: Actor, case: Case) -> bool:
    return bool(casework.workflow_of(case).state(case.state).edits & access.parties(actor, case))


def _may_ask(actor: Actor, found: Announcement) -> bool:
    ours = actor.organisation == found.case.owner or actor.role == "steward"
    return found.case.state == "published" and not ours


def _may_publish(actor: Actor) -> bool:
    return actor.role in STAFF | APPROVERS and actor.organisation.kind in DESK


@for_actor
def draft(request: ActorRequest) -> HttpResponseBase:
    """A new announcement."""
    actor = request.actor
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
    return render(request, "announcements/edit.html", {"form": form, "back": reverse("announcements")}, status=status)


@for_actor
def edit(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A draft, to be changed. What was typed is kept where somebody else was quicker."""
    actor = request.actor
    found = access.find(actor, Announcement, case_id=pk)
    case = found.case
    if not _may_edit(actor, case):
        raise Http404
    # Saving asks for no more than a title; what review would refuse is told here.
    context = {"case": case, "back": reverse("announcement", args=[pk]), "open": complete(case, {})}
    form = AnnouncementForm(actor, request.POST or None, instance=found, initial=stored(found))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.revise(
                    found, actor, form.cleaned_data["title"], form.said, form.addressees,
                    version=form.cleaned_data["version"] or 0,
                )  # fmt: skip
            except casework.Stale:
                form.set_beside(Announcement.objects.select_related("case").get(pk=found.pk))
                form.add_error(None, _("另一处已存了这份稿子，不同之处列在各栏下。再次保存即以本页为准。"))
                status = 409
            except (PingjiangError, ValidationError) as error:
                form.add_error(None, _why(error))
            else:
                return HttpResponseRedirect(reverse("announcement", args=[pk]))
    return render(request, "announcements/edit.html", {"form": form, **context}, status=status)


@for_actor
def announcement(request: ActorRequest, pk: int) -> HttpResponseBase:
    """An announcement: what it says, its papers and files, what may be done."""
    actor = request.actor
    found = access.find(actor, Announcement, case_id=pk)
    context = {
        "announcement": found,
        "kind": said(ANNOUNCEMENT_KINDS[found.kind]),
        "to": _whom(found),
        "papers": [(paper, said(papers.STANDINGS[papers.standing(paper)])) for paper in _papers(actor, found)],
        "questions": access.visible_to(actor, Question).filter(announcement=found).select_related("case")[:_PAGE],
        "may_ask": _may_ask(actor, found),
    }  # fmt: skip
    return _case_page(request, found.case, "announcements/announcement.html", context)


def _whom(found: Announcement) -> list[str]:
    """Whom it addresses, a kind a text: of all the city, or of some districts."""
    places: dict[str, list[str]] = {}
    for each in found.addressees.select_related("district").order_by("pk"):
        places.setdefault(each.kind, []).extend([named(each.district)] if each.district else [])
    between = "、" if not is_english() else ", "
    return [
        f"{said(KINDS[kind])}（{between.join(names)}）" if names else said(KINDS[kind])
        for kind, names in places.items()
    ]  # fmt: skip


def _papers(actor: Actor, found: Announcement) -> QuerySet[Paper]:
    return access.visible_to(actor, Paper).filter(case=found.case)


@for_actor
def question(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A question: its answers, its time, what may be done."""
    actor = request.actor
    found = access.find(actor, Question, case_id=pk)
    running = found.case.clocks.filter(ended_on__isnull=True).first()
    context = {
        "question": found,
        "replies": found.replies.select_related("by__organisation", "by__user"),
        "reading": clocks.read(running) if running else None,
    }
    return _case_page(request, found.case, "announcements/question.html", context)


def _case_page(request: ActorRequest, case: Case, template: str, context: dict[str, Any]) -> HttpResponseBase:
    """The page of a case: its moves; a POST makes one, or puts a file into it. An official act is asked once more."""
    actor, workflow = request.actor, casework.workflow_of(case)
    moves = workflow.open_to(case.state, access.parties(actor, case))
    form, problem, status, confirm = MoveForm(actor, initial={"version": case.version}), "", 200, None
    if request.method == "POST":
        form = MoveForm(actor, request.POST)
        confirm = _to_confirm(request, moves)
        try:
            done = None if confirm else _done(request, form, case)
        except (PingjiangError, ValidationError) as error:
            problem, status = _why(error), _status(error)
        else:
            if done is not None:
                messages.success(request, done)
                seen = access.visible_to(actor, Case).filter(pk=case.pk).exists()
                return HttpResponseRedirect(request.path if seen else reverse("announcements"))
    request.synthetic = case.synthetic
    events = history_of(actor, case)
    edits = _may_edit(actor, case)
    shown = {
        "case": case, "state": state_mark(workflow, case.state), "steps": canal(workflow, case.state, events),
        "history": told(workflow, events), "moves": moves, "form": form,
        "buttons": [(move, look_of(move, workflow)) for move in moves], "wants": _wants(moves), "problem": problem,
        "confirm": confirm, "edits": edits, "file_form": FileForm() if edits else None,
        "documents": access.visible_to(actor, Document).filter(case=case).prefetch_related("versions"),
    }  # fmt: skip
    return render(request, template, {**context, **shown}, status=status)


def _to_confirm(request: ActorRequest, moves: list[Move]) -> Move | None:
    """The official act that was chosen and not yet confirmed."""
    name = request.POST.get("move", "")
    official = next((move for move in moves if move.name == name and move.official), None)
    return None if request.POST.get("confirmed") == name else official


def _done(request: ActorRequest, form: MoveForm, case: Case) -> str:
    actor = request.actor
    return _handed_in(request, actor, case) if "file" in request.FILES else _moved(form, actor, case)


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
    return _("已办理：%(move)s") % {"move": said(move.label) if move else ""}


def _handed_in(request: HttpRequest, actor: Actor, case: Case) -> str:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise ValidationError([text for texts in form.errors.values() for text in texts])
    file = form.cleaned_data["file"]
    version = shelf.add(case, actor, file.chunks(), file.name, request=form.cleaned_data["request"])
    return _("已收下：%(name)s") % {"name": version.file_name}


@for_actor
def ask(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A question on an announcement."""
    actor = request.actor
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
    found = access.one(own.public().select_related("case__owner"), case_id=pk)
    return found, Paper.objects.filter(case=found.case, name=PAPER, recall__isnull=True).first()
