"""Decisions: their list, beginning one, and the page of the pack with what is proposed, entered and decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access
from pingjiang.centre.casework import service as casework
from pingjiang.centre.jobs.models import Job
from pingjiang.centre.pages.cases import Opinion, after_move, click_of, opinion
from pingjiang.centre.pages.lists import Column, Linked, Listing, Marked, Search
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.deciding import effects, letters, rules, sums
from pingjiang.centre.programme.deciding.workflow import DECISION, LEADER, OFFICER
from pingjiang.centre.programme.forms.decisions import ROOM, entries_of, left_out_of, meeting_of
from pingjiang.centre.programme.models import (
    Application,
    Decision,
    DecisionItem,
    LeftOut,
    Objection,
    Verdict,
)
from pingjiang.centre.programme.models.decisions import VERDICTS, recused
from pingjiang.centre.programme.panels.scores import METHODS
from pingjiang.centre.programme.papers import decisions as texts
from pingjiang.centre.programme.review.results import METHOD_WORDS
from pingjiang.centre.programme.services import decisions, results
from pingjiang.centre.programme.views.shared import case_parts, state_filter, state_of, status_of, why
from pingjiang.errors import PingjiangError

_PROPOSED = {
    "approve": ("支持", "Support"), "amend": ("调整", "Amend"), "defer": ("缓议", "Defer"),
    "reject": ("不予", "Reject"),
}  # fmt: skip
_STANDINGS = {
    "in": (("稳入", "Firmly in"), "ok"), "borderline": (("临界", "Borderline"), "warn"),
    "out": (("稳出", "Firmly out"), "none"),
}  # fmt: skip


@require_GET
@for_actor
def list_of_decisions(request: ActorRequest) -> HttpResponse:
    """Decisions that the actor sees, the latest first."""
    listing = Listing(
        request,
        access.visible_to(request.actor, Decision).select_related("case", "call__case"),
        [
            Column(
                "title", gettext_lazy("审定包"),
                lambda row: Linked(row.case.title, reverse("decision", args=[row.case_id])), sort="case__title",
                fixed=True,
            ),
            Column("number", gettext_lazy("编号"), lambda row: row.case.number, sort="case__number"),
            Column("track", gettext_lazy("类别"), lambda row: said(TRACKS[row.case.track]), sort="case__track"),
            Column("round", gettext_lazy("次"), lambda row: row.round, sort="round", number=True),
            Column("state", gettext_lazy("状态"), state_of),
            Column("until", gettext_lazy("公示至"), lambda row: row.notice_until, sort="notice_until"),
            Column("opened", gettext_lazy("立卷"), lambda row: row.case.opened_at, sort="case__opened_at"),
        ],
        name="decisions", order="-opened", filters=[state_filter(DECISION)],
        search=Search(gettext_lazy("标题"), lambda rows, words: rows.filter(case__title__icontains=words)),
        empty=gettext_lazy("评审封存、拟办审定包后，列在这里。"), synthetic_of=lambda row: row.case.synthetic,
    )  # fmt: skip
    primary = ("decision-new", _("拟审定包")) if decisions.may_prepare(request.actor) else None
    return listing.answer("pages/list.html", {"title": _("审定与公示"), "primary": primary})


@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A pack: money, rows, meeting, and what may be done. What was typed is saved with each button."""
    actor = request.actor
    found = access.find(actor, Decision, case_id=pk)
    side = _side(request, found)
    problem, status = "", 200
    if request.method == "POST" and side and not _done(request, found):
        try:
            saved = _saved(request, found, side)
        except (PingjiangError, ValidationError) as error:
            problem, status = why(error), status_of(error)
        else:
            if "move" not in request.POST:
                messages.success(request, saved)
                return HttpResponseRedirect(request.path)
            found = access.find(actor, Decision, case_id=pk)
    case = found.case
    box = opinion(request, case) if not problem else _as_it_was(request, case, problem)
    if box.event is not None:
        return after_move(request, actor, case, box.event)
    request.synthetic = case.synthetic
    context = {**case_parts(actor, case, box), **_shown(request, found, side, typed=bool(problem))}
    return render(request, "programme/decision.html", context, status=status if problem else box.status)


