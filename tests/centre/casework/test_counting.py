"""Numbers that every page shows: only the text of their SQL is kept, so they are what a fresh query counts."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from pingjiang.centre.casework import access, counting, notices, service, tasks
from pingjiang.centre.casework.models import Case, Notice
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import Cast, person

pytestmark = pytest.mark.django_db


def test_numbers_are_those_of_a_fresh_query_for_everybody_whatever_has_changed(cast: Cast) -> None:
    """The same people again and again, so that all but the first are asked by a text that was written before."""
    oscar = person("Oscar", cast.bureau, "programme_officer")
    everybody = [*cast.everyone.values(), cast.alice, cast.olga, oscar]

    def told() -> list[tuple[int, int]]:
        fresh = [(tasks.open_for(each).count(), notices.unread(each).count()) for each in everybody]
        assert [(tasks.count(each), notices.count_unread(each)) for each in everybody] == fresh
        return fresh

    seen = [told()]
    case = service.open_case(ERRAND, cast.alice, number="T-1", title="事", authority=cast.bureau)
    tasks.give(case, "take", ("受理", "Take"), cast.bureau, "programme_officer", actor=cast.alice)
    seen.append(told())  # nobody of the bureau sees the draft
    service.perform(case, "ask", cast.alice)
    seen.append(told())
    tasks.give(case, "take", ("受理", "Take"), cast.bureau, "programme_officer", actor=None, assignee=oscar.membership)
    seen.append(told())
    Notice.objects.update(channel="site", read_at=None, to=oscar.user)
    seen.append(told())
    tasks.finish(case, None, oscar)
    seen.append(told())
    assert seen[1] != seen[2] != seen[3] != seen[5] and max(count for count, _unread in seen[2]) == 1


def test_the_rules_of_two_roles_are_never_taken_for_each_other(cast: Cast) -> None:
    rules = [access.rules(actor) for actor in cast.everyone.values()]
    seen = [str(access.visible_to(actor, Case).query) for actor in cast.everyone.values()]
    for at, one in enumerate(rules):
        for beside, other in enumerate(rules):
            assert (one == other) <= (seen[at] == seen[beside])


def test_the_text_is_written_once_and_asked_each_time(cast: Cast) -> None:
    written: list[int] = []

    def rows() -> QuerySet[Case]:
        written.append(1)
        return Case.objects.filter(title="数一数")

    assert counting.count("test of counting", rows, 2) == 0
    for number in range(1, 4):
        service.open_case(ERRAND, cast.alice, number=f"N-{number}", title="数一数", authority=cast.bureau)
        with CaptureQueriesContext(connection) as asked:
            assert counting.count("test of counting", rows, 2) == min(number, 2)
        assert len(asked) == len(written) == 1
    assert counting.count("test of nothing", lambda: Case.objects.filter(pk__in=[]), 2) == 0
