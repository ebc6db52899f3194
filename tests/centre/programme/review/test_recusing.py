"""An interest in one application keeps an expert from that one alone, where the panel goes by it: one sheet less, no
nought, and never fewer than the pack asks."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import transaction
from django.http import Http404
from django.test import Client

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import Application, Expert, OpenedReview, Panel, PanelSeat, Recusal, Review
from pingjiang.centre.programme.models.panels import OFF_THE_APPLICATION
from pingjiang.centre.programme.review import access as own
from pingjiang.centre.programme.review import recusing, results, seating, sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.centre.programme.services import experts, panels, reviews
from tests.centre.cast import Cast, person
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.panel_play import actor_of
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db
SEVEN = {"technology": 4, "industry": 1, "ip": 1, "finance": 1}
FIVE = {"technology": 2, "industry": 1, "ip": 1, "finance": 1}


def begun(cast: Cast, seats: dict[str, int], each: int, tied: int) -> tuple[Play, list[Application], list[Expert]]:
    """Two applications, a pool, and so many of its technologists tied to the firm of the first."""
    play = plays.begin(cast)
    applications = panel_play.many(play, 2)
    pool = panel_play.pool(play, each)
    found = [one for one in pool if one.stratum == "technology"][:tied]
    for one in found:
        experts.declare(one, actor_of(one), "kinship", organisation=cast.firm.name_zh, text="表弟任职于该公司")
    panel = panel_play.composed(play, applications, seats, OFF_THE_APPLICATION)
    panels.look(panel, cast.olga)
    return play, applications, found


def client(actor: Actor) -> Client:
    made = Client()
    made.force_login(actor.user)
    return made


def the_panel() -> Panel:
    return Panel.objects.select_related("case__owner", "call__case").get()


def drawn(play: Play) -> Panel:
    panels.publish(the_panel(), play.cast.olga)
    with panel_play.later(days=1, minutes=1):
        panels.draw(the_panel(), play.cast.olga, panel_play.NUMBER)
    return the_panel()


def seated(panel: Panel, who: Sequence[Expert]) -> list[Review]:
    rows = Review.objects.filter(panel=panel, expert__in=who, case__state="offered")
    return list(rows.select_related("case", "panel__case", "expert__membership__user").order_by("pk"))


def test_the_default_of_the_pack_keeps_them_off_the_panel(cast: Cast) -> None:
    play, _applications, (tied,) = begun(cast, SEVEN, 5, 1)
    Panel.objects.update(recusal="panel")
    panel = drawn(play)
    assert f"{tied.code} | excluded: 近亲属\n" in panel.list_text
    assert not Recusal.objects.exists() and not Review.objects.filter(expert=tied).exists()
    made = panels.make_up(panel.call, cast.olga, "patent", "另一专家组")
    assert made.recusal == "panel" == seating.rules_of(made).recusal


def test_who_is_tied_to_one_reviews_the_other_and_strangers_read_nothing_of_it(cast: Cast) -> None:
    play, (first, second), (tied,) = begun(cast, SEVEN, 4, 1)
    panel = drawn(play)
    assert f"\n{tied.code}\n" in panel.list_text and "excluded" not in panel.list_text
    assert "近亲属" not in Client().get(f"/public/panels/{panel.case_id}/").content.decode()
    (review,) = seated(panel, [tied])
    recusal = review.recusals.get()
    assert recusal.application == first and "近亲属：表弟任职于该公司" in recusal.reason_zh and recusal.by is None
    who = actor_of(tied)
    panel_play.begin(review)
    review.case.refresh_from_db()
    assert list(own.reviewed_by(who, review)) == [second] == sheets.to_write(review)
    page = client(who).get(f"/reviews/{review.case_id}/").content.decode()
    assert "回避，不评该项" in page
    assert client(who).get(f"/reviews/{review.case_id}/applications/{first.case_id}/").status_code == 404
    with pytest.raises(Refused) as refused:
        reviews.save(review, who, first, Written(), revision=0)
    assert refused.value.rule == "application"


def test_a_score_that_is_missing_is_no_nought(cast: Cast) -> None:
    play, (first, second), (tied,) = begun(cast, SEVEN, 4, 1)
    panel = drawn(play)
    for each in Review.objects.filter(panel=panel).order_by("pk"):
        panel_play.begin(each)
        review = Review.objects.select_related("case", "panel__case", "expert__membership__user").get(pk=each.pk)
        for application in sheets.to_write(review):
            panel_play.write_one(review, application, panel_play.written(panel, Decimal("0.8")))
        casework.perform(review.case, "lock", actor_of(review.expert))
    panels.lock(panel, cast.olga)
    opened = json.loads(OpenedReview.objects.get(review__expert=tied).content)
    assert list(opened["sheets"]) == [str(second.pk)] and opened["left_out"] == [first.pk]
    result = results.of(the_panel())
    assert result is not None
    one, other = result.line(first.pk), result.line(second.pk)
    assert one is not None and other is not None
    assert (one.valid, other.valid) == (6, 7) and tied.code not in one.points
    assert one.mean == other.mean and one.trimmed == other.trimmed and one.rank["kemeny"] is not None
    page = client(cast.olga).get(f"/panels/{panel.case_id}/results/").content.decode()
    assert "缺评" in page and "表弟任职于该公司" in page
    assert client(cast.olga).get(f"/panels/{panel.case_id}/results/?export=xlsx").status_code == 200
    assert history.verify().whole


@pytest.mark.parametrize(("tied", "passed"), [(2, 0), (3, 1), (4, 2)])
def test_who_would_make_one_fall_below_is_passed_over(cast: Cast, tied: int, passed: int) -> None:
    """Seven seats, five sheets for each: two may leave out one application, the third in order may not."""
    play, (first, _second), people = begun(cast, SEVEN, 6, tied)
    panel = drawn(play)
    out = recusing.given_up(panel)[first.pk]
    assert out <= 2 and len(seating.sitting(panel)) - out >= 5
    gone = list(panel.passed_over.select_related("expert"))
    assert all(each.expert in people and each.reason == recusing.TOO_FEW for each in gone)
    assert len(gone) <= passed
    page = Client().get(f"/public/panels/{panel.case_id}/").content.decode()
    assert "近亲属" not in page and cast.firm.name_zh not in page
    # the draw is repeated by whoever reads who was passed over
    assert {each.expert.code for each in seating.sitting(panel)} == {
        code for stratum in seating.seats(panel) for code in stratum.seated
    }


def test_all_tied_who_come_first_are_passed_over_but_two(cast: Cast) -> None:
    """All technologists of the pool but two are tied: at most two of them sit, whatever the order is."""
    play, (first, _second), _people = begun(cast, SEVEN, 6, 4)
    panel = drawn(play)
    technology = next(each for each in seating.seats(panel) if each.name == "技术")
    assert len(technology.seated) == 4 and recusing.given_up(panel)[first.pk] == 2


def test_it_is_told_before_the_list_is_out(cast: Cast) -> None:
    _play, (first, _second), _people = begun(cast, SEVEN, 4, 3)
    panel = the_panel()
    (told,) = recusing.prospects(panel)
    assert (told.application, told.worst, told.best) == (first, 4, 4)
    page = client(cast.olga).get(f"/panels/{panel.case_id}/conflicts/").content.decode()
    assert first.case.title in page and "4 至 4 份" in page
    with pytest.raises(Refused) as refused:
        panels.publish(panel, cast.olga)
    assert refused.value.rule == "enough" and "至多有 4 份有效评分" in refused.value.words[0]


def test_with_enough_free_ones_it_may_be_published(cast: Cast) -> None:
    play, (first, _second), _people = begun(cast, SEVEN, 6, 3)
    (told,) = recusing.prospects(the_panel())
    assert (told.application, told.worst, told.best) == (first, 4, 6)
    assert drawn(play).case.state == "drawn"


# ── one application left out while reviewing


def test_an_expert_leaves_one_out_and_what_was_written_of_it_is_never_opened(cast: Cast) -> None:
    play, (first, second), _people = begun(cast, SEVEN, 4, 0)
    panel = drawn(play)
    review = seated(panel, list(Expert.objects.all()))[0]
    who = actor_of(review.expert)
    panel_play.begin(review)
    panel_play.write_one(review, first, panel_play.written(panel, comment="不应启封的评语"))
    sent = {"act": "leave out", "application": first.pk, "reason": "发现曾任其顾问"}
    assert client(who).post(f"/reviews/{review.case_id}/", sent).status_code == 302
    recusal = review.recusals.get()
    assert (recusal.application, recusal.reason_zh, recusal.by) == (first, "发现曾任其顾问", who.membership)
    review = Review.objects.select_related("case", "panel__case", "expert__membership__user").get(pk=review.pk)
    panel_play.write_one(review, second, panel_play.written(panel))
    casework.perform(review.case, "lock", who)
    assert "不应启封的评语" not in sheets.text_of(review)
    assert recusing.short(panel) == []
    assert history.verify().whole


def test_five_seats_spare_none(cast: Cast) -> None:
    """One below: with five seats and five sheets to have, nobody leaves out one; with the seat they may."""
    play, (first, _second), _people = begun(cast, FIVE, 3, 0)
    panel = drawn(play)
    review = seated(panel, list(Expert.objects.all()))[0]
    with pytest.raises(Refused) as refused:
        reviews.leave_out(review, actor_of(review.expert), first, "发现有关")
    assert refused.value.rule == "valid" and not Recusal.objects.exists()
    casework.perform(review.case, "recuse", actor_of(review.expert), "发现有关")
    assert len(seating.sitting(panel)) == 5


def test_who_would_have_nothing_to_review_is_passed_over_and_the_last_is_not_left_out(cast: Cast) -> None:
    play = plays.begin(cast)
    panel_play.pool(play, 6)
    (tied,) = Expert.objects.filter(stratum="technology")[:1]
    experts.declare(tied, actor_of(tied), "kinship", organisation=cast.firm.name_zh)
    panel = panel_play.composed(play, [plays.application(play, "accepted")], SEVEN, OFF_THE_APPLICATION)
    panels.look(panel, cast.olga)
    panel = drawn(play)
    for review in Review.objects.filter(panel=panel, stratum="technology", case__state="offered"):
        assert review.expert != tied and not review.recusals.exists()
    while not panel.passed_over.exists():  # until it is the turn of who is tied
        review = Review.objects.filter(panel=panel, stratum="technology", case__state="offered").latest("place")
        casework.perform(review.case, "decline", actor_of(review.expert), "不得空")
        if seating.vacant(panel):
            break
    assert panel.passed_over.get().reason == recusing.NOTHING_LEFT
    review = Review.objects.filter(panel=panel, case__state="offered").earliest("pk")
    with pytest.raises(Refused) as refused:
        reviews.leave_out(review, actor_of(review.expert), panel.entries.get().application, "有关")
    assert refused.value.rule == "last"


def test_the_lock_holds_the_least(cast: Cast) -> None:
    """A guard behind the others: should one have too few for whatever cause, nothing is opened."""
    play, (first, _second), _people = begun(cast, FIVE, 3, 0)
    panel = drawn(play)
    for each in seating.sitting(panel):
        panel_play.sign(each)
    assert recusing.short(panel) == []
    Recusal.objects.create(review=seating.sitting(panel)[0], application=first, reason_zh="旁路", reason_en="bypass")
    assert recusing.short(panel) == [(first, 4)]
    with pytest.raises(Refused) as refused:
        panels.lock(panel, cast.olga)
    assert refused.value.rule == "all locked" and "4 份" in refused.value.words[0]


LEAVES = {("reviewer", state) for state in reviews.MAY_LEAVE} | {("programme_officer", s) for s in reviews.MAY_LEAVE}


@pytest.mark.parametrize("state", ["offered", "accepted", "writing", "locked", "declined", "excluded", "released"])
def test_who_may_leave_one_out_in_which_state(cast: Cast, state: str) -> None:
    play, (first, _second), _people = begun(cast, SEVEN, 5, 0)
    panel = drawn(play)
    made = panel_play.review(play, state, panel)
    beside = Review.objects.filter(panel=panel).exclude(pk=made.pk).order_by("pk")[0]
    other = person("Oscar", cast.bureau, "programme_officer", ["copyright"])
    everybody: dict[str, Actor] = {
        **cast.everyone, "reviewer": actor_of(made.expert), "beside": actor_of(beside.expert), "other track": other,
        "our district": play.district,
    }  # fmt: skip
    sees = {"programme_officer", "decision_maker", "steward", "reviewer"}
    for (who, actor), reason in itertools.product(everybody.items(), ("曾任顾问", " ")):
        rule = ""
        try:
            with transaction.atomic():
                reviews.leave_out(made, actor, first, reason)
                transaction.set_rollback(True)
        except Http404:
            assert who not in sees, who
            continue
        except Refused as refused:
            rule = refused.rule
        assert who in sees, who
        may = (who, state) in LEAVES
        office = who in ("reviewer", "programme_officer")
        assert rule == ("note" if may and not reason.strip() else "" if may else "edit" if office else "party"), who


def test_a_panel_that_goes_by_the_default_has_no_such_step(cast: Cast) -> None:
    play = plays.begin(cast)
    review = panel_play.review(play)
    assert PanelSeat.objects.exists()
    with pytest.raises(Refused) as refused:
        reviews.leave_out(review, actor_of(review.expert), review.panel.entries.get().application, "有关")
    assert refused.value.rule == "recusal"
    page = client(actor_of(review.expert)).get(f"/reviews/{review.case_id}/").content.decode()
    assert "回避单项申报" not in page
