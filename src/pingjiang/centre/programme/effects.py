"""What follows from a move, in its transaction: versions, papers, notices, tasks, clocks."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Membership, Organisation, User
from pingjiang.centre.casework import clocks, notices, service, tasks
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.documents import papers
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.programme import extensions
from pingjiang.centre.programme.content.hashing import digest, text_of
from pingjiang.centre.programme.models import Application, ApplicationVersion, Call, PanelEntry
from pingjiang.centre.programme.papers.call import call_paper, extension_paper
from pingjiang.centre.programme.papers.letters import correction_letter, decision_letter
from pingjiang.centre.programme.printing import FORM, print_now
from pingjiang.centre.programme.rulepack import correction_days
from pingjiang.centre.programme.rules import (
    APPLICANT_KINDS,
    APPLICANT_ROLES,
    BEFORE_REVIEW,
    CORRECTION,
    RESTAMP,
    clock_of,
    running,
)

CALL_PAPER, EXTENSION_PAPER, DECISION, CORRECTION_LETTER = "call", "extension", "acceptance", "correction"
tasks.name_clock(CORRECTION, ("补正期限", "Time for the correction"))
tasks.name_clock(RESTAMP, ("重新盖章期限", "Time for the new stamp"))


# ── calls


def ask_for_review(*, case: Case, actor: Actor, **_: Any) -> None:
    """Those who issue have something to do."""
    tasks.finish(case, None, actor)
    tasks.give(case, "review", ("审核签发申报通知", "Review and issue the call"), case.owner, "decision_maker",
               actor=actor)  # fmt: skip


def hand_back(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """Who wrote it has it again."""
    tasks.finish(case, None, actor)
    writer = case.opened_by
    tasks.give(case, "revise", ("修改后再送签", "Revise and submit"), case.owner, writer.role, actor=actor,
               assignee=writer)  # fmt: skip
    tell([writer.user], case, event, ("申报通知被退回修改", "The call was handed back"))


def done(*, case: Case, actor: Actor | None, **_: Any) -> None:
    """Nothing of it is left to do, and no time runs."""
    tasks.finish(case, None, actor)
    clock = running(case)
    if clock is not None:
        clocks.end(clock, actor)


def publish(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The call is issued as a paper; whoever may apply, and every district, is told."""

    call = case.call
    call.published_at = timezone.now()
    call.save(update_fields=["published_at"])
    papers.issue(case, CALL_PAPER, call_paper(call), ("申报通知", "Call for applications"), actor)
    tasks.finish(case, None, actor)
    tell(everybody_concerned(), case, event, ("新的申报通知", "New call for applications"))


def extend(*, case: Case, actor: Actor, event: Event, given: Mapping[str, Any], **_: Any) -> None:
    """A notice of change is issued; what is due by the call is due later; whoever has begun, and every district, is
    told at once, the officers and all others who were told of the call on the site."""
    words = (
        f"申报期限已延长，申报截止 {clock_of(given['closes_at'])}，区县推荐截止 {clock_of(given['seals_until'])}",
        f"Call extended: it closes at {clock_of(given['closes_at'])}, for districts {clock_of(given['seals_until'])}",
    )
    _extend(case, actor, event, given["closes_at"], given["seals_until"], words)


def extend_districts(*, case: Case, actor: Actor, event: Event, given: Mapping[str, Any], **_: Any) -> None:
    """The same of the districts' time alone, once the call is closed."""
    until, closed_at = given["seals_until"], case.call.closes_at
    if closed_at is None:
        raise ValueError("a call that has closed has its time")
    words = (f"区县推荐期限已延长至 {clock_of(until)}", f"Districts may recommend until {clock_of(until)}")
    _extend(case, actor, event, closed_at, until, words)


def _extend(
    case: Case, actor: Actor, event: Event, closes_at: datetime.datetime, seals_until: datetime.datetime, words: Label
) -> None:
    call: Call = case.call
    extensions.extend(call, actor, closes_at, seals_until, event.note)
    paper = extension_paper(call, extensions.extensions_of(call)[-1])
    papers.issue(case, EXTENSION_PAPER, paper, ("申报延期通知", "Notice of extension"), actor)
    for of, task, moment in (("draft", "revise", call.closes_at), ("district", "recommend", call.seals_until)):
        for each in Case.objects.filter(application__call=call, state=of).order_by("pk"):
            tasks.put_off(each, task, _day(moment), actor)
    begun = Case.objects.filter(application__call=call, closed_at__isnull=True).values("owner")
    held = Membership.objects.in_force().filter(user__is_active=True)
    theirs = held.filter(organisation__in=begun, role__in=APPLICANT_ROLES) | held.filter(role="district_officer")
    tell(list(User.objects.filter(pk__in=theirs.values("user")).order_by("pk")), case, event, words, urgent=True)
    tell([*everybody_concerned(), *notices.people_of(case.owner, ["programme_officer"])], case, event, words)


