"""Decisions and objections: every role tries every move in every state: what may be done, what is refused by which
rule, what is not even seen."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest

from pingjiang.centre.casework import service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.programme.deciding.workflow import DECISION, OBJECTION
from pingjiang.centre.programme.models import CallTrack, Decision, DecisionItem, Objection
from pingjiang.centre.programme.services import decisions, objections
from pingjiang.centre.programme.services.decisions import Entry, Recusal
from tests.centre.cast import Cast, person
from tests.centre.programme.deciding import play as plays
from tests.centre.programme.deciding.play import ASKED, MEETING, Table
from tests.centre.programme.trying import Built, Matrix, Situation

pytestmark = pytest.mark.django_db
OFFICERS = {"programme_officer": "officer", "both tracks": "officer"}
BUREAU = {"officer", "leader", "auditor"}
Then = Callable[[Table, Decision], object]

# ── decisions


def decision_in(state: str, *then: Then) -> Callable[[Cast], Built]:
    """A decision brought to a state, and something done with it."""

    def build(cast: Cast) -> Built:
        table = plays.begin(cast)
        made = plays.decision(table, state)
        for each in then:
            each(table, plays.fresh(made))
        return table.play, plays.fresh(made).case

    return build


def proposed(table: Table, made: Decision) -> None:
    decisions.propose(made, table.olga, plays.proposals(made))


def amended_above(table: Table, made: Decision) -> None:
    one, two = plays.items(made)
    said = {one.pk: Entry("amend", ASKED + 1, "理由"), two.pk: Entry("approve", None, "理由")}
    decisions.propose(made, table.olga, said)


def withdrawn_all(table: Table, _made: Decision) -> None:
    for each, actor in zip(table.applications, (table.play.cast.alice, table.play.cast.charlie), strict=True):
        service.perform(each.case_id, "withdraw", actor, "不报了")


def results_changed(_table: Table, made: Decision) -> None:
    Decision.objects.filter(pk=made.pk).update(results_digest="0" * 64)


def only(**room: int | Decimal) -> Then:
    """So much money, or so many places, are left."""
    return lambda table, made: CallTrack.objects.filter(call=table.call).update(**room)


def entered(*kinds: str, reason: str = "会议议定", **meeting: object) -> Then:
    """The meeting's entries: both are approved unless other kinds are given."""

    def then(table: Table, made: Decision) -> None:
        said = plays.entries(made, kinds or ("approve", "approve"), reason)
        decisions.enter(made, table.leader, said, dataclasses.replace(MEETING, **meeting))  # type: ignore[arg-type]

    return then


def asked_above_the_cap(_table: Table, made: Decision) -> None:
    DecisionItem.objects.filter(decision=made, position=1).update(asked=Decimal("5000000.01"))


def an_amount_above(table: Table, made: Decision) -> None:
    one = plays.items(made)[0]
    decisions.enter(made, table.leader, {one.pk: Entry("amend", ASKED + 1, "理由")}, MEETING)


def recused_without_reason(table: Table, made: Decision) -> None:
    meeting = dataclasses.replace(MEETING, recusals=(Recusal("程越", plays.items(made)[0].pk, ""),))
    decisions.enter(made, table.leader, plays.entries(made, reason="理由"), meeting)


def objected(state: str) -> Then:
    return lambda table, made: plays.objection(table, made, state)


def upheld_before(table: Table, made: Decision) -> None:
    """An objection to what the decision says was upheld, and the meeting has it again."""
    for step in ("decide", "publicise"):
        plays.take(table, made, step)
    plays.objection(table, plays.fresh(made), "upheld")
    plays.take(table, made, "reconsider")
    entered()(table, plays.fresh(made))


def put_out_of_it(table: Table, _made: Decision) -> None:
    """An application that stands elsewhere than its decision says: by harm done past the pages."""
    Case.objects.filter(application__in=table.applications).update(state="reviewed")


def over(_table: Table, made: Decision) -> None:
    plays.pass_notice(made)


