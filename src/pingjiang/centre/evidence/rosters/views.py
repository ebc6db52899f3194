"""Pages of rosters, and what batch bars and pages of what is in one send."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence.framing import frame, on_lake, on_release
from pingjiang.centre.evidence.identity import links, words
from pingjiang.centre.evidence.models import DataLake, Roster, RosterEntry
from pingjiang.centre.evidence.models.identity import KINDS
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rosters import keeping, known
from pingjiang.centre.pages.lists import BatchAction, Column, Linked, Listing, Marked
from pingjiang.centre.pages.requests import ActorRequest, next_of
from pingjiang.centre.pages.words import said

_PICKED = 100  # taken at once: a page of a list
_PAGES = {"organisation": "evidence-organisation", "inventor": "evidence-person", "publication": "evidence-record"}


def page_of(at: Opened, kind: str, key: str) -> str:
    """The page of what stands in a roster."""
    return links.page(at, _PAGES[kind], key)


@require_GET
@on_release
def rosters(request: ActorRequest, at: Opened) -> HttpResponse:
    """The rosters of a lake that the actor sees, and a form for a new one."""
    columns = (
        Column(
            "name", gettext_lazy("名称"),
            lambda row: Linked(f"##{row.name}", links.page(at, "evidence-roster", row.pk)), sort="name", fixed=True,
        ),
        Column("kind", gettext_lazy("内容"), lambda row: said(KINDS[row.kind]), sort="kind"),
        Column("size", gettext_lazy("行数"), lambda row: row.size, sort="size", number=True),
        Column(
            "shared", gettext_lazy("谁可用"), lambda row: _("本单位") if row.shared else _("只有自己"), sort="shared",
        ),
        Column("keeper", gettext_lazy("建立人"), lambda row: row.kept_by.user.name, sort="kept_by__user__name"),
        Column("made", gettext_lazy("建立日期"), lambda row: row.made_at, sort="made_at"),
    )  # fmt: skip
    listing = Listing(
        request, keeping.of_lake(request.actor, at.row), columns, name="rosters", order="name",
        synthetic_of=lambda row: False,
        empty=(
            "建一份名单，如“重点企业”；在机构、发明人、检索结果的列表里勾选后加入。",
            "Make a roster, say of key firms; then pick rows of the lists of organisations, inventors or hits.",
        ),
    )  # fmt: skip
    kinds = [(name, said(pair)) for name, pair in KINDS.items()]
    return listing.answer("evidence/rosters/list.html", {**frame(request, at), "title": _("名单"), "kinds": kinds})


@require_POST
@on_lake
def make(request: ActorRequest, lake: DataLake) -> HttpResponse:
    """A new roster of the actor's own."""
    here = reverse("evidence-rosters", args=[lake.pk])
    try:
        made = keeping.make(
            request.actor, lake, request.POST.get("name", ""), request.POST.get("kind", ""),
            shared=request.POST.get("shared") == "1",
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, said(refused.words))
        return HttpResponseRedirect(here)
    return HttpResponseRedirect(reverse("evidence-roster", args=[lake.pk, made.pk]))


def _mark(row: Any) -> Marked:
    return Marked(_("在本版本中"), "ok") if row.known else Marked(_("本版本中未见"), "none")


def _columns(at: Opened, kind: str) -> tuple[Column, ...]:
    counts = (
        Column("applications", words.UNITS["application"], lambda row: row.applications, sort="applications",
               number=True),
        Column("families", words.UNITS["simple_family"], lambda row: row.families, sort="families", number=True),
    )  # fmt: skip
    return (
        Column(
            "name", gettext_lazy("名称"),
            lambda row: Linked(row.name, page_of(at, kind, row.pk) if row.known else None, row.formerly),
            sort="name", fixed=True,
        ),
        *({"organisation": counts, "inventor": counts[:1]}.get(kind, ())),
        Column("known", gettext_lazy("版本"), _mark, sort="known"),
        Column("by", gettext_lazy("加入人"), lambda row: row.by, sort="by"),
        Column("added", gettext_lazy("加入日期"), lambda row: row.added, sort="added"),
        Column("key", gettext_lazy("编号"), lambda row: row.pk, shown=kind == "publication"),
    )  # fmt: skip


def _entry(row: RosterEntry, told: dict[str, Any] | None) -> SimpleNamespace:
    """An entry by what the release says of it now; beneath stands what it was called when it came, if otherwise."""
    name = row.name if told is None else str(told["name"])
    return SimpleNamespace(
        pk=row.key, name=name, known=told is not None, by=row.added_by.user.name, added=row.added_at,
        formerly="" if name == row.name else _("加入时：%(name)s") % {"name": row.name},
        applications=told and told["applications"], families=told and told["families"],
    )  # fmt: skip