def call_back(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The paper is called back, applications on it end with it, and those who were told are told."""
    for paper in case.papers.filter(name__in=(CALL_PAPER, EXTENSION_PAPER), recall__isnull=True):
        papers.recall(paper, actor, event.note)
    for application in case.call.applications.filter(case__state__in=BEFORE_REVIEW).order_by("case_id"):
        service.elapse(application.case_id, "call_off", "clock", event.note)
    tell(everybody_concerned(), case, event, ("申报通知已撤回", "A call was withdrawn"))


def everybody_concerned() -> list[User]:
    """People who may apply, and those of the districts."""
    held = Membership.objects.in_force().filter(user__is_active=True)
    may = held.filter(organisation__kind__in=APPLICANT_KINDS, role__in=APPLICANT_ROLES)
    return list(User.objects.filter(pk__in=(may | held.filter(role="district_officer")).values("user")).order_by("pk"))


# ── applications


def send(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """What it says is kept as a version and printed with its code, and the district has it."""
    application = case.application
    keep_version(application, actor)
    print_now(application, actor)
    if application.sent_at is None:
        application.sent_at = event.at
        application.save(update_fields=["sent_at"])
    tasks.finish(case, None, actor)
    until = _day(application.call.seals_until)
    _to_district(application, actor, event, ("待审核推荐", "To be recommended"), due_on=until)


def keep_version(application: Application, actor: Actor) -> ApplicationVersion:
    """All that it says now, as its next version; the last one where nothing has changed since."""
    text = text_of(application)
    last = application.versions.first()
    if last is not None and last.content_hash == digest(text):
        return last
    return ApplicationVersion.objects.create(
        application=application, number=last.number + 1 if last else 1, content=text, content_hash=digest(text),
        by=actor.membership,
    )  # fmt: skip


def _to_district(
    application: Application, actor: Actor, event: Event, words: Label, *, due_on: datetime.date | None
) -> None:
    case = application.case
    for desk in Organisation.objects.filter(kind="district", district=application.district_id).order_by("pk")[:1]:
        tasks.give(case, "recommend", ("审核、盖章、推荐", "Look through, stamp, recommend"), desk, "district_officer",
                   actor=actor, due_on=due_on)  # fmt: skip
        tell(notices.people_of(desk, ["district_officer"]), case, event, words)


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return None if moment is None else timezone.localtime(moment).date()


def to_applicant(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The applicant has it again."""
    tasks.finish(case, None, actor)
    words, until = ("区县退回修改", "Returned by the district"), _day(case.application.call.closes_at)
    _applicant_must(case, actor, event, words, urgent=True, due_on=until)


def take_back(*, case: Case, actor: Actor, **_: Any) -> None:
    """The applicant took it back; the district has nothing to do."""
    tasks.finish(case, None, actor)


def _applicant_must(
    case: Case, actor: Actor, event: Event, words: Label, *, urgent: bool, due_on: datetime.date | None = None
) -> None:
    writer = case.opened_by
    tasks.give(case, "revise", ("修改申报材料", "Revise the application"), case.owner, writer.role, actor=actor,
               due_on=due_on)  # fmt: skip
    tell(notices.people_of(case.owner, APPLICANT_ROLES), case, event, words, urgent=urgent)


def submit(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The bureau has it."""
    application = case.application
    keep_version(application, actor)
    if application.submitted_at is None:
        application.submitted_at = event.at
        application.save(update_fields=["submitted_at"])
    done(case=case, actor=actor)
    bureau = case.authority
    if bureau is not None:
        tasks.give(case, "check", ("形式审查", "Formal check"), bureau, "programme_officer", actor=actor)
        tell(notices.people_of(bureau, ["programme_officer"]), case, event, ("新的申报", "New application"))
    tell(notices.people_of(case.owner, APPLICANT_ROLES), case, event, ("区县已推荐上报", "Put forward by the district"))


def correct(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The applicant has it once more, for as many working days as its pack gives; a letter says what for."""

    application = case.application
    tasks.finish(case, None, actor)
    clock = clocks.start(case, CORRECTION, correction_days(application), actor)
    due = clocks.read(clock).due_on
    letter = correction_letter(application, event.note, due)
    papers.issue(case, CORRECTION_LETTER, letter, ("补正通知书", "Correction notice"), actor)
    _applicant_must(case, actor, event, ("退回补正", "Returned for correction"), urgent=True, due_on=due)


def resend(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """What was corrected is kept as a version and printed, and the district stamps it anew."""
    application = case.application
    if application.retitled:
        case.title, application.retitled = application.retitled, ""
        case.save(update_fields=["title"])
        application.save(update_fields=["retitled"])
    keep_version(application, actor)
    print_now(application, actor)
    tasks.finish(case, None, actor)
    words = ("补正后待重新盖章", "Corrected: to be stamped anew")
    _to_district(application, actor, event, words, due_on=_correction_due(case))


def restamp(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """Its panel reviews it no more, and ranks the others without it. What it says now is kept and printed, and the
    district stamps it within the days of a correction, or sends it back to who applies."""
    application = case.application
    tasks.finish(case, None, actor)
    at_work = PanelEntry.objects.filter(application=application, panel__case__state__in=("drawn", "locked"))
    at_work.filter(left_out="").update(left_out=event.note.strip())
    keep_version(application, actor)
    print_now(application, actor)
    clock = clocks.start(case, RESTAMP, correction_days(application), actor)
    words = ("盖章失效，待重新盖章", "The stamp is void: to be stamped anew")
    _to_district(application, actor, event, words, due_on=clocks.read(clock).due_on)
    tell(notices.people_of(case.owner, APPLICANT_ROLES), case, event, words, urgent=True)


def return_again(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The applicant goes on correcting; the clock runs on."""
    tasks.finish(case, None, actor)
    words = ("区县退回修改", "Returned by the district")
    _applicant_must(case, actor, event, words, urgent=True, due_on=_correction_due(case))


def _correction_due(case: Case) -> datetime.date | None:
    """The day on which the time for the correction ends."""
    clock = running(case)
    return clocks.read(clock).due_on if clock is not None else None


def decide(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """A letter says that it is accepted, or why it is not."""

    application = case.application
    accepted = case.state == "accepted"
    words = ("受理通知书", "Notice of acceptance") if accepted else ("不予受理通知书", "Notice of non-acceptance")
    papers.issue(case, DECISION, decision_letter(application, event.note, accepted=accepted), words, actor)
    done(case=case, actor=actor)
    told: Label = ("申报已受理", "Application accepted") if accepted else ("申报不予受理", "Application not accepted")
    people = notices.people_of(case.owner, APPLICANT_ROLES)
    for desk in Organisation.objects.filter(kind="district", district=application.district_id):
        people += notices.people_of(desk, ["district_officer"])
    tell(people, case, event, told, urgent=True)


_ENDED: dict[str, Label] = {
    "withdrawn": ("申报已撤回", "Application withdrawn"), "lapsed": ("申报逾期终止", "Application lapsed"),
    "called_off": ("申报随通知终止", "Application ended with its call"),
}  # fmt: skip


def end(*, case: Case, actor: Actor | None, event: Event, **_: Any) -> None:
    """Nothing of it is left to do; its papers hold no more; those who had it are told."""
    done(case=case, actor=actor)
    reason = event.note.strip() or "撤回申报 · withdrawn"
    for paper in Paper.objects.filter(case=case, name=FORM, recall__isnull=True):
        papers.recall(paper, actor, reason)
    people = list(notices.people_of(case.owner, APPLICANT_ROLES))
    for desk in Organisation.objects.filter(kind="district", district=case.application.district_id):
        people += notices.people_of(desk, ["district_officer"])
    if case.authority is not None:
        people += notices.people_of(case.authority, ["programme_officer"])
    tell(people, case, event, _ENDED[case.state])


def late(what: tasks.Late) -> list[User]:
    """Who is told of what is late: who has to do it, and from the third day on the bureau."""
    case = what.case
    people = list(notices.people_of(case.owner, APPLICANT_ROLES))
    if case.authority is not None and what.days >= 3:
        people += notices.people_of(case.authority, ["programme_officer"])
    for task in case.tasks.filter(done_at__isnull=True):
        people += notices.people_of(task.organisation, [task.role])
    return people


def tell(people: list[User], case: Case, event: Event, words: Label, *, urgent: bool = False) -> None:
    """Tell people of a move."""
    subject = (f"{words[0]}：{case.title}", f"{words[1]}: {case.title}")
    notices.tell(people, subject, about=f"event:{event.number}", case=case, urgent=urgent)
