"""Panels and reviews: every role tries every move in every state; and what no path through an application's states
avoids."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.casework import service
from pingjiang.centre.casework.workflow import Need
from pingjiang.centre.programme import rules
from pingjiang.centre.programme.models import Expert, Panel, Review, Sheet
from pingjiang.centre.programme.review import seating, sheets
from pingjiang.centre.programme.review.workflow import PANEL, REVIEW
from pingjiang.centre.programme.services import experts, panels
from pingjiang.centre.programme.workflow import APPLICATION
from tests.centre.cast import Cast, person
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play
from tests.centre.programme.trying import Built, Matrix, Situation

pytestmark = pytest.mark.django_db
OFFICERS = {"programme_officer": "officer", "both tracks": "officer"}
HOUSE = {"officer", "leader", "auditor"}
NUMBER = {"draw": {"number": panel_play.NUMBER}}

# ── panels


def panel_in(state: str, then: Callable[[Play, Panel], object] | None = None) -> Callable[[Cast], Built]:
    """A panel brought to a state, and something done with it."""

    def build(cast: Cast) -> Built:
        play = plays.begin(cast)
        panel = panel_play.panel(play, state)
        if then is not None:
            then(play, panel)
        return play, panel_play.fresh(panel).case

    return build


def looked(play: Play, panel: Panel) -> None:
    panels.look(panel, play.cast.olga)


def more_seats_than_there_are(play: Play, panel: Panel) -> None:
    looked(play, panel)
    panel.seats.filter(stratum="ip").update(seats=9)


def emptied(_play: Play, panel: Panel) -> None:
    panel.entries.all().delete()


def all_withdrawn(play: Play, panel: Panel) -> None:
    service.perform(panel.entries.get().application.case, "withdraw", play.cast.alice, "不报了")


def all_signed(_play: Play, panel: Panel) -> None:
    for review in Review.objects.filter(panel=panel).order_by("pk"):
        panel_play.sign(review)


def a_mark_changed_since(play: Play, panel: Panel) -> None:
    """Another mark under one seal, written past every page, as saving seals it."""
    all_signed(play, panel)
    sheet = Sheet.objects.filter(review__panel=panel).order_by("pk")[0]
    sheets.put(sheet, panel_play.written(panel, Decimal("0.5")))
    Sheet.objects.filter(pk=sheet.pk).update(sealed=sheet.sealed)


def used_up(_play: Play, panel: Panel) -> None:
    """Nobody of a stratum is left."""
    while not seating.vacant(panel):
        review = Review.objects.filter(panel=panel, stratum="finance", case__state="offered").get()
        service.perform(review.case, "decline", panel_play.actor_of(review.expert), "不得空")


def with_newcomers(play: Play, panel: Panel) -> None:
    used_up(play, panel)
    for n in range(2):
        place = Organisation.objects.create(kind="expert_body", name_zh=f"增补单位 {n}")
        newcomer = person(f"Newcomer_{n}", place, "expert")
        experts.take_in(play.cast.olga, newcomer.membership, "finance", "")


def with_an_open_match(play: Play, panel: Panel) -> None:
    with_newcomers(play, panel)
    panel.conflicts.create(
        expert=Expert.objects.latest("pk"), application=panel.entries.get().application, ground="co_inventor",
        certain=False, reason_zh="同名", reason_en="a name", source_zh="湖", source_en="a lake",
    )  # fmt: skip


def supplemented(play: Play, panel: Panel) -> None:
    with_newcomers(play, panel)
    panels.supplement(panel_play.fresh(panel), play.cast.olga, "下一期号码", _due())


def _due() -> datetime.datetime:
    return (timezone.now() + datetime.timedelta(days=1)).replace(second=0, microsecond=0)


MORE: dict[str, dict[str, Any]] = {
    "supplement": {"number_words": "下一期号码", "due": _due() + datetime.timedelta(days=30)},
    "draw_supplement": {"number": panel_play.NUMBER},
}
NOTHING_MORE = {"supplement": "vacancy", "recall_supplement": "number unknown", "draw_supplement": "number known"}
PANELS = Matrix(
    PANEL,
    {
        "draft": Situation("draft", panel_in("draft", looked)),
        "draft, empty": Situation("draft", panel_in("draft", emptied)),
        "draft, not looked": Situation("draft", panel_in("draft")),
        "draft, too many seats": Situation("draft", panel_in("draft", more_seats_than_there_are)),
        "published": Situation("published", panel_in("published"), given=NUMBER),
        "published, known": Situation("published", panel_in("published"), days=1.01, given=NUMBER),
        "published, short number": Situation(
            "published", panel_in("published"), days=1.01, given={"draw": {"number": "12345"}}
        ),
        "published, withdrawn": Situation("published", panel_in("published", all_withdrawn), days=1.01, given=NUMBER),
        "drawn": Situation("drawn", panel_in("drawn")),
        "drawn, signed": Situation("drawn", panel_in("drawn", all_signed)),
        "drawn, harmed": Situation("drawn", panel_in("drawn", a_mark_changed_since)),
        "drawn, used up": Situation("drawn", panel_in("drawn", used_up), given=MORE),
        "drawn, newcomers": Situation("drawn", panel_in("drawn", with_newcomers), given=MORE),
        "drawn, no number named": Situation("drawn", panel_in("drawn", with_newcomers)),
        "drawn, open match": Situation("drawn", panel_in("drawn", with_an_open_match), given=MORE),
        "drawn, supplement": Situation("drawn", panel_in("drawn", supplemented), given=MORE),
        "drawn, supplement known": Situation("drawn", panel_in("drawn", supplemented), days=1.01, given=MORE),
        "drawn, supplement, short number": Situation(
            "drawn", panel_in("drawn", supplemented), days=1.01, given={"draw_supplement": {"number": "12345"}}
        ),
        "locked": Situation("locked", panel_in("locked")),
        "dissolved": Situation("dissolved", panel_in("dissolved")),
    },
    {
        ("officer", "draft"): {"publish": "", "discard": ""},
        ("officer", "draft, empty"): {"publish": "composed", "discard": ""},
        ("officer", "draft, not looked"): {"publish": "ruled", "discard": ""},
        ("officer", "draft, too many seats"): {"publish": "enough", "discard": ""},
        ("officer", "published"): {"recall": "", "draw": "number known"},
        ("officer", "published, known"): {"recall": "number unknown", "draw": ""},
        ("officer", "published, short number"): {"recall": "number unknown", "draw": "number"},
        ("officer", "published, withdrawn"): {"recall": "number unknown", "draw": "still accepted"},
        ("officer", "drawn"): {"lock": "all locked", **NOTHING_MORE},
        ("officer", "drawn, signed"): {"lock": "", **NOTHING_MORE},
        ("officer", "drawn, harmed"): {"lock": "untouched", **NOTHING_MORE},
        ("officer", "drawn, used up"): {"lock": "all locked", **NOTHING_MORE, "supplement": "enough"},
        ("officer", "drawn, newcomers"): {"lock": "all locked", **NOTHING_MORE, "supplement": ""},
        ("officer", "drawn, no number named"): {"lock": "all locked", **NOTHING_MORE, "supplement": "number to come"},
        ("officer", "drawn, open match"): {"lock": "all locked", **NOTHING_MORE, "supplement": "ruled"},
        ("officer", "drawn, supplement"): {"lock": "all locked", **NOTHING_MORE, "recall_supplement": ""},
        ("officer", "drawn, supplement known"): {"lock": "all locked", **NOTHING_MORE, "draw_supplement": ""},
        ("officer", "drawn, supplement, short number"): {
            "lock": "all locked", **NOTHING_MORE, "draw_supplement": "number",
        },
        **{("leader", f"published{each}"): {"dissolve": ""}
           for each in ("", ", known", ", short number", ", withdrawn")},
        **{("leader", f"drawn{each}"): {"dissolve": ""}
           for each in ("", ", signed", ", harmed", ", used up", ", newcomers", ", no number named", ", open match",
                        ", supplement", ", supplement known", ", supplement, short number")},
    },
    {state.name: HOUSE for state in PANEL.states},
    {**OFFICERS, "decision_maker": "leader", "steward": "auditor"},
)  # fmt: skip


@pytest.mark.parametrize("situation", PANELS.params)
def test_panels(cast: Cast, situation: str) -> None:
    PANELS.check(cast, situation)


# ── reviews


def review_in(state: str, *, whole: bool = False, over: bool = False) -> Callable[[Cast], Built]:
    """The first review of a panel, in a state. `over`: its panel was put into its end, past the pages."""

    def build(cast: Cast) -> Built:
        play = plays.begin(cast)
        review = panel_play.review(play, state)
        if whole:
            panel_play.write(review)
        if over:
            type(review.case).objects.filter(pk=review.panel.case_id).update(state="dissolved")
        return play, panel_play.review_of(review).case

    return build


NO_INTEREST = {"accept": {"no_interest": True}}
LEAVING, STAYS = {"decline": "", "recuse": ""}, {"exclude": "", "release": "dissolved"}
REVIEWS = Matrix(
    REVIEW,
    {
        **{state.name: Situation(state.name, review_in(state.name), given=NO_INTEREST) for state in REVIEW.states},
        "offered, undeclared": Situation("offered", review_in("offered")),
        "writing, whole": Situation("writing", review_in("writing", whole=True)),
        **{f"{state}, panel over": Situation(state, review_in(state, over=True), given=NO_INTEREST)
           for state in ("offered", "accepted", "writing")},
    },
    {
        ("reviewer", "offered"): {"accept": "", **LEAVING},
        ("reviewer", "offered, undeclared"): {"accept": "no interest", **LEAVING},
        ("reviewer", "offered, panel over"): {"accept": "panel sits", **LEAVING},
        ("reviewer", "accepted"): {"begin": "", **LEAVING},
        ("reviewer", "accepted, panel over"): {"begin": "panel sits", **LEAVING},
        ("reviewer", "writing"): {"recuse": "", "lock": "whole"},
        ("reviewer", "writing, whole"): {"recuse": "", "lock": ""},
        ("reviewer", "writing, panel over"): {"recuse": "", "lock": "panel sits"},
        **{("officer", each): STAYS
           for each in ("offered", "offered, undeclared", "accepted", "writing", "writing, whole")},
        **{("leader", each): {"release": "dissolved"}
           for each in ("offered", "offered, undeclared", "accepted", "writing", "writing, whole")},
        **{("officer", f"{each}, panel over"): {"exclude": "", "release": ""}
           for each in ("offered", "accepted", "writing")},
        **{("leader", f"{each}, panel over"): {"release": ""} for each in ("offered", "accepted", "writing")},
    },
    {state.name: HOUSE | {"reviewer"} for state in REVIEW.states},
    {**OFFICERS, "decision_maker": "leader", "steward": "auditor", "reviewer": "reviewer"},
)  # fmt: skip


@pytest.mark.parametrize("situation", REVIEWS.params)
def test_reviews(cast: Cast, situation: str) -> None:
    """The reviewer, another expert of the panel, and everybody else: the other expert does not even see it."""
    REVIEWS.check(cast, situation, lambda case: {
        "reviewer": panel_play.actor_of(case.review.expert),
        "beside": panel_play.actor_of(Review.objects.filter(panel=case.review.panel).exclude(case=case)[0].expert),
    })  # fmt: skip


def test_nothing_is_left_out() -> None:
    PANELS.whole()
    REVIEWS.whole()


# ── paths


def reached(without: Need) -> set[str]:
    """States that an application reaches by moves which do not ask for a need."""
    found, todo = set(), [APPLICATION.initial]
    while todo:
        state = todo.pop()
        if state not in found:
            found.add(state)
            todo += [move.target for move in APPLICATION.moves if state in move.sources and without not in move.needs]
    return found


@pytest.mark.parametrize(
    "need", [rules.SEALED, *rules.CHECKED, rules.RECOMMENDED, *rules.WHOLE, rules.DRAWN, rules.REVIEWED],
    ids=lambda need: need.name,
)  # fmt: skip
def test_no_path_comes_to_reviewed_without(need: Need) -> None:
    """Whatever way is taken: somewhere on it each of these was asked for."""
    everything = {state.name for state in APPLICATION.states}
    assert "reviewed" in everything
    assert "reviewed" not in reached(need)
    assert "accepted" in reached(rules.DRAWN)  # the walk walks
