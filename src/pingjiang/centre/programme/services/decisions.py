"""What the bureau does with a pack: make it from the locked results, propose, enter what the meeting decides."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, numbers, service, tasks
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Label, Refused
from pingjiang.centre.programme.deciding import rules, sums
from pingjiang.centre.programme.deciding.rules import PROPOSABLE
from pingjiang.centre.programme.deciding.workflow import DECISION, LEADER, OFFICER
from pingjiang.centre.programme.models import Application, Call, CallTrack, Decision, DecisionItem, LeftOut
from pingjiang.centre.programme.models.decisions import AMEND, recused
from pingjiang.centre.programme.papers.decisions import word
from pingjiang.centre.programme.services import results

_OVER = ("final", "withdrawn")
_ENTERED = ("proposal", "proposed_amount", "proposed_reason", "verdict", "amount", "reason", "conditions")
_FIXED = frozenset(field.name for field in DecisionItem._meta.fields) - set(_ENTERED)


@dataclass(frozen=True)
class Entry:
    """What is proposed or entered of an item. `amount` counts where it is amended, `conditions` where it gets any."""

    kind: str
    amount: Decimal | None
    reason: str
    conditions: str = ""


@dataclass(frozen=True)
class Recusal:
    """A member who took no part in an item, and why."""

    member: str
    item: int
    reason: str


@dataclass(frozen=True)
class Meeting:
    """What is written down of a meeting."""

    held_on: datetime.date | None
    minutes_number: str
    present: str
    recusals: tuple[Recusal, ...]


def may_prepare(actor: Actor) -> bool:
    """Whether an actor prepares packs."""
    return actor.role == "programme_officer" and actor.organisation.kind == "authority"


@transaction.atomic
def prepare(
    call: Call, track: str, actor: Actor, left_out: Mapping[int, str] | None = None, *,
    request: uuid.UUID | None = None,
) -> Decision:  # fmt: skip
    """Make the pack of a track from its locked results. Refused while another one is being decided, while an
    application waits that is not in `left_out` with its reason, and where nothing is to be decided."""
    if not may_prepare(actor) or actor.organisation != call.case.owner:
        raise Refused("party", "审定包由发布通知的主管部门拟办", "the bureau that published the call prepares the pack")
    if track not in actor.tracks:
        raise Refused("track", "这一类别不归您管", "this track is not yours")
    access.find(actor, Call, pk=call.pk)
    row = access.one(CallTrack.objects.all(), call=call, track=track)
    service.lock(call.case_id)
    earlier = Decision.objects.filter(call=call, case__track=track)
    title = f"{call.case.title}{word('pack')}"
    case = service.open_case(
        DECISION, actor, number=numbers.next_number("SD"), title=title[:200], authority=call.case.owner, track=track,
        request=request,
    )  # fmt: skip
    found = Decision.objects.filter(case=case).first()
    if found is not None:
        return found
    if earlier.exclude(case__state__in=_OVER).exists():
        raise Refused("open", "本类别已有审定包在办理", "a pack of this track is being decided already")
    made = Decision.objects.create(
        case=case, call=call, round=earlier.count() + 1, pack=row.pack, pack_version=row.pack_version,
        results_digest="",
    )  # fmt: skip
    _leave_out(made, actor, left_out or {})
    _fill(made)
    tasks.give(case, "prepare", ("拟办审定包", "Prepare the pack"), case.owner, "programme_officer", actor=actor)
    return made


@transaction.atomic
def renew(decision: Decision, actor: Actor, *, version: int | None = None) -> Decision:
    """Make a pack that is being prepared anew from the results of now. Proposals on items that stay are kept."""
    case = _open_to(decision, actor, OFFICER, version)
    decision = Decision.objects.select_related("case", "call__case").get(pk=decision.pk)
    _fill(decision)
    history.write("pack made anew", f"case:{case.pk}", actor=actor, case=case,
                  after={"results": decision.results_digest, "items": decision.items.count()})  # fmt: skip
    return decision


def _fill(decision: Decision) -> None:
    """Its items from the locked results: what was reviewed, or put off by an earlier decision."""
    case = decision.case
    result = results.locked(decision.call, case.track, by=decision.ranked_by, without=rules.named(decision))
    if result is None:
        raise Refused("results", *_not_ready(decision))
    ready = Application.objects.filter(
        call=decision.call, case__track=decision.case.track, case__state__in=PROPOSABLE
    ).select_related("case", "call__case")
    rows = {row.application: row for row in result.rows}
    items = [each for each in ready if each.pk in rows]
    if not items:
        raise Refused("items", "没有已评审而待审定的项目", "no application has been reviewed and waits to be decided")
    decision.items.exclude(application__in=items).delete()
    last = len(result.rows) + 1
    ordered = sorted(items, key=lambda each: (rows[each.pk].rank or last, each.case.number))
    for position, application in enumerate(ordered, start=1):
        _item(decision, application, position, rows[application.pk])
    decision.results, decision.results_digest = history.canonical(result.kept()), result.digest
    decision.save(update_fields=["results", "results_digest"])


def _not_ready(decision: Decision) -> Label:
    """Why there are no results to make a pack of."""
    named = rules.named(decision)
    left = [each for each in results.waiting(decision.call, decision.case.track) if each.pk not in named]
    if not left:
        return "本类别还没有封存的评审结果", "no panel of this track has locked its scores"
    told = "、".join(each.case.number for each in left[:5])
    return (
        f"还有 {len(left)} 项没有评审结果（{told}）：逐项写明不列入本包的理由，或等其评完",
        f"{len(left)} have no results yet ({told}): say of each why it is not in this pack, or wait for it",
    )


def _leave_out(decision: Decision, actor: Actor, reasons: Mapping[int, str]) -> dict[str, str]:
    """Keep why applications that wait are not in the pack; what was new of it, by number. Refused for one that does
    not wait."""
    there = {row.application_id: row for row in decision.left_out.all()}
    waiting = {each.pk: each for each in results.waiting(decision.call, decision.case.track)}
    told: dict[str, str] = {}
    for pk, typed in reasons.items():
        reason, row = typed.strip(), there.get(pk)
        if reason == (row.reason if row is not None else ""):
            continue
        if pk not in waiting:
            raise Refused("left out", "只有还在等待评审结果的申报可以不列入", "only what waits for results is left out")
        if not reason:
            decision.left_out.filter(application=pk).delete()
        else:
            made = row or LeftOut(decision=decision, application=waiting[pk])
            made.reason, made.by = reason, actor.membership
            made.full_clean()
            made.save()
        told[waiting[pk].case.number] = reason
    if told:
        history.write("left out", f"case:{decision.case_id}", actor=actor, case=decision.case, after=told)
    return told


@transaction.atomic
def rank_by(decision: Decision, actor: Actor, method: str, reason: str, *, version: int | None = None) -> Decision:
    """Choose the method that ranks a pack, and why; '' is the pack's own. Proposals are kept."""
    case = _open_to(decision, actor, OFFICER, version)
    decision = Decision.objects.select_related("case", "call__case").get(pk=decision.pk)
    if method and not reason.strip():
        raise Refused("ranking", "改用别的排序方法须写明理由", "say why it is ranked by another method")
    decision.ranked_by, decision.ranking_reason = method, reason.strip() if method else ""
    decision.full_clean()
    decision.save(update_fields=["ranked_by", "ranking_reason"])
    _fill(decision)
    history.write("ranking chosen", f"case:{case.pk}", actor=actor, case=case, note=decision.ranking_reason,
                  after={"method": json.loads(decision.results)["method"], "results": decision.results_digest}
                  )  # fmt: skip
    return decision


