"""The page of a case: process bar, opinion box, and what a click does."""

from __future__ import annotations

import datetime
import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from pingjiang.centre.announcements.workflow import ANNOUNCEMENT
from pingjiang.centre.casework import clocks, service
from pingjiang.centre.casework.models import Case, Event, Task
from pingjiang.centre.casework.workflow import Move, State, Workflow
from pingjiang.centre.pages import cases
from pingjiang.centre.pages.components import SAMPLE
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import Cast


@pytest.fixture
def case(cast: Cast) -> Case:
    """An errand that Alice asked and Olga took."""
    made = service.open_case(ERRAND, cast.alice, number="E-1", title="一件", authority=cast.bureau)
    service.perform(made, "ask", cast.alice)
    service.perform(made, "take", cast.olga)
    return Case.objects.get(pk=made.pk)


@pytest.fixture
def olga(client: Client, cast: Cast) -> Client:
    client.force_login(cast.olga.user)
    return client


def sent(page: str, **more: str) -> dict[str, str]:
    """What the form of the opinion box sends."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page[page.index('class="opn"') :]))
    return {**hidden, **more}


def test_the_bar_is_the_main_way_with_who_and_when(cast: Cast, case: Case) -> None:
    steps = cases.canal(ERRAND, "doing", cases.history_of(cast.alice, case))
    assert [(step.label, step.status) for step in steps] == [
        ("草稿", "done"), ("已提出", "done"), ("办理中", "now"), ("已办结", "future"),
    ]  # fmt: skip
    assert [step.by for step in steps] == ["甲公司", "甲公司", "市局", ""]
    assert steps[2].on == timezone.localdate() and steps[3].on is None


def test_a_state_beside_the_way_stands_behind_what_led_to_it(cast: Cast) -> None:
    made = service.open_case(ERRAND, cast.alice, number="E-2", title="一件", authority=cast.bureau)
    service.perform(made, "withdraw", cast.alice)
    steps = cases.canal(ERRAND, "withdrawn", cases.history_of(cast.alice, made))
    assert [(step.label, step.status) for step in steps] == [("草稿", "done"), ("已撤回", "now")]


def test_official_steps_are_marked_and_a_long_way_shows_eight() -> None:
    assert [step.official for step in cases.canal(SAMPLE, "checked", [])] == [False, True, False, False, False, True]
    one = frozenset({"x"})
    names = [f"s{number}" for number in range(15)]
    long = Workflow(
        "long", ("长", "Long"), {"x": ("甲", "X")}, tuple(State(n, (n, n), one, end=n == "s14") for n in names),
        tuple(Move(f"m{n}", (n, n), (n,), names[i + 1], one) for i, n in enumerate(names[:-1])), "s0",
    )  # fmt: skip
    for state in names:
        steps = cases.canal(long, state, [])
        assert len(steps) == 8 and [step.label for step in steps if step.status == "now"] == [state]


def test_buttons_are_the_moves_the_negative_first(olga: Client, case: Case) -> None:
    page = olga.get(f"/cases/{case.pk}/").content.decode()
    buttons = re.findall(r'<button class="btn ?([a-z]*)" name="move" value="(\w+)"(.*?)>', page)
    assert buttons == [("", "back", " data-needs-note"), ("pri", "finish", "")]


def test_a_button_looks_as_what_it_does() -> None:
    """Signs in seal red, goes on in water; plum alone for what ends without having been wished for."""
    looks = {move.name: cases.look_of(move, ANNOUNCEMENT) for move in ANNOUNCEMENT.moves}
    assert looks["publish"] == looks["withdraw"] == "act"
    assert (looks["submit"], looks["back"], looks["discard"]) == ("pri", "", "stop")


def test_a_move_is_made_once_however_often_it_is_sent(olga: Client, case: Case) -> None:
    address = f"/cases/{case.pk}/"
    form = sent(olga.get(address).content.decode(), move="finish", note="好")
    for _ in range(3):
        assert olga.post(address, form).status_code == 302
    case.refresh_from_db()
    assert case.state == "done" and Event.objects.filter(case=case, note="好").count() == 1
    assert "已办理：办结" in olga.get(address).content.decode()


def test_a_reason_is_compulsory_and_what_was_typed_stays(olga: Client, case: Case) -> None:
    address = f"/cases/{case.pk}/"
    page = olga.get(address).content.decode()
    answer = olga.post(address, sent(page, move="back", note="   "))
    assert answer.status_code == 422 and "须填写意见" in answer.content.decode()
    long = "长" * 501
    answer = olga.post(address, sent(page, move="back", note=long))
    assert answer.status_code == 422 and "多出 1 字" in answer.content.decode() and long in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "doing"


def test_who_comes_later_is_told_and_loses_nothing(olga: Client, cast: Cast, case: Case) -> None:
    address = f"/cases/{case.pk}/"
    form = sent(olga.get(address).content.decode(), move="back", note="写了很久的理由")
    service.touch(case.pk, cast.olga)
    answer = olga.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 409 and "写了很久的理由" in page and "刚被别人改过" in page
    case.refresh_from_db()
    assert case.state == "doing"


@pytest.mark.parametrize(
    "change", [{"move": "withdraw"}, {"move": "none"}, {"version": "x", "request": "x", "move": "ask"}]
)
def test_a_move_that_is_not_open_is_refused(olga: Client, case: Case, change: dict[str, str]) -> None:
    address = f"/cases/{case.pk}/"
    answer = olga.post(address, sent(olga.get(address).content.decode(), **change))
    assert answer.status_code == 422
    case.refresh_from_db()
    assert case.state == "doing"


def test_an_official_act_is_asked_once_more(olga: Client, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(finish := ERRAND.move("finish"), "official", True)
    try:
        address = f"/cases/{case.pk}/"
        first = sent(olga.get(address).content.decode(), move="finish", note="同意")
        answer = olga.post(address, first)
        page = answer.content.decode()
        case.refresh_from_db()
        assert case.state == "doing" and "不能撤销" in page and "确认：办结" in page and "同意" in page
        second = sent(page, move="finish", note="同意")
        assert second["request"] == first["request"] and second["confirmed"] == "finish"
        assert olga.post(address, second).status_code == 302
        case.refresh_from_db()
        assert case.state == "done"
    finally:
        object.__setattr__(finish, "official", False)


def test_strangers_find_nothing_and_readers_get_no_box(client: Client, cast: Cast, case: Case) -> None:
    client.force_login(cast.charlie.user)
    missing = client.get("/cases/999999/")
    hidden = client.get(f"/cases/{case.pk}/")
    posted = client.post(f"/cases/{case.pk}/", {"move": "finish", "request": str(uuid.uuid4())})
    assert missing.status_code == hidden.status_code == posted.status_code == 404
    plain = [re.sub(r"[A-Za-z0-9]{64}|/cases/\d+/", "", each.content.decode()) for each in (missing, hidden)]
    assert plain[0] == plain[1]
    assert client.get("/cases/" + "9" * 40 + "/").status_code == 404
    client.force_login(cast.bob.user)
    assert 'class="opn"' not in client.get(f"/cases/{case.pk}/").content.decode()


def test_the_desk_shows_tasks_clocks_and_counts_of_the_actor_alone(client: Client, cast: Cast, case: Case) -> None:
    today = timezone.localdate()
    for name, days, who in (("late", -3, None), ("soon", 0, cast.olga), ("never", None, None)):
        Task.objects.create(
            case=case, name=name, label_zh=f"任务{name}", label_en=f"task {name}", organisation=cast.bureau,
            role="programme_officer", due_on=None if days is None else today + datetime.timedelta(days=days),
            assignee=who.membership if who else None,
        )  # fmt: skip
    Task.objects.create(
        case=case, name="else", label_zh="别人的", label_en="other", organisation=cast.bureau,
        role="programme_officer", assignee=cast.stella.membership,
    )  # fmt: skip
    clocks.start(case, "answer", 5, cast.olga)
    client.force_login(cast.olga.user)
    page = client.get("/").content.decode()
    assert re.findall(r"任务(\w+)</a>", page) == ["late", "soon", "never"]
    assert "别人的" not in page and "余 5 工作日" in page
    figures = dict(re.findall(r"<span>([^<]+)</span><b>(\d+)</b>", page))
    assert figures == {"待办": "3", "逾期": "1", "本周到期": "1", "在办案件": "1", "已办结案件": "0"}
    assert re.search(r'待办<span class="cnt">3</span>', page)
    for query, count in (("late", 1), ("week", 1), ("none", 1)):
        assert f"共 <b>{count}</b> 行" in client.get(f"/todo/?due={query}").content.decode()
    client.force_login(cast.alice.user)
    assert "没有待办" in client.get("/").content.decode()
