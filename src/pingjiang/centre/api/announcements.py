"""Announcements and consultations: read, drafted, asked; their moves. `id` is that of the case, as under /cases."""

from __future__ import annotations

import datetime
import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Schema

from pingjiang.centre.accounts.models import Actor, District, Membership, Organisation
from pingjiang.centre.announcements import service
from pingjiang.centre.announcements.models import Announcement, Question
from pingjiang.centre.api.cases import CaseOut, MoveIn, case_out, may_move, reads
from pingjiang.centre.api.frame import (
    DONE,
    NO_NUL,
    ONE,
    USUAL,
    Day,
    Name,
    Page,
    Paging,
    RowId,
    api,
    day,
    known_only,
    page_of,
)
from pingjiang.centre.casework import access
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Refused

Title = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Kind = Literal["notice", "call", "publicity"]
To = Literal[
    "authority", "district", "centre", "firm", "university", "institute", "agency", "bank", "insurer", "fund",
    "expert_body",
]  # fmt: skip


class AnnouncementOut(CaseOut):
    """An announcement: its case, and what it says."""

    kind: str
    document_number: str
    body: str
    public: bool
    answer_days: int
    asks_until: datetime.date | None
    expires_on: datetime.date | None
    published_on: datetime.date | None
    to: list[str]


class AnnouncementPage(Page):
    """A page of announcements."""

    items: list[AnnouncementOut]


class AnnouncementIn(Schema):
    """An announcement to draft; `district` is a code, for organisations of one district alone."""

    title: Title
    kind: Kind
    body: Annotated[str, Field(min_length=1, max_length=20_000, pattern=NO_NUL)]
    to: Annotated[list[To], Field(max_length=11)]
    district: Name | None = None
    document_number: Annotated[str, Field(max_length=60, pattern=NO_NUL)] = ""
    public: Annotated[bool, Field(strict=True)] = False
    answer_days: Annotated[int, Field(ge=1, le=60)] = 5
    asks_until: Day | None = None
    expires_on: Day | None = None
    track: Literal["", "patent", "copyright"] = ""
    request: uuid.UUID


class ReplyOut(Schema):
    """An answer."""

    text: str
    by: str
    at: datetime.datetime


class QuestionOut(CaseOut):
    """A question on an announcement, with its answers."""

    announcement: int
    desk: str
    text: str
    replies: list[ReplyOut]


class QuestionPage(Page):
    """A page of questions."""

    items: list[QuestionOut]


class QuestionIn(Schema):
    """A question to ask."""

    title: Title
    text: Annotated[str, Field(min_length=1, max_length=4000, pattern=NO_NUL)]
    request: uuid.UUID


class QuestionMove(MoveIn):
    """A move of a consultation: `text` is an answer, `to` the membership that handles it, `to_organisation` who gets
    it."""

    text: Annotated[str, Field(max_length=8000, pattern=NO_NUL)] = ""
    to: RowId | None = None
    to_organisation: RowId | None = None


class Wanted(Paging):
    """Which ones."""

    state: Name | None = None


def _announcement(row: Announcement) -> dict[str, Any]:
    same = (
        "kind", "document_number", "body", "public", "answer_days", "asks_until", "expires_on", "published_on",
    )  # fmt: skip
    to = [each.kind if each.district is None else f"{each.kind}:{each.district.code}" for each in row.addressees.all()]
    return {**case_out(row.case), **{name: getattr(row, name) for name in same}, "to": to}


def _question(row: Question) -> dict[str, Any]:
    replies = [
        {"text": reply.text, "by": reply.by.organisation.name_zh, "at": reply.at} for reply in row.replies.all()
    ]  # fmt: skip
    desk = row.case.authority
    return {
        **case_out(row.case), "announcement": row.announcement.case_id, "desk": desk.name_zh if desk else "",
        "text": row.text, "replies": replies,
    }  # fmt: skip


def _announcements(actor: Actor) -> Any:
    seen = access.visible_to(actor, Announcement)
    return seen.select_related("case__owner").prefetch_related("addressees__district")


