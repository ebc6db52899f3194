"""What all endpoints stand in: who asks, within which scopes, pages by place, and what a refusal looks like.

Each endpoint starts from visible_to; what an actor does not see is 404, as if it were not there. Lists are pages by
place: `after` is the `next` of the page before; nothing is cut off. A parameter that there is not is refused: a
mistyped filter must not give everything.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Unreadable
from ninja.security import HttpBearer
from pydantic import ConfigDict

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.api.models import actor_of
from pingjiang.centre.casework.workflow import Refused
from pingjiang.errors import InputRefused, LakeError, PingjiangError, QueryRefused, SetUnknown, Words

MOST = 1000
# Numbers of rows: what no database can hold is no row.
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
# A text that every database holds: PostgreSQL has no NUL.
NO_NUL = r"^[^\x00]*$"
Name = Annotated[str, Field(max_length=40, pattern=NO_NUL)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", max_length=10, description="2026-11-28")]


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


class Trouble(Problem):
    """The same with what can be done about it; of a query the character at which it breaks off, the first being 1."""

    remedy_zh: str | None = None
    remedy_en: str | None = None
    position: int | None = None


class Unread(Schema):
    """What of a request could not be read."""

    detail: list[dict[str, Any]]


USUAL: dict[Any, Any] = {401: Problem, 403: Problem, 422: Unread}
ONE = {**USUAL, 404: Problem}
LAKE = {**ONE, 409: Trouble}
DONE = {**ONE, 400: Problem, 409: Problem}
LAKE_DONE = {**DONE, 409: Trouble}


class Paging(Schema):
    """Where a page begins and how long it may be."""

    model_config = ConfigDict(extra="forbid")  # in the description; who reads the query drops what is not here

    after: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST)] = 100


class Page(Schema):
    """A page; `next` is the `after` of the page behind it, null at the end."""

    total: int
    next: int | None


def scoped(scope: str) -> Callable[[HttpRequest], Actor]:
    """Who acts, if the token has the scope."""

    def check(request: HttpRequest) -> Actor:
        if scope not in request.scopes:  # type: ignore[attr-defined]
            raise HttpError(
                403, json.dumps({"rule": "scope", "zh": f"令牌没有“{scope}”权限", "en": f"no scope '{scope}'"})
            )
        return request.actor  # type: ignore[attr-defined, no-any-return]

    return check


def known_only(request: HttpRequest, wanted: type[Schema]) -> None:
    """Refuse a parameter that there is not."""
    if unknown := sorted(set(request.GET) - set(wanted.model_fields)):
        raise Unreadable([{"type": "extra_forbidden", "loc": ["query", name], "msg": "unknown"} for name in unknown])


def page_of(rows: QuerySet[Any], wanted: Paging, show: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The page of some rows, by number."""
    found = list(rows.filter(pk__gt=wanted.after).order_by("pk")[: wanted.limit + 1])
    items = found[: wanted.limit]
    more = len(found) > wanted.limit
    return {"total": rows.count(), "items": [show(row) for row in items], "next": items[-1].pk if more else None}


def part_of(rows: Iterable[Any], total: int, wanted: Paging) -> dict[str, Any]:
    """The page of rows that stand in an order of their own: `after` is how many stand before it."""
    items = list(islice(rows, wanted.after, wanted.after + wanted.limit))
    end = wanted.after + len(items)
    return {"total": total, "items": items, "next": end if items and end < total else None}


def day(text: str | None) -> datetime.date | None:
    """A day. Refused for one that no calendar has."""
    try:
        return None if text is None else datetime.date.fromisoformat(text)
    except ValueError:
        raise Refused("day", f"没有这一天：{text}", f"there is no such day: {text}") from None


def _answer(request: HttpRequest, status: int, rule: str, zh: str, en: str) -> HttpResponse:
    return api.create_response(request, {"rule": rule, "zh": zh, "en": en}, status=status)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return _answer(request, 409, refused.rule, *refused.words)


# Errors of the library → the rule that a refusal names, where the error has none of its own.
_RULES: tuple[tuple[type[PingjiangError], str], ...] = (
    (QueryRefused, "query"), (SetUnknown, "set"), (InputRefused, "file"), (LakeError, "lake"),
)  # fmt: skip


@api.exception_handler(PingjiangError)
def _not_done(request: HttpRequest, error: PingjiangError) -> HttpResponse:
    rule = getattr(error, "rule", None) or next((name for kind, name in _RULES if isinstance(error, kind)), "value")
    (zh, en), remedy = _pair(error.words), error.remedy_words
    remedy_zh, remedy_en = (None, None) if remedy is None else _pair(remedy)
    told = {
        "rule": rule, "zh": zh, "en": en, "remedy_zh": remedy_zh, "remedy_en": remedy_en,
        "position": getattr(error, "position", None),
    }  # fmt: skip
    return api.create_response(request, told, status=409)


def _pair(words: Words) -> tuple[str, str]:
    return (words, words) if isinstance(words, str) else words


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
