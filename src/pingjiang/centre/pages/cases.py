"""A case as a page: its canal (the process bar), the opinion box, its history.

Every workflow has a page by this; an app whose cases need more registers its own (places.py) and uses the same parts.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, service, tasks
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Move, Refused, Workflow
from pingjiang.centre.pages import desk, finding
from pingjiang.centre.pages.lists import Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.places import case_url
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import named, refusal, said

_STEPS = 8  # more would not be read
NOTE_LENGTH = 500


@dataclass(frozen=True)
class Step:
    """A bridge over the canal. `status` is 'done', 'now' or 'future'; `official` where an official act leads here."""

    label: str
    status: str
    official: bool
    on: datetime.date | None = None
    by: str = ""


def main_way(workflow: Workflow) -> list[str]:
    """States from the first on by the first positive move out of each, until an end or a state that stood before."""
    way = [workflow.initial]
    while True:
        onward = [move.target for move in workflow.moves if move.positive and way[-1] in move.sources]
        fresh = [target for target in onward if target not in way]
        if not fresh:
            return way
        way.append(fresh[0])


def canal(workflow: Workflow, state: str, events: Sequence[Event]) -> list[Step]:
    """The process bar: the main way, what was done of it with day and organisation, and where the case stands.

    `events` are the case's, the earliest first. A state beside the main way stands behind the steps that led to it.
    """
    way = main_way(workflow)
    entered = _entered(events)
    if state in way:
        shown, here = way, way.index(state)
    else:
        passed = [name for name in way if name in entered or name == workflow.initial]
        shown, here = [*passed, state], len(passed)
    official = {move.target for move in workflow.moves if move.official}
    steps = []
    for index, name in enumerate(shown):
        status = "now" if index == here else "done" if index < here else "future"
        event = entered.get(name) if index <= here else None
        steps.append(_step(workflow, name, status, name in official, event))
    return _near(steps, here)


def _step(workflow: Workflow, name: str, status: str, official: bool, event: Event | None) -> Step:
    label = said(workflow.state(name).label)
    if event is None:
        return Step(label, status, official)
    place = event.membership.organisation if event.membership else None
    return Step(label, status, official, timezone.localtime(event.at).date(), named(place))


def _entered(events: Sequence[Event]) -> dict[str, Event]:
    """State → the last event that led into it. A move that stays where the case stands leads nowhere."""
    found = {}
    for event in events:
        state = json.loads(event.after).get("state")
        if state and state != json.loads(event.before).get("state"):
            found[state] = event
    return found


def _near(steps: list[Step], here: int) -> list[Step]:
    if len(steps) <= _STEPS:
        return steps
    start = min(max(0, here - _STEPS // 2), len(steps) - _STEPS)
    return steps[start : start + _STEPS]


@dataclass
class Opinion:
    """The opinion box: the moves open to an actor, the negative first, and what became of the one that was sent."""

    case: Case
    moves: list[Move]
    request: uuid.UUID = field(default_factory=uuid.uuid4)
    note: str = ""
    problem: str = ""
    stale: bool = False
    confirm: Move | None = None
    event: Event | None = None

    @property
    def needs_note(self) -> bool:
        """Whether one of the moves wants a reason."""
        return any(move.note == "required" for move in self.moves)

    @property
    def takes_note(self) -> bool:
        """Whether any of the moves takes one."""
        return any(move.note != "none" for move in self.moves)

    @property
    def buttons(self) -> list[tuple[Move, str]]:
        """The moves with how each is drawn: see `look_of`."""
        workflow = service.workflow_of(self.case) if self.case.pk else None
        return [(move, look_of(move, workflow)) for move in self.moves]

    @property
    def status(self) -> int:
        """Of the answer: 200, 409 where the case has moved on, 422 where a rule said no."""
        return 409 if self.stale else 422 if self.problem else 200


def look_of(move: Move, workflow: Workflow | None) -> str:
    """The class of a move's button: official red, onward, an end that nobody wants, or plain where it goes back."""
    if move.official:
        return "act"
    if move.positive:
        return "pri"
    return "stop" if workflow is None or workflow.state(move.target).end else ""


