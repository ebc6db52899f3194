"""Conflicts before the draw: employers by year at the limit of the pack, teams, lakes, rulings."""

from __future__ import annotations

import json
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from pingjiang.centre.casework import service
from pingjiang.centre.casework.models import Notice
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence import ties as lakes
from pingjiang.centre.evidence.ties import Looked, Tie
from pingjiang.centre.programme.models import Conflict, Employment, Panel
from pingjiang.centre.programme.review import conflicts, seating
from pingjiang.centre.programme.services import experts, panels
from pingjiang.identifiers import complete_credit_code
from tests.centre.cast import Cast
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.panel_play import actor_of

pytestmark = pytest.mark.django_db


def panel_of(cast: Cast) -> Panel:
    play = plays.begin(cast)
    panel_play.pool(play)
    return panel_play.composed(play, [plays.application(play, "accepted")])


@pytest.mark.parametrize(("ago", "found"), [(4, False), (3, True), (2, True), (0, True), (None, True)])
def test_an_employer_counts_as_far_back_as_the_pack_reaches(cast: Cast, ago: int | None, found: bool) -> None:
    """Three years: left four years ago is free, three years ago is not; who is still there is not."""
    panel = panel_of(cast)
    (expert, *_rest) = seating.candidates(panel)
    year = timezone.localdate().year
    until = None if ago is None else year - ago
    experts.employed(expert, actor_of(expert), {"name": cast.firm.name_zh, "since": year - 9, "until": until})
    rows = panels.look(panel, cast.olga)
    assert [(row.expert_id, row.ground, row.certain) for row in rows] == (
        [(expert.pk, "employer", True)] if found else []
    )


def test_one_of_the_team_works_where_the_expert_does(cast: Cast) -> None:
    panel = panel_of(cast)
    (expert, *_rest) = seating.candidates(panel)
    experts.employed(expert, actor_of(expert), {"name": "示例单位", "since": 2020})  # as the team's sheet names it
    (row,) = panels.look(panel, cast.olga)
    assert row.ground == "employer" and "示例单位" in row.reason_zh and "任职年份" in row.source_zh


def test_another_code_is_another_organisation_whatever_the_name(cast: Cast) -> None:
    panel = panel_of(cast)
    cast.firm.credit_code = complete_credit_code("91320506", "MA1MYTP0").code
    cast.firm.save()
    (expert, *_rest) = seating.candidates(panel)
    said = {"name": cast.firm.name_zh, "since": 2020, "credit_code": complete_credit_code("91320506", "MA1MYTP1").code}
    experts.employed(expert, actor_of(expert), said)
    assert panels.look(panel, cast.olga) == []
    experts.employed(expert, actor_of(expert), {**said, "since": 2021, "credit_code": ""})
    assert len(panels.look(panel, cast.olga)) == 1


@pytest.mark.parametrize("by", ["expert", "officer"])
def test_a_corrected_employer_is_reckoned_anew_until_the_list_is_published(cast: Cast, by: str) -> None:
    panel = panel_of(cast)
    (expert, *_rest) = seating.candidates(panel)
    actor = actor_of(expert) if by == "expert" else cast.olga
    row = experts.employed(expert, actor, {"name": cast.firm.name_zh, "since": 2020})
    assert len(panels.look(panel, cast.olga)) == 1
    experts.correct_employment(row, actor, {"name": "另一公司", "since": 2020}, "误记单位")
    assert not Conflict.objects.filter(panel=panel).exists()
    experts.correct_employment(row, actor, {"name": cast.firm.name_zh, "since": 2020}, "原记无误")
    assert Conflict.objects.get(panel=panel).expert == expert
    ended = {"name": cast.firm.name_zh, "since": 2001, "until": timezone.localdate().year - 4}
    experts.correct_employment(row, actor, ended, "早已离职")
    assert not Conflict.objects.filter(panel=panel).exists()
    added = experts.employed(expert, actor, {"name": cast.firm.name_zh, "since": 2024})
    assert Conflict.objects.filter(panel=panel).exists()
    experts.strike_employment(added, actor, "误记")
    assert not Conflict.objects.filter(panel=panel).exists() and expert.employments.count() == 1
    last = panel.case.events.filter(kind="conflicts looked for").latest("number")
    assert last.actor is None and expert.code in last.after


def test_of_a_published_list_a_correction_takes_nothing_back(cast: Cast) -> None:
    panel = panel_of(cast)
    (expert, *_rest) = seating.candidates(panel)
    row = experts.employed(expert, actor_of(expert), {"name": cast.firm.name_zh, "since": 2020})
    panels.look(panel, cast.olga)
    panels.publish(panel, cast.olga)
    text = Panel.objects.get(pk=panel.pk).list_text
    experts.strike_employment(row, actor_of(expert), "误记")
    assert Conflict.objects.filter(panel=panel).count() == 1
    assert Panel.objects.get(pk=panel.pk).list_text == text


