"""perform(): the whole matrix of role × state × move, and what must not happen twice, half, or on an older state."""

from __future__ import annotations

import itertools
import uuid

import pytest
from django.http import Http404

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Refused
from tests.centre.casework.errands.workflow import ERRAND, effects
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db

# role → state → the moves it may make. What does not stand here is refused; who does not see gets 404.
MAY = {
    ("member_user", "draft"): {"ask", "withdraw"},
    ("member_user", "asked"): {"withdraw"},
    ("programme_officer", "asked"): {"take"},
    ("programme_officer", "doing"): {"back", "finish"},
}
SEES = {
    "member_user": {"draft", "asked", "doing", "done", "withdrawn"},
    "programme_officer": {"asked", "doing", "done", "withdrawn"},
    "steward": {"done"},
}
WAYS = {
    "draft": [], "asked": ["ask"], "doing": ["ask", "take"], "done": ["ask", "take", "finish"],
    "withdrawn": ["withdraw"],
}  # fmt: skip


def errand(cast: Cast, state: str = "draft", title: str = "一件事") -> Case:
    """A case of Alice's, brought to a state by those who may."""
    number = f"E-{Case.objects.count() + 1}"
    case = service.open_case(ERRAND, cast.alice, number=number, title=title, authority=cast.bureau)
    for move in WAYS[state]:
        service.perform(case, move, cast.alice if move in ("ask", "withdraw") else cast.olga, "理由")
    case.refresh_from_db()
    assert case.state == state
    return case


def test_role_by_state_by_move(cast: Cast) -> None:
    for role, state, move in itertools.product(ROLES, WAYS, [move.name for move in ERRAND.moves]):
        actor, case = cast.everyone[role], errand(cast, state)
        before = (state, Event.objects.count())
        may = move in MAY.get((role, state), set())
        if state not in SEES.get(role, set()):
            with pytest.raises(Http404):
                service.perform(case, move, actor, "理由")
        elif may:
            service.perform(case, move, actor, "理由")
        else:
            with pytest.raises(Refused) as caught:
                service.perform(case, move, actor, "理由")
            assert caught.value.rule in ("party", "state"), (role, state, move)
        case.refresh_from_db()
        if not may:
            assert (case.state, Event.objects.count()) == before, (role, state, move)
        else:
            chosen = ERRAND.move(move)
            assert chosen is not None and case.state == chosen.target
    assert history.verify().whole


def test_what_one_sees_is_what_the_matrix_says(cast: Cast) -> None:
    cases = {state: errand(cast, state) for state in WAYS}
    for role, actor in cast.everyone.items():
        seen = {case.state for case in access.visible_to(actor, Case)}
        assert seen == SEES.get(role, set()), role
    assert not access.visible_to(cast.charlie, Case).exists()
    assert not access.visible_to(None, Case).exists()
    assert access.find(cast.bob, Case, pk=cases["draft"].pk) == cases["draft"]


def test_a_need_refuses_with_its_clause_and_nothing_changes(cast: Cast) -> None:
    case = errand(cast, "doing")
    with pytest.raises(Refused, match="（三）") as caught:
        service.perform(case, "finish", cast.olga, given={"amount": 1.5})
    assert caught.value.rule == "whole"
    case.refresh_from_db()
    assert case.state == "doing" and case.closed_at is None


def test_an_effect_that_breaks_undoes_the_move(cast: Cast) -> None:
    case = errand(cast, "doing", title="失败")
    events = Event.objects.count()
    with pytest.raises(RuntimeError):
        service.perform(case, "finish", cast.olga)
    case.refresh_from_db()
    assert (case.state, Event.objects.count()) == ("doing", events)
    assert history.verify().whole


def test_the_same_request_twice_does_it_once(cast: Cast) -> None:
    effects.clear()
    case, request = errand(cast, "doing"), uuid.uuid4()
    first = service.perform(case, "finish", cast.olga, request=request)
    again = service.perform(case, "finish", cast.olga, request=request)
    assert first == again and effects == ["done"]
    with pytest.raises(Refused, match="request"):
        service.perform(errand(cast), "ask", cast.alice, request=request)
    opening = uuid.uuid4()
    one = service.open_case(ERRAND, cast.alice, number="X-1", title="开", request=opening)
    assert service.open_case(ERRAND, cast.alice, number="X-2", title="开", request=opening) == one


def test_who_read_an_older_state_is_told(cast: Cast) -> None:
    case = errand(cast, "asked")
    seen = case.version
    service.perform(case, "take", cast.olga, version=seen)
    with pytest.raises(service.Stale):
        service.perform(case, "withdraw", cast.alice, version=seen)
    case.refresh_from_db()
    assert case.state == "doing"


def test_contents_are_edited_by_whom_the_state_lets(cast: Cast) -> None:
    case = errand(cast)
    assert service.touch(case, cast.bob, version=case.version).version == case.version + 1
    with pytest.raises(service.Stale):
        service.touch(case, cast.alice, version=case.version)
    with pytest.raises(Http404):
        service.touch(case, cast.charlie)
    service.perform(case, "ask", cast.alice)
    with pytest.raises(Refused, match="不能修改"):
        service.touch(case, cast.alice)


def test_a_case_closes_at_an_end(cast: Cast) -> None:
    assert errand(cast, "done").closed_at is not None
    assert errand(cast, "doing").closed_at is None


def test_a_membership_that_ended_acts_no_more(cast: Cast) -> None:
    cast.alice.membership.until = cast.alice.membership.since
    cast.alice.membership.save()
    assert cast.alice.user.actors() == []
    assert [actor.role for actor in cast.bob.user.actors()] == ["member_user"]
    assert isinstance(cast.bob.user.actors()[0], Actor)
