"""Counting against brute force: every number, every sum, every list of facts, on random registers."""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from pingjiang.centre.accounts.models import District, Organisation
from pingjiang.centre.facts import register
from pingjiang.centre.facts.count import BY, Number, Question, answer
from pingjiang.centre.facts.kinds import Kind
from pingjiang.centre.facts.models import Fact
from pingjiang.centre.facts.register import Subject
from tests.centre.cast import Cast
from tests.centre.facts.examples import ALL, DEAL, NOTE, PEOPLE, PROOF, SERVED

pytestmark = pytest.mark.django_db
NAMES = frozenset(kind.name for kind in ALL)
KEYS = {kind.name: kind.key for kind in ALL}


def told(dice: random.Random, kind: Kind, organisation: Organisation) -> Fact:
    """A fact of few subjects and days, so that many are the same happening."""
    more: dict[str, Any] = {}
    if kind is DEAL:
        more = {
            "value": Decimal(dice.randrange(1, 10**9)).scaleb(-2), "currency_code": dice.choice(("CNY", "USD")),
            "proof": PROOF,
        }  # fmt: skip
    if kind is PEOPLE and dice.random() < 0.7:
        more = {"value": Decimal(dice.randrange(100)) + dice.choice((0, Decimal("0.1"), Decimal("0.000001")))}
    if kind is NOTE:
        more = {"text": dice.choice("甲乙")}
    subject = Subject(min(kind.subjects), str(dice.randrange(5)))
    on = datetime.date(2025, 1, 1) + datetime.timedelta(days=dice.randrange(730))
    return register.tell(kind, subject, organisation, on=on, actor=None, request=uuid.uuid4(), **more)


def world(seed: int, size: int) -> random.Random:
    """A register of so many facts, one in six withdrawn."""
    dice = random.Random(seed)
    districts = [District.objects.create(code=f"d{n}", name_zh="区", name_en="D") for n in range(2)]
    places = [
        Organisation.objects.create(kind="centre", name_zh=f"中心{n}", district=dice.choice([None, *districts]))
        for n in range(4)
    ]
    for _ in range(size):
        fact = told(dice, dice.choice(ALL), dice.choice(places))
        if dice.random() < 1 / 6:
            register.withdraw(fact, reason="误报", actor=None, request=uuid.uuid4())
    return dice


def part(fact: Fact, name: str) -> Any:
    """What a fact says of a grouping, in plain Python."""
    return {
        "kind": fact.kind, "organisation": fact.organisation_id, "district": fact.organisation.district_id,
        "subject": f"{fact.subject_kind}:{fact.subject_id}", "case": fact.case_id, "track": None,
        "release": fact.release, "year": fact.on.year, "quarter": (fact.on.month - 1) // 3 + 1, "month": fact.on.month,
    }[name]  # fmt: skip


def happening(fact: Fact) -> tuple[Any, ...]:
    """What makes it one with another: by the kind's declared key, without a digest."""
    said = {"subject": fact.subject_id, "month": (fact.on.year, fact.on.month), "year": fact.on.year, "text": fact.text}
    return (fact.kind, *(said[name] for name in KEYS[fact.kind]))


def first_of_each(facts: Iterable[Fact]) -> list[Fact]:
    found: dict[tuple[Any, ...], Fact] = {}
    for fact in sorted(facts, key=lambda fact: fact.pk):
        found.setdefault(happening(fact), fact)
    return list(found.values())


def same(number: Number, facts: list[Fact]) -> None:
    """A number is what plain Python counts of these facts."""
    counted = first_of_each(facts)
    assert number.count == len(counted) and {fact.pk for fact in number.facts} == {fact.pk for fact in counted}
    assert number.count == number.facts.count()
    assert {fact.pk for fact in number.set_aside} == {fact.pk for fact in facts} - {fact.pk for fact in counted}
    valued = [(fact.kind, fact.currency, fact.value) for fact in counted if fact.value is not None]
    sums: dict[tuple[str, str], Decimal] = {}
    for kind, currency, value in valued:
        sums[kind, currency] = sums.get((kind, currency), Decimal(0)) + value
    assert number.sums == sums and number.unvalued == len(counted) - len(valued)
    standing = {happening(fact): (fact.value, fact.currency, fact.text) for fact in counted}
    unlike = {fact.pk for fact in facts if (fact.value, fact.currency, fact.text) != standing[happening(fact)]}
    assert {fact.pk for fact in number.contradicted} == unlike


