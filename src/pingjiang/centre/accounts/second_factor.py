"""Time-based one-time codes (RFC 6238), by pyotp: begin, confirm, check, end."""

from __future__ import annotations

import hmac
import time
from typing import Any

import pyotp
from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from pingjiang.centre.accounts import sealing
from pingjiang.centre.accounts.models import FACTOR, SecondFactor, User

ISSUER = "Pingjiang"
_WINDOW = 1  # steps of 30 seconds before and after now: clocks differ


def is_on(user: User) -> bool:
    """Whether this person must give a code at sign-in."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def begin(user: User) -> SecondFactor:
    """A secret that waits for its first code; one that waits already is given again while it can be opened."""
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is not None and (factor.confirmed_at or factor.secret):
        return factor
    sealed = sealing.seal(pyotp.random_base32(), FACTOR)
    if factor is not None:
        factor.delete()
    return SecondFactor.objects.get_or_create(user=user, defaults={"sealed": sealed})[0]


def address(factor: SecondFactor) -> str:
    """The otpauth address that an authenticator takes."""
    return pyotp.TOTP(factor.secret or "").provisioning_uri(name=factor.user.username, issuer_name=ISSUER)


@transaction.atomic
def check(user: User, code: str) -> bool:
    """Whether a code is right now. A code that was taken is not taken again, nor is an older one.

    No code is right where the secret was sealed under another secret of the site: an administrator resets it then.
    """
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    digits = code.replace(" ", "")
    if factor is None or len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return False
    if (secret := factor.secret) is None:
        return False
    totp = pyotp.TOTP(secret)
    now = int(time.time()) // totp.interval
    for step in range(now - _WINDOW, now + _WINDOW + 1):
        if step > factor.last_step and hmac.compare_digest(totp.generate_otp(step), digits):
            factor.last_step = step
            factor.confirmed_at = factor.confirmed_at or timezone.now()
            factor.save()
            return True
    return False


def end(user: User) -> bool:
    """Take the second factor away; whether there was one in force."""
    was_on = is_on(user)
    SecondFactor.objects.filter(user=user).delete()
    return was_on


class CodeBackend(BaseBackend):
    """The second step of a sign-in as a backend of its own, so that wrong codes count for the lockout too."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, code: str | None = None, **_more: Any
    ) -> User | None:
        """The person, if the code is theirs. The password was asked before: see pages/sign_in.py."""
        if username is None or code is None:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        return user if user is not None and is_on(user) and check(user, code) else None

    def get_user(self, user_id: int) -> User | None:
        """As of a session."""
        return User.objects.filter(pk=user_id, is_active=True).first()
