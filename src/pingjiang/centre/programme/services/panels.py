"""What officers do with a panel: make it up, look for conflicts, decide on what is uncertain, publish, draw, lock."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, numbers, service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import (
    Application,
    Call,
    CallTrack,
    Conflict,
    ConflictRuling,
    Expert,
    Panel,
    PanelEntry,
    PanelSeat,
)
from pingjiang.centre.programme.review import conflicts, seating
from pingjiang.centre.programme.review.workflow import OFFICER, PANEL

RULED_IN = ("draft", "published", "drawn")  # states in which an uncertain match is decided
_LOOKED = "conflicts looked for"


@dataclass(frozen=True)
class Composed:
    """How a panel is made up."""

    applications: Iterable[Application]
    seats: Mapping[str, int]
    number_words: str = ""
    due: datetime.datetime | None = None
    reviews_until: datetime.date | None = None
    recusal: str = ""  # as the pack says, where it is not said


def waiting(actor: Actor, call: Call, track: str) -> list[Application]:
    """Applications of a track of a call that wait for a panel, as far as the actor sees them."""
    seen = access.visible_to(actor, Application).filter(call=call, case__track=track, case__state="accepted")
    taken = PanelEntry.objects.filter(panel__case__state__in=("published", "drawn"), left_out="").values("application")
    return list(seen.exclude(pk__in=taken).select_related("case__owner").order_by("case__number"))


@transaction.atomic
def make_up(call: Call, actor: Actor, track: str, title: str, *, request: uuid.UUID | None = None) -> Panel:
    """Begin a panel of a track of the bureau's own call."""
    access.find(actor, Call, pk=call.pk)
    ours = actor.role == "programme_officer" and call.case.owner_id == actor.organisation.pk
    if not ours or track not in actor.tracks:
        raise Refused("party", "专家组由这一类别的项目管理员组建", "the officers of a track make up its panels")
    row = access.one(CallTrack.objects.filter(call=call), track=track)
    case = service.open_case(PANEL, actor, number=numbers.next_number("PS"), title=title, track=track, request=request)
    found = Panel.objects.filter(case=case).first()
    if found is not None:
        return found
    panel = Panel(case=case, call=call, pack=row.pack, pack_version=row.pack_version)
    panel.recusal = seating.rules_of(panel).recusal
    panel.save()
    for stratum in seating.rules_of(panel).strata:
        PanelSeat.objects.create(panel=panel, stratum=stratum.id, seats=max(stratum.least, 1))
    return panel


@transaction.atomic
def compose(panel: Panel, actor: Actor, said: Composed, *, version: int | None = None) -> Panel:
    """Say whom it reviews, how many of each stratum sit on it, and which public number draws them."""
    case = service.touch(panel.case, actor, version=version)
    found = Panel.objects.select_related("case").get(pk=panel.pk)
    known = seating.strata_of(found)
    if set(said.seats) - set(known):
        raise Refused("stratum", "规则包没有这一类别", "the pack has no such stratum")
    chosen = {each.pk for each in said.applications}
    seen = access.visible_to(actor, Application).filter(
        pk__in=chosen, call=found.call_id, case__track=case.track, case__state="accepted"
    )
    if chosen - set(seen.values_list("pk", flat=True)):
        raise Refused("application", "只能列入本批次、本类别、待评审的申报", "only what waits for review on this track")
    found.number_words, found.due, found.reviews_until = said.number_words.strip(), said.due, said.reviews_until
    if found.due is not None:
        found.due = found.due.replace(second=0, microsecond=0)
    found.recusal = said.recusal or found.recusal
    found.full_clean()
    found.save(update_fields=["number_words", "due", "reviews_until", "recusal"])
    before = set(found.entries.values_list("application", flat=True))
    found.entries.exclude(application__in=chosen).delete()
    PanelEntry.objects.bulk_create([PanelEntry(panel=found, application_id=pk) for pk in sorted(chosen - before)])
    found.seats.all().delete()
    PanelSeat.objects.bulk_create(
        [PanelSeat(panel=found, stratum=each, seats=said.seats[each]) for each in known if said.seats.get(each)]
    )
    if before != chosen:
        found.conflicts.all().delete()
        found.conflicts_at, found.looked = None, "{}"
        found.save(update_fields=["conflicts_at", "looked"])
    history.write(
        "panel composed", f"case:{case.pk}", actor=actor, case=case,
        after={"applications": sorted(chosen), "seats": dict(said.seats), "number": found.number_words,
               "due": found.due.isoformat() if found.due else None, "recusal": found.recusal},
    )  # fmt: skip
    return found


def look(panel: Panel, actor: Actor) -> list[Conflict]:
    """Look for conflicts, in declarations, employers and lakes: before the list is published."""
    access.find(actor, Panel, pk=panel.pk)
    looked = conflicts.look(panel)
    with transaction.atomic():
        case = service.touch(panel.case, actor)
        found = conflicts.write(panel, looked, anew=True)
        history.write(
            _LOOKED, f"case:{case.pk}", actor=actor, case=case,
            after={"found": len(found), "read": list(looked.read), "unread": list(looked.unread)},
        )  # fmt: skip
    return found


