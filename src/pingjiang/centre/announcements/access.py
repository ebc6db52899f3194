"""Who is which party of an announcement and of a consultation, and who sees what of them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.announcements import effects
from pingjiang.centre.announcements.models import Announcement, Question, Reply
from pingjiang.centre.announcements.rules import APPROVERS, STAFF
from pingjiang.centre.announcements.workflow import (
    ADDRESSEE,
    ANNOUNCEMENT,
    APPROVER,
    ASKER,
    AUDITOR,
    CLOCK,
    CONSULTATION,
    DESK,
    EDITOR,
    PUBLISHER,
)  # fmt: skip
from pingjiang.centre.casework import access, tasks


def _ours(roles: frozenset[str], path: str) -> access.Party:
    """The people of these roles at the organisation at `path`. Of those whose rights follow a track, only of theirs."""

    def rule(actor: Actor) -> Q | None:
        if actor.role not in roles:
            return None
        ours = Q(**{path: actor.organisation})
        return ours & (Q(track="") | Q(track__in=actor.tracks)) if actor.role == "programme_officer" else ours

    return rule


def _addressed(actor: Actor) -> Q | None:
    place = actor.organisation
    return Q(announcement__addressees__kind=place.kind) & (
        Q(announcement__addressees__district=None) | Q(announcement__addressees__district=place.district_id)
    )


def _asker(actor: Actor) -> Q | None:
    return None if actor.role == "steward" else Q(owner=actor.organisation)


def _auditor(actor: Actor) -> Q | None:
    return Q() if actor.role == "steward" else None


access.register_parties(
    ANNOUNCEMENT,
    {
        EDITOR: _ours(STAFF, "owner"), APPROVER: _ours(APPROVERS, "owner"), ADDRESSEE: _addressed, AUDITOR: _auditor,
        CLOCK: access.nobody,
    },
)  # fmt: skip
access.register_parties(
    CONSULTATION,
    {
        ASKER: _asker, DESK: _ours(STAFF, "authority"), PUBLISHER: _ours(STAFF, "question__announcement__case__owner"),
        AUDITOR: _auditor, CLOCK: access.nobody,
    },
)  # fmt: skip
access.register(Announcement, lambda actor: Announcement.objects.filter(access.with_case(actor)))
access.register(Question, lambda actor: Question.objects.filter(access.with_case(actor)))
access.register(Reply, lambda actor: Reply.objects.filter(access.with_case(actor, "question__case")))
tasks.on_overdue(CONSULTATION.name, effects.late)


def public() -> QuerySet[Announcement]:
    """What everybody may read: announcements in force that are meant for the public."""
    return Announcement.objects.filter(public=True, case__state="published", case__workflow=ANNOUNCEMENT.name)
