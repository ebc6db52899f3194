"""The lakes of those who ask."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.casework import access
from pingjiang.centre.evidence.access import FOUNDERS
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import lake_of
from pingjiang.centre.pages.lists import Column, Linked, Listing
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import named
from pingjiang.errors import LakeError


def _release(row: DataLake) -> str | None:
    try:
        found = lake_of(row).current()
    except LakeError:
        return None
    return None if found is None else found.id


_COLUMNS: tuple[Column, ...] = (
    Column(
        "name",
        gettext_lazy("名称"),
        lambda row: Linked(named(row), reverse("evidence-data", args=[row.pk])),
        fixed=True,
        sort="name_zh",
    ),
    Column("owner", gettext_lazy("所有者"), lambda row: named(row.owner), sort="owner__name_zh"),
    Column("release", gettext_lazy("最新版本"), _release),
    Column("made", gettext_lazy("建立日期"), lambda row: row.created_at, sort="created_at"),
)


_EMPTY = (
    "数据湖装导入的专利数据，由中心负责人或主管部门的项目管理员建立；建立后在“数据”页上传文件。",
    "A lake holds imported patent data. A centre manager or a programme officer makes it; its page Data takes files.",
)


@require_GET
@for_actor
def lakes(request: ActorRequest) -> HttpResponse:
    """The lakes that the actor reads."""
    rows = access.visible_to(request.actor, DataLake).select_related("owner")
    primary = ("evidence-new", _("建立数据湖")) if request.actor.role in FOUNDERS else None
    listing: Any = Listing(request, rows, _COLUMNS, name="lakes", order="name", empty=_EMPTY)
    return listing.answer("pages/list.html", {"title": _("数据湖"), "primary": primary})  # type: ignore[no-any-return]
