"""Who there is: districts, organisations, people, memberships, hats, invitations."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts import sealing
from pingjiang.centre.accounts.roles import KINDS, ROLES, TRACKS
from pingjiang.identifiers import CreditCodeRefused, check_credit_code


def credit_code_is_right(value: str) -> None:
    """Both check digits of a unified social credit code (GB 32100). ValidationError says which is wrong."""
    try:
        check_credit_code(value)
    except CreditCodeRefused as refused:
        words = {
            "organisation_check": _("统一社会信用代码第 17 位（组织机构代码校验位）不符，请核对营业执照"),
            "check": _("统一社会信用代码第 18 位（校验位）不符，请核对营业执照"),
        }
        text = words.get(refused.code, _("统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）"))
        raise ValidationError(text, code=refused.code) from None


def tracks_are_known(value: object) -> None:
    """A list of tracks, each once, in the order of the list of tracks."""
    if not isinstance(value, list) or value != [track for track in TRACKS if track in value]:
        raise ValidationError(_("类别只能是专利类、版权类"), code="tracks")


class District(models.Model):
    """A district or county of the city. `code` as in GB/T 2260, or a zone's own."""

    code = models.CharField(max_length=12, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name_zh


class Organisation(models.Model):
    """A legal entity that takes part. An authority has tracks: IP bureau, copyright department."""

    kind = models.CharField(max_length=20, choices=[(kind, words[0]) for kind, words in KINDS.items()])
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    credit_code = models.CharField(max_length=18, unique=True, null=True, blank=True, validators=[credit_code_is_right])
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True)
    tracks = models.JSONField(default=list, blank=True, validators=[tracks_are_known])
    synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["name_zh", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="organisation_kind_known"),
            models.CheckConstraint(condition=~Q(credit_code=""), name="organisation_code_or_none"),
        ]

    def __str__(self) -> str:
        return self.name_zh


class UserManager(BaseUserManager["User"]):
    """Makes people."""

    def create_user(self, username: str, name: str, password: str | None = None, **more: object) -> User:
        """A person who can sign in; without a password only after an invitation."""
        user = self.model(username=username, name=name, **more)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. Holds no more than is needed to sign in and to be addressed."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans", choices=[("zh-hans", "中文"), ("en", "English")])
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)  # how often all sessions were ended

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a session of this person must bear: it changes with the password, and when sessions are ended."""
        return salted_hmac(
            "pingjiang.session", f"{self.password}:{self.sessions_ended}", algorithm="sha256"
        ).hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """None: no session outlives a change of the site's secret."""
        yield from ()

    def actors(self) -> list[Actor]:
        """All in which this person may act today, the earliest first."""
        return actors_of([self])


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by date."""

    def in_force(self, day: datetime.date | None = None) -> MembershipQuerySet:
        """Those that hold on a day, by default today."""
        day = day or timezone.localdate()
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))


class Membership(models.Model):
    """A person at an organisation in a role, from a day on, to a day. It ends; it is never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.name, role.words[0]) for role in ROLES.values()])
    tracks = models.JSONField(default=list, blank=True, validators=[tracks_are_known])
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=Q(until__isnull=True), name="membership_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {ROLES[self.role].words[0]} · {self.organisation}"

    def clean(self) -> None:
        """The role fits the organisation, and the tracks are among the organisation's."""
        if self.organisation.kind not in ROLES[self.role].kinds:
            raise ValidationError(
                _("“%(kind)s”的人员不能担任“%(role)s”"),
                params={"kind": KINDS[self.organisation.kind][0], "role": ROLES[self.role].words[0]},
                code="role",
            )
        if not set(self.tracks) <= set(self.organisation.tracks):
            raise ValidationError(_("人员的类别须在本单位的类别之内"), code="tracks")


class Hat(models.Model):
    """A task that a membership has beside its role: analyst, reviewer, auditor, … It ends; it is never deleted."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="hats")
    name = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "name"], condition=Q(until__isnull=True), name="hat_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} · {self.name}"

    def clean(self) -> None:
        """The hat is one of the role's."""
        if self.name not in ROLES[self.membership.role].hats:
            raise ValidationError(_("这一角色没有这项分工"), code="hat")


class Invitation(models.Model):
    """Somebody is asked to join an organisation in a role, by a link that serves once. Only its digest is kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=[(role.name, role.words[0]) for role in ROLES.values()])
    tracks = models.JSONField(default=list, blank=True, validators=[tracks_are_known])
    hats = models.JSONField(default=list, blank=True)
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} · {ROLES[self.role].words[0]} · {self.organisation}"


FACTOR = "second factor"  # the purpose for which its secret is sealed


class SecondFactor(models.Model):
    """The secret of a person's time-based codes (RFC 6238), sealed. In force once a first code was right."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    sealed = models.TextField(editable=False)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)  # the step of the last code taken: no code serves twice

    def __str__(self) -> str:
        return str(self.user)

    @property
    def secret(self) -> str | None:
        """The secret in base 32; None where the site's own secret is another than when it was sealed."""
        return sealing.opened(self.sealed, FACTOR)

    @secret.setter
    def secret(self, text: str) -> None:
        self.sealed = sealing.seal(text, FACTOR)


@dataclass(frozen=True)
class Actor:
    """A person in one of their roles: who acts."""

    user: User
    membership: Membership

    @property
    def role(self) -> str:
        """Name of the role."""
        return self.membership.role

    @property
    def organisation(self) -> Organisation:
        """For whom."""
        return self.membership.organisation

    @property
    def tracks(self) -> list[str]:
        """Tracks to which the rights extend; empty where the role has none."""
        return list(self.membership.tracks)

    def wears(self, hat: str) -> bool:
        """Whether this membership has a hat today."""
        day = timezone.localdate()
        return any(
            each.name == hat and each.since <= day and (each.until is None or each.until >= day)
            for each in self.membership.hats.all()
        )


_TOGETHER = 2000  # people asked about in one query: below what SQLite takes as parameters


def actors_of(people: Iterable[User]) -> list[Actor]:
    """All in which these people may act today, each person's earliest first: one query for two thousand people."""
    by_key = {user.pk: user for user in people if user.is_active}
    keys = list(by_key)
    found: list[Actor] = []
    for start in range(0, len(keys), _TOGETHER):
        memberships = Membership.objects.in_force().filter(user__in=keys[start : start + _TOGETHER])
        rows = memberships.select_related("organisation__district").order_by("pk")
        found += [Actor(by_key[membership.user_id], membership) for membership in rows]
    return found
