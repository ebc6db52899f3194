"""Every role × every state × every move of both workflows: what may be done, what is refused, what is not even seen."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.announcements.workflow import ANNOUNCEMENT, CLOCK, CONSULTATION
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Refused, Workflow
from tests.centre.announcements import play as plays
from tests.centre.announcements.play import Play
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Ends a transaction."""


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def actors(play: Play) -> dict[str, Actor]:
    """One of each role, and the stranger. Officer, leader and steward are of the bureau that publishes."""
    return {**play.cast.everyone, "stranger": play.cast.charlie}


# (who, state) → moves. Nobody else may do anything.
ANNOUNCEMENTS = {
    ("programme_officer", "draft"): {"submit", "discard"},
    ("decision_maker", "draft"): {"publish", "discard"},
    ("decision_maker", "review"): {"back", "publish"},
    ("decision_maker", "published"): {"withdraw"},
}
HOUSE = {"programme_officer", "decision_maker", "steward"}
READERS = HOUSE | {
    "district_officer",
    "centre_manager",
    "centre_specialist",
    "member_user",
    "expert",
    "partner",
    "stranger",
}
SEE_ANNOUNCEMENTS = {
    "draft": HOUSE, "review": HOUSE, "discarded": HOUSE, "published": READERS, "withdrawn": READERS,
}  # fmt: skip
CONSULTATIONS = {
    ("member_user", "asked"): {"withdraw"},
    ("member_user", "assigned"): {"withdraw"},
    ("member_user", "handed"): {"withdraw"},
    ("member_user", "answered"): {"close", "ask_again"},
    ("programme_officer", "asked"): {"assign", "hand_on"},
    ("programme_officer", "assigned"): {"reassign", "hand_on", "answer"},
    # Handed on to the centre:
    ("centre_manager", "handed"): {"assign", "hand_on"},
}
NEAR = {"member_user", "programme_officer", "steward"}
SEE_CONSULTATIONS = {
    **dict.fromkeys(("asked", "assigned", "answered", "closed", "withdrawn"), NEAR),
    "handed": NEAR | {"centre_manager"},
}  # fmt: skip


def check(
    case: Case, workflow: Workflow, play: Play, may: dict[tuple[str, str], set[str]], sees: set[str],
    given: dict[str, dict[str, Any]],
) -> None:  # fmt: skip
    state = case.state
    for (who, actor), move in itertools.product(actors(play).items(), workflow.moves):
        allowed = move.name in may.get((who, state), set())
        try:
            with transaction.atomic():
                service.perform(case, move.name, actor, "理由", given=given.get(move.name))
                assert allowed, (who, state, move.name)
                case.refresh_from_db()
                assert case.state == move.target
                raise Undo
        except Undo:
            pass
        except Http404:
            assert who not in sees, (who, state, move.name)
        except Refused as refused:
            assert who in sees and not allowed and refused.rule in ("party", "state"), (who, state, move.name, refused)
        case.refresh_from_db()
        assert case.state == state
    seen = {who for who, actor in actors(play).items() if access.visible_to(actor, Case).filter(pk=case.pk).exists()}
    assert seen == sees, state


@pytest.mark.parametrize("state", SEE_ANNOUNCEMENTS)
def test_announcements(play: Play, state: str) -> None:
    case = plays.announcement(play, state).case
    check(case, ANNOUNCEMENT, play, ANNOUNCEMENTS, SEE_ANNOUNCEMENTS[state], {})
    assert history.verify().whole


@pytest.mark.parametrize("state", SEE_CONSULTATIONS)
def test_consultations(play: Play, state: str) -> None:
    case = plays.question(play, state).case
    elsewhere = play.cast.everyone["district_officer"].organisation
    given: dict[str, dict[str, Any]] = {"hand_on": {"to_organisation": elsewhere}, "answer": {"text": "可以。"}}
    check(case, CONSULTATION, play, CONSULTATIONS, SEE_CONSULTATIONS[state], given)
    assert history.verify().whole


def test_every_move_stands_in_the_tables() -> None:
    for workflow, table in ((ANNOUNCEMENT, ANNOUNCEMENTS), (CONSULTATION, CONSULTATIONS)):
        named = {move for moves in table.values() for move in moves}
        assert named == {move.name for move in workflow.moves if move.by != {CLOCK}}
        assert {state for _, state in table} <= {state.name for state in workflow.states}
