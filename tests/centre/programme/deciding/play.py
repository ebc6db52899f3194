"""A decision brought to a state by those who may, over applications that came the whole way."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.casework import service as casework
from pingjiang.centre.programme.deciding import letters
from pingjiang.centre.programme.models import Application, Call, Decision, DecisionItem, Objection, Panel, Review
from pingjiang.centre.programme.services import applications, decisions, districts, objections, panels
from pingjiang.centre.programme.services.calls import Opened
from pingjiang.centre.programme.services.decisions import Entry, Meeting
from tests.centre.cast import Cast, person
from tests.centre.kept import kept
from tests.centre.programme import filling, panel_play
from tests.centre.programme import play as plays

ASKED = Decimal("4800000")
MEETING = Meeting(datetime.date(2026, 1, 15), "示例纪〔2026〕12 号", "顾行简\n程越\n何以安", ())


@dataclass
class Table:
    """Who is there, the call, its applications in the order of their rank."""

    play: plays.Play
    call: Call
    applications: list[Application]

    @property
    def olga(self) -> Actor:
        return self.play.cast.olga

    @property
    def leader(self) -> Actor:
        return self.play.leader


@kept
def begin(cast: Cast, firms: int = 2, budget: Decimal = Decimal("15000000"), places: int = 4) -> Table:
    """A call, and applications of so many firms that were reviewed by one panel: the first best, and so on."""
    play = plays.begin(cast)
    call = plays.call(play, tracks=[Opened("patent", filling.PACK, filling.VERSION, budget, places)])
    actors = [cast.alice, cast.charlie]
    for number in range(2, firms):
        firm = Organisation.objects.create(kind="firm", name_zh=f"第{number}家公司", district=cast.firm.district)
        actors.append(person(f"Firm{number}", firm, "member_user"))
    made = [accepted(play, call, actor, rank) for rank, actor in enumerate(actors[:firms], start=1)]
    review(play, made)
    return Table(play, call, [plays.fresh(each) for each in made])


def accepted(play: plays.Play, call: Call, actor: Actor, rank: int) -> Application:
    """An application of somebody, stamped, checked and accepted."""
    made = applications.begin(call, actor, "patent", f"示例产业运营中心 {rank}")
    plays.fill(made, actor)
    applications.send(made, actor)
    row = {"comment": "同意推荐。", "rank": rank, "match": Decimal("480.00"), "policy": "示例政策〔2026〕2号"}
    districts.recommend(made, play.district, row, revision=0)
    districts.add_letter(made, play.district, [filling.PDF], "承诺函.pdf")
    plays.stamp(play, plays.fresh(made))
    casework.perform(made.case, "recommend", play.district)
    plays.check(play, made)
    casework.perform(made.case, "accept", play.cast.olga)
    return plays.fresh(made)


def review(play: plays.Play, made: list[Application], best: Decimal = Decimal("0.85")) -> Panel:
    """A panel over them, which puts the first before the second, and so on."""
    panel = panel_play.panel(play, "drawn", made)
    shares = {each.pk: best - Decimal("0.05") * at for at, each in enumerate(made)}
    by = {pk: panel_play.written(panel, share) for pk, share in shares.items()}
    for each in Review.objects.filter(panel=panel).order_by("pk"):
        panel_play.sign(each, by)
    panels.lock(panel, play.cast.olga)
    return panel


# ── a decision


@kept
def prepared(table: Table) -> Decision:
    return decisions.prepare(table.call, "patent", table.olga)


def items(decision: Decision) -> list[DecisionItem]:
    return list(decision.items.order_by("position"))


def fresh(decision: Decision) -> Decision:
    return Decision.objects.select_related("case__owner", "call__case").get(pk=decision.pk)


def proposals(decision: Decision, kinds: tuple[str, ...] = ("approve", "approve")) -> dict[int, Entry]:
    return {
        item.pk: Entry(kind, ASKED / 2 if kind == "amend" else None, f"理由 {item.position}")
        for item, kind in zip(items(decision), kinds, strict=True)
    }


def entries(decision: Decision, kinds: tuple[str, ...] = ("approve", "approve"), reason: str = "") -> dict[int, Entry]:
    return {
        item.pk: Entry(kind, ASKED / 2 if kind == "amend" else None, reason)
        for item, kind in zip(items(decision), kinds, strict=True)
    }


WAYS: dict[str, tuple[str, ...]] = {
    "drafting": (), "tabled": ("table",), "decided": ("table", "decide"),
    "publicity": ("table", "decide", "publicise"), "final": ("table", "decide", "publicise", "issue"),
    "withdrawn": ("table", "withdraw"),
}  # fmt: skip
_STATES = {way: state for state, way in WAYS.items()}


@kept
def decision(table: Table, state: str, kinds: tuple[str, ...] = ("approve", "approve")) -> Decision:
    if way := WAYS[state]:  # one step from where another test has been
        made = decision(table, _STATES[way[:-1]], kinds)
        take(table, made, way[-1], kinds)
    else:
        made = prepared(table)
    made = fresh(made)
    assert made.case.state == state
    return made


def take(table: Table, made: Decision, step: str, kinds: tuple[str, ...] = ("approve", "approve")) -> None:
    """A step of a decision, by who makes it, with what it needs."""
    made = fresh(made)
    if step == "table":
        decisions.propose(made, table.olga, proposals(made, kinds))
        casework.perform(made.case, step, table.olga)
    elif step == "decide":
        decisions.enter(made, table.leader, entries(made, kinds, "会议议定"), MEETING)
        casework.perform(made.case, step, table.leader)
    elif step == "publicise":
        casework.perform(made.case, step, table.olga)
    elif step == "issue":
        pass_notice(made)
        casework.perform(made.case, step, table.leader)
        for each in letters.due(fresh(made)):  # the worker's part
            letters.send(each, table.leader)
    else:
        casework.perform(made.case, step, table.leader, "理由")


def pass_notice(made: Decision) -> None:
    """The days of the notice are over."""
    today = timezone.localdate()
    Decision.objects.filter(pk=made.pk).update(
        notice_from=today - datetime.timedelta(days=9), notice_until=today - datetime.timedelta(days=1)
    )


# ── an objection

GROUNDS = {"signed_by": "陈实名", "contact": "0512-00000000", "text": "该单位的产值统计有误，附证据。"}


def objector(table: Table) -> Actor:
    """Somebody of an organisation that has nothing to do with it."""
    return table.play.cast.everyone["centre_manager"]


@kept
def objection(
    table: Table, made: Decision, state: str = "received", item: int = 0, remedy: str = "strike"
) -> Objection:
    found = objections.lodge(made, objector(table), items(made)[item].pk, GROUNDS)
    if state in ("investigating", "upheld", "dismissed"):
        casework.perform(found.case, "investigate", table.olga)
        objections.find_out(found, table.olga, "已核对统计资料。")
    if state == "upheld":
        objections.uphold(found, table.leader, "证据属实。", remedy)
    elif state == "dismissed":
        casework.perform(found.case, "dismiss", table.leader, "证据不足。")
    elif state == "withdrawn":
        casework.perform(found.case, "withdraw", objector(table), "已了解情况")
    found = Objection.objects.select_related("case", "item").get(pk=found.pk)
    assert found.case.state == state
    return found


def on_paper(table: Table, made: Decision, state: str = "received") -> Objection:
    """One that came on paper, entered by the office; nothing is found out yet."""
    said = {**GROUNDS, "organisation": "某协会"}
    found = objections.enter_paper(made, table.olga, items(made)[0].pk, said, [filling.PDF], "异议书.pdf")
    if state == "investigating":
        casework.perform(found.case, "investigate", table.olga)
    return Objection.objects.select_related("case", "item").get(pk=found.pk)
