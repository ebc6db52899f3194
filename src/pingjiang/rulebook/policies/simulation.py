"""What would turn: many cases under thresholds that are not those of the pack."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pingjiang.errors import DefinitionError, FactRefused
from pingjiang.rulebook.policies.checking import Outcome, Waiver, outcome, rules_of, verdict
from pingjiang.rulebook.policies.facts import Facts, Known, read_fact, read_facts
from pingjiang.rulebook.policies.model import Pack, PolicyRule, Status, Test
from pingjiang.rulebook.policies.units import Quantity


class Case(NamedTuple):
    """A case to ask: its id, what is known of it, on which track, and what was waived in it."""

    id: str
    facts: Facts
    track: str | None = None  # none: that of the simulation
    waivers: Mapping[str, Waiver] | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """A case for which a rule answers otherwise under the changed threshold, with both answers and the value."""

    case: str
    rule: str
    clause: str
    before: Status
    after: Status
    value: Known | None
    threshold_before: Decimal | None
    threshold_after: Decimal | None
    verdict_before: Status
    verdict_after: Status
    outcome_before: Outcome
    outcome_after: Outcome


@dataclass(frozen=True, slots=True)
class Simulation:
    """What turned, how many cases were asked, and how many had which verdict before and after."""

    cases: int
    turned: tuple[Turned, ...]
    before: Mapping[Status, int]
    after: Mapping[Status, int]

    @property
    def turned_cases(self) -> tuple[str, ...]:
        """The cases whose verdict as a whole turns, each once."""
        return tuple(dict.fromkeys(each.case for each in self.turned if each.verdict_before != each.verdict_after))


def thresholds(pack: Pack) -> tuple[PolicyRule, ...]:
    """The rules whose threshold can be changed."""
    return tuple(rule for rule in pack.rules if any(test.threshold is not None for test in _tests(rule)))


def _tests(rule: PolicyRule) -> list[Test]:
    return [test for test in (rule.test, *(each.test for each in rule.variants.values())) if test is not None]


def with_thresholds(pack: Pack, changes: Mapping[str, int | Decimal | Quantity]) -> Pack:
    """The pack with other thresholds, by rule id, each in the unit of the rule's field unless it says its own.

    DefinitionError for a rule that has none; FactRefused for another type or unit. The version stays: what comes
    out is a question, not a policy.
    """
    able = {rule.id: rule for rule in thresholds(pack)}
    for name in changes:
        if name not in able:
            raise DefinitionError(
                f"规则“{name}”没有可改的阈值。",
                f"Rule {name!r} has no threshold to change.",
                remedy=(f"可改：{'、'.join(able)}。", f"These have: {', '.join(able)}."),
            )
    rules = tuple(_changed(pack, rule, changes[rule.id]) if rule.id in changes else rule for rule in pack.rules)
    return dataclasses.replace(pack, rules=rules)


def _changed(pack: Pack, rule: PolicyRule, value: int | Decimal | Quantity) -> PolicyRule:
    def change(test: Test | None) -> Test | None:
        if test is None or test.threshold is None or test.field is None:
            return test
        number = read_fact(pack.field(test.field), value)
        return dataclasses.replace(test, threshold=number) if isinstance(number, Decimal) else test

    variants = {
        track: dataclasses.replace(variant, test=change(variant.test)) for track, variant in rule.variants.items()
    }
    return dataclasses.replace(rule, test=change(rule.test), variants=variants)


def simulate(
    pack: Pack,
    changes: Mapping[str, int | Decimal | Quantity],
    cases: Iterable[Case | tuple[str, Facts]],
    *,
    track: str | None = None,
    stages: Collection[str] | None = None,
) -> Simulation:
    """Which cases turn where thresholds change, and why. A case without a track has that of the simulation, else the
    pack's first. Raises as `check` and `with_thresholds` do; a refused fact refuses the whole, naming its case.
    """
    other = with_thresholds(pack, changes)
    usual = track or pack.tracks[0].id
    rules: dict[str, tuple[list[PolicyRule], dict[str, PolicyRule]]] = {}
    turned: list[Turned] = []
    before: Counter[Status] = Counter()
    after: Counter[Status] = Counter()
    for item in cases:
        case = Case(*item)
        on = case.track or usual
        if on not in rules:
            changed = {rule.id: rule for rule in rules_of(other, on, stages) if rule.id in changes}
            rules[on] = (rules_of(pack, on, stages), changed)
        found = _of_case(pack, case, *rules[on])
        turned += found[0]
        before[found[1]] += 1
        after[found[2]] += 1
    return Simulation(sum(before.values()), tuple(turned), dict(before), dict(after))


def _of_case(
    pack: Pack, case: Case, rules: list[PolicyRule], changed: Mapping[str, PolicyRule]
) -> tuple[list[Turned], Status, Status]:
    """What turned in one case, and its verdict before and after. Only the changed rules are asked twice."""
    try:
        known = read_facts(pack, case.facts)
    except FactRefused as refused:
        raise refused.of(case.id) from refused
    waivers = case.waivers or {}
    old = [outcome(pack, rule, known, waivers.get(rule.id)) for rule in rules]
    new = [
        outcome(pack, changed[each.rule], known, waivers.get(each.rule)) if each.rule in changed else each
        for each in old
    ]
    verdicts = verdict(old), verdict(new)
    turned = [
        Turned(
            case=case.id,
            rule=was.rule,
            clause=was.clause,
            before=was.status,
            after=now.status,
            value=was.value,
            threshold_before=was.threshold,
            threshold_after=now.threshold,
            verdict_before=verdicts[0],
            verdict_after=verdicts[1],
            outcome_before=was,
            outcome_after=now,
        )
        for was, now in zip(old, new, strict=True)
        if was.status != now.status
    ]
    return turned, *verdicts
