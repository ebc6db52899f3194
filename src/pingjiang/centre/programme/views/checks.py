"""The formal check: rules run anew on what was handed in, the checklist, waivers, and what was decided."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, clocks
from pingjiang.centre.pages.cases import after_move, click_of, opinion
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.programme.checklist import Item, checklist
from pingjiang.centre.programme.content.reading import attached_in, lines_of, said_in
from pingjiang.centre.programme.content.together import read
from pingjiang.centre.programme.models import Application, ApplicationVersion, CheckRun, Waiver
from pingjiang.centre.programme.rulepack import Line, line_kept, open_of
from pingjiang.centre.programme.rules import running
from pingjiang.centre.programme.seals import standing_seal
from pingjiang.centre.programme.services import checks
from pingjiang.centre.programme.services.applications import hash_shown, title_shown
from pingjiang.centre.programme.views.applications import seals_of
from pingjiang.centre.programme.views.shared import case_parts, mark_of, status_of, why
from pingjiang.centre.programme.workflow import LEADER, OFFICER
from pingjiang.errors import PingjiangError

_READERS = frozenset({"programme_officer", "decision_maker", "steward"})


@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The page of the formal check. Http404 for whoever does not decide, lead or audit."""
    actor = request.actor
    found = access.find(actor, Application, case_id=pk)
    version = found.versions.first()
    if actor.role not in _READERS or version is None:
        raise Http404
    case = found.case
    box = opinion(request, case)
    if box.event is not None:
        return after_move(request, actor, case, box.event)
    status, problem = box.status, ""
    if request.method == "POST" and "act" in request.POST:
        try:
            messages.success(request, _act(request, found, version))
        except (PingjiangError, ValidationError) as error:
            problem, status = why(error), status_of(error)
        else:
            return HttpResponseRedirect(request.path)
    request.synthetic = case.synthetic
    read(found, "seals")
    parties, clock = access.parties(actor, case), running(case)
    content_hash = hash_shown(found, own=False)
    context = {
        **case_parts(actor, case, box), "application": found, "version": version, "problem": problem,
        "title": title_shown(found, own=False),
        **_lines(actor, found, version, content_hash), "items": _items(found, version, request.POST if problem else {}),
        "seals": seals_of(found, content_hash), "content_hash": content_hash,
        "officer": OFFICER in parties and case.state == "submitted",
        "leader": LEADER in parties and case.state == "submitted", "clock": clock,
        "clicks": {"run": uuid.uuid4(), "waive": uuid.uuid4()},
        "reading": clocks.read(clock) if clock is not None else None, "sent": request.POST,
    }  # fmt: skip
    return render(request, "programme/check.html", context, status=status)


def _waivers(actor: Actor, found: Application, lines: list[Line]) -> list[tuple[Waiver, Line]]:
    """Waivers, each with what its rule says now."""
    rules = {line.rule: line for line in lines}
    rows = access.visible_to(actor, Waiver).filter(application=found)
    return [(each, rules[each.rule]) for each in rows.select_related("by__user", "approval__by__user")]


@dataclass(frozen=True)
class Shown:
    """An item, with what stands in its fields: what was just sent where that was refused, else what was kept; and the
    files that it is about, each with its document and version."""

    item: Item
    chosen: str
    reason: str
    files: list[tuple[str, int, int]]


def _items(found: Application, version: ApplicationVersion, sent: Mapping[str, str]) -> list[Shown]:
    rows = []
    for item in checklist(found, version):
        kept = "" if item.answer is None else "yes" if item.answer.holds else "no"
        reason = "" if item.answer is None else item.answer.reason
        chosen, why_not = sent.get(f"item-{item.name}", kept), sent.get(f"reason-{item.name}", reason)
        rows.append(Shown(item, chosen, why_not, _files(found, version, item.name)))
    return rows


def _files(found: Application, version: ApplicationVersion, item: str) -> list[tuple[str, int, int]]:
    """What an officer has to open for an item: the stamped scan, the district's letter, the files of a material."""
    if item == "seal":
        seal = found.seals.select_related("scan").first()
        held = [seal.scan] if seal is not None else []
    elif item == "letter":
        row = getattr(found, "recommendation", None)
        held = [row.letter] if row is not None and row.letter is not None else []
    else:
        wanted = item.removeprefix("material:")
        return [(each["file"], each["document"], each["number"]) for each in attached_in(version)
                if each["material"] == wanted]  # fmt: skip
    return [(each.file_name, each.document_id, each.number) for each in held]


def _lines(actor: Actor, found: Application, version: ApplicationVersion, content_hash: str) -> dict[str, Any]:
    """What was found when the rules were last run on this version, and what is open now, with waivers since."""
    run = CheckRun.objects.filter(application=found, version=version).select_related("by__user").first()
    now = lines_of(found, said_in(version), seal=standing_seal(found, content_hash))
    told: list[Line] = [line_kept(row) for row in json.loads(run.outcomes)["outcomes"]] if run is not None else []
    waivable = [line for line in now if line.status == "waivable"]
    return {
        "run": run, "lines": [(line, mark_of(line)) for line in told], "open_lines": open_of(now),
        "waivers": _waivers(actor, found, now), "waivable": waivable,
        "changed": bool(run) and [line.kept() for line in told] != [line.kept() for line in now],
    }  # fmt: skip


def _act(request: ActorRequest, found: Application, version: ApplicationVersion) -> str:
    """What the button that was pressed does."""
    act, actor, sent = request.POST["act"], request.actor, request.POST
    if act == "run":
        _run, lines = checks.run(found, actor, request=click_of(request))
        return _("已按规则逐条核对，%(n)s 条未通过") % {"n": len(open_of(lines))}
    if act == "answer":
        answers = {}
        for item in checklist(found, version):
            chosen = sent.get(f"item-{item.name}", "")
            if chosen in ("yes", "no"):
                answers[item.name] = (chosen == "yes", sent.get(f"reason-{item.name}", ""))
        made = checks.answer(found, actor, answers)
        return _("已记 %(n)s 项") % {"n": len(made)}
    if act == "waive":
        checks.ask_waiver(found, actor, sent.get("rule", ""), sent.get("reason", ""), request=click_of(request))
        return _("已报局领导批准")
    if act == "approve" and sent.get("waiver", "").isdecimal():
        waiver = access.find(actor, Waiver, pk=int(sent["waiver"]), application=found)
        checks.approve_waiver(waiver, actor)
        return _("已批准放宽")
    raise ValidationError([_("没有这一步")])
