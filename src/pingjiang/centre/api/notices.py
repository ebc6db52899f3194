"""Messages to this person, and what could not be delivered."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema

from pingjiang.centre.api.frame import DONE, ONE, USUAL, Page, Paging, RowId, api, known_only, page_of, scoped
from pingjiang.centre.casework import access
from pingjiang.centre.casework import notices as messages
from pingjiang.centre.casework.models import Notice

_reads = scoped("notices:read")
_manages = scoped("notices:manage")


class NoticeOut(Schema):
    """A message."""

    id: int
    case: int | None
    channel: str
    state: str
    subject_zh: str
    subject_en: str
    body_zh: str
    body_en: str
    created_at: datetime.datetime
    read_at: datetime.datetime | None


class NoticePage(Page):
    """A page of messages."""

    items: list[NoticeOut]


class UndeliveredOut(Schema):
    """A mail that was not delivered, and why."""

    id: int
    to: str
    case: int | None
    subject_zh: str
    subject_en: str
    state: str
    problem: str
    attempts: int
    next_try_at: datetime.datetime
    created_at: datetime.datetime


class UndeliveredPage(Page):
    """A page of them."""

    items: list[UndeliveredOut]


class Marked(Schema):
    """How many messages are newly marked read."""

    marked: int


class Messages(Paging):
    """Which messages."""

    unread: Literal["true", "false"] | None = None


def _notice(row: Notice) -> dict[str, Any]:
    same = (
        "channel", "state", "subject_zh", "subject_en", "body_zh", "body_en", "created_at", "read_at",
    )  # fmt: skip
    return {"id": row.pk, "case": row.case_id, **{name: getattr(row, name) for name in same}}


def _undelivered(row: Notice) -> dict[str, Any]:
    same = (
        "subject_zh", "subject_en", "state", "problem", "attempts", "next_try_at", "created_at",
    )  # fmt: skip
    return {"id": row.pk, "to": row.to.name, "case": row.case_id, **{name: getattr(row, name) for name in same}}


@api.get("/notices", response={200: NoticePage, **USUAL}, summary="消息 Messages")
def notices(request: HttpRequest, wanted: Query[Messages]) -> dict[str, Any]:
    """Messages on the site to this person, the earliest first."""
    actor = _reads(request)
    known_only(request, Messages)
    rows = messages.inbox(actor)
    return page_of(
        rows if wanted.unread is None else rows.filter(read_at__isnull=wanted.unread == "true"), wanted, _notice
    )


@api.get("/notices/undelivered", response={200: UndeliveredPage, **USUAL}, summary="未送达 Not delivered")
def undelivered(request: HttpRequest, wanted: Query[Paging]) -> dict[str, Any]:
    """Mail that was not delivered: all for a steward, for others that of the cases they see."""
    actor = _reads(request)
    known_only(request, Paging)
    return page_of(messages.undelivered(actor), wanted, _undelivered)


@api.post("/notices/read", response={200: Marked, **USUAL}, summary="全部标为已读 Mark all read")
def mark_all_read(request: HttpRequest) -> dict[str, int]:
    """Mark all messages to this person as read."""
    return {"marked": messages.read(_manages(request))}


@api.get("/notices/{notice_id}", response={200: NoticeOut, **ONE}, summary="消息 Message")
def notice(request: HttpRequest, notice_id: RowId) -> dict[str, Any]:
    """One message. It is not marked as read by this."""
    return _notice(access.one(messages.inbox(_reads(request)), pk=notice_id))


@api.post("/notices/{notice_id}/read", response={200: Marked, **DONE}, summary="标为已读 Mark read")
def mark_read(request: HttpRequest, notice_id: RowId) -> dict[str, int]:
    """Mark a message as read."""
    actor = _manages(request)
    return {"marked": messages.read(actor, [access.one(messages.inbox(actor), pk=notice_id).pk])}


@api.post("/notices/{notice_id}/retry", response={200: UndeliveredOut, **DONE}, summary="重发 Send again")
def send_again(request: HttpRequest, notice_id: RowId) -> dict[str, Any]:
    """Put a mail that was not delivered into the outbox again; 409 to who is no steward."""
    actor = _manages(request)
    found = access.one(messages.undelivered(actor), pk=notice_id)
    messages.try_again(found, actor)
    return _undelivered(Notice.objects.select_related("to").get(pk=found.pk))
