"""Who is which party of a decision and of an objection, and who sees what of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, tasks
from pingjiang.centre.programme import models
from pingjiang.centre.programme.deciding import effects
from pingjiang.centre.programme.deciding.workflow import AUDITOR, DECISION, LEADER, OBJECTION, OBJECTOR, OFFICER

_BUREAU = frozenset({"programme_officer", "decision_maker", "steward"})
# Experts sit in firms and universities, too: what their employer objects to is none of theirs.
_NOT_OBJECTING = _BUREAU | {"expert"}


def _bureau(role: str, path: str) -> access.Party:
    def rule(actor: Actor) -> Q | None:
        if actor.role != role:
            return None
        ours = Q(**{path: actor.organisation})
        return ours & Q(track__in=actor.tracks) if role == "programme_officer" else ours

    return rule


def _auditor(actor: Actor) -> Q | None:
    return Q() if actor.role == "steward" else None


def may_object(actor: Actor) -> bool:
    """Whether an actor is somebody who objects: not the bureau itself, and no expert as such."""
    return actor.role not in _NOT_OBJECTING


def _objector(actor: Actor) -> Q | None:
    return Q(owner=actor.organisation) if may_object(actor) else None


access.register_parties(
    DECISION,
    {
        OFFICER: _bureau("programme_officer", "owner"), LEADER: _bureau("decision_maker", "owner"),
        AUDITOR: _auditor,
    },
)  # fmt: skip
access.register_parties(
    OBJECTION,
    {
        OBJECTOR: _objector, OFFICER: _bureau("programme_officer", "authority"),
        LEADER: _bureau("decision_maker", "authority"), AUDITOR: _auditor,
    },
)  # fmt: skip

M = TypeVar("M", bound=Model)


def _of(model: type[M], path: str) -> Callable[[Actor], QuerySet[M]]:
    return lambda actor: model._default_manager.filter(access.with_case(actor, path))


def _findings(actor: Actor) -> QuerySet[models.Finding]:
    """What was found is the bureau's; who objected gets the letter."""
    rows = models.Finding.objects.filter(access.with_case(actor, "objection__case"))
    return rows if actor.role in _BUREAU else rows.none()


access.register(models.Decision, _of(models.Decision, "case"))
access.register(models.DecisionItem, _of(models.DecisionItem, "decision__case"))
access.register(models.Session, _of(models.Session, "decision__case"))
access.register(models.Verdict, _of(models.Verdict, "item__decision__case"))
access.register(models.Objection, _of(models.Objection, "case"))
access.register(models.Finding, _findings)
access.register(models.LeftOut, _of(models.LeftOut, "decision__case"))
access.register(models.RecalledNotice, _of(models.RecalledNotice, "decision__case"))

tasks.on_overdue(OBJECTION.name, effects.late)


SHOWN = ("publicity", "final")  # states in which everybody may read what was decided


def public() -> QuerySet[models.Decision]:
    """What everybody may read of: decisions whose notice runs, whose list is final, or whose notice was recalled; of
    these last no more than that it was (`SHOWN`)."""
    recalled = Exists(models.RecalledNotice.objects.filter(decision=OuterRef("pk")))
    return models.Decision.objects.filter(Q(case__state__in=SHOWN) | recalled, case__workflow=DECISION.name)
