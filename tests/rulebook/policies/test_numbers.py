"""Every number of a rule: one below, at, above. By hand for the notice, and for all packs from the packs themselves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from pingjiang.errors import FactRefused
from pingjiang.rulebook import policies
from pingjiang.rulebook.policies import Outcome, Pack, PolicyRule, Quantity
from tests.rulebook.policies.cases import GOOD

SUZHOU = policies.policy("suzhou_2018_116", "1")
KEY_CITY = policies.policy("caiban_2020_40", "1")


def outcome(pack: Pack, rule: str, facts: dict[str, object], track: str | None = None) -> Outcome:
    asked = pack.rule(rule)
    track = track or (asked.tracks or (pack.tracks[0].id,))[0]
    found = policies.check(pack, facts, track, stages=[asked.stage])
    return next(each for each in found if each.rule == rule)


# As the notice says, written down by hand: (rule, value, what comes out).
BY_HAND = [
    ("industry_bodies", {"bodies": 99}, "fail"),
    ("industry_bodies", {"bodies": 100}, "fail"),  # 超过 100 家: 100 are not more than 100
    ("industry_bodies", {"bodies": 101}, "pass"),
    ("industry_output", {"output": Quantity(Decimal("199.99999999"), "yi_yuan")}, "waivable"),
    ("industry_output", {"output": 20_000_000_000}, "waivable"),  # 原则上要超过 200 亿元
    ("industry_output", {"output": 20_000_000_001}, "pass"),
    ("city_money", {"city_money": 4_999_999}, "pass"),
    ("city_money", {"city_money": Quantity(500, "wan_yuan")}, "pass"),  # 不超过 500 万元
    ("city_money", {"city_money": Decimal("5000000.01")}, "fail"),
    ("support_term", {"support_months": 35}, "pass"),
    ("support_term", {"support_months": Quantity(3, "year")}, "pass"),  # 不超过 3 年
    ("support_term", {"support_months": 37}, "fail"),
    ("build_period", {"build_months": 35}, "fail"),
    ("build_period", {"build_months": 36}, "pass"),  # 建设期 3 年
    ("build_period", {"build_months": 37}, "fail"),
    ("local_money", {"local_money": 4_799_999, "city_money": 4_800_000}, "fail"),
    ("local_money", {"local_money": 4_800_000, "city_money": 4_800_000}, "pass"),  # 不少于市级经费
    ("local_money", {"local_money": 4_800_001, "city_money": 4_800_000}, "pass"),
    ("yearly_evaluation", {"months_since_evaluation": 11}, "pass"),
    ("yearly_evaluation", {"months_since_evaluation": 12}, "pass"),  # 每年
    ("yearly_evaluation", {"months_since_evaluation": 13}, "fail"),
]
CITY_BY_HAND = [
    ("deals_growth", 20),
    ("pledge_amount_growth", 30),
    ("pledge_items_growth", 30),
    ("contract_growth", 40),
    ("commercialising_smes", 100),
    ("securitisations", 1),
    ("navigation_projects", 5),
    ("certified_bodies", 200),
    ("trusteeship_smes", 1000),
    ("regional_platform", 1),
    ("industry_centres", 3),
]


@pytest.mark.parametrize("track", ["patent", "copyright"])
@pytest.mark.parametrize(("rule", "facts", "status"), BY_HAND)
def test_the_numbers_of_the_notice(rule: str, facts: dict[str, object], status: str, track: str) -> None:
    assert outcome(SUZHOU, rule, facts, track).status == status


def test_no_number_of_the_notice_is_left_out() -> None:
    numbers = {rule.id for rule in SUZHOU.rules if rule.test and (rule.test.threshold or rule.test.than)}
    assert numbers == {rule for rule, _, _ in BY_HAND}


@pytest.mark.parametrize(("rule", "least"), CITY_BY_HAND)
def test_the_targets_of_a_key_city(rule: str, least: int) -> None:
    field = KEY_CITY.rule(rule).needs[0]
    assert [outcome(KEY_CITY, rule, {field: least + by}).status for by in (-1, 0, 1)] == ["fail", "pass", "pass"]


def test_no_target_of_a_key_city_is_left_out() -> None:
    assert {rule.id for rule in policies.thresholds(KEY_CITY)} == {rule for rule, _ in CITY_BY_HAND}


# What each comparison says one below, at and above: the oracle for whatever a pack may hold.
EXPECTED = {
    "gt": (False, False, True),
    "ge": (False, True, True),
    "lt": (True, False, False),
    "le": (True, True, False),
    "eq": (False, True, False),
}


def number_rules() -> Iterator[tuple[Pack, PolicyRule]]:
    for versions in policies.load_policies().values():
        for pack in versions:
            for rule in pack.rules:
                if rule.test is not None and rule.test.op in EXPECTED:
                    yield pack, rule


NUMBER_RULES = list(number_rules())


def test_there_are_numbers_to_test() -> None:
    assert len(NUMBER_RULES) >= len({rule for rule, _, _ in BY_HAND}) + len(CITY_BY_HAND)


@pytest.mark.parametrize(("pack", "rule"), NUMBER_RULES, ids=lambda each: each.id)
def test_one_below_at_and_above(pack: Pack, rule: PolicyRule) -> None:
    assert rule.test is not None
    assert rule.test.field is not None
    at = rule.test.threshold if rule.test.threshold is not None else Decimal(1_000_000)
    other = {rule.test.than: at} if rule.test.than else {}
    refused = "fail" if rule.kind == "hard" else "waivable"
    for by, holds in zip((-1, 0, 1), EXPECTED[rule.test.op], strict=True):
        found = outcome(pack, rule.id, {rule.test.field: at + by, **other})
        assert found.status == ("pass" if holds else refused), f"{at} {by:+d}"
        assert found.value == at + by


def test_a_message_shows_value_and_threshold() -> None:
    found = outcome(SUZHOU, "industry_bodies", {"bodies": 100})
    assert (found.zh, found.en) == ("100 家，未超过 100 家。", "100 bodies: not more than 100 bodies.")
    money = outcome(SUZHOU, "city_money", {"city_money": 5_200_000})
    assert money.zh == "申请 520 万元，超过 500 万元。"
    assert money.en == "5.2 million yuan are asked for: more than 5 million yuan."
    match = outcome(SUZHOU, "local_money", {"city_money": 4_800_000, "local_money": Decimal("4799999.5")})
    assert match.zh == "配套 479.99995 万元，少于市级经费 480 万元。"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("city_money", 4.8e6),
        ("city_money", "4800000"),
        ("city_money", True),
        ("city_money", -1),
        ("city_money", Decimal("NaN")),
        ("city_money", Decimal("Infinity")),
        ("city_money", Quantity(480, "month")),
        ("city_money", Quantity(480, "dollar")),
        ("bodies", Decimal("100.5")),
        ("bodies", 101.0),
        ("bodies", Quantity(101, "item")),
        ("support_months", Quantity(Decimal("2.99"), "year")),
        ("operator_type", "university"),
        ("operator_type", ["carrier"]),
        ("serves_whole_city", 1),
        ("serves_whole_city", "yes"),
        ("chain_position", 5),
        ("leading_firms", "甲公司"),
        ("leading_firms", [1]),
        ("industry_lists", ["famous"]),
        ("layout_plan", "苏府〔2024〕1号"),
        ("layout_plan", {"title": "苏府〔2024〕1号", "page": 3}),
        ("layout_plan", {"title": 1.5}),
        ("budget_lines", {"data": 1.5}),
        ("budget_lines", {"travel": 1}),
        ("budget_lines", [1]),
        ("indicators", {"name": "x"}),
        ("steps_done", ["call", "lottery"]),
    ],
)
def test_a_fact_of_another_type_or_unit_is_refused(name: str, value: object) -> None:
    with pytest.raises(FactRefused) as refused:
        policies.check(SUZHOU, {**GOOD, name: value}, "patent")
    assert SUZHOU.field(name).zh in str(refused.value)
    assert refused.value.remedy


def test_a_fact_that_no_field_is_for_names_the_nearest() -> None:
    with pytest.raises(FactRefused, match="'bodies'"):
        policies.check(SUZHOU, {"bodys": 102}, "patent")
    with pytest.raises(FactRefused, match="city_money, local_money"):
        policies.check(SUZHOU, {"xyzzy": 102}, "patent")


def test_the_unit_of_a_fact_may_be_another_of_the_same_measure() -> None:
    asked = {Decimal(4_800_000), Quantity(480, "wan_yuan"), Quantity(Decimal("0.048"), "yi_yuan")}
    found = {outcome(SUZHOU, "city_money", {"city_money": each}).value for each in asked}
    assert found == {Decimal(4_800_000)}
