"""Every role × state × move of panels and reviews; and what no path through an application's states avoids."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Need, Refused, Workflow
from pingjiang.centre.programme import rules
from pingjiang.centre.programme.models import Review
from pingjiang.centre.programme.review.workflow import PANEL, REVIEW
from pingjiang.centre.programme.workflow import APPLICATION
from tests.centre.cast import Cast, person
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Ends a transaction."""


HOUSE = {"programme_officer", "decision_maker", "steward"}
# (who, state) → moves that go through (''), or the rule that refuses what is otherwise theirs to do.
PANELS: dict[tuple[str, str], dict[str, str]] = {
    ("programme_officer", "draft"): {"publish": "ruled", "discard": ""},
    ("programme_officer", "published"): {"recall": "", "draw": "number known"},
    ("programme_officer", "drawn"): {
        "lock": "all locked",
        "supplement": "vacancy",
        "recall_supplement": "number unknown",
        "draw_supplement": "number known",
    },
    ("decision_maker", "published"): {"dissolve": ""},
    ("decision_maker", "drawn"): {"dissolve": ""},
}
REVIEWS: dict[tuple[str, str], dict[str, str]] = {
    ("reviewer", "offered"): {"accept": "no interest", "decline": "", "recuse": ""},
    ("reviewer", "accepted"): {"decline": "", "recuse": "", "begin": ""},
    ("reviewer", "writing"): {"recuse": "", "lock": "whole"},
    ("programme_officer", "offered"): {"exclude": "", "release": "dissolved"},
    ("programme_officer", "accepted"): {"exclude": "", "release": "dissolved"},
    ("programme_officer", "writing"): {"exclude": "", "release": "dissolved"},
    ("decision_maker", "offered"): {"release": "dissolved"},
    ("decision_maker", "accepted"): {"release": "dissolved"},
    ("decision_maker", "writing"): {"release": "dissolved"},
}
APPLICATIONS: dict[tuple[str, str], dict[str, str]] = {
    ("programme_officer", "accepted"): {"begin_review": "drawn"},
    ("programme_officer", "reviewing"): {"finish_review": "reviewed", "leave_review": "no panel"},
    ("decision_maker", "reviewing"): {"leave_review": "no panel"},
    ("member_user", "accepted"): {"withdraw": ""},
    ("member_user", "reviewing"): {"withdraw": ""},
    ("member_user", "reviewed"): {"withdraw": ""},
}
ALL = HOUSE | {"member_user", "our district"}


def actors(play: Play) -> dict[str, Actor]:
    """One of each role, a stranger, the firm's district, an officer of the other track."""
    other = person("Oscar", play.cast.bureau, "programme_officer", ["copyright"])
    return {**play.cast.everyone, "our district": play.district, "stranger": play.cast.charlie, "other track": other}


def check(
    case: Case, workflow: Workflow, everybody: dict[str, Actor], may: dict[tuple[str, str], dict[str, str]],
    sees: set[str], moves: set[str] | None = None,
) -> None:  # fmt: skip
    state = case.state
    for (who, actor), move in itertools.product(everybody.items(), workflow.moves):
        if moves is not None and move.name not in moves:
            continue
        allowed = may.get((who, state), {})
        told: Any = None
        try:
            with transaction.atomic():
                service.perform(case, move.name, actor, "理由")
                case.refresh_from_db()
                told = case.state
                raise Undo
        except Undo:
            assert allowed.get(move.name) == "" and told == move.target, (who, state, move.name)
        except Http404:
            assert who not in sees, (who, state, move.name)
        except Refused as refused:
            assert who in sees, (who, state, move.name)
            expected = {allowed[move.name]} if move.name in allowed else {"party", "state"}
            assert refused.rule in expected, (who, state, move.name, refused.rule)
        case.refresh_from_db()
        assert case.state == state
    seen = {who for who, actor in everybody.items() if access.visible_to(actor, Case).filter(pk=case.pk).exists()}
    assert seen == sees, state


@pytest.mark.parametrize("state", [state.name for state in PANEL.states])
def test_panels(cast: Cast, state: str) -> None:
    play = plays.begin(cast)
    check(panel_play.panel(play, state).case, PANEL, actors(play), PANELS, HOUSE)
    assert history.verify().whole


@pytest.mark.parametrize("state", [state.name for state in REVIEW.states])
def test_reviews(cast: Cast, state: str) -> None:
    """The reviewer, another expert of the panel, and everybody else: the other expert does not even see it."""
    play = plays.begin(cast)
    made = panel_play.review(play, state)
    beside = Review.objects.filter(panel=made.panel).exclude(pk=made.pk).order_by("pk")[0]
    everybody = {
        **actors(play), "reviewer": panel_play.actor_of(made.expert), "beside": panel_play.actor_of(beside.expert),
    }  # fmt: skip
    check(made.case, REVIEW, everybody, REVIEWS, HOUSE | {"reviewer"})
    assert history.verify().whole


@pytest.mark.parametrize(("state", "panel"), [("accepted", "draft"), ("reviewing", "drawn"), ("reviewed", "locked")])
def test_applications_in_review(cast: Cast, state: str, panel: str) -> None:
    play = plays.begin(cast)
    made = panel_play.panel(play, panel).entries.get().application
    assert made.case.state == state
    moves = {"begin_review", "finish_review", "leave_review", "withdraw"}
    check(made.case, APPLICATION, actors(play), APPLICATIONS, ALL, moves)


def test_every_move_stands_in_the_tables() -> None:
    for workflow, table in ((PANEL, PANELS), (REVIEW, REVIEWS)):
        assert {move for moves in table.values() for move in moves} == {move.name for move in workflow.moves}
        assert {state for _, state in table} <= {state.name for state in workflow.states}


def reached(without: Need) -> set[str]:
    """States that an application reaches by moves which do not ask for a need."""
    workflow = replace(APPLICATION)
    found, todo = set(), [workflow.initial]
    while todo:
        state = todo.pop()
        if state not in found:
            found.add(state)
            todo += [move.target for move in workflow.moves if state in move.sources and without not in move.needs]
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
