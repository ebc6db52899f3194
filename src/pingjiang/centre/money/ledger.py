"""open_account, close_account, post, reverse: the only doors to the ledger. Each is one transaction, and an event."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.casework import history
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.money import chart
from pingjiang.centre.money.currencies import currency
from pingjiang.centre.money.models import Account, Journal, Line, Seal

Amount = Decimal | int | str


@dataclass(frozen=True)
class Entry:
    """One line to be: positive for a debit, negative for a credit."""

    account: Account
    amount: Decimal
    text: str = ""


def debit(account: Account, amount: Amount, text: str = "") -> Entry:
    """A debit. Refused unless the amount is above nothing and fits the account's currency."""
    return Entry(account, _positive(account, amount), text)


def credit(account: Account, amount: Amount, text: str = "") -> Entry:
    """A credit. Refused unless the amount is above nothing and fits the account's currency."""
    return Entry(account, -_positive(account, amount), text)


def _positive(account: Account, amount: Amount) -> Decimal:
    read = currency(account.currency).amount(amount)
    if read <= 0:
        raise Refused("amount", f"金额须大于零：{amount}", f"an amount is above nothing: {amount}")
    return read


@transaction.atomic
def open_account(
    owner: Organisation,
    purpose: str,
    code: str,
    actor: Actor | None,
    *,
    case: Case | None = None,
    name: str = "",
    may_overdraw: bool | None = None,
) -> Account:
    """The account of a purpose in a currency, opened if it is not there. `may_overdraw` is the chart's if unsaid."""
    found = chart.purpose(purpose)
    currency(code)
    allowed = found.overdraw if may_overdraw is None else may_overdraw
    account, new = Account.objects.get_or_create(
        owner=owner, purpose=purpose, currency=code, case=case, name=name,
        defaults={"kind": found.kind, "may_overdraw": allowed, "synthetic": owner.synthetic},
    )  # fmt: skip
    if new:
        after = {"owner": owner.pk, "purpose": purpose, "currency": code, "overdraw": int(allowed)}
        history.write("account opened", f"account:{account.pk}", actor=actor, case=case, after=after)
    elif may_overdraw is not None and account.may_overdraw != may_overdraw:
        raise Refused("account", "账户已开立，透支规则不能改", "the account is there, its rule of overdraft stays")
    return account


@transaction.atomic
def close_account(account: Account, actor: Actor, reason: str) -> None:
    """No line goes in any more. Refused while there is a balance."""
    if not reason.strip():
        raise Refused("note", "须写明理由", "a reason is needed")
    history.lock()
    locked = Account.objects.select_for_update().get(pk=account.pk)
    if locked.closed_at is not None:
        raise Refused("account", "账户已经关闭", "the account is closed already")
    if _last([locked.pk])[locked.pk][1] != 0:
        raise Refused("balance", "账户还有余额，不能关闭", "the account has a balance: it cannot be closed")
    locked.closed_at = timezone.now()
    locked.save(update_fields=["closed_at"])
    history.write("account closed", f"account:{account.pk}", actor=actor, case=locked.case, note=reason)


@transaction.atomic
def post(
    entries: Iterable[Entry],
    *,
    on: datetime.date,
    text: str,
    actor: Actor | None,
    request: uuid.UUID,
    case: Case | None = None,
    document: str = "",
    cause: Event | None = None,
) -> Journal:
    """Write a journal. The same request twice is written once; with other contents it is Refused.

    Refused also for lines that do not balance in each organisation and currency, for an account that is closed, and for
    one that would be overdrawn; the database refuses all three once more.
    """
    return _write(list(entries), on=on, text=text, actor=actor, request=request, case=case, document=document,
                  cause=cause, reverses=None)  # fmt: skip


@transaction.atomic
def reverse(journal: Journal, *, on: datetime.date, reason: str, actor: Actor | None, request: uuid.UUID) -> Journal:
    """Write the opposite of a journal, with the reason. A journal is reversed once; a reversal is not reversed."""
    if not reason.strip():
        raise Refused("note", "冲销须写明理由", "a reversal needs a reason")
    if journal.reverses_id is not None:
        raise Refused("reversal", "冲销凭证不能再冲销", "a reversal is not reversed: write the journal again")
    lines = journal.lines.select_related("account").order_by("pk")
    entries = [Entry(line.account, -line.amount, line.text) for line in lines]
    return _write(entries, on=on, text=reason, actor=actor, request=request, case=journal.case,
                  document=journal.document, cause=None, reverses=journal)  # fmt: skip


