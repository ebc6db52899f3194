"""tell and withdraw: the only doors to the register. Each is one transaction, and an event."""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.casework import history
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.facts import kinds
from pingjiang.centre.facts.kinds import Kind
from pingjiang.centre.facts.models import PLACES, Fact, Withdrawal
from pingjiang.centre.money.currencies import MOST, currency

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Subject:
    """What a fact is about: a kind of thing and its id, as the app that owns it names them."""

    kind: str
    id: str


@transaction.atomic
def tell(
    kind: Kind,
    subject: Subject,
    organisation: Organisation,
    *,
    on: datetime.date,
    actor: Actor | None,
    request: uuid.UUID,
    value: Decimal | int | str | None = None,
    text: str = "",
    currency_code: str = "",
    proof: str = "",
    release: str = "",
    case: Case | None = None,
    cause: Event | None = None,
) -> Fact:
    """Tell what happened. The same request twice tells it once; with other contents it is Refused.

    Refused where the kind asks for a proof or a value that is not there, or does not take what is. TypeError for a
    float, LookupError for a kind that is not registered.
    """
    if kinds.known().get(kind.name) is not kind:
        raise LookupError(f"kind of fact {kind.name} is not registered")
    fact = Fact(
        kind=kind.name, subject_kind=subject.kind, subject_id=subject.id, organisation=organisation, on=on,
        value=_value(kind, value, currency_code), text=text.strip(), currency=currency_code, proof=proof,
        release=release, case=case, cause=cause, told_by=actor.membership if actor else None, request=request,
        synthetic=organisation.synthetic,
    )  # fmt: skip
    _check(kind, fact)
    fact.key, fact.digest = key(kind, fact), digest(fact)
    history.lock()  # of two who tell it at once, the later sees the earlier
    done = Fact.objects.filter(request=request).first()
    if done is not None:
        if done.digest != fact.digest:
            raise Refused("request", "这一请求已用于别的事实", "this request was used for another fact")
        return done
    fact.save(force_insert=True)
    history.write("fact told", f"fact:{fact.pk}", actor=actor, case=case, after={"digest": fact.digest})
    return fact


@transaction.atomic
def withdraw(fact: Fact, *, reason: str, actor: Actor | None, request: uuid.UUID) -> Withdrawal:
    """Say that a fact does not stand. It stays in the register; it is withdrawn once."""
    if not reason.strip():
        raise Refused("note", "撤回须写明理由", "a withdrawal needs a reason")
    history.lock()
    done = Withdrawal.objects.filter(request=request).first()
    if done is not None and done.fact_id == fact.pk:
        return done
    if done is not None:
        raise Refused("request", "这一请求已用于别的事实", "this request was used for another fact")
    if Withdrawal.objects.filter(fact=fact).exists():
        raise Refused("withdrawn", "这条事实已经撤回", "this fact is withdrawn already")
    row = Withdrawal(
        fact=fact, reason=reason.strip(), by=actor.membership if actor else None, request=request
    )  # fmt: skip
    row.save(force_insert=True)
    history.write("fact withdrawn", f"fact:{fact.pk}", actor=actor, case=fact.case, note=reason)
    return row


def key(kind: Kind, fact: Fact) -> str:
    """Digest of the parts that make two tellings one happening."""
    parts = {
        "subject": [fact.subject_kind, fact.subject_id],
        "organisation": fact.organisation_id,
        "day": fact.on.isoformat(),
        "month": [fact.on.year, fact.on.month],
        "quarter": [fact.on.year, (fact.on.month + 2) // 3],
        "year": fact.on.year,
        "text": fact.text,
        "proof": fact.proof,
        "case": fact.case_id,
    }
    said = {"kind": kind.name, **{part: parts[part] for part in kind.key}}
    return hashlib.sha256(history.canonical(said).encode()).hexdigest()


def digest(fact: Fact) -> str:
    """SHA-256 of all that a fact says. The history keeps it."""
    said = {
        "request": str(fact.request), "kind": fact.kind, "subject": [fact.subject_kind, fact.subject_id],
        "organisation": fact.organisation_id, "on": fact.on.isoformat(), "text": fact.text,
        "value": None if fact.value is None else str(fact.value.normalize()), "currency": fact.currency,
        "proof": fact.proof, "release": fact.release, "case": fact.case_id, "cause": fact.cause_id,
        "by": fact.told_by_id,
    }  # fmt: skip
    return hashlib.sha256(history.canonical(said).encode()).hexdigest()


def _value(kind: Kind, value: Decimal | int | str | None, code: str) -> Decimal | None:
    """The number, exact; None where there is none."""
    if value is None:
        if kind.value in ("count", "amount") and kind.value_needed:
            raise Refused("value", f"“{kind.words[0]}”须有数值", f"'{kind.words[1]}' needs a value")
        return None
    if kind.value not in ("count", "amount"):
        raise Refused("value", f"“{kind.words[0]}”没有数值", f"'{kind.words[1]}' takes no value")
    if kind.value == "amount":
        return currency(code).amount(value)
    if isinstance(value, bool | float):
        raise TypeError(f"{value!r} is no exact number: write a Decimal, a whole number or a text")
    try:
        read = Decimal(value)
    except ArithmeticError:
        raise Refused("value", f"“{value}”不是数", f"'{value}' is no number") from None
    if not read.is_finite() or abs(read) >= MOST or read != round(read, PLACES):
        raise Refused("value", f"数值 {value} 超出范围（最多 {PLACES} 位小数）",
                      f"the value {value} is out of range ({PLACES} decimals at most)")  # fmt: skip
    return read + 0  # no minus zero


def _check(kind: Kind, fact: Fact) -> None:
    """What the kind asks of a fact beside its value."""
    zh, en = kind.words
    if fact.subject_kind not in kind.subjects or not fact.subject_id:
        raise Refused("subject", f"“{zh}”不涉及“{fact.subject_kind}”", f"'{en}' is not about '{fact.subject_kind}'")
    if (kind.value == "text") != bool(fact.text):
        raise Refused(
            "value", f"“{zh}”的文字内容不符", f"'{en}' {'needs' if kind.value == 'text' else 'takes no'} text"
        )
    if fact.currency and kind.value != "amount":
        raise Refused("currency", f"“{zh}”没有币种", f"'{en}' has no currency")
    if fact.currency and fact.value is None:
        raise Refused("currency", "没有金额，不写币种", "there is no amount to have a currency")
    if kind.proof is not None and not fact.proof:
        raise Refused("proof", f"“{zh}”须有证明材料：{kind.proof[0]}", f"'{en}' needs its proof: {kind.proof[1]}")
    if fact.proof and not _SHA256.fullmatch(fact.proof):
        raise Refused("proof", "证明材料应写 SHA-256 摘要", "a proof is a SHA-256 digest")