def _item(decision: Decision, application: Application, position: int, row: results.Ranked) -> None:
    version = application.versions.first()
    asked = sums.yuan_of(application, version, sums.CITY) if version is not None else None
    if version is None or asked is None or asked <= 0:
        raise Refused(
            "asked", f"{application.case.number} 没有写明申请的市级经费",
            f"{application.case.number} does not say what it asks of the city",
        )  # fmt: skip
    DecisionItem.objects.update_or_create(
        decision=decision, application=application,
        defaults={
            "version": version, "position": position, "result": history.canonical(row.kept()), "asked": asked,
            "match": sums.yuan_of(application, version, sums.LOCAL),
        },
    )  # fmt: skip


def _open_to(decision: Decision, actor: Actor, party: str, version: int | None) -> Case:
    """The case, locked and counted as changed, where it lies with this party. Stale where it has moved on."""
    case = service.touch(decision.case_id, actor, version=version)
    if party not in access.parties(actor, case) or party not in service.workflow_of(case).state(case.state).edits:
        raise Refused("edit", "现不归您办理", "it does not lie with you now")
    return case


@transaction.atomic
def propose(
    decision: Decision, actor: Actor, entries: Mapping[int, Entry], left_out: Mapping[int, str] | None = None, *,
    version: int | None = None,
) -> bool:  # fmt: skip
    """Keep what the office proposes, by item, and why what waits is not in the pack; whether that is something new. It
    may be incomplete: tabling asks for the rest."""
    changed: list[tuple[DecisionItem, Entry]] = []
    for item in sums.standing(decision):
        entry = _plain(entries.get(item.pk))
        before = Entry(item.proposal, item.proposed_amount, item.proposed_reason, item.conditions)
        if entry is not None and entry != before:
            item.proposal, item.proposed_amount, item.proposed_reason = entry.kind, entry.amount, entry.reason
            item.conditions = entry.conditions
            changed.append((item, entry))
    kept = {row.application_id: row.reason for row in decision.left_out.all()}
    reasons = {pk: text for pk, text in (left_out or {}).items() if text.strip() != kept.get(pk, "")}
    if not changed and not reasons:
        return False
    case = _open_to(decision, actor, OFFICER, version)
    _leave_out(Decision.objects.select_related("case", "call__case").get(pk=decision.pk), actor, reasons)
    if not changed:
        return True
    history.write("proposals saved", f"case:{case.pk}", actor=actor, case=case, after=_kept(changed))
    return True


