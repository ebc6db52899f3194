"""Every rule that is no number, of every pack: it holds by the least that is enough, and each thing that is missing
turns it. For all packs from the packs themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from pingjiang.rulebook import policies
from pingjiang.rulebook.policies import Field, Pack, PolicyRule, on_track
from tests.rulebook.policies.cases import GOOD
from tests.rulebook.policies.test_numbers import EXPECTED, SUZHOU, outcome

CENT = Decimal("0.01")
Facts = Mapping[str, object]


def whole(field: Field) -> object:
    """The least that a field has to say to be there."""
    if field.type == "document":
        return {part.id: "x" for part in field.parts}
    return {"text": "x", "texts": ["x"], "choices": [field.options[0].id] if field.options else []}[field.type]


def lacking(field: Field) -> Iterator[object]:
    """What a field may say that is not there: nothing of it, or a document with a part left out."""
    if field.type == "document":
        full = {part.id: "x" for part in field.parts}
        yield {}
        for part in field.parts:
            yield {**full, part.id: " "}
            yield {name: value for name, value in full.items() if name != part.id}
    else:
        yield {"text": " ", "texts": [], "choices": []}[field.type]


def edges(pack: Pack, rule: PolicyRule) -> Iterator[tuple[bool, Facts]]:
    """Whether it holds, and the facts: those that are just enough, and each that is just not."""
    test = rule.test
    assert test is not None
    fields = [pack.field(name) for name in test.fields]
    field = pack.field(test.field) if test.field else None
    if test.op == "all_present":
        enough = {each.id: whole(each) for each in fields}
        yield True, enough
        yield from ((False, {**enough, each.id: less}) for each in fields for less in lacking(each))
    elif test.op == "all_true":
        yield True, {each.id: True for each in fields}
        yield from ((False, {**{other.id: True for other in fields}, each.id: False}) for each in fields)
    elif test.op == "sums_equal":
        first, *others = fields
        name = {each.id: next(iter(dict(GOOD[each.id]))) for each in fields}  # type: ignore[call-overload]
        for by in (-CENT, Decimal(0), CENT):
            yield by == 0, {first.id: {name[first.id]: 10 + by}} | {each.id: {name[each.id]: 10} for each in others}
    elif field is None:
        pairs = test.pairs
        first, second = fields
        assert set(pairs) == {option.id for option in first.options}
        for one in first.options:
            yield from (
                (other.id in pairs[one.id], {first.id: one.id, second.id: other.id}) for other in second.options
            )
    elif test.op == "complete":
        entry = {part.id: 1 if part.id.startswith(("baseline", "target")) else "x" for part in field.parts}
        yield True, {field.id: [entry]}
        yield False, {field.id: []}
        yield from ((False, {field.id: [entry, {**entry, part.id: None}]}) for part in field.parts)
    elif test.op == "some":
        yield False, {field.id: []}
        yield from ((True, {field.id: [option.id]}) for option in field.options)
    elif test.op == "in":
        yield from ((option.id in test.options, {field.id: option.id}) for option in field.options)
    elif test.op == "covers":
        yield True, {field.id: list(test.options)}
        yield from ((False, {field.id: [each for each in test.options if each != left]}) for left in test.options)


# The order of steps is walked by hand in test_suzhou.py; what is not known is never asked.
ELSEWHERE = {"in_order", "not_known", *EXPECTED}
RULES = [
    (pack, rule, track)
    for versions in policies.load_policies().values()
    for pack in versions
    for rule in pack.rules
    for track in rule.tracks or [track.id for track in pack.tracks]
    if rule.test is not None and rule.test.op not in ELSEWHERE
]


@pytest.mark.parametrize(("pack", "rule", "track"), RULES, ids=lambda each: getattr(each, "id", each))
def test_the_least_that_is_enough_and_each_thing_that_is_missing(pack: Pack, rule: PolicyRule, track: str) -> None:
    refused = "fail" if rule.kind == "hard" else "waivable"
    seen = set()
    for holds, facts in edges(pack, on_track(rule, track)):
        found = outcome(pack, rule.id, dict(facts), track)
        assert found.status == ("pass" if holds else refused), facts
        assert holds or found.zh.strip()
        seen.add(holds)
    assert seen == {True, False}


def test_no_kind_of_test_is_left_out() -> None:
    """Every operator that a pack uses is tried here or by numbers; and each datum that is not there leaves it open."""
    used = {rule.test.op for _pack, rule, _track in RULES if rule.test is not None}
    everything = {
        rule.test.op for versions in policies.load_policies().values() for pack in versions for rule in pack.rules
        if rule.test is not None
    }  # fmt: skip
    assert everything - used <= ELSEWHERE and used == {
        "all_present", "all_true", "sums_equal", "allowed_pair", "complete", "some", "in", "covers",
    }  # fmt: skip


@pytest.mark.parametrize("rule", [rule for rule in SUZHOU.rules if rule.test and rule.test.op != "not_known"],
                         ids=lambda each: each.id)  # fmt: skip
def test_what_is_not_known_neither_passes_nor_fails(rule: PolicyRule) -> None:
    track = (rule.tracks or ("patent",))[0]
    for name in on_track(rule, track).needs:
        facts: dict[str, Any] = {**GOOD, name: None}
        assert outcome(SUZHOU, rule.id, facts, track).status == "unknown", name
