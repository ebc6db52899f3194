"""The programme of the synthetic city: last year's call, which is done, and this year's, in all its states.

All that it says is made up and called 示例. Last year's was made by the clock of that year (`casework.past`).
"""

from __future__ import annotations

import datetime
from contextlib import AbstractContextManager
from decimal import Decimal

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import past, service
from pingjiang.centre.programme.content import demo as content
from pingjiang.centre.programme.deciding import demo as deciding
from pingjiang.centre.programme.models import Application, Call
from pingjiang.centre.programme.review import demo as review
from pingjiang.centre.programme.services import applications, calls, drafts
from pingjiang.centre.programme.services import demo as play
from pingjiang.centre.programme.services.demo import City

APPLICANTS = 7  # firms that apply beside those of the accounts
QUESTION = (
    "集群企业家数怎样计算，是否包括市外设立的分公司？",
    "按在本市登记的统一社会信用代码计，每个代码计一次；市外分公司不计。",
)
_TITLES = (
    "智能网联汽车产业知识产权运营中心建设项目（示例）", "光电产业知识产权运营中心建设项目（示例）",
    "半导体产业知识产权运营中心建设项目（示例）", "生物医药产业知识产权运营中心建设项目（示例）",
    "智能装备产业知识产权运营中心建设项目（示例）", "纳米新材料产业知识产权运营中心建设项目（示例）",
)  # fmt: skip
_DRAFT = "新材料产业知识产权运营中心建设项目（示例）"
_MONEY = Decimal(20_000_000)


def begins_at(now: datetime.datetime) -> datetime.datetime:
    """Before which moment everybody of the city was there already."""
    return now - datetime.timedelta(days=deciding.BACK + 30)


def make(city: City) -> None:
    """The calls and their applications, by the accounts of the demo. Call it in a transaction."""
    with past.at(timezone.now() - datetime.timedelta(days=deciding.BACK + 5)):
        review.pool(city)
    *_funded, last = deciding.make(city)
    _this_year(city, last)


def _this_year(city: City, last: Application) -> None:
    """One application each: being written, with the district, checked, corrected, accepted, and two with experts."""
    with _days_ago(20):
        call = play.call(city, (50, 60), budget=_MONEY, places=4, number=3)
        question = calls.ask(call, city.firm, QUESTION[0])
    with _days_ago(19):
        calls.answer(question, city.officer, QUESTION[1])
    whose = (*city.applicants[2:4], city.manager, *city.applicants[4:7])
    with _days_ago(14):
        _being_written(call, city.firm)
        rows = [
            play.sent(call, who, title, output="168" if title == _TITLES[1] else "213",
                      copied=last if who == city.manager else None)
            for who, title in zip(whose, _TITLES, strict=True)
        ]  # fmt: skip
    with _days_ago(11):
        _with_district, submitted, corrected, *others = rows
        for rank, each in enumerate([submitted, corrected, *others], start=1):
            play.put_forward(city, each, rank)
    with _days_ago(9):
        waiting, *reviewed = play.accepted(city, others)
        panel = review.published(city, reviewed, "专利类专家组·第一批（示例）", "示例公开号码第 2026120 期")
    panel = review.drawn(city, panel)
    first, second, *_rest = review.asked(panel, but=city.expert)
    with _days_ago(5):
        review.signed(first, (Decimal("0.84"), Decimal("0.78")))
        review.begun(second)
    with _days_ago(1):
        wrong = {"material:local_policy": "扶持政策文件缺发文字号页（示例）。"}
        play.checked(city, corrected, wrong)
        service.perform(corrected.case_id, "correct", city.officer, "请补扶持政策文件的发文字号页（示例）。")
    review.published(city, [waiting], "专利类专家组·第二批（示例）", "示例公开号码第 2026142 期")


def _days_ago(days: int) -> AbstractContextManager[None]:
    return past.at(timezone.now() - datetime.timedelta(days=days))


def _being_written(call: Call, actor: Actor) -> None:
    """Somebody has begun, and written their goals."""
    made = applications.begin(call, actor, "patent", _DRAFT)
    drafts.save(made, actor, "goals", content.content()["goals"], revision=0)
