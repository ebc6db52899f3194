"""Objections to a public notice: signed here, or on paper and entered by the office; and how they are handled."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, numbers, service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import shelf
from pingjiang.centre.programme.deciding import effects
from pingjiang.centre.programme.deciding.access import SHOWN, may_object, public
from pingjiang.centre.programme.deciding.workflow import OBJECTION, OFFICER
from pingjiang.centre.programme.models import Decision, DecisionItem, Finding, Objection
from pingjiang.centre.programme.papers.decisions import word

SCAN = "objection-scan"
_FOUND = "objection looked into"
_FIELDS = ("signed_by", "organisation", "contact", "text")


@transaction.atomic
def lodge(
    decision: Decision, actor: Actor, item: int, said: Mapping[str, str], *, request: uuid.UUID | None = None
) -> Objection:
    """Object to an item of a notice, with one's name. Http404 for what is not public; Refused after its days."""
    access.one(public(), pk=decision.pk)
    if not may_object(actor):
        raise Refused("party", "本局人员和专家不在线提出异议", "the bureau's own people and experts do not object here")
    named = {**said, "organisation": actor.organisation.name_zh}
    return _open(decision, actor, item, named, on_paper=False, request=request)


def enter_paper(
    decision: Decision, actor: Actor, item: int, said: Mapping[str, str], pieces: Iterable[bytes], file_name: str,
    *, request: uuid.UUID | None = None,
) -> Objection:  # fmt: skip
    """Enter an objection that came on paper, with its scan: both or neither."""
    access.find(actor, Decision, pk=decision.pk)
    if OFFICER not in access.parties(actor, decision.case):
        raise Refused("party", "纸面异议由项目管理员登记", "the officer enters objections on paper")
    with (
        shelf.received(pieces, file_name, actor, f"case:{decision.case_id}", case=decision.case) as file,
        transaction.atomic(),
    ):
        made = _open(decision, actor, item, said, on_paper=True, request=request)
        if not made.case.documents.filter(name=SCAN).exists():
            shelf.put(made.case, actor, file, name=SCAN, title=word("scan"))
    return made


def _open(
    decision: Decision, actor: Actor, item: int, said: Mapping[str, str], *, on_paper: bool, request: uuid.UUID | None
) -> Objection:
    service.lock(decision.case_id)  # the notice does not end meanwhile
    decision = Decision.objects.select_related("case__owner", "call").get(pk=decision.pk)
    if decision.case.state not in SHOWN:
        raise Refused("time", "现没有公示，不受理异议", "no notice is out now: no objection is taken")
    row = listed(decision, item)
    number = numbers.next_number("YY")
    case = service.open_case(
        OBJECTION, actor, number=number, title=word("objection_to", title=row.application.case.title[:180]),
        authority=decision.case.owner, track=decision.case.track, request=request,
    )  # fmt: skip
    found = Objection.objects.filter(case=case).first()
    if found is not None:
        return found
    today = timezone.localdate()
    if not decision.takes_objections(today):
        raise Refused("time", "不在公示期内，不再受理异议", "the days of the notice are over: no objection is taken")
    made = Objection(
        case=case, decision=decision, item=row, on_paper=on_paper, received_on=today,
        **{name: said.get(name, "").strip() for name in _FIELDS},
    )  # fmt: skip
    made.full_clean()
    made.save()
    history.write(
        "objection received", f"objection:{made.pk}", actor=actor, case=case,
        after={"item": row.pk, "signed_by": made.signed_by, "on_paper": int(on_paper), "text": made.text},
    )  # fmt: skip
    effects.received(case, actor)
    return made


def listed(decision: Decision, item: int) -> DecisionItem:
    """An item that the notice shows. Http404 for any other: what got nothing is not public."""
    shown = [each.item for each in effects.verdicts_of(decision) if each.amount is not None]
    return access.one(DecisionItem.objects.filter(pk__in=[each.pk for each in shown]), pk=item)


@transaction.atomic
def find_out(objection: Objection, actor: Actor, text: str, *, request: uuid.UUID | None = None) -> Finding:
    """Write down what was found: in the history of the site, not in that of the case, which the objector reads. The
    same request twice writes it once."""
    case = service.lock(objection.case_id)
    access.find(actor, Case, pk=case.pk)
    done = service.done_by(request, _FOUND, actor)
    if done is not None:
        return Finding.objects.get(pk=int(done.subject.removeprefix("finding:")), objection=objection)
    if OFFICER not in access.parties(actor, case) or case.state != "investigating":
        raise Refused("edit", "受理核查后由项目管理员记录", "the officer writes this once it is being looked into")
    made = Finding(objection=objection, text=text.strip(), by=actor.membership)
    made.full_clean()
    made.save()
    history.write(_FOUND, f"finding:{made.pk}", actor=actor, after={"text": made.text}, request=request)
    return made


def uphold(objection: Objection, actor: Actor, reasons: str, remedy: str) -> Event:
    """Uphold it, and say what follows."""
    return service.perform(objection.case, "uphold", actor, reasons, given={"remedy": remedy})
