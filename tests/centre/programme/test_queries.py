"""Every page of the programme asks as many queries of many applications as of few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pingjiang.centre.accounts.models import User
from pingjiang.centre.casework import service as casework
from pingjiang.centre.programme.models import Application, Decision, Expert, Panel, Recommendation, Review
from pingjiang.centre.programme.services import decisions, experts, panels
from pingjiang.centre.programme.services.decisions import Entry
from tests.centre.cast import Cast
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.deciding import play as deciding
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 7
Page = tuple[User | None, str]


@dataclass
class Scene:
    """Panels and decisions over so many applications each."""

    draft: Panel
    drawn: Panel
    locked: Panel
    drafting: Decision
    tabled: Decision
    public: Decision


def scene(play: Play, first: Application, count: int) -> Scene:
    ours = plays.call(play)
    draft = panel_play.composed(play, panel_play.alike(first, count, ours))
    _known_interests(draft)
    assert len(panels.look(draft, play.cast.olga)) >= count
    drawn = panel_play.panel(play, "drawn", panel_play.alike(first, count, ours))
    panel_play.write(Review.objects.filter(panel=drawn).order_by("pk")[0])
    found = [_decision(play, first, count, until) for until in ("drafting", "tabled", "publicity")]
    locked = Panel.objects.get(call=found[0].call)
    return Scene(draft, drawn, locked, *found)


def _known_interests(panel: Panel) -> None:
    """An expert who may have one in each of the applications."""
    expert = Expert.objects.order_by("pk")[0]
    actor = panel_play.actor_of(expert)
    for each in Application.objects.filter(entries__panel=panel).select_related("case__owner"):
        experts.declare(expert, actor, "kinship", organisation=each.case.owner.name_zh, text="亲属")


def _decision(play: Play, first: Application, count: int, until: str) -> Decision:
    call = plays.call(play)
    made = panel_play.alike(first, count, call)
    for rank, each in enumerate(made, start=1):
        Recommendation.objects.create(application=each, comment="同意", rank=rank, match=480, policy="示例")
    deciding.review(play, made)
    found = decisions.prepare(call, "patent", play.cast.olga)
    said = {row.pk: Entry("approve" if row.position == 1 else "reject", None, "理由") for row in deciding.items(found)}
    decisions.propose(found, play.cast.olga, said)
    if until != "drafting":
        casework.perform(deciding.fresh(found).case, "table", play.cast.olga)
    if until == "publicity":
        decisions.enter(deciding.fresh(found), play.leader, said, deciding.MEETING)
        casework.perform(deciding.fresh(found).case, "decide", play.leader)
        casework.perform(deciding.fresh(found).case, "publicise", play.cast.olga)
    return deciding.fresh(found)


def records(play: Play, of: Scene) -> Iterator[Page]:
    """Pages of the records of a scene."""
    olga, leader = play.cast.olga.user, play.leader.user
    own = Review.objects.filter(panel=of.drawn).select_related("expert__membership__user").order_by("pk")[0]
    opened = Review.objects.filter(panel=of.locked).order_by("pk")[0]
    under_review = Application.objects.filter(entries__panel=of.drawn).order_by("pk")[0]
    reviewed = Application.objects.filter(entries__panel=of.locked).order_by("pk")[0]
    expert = own.expert.membership.user
    for name, panel in (("panel", of.draft), ("panel", of.drawn), ("panel", of.locked), ("panel-compose", of.draft),
                        ("panel-conflicts", of.draft), ("panel-results", of.locked)):  # fmt: skip
        yield olga, reverse(name, args=[panel.case_id])
    yield olga, reverse("review", args=[opened.case_id])
    yield olga, reverse("review-sheet", args=[opened.case_id, reviewed.case_id])
    yield expert, reverse("review", args=[own.case_id])
    yield expert, reverse("review-sheet", args=[own.case_id, under_review.case_id])
    yield olga, reverse("decision", args=[of.drafting.case_id])
    yield leader, reverse("decision", args=[of.tabled.case_id])
    yield leader, reverse("decision", args=[of.public.case_id])
    yield None, reverse("public-decision", args=[of.public.case_id])
    yield None, reverse("public-panel", args=[of.drawn.case_id])
    yield olga, reverse("call", args=[of.drawn.call.case_id])
    yield olga, reverse("application", args=[reviewed.case_id])
    yield olga, reverse("application-check", args=[reviewed.case_id])


def lists(play: Play) -> Iterator[Page]:
    """Lists of all."""
    for who in (play.cast.olga.user, play.leader.user, play.district.user):
        for name in ("applications", "panels", "reviews", "decisions", "calls"):
            if who == play.cast.olga.user or name in ("applications", "calls"):
                yield who, reverse(name)
    yield play.district.user, reverse("district-applications")
    yield None, reverse("public-decisions")
    yield None, reverse("public-panels")


def asked(pages: Iterator[Page]) -> list[tuple[str, int]]:
    """Queries of each page, seen before."""
    found = []
    for user, address in pages:
        client = Client()
        if user is not None:
            client.force_login(user)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        found.append((address, len(queries)))
    return found


def test_queries_do_not_grow_with_applications(cast: Cast) -> None:
    play = plays.begin(cast)
    panel_play.pool(play)
    first = plays.application(play, "accepted")
    few = scene(play, first, FEW)
    listed = asked(lists(play))
    many = scene(play, first, MANY)
    assert asked(lists(play)) == listed
    for (address, of_few), (_, of_many) in zip(asked(records(play, few)), asked(records(play, many)), strict=True):
        assert of_many == of_few, f"{address} asks {of_few} of {FEW} and {of_many} of {MANY}"