def _write(
    entries: list[Entry],
    *,
    on: datetime.date,
    text: str,
    actor: Actor | None,
    request: uuid.UUID,
    case: Case | None,
    document: str,
    cause: Event | None,
    reverses: Journal | None,
) -> Journal:
    accounts = _locked(entries)
    journal = Journal(
        seal_id=request, on=on, text=text, written_by=actor.membership if actor else None, case=case, cause=cause,
        document=document, reverses_id=reverses.pk if reverses else None,
    )  # fmt: skip
    journal.digest = digest(journal, [(each.account.pk, each.amount, each.text) for each in entries])
    done = Journal.objects.filter(seal_id=request).first()
    if done is not None:
        if done.digest != journal.digest:
            raise Refused("request", "这一请求已用于别的凭证", "this request was used for another journal")
        return done
    if reverses is not None and Journal.objects.filter(reverses=reverses).exists():
        raise Refused("reversal", "这张凭证已经冲销", "this journal is reversed already")
    _check(entries, accounts, text)
    lines = _lines(entries, accounts)
    journal.save(force_insert=True)
    for line in lines:
        line.journal = journal
    Line.objects.bulk_create(lines)
    Seal(id=request).save(force_insert=True)
    history.write("journal", f"journal:{journal.pk}", actor=actor, case=case, after={"digest": journal.digest})
    return journal


def digest(journal: Journal, lines: Sequence[tuple[int, Decimal, str]]) -> str:
    """SHA-256 of all that a journal says, in the order of its lines. The history keeps it."""
    said = {
        "request": str(journal.seal_id), "on": journal.on.isoformat(), "text": journal.text,
        "by": journal.written_by_id, "case": journal.case_id, "cause": journal.cause_id,
        "document": journal.document, "reverses": journal.reverses_id,
        "lines": [[account, str(amount.normalize()), text] for account, amount, text in lines],
    }  # fmt: skip
    return hashlib.sha256(history.canonical(said).encode()).hexdigest()


def _locked(entries: list[Entry]) -> dict[int, Account]:
    """The accounts, locked until the transaction ends; the end of the chain before them, as all that write do."""
    history.lock()
    keys = {each.account.pk for each in entries}
    return {each.pk: each for each in Account.objects.filter(pk__in=keys).order_by("pk").select_for_update()}


def _check(entries: list[Entry], accounts: dict[int, Account], text: str) -> None:
    if not text.strip():
        raise Refused("text", "凭证须有摘要", "a journal needs a text")
    if len(entries) < 2:
        raise Refused("balance", "凭证至少有两行", "a journal has two lines at least")
    sums: dict[tuple[int, str], Decimal] = {}
    for each in entries:
        account = accounts[each.account.pk]
        if account.closed_at is not None:
            raise Refused("account", f"账户已关闭：{account}", f"the account is closed: {account}")
        if each.amount == 0:
            raise Refused("amount", "金额不能为零", "an amount is not zero")
        key = (account.owner_id, account.currency)
        sums[key] = sums.get(key, Decimal(0)) + currency(account.currency).amount(each.amount)
    for (_, code), rest in sums.items():
        if rest != 0:
            raise Refused(
                "balance", f"借贷不平：{code} 差 {rest}", f"debits and credits in {code} differ by {rest}"
            )  # fmt: skip


def _lines(entries: list[Entry], accounts: dict[int, Account]) -> list[Line]:
    """The lines with their running balances. Refused where an account would end overdrawn."""
    runs = _last(accounts)
    lines = []
    for each in entries:
        sequence, balance = runs[each.account.pk]
        runs[each.account.pk] = sequence + 1, balance + each.amount
        lines.append(
            Line(account=each.account, amount=each.amount, sequence=sequence + 1, balance=balance + each.amount,
                 text=each.text)
        )  # fmt: skip
    for key, (_, balance) in runs.items():
        account = accounts[key]
        if not account.may_overdraw and balance * account.sign < 0:
            raise Refused("overdrawn", f"余额不足：{account}", f"there is not enough in {account}")
    return lines


def _last(accounts: Iterable[int]) -> dict[int, tuple[int, Decimal]]:
    """Sequence and balance after the last line of each account."""
    found = {key: (0, Decimal(0)) for key in accounts}
    newest = Line.objects.filter(account=OuterRef("account")).order_by("-sequence").values("sequence")[:1]
    lines = Line.objects.filter(account__in=found, sequence=Subquery(newest))
    return found | {key: (n, balance) for key, n, balance in lines.values_list("account", "sequence", "balance")}
