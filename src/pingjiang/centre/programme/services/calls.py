"""What people do with a call: draft and revise it, ask about it and answer in public; and what time does."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, notices, numbers, service, tasks
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme import rulepack
from pingjiang.centre.programme.models import Call, CallAnswer, CallQuestion, CallTrack
from pingjiang.centre.programme.models.calls import late
from pingjiang.centre.programme.rules import BEFORE_REVIEW
from pingjiang.centre.programme.workflow import APPLICATION, CALL, CLOCK

FIELDS = (
    "year", "document_number", "guide", "opens_at", "closes_at", "seals_until", "materials", "contact",
)  # fmt: skip
WRITERS = frozenset({"programme_officer", "decision_maker"})


@dataclass(frozen=True)
class Opened:
    """A track that a call opens."""

    track: str
    pack: str
    version: str
    budget: Decimal
    places: int
    district_quota: int | None = None


@transaction.atomic
def draft(
    actor: Actor, title: str, said: Mapping[str, Any], tracks: Iterable[Opened], *, request: uuid.UUID | None = None
) -> Call:
    """Begin a call of the actor's bureau. A call of one track is of that track's officers; of both, of all."""
    if actor.role not in WRITERS or actor.organisation.kind != "authority":
        raise Refused("party", "申报通知由市级主管部门发布", "a call is published by the city's authority")
    opened = list(tracks)
    _theirs(actor, opened)
    track = opened[0].track if len(opened) == 1 else ""
    case = service.open_case(CALL, actor, number=numbers.next_number("SB"), title=title, track=track, request=request)
    found = Call.objects.filter(case=case).first()
    if found is not None:
        return found
    call = Call(case=case, **{name: said[name] for name in FIELDS if name in said})
    call.full_clean()
    call.save()
    _open_tracks(call, opened)
    return call


@transaction.atomic
def revise(
    call: Call, actor: Actor, title: str, said: Mapping[str, Any], tracks: Iterable[Opened], *, version: int
) -> Call:
    """Change a draft. Stale where somebody else changed it meanwhile; the tracks that it opens decide whose it is."""
    case = service.touch(call.case, actor, version=version)
    found = Call.objects.select_related("case").get(pk=call.pk)
    given = list(tracks)
    _theirs(actor, given)
    opened = [*given, *_of_others(found, actor)]
    before = {"title": case.title, "guide": found.guide}
    case.title, case.track = title, opened[0].track if len(opened) == 1 else ""
    case.full_clean()
    case.save(update_fields=["title", "track"])
    for name in FIELDS:
        if name in said:
            setattr(found, name, said[name])
    found.full_clean()
    found.save()
    _open_tracks(found, opened)
    history.write(
        "call revised", f"case:{case.pk}", actor=actor, case=case, before=before,
        after={"title": title, "guide": found.guide, "tracks": [[o.track, o.pack, o.version] for o in opened]},
    )  # fmt: skip
    return found


def _theirs(actor: Actor, opened: list[Opened]) -> None:
    """An officer opens the tracks of their own."""
    if actor.role == "programme_officer" and not {each.track for each in opened} <= set(actor.tracks):
        raise Refused("track", "这一类别不归您管", "this track is not yours")


def _of_others(call: Call, actor: Actor) -> list[Opened]:
    """Tracks of a call that are not an officer's to open or to shut: they stay."""
    if actor.role != "programme_officer":
        return []
    return [
        Opened(row.track, row.pack, row.pack_version, row.budget, row.places, row.district_quota)
        for row in call.tracks.exclude(track__in=actor.tracks)
    ]


def _open_tracks(call: Call, opened: list[Opened]) -> None:
    call.tracks.all().delete()
    for each in opened:
        rulepack.pack_at(each.pack, each.version)  # there is one
        row = CallTrack(
            call=call, track=each.track, pack=each.pack, pack_version=each.version, budget=each.budget,
            places=each.places, district_quota=each.district_quota,
        )  # fmt: skip
        row.full_clean()
        row.save()