Cases = Mapping[str, tuple[str, tuple[Then, ...]]]
# What is done before → the rule that refuses.
TABLED: Cases = {
    "all withdrawn": ("items", (entered(), withdrawn_all)),
    "not entered": ("entries", ()), "by harm elsewhere": ("items", (entered(), put_out_of_it)),
    "an objection upheld": ("objection", (upheld_before,)), "an amount above": ("amount", (entered(), an_amount_above)),
    "above the cap": ("cap", (asked_above_the_cap, entered())),
    "a cent too little": ("budget", (only(budget=2 * ASKED - Decimal("0.01")), entered())),
    "a place too few": ("places", (only(places=1), entered())),
    "another without reason": ("reasons", (entered("approve", "defer", reason=""),)),
    "no minutes": ("meeting", (entered(minutes_number=""),)),
    "to be held tomorrow": ("meeting", (entered(held_on=datetime.date(2999, 1, 1)),)),
    "recused without reason": ("recusals", (recused_without_reason,)),
}  # fmt: skip
DRAFTING: Cases = {
    "all withdrawn": ("items", (proposed, withdrawn_all)), "other results": ("results", (proposed, results_changed)),
    "nothing proposed": ("proposals", ()), "an amount above": ("amount", (amended_above,)),
    "a cent too little": ("budget", (proposed, only(budget=2 * ASKED - Decimal("0.01")))),
    "a place too few": ("places", (proposed, only(places=1))),
}  # fmt: skip
PUBLIC: Cases = {
    "notice runs": ("notice", ()), "an open objection": ("objection", (objected("received"), over)),
    "an upheld objection": ("objection", (objected("upheld"), over)),
}  # fmt: skip
CASES: Mapping[str, Cases] = {"drafting": DRAFTING, "tabled": TABLED, "publicity": PUBLIC}
BACK = {"hand_back": "", "withdraw": ""}
DECISIONS = Matrix(
    DECISION,
    {
        "drafting": Situation("drafting", decision_in("drafting", proposed)),
        "tabled": Situation("tabled", decision_in("tabled", entered())),
        "decided": Situation("decided", decision_in("decided")),
        "publicity": Situation("publicity", decision_in("publicity", over)),
        "final": Situation("final", decision_in("final")),
        "withdrawn": Situation("withdrawn", decision_in("withdrawn")),
        **{f"{state}, {name}": Situation(state, decision_in(state, *then))
           for state, several in CASES.items() for name, (_rule, then) in several.items()},
    },
    {
        ("officer", "drafting"): {"table": "", "drop": ""},
        **{("officer", f"drafting, {name}"): {"table": rule[0], "drop": ""} for name, rule in DRAFTING.items()},
        ("leader", "tabled"): {"decide": "", **BACK},
        **{("leader", f"tabled, {name}"): {"decide": rule[0], **BACK} for name, rule in TABLED.items()},
        ("officer", "decided"): {"publicise": ""},
        ("leader", "decided"): {"reconsider": "", "withdraw": ""},
        ("leader", "publicity"): {"reconsider": "", "withdraw": "", "issue": ""},
        **{("leader", f"publicity, {name}"): {"reconsider": "", "withdraw": "", "issue": rule[0]}
           for name, rule in PUBLIC.items()},
    },
    {state.name: BUREAU for state in DECISION.states},
    {**OFFICERS, "decision_maker": "leader", "steward": "auditor"},
)  # fmt: skip


@pytest.mark.parametrize("situation", DECISIONS.params)
def test_decisions(cast: Cast, situation: str) -> None:
    """The applicants of the pack and their districts are among everybody: none of it is theirs to see."""
    DECISIONS.check(cast, situation)


# ── objections


def objection_in(state: str, *, paper: bool = False, found_out: bool = True) -> Callable[[Cast], Built]:
    """An objection in a state: signed here by a centre, or on paper; looked into, or not yet."""

    def build(cast: Cast) -> Built:
        table = plays.begin(cast)
        decision = plays.decision(table, "publicity")
        if paper:
            made = plays.on_paper(table, decision, state)
            if state == "investigating":
                objections.find_out(made, table.olga, "已核对。")
        elif found_out:
            made = plays.objection(table, decision, state)
        else:
            made = plays.objection(table, decision)
            service.perform(made.case, "investigate", table.olga)
        return table.play, Objection.objects.select_related("case").get(pk=made.pk).case

    return build


STRIKE = {"uphold": {"remedy": "strike"}}
OBJECTIONS = Matrix(
    OBJECTION,
    {
        **{state.name: Situation(state.name, objection_in(state.name), given=STRIKE) for state in OBJECTION.states},
        "investigating, nothing found": Situation("investigating", objection_in("investigating", found_out=False)),
        "investigating, no remedy": Situation("investigating", objection_in("investigating")),
    },
    {
        **{("objector", each): {"withdraw": ""}
           for each in ("received", "investigating", "investigating, nothing found", "investigating, no remedy")},
        ("officer", "received"): {"investigate": "", "take_out": "paper"},
        **{("officer", each): {"take_out": "paper"}
           for each in ("investigating", "investigating, nothing found", "investigating, no remedy")},
        ("leader", "investigating"): {"uphold": "", "dismiss": ""},
        ("leader", "investigating, nothing found"): {"uphold": "record", "dismiss": "record"},
        ("leader", "investigating, no remedy"): {"uphold": "remedy", "dismiss": ""},
    },
    {state.name: BUREAU | {"objector"} for state in OBJECTION.states},
    {
        **OFFICERS, "decision_maker": "leader", "steward": "auditor", "centre_manager": "objector",
        "specialist of the objector": "objector",
    },
)  # fmt: skip
# One that came on paper is the bureau's alone, and the office enters its withdrawal.
ON_PAPER = Matrix(
    OBJECTION,
    {
        "received": Situation("received", objection_in("received", paper=True), given=STRIKE),
        "investigating": Situation("investigating", objection_in("investigating", paper=True), given=STRIKE),
    },
    {
        ("officer", "received"): {"investigate": "", "take_out": ""},
        ("officer", "investigating"): {"take_out": ""},
        ("leader", "investigating"): {"uphold": "", "dismiss": ""},
    },
    {state.name: BUREAU for state in OBJECTION.states},
    {**OFFICERS, "decision_maker": "leader", "steward": "auditor"},
)  # fmt: skip


@pytest.mark.parametrize("situation", OBJECTIONS.params)
def test_objections(cast: Cast, situation: str) -> None:
    """Who objected sees it, and the people of their organisation who may; not an expert who is employed there."""
    OBJECTIONS.check(cast, situation, lambda case: {
        "specialist of the objector": person("Cid", case.owner, "centre_specialist"),
    })  # fmt: skip


@pytest.mark.parametrize("situation", ON_PAPER.params)
def test_objections_on_paper(cast: Cast, situation: str) -> None:
    ON_PAPER.check(cast, situation)


def test_nothing_is_left_out() -> None:
    DECISIONS.whole()
    OBJECTIONS.whole(by_others=frozenset({"take_out"}))
    assert {move for row in ON_PAPER.table.values() for move, rule in row.items() if not rule} >= {"take_out"}
