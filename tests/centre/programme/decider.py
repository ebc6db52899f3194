"""A program of its own: from two accepted applications to the final list, one step after the other, until it is killed.

python -m tests.centre.programme.decider. It prints the name of each step before it is made; started again, it goes on
where the site stands.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from pingjiang.centre import commands

commands.ready()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from pingjiang.centre.accounts.models import User  # noqa: E402
from pingjiang.centre.casework import service as casework  # noqa: E402
from pingjiang.centre.programme.models import Application, Call, Decision, Expert, Panel, Review  # noqa: E402
from pingjiang.centre.programme.review import sheets  # noqa: E402
from pingjiang.centre.programme.services import calls, decisions, panels, reviews  # noqa: E402
from tests.centre import cast as casts  # noqa: E402
from tests.centre.programme import filling, panel_play, sender  # noqa: E402
from tests.centre.programme import play as plays  # noqa: E402
from tests.centre.programme.deciding import play as deciding  # noqa: E402

Step = tuple[str, Callable[[], object]]


def begun() -> deciding.Table:
    """The call with its two applications: made whole on an empty site, which is not killed meanwhile."""
    if not Call.objects.exists():
        play = plays.begin(casts.make())
        call = plays.call(play, tracks=[calls.Opened("patent", filling.PACK, filling.VERSION, deciding.ASKED, 1)])
        for rank, actor in enumerate((play.cast.alice, play.cast.charlie), start=1):
            deciding.accepted(play, call, actor, rank)
        panel_play.pool(play)
    play = sender.made()
    made = list(Application.objects.select_related("case__owner", "call__case", "district").order_by("pk"))
    return deciding.Table(play, made[0].call, made)


def next_step(table: deciding.Table) -> Step | None:
    """What is to be done as the site stands; None where all is done."""
    panel = Panel.objects.select_related("case__owner", "call__case").first()
    if panel is None:
        return "make up", lambda: panels.make_up(table.call, table.olga, "patent", "专家组")
    if panel.case.state != "locked":
        return _of_panel(table, panel)
    decision = Decision.objects.select_related("case__owner", "call__case").first()
    if decision is None:
        return "prepare", lambda: deciding.prepared(table)
    return None if decision.case.state == "final" else _of_decision(table, decision)


def _of_panel(table: deciding.Table, panel: Panel) -> Step:
    state, olga = panel.case.state, table.olga
    if state == "draft" and not panel.entries.exists():
        due = timezone.now() + datetime.timedelta(days=1)
        until = (due + datetime.timedelta(days=20)).date()
        said = panels.Composed(table.applications, panel_play.SEATS, "某号码", due, until)
        return "compose", lambda: panels.compose(panel, olga, said)
    if state == "draft":
        return ("publish", lambda: panels.publish(panel, olga)) if panel.conflicts_at else (
            "look", lambda: panels.look(panel, olga))  # fmt: skip
    if state == "published":
        return "draw", lambda: _drawn(panel, table)
    open_ones = Review.objects.filter(panel=panel).exclude(case__state__in=("locked", "declined"))
    review = open_ones.select_related("case", "panel__case", "expert__membership__user").order_by("pk").first()
    return ("lock the panel", lambda: panels.lock(panel, olga)) if review is None else _of_review(panel, review)


def _drawn(panel: Panel, table: deciding.Table) -> None:
    with panel_play.later(days=1, minutes=1):
        panels.draw(panel, table.olga, panel_play.NUMBER)


def _of_review(panel: Panel, review: Review) -> Step:
    who, state = panel_play.actor_of(review.expert), review.case.state
    if not Review.objects.filter(panel=panel, case__state="declined").exists():
        return "decline", lambda: casework.perform(review.case, "decline", who, "不得空")
    if state == "offered":
        return "accept", lambda: panel_play.accept(review)
    if state == "accepted":
        return "begin", lambda: casework.perform(review.case, "begin", who)
    written = set(review.sheets.values_list("application", flat=True))
    for place, application in enumerate(sheets.live(panel)):
        if application.pk not in written:
            sheet = panel_play.written(panel, Decimal("0.8") - Decimal(place) / 10)
            return "write", partial(reviews.save, review, who, application, sheet, revision=0)
    return "sign", lambda: casework.perform(review.case, "lock", who)


def _of_decision(table: deciding.Table, decision: Decision) -> Step:
    kinds, state = ("approve", "reject"), decision.case.state
    if state == "drafting" and not all(item.proposal for item in deciding.items(decision)):
        return "propose", lambda: decisions.propose(decision, table.olga, deciding.proposals(decision, kinds))
    if state == "tabled" and not decision.minutes_number:
        entered = deciding.entries(decision, kinds, "会议议定")
        return "enter", lambda: decisions.enter(decision, table.leader, entered, deciding.MEETING)
    move = {"drafting": "table", "tabled": "decide", "decided": "publicise", "publicity": "issue"}[state]
    if move == "issue":
        deciding.pass_notice(decision)
    actor = table.olga if move in ("table", "publicise") else table.leader
    return move, lambda: casework.perform(decision.case, move, actor)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    table = begun()
    assert User.objects.exists() and Expert.objects.exists()
    print("ready", flush=True)
    while (step := next_step(table)) is not None:
        print(step[0], flush=True)
        step[1]()
