"""What holds of every pack and every set of facts."""

from __future__ import annotations

import copy
import random
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang import definitions
from pingjiang.errors import DefinitionError, FactRefused
from pingjiang.rulebook import policies
from pingjiang.rulebook.policies import Case, Field, Pack, Quantity, Turned
from pingjiang.rulebook.policies.shapes import read
from tests.rulebook.policies.cases import GOOD
from tests.rulebook.policies.test_numbers import NUMBER_RULES, SUZHOU, outcome

PACKS = [pack for versions in policies.load_policies().values() for pack in versions]
MONOTONE = [(pack, rule) for pack, rule in NUMBER_RULES if rule.test and rule.test.op != "eq"]
ALL_STAGES = {pack.id: [stage.id for stage in pack.stages] for pack in PACKS}

MONEY = st.one_of(st.integers(0, 40_000_000_000), st.decimals(0, 10_000_000, places=2))


def a_part() -> st.SearchStrategy[object]:
    return st.one_of(st.none(), st.text(max_size=4), st.integers(0, 9))


def of(field: Field) -> st.SearchStrategy[object]:
    """Facts that a field takes."""
    options = [option.id for option in field.options]
    parts = {part.id: a_part() for part in field.parts}
    by_type: dict[str, st.SearchStrategy[object]] = {
        "number": MONEY,
        "count": st.integers(0, 2000),
        "flag": st.booleans(),
        "choice": st.sampled_from(options) if options else st.nothing(),
        "choices": st.lists(st.sampled_from(options)) if options else st.nothing(),
        "order": st.lists(st.sampled_from(options), unique=True) if options else st.nothing(),
        "text": st.text(max_size=5),
        "texts": st.lists(st.text(max_size=3), max_size=3),
        "document": st.fixed_dictionaries({}, optional=parts),
        "entries": st.lists(st.fixed_dictionaries({}, optional=parts), max_size=2),
        "amounts": st.dictionaries(st.sampled_from(options), st.integers(0, 9)) if options else st.nothing(),
    }
    return by_type[field.type]


@st.composite
def facts_of(draw: st.DrawFn, pack: Pack) -> dict[str, object]:
    """A good case or an empty one, of which some facts are other ones or unknown."""
    base = draw(st.sampled_from([GOOD if pack is SUZHOU else {}, {}]))
    names = draw(st.lists(st.sampled_from([field.id for field in pack.fields]), max_size=10)) if pack.fields else []
    return {**base, **{name: draw(st.one_of(st.none(), of(pack.field(name)))) for name in names}}


@given(st.data())
@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_unknown_data_passes_nothing_and_fails_nothing(pack: Pack, data: st.DataObject) -> None:
    facts = data.draw(facts_of(pack))
    track = data.draw(st.sampled_from([each.id for each in pack.tracks]))
    for found in policies.check(pack, facts, track, stages=ALL_STAGES[pack.id]):
        rule = policies.on_track(pack.rule(found.rule), track)
        missing = [name for name in rule.needs if facts.get(name) is None]
        not_known = rule.test is not None and rule.test.op == "not_known"
        assert (found.status == "unknown") == bool(missing or not_known)
        assert list(found.missing) == missing
        assert (found.status == "expert") == (rule.kind == "expert" and not missing and not not_known)
        assert found.status != "fail" or rule.kind == "hard"
        assert found.status != "waivable" or rule.kind == "soft"
        assert found.zh
        assert found.en


@given(st.data())
@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_what_is_not_asked_changes_nothing(pack: Pack, data: st.DataObject) -> None:
    """A rule's outcome hangs on the data it needs, and the order in which facts are given is nothing."""
    facts = data.draw(facts_of(pack))
    for found in policies.check(pack, facts, pack.tracks[0].id, stages=ALL_STAGES[pack.id]):
        needed = policies.on_track(pack.rule(found.rule), pack.tracks[0].id).needs
        alone = {name: facts.get(name) for name in reversed(needed)}
        assert found == outcome(pack, found.rule, alone, pack.tracks[0].id)


@given(st.data())
@pytest.mark.parametrize(("pack", "rule"), MONOTONE, ids=lambda each: each.id)
def test_a_number_turns_its_rule_once(pack: Pack, rule: policies.PolicyRule, data: st.DataObject) -> None:
    """What passes at a value passes at every better one."""
    assert rule.test is not None
    assert rule.test.field is not None
    at = int(rule.test.threshold or 1_000_000)
    values = sorted(data.draw(st.lists(st.integers(0, 2 * at + 2), min_size=2)))
    other = {rule.test.than: at} if rule.test.than else {}
    passed = [outcome(pack, rule.id, {rule.test.field: value, **other}).status == "pass" for value in values]
    assert passed == sorted(passed, reverse=rule.test.op in ("le", "lt"))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_pack_round_trips(pack: Pack) -> None:
    text = policies.dump_pack(pack)
    again = policies.parse_pack({"again.yaml": text})
    assert again == pack
    assert policies.dump_pack(again) == text