def opinion(request: ActorRequest, case: Case, given: Mapping[str, Any] | None = None) -> Opinion:
    """The box for a case; where the request is a POST from it, the move is made or the box says why not.

    A move that is an official act is asked once more before it is made. What was typed is kept in every case. `given`
    is what the move is handed beside the opinion.
    """
    workflow = service.workflow_of(case)
    box = Opinion(case, workflow.open_to(case.state, access.parties(request.actor, case)))
    if request.method == "POST" and "move" in request.POST:
        _act(request, case, box, given)
    return box


def _act(request: ActorRequest, case: Case, box: Opinion, given: Mapping[str, Any] | None) -> None:
    box.note = request.POST.get("note", "").strip()
    name = request.POST["move"]
    move = next((each for each in box.moves if each.name == name), None)
    sent = click_of(request)
    version = request.POST.get("version", "")
    if len(box.note) > NOTE_LENGTH:
        box.problem = _("意见超过 %(limit)s 字，多出 %(over)s 字") % {
            "limit": NOTE_LENGTH, "over": len(box.note) - NOTE_LENGTH,
        }  # fmt: skip
        return
    if move is not None and move.official and request.POST.get("confirmed") != name:
        if move.note == "required" and not box.note:
            box.problem = _("“%(move)s”须填写意见") % {"move": said(move.label)}
        else:
            box.confirm, box.request = move, sent or box.request
        return
    try:
        box.event = service.perform(
            case, name, request.actor, box.note, version=int(version) if version.isdecimal() else None, request=sent,
            given=given,
        )  # fmt: skip
    except service.Stale as error:
        box.problem, box.stale = refusal(error), True
    except Refused as error:
        box.problem = refusal(error)


def click_of(request: HttpRequest) -> uuid.UUID | None:
    """The name of the click that a form was sent with: the same one twice is done once. None where it has none."""
    try:
        return uuid.UUID(request.POST.get("request", ""))
    except ValueError:
        return None


def after_move(request: HttpRequest, actor: Actor, case: Case, event: Event) -> HttpResponseRedirect:
    """Say what was done, and go back to the case, or to the desk where the actor no longer sees it."""
    workflow = service.workflow_of(case)
    move = workflow.move(json.loads(event.after)["move"])
    messages.success(request, _("已办理：%(move)s") % {"move": said(move.label) if move else ""})
    seen = access.visible_to(actor, Case).filter(pk=case.pk).exists()
    return HttpResponseRedirect((case_url(case) if seen else None) or reverse("desk"))


@dataclass(frozen=True)
class Told:
    """An event as a line of the history."""

    event: Event
    what: str
    by: str


def history_of(actor: Actor, case: Case) -> list[Event]:
    """The events of a case that an actor reads, the earliest first."""
    return list(history.read_by(actor, case).select_related("actor", "membership__organisation"))


def told(workflow: Workflow, events: Sequence[Event]) -> list[Told]:
    """Events as lines, the last first."""
    return [Told(event, _what(workflow, event), _by(event)) for event in reversed(events)]


def _what(workflow: Workflow, event: Event) -> str:
    if event.kind == "move":
        move = workflow.move(json.loads(event.after).get("move", ""))
        return said(move.label) if move else event.kind
    words = {
        "open": _("立卷"),
        "clock started": _("期限开始"),
        "clock paused": _("期限中止"),
        "clock resumed": _("期限恢复"),
        "clock extended": _("期限延长"),
        "clock ended": _("期限结束"),
        "task given": _("交办"),
        "task done": _("事项办结"),
        "task put off": _("事项延期"),
        "overdue": _("逾期提醒"),
        "document added": _("收下附件"),
        "malware refused": _("拒收含恶意程序的文件"),
        "paper issued": _("生成文书"),
        "paper recalled": _("撤回文书"),
        "handed on": _("转办"),
        "announcement revised": _("修改内容"),
        "notice sent again": _("重发通知"),
        "account opened": _("开立账户"),
        "account closed": _("关闭账户"),
        "journal": _("记账"),
        "fact told": _("登记事实"),
        "fact withdrawn": _("撤回事实"),
    }
    own = _named.get(event.kind)
    return said(own) if own is not None else words.get(event.kind, event.kind)


_named: dict[str, tuple[str, str]] = {}


def name_event(kind: str, words: tuple[str, str]) -> None:
    """Say how a kind of event of an app is called in the history of its cases."""
    _named[kind] = words


def _by(event: Event) -> str:
    if event.actor is None:
        return _("系统")
    place = named(event.membership.organisation) if event.membership else ""
    return f"{event.actor.name} · {place}" if place else event.actor.name


