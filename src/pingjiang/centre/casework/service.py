"""perform(): the only door that changes a state. One transaction: lock, ask the workflow, write state and history."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.casework import access, history
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Move, Refused, Workflow

_workflows: dict[str, Workflow] = {}


class Stale(Refused):
    """The case has changed since it was read. What the user typed is kept by the page; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "stale", "这一件刚被别人改过，请看过新内容再办", "somebody changed this case: look at it again"
        )


def register(workflow: Workflow) -> Workflow:
    """Make a workflow known by its name."""
    if workflow.name in _workflows:
        raise RuntimeError(f"workflow {workflow.name} is registered already")
    _workflows[workflow.name] = workflow
    return workflow


def workflow_of(case: Case) -> Workflow:
    """The workflow on which a case runs."""
    return _workflows[case.workflow]


def workflow_named(name: str) -> Workflow:
    """A workflow by its name, for what opens cases as a consequence of another's move. KeyError where there is none."""
    return _workflows[name]


@transaction.atomic
def open_case(  # the first state is written here: same door
    workflow: Workflow,
    actor: Actor,
    *,
    number: str,
    title: str,
    owner: Organisation | None = None,
    authority: Organisation | None = None,
    track: str = "",
    request: uuid.UUID | None = None,
) -> Case:
    """Open a case in the first state. The same request twice opens one, also where both come at one instant."""
    if request is not None:
        history.lock()  # who comes second waits here, and finds what the first has done
    done = done_by(request, "open", actor)
    if done is not None and done.case is not None:
        return done.case
    case = Case(
        workflow=workflow.name, state=workflow.initial, number=number, title=title, track=track,
        owner=owner or actor.organisation, authority=authority, opened_by=actor.membership,
        synthetic=actor.organisation.synthetic,
    )  # fmt: skip
    case.full_clean()
    case.save(force_insert=True)
    history.write(
        "open", f"case:{case.pk}", actor=actor, case=case, after={"state": case.state, "title": title}, request=request
    )
    return case


@transaction.atomic
def perform(
    case: Case | int,
    move: str,
    actor: Actor,
    note: str = "",
    *,
    version: int | None = None,
    request: uuid.UUID | None = None,
    given: Mapping[str, Any] | None = None,
) -> Event:
    """Make a move. All of it happens, or nothing.

    `version` is that of the case as the actor saw it (Stale where it has moved on), `request` names the click: the same
    one twice is done once and gives the first event again. `given` is what the move was handed, for needs and effects.
    Http404 for a case that the actor does not see; Refused names the rule that says no.
    """
    case = lock(case)
    done = done_by(request, "move", actor, case)
    if done is not None:
        return done
    access.find(actor, Case, pk=case.pk)
    if version is not None and version != case.version:
        raise Stale
    workflow = workflow_of(case)
    chosen = workflow.check(case.state, move, access.parties(actor, case), note)
    given = given or {}
    _ask(case, workflow, chosen, given)
    return _make(case, workflow, chosen, actor, note, request, given)


@transaction.atomic
def perform_all(cases: Iterable[Case], move: str, actor: Actor, note: str = "") -> list[Event]:
    """One move of many cases of a workflow, as a consequence of another's: as perform() of each, all of it or nothing.

    The number of queries grows with the cases only where effects, or needs that have no word `of_many`, ask for each.
    Refused names the first case that a rule says no to.
    """
    chosen = {case.pk for case in cases}
    found = list(Case.objects.select_for_update().filter(pk__in=chosen).order_by("pk"))
    seen = access.visible_to(actor, Case).filter(pk__in=chosen).values("pk").distinct().count()
    if len(found) < len(chosen) or seen < len(chosen):
        raise Http404
    if not found:
        return []
    workflow = workflow_of(found[0])
    if any(case.workflow != workflow.name for case in found):
        raise ValueError("cases of one workflow move together")
    parties = access.parties_of_many(actor, workflow.name, found)
    made = {workflow.check(case.state, move, parties[case.pk], note) for case in found}.pop()
    history.lock()  # as in _ask: what needs say holds until the transaction ends
    for need in made.needs:
        if (refusal := need.refusal(found)) is not None:
            raise refusal
    return _make_all(found, workflow, made, actor, note)


