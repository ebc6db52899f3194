"""perform_all(): a move of many cases is, case by case, what perform() of each would have been; or nothing at all."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from pingjiang.centre.casework import history, service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Label, Need, Refused
from tests.centre.casework.test_service import errand
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db


def stands(case: Case) -> tuple[str, int, bool]:
    row = Case.objects.get(pk=case.pk)
    return row.state, row.version, row.closed_at is not None


def said(event: Event) -> tuple[object, ...]:
    return event.kind, event.actor_id, event.role, json.loads(event.before), json.loads(event.after), event.note


@pytest.mark.parametrize(("state", "move"), [("asked", "take"), ("doing", "finish"), ("doing", "back")])
def test_together_as_one_by_one(cast: Cast, state: str, move: str) -> None:
    alone, together = [[errand(cast, state) for _ in range(3)] for _ in range(2)]
    first = [service.perform(case, move, cast.olga, "理由") for case in alone]
    second = service.perform_all(reversed(together), move, cast.olga, "理由")
    assert [event.case_id for event in second] == [case.pk for case in together]
    assert list(map(said, second)) == list(map(said, first))
    assert list(map(stands, together)) == list(map(stands, alone))
    assert history.verify().whole


def test_one_that_may_not_stops_all(cast: Cast) -> None:
    cases = [errand(cast, "asked"), errand(cast, "draft"), errand(cast, "asked")]
    before = list(map(stands, cases)), Event.objects.count()
    with pytest.raises(Http404):  # a draft is not seen by the officer
        service.perform_all(cases, "take", cast.olga)
    with pytest.raises(Refused) as caught:
        service.perform_all([cases[0], errand(cast, "doing")], "take", cast.olga)
    assert caught.value.rule == "state"
    with pytest.raises(Refused) as caught:
        service.perform_all(cases[::2], "take", cast.alice)
    assert caught.value.rule == "party"
    assert (list(map(stands, cases)), Event.objects.count() - before[1]) == (before[0], 3)  # those of the fourth's way
    assert service.perform_all([], "take", cast.olga) == []


def test_queries_do_not_grow_with_the_cases(cast: Cast) -> None:
    """Of a move without effects, as most that follow from another are."""
    counted = []
    for many in (2, 12):
        cases = [errand(cast, "asked") for _ in range(many)]
        with CaptureQueriesContext(connection) as asked:
            service.perform_all(cases, "take", cast.olga)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_need_that_knows_many_and_one_that_knows_one(cast: Cast) -> None:
    cases = [errand(cast, "asked", title) for title in ("甲", "乙", "丙")]
    words: Label = ("不行", "no")
    of_many = Need.set_based("many", lambda rows: {row.pk: words for row in rows if row.title > "丙"})
    one = Need("one", lambda case, _given: words if case.title == "乙" else None, "第三条")
    assert of_many.test(cases[0], {}) == words and of_many.test(cases[2], {}) is None
    assert of_many.refusal(cases[2:]) is None
    refusal = of_many.refusal(cases)
    assert refusal is not None and (refusal.rule, refusal.words) == ("many", ("“甲”：不行", "'甲': no"))
    refusal = one.refusal(cases)
    assert refusal is not None and (refusal.rule, refusal.words[0]) == ("one", "“乙”：不行（第三条）")