@for_actor
def case_page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The page of a case whose workflow has none of its own."""
    case = access.find(request.actor, Case, pk=pk)
    box = opinion(request, case)
    if box.event is not None:
        return after_move(request, request.actor, case, box.event)
    workflow = service.workflow_of(case)
    events = history_of(request.actor, case)
    request.synthetic = case.synthetic
    context = {
        "case": case,
        "state": state_mark(workflow, case.state),
        "workflow": said(workflow.label),
        "steps": canal(workflow, case.state, events),
        "history": told(workflow, events),
        "opinion": box,
        "running": [line for line in desk.running(request.actor) if line.clock.case_id == case.pk],
    }
    return render(request, "pages/case.html", context, status=box.status)


_ENDS = {"good": "ok", "bad": "bad", "neither": "none"}


def state_mark(workflow: Workflow, state: str) -> Marked:
    """A state as a mark: an end holds where it is good news, the first is hollow, all else is under way."""
    found = workflow.state(state)
    kind = _ENDS[found.news] if found.end else "none" if state == workflow.initial else "run"
    return Marked(said(found.label), kind)


def _case_columns() -> list[Column]:
    return [
        Column("title", gettext_lazy("案件"), _title, sort="title", fixed=True),
        Column("number", gettext_lazy("编号"), lambda case: case.number, sort="number", code=True),
        Column("workflow", gettext_lazy("业务"), lambda case: said(service.workflow_of(case).label), sort="workflow"),
        Column("state", gettext_lazy("状态"), lambda case: state_mark(service.workflow_of(case), case.state)),
        Column("owner", gettext_lazy("单位"), lambda case: named(case.owner), sort="owner__name_zh"),
        Column("opened", gettext_lazy("立卷"), lambda case: case.opened_at, sort="opened_at"),
        Column("closed", gettext_lazy("办结"), lambda case: case.closed_at, sort="closed_at", shown=False),
    ]


def _title(case: Case) -> Linked:
    return Linked(case.title, case_url(case))


def _open(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    return rows.filter(closed_at__isnull=value == "yes")


def _words(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    return rows.filter(Q(title__icontains=words) | Q(number__icontains=words) | Q(owner__name_zh__icontains=words))


@require_GET
@for_actor
def cases(request: ActorRequest) -> HttpResponseBase:
    """All cases that the actor sees, whatever their workflow: what the search field of the top bar finds first."""
    listing = Listing(
        request,
        access.visible_to(request.actor, Case).select_related("owner"),
        _case_columns(),
        name="cases",
        order="-opened",
        filters=[
            Filter("open", gettext_lazy("办理"), [("yes", gettext_lazy("在办")), ("no", gettext_lazy("已办结"))], _open)
        ],
        search=Search(gettext_lazy("名称、编号、单位"), _words),
        empty=gettext_lazy("有案件送到您这里，或由您立卷后，列在这里。"),
    )
    context = {"title": _("案件"), "words": listing.words, "ways": finding.ways_of(request.actor, listing.words)}
    return listing.answer("pages/find.html", context)


@require_GET
@for_actor
def todo(request: ActorRequest) -> HttpResponseBase:
    """All open tasks of the actor."""
    listing = Listing(
        request,
        tasks.open_for(request.actor),
        [
            Column("label", gettext_lazy("事项"), desk.task_cell, fixed=True),
            Column("case", gettext_lazy("案件"), lambda task: task.case.title, sort="case__title"),
            Column("from", gettext_lazy("单位"), lambda task: named(task.case.owner), sort="case__owner__name_zh"),
            Column("since", gettext_lazy("交办"), lambda task: task.created_at, sort="created_at"),
            Column("due", gettext_lazy("截止"), lambda task: task.due_on, sort="due_on"),
            Column("left", gettext_lazy("剩余工作日"), desk.left_cell, number=True),
        ],
        name="tasks",
        order="due",
        filters=[
            Filter(
                "due",
                gettext_lazy("期限"),
                [
                    ("late", gettext_lazy("逾期")),
                    ("week", gettext_lazy("本周到期")),
                    ("none", gettext_lazy("无期限")),
                ],
                desk.due_filter,
            )
        ],
        empty=gettext_lazy("有事项交办给您时，列在这里。"),
        synthetic_of=lambda task: task.case.synthetic,
    )
    return listing.answer("pages/list.html", {"title": _("待办")})