def _questions(actor: Actor) -> Any:
    seen = access.visible_to(actor, Question)
    return seen.select_related("case__owner", "case__authority", "announcement").prefetch_related(
        "replies__by__organisation"
    )


@api.get("/announcements", response={200: AnnouncementPage, **USUAL}, summary="通知公告 Announcements")
def announcements(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """Announcements that the actor sees, in the order in which they were drafted."""
    actor = reads(request)
    known_only(request, Wanted)
    rows = _announcements(actor)
    return page_of(rows.filter(case__state=wanted.state) if wanted.state else rows, wanted, _announcement)


@api.post("/announcements", response={200: AnnouncementOut, **DONE}, summary="拟稿 Draft an announcement")
def draft_announcement(request: HttpRequest, wanted: AnnouncementIn) -> dict[str, Any]:
    """Begin an announcement of the actor's organisation; 409 to whose organisation publishes none."""
    actor, asked = may_move(request), wanted.dict()
    said = {**asked, "asks_until": day(wanted.asks_until), "expires_on": day(wanted.expires_on)}
    district = None
    if wanted.district is not None:
        district = District.objects.filter(code=wanted.district).first()
        if district is None:
            raise Refused("district", f"没有区县“{wanted.district}”", f"there is no district '{wanted.district}'")
    to = [(kind, district) for kind in wanted.to]
    made = service.draft(actor, wanted.title, said, to, track=wanted.track, request=wanted.request)
    return _announcement(_announcements(actor).get(pk=made.pk))


@api.get("/announcements/{case_id}", response={200: AnnouncementOut, **ONE}, summary="通知公告 Announcement")
def announcement(request: HttpRequest, case_id: RowId) -> dict[str, Any]:
    """One announcement. Its moves are those of its case."""
    return _announcement(access.find(reads(request), Announcement, case_id=case_id))


@api.post("/announcements/{case_id}/questions", response={200: QuestionOut, **DONE}, summary="咨询 Ask a question")
def ask_question(request: HttpRequest, case_id: RowId, wanted: QuestionIn) -> dict[str, Any]:
    """Ask about an announcement; 409 where its time of questions is over."""
    actor = may_move(request)
    found = access.find(actor, Announcement, case_id=case_id)
    made = service.ask(found, actor, wanted.title, wanted.text, request=wanted.request)
    return _question(_questions(actor).get(pk=made.pk))


@api.get("/questions", response={200: QuestionPage, **USUAL}, summary="咨询 Questions")
def questions(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """Questions that the actor sees, in the order in which they were asked."""
    actor = reads(request)
    known_only(request, Wanted)
    rows = _questions(actor)
    return page_of(rows.filter(case__state=wanted.state) if wanted.state else rows, wanted, _question)


@api.get("/questions/{case_id}", response={200: QuestionOut, **ONE}, summary="咨询 Question")
def question(request: HttpRequest, case_id: RowId) -> dict[str, Any]:
    """One question with its answers."""
    return _question(access.find(reads(request), Question, case_id=case_id))


@api.post("/questions/{case_id}/moves", response={200: CaseOut, **DONE}, summary="办理咨询 Move a question")
def move_question(request: HttpRequest, case_id: RowId, wanted: QuestionMove) -> dict[str, Any]:
    """Assign, hand on, answer, ask again, close, withdraw. 409 where a rule refuses it or somebody was quicker."""
    actor = may_move(request)
    found = access.find(actor, Question, case_id=case_id)
    given = {
        "text": wanted.text, "to": _row(Membership, wanted.to),
        "to_organisation": _row(Organisation, wanted.to_organisation),
    }  # fmt: skip
    casework.perform(
        found.case, wanted.move, actor, wanted.note, version=wanted.version, request=wanted.request,
        given={name: value for name, value in given.items() if value},
    )  # fmt: skip
    return case_out(Case.objects.select_related("owner").get(pk=case_id))


def _row(model: type[Membership] | type[Organisation], pk: int | None) -> Any:
    if pk is None:
        return None
    found = model._default_manager.filter(pk=pk).first()
    if found is None:
        raise Refused("receiver", "没有这一接收人或单位", "there is no such person or organisation")
    return found
