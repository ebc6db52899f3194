"""Messages to a person on the site, and what could not be delivered."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, notices
from pingjiang.centre.casework.models import Case, Notice
from pingjiang.centre.pages.lists import Act, Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.places import case_url
from pingjiang.centre.pages.requests import ActorRequest, for_actor, next_of
from pingjiang.centre.pages.words import said


def subject_of(notice: Notice) -> str:
    """What it is about."""
    return said((notice.subject_zh, notice.subject_en))


def _inbox_columns() -> list[Column]:
    return [
        Column("subject", gettext_lazy("消息"),
               lambda row: Linked(subject_of(row), reverse("notice", args=[row.pk])), fixed=True),
        Column("case", gettext_lazy("案件"), lambda row: row.case.number if row.case else None, sort="case__number"),
        Column("at", gettext_lazy("时间"), lambda row: row.created_at, sort="created_at"),
        Column("read", gettext_lazy("状态"),
               lambda row: Marked(_("已读")) if row.read_at else Marked(_("未读"), "warn"), sort="read_at"),
        Column("mark", "", _mark, act=True),
    ]  # fmt: skip


def _mark(row: Notice) -> Act | None:
    return None if row.read_at else Act(_("标为已读"), reverse("notices-read"), "notice", str(row.pk))


def _unread(rows: QuerySet[Notice], value: str) -> QuerySet[Notice]:
    return rows.filter(read_at__isnull=value == "no")


def _words(rows: QuerySet[Notice], words: str) -> QuerySet[Notice]:
    return rows.filter(Q(subject_zh__icontains=words) | Q(subject_en__icontains=words))


@require_GET
@for_actor
def inbox(request: ActorRequest) -> HttpResponseBase:
    """Messages to this person, the latest first."""
    listing = Listing(
        request, notices.inbox(request.actor).select_related("case"), _inbox_columns(), name="notices", order="-at",
        filters=[Filter("read", gettext_lazy("状态"), [("no", gettext_lazy("未读")), ("yes", gettext_lazy("已读"))],
                        _unread)],
        search=Search(gettext_lazy("消息"), _words), empty=gettext_lazy("案件有进展、有事项交办给您时，消息列在这里。"),
        synthetic_of=lambda row: bool(row.case and row.case.synthetic),
    )  # fmt: skip
    context = {"title": _("消息"), "unread": notices.unread(request.actor).count()}
    return listing.answer("pages/notices/inbox.html", context)


@require_GET
@for_actor
def notice(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A message to this person."""
    found = access.one(notices.inbox(request.actor).select_related("case"), pk=pk)
    case = found.case
    seen = case is not None and access.visible_to(request.actor, Case).filter(pk=case.pk).exists()
    request.synthetic = bool(case and case.synthetic)
    context = {
        "notice": found, "subject": subject_of(found), "body": said((found.body_zh, found.body_en)),
        "url": case_url(case) if case and seen else None,
    }  # fmt: skip
    return render(request, "pages/notices/notice.html", context)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


@require_POST
@for_actor
def read(request: ActorRequest) -> HttpResponseBase:
    """Note that one message was read, or all."""
    asked = request.POST.get("notice", "")
    chosen = None if asked == "all" else [access.one(notices.inbox(request.actor), pk=_number(asked)).pk]
    count = notices.read(request.actor, chosen)
    if asked == "all":
        messages.success(request, ngettext("%(n)s 条标为已读", "%(n)s 条标为已读", count) % {"n": count})
    return HttpResponseRedirect(next_of(request, reverse("notices")))


def may_retry(actor: Actor) -> bool:
    """Whether an actor may have messages sent again."""
    return actor.role == "steward"


def _state(row: Notice) -> Marked:
    return Marked(_("已放弃"), "bad") if row.state == "gave_up" else Marked(_("待再试"), "warn")


def _minute(value: datetime.datetime) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def _retry(row: Notice) -> Act:
    return Act(_("重发"), reverse("notices-retry"), "notice", str(row.pk))


@require_GET
@for_actor
def undelivered(request: ActorRequest) -> HttpResponseBase:
    """What was not delivered: all for a steward, for others that of the cases they see."""
    actor, rows = request.actor, notices.undelivered(request.actor)
    seen = set(access.visible_to(actor, Case).filter(pk__in=rows.values("case")).values_list("pk", flat=True))

    def case_cell(row: Notice) -> Linked | None:
        if row.case is None:
            return None
        return Linked(row.case.number, case_url(row.case) if row.case.pk in seen else None)

    columns = [
        Column("subject", gettext_lazy("消息"), lambda row: Linked(subject_of(row), None, row.problem), fixed=True),
        Column("to", gettext_lazy("收件人"), lambda row: row.to.name, sort="to__name"),
        Column("case", gettext_lazy("案件"), case_cell, sort="case__number"),
        Column("attempts", gettext_lazy("已试"), lambda row: str(row.attempts), sort="attempts", number=True),
        Column("next", gettext_lazy("下次"), lambda row: None if row.state == "gave_up" else _minute(row.next_try_at),
               sort="next_try_at"),
        Column("at", gettext_lazy("写成"), lambda row: row.created_at, sort="created_at"),
        Column("state", gettext_lazy("状态"), _state, sort="state"),
    ]  # fmt: skip
    if may_retry(actor):
        columns.append(Column("retry", "", _retry, act=True))
    listing = Listing(
        request, rows, columns, name="undelivered", order="-at",
        filters=[Filter("state", gettext_lazy("状态"),
                        [("failed", gettext_lazy("待再试")), ("gave_up", gettext_lazy("已放弃"))],
                        lambda rows, value: rows.filter(state=value))],
        search=Search(gettext_lazy("消息"), _words), empty=gettext_lazy("邮件寄不出去时，连同原因列在这里。"),
        synthetic_of=lambda row: bool(row.case and row.case.synthetic),
    )  # fmt: skip
    context = {"title": _("未送达"), "may_retry": may_retry(actor) and listing.total}
    return listing.answer("pages/notices/undelivered.html", context)


@require_POST
@for_actor
def retry(request: ActorRequest) -> HttpResponseBase:
    """Put one message, or all that were not delivered, into the outbox again."""
    if not may_retry(request.actor):
        raise Http404
    asked, rows = request.POST.get("notice", ""), notices.undelivered(request.actor)
    chosen = list(rows) if asked == "all" else [access.one(rows, pk=_number(asked))]
    for row in chosen:
        notices.try_again(row, request.actor)
    count = len(chosen)
    messages.success(request, ngettext("%(n)s 封重新排队", "%(n)s 封重新排队", count) % {"n": count})
    return HttpResponseRedirect(next_of(request, reverse("undelivered")))
