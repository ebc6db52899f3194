"""What follows: papers, notices, tasks, clocks; once a request; to whom it is meant; in time; undone when it breaks."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pingjiang.centre.accounts.models import District, Membership, User
from pingjiang.centre.announcements import access as own
from pingjiang.centre.announcements import effects, service
from pingjiang.centre.announcements.models import Announcement, Question, Reply
from pingjiang.centre.casework import access, clocks, history, notices, tasks
from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Case, Clock, Event, Notice, Task
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import papers
from pingjiang.centre.documents.models import Paper
from tests.centre.announcements import play as plays
from tests.centre.announcements.play import Play
from tests.centre.cast import SINCE, Cast, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast: Cast) -> Play:
    return plays.begin(cast)


def told(words: str) -> set[str]:
    return set(Notice.objects.filter(subject_zh__startswith=words).values_list("to__username", flat=True))


def test_a_published_notice_is_a_paper_and_those_addressed_are_told(play: Play) -> None:
    made = plays.announcement(play, "review", to=[("firm", None)])
    assert tasks.count(play.leader) == 1 and tasks.count(play.cast.olga) == 0
    casework.perform(made.case, "publish", play.leader)
    paper = Paper.objects.get(case=made.case)
    assert paper.title == "关于征集项目的通知" and papers.standing(paper) == "current"
    assert "在本市注册" in paper.said and paper.issuer == "市局"
    assert told("新通知") == {"alice", "bob", "charlie"} and tasks.count(play.leader) == 0
    assert {actor.user.username for actor in play.cast.everyone.values() if access.visible_to(actor, Announcement)} == {
        "alice", "olga", "stella", play.leader.user.username
    }  # fmt: skip
    casework.perform(made.case, "withdraw", play.leader, "有误")
    assert papers.standing(paper) == "recalled" and told("通知已撤回") == {"alice", "bob", "charlie"}
    assert access.visible_to(play.cast.alice, Announcement).exists() and history.verify().whole


def test_thirty_more_are_told_with_no_query_more(play: Play) -> None:
    few = _publish(play)
    users = User.objects.bulk_create(User(username=f"u{number}", name=f"U{number}") for number in range(30))
    Membership.objects.bulk_create(
        Membership(user=user, organisation=play.cast.other, role="member_user", since=SINCE) for user in users
    )
    many = _publish(play)
    assert (few[0], many[0]) == (3, 33) and few[1] == many[1]


def _publish(play: Play) -> tuple[int, int]:
    """How many are told of a notice to firms, and with how many queries."""
    made = plays.announcement(play, "review", to=[("firm", None)])
    with CaptureQueriesContext(connection) as asked:
        casework.perform(made.case, "publish", play.leader)
    return Notice.objects.filter(case=made.case, subject_zh__startswith="新通知").count(), len(asked)


def test_a_district_of_firms_only(play: Play) -> None:
    other = District.objects.create(code="320507", name_zh="相城区", name_en="Xiangcheng")
    play.cast.other.district = other
    play.cast.other.save()
    made = plays.announcement(play, "published", to=[("firm", other)])
    assert told("新通知") == {"charlie"}
    assert not access.visible_to(play.cast.alice, Case).filter(pk=made.case_id).exists()


def test_a_handed_back_draft_goes_to_who_wrote_it(play: Play) -> None:
    case = plays.announcement(play, "review").case
    with pytest.raises(Refused, match="意见"):
        casework.perform(case, "back", play.leader, " ")
    casework.perform(case, "back", play.leader, "补上条件")
    assert tasks.count(play.cast.olga) == 1 and told("被退回修改") == {"olga"}
    casework.perform(case, "submit", play.cast.olga)
    assert tasks.count(play.cast.olga) == 0


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"to": []}, "没有发布对象"),
        ({"body": " "}, "正文是空的"),
        ({"body": "图🧿"}, "U\\+1F9FF"),
        ({"expires_on": datetime.date(2020, 1, 1)}, "有效期已过"),
        ({"asks_until": datetime.date(2020, 1, 1)}, "咨询期已过"),
    ],
)
def test_what_is_not_complete_is_not_published(play: Play, said: dict[str, Any], says: str) -> None:
    made = plays.announcement(play, **said)
    for move, actor in (("submit", play.cast.olga), ("publish", play.leader)):
        with pytest.raises(Refused, match=says):
            casework.perform(made.case, move, actor)
    assert not Paper.objects.exists() and not Notice.objects.exists()


def test_once_a_request(play: Play) -> None:
    first, second, third = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    made = [service.draft(play.cast.olga, "通知", plays.SAID, [("firm", None)], request=first) for _ in range(2)]
    assert made[0] == made[1] and Case.objects.count() == 1
    for _ in range(2):
        casework.perform(made[0].case, "publish", play.leader, request=second)
    assert Paper.objects.count() == 1 and Notice.objects.count() == 3
    asked = [service.ask(made[0], play.cast.alice, "问", "问题", request=third) for _ in range(2)]
    assert asked[0] == asked[1] and Clock.objects.count() == 1 and Task.objects.count() == 1
    service.assign(asked[0], play.cast.olga)
    fourth = uuid.uuid4()
    for _ in range(2):
        service.answer(asked[0], play.cast.olga, "答", request=fourth)
    assert Reply.objects.count() == 1 and history.verify().whole


def test_numbers_follow_one_another(play: Play) -> None:
    year = timezone.localdate().year
    numbers = [plays.announcement(play).case.number for _ in range(3)]
    assert numbers == [f"TZ-{year}-{n:04d}" for n in (1, 2, 3)]
    assert plays.question(play).case.number == f"ZX-{year}-0001"


def test_who_publishes_and_who_revises(play: Play) -> None:
    for actor in (play.cast.alice, play.cast.stella, play.cast.everyone["partner"]):
        with pytest.raises(Refused):
            service.draft(actor, "通知", plays.SAID, [])
    with pytest.raises(Refused, match="类别"):
        service.draft(play.cast.olga, "通知", plays.SAID, [], track="copyright")
    made = plays.announcement(play)
    seen = made.case.version
    service.revise(made, play.cast.olga, "新标题", {"body": "新正文"}, [("firm", None)], version=seen)
    with pytest.raises(casework.Stale):
        service.revise(made, play.leader, "别的标题", {"body": "旧"}, [], version=seen)
    made = Announcement.objects.get(pk=made.pk)
    assert (made.case.title, made.body, made.addressees.count()) == ("新标题", "新正文", 1)
    casework.perform(made.case, "publish", play.leader)
    with pytest.raises(Refused, match="不能修改"):
        service.revise(made, play.cast.olga, "改", {}, [], version=made.case.version + 1)


def test_a_centre_publishes_by_its_manager_and_answers_by_its_specialist(play: Play) -> None:
    made = service.draft(play.specialist, "联盟活动", plays.SAID, [("firm", None)])
    casework.perform(made.case, "submit", play.specialist)
    assert tasks.count(play.manager) == 1
    with pytest.raises(Refused):
        casework.perform(made.case, "publish", play.specialist)
    casework.perform(made.case, "publish", play.manager)
    question = service.ask(made, play.cast.alice, "问", "几点开始？")
    assert tasks.count(play.specialist) == 1 and tasks.count(play.cast.olga) == 0
    assert not access.visible_to(play.cast.olga, Question).exists()
    service.assign(question, play.specialist)
    service.answer(question, play.specialist, "九点。")
    assert told("咨询已答复") == {"alice"}


def test_a_question_of_ones_firm_only(play: Play) -> None:
    question = plays.question(play)
    assert access.visible_to(play.cast.bob, Question).exists()
    assert not access.visible_to(play.cast.charlie, Question).exists()
    made = plays.announcement(play, "published", to=[("bank", None)])
    with pytest.raises(Http404):
        service.ask(made, play.cast.alice, "问", "问")
    with pytest.raises(Refused):
        service.ask(question.announcement, play.cast.olga, "问", "问")
    closed = plays.announcement(play, "published")
    closed.asks_until = timezone.localdate() - datetime.timedelta(days=1)
    closed.save()
    with pytest.raises(Refused, match="不接受咨询"):
        service.ask(closed, play.cast.alice, "问", "问")


def test_handed_on_its_time_runs_on(play: Play) -> None:
    question = plays.question(play, "assigned")
    for to, says in ((play.cast.firm, "另一主管部门"), (play.cast.bureau, "另一主管部门")):
        with pytest.raises(Refused, match=says):
            service.hand_on(question, play.cast.olga, to, "转")
    with pytest.raises(Refused, match="须选择接收单位"):
        casework.perform(question.case, "hand_on", play.cast.olga, "转")
    clock = Clock.objects.get(case=question.case)
    service.hand_on(question, play.cast.olga, play.centre, "属中心业务")
    question = Question.objects.get(pk=question.pk)
    assert question.case.authority == play.centre and Clock.objects.get(case=question.case) == clock
    assert told("咨询转来办理") == {play.manager.user.username, "sam"}
    assert tasks.count(play.specialist) == 1 and tasks.count(play.cast.olga) == 0
    with pytest.raises(Refused):
        service.assign(question, play.cast.olga)
    with pytest.raises(Refused, match="本单位的经办人员"):
        service.assign(question, play.manager, play.cast.olga.membership)
    service.assign(question, play.manager, play.specialist.membership)
    service.answer(Question.objects.get(pk=question.pk), play.specialist, "可以。")
    assert Clock.objects.get(pk=clock.pk).ended_on == timezone.localdate()
    assert Event.objects.filter(kind="handed on").count() == 1 and history.verify().whole


def test_asked_again_it_has_new_time_and_closes_in_the_end(play: Play) -> None:
    question = plays.question(play, "answered")
    case = question.case
    casework.perform(case, "ask_again", play.cast.alice, "没有看懂")
    assert Clock.objects.filter(case=case, ended_on__isnull=True).count() == 1 and tasks.count(play.cast.olga) == 1
    with pytest.raises(Refused, match="答复内容"):
        service.answer(question, play.cast.olga, "  ")
    service.answer(question, play.cast.olga, "详见附件。")
    assert [reply.text for reply in question.replies.all()] == ["可以。", "详见附件。"]
    casework.perform(case, "close", play.cast.alice)
    assert tasks.count(play.cast.olga) == 0


def test_late_answers_are_told_to_the_desk_then_to_who_approves(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    question = plays.question(play, "assigned")
    due = clocks.read(Clock.objects.get(case=question.case)).due_on
    assert due is not None
    assert [task.due_on for task in tasks.open_for(play.cast.olga)] == [due]
    assert tasks.escalate(due) == 0
    assert tasks.escalate(clocks.working_day_after(due, 1)) == 2  # the clock, and the task
    assert told("逾期 1 个") == {"olga"}
    third = clocks.working_day_after(due, 3)
    assert tasks.escalate(third) == 2 and tasks.escalate(third) == 0
    # The leader is of the bureau's approvers, who do not see questions: only who sees it is told.
    assert told("逾期 3 个") == {"olga"}
    assert {late.kind for late in tasks.overdue(play.cast.alice, third)} == {"clock", "task"}


def test_time_expires_and_closes(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    made = plays.announcement(play, "published", expires_on=today, public=True)
    question = plays.question(play, "answered", on=made)
    assert service.pass_time() == (0, 0) and list(own.public()) == [made]
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=30))
    assert service.pass_time() == (1, 1) and service.pass_time() == (0, 0)
    for case, state in ((made.case, "expired"), (question.case, "closed")):
        case.refresh_from_db()
        assert case.state == state and case.events.latest("number").actor is None
    assert not own.public().exists() and history.verify().whole


@pytest.mark.parametrize("where", ["publish", "_tell"])
def test_an_effect_that_breaks_leaves_nothing(play: Play, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    made = plays.announcement(play)
    events = Event.objects.count()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(notices if where == "_tell" else papers, "tell" if where == "_tell" else "issue", broken)
    with pytest.raises(RuntimeError):
        casework.perform(made.case, "publish", play.leader)
    made = Announcement.objects.get(pk=made.pk)
    assert (made.case.state, made.published_on, Event.objects.count()) == ("draft", None, events)
    assert not Paper.objects.exists() and not Notice.objects.exists() and effects.PAPER == "announcement"
    assert person("Zoe", play.cast.firm, "member_user") and history.verify().whole
