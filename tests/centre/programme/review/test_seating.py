"""Who sits on a panel, whatever happened since the draw; and what keeps a panel from locking."""

from __future__ import annotations

import random

import pytest

from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import Application, Expert, OpenedReview, Panel, Review, Sheet
from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.review import results, seating, sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.centre.programme.services import experts, panels, reviews
from tests.centre.cast import Cast
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.panel_play import actor_of

pytestmark = pytest.mark.django_db


def by_the_script(panel: Panel) -> set[str]:
    """Who is seated as anybody reckons it from the public page: list, number, codes of who has left."""
    rules = drawing.DrawRules(5, True, 6)
    drawn = drawing.draw(panel.list_text, panel.public_number, rules)
    gone = [
        drawing.Left(each.expert.code, "declined")
        for each in panel.reviews.filter(case__state__in=("declined", "excluded")).select_related("expert")
    ]
    gone += [drawing.Left(each.expert.code, "declined") for each in panel.passed_over.select_related("expert")]
    return {code for seats in drawing.seat(drawn, gone) for code in seats.seated}


@pytest.mark.parametrize("seed", range(4))
def test_whoever_leaves_in_whatever_sequence_the_script_gives_the_same_panel(cast: Cast, seed: int) -> None:
    play, chance = plays.begin(cast), random.Random(seed)
    panel_play.pool(play, 4)
    panel = panel_play.panel(play)
    for _ in range(6):
        review = chance.choice(seating.sitting(panel))
        how = chance.choice(["decline", "recuse", "exclude"])
        who = cast.olga if how == "exclude" else actor_of(review.expert)
        casework.perform(review.case, how, who, "理由")
        if chance.random() < 0.4:  # somebody in the list declares an interest meanwhile
            other = chance.choice(list(seating.candidates(panel)))
            experts.declare(other, actor_of(other), "kinship", organisation=cast.firm.name_zh)
        assert {each.expert.code for each in seating.sitting(panel)} == by_the_script(panel_play.fresh(panel))


def test_an_interest_declared_after_the_draw_is_heard_when_the_turn_comes(cast: Cast) -> None:
    play = plays.begin(cast)
    panel_play.pool(play, 4)
    panel = panel_play.panel(play)
    stratum = seating.seats(panel)[0]
    following = Expert.objects.get(code=stratum.following[0])
    experts.declare(following, actor_of(following), "kinship", organisation=cast.firm.name_zh)
    first = Review.objects.get(panel=panel, expert__code=stratum.seated[0])
    casework.perform(first.case, "decline", actor_of(first.expert))
    assert panel.passed_over.get().expert == following
    assert Review.objects.filter(panel=panel, expert__code=stratum.following[1]).exists()


def test_who_is_taken_out_of_force_is_passed_over_and_stays_so(cast: Cast) -> None:
    play = plays.begin(cast)
    panel_play.pool(play, 3)
    panel = panel_play.panel(play)
    stratum = seating.seats(panel)[0]
    following = Expert.objects.get(code=stratum.following[0])
    experts.describe(following, cast.olga, stratum=following.stratum, fields="", in_force=False, reason="出国")
    first = Review.objects.get(panel=panel, expert__code=stratum.seated[0])
    casework.perform(first.case, "decline", actor_of(first.expert))
    assert panel.passed_over.get().expert == following
    assert seating.vacant(panel)  # three of the stratum: one declined, one passed over, one sits
    experts.describe(following, cast.olga, stratum=following.stratum, fields="", in_force=True, reason="回国")
    assert seating.vacant(panel) and by_the_script(panel) == {each.expert.code for each in seating.sitting(panel)}
    assert panel.case.tasks.filter(name="vacant", done_at=None).exists()
    for review in seating.sitting(panel):
        panel_play.sign(review)
    with pytest.raises(Refused) as refused:
        panels.lock(panel, cast.olga)
    assert refused.value.rule == "all locked"


def test_a_sheet_that_was_changed_under_the_signature_stops_the_lock(cast: Cast) -> None:
    play = plays.begin(cast)
    panel = panel_play.panel(play)
    for review in seating.sitting(panel):
        panel_play.sign(review)
    sheet = Sheet.objects.filter(review__panel=panel).select_related("review__panel__case").order_by("pk")[0]
    sheets.put(sheet, Written())
    Sheet.objects.filter(pk=sheet.pk).update(sealed=sheet.sealed)
    with pytest.raises(Refused) as refused:
        panels.lock(panel, cast.olga)
    assert refused.value.rule == "untouched"
    assert not OpenedReview.objects.exists() and panel_play.fresh(panel).case.state == "drawn"


