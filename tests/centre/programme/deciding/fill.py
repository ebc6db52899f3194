"""Decisions in their states and objections, for the site that browsers look at."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse

from pingjiang.centre.casework import service as casework
from pingjiang.centre.programme.services import decisions, objections
from pingjiang.centre.programme.services.calls import Opened
from tests.centre.programme import filling
from tests.centre.programme import play as programme
from tests.centre.programme.deciding import play as plays


def table(play: programme.Play, title: str) -> plays.Table:
    """Two applications on a call of their own that experts have reviewed."""
    tracks = [Opened("patent", filling.PACK, filling.VERSION, Decimal("9000000"), 2)]
    call = programme.call(play, title=title, tracks=tracks)
    actors = (play.cast.alice, play.cast.charlie)
    made = [plays.accepted(play, call, actor, rank) for rank, actor in enumerate(actors, start=1)]
    plays.review(play, made)
    return plays.Table(play, call, [programme.fresh(each) for each in made])


def fill_decisions(play: programme.Play) -> dict[str, list[str]]:
    """Name of a URL → who sees it, and where."""
    first, second = table(play, "待审定的申报通知"), table(play, "公示中的申报通知")
    tabled = plays.prepared(first)
    decisions.propose(tabled, first.olga, plays.proposals(tabled, ("approve", "amend")))
    casework.perform(plays.fresh(tabled).case, "table", first.olga)
    shown = plays.decision(second, "publicity", ("approve", "defer"))
    objection = plays.objection(second, shown, "investigating")
    objections.find_out(objection, second.olga, "已调阅统计资料。")
    leader = play.leader.user.username
    return {
        "decision": [leader, reverse("decision", args=[tabled.case_id])],
        "decision-object": ["charlie", reverse("decision-object", args=[shown.case_id])],
        "decision-paper-objection": ["olga", reverse("decision-paper-objection", args=[shown.case_id])],
        "objection": [leader, reverse("objection", args=[objection.case_id])],
        "public-decision": ["", reverse("public-decision", args=[shown.case_id])],
    }