@cache
def plain_suzhou() -> dict[str, Any]:
    data: dict[str, Any] = definitions.parse(policies.dump_pack(SUZHOU))
    return data


def changed_by_hand(changes: dict[str, int]) -> Pack:
    """The pack as if its YAML had other thresholds: another way than the one under test."""
    data = copy.deepcopy(plain_suzhou())
    for rule in data["rules"]:
        if rule["id"] in changes:
            rule["test"]["threshold"] = changes[rule["id"]]
    return read(Pack, data, "pack")


ABLE = [rule.id for rule in policies.thresholds(SUZHOU)]


@given(
    st.lists(facts_of(SUZHOU), max_size=4),
    st.dictionaries(st.sampled_from(ABLE), st.integers(0, 200), min_size=1),
    st.sampled_from(["patent", "copyright"]),
)
def test_a_simulation_is_what_checking_again_finds(
    facts: list[dict[str, object]], changes: dict[str, int], track: str
) -> None:
    cases = [(f"case {number}", each) for number, each in enumerate(facts)]
    other = changed_by_hand(changes)
    stages = ALL_STAGES[SUZHOU.id]
    found = policies.simulate(SUZHOU, changes, cases, track=track, stages=stages)
    expected = []
    for name, each in cases:
        before = policies.check(SUZHOU, each, track, stages=stages)
        after = policies.check(other, each, track, stages=stages)
        verdicts = policies.verdict(before), policies.verdict(after)
        expected += [
            Turned(
                name, was.rule, was.clause, was.status, now.status, was.value, was.threshold, now.threshold,
                *verdicts, was, now,
            )
            for was, now in zip(before, after, strict=True)
            if was.status != now.status
        ]  # fmt: skip
    assert list(found.turned) == expected
    assert found.cases == sum(found.before.values()) == sum(found.after.values()) == len(cases)


def test_a_simulation_says_who_turns_and_why() -> None:
    """Seven centres, the cap lowered to 4 million: two of them fail, one of them did before."""
    amounts = {"甲": 4_800_000, "乙": 4_000_000, "丙": 3_000_000, "丁": 4_000_001, "戊": 5_500_000, "己": 1, "庚": None}
    cases = [Case(name, {**GOOD, "city_money": amount, "local_money": 9_000_000}) for name, amount in amounts.items()]
    found = policies.simulate(SUZHOU, {"city_money": Quantity(400, "wan_yuan")}, cases)
    assert [(each.case, each.before, each.after, each.value) for each in found.turned] == [
        ("甲", "pass", "fail", Decimal(4_800_000)),
        ("丁", "pass", "fail", Decimal(4_000_001)),
    ]
    assert found.turned_cases == ("甲", "丁")
    assert found.turned[0].outcome_after.zh == "申请 480 万元，超过 400 万元。"
    assert found.turned[0].threshold_before == Decimal(5_000_000)
    assert found.turned[0].threshold_after == Decimal(4_000_000)
    assert found.before == {"expert": 5, "fail": 1, "unknown": 1}
    assert found.after == {"expert": 3, "fail": 3, "unknown": 1}
    assert SUZHOU.rule("city_money").test is not None
    assert policies.policy("suzhou_2018_116") is SUZHOU  # the pack itself is as it was


def test_a_waiver_stands_in_a_simulation() -> None:
    waiver = {"industry_output": policies.Waiver("理由", "局长")}
    cases = [Case("waived", GOOD, "patent", waiver), Case("not waived", GOOD, "copyright")]
    found = policies.simulate(SUZHOU, {"industry_output": Quantity(300, "yi_yuan")}, cases)
    assert [(each.case, each.after, each.verdict_after) for each in found.turned] == [
        ("waived", "waivable", "expert"),
        ("not waived", "waivable", "waivable"),
    ]
    assert found.turned_cases == ("not waived",)


def test_what_a_simulation_refuses() -> None:
    with pytest.raises(DefinitionError, match="industry_bodies"):
        policies.simulate(SUZHOU, {"industry_list": 3}, [])
    with pytest.raises(DefinitionError, match="no threshold"):
        policies.simulate(SUZHOU, {"nothing": 3}, [])
    for value in (150.0, Quantity(3, "yuan"), Decimal("100.5"), True, -1):
        with pytest.raises(FactRefused):
            policies.simulate(SUZHOU, {"industry_bodies": value}, [])  # type: ignore[dict-item]
    with pytest.raises(FactRefused, match="case 7"):
        policies.simulate(SUZHOU, {"industry_bodies": 150}, [("case 7", {"bodies": 1.5})])


def test_a_simulation_of_a_thousand_cases_turns_those_between_the_thresholds() -> None:
    chance = random.Random(116)
    bodies = [chance.randrange(300) for _ in range(1000)]
    found = policies.simulate(SUZHOU, {"industry_bodies": 150}, [(str(n), {"bodies": b}) for n, b in enumerate(bodies)])
    assert [each.case for each in found.turned] == [str(n) for n, b in enumerate(bodies) if 100 < b <= 150]
