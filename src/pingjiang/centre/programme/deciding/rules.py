"""What the moves of a decision and of an objection need; and those of an application that follow from a decision.

Every refusal names its rule: results, proposals, entries, amount, cap, reasons, budget, places, meeting, recusals,
objection, notice, …
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Label, Need
from pingjiang.centre.programme.deciding import sums
from pingjiang.centre.programme.models import Decision, DecisionItem, Objection
from pingjiang.centre.programme.models.decisions import (
    AMEND,
    APPROVE,
    BACK,
    DEFER,
    GIVES,
    REJECT,
    REMEDIES,
    STRIKE,
    recused,
)
from pingjiang.centre.programme.services import results

OPEN = ("received", "investigating")  # states of an objection that is not settled
TABLED = ("proposed",)  # states of an application that is being decided on
PROPOSABLE = ("reviewed", "deferred")


def _which(items: Sequence[DecisionItem]) -> Label:
    """Items by their numbers, as a sentence begins with them."""
    numbers = [str(item.position) for item in items]
    return f"第 {'、'.join(numbers)} 项", f"items {', '.join(numbers)}"


def results_stand(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """No application waits unnamed, and the pack is made of exactly what the locked panels say."""
    decision: Decision = case.decision
    without = named(decision)
    open_ones = [each for each in results.waiting(decision.call, case.track) if each.pk not in without]
    if open_ones:
        return (
            f"{open_ones[0].case.number} 还没有评审结果：等它评完，或写明不列入本包的理由",
            f"{open_ones[0].case.number} has no results yet: wait for them, or say why it is not in this pack",
        )
    found = results.locked(decision.call, case.track, by=decision.ranked_by, without=without)
    if found is None:
        return "本类别还没有封存的评审结果", "no panel of this track has locked its scores"
    if found.digest != decision.results_digest:
        return "评审结果在拟办之后有变化，请更新审定包", "the results have changed since: make the pack anew"
    here = {row.application for row in found.rows}
    gone = [item for item in sums.standing(decision) if item.application_id not in here]
    if gone:
        return f"{_which(gone)[0]}没有评审结果", f"no results for {_which(gone)[1]}"
    return None


def named(decision: Decision) -> set[int]:
    """Applications that are not in a pack, each with its reason."""
    return set(decision.left_out.values_list("application", flat=True))


def has_items(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """There is something to decide."""
    return None if sums.standing(case.decision) else ("没有待审定的项目", "there is nothing to decide")


def items_may_be_tabled(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Each application has been reviewed, or was put off, and is in no other decision."""
    wrong = [item for item in sums.standing(case.decision) if item.application.case.state not in PROPOSABLE]
    return (f"{_which(wrong)[0]}现不能提交审定", f"cannot be tabled now: {_which(wrong)[1]}") if wrong else None


# ── proposals of the office


