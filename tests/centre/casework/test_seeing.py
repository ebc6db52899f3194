"""Who sees what, by SQL that is written once: the same as the rules say one by one (all workflows: test_demo.py)."""

from __future__ import annotations

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from pingjiang.centre.casework import access, seeing, service
from pingjiang.centre.casework.models import Case, Event
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.casework.seen import as_rules_say
from tests.centre.cast import Cast, person

pytestmark = pytest.mark.django_db


def test_everybody_sees_what_the_rules_say_before_and_after_each_move(cast: Cast) -> None:
    oscar = person("Oscar", cast.bureau, "programme_officer")
    everybody = [*cast.everyone.values(), cast.alice, cast.olga, oscar]
    case = service.open_case(ERRAND, cast.alice, number="S-1", title="事 100%s", authority=cast.bureau)
    service.open_case(ERRAND, cast.alice, number="S-2", title="另一事", authority=cast.bureau)
    before = as_rules_say(everybody)
    service.perform(case, "ask", cast.alice)
    assert as_rules_say(everybody) > before


def test_nobody_sees_without_an_actor_or_a_rule(cast: Cast) -> None:
    service.open_case(ERRAND, cast.alice, number="S-1", title="事", authority=cast.bureau)
    assert not Event.objects.filter(access.with_case(None)).exists()
    nothing = seeing.Seen("pk", "test of nothing", Case.objects.none)
    assert not Case.objects.filter(nothing).exists() and Case.objects.exclude(nothing).count() == 1
    assert seeing.holding("test of no sets", lambda: {"none": Case.objects.none()}, 1) == set()


def test_the_text_is_written_once_and_asked_each_time(cast: Cast) -> None:
    written: list[int] = []

    def seen() -> set[str]:
        def rows() -> object:
            written.append(1)
            return Case.objects.filter(title="数一数")

        found = Case.objects.filter(seeing.Seen("pk", "test of seeing", rows))  # type: ignore[arg-type]
        return set(found.values_list("number", flat=True))

    assert seen() == set()
    case = service.open_case(ERRAND, cast.alice, number="N-1", title="数一数", authority=cast.bureau)
    assert seen() == {"N-1"}
    Case.objects.filter(pk=case.pk).update(title="数过")
    assert seen() == set() and len(written) == 1


def test_only_a_column_leads_to_the_case(cast: Cast) -> None:
    seen = seeing.Seen("other", "test of a column", Case.objects.all)
    with pytest.raises(NotImplementedError, match="column"):
        list(Case.objects.annotate(other=Concat("title", Value("1"))).filter(seen))
