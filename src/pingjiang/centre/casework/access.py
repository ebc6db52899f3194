"""Who sees what. Each app says so once for each of its models; a view starts from `visible_to` and nothing else.

    register(Model, queryset_for)          queryset_for(actor) -> QuerySet of what this actor may see
    register_parties(workflow, parties)    party -> (actor -> Q over Case, None where this actor is never that party;
                                           `nobody` for the party that moves what time moves)

A case is seen by an actor who is a party that its state shows itself to: the workflow's `sees` and the parties' Q are
the only two places where that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value
from django.http import Http404

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.seeing import Seen, holding
from pingjiang.centre.casework.workflow import Workflow

M = TypeVar("M", bound=Model)
Party = Callable[[Actor], Q | None]
_MOST = 2**63 - 1  # of a number in a row
_TOGETHER = 100  # rules asked in one query: SQLite joins at most 500 with UNION
_rules: dict[type[Model], Callable[[Actor], QuerySet[Any]]] = {}
_parties: dict[str, tuple[Workflow, Mapping[str, Party]]] = {}


def register(model: type[M], queryset_for: Callable[[Actor], QuerySet[M]]) -> None:
    """Say who sees the rows of a model. A second rule for one model is a mistake."""
    if model in _rules:
        raise RuntimeError(f"{model.__name__} has its rule of access already")
    _rules[model] = queryset_for


def register_parties(workflow: Workflow, parties: Mapping[str, Party]) -> None:
    """Say which cases of a workflow make an actor which party. Every party of the workflow, and no other."""
    if workflow.name in _parties:
        raise RuntimeError(f"workflow {workflow.name} has its parties already")
    if set(parties) != set(workflow.parties):
        raise RuntimeError(f"workflow {workflow.name}: say who is {sorted(set(parties) ^ set(workflow.parties))}")
    _parties[workflow.name] = (workflow, parties)


def nobody(_actor: Actor) -> Q | None:
    """The rule of a party that no person is: the clock."""
    return None


def is_nobody(workflow: Workflow, party: str) -> bool:
    """Whether a party of a workflow is declared to be no person."""
    return _parties[workflow.name][1].get(party) is nobody


def visible_to(actor: Actor | None, model: type[M]) -> QuerySet[M]:
    """The rows of a model that an actor may see; none without an actor. LookupError for a model without a rule."""
    rule = _rules.get(model)
    if rule is None:
        raise LookupError(f"nobody has said who sees {model.__name__}")
    return model._default_manager.none() if actor is None else rule(actor)


def find(actor: Actor | None, model: type[M], **by: Any) -> M:
    """One visible row, with its case where it is of one; Http404 where there is none, or none for this actor: the two
    cannot be told apart."""
    rows = visible_to(actor, model)
    if any(field.name == "case" for field in model._meta.concrete_fields):  # no page shows it without
        rows = rows.select_related("case__owner")
    return one(rows, **by)


def one(rows: QuerySet[M], **by: Any) -> M:
    """The row with these values; Http404 where there is none, and for a number that no database holds."""
    if any(isinstance(value, int) and not -_MOST - 1 <= value <= _MOST for value in by.values()):
        raise Http404
    found = rows.filter(**by).first()
    if found is None:
        raise Http404
    return found


def seers(actors: Iterable[Actor], case: Case) -> list[Actor]:
    """Those of these actors who see a case: as `visible_to` says of each, asked of all at once.

    People of one kind share one rule, so the queries grow with the number of different rules, not of people.
    """
    row = Case.objects.filter(pk=case.pk).order_by()
    stands = row.values_list("workflow", "state").first()
    if stands is None or stands[0] not in _parties:
        return []
    workflow, known = _parties[stands[0]]
    asked = [each for party, each in known.items() if party in workflow.state(stands[1]).sees]
    by_rule: dict[Q, list[Actor]] = {}
    for actor in actors:
        for each in asked:
            if (rule := each(actor)) is not None:
                by_rule.setdefault(rule, []).append(actor)
    rules = list(by_rule)
    seen: dict[tuple[int, int], Actor] = {}
    for start in range(0, len(rules), _TOGETHER):
        some = rules[start : start + _TOGETHER]
        first, *rest = [row.filter(rule).values_list(Value(number)) for number, rule in enumerate(some)]
        for (number,) in first.union(*rest):
            seen.update(((actor.user.pk, actor.membership.pk), actor) for actor in by_rule[some[number]])
    return list(seen.values())


def parties(actor: Actor, case: Case) -> set[str]:
    """Which parties of its workflow an actor is in a case."""
    _, known = _parties[case.workflow]
    rules = tuple((party, rule) for party, each in known.items() if (rule := each(actor)) is not None)
    return holding(rules, lambda: {party: Case.objects.filter(rule) for party, rule in rules}, case.pk)


def parties_of_many(actor: Actor, workflow: str, cases: Sequence[Case]) -> dict[int, set[str]]:
    """The same of many cases of one workflow, as key of the case → parties; in as many queries as it has parties."""
    found: dict[int, set[str]] = {case.pk: set() for case in cases}
    for party, each in _parties[workflow][1].items():
        if (rule := each(actor)) is not None:
            for pk in Case.objects.filter(rule, pk__in=list(found)).values_list("pk", flat=True):
                found[pk].add(party)
    return found


def rules(actor: Actor) -> tuple[tuple[str, str, Q], ...]:
    """By which rules an actor sees cases: workflow, party, rule. All that `visible_to` their cases is made of, so two
    actors with equal rules see the same."""
    return tuple(
        (name, party, rule)
        for name, (_workflow, known) in _parties.items()
        for party, each in known.items()
        if (rule := each(actor)) is not None
    )


def _cases_of(rules: Iterable[tuple[str, str, Q]]) -> QuerySet[Case]:
    """Cases that these rules let be seen. A rule that looks into other tables is asked of a case alone, after those
    that need not: joined side by side, they would multiply the rows of all cases with one another."""
    at_once, after = Q(pk__in=[]), Q(pk__in=[])
    for name, party, rule in rules:
        workflow = _parties[name][0]
        here = Q(workflow=name, state__in=[state.name for state in workflow.states if party in state.sees])
        asked = Case.objects.filter(rule).order_by()
        if sum(map(bool, asked.query.alias_refcount.values())) > 1:  # joins that are left
            after |= here & Q(Exists(asked.filter(pk=OuterRef("pk"))))
        else:
            at_once |= here & rule
    return Case.objects.filter(at_once | after)


def _seen(actor: Actor, path: str) -> Seen:
    of = rules(actor)
    return Seen(path, of, lambda: _cases_of(of))


def _visible_cases(actor: Actor) -> QuerySet[Case]:
    """Cases of all workflows."""
    return Case.objects.filter(_seen(actor, "pk"))


register(Case, _visible_cases)


def with_case(actor: Actor | None, path: str = "case") -> Q:
    """Of rows of another table: those whose case, at `path`, an actor sees; none without an actor."""
    return Q(pk__in=[]) if actor is None else Q(_seen(actor, path))
