"""The synthetic city: what it holds, that all of it is marked, and that it is made once."""

from __future__ import annotations

import pytest
import stdnum.cn.uscc
from django.contrib.auth import authenticate
from django.http import HttpRequest

from pingjiang.centre import demo
from pingjiang.centre.accounts.models import District, Membership, Organisation, User
from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.casework.models import Event
from pingjiang.errors import PingjiangError
from tests.centre import demo_city
from tests.centre.demo_city import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.django_db, demo_city.ONE_WORKER]


def test_the_city() -> None:
    accounts = demo_city.made()
    kinds = {kind: Organisation.objects.filter(kind=kind).count() for kind in ("firm", "institute", "university")}
    assert sum(kinds.values()) == 150 and min(kinds.values()) > 0
    assert District.objects.count() == 3 and Organisation.objects.filter(kind="centre").count() == 3
    assert Membership.objects.filter(role="expert").count() == 30
    assert Organisation.objects.filter(kind__in=("agency", "bank", "insurer", "fund")).count() == 10
    assert [account.role for account in accounts] == list(ROLES)
    for account in accounts:
        user = authenticate(HttpRequest(), username=account.username, password=account.password)
        assert isinstance(user, User) and [actor.role for actor in user.actors()] == [account.role]
    assert (
        not Organisation.objects.filter(synthetic=False).exists() and not User.objects.filter(synthetic=False).exists()
    )
    names = list(Organisation.objects.values_list("name_zh", flat=True))
    assert len(set(names)) == len(names) and all("（示例）" in name for name in names)
    codes = list(Organisation.objects.values_list("credit_code", flat=True))
    assert len(set(codes)) == len(codes) and all(stdnum.cn.uscc.is_valid(str(code)) for code in codes)


def test_it_is_made_once_and_is_the_same() -> None:
    first = demo_city.made()
    before = list(Organisation.objects.values_list("name_zh", "credit_code"))
    told = Event.objects.count()
    again = demo.make()
    assert Event.objects.count() == told
    assert list(Organisation.objects.values_list("name_zh", "credit_code")) == before
    assert User.objects.count() == len({user.username for user in User.objects.all()})
    here = HttpRequest()
    assert authenticate(here, username=first[0].username, password=first[0].password) is None  # new ones each time
    assert authenticate(here, username=again[0].username, password=again[0].password) is not None


def test_only_in_the_demo(settings: object) -> None:
    settings.SITE_MODE = "production"  # type: ignore[attr-defined]
    with pytest.raises(PingjiangError, match="demo"):
        demo.make()
    assert not Organisation.objects.exists()
