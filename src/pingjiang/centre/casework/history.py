"""The history: events one after another, each with the digest of the one before, the last one sealed.

    digest(n) = SHA-256 of the canonical JSON of event n, which holds digest(n-1)
    seal      = HMAC-SHA-256 of number and digest of the last event, by the site's secret

A changed, deleted, inserted or reordered event breaks the chain at the first bad number. Events cut off the end break
the seal. What neither finds is a whole older copy put in place of the database: for that, note the head's digest
elsewhere from time to time and hand it to `verify`.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework.models import AuditHead, Case, Event

GENESIS = "0" * 64
_BATCH = 2000


def canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no blanks. TypeError for what JSON does not hold exactly: floats, dates, decimals."""
    _exact(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _exact(value: object) -> None:
    if isinstance(value, Mapping):
        for each in value.values():
            _exact(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _exact(each)
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(f"an event holds texts, whole numbers and nothing: write {value!r} as a text")


def _digest(event: Event) -> str:
    """Digest of an event over all that it says."""
    said = {
        "number": event.number,
        "at": event.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        "kind": event.kind,
        "subject": event.subject,
        "case": event.case_id,
        "actor": event.actor_id,
        "membership": event.membership_id,
        "role": event.role,
        "before": event.before,
        "after": event.after,
        "note": event.note,
        "request": str(event.request) if event.request else None,
        "previous": event.previous,
    }
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def _seal(number: int, digest: str) -> str:
    key = hashlib.sha256(b"pingjiang audit head\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{number}:{digest}".encode(), hashlib.sha256).hexdigest()


def lock() -> AuditHead:
    """Lock the end of the chain until the transaction ends, so that events have one order.

    What locks more than that locks in one order, lest two wait for each other: the case, those that it moves along,
    this, all else.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is written in the transaction of what it tells")
    found = AuditHead.objects.select_for_update().filter(id=1)
    head = found.first()
    if head is None:
        AuditHead.objects.get_or_create(id=1, defaults={"number": 0, "digest": GENESIS, "seal": _seal(0, GENESIS)})
        head = found.get()
    return head


def write(
    kind: str,
    subject: str,
    *,
    actor: Actor | None,
    case: Case | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
    request: uuid.UUID | None = None,
) -> Event:
    """Add an event at the end of the chain. Call it in the transaction of what it tells; `actor` None is the system."""
    head = lock()
    event = _next(head, kind, subject, actor, case, before or {}, after or {}, note, request)
    event.save(force_insert=True)
    head.save()
    return event


Changed = tuple[Case, Mapping[str, Any], Mapping[str, Any]]  # a case, what was before and what is after


def write_of_cases(kind: str, changed: Sequence[Changed], *, actor: Actor | None, note: str = "") -> list[Event]:
    """One event for each of many cases, one after the other at the end of the chain: as write() of each would."""
    head = lock()
    events = [
        _next(head, kind, f"case:{case.pk}", actor, case, before, after, note, None) for case, before, after in changed
    ]
    Event.objects.bulk_create(events, batch_size=_BATCH)
    head.save()
    return events


def _next(
    head: AuditHead, kind: str, subject: str, actor: Actor | None, case: Case | None, before: Mapping[str, Any],
    after: Mapping[str, Any], note: str, request: uuid.UUID | None,
) -> Event:  # fmt: skip
    """The event that follows the head, which is moved on to it; the caller saves both."""
    event = Event(
        number=head.number + 1, at=timezone.now(), kind=kind, subject=subject, case=case,
        actor=actor.user if actor else None, membership=actor.membership if actor else None,
        role=actor.role if actor else "", before=canonical(before), after=canonical(after), note=note,
        request=request, previous=head.digest,
    )  # fmt: skip
    event.digest = _digest(event)
    head.number, head.digest = event.number, event.digest
    head.seal = _seal(head.number, head.digest)
    return event


_kept_back: dict[str, Callable[[Actor, Case], Q | None]] = {}


def keep_back(workflow: str, rule: Callable[[Actor, Case], Q | None]) -> None:
    """Say which events of a case of a workflow an actor does not read, though they see the case: a Q over Event, None
    for nothing. A second word on one workflow is a mistake."""
    if workflow in _kept_back:
        raise RuntimeError(f"workflow {workflow} says already what it keeps back")
    _kept_back[workflow] = rule


def read_by(actor: Actor, case: Case) -> QuerySet[Event]:
    """The events of a case that an actor reads who sees the case, the earliest first."""
    rule = _kept_back.get(case.workflow)
    kept = None if rule is None else rule(actor, case)
    rows = Event.objects.filter(case=case).order_by("number")
    return rows if kept is None else rows.exclude(kept)


def told(kind: str) -> Iterator[tuple[int, dict[str, Any], Event]]:
    """Events of a kind, the earliest first: the number in their subject ('paper:17'), what they say was after."""
    for event in Event.objects.filter(kind=kind).order_by("number").iterator(chunk_size=_BATCH):
        yield int(event.subject.rpartition(":")[2]), json.loads(event.after), event


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: how many events, and the first bad one with what is wrong (zh, en)."""

    events: int
    head: str
    broken_at: int | None = None
    problem: tuple[str, str] | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken_at is None


def verify(known: str | None = None) -> Verdict:
    """Walk the whole chain. `known` is a digest noted earlier: it must still be in the chain."""
    expected, previous, seen = 1, GENESIS, known is None
    for event in Event.objects.order_by("number").iterator(chunk_size=_BATCH):
        problem = _wrong(event, expected, previous)
        if problem is not None:
            return Verdict(expected - 1, previous, min(expected, event.number), problem)
        previous, expected = event.digest, expected + 1
        seen = seen or event.digest == known
    return _end(expected - 1, previous, seen)


def _wrong(event: Event, expected: int, previous: str) -> tuple[str, str] | None:
    if event.number != expected:
        return f"第 {expected} 条事件不见了", f"event {expected} is gone"
    if event.previous != previous:
        return f"第 {expected} 条事件与前一条不相接", f"event {expected} does not follow the one before"
    if event.digest != _digest(event):
        return f"第 {expected} 条事件的内容被改过", f"event {expected} was changed"
    return None


def _end(events: int, digest: str, seen: bool) -> Verdict:
    """The head against the last event."""
    head = AuditHead.objects.filter(id=1).first()
    if head is None:
        lost = events > 0
        return Verdict(events, digest, *((events, ("链头不见了", "the head is gone")) if lost else (None, None)))
    if head.seal != _seal(head.number, head.digest):
        return Verdict(
            events, digest, min(events, head.number) + 1, ("链头的封记不符", "the seal of the head is wrong")
        )
    if head.number != events or head.digest != digest:
        return Verdict(events, digest, events + 1, (
            f"链尾有事件被删去：应有 {head.number} 条，现有 {events} 条",
            f"events were cut off the end: {head.number} there were, {events} there are",
        ))  # fmt: skip
    if not seen:
        return Verdict(events, digest, 1, ("所记的摘要不在链中", "the digest noted earlier is not in the chain"))
    return Verdict(events, digest)
