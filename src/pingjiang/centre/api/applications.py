"""Applications of the programme: those that the actor sees, the versions that were handed in, what the rules say.

`id` is that of the case, as under /cases. What nobody reads on the pages nobody reads here: a draft is its applicant's,
what the formal check found is the bureau's until its letter, and no mark of an expert stands anywhere.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Annotated, Any

from django.db.models import Count
from django.http import HttpRequest
from ninja import Field, Query, Schema

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.api.cases import CaseOut, case_out, reads
from pingjiang.centre.api.frame import ONE, USUAL, Name, Page, Paging, RowId, api, known_only, page_of
from pingjiang.centre.casework import access
from pingjiang.centre.programme.checklist import checklist
from pingjiang.centre.programme.content.reading import attached_in, lines_of, said_in, said_now
from pingjiang.centre.programme.models import Application, ApplicationVersion, CheckAnswer, CheckRun, Waiver
from pingjiang.centre.programme.rulepack import Line
from pingjiang.centre.programme.seals import standing_seal
from pingjiang.centre.programme.services.applications import hash_shown
from pingjiang.centre.programme.workflow import APPLICANT

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ApplicationOut(CaseOut):
    """An application: its case, its call, the district, by which rules, when it was handed in, how often."""

    call: int
    year: int
    district: str
    pack: str
    pack_version: str
    sent_at: datetime.datetime | None
    submitted_at: datetime.datetime | None
    versions: int


class ApplicationWhole(ApplicationOut):
    """The same with what it says, by its hash, and whether the stamp stands on that: '', 'standing' or 'void'.

    `content_hash` is of what the actor is shown: of now to the applicant, to others while it is being corrected of what
    was handed in last.
    """

    content_hash: str
    seal: str


class ApplicationPage(Page):
    """A page of applications."""

    items: list[ApplicationOut]


class VersionOut(Schema):
    """A version that was handed in."""

    number: int
    at: datetime.datetime
    content_hash: str


class AttachmentOut(Schema):
    """A file of a version: the material that it is for, the document and its version, its SHA-256."""

    material: str
    document: int
    number: int
    file: str
    sha256: str


class ContentOut(VersionOut):
    """What a version says, section by section. `text` is the canonical JSON of which `content_hash` is the SHA-256."""

    sections: dict[str, dict[str, Any]]
    attachments: list[AttachmentOut]
    text: str


class LineOut(Schema):
    """What a rule says: its clause, and why."""

    rule: str
    kind: str
    status: str
    clause: str
    label_zh: str
    label_en: str
    value_zh: str
    value_en: str
    message_zh: str
    message_en: str
    confidence: str
    missing: list[str]


class RunOut(Schema):
    """The rules as the officer ran them on a version."""

    version: int
    at: datetime.datetime
    lines: list[LineOut]


class ItemOut(Schema):
    """An item of the officer's checklist: whether it holds, null where it was not looked at, and why not."""

    item: str
    label_zh: str
    label_en: str
    clause: str
    holds: bool | None
    reason: str


class WaiverOut(Schema):
    """A rule that the officer asks to waive, and whether the leader has."""

    rule: str
    reason: str
    asked_at: datetime.datetime
    approved_at: datetime.datetime | None


class ChecksOut(Schema):
    """What the rules say of an application as the actor is shown it; beside it, to the bureau, its formal check."""

    content_hash: str
    lines: list[LineOut]
    run: RunOut | None
    items: list[ItemOut]
    waivers: list[WaiverOut]


class Wanted(Paging):
    """Which ones."""

    state: Name | None = None
    call: RowId | None = None


def _seen(actor: Actor) -> Any:
    rows = access.visible_to(actor, Application).select_related("case__owner", "call", "district")
    return rows.annotate(handed_in=Count("versions"))


def _own(actor: Actor, found: Application) -> bool:
    """Whether it is shown as it is now: to its applicant, and where nothing was handed in yet."""
    return APPLICANT in access.parties(actor, found.case) or not found.versions.exists()


def _application(row: Any) -> dict[str, Any]:
    return {
        **case_out(row.case), "call": row.call.case_id, "year": row.call.year, "district": row.district.code,
        "pack": row.pack, "pack_version": row.pack_version, "sent_at": row.sent_at, "submitted_at": row.submitted_at,
        "versions": row.handed_in,
    }  # fmt: skip


