"""What everybody may read of the programme, without a token: calls, lists of experts and their draw, public notices.

The same as on the public pages, no more: experts by their codes, of a decision what it grants, never a mark.
`id` is that of the case, as under /cases. Money is in yuan.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Schema

from pingjiang.centre.api.frame import Page, Paging, Problem, RowId, Unread, api, known_only, page_of
from pingjiang.centre.casework import access
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.programme import access as calls_access
from pingjiang.centre.programme.deciding import access as deciding_access
from pingjiang.centre.programme.deciding import effects as deciding
from pingjiang.centre.programme.effects import CALL_PAPER, EXTENSION_PAPER
from pingjiang.centre.programme.extensions import extensions_of
from pingjiang.centre.programme.models import Call, CallTrack, Decision, Panel, Verdict
from pingjiang.centre.programme.panels.draw import Seats
from pingjiang.centre.programme.review import access as review_access
from pingjiang.centre.programme.review import seating
from pingjiang.centre.programme.rulepack import materials_of, pack_of

LISTED: dict[Any, Any] = {422: Unread}
FOUND: dict[Any, Any] = {**LISTED, 404: Problem}


class PublicOut(Schema):
    """A case that is public."""

    id: int
    number: str
    title: str
    state: str
    state_zh: str
    state_en: str
    track: str
    owner: str
    synthetic: bool


class MaterialOut(Schema):
    """Something that an applicant hands in."""

    id: str
    zh: str
    en: str
    clause: str
    required: bool


class TrackOut(Schema):
    """A track of a call: its rules, money, places; how many a district may put forward, null for any number."""

    track: str
    pack: str
    pack_version: str
    budget: str
    places: int
    district_quota: int | None
    materials: list[MaterialOut]


class ExtendedOut(Schema):
    """A time of a call that became later: 'closes_at' or 'seals_until', as it was and as it is from then on."""

    name: str
    before: datetime.datetime
    after: datetime.datetime


class ExtensionOut(Schema):
    """What was extended at once, and why."""

    at: datetime.datetime
    reason: str
    times: list[ExtendedOut]


class AnsweredOut(Schema):
    """A question that was answered in public. Who asked is not told."""

    question: str
    answer: str
    answered_at: datetime.datetime


class CallOut(PublicOut):
    """A call. `codes` are the verification codes of its papers in force: the call, the notice of its extension."""

    year: int
    document_number: str
    guide: str
    opens_at: datetime.datetime | None
    closes_at: datetime.datetime | None
    seals_until: datetime.datetime | None
    published_at: datetime.datetime | None
    contact: str
    tracks: list[TrackOut]
    extensions: list[ExtensionOut]
    questions: list[AnsweredOut]
    codes: list[str]


class CallPage(Page):
    """A page of calls."""

    items: list[CallOut]


class PassedOut(Schema):
    """A candidate who is out since the draw: declined, or excluded and on which ground."""

    code: str
    why: str
    reason: str


class SeatsOut(Schema):
    """A stratum as it stands: seated and following in the order of the draw, passed over, seats without anybody."""

    name: str
    seated: list[str]
    following: list[str]
    passed: list[PassedOut]
    vacant: int


class PanelOut(PublicOut):
    """A published list of experts, by code. SHA-256 of `list_text` is `list_hash`; `seats` is empty until it is drawn.

    `draw` is the address of the page of script that repeats the draw.
    """

    published_at: datetime.datetime | None
    number_words: str
    due: datetime.datetime | None
    list_text: str
    list_hash: str
    public_number: str
    drawn_at: datetime.datetime | None
    seats: list[SeatsOut]
    draw: str


class PanelPage(Page):
    """A page of lists."""

    items: list[PanelOut]


class GrantOut(Schema):
    """What a notice or a final list grants."""

    applicant: str
    title: str
    district: str
    amount: str


class DecisionOut(PublicOut):
    """A public notice, or the final list. `code` is the verification code of its paper in force."""

    notice_from: datetime.date | None
    notice_until: datetime.date | None
    grants: list[GrantOut]
    total: str
    code: str


class DecisionPage(Page):
    """A page of notices and lists."""

    items: list[DecisionOut]


def _case(case: Case) -> dict[str, Any]:
    state = casework.workflow_of(case).state(case.state)
    return {
        "id": case.pk, "number": case.number, "title": case.title, "state": case.state, "state_zh": state.label[0],
        "state_en": state.label[1], "track": case.track, "owner": case.owner.name_zh, "synthetic": case.synthetic,
    }  # fmt: skip


def _codes(case: Case, *names: str) -> list[str]:
    """Codes of papers of a case that hold: of each name the last edition."""
    rows = Paper.objects.filter(case=case, name__in=names, recall__isnull=True).order_by("name", "edition")
    return list(dict(rows.values_list("name", "code")).values())


def _call(row: Call) -> dict[str, Any]:
    same = (
        "year", "document_number", "guide", "opens_at", "closes_at", "seals_until", "published_at", "contact",
    )  # fmt: skip
    asked = row.questions.filter(answer__isnull=False).select_related("answer").order_by("pk")
    return {
        **_case(row.case), **{name: getattr(row, name) for name in same}, "tracks": list(map(_track, row.tracks.all())),
        "extensions": [
            {"at": each.at, "reason": each.reason,
             "times": [{"name": time.name, "before": time.before, "after": time.after} for time in each.times]}
            for each in extensions_of(row)
        ],
        "questions": [
            {"question": each.text, "answer": each.answer.text, "answered_at": each.answer.at} for each in asked
        ],
        "codes": _codes(row.case, CALL_PAPER, EXTENSION_PAPER),
    }  # fmt: skip


def _track(row: CallTrack) -> dict[str, Any]:
    wanted = materials_of(pack_of(row), row.track, row.call.materials)
    same = ("id", "zh", "en", "clause", "required")
    return {
        "track": row.track, "pack": row.pack, "pack_version": row.pack_version, "budget": f"{row.budget:.2f}",
        "places": row.places, "district_quota": row.district_quota,
        "materials": [{name: getattr(each, name) for name in same} for each in wanted],
    }  # fmt: skip


def _panel(row: Panel) -> dict[str, Any]:
    same = ("published_at", "number_words", "due", "list_text", "list_hash", "public_number", "drawn_at")
    return {
        **_case(row.case), **{name: getattr(row, name) for name in same},
        "seats": list(map(_seats, seating.seats(row))) if row.public_number else [],
        "draw": reverse("public-panel-draw", args=[row.case_id]),
    }  # fmt: skip


def _seats(row: Seats) -> dict[str, Any]:
    passed = [{"code": each.code, "why": each.why, "reason": each.reason} for each in row.passed]
    return {"name": row.name, "seated": list(row.seated), "following": list(row.following), "passed": passed,
            "vacant": row.vacant}  # fmt: skip


def _decision(row: Decision) -> dict[str, Any]:
    granted = [each for each in deciding.verdicts_of(row) if each.amount is not None]
    name = deciding.FINAL if row.case.state == "final" else deciding.NOTICE
    return {
        **_case(row.case), "notice_from": row.notice_from, "notice_until": row.notice_until,
        "grants": list(map(_grant, granted)), "total": f"{sum((each.amount or 0 for each in granted), Decimal(0)):.2f}",
        "code": next(iter(_codes(row.case, name)), ""),
    }  # fmt: skip


def _grant(row: Verdict) -> dict[str, str]:
    application = row.item.application
    return {
        "applicant": application.case.owner.name_zh, "title": application.case.title,
        "district": application.district.code, "amount": f"{row.amount:.2f}",
    }  # fmt: skip


def _calls() -> Any:
    return calls_access.public().select_related("case__owner").prefetch_related("tracks__call")


def _decisions() -> Any:
    return deciding_access.public().select_related("case__owner", "call__case")


@api.get(
    "/public/calls", auth=None, response={200: CallPage, **LISTED}, summary="申报通知（公开） Calls, for everybody"
)
def public_calls(request: HttpRequest, wanted: Query[Paging]) -> dict[str, Any]:
    """Calls that were published and not withdrawn."""
    known_only(request, Paging)
    return page_of(_calls(), wanted, _call)


@api.get("/public/calls/{case_id}", auth=None, response={200: CallOut, **FOUND}, summary="申报通知（公开） Call")
def public_call(request: HttpRequest, case_id: RowId) -> dict[str, Any]:
    """One of them."""
    return _call(access.one(_calls(), case_id=case_id))


@api.get(
    "/public/panels", auth=None, response={200: PanelPage, **LISTED}, summary="专家抽取名单（公开） Lists of experts"
)
def public_panels(request: HttpRequest, wanted: Query[Paging]) -> dict[str, Any]:
    """Lists that were published, with their draw once it was made."""
    known_only(request, Paging)
    return page_of(review_access.public(), wanted, _panel)


@api.get("/public/panels/{case_id}", auth=None, response={200: PanelOut, **FOUND}, summary="专家抽取名单（公开） List")
def public_panel(request: HttpRequest, case_id: RowId) -> dict[str, Any]:
    """One of them."""
    return _panel(access.one(review_access.public(), case_id=case_id))


@api.get(
    "/public/decisions", auth=None, response={200: DecisionPage, **LISTED}, summary="审定公示（公开） Public notices"
)
def public_decisions(request: HttpRequest, wanted: Query[Paging]) -> dict[str, Any]:
    """Notices whose days run, and final lists."""
    known_only(request, Paging)
    return page_of(_decisions(), wanted, _decision)


@api.get(
    "/public/decisions/{case_id}", auth=None, response={200: DecisionOut, **FOUND}, summary="审定公示（公开） Notice"
)
def public_decision(request: HttpRequest, case_id: RowId) -> dict[str, Any]:
    """One of them."""
    return _decision(access.one(_decisions(), case_id=case_id))
