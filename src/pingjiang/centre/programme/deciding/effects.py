"""What follows from a move of a decision or an objection, in its transaction."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Organisation, User
from pingjiang.centre.casework import clocks, notices, service, tasks
from pingjiang.centre.casework.models import Case, Clock, Event
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.documents import papers
from pingjiang.centre.jobs import service as jobs
from pingjiang.centre.programme.deciding import sums
from pingjiang.centre.programme.effects import tell
from pingjiang.centre.programme.models import Decision, Objection, RecalledNotice, Session, Verdict
from pingjiang.centre.programme.models.decisions import AMEND, APPROVE, DEFER, GIVES, REJECT
from pingjiang.centre.programme.papers import decisions as texts
from pingjiang.centre.programme.rulepack import pack_at
from pingjiang.centre.programme.rules import APPLICANT_ROLES

PACK, RESULT, NOTICE, FINAL, REPLY = "decision-pack", "decision", "public-notice", "final-list", "objection-reply"
OFFICERS, LEADERS = ("programme_officer",), ("decision_maker",)
OUTCOME, REPLY_TIME, LETTERS = "outcome", "objection reply", "decision letters"
tasks.name_clock(REPLY_TIME, ("异议答复期限", "Time to answer an objection"))
# What a verdict makes of an application, once the list is final.
_ENDS = {APPROVE: "approve", AMEND: "approve", DEFER: "defer", REJECT: "not_fund"}


def _ask(
    case: Case, name: str, label: Label, role: str, actor: Actor, event: Event, words: Label,
    due_on: datetime.date | None = None,
) -> None:  # fmt: skip
    """Nothing else of it is to be done; people of a role have this to do, and are told."""
    bureau = case.authority or case.owner
    tasks.finish(case, None, actor)
    tasks.give(case, name, label, bureau, role, actor=actor, due_on=due_on)
    tell(notices.people_of(bureau, [role]), case, event, words)


def table(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The applications are proposed, the pack is issued as a paper, and those who decide have it."""
    decision: Decision = case.decision
    service.perform_all([item.application.case for item in sums.standing(decision)], "propose", actor)
    papers.issue(case, PACK, texts.pack_paper(decision), ("审定包", "Decision pack"), actor)
    _ask(case, "decide", ("党组会议审定", "Decide"), LEADERS[0], actor, event, ("待审定", "To be decided"))


