"""A bureau as anybody may find it: the right next step of each thing in it, and what has to be so whenever an
application moves. What is so is read from the rows, not asked of the rules that let it move."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.programme.checklist import checklist
from pingjiang.centre.programme.content.hashing import digest, text_of
from pingjiang.centre.programme.models import Application, Decision, Objection, Panel, Review, Seal, Verdict
from pingjiang.centre.programme.services import applications, districts, panels
from pingjiang.centre.programme.services.calls import Opened
from pingjiang.errors import PingjiangError
from tests.centre.cast import Cast
from tests.centre.programme import filling, panel_play, trying
from tests.centre.programme import play as plays
from tests.centre.programme.deciding import play as deciding

BUDGET, PLACES = Decimal(5_000_000), 1  # for one of the two, which ask for 4.8 million each
OPEN = ("offered", "accepted", "writing")

# ── what has to be so: of an application, as the rows stand


def stamped(it: Application) -> bool:
    """The last stamp that was handed in is on the hash of what it says now, with a scan that is kept."""
    seal = Seal.objects.filter(application=it).order_by("-pk").first()
    return seal is not None and seal.content_hash == digest(text_of(it)) and bool(seal.scan.content_id)


def checked(it: Application) -> bool:
    """The rules were run on what was handed in last, each held or was waived, and each item was found in order."""
    version, run = it.versions.first(), it.checks.first()
    if version is None or run is None or run.version_id != version.pk or version.content_hash != digest(text_of(it)):
        return False
    outcomes = {row["status"] for row in json.loads(run.outcomes)["outcomes"]}
    items = checklist(it, version)
    return outcomes <= {"pass", "waived", "expert"} and all(item.answer and item.answer.holds for item in items)


def recommended(it: Application) -> bool:
    """The district said what it thinks, and added as much as the budget counts on; it has no more than its quota."""
    said = it.recommendation
    others = Application.objects.filter(call=it.call, submitted_at__isnull=False).exclude(case__state="withdrawn")
    return bool(said.comment) and said.match == Decimal(480) and said.letter is not None and others.count() <= 2


def drawn(it: Application) -> bool:
    """A panel was drawn by a number that was due after its list was public."""
    rows = Panel.objects.filter(entries__application=it).exclude(public_number="")
    return any(row.published_at < row.due <= row.drawn_at for row in rows)  # type: ignore[operator]


def signed(it: Application) -> bool:
    """The last panel that was drawn for it has locked: five sat on it, each signed, and what was opened was signed."""
    panel = Panel.objects.filter(entries__application=it).exclude(public_number="").order_by("-pk").first()
    if panel is None or panel.case.state not in ("locked", "drawn") or not panel.lock_hash:
        return False
    reviews = list(Review.objects.filter(panel=panel, case__state="locked").select_related("opened"))
    return len(reviews) == 5 and all(digest(each.opened.content) == each.sheet_hash for each in reviews)


def _verdict(it: Application, state: str) -> Verdict | None:
    """What the last session said of it, where its last decision stands in a state."""
    decision = Decision.objects.filter(items__application=it).order_by("-pk").first()
    if decision is None or decision.case.state != state:
        return None
    return Verdict.objects.filter(item__application=it, item__decision=decision).order_by("-pk").first()


def tabled(it: Application) -> bool:
    """Its last decision has been tabled, with a proposal and a reason for it."""
    decision = Decision.objects.filter(items__application=it).order_by("-pk").first()
    if decision is None or decision.case.state != "tabled":
        return False
    item = decision.items.get(application=it)
    return bool(item.proposal and item.proposed_reason)


def decided(it: Application) -> bool:
    """A session with its minutes approved it, the notice has run its days, and nobody's objection is open."""
    verdict = _verdict(it, "final")
    if verdict is None or verdict.kind not in ("approve", "amend") or not verdict.session.minutes_number:
        return False
    decision = verdict.session.decision
    over = decision.notice_until is not None and timezone.localdate() > decision.notice_until
    return (
        over and not Objection.objects.filter(decision=decision, case__state__in=("received", "investigating")).exists()
    )


def affordable(_it: Application) -> bool:
    """All that was ever approved is no more than there is, in money and in places."""
    there = Application.objects.filter(case__state="approved")
    given = [verdict.amount for each in there if (verdict := _verdict(each, "final")) and verdict.amount is not None]
    return sum(given) <= BUDGET and there.count() <= PLACES


def refused(it: Application) -> bool:
    """A final list says that it gets nothing."""
    verdict = _verdict(it, "final")
    return verdict is not None and verdict.kind == "reject"


def put_off(it: Application) -> bool:
    """A final list says that it waits."""
    verdict = _verdict(it, "final")
    return verdict is not None and verdict.kind == "defer"


Truth = Callable[[Application], bool]
# State → what has to be so when an application comes to it by a step forward.
WANTED: dict[str, tuple[Truth, ...]] = {
    "submitted": (stamped, recommended), "accepted": (stamped, checked), "reviewing": (stamped, drawn),
    "reviewed": (stamped, signed), "proposed": (stamped, checked, signed, tabled),
    "approved": (stamped, checked, signed, decided, affordable), "not_funded": (refused,), "deferred": (put_off,),
}  # fmt: skip
BACK = {"take_back", "return", "return_again", "leave_review", "untable", "review_again"}
BY_TIME = ("lapse", "call_off")
BUREAU, EITHER = ("programme_officer",), ("programme_officer", "decision_maker")
# Move → the roles of who makes it.
MADE_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("send", "take_back", "resend", "withdraw"), ("member_user",)),
    **dict.fromkeys(("return", "recommend", "return_again", "reseal"), ("district_officer",)),
    **dict.fromkeys(("correct", "accept", "reject", "begin_review", "finish_review", "propose"), BUREAU),
    **dict.fromkeys(("review_again", "restamp"), BUREAU),
    **dict.fromkeys(("approve", "not_fund", "defer"), ("decision_maker",)),
    **dict.fromkeys(("leave_review", "untable"), EITHER), **dict.fromkeys(BY_TIME, ("",)),
}  # fmt: skip