@transaction.atomic
def ask(call: Call, actor: Actor, text: str, *, request: uuid.UUID | None = None) -> CallQuestion:
    """Ask about a call that is published. Everybody reads the question once it is answered.

    Who asks, only the bureau reads: everybody sees the call and its history, so nothing there names them.
    """
    case = service.lock(call.case)
    access.find(actor, Case, pk=case.pk)
    done = service.done_by(request, "call asked", actor)
    if done is not None:
        return CallQuestion.objects.get(pk=int(done.subject.removeprefix("question:")))
    if actor.organisation == case.owner or actor.role == "steward":
        raise Refused("party", "本单位的通知不必提问", "this is not yours to ask")
    if case.state != "open" or call.closes_at is None or late(timezone.now(), call.closes_at):
        raise Refused("time", "申报已截止，不再接受提问", "the call has closed: no more questions")
    question = CallQuestion(call=call, text=text.strip(), by=actor.membership)
    question.full_clean()
    question.save()
    history.write("call asked", f"question:{question.pk}", actor=actor, request=request)
    name = f"answer {question.pk}"
    tasks.give(case, name, ("公开答复提问", "Answer in public"), case.owner, "programme_officer", actor=None)
    subject = (f"有新提问：{case.title}", f"A question was asked: {case.title}")
    notices.tell(
        notices.people_of(case.owner, ["programme_officer"]), subject, about=f"question:{question.pk}", case=case
    )
    return question


@transaction.atomic
def answer(question: CallQuestion, actor: Actor, text: str) -> CallAnswer:
    """Answer a question, once, for everybody."""
    case = service.lock(question.call.case)
    access.find(actor, CallQuestion, pk=question.pk)
    if actor.role not in WRITERS or actor.organisation != case.owner:
        raise Refused("party", "由发布单位答复", "the bureau that published the call answers")
    if CallAnswer.objects.filter(question=question).exists():
        raise Refused("answered", "这一提问已答复", "this question was answered")
    made = CallAnswer(question=question, text=text.strip(), by=actor.membership)
    made.full_clean()
    made.save()
    history.write("call answered", f"question:{question.pk}", actor=actor, case=case, after={"text": made.text})
    tasks.finish(case, f"answer {question.pk}", actor)
    subject = (f"提问已公开答复：{case.title}", f"Your question was answered: {case.title}")
    notices.tell([question.by.user], subject, about=f"answer:{made.pk}", case=case, urgent=True)
    return made


def pass_time() -> tuple[int, int]:
    """What time does: calls close; what was not handed in lapses, as does what was begun while its call was withdrawn.
    How many of each; run it as often as you like."""
    now = timezone.now()
    over = Case.objects.filter(workflow=CALL.name, state="open", call__closes_at__lt=now)
    closed = _elapse(over, "close")
    _elapse(Case.objects.filter(workflow=CALL.name, state="closed", call__seals_until__lt=now), "end")
    waiting = Case.objects.filter(workflow=APPLICATION.name)
    drafts = waiting.filter(state="draft", application__call__closes_at__lt=now)
    unsealed = waiting.filter(state="district", application__call__seals_until__lt=now)
    lapsed = _elapse(drafts, "lapse") + _elapse(unsealed, "lapse")
    orphans = waiting.filter(application__call__case__state="withdrawn", state__in=BEFORE_REVIEW)
    lapsed += _elapse(orphans, "call_off")
    return closed, lapsed + _elapse(waiting.filter(state__in=("supplement", "resealing")), "lapse")


def _elapse(cases: Iterable[Case], move: str) -> int:
    made = 0
    for case in list(cases):
        try:
            service.elapse(case, move, CLOCK)
        except Refused:  # not yet, or moved meanwhile
            continue
        made += 1
    return made
