"""Where a stratum is used up: a list for the vacant seats alone, with its own hash and a number to come, drawn as the
first, and both repeated by anybody."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.casework import history
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import ConflictRuling, Expert, Panel, Review
from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.review import seating
from pingjiang.centre.programme.services import experts, panels
from tests.centre.cast import Cast, person
from tests.centre.programme import panel_play
from tests.centre.programme import play as plays
from tests.centre.programme.panel_play import actor_of, later
from tests.centre.programme.play import Play

pytestmark = pytest.mark.django_db
WORDS, NUMBER = "某彩票第 2026141 期开奖号码", "090807060504"
RULES = drawing.DrawRules(0, odd=False, least_digits=6)


def client(actor: Actor | None) -> Client:
    made = Client()
    if actor is not None:
        made.force_login(actor.user)
    return made


def used_up(cast: Cast) -> tuple[Play, Panel]:
    """A drawn panel of which two of three technologists declined: a seat of two is vacant."""
    play = plays.begin(cast)
    panel = panel_play.panel(play)
    for _ in range(2):
        leave(panel, "技术")
    assert [(each.name, each.vacant) for each in seating.vacant(panel)] == [("技术", 1)]
    assert panel.case.tasks.filter(name="vacant", done_at=None).exists()
    return play, panel


def leave(panel: Panel, stratum: str) -> None:
    """Whoever sits first in a stratum declines."""
    code = next(each for each in seating.seats(panel) if each.name == stratum).seated[0]
    review = Review.objects.select_related("case", "expert__membership__user").get(panel=panel, expert__code=code)
    casework.perform(review.case, "decline", actor_of(review.expert), "不得空")


def more(cast: Cast, count: int, name: str = "增补") -> list[Expert]:
    made = []
    for n in range(count):
        place = Organisation.objects.create(kind="expert_body", name_zh=f"{name}单位 {n}")
        who = person(f"{name}-{n}", place, "expert")
        made.append(experts.take_in(cast.olga, who.membership, "technology", ""))
    return made


def due() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=2)


def fresh(panel: Panel) -> Panel:
    return panel_play.fresh(panel)


def rule_of(panel: Panel, cast: Cast, words: str = WORDS, when: datetime.datetime | None = None) -> str:
    before = Event.objects.count()
    with pytest.raises(Refused) as refused:
        panels.supplement(fresh(panel), cast.olga, words, when or due())
    assert not panel.supplements.exists() and Event.objects.count() == before
    return refused.value.rule


def drawn(panel: Panel, cast: Cast, number: str = NUMBER) -> None:
    with later(days=2, minutes=1):
        panels.draw_supplement(fresh(panel), cast.olga, number)


def test_the_vacant_seat_alone_is_drawn_from_who_stood_in_no_list(cast: Cast) -> None:
    _play, panel = used_up(cast)
    new = more(cast, 3)
    before = {each.expert.code for each in seating.sitting(panel)}
    panels.supplement(panel, cast.olga, WORDS, due())
    (row,) = panel.supplements.all()
    roll = drawing.read(row.list_text)
    assert [(each.name, each.seats) for each in roll.strata] == [("技术", 1)] and roll.number == WORDS
    assert {each.code for each in roll.strata[0].candidates} == {each.code for each in new}
    assert row.list_hash == drawing.list_hash(row.list_text) != panel.list_hash
    assert not panel.case.tasks.filter(name="vacant", done_at=None).exists()
    drawn(panel, cast)
    row.refresh_from_db()
    first = drawing.draw(row.list_text, row.public_number, RULES).strata[0].order[0].code
    assert {each.expert.code for each in seating.sitting(panel)} == before | {first}
    assert panel.public_number == fresh(panel).public_number and panel.list_hash == fresh(panel).list_hash
    assert not seating.vacant(panel) and fresh(panel).case.state == "drawn"
    assert Review.objects.get(panel=panel, expert__code=first).place == 4  # behind the three of the first list
    assert history.verify().whole


def test_everybody_sees_both_lists_and_repeats_both(cast: Cast) -> None:
    _play, panel = used_up(cast)
    more(cast, 3)
    panels.supplement(panel, cast.olga, WORDS, due())
    address = f"/public/panels/{panel.case_id}/"
    page = client(None).get(address).content.decode()
    row = panel.supplements.get()
    assert all(each in page for each in (panel.list_hash, row.list_hash, WORDS, "补充名单 1"))
    assert NUMBER not in page
    drawn(panel, cast)
    page = client(None).get(address).content.decode()
    seated = {each.expert.code for each in seating.sitting(panel)}
    assert NUMBER in page and panel.public_number in page
    assert set(re.findall(r'mono">(E\d+)</th><td><span class="st ok">', page)) == seated
    for url, number in ((f"{address}draw.html", panel.public_number), (f"{address}supplements/1/draw.html", NUMBER)):
        file = client(None).get(url)
        assert file.status_code == 200 and f'value="{number}"' in file.content.decode()
    assert client(None).get(f"{address}supplements/2/draw.html").status_code == 404
    # from the texts alone: the order of the stratum is that of the first list, then that of the other
    gone = {each.code for each in seating.left(panel)}
    one = drawing.draw(panel.list_text, panel.public_number, drawing.DrawRules(5, True, 6))
    other = drawing.draw(row.list_text, NUMBER, RULES)
    order = [each.code for each in (*one.strata[0].order, *other.strata[0].order)]
    reckoned = [code for code in order if code not in gone][: one.strata[0].seats]
    assert set(reckoned) == {each.expert.code for each in seating.sitting(panel) if each.stratum == "technology"}


def test_who_declines_later_is_followed_by_the_next_of_the_supplement(cast: Cast) -> None:
    _play, panel = used_up(cast)
    more(cast, 3)
    panels.supplement(panel, cast.olga, WORDS, due())
    drawn(panel, cast)
    order = [each.code for each in drawing.draw(panel.supplements.get().list_text, NUMBER, RULES).strata[0].order]
    for seated in (order[:2], order[1:], order[2:]):
        leave(panel, "技术")
        assert list(next(each for each in seating.seats(panel) if each.name == "技术").seated) == seated
    assert [each.vacant for each in seating.vacant(panel)] == [1]  # used up again: another list follows
    more(cast, 4, "再补")
    panels.supplement(fresh(panel), cast.olga, "又一期号码", due())
    second = panel.supplements.get(number=2)
    assert not set(order) & {each.code for each in drawing.read(second.list_text).strata[0].candidates}
    with later(days=2, minutes=1):
        panels.draw_supplement(fresh(panel), cast.olga, "112233445566")
    assert not seating.vacant(panel)


def test_the_panel_locks_with_who_came_by_a_supplement(cast: Cast) -> None:
    _play, panel = used_up(cast)
    more(cast, 2)
    for each in seating.sitting(panel):
        panel_play.sign(each)
    with pytest.raises(Refused) as refused:
        panels.lock(panel, cast.olga)
    assert refused.value.rule == "all locked"
    panels.supplement(fresh(panel), cast.olga, WORDS, due())
    drawn(panel, cast)
    panel_play.sign(Review.objects.get(panel=panel, case__state="offered"))
    panels.lock(fresh(panel), cast.olga)
    assert fresh(panel).case.state == "locked"


# ── refused


def test_not_while_nothing_is_vacant(cast: Cast) -> None:
    panel = panel_play.panel(plays.begin(cast))
    assert rule_of(panel, cast) == "vacancy"


def test_not_without_enough_new_experts_or_a_number_to_come(cast: Cast) -> None:
    _play, panel = used_up(cast)
    assert rule_of(panel, cast) == "enough"  # nobody who stood in no list: one below
    (new,) = more(cast, 1)
    assert rule_of(panel, cast, words=" ") == "number to come"
    assert rule_of(panel, cast, when=timezone.now() - datetime.timedelta(minutes=1)) == "number to come"
    experts.declare(new, actor_of(new), "kinship", organisation=cast.firm.name_zh)
    assert rule_of(panel, cast) == "enough"  # stays off the panel
    more(cast, 1, "又补")
    panels.supplement(fresh(panel), cast.olga, WORDS, due())  # at
    assert " | excluded: 近亲属" in panel.supplements.get().list_text
    with pytest.raises(Refused) as refused:
        panels.supplement(fresh(panel), cast.olga, WORDS, due())
    assert refused.value.rule == "vacancy"  # one waits to be drawn


def test_a_number_before_its_time_is_refused_and_the_list_is_taken_back_only_until_then(cast: Cast) -> None:
    _play, panel = used_up(cast)
    more(cast, 2)
    panels.supplement(panel, cast.olga, WORDS, due())
    with pytest.raises(Refused) as refused:
        panels.draw_supplement(fresh(panel), cast.olga, NUMBER)
    assert refused.value.rule == "number known"
    with later(days=2, minutes=1), pytest.raises(Refused) as refused:
        panels.draw_supplement(fresh(panel), cast.olga, "12345")
    assert refused.value.rule == "number"
    with later(days=2, minutes=1), pytest.raises(Refused) as refused:
        casework.perform(panel.case, "recall_supplement", cast.olga, "写错号码")
    assert refused.value.rule == "number unknown"
    text = panel.supplements.get().list_text
    casework.perform(panel.case, "recall_supplement", cast.olga, "写错号码")
    assert not panel.supplements.exists()
    told = Event.objects.filter(kind="list taken back").latest("pk")
    assert text.splitlines()[0] in told.before and panel.case.tasks.filter(name="vacant", done_at=None).exists()
    panels.supplement(fresh(panel), cast.olga, "另一期", due())
    assert panel.supplements.get().number == 1
    assert history.verify().whole


@pytest.mark.parametrize("state", ["draft", "published", "locked", "dissolved"])
def test_no_supplement_in_another_state(cast: Cast, state: str) -> None:
    panel = panel_play.panel(plays.begin(cast), state)
    for move in ("supplement", "draw_supplement", "recall_supplement"):
        with pytest.raises(Refused) as refused:
            casework.perform(panel.case, move, cast.olga, "理由", given={"number": NUMBER})
        assert refused.value.rule == "state"


def test_a_pending_list_keeps_the_panel_from_locking_and_dissolving_ends_it(cast: Cast) -> None:
    play, panel = used_up(cast)
    more(cast, 2)
    panels.supplement(panel, cast.olga, WORDS, due())
    with pytest.raises(Refused):
        panels.lock(fresh(panel), cast.olga)
    panels.dissolve(fresh(panel), play.leader, "重来")
    assert fresh(panel).case.state == "dissolved"
    assert client(None).get(f"/public/panels/{panel.case_id}/").status_code == 200
    with later(days=2, minutes=1), pytest.raises(Refused):
        panels.draw_supplement(fresh(panel), cast.olga, NUMBER)


def test_an_uncertain_match_of_a_new_candidate_is_decided_before_the_list_is_out(cast: Cast) -> None:
    play, panel = used_up(cast)
    new = more(cast, 2)
    application = panel.entries.get().application
    found = panel.conflicts.create(
        expert=new[0], application=application, ground="co_inventor", certain=False, reason_zh="同名", reason_en="name",
        source_zh="湖", source_en="lake",
    )  # fmt: skip
    assert rule_of(panel, cast) == "ruled"
    for who in (play.leader, cast.stella):
        with pytest.raises(Refused):
            panels.rule(found, who, excludes=True, reason="确为同一人")
    panels.rule(found, cast.olga, excludes=True, reason="确为同一人")
    with pytest.raises(Refused) as refused:
        panels.rule(found, cast.olga, excludes=False, reason="改判")
    assert refused.value.rule == "edit" and ConflictRuling.objects.count() == 1
    panels.supplement(fresh(panel), cast.olga, WORDS, due())
    assert f"{new[0].code} | excluded: 共同发明人" in panel.supplements.get().list_text


def test_the_page_offers_what_can_be_done(cast: Cast) -> None:
    _play, panel = used_up(cast)
    olga = client(cast.olga)
    address = f"/panels/{panel.case_id}/"
    page = olga.get(address).content.decode()
    assert 'value="supplement"' in page and 'value="draw_supplement"' not in page and 'name="number_words"' in page
    more(cast, 2)
    moment = timezone.localtime(due()).strftime("%Y-%m-%dT%H:%M")
    sent = {"move": "supplement", "confirmed": "supplement", "number_words": WORDS, "due": moment, "note": ""}
    assert olga.post(address, {**sent, "due": "明天"}).status_code == 422
    assert olga.post(address, sent).status_code == 302
    page = olga.get(address).content.decode()
    assert 'value="supplement"' not in page and 'value="draw_supplement"' in page and WORDS in page
