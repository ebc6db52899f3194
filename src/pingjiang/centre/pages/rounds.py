"""What the site does by the clock, for its administrators: when each duty was done last, how it went, when it comes."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from pingjiang.centre.accounts.membership import manages_all
from pingjiang.centre.casework import history
from pingjiang.centre.pages.lists import Column, Linked, Listing, Marked
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import said
from pingjiang.centre.rounds import duties, keeper
from pingjiang.centre.rounds.duties import Every
from pingjiang.centre.rounds.models import Turn


def duty_label(turn: Turn) -> str:
    """A duty in words; its name where this program does not have it."""
    duty = duties.known().get(turn.name)
    return said(duty.words) if duty else turn.name


def _rhythm(turn: Turn) -> str | None:
    duty = duties.known().get(turn.name)
    if duty is None:
        return None
    if not isinstance(duty.rhythm, Every):
        return _("每日 %(at)s") % {"at": duty.rhythm.at.strftime("%H:%M")}
    if duty.rhythm.seconds < 60:
        return _("每 %(n)s 秒") % {"n": int(duty.rhythm.seconds)}
    return _("每 %(n)s 分钟") % {"n": int(duty.rhythm.seconds // 60)}


def state(turn: Turn) -> Marked:
    """How it stands."""
    if turn.lease is not None:
        return Marked(_("进行中"), "run")
    if turn.failures:
        return Marked(_("连续失败 %(n)s 次") % {"n": turn.failures}, "bad")
    return Marked(_("还没有做过")) if turn.ended_at is None else Marked(_("正常"), "ok")


def _minute(value: datetime.datetime | None) -> str | None:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S") if value else None


_COLUMNS = [
    Column("name", gettext_lazy("定时事务"), lambda row: Linked(duty_label(row), reverse("duty", args=[row.name])),
           sort="name", fixed=True),
    Column("rhythm", gettext_lazy("频度"), _rhythm),
    Column("ended", gettext_lazy("上次完成"), lambda row: _minute(row.ended_at), sort="ended_at"),
    Column("said", gettext_lazy("结果"), lambda row: said((row.said_zh, row.said_en))),
    Column("due", gettext_lazy("下次"), lambda row: _minute(row.due_at), sort="due_at"),
    Column("state", gettext_lazy("状态"), state, sort="failures"),
]  # fmt: skip


@require_GET
@for_actor
def rounds(request: ActorRequest) -> HttpResponseBase:
    """All duties."""
    if not manages_all(request.actor):
        raise Http404
    listing = Listing(
        request, Turn.objects.all(), _COLUMNS, name="rounds", order="name",
        empty=gettext_lazy("网站的后台进程启动后，列在这里。"),
    )  # fmt: skip
    return listing.answer("pages/list.html", {"title": _("定时事务")})


@require_http_methods(["GET", "POST"])
@for_actor
def duty(request: ActorRequest, name: str) -> HttpResponseBase:
    """A duty: how it went, with what an error said; a POST has it done now."""
    if not manages_all(request.actor):
        raise Http404
    found = Turn.objects.filter(pk=name).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        with transaction.atomic():
            if keeper.hasten(name):
                history.write("duty hastened", f"duty:{name}", actor=request.actor)
                messages.success(request, _("已安排立即执行"))
        return HttpResponseRedirect(reverse("duty", args=[name]))
    context = {
        "turn": found, "label": duty_label(found), "state": state(found), "rhythm": _rhythm(found),
        "said": said((found.said_zh, found.said_en)), "ended": _minute(found.ended_at), "due": _minute(found.due_at),
        "began": _minute(found.began_at),
    }  # fmt: skip
    return render(request, "pages/rounds/duty.html", context)
