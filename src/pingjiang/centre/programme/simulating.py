"""What other thresholds would turn: past and present applications, as the bureau asks before it changes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.content.numbers import Untyped, count_of, number_of
from pingjiang.centre.programme.content.reading import facts_in, said_in, waived
from pingjiang.centre.programme.models import Application, CallTrack
from pingjiang.centre.programme.rulepack import PRECHECK, Line, line_of, pack_of, stages_of
from pingjiang.rulebook.policies import UNITS, Case, Pack, Quantity, simulate, thresholds


@dataclass(frozen=True)
class Threshold:
    """A rule whose threshold can be changed: what it is now and what was typed, in the unit in which it is shown."""

    rule: str
    label: Label
    clause: str
    unit: str
    unit_label: Label
    now: Decimal
    typed: str = ""
    problem: Label = ("", "")


@dataclass(frozen=True)
class Turn:
    """An application for which a rule answers otherwise."""

    application: Application
    before: Line
    after: Line


@dataclass(frozen=True)
class Answer:
    """How many applications were asked, which turned, and how many had which verdict before and after."""

    asked: int
    turned: Sequence[Turn]
    before: Mapping[str, int]
    after: Mapping[str, int]


def thresholds_of(pack: Pack, track: str, typed: Mapping[str, str]) -> list[Threshold]:
    """The rules of the pre-check that have a threshold, with what was typed for each."""
    stages = stages_of(pack, PRECHECK)
    found = []
    for rule in thresholds(pack):
        if rule.stage not in stages or (rule.tracks and track not in rule.tracks):
            continue
        if rule.test is None or rule.test.field is None or rule.test.threshold is None:
            continue
        field = pack.field(rule.test.field)
        own = UNITS[field.unit or "ratio"]
        shown = UNITS[field.shown_in or own.id]
        text = typed.get(rule.id, "").strip()
        found.append(
            Threshold(
                rule.id, (rule.zh, rule.en), rule.clause, shown.id, (shown.zh, shown.en),
                (rule.test.threshold * own.factor / shown.factor).normalize(), text, _problem(field.type, text),
            )
        )  # fmt: skip
    return found


def _problem(kind: str, text: str) -> Label:
    """Why what was typed is no threshold; ('', '') where it is one, or nothing was."""
    try:
        if text and (count_of(text) if kind == "count" else number_of(text)) < 0:
            return "不能小于零", "it is never below zero"
    except Untyped as error:
        return error.words
    return "", ""


def ask(track: CallTrack, applications: Sequence[Application], changed: Sequence[Threshold]) -> Answer | None:
    """Which of these applications turn, each by what it handed in last; None where nothing was changed."""
    pack = pack_of(track)
    changes = {each.rule: Quantity(number_of(each.typed), each.unit) for each in changed
               if each.typed and not each.problem[0] and number_of(each.typed) != each.now}  # fmt: skip
    if not changes:
        return None
    by_id = {str(each.pk): each for each in applications}
    known = {field.id for field in pack.fields}
    cases = []
    for name, each in by_id.items():
        version = each.versions.first()
        if version is not None:
            facts, _wrong = facts_in(pack, track.track, said_in(version))
            told = {field: fact for field, fact in facts.items() if field in known}
            cases.append(Case(name, told, track.track, waived(each)))
    found = simulate(pack, changes, cases, track=track.track, stages=stages_of(pack, PRECHECK))
    turned = [
        Turn(by_id[each.case], line_of(each.outcome_before), line_of(each.outcome_after)) for each in found.turned
    ]
    before, after = ({str(name): count for name, count in each.items()} for each in (found.before, found.after))
    return Answer(found.cases, turned, before, after)
