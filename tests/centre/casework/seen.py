"""Who sees which case and as which party, asked rule by rule and case by case: what the kept SQL must agree with."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Q

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, service
from pingjiang.centre.casework.models import Case, Event


def as_rules_say(actors: Iterable[Actor]) -> int:
    """Compare all actors with all cases; how many pairs of them one sees the other of."""
    cases = list(Case.objects.all())
    seen = 0
    for actor in actors:
        rules = access.rules(actor)
        wanted = set()
        for case in cases:
            parties = {
                party for name, party, rule in rules
                if name == case.workflow and Case.objects.filter(rule, pk=case.pk).exists()
            }  # fmt: skip
            assert access.parties(actor, case) == parties, (actor, case)
            if any(party in service.workflow_of(case).state(case.state).sees for party in parties):
                wanted.add(case.pk)
        visible = access.visible_to(actor, Case)
        assert set(visible.values_list("pk", flat=True)) == wanted, actor
        # Under another table, in a subquery of its own, and the other way round.
        told = Event.objects.filter(access.with_case(actor))
        assert set(told.values_list("case", flat=True)) == wanted & set(Event.objects.values_list("case", flat=True))
        within = Case.objects.filter(
            pk__in=Event.objects.filter(access.with_case(actor), case=OuterRef("pk")).values("case")
        )
        assert set(within.values_list("pk", flat=True)) == set(told.values_list("case", flat=True))
        rest = Case.objects.exclude(pk__in=visible.values("pk"))
        assert set(rest.values_list("pk", flat=True)) == {case.pk for case in cases} - wanted
        assert set(
            Event.objects.filter(~access.with_case(actor) & ~Q(case=None)).values_list("case", flat=True)
        ).isdisjoint(wanted)
        seen += len(wanted)
    return seen
