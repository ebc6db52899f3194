"""Joining and leaving: invitations, by whom; deactivation, which ends every session."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Actor, Hat, Invitation, Membership, Organisation, User
from pingjiang.centre.accounts.roles import ROLES

VALID_FOR = datetime.timedelta(days=7)


def manages(actor: Actor) -> bool:
    """Whether an actor admits people at all: administrators of the site, of a firm or school, heads of a centre."""
    return actor.role == "centre_manager" or actor.wears("administrator") or actor.wears("organisation_admin")


def manages_all(actor: Actor) -> bool:
    """Whether an actor admits people everywhere."""
    return actor.role == "steward" and actor.wears("administrator")


def people_seen_by(actor: Actor) -> QuerySet[Membership]:
    """Memberships that an actor may look at: all for stewards, those of the own organisation for everyone else."""
    every = Membership.objects.select_related("user", "organisation").prefetch_related("hats")
    return every if actor.role == "steward" else every.filter(organisation=actor.organisation)


def roles_open_to(actor: Actor, organisation: Organisation) -> list[str]:
    """Roles in which an actor may invite to an organisation: not above their own unless they administer the site."""
    if not manages(actor) or not (manages_all(actor) or organisation == actor.organisation):
        return []
    fitting = [role.name for role in ROLES.values() if organisation.kind in role.kinds]
    if manages_all(actor):
        return fitting
    own = {"centre_manager": {"centre_manager", "centre_specialist"}, "member_user": {"member_user", "expert"}}
    return [role for role in fitting if role in own.get(actor.role, set())]


def invite(
    actor: Actor, organisation: Organisation, role: str, name: str, *, tracks: Sequence[str] = (),
    hats: Sequence[str] = (),
) -> tuple[Invitation, str]:  # fmt: skip
    """An invitation and the token of its link, which is told once and kept nowhere. ValidationError says what not."""
    if role not in roles_open_to(actor, organisation):
        raise ValidationError(_("不能邀请人员担任这一角色"), code="role")
    if not set(hats) <= set(ROLES[role].hats):
        raise ValidationError(_("这一角色没有这项分工"), code="hat")
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        organisation=organisation, role=role, name=name, tracks=list(tracks), hats=list(hats), digest=digest(token),
        made_by=actor.membership, expires_at=timezone.now() + VALID_FOR,
    )  # fmt: skip
    invitation.full_clean()
    invitation.save()
    return invitation, token


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitation(token: str, *, lock: bool = False) -> Invitation | None:
    """The invitation of a link, while it serves: not used, not withdrawn, not too old."""
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    return rows.select_related("organisation").filter(
        digest=digest(token), accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    ).first()  # fmt: skip


def invitations_of(actor: Actor) -> QuerySet[Invitation]:
    """The invitations that still serve and that an actor may withdraw."""
    if not manages(actor):
        return Invitation.objects.none()
    serving = Invitation.objects.filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    ).select_related("organisation")  # fmt: skip
    return serving if manages_all(actor) else serving.filter(organisation=actor.organisation)


@transaction.atomic
def join(token: str, user: User) -> Membership | None:
    """Make a person a member by a link; None where it serves no longer. Two at once: the second gets None.

    ValidationError where the role does not fit, or the person holds it already.
    """
    invitation = open_invitation(token, lock=True)
    if invitation is None:
        return None
    held = Membership.objects.in_force().filter(user=user, organisation=invitation.organisation, role=invitation.role)
    if held.exists():
        raise ValidationError(_("您在这一单位已有这一角色"), code="held")
    today = timezone.localdate()
    membership = Membership(
        user=user, organisation=invitation.organisation, role=invitation.role, tracks=invitation.tracks, since=today
    )
    membership.full_clean()
    membership.save()
    for name in invitation.hats:
        hat = Hat(membership=membership, name=name, since=today)
        hat.full_clean()
        hat.save()
    invitation.accepted_at, invitation.membership = timezone.now(), membership
    invitation.save(update_fields=["accepted_at", "membership"])
    return membership


@transaction.atomic
def deactivate(user: User) -> None:
    """Let a person sign in no more, and end their sessions: none comes to life again if they are let in later."""
    User.objects.filter(pk=user.pk).update(is_active=False, sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db()


def reactivate(user: User) -> None:
    """Let a person sign in again, with the password they had."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.refresh_from_db()
