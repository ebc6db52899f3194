"""Ways that apps add to the search field: for their roles alone, and none takes the list of cases with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.pages import finding
from pingjiang.centre.pages.finding import Ways
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def finders(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No finders but those of the test."""
    monkeypatch.setattr(finding, "_finders", {})
    yield


def test_ways_are_shown_to_their_roles_and_a_broken_one_is_left_out(cast: Cast) -> None:
    def breaks(_actor: Actor, _words: str) -> list[Ways]:
        raise RuntimeError("away")

    def leads(_actor: Actor, words: str) -> list[Ways]:
        return [Ways("那里", [(f"找 {words}", "/there/")])]

    finding.add("broken", "坏的", frozenset({"member_user"}), breaks)
    finding.add("whole", "好的", frozenset({"member_user"}), leads)
    with pytest.raises(RuntimeError):
        finding.add("whole", "好的", frozenset({"member_user"}), leads)
    alice, olga = Client(), Client()
    alice.force_login(cast.alice.user)
    olga.force_login(cast.olga.user)
    page = alice.get("/cases/", {"q": "甲"}).content.decode()
    assert '<a href="/there/">找 甲</a>' in page and 'placeholder="搜案件、坏的、好的"' in page
    assert "/there/" not in olga.get("/cases/", {"q": "甲"}).content.decode()
    assert "/there/" not in alice.get("/cases/").content.decode()
