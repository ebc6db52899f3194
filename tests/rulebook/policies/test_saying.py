"""What rules and numbers say of themselves, and how a pack reads on a track."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.rulebook import policies
from pingjiang.rulebook.policies import Quantity, Waiver, Words
from pingjiang.rulebook.policies.units import UNITS, convert
from tests.rulebook.policies.cases import GOOD
from tests.rulebook.policies.test_numbers import KEY_CITY, SUZHOU, outcome


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("industry_bodies", "企业和研发机构数 > 100 家", "number of firms and research bodies > 100 bodies"),
        ("industry_output", "县区产值 > 200 亿元", "output of the county or district > 20 billion yuan"),
        ("city_money", "申请市级经费 ≤ 500 万元", "money asked of the city ≤ 5 million yuan"),
        ("build_period", "建设期 = 36 个月", "period of building = 36 months"),
        (
            "local_money",
            "市、区（管委会）配套经费 ≥ 申请市级经费",
            "money of the local government ≥ money asked of the city",
        ),
        ("manner_of_support", "未见", "not known"),
        (
            "operator_systematic",
            "专家判断：运营意识、思路、目标和举措",
            "experts judge: awareness, line of thought, goals and measures of operations",
        ),
        ("local_policy", "市、区（管委会）扶持政策：具备", "supporting policy of the local government: there"),
        ("industry_list", "列入的产业名录：至少一项", "official lists that name the industry: at least one"),
        (
            "evaluation_parties",
            "参加评估的各方包括：市知识产权局、相关单位、专家",
            "who takes part in the evaluation: with city office, units concerned, experts",
        ),
    ],
)
def test_a_rule_says_what_it_asks(rule: str, zh: str, en: str) -> None:
    assert policies.asked(SUZHOU, SUZHOU.rule(rule)) == Words(zh, en)


def test_every_rule_of_every_pack_says_what_it_asks() -> None:
    for versions in policies.load_policies().values():
        for pack in versions:
            for track in pack.tracks:
                for rule in policies.of_track(pack.rules, track.id):
                    said = policies.asked(pack, rule)
                    assert said.zh
                    assert said.en


def test_what_a_rule_rests_on() -> None:
    assert policies.basis(SUZHOU, "checked").zh == "原文"
    assert policies.basis(KEY_CITY, "checked").zh == "据报道"  # read in reports, not in the notice
    assert policies.basis(KEY_CITY, "unchecked").zh == "未核"
    assert policies.basis(SUZHOU, "choice").zh == "默认选择"


def test_what_a_track_has() -> None:
    def indicators(track: str) -> set[str]:
        functions = policies.of_track(SUZHOU.functions, track)
        return {each.id for function in functions for each in policies.of_track(function.indicators, track)}

    assert indicators("patent") ^ indicators("copyright") == {
        "families", "works", "high_value", "pool_patents", "standards", "library_works",
    }  # fmt: skip
    materials = {
        track: [each.id for each in policies.of_track(SUZHOU.materials, track)] for track in ("patent", "copyright")
    }
    assert "works_list" not in materials["patent"]
    assert "works_list" in materials["copyright"]
    pool = {track: policies.of_track(SUZHOU.functions, track)[3].zh for track in ("patent", "copyright")}
    assert pool == {"patent": "构建产业专利池，促进专利技术标准化", "copyright": "建立产业版权库"}
    assert SUZHOU.sheet is not None
    points = {
        track: sum(each.points for each in policies.of_track(SUZHOU.sheet.criteria, track))
        for track in ("patent", "copyright")
    }
    assert points == {"patent": 100, "copyright": 100}


def test_an_outcome_as_plain_data() -> None:
    waiver = Waiver("先导产业", "局长")
    found = policies.check(
        SUZHOU, {**GOOD, "output": Quantity(190, "yi_yuan")}, "patent", waivers={"industry_output": waiver}
    )
    for each in found:
        assert json.loads(json.dumps(each.as_dict())) == each.as_dict()
    output = next(each for each in found if each.rule == "industry_output").as_dict()
    assert output["policy"] == "suzhou_2018_116"
    assert output["version"] == "1"
    assert output["status"] == "waivable"
    assert output["threshold"] == "20000000000"
    assert output["data"] == {"zh": "190 亿元", "en": "19 billion yuan"}
    assert output["waiver"] == {"reason": "先导产业", "approver": "局长"}


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (Decimal(0), "wan_yuan", "0 万元", "0 yuan"),
        (Decimal("479.99995"), "wan_yuan", "479.99995 万元", "4.7999995 million yuan"),
        (Decimal(213), "yi_yuan", "213 亿元", "21.3 billion yuan"),
        (Decimal("12.50"), "percent", "12.5%", "12.5%"),
        (Decimal(-3), "percent", "-3%", "-3%"),
        (Decimal("-0.5"), "percent", "-0.5%", "-0.5%"),
        (Decimal(1), "body", "1 家", "1 body"),
        (Decimal("1E+3"), "body", "1000 家", "1,000 bodies"),
        (Decimal("1.4"), "ratio", "1.4", "1.4"),
    ],
)
def test_a_number_with_its_unit(value: Decimal, unit: str, zh: str, en: str) -> None:
    assert policies.shown(value, unit) == (zh, en)


@given(st.decimals(-(10**15), 10**15, places=2), st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)))
def test_a_number_in_another_unit_is_the_same(value: Decimal, one: str, other: str) -> None:
    there = convert(value, one, other)
    if UNITS[one].base != UNITS[other].base:
        assert there is None
    elif there is not None and UNITS[one].base == "yuan":
        assert convert(there, other, one) == value


def test_a_bare_number_is_taken_as_it_is() -> None:
    """More digits than Decimal reckons with: one part in a thousand billion billion above the cap is above it."""
    above = Decimal("5000000.00000000000000000000000000000001")
    assert outcome(SUZHOU, "city_money", {"city_money": above}).status == "fail"
