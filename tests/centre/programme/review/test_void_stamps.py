"""An application whose stamp no longer holds: its panel goes on without it; it comes back with a new stamp alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pingjiang.centre.casework import history, service
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import Application, Panel, Review, Section
from pingjiang.centre.programme.review import results, sheets
from pingjiang.centre.programme.seals import standing_seal
from pingjiang.centre.programme.services import calls, decisions, panels
from tests.centre.cast import Cast
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.deciding import play as deciding
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db
WHY = "盖章后内容被改动，另行核查"


def harm(application: Application) -> None:
    """A byte changed in the database, past every page."""
    row = Section.objects.get(application=application, name="plan")
    Section.objects.filter(pk=row.pk).update(content=row.content.replace("示例", "示列"))


def under_review(cast: Cast, count: int = 3) -> tuple[Play, list[Application], Panel]:
    """A drawn panel over some applications, of which the first is the firm's own and came by its way."""
    play = plays.begin(cast)
    made = panel_play.many(play, count)
    return play, made, panel_play.panel(play, "drawn", made)


def signed(panel: Panel) -> None:
    for each in Review.objects.filter(panel=panel).order_by("pk"):
        panel_play.sign(each)


def state(application: Application) -> str:
    return plays.fresh(application).case.state


def test_the_lock_names_what_has_a_void_stamp_and_what_to_do(cast: Cast) -> None:
    play, made, panel = under_review(cast)
    signed(panel)
    harm(made[1])
    with pytest.raises(Refused) as refused:
        panels.lock(panel_play.fresh(panel), play.cast.olga)
    assert refused.value.rule == "seal"
    zh, en = refused.value.words
    assert made[1].case.title in zh and "退回重新盖章" in zh
    assert made[1].case.title in en and "send it back for a new stamp" in en
    assert panel_play.fresh(panel).case.state == "drawn"


def test_the_panel_locks_without_it_and_ranks_the_others(cast: Cast) -> None:
    play, made, panel = under_review(cast)
    signed(panel)
    harm(made[0])
    service.perform(plays.fresh(made[0]).case, "restamp", play.cast.olga, WHY)
    assert state(made[0]) == "resealing" and panel.entries.get(application=made[0]).left_out == WHY
    panels.lock(panel_play.fresh(panel), play.cast.olga)
    found = results.of(panel_play.fresh(panel))
    assert found is not None and {line.application for line in found.lines} == {each.pk for each in made[1:]}
    assert [state(each) for each in made] == ["resealing", "reviewed", "reviewed"]
    assert results.of_application(plays.fresh(made[0])) is None
    olga = Client()
    olga.force_login(play.cast.olga.user)
    assert WHY in olga.get(reverse("panel", args=[panel.case_id])).text
    assert history.verify().whole


def test_experts_who_are_still_writing_have_it_no_more(cast: Cast) -> None:
    play, made, panel = under_review(cast)
    review = panel_play.review(play, "writing", panel)
    harm(made[0])
    service.perform(plays.fresh(made[0]).case, "restamp", play.cast.olga, WHY)
    assert made[0] not in sheets.to_write(panel_play.review_of(review))
    expert = Client()
    expert.force_login(review.expert.membership.user)
    assert expert.get(reverse("review-sheet", args=[review.case_id, made[0].case_id])).status_code == 404
    assert expert.get(reverse("review-sheet", args=[review.case_id, made[1].case_id])).status_code == 200


def test_a_stamp_that_holds_is_not_given_anew(cast: Cast) -> None:
    play, made, _panel = under_review(cast, 1)
    with pytest.raises(Refused) as refused:
        service.perform(plays.fresh(made[0]).case, "restamp", play.cast.olga, WHY)
    assert refused.value.rule == "void"


def stamped_anew(play: Play, application: Application) -> None:
    """The district stamps what it says now; the officer checks and accepts it."""
    plays.stamp(play, plays.fresh(application))
    service.perform(plays.fresh(application).case, "reseal", play.district)
    with pytest.raises(Refused) as unchecked:
        service.perform(plays.fresh(application).case, "accept", play.cast.olga)
    assert unchecked.value.rule == "checked"  # what was checked before is another text
    plays.check(play, application)
    service.perform(plays.fresh(application).case, "accept", play.cast.olga)


def test_stamped_anew_it_needs_another_panel_whether_the_old_one_sits_or_has_locked(cast: Cast) -> None:
    """The old panel marked another text: neither its draw nor its lock counts for what is stamped now."""
    play, made, panel = under_review(cast, 2)
    harm(made[0])
    with pytest.raises(Refused) as unstamped:
        service.perform(plays.fresh(made[0]).case, "finish_review", play.cast.olga)
    assert unstamped.value.rule == "seal"
    service.perform(plays.fresh(made[0]).case, "restamp", play.cast.olga, WHY)
    with pytest.raises(Refused) as void:
        service.perform(plays.fresh(made[0]).case, "reseal", play.district)
    assert void.value.rule == "seal"
    stamped_anew(play, made[0])
    assert standing_seal(plays.fresh(made[0])) is not None
    with pytest.raises(Refused) as undrawn:
        service.perform(plays.fresh(made[0]).case, "begin_review", play.cast.olga)
    assert undrawn.value.rule == "drawn"
    again = panel_play.panel(play, "drawn", [plays.fresh(made[0])])  # while the first still sits
    assert state(made[0]) == "reviewing" and made[0] in sheets.live(again) and made[0] not in sheets.live(panel)
    signed(panel)
    panels.lock(panel_play.fresh(panel), play.cast.olga)
    assert [state(each) for each in made] == ["reviewing", "reviewed"]
    signed(again)
    panels.lock(panel_play.fresh(again), play.cast.olga)
    assert state(made[0]) == "reviewed"
    line = results.of_application(plays.fresh(made[0]))
    assert line is not None and line[0].panel == again.pk


def test_its_days_run_and_it_lapses_where_nobody_stamps_it(cast: Cast) -> None:
    play, made, _panel = under_review(cast, 1)
    harm(made[0])
    service.perform(plays.fresh(made[0]).case, "restamp", play.cast.olga, WHY)
    calls.pass_time()
    assert state(made[0]) == "resealing"
    made[0].case.clocks.filter(ended_on=None).update(started_on="2020-01-01", resumed_on="2020-01-01")
    with pytest.raises(Refused) as late:
        service.perform(plays.fresh(made[0]).case, "reseal", play.district)
    assert late.value.rule == "correction deadline"
    calls.pass_time()
    assert state(made[0]) == "lapsed"


def test_a_pack_is_tabled_without_what_was_sent_back(cast: Cast) -> None:
    """The same after the lock: tabling names it; sent back it waits, named with its reason, and the rest is tabled."""
    table = deciding.begin(cast)
    pack = deciding.decision(table, "drafting")
    harm(table.applications[0])
    decisions.propose(pack, table.olga, deciding.proposals(pack))
    with pytest.raises(Refused) as refused:
        service.perform(deciding.fresh(pack).case, "table", table.olga)
    assert refused.value.rule == "seal" and table.applications[0].case.title in refused.value.words[0]
    service.perform(plays.fresh(table.applications[0]).case, "restamp", table.olga, WHY)
    said = deciding.proposals(pack)
    decisions.propose(deciding.fresh(pack), table.olga, said, {table.applications[0].pk: WHY})
    decisions.renew(deciding.fresh(pack), table.olga)
    (left,) = deciding.items(deciding.fresh(pack))
    assert left.application_id == table.applications[1].pk
    service.perform(deciding.fresh(pack).case, "table", table.olga)
    assert [state(each) for each in table.applications] == ["resealing", "proposed"]
