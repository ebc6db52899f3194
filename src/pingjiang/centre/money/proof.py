"""The books recounted from nothing: what should never have got in, and what was changed behind the back."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from operator import attrgetter

from django.db.models import F, Q, Sum, Window
from django.db.models.functions import RowNumber

from pingjiang.centre.casework.models import Event
from pingjiang.centre.money import ledger
from pingjiang.centre.money.models import Account, Journal, Line, Seal

_BATCH = 2000
Problem = tuple[str, str]


def problems() -> Iterator[Problem]:
    """Everything that is wrong with the books (zh, en); nothing where they are whole. Bounded memory.

    That the events themselves are whole, `casework.history.verify` says.
    """
    yield from _unsealed()
    yield from _unbalanced()
    yield from _broken_runs()
    yield from _overdrawn()
    yield from _unlike_their_events()


def _unsealed() -> Iterator[Problem]:
    for key in Journal.objects.exclude(seal__in=Seal.objects.all()).order_by("pk").values_list("pk", flat=True):
        yield f"凭证 {key} 没有封记", f"journal {key} has no seal"
    for seal in Seal.objects.filter(journal__isnull=True).order_by("pk").values_list("pk", flat=True):
        yield f"封记 {seal} 没有凭证", f"seal {seal} has no journal"


def _unbalanced() -> Iterator[Problem]:
    sums = (
        Line.objects.order_by("journal")
        .values_list("journal", "account__owner", "account__currency")
        .annotate(all=Sum("amount"))
        .filter(~Q(all=0))
    )
    for journal, owner, code, rest in sums.iterator(chunk_size=_BATCH):
        yield (
            f"凭证 {journal}：单位 {owner} 的 {code} 借贷差 {rest}",
            f"journal {journal}: organisation {owner} is out by {rest} {code}",
        )


def _broken_runs() -> Iterator[Problem]:
    """Sequences without a gap, balances that are the sum of what came before."""
    lines = Line.objects.annotate(
        place=Window(RowNumber(), partition_by="account", order_by="sequence"),
        sum=Window(Sum("amount"), partition_by="account", order_by="sequence"),
    ).filter(~Q(sequence=F("place")) | ~Q(balance=F("sum")))
    for account, sequence in lines.order_by("account", "sequence").values_list("account", "sequence"):
        yield f"账户 {account} 第 {sequence} 行余额不接", f"account {account}: line {sequence} does not follow"


def _overdrawn() -> Iterator[Problem]:
    """Guarded accounts whose last balance lies below nothing."""
    for account in Account.objects.filter(may_overdraw=False).order_by("pk").iterator(chunk_size=_BATCH):
        last = Line.objects.filter(account=account).order_by("-sequence").values_list("balance", flat=True).first()
        if last is not None and last * account.sign < 0:
            yield f"账户 {account.pk} 透支", f"account {account.pk} is overdrawn"


def _unlike_their_events() -> Iterator[Problem]:
    """Journals whose contents are not those that the history tells, and events whose journal is gone."""
    told = Event.objects.filter(kind="journal").order_by("number").values_list("subject", "after")
    digests = ((int(subject.removeprefix("journal:")), json.loads(after)["digest"]) for subject, after in
               told.iterator(chunk_size=_BATCH))  # fmt: skip
    journals = Journal.objects.order_by("pk").iterator(chunk_size=_BATCH)
    lines = itertools.groupby(
        Line.objects.order_by("journal", "pk").iterator(chunk_size=_BATCH), key=attrgetter("journal_id")
    )
    known = dict(digests)  # 100 bytes a journal
    of = next(lines, None)
    for journal in journals:
        rows: list[Line] = []
        while of is not None and of[0] <= journal.pk:
            rows += list(of[1]) if of[0] == journal.pk else []
            of = next(lines, None)
        found = ledger.digest(journal, [(line.account_id, line.amount, line.text) for line in rows])
        if known.pop(journal.pk, None) != found or journal.digest != found:
            yield f"凭证 {journal.pk} 与办理记录不符", f"journal {journal.pk} is not what the history tells"
    for key in known:
        yield f"凭证 {key} 不见了", f"journal {key} is gone"
