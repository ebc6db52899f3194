"""Panels: their list, making one up, conflicts, its page; the public list and the page that repeats a draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.pages.cases import after_move, opinion
from pingjiang.centre.pages.lists import Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import is_english, said
from pingjiang.centre.programme.forms.panels import ComposeForm, PanelNewForm, moment_of
from pingjiang.centre.programme.models import (
    Conflict,
    ConflictRuling,
    Expert,
    Panel,
    PanelEntry,
    Review,
    SupplementaryList,
)
from pingjiang.centre.programme.models.panels import RECUSALS
from pingjiang.centre.programme.panels.draw import Seats
from pingjiang.centre.programme.panels.draw_page import page as draw_page
from pingjiang.centre.programme.review import access as own
from pingjiang.centre.programme.review import conflicts, recusing, seating, told
from pingjiang.centre.programme.review.workflow import OFFICER, PANEL
from pingjiang.centre.programme.services import panels
from pingjiang.centre.programme.views.shared import case_parts, may_edit, state_filter, state_of, status_of, why
from pingjiang.errors import PingjiangError

_PAGE = 20
_READERS = frozenset({"programme_officer", "decision_maker", "steward"})


@require_GET
@for_actor
def list_of_panels(request: ActorRequest) -> HttpResponse:
    """Panels that the actor sees, the latest first."""
    if request.actor.role not in _READERS:
        raise Http404
    listing = Listing(
        request, access.visible_to(request.actor, Panel).select_related("case__owner", "call"),
        [
            Column("title", gettext_lazy("专家组"),
                   lambda row: Linked(row.case.title, reverse("panel", args=[row.case_id])), sort="case__title",
                   fixed=True),
            Column("number", gettext_lazy("编号"), lambda row: row.case.number, sort="case__number", code=True),
            Column("track", gettext_lazy("类别"), lambda row: said(TRACKS[row.case.track]), sort="case__track"),
            Column("year", gettext_lazy("年度"), lambda row: str(row.call.year), sort="call__year"),
            Column("state", gettext_lazy("状态"), state_of),
            Column("until", gettext_lazy("评审截止"), lambda row: row.reviews_until, sort="reviews_until"),
            Column("opened", gettext_lazy("立卷"), lambda row: row.case.opened_at, sort="case__opened_at"),
        ],
        name="panels", order="-opened", filters=[state_filter(PANEL), _track_filter()],
        search=Search(gettext_lazy("名称、编号"), _words), empty=gettext_lazy("组建专家组后，列在这里。"),
        synthetic_of=lambda row: row.case.synthetic,
    )  # fmt: skip
    primary = ("panel-new", _("组建专家组")) if request.actor.role == "programme_officer" else None
    return listing.answer("pages/list.html", {"title": _("专家组"), "primary": primary})


def _track_filter() -> Filter:
    choices = list(TRACKS.items())
    return Filter("track", gettext_lazy("类别"), choices, lambda rows, value: rows.filter(case__track=value))


def _words(rows: Any, words: str) -> Any:
    return rows.filter(case__title__icontains=words) | rows.filter(case__number__icontains=words)


@for_actor
def new(request: ActorRequest) -> HttpResponseBase:
    """A panel is begun."""
    actor = request.actor
    if actor.role != "programme_officer":
        raise Http404
    form, status = PanelNewForm(actor, request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            sent = form.cleaned_data
            row = form.rows[sent["of"]]
            try:
                made = panels.make_up(row.call, actor, row.track, sent["title"], request=sent["request"])
            except (PingjiangError, ValidationError) as error:
                form.add_error(None, why(error))
            else:
                return HttpResponseRedirect(reverse("panel-compose", args=[made.case_id]))
    return render(request, "programme/panel_new.html", {"form": form}, status=status)


@for_actor
def compose(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Whom a panel reviews, its seats, and its number. Http404 where it cannot be changed any more."""
    actor = request.actor
    found = access.find(actor, Panel, case_id=pk)
    if not may_edit(actor, found.case):
        raise Http404
    there = [row.application for row in found.entries.select_related("application__case__owner")]
    waiting = panels.waiting(actor, found.call, found.case.track)
    rows = sorted({each.pk: each for each in [*waiting, *there]}.values(), key=lambda each: each.case.number)
    form, status = ComposeForm(found, rows, seating.strata_of(found), request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                panels.compose(found, actor, form.composed, version=form.cleaned_data["version"])
            except (PingjiangError, ValidationError) as error:
                form.add_error(None, why(error))
                status = status_of(error)
            else:
                messages.success(request, _("已保存"))
                return HttpResponseRedirect(reverse("panel", args=[pk]))
    request.synthetic = found.case.synthetic
    rules = seating.rules_of(found)
    context = {"form": form, "case": found.case, "rules": rules, "quiet": not rows}
    return render(request, "programme/panel_compose.html", context, status=status)


@dataclass(frozen=True)
class Match:
    """A conflict as it is shown, with what was decided of it."""

    row: Conflict
    ground: Label
    mark: Marked
    ruling: ConflictRuling | None

    @property
    def reason(self) -> Label:
        """Why, in both languages."""
        return self.row.reason_zh, self.row.reason_en

    @property
    def source(self) -> Label:
        """From where, in both languages."""
        return self.row.source_zh, self.row.source_en


def matches_of(panel: Panel) -> list[Match]:
    """All conflicts of a panel: those that wait for a word first."""
    ruled, words = seating.rulings_of(panel), seating.grounds_of(panel)
    rows = panel.conflicts.select_related("expert__membership__user", "application__case__owner", "panel__case")
    found = []
    for row in rows:
        ruling = ruled.get(seating.key_of(row))
        mark = Marked(_("应当回避") if seating.keeps_off(panel) else _("不评该项"), "bad")
        if not row.certain and ruling is None:
            mark = Marked(_("待核"), "warn")
        elif not row.certain and ruling is not None and not ruling.excludes:
            mark = Marked(_("核定不回避"), "ok")
        found.append(Match(row, words.get(row.ground, (row.ground, row.ground)), mark, ruling))
    return sorted(found, key=lambda match: (match.mark.kind != "warn", match.row.expert.code))


@for_actor
def conflicts_page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Who has something to do with whom: look, and decide on what is not certain."""
    actor = request.actor
    found = access.find(actor, Panel, case_id=pk)
    problem, status = "", 200
    if request.method == "POST":
        try:
            done = _looked(request, found)
        except (PingjiangError, ValidationError) as error:
            problem, status = why(error), status_of(error)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(request.path)
    request.synthetic = found.case.synthetic
    context = {
        "case": found.case, "panel": found, "matches": matches_of(found), "problem": problem,
        "coverage": conflicts.coverage(found), "edits": may_edit(actor, found.case),
        "rules_on": OFFICER in access.parties(actor, found.case) and found.case.state in panels.RULED_IN,
        "candidates": len(seating.candidates(found)), "entries": found.entries.count(), **_sheets(found),
    }  # fmt: skip
    return render(request, "programme/panel_conflicts.html", context, status=status)


def _looked(request: ActorRequest, found: Panel) -> str:
    if request.POST.get("act") == "look":
        made = panels.look(found, request.actor)
        return _("查到 %(n)s 条") % {"n": len(made)}
    wanted = request.POST.get("conflict", "")
    row = access.find(request.actor, Conflict, pk=int(wanted) if wanted.isdecimal() else 0, panel=found)
    panels.rule(row, request.actor, excludes=request.POST.get("act") == "exclude",
                reason=request.POST.get("reason", ""))  # fmt: skip
    return _("已记结论")


@dataclass(frozen=True)
class Seat:
    """An expert on a panel as a line: where in the order, and how far with the review."""

    stratum: Label
    code: str
    place: int
    name: str
    review: Review | None
    mark: Marked | None


@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A panel: its list, its draw, who sits on it, how far they are. A POST makes a move."""
    actor = request.actor
    found = access.find(actor, Panel, case_id=pk)
    typed = {name: request.POST.get(name, "").strip() for name in ("number", "number_words", "due")}
    if request.POST.get("confirmed"):
        panels.prepare(found, actor, request.POST.get("move", ""))
    case = found.case
    box = opinion(request, case, {**typed, "due": moment_of(typed["due"])})
    if box.event is not None:
        return after_move(request, actor, case, box.event)
    request.synthetic = case.synthetic
    found = access.find(actor, Panel, case_id=pk)
    pending, vacant = (seating.pending(found), seating.vacant(found)) if found.public_number else (None, [])
    box.moves = [move for move in box.moves if _offered(move.name, pending, vacant)]
    entries = PanelEntry.objects.filter(panel=found).select_related("application__case__owner")
    context = {
        **case_parts(actor, case, box), "panel": found, "edits": may_edit(actor, case), "track": TRACKS[case.track],
        "entries": [(each.application, state_of(each.application), each.left_out) for each in entries],
        "strata": [(seating.strata_of(found)[each.stratum], each) for each in found.seats.all()],
        "matches": matches_of(found), "seats": _seats(found), "officer": OFFICER in access.parties(actor, case),
        "vacant": [(each, seating.by_name(found)[each.name][1]) for each in vacant],
        "pending": pending, "typed": typed, "extra": _extra({move.name for move in box.moves}),
        "drawn_from": pending or found, "supplements": list(found.supplements.all()),
        "coverage": [each for each in conflicts.coverage(found) if each.unknown], **_sheets(found),
    }  # fmt: skip
    return render(request, "programme/panel.html", context, status=box.status)


def _offered(move: str, pending: SupplementaryList | None, vacant: Sequence[Seats]) -> bool:
    """Whether a move of a supplementary list has anything to do: what has not is no button."""
    if move == "supplement":
        return pending is None and bool(vacant)
    return pending is not None if move in ("draw_supplement", "recall_supplement") else True


def _extra(moves: set[str]) -> str | None:
    """What the box asks beside the opinion."""
    if moves & {"draw", "draw_supplement"}:
        return "programme/parts/draw_number.html"
    return "programme/parts/supplement_number.html" if "supplement" in moves else None


def _sheets(panel: Panel) -> dict[str, Any]:
    """How interests are dealt with, and which applications may have too few sheets for it."""
    return {
        "recusal": RECUSALS[panel.recusal],
        "least_valid": recusing.least(panel),
        "prospects": recusing.prospects(panel) if panel.case.state in ("draft", "published") else [],
    }


def _seats(panel: Panel) -> list[Seat]:
    """Everybody in the order of the draw, as far as somebody was asked."""
    if not panel.public_number:
        return []
    reviews = {
        each.expert.code: each for each in panel.reviews.select_related("expert__membership__user", "case")
    }  # fmt: skip
    passed = {each.expert.code: each for each in panel.passed_over.select_related("expert__membership__user")}
    found = []
    words = seating.by_name(panel)
    for stratum in seating.drawn(panel).strata:
        for each in stratum.order:
            review, over = reviews.get(each.code), passed.get(each.code)
            expert: Expert | None = review.expert if review else over.expert if over else None
            if expert is not None:
                why_not = said(told.reason(panel, over.reason)) if over else ""
                mark = state_of(review) if review is not None else Marked(why_not, "bad")
                found.append(
                    Seat(words[stratum.name][1], each.code, each.place, expert.membership.user.name, review, mark)
                )
    return found


def draw_file(panel: Panel, of: Panel | SupplementaryList, name: str) -> HttpResponse:
    """The page that repeats a draw, filled in with a list of a panel and, once it is known, its number: a file to be
    saved."""
    codes = set(of.list_text.split("\n"))
    left = [each.code for each in seating.left(panel) if each.code in codes] if of.public_number else []
    made = HttpResponse(
        draw_page(of.list_text, of.list_hash, of.public_number, left), content_type="text/html; charset=utf-8"
    )
    made["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    made["Content-Security-Policy"] = "default-src 'none'; sandbox"
    made["X-Content-Type-Options"] = "nosniff"
    return made


@login_not_required
@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """Lists that were published, the latest first."""
    page = Paginator(own.public().order_by("-published_at", "-pk"), _PAGE).get_page(request.GET.get("page"))
    return render(request, "programme/public_panels.html", {"page": page})


@login_not_required
@require_GET
def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A published list: its text, its hash, its number, and in which order it is drawn."""
    found = access.one(own.public(), case_id=pk)
    supplements = list(found.supplements.all())
    texts = [found.list_text, *(each.list_text for each in supplements)]
    context = {
        "panel": found, "case": found.case, "track": TRACKS[found.case.track],
        "standing": told.standing(found) if found.public_number else (),
        "supplements": supplements, "words": told.words_of(found, *texts) if is_english() else (),
        "recusal": RECUSALS[found.recusal],
        "least_valid": recusing.least(found), "keeps_off": seating.keeps_off(found),
    }  # fmt: skip
    return render(request, "programme/public_panel.html", context)


@login_not_required
@require_GET
def public_draw(_request: HttpRequest, pk: int) -> HttpResponse:
    """The page of script with this list."""
    found = access.one(own.public(), case_id=pk)
    return draw_file(found, found, f"{found.case.number}-draw.html")


@login_not_required
@require_GET
def public_supplement(_request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The page of script with a supplementary list."""
    found = access.one(own.public(), case_id=pk)
    row = access.one(found.supplements.all(), number=number)
    return draw_file(found, row, f"{found.case.number}-draw-supplement-{number}.html")


def actor_sees_results(actor: Actor, panel: Panel) -> bool:
    """Whether the result of a panel may be shown to an actor: it is there, and they are of the bureau."""
    return panel.case.state == "locked" and actor.role in _READERS
