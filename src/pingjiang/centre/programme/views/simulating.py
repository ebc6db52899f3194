"""Other thresholds tried on past and present applications."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.programme.models import Application, Call
from pingjiang.centre.programme.rulepack import pack_of
from pingjiang.centre.programme.services.applications import track_of
from pingjiang.centre.programme.services.calls import WRITERS
from pingjiang.centre.programme.simulating import ask, thresholds_of
from pingjiang.centre.programme.views.shared import LOOKS, mark_of

_MOST = 2000  # applications that are asked at once


@require_GET
@for_actor
def simulate(request: ActorRequest, pk: int, track: str) -> HttpResponse:
    """Which applications would turn. For the bureau of the call, of applications that it sees; nothing is changed."""
    actor = request.actor
    call = access.find(actor, Call, case_id=pk)
    if actor.role not in WRITERS or call.case.owner != actor.organisation:
        raise Http404
    row = track_of(call, track)
    pack = pack_of(row)
    typed = {name: request.GET.get(f"to-{name}", "")[:30] for name in {rule.id for rule in pack.rules}}
    changed = thresholds_of(pack, track, typed)
    seen = access.visible_to(actor, Application).filter(pack=row.pack, case__track=track, submitted_at__isnull=False)
    rows = seen.select_related("case__owner", "call").order_by("-pk")[:_MOST]
    answer = ask(row, list(rows), changed)
    turned = [] if answer is None else [(each, mark_of(each.before), mark_of(each.after)) for each in answer.turned]
    verdicts = [
        (words[:2], answer.before.get(name, 0), answer.after.get(name, 0))
        for name, words in LOOKS.items()
        if answer is not None and (name in answer.before or name in answer.after)
    ]
    request.synthetic = call.case.synthetic or any(each.application.case.synthetic for each, *_marks in turned)
    context = {
        "call": call, "track": TRACKS[track], "pack": pack, "thresholds": changed, "answer": answer, "turned": turned,
        "verdicts": verdicts,
    }  # fmt: skip
    return render(request, "programme/simulate.html", context)
