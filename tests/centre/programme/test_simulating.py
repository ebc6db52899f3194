"""Other thresholds: which applications turn and why, of those that the bureau sees, by what they handed in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pingjiang.centre.programme.models import Application
from tests.centre.cast import Cast
from tests.centre.programme import filling
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def bodies(number: str) -> dict[str, str]:
    return filling.content()["clustered"] | {"bodies": number}


TRIED: list[tuple[str, set[str] | None]] = [
    ("101", {"101"}), ("150", {"101", "150"}), ("149", {"101"}), ("99", set()), ("100", None), ("一百五", None),
    ("", None), ("１５１", {"101", "150", "151"}), ("-1", None), ("150.5", None),
]  # fmt: skip


def test_more_bodies_turn_those_that_have_fewer(play: Play) -> None:
    """None: nothing was changed, or what was typed is no threshold."""
    made: dict[int, str] = {}
    for number in ("101", "150", "151", "200"):
        made[plays.application(play, "submitted", clustered=bodies(number)).pk] = number
    plays.application(play, "district", clustered=bodies("102"))  # the bureau does not see it
    call = Application.objects.latest("pk").call
    client = Client()
    client.force_login(play.cast.olga.user)
    for to, turned in TRIED:
        answer = client.get(reverse("call-simulate", args=[call.case_id, "patent"]), {"to-industry_bodies": to})
        assert answer.status_code == 200
        found = answer.context["answer"]
        if turned is None:
            assert found is None, to
            continue
        assert found.asked == len(made)
        assert {made[each.application.pk] for each in found.turned} == turned, to
        assert all((each.before.status, each.after.status) == ("pass", "fail") for each in found.turned)
        assert found.after.get("fail", 0) == len(turned) and found.before.get("fail", 0) == 0
        assert ("没有申报的结论改变" in answer.content.decode()) == (not turned)
