"""The register of facts: the list, those withdrawn too, and counts by group."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Schema

from pingjiang.centre.api.frame import (
    ONE,
    USUAL,
    Day,
    Name,
    Page,
    Paging,
    RowId,
    api,
    day,
    known_only,
    page_of,
    scoped,
)
from pingjiang.centre.casework import access
from pingjiang.centre.facts import count, kinds
from pingjiang.centre.facts.count import Number, Question
from pingjiang.centre.facts.models import Fact

_reads = scoped("facts:read")
By = Literal["kind", "organisation", "district", "subject", "case", "track", "release", "year", "quarter", "month"]


class WithdrawalOut(Schema):
    """A fact does not stand, from when on and why."""

    at: datetime.datetime
    reason: str


class FactOut(Schema):
    """A fact. `key` is equal for tellings of one happening; a value that is not known is null."""

    id: int
    kind: str
    kind_zh: str
    kind_en: str
    subject_kind: str
    subject_id: str
    organisation: int
    organisation_name: str
    on: datetime.date
    value: str | None
    unit_zh: str
    unit_en: str
    currency: str
    text: str
    proof: str
    release: str
    case: int | None
    key: str
    digest: str
    told_at: datetime.datetime
    withdrawal: WithdrawalOut | None
    synthetic: bool


class FactPage(Page):
    """A page of facts."""

    items: list[FactOut]


class SumOut(Schema):
    """A sum of one kind in one currency, or in the unit of the kind."""

    kind: str
    currency: str
    sum: str


class NumberOut(Schema):
    """How many happenings there are, their sums, and how many have no value; `of` is the group, null for none."""

    of: str | None
    count: int
    sums: list[SumOut]
    unvalued: int
    set_aside: int


class CountOut(Schema):
    """The total, and the groups in order."""

    by: str | None
    total: NumberOut
    groups: list[NumberOut]


class Facts(Paging):
    """Which facts."""

    kind: Name | None = None
    organisation: RowId | None = None
    stands: Literal["true", "false"] | None = None
    since: Day | None = None
    until: Day | None = None


class Counted(Schema):
    """What to count: kinds (all where none is named), from a day to a day, by what."""

    kind: list[Name] = Field(default_factory=list)
    since: Day | None = None
    until: Day | None = None
    by: By | None = None


def _fact(fact: Fact) -> dict[str, Any]:
    kind, gone = kinds.known().get(fact.kind), getattr(fact, "withdrawal", None)
    words, unit = (kind.words, kind.unit) if kind else ((fact.kind, fact.kind), ("", ""))
    return {
        "id": fact.pk, "kind": fact.kind, "kind_zh": words[0], "kind_en": words[1], "subject_kind": fact.subject_kind,
        "subject_id": fact.subject_id, "organisation": fact.organisation_id,
        "organisation_name": fact.organisation.name_zh, "on": fact.on, "value": _plain(fact.value),
        "unit_zh": unit[0], "unit_en": unit[1], "currency": fact.currency, "text": fact.text, "proof": fact.proof,
        "release": fact.release, "case": fact.case_id, "key": fact.key, "digest": fact.digest,
        "told_at": fact.told_at, "withdrawal": {"at": gone.at, "reason": gone.reason} if gone else None,
        "synthetic": fact.synthetic,
    }  # fmt: skip


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


@api.get("/facts", response={200: FactPage, **USUAL, 409: ONE[404]}, summary="业绩事实 Facts")
def facts(request: HttpRequest, wanted: Query[Facts]) -> dict[str, Any]:
    """Facts that the actor sees, those withdrawn too, in the order in which they were told."""
    actor = _reads(request)
    known_only(request, Facts)
    asked = {
        "kind": wanted.kind, "organisation": wanted.organisation, "on__gte": day(wanted.since),
        "on__lte": day(wanted.until),
        "withdrawal__isnull": None if wanted.stands is None else wanted.stands == "true",
    }  # fmt: skip
    seen = access.visible_to(actor, Fact).filter(**{name: value for name, value in asked.items() if value is not None})
    return page_of(seen.select_related("organisation", "withdrawal"), wanted, _fact)


@api.get("/facts/counts", response={200: CountOut, **USUAL, 409: ONE[404]}, summary="事实计数 Counts")
def counts(request: HttpRequest, wanted: Query[Counted]) -> dict[str, Any]:
    """Each happening once, whoever told it: in all, and by group."""
    actor = _reads(request)
    known_only(request, Counted)
    names = wanted.kind or access.visible_to(actor, Fact).order_by().values_list("kind", flat=True).distinct()
    by = (wanted.by,) if wanted.by else ()
    question = Question(frozenset(names), since=day(wanted.since), until=day(wanted.until), by=by)
    found = count.answer(question, actor)
    return {"by": wanted.by, "total": _number(found.total), "groups": [_number(each) for each in found.groups]}


def _number(number: Number) -> dict[str, Any]:
    of = number.of[0] if number.of else None
    return {
        "of": None if of is None else str(of), "count": number.count, "unvalued": number.unvalued,
        "sums": [
            {"kind": kind, "currency": code, "sum": _plain(total)} for (kind, code), total in number.sums.items()
        ],
        "set_aside": number.set_aside.count(),
    }  # fmt: skip


@api.get("/facts/{fact_id}", response={200: FactOut, **ONE}, summary="业绩事实 Fact")
def fact(request: HttpRequest, fact_id: RowId) -> dict[str, Any]:
    """One fact."""
    return _fact(access.find(_reads(request), Fact, pk=fact_id))
