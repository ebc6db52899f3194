"""Figures: an indicator's rows of a lake that the actor reads, and views of the atlas, of shown releases too."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import translation
from ninja import Field, Query, Schema

from pingjiang.centre.api.frame import (
    LAKE,
    NO_NUL,
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
from pingjiang.centre.api.lakes import Key, OfRelease, lake_for, release_of
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.atlas import answering
from pingjiang.centre.evidence.atlas.asking import Asked
from pingjiang.centre.evidence.models import SharedRelease
from pingjiang.centre.evidence.opening import NotBuilt, Opened, opened
from pingjiang.centre.pages.figures import Figure
from pingjiang.schema.units import Level, Unit

_reads = scoped("figures:read")
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Words = Annotated[list[Word], Field(default_factory=list, max_length=20)]
_WORDS = ("filed", "granted", "published", "node", "place", "applicant", "state")
_LANGUAGES = {"zh": "zh-hans", "en": "en"}


class ColumnOut(Schema):
    """A column: its label, and the kind of thing it holds."""

    name: str
    label_zh: str
    label_en: str
    kind: str


class IndicatorOut(Schema):
    """An indicator: its definition, where it comes from, of which year its period is, its columns."""

    name: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    source: str
    year_kind: str
    units: list[str]
    key: list[str]
    columns: list[ColumnOut]


class PeriodOut(Schema):
    """Years, both ends counted: those that were asked for, else those of the data."""

    kind: str
    first: int | None
    last: int | None


class IndicatorRows(Page):
    """A page of an indicator's rows, with what stands under every figure.

    `n`: how many things pass the filter; of an indicator of firms, how many firms.
    """

    release: str
    indicator: IndicatorOut
    unit: str
    unit_zh: str
    unit_en: str
    period: PeriodOut
    cutoff_date: datetime.date | None
    n: int
    chain: dict[str, Any]
    synthetic: bool
    items: list[dict[str, Any]]


class FigureOut(Schema):
    """A figure as the page shows it: heads and rows of its table, and its foot.

    A count that is too small to be shown to others is the text '<3'; null is what is not known.
    """

    name: str
    title: str
    unit: str
    period: str
    cutoff: str
    n: str
    release: str
    rule: str
    summary: str
    heads: list[str]
    rows: list[list[int | float | str | None]]
    foot: list[str]
    synthetic: bool


class FiguresOut(Schema):
    """A view of the atlas. `views` are those that there are."""

    release: str
    view: str
    title: str
    views: list[str]
    figures: list[FigureOut]


class SharedOut(Schema):
    """A release whose figures are shown to all who are signed in, or to the public."""

    id: int
    release: str
    lake_zh: str
    lake_en: str
    owner: str
    public: bool
    shared_at: datetime.datetime
    synthetic: bool


class SharedPage(Page):
    """A page of releases that are shown."""

    items: list[SharedOut]


class Filtered(Schema):
    """A unit, and conditions that all hold, written as in an address of the atlas.

    `filed=2012-2020` (also `granted`, `published`), `node=energy`, `place=applicant/CN/江苏省/苏州市`,
    `applicant=entity/…`, `state=in_force`; `-` is what is not known.
    """

    unit: Unit = "application"
    filed: Words
    granted: Words
    published: Words
    node: Words
    place: Words
    applicant: Words
    state: Words


class RowsWanted(Paging, OfRelease, Filtered):
    """Which rows."""


class ShownWanted(Filtered):
    """Which figures: level of organisations, by whose address, districts or zones; in which language."""

    level: Level = "entity"
    basis: Literal["applicant", "inventor"] = "applicant"
    deepest: Literal["district", "zone"] = "district"
    language: Literal["zh", "en"] = "zh"


class FiguresWanted(OfRelease, ShownWanted):
    """The same of a release."""


def _under(wanted: Filtered) -> Any:
    return answering.read(wanted.unit, {name: getattr(wanted, name) for name in _WORDS})


def _indicator(each: Any) -> dict[str, Any]:
    same = ("name", "name_zh", "name_en", "definition_zh", "definition_en", "source", "year_kind")
    columns = [
        {name: getattr(column, name) for name in ("name", "label_zh", "label_en", "kind")} for column in each.columns
    ]
    told = {name: getattr(each, name) for name in same}
    return {**told, "units": list(each.units), "key": list(each.key), "columns": columns}


@api.get("/indicators", response={200: list[IndicatorOut], **USUAL}, summary="指标 Indicators")
def indicators(request: HttpRequest) -> list[dict[str, Any]]:
    """All indicators that a release has, by name."""
    _reads(request)
    return [_indicator(each) for each in answering.indicators()]


@api.get(
    "/lakes/{lake_id}/indicators/{name}", response={200: IndicatorRows, **LAKE}, summary="指标的行 Rows of an indicator"
)
def indicator_rows(request: HttpRequest, lake_id: RowId, name: Key, wanted: Query[RowsWanted]) -> dict[str, Any]:
    """The rows of an indicator under a filter, as the figures of the atlas are drawn from.

    `after` is how many rows stand before the page. 409 for a condition that cannot be read.
    """
    actor = _reads(request)
    known_only(request, RowsWanted)
    at = release_of(lake_for(actor, lake_id), wanted.release)
    if name not in {each.name for each in answering.indicators()}:
        raise Http404
    told = answering.indicator(at, name, _under(wanted))
    page = part_of(told.rows, len(told.rows), wanted)
    return {
        **page, "release": at.id, "indicator": _indicator(told.indicator),
        **dict(zip(("unit", "unit_zh", "unit_en"), told.unit, strict=True)),
        "period": dict(zip(("kind", "first", "last"), told.period, strict=True)), "cutoff_date": told.cutoff,
        "n": told.n, "chain": at.release.info.get("chain") or {}, "synthetic": at.row.synthetic,
    }  # fmt: skip


def _figures(at: Opened, view: str, wanted: ShownWanted, *, for_others: bool) -> dict[str, Any]:
    views = answering.views(for_others=for_others)
    if view not in views:
        raise Http404
    asked = Asked(_under(wanted), wanted.level, wanted.basis, wanted.deepest, at.id)
    with translation.override(_LANGUAGES[wanted.language]):
        title, figures = answering.figures(at, asked, view, for_others=for_others)
        told = [_figure(each) for each in figures]
    return {"release": at.id, "view": view, "title": title, "views": views, "figures": told}


def _figure(each: Figure) -> dict[str, Any]:
    same = ("name", "title", "unit", "period", "cutoff", "n", "release", "rule", "summary", "synthetic")
    return {
        **{name: getattr(each, name) for name in same}, "heads": [str(head) for head in each.heads],
        "rows": [[_plain(cell) for cell in row] for row in each.rows], "foot": each.whole_foot,
    }  # fmt: skip


def _plain(cell: object) -> int | float | str | None:
    """A cell as data: a number without its way to the list behind it."""
    if cell is None or isinstance(cell, float):
        return cell
    return int(cell) if isinstance(cell, int) else str(cell).strip()


@api.get("/lakes/{lake_id}/figures/{view}", response={200: FiguresOut, **LAKE}, summary="图谱 Figures")
def lake_figures(request: HttpRequest, lake_id: RowId, view: Key, wanted: Query[FiguresWanted]) -> dict[str, Any]:
    """The figures of a view of the atlas ('overview', 'time', …) under a filter, as its page shows them."""
    actor = _reads(request)
    known_only(request, FiguresWanted)
    at = release_of(lake_for(actor, lake_id), wanted.release)
    return _figures(at, view, wanted, for_others=False)


@api.get("/shared", response={200: SharedPage, **USUAL}, summary="已发布图谱 Shown releases")
def shared_releases(request: HttpRequest, wanted: Query[Paging]) -> dict[str, Any]:
    """The releases whose figures are shown to all who are signed in."""
    actor = _reads(request)
    known_only(request, Paging)
    rows = access.visible_to(actor, SharedRelease).select_related("lake__owner")
    return page_of(rows, wanted, lambda row: {
        "id": row.pk, "release": row.release, "lake_zh": row.lake.name_zh, "lake_en": row.lake.name_en,
        "owner": row.lake.owner.name_zh, "public": row.public, "shared_at": row.shared_at,
        "synthetic": row.lake.synthetic,
    })  # fmt: skip


@api.get("/shared/{shared_id}/figures/{view}", response={200: FiguresOut, **LAKE}, summary="已发布图谱 Shown figures")
def shared_figures(request: HttpRequest, shared_id: RowId, view: Key, wanted: Query[ShownWanted]) -> dict[str, Any]:
    """The figures of a release that is shown, as others see them: without rows, pairs, and counts of one or two."""
    actor = _reads(request)
    known_only(request, ShownWanted)
    row = access.find(actor, SharedRelease, pk=shared_id)
    try:
        at = opened(row.lake, row.release)
    except NotBuilt as error:
        raise Http404 from error
    return _figures(at, view, wanted, for_others=True)