def asked(dice: random.Random) -> Question:
    days = sorted(datetime.date(2025, 1, 1) + datetime.timedelta(days=dice.randrange(730)) for _ in range(2))
    some = frozenset(dice.sample([organisation.pk for organisation in Organisation.objects.all()], 2))
    return Question(
        kinds=frozenset(dice.sample(sorted(NAMES), dice.randrange(1, 5))),
        since=dice.choice((None, days[0])),
        until=dice.choice((None, days[1])),
        organisations=dice.choice((None, some)),
        subject=dice.choice((None, None, None, ("deal", "1"))),
        by=tuple(dice.sample(sorted(BY), dice.randrange(3))),
    )


def fits(fact: Fact, question: Question) -> bool:
    return (
        fact.kind in question.kinds
        and (question.since is None or fact.on >= question.since)
        and (question.until is None or fact.on <= question.until)
        and (question.organisations is None or fact.organisation_id in question.organisations)
        and (question.subject is None or (fact.subject_kind, fact.subject_id) == question.subject)
    )


def check(dice: random.Random, questions: int) -> None:
    standing = list(Fact.objects.filter(withdrawal=None).select_related("organisation"))
    for _ in range(questions):
        question = asked(dice)
        facts = [fact for fact in standing if fits(fact, question)]
        found = answer(question, everything=True)
        same(found.total, facts)
        groups: dict[tuple[Any, ...], list[Fact]] = {}
        for fact in facts if question.by else []:
            groups.setdefault(tuple(part(fact, name) for name in question.by), []).append(fact)
        assert [number.of for number in found.groups] == sorted(
            groups, key=lambda of: [(value is None, value) for value in of]
        )
        for number in found.groups:
            same(number, groups[number.of])


def test_answers_are_those_of_brute_force() -> None:
    check(world(seed=1, size=120), questions=12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_answers_are_those_of_brute_force(seed: int) -> None:
    check(world(seed, size=1500), questions=60)


def test_one_deal_that_two_claim(cast: Cast) -> None:
    """The total has it once, each has it among theirs; if the first withdraws, the other's stands."""
    subject, kind = Subject("deal", "D-1"), frozenset({DEAL.name})
    first, second = (
        register.tell(DEAL, subject, organisation, on=datetime.date(2026, 1, day), actor=None, request=uuid.uuid4(),
                      value=value, currency_code="CNY", proof=PROOF)
        for organisation, day, value in ((cast.firm, 5, "100"), (cast.other, 4, "90"))
    )  # fmt: skip
    before = timezone.now()
    found = answer(Question(kind, by=("organisation",)), everything=True)
    assert found.total.count == 1 and found.total.sums == {(DEAL.name, "CNY"): Decimal(100)}
    assert [number.count for number in found.groups] == [1, 1]
    assert list(found.total.contradicted) == [second]
    register.withdraw(first, reason="未成交", actor=None, request=uuid.uuid4())
    assert list(answer(Question(kind), everything=True).total.facts) == [second]
    assert list(answer(Question(kind, known_at=before), everything=True).total.facts) == [first]


def test_one_counts_what_one_sees(cast: Cast) -> None:
    for organisation in (cast.firm, cast.other):
        register.tell(SERVED, Subject("firm", "1"), organisation, on=datetime.date(2026, 1, 1), actor=None,
                      request=uuid.uuid4())  # fmt: skip
    question = Question(NAMES, by=("organisation",))
    assert [len(answer(question, actor).groups) for actor in (cast.alice, cast.olga, None)] == [1, 2, 0]
    assert answer(question, None).total.count == 0
    with pytest.raises(LookupError):
        answer(Question(NAMES, by=("colour",)), cast.alice)
