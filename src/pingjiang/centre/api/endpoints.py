"""The endpoints. Each starts from visible_to; what an actor does not see is 404, as if it were not there.

Lists are pages by place: `after` is the `next` of the page before; nothing is cut off.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Unreadable
from ninja.security import HttpBearer
from pydantic import ConfigDict

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.api.models import actor_of
from pingjiang.centre.casework import access, service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Refused

MOST = 1000
# Numbers of rows: what no database can hold is no row.
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
# A text that every database holds: PostgreSQL has no NUL.
_NO_NUL = r"^[^\x00]*$"
Name = Annotated[str, Field(max_length=40, pattern=_NO_NUL)]


class ByToken(HttpBearer):
    """`Authorization: Bearer pj_…`. Puts actor and scopes on the request."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Who acts."""
        found = actor_of(token)
        if found is None:
            return None
        request.actor, request.scopes = found  # type: ignore[attr-defined]
        return found[0]


api = NinjaAPI(
    title="平江图 Pingjiang", version="1", auth=ByToken(), docs_url=None, urls_namespace="api",
    description="以令牌访问，权限与网页相同。Access by token, by the same rules as the pages.",
)  # fmt: skip


class Problem(Schema):
    """Why something was not done: the rule's name, and in both languages."""

    rule: str
    zh: str
    en: str


class Unread(Schema):
    """What of a request could not be read."""

    detail: list[dict[str, Any]]


_USUAL: dict[Any, Any] = {401: Problem, 403: Problem, 422: Unread}
_ONE = {**_USUAL, 404: Problem}
_DONE = {**_ONE, 400: Problem, 409: Problem}


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


class CasePage(Schema):
    """A page of cases; `next` is the `after` of the page behind it, null at the end."""

    total: int
    items: list[CaseOut]
    next: int | None


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
    note: Annotated[str, Field(max_length=4000, pattern=_NO_NUL)] = ""
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


class Wanted(Schema):
    """Which cases. A parameter that there is not is refused: a mistyped filter must not give everything."""

    model_config = ConfigDict(extra="forbid")  # in the description; who reads the query drops what is not here

    workflow: Name | None = None
    state: Name | None = None
    after: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST)] = 100


def scoped(scope: str) -> Callable[[HttpRequest], Actor]:
    """Who acts, if the token has the scope."""

    def check(request: HttpRequest) -> Actor:
        if scope not in request.scopes:  # type: ignore[attr-defined]
            raise HttpError(
                403, json.dumps({"rule": "scope", "zh": f"令牌没有“{scope}”权限", "en": f"no scope '{scope}'"})
            )
        return request.actor  # type: ignore[attr-defined, no-any-return]

    return check


_reads = scoped("cases:read")
_moves = scoped("cases:move")


def _case(case: Case) -> dict[str, Any]:
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


@api.get("/cases", response={200: CasePage, **_USUAL}, summary="案件 Cases")
def cases(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """All cases that the actor sees, in the order in which they were opened."""
    actor = _reads(request)
    if unknown := sorted(set(request.GET) - set(Wanted.model_fields)):
        raise Unreadable([{"type": "extra_forbidden", "loc": ["query", name], "msg": "unknown"} for name in unknown])
    seen = access.visible_to(actor, Case).select_related("owner")
    if wanted.workflow is not None:
        seen = seen.filter(workflow=wanted.workflow)
    if wanted.state is not None:
        seen = seen.filter(state=wanted.state)
    page = list(seen.filter(pk__gt=wanted.after).order_by("pk")[: wanted.limit + 1])
    more = len(page) > wanted.limit
    items = page[: wanted.limit]
    return {"total": seen.count(), "items": [_case(case) for case in items], "next": items[-1].pk if more else None}


@api.get("/cases/{case_id}", response={200: CaseOut, **_ONE}, summary="案件 Case")
def case_of(request: HttpRequest, case_id: RowId) -> dict[str, Any]:
    """One case."""
    return _case(access.find(_reads(request), Case, pk=case_id))


@api.get(
    "/cases/{case_id}/events",
    response={200: list[EventOut], **_ONE},
    summary="办理记录 Events",
)
def events(request: HttpRequest, case_id: RowId) -> list[dict[str, Any]]:
    """What happened in a case, the earliest first."""
    case = access.find(_reads(request), Case, pk=case_id)
    return [
        {
            "number": event.number, "at": event.at, "kind": event.kind, "role": event.role, "note": event.note,
            "before": json.loads(event.before), "after": json.loads(event.after),
        }
        for event in Event.objects.filter(case=case).order_by("number")
    ]  # fmt: skip


@api.get(
    "/cases/{case_id}/moves",
    response={200: list[MoveOut], **_ONE},
    summary="可办理的步骤 Moves open to the actor",
)
def moves(request: HttpRequest, case_id: RowId) -> list[dict[str, str]]:
    """Moves that the actor's parties may make now; their needs are asked when one is made."""
    actor = _reads(request)
    case = access.find(actor, Case, pk=case_id)
    open_to = service.workflow_of(case).open_to(case.state, access.parties(actor, case))
    return [{"name": move.name, "zh": move.label[0], "en": move.label[1], "note": move.note} for move in open_to]


@api.post(
    "/cases/{case_id}/moves",
    response={200: CaseOut, **_DONE},
    summary="办理 Make a move",
)
def move(request: HttpRequest, case_id: RowId, wanted: MoveIn) -> dict[str, Any]:
    """Make a move. 409 where a rule refuses it or somebody changed the case; the same request twice is done once."""
    actor = _moves(request)
    case = access.find(actor, Case, pk=case_id)
    service.perform(case, wanted.move, actor, wanted.note, version=wanted.version, request=wanted.request)
    # The move may have led to where this actor sees no more.
    return _case(Case.objects.select_related("owner").get(pk=case_id))


def _answer(request: HttpRequest, status: int, rule: str, zh: str, en: str) -> HttpResponse:
    return api.create_response(request, {"rule": rule, "zh": zh, "en": en}, status=status)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return _answer(request, 409, refused.rule, *refused.words)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _missing: Http404) -> HttpResponse:
    return _answer(request, 404, "not_found", "没有找到", "not found")


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, _unknown: AuthenticationError) -> HttpResponse:
    return _answer(request, 401, "token", "令牌不明、已撤销或已过期", "the token is unknown, revoked or expired")


@api.exception_handler(HttpError)
def _denied(request: HttpRequest, denied: HttpError) -> HttpResponse:
    try:
        said = json.loads(denied.message)
    except ValueError:
        said = {"rule": "request", "zh": "请求不能读", "en": denied.message}
    return _answer(request, denied.status_code, said["rule"], said["zh"], said["en"])


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, invalid: ValidationError) -> HttpResponse:
    return _answer(request, 409, "value", "；".join(invalid.messages), "; ".join(invalid.messages))
