"""Who sees which facts: those of the own organisation, officers what they govern, districts their own, auditors all."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.facts.models import Fact, Withdrawal

_OWN = frozenset({"centre_manager", "centre_specialist", "member_user", "partner"})
_OFFICERS = frozenset({"programme_officer", "decision_maker"})


def may_see(actor: Actor) -> bool:
    """Whether an actor sees any facts at all."""
    return actor.role in _OWN | _OFFICERS | {"district_officer"} or (actor.role == "steward" and actor.wears("auditor"))


def _facts(actor: Actor) -> QuerySet[Fact]:
    if not may_see(actor):
        return Fact.objects.none()
    if actor.role in _OFFICERS:
        return Fact.objects.filter(Q(case__isnull=True) | Q(case__track__in=["", *actor.tracks]))
    if actor.role == "steward":
        return Fact.objects.all()
    if actor.role == "district_officer":
        district = actor.organisation.district_id
        return Fact.objects.none() if district is None else Fact.objects.filter(organisation__district=district)
    return Fact.objects.filter(organisation=actor.organisation)


def _withdrawals(actor: Actor) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(fact__in=_facts(actor))


access.register(Fact, _facts)
access.register(Withdrawal, _withdrawals)
