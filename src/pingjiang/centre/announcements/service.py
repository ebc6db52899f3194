"""What people do with announcements and questions: each in one transaction, and once a request."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, District, Membership, Organisation
from pingjiang.centre.announcements import effects
from pingjiang.centre.announcements.models import Addressee, Announcement, Question
from pingjiang.centre.announcements.rules import APPROVERS, DESK, STAFF
from pingjiang.centre.announcements.workflow import ANNOUNCEMENT, CLOCK, CONSULTATION
from pingjiang.centre.casework import access, clocks, history, numbers, service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Refused

_FIELDS = ("kind", "document_number", "body", "public", "answer_days", "asks_until", "expires_on")
To = Iterable[tuple[str, District | None]]


@transaction.atomic
def draft(
    actor: Actor, title: str, said: Mapping[str, Any], to: To, *, track: str = "", request: uuid.UUID | None = None
) -> Announcement:
    """Begin an announcement of the actor's organisation. Refused to whose organisation publishes none."""
    if actor.role not in STAFF | APPROVERS or actor.organisation.kind not in DESK:
        raise Refused("party", "您所在的单位不能发布通知", "your organisation does not publish announcements")
    if actor.role == "programme_officer" and track and track not in actor.tracks:
        raise Refused("track", "这一类别不归您管", "this track is not yours")
    number = numbers.next_number("TZ")
    case = service.open_case(ANNOUNCEMENT, actor, number=number, title=title, track=track, request=request)
    found = Announcement.objects.filter(case=case).first()
    if found is not None:
        return found
    announcement = Announcement(case=case, **{name: said[name] for name in _FIELDS if name in said})
    announcement.full_clean()
    announcement.save()
    _address(announcement, to)
    return announcement


@transaction.atomic
def revise(
    announcement: Announcement, actor: Actor, title: str, said: Mapping[str, Any], to: To, *, version: int
) -> Announcement:
    """Change a draft. Stale where somebody else changed it meanwhile."""
    case = service.touch(announcement.case, actor, version=version)
    found = Announcement.objects.select_related("case").get(pk=announcement.pk)
    before = {"title": case.title, "body": found.body}
    case.title = title
    case.full_clean()
    case.save(update_fields=["title"])
    for name in _FIELDS:
        if name in said:
            setattr(found, name, said[name])
    found.full_clean()
    found.save()
    _address(found, to)
    history.write(
        "announcement revised", f"case:{case.pk}", actor=actor, case=case, before=before,
        after={"title": title, "body": found.body},
    )  # fmt: skip
    return found


def _address(announcement: Announcement, to: To) -> None:
    announcement.addressees.all().delete()
    Addressee.objects.bulk_create(
        Addressee(announcement=announcement, kind=kind, district=district) for kind, district in dict.fromkeys(to)
    )


@transaction.atomic
def ask(
    announcement: Announcement, actor: Actor, title: str, text: str, *, request: uuid.UUID | None = None
) -> Question:
    """Ask about an announcement. Http404 for one that the actor does not see, Refused where its time is over."""
    case = access.find(actor, Case, pk=announcement.case_id)
    if actor.role == "steward" or actor.organisation == case.owner:
        raise Refused("party", "本单位的通知不必咨询", "this is not yours to ask")
    last = announcement.asks_until
    if case.state != "published" or (last is not None and last < timezone.localdate()):
        raise Refused("time", "这一通知已不接受咨询", "questions on this announcement are closed")
    opened = service.open_case(
        CONSULTATION, actor, number=numbers.next_number("ZX"), title=title, authority=case.owner, track=case.track,
        request=request,
    )  # fmt: skip
    found = Question.objects.filter(case=opened).first()
    if found is not None:
        return found
    question = Question(case=opened, announcement=announcement, text=text)
    question.full_clean()
    question.save()
    clocks.start(opened, effects.ANSWER, announcement.answer_days, actor)
    effects.to_desk(opened, actor)
    return question


def assign(question: Question, actor: Actor, to: Membership | None = None, **how: Any) -> Event:
    """Take a question in hand, or give it to somebody of the desk."""
    move = "reassign" if question.case.state == "assigned" else "assign"
    return service.perform(question.case, move, actor, given={"to": to}, **how)


def hand_on(question: Question, actor: Actor, to: Organisation, note: str, **how: Any) -> Event:
    """Give a question to another organisation. Its time runs on."""
    return service.perform(question.case, "hand_on", actor, note, given={"to_organisation": to}, **how)


def answer(question: Question, actor: Actor, text: str, **how: Any) -> Event:
    """Answer a question."""
    return service.perform(question.case, "answer", actor, given={"text": text}, **how)


def pass_time() -> tuple[int, int]:
    """What time does: announcements expire, answered questions close. How many of each; run it as often as you like."""
    today = timezone.localdate()
    ended = Case.objects.filter(workflow=ANNOUNCEMENT.name, state="published", announcement__expires_on__lt=today)
    answered = Case.objects.filter(workflow=CONSULTATION.name, state="answered")
    return _elapse(ended, "expire"), _elapse(answered, "lapse")


def _elapse(cases: Iterable[Case], move: str) -> int:
    made = 0
    for case in list(cases):
        try:
            service.elapse(case, move, CLOCK)
        except Refused:  # not yet, or moved meanwhile
            continue
        made += 1
    return made
