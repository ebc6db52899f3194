"""Cases: what they are, what happened, what may be done; and who acts by this token."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.api.frame import (
    DONE,
    NO_NUL,
    ONE,
    USUAL,
    Name,
    Page,
    Paging,
    Problem,
    RowId,
    api,
    known_only,
    page_of,
    scoped,
)
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case


class CaseOut(Schema):
    """A case."""

    id: int
    number: str
    title: str
    workflow: str
    state: str
    state_zh: str
    state_en: str
    track: str
    owner: str
    version: int
    opened_at: datetime.datetime
    closed_at: datetime.datetime | None
    synthetic: bool


class CasePage(Page):
    """A page of cases."""

    items: list[CaseOut]


class EventOut(Schema):
    """An event of a case."""

    number: int
    at: datetime.datetime
    kind: str
    role: str
    before: dict[str, Any]
    after: dict[str, Any]
    note: str


class MoveOut(Schema):
    """A move that is open to the actor."""

    name: str
    zh: str
    en: str
    note: str


class MoveIn(Schema):
    """A move to make. `version` is that of the case as it was read, `request` names this attempt."""

    move: Name
    note: Annotated[str, Field(max_length=4000, pattern=NO_NUL)] = ""
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    request: uuid.UUID


class Me(Schema):
    """Who acts by this token."""

    name: str
    role: str
    role_zh: str
    role_en: str
    organisation: str
    scopes: list[str]


class Wanted(Paging):
    """Which cases."""

    workflow: Name | None = None
    state: Name | None = None


reads = scoped("cases:read")
may_move = scoped("cases:move")


def case_out(case: Case) -> dict[str, Any]:
    """As it is told."""
    state = service.workflow_of(case).state(case.state)
    return {
        "id": case.pk, "number": case.number, "title": case.title, "workflow": case.workflow, "state": case.state,
        "state_zh": state.label[0], "state_en": state.label[1], "track": case.track, "owner": case.owner.name_zh,
        "version": case.version, "opened_at": case.opened_at, "closed_at": case.closed_at, "synthetic": case.synthetic,
    }  # fmt: skip


@api.get("/me", response={200: Me, 401: Problem}, summary="令牌代表谁 Who acts")
def me(request: HttpRequest) -> dict[str, Any]:
    """Person, role, organisation and scopes of the token."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    words = ROLES[actor.role].words
    return {
        "name": actor.user.name, "role": actor.role, "role_zh": words[0], "role_en": words[1],
        "organisation": actor.organisation.name_zh, "scopes": sorted(request.scopes),  # type: ignore[attr-defined]
    }  # fmt: skip


@api.get("/cases", response={200: CasePage, **USUAL}, summary="案件 Cases")
def cases(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """All cases that the actor sees, in the order in which they were opened."""
    actor = reads(request)
    known_only(request, Wanted)
    seen = access.visible_to(actor, Case).select_related("owner")
    if wanted.workflow is not None:
        seen = seen.filter(workflow=wanted.workflow)
    if wanted.state is not None:
        seen = seen.filter(state=wanted.state)
    return page_of(seen, wanted, case_out)


@api.get("/cases/{case_id}", response={200: CaseOut, **ONE}, summary="案件 Case")
def case_of(request: HttpRequest, case_id: RowId) -> dict[str, Any]:
    """One case."""
    return case_out(access.find(reads(request), Case, pk=case_id))


@api.get(
    "/cases/{case_id}/events",
    response={200: list[EventOut], **ONE},
    summary="办理记录 Events",
)
def events(request: HttpRequest, case_id: RowId) -> list[dict[str, Any]]:
    """What happened in a case, the earliest first."""
    actor = reads(request)
    case = access.find(actor, Case, pk=case_id)
    return [
        {
            "number": event.number, "at": event.at, "kind": event.kind, "role": event.role, "note": event.note,
            "before": json.loads(event.before), "after": json.loads(event.after),
        }
        for event in history.read_by(actor, case)
    ]  # fmt: skip


@api.get(
    "/cases/{case_id}/moves",
    response={200: list[MoveOut], **ONE},
    summary="可办理的步骤 Moves open to the actor",
)
def moves(request: HttpRequest, case_id: RowId) -> list[dict[str, str]]:
    """Moves that the actor's parties may make now; their needs are asked when one is made."""
    actor = reads(request)
    case = access.find(actor, Case, pk=case_id)
    open_to = service.workflow_of(case).open_to(case.state, access.parties(actor, case))
    return [{"name": move.name, "zh": move.label[0], "en": move.label[1], "note": move.note} for move in open_to]


@api.post(
    "/cases/{case_id}/moves",
    response={200: CaseOut, **DONE},
    summary="办理 Make a move",
)
def move(request: HttpRequest, case_id: RowId, wanted: MoveIn) -> dict[str, Any]:
    """Make a move. 409 where a rule refuses it or somebody changed the case; the same request twice is done once."""
    actor = may_move(request)
    case = access.find(actor, Case, pk=case_id)
    service.perform(case, wanted.move, actor, wanted.note, version=wanted.version, request=wanted.request)
    # The move may have led to where this actor sees no more.
    return case_out(Case.objects.select_related("owner").get(pk=case_id))