def hand_back(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The office has it again, and the applications wait."""
    _recall(case, actor, event.note, PACK)
    _untable(case, actor)
    _ask(case, "prepare", ("修改审定包", "Revise the pack"), OFFICERS[0], actor, event,
         ("审定包被退回", "The pack was handed back"))  # fmt: skip


def _untable(case: Case, actor: Actor) -> None:
    """The applications wait. Why is the bureau's: applicants read the history of their case."""
    cases = [item.application.case for item in sums.standing(case.decision)]
    service.perform_all([each for each in cases if each.state == "proposed"], "untable", actor)


def _recall(case: Case, actor: Actor, reason: str, *names: str) -> None:
    for paper in case.papers.filter(name__in=names, recall__isnull=True):
        papers.recall(paper, actor, reason)


def decide(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """What was entered is what the session decided: written once, and issued as a paper."""
    decision: Decision = case.decision
    if decision.held_on is None:
        raise ValueError("a session has its day")
    session = Session.objects.create(
        decision=decision, number=decision.sessions.count() + 1, held_on=decision.held_on,
        minutes_number=decision.minutes_number, present="\n".join(decision.members), recusals=decision.recusals,
        by=actor.membership, at=event.at,
    )  # fmt: skip
    for item in sums.standing(decision):
        Verdict.objects.create(
            session=session, item=item, kind=item.verdict, amount=sums.entered(item),
            reason=item.reason.strip() or item.proposed_reason,
            conditions=item.conditions.strip() if item.verdict in GIVES else "",
        )  # fmt: skip
    said = texts.result_paper(decision, verdicts_of(decision))
    papers.issue(case, RESULT, said, ("审定结果", "Decision"), actor)
    _ask(case, "publicise", ("发布公示", "Publish the notice"), OFFICERS[0], actor, event, ("已审定", "Decided"))


def verdicts_of(decision: Decision) -> list[Verdict]:
    """What the last session decided, in the order of the pack, of what was not withdrawn since."""
    session = decision.sessions.first()
    return [] if session is None else verdicts_in(session)


def verdicts_in(session: Session) -> list[Verdict]:
    """What a session decided, of what was not withdrawn since."""
    rows = session.verdicts.select_related(
        "session", "item__application__case__owner", "item__application__district"
    ).exclude(item__application__case__state="withdrawn")
    return list(rows.order_by("item__position", "pk"))


def publicise(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """It is shown to everybody for as many working days as the pack says; the day itself does not count."""
    decision: Decision = case.decision
    today = timezone.localdate()
    days = notice_days(decision)
    decision.notice_days, decision.notice_from = days, today
    decision.notice_until = clocks.working_day_after(today, days)
    decision.save(update_fields=["notice_days", "notice_from", "notice_until"])
    said = texts.notice_paper(decision, verdicts_of(decision))
    papers.issue(case, NOTICE, said, ("公示", "Public notice"), actor)
    tasks.finish(case, None, actor)
    until = decision.notice_until.isoformat()
    label = (f"公示至 {until}，期满且异议办结后印发", f"After {until}, objections settled: issue the final list")
    tasks.give(case, "issue", label, case.owner, LEADERS[0], actor=actor)
    tell(_concerned(decision), case, event, ("评审结果公示", "Public notice of the list"))


def notice_days(decision: Decision) -> int:
    """Working days of the public notice, as the pack says."""
    return days_of(decision, "notice_days")


def days_of(decision: Decision, name: str) -> int:
    """A number of days, as the pack says."""
    return int(str(pack_at(decision.pack, decision.pack_version).parameter(name).value))


def _concerned(decision: Decision) -> list[User]:
    """Who applied in it, and their districts."""
    owners = [item.application.case.owner for item in sums.standing(decision, "application__case__owner")]
    return notices.people_of_all(owners, APPLICANT_ROLES) + _districts(decision)


def _districts(decision: Decision) -> list[User]:
    districts = {item.application.district_id for item in sums.standing(decision)}
    desks = Organisation.objects.filter(kind="district", district__in=districts)
    return notices.people_of_all(desks, ["district_officer"])


def reconsider(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """What was issued is called back, and the meeting has it again: with what it decided last, to be changed."""
    decision: Decision = case.decision
    was_public = _notice_ends(decision, actor)
    _recall(case, actor, event.note, RESULT, NOTICE)
    decision.notice_days = decision.notice_from = decision.notice_until = None
    decision.held_on, decision.minutes_number, decision.present, decision.recusals = None, "", "", "{}"
    decision.save()
    _ask(case, "decide", ("复议", "Decide anew"), LEADERS[0], actor, event, ("待复议", "To be decided anew"))
    if was_public:
        tell(_concerned(decision), case, event, ("公示已撤回，重新审定", "The notice was recalled, to be decided anew"))


def _notice_ends(decision: Decision, actor: Actor) -> bool:
    """Whether there was a notice; it holds no more, and everybody can read so."""
    first, until, session = decision.notice_from, decision.notice_until, decision.sessions.first()
    if first is None or until is None or session is None:
        return False
    RecalledNotice.objects.create(
        decision=decision, session=session, notice_from=first, notice_until=until, on=timezone.localdate(),
        by=actor.membership,
    )  # fmt: skip
    return True


def issue(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """The list is final, and each application becomes what was decided of it. Letters tell who applied: a job
    makes them, which is kept with the list or not at all."""
    decision: Decision = case.decision
    rows = verdicts_of(decision)
    papers.issue(case, FINAL, texts.final_paper(decision, rows), ("支持项目名单", "Final list"), actor)
    for move in dict.fromkeys(_ENDS.values()):
        service.perform_all([each.item.application.case for each in rows if _ENDS[each.kind] == move], move, actor)
    tasks.finish(case, None, actor)
    tell(_districts(decision), case, event, ("支持项目名单已印发", "The final list was issued"))
    once = uuid.uuid5(uuid.NAMESPACE_OID, f"{LETTERS} {event.number} {event.digest}")
    jobs.enqueue(LETTERS, {"decision": decision.pk}, actor, request=once)


def withdraw(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """Its papers hold no more, the applications wait for another pack."""
    decision: Decision = case.decision
    was_public = _notice_ends(decision, actor)
    _recall(case, actor, event.note, PACK, RESULT, NOTICE)
    _untable(case, actor)
    tasks.finish(case, None, actor)
    if was_public:
        tell(_concerned(decision), case, event, ("公示已撤回", "The notice was recalled"))


# ── objections


def investigate(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """From this day on the time to answer runs; who objected is told, those who decide have to settle it."""
    objection: Objection = case.objection
    objection.accepted_on = timezone.localdate()
    objection.save(update_fields=["accepted_on"])
    clock = clocks.start(case, REPLY_TIME, days_of(objection.decision, "objection_days"), actor)
    _ask(case, "settle", ("核查后提请办结异议", "Settle the objection"), LEADERS[0], actor, event,
         ("异议核查中", "An objection is being looked into"), due_on=clocks.read(clock).due_on)  # fmt: skip
    _tell_objector(case, event, ("异议已受理", "Your objection is being looked into"))


def answer(*, case: Case, actor: Actor, event: Event, given: Mapping[str, Any], **_: Any) -> None:
    """A letter answers; where it is upheld, the list is to be decided anew."""
    objection: Objection = case.objection
    upheld = case.state == "upheld"
    if upheld:
        objection.remedy = given["remedy"]
        objection.save(update_fields=["remedy"])
    said = texts.reply_letter(objection, event.note, upheld=upheld)
    papers.issue(case, REPLY, said, ("异议答复函", "Reply to an objection"), actor)
    _over(case, actor)
    _tell_objector(case, event, ("异议已答复", "Your objection was answered"))
    decision = objection.decision.case
    if upheld and decision.state == "publicity":
        tasks.give(decision, "reconsider", ("异议成立，须复议", "An objection was upheld: decide anew"), decision.owner,
                   LEADERS[0], actor=actor)  # fmt: skip


def objection_gone(*, case: Case, actor: Actor, event: Event, **_: Any) -> None:
    """Nothing of it is left to do."""
    _over(case, actor)
    bureau = case.authority or case.owner
    tell(notices.people_of(bureau, OFFICERS), case, event, ("异议已撤回", "An objection was withdrawn"))


def _over(case: Case, actor: Actor) -> None:
    """Nobody has anything to do with it any more, and no time runs."""
    for clock in Clock.objects.filter(case=case, name=REPLY_TIME, ended_on__isnull=True):
        clocks.end(clock, actor)
    tasks.finish(case, None, actor)


def reply_time(case: Case) -> clocks.Reading | None:
    """How the time to answer stands, or stood when it was answered; None before it was taken up."""
    clock = Clock.objects.filter(case=case, name=REPLY_TIME).last()
    return None if clock is None else clocks.read(clock)


def accept_by(objection: Objection) -> datetime.date:
    """By the end of which day it is to be taken up."""
    days = days_of(objection.decision, "objection_accept_days")
    return clocks.working_day_after(objection.received_on, days)


def late(what: tasks.Late) -> list[User]:
    """Who is told of an objection that is late: the office and whoever has it; from the third day on the leaders."""
    bureau = what.case.authority or what.case.owner
    roles = {*OFFICERS, *(LEADERS if what.days >= 3 else ())}
    for task in what.case.tasks.filter(done_at__isnull=True):
        roles.add(task.role)
    return notices.people_of(bureau, roles)


def _tell_objector(case: Case, event: Event, words: Label) -> None:
    if case.owner_id != case.authority_id:
        tell([case.opened_by.user], case, event, words, urgent=True)


def received(case: Case, actor: Actor) -> None:
    """The office has a new objection to look into, within the days that the pack gives."""
    bureau = case.authority or case.owner
    tasks.give(case, "investigate", ("核查异议", "Look into an objection"), bureau, OFFICERS[0], actor=actor,
               due_on=accept_by(case.objection))  # fmt: skip
    subject = (f"收到异议：{case.title}", f"An objection: {case.title}")
    notices.tell(notices.people_of(bureau, OFFICERS), subject, about=f"objection:{case.pk}", case=case)
