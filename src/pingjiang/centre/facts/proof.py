"""The register recounted from nothing: each fact against what it says of itself and what the history tells of it."""

from __future__ import annotations

from collections.abc import Iterator

from pingjiang.centre.casework import history
from pingjiang.centre.facts import kinds, register
from pingjiang.centre.facts.models import Fact, Withdrawal

_BATCH = 2000
Problem = tuple[str, str]


def problems() -> Iterator[Problem]:
    """Everything that is wrong with the register (zh, en); nothing where it is whole.

    That the events themselves are whole, `casework.history.verify` says.
    """
    yield from _facts()
    yield from _withdrawals()


def _facts() -> Iterator[Problem]:
    told = {number: after["digest"] for number, after, _event in history.told("fact told")}  # 100 bytes a fact
    known = kinds.known()
    for fact in Fact.objects.order_by("pk").iterator(chunk_size=_BATCH):
        found, kind = register.digest(fact), known.get(fact.kind)
        if told.pop(fact.pk, None) != found or fact.digest != found:
            yield f"事实 {fact.pk} 与办理记录不符", f"fact {fact.pk} is not what the history tells"
        elif kind is not None and fact.key != register.key(kind, fact):
            yield f"事实 {fact.pk} 的归并键不符", f"fact {fact.pk} does not have the key of what it tells"
    for number in told:
        yield f"事实 {number} 不见了", f"fact {number} is gone"


def _withdrawals() -> Iterator[Problem]:
    told = {number: (event.note, event.membership_id) for number, _after, event in history.told("fact withdrawn")}
    for row in Withdrawal.objects.order_by("fact").iterator(chunk_size=_BATCH):
        note, by = told.pop(row.fact_id, ("", None))
        if (note.strip(), by) != (row.reason, row.by_id):
            yield f"事实 {row.fact_id} 的撤回与办理记录不符", f"the withdrawal of fact {row.fact_id} was not told so"
    for number in told:
        yield f"事实 {number} 的撤回不见了", f"the withdrawal of fact {number} is gone"
