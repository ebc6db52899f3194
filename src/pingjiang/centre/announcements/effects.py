"""What follows from a move, in its transaction: papers, notices, tasks, clocks. Repeated moves repeat nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Membership, User
from pingjiang.centre.announcements.models import ANNOUNCEMENT_KINDS, Announcement, Reply
from pingjiang.centre.announcements.rules import APPROVER, DESK, STAFF
from pingjiang.centre.announcements.texts import letter_of
from pingjiang.centre.casework import clocks, history, notices, tasks
from pingjiang.centre.casework.models import Case, Clock, Event
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.documents import papers

PAPER = "announcement"
ANSWER = "answer"  # the clock of a question
tasks.name_clock(ANSWER, ("答复期限", "Time to answer"))


def ask_for_review(*, case: Case, actor: Actor, **_: Any) -> None:
    """Those who approve have something to do."""
    role = APPROVER[case.owner.kind]
    tasks.give(case, "review", ("审核发布", "Review and publish"), case.owner, role, actor=actor)


def hand_back(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """Who wrote it has it again."""
    tasks.finish(case, "review", actor)
    writer = case.opened_by
    tasks.give(
        case, "revise", ("修改后再送审", "Revise and submit"), case.owner, writer.role, actor=actor, assignee=writer
    )  # fmt: skip
    _tell([writer.user], case, event, ("被退回修改", "handed back"))


def done(*, case: Case, actor: Actor | None, **_: Any) -> None:
    """Nothing of it is left to do."""
    tasks.finish(case, None, actor)


def publish(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The paper is issued, and those addressed are told."""
    announcement = case.announcement
    announcement.published_on = timezone.localdate()
    announcement.save(update_fields=["published_on"])
    papers.issue(case, PAPER, letter_of(announcement), ANNOUNCEMENT_KINDS[announcement.kind], actor)
    tasks.finish(case, None, actor)
    _tell(addressed(announcement), case, event, ("新通知", "New announcement"))


def withdraw(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The paper is called back, and those who were told are told."""
    for paper in case.papers.filter(name=PAPER, recall__isnull=True):
        papers.recall(paper, actor, event.note)
    _tell(addressed(case.announcement), case, event, ("通知已撤回", "Announcement withdrawn"))


def addressed(announcement: Announcement) -> list[User]:
    """The people of the organisations that an announcement addresses."""
    whom = Q(pk__in=[])
    for each in announcement.addressees.all():
        one = Q(organisation__kind=each.kind)
        whom |= one if each.district_id is None else one & Q(organisation__district=each.district_id)
    held = Membership.objects.in_force().filter(whom, user__is_active=True)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("pk"))


def assign(*, case: Case, actor: Actor, event: Event, given: Mapping[str, Any], **_: Any) -> None:
    """One person handles it: the one who was named, else who took it."""
    to: Membership = given.get("to") or actor.membership
    tasks.finish(case, None, actor)
    clock = Clock.objects.filter(case=case, name=ANSWER, ended_on__isnull=True).first()
    due = clocks.read(clock).due_on if clock else None
    tasks.give(
        case, "answer", ("答复咨询", "Answer a question"), to.organisation, to.role, actor=actor, assignee=to,
        due_on=due,
    )  # fmt: skip
    if to != actor.membership:
        _tell([to.user], case, event, ("咨询交您办理", "A question is yours to answer"))


def hand_on(*, case: Case, actor: Actor, event: Event, given: Mapping[str, Any], **_: Any) -> None:
    """It lies with another organisation; its time runs on."""
    to = given["to_organisation"]
    before, case.authority = case.authority_id, to
    case.save(update_fields=["authority"])
    history.write(
        "handed on", f"case:{case.pk}", actor=actor, case=case, before={"authority": before},
        after={"authority": to.pk}, note=event.note,
    )  # fmt: skip
    tasks.finish(case, None, actor)
    to_desk(case, actor)
    _tell(notices.people_of(to, STAFF), case, event, ("咨询转来办理", "A question was handed on to you"))


def to_desk(case: Case, actor: Actor | None) -> None:
    """The desk where a question lies has to take it."""
    desk = case.authority
    if desk is not None:
        tasks.give(case, "assign", ("分派咨询", "Assign a question"), desk, DESK[desk.kind], actor=actor)


def answer(*, case: Case, actor: Actor, event: Event, given: Mapping[str, Any], **_: Any) -> None:
    """The answer is written once, its clock ends, who asked is told."""
    Reply.objects.create(question=case.question, text=str(given["text"]).strip(), by=actor.membership)
    _end_clock(case, actor)
    tasks.finish(case, None, actor)
    _tell(_askers(case), case, event, ("咨询已答复", "Your question was answered"), urgent=True)


def ask_again(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """Who answered has it again, with new time."""
    clock = clocks.start(case, ANSWER, case.question.announcement.answer_days, actor)
    to = case.question.replies.latest("pk").by
    tasks.give(
        case, "answer", ("再次答复", "Answer again"), to.organisation, to.role, actor=actor, assignee=to,
        due_on=clocks.read(clock).due_on,
    )  # fmt: skip
    _tell([to.user], case, event, ("咨询人追问", "Asked again"))


def end(*, case: Case, actor: Actor | None, **_: Any) -> None:
    """Nothing of it is left to do, and no time runs."""
    _end_clock(case, actor)
    tasks.finish(case, None, actor)


def _end_clock(case: Case, actor: Actor | None) -> None:
    for clock in Clock.objects.filter(case=case, name=ANSWER, ended_on__isnull=True):
        clocks.end(clock, actor)


def _askers(case: Case) -> list[User]:
    return [case.opened_by.user]


def late(what: tasks.Late) -> list[User]:
    """Who is told of a question that is late: the desk where it lies, and who approves there from the third day on."""
    desk = what.case.authority or what.case.owner
    roles = {*STAFF, *(() if what.days < 3 else (APPROVER.get(desk.kind, ""),))}
    return notices.people_of(desk, roles)


def _tell(people: list[User], case: Case, event: Event, words: Label, *, urgent: bool = False) -> None:
    subject = (f"{words[0]}：{case.title}", f"{words[1]}: {case.title}")
    notices.tell(people, subject, about=f"event:{event.number}", case=case, urgent=urgent)
