"""A pool of experts, panels and reviews in their states, for the site that browsers look at."""

from __future__ import annotations

import random
from decimal import Decimal

from django.urls import reverse

from pingjiang.centre.programme.models import Application, Panel, Review
from pingjiang.centre.programme.review import sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.centre.programme.services import experts, panels
from tests.centre.programme import panel_play
from tests.centre.programme.panel_play import actor_of
from tests.centre.programme.play import Play

_COMMENT = "基础扎实，依据充分；指标与进度的衔接还可细化。"


def fill_reviews(play: Play) -> dict[str, list[str]]:
    """Name of a URL → who sees it, and where."""
    pool = panel_play.pool(play)
    experts.declare(pool[2], actor_of(pool[2]), "kinship", organisation="示例公司 010", text="近亲属任职")
    experts.employed(pool[0], actor_of(pool[0]), {"name": "某研究所", "since": 2015, "until": 2024})
    applications = panel_play.many(play, 14)
    draft = panel_play.composed(play, applications[10:12])
    panels.look(draft, play.cast.olga)
    panel_play.panel(play, "published", applications[12:14])
    drawn = panel_play.panel(play, "drawn", applications[8:10])
    mine = Review.objects.filter(panel=drawn).order_by("pk")[0]
    panel_play.begin(mine)
    first = sheets.live(drawn)[0]
    panel_play.write_one(mine, first, panel_play.written(drawn, Decimal("0.8"), _COMMENT))
    locked = _locked(play, applications[:8])
    opened = Review.objects.filter(panel=locked).order_by("pk")[0]
    reviewer = mine.expert.membership.user.username
    of = {"draft": draft, "drawn": drawn, "locked": locked}
    at = {name: [each.case_id] for name, each in of.items()}
    return {
        "expert": ["olga", reverse("expert", args=[pool[2].pk])],
        "panel": ["olga", reverse("panel", args=at["drawn"])],
        "panel-compose": ["olga", reverse("panel-compose", args=at["draft"])],
        "panel-conflicts": ["olga", reverse("panel-conflicts", args=at["draft"])],
        "panel-results": ["olga", reverse("panel-results", args=at["locked"])],
        "public-panel": ["", reverse("public-panel", args=at["drawn"])],
        "review": [reviewer, reverse("review", args=[mine.case_id])],
        "review-sheet": [reviewer, reverse("review-sheet", args=[mine.case_id, first.case_id])],
        "review-opened": ["olga", reverse("review-sheet", args=[opened.case_id, applications[0].case_id])],
    }


def _locked(play: Play, applications: list[Application]) -> Panel:
    """A panel that has locked, its marks of worth, severity and noise; one application is judged in two ways."""
    made = panel_play.panel(play, "drawn", applications)
    chance = random.Random(9)
    worth = {each.pk: Decimal(82 - 4 * n) / 100 for n, each in enumerate(applications)}
    for at, review in enumerate(Review.objects.filter(panel=made).select_related("expert").order_by("pk")):
        by = {}
        for n, each in enumerate(applications):
            off = Decimal(chance.randrange(-6, 7)) / 100 + (Decimal(at - 2) / 7 if n == 3 else Decimal(0))
            by[each.pk] = _noisy(made, min(max(worth[each.pk] + off, Decimal("0.05")), Decimal("0.98")), chance)
        panel_play.sign(review, by)
    panels.lock(made, play.cast.olga)
    return panel_play.fresh(made)


def _noisy(panel: Panel, share: Decimal, chance: random.Random) -> Written:
    criteria = sheets.criteria_of(panel)
    marks = {}
    for each in criteria.criteria:
        own = min(max(share + Decimal(chance.randrange(-15, 16)) / 100, Decimal(0)), Decimal(1))
        marks[each.id] = (each.points * own) // criteria.step * criteria.step
    return Written(marks, {each.id: _COMMENT for each in criteria.criteria}, _COMMENT)
