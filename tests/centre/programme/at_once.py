"""A program of its own: two do at one instant what only one of them may, over and over; says what each got.

python -m tests.centre.programme.at_once KIND ROUNDS     KIND is one of KINDS; a line of JSON a round: what each was
told ('' where it went through), and how many there are now of what there may be one of.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from pingjiang.centre import commands

commands.ready()

from pingjiang.centre.casework import service  # noqa: E402
from pingjiang.centre.casework.workflow import Refused  # noqa: E402
from pingjiang.centre.programme.models import Application, Decision, Expert, Panel, Waiver  # noqa: E402
from pingjiang.centre.programme.services import calls, checks, decisions, districts, panels  # noqa: E402
from tests.centre import cast as casts  # noqa: E402
from tests.centre import one_instant  # noqa: E402
from tests.centre.programme import filling, panel_play  # noqa: E402
from tests.centre.programme import play as plays  # noqa: E402
from tests.centre.programme.deciding import play as deciding  # noqa: E402

Both = tuple[Callable[[], object], Callable[[], object]]


def one_of_a_district(play: plays.Play, rank: Sequence[int], quota: int) -> tuple[Both, Callable[[], int]]:
    """Two applications of a district, all done but that they are put forward."""
    tracks = [calls.Opened("patent", filling.PACK, filling.VERSION, Decimal(20_000_000), 4, quota)]
    call = plays.call(play, tracks=tracks)
    made = [plays.application(play, "district", on=call) for _ in range(2)]
    for each, at in zip(made, rank, strict=True):
        plays.recommend(play, each)
        row = plays.fresh(each).recommendation
        districts.recommend(each, play.district, {"rank": at}, revision=row.revision)
    put = [lambda each=each: service.perform(each.case_id, "recommend", play.district) for each in made]
    return (put[0], put[1]), lambda: Application.objects.filter(call=call, submitted_at__isnull=False).count()


def quota(play: plays.Play) -> tuple[Both, Callable[[], int]]:
    """One is the most that a district may put forward."""
    return one_of_a_district(play, (1, 2), 1)


def rank(play: plays.Play) -> tuple[Both, Callable[[], int]]:
    """Both rank first."""
    return one_of_a_district(play, (1, 1), 2)


def panel(play: plays.Play) -> tuple[Both, Callable[[], int]]:
    """Two panels over one application, whose lists are published."""
    if not Expert.objects.exists():
        panel_play.pool(play)
    it = plays.application(play, "accepted")
    made = [panel_play.composed(play, [it]) for _ in range(2)]
    for each in made:
        panels.look(each, play.cast.olga)
    publish = [lambda each=each: service.perform(each.case_id, "publish", play.cast.olga) for each in made]
    return (publish[0], publish[1]), lambda: Panel.objects.filter(
        entries__application=it, case__state="published"
    ).count()  # fmt: skip


def pack(play: plays.Play) -> tuple[Both, Callable[[], int]]:
    """Two packs of one track."""
    if not Expert.objects.exists():
        panel_play.pool(play)
    call = plays.call(play)
    deciding.review(play, [deciding.accepted(play, call, play.cast.alice, 1)])
    do = lambda: decisions.prepare(call, "patent", play.cast.olga)  # noqa: E731
    return (do, do), lambda: Decision.objects.filter(call=call).count()


def waiver(play: plays.Play) -> tuple[Both, Callable[[], int]]:
    """A waiver that two leaders approve."""
    low = filling.content()["size"] | {"output": "150"}
    it = plays.application(play, "submitted", size=low)
    asked = checks.ask_waiver(it, play.cast.olga, "industry_output", "成长性好")
    do = lambda: checks.approve_waiver(Waiver.objects.get(pk=asked.pk), play.leader)  # noqa: E731
    return (do, do), lambda: Waiver.objects.filter(pk=asked.pk, approval__isnull=False).count()


def withdrawn(play: plays.Play) -> tuple[Both, Callable[[], int]]:
    """Accepted by the officer, withdrawn by the firm: one comes first, and where it is withdrawn that is the end."""
    it = plays.application(play, "submitted")
    plays.check(play, it)
    return (
        lambda: service.perform(it.case_id, "reject", play.cast.olga, "理由"),
        lambda: service.perform(it.case_id, "withdraw", play.cast.alice, "不报了"),
    ), lambda: Application.objects.filter(pk=it.pk, case__state__in=("rejected", "withdrawn")).count()


def tabled(play: plays.Play) -> tuple[Both, Callable[[], int]]:
    """A pack is tabled while one of its applications is withdrawn: they wait for each other, and not for ever."""
    if not Expert.objects.exists():
        panel_play.pool(play)
    call = plays.call(play)
    made = [deciding.accepted(play, call, actor, n) for n, actor in enumerate((play.cast.alice, play.cast.charlie), 1)]
    deciding.review(play, made)
    it = decisions.prepare(call, "patent", play.cast.olga)
    decisions.propose(it, play.cast.olga, deciding.proposals(it, ("approve", "reject")))

    def withdraw() -> None:
        time.sleep(random.uniform(0, 0.15))
        service.perform(made[1].case_id, "withdraw", play.cast.charlie, "不报了")

    return (lambda: service.perform(it.case_id, "table", play.cast.olga), withdraw), lambda: sum(
        plays.fresh(each).case.state == state for each, state in zip(made, ("proposed", "withdrawn"), strict=True)
    ) - 1  # fmt: skip


def called_off(play: plays.Play) -> tuple[Both, Callable[[], int]]:
    """A call is withdrawn while an application on it is sent: it ends with its call, before or after."""
    it = plays.application(play)

    def withdraw() -> None:
        time.sleep(random.uniform(0, 0.15))
        service.perform(it.call.case_id, "withdraw", play.leader, "指南有误")

    return (lambda: service.perform(it.case_id, "send", play.cast.alice), withdraw), lambda: Application.objects.filter(
        pk=it.pk, case__state="called_off"
    ).count()  # fmt: skip


KINDS = {each.__name__: each for each in (quota, rank, panel, pack, waiver, withdrawn, tabled, called_off)}


def both(do: Both) -> list[str]:
    """What the two threads were told."""
    return one_instant.both(lambda: _told(do[0]), lambda: _told(do[1]))


def _told(do: Callable[[], object]) -> str:
    """'' where it went through, else the rule that refused."""
    try:
        do()
    except Refused as refused:
        return refused.rule
    return ""


if __name__ == "__main__":
    play = plays.begin(casts.make())
    for _ in range(int(sys.argv[2])):
        do, count = KINDS[sys.argv[1]](play)
        told = both(do)
        print(json.dumps([told, count()]), flush=True)
