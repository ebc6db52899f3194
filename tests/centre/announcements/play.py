"""A notice of the bureau, and a question on it, brought to a state by those who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.announcements import service
from pingjiang.centre.announcements.models import Announcement, Question
from pingjiang.centre.casework import service as casework
from tests.centre.cast import Cast, person

TO_ALL = [(kind, None) for kind in ("firm", "university", "institute", "centre", "district", "expert_body", "agency")]
SAID: dict[str, Any] = {"kind": "notice", "body": "现将有关事项通知如下。\n一、条件\n在本市注册。", "answer_days": 5}


@dataclass(frozen=True)
class Play:
    """The cast, with the leader of the bureau, and a centre with a manager and a specialist."""

    cast: Cast
    leader: Actor
    centre: Organisation
    manager: Actor
    specialist: Actor


def begin(cast: Cast) -> Play:
    leader = cast.everyone["decision_maker"]
    manager = cast.everyone["centre_manager"]
    specialist = person("Sam", manager.organisation, "centre_specialist")
    return Play(cast, leader, manager.organisation, manager, specialist)


def announcement(play: Play, state: str = "draft", **said: Any) -> Announcement:
    to = said.pop("to", TO_ALL)
    made = service.draft(play.cast.olga, said.pop("title", "关于征集项目的通知"), {**SAID, **said}, to)
    ways: dict[str, list[tuple[str, Actor]]] = {
        "draft": [], "review": [("submit", play.cast.olga)], "published": [("publish", play.leader)],
        "withdrawn": [("publish", play.leader), ("withdraw", play.leader)], "discarded": [("discard", play.cast.olga)],
    }  # fmt: skip
    for move, actor in ways[state]:
        casework.perform(made.case, move, actor, "理由")
    made = Announcement.objects.select_related("case").get(pk=made.pk)
    assert made.case.state == state
    return made


def question(play: Play, state: str = "asked", on: Announcement | None = None) -> Question:
    made = service.ask(
        on or announcement(play, "published"), play.cast.alice, "注册地在外省可以吗", "请问外省企业可否申报？"
    )
    if state in ("assigned", "answered", "closed"):
        service.assign(made, play.cast.olga)
    if state in ("answered", "closed"):
        service.answer(made, play.cast.olga, "可以。")
    if state == "handed":
        service.hand_on(made, play.cast.olga, play.centre, "属中心业务")
    if state in ("closed", "withdrawn"):
        casework.perform(made.case, "close" if state == "closed" else "withdraw", play.cast.alice)
    made = Question.objects.select_related("case__authority", "announcement").get(pk=made.pk)
    assert made.case.state == state
    return made
