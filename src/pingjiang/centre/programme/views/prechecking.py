"""Before writing: the conditions checked against the rules; then an application begun."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access
from pingjiang.centre.pages.cases import click_of
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.programme.content.open import Open
from pingjiang.centre.programme.content.specs import Step
from pingjiang.centre.programme.content.steps import fact_part
from pingjiang.centre.programme.models import Application, Call, CallTrack, PreCheck
from pingjiang.centre.programme.rulepack import PRECHECK, asked_fields, facts_of, held_up, outcomes, pack_of
from pingjiang.centre.programme.services import applications
from pingjiang.centre.programme.views.fields import posted, shown_step
from pingjiang.centre.programme.views.shared import mark_of, millis, why
from pingjiang.errors import PingjiangError
from pingjiang.rulebook.policies import Pack

_NAME = "stated"
_LONGEST = 20_000


def _form_of(pack: Pack, track: str) -> Step:
    parts = tuple(fact_part(field) for field in asked_fields(pack, track, PRECHECK))
    return Step(_NAME, ("条件自查", "Conditions"), "facts", parts)


def _opened(request: ActorRequest, pk: int, track: str) -> CallTrack:
    """A track of a call that is published. Http404 for whoever does not apply."""
    call = access.find(request.actor, Call, case_id=pk)
    if not applications.may_apply(request.actor) or call.case.state != "open":
        raise Http404
    return applications.track_of(call, track)


@for_actor
def check(request: ActorRequest, pk: int, track: str) -> HttpResponseBase:
    """State what is so, and see what each rule says of it, with its clause. Nothing is bound by it."""
    row = _opened(request, pk, track)
    pack = pack_of(row)
    step, problem = _form_of(pack, track), ""
    last = access.visible_to(request.actor, PreCheck).filter(call=row.call, track=track, pack=row.pack).first()
    content: Mapping[str, Any] = json.loads(last.facts) if last is not None else {}
    if request.method == "POST":
        content = posted(step, request.POST)
        if len(json.dumps(content, ensure_ascii=False)) > _LONGEST:
            problem = _("所填过长，请精简")
        else:
            try:
                applications.precheck(row.call, request.actor, track, content)
            except (PingjiangError, ValidationError) as error:
                problem = why(error)
            else:
                return HttpResponseRedirect(f"{request.path}#outcomes")
    facts, wrong = facts_of(asked_fields(pack, track, PRECHECK), content)
    found = [Open(_NAME, words, name) for name, words in wrong.items()]
    lines = outcomes(pack, facts, track, PRECHECK) if content else []
    request.synthetic = row.call.case.synthetic
    context = {
        "call": row.call, "row": row, "track": TRACKS[track], "pack": pack, "problem": problem, "last": last,
        "shown": shown_step(step, content, 0, found), "lines": [(line, mark_of(line)) for line in lines],
        "held_up": len(held_up(lines)), "takes": row.call.takes(timezone.now()), **_begin_parts(request, row),
    }  # fmt: skip
    return render(request, "programme/precheck.html", context, status=422 if problem else 200)


def _begin_parts(request: ActorRequest, row: CallTrack) -> dict[str, Any]:
    """What the box shows that begins an application: earlier ones to be copied, the time of the server."""
    now = timezone.now()
    older = access.visible_to(request.actor, Application).filter(
        case__owner=request.actor.organisation, case__track=row.track
    )
    return {
        "older": older.select_related("case", "call").order_by("-pk")[:20], "request_id": uuid.uuid4(),
        "server_now": now, "server_millis": millis(now), "opens_millis": millis(row.call.opens_at),
        "closes_millis": millis(row.call.closes_at),
    }  # fmt: skip


@for_actor
def begin(request: ActorRequest, pk: int, track: str) -> HttpResponseBase:
    """Begin an application: with what the last pre-check stated, and the texts of an older one where that is wished."""
    row = _opened(request, pk, track)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("call-check", args=[pk, track]))
    title = request.POST.get("title", "").strip()
    copied = request.POST.get("copy", "")
    last = access.visible_to(request.actor, PreCheck).filter(call=row.call, track=track).first()
    try:
        older = access.find(request.actor, Application, pk=int(copied)) if copied.isdecimal() else None
        made = applications.begin(
            row.call, request.actor, track, title, precheck=last, copied=older, request=click_of(request)
        )
    except (PingjiangError, ValidationError) as error:
        context = {"call": row.call, "track": TRACKS[track], "row": row, "problem": why(error), "title": title}
        return render(request, "programme/begin.html", {**context, **_begin_parts(request, row)}, status=422)
    return HttpResponseRedirect(reverse("application", args=[made.case_id]))
