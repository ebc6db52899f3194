"""Organisations of a lake: found by any spelling, and all that a release knows of one."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Schema

from pingjiang.centre.api.frame import LAKE, NO_NUL, Page, Paging, RowId, api, known_only, scoped
from pingjiang.centre.api.lakes import Key, OfRelease, lake_for, release_of
from pingjiang.centre.evidence.identity import counts, organisations
from pingjiang.centre.evidence.rows import text
from pingjiang.schema.units import UNITS, Level, Unit

_reads = scoped("lakes:read")
Said = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


class OrganisationOut(Schema):
    """An organisation, a legal entity or an ultimate group, with how much it applied for in each counting unit."""

    id: str
    name: str
    name_zh: str | None
    name_en: str | None
    kind: str | None
    country: str | None
    province: str | None
    city: str | None
    credit_code: str | None
    spellings: int | None
    group_id: str | None
    group_name: str | None
    organisations: int | None
    counts: dict[str, int]
    first_year: int | None
    last_year: int | None


class OrganisationPage(Page):
    """A page of organisations, those with most simple families first."""

    release: str
    items: list[OrganisationOut]


class Spelling(Schema):
    """A name under which it was found, how often, and why it is held for the same."""

    name: str
    mentions: int | None
    score: float | None
    reasons: list[str]


class Member(Schema):
    """A legal entity of its group: since and until when, as far as anybody tells, and who tells it."""

    organisation_id: str
    name: str
    families: int | None
    from_date: datetime.date | None
    to_date: datetime.date | None
    source: str | None
    source_row: str | None


class Doubt(Schema):
    """A pair of names that waits for somebody to say whether they mean the same."""

    level: str
    name_a: str
    name_b: str
    score: float
    reasons: list[str]


class YearCount(Schema):
    """Counted things by filing year; null: not known."""

    year: int | None
    items: int


class NodeCount(Schema):
    """Counted things by leaf of the chain; null: not placed."""

    node_id: str | None
    name_zh: str | None
    name_en: str | None
    items: int


class PlaceCount(Schema):
    """Counted things by the applicants' addresses; null: not known."""

    country: str | None
    province: str | None
    city: str | None
    items: int


class Partner(Schema):
    """A joint applicant, one of those with most in common."""

    organisation_id: str
    name: str
    items: int


class OrganisationWhole(OrganisationOut):
    """An organisation with its spellings, its group, what is in doubt, and counts at the level and in the unit."""

    release: str
    level: Level
    unit: Unit
    total: int
    years: list[YearCount]
    nodes: list[NodeCount]
    places: list[PlaceCount]
    partners: list[Partner]
    known_as: list[Spelling]
    members: list[Member]
    doubts: list[Doubt]


class OrganisationsWanted(Paging, OfRelease):
    """Which ones: of a name, id or credit code, of a country (or province, city); entities or groups."""

    called: Said | None = None
    country: Said | None = None
    province: Said | None = None
    city: Said | None = None
    level: Level = "entity"


class OneWanted(OfRelease):
    """What is counted of it, and whether of the legal entity or of its group."""

    unit: Unit = "simple_family"
    level: Level = "entity"


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "id": row["pk"], "counts": {unit: int(row[unit] or 0) for unit in UNITS}}


@api.get(
    "/lakes/{lake_id}/organisations", response={200: OrganisationPage, **LAKE}, summary="机构 Organisations"
)  # fmt: skip
def lake_organisations(request: HttpRequest, lake_id: RowId, wanted: Query[OrganisationsWanted]) -> dict[str, Any]:
    """Organisations of a release, by any spelling. `after` is how many stand before the page."""
    actor = _reads(request)
    known_only(request, OrganisationsWanted)
    at = release_of(lake_for(actor, lake_id), wanted.release)
    rows = organisations.listed(at, wanted.level)
    if wanted.called is not None:
        rows = organisations.called(rows, wanted.called, wanted.level)
    for column in ("country", "province", "city"):
        if (value := getattr(wanted, column)) is not None:
            rows = rows.having(f"r.{column} = {text(value)}")
    rows, total = rows.order_by("-simple_family", "pk"), rows.count()
    found = rows[wanted.after : wanted.after + wanted.limit] if wanted.after < total else []
    end = wanted.after + len(found)
    items = [_row(vars(each)) for each in found]
    return {"release": at.id, "total": total, "items": items, "next": end if items and end < total else None}


@api.get(
    "/lakes/{lake_id}/organisations/{organisation_id}", response={200: OrganisationWhole, **LAKE},
    summary="机构 Organisation",
)  # fmt: skip
def lake_organisation(
    request: HttpRequest, lake_id: RowId, organisation_id: Key, wanted: Query[OneWanted]
) -> dict[str, Any]:
    """One organisation (by the id of the legal entity) of a release."""
    actor = _reads(request)
    known_only(request, OneWanted)
    at = release_of(lake_for(actor, lake_id), wanted.release)
    found = organisations.known(at, organisation_id)
    if found is None:
        raise Http404
    count = counts.counted(at, found.number[wanted.level], wanted.unit)
    return {
        **_row(found.row), "release": at.id, "level": wanted.level, "unit": wanted.unit, "total": count.total,
        "years": _named(count.years, "year", "items"),
        "nodes": _named(count.nodes, "node_id", "name_zh", "name_en", "items"),
        "places": _named(count.places, "country", "province", "city", "items"),
        "partners": _named(count.partners, "organisation_id", "name", "items"),
        "known_as": [{**each, "reasons": each["reasons"] or []} for each in found.spellings],
        "members": found.members,
        "doubts": [{**each, "reasons": each["reasons"] or []} for each in found.doubts],
    }  # fmt: skip


def _named(rows: list[Any], *names: str) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]