def _plain(entry: Entry | None) -> Entry | None:
    """An entry as it is kept: an amount where it is amended, no blanks around the reason."""
    return entry and Entry(
        entry.kind, entry.amount if entry.kind == AMEND else None, entry.reason.strip(), entry.conditions.strip()
    )  # fmt: skip


def _kept(changed: Sequence[tuple[DecisionItem, Entry]]) -> dict[str, dict[str, str]]:
    """Save items, and what is told of them."""
    for item, _entry in changed:
        item.clean_fields(exclude=_FIXED)
    DecisionItem.objects.bulk_update([item for item, _entry in changed], _ENTERED)
    return {
        str(item.position): {
            "kind": entry.kind, "amount": "" if entry.amount is None else f"{entry.amount:f}", "reason": entry.reason,
            "conditions": entry.conditions,
        }
        for item, entry in changed
    }  # fmt: skip


@transaction.atomic
def enter(
    decision: Decision, actor: Actor, entries: Mapping[int, Entry], meeting: Meeting, *, version: int | None = None
) -> bool:
    """Keep what the meeting says, by item, and the meeting; whether that is something new. It decides nothing: the
    move does, and asks for the rest."""
    items = sums.standing(decision)
    changed: list[tuple[DecisionItem, Entry]] = []
    for item in items:
        entry = _plain(entries.get(item.pk))
        if entry is not None and entry != Entry(item.verdict, item.amount, item.reason, item.conditions):
            item.verdict, item.amount, item.reason = entry.kind, entry.amount, entry.reason
            item.conditions = entry.conditions
            changed.append((item, entry))
    row = Decision.objects.select_related("case").get(pk=decision.pk)
    before = (row.held_on, row.minutes_number, row.present, history.canonical({"rows": recused(row.recusals)}))
    row.held_on, row.minutes_number = meeting.held_on, meeting.minutes_number.strip()
    row.present = "\n".join(line.strip() for line in meeting.present.splitlines() if line.strip())
    row.recusals = history.canonical({"rows": _recusals(meeting.recusals, items)})
    if not changed and before == (row.held_on, row.minutes_number, row.present, row.recusals):
        return False
    case = _open_to(decision, actor, LEADER, version)
    row.full_clean()
    row.save(update_fields=["held_on", "minutes_number", "present", "recusals"])
    history.write(
        "meeting entered", f"case:{case.pk}", actor=actor, case=case,
        after={
            "items": _kept(changed), "minutes": row.minutes_number, "present": row.members,
            "recusals": recused(row.recusals), "held_on": row.held_on.isoformat() if row.held_on else "",
        },
    )  # fmt: skip
    return True


def _recusals(rows: Sequence[Recusal], items: Sequence[DecisionItem]) -> list[dict[str, str | int]]:
    known = {item.pk for item in items}
    for row in rows:
        if row.item not in known:
            raise Refused("recusals", "回避的项目不在本包", "the item of a recusal is not in this pack")
    return [{"member": row.member.strip(), "item": row.item, "reason": row.reason.strip()} for row in rows]


def recusals_of(decision: Decision) -> list[Recusal]:
    """The recusals that are entered."""
    return [Recusal(row["member"], row["item"], row["reason"]) for row in recused(decision.recusals)]
