"""Calls and applications: every role, and time, tries every move in every state: what may be done, what is refused by
which rule, what is not even seen."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.programme.models import Application, CallTrack, Review, Section
from pingjiang.centre.programme.services import applications, calls, checks, districts, drafts
from pingjiang.centre.programme.workflow import APPLICATION, CALL
from tests.centre.cast import Cast, person
from tests.centre.programme import filling, panel_play, trying
from tests.centre.programme import play as plays
from tests.centre.programme.deciding import play as deciding
from tests.centre.programme.play import Play
from tests.centre.programme.trying import Built, Matrix, Situation

pytestmark = pytest.mark.django_db

# ── calls


def call_in(state: str, **said: Any) -> Callable[[Cast], Built]:
    def build(cast: Cast) -> Built:
        play = plays.begin(cast)
        return play, plays.call(play, state, **said).case

    return build


def closed_in_checking(cast: Cast) -> Built:
    """One of a district is checked, another still lies with it."""
    play = plays.begin(cast)
    found = plays.application(play, "submitted")
    checks.run(found, play.cast.olga)
    plays.application(play, "district", on=found.call)
    plays.close(found.call)
    return play, Case.objects.get(pk=found.call.case_id)


def call_with_experts(cast: Cast) -> Built:
    play = plays.begin(cast)
    panel = panel_play.panel(play, "drawn")
    return play, Case.objects.get(pk=panel.call.case_id)


MORE_TIME = {name: timezone.now() + datetime.timedelta(days=40) for name in ("closes_at", "seals_until")}
OFFICERS = {"programme_officer": "officer", "both tracks": "officer"}
LONGER = {"extend_districts": {"seals_until": timezone.now() + datetime.timedelta(days=60)}}
EDITORS, HOUSE = dict.fromkeys(OFFICERS, "editor"), {"editor", "approver", "auditor"}
CALLS = Matrix(
    CALL,
    {
        **{state.name: Situation(state.name, call_in(state.name)) for state in CALL.states},
        "draft, no guide": Situation("draft", call_in("draft", guide=" ")),
        "review, past": Situation("review", call_in("review"), days=40),
        "open, past": Situation("open", call_in("open"), days=40),
        "open, with experts": Situation("open", call_with_experts),
        "open, more time": Situation("open", call_in("open"), given={"extend": MORE_TIME}),
        "closed, more time": Situation("closed", call_in("closed"), given=LONGER),
        "closed, checking": Situation("closed", closed_in_checking, given=LONGER),
        "closed, past": Situation("closed", call_in("closed"), days=40, given=LONGER),
    },
    {
        ("editor", "draft"): {"submit": "", "discard": ""},
        ("approver", "draft"): {"publish": "", "discard": ""},
        ("editor", "draft, no guide"): {"submit": "complete", "discard": ""},
        ("approver", "draft, no guide"): {"publish": "complete", "discard": ""},
        ("approver", "review"): {"back": "", "publish": ""},
        ("approver", "review, past"): {"back": "", "publish": "complete"},
        ("approver", "open"): {"withdraw": "", "extend": "later"},
        ("approver", "open, with experts"): {"withdraw": "reviewed", "extend": "later"},
        ("approver", "open, more time"): {"withdraw": "", "extend": ""},
        ("approver", "open, past"): {"withdraw": "", "extend": "later"},
        ("clock", "open"): {"close": "over"},
        ("clock", "open, more time"): {"close": "over"},
        ("clock", "open, with experts"): {"close": "over"},
        ("clock", "open, past"): {"close": ""},
        ("approver", "closed"): {"extend_districts": "later"},
        ("approver", "closed, more time"): {"extend_districts": ""},
        ("approver", "closed, checking"): {"extend_districts": "checking"},
        ("approver", "closed, past"): {"extend_districts": "later"},
        **{("clock", f"closed{each}"): {"end": "over"} for each in ("", ", more time", ", checking")},
        ("clock", "closed, past"): {"end": ""},
    },
    {
        **dict.fromkeys(("draft", "review", "discarded"), HOUSE),
        **dict.fromkeys(("open", "closed", "ended", "withdrawn"), HOUSE | {trying.NOBODY}),
    },
    {**EDITORS, "decision_maker": "approver", "steward": "auditor"},
)  # fmt: skip


@pytest.mark.parametrize("situation", CALLS.params)
def test_calls(cast: Cast, situation: str) -> None:
    CALLS.check(cast, situation)


def test_a_call_of_both_tracks_is_every_officers(cast: Cast) -> None:
    play = plays.begin(cast)
    both = person("Otto", cast.bureau, "programme_officer", ["patent", "copyright"])
    tracks = [calls.Opened(each, filling.PACK, filling.VERSION, Decimal(1), 1) for each in ("patent", "copyright")]
    case = calls.draft(both, "两类通知", plays.times(), tracks).case
    for name, tracks_of in (("Pia", ["patent"]), ("Cora", ["copyright"])):
        actor = person(name, cast.bureau, "programme_officer", tracks_of)
        assert trying.told(case, "submit", actor, None) == "→ review"
    assert trying.told(case, "submit", play.leader, None) == "party"


# ── applications


def made(state: str, then: Callable[[Play, Application], object] | None = None, **changed: Any
         ) -> Callable[[Cast], Built]:  # fmt: skip
    """An application brought to a state, and something done with it."""

    def build(cast: Cast) -> Built:
        play = plays.begin(cast)
        found = plays.application(play, state, **changed)
        if then is not None:
            then(play, found)
        return play, plays.fresh(found).case

    return build


def district_says(**said: Any) -> Callable[[Play, Application], None]:
    """The district has done all, and then says something else."""

    def then(play: Play, found: Application) -> None:
        plays.recommend(play, found)
        districts.recommend(found, play.district, said, revision=plays.fresh(found).recommendation.revision)

    return then


def call_gone(_play: Play, found: Application) -> None:
    """Its call is withdrawn past the pages: it was begun at that instant."""
    Case.objects.filter(pk=found.call.case_id).update(state="withdrawn")


def call_withdrawn(play: Play, found: Application) -> None:
    service.perform(found.call.case, "withdraw", play.leader, "指南有误")


def unstamped(play: Play, found: Application) -> None:
    said = {"comment": "同意推荐。", "rank": 1, "match": Decimal(480), "policy": "示例"}
    districts.recommend(found, play.district, said, revision=0)
    districts.add_letter(found, play.district, [filling.PDF], "承诺函.pdf")


def quota_is_full(play: Play, found: Application) -> None:
    """Another of its district has been put forward, and one is the most."""
    plays.take(play, plays.application(play, "district", on=found.call), "recommend")
    CallTrack.objects.filter(call=found.call).update(district_quota=1)
    plays.recommend(play, found)


def unanswered(play: Play, found: Application) -> None:
    checks.run(found, play.cast.olga)


def harmed(_play: Play, found: Application) -> None:
    """A byte changed in the database, past every page."""
    row = Section.objects.get(application=found, name="plan")
    Section.objects.filter(pk=row.pk).update(content=row.content.replace("示例", "示列"))


def written(section: str, **content: Any) -> Callable[[Play, Application], None]:
    """The applicant has written something else."""

    def then(play: Play, found: Application) -> None:
        row = found.sections.get(name=section)
        said = {**filling.content()[section], **content}
        drafts.save(found, play.cast.alice, section, said, revision=row.revision)

    return then


def changed_and_resent(play: Play, found: Application) -> None:
    written("goals", text="目标有改动。")(play, found)
    applications.send(plays.fresh(found), play.cast.alice)


def few(play: Play, found: Application) -> None:
    written("clustered", bodies="100")(play, found)


def on_panel(state: str, *, signed: bool = False, harm: bool = False) -> Callable[[Cast], Built]:
    def build(cast: Cast) -> Built:
        play = plays.begin(cast)
        panel = panel_play.panel(play, state)
        for review in Review.objects.filter(panel=panel) if signed else ():
            panel_play.sign(review)
        found = panel.entries.get().application
        if harm:
            harmed(play, found)
        return play, plays.fresh(found).case

    return build


def in_pack(state: str, kind: str = "approve", *, harm: bool = False) -> Callable[[Cast], Built]:
    """The first of a pack of which the decision stands in a state."""

    def build(cast: Cast) -> Built:
        table = deciding.begin(cast)
        deciding.decision(table, state, (kind, "approve"))
        if harm:
            harmed(table.play, table.applications[0])
        return table.play, plays.fresh(table.applications[0]).case

    return build


SITUATIONS = {
    "draft": Situation("draft", made("draft")),
    "draft, empty": Situation("draft", made("draft", written("goals", text=""))),
    "draft, 100 bodies": Situation("draft", made("draft", few)),
    "draft, late": Situation("draft", made("draft"), days=25),
    "draft, call gone": Situation("draft", made("draft", call_gone)),
    "accepted, call gone": Situation("accepted", made("accepted", call_gone)),
    "district": Situation("district", made("district", plays.recommend)),
    "district, bare": Situation("district", made("district")),
    "district, match short": Situation("district", made("district", district_says(match=Decimal("479.99")))),
    "district, unstamped": Situation("district", made("district", unstamped)),
    "district, quota full": Situation("district", made("district", quota_is_full)),
    "district, call closed": Situation("district", made("district", plays.recommend), days=25),
    "district, late": Situation("district", made("district", plays.recommend), days=40),
    "submitted": Situation("submitted", made("submitted", plays.check)),
    "submitted, unchecked": Situation("submitted", made("submitted")),
    "submitted, unanswered": Situation("submitted", made("submitted", unanswered)),
    "submitted, harmed": Situation("submitted", made("submitted", harmed)),
    "submitted, corrected": Situation("submitted", made("resealing", lambda play, it: plays.take(play, it, "reseal"))),
    "supplement": Situation("supplement", made("supplement")),
    "supplement, empty": Situation("supplement", made("supplement", written("goals", text=""))),
    "supplement, 100 bodies": Situation("supplement", made("supplement", few)),
    "supplement, late": Situation("supplement", made("supplement"), days=40),
    "resealing": Situation("resealing", made("resealing")),
    "resealing, changed": Situation("resealing", made("supplement", changed_and_resent)),
    "resealing, silent": Situation("resealing", made("resealing", district_says(comment=" "))),
    "resealing, match short": Situation("resealing", made("resealing", district_says(match=Decimal("479.99")))),
    "resealing, late": Situation("resealing", made("resealing"), days=40),
    "accepted": Situation("accepted", made("accepted")),
    "accepted, harmed": Situation("accepted", made("accepted", harmed)),
    "accepted, list published": Situation("accepted", on_panel("published")),
    "reviewing": Situation("reviewing", on_panel("drawn")),
    "reviewing, all signed": Situation("reviewing", on_panel("drawn", signed=True)),
    "reviewing, harmed": Situation("reviewing", on_panel("drawn", harm=True)),
    "reviewed": Situation("reviewed", on_panel("locked")),
    "reviewed, in a pack": Situation("reviewed", in_pack("drafting")),
    "reviewed, harmed": Situation("reviewed", in_pack("drafting", harm=True)),
    "proposed": Situation("proposed", in_pack("tabled")),
    "proposed, decided": Situation("proposed", in_pack("decided")),
    "proposed, public": Situation("proposed", in_pack("publicity")),
    "proposed, harmed": Situation("proposed", in_pack("publicity", harm=True)),
    "deferred": Situation("deferred", in_pack("final", "defer")),
    "approved": Situation("approved", in_pack("final")),
    "not_funded": Situation("not_funded", in_pack("final", "reject")),
    "rejected": Situation("rejected", made("rejected")),
    "withdrawn": Situation("withdrawn", made("withdrawn")),
    "lapsed": Situation("lapsed", made("lapsed")),
    "called_off": Situation("called_off", made("submitted", call_withdrawn)),
}  # fmt: skip
GOES, DECIDED = {"withdraw": ""}, {"approve": "final list", "not_fund": "final list", "defer": "final list"}
CHECKING, BACK_OR_ON = {"correct": "", "reject": ""}, {"return_again": ""}
ENDING = ("draft", "district", "submitted", "supplement", "resealing", "accepted")


def _ends(name: str, state: str) -> dict[str, str]:
    lapse = {} if state in ("submitted", "accepted") else {"lapse": "" if name.endswith(", late") else "time"}
    return {**lapse, "call_off": "" if name.endswith(", call gone") else "call"}


TABLE = {
    # Who applies: as long as it is not at an end, it may be withdrawn.
    ("applicant", "draft"): {"send": "", **GOES},
    ("applicant", "draft, empty"): {"send": "complete", **GOES},
    ("applicant", "draft, 100 bodies"): {"send": "eligible", **GOES},
    ("applicant", "draft, call gone"): {"send": "deadline", **GOES},
    ("applicant", "draft, late"): {"send": "deadline", **GOES},
    ("applicant", "district"): {"take_back": "", **GOES},
    **{("applicant", f"district, {each}"): {"take_back": "", **GOES}
       for each in ("bare", "match short", "unstamped", "quota full")},
    ("applicant", "district, call closed"): {"take_back": "deadline", **GOES},
    ("applicant", "district, late"): {"take_back": "deadline", **GOES},
    **{("applicant", f"submitted{each}"): GOES
       for each in ("", ", unchecked", ", unanswered", ", harmed", ", corrected")},
    ("applicant", "supplement"): {"resend": "", **GOES},
    ("applicant", "supplement, empty"): {"resend": "complete", **GOES},
    ("applicant", "supplement, 100 bodies"): {"resend": "eligible", **GOES},
    ("applicant", "supplement, late"): {"resend": "correction deadline", **GOES},
    **{("applicant", f"resealing{each}"): GOES for each in ("", ", changed", ", silent", ", match short", ", late")},
    **{("applicant", f"accepted{each}"): GOES for each in ("", ", harmed", ", list published", ", call gone")},
    **{("applicant", f"reviewing{each}"): GOES for each in ("", ", all signed", ", harmed")},
    **{("applicant", f"reviewed{each}"): GOES for each in ("", ", in a pack", ", harmed")},
    **{("applicant", f"proposed{each}"): GOES for each in ("", ", decided", ", public", ", harmed")},
    ("applicant", "deferred"): GOES,
    # The district of who applies.
    ("district", "district"): {"return": "", "recommend": ""},
    ("district", "district, bare"): {"return": "", "recommend": "recommendation"},
    ("district", "district, match short"): {"return": "", "recommend": "match"},
    ("district", "district, unstamped"): {"return": "", "recommend": "seal"},
    ("district", "district, quota full"): {"return": "", "recommend": "quota"},
    ("district", "district, call closed"): {"return": "deadline", "recommend": ""},
    ("district", "district, late"): {"return": "deadline", "recommend": "district deadline"},
    ("district", "resealing"): {**BACK_OR_ON, "reseal": ""},
    ("district", "resealing, changed"): {**BACK_OR_ON, "reseal": "seal"},
    ("district", "resealing, silent"): {**BACK_OR_ON, "reseal": "recommendation"},
    ("district", "resealing, match short"): {**BACK_OR_ON, "reseal": "match"},
    ("district", "resealing, late"): {"return_again": "correction deadline", "reseal": "correction deadline"},
    # The officers of the track. What panels and decisions bring about, nobody does by hand.
    ("officer", "submitted"): {**CHECKING, "accept": ""},
    ("officer", "submitted, unchecked"): {**CHECKING, "accept": "checked"},
    ("officer", "submitted, unanswered"): {**CHECKING, "accept": "checklist"},
    ("officer", "submitted, harmed"): {**CHECKING, "accept": "seal"},
    ("officer", "submitted, corrected"): {"correct": "corrected once", "accept": "checked", "reject": ""},
    ("officer", "accepted"): {"begin_review": "drawn", "restamp": "void"},
    ("officer", "accepted, call gone"): {"begin_review": "drawn", "restamp": "void"},
    ("officer", "accepted, harmed"): {"begin_review": "seal", "restamp": ""},
    ("officer", "accepted, list published"): {"begin_review": "drawn", "restamp": "void"},
    ("officer", "reviewing"): {"finish_review": "reviewed", "leave_review": "no panel", "restamp": "void"},
    ("officer", "reviewing, all signed"): {"finish_review": "reviewed", "leave_review": "no panel", "restamp": "void"},
    ("officer", "reviewing, harmed"): {"finish_review": "seal", "leave_review": "no panel", "restamp": ""},
    ("officer", "reviewed"): {"propose": "tabled", "restamp": "void"},
    ("officer", "reviewed, in a pack"): {"propose": "tabled", "restamp": "void"},
    ("officer", "reviewed, harmed"): {"propose": "seal", "restamp": ""},
    **{("officer", f"proposed{each}"): {"untable": "tabled"} for each in ("", ", decided", ", public", ", harmed")},
    ("officer", "deferred"): {"propose": "tabled", "review_again": ""},
    # The leader.
    **{("leader", f"reviewing{each}"): {"leave_review": "no panel"} for each in ("", ", all signed", ", harmed")},
    **{("leader", f"proposed{each}"): {"untable": "tabled", **DECIDED} for each in ("", ", decided", ", public")},
    ("leader", "proposed, harmed"): {"untable": "tabled", **DECIDED, "approve": "seal"},
    # Time: what it ends when it is over, and with a call that is withdrawn until the experts have it.
    **{("clock", name): _ends(name, each.state) for name, each in SITUATIONS.items() if each.state in ENDING},
}  # fmt: skip
OWN = {"applicant", "auditor"}
NEAR = OWN | {"district"}
ALL = NEAR | {"officer", "leader"}
APPLICATIONS = Matrix(
    APPLICATION, SITUATIONS, TABLE,
    {state.name: ALL for state in APPLICATION.states} | {"draft": OWN, "district": NEAR},
    {
        "member_user": "applicant", "colleague": "applicant", "own district": "district", **OFFICERS,
        "decision_maker": "leader", "steward": "auditor",
    },
)  # fmt: skip
# Made by panels as they are drawn, lock and are dissolved, and by decisions as they are tabled, withdrawn and final.
BY_OTHERS = frozenset(
    {"begin_review", "finish_review", "leave_review", "propose", "untable", "approve", "not_fund", "defer"}
)
# What only harm done past the pages brings about, once it was accepted and reviewed: see deciding/test_paths.py.
BY_HARM = frozenset((move, rule) for move in ("propose", "approve") for rule in ("checked", "checklist", "reviewed"))


@pytest.mark.parametrize("situation", APPLICATIONS.params)
def test_applications(cast: Cast, situation: str) -> None:
    """The experts of its panel, too: what they read, they read through their review, and the case is not theirs."""
    APPLICATIONS.check(cast, situation)


@pytest.mark.parametrize("panel", ["drawn", "locked"])
def test_the_experts_of_its_panel_do_not_see_the_case(cast: Cast, panel: str) -> None:
    play = plays.begin(cast)
    found = panel_play.panel(play, panel)
    case = found.entries.get().application.case
    for review in Review.objects.filter(panel=found):
        expert = panel_play.actor_of(review.expert)
        assert not access.visible_to(expert, Case).filter(pk=case.pk).exists()
        assert {trying.told(case, move.name, expert, None) for move in APPLICATION.moves} == {trying.NONE}


def test_nothing_is_left_out() -> None:
    CALLS.whole()
    APPLICATIONS.whole(untried=BY_HARM, by_others=BY_OTHERS)


def test_a_centres_application_is_its_managers_and_its_specialists(cast: Cast) -> None:
    play = plays.begin(cast)
    manager = cast.everyone["centre_manager"]
    manager.organisation.district = cast.firm.district
    manager.organisation.save()
    people = {
        "specialist": person("Cid", manager.organisation, "centre_specialist"),
        "of another centre": cast.everyone["centre_specialist"], "partner": cast.everyone["partner"],
    }  # fmt: skip
    case = applications.begin(plays.call(play), manager, "patent", "中心的申报").case
    told = {who: trying.told(case, "withdraw", actor, None) for who, actor in people.items()}
    assert told == {"specialist": "→ withdrawn", "of another centre": trying.NONE, "partner": trying.NONE}


def test_what_was_never_handed_in_is_seen_by_nobody_else_when_it_ends(cast: Cast) -> None:
    play = plays.begin(cast)
    made = plays.application(play, "draft")
    service.perform(made.case, "withdraw", play.cast.alice, "不申报了")
    people: dict[str, Actor] = trying.everybody(play)
    seen = {who for who, actor in people.items() if access.visible_to(actor, Case).filter(pk=made.case_id).exists()}
    assert seen == {"member_user", "colleague", "steward"}
