"""Every role × every state × every move of decisions and objections: what may be done, what is refused, what is not
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
from pingjiang.centre.programme.deciding.workflow import DECISION, OBJECTION
from pingjiang.centre.programme.models import Decision
from pingjiang.centre.programme.services import decisions, objections
from tests.centre.cast import person
from tests.centre.programme.deciding import play as plays
from tests.centre.programme.deciding.play import Table

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Ends a transaction."""


# (who, state) → moves. Nobody else may do anything.
DECISIONS = {
    ("programme_officer", "drafting"): {"table", "drop"},
    ("programme_officer", "decided"): {"publicise"},
    ("decision_maker", "tabled"): {"hand_back", "decide", "withdraw"},
    ("decision_maker", "decided"): {"reconsider", "withdraw"},
    ("decision_maker", "publicity"): {"reconsider", "withdraw", "issue"},
}
BUREAU = {"programme_officer", "decision_maker", "steward"}
OBJECTIONS = {
    ("centre_manager", "received"): {"withdraw"},
    ("centre_manager", "investigating"): {"withdraw"},
    ("programme_officer", "received"): {"investigate"},
    ("decision_maker", "investigating"): {"uphold", "dismiss"},
}


def actors(table: Table) -> dict[str, Actor]:
    """One of each role, the applicant, and an officer of the other track."""
    cast = table.play.cast
    return {**cast.everyone, "another firm": cast.charlie}


def check(
    table: Table, case: Case, workflow: Workflow, may: dict[tuple[str, str], set[str]], sees: set[str],
    given: dict[str, dict[str, Any]], own_rules: set[str],
) -> None:  # fmt: skip
    """`own_rules`: those by which a move is refused to who might make it, for other reasons than who and where."""
    state = case.state
    for (who, actor), move in itertools.product(actors(table).items(), workflow.moves):
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
            assert who in sees, (who, state, move.name)
            assert not allowed and refused.rule in {"party", "state"} | own_rules, (who, state, move.name, refused)
        case.refresh_from_db()
        assert case.state == state
    seen = {who for who, actor in actors(table).items() if access.visible_to(actor, Case).filter(pk=case.pk).exists()}
    assert seen == sees, state


def ready(table: Table, made: Decision) -> None:
    """With all that the next moves need."""
    if made.case.state == "drafting":
        decisions.propose(made, table.olga, plays.proposals(made))
    elif made.case.state == "tabled":
        decisions.enter(made, table.leader, plays.entries(made), plays.MEETING)
    elif made.case.state == "publicity":
        plays.pass_notice(made)


@pytest.mark.parametrize("state", plays.WAYS)
def test_decisions(table: Table, state: str) -> None:
    made = plays.decision(table, state)
    ready(table, made)
    check(table, Case.objects.get(pk=made.case_id), DECISION, DECISIONS, BUREAU, {}, set())
    assert history.verify().whole


@pytest.mark.parametrize("state", [state.name for state in OBJECTION.states])
def test_objections(table: Table, state: str) -> None:
    made = plays.objection(table, plays.decision(table, "publicity"), state)
    if state == "investigating":
        assert made.findings.exists()
    sees = BUREAU | {"centre_manager"}
    # An objection that was signed here is withdrawn by who signed it: the office's move asks for paper.
    check(
        table, Case.objects.get(pk=made.case_id), OBJECTION, OBJECTIONS, sees, {"uphold": {"remedy": "strike"}},
        {"paper"},
    )  # fmt: skip
    assert history.verify().whole


@pytest.mark.parametrize("state", ["received", "investigating"])
def test_an_objection_on_paper_is_taken_out_by_the_office(table: Table, state: str) -> None:
    decision = plays.decision(table, "publicity")
    made = plays.on_paper(table, decision, state)
    may = {
        ("programme_officer", "received"): {"investigate", "take_out"},
        ("programme_officer", "investigating"): {"take_out"},
        ("decision_maker", "investigating"): {"uphold", "dismiss"},
    }
    if state == "investigating":
        objections.find_out(made, table.olga, "已核对。")
    check(table, Case.objects.get(pk=made.case_id), OBJECTION, may, BUREAU, {"uphold": {"remedy": "strike"}}, set())


def test_an_officer_of_the_other_track_sees_nothing(table: Table) -> None:
    other = person("Otto", table.play.cast.bureau, "programme_officer", ["copyright"])
    decision = plays.decision(table, "publicity")
    objection = plays.objection(table, decision)
    for pk in (decision.case_id, objection.case_id):
        assert not access.visible_to(other, Case).filter(pk=pk).exists()


def test_every_move_stands_in_the_tables() -> None:
    for workflow, table in ((DECISION, DECISIONS), (OBJECTION, OBJECTIONS)):
        named = {move for moves in table.values() for move in moves}
        assert named == {move.name for move in workflow.moves} - {"take_out"}