def test_a_correction_has_its_reason_and_its_history_and_the_officer_is_told(cast: Cast) -> None:
    panel = panel_of(cast)
    (expert, other, *_rest) = seating.candidates(panel)
    row = experts.employed(expert, cast.olga, {"name": "甲所", "since": 2015})
    said = {"name": "甲所", "since": 2015, "until": 2024}
    for reason, what, rule in (("", said, "note"), ("离职", {**said, "until": None}, "same")):
        with pytest.raises(Refused) as error:
            experts.correct_employment(row, actor_of(expert), what, reason)
        assert error.value.rule == rule
    with pytest.raises(Http404):
        experts.correct_employment(row, actor_of(other), said, "别人的")
    with pytest.raises(ValidationError):
        experts.correct_employment(row, actor_of(expert), {**said, "until": 2014}, "倒置")
    experts.correct_employment(row, actor_of(expert), said, "2024 年离职")
    (event,) = experts.corrections(expert)
    assert (json.loads(event.before)["until"], json.loads(event.after)["until"]) == (None, 2024)
    assert event.note == "2024 年离职" and event.actor == expert.membership.user
    assert Notice.objects.filter(to=cast.olga.user, subject_zh__contains="更正了任职单位").count() == 1
    experts.strike_employment(Employment.objects.get(pk=row.pk), cast.olga, "整段误记")
    assert [each.kind for each in experts.corrections(expert)] == ["employment struck", "employment corrected"]
    assert Notice.objects.filter(subject_zh__contains="更正了任职单位").count() == 1


def tie(panel: Panel, *, certain: bool, how: str = "invented for") -> Looked:
    (expert, *_rest) = seating.candidates(panel)
    entry = panel.entries.get()
    whose = ("某中心", "A centre")
    row = Tie(str(expert.pk), str(entry.application_id), "co_inventor", how, certain, "", 2023, whose, "R2026.11-1")
    return Looked((row,), ("某中心 R2026.11-1",), ("另一中心",))


def test_a_namesake_waits_for_a_word_and_the_word_holds(cast: Cast) -> None:
    panel = panel_of(cast)
    with mock.patch.object(lakes, "ties", return_value=tie(panel, certain=False)):
        (row,) = panels.look(panel, cast.olga)
        assert not row.certain and row.source_zh == "某中心的数据湖 R2026.11-1" and "2023" in row.reason_zh
        with pytest.raises(Refused) as refused:
            panels.publish(panel_play.fresh(panel), cast.olga)
        assert refused.value.rule == "ruled"
        with pytest.raises(Refused):
            panels.rule(Conflict.objects.get(panel=panel), cast.olga, excludes=False, reason=" ")
        panels.rule(Conflict.objects.get(panel=panel), cast.olga, excludes=True, reason="查明是同一人")
        panels.rule(Conflict.objects.get(panel=panel), cast.olga, excludes=False, reason="出生年份不同，不是同一人")
        panels.publish(panel_play.fresh(panel), cast.olga)
    made = panel_play.fresh(panel)
    assert "excluded" not in made.list_text
    unknown = [each.label[0] for each in conflicts.coverage(made) if each.unknown]
    assert "共同发明人" in unknown  # one lake could not be read, and the page says so


def test_a_certain_match_is_not_for_anybody_to_waive(cast: Cast) -> None:
    panel = panel_of(cast)
    with mock.patch.object(lakes, "ties", return_value=tie(panel, certain=True, how="invented with")):
        (row,) = panels.look(panel, cast.olga)
        with pytest.raises(Refused) as refused:
            panels.rule(row, cast.olga, excludes=False, reason="无妨")
        assert refused.value.rule == "certain"
        panels.publish(panel_play.fresh(panel), cast.olga)
    assert f"{row.expert.code} | excluded: 共同发明人" in panel_play.fresh(panel).list_text


def test_a_declaration_that_was_ended_excludes_nobody(cast: Cast) -> None:
    panel = panel_of(cast)
    (expert, *_rest) = seating.candidates(panel)
    said = experts.declare(expert, actor_of(expert), "kinship", organisation=cast.firm.name_zh)
    assert len(panels.look(panel, cast.olga)) == 1
    experts.end_declaration(said, actor_of(expert), "亲属已离职")
    assert panels.look(panel, cast.olga) == []


def test_an_officer_s_declaration_is_not_the_expert_s_to_end(cast: Cast) -> None:
    panel = panel_of(cast)
    (expert, *_rest) = seating.candidates(panel)
    said = experts.declare(expert, cast.olga, "supervision", organisation=cast.firm.name_zh)
    with pytest.raises(Refused):
        experts.end_declaration(said, actor_of(expert), "不实")
    experts.end_declaration(said, cast.olga, "误记")


def test_too_few_candidates_are_refused_before_the_list_goes_out(cast: Cast) -> None:
    play = plays.begin(cast)
    panel_play.pool(play, 1)  # technology has two seats
    made = panel_play.composed(play, [plays.application(play, "accepted")])
    panels.look(made, cast.olga)
    with pytest.raises(Refused) as refused:
        panels.publish(panel_play.fresh(made), cast.olga)
    assert refused.value.rule == "enough"


def test_what_was_declared_after_the_look_keeps_the_list_in(cast: Cast) -> None:
    """Also where whoever declared it was cut off before conflicts were reckoned anew, and the move is made without
    looking once more, as by a program with a token."""
    panel = panel_of(cast)
    (expert, *_rest) = seating.candidates(panel)
    panels.look(panel, cast.olga)
    with mock.patch.object(panels, "look_anew"):  # killed here
        experts.declare(expert, actor_of(expert), "kinship", organisation=cast.firm.name_zh)
    with pytest.raises(Refused) as refused:
        service.perform(panel_play.fresh(panel).case, "publish", cast.olga)
    assert refused.value.rule == "ruled"
    panels.publish(panel_play.fresh(panel), cast.olga)  # looks once more
    assert f"{expert.code} | excluded" in panel_play.fresh(panel).list_text
