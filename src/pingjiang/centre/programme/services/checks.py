"""What the officer does in the formal check: run the rules on what was handed in, look at items, ask for waivers.

What happens here is told in the history of the site, and not in that of the case, which applicant and district read:
they are told by the letters.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping

from django.db import transaction

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, notices, service, tasks
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.checklist import checklist
from pingjiang.centre.programme.content.reading import lines_of, said_in
from pingjiang.centre.programme.models import (
    Application,
    ApplicationVersion,
    CheckAnswer,
    CheckRun,
    Waiver,
    WaiverApproval,
)
from pingjiang.centre.programme.rulepack import Line, line_kept, pack_of
from pingjiang.centre.programme.seals import standing_seal
from pingjiang.centre.programme.workflow import LEADER, OFFICER

_APPROVE = "approve waiver"
_RUN, _ASKED = "formal check run", "waiver asked"


def _lies_with(application: Application, actor: Actor, party: str) -> tuple[Case, ApplicationVersion]:
    """The case, locked, and what was handed in last, where it is checked and who acts is of this party."""
    case = service.lock(application.case_id)
    access.find(actor, Case, pk=case.pk)
    if party not in access.parties(actor, case):
        raise Refused("party", "这一步不归您办理", "this is not yours to do")
    version = application.versions.first()
    if case.state != "submitted" or version is None:
        raise Refused("edit", "现不在形式审查环节", "it is not being checked now")
    return case, version


@transaction.atomic
def run(application: Application, actor: Actor, *, request: uuid.UUID | None = None) -> tuple[CheckRun, list[Line]]:
    """Run the rules on what was handed in, and keep what they say. The same request twice runs them once."""
    _case, version = _lies_with(application, actor, OFFICER)
    done = service.done_by(request, _RUN, actor)
    if done is not None:
        there = CheckRun.objects.get(pk=int(done.subject.removeprefix("check:")), application=application)
        return there, [line_kept(row) for row in json.loads(there.outcomes)["outcomes"]]
    lines = lines_of(application, said_in(version), seal=standing_seal(application))
    made = CheckRun.objects.create(
        application=application, version=version, by=actor.membership,
        outcomes=history.canonical({"outcomes": [line.kept() for line in lines]}),
    )  # fmt: skip
    history.write(
        _RUN, f"check:{made.pk}", actor=actor, request=request,
        after={"version": version.number, "content_hash": version.content_hash,
               "outcomes": {line.rule: line.status for line in lines}},
    )  # fmt: skip
    return made, lines


@transaction.atomic
def answer(application: Application, actor: Actor, answers: Mapping[str, tuple[bool, str]]) -> list[CheckAnswer]:
    """Say of items whether they hold; of one that does not, why. What was said before stays where it is the same."""
    case, version = _lies_with(application, actor, OFFICER)
    items = {item.name: item for item in checklist(application, version)}
    made = []
    for name, (holds, reason) in answers.items():
        item = items.get(name)
        if item is None:
            raise Refused("item", "清单中没有这一项", "the checklist has no such item")
        if not holds and not reason.strip():
            raise Refused("reason", f"“{item.label[0]}”不合格须写明理由", f"say why {item.label[1]} does not hold")
        last = item.answer
        if last is not None and (last.holds, last.reason) == (holds, reason.strip()):
            continue
        row = CheckAnswer(
            application=application, version=version, item=name, holds=holds, reason=reason.strip(),
            by=actor.membership,
        )  # fmt: skip
        row.full_clean()
        row.save()
        made.append(row)
        history.write(
            "item checked", f"application:{case.pk}", actor=actor,
            after={"item": name, "holds": int(holds), "version": version.number}, note=row.reason,
        )  # fmt: skip
    return made


@transaction.atomic
def ask_waiver(
    application: Application, actor: Actor, rule: str, reason: str, *, request: uuid.UUID | None = None
) -> Waiver:
    """Ask the leader to waive a soft rule that is not met; the same request twice asks once. Refused for a rule that
    lets itself not be waived."""
    case, version = _lies_with(application, actor, OFFICER)
    done = service.done_by(request, _ASKED, actor)
    if done is not None:
        return Waiver.objects.get(pk=int(done.subject.removeprefix("waiver:")), application=application)
    found = next((each for each in pack_of(application).rules if each.id == rule), None)
    if found is None or found.kind != "soft":
        raise Refused("waiver", "这一条不是“原则上”条款，不能放宽", "this rule is not one that may be waived")
    if not reason.strip():
        raise Refused("reason", "放宽须写明理由", "a waiver needs a reason")
    made = Waiver(application=application, version=version, rule=rule, reason=reason.strip(), by=actor.membership)
    made.full_clean()
    made.save()
    history.write(_ASKED, f"waiver:{made.pk}", actor=actor, after={"rule": rule}, note=made.reason, request=request)
    tasks.give(case, f"{_APPROVE} {made.pk}", ("批准放宽条件", "Approve a waiver"), case.authority or case.owner,
               "decision_maker", actor=actor)  # fmt: skip
    subject = (f"待批准放宽：{case.title}", f"A waiver waits for you: {case.title}")
    leaders = notices.people_of(case.authority or case.owner, ["decision_maker"])
    notices.tell(leaders, subject, about=f"waiver:{made.pk}", case=case)
    return made


@transaction.atomic
def approve_waiver(waiver: Waiver, actor: Actor) -> WaiverApproval:
    """The leader approves a waiver."""
    case, _version = _lies_with(waiver.application, actor, LEADER)
    if WaiverApproval.objects.filter(waiver=waiver).exists():
        raise Refused("approved", "已经批准", "it was approved before")
    made = WaiverApproval.objects.create(waiver=waiver, by=actor.membership)
    history.write(
        "waiver approved", f"waiver:{waiver.pk}", actor=actor, after={"rule": waiver.rule},
        note=waiver.reason,
    )  # fmt: skip
    tasks.finish(case, f"{_APPROVE} {waiver.pk}", actor)
    subject = (f"已批准放宽：{case.title}", f"A waiver was approved: {case.title}")
    notices.tell([waiver.by.user], subject, about=f"waived:{made.pk}", case=case)
    return made
