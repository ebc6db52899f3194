"""The list of the register of firms."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.evidence.framing import frame, on_release
from pingjiang.centre.evidence.identity import links, words
from pingjiang.centre.evidence.identity import register as told
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import text
from pingjiang.centre.pages.lists import Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.requests import ActorRequest

_KNOWN = {"no": "r.organisation_id is null", "yes": "r.organisation_id is not null"}


def _called(rows: Any, asked: str) -> Any:
    wanted = text(asked.lower())
    return rows.having(
        f"contains(lower(r.name), {wanted}) or r.credit_code = upper({wanted}) "
        f"or list_bool_or(list_transform(coalesce(r.former_names, []), lambda x: contains(lower(x), {wanted})))"
    )


@require_GET
@on_release
def register(request: ActorRequest, at: Opened) -> HttpResponse:
    """Firms of the register; first of all those that no applicant is."""

    def name(row: Any) -> Linked:
        page = None if row.organisation_id is None else links.page(at, "evidence-organisation", row.organisation_id)
        former = "；".join(row.former_names or ())
        return Linked(row.name, page, _("曾用名：%(names)s") % {"names": former} if former else "")

    columns = (
        Column("name", gettext_lazy("名称"), name, sort="name", fixed=True),
        Column("code", gettext_lazy("统一社会信用代码"), lambda row: row.credit_code, sort="credit_code"),
        Column("kind", gettext_lazy("类型"), lambda row: words.kind(row.kind), sort="kind"),
        Column(
            "place", gettext_lazy("所在地"),
            lambda row: " · ".join(part for part in (row.province, row.city, row.district) if part), sort="city",
        ),
        Column("year", gettext_lazy("年份"), lambda row: row.year, sort="year", number=True),
        Column(
            "met", gettext_lazy("申请人"),
            lambda row: Marked(_("有"), "ok") if row.organisation_id else Marked(_("未见"), "none"),
            sort="organisation_id",
        ),
        Column(
            "conflicts", gettext_lazy("说法不一"),
            lambda row: Marked(str(row.conflicts), "warn") if row.conflicts else None, sort="conflicts", number=True,
        ),
        Column("source", gettext_lazy("来源地址"), lambda row: row.source_row, shown=False),
    )  # fmt: skip
    listing = Listing(
        request, cast(Any, told.listed(at)), columns, name="register", order="name",
        filters=(
            Filter(
                "met", gettext_lazy("申请人"),
                [("no", gettext_lazy("未见于申请人")), ("yes", gettext_lazy("是申请人"))],
                lambda rows, value: cast(Any, rows).having(_KNOWN[value]),
            ),
        ),
        search=Search(gettext_lazy("名称、曾用名或代码"), _called),
        synthetic_of=lambda row: False,
        empty=(
            "导入企业名录（含统一社会信用代码与名称的表）并构建后，单位列在这里。",
            "Firms stand here once a register (a table with credit codes and names) is imported and built.",
        ),
    )  # fmt: skip
    foot = [_("单位为家，不与专利件数相加；各年条目以最近一年为准，不一致者逐项列于机构页"), at.id]
    return listing.answer("evidence/identity/list.html", {**frame(request, at), "title": _("企业名录"), "foot": foot})
