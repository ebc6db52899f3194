"""The queue of pairs in doubt: one pair, three equal answers, the next at once; undone as quickly."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.evidence.access import works_on
from pingjiang.centre.evidence.framing import frame, on_lake, on_release
from pingjiang.centre.evidence.identity import links, measuring, words
from pingjiang.centre.evidence.identity import review as pairs
from pingjiang.centre.evidence.identity.beside import columns
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import Opened, opened
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import refusal, said
from pingjiang.errors import PingjiangError
from pingjiang.judging.measured import Judged
from pingjiang.judging.pairs import Pair

_KEPT = 50  # answers that can be taken back one after the other
_NEXT = 6  # pairs that are announced


@require_GET
@on_release
def review(request: ActorRequest, at: Opened) -> HttpResponse:
    """A pair in doubt with the facts of both sides. Who does not work on the lake sees it and cannot answer."""
    asked = pairs.asked(request.GET.dict())
    here = frame(request, at)
    try:
        every = pairs.queue(at, asked.level)
        waiting = pairs.waiting(at)
        told = measuring.judged(at, asked.level, every)
    except PingjiangError as error:
        return render(request, "evidence/identity/review.html", {**here, "broken": refusal(error)}, status=503)
    queue = every.part(asked)
    wanted = request.GET.get("pair", "")
    place = queue.place(wanted) if wanted else (0 if queue.pairs else None)
    pair = queue.pairs[place] if place is not None else pairs.pair_of(at, asked.level, wanted) if wanted else None
    context: dict[str, Any] = {
        **here, "level": asked.level, "asked": asked, "queue": queue, "pair": pair, "waiting": waiting,
        "place": None if place is None else place + 1,
        "levels": [(said(label), links.page(at, "evidence-review", level=name), name == asked.level)
                   for name, label in words.LEVELS.items()],
        "verdicts": [("same", said(words.VERDICTS["same"]), "s"), ("different", said(words.VERDICTS["different"]), "d"),
                     ("unsure", said(words.VERDICTS["unsure"]), "u")],
        "undoable": bool(_answers(request, at.row)), **_line(every, asked, told),
    }  # fmt: skip
    if pair is not None:
        context |= _before(at, asked, queue, pair, -1 if place is None else place)
    return render(request, "evidence/identity/review.html", context)


def _line(every: pairs.Queue, asked: pairs.Asked, told: list[Judged]) -> dict[str, Any]:
    """The line between joining and not: pairs on either side of it, and what was measured."""
    joined, doubted = (round(100 * score) for score in pairs.line(asked.level))
    return {
        "joined": joined, "doubted": doubted, "sides": measuring.sides(every, asked, told),
        "measures": measuring.measures(told, asked.low or doubted),
    }  # fmt: skip


def _before(at: Opened, asked: pairs.Asked, queue: pairs.Queue, pair: Pair, around: int) -> dict[str, Any]:
    """What stands beside a pair: its facts, and where it goes on."""
    follows = queue.pairs[around + 1 : around + 1 + _NEXT]
    page = partial(links.page, at, "evidence-review", **asked.words)
    return {
        "facts": columns(at, pairs.facts(at, pair)),
        "score": pairs.percent(pair),
        "follows": [(each, page(pair=each.row_id)) for each in follows],
        "after": follows[0].row_id if follows else "",
        "before_url": page(pair=queue.pairs[around - 1].row_id) if around > 0 else "",
        "hangs": _hangs(pair.level, pair.families),
    }


def _hangs(level: str, count: int) -> str:
    if level == "inventor":
        return ngettext("涉及 %(n)s 件申请", "涉及 %(n)s 件申请", count) % {"n": count}
    return ngettext("涉及 %(n)s 项同族", "涉及 %(n)s 项同族", count) % {"n": count}


def _answers(request: ActorRequest, row: DataLake) -> list[dict[str, Any]]:
    return list(request.session.get(f"evidence_answers_{row.pk}", []))


def _keep(request: ActorRequest, row: DataLake, answers: list[dict[str, Any]]) -> None:
    request.session[f"evidence_answers_{row.pk}"] = answers[-_KEPT:]


def _worked(request: ActorRequest, row: DataLake) -> None:
    """Only who works on the lake changes it; for others the page is not there."""
    if not works_on(request.actor, row):
        raise Http404


def _opened(request: ActorRequest, row: DataLake) -> Opened:
    try:
        return opened(row, request.POST.get("release") or None)
    except PingjiangError as error:
        raise Http404 from error


@require_POST
@on_lake
def judge(request: ActorRequest, row: DataLake) -> HttpResponse:
    """Take an answer, with the person's name, and show the next pair."""
    _worked(request, row)
    at, asked = _opened(request, row), pairs.asked(request.POST.dict())
    pair = pairs.pair_of(at, asked.level, request.POST.get("pair", ""))
    if pair is None:
        raise Http404
    try:
        told = pairs.judge(
            at, pair, request.POST.get("verdict", ""), who=request.actor.user.name, why=request.POST.get("why", ""),
            drawn=asked.drawn and asked.whole,
        )  # fmt: skip
    except PingjiangError as error:
        messages.error(request, refusal(error))
        return HttpResponseRedirect(links.page(at, "evidence-review", **asked.words, pair=pair.row_id))
    if told.added:
        ids = [each.judgement_id for each in told.added]
        answer = {"ids": ids, "asked": asked.words, "pair": pair.row_id}
        _keep(request, row, [*_answers(request, row), answer])
    for conflict in told.conflicts:
        messages.warning(request, _("与已有判断矛盾，“不同”暂时有效：%(text)s") % {"text": conflict.text()})
    after = request.POST.get("after", "")
    return HttpResponseRedirect(
        links.page(at, "evidence-review", **asked.words, pair=_still(at, asked.level, after))
    )  # fmt: skip


def _still(at: Opened, level: str, row_id: str) -> str:
    """The pair to go on with, where it is still open: an answer may have decided others too."""
    return row_id if row_id and pairs.queue(at, level).place(row_id) is not None else ""


@require_POST
@on_lake
def undo(request: ActorRequest, row: DataLake) -> HttpResponse:
    """Take back the last answer given in this session, and return to its pair."""
    _worked(request, row)
    at, answers = _opened(request, row), _answers(request, row)
    if not answers:
        return HttpResponseRedirect(links.page(at, "evidence-review", **pairs.asked(request.POST.dict()).words))
    last = answers.pop()
    try:
        pairs.undo(row, last["ids"], who=request.actor.user.name)
    except PingjiangError as error:
        messages.error(request, refusal(error))
    _keep(request, row, answers)
    return HttpResponseRedirect(links.page(at, "evidence-review", **last["asked"], pair=last["pair"]))
