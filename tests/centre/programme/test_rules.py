"""Rules at their limits: hard rules one below, at, one above, through the pages; the seal; waivers; the checklist."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pingjiang.centre.casework import service
from pingjiang.centre.casework.models import Notice, Task
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.checklist import checklist
from pingjiang.centre.programme.content.shape import flatten
from pingjiang.centre.programme.models import Application, Call, CheckRun, PreCheck, Waiver
from pingjiang.centre.programme.services import applications, checks, districts, drafts
from tests.centre.cast import Cast
from tests.centre.programme import filling
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


@pytest.fixture
def call(play: Play) -> Call:
    return plays.call(play)


def stated(play: Play, call: Call, **changed: Any) -> dict[str, str]:
    """Rule → what the page of the pre-check says of it: sent as a form, read from what it kept and showed."""
    client = Client()
    client.force_login(play.cast.alice.user)
    typed = {**filling.STATED, **changed}
    sent = {f"stated-{name}": value for name, value in flatten(typed).items()}
    url = reverse("call-check", args=[call.case_id, "patent"])
    answer = client.post(url, sent, follow=True)
    assert answer.status_code == 200
    lines = answer.context["lines"]
    page = answer.content.decode()
    for line, mark in lines:
        assert line.clause in page and mark.text in page
    return {line.rule: line.status for line, _mark in lines}


NOTHING = {"title": "", "issuer": "", "issued_on": ""}
PARTLY = {"title": "文件", "issuer": "机关", "issued_on": ""}
LIMITS: list[tuple[str, dict[str, Any], str]] = [
    ("industry_lists_none", {"industry_lists": []}, "industry_list:unknown"),
    ("industry_lists_one", {"industry_lists": ["pilot"]}, "industry_list:pass"),
    ("documents_none", {"layout_plan": NOTHING}, "industry_documents:unknown"),
    ("documents_partly", {"layout_plan": PARTLY}, "industry_documents:fail"),
    ("documents_whole", {}, "industry_documents:pass"),
    ("bodies_99", {"bodies": "99"}, "industry_bodies:fail"),
    ("bodies_100", {"bodies": "100"}, "industry_bodies:fail"),
    ("bodies_101", {"bodies": "101"}, "industry_bodies:pass"),
    ("bodies_full_width", {"bodies": "１０１"}, "industry_bodies:pass"),
    ("bodies_words", {"bodies": "一百多"}, "industry_bodies:unknown"),
    ("bodies_nothing", {"bodies": ""}, "industry_bodies:unknown"),
    ("output_below", {"output": "199.99"}, "industry_output:waivable"),
    ("output_at", {"output": "200"}, "industry_output:waivable"),
    ("output_above", {"output": "200.01"}, "industry_output:pass"),
    ("operator_other", {"operator_type": "other"}, "operator_type:waivable"),
    ("city_money_below", {"city_money": "499.99", "local_money": "500"}, "city_money:pass"),
    ("city_money_at", {"city_money": "500", "local_money": "500"}, "city_money:pass"),
    ("city_money_above", {"city_money": "500.01", "local_money": "501"}, "city_money:fail"),
    ("local_money_below", {"local_money": "479.99"}, "local_money:fail"),
    ("local_money_at", {"local_money": "480"}, "local_money:pass"),
    ("local_money_above", {"local_money": "480.01"}, "local_money:pass"),
    ("term_below", {"support_months": "35"}, "support_term:pass"),
    ("term_at", {"support_months": "36"}, "support_term:pass"),
    ("term_above", {"support_months": "37"}, "support_term:fail"),
    ("period_below", {"build_months": "35"}, "build_period:fail"),
    ("period_at", {"build_months": "36"}, "build_period:pass"),
    ("period_above", {"build_months": "37"}, "build_period:fail"),
    ("policy_partly", {"local_policy": PARTLY}, "local_policy:fail"),
    ("policy_whole", {}, "local_policy:pass"),
    ("own_district_alone", {"serves_whole_city": "no"}, "whole_city:fail"),
    ("whole_city", {}, "whole_city:pass"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "expected"), [case[1:] for case in LIMITS], ids=[case[0] for case in LIMITS])
def test_a_rule_at_its_limit_on_the_page(play: Play, call: Call, changed: dict[str, Any], expected: str) -> None:
    rule, _colon, status = expected.partition(":")
    assert stated(play, call, **changed)[rule] == status
    kept = PreCheck.objects.latest("pk")
    assert kept.pack == filling.PACK and kept.by == play.cast.alice.membership


def test_every_hard_rule_of_the_precheck_is_tried_on_both_sides() -> None:
    from pingjiang.rulebook.policies import policy, rules_of

    pack = policy(filling.PACK, filling.VERSION)
    hard = {rule.id for rule in rules_of(pack, "patent", pack.check("precheck").stages) if rule.kind == "hard"}
    tried: dict[str, set[str]] = {}
    for _name, _changed, expected in LIMITS:
        rule, _colon, status = expected.partition(":")
        tried.setdefault(rule, set()).add(status)
    for rule in hard - {"industry_list"}:  # none is unknown there: nothing is ticked where it is on none
        assert {"pass", "fail"} <= tried[rule], rule


def refused(play: Play, made: Application) -> str:
    """The rule by which handing it in is refused; '' where it goes through."""
    try:
        applications.send(plays.fresh(made), play.cast.alice)
    except Refused as error:
        return error.rule
    return ""


def changed(made: Application, play: Play, section: str, **more: Any) -> None:
    content = {**filling.content()[section], **more}
    row = made.sections.get(name=section)
    drafts.save(made, play.cast.alice, section, content, revision=row.revision)


def amounts(city: str, local: str) -> dict[str, Any]:
    return {"amount": {"data": {"municipal": city, "local": local}}}


@pytest.mark.parametrize(
    ("city", "local", "rule"),
    [("500.00", "500.00", ""), ("500.01", "500.01", "eligible"), ("500.00", "499.99", "eligible"),
     ("0.01", "0.01", ""), ("12a", "500", "complete"), ("1.001", "500", "complete"), ("-1", "5", "complete")],
)  # fmt: skip
def test_money_is_handed_in_within_its_limits_alone(play: Play, call: Call, city: str, local: str, rule: str) -> None:
    made = plays.application(play, on=call)
    changed(made, play, "budget", **amounts(city, local))
    assert refused(play, made) == rule


@pytest.mark.parametrize(("bodies", "rule"), [("100", "eligible"), ("101", ""), ("", "eligible")])
def test_bodies(play: Play, call: Call, bodies: str, rule: str) -> None:
    made = plays.application(play, on=call)
    content = filling.content()["clustered"] | {"bodies": bodies}
    row = made.sections.get(name="clustered")
    drafts.save(made, play.cast.alice, "clustered", {k: v for k, v in content.items() if v}, revision=row.revision)
    assert refused(play, made) == rule


@pytest.mark.parametrize(("length", "rule"), [(1499, ""), (1500, ""), (1501, "complete")])
@pytest.mark.parametrize("char", ["字", "𠮷", "e\u0301"[0]])
def test_texts_count_characters_as_python_does(play: Play, call: Call, length: int, rule: str, char: str) -> None:
    made = plays.application(play, on=call)
    changed(made, play, "goals", text=char * length)
    assert refused(play, made) == rule


def test_what_is_missing_is_named_and_keeps_it_from_being_sent(play: Play, call: Call) -> None:
    made = applications.begin(call, play.cast.alice, "patent", "空的申报")
    with pytest.raises(Refused) as error:
        applications.send(made, play.cast.alice)
    assert error.value.rule == "complete" and "另有" in error.value.words[0] and "more" in error.value.words[1]


@pytest.mark.parametrize(("match", "rule"), [("479.99", "match"), ("480.00", ""), ("480.01", "")])
def test_the_district_adds_what_the_budget_counts_on(play: Play, call: Call, match: str, rule: str) -> None:
    made = plays.application(play, "district", on=call)
    plays.recommend(play, made)
    said = {"comment": "同意", "rank": 1, "match": Decimal(match), "policy": "示例"}
    districts.recommend(made, play.district, said, revision=plays.fresh(made).recommendation.revision)
    assert moved(made, play, "recommend") == rule


def moved(made: Application, play: Play, move: str) -> str:
    actor = play.cast.olga if move in ("accept", "correct") else play.district
    try:
        service.perform(plays.fresh(made).case, move, actor, "理由")
    except Refused as error:
        return error.rule
    return ""


def test_no_more_than_the_quota_and_no_rank_twice(play: Play, call: Call) -> None:
    first, second, third = (plays.application(play, "district", on=call) for _ in range(3))
    for number, made in enumerate((first, second, third), start=1):
        plays.recommend(play, made)
        said = {"comment": "同意", "rank": number, "match": Decimal(480), "policy": "示例"}
        districts.recommend(made, play.district, said, revision=plays.fresh(made).recommendation.revision)
    assert moved(first, play, "recommend") == ""
    districts.recommend(second, play.district, {"rank": 1}, revision=plays.fresh(second).recommendation.revision)
    assert moved(second, play, "recommend") == "quota"
    districts.recommend(second, play.district, {"rank": 2}, revision=plays.fresh(second).recommendation.revision)
    assert moved(second, play, "recommend") == ""
    assert moved(third, play, "recommend") == "quota"
    service.perform(plays.fresh(first).case, "withdraw", play.cast.alice, "不报了")
    assert moved(third, play, "recommend") == ""


def test_it_goes_back_for_correction_once(play: Play, call: Call) -> None:
    made = plays.application(play, "resealing", on=call)
    plays.take(play, made, "reseal")
    assert moved(made, play, "correct") == "corrected once"


def test_acceptance_needs_the_check_every_item_and_a_waiver(play: Play, call: Call) -> None:
    low = filling.content()["size"] | {"output": "150"}
    made = plays.application(play, "submitted", on=call, size=low)
    olga, leader = play.cast.olga, play.leader
    assert moved(made, play, "accept") == "checked"
    _run, lines = checks.run(made, olga)
    assert {line.rule: line.status for line in lines}["industry_output"] == "waivable"
    assert moved(made, play, "accept") == "checked"
    with pytest.raises(Refused) as error:
        checks.ask_waiver(made, olga, "industry_bodies", "差不多")
    assert error.value.rule == "waiver"
    with pytest.raises(Refused):
        checks.ask_waiver(made, olga, "industry_output", " ")
    waiver = checks.ask_waiver(made, olga, "industry_output", "产值接近，成长性好")
    assert moved(made, play, "accept") == "checked"  # asked is not approved
    with pytest.raises(Refused):
        checks.approve_waiver(waiver, olga)
    checks.approve_waiver(waiver, leader)
    assert moved(made, play, "accept") == "checked"  # the letter would say what was so before
    _run, lines = checks.run(made, olga)
    assert {line.rule: line.status for line in lines}["industry_output"] == "waived"
    assert moved(made, play, "accept") == "checklist"
    version = plays.fresh(made).versions.first()
    assert version is not None
    items = checklist(made, version)
    checks.answer(made, olga, {item.name: (True, "") for item in items[1:]})
    assert moved(made, play, "accept") == "checklist"
    with pytest.raises(Refused):
        checks.answer(made, olga, {items[0].name: (False, " ")})
    checks.answer(made, olga, {items[0].name: (False, "印章不清")})
    assert moved(made, play, "accept") == "checklist"
    checks.answer(made, olga, {items[0].name: (True, "")})
    assert moved(made, play, "accept") == ""


def test_a_day_before_the_print_or_after_today_is_no_day_of_the_stamp(play: Play, call: Call) -> None:
    made = plays.application(play, "district", on=call)
    paper = districts.print_form(made, play.district)
    for days in (-1, 1):
        day = paper.issued_on + datetime.timedelta(days=days)
        with pytest.raises(Refused) as error:
            districts.seal(made, play.district, paper.code, "某", day, [filling.PDF], "盖章.pdf")
        assert error.value.rule == "day"


def test_the_same_click_runs_the_rules_and_asks_for_a_waiver_once(play: Play, call: Call) -> None:
    """Sent again by who heard no answer: one run, one waiver, one thing for the leader to do; another click is new."""
    low = filling.content()["size"] | {"output": "150"}
    made = plays.application(play, "submitted", on=call, size=low)
    olga = Client()
    olga.force_login(play.cast.olga.user)
    url = reverse("application-check", args=[made.case_id])
    clicks = olga.get(url).context["clicks"]
    waive = {"act": "waive", "rule": "industry_output", "reason": "产值接近"}
    for _ in range(2):
        assert olga.post(url, {"act": "run", "request": clicks["run"]}).status_code == 302
        assert olga.post(url, {**waive, "request": clicks["waive"]}).status_code == 302
    assert (CheckRun.objects.count(), Waiver.objects.count()) == (1, 1)
    assert Task.objects.filter(name__startswith="approve waiver", done_at=None).count() == 1
    assert Notice.objects.filter(to=play.leader.user, channel="site", subject_zh__startswith="待批准放宽").count() == 1
    assert olga.post(url, {"act": "run", "request": clicks["waive"]}).status_code == 422  # of another thing
    assert olga.post(url, {"act": "run", "request": olga.get(url).context["clicks"]["run"]}).status_code == 302
    assert CheckRun.objects.count() == 2


def test_what_is_stated_again_is_kept_once(play: Play, call: Call) -> None:
    for bodies, rows in (("101", 1), ("101", 1), ("100", 2), ("101", 3)):
        stated(play, call, bodies=bodies)
        assert PreCheck.objects.count() == rows
