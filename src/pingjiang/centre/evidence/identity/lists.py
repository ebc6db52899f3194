"""The lists of organisations and of persons."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.evidence.framing import frame, on_release
from pingjiang.centre.evidence.identity import links, organisations, people, words
from pingjiang.centre.evidence.models import Roster
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rosters import keeping
from pingjiang.centre.evidence.rows import EngineRows, text
from pingjiang.centre.pages.lists import Amount, BatchAction, Column, Filter, Linked, Listing, Search
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import said
from pingjiang.schema.units import UNITS, Level, Unit

_COUNTRIES = 40  # offered as filters, the commonest
_PLACES = 60


def level_of(request: ActorRequest) -> Level:
    """Legal entities, or groups where the address says so."""
    return "group" if request.GET.get("level") == "group" else "entity"


def _where(row: Any) -> str:
    return " · ".join(part for part in (words.country(row.country), row.province, row.city) if part)


def _items(number: int | None) -> Amount | None:
    """A count as pages show it: thousands apart, unlike years."""
    return None if number is None else Amount(Decimal(number), 0)


def _count(unit: Unit) -> Column:
    shown = unit in ("simple_family", "application")
    return Column(
        unit, words.UNITS[unit], lambda row: _items(getattr(row, unit)), sort=unit, number=True, shown=shown
    )  # fmt: skip


def _columns(at: Opened, level: Level) -> tuple[Column, ...]:
    def name(row: Any) -> Linked:
        other = row.name_en if row.name != row.name_en else row.name_zh
        return Linked(row.name, links.page(at, "evidence-organisation", row.pk, level=request_level), other or "")

    request_level = "group" if level == "group" else ""
    counts = tuple(_count(unit) for unit in UNITS)
    group = (
        Column("members", gettext_lazy("法人数"), lambda row: row.organisations, sort="organisations", number=True)
        if level == "group"
        else Column(
            "group", gettext_lazy("所属集团"), lambda row: row.group_name if (row.organisations or 0) > 1 else None,
            sort="group_name",
        )
    )  # fmt: skip
    return (
        Column("name", gettext_lazy("名称"), name, sort="name", fixed=True),
        Column("kind", gettext_lazy("类型"), lambda row: words.kind(row.kind), sort="kind"),
        Column("place", gettext_lazy("何处"), _where, sort="country"),
        group,
        Column("spellings", gettext_lazy("写法数"), lambda row: row.spellings, sort="spellings", number=True),
        *counts,
        Column("first", gettext_lazy("首年"), lambda row: row.first_year, sort="first_year", number=True, shown=False),
        Column("last", gettext_lazy("末年"), lambda row: row.last_year, sort="last_year", number=True),
        Column("code", gettext_lazy("统一社会信用代码"), lambda row: row.credit_code, shown=False),
    )


def _filters(at: Opened) -> tuple[Filter, ...]:
    def of(column: str, name: str, label: Any, options: list[tuple[str, Any]]) -> Filter:
        def apply(rows: Any, value: str) -> Any:
            wanted = f"r.{column} is null" if value == "-" else f"r.{column} = {text(value)}"
            return rows.having(wanted)

        return Filter(name, label, [*options, ("-", words.UNKNOWN)], apply)

    countries = [(code, words.country(code)) for code, _n in organisations.choices(at, "country")[:_COUNTRIES]]
    provinces = [(name, name) for name, _n in organisations.choices(at, "province")[:_PLACES]]
    cities = [(name, name) for name, _n in organisations.choices(at, "city")[:_PLACES]]
    return (
        of("kind", "kind", gettext_lazy("类型"), [(code, said(pair)) for code, pair in words.KINDS.items()]),
        of("country", "country", gettext_lazy("国别"), countries),
        of("province", "province", gettext_lazy("省份"), provinces),
        of("city", "city", gettext_lazy("哪座城市"), cities),
    )


def _in_roster(rosters: Sequence[Roster]) -> Filter:
    """What stands in one of these rosters."""
    by_key = {str(each.pk): each for each in rosters}
    return Filter(
        "roster", gettext_lazy("名单"), [(key, each.name) for key, each in by_key.items()],
        lambda rows, value: rows.picked(keeping.keys_of(by_key[value])),
    )  # fmt: skip


def _batch(request: ActorRequest, at: Opened, kind: str, rosters: Sequence[Roster]) -> dict[str, Any]:
    """What the batch bar of a list asks: into which roster."""
    fillable = [each for each in rosters if keeping.changes(request.actor, each)]
    return {"batch": "evidence/rosters/batch.html", "roster_kind": kind, "rosters": fillable}


def _into_roster(at: Opened) -> BatchAction:
    return BatchAction("evidence-roster-add", ("加入名单", "Add to the roster"), args=(at.row.pk,))


def _called(found: Any, asked: str, level: Level) -> Any:
    return organisations.called(found, asked, level)


@require_GET
@on_release
def organisation_list(request: ActorRequest, at: Opened) -> HttpResponse:
    """Organisations of a release, by any spelling."""
    level = level_of(request)
    rows = organisations.listed(at, level)
    rosters = list(keeping.of_lake(request.actor, at.row, "organisation"))
    listing = Listing(
        request, cast(Any, rows), _columns(at, level), name="organisations", order="-simple_family",
        filters=(*_filters(at), _in_roster(rosters)), actions=[_into_roster(at)] if level == "entity" else (),
        search=Search(gettext_lazy("任一写法"), lambda found, asked: _called(found, asked, level)),
        synthetic_of=lambda row: False,
        empty=("导入并构建后，申请人列在这里。", "Applicants stand here once files are imported and built."),
    )  # fmt: skip
    views = [(_("法人"), listing.address(level=None), level == "entity"),
             (_("集团"), listing.address(level="group"), level == "group")]  # fmt: skip
    context = {**frame(request, at), "title": _("机构"), "views": views, "foot": _organisation_foot(at)}
    context |= _batch(request, at, "organisation", rosters)
    return listing.answer("evidence/identity/list.html", context)


def _organisation_foot(at: Opened) -> list[str]:
    return [
        _("件数按全部年份、整件计；共同申请各计一次"),
        _("所在地取其独自申请的公开文献中最常见的地址，未知者另列"),
        at.id,
    ]


_PEOPLE = (
    Column("first", gettext_lazy("首年"), lambda row: row.first_year, sort="first_year", number=True),
    Column("last", gettext_lazy("末年"), lambda row: row.last_year, sort="last_year", number=True),
)


@require_GET
@on_release
def people_list(request: ActorRequest, at: Opened) -> HttpResponse:
    """Persons named as inventors, by any spelling."""

    def name(row: Any) -> Linked:
        other = row.name_en if row.name != row.name_en else row.name_zh
        return Linked(row.name, links.page(at, "evidence-person", row.pk), other or "")

    def employer(row: Any) -> Linked | None:
        if row.organisation_id is None:
            return None
        return Linked(row.organisation, links.page(at, "evidence-organisation", row.organisation_id))

    columns = (
        Column("name", gettext_lazy("姓名"), name, sort="name", fixed=True),
        Column("organisation", gettext_lazy("最常见的申请人"), employer, sort="organisation"),
        Column("organisations", gettext_lazy("申请人数"), lambda row: row.organisations, sort="organisations",
               number=True),
        Column("spellings", gettext_lazy("写法数"), lambda row: row.spellings, sort="spellings", number=True),
        Column("applications", words.UNITS["application"], lambda row: _items(row.applications), sort="applications",
               number=True),
        Column("mentions", words.UNITS["publication"], lambda row: _items(row.mentions), sort="mentions", number=True,
               shown=False),
        *_PEOPLE,
    )  # fmt: skip
    rows: EngineRows = people.listed(at)
    rosters = list(keeping.of_lake(request.actor, at.row, "inventor"))
    listing = Listing(
        request, cast(Any, rows), columns, name="people", order="-applications", filters=[_in_roster(rosters)],
        actions=[_into_roster(at)],
        search=Search(gettext_lazy("任一写法"), lambda found, asked: cast(Any, people.called(cast(Any, found), asked))),
        synthetic_of=lambda row: False,
        empty=("导入并构建后，发明人列在这里。", "Inventors stand here once files are imported and built."),
    )  # fmt: skip
    foot = [_("只用已公布专利中的信息；同名不归并，归并依据逐条列出"), at.id]
    context = {**frame(request, at), "title": _("发明人"), "foot": foot, **_batch(request, at, "inventor", rosters)}
    return listing.answer("evidence/identity/list.html", context)
