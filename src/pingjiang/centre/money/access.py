"""Who sees which accounts: those who answer for an organisation's money, the officers who govern a case, auditors."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.money.models import Account, Journal, Line

_OWN = frozenset(
    {"programme_officer", "decision_maker", "district_officer", "centre_manager", "member_user", "partner"}
)
_OFFICERS = frozenset({"programme_officer", "decision_maker"})


def may_see(actor: Actor) -> bool:
    """Whether an actor sees any money at all."""
    hat = {"steward": "auditor", "centre_specialist": "finance"}.get(actor.role)
    return actor.role in _OWN or (hat is not None and actor.wears(hat))


def _accounts(actor: Actor) -> QuerySet[Account]:
    if not may_see(actor):
        return Account.objects.none()
    if actor.role == "steward":
        return Account.objects.all()
    seen = Q(owner=actor.organisation)
    if actor.role in _OFFICERS:
        seen |= Q(case__authority=actor.organisation, case__track__in=["", *actor.tracks])
    return Account.objects.filter(seen)


def _lines(actor: Actor) -> QuerySet[Line]:
    return Line.objects.filter(account__in=_accounts(actor))


def _journals(actor: Actor) -> QuerySet[Journal]:
    """With a line that one sees; the other lines of such a journal stay unseen."""
    return Journal.objects.filter(pk__in=_lines(actor).values("journal"))


access.register(Account, _accounts)
access.register(Line, _lines)
access.register(Journal, _journals)
