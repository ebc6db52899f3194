"""Lakes: which the actor reads, what their releases hold, from which files, and what was left over of those."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Schema

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.api.frame import (
    NO_NUL,
    ONE,
    USUAL,
    Page,
    Paging,
    RowId,
    api,
    known_only,
    page_of,
    part_of,
    scoped,
)
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.access import works_on
from pingjiang.centre.evidence.data import runs, sources
from pingjiang.centre.evidence.models import DataLake, SharedRelease
from pingjiang.centre.evidence.opening import NotBuilt, NotKept, Opened, lake_of, opened
from pingjiang.errors import LakeError

lakes_read = scoped("lakes:read")
ReleaseId = Annotated[str, Field(max_length=40, pattern=NO_NUL, description="R2026.11-2")]
Key = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


class LakeOut(Schema):
    """A lake. `newest` is its newest release, `built` the one whose figures it shows; null where there is none."""

    id: int
    name_zh: str
    name_en: str
    owner: str
    chain: str
    open_sources: bool
    synthetic: bool
    created_at: datetime.datetime
    newest: str | None
    built: str | None


class LakePage(Page):
    """A page of lakes."""

    items: list[LakeOut]


class HoldsOut(Schema):
    """What a release holds: counted things by unit, and how far its data reach; null where that is not known."""

    release: str
    units: dict[str, int]
    organisations: int
    inventors: int
    cutoff_date: datetime.date | None
    first_year: int | None
    last_year: int | None
    last_complete_year: int | None


class LakeWhole(LakeOut):
    """A lake with what it holds. `works`: whether the actor may import into it; `running`: runs that have not ended."""

    holds: HoldsOut | None
    works: bool
    running: list[int]


class ReleaseOut(Schema):
    """A release that is kept: when it was made, whether figures were built in it, how many rows its tables have.

    `shown`: 'public', 'people' (all who are signed in), or null where its figures are shown to nobody else.
    """

    id: str
    created_at: datetime.datetime
    built: bool
    figures_of: str | None
    rows: dict[str, int]
    shown: str | None


class SourceOut(Schema):
    """The receipt of an imported file: read = accepted + merged + rejected. `counted`: in the figures already."""

    source_id: str
    file: str
    sha256: str
    format: str
    format_zh: str
    format_en: str
    rows_read: int
    accepted: int
    merged: int
    rejected: int
    changed: int
    unchanged: int
    publications_written: int
    reasons: dict[str, int]
    doubts: dict[str, int]
    mapped_columns: dict[str, list[str]]
    ignored_columns: list[str]
    unknown_columns: list[str]
    left_out_tables: list[str]
    licence: str | None
    attribution: str | None
    cutoff: str | None
    imported_on: str | None
    imported_in: str | None
    imported_by: str | None
    counted: bool


class SourcePage(Page):
    """A page of receipts, that of the file that was imported last first."""

    release: str | None
    items: list[SourceOut]


class LeftoverPage(Page):
    """A page of rows, each by the names of its columns."""

    items: list[dict[str, str]]


class OfRelease(Schema):
    """Of which release; the newest where none is named."""

    release: ReleaseId | None = None


class SourcesWanted(Paging, OfRelease):
    """A page of a release."""


def lake_for(actor: Actor, lake_id: int) -> DataLake:
    """A lake that the actor reads. Http404."""
    return access.find(actor, DataLake, pk=lake_id)


def release_of(lake: DataLake, release: str | None) -> Opened:
    """A lake at a release, or at its newest built one. Http404 for one that is not kept, NotBuilt without any."""
    try:
        return opened(lake, release)
    except NotKept as error:
        raise Http404 from error


def _newest(lake: DataLake) -> tuple[str | None, str | None]:
    try:
        found = lake_of(lake).current()
    except LakeError:  # the list stands, whatever became of one lake
        return None, None
    return (None, None) if found is None else (found.id, found.info.get("built"))


def _lake(lake: DataLake) -> dict[str, Any]:
    newest, built = _newest(lake)
    same = ("name_zh", "name_en", "chain", "open_sources", "synthetic", "created_at")
    told = {name: getattr(lake, name) for name in same}
    return {"id": lake.pk, **told, "owner": lake.owner.name_zh, "newest": newest, "built": built}


@api.get("/lakes", response={200: LakePage, **USUAL}, summary="数据湖 Lakes")
def lakes(request: HttpRequest, wanted: Query[Paging]) -> dict[str, Any]:
    """The lakes that the actor reads, in the order in which they were made."""
    actor = lakes_read(request)
    known_only(request, Paging)
    return page_of(access.visible_to(actor, DataLake).select_related("owner"), wanted, _lake)


@api.get("/lakes/{lake_id}", response={200: LakeWhole, **ONE}, summary="数据湖 Lake")
def lake(request: HttpRequest, lake_id: RowId) -> dict[str, Any]:
    """One lake, and what its newest figures are made of; `holds` is null before the first build."""
    actor = lakes_read(request)
    row = lake_for(actor, lake_id)
    try:
        at = opened(row)
    except NotBuilt:
        holds = None
    else:
        told = sources.holdings(at)
        ends = told["horizon"] or dict.fromkeys(("cutoff_date", "first_year", "last_year", "last_complete_year"))
        units = {unit: count for unit, _words, count in told["units"]}
        same = {name: told[name] for name in ("organisations", "inventors")}
        holds = {"release": at.id, "units": units, **same, **ends}
    running = sorted(run.pk for run in runs.running(row))
    return {**_lake(row), "holds": holds, "works": works_on(actor, row), "running": running}


@api.get("/lakes/{lake_id}/releases", response={200: list[ReleaseOut], **ONE}, summary="数据版本 Releases")
def lake_releases(request: HttpRequest, lake_id: RowId) -> list[dict[str, Any]]:
    """The releases that are kept, the newest first."""
    row = lake_for(lakes_read(request), lake_id)
    if _newest(row)[0] is None:
        return []
    shown = {each.release: each.public for each in SharedRelease.objects.filter(lake=row, ended_at=None)}
    to = {True: "public", False: "people"}
    return [
        {
            "id": each.id, "created_at": each.created_at, "built": each.info.get("built") == each.id,
            "figures_of": each.info.get("built"), "rows": {name: each.rows(name) for name in sorted(each.tables)},
            "shown": to[shown[each.id]] if each.id in shown else None,
        }
        for each in lake_of(row).releases()
    ]  # fmt: skip


def _release(lake: DataLake, release: str | None) -> Any:
    """A release, built or not; None in a lake without any. Http404 for one that is not kept."""
    if release is None:
        return sources.newest(lake)
    try:
        return lake_of(lake).release(release)
    except LakeError as error:
        raise Http404 from error


@api.get("/lakes/{lake_id}/sources", response={200: SourcePage, **ONE}, summary="数据来源与回执 Sources")
def lake_sources(request: HttpRequest, lake_id: RowId, wanted: Query[SourcesWanted]) -> dict[str, Any]:
    """The files of a release with the receipt of each import."""
    actor = lakes_read(request)
    known_only(request, SourcesWanted)
    row = lake_for(actor, lake_id)
    release = _release(row, wanted.release)
    told = [] if release is None else sources.sources(row, release)
    page = part_of(told, len(told), wanted)
    return {**page, "release": release and release.id, "items": [_source(each) for each in page["items"]]}


def _source(source: sources.Source) -> dict[str, Any]:
    receipt: Mapping[str, Any] = source.receipt
    title = source.title
    same = (
        "source_id", "sha256", "format", "rows_read", "accepted", "merged", "rejected", "changed", "unchanged",
        "publications_written", "reasons", "doubts", "mapped_columns", "ignored_columns", "unknown_columns",
        "left_out_tables", "licence", "attribution", "cutoff", "imported_on", "imported_in",
    )  # fmt: skip
    return {
        **{name: receipt.get(name) for name in same}, "file": source.name, "format_zh": title[0],
        "format_en": title[1], "imported_by": source.by.user.name if source.by else None, "counted": source.counted,
    }  # fmt: skip


@api.get(
    "/lakes/{lake_id}/sources/{source_id}/{kind}", response={200: LeftoverPage, **ONE},
    summary="退出的行与存疑的格 Rejects and doubts",
)  # fmt: skip
def lake_leftovers(
    request: HttpRequest, lake_id: RowId, source_id: Key, kind: Key, wanted: Query[Paging]
) -> dict[str, Any]:
    """Of a file of the newest release the rows that were rejected, or the cells in doubt, each with its reason.

    `kind` is 'rejects' or 'doubts'. 404 where the file had none.
    """
    actor = lakes_read(request)
    known_only(request, Paging)
    row = lake_for(actor, lake_id)
    release = sources.newest(row)
    if release is None or kind not in sources.LEFTOVERS:
        raise Http404
    path = sources.leftover(row, release, source_id, kind)
    return part_of(sources.leftover_rows(path), sum(1 for _ in sources.leftover_rows(path)), wanted)
