"""Files handed in for a lake, and the work on it: import, build, index, asked for and looked at."""

from __future__ import annotations

import datetime
import uuid
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, File, Query, Schema
from ninja.files import UploadedFile

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.api.frame import (
    LAKE_DONE,
    NO_NUL,
    ONE,
    Page,
    Paging,
    RowId,
    api,
    known_only,
    page_of,
    scoped,
)
from pingjiang.centre.api.lakes import lake_for, lakes_read
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.access import works_on
from pingjiang.centre.evidence.data import runs, uploads
from pingjiang.centre.evidence.models import DataLake, LakeRun, Upload
from pingjiang.centre.jobs import service as jobs

_may_work = scoped("lakes:work")
Bare = Annotated[str, Field(max_length=60, pattern=NO_NUL)]


class WhyNot(Schema):
    """Why something was refused, where, and what can be done about it."""

    zh: str
    en: str
    file: str | None
    row: int | None
    column: str | None
    remedy_zh: str | None
    remedy_en: str | None


class UploadOut(Schema):
    """A file that was handed in.

    state    'looking' (nobody has looked into it yet), 'waiting', 'refused', 'aside', 'taken' (by the run `run`)
    format   by which it is to be read: '' as recognised
    parts    what it was found to be made of: tables with headers, mapping, rows, why a part is refused
    receipt  what became of its rows; it holds once the run has a release
    """

    id: int
    file: str
    sha256: str
    size: int
    by: str
    at: datetime.datetime
    state: Literal["looking", "waiting", "refused", "aside", "taken"]
    format: str
    parts: list[dict[str, Any]]
    refused: WhyNot | None
    run: int | None
    receipt: dict[str, Any] | None


class UploadPage(Page):
    """A page of files that were handed in."""

    items: list[UploadOut]


class Uploads(Paging):
    """Which files: those that wait for an import, or all."""

    waiting: Literal["true", "false"] = "false"


class FormatIn(Schema):
    """A format: '' as recognised, the name of a shipped one, or 'own:' and the name of one that was made here."""

    format: Bare


class RunOut(Schema):
    """A run. `state` is that of its job; `release` came of it; `then` follows where it ends well, as `followed_by`.

    `words` say what it does just now, `problem` why it was refused; `broken_off` when attempts ended
    with their worker, after which it was begun anew from the lake's last release.
    """

    id: int
    kind: str
    kind_zh: str
    kind_en: str
    by: str
    at: datetime.datetime
    state: str
    done: int
    of: int | None
    words_zh: str
    words_en: str
    attempts: int
    broken_off: list[datetime.datetime]
    then: list[str]
    followed_by: int | None
    release: str
    result: Any
    problem: WhyNot | None
    files: list[int]


class RunPage(Page):
    """A page of runs."""

    items: list[RunOut]


class RunIn(Schema):
    """A run to begin, and what is to follow it; `request` names this attempt: the same twice is one run."""

    kind: Literal["import", "build", "index"]
    then: Annotated[list[Literal["build", "index"]], Field(max_length=2)] = Field(default_factory=list)
    request: uuid.UUID


def _workable(request: HttpRequest, lake_id: int) -> tuple[Actor, DataLake]:
    """Who acts, and the lake on which they work. Http404 for who only reads it, as on the pages."""
    actor = _may_work(request)
    lake = lake_for(actor, lake_id)
    if not works_on(actor, lake):
        raise Http404
    return actor, lake


# -- files -----------------------------------------------------------------------------------------------


def _uploads(actor: Actor, lake: DataLake) -> Any:
    return access.visible_to(actor, Upload).filter(lake=lake).select_related("content", "by__user")


def _state(row: Upload) -> str:
    if row.run_id is not None:
        return "taken"
    if row.set_aside_at is not None:
        return "aside"
    if row.looked is None:
        return "looking"
    return "waiting" if row.refused is None else "refused"


def _upload(row: Upload) -> dict[str, Any]:
    return {
        "id": row.pk, "file": row.file_name, "sha256": row.content_id, "size": row.content.size,
        "by": row.by.user.name, "at": row.at, "state": _state(row), "format": row.format, "parts": row.parts,
        "refused": row.refused, "run": row.run_id, "receipt": row.receipt,
    }  # fmt: skip


@api.get("/lakes/{lake_id}/uploads", response={200: UploadPage, **ONE}, summary="已交文件 Files handed in")
def uploaded_files(request: HttpRequest, lake_id: RowId, wanted: Query[Uploads]) -> dict[str, Any]:
    """Files that were handed in for a lake, in the order in which they came."""
    actor = lakes_read(request)
    known_only(request, Uploads)
    rows = _uploads(actor, lake_for(actor, lake_id))
    return page_of(rows.filter(run=None, set_aside_at=None) if wanted.waiting == "true" else rows, wanted, _upload)


@api.post("/lakes/{lake_id}/uploads", response={200: UploadOut, **LAKE_DONE}, summary="交文件 Hand in a file")
def hand_in_file(request: HttpRequest, lake_id: RowId, file: File[UploadedFile]) -> dict[str, Any]:
    """Hand in a file; a job looks into it, and then it waits for an import.

    The same bytes under the same name wait once. 409 for one that is empty, too large, or holds malware.
    """
    actor, lake = _workable(request, lake_id)
    made = uploads.hand_in(lake, actor, file.chunks(), file.name or "")
    return _upload(_uploads(actor, lake).get(pk=made.pk))