def proposals_whole(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Each item has what the office proposes, and why."""
    open_ones = [item for item in sums.standing(case.decision) if not item.proposal or not item.proposed_reason.strip()]
    if open_ones:
        return f"{_which(open_ones)[0]}没有拟办意见或理由", f"no proposal or reason: {_which(open_ones)[1]}"
    return None


def proposals_within(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """What is proposed is no more than is asked, and the pack allows."""
    rows = [(item, item.proposal, item.proposed_amount) for item in sums.standing(case.decision)]
    return _amounts(rows) or _capped(case, [(item, sums.proposed(item)) for item in sums.standing(case.decision)])


def proposals_in_budget(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """All that is proposed is no more than there is."""
    return _in_budget(case, [sums.proposed(item) for item in sums.standing(case.decision)])


def proposals_in_places(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """No more are proposed than there are places."""
    return _in_places(case, [sums.proposed(item) for item in sums.standing(case.decision)])


# ── entries of the meeting


def entries_whole(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Each item is decided."""
    open_ones = [item for item in sums.standing(case.decision) if not item.verdict]
    return (f"{_which(open_ones)[0]}尚无会议决定", f"not decided: {_which(open_ones)[1]}") if open_ones else None


def amounts_within(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """An amended amount is said, more than nothing, and less than what is asked."""
    return _amounts([(item, item.verdict, item.amount) for item in sums.standing(case.decision)])


def _amounts(rows: Sequence[tuple[DecisionItem, str, Decimal | None]]) -> Label | None:
    for item, kind, amount in rows:
        if kind != AMEND:
            continue
        if amount is None or amount <= 0:
            return f"第 {item.position} 项为调整，须填金额", f"item {item.position} is amended: say the amount"
        if amount > item.asked:
            return (
                f"第 {item.position} 项 {sums.wan(amount)} 万元，多于申请的 {sums.wan(item.asked)} 万元",
                f"item {item.position}: {sums.wan(amount)} is more than the {sums.wan(item.asked)} asked (CNY 10,000)",
            )
    return None


def capped(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """No item gets more than the pack allows."""
    return _capped(case, [(item, sums.entered(item)) for item in sums.standing(case.decision)])


def _capped(case: Case, rows: Sequence[tuple[DecisionItem, Decimal | None]]) -> Label | None:
    cap = sums.cap(case.decision)
    if cap is None:
        return None
    for item, amount in rows:
        if amount is not None and amount > cap[0]:
            return (
                f"第 {item.position} 项 {sums.wan(amount)} 万元，超过上限 {sums.wan(cap[0])} 万元（{cap[1]}）",
                f"item {item.position}: {sums.wan(amount)} is above the cap of {sums.wan(cap[0])} (CNY 10,000; "
                f"{cap[1]})",
            )
    return None


def reasons_given(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Where it is not decided as it was proposed, the reason is said."""
    open_ones = [item for item in sums.standing(case.decision) if differs(item) and not item.reason.strip()]
    if open_ones:
        return f"{_which(open_ones)[0]}与拟办不同，须写理由", f"not as proposed, say why: {_which(open_ones)[1]}"
    return None


def differs(item: DecisionItem) -> bool:
    """Whether an entry is not what was proposed."""
    return item.verdict != item.proposal or sums.entered(item) != sums.proposed(item)


def in_budget(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """All that is given is no more than there is."""
    return _in_budget(case, [sums.entered(item) for item in sums.standing(case.decision)])


def _in_budget(case: Case, amounts: Sequence[Decimal | None]) -> Label | None:
    given, budget = sums.total(amounts)[0], sums.room(case.decision).budget
    if given <= budget:
        return None
    told = sums.wan(given), sums.wan(budget), sums.wan(given - budget)
    return (
        f"合计 {told[0]} 万元，超过可用 {told[1]} 万元，多出 {told[2]} 万元",
        f"{told[0]} in all is more than the {told[1]} that there is, by {told[2]} (CNY 10,000)",
    )


def in_places(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """No more are approved than there are places."""
    return _in_places(case, [sums.entered(item) for item in sums.standing(case.decision)])


def _in_places(case: Case, amounts: Sequence[Decimal | None]) -> Label | None:
    count, places = sums.total(amounts)[1], sums.room(case.decision).places
    return None if count <= places else (f"{count} 项，超过名额 {places} 项", f"{count} are more than {places} places")


def meeting_recorded(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The day, the number of the minutes and who was there are written down."""
    decision: Decision = case.decision
    if not decision.minutes_number.strip():
        return "会议纪要号是空的", "the number of the minutes is missing"
    if decision.held_on is None or decision.held_on > timezone.localdate():
        return "须填会议日期，且不晚于今天", "say the day of the meeting, not later than today"
    if not decision.members:
        return "须填到会成员", "say who was present"
    if len(set(decision.members)) != len(decision.members):
        return "到会成员有重名，请加以区分", "a name stands twice among those present: tell them apart"
    return None


def recusals_sound(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Who was recused was there, each with item and reason; and somebody was left to decide each item."""
    decision: Decision = case.decision
    members, away = set(decision.members), dict[int, set[str]]()
    for row in recused(decision.recusals):
        if row["member"] not in members:
            return f"回避人“{row['member']}”不在到会成员之列", f"{row['member']} was recused, but not present"
        if not str(row["reason"]).strip():
            return f"“{row['member']}”的回避须写理由", f"say why {row['member']} was recused"
        away.setdefault(row["item"], set()).add(row["member"])
    for item in sums.standing(decision):
        if members and away.get(item.pk) == members:
            return f"第 {item.position} 项无人可议：到会成员均回避", f"item {item.position}: all present were recused"
    return None


def something_stands(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """An application is left to decide on. A pack that all have left is no decision to be issued: the office drops it,
    or makes it anew."""
    if sums.standing(case.decision):
        return None
    return (
        "本包所列申报都已撤回，没有可审定的：请退回处室，由其撤销或更新审定包",
        "every application of this pack was withdrawn: hand it back, for the office to drop it or make it anew",
    )


def applications_stand(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Each application is in this decision still."""
    wrong = [item for item in sums.standing(case.decision) if item.application.case.state not in TABLED]
    return (
        f"{_which(wrong)[0]}已不在审定中：请退回处室，更新审定包",
        f"no longer being decided: {_which(wrong)[1]}; hand the pack back, to be made anew",
    ) if wrong else None  # fmt: skip


def upheld_followed(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """What was struck by an objection is rejected, what was sent back is put off."""
    wanted = {STRIKE: REJECT, BACK: DEFER}
    for objection in upheld(case.decision):
        item = objection.item
        if item.application.case.state != "withdrawn" and item.verdict != wanted[objection.remedy]:
            told = REMEDIES[objection.remedy]
            return (
                f"第 {item.position} 项的异议成立，处理为“{told[0]}”",
                f"the objection to item {item.position} was upheld: {told[1].lower()}",
            )
    return None


def upheld(decision: Decision) -> list[Objection]:
    """Objections to a decision that were upheld."""
    rows = Objection.objects.filter(decision=decision, case__state="upheld")
    return list(rows.select_related("item__application__case").order_by("pk"))


# ── the public notice and the final list


def notice_over(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The working days of the notice have passed."""
    until = case.decision.notice_until
    if until is not None and timezone.localdate() > until:
        return None
    told = "—" if until is None else until.isoformat()
    return f"公示期至 {told}，尚未届满", f"the public notice runs until the end of {told}"


def no_open_objection(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Every objection has been settled."""
    count = Objection.objects.filter(decision=case.decision, case__state__in=OPEN).count()
    return (f"尚有 {count} 件异议未办结", f"{count} objections are not settled") if count else None


def decided_again(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """What an objection turned has been decided anew: what was upheld gets nothing."""
    objections = upheld(case.decision)
    verdicts = sums.last_verdicts(each.item for each in objections)
    for objection in objections:
        item = objection.item
        last = verdicts.get(item.pk)
        if item.application.case.state != "withdrawn" and (last is None or last.kind in GIVES):
            return (
                f"第 {item.position} 项的异议成立，须先复议",
                f"the objection to item {item.position} was upheld: it is decided again first",
            )
    return None


# ── objections


def found_out(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """What was found is on record."""
    there = case.objection.findings.exists()
    return None if there else ("须先记录核查情况", "write down first what was found")


def remedy_said(_case: Case, given: Mapping[str, Any]) -> Label | None:
    """What follows for the application is said."""
    if given.get("remedy") in REMEDIES:
        return None
    return "须选定处理：取消拟支持资格，或退回重新评审", "say what follows: struck, or sent back to review"


def came_on_paper(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """It came on paper: who objected here withdraws it here."""
    return None if case.objection.on_paper else ("在线提出的异议，由异议人撤回", "who objected here withdraws it")


# ── an application's own moves


def _last_items(cases: Sequence[Case]) -> dict[int, DecisionItem]:
    """Key of an application's case → its place in the last pack that it stands in."""
    rows = DecisionItem.objects.filter(application__case__in=[case.pk for case in cases])
    return {row.application.case_id: row for row in rows.select_related("application", "decision__case").order_by("pk")}


def in_tabled_pack(cases: Sequence[Case]) -> dict[int, Label]:
    """It stands in a pack that has been tabled."""
    items = _last_items(cases)
    tabled = {pk for pk, item in items.items() if item.decision.case.state == "tabled"}
    return {
        each.pk: ("不在已提交的审定包里", "it is in no pack that was tabled") for each in cases if each.pk not in tabled
    }


def pack_gone(cases: Sequence[Case]) -> dict[int, Label]:
    """The pack in which it stood was handed back or withdrawn."""
    words = "所在审定包尚在办理", "its pack is being decided"
    standing = _last_items(cases).items()
    return {pk: words for pk, item in standing if item.decision.case.state not in ("drafting", "withdrawn")}


def _final(*kinds: str) -> Need:
    def of_many(cases: Sequence[Case]) -> dict[int, Label]:
        items = {pk: item for pk, item in _last_items(cases).items() if item.decision.case.state == "final"}
        last = sums.last_verdicts(items.values())
        said = {pk for pk, item in items.items() if item.pk in last and last[item.pk].kind in kinds}
        return {each.pk: ("最终名单没有这样决定", "no final list says so") for each in cases if each.pk not in said}

    return Need.set_based("final list", of_many)


RESULTS = Need("results", results_stand)
PACK_WHOLE = (
    Need("items", has_items), RESULTS, Need("items", items_may_be_tabled), Need("proposals", proposals_whole),
    Need("amount", proposals_within), Need("budget", proposals_in_budget), Need("places", proposals_in_places),
)  # fmt: skip
DECIDED = (
    Need("items", something_stands), Need("items", applications_stand), Need("entries", entries_whole),
    Need("objection", upheld_followed),
    Need("amount", amounts_within), Need("cap", capped), Need("budget", in_budget), Need("places", in_places),
    Need("reasons", reasons_given), Need("meeting", meeting_recorded), Need("recusals", recusals_sound),
)  # fmt: skip
ISSUABLE = (
    Need("notice", notice_over), Need("objection", no_open_objection), Need("objection", decided_again),
)  # fmt: skip
FOUND_OUT = Need("record", found_out)
ON_PAPER = Need("paper", came_on_paper)
REMEDY = Need("remedy", remedy_said)
IN_PACK = Need.set_based("tabled", in_tabled_pack)
PACK_GONE = Need.set_based("tabled", pack_gone)
APPROVED = _final(APPROVE, AMEND)
NOT_FUNDED = _final(REJECT)
DEFERRED = _final(DEFER)