def _letters_job(actor: Actor, found: Decision) -> Job | None:
    """The job that sends the letters of a list, to who may look at it."""
    if found.case.state != "final":
        return None
    return (
        access.visible_to(actor, Job).filter(kind=effects.LETTERS, arguments__decision=found.pk).order_by("-pk").first()
    )


def _side(request: ActorRequest, found: Decision) -> str:
    """Whose entries are open to this actor: the office's, the meeting's, or nobody's."""
    parties = access.parties(request.actor, found.case)
    if OFFICER in parties and found.case.state == "drafting":
        return OFFICER
    return LEADER if LEADER in parties and found.case.state == "tabled" else ""


def _done(request: ActorRequest, found: Decision) -> bool:
    """Whether this click was carried out before."""
    sent = click_of(request)
    return casework.done_by(sent, "move", request.actor, found.case) is not None


def _as_it_was(request: ActorRequest, case: Any, problem: str) -> Opinion:
    """The box where what was typed could not be saved: nothing was moved."""
    moves = casework.workflow_of(case).open_to(case.state, access.parties(request.actor, case))
    return Opinion(case, moves, note=request.POST.get("note", ""), problem=problem)


def _saved(request: ActorRequest, found: Decision, side: str) -> str:
    """Keep what was typed, and go on with the version that this makes."""
    post, items = request.POST, sums.standing(found)
    version = int(post["version"]) if post.get("version", "").isdecimal() else None
    if post.get("act") == "renew":
        decisions.renew(found, request.actor, version=version)
        return _("已按现行评审结果更新")
    if post.get("act") == "rank":
        decisions.rank_by(found, request.actor, post.get("method", ""), post.get("why-method", ""), version=version)
        return _("已按所选方法排序")
    sent = entries_of(post, items)
    changed = False
    if side == OFFICER:
        if sent.wrong:
            raise ValidationError(sent.wrong)
        changed = decisions.propose(found, request.actor, sent.entries, left_out_of(post), version=version)
    else:
        meeting, wrong = meeting_of(post, found)
        if sent.wrong or wrong:
            raise ValidationError([*sent.wrong, *wrong])
        changed = decisions.enter(found, request.actor, sent.entries, meeting, version=version)
    if changed and version is not None:
        later = post.copy()
        later["version"] = str(version + 1)
        request.POST = later  # type: ignore[assignment]
    return _("已保存")


# ── what is shown


@dataclass
class Shown:
    """An item as a row: what the experts said, what is proposed, what is entered or decided."""

    item: DecisionItem
    result: Mapping[str, Any]
    ranks: str
    chance: int | None  # of 1,000, for the bar
    standing: Marked | None
    proposal: str
    proposed: Decimal | None
    kind: str
    amount: str  # typed, in ten thousand yuan
    reason: str
    conditions: str
    ranks_by: str
    verdict: Verdict | None
    given: Decimal | None
    verdict_word: str
    scores: Sequence[tuple[str, str]] = ()
    tied: bool = False
    crosses: bool = False
    gone: bool = False


