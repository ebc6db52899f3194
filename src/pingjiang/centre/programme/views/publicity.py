"""Public notices and final lists, for everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access, clocks
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.documents.views import hand_out
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.deciding import effects
from pingjiang.centre.programme.deciding.access import SHOWN, public
from pingjiang.centre.programme.models import Decision, RecalledNotice

_PAGE = 20


@login_not_required
@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """Notices and final lists, the latest first; a notice that was recalled by the day on which it was."""
    last = RecalledNotice.objects.filter(decision=OuterRef("pk")).values("on")[:1]
    rows = public().annotate(recalled_on=Subquery(last)).annotate(shown_on=Coalesce("notice_from", "recalled_on"))
    rows = rows.select_related("case__owner", "call__case").order_by("-shown_on", "-pk")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    tracks = {row.pk: said(TRACKS[row.case.track]) for row in page.object_list}
    shown = [(row, tracks[row.pk]) for row in page.object_list]
    return render(request, "programme/public_decisions.html", {"page": page, "rows": shown})


@login_not_required
@require_GET
def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: names and amounts as decided, days, how to object. Of a notice that was recalled no amounts: that
    it holds no more, since when, and for which."""
    found = access.one(public().select_related("case__owner", "call__case"), case_id=pk)
    earlier = found.recalled_notices.select_related("session").first()
    stands = found.case.state in SHOWN
    rows = effects.verdicts_of(found) if stands else effects.verdicts_in(earlier.session) if earlier else []
    rows = [each for each in rows if each.amount is not None]
    today = timezone.localdate()
    until = found.notice_until
    context = {
        "decision": found, "case": found.case, "rows": rows, "total": sum(each.amount or 0 for each in rows),
        "track": said(TRACKS[found.case.track]), "paper": _paper(found), "final": found.case.state == "final",
        "takes": found.takes_objections(today), "stands": stands, "earlier": earlier,
        "left": clocks.working_days_between(today, until) if until is not None and until > today else 0,
    }  # fmt: skip
    return render(request, "programme/public_decision.html", context)


@login_not_required
@require_GET
def public_paper(request: HttpRequest, pk: int) -> FileResponse:
    """Its paper as PDF: the notice, then the final list. Http404 while neither stands."""
    found = access.one(public().select_related("case"), case_id=pk)
    paper = _paper(found)
    if paper is None:
        raise Http404
    return hand_out(paper.pdf, f"{paper.title}.pdf")


def _paper(decision: Decision) -> Paper | None:
    name = effects.FINAL if decision.case.state == "final" else effects.NOTICE
    return Paper.objects.filter(case=decision.case_id, name=name, recall__isnull=True).first()