def made_by(event: Event, it: Application) -> bool:
    """Whether a move was made by one of those who may: a role, and whose people they are."""
    move = str(json.loads(event.after)["move"])
    if event.membership is None:
        return move in BY_TIME
    house = event.membership.organisation
    theirs = {
        "member_user": house == it.case.owner, "district_officer": house.district_id == it.district_id,
        "programme_officer": house == it.case.authority and "patent" in event.membership.tracks,
        "decision_maker": house == it.case.authority,
    }  # fmt: skip
    return event.role in MADE_BY[move] and theirs[event.role]


# ── the bureau


class Bureau:
    """A call with two drafts on it, a pool of experts, and everybody."""

    def __init__(self, cast: Cast) -> None:
        self.play = play = plays.begin(cast)
        self.call = plays.call(play, tracks=[Opened("patent", filling.PACK, filling.VERSION, BUDGET, PLACES, 2)])
        self.owners = (cast.alice, cast.charlie)
        for actor in self.owners:
            plays.fill(applications.begin(self.call, actor, "patent", f"{actor.user.name} 的申报"), actor)
        experts = {each.code: panel_play.actor_of(each) for each in panel_play.pool(play, each=2)}
        self.people: dict[str, Actor] = {**trying.everybody(play), **experts}
        self.days = 0.0
        self.told = 0  # the last event whose move was looked at

    def attempt(self, do: Callable[[], object]) -> str:
        """Do something, or be refused; then look at every move that an application has made. '' or what refused."""
        answer = ""
        with panel_play.later(days=self.days):
            try:
                do()
            except (PingjiangError, ValidationError, Http404) as refusal:
                answer = getattr(refusal, "rule", type(refusal).__name__)
            self.look()
        return answer

    def look(self) -> None:
        """Each move since the last look was made by who may, and what it needs is so."""
        moves = Event.objects.filter(number__gt=self.told, kind="move", case__workflow="application")
        for event in moves.select_related("membership__organisation").order_by("number"):
            self.told = event.number
            it = plays.fresh(Application.objects.get(case=event.case_id))
            said = json.loads(event.after)
            assert made_by(event, it), (said["move"], event.role, str(event.membership))
            for truth in () if said["move"] in BACK else WANTED.get(said["state"], ()):
                assert truth(it), (said["move"], truth.__name__)

    def all(self) -> list[Application]:
        """The applications, as they are now."""
        return [plays.fresh(each) for each in Application.objects.order_by("pk")]

    @property
    def panel(self) -> Panel | None:
        """The panel that is at work."""
        rows = Panel.objects.select_related("case__owner", "call__case")
        return rows.exclude(case__state__in=("locked", "dissolved")).order_by("-pk").first()

    @property
    def decision(self) -> Decision | None:
        """The last decision."""
        return Decision.objects.select_related("case__owner", "call__case").order_by("-pk").first()

    def cases(self) -> list[Case]:
        """All cases that there are."""
        return list(Case.objects.order_by("pk"))

    # ── the right next step, with all that it needs

    def advance_application(self, which: int) -> None:
        """Send, put forward, accept."""
        made, play = self.all()[which], self.play
        state = made.case.state
        if state in ("draft", "supplement"):
            applications.send(made, self.owners[which])
        elif state in ("district", "resealing"):
            plays.recommend(play, made)
            row = plays.fresh(made).recommendation
            districts.recommend(made, play.district, {"rank": which + 1}, revision=row.revision)
            service.perform(made.case, "recommend" if state == "district" else "reseal", play.district)
        elif state == "submitted":
            plays.check(play, made)
            service.perform(made.case, "accept", play.cast.olga)

    def advance_panel(self) -> None:
        """Make one up of all that waits, publish, draw, sign; lock."""
        olga, found = self.play.cast.olga, self.panel
        waiting = [each for each in self.all() if each.case.state == "accepted"]
        if found is None:
            if waiting:
                panels.look(panel_play.composed(self.play, waiting), olga)
        elif found.case.state == "draft":
            panels.publish(found, olga)
        elif found.case.state == "published":
            self.days += 1.01
            with panel_play.later(days=1.01):
                panels.draw(found, olga, panel_play.NUMBER)
        else:
            rows = Review.objects.filter(panel=found, case__state__in=OPEN).order_by("pk")
            for review in rows.select_related("case", "expert__membership__user"):
                if review.case.state == "accepted":
                    service.perform(review.case, "begin", panel_play.actor_of(review.expert))
                panel_play.sign(review)
            panels.lock(found, olga)

    def advance_decision(self, first: str = "approve", second: str = "defer") -> None:
        """Prepare a pack, table it, decide, publish the notice, issue the list."""
        found, table = self.decision, deciding.Table(self.play, self.call, self.all())
        if found is None or found.case.state in ("final", "withdrawn"):
            deciding.prepared(table)
            return
        step = {"drafting": "table", "tabled": "decide", "decided": "publicise", "publicity": "issue"}[found.case.state]
        deciding.take(table, found, step, (first, second)[: found.items.count()])