def _make_all(cases: Sequence[Case], workflow: Workflow, move: Move, actor: Actor, note: str) -> list[Event]:
    closed_at = timezone.now() if workflow.state(move.target).end else None
    said = []
    for case in cases:
        before = {"state": case.state, "version": case.version}
        case.state, case.version, case.closed_at = move.target, case.version + 1, closed_at
        said.append((case, before, {"state": case.state, "version": case.version, "move": move.name}))
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(
        state=move.target, version=F("version") + 1, closed_at=closed_at
    )
    events = history.write_of_cases("move", said, actor=actor, note=note)
    for case, event in zip(cases, events, strict=True):
        for effect in move.then:
            effect(case=case, actor=actor, event=event, given={})
    return events


@transaction.atomic
def elapse(case: Case | int, move: str, party: str, note: str = "", *, request: uuid.UUID | None = None) -> Event:
    """Make a move that time makes, for a party that no person is: the event has no actor. Needs are asked as ever.

    Refused where the move is not this party's, or where a person could be it.
    """
    case = lock(case)
    done = done_by(request, "move", None, case)
    if done is not None:
        return done
    workflow = workflow_of(case)
    if not access.is_nobody(workflow, party):
        raise Refused("party", "这一步应由人办理", "this move is made by people")
    chosen = workflow.check(case.state, move, {party}, note)
    _ask(case, workflow, chosen, {})
    return _make(case, workflow, chosen, None, note, request, {})


def _ask(case: Case, workflow: Workflow, move: Move, given: Mapping[str, Any]) -> None:
    """Refused where a need says no. What it says holds until the transaction ends: no other move is made meanwhile.

    Cases that the move will move along are locked before the history, in one order: two who move at once wait for each
    other, and not for ever.
    """
    if workflow.along is not None:
        rows = Case.objects.select_for_update().filter(pk__in=list(workflow.along(case)))
        list(rows.order_by("pk").values_list("pk"))
    history.lock()
    for need in move.needs:
        refusal = need.test(case, given)
        if refusal is not None:
            raise Refused(need.name, *refusal, clause=need.clause)


def _make(
    case: Case,
    workflow: Workflow,
    move: Move,
    actor: Actor | None,
    note: str,
    request: uuid.UUID | None,
    given: Mapping[str, Any],
) -> Event:
    before = {"state": case.state, "version": case.version}
    case.state = move.target
    case.version += 1
    case.closed_at = timezone.now() if workflow.state(move.target).end else None
    case.save(update_fields=["state", "version", "closed_at"])
    event = history.write(
        "move",
        f"case:{case.pk}",
        actor=actor,
        case=case,
        before=before,
        after={"state": case.state, "version": case.version, "move": move.name},
        note=note,
        request=request,
    )
    for effect in move.then:
        effect(case=case, actor=actor, event=event, given=given)
    return event


def touch(case: Case | int, actor: Actor, *, version: int | None = None) -> Case:
    """Lock a case for a change of its contents, and count the change. Call it in the transaction of the change.

    Refused unless one of the actor's parties edits in this state; Stale where the case has moved on.
    """
    case = lock(case)
    access.find(actor, Case, pk=case.pk)
    if version is not None and version != case.version:
        raise Stale
    state = workflow_of(case).state(case.state)
    if not state.edits & access.parties(actor, case):
        raise Refused(
            "edit", f"当前为“{state.label[0]}”，内容不能修改", f"the case is '{state.label[1]}': it cannot be edited"
        )
    case.version += 1
    case.save(update_fields=["version"])
    return case


def lock(case: Case | int) -> Case:
    """A case as it is now, locked until the transaction ends. Http404 where there is none; who may see it is not asked.

    What a request did is asked after this: of two that come at one instant, the second waits here for the first.
    """
    return access.one(Case.objects.select_for_update(), pk=case if isinstance(case, int) else case.pk)


def done_by(request: uuid.UUID | None, kind: str, actor: Actor | None, case: Case | None = None) -> Event | None:
    """What this request did already. Refused where the name was used by somebody else, or for something else."""
    if request is None:
        return None
    event = Event.objects.filter(request=request).select_related("case").first()
    if event is None:
        return None
    same = event.kind == kind and event.actor_id == (actor.user.pk if actor else None)
    if not same or (case is not None and event.case_id != case.pk):
        raise Refused("request", "这一请求已用于别的事项", "this request was used for something else")
    return event
