"""Who is which party of a call and of an application, and who sees what of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, tasks
from pingjiang.centre.casework.models import Case
from pingjiang.centre.documents.access import keep_back
from pingjiang.centre.programme import effects, models
from pingjiang.centre.programme.content.together import MATERIAL
from pingjiang.centre.programme.models.calls import PUBLISHED
from pingjiang.centre.programme.rules import APPLICANT_ROLES
from pingjiang.centre.programme.workflow import (
    APPLICANT,
    APPLICATION,
    APPROVER,
    AUDITOR,
    CALL,
    CLOCK,
    DISTRICT,
    EDITOR,
    LEADER,
    OFFICER,
    READER,
)


def _of_track(actor: Actor, ours: Q) -> Q:
    """Of ours, what the tracks of an officer extend to: a call of both is every officer's."""
    return ours & (Q(track="") | Q(track__in=actor.tracks)) if actor.role == "programme_officer" else ours


def _bureau(role: str, path: str) -> access.Party:
    def rule(actor: Actor) -> Q | None:
        return _of_track(actor, Q(**{path: actor.organisation})) if actor.role == role else None

    return rule


def _submitted(role: str) -> access.Party:
    """Of the bureau, once it has been handed in: not before, also where it was withdrawn."""
    ours = _bureau(role, "authority")

    def rule(actor: Actor) -> Q | None:
        found = ours(actor)
        return None if found is None else found & Q(application__submitted_at__isnull=False)

    return rule


def _applicant(actor: Actor) -> Q | None:
    return Q(owner=actor.organisation) if actor.role in APPLICANT_ROLES else None


def _district(actor: Actor) -> Q | None:
    """The officers of the applicant's district, once they have had it."""
    if actor.role != "district_officer" or actor.organisation.district_id is None:
        return None
    return Q(application__district=actor.organisation.district_id, application__sent_at__isnull=False)


def _auditor(actor: Actor) -> Q | None:
    return Q() if actor.role == "steward" else None


def _everybody(_actor: Actor) -> Q | None:
    return Q()


access.register_parties(
    CALL,
    {
        EDITOR: _bureau("programme_officer", "owner"), APPROVER: _bureau("decision_maker", "owner"),
        READER: _everybody, AUDITOR: _auditor, CLOCK: access.nobody,
    },
)  # fmt: skip
access.register_parties(
    APPLICATION,
    {
        APPLICANT: _applicant, DISTRICT: _district, OFFICER: _submitted("programme_officer"),
        LEADER: _submitted("decision_maker"), AUDITOR: _auditor, CLOCK: access.nobody,
    },
)  # fmt: skip


def _questions(actor: Actor) -> QuerySet[models.CallQuestion]:
    """Of a call that the actor sees: those answered, those of their organisation, all for the bureau that answers."""
    seen = models.CallQuestion.objects.filter(access.with_case(actor, "call__case"))
    if actor.role == "steward":
        return seen
    ours = Q(by__organisation=actor.organisation) | Q(call__case__owner=actor.organisation)
    return seen.filter(Q(answer__isnull=False) | ours)


def _own(path: str, actor: Actor) -> Q:
    """What only who applies reads: how it came to be."""
    if actor.role == "steward":
        return Q()
    return Q(**{f"{path}case__owner": actor.organisation}) & _may_apply(actor)


def _may_apply(actor: Actor) -> Q:
    return Q() if actor.role in APPLICANT_ROLES else Q(pk__in=[])


def _prechecks(actor: Actor) -> QuerySet[models.PreCheck]:
    rows = models.PreCheck.objects.all()
    return rows if actor.role == "steward" else rows.filter(_may_apply(actor), organisation=actor.organisation)


M = TypeVar("M", bound=Model)


def _of_application(model: type[M]) -> Callable[[Actor], QuerySet[M]]:
    return lambda actor: model._default_manager.filter(access.with_case(actor, "application__case"))


def _of_bureau(model: type[M], path: str) -> Callable[[Actor], QuerySet[M]]:
    """What the bureau keeps to itself until its letter says it: what the formal check found."""

    def rows(actor: Actor) -> QuerySet[M]:
        found = model._default_manager.filter(access.with_case(actor, path))
        return found if actor.role in _BUREAU else found.none()

    return rows


_BUREAU = frozenset({"programme_officer", "decision_maker", "steward"})
access.register(models.Call, lambda actor: models.Call.objects.filter(access.with_case(actor)))
access.register(models.CallTrack, lambda actor: models.CallTrack.objects.filter(access.with_case(actor, "call__case")))
access.register(models.CallQuestion, _questions)
access.register(models.PreCheck, _prechecks)
access.register(models.Application, lambda actor: models.Application.objects.filter(access.with_case(actor)))
access.register(models.Section, lambda actor: models.Section.objects.filter(_own("application__", actor)))
access.register(models.Draft, lambda actor: models.Draft.objects.filter(_own("section__application__", actor)))
access.register(models.ApplicationVersion, _of_application(models.ApplicationVersion))
access.register(models.Seal, _of_application(models.Seal))
access.register(models.Recommendation, _of_application(models.Recommendation))
access.register(models.CheckRun, _of_bureau(models.CheckRun, "application__case"))
access.register(models.CheckAnswer, _of_bureau(models.CheckAnswer, "application__case"))
access.register(models.Waiver, _of_bureau(models.Waiver, "application__case"))
access.register(models.WaiverApproval, _of_bureau(models.WaiverApproval, "waiver__application__case"))
tasks.on_overdue(APPLICATION.name, effects.late)


def _not_handed_in(actor: Actor) -> Q:
    """Files that stand in no version of their application that was handed in: the applicant's own, the auditor's."""
    if actor.role == "steward":
        return Q(pk__in=[])
    handed_in = models.ApplicationVersion.objects.filter(
        application__case=OuterRef("document__case"), content__contains=OuterRef("content_id")
    )
    files = Q(document__case__workflow=APPLICATION.name, document__name__startswith=MATERIAL)
    return files & ~Q(document__case__owner=actor.organisation) & ~Q(Exists(handed_in.order_by()))


keep_back(_not_handed_in)
_WRITING = ("document added", "malware refused", "renamed", "attachment aside", "attachment back", "figure cited")


def _not_sent_yet(actor: Actor, case: Case) -> Q | None:
    """What its applicant does since it came back to them: told to others once it is sent."""
    theirs = APPLICANT in APPLICATION.state(case.state).edits
    if not theirs or actor.role == "steward" or case.owner_id == actor.organisation.pk:
        return None
    since = case.events.filter(kind="move").order_by("number").values_list("number", flat=True).last() or 0
    return Q(kind__in=_WRITING, number__gt=since)


history.keep_back(APPLICATION.name, _not_sent_yet)


def public() -> QuerySet[models.Call]:
    """What everybody may read, also who is not signed in: calls that were published and not withdrawn."""
    return models.Call.objects.filter(case__workflow=CALL.name, case__state__in=PUBLISHED)


def is_district_of(actor: Actor, application: models.Application) -> bool:
    """Whether an actor is of the district of an application."""
    return actor.role == "district_officer" and actor.organisation.district_id == application.district_id
