"""苏知专〔2018〕116号: the text is whole, every provision has its rule, and each rule answers as the text says."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from pingjiang.errors import DefinitionError, Unfit
from pingjiang.rulebook import policies
from pingjiang.rulebook.policies import Waiver
from tests.rulebook.policies.cases import DOCUMENT, GOOD, INDICATOR, STEPS
from tests.rulebook.policies.test_numbers import SUZHOU, outcome

# SHA-256 of the notice and its annex without spaces, taken from the text and not from the pack.
_WHOLE = "c091c680df1b76412bec3d7836fa47381a30481f1cb9cfe5e4d4c1e1160860df"
ALL_STAGES = [stage.id for stage in SUZHOU.stages]


def test_the_provisions_are_the_whole_text() -> None:
    text = "".join("".join(provision.zh.split()) for provision in SUZHOU.provisions)
    assert hashlib.sha256(text.encode()).hexdigest() == _WHOLE
    assert SUZHOU.text == "whole"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("industry_bodies", "企业和研发机构超过100家"),
        ("industry_output", "县区产值原则上要超过200亿元"),
        ("city_money", "经费不超过500万元"),
        ("support_term", "期限不超过3年"),
        ("build_period", "建设期3年"),
        ("local_money", "给予不少于市级经费的支持"),
        ("local_policy", "出台相应业务扶持政策"),
        ("operator_type", "原则上应是产业载体型、产业平台型"),
        ("sealed", "需经当地政府（管委会）盖章"),
        ("order_of_steps", "经市知识产权局党组会议审定后组织实施"),
        ("yearly_evaluation", "每年"),
        ("good_continues", "对运行良好的中心给予持续支持"),
        ("unqualified_rectifies", "对不合格的中心责令整改"),
        ("whole_city", "突破地域约束"),
        ("function_pool", "版权产业要建立产业版权库"),
    ],
)
def test_a_rule_rests_on_the_words_it_tests(rule: str, words: str) -> None:
    assert words in SUZHOU.provision(SUZHOU.rule(rule).provision).zh
    assert SUZHOU.provision(SUZHOU.rule(rule).provision).clause == SUZHOU.rule(rule).clause


@pytest.mark.parametrize("track", ["patent", "copyright"])
def test_a_good_case_fails_nothing(track: str) -> None:
    found = policies.check(SUZHOU, GOOD, track, stages=ALL_STAGES)
    assert {each.status for each in found} == {"pass", "expert", "unknown"}
    # The measures that the notice refers to are not at hand: that alone is unknown.
    assert [each.rule for each in found if each.status == "unknown"] == ["manner_of_support"]
    assert policies.verdict(policies.check(SUZHOU, GOOD, track)) == "expert"
    formal = policies.check(SUZHOU, GOOD, track, stages=SUZHOU.check("formal").stages)
    assert policies.verdict(formal) == "expert"


@pytest.mark.parametrize(
    ("bent", "rule", "status"),
    [
        ({"industry_lists": []}, "industry_list", "fail"),
        ({"industry_lists": ["key", "pilot"]}, "industry_list", "pass"),
        ({"key_measures": {**DOCUMENT, "issued_on": " "}}, "industry_documents", "fail"),
        ({"industry_policy": {}}, "industry_documents", "fail"),
        ({"operator_type": "other"}, "operator_type", "waivable"),
        ({"not_blacklisted": False}, "operator_record", "waivable"),
        ({"local_policy": {"title": "x"}}, "local_policy", "fail"),
        ({"serves_whole_city": False}, "whole_city", "fail"),
        ({"operating_conditions": "  "}, "operating_conditions", "fail"),
        ({"timetable": ""}, "plan_documents", "fail"),
        ({"plan_alliance": ""}, "function_alliance", "waivable"),
        ({"indicators": []}, "indicators_complete", "fail"),
        ({"indicators": [INDICATOR, {**INDICATOR, "baseline": None}]}, "indicators_complete", "fail"),
        ({"budget_sources": {"municipal": 4_800_000, "local": 4_800_000, "own": 1}}, "budget_balance", "fail"),
        ({"budget_sources": {"local": Decimal(9_600_000)}}, "budget_balance", "pass"),
        ({"local_seal": {"authority": "管委会", "signatory": "张三"}}, "sealed", "fail"),
        ({"reviewed_by_experts": False}, "expert_review", "fail"),
        ({"self_checked": False}, "self_check", "fail"),
        ({"evaluators": ["bureau", "units"]}, "evaluation_parties", "fail"),
        ({"consequence": "none"}, "good_continues", "fail"),
        ({"evaluation_result": "unqualified", "consequence": "support"}, "unqualified_rectifies", "fail"),
        ({"evaluation_result": "unqualified", "consequence": "rectify"}, "unqualified_rectifies", "pass"),
        ({"evaluation_result": "between", "consequence": "none"}, "unqualified_rectifies", "pass"),
    ],
)
def test_each_rule_without_a_number(bent: dict[str, object], rule: str, status: str) -> None:
    found = outcome(SUZHOU, rule, {**GOOD, **bent})
    assert found.status == status
    others = policies.check(SUZHOU, {**GOOD, **bent}, "patent", stages=ALL_STAGES)
    assert {each.rule for each in others if each.status in ("fail", "waivable")} == (
        {rule} if status != "pass" else set()
    )


def test_what_is_lacking_is_named() -> None:
    found = outcome(SUZHOU, "industry_documents", {**GOOD, "industry_policy": {}, "key_measures": {}})
    assert found.zh == "缺少或不完整：产业政策文件、重点发展举措文件。"
    bare = {**INDICATOR, "unit": "", "evidence": None}
    assert outcome(SUZHOU, "indicators_complete", {"indicators": [INDICATOR, bare]}).zh == (
        "缺少：第 2 项的单位、第 2 项的佐证类型。"
    )


def test_steps_stand_in_their_order() -> None:
    def status(*steps: str) -> str:
        return outcome(SUZHOU, "order_of_steps", {"steps_done": list(steps)}).status

    for length in range(len(STEPS) + 1):
        assert status(*STEPS[:length]) == "pass"
    without_added = [step for step in STEPS if step not in ("formal_check", "notice")]
    assert status(*without_added) == "pass"  # steps that the notice does not name may be left out
    for left_out in without_added[:-1]:
        assert status(*(step for step in without_added if step != left_out)) == "fail", left_out
    swapped = ["call", "application", "submission", "seal"]
    assert outcome(SUZHOU, "order_of_steps", {"steps_done": swapped}).zh == (
        "次序有误：“提交市知识产权局”之前没有“当地政府（管委会）盖章”。"
    )


def test_the_copyright_track_has_its_own_rules() -> None:
    patent = {each.rule: each for each in policies.check(SUZHOU, GOOD, "patent", stages=ALL_STAGES)}
    works = {each.rule: each for each in policies.check(SUZHOU, GOOD, "copyright", stages=ALL_STAGES)}
    assert set(patent) - set(works) == {"industry_high_end"}
    assert set(works) - set(patent) == {"industry_culture"}
    assert "乙研究院" in patent["industry_leading"].zh
    assert "丁平台" in works["industry_leading"].zh
    assert "乙研究院" not in works["industry_leading"].zh
    assert works["function_pool"].title_zh == "功能四：产业版权库"


def test_a_soft_rule_can_be_waived_and_a_hard_one_cannot() -> None:
    facts = {**GOOD, "output": 19_000_000_000}
    assert policies.verdict(policies.check(SUZHOU, facts, "patent")) == "waivable"
    waiver = Waiver("先导产业，年均增幅 30%", "局长")
    found = policies.check(SUZHOU, facts, "patent", waivers={"industry_output": waiver})
    assert policies.verdict(found) == "expert"
    output = next(each for each in found if each.rule == "industry_output")
    assert (output.status, output.waiver) == ("waivable", waiver)
    # Where the rule is met there is nothing to waive, and unknown data is not waived either.
    assert outcome_with_waiver({**GOOD}, waiver).waiver is None
    assert outcome_with_waiver({**GOOD, "output": None}, waiver).status == "unknown"
    with pytest.raises(Unfit, match="industry_bodies"):
        policies.check(SUZHOU, facts, "patent", waivers={"industry_bodies": waiver})
    for reason, approver in (("", "局长"), ("理由", " ")):
        with pytest.raises(Unfit, match="approved"):
            Waiver(reason, approver)


def outcome_with_waiver(facts: dict[str, object], waiver: Waiver) -> policies.Outcome:
    found = policies.check(SUZHOU, facts, "patent", waivers={"industry_output": waiver})
    return next(each for each in found if each.rule == "industry_output")


def test_a_pack_is_asked_by_version_or_by_day() -> None:
    assert policies.policy("suzhou_2018_116", on=date(2018, 12, 4)) is SUZHOU
    assert policies.policy("suzhou_2018_116") is SUZHOU
    with pytest.raises(DefinitionError, match="2018-12-03"):
        policies.policy("suzhou_2018_116", on=date(2018, 12, 3))
    with pytest.raises(DefinitionError, match="no version '9'"):
        policies.policy("suzhou_2018_116", "9")
    with pytest.raises(DefinitionError, match="suzhou_2018_116"):
        policies.policy("suzhou")
    with pytest.raises(DefinitionError, match="valid from 2018-12-04"):
        policies.check(SUZHOU, GOOD, "patent", date(2018, 12, 3))
    assert policies.check(SUZHOU, GOOD, "patent", date(2018, 12, 4)) == policies.check(SUZHOU, GOOD, "patent")
    with pytest.raises(DefinitionError, match="no track 'trademark'"):
        policies.check(SUZHOU, GOOD, "trademark")
    with pytest.raises(DefinitionError, match="no stage 'payment'"):
        policies.check(SUZHOU, GOOD, "patent", stages=["payment"])


def test_what_the_notice_does_not_state_is_a_choice() -> None:
    """Nothing that comes from us may pass for the notice's."""
    assert SUZHOU.sheet is not None
    assert SUZHOU.panel is not None
    assert SUZHOU.budget is not None
    assert {SUZHOU.sheet.confidence, SUZHOU.panel.confidence, SUZHOU.budget.confidence} == {"choice"}
    for things in (SUZHOU.sections, SUZHOU.panel.grounds):
        assert {each.confidence for each in things} == {"choice"}
    ours = [each for each in SUZHOU.parameters if each.confidence != "choice"]
    assert {each.id: each.clause[:14] for each in ours} == {  # of a law, which they name
        "review_days": "《中华人民共和国行政复议法》", "suit_months": "《中华人民共和国行政诉讼法》",
    }  # fmt: skip
    checked = {step.id for step in SUZHOU.steps if step.confidence == "checked"}
    assert {step.id for step in SUZHOU.steps} - checked == {"formal_check", "notice"}
    assert {rule.id for rule in SUZHOU.rules if rule.confidence != "checked"} == {
        "industry_advantage", "operator_record", "function_data", "function_alliance", "function_services",
        "function_pool", "function_finance", "function_protection", "indicators_complete", "budget_balance",
        "manner_of_support",
    }  # fmt: skip


def test_a_text_that_is_not_at_hand_answers_unknown() -> None:
    pack = policies.policy("guozhi_2024_1155", "1")
    found = policies.check(pack, {}, "centre")
    assert [each.status for each in found] == ["unknown"]
    assert policies.verdict(found) == "unknown"
    assert "未见" in found[0].zh
    with pytest.raises(DefinitionError, match="No version"):
        policies.policy("guozhi_2024_1155", on=date(2030, 1, 1))
    grade = outcome(policies.policy("caiban_2020_40", "1"), "midterm_grade", {})
    assert grade.status == "unknown"


def test_no_outcomes_are_no_verdict() -> None:
    assert policies.verdict([]) == "unknown"


def test_the_sections_fill_the_data_of_the_book() -> None:
    """Whoever writes the book has a place for each datum that the book's rules ask for."""
    asked = {
        name
        for rule in SUZHOU.rules
        if rule.stage in ("eligibility", "application")
        for name in (*rule.needs, *(each for variant in rule.variants.values() for each in variant.needs or ()))
    }
    assert asked == {name for section in SUZHOU.sections for name in section.fields}