def look_anew(expert: Expert) -> int:
    """Look anew for the panels that could draw an expert, whose interests have changed: those in which conflicts were
    looked for, and whose list is not published yet. Of a published one nothing is taken back. How many there were.

    Rulings stay: they are of an expert, an application and a ground. Reads lakes, outside of any transaction.
    """
    rows = Panel.objects.filter(
        case__state="draft", case__owner=expert.bureau_id, conflicts_at__isnull=False, seats__stratum=expert.stratum
    )
    for panel in rows.select_related("case").order_by("pk"):
        looked = conflicts.look(panel)
        with transaction.atomic():
            case = service.lock(panel.case_id)
            found = Panel.objects.select_related("case").get(pk=panel.pk)
            if case.state == "draft" and found.conflicts_at is not None:
                made = conflicts.write(found, looked, anew=True)
                after = {"found": len(made), "read": list(looked.read), "unread": list(looked.unread)}
                history.write(
                    _LOOKED, f"case:{case.pk}", actor=None, case=case, after={**after, "changed": expert.code}
                )
    return len(rows)


@transaction.atomic
def rule(conflict: Conflict, actor: Actor, *, excludes: bool, reason: str) -> ConflictRuling:
    """Decide whether a match that is not certain excludes, and why."""
    panel = conflict.panel
    case = service.lock(panel.case_id)
    access.find(actor, Panel, pk=panel.pk)
    if OFFICER not in access.parties(actor, case) or case.state not in RULED_IN:
        raise Refused("edit", "现不归您办理", "it does not lie with you now")
    if case.state != "draft" and seating.key_of(conflict) in seating.rulings_of(panel):
        raise Refused("edit", "名单公布之后不能改判", "once a list is out, what was decided stays")
    if conflict.certain:
        raise Refused("certain", "这一条已确定，应当回避", "this one is certain, and excludes")
    if not reason.strip():
        raise Refused("note", "须写明理由", "a reason is needed")
    made = ConflictRuling(
        panel=panel, expert=conflict.expert, application=conflict.application, ground=conflict.ground,
        excludes=excludes, reason=reason.strip(), by=actor.membership,
    )  # fmt: skip
    made.full_clean()
    made.save()
    case.version += 1
    case.save(update_fields=["version"])
    history.write(
        "conflict decided", f"case:{case.pk}", actor=actor, case=case, note=made.reason,
        after={"expert": conflict.expert.code, "ground": conflict.ground, "excludes": int(excludes)},
    )  # fmt: skip
    return made


def prepare(panel: Panel, actor: Actor, move: str) -> None:
    """Before a list is published, and before it is drawn from, look once more: what was declared since counts, and
    whom a supplementary list has is looked at for the first time.

    Reads lakes, so it is done before the transaction of the move. Nothing happens for other moves and states.
    """
    access.find(actor, Panel, pk=panel.pk)
    state = {
        "publish": "draft", "draw": "published", "supplement": "drawn", "draw_supplement": "drawn",
    }.get(move)  # fmt: skip
    if state is None or panel.case.state != state or OFFICER not in access.parties(actor, panel.case):
        return
    looked = conflicts.look(panel)
    with transaction.atomic():
        case = service.lock(panel.case_id)
        found = Panel.objects.select_related("case").get(pk=panel.pk)
        if case.state == state and found.conflicts_at is not None:
            conflicts.write(found, looked, anew=move == "publish")


def publish(panel: Panel, actor: Actor, **how: uuid.UUID | int | None) -> Event:
    """Look once more, and publish the list. What is new and uncertain has to be decided first."""
    prepare(panel, actor, "publish")
    return _moved(panel.case, "publish", actor, "", {}, how)


def draw(panel: Panel, actor: Actor, number: str, **how: uuid.UUID | int | None) -> Event:
    """Enter the public number and draw. Interests declared since the list was published pass a candidate over."""
    prepare(Panel.objects.select_related("case").get(pk=panel.pk), actor, "draw")
    return _moved(panel.case, "draw", actor, "", {"number": number}, how)


def supplement(panel: Panel, actor: Actor, number_words: str, due: datetime.datetime, **how: uuid.UUID | int | None
               ) -> Event:  # fmt: skip
    """Publish a list for the vacant seats alone. What is new and uncertain has to be decided first."""
    prepare(Panel.objects.select_related("case").get(pk=panel.pk), actor, "supplement")
    given = {"number_words": number_words, "due": due.replace(second=0, microsecond=0)}
    return _moved(panel.case, "supplement", actor, "", given, how)


def draw_supplement(panel: Panel, actor: Actor, number: str, **how: uuid.UUID | int | None) -> Event:
    """Enter its number and draw."""
    prepare(Panel.objects.select_related("case").get(pk=panel.pk), actor, "draw_supplement")
    return _moved(panel.case, "draw_supplement", actor, "", {"number": number}, how)


def lock(panel: Panel, actor: Actor, **how: uuid.UUID | int | None) -> Event:
    """Open all sheets and reckon."""
    return _moved(panel.case, "lock", actor, "", {}, how)


def dissolve(panel: Panel, actor: Actor, reason: str, **how: uuid.UUID | int | None) -> Event:
    """Send everybody home."""
    return _moved(panel.case, "dissolve", actor, reason, {}, how)


def _moved(case: Case, move: str, actor: Actor, note: str, given: Mapping[str, object], how: Mapping[str, object]
           ) -> Event:  # fmt: skip
    version, request = how.get("version"), how.get("request")
    return service.perform(
        case, move, actor, note, version=version if isinstance(version, int) else None,
        request=request if isinstance(request, uuid.UUID) else None, given=given,
    )  # fmt: skip
