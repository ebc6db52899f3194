"""Secrets of second factors at rest: unreadable in the database, opened by the site's secret alone, migrated."""

from __future__ import annotations

import importlib
from typing import Any

import pyotp
import pytest
from django.apps import apps
from django.test import override_settings

from pingjiang.centre.accounts import sealing, second_factor
from pingjiang.centre.accounts.models import SecondFactor
from tests.centre.cast import Cast

OTHER = override_settings(SECRET_KEY="another secret of the site, long enough to be one of them")


def test_a_text_comes_back_by_the_same_secret_and_purpose_alone() -> None:
    sealed = sealing.seal("GEZDGNBV", "a")
    assert sealing.opened(sealed, "a") == "GEZDGNBV" and "GEZDGNBV" not in sealed != sealing.seal("GEZDGNBV", "a")
    assert sealing.opened(sealed, "b") is None and sealing.opened("GEZDGNBV", "a") is None
    assert sealing.opened(sealed[:-4] + "AAA=", "a") is None
    with OTHER:
        assert sealing.opened(sealed, "a") is None


def test_the_database_does_not_hold_a_secret(cast: Cast) -> None:
    factor = second_factor.begin(cast.alice.user)
    assert factor.secret and factor.secret not in str(SecondFactor.objects.values().get())
    assert second_factor.begin(cast.alice.user).secret == factor.secret  # one that waits is given again
    assert second_factor.check(cast.alice.user, pyotp.TOTP(factor.secret).now())


def test_under_another_secret_of_the_site_no_code_is_right(cast: Cast) -> None:
    waiting = second_factor.begin(cast.bob.user).secret
    factor = second_factor.begin(cast.alice.user)
    totp = pyotp.TOTP(factor.secret or "")
    assert second_factor.check(cast.alice.user, totp.now())
    SecondFactor.objects.update(last_step=0)
    with OTHER:
        assert not second_factor.check(cast.alice.user, totp.now())
        assert second_factor.is_on(cast.alice.user)  # the door does not open by itself
        assert second_factor.begin(cast.bob.user).secret not in (None, waiting)


@pytest.mark.django_db
def test_secrets_of_before_are_sealed_and_come_back(cast: Cast) -> None:
    step: Any = importlib.import_module("pingjiang.centre.accounts.migrations.0003_sealed_factor")
    SecondFactor.objects.create(user=cast.alice.user, sealed="JBSWY3DPEHPK3PXP")
    step.seal(apps, None)
    factor = SecondFactor.objects.get()
    assert factor.secret == "JBSWY3DPEHPK3PXP" != factor.sealed
    step.unseal(apps, None)
    assert SecondFactor.objects.get().sealed == "JBSWY3DPEHPK3PXP"
