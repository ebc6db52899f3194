"""Expert review in the synthetic city: the pool, panels that are published, drawn and locked."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Membership
from pingjiang.centre.casework import past, service
from pingjiang.centre.programme.models import Application, Expert, Panel, Review
from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.review import seating, sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.centre.programme.services import experts, panels, reviews
from pingjiang.centre.programme.services.demo import City
from pingjiang.centre.programme.services.panels import Composed
from pingjiang.rulebook.policies import wants_comment

_STRATA = ("technology", "industry", "ip", "finance")
_SEATS = {"technology": 2, "industry": 1, "ip": 1, "finance": 1}
# Expert → applicant: who works there since the year before, and who says that they hold shares.
_EMPLOYED, _HOLDERS = {5: 0, 10: 5}, {6: 4, 8: 6}
_COMMENTS = (
    "依据充分，指标可核验（示例）。",
    "任务与经费相称，建议补充跨区服务安排（示例）。",
    "基线数据须逐项附证（示例）。",
)
_OVERALL = "总体可行；建议按季度公开进展（示例）。"


def pool(city: City) -> None:
    """All who hold the role, in turns of the strata. Some have something to do with firms that apply."""
    held = Membership.objects.in_force().filter(role="expert").select_related("user", "organisation").order_by("pk")
    for number, membership in enumerate(held):
        expert = experts.take_in(city.officer, membership, _STRATA[number % len(_STRATA)], "示例领域")
        experts.employed(expert, city.officer, {"name": "示例研究所", "since": 2012, "until": 2018})
        if number in _EMPLOYED:
            firm = city.applicants[_EMPLOYED[number]].organisation
            said = {"name": firm.name_zh, "credit_code": firm.credit_code, "since": timezone.localdate().year - 1}
            experts.employed(expert, city.officer, said)
        if number in _HOLDERS:
            firm = city.applicants[_HOLDERS[number]].organisation
            experts.declare(
                expert, _actor(expert), "shareholder", organisation=firm.name_zh, credit_code=firm.credit_code or "",
                text="持有少量股份（示例）。",
            )  # fmt: skip


def published(city: City, made: Sequence[Application], title: str, number_words: str) -> Panel:
    """A panel over applications whose list is public; its number is due on the next evening."""
    panel = panels.make_up(made[0].call, city.officer, "patent", title)
    due = timezone.localtime().replace(hour=21, minute=15, second=0, microsecond=0) + datetime.timedelta(days=1)
    until = (due + datetime.timedelta(days=21)).date()
    panels.compose(panel, city.officer, Composed(made, _SEATS, number_words, due, until))
    panels.look(panel, city.officer)
    panels.publish(_fresh(panel), city.officer)
    return _fresh(panel)


def drawn(city: City, panel: Panel) -> Panel:
    """Drawn when its number is due: one under which the account of the demo is among those who are asked."""
    panel = _fresh(panel)
    if panel.due is None:
        raise LookupError("the list names the day of its number")
    wanted = Expert.objects.get(membership=city.expert.membership).code
    numbers = (f"0511172328{each:02d}" for each in range(100))
    number = next(each for each in numbers if wanted in _seated(panel, each))
    with past.at(panel.due + datetime.timedelta(minutes=30)):
        panels.draw(panel, city.officer, number)
    return _fresh(panel)


def _seated(panel: Panel, number: str) -> list[str]:
    drawn_now = drawing.draw(panel.list_text, number, seating.draw_rules(panel))
    return [code for each in drawing.seat(drawn_now) for code in each.seated]


def asked(panel: Panel, but: Actor | None = None) -> list[Review]:
    """The reviews of a panel that count, in the order of codes; without those of one person."""
    rows = Review.objects.filter(panel=panel).exclude(case__state="declined")
    rows = rows.select_related("case", "panel__case", "expert__membership__user").order_by("expert__code")
    return [each for each in rows if but is None or each.expert.membership != but.membership]


def declined(review: Review) -> None:
    """Has no time; the next on the list is asked."""
    service.perform(review.case_id, "decline", _actor(review.expert), "评审期间出国（示例）。")


def begun(review: Review) -> None:
    """Accepted, with no interest in any of the applications, and begun."""
    who = _actor(review.expert)
    service.perform(review.case_id, "accept", who, given={"no_interest": True})
    service.perform(review.case_id, "begin", who)


def signed(review: Review, shares: Sequence[Decimal], lean: int = 0) -> None:
    """Each application marked at about its share of the points, a little up or down by who writes; then signed."""
    if review.case.state == "offered":
        begun(review)
    review = Review.objects.select_related("case", "panel__case", "expert__membership__user").get(pk=review.pk)
    who = _actor(review.expert)
    for place, application in enumerate(sheets.live(review.panel)):
        written = _written(review.panel, shares[place], lean + place)
        reviews.save(review, who, application, written, revision=0)
    service.perform(review.case_id, "lock", who)


def _written(panel: Panel, share: Decimal, lean: int) -> Written:
    """Half a point to and fro from criterion to criterion, so that experts differ as people do."""
    criteria = sheets.criteria_of(panel)
    marks, comments = {}, {}
    for number, each in enumerate(criteria.criteria):
        moved = each.points * share + criteria.step * ((number * 3 + lean * 5) % 5 - 2)
        marks[each.id] = min(max(moved // criteria.step * criteria.step, Decimal(0)), each.points)
        if wants_comment(criteria, each, marks[each.id]):
            comments[each.id] = _COMMENTS[(number + lean) % len(_COMMENTS)]
    return Written(marks, comments, _OVERALL)


def _actor(expert: Expert) -> Actor:
    return Actor(expert.membership.user, expert.membership)


def _fresh(panel: Panel) -> Panel:
    return Panel.objects.select_related("case__owner", "call__case__owner").get(pk=panel.pk)
