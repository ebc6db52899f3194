"""Search in a lake by its query language, and single publications with the cell that told each fact."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Query, Schema

from pingjiang.centre.api.frame import LAKE, NO_NUL, Page, Paging, RowId, api, known_only, scoped
from pingjiang.centre.api.lakes import Key, OfRelease, lake_for, release_of
from pingjiang.centre.evidence.search import answering
from pingjiang.centre.evidence.search.asking import MOST

_reads = scoped("lakes:read")
SearchUnit = Literal["publication", "application", "simple_family"]
Order = Literal["-published", "published", "-filed", "filed"]
Rows = list[dict[str, Any]]


class FoundIn(Schema):
    """The words that were found: the field, its text, and where they stand in it (from, to; the first being 0)."""

    field: str
    text: str
    places: list[tuple[int, int]]


class HitOut(Schema):
    """A publication that was found; of an application or family the one that stands for it.

    `organisations`: ids of the applicants, in their order; null for one that was not recognised.
    """

    publication_id: str
    application_id: str | None
    title: str | None
    title_zh: str | None
    title_en: str | None
    publication_date: datetime.date | None
    filing_date: datetime.date | None
    applicants: list[str]
    organisations: list[str | None]
    ipc: list[str]
    nodes: list[str]
    state: str | None
    life: str | None
    overlays: list[str]
    family_applications: int | None
    why: list[FoundIn]


class SearchPage(Page):
    """A page of a result.

    release   the release that was asked; searched: the one of which the index is
    lags      the index is not of what was built last: newer publications are not found yet
    echo      the query as it was read, with all its brackets
    totals    how many were found in each unit
    """

    release: str
    searched: str
    lags: bool
    echo_zh: str
    echo_en: str
    unit: SearchUnit
    totals: dict[str, int]
    items: list[HitOut]


class SearchWanted(Paging, OfRelease):
    """A query, what is counted and listed once, in which order. `#3` and `##name` are sets of the token's person."""

    q: Annotated[str, Field(min_length=1, max_length=MOST, pattern=NO_NUL)]
    unit: SearchUnit = "publication"
    order: Order = "-published"


class PublicationOut(Schema):
    """What a release knows of a publication; each row names the source row that told it.

    cells      field → the cell that told its value: value, columns, source row, file, sheet, row
    said       the source rows with all their cells
    nodes      leaves of the chain, each with the reason and the path from the segment down
    documents  publications of the same application; kin: other applications of the extended family
    legal      state and life with what they rest on; facts: the rows that the state is made of
    """

    release: str
    searched: str
    lags: bool
    publication: dict[str, Any]
    application: dict[str, Any] | None
    applicants: Rows
    inventors: Rows
    classes: Rows
    claims: Rows
    priorities: Rows
    places: Rows
    cites: Rows
    cited_by: Rows
    literature: Rows
    conflicts: Rows
    facts: Rows
    nodes: Rows
    documents: Rows
    kin: Rows
    legal: dict[str, Any]
    said: Rows
    cells: dict[str, dict[str, Any]]


@api.get("/lakes/{lake_id}/search", response={200: SearchPage, **LAKE}, summary="检索 Search")
def search_lake(request: HttpRequest, lake_id: RowId, wanted: Query[SearchWanted]) -> dict[str, Any]:
    """What a query of the query language finds: all of it, page by page, in the order that is asked for.

    `after` is how many hits stand before the page. 409 for a query that cannot be read, with the `position` at which
    it breaks off, and for a lake without an index.
    """
    actor = _reads(request)
    known_only(request, SearchWanted)
    at = release_of(lake_for(actor, lake_id), wanted.release)
    told = answering.answered(at, actor, wanted.q, wanted.unit)
    total = told.found.total
    items = told.found.page(wanted.after, wanted.limit, wanted.order)
    end, (zh, en) = wanted.after + len(items), told.echo()
    return {
        "release": at.id, "searched": told.searched, "lags": told.lags, "echo_zh": zh, "echo_en": en,
        "unit": wanted.unit, "totals": told.found.totals, "total": total, "items": [_hit(each) for each in items],
        "next": end if items and end < total else None,
    }  # fmt: skip


def _hit(row: dict[str, Any]) -> dict[str, Any]:
    lists = ("applicants", "organisations", "ipc", "nodes", "overlays")
    return {**row, **{name: list(row[name] or ()) for name in lists}}


@api.get(
    "/lakes/{lake_id}/publications/{publication_id}", response={200: PublicationOut, **LAKE},
    summary="一件公开 Publication",
)  # fmt: skip
def publication(request: HttpRequest, lake_id: RowId, publication_id: Key, wanted: Query[OfRelease]) -> dict[str, Any]:
    """One publication, with the cells that its facts come from. 409 for a lake without an index."""
    actor = _reads(request)
    known_only(request, OfRelease)
    at = release_of(lake_for(actor, lake_id), wanted.release)
    index = answering.index_of(at)
    told = answering.told_of(at, index, publication_id)
    if told is None:
        raise Http404
    searched = index.index.release
    return {"release": at.id, "searched": searched, "lags": searched != at.built, **told}
