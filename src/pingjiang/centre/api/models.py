"""Tokens: a membership acts by a program, within scopes, until a day. The secret is shown once and not kept."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Membership
from pingjiang.centre.casework import history
from pingjiang.centre.casework.workflow import Refused

SCOPES: dict[str, tuple[str, str]] = {
    "cases:read": ("读取案件", "Read cases"),
    "cases:move": ("办理案件、拟稿与咨询", "Move cases, draft and ask"),
    "money:read": ("读取账户与凭证", "Read accounts and journals"),
    "facts:read": ("读取业绩事实", "Read facts"),
    "jobs:read": ("读取后台任务", "Read jobs"),
    "jobs:manage": ("取消、重做后台任务", "Cancel and retry jobs"),
    "lakes:read": ("读取数据湖：检索、文献、机构", "Read lakes: search, publications, organisations"),
    "lakes:work": ("交文件，导入、构建、建立索引", "Hand in files, import, build, index"),
    "figures:read": ("读取图谱数字", "Read figures of the atlas"),
    "notices:read": ("读取消息", "Read messages"),
    "notices:manage": ("标为已读、重发", "Mark messages read, send again"),
}
LONGEST_DAYS = 366
_PREFIX = "pj_"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Token(models.Model):
    """A token of a membership. `digest` is SHA-256 of the secret, which has 256 bits of chance: no salt is needed."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} · {self.membership}"


@transaction.atomic
def issue(actor: Actor, name: str, scopes: list[str], days: int) -> tuple[Token, str]:
    """A new token and its secret, which nobody can read again. Refused for scopes there are not, or too long a life."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise Refused("scope", f"没有权限“{unknown[0]}”", f"there is no scope '{unknown[0]}'")
    if not scopes or not 1 <= days <= LONGEST_DAYS:
        raise Refused("token", f"须选权限，期限 1 至 {LONGEST_DAYS} 天", f"choose scopes, and 1 to {LONGEST_DAYS} days")
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = Token(
        membership=actor.membership, name=name, digest=_digest(secret), scopes=sorted(set(scopes)),
        expires_on=timezone.localdate() + datetime.timedelta(days=days),
    )  # fmt: skip
    token.full_clean()
    token.save()
    history.write(
        "token issued", f"token:{token.pk}", actor=actor,
        after={"name": name, "scopes": token.scopes, "expires_on": token.expires_on.isoformat()},
    )  # fmt: skip
    return token, secret


@transaction.atomic
def revoke(token: Token, actor: Actor) -> None:
    """End a token. Its own person may, and so may an administrator."""
    if token.membership.user_id != actor.user.pk and not (actor.role == "steward" and actor.wears("administrator")):
        raise Refused("party", "只能撤销自己的令牌", "only one's own tokens can be revoked")
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    history.write("token revoked", f"token:{token.pk}", actor=actor)


def actor_of(secret: str) -> tuple[Actor, frozenset[str]] | None:
    """Who acts by a secret and within which scopes; None where it is unknown, revoked, expired, or the person gone."""
    token = (
        Token.objects.filter(digest=_digest(secret), revoked_at__isnull=True, expires_on__gte=timezone.localdate())
        .select_related("membership__user", "membership__organisation__district")
        .first()
    )
    if token is None or not token.membership.user.is_active:
        return None
    if not Membership.objects.in_force().filter(pk=token.membership_id).exists():
        return None
    return Actor(token.membership.user, token.membership), frozenset(token.scopes)