@require_GET
@on_release
def roster(request: ActorRequest, at: Opened, pk: int) -> HttpResponse:
    """What is in a roster, as the release has it."""
    row = access.find(request.actor, Roster, pk=pk, lake=at.row)
    entries = list(row.entries.select_related("added_by__user"))
    told = known.found(at, row.kind, [each.key for each in entries])
    changes = keeping.changes(request.actor, row)
    actions = [BatchAction("evidence-roster-remove", ("移出名单", "Take out"), False, (at.row.pk, row.pk))]
    listing = Listing(
        request, [_entry(each, told.get(each.key)) for each in entries], _columns(at, row.kind), name="roster",
        order="name", actions=actions if changes else (), synthetic_of=lambda _row: at.row.synthetic,
        notes=(f"{at.row.name_zh} {at.id}",),
        empty=("在列表里勾选，或在各自的页上加入。", "Pick rows of a list, or add from a page."),
    )  # fmt: skip
    context = {
        **frame(request, at), "title": f"##{row.name}", "roster": row, "kind_said": said(KINDS[row.kind]),
        "owns": keeping.owns(request.actor, row),
        "search_url": links.elsewhere(at, ("evidence-search",), {"q": f"##{row.name}"}) if entries else None,
    }  # fmt: skip
    return listing.answer("evidence/rosters/roster.html", context)


@require_POST
@on_release
def add(request: ActorRequest, at: Opened) -> HttpResponse:
    """Put what was picked into a roster, or into a new one of this name; what the release does not know is left out."""
    back = next_of(request, reverse("evidence-rosters", args=[at.row.pk]))
    kind, number = request.POST.get("kind", ""), request.POST.get("roster", "")
    if kind not in KINDS:
        raise Http404
    told = known.found(at, kind, list(dict.fromkeys(request.POST.getlist("pick")[:_PICKED])))
    try:
        if number:
            row = _fillable(request, at.row, number, kind)
        elif told:
            shared = request.POST.get("shared") == "1"
            row = keeping.make(request.actor, at.row, request.POST.get("roster_name", ""), kind, shared=shared)
        else:
            messages.error(request, _("没有选中任何一行。"))
            return HttpResponseRedirect(back)
        fresh = keeping.add(request.actor, row, {key: str(each["name"]) for key, each in told.items()})
    except Refused as refused:
        messages.error(request, said(refused.words))
    else:
        text = ngettext("加入 ##%(name)s：%(n)s 行", "加入 ##%(name)s：%(n)s 行", fresh)
        messages.success(request, text % {"name": row.name, "n": fresh})
    return HttpResponseRedirect(back)


def _fillable(request: ActorRequest, lake: DataLake, number: str, kind: str) -> Roster:
    """The roster of this number where the actor may fill it; else there is none."""
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    row = access.find(request.actor, Roster, pk=int(number), lake=lake, kind=kind)
    if not keeping.changes(request.actor, row):
        raise Http404
    return row


@require_POST
@on_lake
def remove(request: ActorRequest, lake: DataLake, pk: int) -> HttpResponse:
    """Take what was picked out of a roster."""
    row = access.find(request.actor, Roster, pk=pk, lake=lake)
    if not keeping.changes(request.actor, row):
        raise Http404
    count = keeping.remove(row, request.POST.getlist("pick")[:_PICKED])
    text = ngettext("移出 ##%(name)s：%(n)s 行", "移出 ##%(name)s：%(n)s 行", count)
    messages.success(request, text % {"name": row.name, "n": count})
    return HttpResponseRedirect(next_of(request, reverse("evidence-roster", args=[lake.pk, pk])))


@require_POST
@on_lake
def change(request: ActorRequest, lake: DataLake, pk: int) -> HttpResponse:
    """Share one's own roster, keep it to oneself, or drop it."""
    row = access.find(request.actor, Roster, pk=pk, lake=lake, kept_by=request.actor.membership)
    what = request.POST.get("what", "")
    if what == "drop":
        row.delete()
        return HttpResponseRedirect(reverse("evidence-rosters", args=[lake.pk]))
    if what not in ("share", "keep"):
        raise Http404
    try:
        keeping.share(request.actor, row, shared=what == "share")
    except Refused as refused:
        messages.error(request, said(refused.words))
    return HttpResponseRedirect(reverse("evidence-roster", args=[lake.pk, pk]))
