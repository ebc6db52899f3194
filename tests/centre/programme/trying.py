"""Every role tries every move of a case as it stands, and so does time: what comes of it, against tables written by
hand. Each attempt is undone.

    table     (party, situation) → {move: '' where it goes through, or the rule that refuses}
    sees      state → parties that see the case
    parties   who → party; whoever is not named is nobody

What the table does not name is refused: by 'state' to a party that makes the move elsewhere, by 'party' to others. Who
does not see the case is told that there is none, whatever the move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404

from pingjiang.centre.accounts.models import Actor, District, Organisation
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Move, Refused, Workflow
from tests.centre.cast import Cast, person
from tests.centre.programme.panel_play import later
from tests.centre.programme.play import Play

Table = Mapping[tuple[str, str], Mapping[str, str]]
Built = tuple[Play, Case]
TIME, NOBODY = "clock", ""
NONE = "404"


@dataclass(frozen=True)
class Situation:
    """A case in a state, with what the next moves need or without. `days`: so much later it is. `given`: what a move is
    handed."""

    state: str
    build: Callable[[Cast], Built]
    days: float = 0
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Undo(Exception):
    """Ends a transaction."""


def everybody(play: Play) -> dict[str, Actor]:
    """One of each role; a colleague and an expert of the firm's own, another firm; districts, the firm's own and
    another; officers of the other track and of both; officer and leader of another bureau."""
    cast = play.cast
    north = District.objects.create(code="320508", name_zh="姑苏区", name_en="Gusu")
    desk = Organisation.objects.create(kind="district", name_zh="姑苏区知识产权局", district=north)
    away = Organisation.objects.create(kind="authority", name_zh="另一市局", tracks=["patent", "copyright"])
    return {
        **cast.everyone, "colleague": cast.bob, "expert of the firm": person("Erna", cast.firm, "expert"),
        "another firm": cast.charlie, "own district": play.district, "other district": person("Devin", desk,
        "district_officer"), "other track": person("Oscar", cast.bureau, "programme_officer", ["copyright"]),
        "both tracks": person("Otto", cast.bureau, "programme_officer", ["patent", "copyright"]),
        "other bureau": person("Orla", away, "programme_officer", ["patent"]),
        "its leader": person("Ludo", away, "decision_maker"),
    }  # fmt: skip


def told(case: Case, move: str, actor: Actor | None, given: Mapping[str, Any] | None, party: str = TIME) -> str:
    """What an attempt comes to: '→ state' where it went through, the rule that refused it, or that there is no such
    case. Without an actor a party attempts it that is no person."""
    try:
        with transaction.atomic():
            if actor is None:
                service.elapse(case, move, party, "理由")
            else:
                service.perform(case, move, actor, "理由", given=given)
            raise Undo(f"→ {Case.objects.get(pk=case.pk).state}")
    except Undo as undo:
        return str(undo)
    except Http404:
        return NONE
    except Refused as refused:
        return refused.rule


@dataclass(frozen=True)
class Matrix:
    """The tables of a workflow."""

    workflow: Workflow
    situations: Mapping[str, Situation]
    table: Table
    sees: Mapping[str, set[str]]
    parties: Mapping[str, str]

    def check(self, cast: Cast, name: str, more: Callable[[Case], Mapping[str, Actor]] = lambda _case: {}) -> None:
        """Try all of it in a situation. One that is called as its state is: by everybody; another: by those who may do
        anything in some state."""
        situation = self.situations[name]
        play, case = situation.build(cast)
        people: dict[str, Actor] = {**everybody(play), **more(case)}
        assert set(self.parties) <= set(people) and case.state == situation.state
        able = {party for party, _name in self.table}
        trying = people if name == case.state else {who: people[who] for who, p in self.parties.items() if p in able}
        with later(days=situation.days):
            self._all(case, name, trying)
            seen = {who for who, each in people.items() if access.visible_to(each, Case).filter(pk=case.pk).exists()}
        assert seen == {who for who in people if self.parties.get(who, NOBODY) in self.sees[case.state]}, name
        assert history.verify().whole

    def _all(self, case: Case, name: str, people: Mapping[str, Actor]) -> None:
        stood = Case.objects.values().get(pk=case.pk), Event.objects.count()
        given = self.situations[name].given
        for move in self.workflow.moves:
            for who, actor in people.items():
                found = told(case, move.name, actor, given.get(move.name))
                assert found == self.expected(self.parties.get(who, NOBODY), name, move), (name, move.name, who)
            for party in {TIME, *self.workflow.parties}:
                expected = self.expected(party, name, move) if party == TIME else "party"
                assert told(case, move.name, None, None, party) == expected, (name, move.name, party)
        assert stood == (Case.objects.values().get(pk=case.pk), Event.objects.count())

    def expected(self, party: str, name: str, move: Move) -> str:
        """What the tables say of a move."""
        here, elsewhere = (
            self.table.get((party, name), {}),
            (each for (p, _n), each in self.table.items() if p == party),
        )
        if party != TIME and party not in self.sees[self.situations[name].state]:
            return NONE
        if move.name not in here:
            return "state" if any(move.name in each for each in elsewhere) else "party"
        return here[move.name] or f"→ {move.target}"

    @property
    def params(self) -> list[Any]:
        """The situations, as tests are given them; those beside the states as such are of the long run."""
        states = {state.name for state in self.workflow.states}
        return [each if each in states else pytest.param(each, marks=pytest.mark.slow) for each in self.situations]

    def whole(self, untried: frozenset[tuple[str, str]] = frozenset(), by_others: frozenset[str] = frozenset()) -> None:
        """Nothing of the workflow is left out of the tables: each state, each move of each party from each source, each
        rule that a move asks, but for `untried`; and each move goes through, but for those that others bring about."""
        states = {each.name for each in self.workflow.states}
        assert {each.state for each in self.situations.values()} == states == set(self.sees)
        assert states <= set(self.situations) and {name for _party, name in self.table} <= set(self.situations)
        moves = self.workflow.moves
        written = {
            (party, self.situations[name].state, move) for (party, name), row in self.table.items() for move in row
        }
        assert written == {(party, at, move.name) for move in moves for at in move.sources for party in move.by}
        tried = {(move, rule) for row in self.table.values() for move, rule in row.items()}
        rules = {(move.name, need.name) for move in moves for need in move.needs}
        assert {each for each in tried if each[1]} == rules - untried and untried <= rules
        assert {move for move, rule in tried if not rule} == {move.name for move in moves} - by_others
