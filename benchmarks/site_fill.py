"""Fills a demo site with cases in every state: `python -m benchmarks.site_fill CASES`, in the site's environment.

One in fifty is an announcement, the others are questions on them: drafted, published, asked, assigned, answered, by
the site's own services, so that events, clocks, tasks and notices are those that people would have made.
"""

from __future__ import annotations

import random
import sys

import django

_AT_ONCE = 100


def main(count: int) -> None:
    """Make `count` cases."""
    django.setup()
    from django.db import transaction

    from pingjiang.centre.accounts.models import Membership, User

    draw = random.Random(20261129)
    (officer, leader), firms = (
        [User.objects.get(username=name).actors()[0] for name in ("officer", "leader")],
        _askers(Membership.objects.filter(role="member_user")),
    )
    published: list[object] = []
    for start in range(0, count, _AT_ONCE):
        with transaction.atomic():
            for number in range(start, min(start + _AT_ONCE, count)):
                _one(number, draw, officer, leader, firms, published)


def _askers(memberships: object) -> list[object]:
    from pingjiang.centre.accounts.models import Actor

    return [Actor(each.user, each) for each in memberships.select_related("user", "organisation")]  # type: ignore[attr-defined]


def _one(number: int, draw: random.Random, officer, leader, firms, published) -> None:  # type: ignore[no-untyped-def]
    from pingjiang.centre.announcements import service
    from pingjiang.centre.casework import service as casework

    if number % 50 and published:  # one announcement in fifty, the rest questions
        asked = service.ask(draw.choice(published), draw.choice(firms), f"第 {number} 问（示例）", "怎样计算？")
        if number % 4 == 1:
            service.assign(asked, officer)
            if number % 8 == 1:
                service.answer(asked, officer, "按登记地计算。")
        return
    said = {"kind": "notice", "body": "本通知为示例。", "public": True, "answer_days": 1 + number % 20}
    kinds = [(kind, None) for kind in ("firm", "university", "institute")]
    made = service.draft(officer, f"第 {number} 号通知（示例）", said, kinds, track="patent")
    turn = number // 50
    if turn % 10 or not published:
        casework.perform(made.case, "submit", officer)
        if turn % 10 > 2 or not published:
            casework.perform(made.case, "publish", leader)
            published.append(made)


if __name__ == "__main__":
    main(int(sys.argv[1]))
