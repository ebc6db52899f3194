"""Two hundred applications and seven experts: drawn, signed, locked, and shown with few queries."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pingjiang.centre.casework import service as casework
from pingjiang.centre.programme.models import Application, Panel, Review, Sheet
from pingjiang.centre.programme.review import results, sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.centre.programme.services import panels
from tests.centre.cast import Cast
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


def filled(play: Play, applications: list[Application], seats: dict[str, int]) -> Panel:
    """A locked panel of these applications, its sheets written straight into their rows, sealed as saving does."""
    cast = play.cast
    made = panel_play.composed(play, applications, seats)
    panels.look(made, cast.olga)
    panels.publish(made, cast.olga)
    with panel_play.later(days=1, minutes=1):
        panels.draw(made, cast.olga, panel_play.NUMBER)
    chance, criteria = random.Random(9), sheets.criteria_of(made)
    for review in Review.objects.filter(panel=made).select_related("panel__case", "expert__membership__user", "case"):
        panel_play.begin(review)
        rows = []
        for application in applications:
            marks = {each.id: criteria.step * chance.randrange(int(each.points / criteria.step) + 1)
                     for each in criteria.criteria}  # fmt: skip
            sheet = Sheet(review=review, application=application, revision=1)
            sheets.put(sheet, Written(marks, dict.fromkeys(marks, "评语"), ""))
            rows.append(sheet)
        Sheet.objects.bulk_create(rows)
        casework.perform(review.case, "lock", panel_play.actor_of(review.expert))
    panels.lock(made, cast.olga)
    return panel_play.fresh(made)


def queries(panel: Panel, cast: Cast) -> int:
    client = Client()
    client.force_login(cast.olga.user)
    page = reverse("panel-results", args=[panel.case_id])
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


@pytest.mark.slow
def test_two_hundred_applications_and_seven_experts(cast: Cast, django_assert_max_num_queries: Any) -> None:
    play = plays.begin(cast)
    panel_play.pool(play, 3)
    panel = filled(play, panel_play.many(play, 200), {"technology": 3, "industry": 2, "ip": 1, "finance": 1})
    result = results.of(panel)
    assert result is not None and len(result.lines) == 200 and len(result.experts) == 7
    assert all(line.valid == 7 for line in result.lines)
    assert sum(line.asked for line in result.lines if line.funded["trimmed"]) <= result.budget
    client = Client()
    client.force_login(cast.olga.user)
    with django_assert_max_num_queries(40):
        shown = client.get(reverse("panel-results", args=[panel.case_id]))
    assert shown.status_code == 200 and shown.text.count("<tr") > 200


def test_the_page_asks_as_much_of_few_as_of_many(cast: Cast) -> None:
    """What was reckoned is read: the number of applications adds no query."""
    play = plays.begin(cast)
    panel_play.pool(play, 3)
    applications = panel_play.many(play, 12)
    few, many = filled(play, applications[:2], panel_play.SEATS), filled(play, applications[2:], panel_play.SEATS)
    assert queries(few, cast) == queries(many, cast)
