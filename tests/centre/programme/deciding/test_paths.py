"""No path reaches approval without seal, check, review and decision: over the graph of the workflow, and by trying."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from django.db import transaction
from django.http import Http404

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Move, Refused
from pingjiang.centre.programme.models import (
    Application,
    ApplicationVersion,
    CheckAnswer,
    Panel,
    PanelEntry,
    Section,
)
from pingjiang.centre.programme.services import decisions
from pingjiang.centre.programme.workflow import APPLICATION
from tests.centre.cast import Cast
from tests.centre.programme import play as programme
from tests.centre.programme.deciding import play as plays
from tests.centre.programme.deciding.play import Table

GATES = ("seal", "checked", "checklist", "reviewed", "tabled", "final list")
DECIDED = {"approved", "not_funded", "deferred"}


def reached(moves: Iterable[Move]) -> set[str]:
    """States that these moves lead to, from the first on."""
    found, todo, by_source = set(), [APPLICATION.initial], list(moves)
    while todo:
        state = todo.pop()
        if state not in found:
            found.add(state)
            todo += [move.target for move in by_source if state in move.sources]
    return found


@pytest.mark.parametrize("gate", GATES)
def test_every_path_to_approval_goes_through_each_gate(gate: str) -> None:
    """Without the moves that a rule guards, approval is out of reach: so every path has one of them."""
    assert "approved" in reached(APPLICATION.moves)
    guarded = [move for move in APPLICATION.moves if gate in {need.name for need in move.needs}]
    assert guarded
    assert "approved" not in reached(move for move in APPLICATION.moves if move not in guarded)


def test_approval_itself_asks_for_all_of_it_again() -> None:
    """What was stamped and checked is asked once more by the last move, on what the application says then."""
    into = [move for move in APPLICATION.moves if move.target == "approved"]
    assert [move.name for move in into] == ["approve"]
    assert {need.name for need in into[0].needs} >= set(GATES) - {"tabled"}


def test_nothing_leaves_an_end_of_the_decision() -> None:
    for state in ("approved", "not_funded"):
        assert APPLICATION.state(state).end
    assert {move.target for move in APPLICATION.moves if "deferred" in move.sources} == {
        "proposed", "accepted", "withdrawn",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("state", programme.WAYS)
def test_by_trying_from_every_state_before(cast: Cast, state: str) -> None:
    play = programme.begin(cast)
    made = programme.application(play, state)
    people = [*cast.everyone.values(), play.district, cast.bob]
    for actor, move in itertools.product(people, ("propose", "approve", "not_fund", "defer", "untable")):
        with pytest.raises((Refused, Http404)), transaction.atomic():
            service.perform(made.case, move, actor, "理由")
    assert programme.fresh(made).case.state == state


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["drafting", "tabled", "decided", "publicity"])
def test_by_trying_while_it_is_decided(table: Table, state: str) -> None:
    """Neither officer nor leader moves an application beside its decision."""
    plays.decision(table, state)
    first = programme.fresh(table.applications[0])
    before = first.case.state
    for actor, move in itertools.product(
        (table.olga, table.leader), ("propose", "untable", "approve", "not_fund", "defer", "review_again")
    ):
        with pytest.raises(Refused), transaction.atomic():
            service.perform(first.case, move, actor, "理由")
    assert programme.fresh(first).case.state == before


def a_byte(it: Application) -> None:
    """Another byte in what it says."""
    section = Section.objects.get(application=it, name="plan")
    Section.objects.filter(pk=section.pk).update(content=section.content.replace("示例", "示列"))


def another_version(it: Application) -> None:
    """Another version beside the one on which the rules were run."""
    last = it.versions.first()
    assert last is not None
    ApplicationVersion.objects.create(
        application=it, number=last.number + 1, content=last.content, content_hash=last.content_hash, by=last.by
    )


def found_wanting(it: Application) -> None:
    """An item of the checklist that does not hold after all."""
    last = CheckAnswer.objects.filter(application=it, item="seal").latest("pk")
    CheckAnswer.objects.create(
        application=it, version=last.version, item="seal", holds=False, reason="印章不清", by=last.by
    )


def another_panel(it: Application) -> None:
    """Another panel that was drawn for it and has not locked."""
    sat = Panel.objects.filter(entries__application=it).latest("pk")
    case = Case.objects.get(pk=sat.case_id)
    case.pk, case.number, case.state = None, "PS-0", "drawn"
    case.save()
    made = Panel.objects.create(case=case, call=sat.call, pack=sat.pack, pack_version=sat.pack_version)
    PanelEntry.objects.create(panel=made, application=it)


# What is done past every page → the rule that finds it.
HARM = {a_byte: "seal", another_version: "checked", found_wanting: "checklist", another_panel: "reviewed"}


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "step"), [("drafting", "table"), ("publicity", "issue")])
def test_whatever_changed_since_stops_it(table: Table, state: str, step: str) -> None:
    """What was stamped, checked and reviewed is asked again by the last moves, and the whole step does not happen."""
    made = plays.decision(table, state)
    if step == "table":
        decisions.propose(made, table.olga, plays.proposals(made))
    else:
        plays.pass_notice(made)
    actor = table.olga if step == "table" else table.leader
    before = {programme.fresh(each).case.state for each in table.applications}
    for harm, rule in HARM.items():
        with transaction.atomic():
            harm(programme.fresh(table.applications[1]))
            told = refused(plays.fresh(made).case, step, actor)
            assert told == rule, (harm.__name__, told)
            transaction.set_rollback(True)
        assert plays.fresh(made).case.state == state
        assert {programme.fresh(each).case.state for each in table.applications} == before
    service.perform(plays.fresh(made).case, step, actor)


def refused(case: Case, move: str, actor: Actor) -> str:
    """The rule that refuses a move."""
    with pytest.raises(Refused) as found:
        service.perform(case, move, actor)
    return found.value.rule


@pytest.mark.django_db
def test_what_was_put_off_may_be_reviewed_anew(table: Table) -> None:
    """Its old review counts no more once a new panel sits; a new pack waits for it."""
    plays.decision(table, "final", ("approve", "defer"))
    second = programme.fresh(table.applications[1])
    service.perform(second.case, "review_again", table.olga, "异议成立，重新评审")
    with pytest.raises(Refused) as found:
        plays.prepared(table)
    assert found.value.rule == "results"
    plays.review(table.play, [programme.fresh(second)])
    again = plays.prepared(table)
    assert [item.application_id for item in plays.items(again)] == [second.pk]
