"""Counting facts: a question, and an answer whose every number lists what it counts. One statement in SQL each.

Two tellings of one happening (the same key) count once: the first that stands. In a group it is the first within that
group: two organisations that claim one deal each have it among theirs, the total has it once. What was set aside is
listed beside what counts, above all where its value differs.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, Expression, F, OuterRef, Q, QuerySet, Sum, Value, Window
from django.db.models.functions import (
    Coalesce,
    Concat,
    ExtractMonth,
    ExtractQuarter,
    ExtractYear,
    FirstValue,
    RowNumber,
)

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.facts.models import PLACES, Fact, Withdrawal
from pingjiang.centre.money.exact import ExactField

# What an answer may be grouped by, and how a fact says it.
BY: dict[str, Expression | F] = {
    "kind": F("kind"),
    "organisation": F("organisation"),
    "district": F("organisation__district"),
    "subject": Concat("subject_kind", Value(":"), "subject_id"),
    "case": F("case"),
    "track": F("case__track"),
    "release": F("release"),
    "year": ExtractYear("on"),
    "quarter": ExtractQuarter("on"),
    "month": ExtractMonth("on"),
}


# A value to compare by, where there is none: no fact holds it.
_SAID = Coalesce("value", Value(Decimal(-9_200_000_000_000), output_field=ExactField(places=PLACES)))

_TOLD = ("said", "currency", "text")  # what two tellings of one happening may differ in


@dataclass(frozen=True)
class Question:
    """Facts of these kinds, from a day to a day (both included, None for open), narrowed by organisation, district,
    subject (kind, id) or case; `known_at` asks for what stood at an earlier moment."""

    kinds: frozenset[str]
    since: datetime.date | None = None
    until: datetime.date | None = None
    organisations: frozenset[int] | None = None
    districts: frozenset[int] | None = None
    subject: tuple[str, str] | None = None
    case: int | None = None
    by: tuple[str, ...] = ()
    known_at: datetime.datetime | None = None

    def facts(self, base: QuerySet[Fact]) -> QuerySet[Fact]:
        """Those that stand."""
        conditions = {
            "on__gte": self.since, "on__lte": self.until, "organisation__in": self.organisations,
            "organisation__district__in": self.districts, "case": self.case, "told_at__lte": self.known_at,
        }  # fmt: skip
        found = base.filter(
            kind__in=self.kinds, **{name: value for name, value in conditions.items() if value is not None}
        )
        if self.subject is not None:
            found = found.filter(subject_kind=self.subject[0], subject_id=self.subject[1])
        withdrawn = Withdrawal.objects.filter(fact=OuterRef("pk"))
        if self.known_at is not None:
            withdrawn = withdrawn.filter(at__lte=self.known_at)
        return found.filter(~Exists(withdrawn))


@dataclass(frozen=True)
class Number:
    """How many happenings; their sums by kind and currency ('' for counts, in the kind's unit), never across these; how
    many have no known value. `of` holds the values of the grouping, in its order."""

    of: tuple[Any, ...]
    count: int
    sums: dict[tuple[str, str], Decimal]
    unvalued: int
    _counted: QuerySet[Fact] = field(repr=False, compare=False)
    _aside: QuerySet[Fact] = field(repr=False, compare=False)
    _unlike: QuerySet[Fact] = field(repr=False, compare=False)

    @property
    def facts(self) -> QuerySet[Fact]:
        """The facts that it counts."""
        return self._counted.order_by("on", "pk")

    @property
    def set_aside(self) -> QuerySet[Fact]:
        """Further tellings of the same happenings."""
        return self._aside.order_by("on", "pk")

    @property
    def contradicted(self) -> QuerySet[Fact]:
        """Those set aside whose value, currency or text is not that of the telling that counts."""
        return self._unlike.order_by("on", "pk")


@dataclass(frozen=True)
class Answer:
    """The total, and the groups in order."""

    question: Question
    total: Number
    groups: list[Number]


def answer(question: Question, actor: Actor | None = None, *, everything: bool = False) -> Answer:
    """Count what an actor may see; `everything` is for the programs that make releases and evaluations."""
    unknown = set(question.by) - set(BY)
    if unknown:
        raise LookupError(f"facts are not grouped by {sorted(unknown)}")
    base = Fact.objects.all() if everything else access.visible_to(actor, Fact)
    told = question.facts(base)
    total = _numbers(told, ())[0]
    groups = _numbers(told, question.by) if question.by else []
    return Answer(question, total, groups)


def _numbers(told: QuerySet[Fact], by: tuple[str, ...]) -> list[Number]:
    """One number for each group, in order; one for all where there is no grouping."""
    names = [f"by_{name}" for name in by]
    grouped = told.annotate(said=_SAID, **{f"by_{name}": BY[name] for name in by})
    # Each beside the first of its happening, in one pass: rows asked one by one for what is not among others took
    # PostgreSQL minutes at 1,500 facts.
    tellings: dict[str, Any] = {"partition_by": [F("key"), *map(F, names)], "order_by": F("pk").asc()}
    placed = grouped.annotate(
        place=Window(RowNumber(), **tellings),
        **{f"first_{name}": Window(FirstValue(name), **tellings) for name in _TOLD},
    )
    first = Fact.objects.filter(pk__in=placed.filter(place=1).values("pk"))
    rows = (
        first.annotate(**{f"by_{name}": BY[name] for name in by})
        .order_by()
        .values(*names, "kind", "currency")
        .annotate(number=Count("pk"), valued=Count("value"), sum=Sum("value"))
    )
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {} if by else {(): []}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return [_number(of, found[of], names, placed) for of in sorted(found, key=lambda of: [(v is None, v) for v in of])]


def _number(of: tuple[Any, ...], rows: list[dict[str, Any]], names: list[str], placed: QuerySet[Fact]) -> Number:
    here = placed
    for name, value in zip(names, of, strict=True):
        here = here.filter(**({f"{name}__isnull": True} if value is None else {name: value}))
    aside = here.filter(Q(place__gt=1))
    unlike = reduce(or_, (~Q(**{f"first_{name}": F(name)}) for name in _TOLD))
    sums = {(row["kind"], row["currency"]): row["sum"] for row in rows if row["valued"]}
    return Number(
        of,
        count=sum(row["number"] for row in rows),
        sums=dict(sorted(sums.items())),
        unvalued=sum(row["number"] - row["valued"] for row in rows),
        _counted=Fact.objects.filter(pk__in=here.filter(Q(place=1)).values("pk")),
        _aside=Fact.objects.filter(pk__in=aside.values("pk")),
        _unlike=Fact.objects.filter(pk__in=aside.filter(unlike).values("pk")),
    )
