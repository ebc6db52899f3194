"""The operators by which rules test data. They know fields and thresholds, no policy."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pingjiang.rulebook.policies.facts import Known, is_there
from pingjiang.rulebook.policies.model import Pack, Test, Words

NUMBERS = frozenset({"number", "count"})
_LISTS = frozenset({"choices", "texts", "entries"})
_CAN_BE_EMPTY = frozenset({"text", "texts", "document", "entries", "amounts", "choices"})


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a test holds and, where it does not, what is lacking or in the way."""

    holds: bool
    lacks: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Operator:
    """What an operator needs of its test, which types its fields may have, and how it answers.

    `compares`: it sets a number beside a threshold or beside another field.
    """

    needs: frozenset[str]
    types: frozenset[str]
    answer: Callable[[Test, Mapping[str, Known], Pack], Answer]
    compares: bool = False


def _comparison(holds: Callable[[Decimal, Decimal], bool]) -> Operator:
    def answer(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
        value = known[test.field or ""]
        other = known[test.than] if test.than else test.threshold
        if not isinstance(value, Decimal) or not isinstance(other, Decimal):
            raise TypeError(f"{test.op} compares numbers")  # validation lets no other test through
        return Answer(holds(value, other))

    return Operator(frozenset({"field"}), NUMBERS, answer, compares=True)


def _lacking(words: list[Words]) -> Answer:
    return Answer(not words, tuple(words))


def _in(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    return Answer(known[test.field or ""] in test.options)


def _some(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    return Answer(bool(known[test.field or ""]))


def _covers(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    field = pack.field(test.field or "")
    given = known[field.id]
    names = {option.id: option for option in field.options}
    there = given if isinstance(given, tuple) else ()
    return _lacking([Words(names[each].zh, names[each].en) for each in test.options if each not in there])


def _all_present(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    fields = [pack.field(name) for name in test.fields]
    return _lacking([Words(field.zh, field.en) for field in fields if not is_there(field, known[field.id])])


def _all_true(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    fields = [pack.field(name) for name in test.fields]
    return _lacking([Words(field.zh, field.en) for field in fields if known[field.id] is not True])


def _complete(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    """There are entries, and each has every part."""
    field = pack.field(test.field or "")
    entries = known[field.id]
    if not isinstance(entries, tuple) or not entries:
        return _lacking([Words(field.zh, field.en)])
    return _lacking(
        [
            Words(f"第 {number} 项的{part.zh}", f"{part.en} of entry {number}")
            for number, entry in enumerate(entries, start=1)
            for part in field.parts
            if part.id not in entry
        ]
    )


def _sums_equal(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    return Answer(len({_sum(known[name]) for name in test.fields}) == 1)


def _sum(amounts: Known) -> Decimal:
    values = amounts.values() if isinstance(amounts, Mapping) else ()
    return sum((each for each in values if isinstance(each, Decimal)), Decimal(0))


def _in_order(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    """Each step was taken behind all that come before it, and none of them is left out."""
    done = known[test.field or ""]
    order = [str(step) for step in done] if isinstance(done, tuple) else []
    steps = {step.id: step for step in pack.steps}
    found = []
    for at, name in enumerate(order):
        for before in steps[name].after:
            if before not in order[:at]:
                step, earlier = steps[name], steps[before]
                found.append(Words(f"“{step.zh}”之前没有“{earlier.zh}”", f"{step.en} without {earlier.en} before it"))
    return _lacking(found)


def _allowed_pair(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    first, second = test.fields
    return Answer(str(known[second]) in test.pairs[str(known[first])])


def _not_known(test: Test, known: Mapping[str, Known], pack: Pack) -> Answer:
    raise NotImplementedError("what is not known is not asked")


_FIELD, _FIELDS = frozenset({"field"}), frozenset({"fields"})
OPERATORS: Mapping[str, Operator] = {
    "gt": _comparison(operator.gt),
    "ge": _comparison(operator.ge),
    "lt": _comparison(operator.lt),
    "le": _comparison(operator.le),
    "eq": _comparison(operator.eq),
    "in": Operator(frozenset({"field", "options"}), frozenset({"choice"}), _in),
    "some": Operator(_FIELD, _LISTS, _some),
    "covers": Operator(frozenset({"field", "options"}), frozenset({"choices"}), _covers),
    "all_present": Operator(_FIELDS, _CAN_BE_EMPTY, _all_present),
    "all_true": Operator(_FIELDS, frozenset({"flag"}), _all_true),
    "complete": Operator(_FIELD, frozenset({"entries"}), _complete),
    "sums_equal": Operator(_FIELDS, frozenset({"amounts"}), _sums_equal),
    "in_order": Operator(_FIELD, frozenset({"order"}), _in_order),
    "allowed_pair": Operator(frozenset({"fields", "pairs"}), frozenset({"choice"}), _allowed_pair),
    "not_known": Operator(frozenset(), frozenset(), _not_known),  # the figure is not known: the answer never is
}
NOT_KNOWN = "not_known"
