"""Who is which party of a panel and of a review, and who sees what of them. A sealed sheet is seen by who writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from pingjiang.centre.accounts.models import Actor, User
from pingjiang.centre.casework import access, notices, tasks
from pingjiang.centre.programme import models
from pingjiang.centre.programme.review.workflow import AUDITOR, LEADER, OFFICER, PANEL, REVIEW, REVIEWER

M = TypeVar("M", bound=Model)
BUREAU = frozenset({"programme_officer", "decision_maker"})


def _bureau(role: str) -> access.Party:
    def rule(actor: Actor) -> Q | None:
        if actor.role != role:
            return None
        ours = Q(owner=actor.organisation)
        return ours & Q(track__in=actor.tracks) if role == "programme_officer" else ours

    return rule


def _auditor(actor: Actor) -> Q | None:
    return Q() if actor.role == "steward" else None


def _reviewer(actor: Actor) -> Q | None:
    return Q(review__expert__membership=actor.membership) if actor.role == "expert" else None


_HOUSE = {OFFICER: _bureau("programme_officer"), LEADER: _bureau("decision_maker"), AUDITOR: _auditor}
access.register_parties(PANEL, _HOUSE)
access.register_parties(REVIEW, {**_HOUSE, REVIEWER: _reviewer})


def _pool(actor: Actor) -> QuerySet[models.Expert]:
    """The pool of the bureau, for its people; themselves, for experts."""
    rows = models.Expert.objects.all()
    if actor.role == "steward":
        return rows
    if actor.role in BUREAU:
        return rows.filter(bureau=actor.organisation)
    return rows.filter(membership=actor.membership) if actor.role == "expert" else rows.none()


def _of_pool(model: type[M], path: str) -> Callable[[Actor], QuerySet[M]]:
    return lambda actor: model._default_manager.filter(**{f"{path}__in": _pool(actor)})


def _with(model: type[M], path: str) -> Callable[[Actor], QuerySet[M]]:
    return lambda actor: model._default_manager.filter(access.with_case(actor, path))


def _sheets(actor: Actor) -> QuerySet[models.Sheet]:
    """Their own, for experts; for everybody else none, whatever their role."""
    rows = models.Sheet.objects.all()
    return rows.filter(review__expert__membership=actor.membership) if actor.role == "expert" else rows.none()


access.register(models.Expert, _pool)
access.register(models.Employment, _of_pool(models.Employment, "expert"))
access.register(models.Declaration, _of_pool(models.Declaration, "expert"))
access.register(models.DeclarationEnd, _of_pool(models.DeclarationEnd, "declaration__expert"))
access.register(models.Panel, _with(models.Panel, "case"))
access.register(models.PanelSeat, _with(models.PanelSeat, "panel__case"))
access.register(models.PanelEntry, _with(models.PanelEntry, "panel__case"))
access.register(models.Conflict, _with(models.Conflict, "panel__case"))
access.register(models.ConflictRuling, _with(models.ConflictRuling, "panel__case"))
access.register(models.PassedOver, _with(models.PassedOver, "panel__case"))
access.register(models.SupplementaryList, _with(models.SupplementaryList, "panel__case"))
access.register(models.Recusal, _with(models.Recusal, "review__case"))
access.register(models.PanelResult, _with(models.PanelResult, "panel__case"))
access.register(models.Review, _with(models.Review, "case"))
access.register(models.OpenedReview, _with(models.OpenedReview, "review__case"))
access.register(models.Sheet, _sheets)


def _late(what: tasks.Late) -> list[User]:
    """Who has to do it, and from the third day on the officers."""
    people: list[User] = []
    for task in what.case.tasks.filter(done_at__isnull=True).select_related("assignee__user"):
        people += [task.assignee.user] if task.assignee else notices.people_of(task.organisation, [task.role])
    if what.days >= 3:
        people += notices.people_of(what.case.owner, ["programme_officer"])
    return people


tasks.on_overdue(PANEL.name, _late)
tasks.on_overdue(REVIEW.name, _late)


def public() -> QuerySet[models.Panel]:
    """Panels whose list everybody may read: those published, also once drawn, locked or dissolved after that."""
    rows = models.Panel.objects.exclude(list_text="").filter(case__workflow=PANEL.name)
    return rows.select_related("case__owner")


def reviewed_by(actor: Actor, review: models.Review) -> QuerySet[models.Application]:
    """The applications that an expert may read for a review: once accepted, as long as it is not over, and none that
    they or the panel leave out."""
    rows = models.Application.objects.filter(entries__panel=review.panel_id, entries__left_out="").exclude(
        pk__in=review.recusals.values("application")
    )
    mine = review.expert.membership_id == actor.membership.pk and actor.role == "expert"
    return rows if mine and review.case.state in ("accepted", "writing", "locked") else rows.none()