@api.get("/applications", response={200: ApplicationPage, **USUAL}, summary="项目申报 Applications")
def applications(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """Applications that the actor sees, each with its state, in the order in which they were begun."""
    actor = reads(request)
    known_only(request, Wanted)
    rows = _seen(actor)
    if wanted.state is not None:
        rows = rows.filter(case__state=wanted.state)
    if wanted.call is not None:
        rows = rows.filter(call__case_id=wanted.call)
    return page_of(rows, wanted, _application)


@api.get("/applications/{case_id}", response={200: ApplicationWhole, **ONE}, summary="项目申报 Application")
def application(request: HttpRequest, case_id: RowId) -> dict[str, Any]:
    """One application. Its moves are those of its case."""
    actor = reads(request)
    found = access.one(_seen(actor), case_id=case_id)
    content_hash = hash_shown(found, own=_own(actor, found))
    sealed = found.seals.exists()
    return {
        **_application(found), "content_hash": content_hash,
        "seal": ("standing" if standing_seal(found, content_hash) else "void") if sealed else "",
    }  # fmt: skip


@api.get(
    "/applications/{case_id}/versions", response={200: list[VersionOut], **ONE}, summary="报送版本 Versions handed in"
)
def application_versions(request: HttpRequest, case_id: RowId) -> list[dict[str, Any]]:
    """Versions that were handed in, the first one first, each with the hash that seals refer to."""
    actor = reads(request)
    found = access.find(actor, Application, case_id=case_id)
    rows = access.visible_to(actor, ApplicationVersion).filter(application=found).order_by("number")
    return [_version(row) for row in rows]


def _version(row: ApplicationVersion) -> dict[str, Any]:
    return {"number": row.number, "at": row.at, "content_hash": row.content_hash}


@api.get(
    "/applications/{case_id}/versions/{number}", response={200: ContentOut, **ONE},
    summary="某一版的内容 Content of a version",
)  # fmt: skip
def application_version(request: HttpRequest, case_id: RowId, number: Number) -> dict[str, Any]:
    """What a version says. SHA-256 of `text` in UTF-8 is its `content_hash`; files are named by their SHA-256."""
    row = access.find(reads(request), ApplicationVersion, application__case_id=case_id, number=number)
    return {**_version(row), "sections": said_in(row), "attachments": attached_in(row), "text": row.content}


@api.get(
    "/applications/{case_id}/checks", response={200: ChecksOut, **ONE}, summary="条件核对与形式审查 Checks"
)  # fmt: skip
def application_checks(request: HttpRequest, case_id: RowId) -> dict[str, Any]:
    """What the rules say, clause by clause; and what the formal check of the last version found, to whoever reads it on
    the pages: run, items and waivers are empty for others."""
    actor = reads(request)
    found = access.find(actor, Application, case_id=case_id)
    version = found.versions.first()
    own = _own(actor, found)
    said = said_now(found) if own or version is None else said_in(version)
    content_hash = hash_shown(found, own=own)
    lines = lines_of(found, said, seal=standing_seal(found, content_hash))
    waivers = access.visible_to(actor, Waiver).filter(application=found).select_related("approval").order_by("pk")
    return {
        "content_hash": content_hash, "lines": list(map(Line.kept, lines)), "run": _run(actor, found, version),
        "items": _items(actor, found, version), "waivers": list(map(_waiver, waivers)),
    }  # fmt: skip


def _run(actor: Actor, found: Application, version: ApplicationVersion | None) -> dict[str, Any] | None:
    run = access.visible_to(actor, CheckRun).filter(application=found, version=version).first()
    if run is None or version is None:
        return None
    return {"version": version.number, "at": run.at, "lines": json.loads(run.outcomes)["outcomes"]}


def _items(actor: Actor, found: Application, version: ApplicationVersion | None) -> list[dict[str, Any]]:
    """The checklist with its answers, to whoever may read answers at all."""
    answers = access.visible_to(actor, CheckAnswer).filter(application=found, version=version)
    if version is None or not answers.exists():
        return []
    seen = {each.pk: each for each in answers}
    return [_item(item, seen) for item in checklist(found, version)]


def _item(item: Any, seen: Mapping[int, CheckAnswer]) -> dict[str, Any]:
    answer = seen.get(item.answer.pk) if item.answer is not None else None
    return {
        "item": item.name, "label_zh": item.label[0], "label_en": item.label[1], "clause": item.clause,
        "holds": None if answer is None else answer.holds, "reason": "" if answer is None else answer.reason,
    }  # fmt: skip


def _waiver(row: Waiver) -> dict[str, Any]:
    approval = getattr(row, "approval", None)
    return {"rule": row.rule, "reason": row.reason, "asked_at": row.at,
            "approved_at": None if approval is None else approval.at}  # fmt: skip
