"""Who sits on a panel and gives no sheet for one of its applications, and whether enough others do.

Where the panel goes by it, an expert with an interest in one application is drawn like everybody, and leaves out that
application: it has one score less, not a nought. Each application keeps as many sheets as the pack asks: who would make
one fall below is passed over when the turn comes, and cannot leave it out later but with the seat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pingjiang.centre.programme.models import Application, Conflict, Panel, Recusal, Review
from pingjiang.centre.programme.review import seating

NOTHING_LEFT = "没有可评的申报 nothing left to review"
TOO_FEW = "其回避会使有效评分少于规定 too few sheets would be left"
_OPEN = ("accepted", "reviewing")  # states of an application that is, or will be, under review


def least(panel: Panel) -> int:
    """Sheets that each application has at least."""
    return seating.rules_of(panel).least_valid


def live(panel: Panel) -> list[Application]:
    """Applications that the panel has, but for those withdrawn and left out."""
    rows = Application.objects.filter(entries__panel=panel, entries__left_out="", case__state__in=_OPEN)
    return list(rows.select_related("case__owner").order_by("case__number"))


def interests(panel: Panel) -> dict[str, list[Conflict]]:
    """Code of an expert → what keeps them from single applications; nothing where it keeps them off the panel."""
    if seating.keeps_off(panel):
        return {}
    return {conflicts[0].expert.code: conflicts for conflicts in seating.excluded(panel).values()}


def spare(panel: Panel) -> int:
    """How many of a panel may leave out one and the same application."""
    return sum(panel.seats.values_list("seats", flat=True)) - least(panel)


def given_up(panel: Panel) -> Counter[int]:
    """Application → how many of those who sit leave it out."""
    rows = Recusal.objects.filter(review__in=seating.sitting(panel))
    return Counter(rows.values_list("application", flat=True))


def first_hindered(panel: Panel, codes: Sequence[str]) -> tuple[str, str] | None:
    """The first of those whose turn has come who cannot be offered the seat, and why; None where all can."""
    known, room, taken = interests(panel), spare(panel), given_up(panel)
    there = {each.pk for each in live(panel)}
    for code in codes:
        why = seating.hindrance(panel, code)
        out = {each.application_id for each in known.get(code, ())} & there
        if not why and out and out == there:
            why = NOTHING_LEFT
        if not why and any(taken[pk] >= room for pk in out):
            why = TOO_FEW
        if why:
            return code, why
        taken.update(out)
    return None


def begin(review: Review) -> list[Recusal]:
    """What is known of an expert when the seat is offered: what they leave out, each with its grounds."""
    words = seating.grounds_of(review.panel)
    found: dict[int, list[Conflict]] = {}
    for each in interests(review.panel).get(review.expert.code, ()):
        found.setdefault(each.application_id, []).append(each)
    made = []
    for pk, rows in sorted(found.items()):
        told = [(words.get(each.ground, (each.ground, each.ground)), each) for each in rows]
        zh = "；".join(f"{ground[0]}：{each.reason_zh}" for ground, each in told)[:500]
        en = "; ".join(f"{ground[1]}: {each.reason_en}" for ground, each in told)[:500]
        made.append(Recusal.objects.create(review=review, application_id=pk, reason_zh=zh, reason_en=en))
    return made


def missing(panel: Panel) -> list[Recusal]:
    """Sheets that are missing from a panel, each with its reason."""
    rows = Recusal.objects.filter(review__in=seating.sitting(panel))
    return list(rows.select_related("review__expert", "application__case").order_by("application__case__number", "pk"))


@dataclass(frozen=True)
class Prospect:
    """How many sheets an application can have: if everybody who is tied to it were drawn, and if nobody were."""

    application: Application
    worst: int
    best: int


def prospects(panel: Panel) -> list[Prospect]:
    """Applications that may fall below the least number of sheets, the worst off first: told before a list is out."""
    if seating.keeps_off(panel):
        return []
    tied: dict[int, set[int]] = {}
    for rows in seating.excluded(panel).values():
        for each in rows:
            tied.setdefault(each.application_id, set()).add(each.expert_id)
    strata = dict(panel.seats.values_list("stratum", "seats"))
    people: dict[str, set[int]] = {stratum: set() for stratum in strata}
    for expert in seating.candidates(panel):
        people[expert.stratum].add(expert.pk)
    found = []
    for application in live(panel):
        who = tied.get(application.pk, set())
        out = sum(min(seats, len(people[stratum] & who)) for stratum, seats in strata.items())
        free = sum(min(seats, len(people[stratum] - who)) for stratum, seats in strata.items())
        found.append(Prospect(application, sum(strata.values()) - out, free))
    below = [each for each in found if each.worst < least(panel)]
    return sorted(below, key=lambda each: (each.best, each.worst, each.application.case.number))


def short(panel: Panel) -> list[tuple[Application, int]]:
    """Applications with fewer sheets than the pack asks, as the panel sits; and how many they have."""
    count, taken = len(seating.sitting(panel)), given_up(panel)
    return [(each, count - taken[each.pk]) for each in live(panel) if count - taken[each.pk] < least(panel)]
