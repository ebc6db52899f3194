"""Money and places of a decision, in yuan: what there is, what an item asks, what it may get at most, what is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Prefetch, Subquery, Sum, prefetch_related_objects

from pingjiang.centre.casework.models import Case
from pingjiang.centre.programme.content.derived import derived
from pingjiang.centre.programme.content.reading import said_in
from pingjiang.centre.programme.content.together import is_read
from pingjiang.centre.programme.models import (
    Application,
    ApplicationVersion,
    CallTrack,
    Decision,
    DecisionItem,
    Verdict,
)
from pingjiang.centre.programme.models.decisions import APPROVE, GIVES
from pingjiang.centre.programme.rulepack import pack_at, pack_of
from pingjiang.rulebook.policies import Pack, Quantity, on_track
from pingjiang.rulebook.policies.units import convert

ZERO = Decimal(0)
CITY, LOCAL = "city_money", "local_money"  # the data of a pack that say what is asked and what is added
_WAN, _YUAN = Decimal(10_000), "yuan"


@dataclass(frozen=True)
class Room:
    """What a track has left: its money and places, less what earlier decisions on it gave."""

    budget: Decimal
    places: int


def wan(amount: Decimal | None) -> str:
    """Yuan as ten thousand yuan with two decimals; a dash for none."""
    return "—" if amount is None else f"{amount / _WAN:,.2f}"


def yuan_of(application: Application, version: ApplicationVersion, field: str) -> Decimal | None:
    """Money that a version states, in yuan; None where it does not."""
    found = derived(pack_of(application), said_in(version)).get(field)
    if not isinstance(found, Quantity):
        return None
    yuan = convert(Decimal(found.value), found.unit, _YUAN)
    return yuan.quantize(Decimal("0.01")) if yuan is not None else None


def cap_of(pack: Pack, track: str) -> tuple[Decimal, str] | None:
    """The most that a pack gives to one application on a track, in yuan, and its clause; None where it says nothing."""
    found: list[tuple[Decimal, str]] = []
    for each in pack.rules:
        rule = on_track(each, track)
        test = rule.test
        here = rule.kind == "hard" and (not rule.tracks or track in rule.tracks)
        if here and test is not None and test.op == "le" and test.field == CITY and test.threshold is not None:
            most = convert(test.threshold, pack.field(CITY).unit or _YUAN, _YUAN)  # a threshold is in its field's unit
            found += [(most, rule.clause)] if most is not None else []
    return min(found, default=None)


def cap(decision: Decision) -> tuple[Decimal, str] | None:
    """The cap of the pack by which a decision goes."""
    return cap_of(pack_at(decision.pack, decision.pack_version), decision.case.track)


def track_of(decision: Decision) -> CallTrack:
    """The track of the call that is decided on."""
    return decision.call.tracks.get(track=decision.case.track)


def room(decision: Decision) -> Room:
    """What there is for this decision."""
    row = track_of(decision)
    last = Verdict.objects.filter(item=OuterRef("item")).order_by("-pk").values("pk")[:1]
    given = Verdict.objects.filter(
        item__decision__call=decision.call_id, item__decision__case__track=decision.case.track,
        item__decision__case__state="final", item__application__case__state="approved", kind__in=GIVES,
        pk=Subquery(last),
    ).exclude(item__decision=decision)  # fmt: skip
    spent = given.aggregate(sum=Sum("amount"))["sum"] or ZERO
    return Room(row.budget - spent, row.places - given.count())


def gives(kind: str, amount: Decimal | None, asked: Decimal) -> Decimal | None:
    """What an item gets: all that it asks where it is approved, the amount where amended; None where it gets nothing
    or the amount is not said yet."""
    if kind not in GIVES:
        return None
    return asked if kind == APPROVE else amount


def proposed(item: DecisionItem) -> Decimal | None:
    """What the office proposes to give."""
    return gives(item.proposal, item.proposed_amount, item.asked)


def entered(item: DecisionItem) -> Decimal | None:
    """What the meeting's entry gives."""
    return gives(item.verdict, item.amount, item.asked)


def total(amounts: Iterable[Decimal | None]) -> tuple[Decimal, int]:
    """The sum of what is given, and to how many."""
    found = [amount for amount in amounts if amount is not None]
    return sum(found, ZERO), len(found)


def standing(decision: Decision, *more: str) -> list[DecisionItem]:
    """Items that are still to be decided: whose application was not withdrawn. Each with its case, and what `more` is
    named of it: versions are long, and most who ask need none. Where `read_items` read them, those."""
    rows = decision.items.all() if is_read(decision, "items") else decision.items.select_related(_CASE, *more)
    return [row for row in rows if row.application.case.state != "withdrawn"]


_CASE = "application__case"


def read_items(decision: Decision) -> list[DecisionItem]:
    """All items with what a page shows of them, read once for all that it asks of them. They are of that moment: a page
    is made so once nothing more is changed."""
    rows = DecisionItem.objects.select_related(_CASE + "__owner", "application__district")
    prefetch_related_objects([decision], Prefetch("items", rows))
    return list(decision.items.all())


def along(case: Case) -> list[int]:
    """The cases that moves of a decision move along: of the applications in its pack."""
    return list(case.decision.items.values_list("application__case", flat=True))


def last_verdicts(items: Iterable[DecisionItem]) -> dict[int, Verdict]:
    """Key of an item → what the last session decided of it."""
    rows = Verdict.objects.filter(item__in=[item.pk for item in items]).select_related("session")
    return {row.item_id: row for row in rows.order_by("pk")}
