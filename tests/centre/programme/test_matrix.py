"""Every role × every state × every move of both workflows: what may be done, what is refused by which rule, what is not
even seen."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Refused, Workflow
from pingjiang.centre.programme.workflow import APPLICATION, CALL, CLOCK
from tests.centre.cast import Cast, person
from tests.centre.programme import play as plays
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Ends a transaction."""


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def actors(play: Play) -> dict[str, Actor]:
    """One of each role, the officer of the firm's district, a stranger, an officer of the other track."""
    other = person("Oscar", play.cast.bureau, "programme_officer", ["copyright"])
    return {**play.cast.everyone, "our district": play.district, "stranger": play.cast.charlie, "other track": other}


HOUSE = {"programme_officer", "decision_maker", "steward"}
EVERYBODY = HOUSE | {
    "district_officer", "centre_manager", "centre_specialist", "member_user", "expert", "partner", "our district",
    "stranger", "other track",
}  # fmt: skip
# (who, state) → moves that go through, or (move → rule) that refuses what is otherwise theirs to do.
CALLS: dict[tuple[str, str], dict[str, str]] = {
    ("programme_officer", "draft"): {"submit": "", "discard": ""},
    ("decision_maker", "draft"): {"publish": "", "discard": ""},
    ("decision_maker", "review"): {"back": "", "publish": ""},
    ("decision_maker", "open"): {"withdraw": "", "extend": "later"},
}
SEE_CALLS = {
    "draft": HOUSE, "review": HOUSE, "discarded": HOUSE, "open": EVERYBODY, "closed": EVERYBODY,
    "withdrawn": EVERYBODY,
}  # fmt: skip
FIRM = {"member_user", "steward"}
NEAR = FIRM | {"our district"}
ALL = NEAR | {"programme_officer", "decision_maker"}
APPLICATIONS: dict[tuple[str, str], dict[str, str]] = {
    ("member_user", "draft"): {"send": "", "withdraw": ""},
    ("member_user", "district"): {"take_back": "", "withdraw": ""},
    ("member_user", "submitted"): {"withdraw": ""},
    ("member_user", "supplement"): {"resend": "", "withdraw": ""},
    ("member_user", "resealing"): {"withdraw": ""},
    ("member_user", "accepted"): {"withdraw": ""},
    ("programme_officer", "accepted"): {"begin_review": "drawn"},
    ("our district", "district"): {"return": "", "recommend": "recommendation"},
    ("our district", "resealing"): {"return_again": "", "reseal": ""},
    ("programme_officer", "submitted"): {"correct": "", "accept": "checked", "reject": ""},
}
SEE_APPLICATIONS = {
    "draft": FIRM, "district": NEAR, "submitted": ALL, "supplement": ALL, "resealing": ALL, "accepted": ALL,
    "rejected": ALL, "withdrawn": ALL, "lapsed": ALL,
}  # fmt: skip

# Moves of which review/test_matrix.py tells.
# Tried with panels (review/) and decisions (deciding/), which begin only where all before has been done.
LATER: dict[str, set[str]] = {
    CALL.name: set(),
    APPLICATION.name: {
        "finish_review", "leave_review", "propose", "untable", "approve", "not_fund", "defer", "review_again",
    },
}  # fmt: skip


def check(
    case: Case, workflow: Workflow, everybody: dict[str, Actor], may: dict[tuple[str, str], dict[str, str]],
    sees: set[str],
) -> None:  # fmt: skip
    state = case.state
    for (who, actor), move in itertools.product(everybody.items(), workflow.moves):
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


@pytest.mark.parametrize("state", SEE_CALLS)
def test_calls(play: Play, state: str) -> None:
    check(plays.call(play, state).case, CALL, actors(play), CALLS, SEE_CALLS[state])
    assert history.verify().whole


@pytest.mark.parametrize("state", SEE_APPLICATIONS)
def test_applications(play: Play, state: str) -> None:
    """Refusals beside 'party' and 'state' are those of a case as it stands: nothing stamped, nothing checked yet."""
    case = plays.application(play, state).case
    check(case, APPLICATION, actors(play), APPLICATIONS, SEE_APPLICATIONS[state])
    assert history.verify().whole


def test_every_move_stands_in_the_tables() -> None:
    for workflow, table in ((CALL, CALLS), (APPLICATION, APPLICATIONS)):
        named = {move for moves in table.values() for move in moves}
        assert named == {move.name for move in workflow.moves if move.by != {CLOCK}} - LATER[workflow.name]
        assert {state for _, state in table} <= {state.name for state in workflow.states}
    assert set(SEE_CALLS) == {state.name for state in CALL.states}
    assert set(SEE_APPLICATIONS) == {state.name for state in APPLICATION.states} - {
        "reviewing", "reviewed", "proposed", "approved", "not_funded", "deferred",
    }  # fmt: skip


def test_what_was_never_handed_in_is_seen_by_nobody_else_when_it_ends(play: Play) -> None:
    made = plays.application(play, "draft")
    service.perform(made.case, "withdraw", play.cast.alice, "不申报了")
    seen = {who for who, actor in actors(play).items()
            if access.visible_to(actor, Case).filter(pk=made.case_id).exists()}  # fmt: skip
    assert seen == FIRM