@api.get("/lakes/{lake_id}/uploads/{pk}", response={200: UploadOut, **ONE}, summary="已交文件 File handed in")
def uploaded_file(request: HttpRequest, lake_id: RowId, pk: RowId) -> dict[str, Any]:
    """One file, what it was found to be, and what became of its rows."""
    actor = lakes_read(request)
    return _upload(access.one(_uploads(actor, lake_for(actor, lake_id)), pk=pk))


@api.post(
    "/lakes/{lake_id}/uploads/{pk}/format", response={200: UploadOut, **LAKE_DONE}, summary="选格式 Set the format"
)
def upload_format(request: HttpRequest, lake_id: RowId, pk: RowId, wanted: FormatIn) -> dict[str, Any]:
    """Have a waiting file read by a format; it is looked into anew. 409 for a format that there is not."""
    actor, lake = _workable(request, lake_id)
    uploads.choose_format(access.one(_uploads(actor, lake), pk=pk), actor, wanted.format)
    return _upload(_uploads(actor, lake).get(pk=pk))


@api.post(
    "/lakes/{lake_id}/uploads/{pk}/aside", response={200: UploadOut, **LAKE_DONE}, summary="搁置 Set a file aside"
)
def upload_aside(request: HttpRequest, lake_id: RowId, pk: RowId) -> dict[str, Any]:
    """Do not import a waiting file. 409 for one that an import has taken."""
    actor, lake = _workable(request, lake_id)
    uploads.set_aside(access.one(_uploads(actor, lake), pk=pk), actor)
    return _upload(_uploads(actor, lake).get(pk=pk))


# -- runs ------------------------------------------------------------------------------------------------


def _runs(actor: Actor, lake: DataLake) -> Any:
    seen = access.visible_to(actor, LakeRun).filter(lake=lake)
    return seen.select_related("job", "by__user", "followed_by").prefetch_related("files")


def _run(row: LakeRun) -> dict[str, Any]:
    assert row.job is not None  # it is made with its job in one transaction
    same = ("state", "done", "of", "words_zh", "words_en", "attempts")
    following = getattr(row, "followed_by", None)
    return {
        "id": row.pk, "kind": row.kind, "kind_zh": row.words[0], "kind_en": row.words[1], "by": row.by.user.name,
        "at": row.at, **{name: getattr(row.job, name) for name in same},
        "broken_off": [each.at for each in runs.broken_off(row)], "then": row.then,
        "followed_by": following.pk if following else None, "release": row.release, "result": row.result,
        "problem": row.problem, "files": sorted(file.pk for file in row.files.all()),
    }  # fmt: skip


@api.get("/lakes/{lake_id}/runs", response={200: RunPage, **ONE}, summary="数据湖任务 Runs")
def lake_runs(request: HttpRequest, lake_id: RowId, wanted: Query[Paging]) -> dict[str, Any]:
    """Imports, builds, indexes and comparisons of a lake, in the order in which they were asked for."""
    actor = lakes_read(request)
    known_only(request, Paging)
    return page_of(_runs(actor, lake_for(actor, lake_id)), wanted, _run)


@api.post("/lakes/{lake_id}/runs", response={200: RunOut, **LAKE_DONE}, summary="开始任务 Begin a run")
def begin_run(request: HttpRequest, lake_id: RowId, wanted: RunIn) -> dict[str, Any]:
    """Import what waits, build, or index, as a job; what is in `then` follows where it ends well.

    409 where nothing waits that could be imported, where the lake has no chain to be built by, or for a `then` that
    cannot follow.
    """
    actor, lake = _workable(request, lake_id)
    made = runs.begin(lake, actor, wanted.kind, then=wanted.then, request=wanted.request)
    return _run(_runs(actor, lake).get(pk=made.pk))


@api.get("/lakes/{lake_id}/runs/{pk}", response={200: RunOut, **ONE}, summary="数据湖任务 Run of a lake")
def lake_run(request: HttpRequest, lake_id: RowId, pk: RowId) -> dict[str, Any]:
    """One run: how far it is, what came of it, why it was refused."""
    actor = lakes_read(request)
    return _run(access.one(_runs(actor, lake_for(actor, lake_id)), pk=pk))


@api.post("/lakes/{lake_id}/runs/{pk}/cancel", response={200: RunOut, **LAKE_DONE}, summary="取消任务 Cancel a run")
def cancel_run(request: HttpRequest, lake_id: RowId, pk: RowId) -> dict[str, Any]:
    """Ask for the end of a run that the actor asked for; the lake stays at its last release."""
    actor, lake = _workable(request, lake_id)
    row = access.one(_runs(actor, lake), pk=pk)
    jobs.cancel(row.job, actor)
    return _run(_runs(actor, lake).get(pk=pk))


@api.post("/lakes/{lake_id}/runs/{pk}/back", response={200: RunOut, **LAKE_DONE}, summary="放回文件 Take files back")
def take_back(request: HttpRequest, lake_id: RowId, pk: RowId) -> dict[str, Any]:
    """Put the files of a failed or cancelled import back among those that wait. 409 for any other run."""
    actor, lake = _workable(request, lake_id)
    runs.retry(access.one(_runs(actor, lake), pk=pk), actor)
    return _run(_runs(actor, lake).get(pk=pk))