def _shown(request: ActorRequest, found: Decision, side: str, *, typed: bool) -> dict[str, Any]:
    verdicts = {each.item_id: each for each in effects.verdicts_of(found)} if found.case.state != "tabled" else {}
    items = sums.read_items(found)
    rows = [_row(request, item, side, verdicts.get(item.pk), typed=typed) for item in items]
    kept = texts.results_of(found)
    _score(rows, kept)
    standing = [row for row in rows if not row.gone]
    room = sums.room(found)
    given, count = sums.total(row.given for row in standing)
    marks = [row.result["standing"] for row in standing]
    recusals = recused(found.recusals)
    meeting = found.sessions.first() if found.case.state not in ("drafting", "tabled") else None
    names = {item.pk: f"{item.position} {item.application.case.title}" for item in items}
    shown = meeting if meeting is not None else found
    return {
        "decision": found, "side": side, "rows": rows, "room": room, "given": given, "count": count,
        "left": room.budget - given, "line": _line(standing, room.budget), "kept": kept, "kinds": _kinds(side),
        "firm": [(said(words), kind, marks.count(name)) for name, (words, kind) in _STANDINGS.items()],
        "asked": sum((row.item.asked for row in standing), Decimal(0)),
        "match": sum((row.item.match or Decimal(0) for row in standing), Decimal(0)),
        "cap": sums.cap(found), "fits": given <= room.budget and count <= room.places,
        "meeting": shown, "members": _members(shown), "names": names,
        "recusals": [(row, names.get(row["item"], "")) for row in recused(shown.recusals)],
        "recusal_rows": _recusal_rows(request, recusals, typed=typed), "sent": request.POST if typed else {},
        "objections": access.visible_to(request.actor, Objection).filter(decision=found).select_related("case", "item"),
        "open_points": _open_points(found, side), "track": said(TRACKS[found.case.track]),
        "notice": found.case.state in ("publicity", "final"),
        "takes_paper": OFFICER in access.parties(request.actor, found.case),
        "decided_words": found.case.state != "drafting", **_ranking(found, kept, side),
        "letters_due": len(letters.due(found)), "letters_job": _letters_job(request.actor, found),
        "left_out": _left_out(request, found, side, typed=typed),
    }  # fmt: skip


def _ranking(found: Decision, kept: Mapping[str, Any], side: str) -> dict[str, Any]:
    """How the pack is ranked, and by what else it may be."""
    several = kept["panels"] > 1
    methods = [(name, said(METHOD_WORDS[name])) for name in results.methods_of(several)] if side == OFFICER else []
    scored = said(METHOD_WORDS[texts.scored_by(kept["method"])])
    return {"several": several, "method": said(METHOD_WORDS[kept["method"]]), "methods": methods, "scored": scored}


def _left_out(request: ActorRequest, found: Decision, side: str, *, typed: bool) -> list[tuple[Application, Any, str]]:
    """Applications of the track that are not in the pack, how each stands, and why: those named, and to who prepares
    it also those that still wait and are not named yet."""
    here = set(found.items.values_list("application", flat=True))
    rows = LeftOut.objects.filter(decision=found).select_related("application__case__owner")
    told = {row.application: row.reason for row in rows if row.application_id not in here}
    if side == OFFICER:
        sent = left_out_of(request.POST) if typed else {}
        for each in results.waiting(found.call, found.case.track):
            told[each] = sent.get(each.pk, told.get(each, ""))
    return [(each, state_of(each), reason) for each, reason in told.items()]


def _members(shown: Any) -> list[str]:
    return [line for line in shown.present.splitlines() if line.strip()]


def _kinds(side: str) -> list[tuple[str, str]]:
    words = _PROPOSED if side == OFFICER else VERDICTS
    return [(name, said(each)) for name, each in words.items()]


