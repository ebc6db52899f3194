"""What the moves need: money and places one below, at and above; reasons; the meeting; the days; objections."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from pingjiang.centre.casework import history, service
from pingjiang.centre.casework.models import Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.programme.deciding import effects, rules, sums
from pingjiang.centre.programme.deciding.access import SHOWN, public
from pingjiang.centre.programme.models import CallTrack, Decision, DecisionItem, Objection, Verdict
from pingjiang.centre.programme.models.decisions import VERDICTS
from pingjiang.centre.programme.services import decisions, objections, results
from pingjiang.centre.programme.services.decisions import Entry, Recusal
from tests.centre.programme import play as programme
from tests.centre.programme.deciding import play as plays
from tests.centre.programme.deciding.play import ASKED, MEETING, Table

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")


@contextmanager
def on(day: datetime.date) -> Iterator[None]:
    """Noon of a day by every clock of the site."""
    noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=timezone.get_current_timezone())
    with mock.patch("django.utils.timezone.now", lambda: noon):
        yield


def decide(table: Table, made: Decision) -> None:
    service.perform(made.case, "decide", table.leader)


def enter(table: Table, made: Decision, said: dict[int, Entry], **meeting: object) -> None:
    decisions.enter(made, table.leader, said, dataclasses.replace(MEETING, **meeting))  # type: ignore[arg-type]


def refused(table: Table, made: Decision, said: dict[int, Entry], **meeting: object) -> str:
    """The rule that refuses to decide so. Nothing was written."""
    enter(table, made, said, **meeting)
    before = Event.objects.count()
    with pytest.raises(Refused) as found:
        decide(table, plays.fresh(made))
    assert plays.fresh(made).case.state == "tabled" and not Verdict.objects.exists()
    assert Event.objects.count() == before
    return found.value.rule


# ── what is left of a pack


def test_a_pack_that_all_have_left_is_handed_back_and_not_decided(table: Table) -> None:
    """It says so, and what to do; and that can be done: the office drops it. One that is left is decided."""
    made = plays.decision(table, "tabled")
    enter(table, made, plays.entries(made))
    for each, actor in zip(table.applications, (table.play.cast.alice, table.play.cast.charlie), strict=True):
        service.perform(each.case_id, "withdraw", actor, "不报了")
    with pytest.raises(Refused) as found:
        decide(table, plays.fresh(made))
    assert found.value.rule == "items"
    assert "退回处室" in found.value.words[0] and "hand it back" in found.value.words[1]
    assert not Verdict.objects.exists() and not Paper.objects.filter(case=made.case, name=effects.RESULT).exists()
    service.perform(plays.fresh(made).case, "hand_back", table.leader, "所列申报都已撤回")
    with pytest.raises(Refused) as again:
        decisions.renew(plays.fresh(made), table.olga)
    assert again.value.rule == "items"
    service.perform(plays.fresh(made).case, "drop", table.olga, "所列申报都已撤回")
    assert plays.fresh(made).case.state == "withdrawn"


def test_one_that_is_left_is_decided(table: Table) -> None:
    made = plays.decision(table, "tabled")
    enter(table, made, plays.entries(made))
    service.perform(table.applications[0].case_id, "withdraw", table.play.cast.alice, "不报了")
    decide(table, plays.fresh(made))
    assert [each.item.application_id for each in Verdict.objects.all()] == [table.applications[1].pk]


# ── money and places


@pytest.mark.parametrize(("short", "rule"), [(CENT, None), (Decimal(0), None), (-CENT, "budget")])
def test_money(table: Table, short: Decimal, rule: str | None) -> None:
    """Two of 4.8 million: where there is a cent more, exactly as much, a cent less."""
    made = plays.decision(table, "tabled")
    CallTrack.objects.filter(call=table.call).update(budget=2 * ASKED + short)
    if rule is None:
        enter(table, made, plays.entries(made))
        decide(table, plays.fresh(made))
        assert sum(each.amount or 0 for each in Verdict.objects.all()) == 2 * ASKED
    else:
        assert refused(table, made, plays.entries(made)) == rule
    assert history.verify().whole


@pytest.mark.parametrize(("places", "rule"), [(3, None), (2, None), (1, "places")])
def test_places(table: Table, places: int, rule: str | None) -> None:
    made = plays.decision(table, "tabled")
    CallTrack.objects.filter(call=table.call).update(places=places)
    if rule is None:
        enter(table, made, plays.entries(made))
        decide(table, plays.fresh(made))
    else:
        assert refused(table, made, plays.entries(made)) == rule


@pytest.mark.parametrize(
    ("amount", "rule"),
    [(ASKED - CENT, None), (ASKED, None), (ASKED + CENT, "amount"), (None, "amount")],
)
def test_an_amended_amount(table: Table, amount: Decimal | None, rule: str | None) -> None:
    made = plays.decision(table, "tabled")
    said = plays.entries(made)
    first = plays.items(made)[0]
    said[first.pk] = Entry("amend", amount, "压减设备费")
    if rule is None:
        enter(table, made, said)
        decide(table, plays.fresh(made))
        assert Verdict.objects.get(item=first).amount == amount
    else:
        assert refused(table, made, said) == rule


@pytest.mark.parametrize(("asked", "rule"), [("4999999.99", None), ("5000000", None), ("5000000.01", "cap")])
def test_the_cap_of_the_pack(table: Table, asked: str, rule: str | None) -> None:
    """Five million for one, whatever was asked: also where an item came to say more than its application does."""
    made = plays.decision(table, "tabled")
    first = plays.items(made)[0]
    DecisionItem.objects.filter(pk=first.pk).update(asked=Decimal(asked))
    if rule is None:
        enter(table, made, plays.entries(made, reason="按会议意见"))
        decide(table, plays.fresh(made))
    else:
        assert refused(table, made, plays.entries(made, reason="按会议意见")) == rule


def test_an_earlier_decision_has_spent_its_money_and_places(table: Table) -> None:
    """What was put off is tabled again, over what the first decision left."""
    first = plays.decision(table, "final", ("approve", "defer"))
    again = plays.prepared(table)
    assert again.round == 2 and [item.application_id for item in plays.items(again)] == [table.applications[1].pk]
    assert sums.room(again) == sums.Room(Decimal("15000000") - ASKED, 3)
    assert sums.room(first).places == 4
    CallTrack.objects.filter(call=table.call).update(budget=2 * ASKED - CENT)
    decisions.propose(again, table.olga, plays.proposals(again, ("approve",)))
    with pytest.raises(Refused) as found:
        service.perform(plays.fresh(again).case, "table", table.olga)
    assert found.value.rule == "budget"
    CallTrack.objects.filter(call=table.call).update(budget=2 * ASKED)
    for step in ("table", "decide", "publicise", "issue"):
        plays.take(table, again, step, ("approve",))
    assert {programme.fresh(each).case.state for each in table.applications} == {"approved"}
    assert sums.room(plays.fresh(again)).budget == ASKED


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=some.tuples(some.sampled_from(sorted(VERDICTS)), some.sampled_from(sorted(VERDICTS))),
    amounts=some.tuples(some.integers(1, 48), some.integers(1, 48)), budget=some.integers(0, 100),
    places=some.integers(0, 3),
)  # fmt: skip
def test_any_entries_against_money_and_places(
    table: Table, kinds: tuple[str, str], amounts: tuple[int, int], budget: int, places: int
) -> None:
    """Whatever is entered, in hundreds of thousands: the rules say what a sum by hand says."""
    made = Decision.objects.first() or plays.prepared(table)
    unit = Decimal(100_000)
    for item, kind, amount in zip(plays.items(made), kinds, amounts, strict=True):
        DecisionItem.objects.filter(pk=item.pk).update(verdict=kind, amount=amount * unit if kind == "amend" else None)
    given_by_hand = [48 if kind == "approve" else amount for kind, amount in zip(kinds, amounts, strict=True)
                     if kind in ("approve", "amend")]  # fmt: skip
    room = sums.Room(budget * unit, places)
    with mock.patch.object(sums, "room", lambda decision: room):
        assert (rules.in_budget(made.case, {}) is None) == (sum(given_by_hand) <= budget)
        assert (rules.in_places(made.case, {}) is None) == (len(given_by_hand) <= places)


# ── proposals


def test_a_pack_is_tabled_whole(table: Table) -> None:
    made = plays.prepared(table)
    one, two = plays.items(made)

    def rule(said: dict[int, Entry]) -> str:
        decisions.propose(plays.fresh(made), table.olga, said)
        with pytest.raises(Refused) as found:
            service.perform(plays.fresh(made).case, "table", table.olga)
        return found.value.rule

    assert rule({one.pk: Entry("approve", None, "理由")}) == "proposals"
    assert rule({two.pk: Entry("reject", None, "  ")}) == "proposals"
    assert rule({two.pk: Entry("amend", None, "理由")}) == "amount"
    assert rule({two.pk: Entry("amend", ASKED + 1, "理由")}) == "amount"
    CallTrack.objects.filter(call=table.call).update(places=1)
    assert rule({two.pk: Entry("amend", ASKED, "理由")}) == "places"


def test_one_pack_of_a_track_at_a_time(table: Table) -> None:
    made = plays.prepared(table)
    with pytest.raises(Refused) as found:
        plays.prepared(table)
    assert found.value.rule == "open"
    service.perform(made.case, "drop", table.olga, "另拟")
    assert plays.prepared(table).round == 2


def test_no_pack_before_the_panels_lock(table: Table) -> None:
    with mock.patch.object(results, "locked", lambda *_which, **_how: None), pytest.raises(Refused) as found:
        plays.prepared(table)
    assert found.value.rule == "results" and not Decision.objects.exists()


def test_a_pack_follows_the_results(table: Table) -> None:
    """Results that changed are not tabled; the pack is made anew, and what was proposed stays."""
    made = plays.prepared(table)
    decisions.propose(made, table.olga, plays.proposals(made))
    found = results.locked(table.call, "patent")
    assert found is not None
    rows = tuple(dataclasses.replace(row, rank=3 - (row.rank or 0)) for row in found.rows)
    with mock.patch.object(results, "locked", lambda *_which, **_how: dataclasses.replace(found, rows=rows)):
        with pytest.raises(Refused) as told:
            service.perform(plays.fresh(made).case, "table", table.olga)
        assert told.value.rule == "results"
        decisions.renew(plays.fresh(made), table.olga)
        assert [item.application_id for item in plays.items(made)] == [each.pk for each in table.applications[::-1]]
        assert {item.proposed_reason for item in plays.items(made)} == {"理由 1", "理由 2"}
        service.perform(plays.fresh(made).case, "table", table.olga)


# ── what the meeting enters


def test_each_item_is_decided_and_a_change_has_its_reason(table: Table) -> None:
    made = plays.decision(table, "tabled")
    one, two = plays.items(made)
    same = Entry("approve", None, "")
    assert refused(table, made, {one.pk: same}) == "entries"
    assert refused(table, made, {one.pk: same, two.pk: Entry("defer", None, "")}) == "reasons"
    assert refused(table, made, {one.pk: same, two.pk: Entry("amend", ASKED / 2, " ")}) == "reasons"
    enter(table, made, {one.pk: same, two.pk: Entry("defer", None, "待补充论证")})
    decide(table, plays.fresh(made))
    kept = {each.item_id: each for each in Verdict.objects.all()}
    assert (kept[one.pk].amount, kept[one.pk].reason) == (ASKED, "理由 1")  # decided as proposed: its reason stands
    assert (kept[two.pk].amount, kept[two.pk].reason) == (None, "待补充论证")


@pytest.mark.parametrize(
    ("meeting", "rule"),
    [
        ({"minutes_number": " "}, "meeting"), ({"held_on": None}, "meeting"), ({"present": "\n "}, "meeting"),
        ({"held_on": datetime.date(2999, 1, 1)}, "meeting"), ({"present": "甲\n甲"}, "meeting"),
    ],
)  # fmt: skip
def test_the_meeting_is_on_record(table: Table, meeting: dict[str, object], rule: str) -> None:
    made = plays.decision(table, "tabled")
    assert refused(table, made, plays.entries(made), **meeting) == rule


def test_recusals(table: Table) -> None:
    made = plays.decision(table, "tabled")
    one, two = plays.items(made)
    said = plays.entries(made)
    stranger = (Recusal("别人", one.pk, "亲属"),)
    assert refused(table, made, said, recusals=stranger) == "recusals"
    assert refused(table, made, said, recusals=(Recusal("程越", one.pk, ""),)) == "recusals"
    everyone = tuple(Recusal(name, two.pk, "亲属") for name in MEETING.present.splitlines())
    assert refused(table, made, said, recusals=everyone) == "recusals"
    with pytest.raises(Refused):
        enter(table, made, said, recusals=(Recusal("程越", 10**6, "亲属"),))
    enter(table, made, said, recusals=(Recusal("程越", two.pk, "配偶任职于该单位"),))
    decide(table, plays.fresh(made))
    paper = Paper.objects.get(case=made.case_id, name=effects.RESULT)
    assert "程越" in paper.said and "配偶任职于该单位" in paper.said


def test_what_is_decided_changes_by_a_move_alone(table: Table) -> None:
    made = plays.decision(table, "decided")
    for state in ("decided", "publicity"):
        with pytest.raises(Refused) as found:
            decisions.enter(plays.fresh(made), table.leader, plays.entries(made, ("reject", "reject"), "理由"), MEETING)
        assert found.value.rule == "edit"
        with pytest.raises(Refused):
            decisions.propose(plays.fresh(made), table.olga, plays.proposals(made, ("reject", "reject")))
        if state == "decided":
            plays.take(table, made, "publicise")
    row = Verdict.objects.first()
    assert row is not None
    with pytest.raises(TypeError):
        row.save()


def test_an_entry_on_an_older_pack_is_stale(table: Table) -> None:
    made = plays.decision(table, "tabled")
    version = made.case.version
    assert decisions.enter(made, table.leader, plays.entries(made), MEETING, version=version)
    with pytest.raises(service.Stale):
        decisions.enter(made, table.leader, plays.entries(made, ("reject", "reject"), "理由"), MEETING, version=version)
    assert not decisions.enter(plays.fresh(made), table.leader, plays.entries(made), MEETING)  # nothing new


# ── the days of the notice


@pytest.mark.parametrize(
    ("day", "until"),
    [
        # Five working days after: a plain week; over the National Day of 2026 (1–7 October off, 10 October worked);
        # over the Spring Festival of 2026 (15–23 February off, 14 and 28 February worked).
        (datetime.date(2026, 11, 2), datetime.date(2026, 11, 9)),
        (datetime.date(2026, 9, 29), datetime.date(2026, 10, 12)),
        (datetime.date(2026, 2, 12), datetime.date(2026, 2, 26)),
        (datetime.date(2026, 11, 7), datetime.date(2026, 11, 13)),  # a Saturday
    ],
)
def test_the_days_across_holidays(table: Table, day: datetime.date, until: datetime.date) -> None:
    made = plays.decision(table, "decided")
    with on(day):
        service.perform(made.case, "publicise", table.olga)
    made = plays.fresh(made)
    assert (made.notice_days, made.notice_from, made.notice_until) == (5, day, until)
    with on(until), pytest.raises(Refused) as found:
        service.perform(made.case, "issue", table.leader)
    assert found.value.rule == "notice"
    with on(until + datetime.timedelta(days=1)):
        service.perform(plays.fresh(made).case, "issue", table.leader)
    assert plays.fresh(made).case.state == "final"


def test_objections_are_taken_in_these_days_alone(table: Table) -> None:
    made = plays.decision(table, "publicity")
    until = plays.fresh(made).notice_until
    assert until is not None
    with on(until):
        plays.objection(table, made)
    with on(until + datetime.timedelta(days=1)), pytest.raises(Refused) as found:
        plays.objection(table, made)
    assert found.value.rule == "time"
    assert Objection.objects.count() == 1


# ── objections


@pytest.mark.parametrize(("state", "blocks"), [
    ("received", True), ("investigating", True), ("upheld", True), ("dismissed", False), ("withdrawn", False),
])  # fmt: skip
def test_objections_keep_the_list_from_being_final(table: Table, state: str, blocks: bool) -> None:
    made = plays.decision(table, "publicity")
    plays.objection(table, made, state)
    plays.pass_notice(made)
    if not blocks:
        service.perform(made.case, "issue", table.leader)
        return
    with pytest.raises(Refused) as found:
        service.perform(made.case, "issue", table.leader)
    assert found.value.rule == "objection"
    assert plays.fresh(made).case.state == "publicity"


@pytest.mark.parametrize(("remedy", "kind", "end"), [("strike", "reject", "not_funded"), ("back", "defer", "deferred")])
def test_what_is_upheld_is_decided_again(table: Table, remedy: str, kind: str, end: str) -> None:
    made = plays.decision(table, "publicity")
    plays.objection(table, made, "upheld", remedy=remedy)
    notice = Paper.objects.get(case=made.case_id, name=effects.NOTICE)
    service.perform(plays.fresh(made).case, "reconsider", table.leader, "异议成立")
    assert plays.fresh(made).case.state not in SHOWN and hasattr(notice, "recall")
    assert public().filter(pk=made.pk).exists()  # which says that the notice was recalled, and no more
    enter(table, made, plays.entries(made, ("approve", "approve"), "理由"))
    with pytest.raises(Refused) as found:
        decide(table, plays.fresh(made))
    assert found.value.rule == "objection"
    enter(table, made, plays.entries(made, (kind, "approve"), "异议成立"))
    decide(table, plays.fresh(made))
    plays.take(table, made, "publicise")
    with pytest.raises(Refused) as found:  # the days begin anew
        service.perform(plays.fresh(made).case, "issue", table.leader)
    assert found.value.rule == "notice"
    plays.take(table, made, "issue")
    assert [programme.fresh(each).case.state for each in table.applications] == [end, "approved"]
    assert plays.fresh(made).sessions.count() == 2 and history.verify().whole


def test_an_objection_needs_its_record_and_what_follows(table: Table) -> None:
    made = plays.decision(table, "publicity")
    found = plays.objection(table, made)
    service.perform(found.case, "investigate", table.olga)
    for move in ("uphold", "dismiss"):
        with pytest.raises(Refused) as refusal:
            service.perform(found.case, move, table.leader, "理由", given={"remedy": "strike"})
        assert refusal.value.rule == "record"
    objections.find_out(found, table.olga, "已核对。")
    with pytest.raises(Refused) as refusal:
        service.perform(found.case, "uphold", table.leader, "理由", given={"remedy": "pardon"})
    assert refusal.value.rule == "remedy"
    objections.uphold(found, table.leader, "证据属实。", "back")
    letter = Paper.objects.get(case=found.case_id, name=effects.REPLY)
    assert "证据属实" in letter.said and letter.code


def test_who_may_object_to_what(table: Table) -> None:
    made = plays.decision(table, "publicity", ("approve", "reject"))
    one, two = plays.items(made)
    with pytest.raises(Http404):  # what got nothing is not public
        objections.lodge(made, plays.objector(table), two.pk, plays.GROUNDS)
    for actor in (table.olga, table.leader, table.play.cast.everyone["expert"], table.play.cast.stella):
        with pytest.raises(Refused) as found:
            objections.lodge(made, actor, one.pk, plays.GROUNDS)
        assert found.value.rule == "party"
    for name in ("signed_by", "contact", "text"):
        with pytest.raises(ValidationError):
            objections.lodge(made, plays.objector(table), one.pk, {**plays.GROUNDS, name: " "})
    assert not Objection.objects.exists()
    service.perform(made.case, "withdraw", table.leader, "理由")
    for item in (one, two):  # of a notice that was recalled all are told the same
        with pytest.raises(Refused) as found:
            objections.lodge(plays.fresh(made), plays.objector(table), item.pk, plays.GROUNDS)
        assert found.value.rule == "time"


# ── applications that go


def test_an_application_withdrawn_meanwhile_is_left_out(table: Table) -> None:
    made = plays.decision(table, "publicity")
    first = table.applications[0]
    service.perform(programme.fresh(first).case, "withdraw", table.play.cast.alice, "另有安排")
    plays.take(table, made, "issue")
    assert [programme.fresh(each).case.state for each in table.applications] == ["withdrawn", "approved"]
    assert first.case.title not in Paper.objects.get(case=made.case_id, name=effects.FINAL).said


def test_what_is_public(table: Table) -> None:
    """Names and amounts of what gets something; neither marks nor reasons, nor what gets nothing."""
    made = plays.decision(table, "publicity", ("amend", "reject"))
    said = Paper.objects.get(case=made.case_id, name=effects.NOTICE).said
    one, two = (each.case.title for each in table.applications)
    assert one in said and "240.00" in said and two not in said
    assert "理由" not in said.replace("事实与理由", "") and "会议议定" not in said
