"""What a pack is made of: applications that wait are named with a reason, and another pack follows within what is left;
by which method it is ranked, and what is said of several panels; the clock of an objection."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import clocks, history, notices, service, tasks
from pingjiang.centre.casework.models import Clock, Notice
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents.models import Paper
from pingjiang.centre.programme.deciding import effects, rules, sums
from pingjiang.centre.programme.models import Application, Call, Decision
from pingjiang.centre.programme.papers import decisions as texts
from pingjiang.centre.programme.services import decisions, results
from pingjiang.centre.programme.services.calls import Opened
from tests.centre.cast import Cast
from tests.centre.kept import kept
from tests.centre.programme import filling, panel_play
from tests.centre.programme import play as programme
from tests.centre.programme.deciding import play as plays
from tests.centre.programme.deciding.play import ASKED, Table
from tests.centre.programme.deciding.test_rules import on

pytestmark = pytest.mark.django_db
WHY = "专家组尚在评审"


def client(actor: Actor) -> Client:
    made = Client()
    made.force_login(actor.user)
    return made


def said(made: Decision, name: str) -> str:
    paper = Paper.objects.filter(case=made.case_id, name=name).latest("edition")
    return json.dumps(json.loads(paper.said), ensure_ascii=False)


@pytest.fixture
def half(cast: Cast) -> tuple[Table, Application]:
    return half_reviewed(cast)


@kept
def half_reviewed(cast: Cast) -> tuple[Table, Application]:
    """A call of which one application was reviewed, and the other waits for a panel."""
    play = programme.begin(cast)
    call = programme.call(play, tracks=[Opened("patent", filling.PACK, filling.VERSION, 2 * ASKED, 2)])
    first, second = (plays.accepted(play, call, who, rank) for rank, who in ((1, cast.alice), (2, cast.charlie)))
    plays.review(play, [first])
    return Table(play, call, [programme.fresh(first)]), programme.fresh(second)


def test_what_waits_is_named_with_a_reason_or_no_pack_is_made(half: tuple[Table, Application]) -> None:
    table, second = half
    for left_out in ({}, {second.pk: "  "}):
        with pytest.raises(Refused) as refused:
            decisions.prepare(table.call, "patent", table.olga, left_out)
        assert refused.value.rule == "results" and second.case.number in refused.value.words[0]
        assert not Decision.objects.exists()
    with pytest.raises(Refused) as refused:
        decisions.prepare(table.call, "patent", table.olga, {second.pk: WHY, table.applications[0].pk: WHY})
    assert refused.value.rule == "left out"  # what was reviewed is not left out by this
    made = decisions.prepare(table.call, "patent", table.olga, {second.pk: WHY})
    assert [item.application for item in plays.items(made)] == table.applications
    assert made.left_out.get().reason == WHY
    assert history.verify().whole


@pytest.mark.parametrize("state", ["submitted", "supplement", "resealing"])
def test_what_is_still_checked_waits_too(half: tuple[Table, Application], state: str) -> None:
    table, second = half
    type(second.case).objects.filter(pk=second.case_id).update(state=state)
    assert results.locked(table.call, "patent") is None
    type(second.case).objects.filter(pk=second.case_id).update(state="lapsed")
    assert results.locked(table.call, "patent") is not None


def test_it_is_shown_and_another_pack_follows_within_what_is_left(half: tuple[Table, Application]) -> None:
    table, second = half
    made = decisions.prepare(table.call, "patent", table.olga, {second.pk: WHY})
    for step in ("table", "decide", "publicise", "issue"):
        plays.take(table, made, step, ("approve",))
    text = said(made, effects.PACK)
    assert "未列入本包的申报" in text and second.case.number in text and WHY in text
    page = client(table.olga).get(f"/decisions/{made.case_id}/").content.decode()
    assert "未列入本包" in page and WHY in page
    assert programme.fresh(second).case.state == "accepted"
    plays.review(table.play, [programme.fresh(second)])
    again = decisions.prepare(table.call, "patent", table.olga)
    assert again.round == 2 and [item.application_id for item in plays.items(again)] == [second.pk]
    assert not again.left_out.exists()
    assert sums.room(again) == sums.Room(ASKED, 1)  # what the first gave is gone


def test_an_application_that_comes_to_wait_meanwhile_stops_the_tabling_until_it_is_named(table: Table) -> None:
    made = plays.prepared(table)
    decisions.propose(made, table.olga, plays.proposals(made))
    third = panel_play.many(table.play, 2, programme.fresh(table.applications[0]))[1]
    assert rules.results_stand(plays.fresh(made).case, {}) is not None
    with pytest.raises(Refused) as refused:
        service.perform(made.case, "table", table.olga)
    assert refused.value.rule == "results" and third.case.number in refused.value.words[0]
    page = client(table.olga).get(f"/decisions/{made.case_id}/").content.decode()
    assert f'name="left-{third.pk}"' in page
    assert decisions.propose(plays.fresh(made), table.olga, {}, {third.pk: WHY})
    assert not decisions.propose(plays.fresh(made), table.olga, {}, {third.pk: WHY})  # nothing new
    service.perform(plays.fresh(made).case, "table", table.olga)
    assert WHY in said(made, effects.PACK)


def test_the_page_makes_a_pack_with_reasons(half: tuple[Table, Application]) -> None:
    table, second = half
    olga = client(table.olga)
    page = olga.get("/decisions/new/").content.decode()
    assert f'name="left-{second.pk}"' in page and second.case.number in page
    sent = {"call": table.call.case_id, "track": "patent", f"left-{second.pk}": ""}
    assert olga.post("/decisions/new/", sent).status_code == 422
    assert olga.post("/decisions/new/", {**sent, f"left-{second.pk}": WHY}).status_code == 302
    assert Decision.objects.get().left_out.get().application == second


# ── how it is ranked


@kept
def two_panels(cast: Cast) -> tuple[Table, Call]:
    """Two panels of two each: that of the weaker pair marks higher."""
    play = programme.begin(cast)
    call = programme.call(play, tracks=[Opened("patent", filling.PACK, filling.VERSION, 4 * ASKED, 4)])
    first = plays.accepted(play, call, cast.alice, 1)
    made = panel_play.many(play, 4, first)
    plays.review(play, made[:2], best=Decimal("0.6"))
    plays.review(play, made[2:], best=Decimal("0.9"))
    return Table(play, call, [programme.fresh(each) for each in made]), call


def test_several_panels_are_ranked_as_chosen_and_say_what_they_do_not(cast: Cast) -> None:
    table, _call = two_panels(cast)
    one, two, three, four = (each.pk for each in table.applications)
    made = plays.prepared(table)
    held = json.loads(made.results)
    assert (held["method"], held["panels"]) == ("trimmed", 2)
    assert [item.application_id for item in plays.items(made)] == [three, four, one, two]
    rows = {item.application_id: json.loads(item.result) for item in plays.items(made)}
    assert all(row["probability"] is None and row["z"] is not None for row in rows.values())
    assert [(rows[pk]["group_rank"], rows[pk]["group_size"]) for pk in (one, two, three, four)] == [(1, 2), (2, 2)] * 2
    assert rows[one]["by"]["z"] == rows[three]["by"]["z"] == 1  # best of its own panel, each
    made = decisions.rank_by(made, table.olga, "z", "两组宽严不同")
    assert [item.application_id for item in plays.items(made)][:2] in ([one, three], [three, one])
    assert json.loads(made.results)["method"] == "z"
    text = texts.pack_paper(plays.fresh(made)).canonical
    for each in (
        "按标准分排序",
        "两组宽严不同",
        "由 2 个专家组分别评审",
        "未消除各组宽严之差",
        "入选概率不能合并计算",
        "1 / 2",
    ):
        assert each in text, each
    page = client(table.leader).get(f"/decisions/{made.case_id}/").content.decode()
    assert "两组宽严不同" in page and "按标准分排序" in page and "本组 1 / 2" in page


def test_kemenys_order_is_of_one_panel(cast: Cast) -> None:
    table, _call = two_panels(cast)
    made = plays.prepared(table)
    with pytest.raises(Refused) as refused:
        decisions.rank_by(made, table.olga, "kemeny", "理由")
    assert refused.value.rule == "ranking" and plays.fresh(made).ranked_by == ""


def test_one_panel_by_any_method_with_its_chance(table: Table) -> None:
    made = plays.prepared(table)
    with pytest.raises(Refused) as refused:
        decisions.rank_by(made, table.olga, "z", " ")
    assert refused.value.rule == "ranking"
    with pytest.raises(Refused):
        decisions.rank_by(made, table.leader, "z", "不归他办")
    for method in ("mean", "trimmed", "z", "borda", "kemeny"):
        made = decisions.rank_by(plays.fresh(made), table.olga, method, "试排")
        row = json.loads(plays.items(made)[0].result)
        assert row["probability"] is not None and json.loads(made.results)["method"] == method
    made = decisions.rank_by(plays.fresh(made), table.olga, "", "")
    assert (made.ranked_by, made.ranking_reason) == ("", "") and json.loads(made.results)["method"] == "trimmed"
    decisions.propose(made, table.olga, plays.proposals(made))
    service.perform(plays.fresh(made).case, "table", table.olga)
    with pytest.raises(Refused) as refused:
        decisions.rank_by(plays.fresh(made), table.olga, "mean", "已提交")
    assert refused.value.rule == "edit"


def test_the_page_ranks_and_keeps_what_was_proposed(table: Table) -> None:
    made = plays.prepared(table)
    decisions.propose(made, table.olga, plays.proposals(made))
    olga, address = client(table.olga), f"/decisions/{made.case_id}/"
    version = plays.fresh(made).case.version
    sent: dict[str, Any] = {"act": "rank", "method": "borda", "why-method": "", "version": version}
    assert olga.post(address, sent).status_code == 422
    assert olga.post(address, {**sent, "why-method": "名次更稳"}).status_code == 302
    made = plays.fresh(made)
    assert (made.ranked_by, made.ranking_reason) == ("borda", "名次更稳")
    assert [item.proposal for item in plays.items(made)] == ["approve", "approve"]


# ── objections


def test_an_objection_is_taken_up_and_answered_within_the_days_of_the_pack(table: Table) -> None:
    made = plays.decision(table, "publicity")
    found = plays.objection(table, made)
    today = timezone.localdate()
    task = found.case.tasks.get(name="investigate", done_at=None)
    assert task.due_on == clocks.working_day_after(today, 3) and found.accepted_on is None
    service.perform(found.case, "investigate", table.olga)
    found.refresh_from_db()
    assert found.accepted_on == today
    clock = Clock.objects.get(case=found.case_id, name=effects.REPLY_TIME)
    assert (clock.days, clock.started_on) == (10, today)
    due = clocks.working_day_after(today, 10)
    assert found.case.tasks.get(name="settle", done_at=None).due_on == due
    for who in (table.olga, table.leader, plays.objector(table)):
        assert due.isoformat() in client(who).get(f"/objections/{found.case_id}/").content.decode()


@pytest.mark.parametrize(("late", "told"), [(0, False), (1, True)])
def test_what_is_late_is_told_as_elsewhere(table: Table, late: int, told: bool) -> None:
    """On its last day nobody is told; a working day later the office and who has it; from the third the leaders."""
    found = plays.objection(table, plays.decision(table, "publicity"), "investigating")
    due = clocks.working_day_after(timezone.localdate(), 10)
    day = due if not late else clocks.working_day_after(due, late)
    with on(day):
        assert {each.name for each in tasks.overdue(table.olga) if each.case == found.case} == (
            {"settle", effects.REPLY_TIME} if told else set()
        )
        assert bool(tasks.escalate()) == told
        rows = Notice.objects.filter(case=found.case_id, subject_zh__startswith="逾期")
        assert {each.to for each in rows} == (
            set(notices.people_of(table.olga.organisation, ["programme_officer", "decision_maker"])) if told else set()
        )


def test_what_is_not_taken_up_is_late_too(table: Table) -> None:
    found = plays.objection(table, plays.decision(table, "publicity"))
    officers = set(notices.people_of(table.olga.organisation, ["programme_officer"]))
    leaders = set(notices.people_of(table.olga.organisation, ["decision_maker"]))
    for late, who in ((1, officers), (3, officers | leaders)):
        with on(clocks.working_day_after(clocks.working_day_after(timezone.localdate(), 3), late)):
            tasks.escalate()
        rows = Notice.objects.filter(case=found.case_id, subject_zh__startswith="逾期")
        assert {each.to for each in rows} == who


@pytest.mark.parametrize("state", ["upheld", "dismissed", "withdrawn"])
def test_no_time_runs_once_it_is_settled(table: Table, state: str) -> None:
    found = plays.objection(table, plays.decision(table, "publicity"), state)
    assert not Clock.objects.filter(case=found.case_id, ended_on=None).exists()
    with on(timezone.localdate() + datetime.timedelta(days=60)):
        assert not [each for each in tasks.overdue(table.olga) if each.case == found.case]
    assert history.verify().whole