def _row(request: ActorRequest, item: DecisionItem, side: str, verdict: Verdict | None, *, typed: bool) -> Shown:
    result = texts.row_of(item)
    drafting = side == OFFICER or not (item.verdict or verdict)
    kind, amount, reason = (
        (item.proposal, item.proposed_amount, item.proposed_reason)
        if side == OFFICER
        else (item.verdict, item.amount, item.reason)
    )
    text, conditions = "" if amount is None else f"{amount / 10_000:.2f}", item.conditions
    post = request.POST
    if typed:
        kind, text, reason, conditions = (
            post.get(f"{name}-{item.pk}", "") for name in ("kind", "amount", "reason", "conditions")
        )
    ranks = result["ranks"]
    words = _STANDINGS.get(result["standing"])
    given = verdict.amount if verdict is not None else sums.proposed(item) if drafting else sums.entered(item)
    return Shown(
        item, result,
        "—" if not ranks else str(ranks[0]) if ranks[0] == ranks[1] else f"{ranks[0]} – {ranks[1]}",
        None if result["probability"] is None else int(Decimal(result["probability"]) * 10),
        Marked(said(words[0]), words[1]) if words else None, said(_PROPOSED[item.proposal]) if item.proposal else "—",
        sums.proposed(item), kind, text, reason, conditions, _ranks_by(result), verdict, given,
        said(VERDICTS[verdict.kind]) if verdict is not None else "", gone=item.application.case.state == "withdrawn",
    )  # fmt: skip


def _score(rows: Sequence[Shown], kept: Mapping[str, Any]) -> None:
    """What ranks them first, then the means and, of several panels, the z-score; and who shares a rank."""
    ranks = [row.result["rank"] for row in rows]
    shown = [texts.scored_by(kept["method"]), "mean", "trimmed", *(["z"] if kept["panels"] > 1 else [])]
    names = {name: said(METHOD_WORDS[name]) for name in shown}
    for row in rows:
        row.tied = row.result["rank"] is not None and ranks.count(row.result["rank"]) > 1
        row.scores = [(words, texts.number(row.result[name])) for name, words in names.items()]


def _ranks_by(result: Mapping[str, Any]) -> str:
    """The rank by each method."""
    by = result["by"]
    return " · ".join(f"{said(METHOD_WORDS[name])} {by[name] or '—'}" for name in METHODS if name in by)


def _recusal_rows(request: ActorRequest, kept: Sequence[Mapping[str, Any]], *, typed: bool) -> list[dict[str, Any]]:
    """Rows to type into: those that there are, and room for more."""
    rows = [dict(row) for row in kept]
    if typed and "member-0" in request.POST:
        post = request.POST
        rows = []
        while f"member-{len(rows)}" in post:
            n = len(rows)
            chosen = post.get(f"item-{n}", "")
            rows.append({
                "member": post[f"member-{n}"], "item": int(chosen) if chosen.isdecimal() else None,
                "reason": post.get(f"why-{n}", ""),
            })  # fmt: skip
        return rows
    return [*rows, *({"member": "", "item": None, "reason": ""} for _each in range(ROOM))]


@dataclass(frozen=True)
class Piece:
    """A piece of the money line, of 1,000 in width."""

    x: float
    width: float
    label: str
    amount: Decimal
    over: bool
    edge: bool

    @property
    def text_at(self) -> float:
        """Where its words begin."""
        return self.x + 6


def _line(rows: Sequence[Shown], budget: Decimal) -> dict[str, Any]:
    """What is asked, one after the other in the order of the pack, and where the money ends."""
    whole = max(sum((row.item.asked for row in rows), Decimal(0)), budget, Decimal(1))
    pieces, at, crossed = [], Decimal(0), False
    for row in rows:
        asked = row.item.asked
        over = at + asked > budget
        row.crosses = over and not crossed
        crossed = crossed or over
        pieces.append(
            Piece(
                float(at / whole * 1000), float(asked / whole * 1000), str(row.item.position), asked, over,
                row.result["standing"] == "borderline",
            )
        )  # fmt: skip
        at += asked
    return {"pieces": pieces, "budget": float(budget / whole * 1000)}


def _open_points(found: Decision, side: str) -> list[str]:
    """What keeps the next step from being made."""
    needs = {OFFICER: rules.PACK_WHOLE, LEADER: rules.DECIDED}.get(side, ())
    if found.case.state == "publicity":
        needs = rules.ISSUABLE
    told = [refused for need in needs if (refused := need.test(found.case, {})) is not None]
    return [said(each) for each in told]
