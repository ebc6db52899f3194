"""The steps of a drawn panel that not every panel takes, and the letters of a final list: made as those in `steps`.

One expert leaves a single application out, another declines and the list of technologists is used up; a supplementary
list is published, taken back, published again and drawn. Later the final list is issued, and a worker makes letters.
"""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.casework import service as casework
from pingjiang.centre.jobs import queue
from pingjiang.centre.jobs.models import Job
from pingjiang.centre.jobs.worker import Worker
from pingjiang.centre.programme.deciding import letters
from pingjiang.centre.programme.models import Application, Decision, Panel, Review
from pingjiang.centre.programme.models.panels import OFF_THE_APPLICATION
from pingjiang.centre.programme.review import seating, sheets
from pingjiang.centre.programme.services import calls, experts, panels, reviews
from tests.centre import cast as casts
from tests.centre.cast import person
from tests.centre.programme import filling, panel_play, sender
from tests.centre.programme import play as plays
from tests.centre.programme.deciding import play as deciding
from tests.centre.programme.steps import Shown, Step, leader, moves, olga, version_of

# Seven for two sheets to spare: one application can be left out. The pool has four technologists, and no fifth.
SEATS = {"technology": 4, "industry": 1, "ip": 1, "finance": 1}
WORDS, NUMBER = "某彩票第 2026141 期开奖号码", "090807060504"
KINDS = ("approve", "reject")


def begin() -> None:
    """Two accepted applications, and a panel over them that was drawn."""
    play = plays.begin(casts.make())
    call = plays.call(play, tracks=[calls.Opened("patent", filling.PACK, filling.VERSION, deciding.ASKED, 1)])
    made = [
        deciding.accepted(play, call, who, rank) for rank, who in enumerate((play.cast.alice, play.cast.charlie), 1)
    ]
    panel_play.pool(play, SEATS["technology"])
    panel = panel_play.composed(play, made, SEATS, OFF_THE_APPLICATION)
    panels.look(panel, play.cast.olga)
    panels.publish(panel, play.cast.olga)
    with panel_play.later(days=1, minutes=1):
        panels.draw(panel, play.cast.olga, panel_play.NUMBER)


def panel() -> Panel:
    return Panel.objects.select_related("case__owner", "call__case").get()


def technologist(at: int) -> Review:
    """One of the four who were asked first."""
    first = Review.objects.filter(stratum="technology").order_by("pk")[at]
    return panel_play.review_of(first)


def decision() -> Decision:
    return Decision.objects.select_related("case__owner", "call__case").get()


def table() -> deciding.Table:
    applications = list(Application.objects.select_related("case__owner", "call__case", "district").order_by("pk"))
    return deciding.Table(sender.made(), applications[0].call, applications)


# ── one application left out


def _leave_out(_shown: Shown, _request: uuid.UUID) -> object:
    review = technologist(0)
    first = Application.objects.select_related("case").earliest("pk")
    return reviews.leave_out(review, panel_play.actor_of(review.expert), first, "发现曾任其顾问").pk


# ── a supplementary list


def _more_experts() -> None:
    """Three who stood in no list; each has a brother-in-law at the firm of the first application, so that looking for
    conflicts finds something, and who is drawn leaves that one out."""
    for n in range(3):
        place = Organisation.objects.create(kind="expert_body", name_zh=f"增补单位 {n}")
        made = experts.take_in(olga(), person(f"More_{n}", place, "expert").membership, "technology", "")
        experts.declare(
            made, panel_play.actor_of(made), "kinship", organisation=table().applications[0].case.owner.name_zh
        )


def _number_to_come() -> Shown:
    due = timezone.now() + datetime.timedelta(days=2)
    return {"version": panel().case.version, "due": due.isoformat()}


def _supplement(shown: Shown, request: uuid.UUID) -> object:
    due = datetime.datetime.fromisoformat(shown["due"])
    return panels.supplement(panel(), olga(), WORDS, due, version=shown["version"], request=request).number


def _published_again() -> None:
    panels.supplement(panel(), olga(), WORDS, timezone.now() + datetime.timedelta(days=2))


def _draw_more(shown: Shown, request: uuid.UUID) -> object:
    with panel_play.later(days=2, minutes=1):
        return panels.draw_supplement(panel(), olga(), NUMBER, version=shown["version"], request=request).number


# ── the letters


def _decided() -> None:
    """All sign, each of what is theirs; the panel locks, the meeting decides, and the days of the notice pass."""
    for each in seating.sitting(panel()):
        if each.case.state == "offered":
            panel_play.begin(each)
        review = panel_play.review_of(each)
        for place, application in enumerate(sheets.to_write(review)):
            said = panel_play.written(review.panel, Decimal("0.8") - Decimal(place) / 10)
            panel_play.write_one(review, application, said)
        casework.perform(review.case, "lock", panel_play.actor_of(review.expert))
    panels.lock(panel(), olga())
    made = deciding.prepared(table())
    for step in ("table", "decide", "publicise"):
        deciding.take(table(), made, step, KINDS)
    deciding.pass_notice(made)


def _letters(_shown: Shown, _request: uuid.UUID) -> object:
    """A worker does what is due. Was one killed before it, the silence that tells so has passed, and the wait too."""
    Job.objects.filter(state="running").update(heartbeat_at=F("heartbeat_at") - 2 * queue.SILENCE)
    queue.reap()
    Job.objects.filter(state="queued").update(not_before=None)
    Worker().run(drain=True)
    return len(letters.due(decision()))


REVIEW_STEPS = (
    Step("leave an application out", _leave_out, ready=lambda: panel_play.begin(technologist(0)), again="application"),
    moves("decline", lambda: technologist(1), lambda: panel_play.actor_of(technologist(1).expert),
          name="decline, and the list is used up"),
    Step("publish a supplementary list", _supplement, _number_to_come, ready=_more_experts,
         apart=("programme_conflict",)),
    moves("recall_supplement", panel, olga, name="take the supplementary list back"),
    Step("draw the supplementary list", _draw_more, version_of(panel), ready=_published_again),
    moves("issue", decision, leader, name="issue the final list", ready=_decided),
    Step("letters to applicants", _letters),
)  # fmt: skip
