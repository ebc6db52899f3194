"""Thresholds of a pack, changed for a question: which applications would turn. Asked by GET; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pingjiang.centre.pages.cases import state_mark
from pingjiang.centre.pages.lists import Marked
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.content.numbers import Untyped, number_of
from pingjiang.centre.programme.services import simulating
from pingjiang.centre.programme.services.simulating import Answer, Threshold
from pingjiang.centre.programme.views.shared import LOOKS
from pingjiang.centre.programme.workflow import APPLICATION
from pingjiang.rulebook.policies import Pack, Quantity, Turned, load_policies
from pingjiang.rulebook.policies.model import Status

_STATUSES: tuple[Status, ...] = ("fail", "unknown", "waivable", "expert", "pass")


@require_GET
@for_actor
def page(request: ActorRequest) -> HttpResponse:
    """Thresholds, and what comes out where some are changed."""
    if not simulating.may_simulate(request.actor):
        raise Http404
    packs = _packs()
    chosen = request.GET.get("pack", "")
    pack = next((each for each in packs if _key(each) == chosen), packs[0] if packs else None)
    if pack is None:
        raise Http404
    rows = simulating.thresholds_of(pack)
    changes, wrong = _changes(request.GET, rows)
    answer = simulating.ask(request.actor, pack, changes) if changes and not wrong else None
    if answer is not None:
        request.synthetic = any(each.application.case.synthetic for each in answer.changes)
    context = {
        "packs": [(_key(each), f"{each.number} · {each.version}") for each in packs], "pack": pack,
        "chosen": _key(pack),
        "thresholds": [(row, request.GET.get(f"t-{row.rule}", f"{row.value:f}"), row.rule in changes) for row in rows],
        "wrong": wrong, "answer": answer, "asked": bool(changes), "counts": _counts(answer), "rows": _rows(answer),
    }  # fmt: skip
    return render(request, "programme/simulation.html", context, status=422 if wrong else 200)


def _packs() -> list[Pack]:
    """Versions of packs that hold thresholds, the newest of each policy first."""
    found = [pack for versions in load_policies().values() for pack in reversed(versions)]
    return [pack for pack in found if pack.sections and simulating.thresholds_of(pack)]


def _key(pack: Pack) -> str:
    return f"{pack.id}:{pack.version}"


def _changes(sent: Mapping[str, str], rows: list[Threshold]) -> tuple[dict[str, Quantity], list[str]]:
    """Thresholds that are not those of the pack; and what is no number."""
    changes: dict[str, Quantity] = {}
    wrong: list[str] = []
    for row in rows:
        text = sent.get(f"t-{row.rule}", "").strip()
        if not text:
            continue
        try:
            value = number_of(text)
        except Untyped as error:
            wrong.append(f"{said(row.label)}: {said(error.words)}")
            continue
        if value != row.value:
            changes[row.rule] = Quantity(value, row.unit)
    return changes, wrong


def _counts(answer: Answer | None) -> list[tuple[Marked, int, int]]:
    """How many had which verdict, before and after."""
    if answer is None:
        return []
    before, after = answer.simulation.before, answer.simulation.after
    return [
        (_mark(status), before.get(status, 0), after.get(status, 0))
        for status in _STATUSES
        if status in before or status in after
    ]


def _mark(status: str) -> Marked:
    zh, en, kind = LOOKS[status]
    return Marked(said((zh, en)), kind)


@dataclass(frozen=True)
class Row:
    """A rule that turns for an application."""

    application: Any
    state: Marked
    turned: Turned
    before: Marked
    after: Marked
    title: str
    value: str
    verdict: str


def _rows(answer: Answer | None) -> list[Row]:
    found = []
    for change in answer.changes if answer is not None else ():
        for each in change.turned:
            old, new = each.outcome_before, each.outcome_after
            turns = each.verdict_before != each.verdict_after
            words = f"{_mark(each.verdict_before)} → {_mark(each.verdict_after)}" if turns else _("整体结论不变")
            found.append(
                Row(
                    change.application, state_mark(APPLICATION, change.application.case.state), each,
                    _mark(each.before), _mark(each.after), said((old.title_zh, old.title_en)),
                    said((new.shown_zh, new.shown_en)), words,
                )
            )  # fmt: skip
    return found
