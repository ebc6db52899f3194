"""Last year's call in the synthetic city: it went all the way, and its applications came to their several ends."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from pingjiang.centre.casework import clocks, past, service
from pingjiang.centre.programme.deciding import letters
from pingjiang.centre.programme.models import Application, Call, Decision, Objection
from pingjiang.centre.programme.review import demo as review
from pingjiang.centre.programme.services import applications, calls, decisions, objections, panels
from pingjiang.centre.programme.services import demo as play
from pingjiang.centre.programme.services.decisions import Entry, Meeting, Recusal
from pingjiang.centre.programme.services.demo import City

BACK = 365  # days between that call and today
_TITLES = (
    "智能网联汽车产业知识产权运营中心建设项目（示例）", "新材料产业知识产权运营中心建设项目（示例）",
    "半导体产业知识产权运营中心建设项目（示例）", "光电产业知识产权运营中心建设项目（示例）",
    "智能装备产业知识产权运营中心建设项目（示例）", "生物医药产业知识产权运营中心建设项目（示例）",
)  # fmt: skip
_BUDGET, _AMENDED = Decimal(10_000_000), Decimal(4_200_000)
# What each expert thinks of each: agreed on the first, not on who comes second.
_SHARES = tuple(
    tuple(Decimal(each) / 100 for each in row)
    for row in ((88, 80, 77), (85, 77, 79), (90, 83, 76), (84, 76, 78), (87, 82, 75))
)
_MEMBERS = "沈景行\n示例成员甲\n示例成员乙"


@dataclass
class _Calendar:
    """The clock of that year, told in working days since the call."""

    first: datetime.date

    def on(self, day: int, hour: int = 10) -> datetime.datetime:
        """A moment of the n-th working day."""
        found = clocks.working_day_after(self.first, day)
        return datetime.datetime.combine(found, datetime.time(hour), timezone.get_current_timezone())


def first_day(today: datetime.date) -> datetime.date:
    """When it was published: a working day about a year ago."""
    return clocks.working_day_after(today - datetime.timedelta(days=BACK), 1)


def make(city: City) -> list[Application]:
    """From the call to the final list. What was reviewed, in the order of the experts: the last got nothing."""
    days = _Calendar(first_day(timezone.localdate()))
    with past.at(days.on(0, 9)):
        call = play.call(city, (30, 40), budget=_BUDGET, places=2, number=5)
    reviewed = _applied(city, call, days)
    with past.at(days.on(36)):
        title = f"{days.first.year} 年度专利类专家组（示例）"
        panel = review.published(city, reviewed, title, "示例公开号码第 2025097 期")
    panel = review.drawn(city, panel)
    with past.at(days.on(39)):
        review.declined(review.asked(panel, but=city.expert)[0])
    for number, each in enumerate(review.asked(panel)):
        with past.at(days.on(40 + number)):
            review.signed(each, _SHARES[number], number)
    with past.at(days.on(47)):
        panels.lock(panel, city.officer)
    _decided(city, call, days)
    return [play.fresh(each) for each in reviewed]


def _applied(city: City, call: Call, days: _Calendar) -> list[Application]:
    """Three that reach the experts; one with a list of exactly 100, one that was withdrawn, one that was never sent."""
    first, second, third, fourth, fifth, *_rest = city.applicants
    with past.at(days.on(6)):
        applications.begin(call, fifth, "patent", _TITLES[5])
    with past.at(days.on(8)):
        rows = [
            play.sent(call, who, title)
            for who, title in zip((first, second, city.manager), _TITLES[:3], strict=True)
        ]  # fmt: skip
        hundred = play.sent(call, third, _TITLES[3], bodies=102, listed=100)
        withdrawn = play.sent(call, fourth, _TITLES[4])
    with past.at(days.on(18)):
        for rank, each in enumerate([*rows, hundred, withdrawn], start=1):
            play.put_forward(city, each, rank)
    with past.at(days.on(32)):  # the call has closed, and what was not sent lapses
        calls.pass_time()
        calls.pass_time()
    with past.at(days.on(33)):
        rows = play.accepted(city, rows)
        play.checked(city, hundred, {"material:body_list": "名单实有 100 家，未超过 100 家（示例）。"})
        reason = "单位名单核实为 100 家，未超过 100 家（三（一）4）（示例）。"
        service.perform(hundred.case_id, "reject", city.officer, reason)
    with past.at(days.on(34)):
        service.perform(withdrawn.case_id, "withdraw", fourth, "运行主体调整，来年再报（示例）。")
    return rows


def _decided(city: City, call: Call, days: _Calendar) -> None:
    """One as asked, one at less than asked, one not: there are two places."""
    kinds = (("approve", None), ("amend", _AMENDED), ("reject", None))
    reasons = ("评审排序第一，任务与经费相称（示例）。", "平台开发科目按询价核减（示例）。", "名额已满（示例）。")
    with past.at(days.on(49)):
        pack = decisions.prepare(call, "patent", city.officer)
        rows = list(pack.items.order_by("position"))
        said = {
            item.pk: Entry(kind, amount, reason)
            for item, (kind, amount), reason in zip(rows, kinds, reasons, strict=True)
        }
        decisions.propose(pack, city.officer, said)
        service.perform(pack.case_id, "table", city.officer)
    with past.at(days.on(53, 15)):
        away = (Recusal("示例成员乙", rows[1].pk, "亲属在申报单位任职（示例）"),)
        number = f"江知党组纪〔{timezone.localdate().year}〕3 号（示例）"
        decisions.enter(_fresh(pack), city.leader, said, Meeting(timezone.localdate(), number, _MEMBERS, away))
        service.perform(pack.case_id, "decide", city.leader)
    with past.at(days.on(54)):
        service.perform(pack.case_id, "publicise", city.officer)
    with past.at(days.on(56)):
        said_by = {
            "signed_by": city.firm.user.name, "contact": "000-00000000",
            "text": "产值的统计口径可能含市外子公司，请核对（示例）。",
        }  # fmt: skip
        objection = objections.lodge(_fresh(pack), city.firm, rows[0].pk, said_by)
    _answered(city, objection, days)
    with past.at(days.on(61)):
        service.perform(pack.case_id, "issue", city.leader)
        for each in letters.due(_fresh(pack)):  # which a worker does elsewhere
            letters.send(each, city.leader)


def _answered(city: City, objection: Objection, days: _Calendar) -> None:
    """Looked into, and not upheld."""
    with past.at(days.on(57)):
        service.perform(objection.case_id, "investigate", city.officer)
        objections.find_out(objection, city.officer, "调阅统计年报：产值只计本市登记的单位（示例）。")
    with past.at(days.on(58)):
        reason = "经查，申报产值只计本市登记的单位，异议不成立（示例）。"
        service.perform(objection.case_id, "dismiss", city.leader, reason)


def _fresh(pack: Decision) -> Decision:
    return Decision.objects.select_related("case__owner", "call__case").get(pk=pack.pk)