def test_nothing_is_written_after_the_signature(cast: Cast) -> None:
    play = plays.begin(cast)
    review = panel_play.review(play, "locked")
    application = review.panel.entries.get().application
    with pytest.raises(Refused) as refused:
        reviews.save(review, actor_of(review.expert), application, Written(), revision=1)
    assert refused.value.rule == "edit"


def test_nobody_else_writes_a_sheet_or_opens_one(cast: Cast) -> None:
    play = plays.begin(cast)
    review = panel_play.review(play, "writing")
    application = review.panel.entries.get().application
    for who in (cast.olga, play.leader, cast.stella):
        with pytest.raises(Refused) as refused:
            reviews.save(review, who, application, Written(), revision=0)
        assert refused.value.rule == "party"
        with pytest.raises(Refused) as refused:
            sheets.own(review, who)
        assert refused.value.rule == "sealed"


def test_what_was_withdrawn_meanwhile_is_left_out(cast: Cast) -> None:
    play = plays.begin(cast)
    applications = panel_play.many(play, 3)
    panel = panel_play.panel(play, "drawn", applications)
    first = seating.sitting(panel)[0]
    panel_play.sign(first)
    casework.perform(applications[0].case, "withdraw", cast.alice, "不申报了")
    for review in seating.sitting(panel)[1:]:
        panel_play.sign(review)
    panels.lock(panel, cast.olga)
    result = results.of(panel_play.fresh(panel))
    assert result is not None
    assert {line.application for line in result.lines} == {each.pk for each in applications[1:]}
    assert Application.objects.get(pk=applications[0].pk).case.state == "withdrawn"


def test_a_dissolved_panel_opens_nothing_and_another_may_follow(cast: Cast) -> None:
    play = plays.begin(cast)
    application = plays.application(play, "accepted")
    panel = panel_play.panel(play, "drawn", [application])
    panel_play.sign(seating.sitting(panel)[0])
    panels.dissolve(panel, play.leader, "名单有误")
    assert not OpenedReview.objects.exists() and results.of(panel_play.fresh(panel)) is None
    application = plays.fresh(application)
    assert application.case.state == "accepted"
    assert panels.waiting(cast.olga, application.call, "patent") == [application]
    again = panel_play.panel(play, "locked", [application])
    assert again.pk != panel.pk and plays.fresh(application).case.state == "reviewed"
    assert results.of_application(application) is not None


def test_an_application_is_on_one_panel_at_a_time(cast: Cast) -> None:
    play = plays.begin(cast)
    application = plays.application(play, "accepted")
    panel_play.pool(play)
    other = panel_play.composed(play, [application])
    panels.look(other, cast.olga)
    panel_play.panel(play, "published", [application])
    with pytest.raises(Refused) as refused:
        panels.publish(panel_play.fresh(other), cast.olga)
    assert refused.value.rule == "composed"


def test_a_list_is_not_taken_back_once_its_number_is_known(cast: Cast) -> None:
    panel = panel_play.panel(plays.begin(cast), "published")
    with panel_play.later(days=1, minutes=1), pytest.raises(Refused) as refused:
        casework.perform(panel.case, "recall", cast.olga, "再看看")
    assert refused.value.rule == "number unknown"
    casework.perform(panel.case, "recall", cast.olga, "漏了一位专家")
    assert panel_play.fresh(panel).list_text == ""


@pytest.mark.parametrize(
    ("seats", "rule"),
    [
        ({"technology": 1, "industry": 1, "ip": 1, "finance": 1}, "enough"),  # four
        ({"technology": 3, "industry": 1, "ip": 1, "finance": 1}, "enough"),  # six: even
        ({"technology": 3, "industry": 1, "ip": 1}, "composed"),  # five, none of finance
        ({"technology": 4, "industry": 1, "ip": 1, "finance": 1}, "enough"),  # seven, three of technology there
    ],
)
def test_seats_are_as_the_pack_asks(cast: Cast, seats: dict[str, int], rule: str) -> None:
    play = plays.begin(cast)
    panel_play.pool(play)
    made = panel_play.composed(play, [plays.application(play, "accepted")], seats)
    panels.look(made, cast.olga)
    with pytest.raises(Refused) as refused:
        panels.publish(panel_play.fresh(made), cast.olga)
    assert refused.value.rule == rule
