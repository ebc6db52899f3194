"""A program of its own: makes operations on the books of a site, and says of each what came of it once it is committed.

python -m tests.centre.money.poster SEED START STEP COUNT     numbers START, START+STEP, …, each of them sent twice
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TypeVar

from pingjiang.centre import commands

if __name__ == "__main__":
    commands.ready()


from django.db import OperationalError

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.money import ledger
from pingjiang.centre.money.models import Account, Journal
from tests.centre.money.operations import ACCOUNTS, PLACES, operation

_TRIES = 5
T = TypeVar("T")


def open_books() -> list[Account]:
    """The accounts, opened where they are not."""
    owners = [Organisation.objects.get_or_create(kind="centre", name_zh=f"中心{n}")[0] for n in (0, 1)]
    return [ledger.open_account(owners[owner], purpose, code, None) for owner, purpose, code in ACCOUNTS]


def perform(accounts: list[Account], seed: int, number: int) -> str:
    """Make an operation: 'posted', 'nothing' where what it undoes is not there, else the rule that refused it."""
    op = operation(seed, number)
    try:
        if op.reverses is not None:
            before = Journal.objects.filter(seal_id=operation(seed, op.reverses).request).first()
            if before is None:
                return "nothing"
            ledger.reverse(before, on=op.on, reason="冲销", actor=None, request=op.request)
        else:
            entries = [
                ledger.Entry(accounts[account], Decimal(amount).scaleb(-PLACES[ACCOUNTS[account][2]]))
                for account, amount in op.lines
            ]
            ledger.post(entries, on=op.on, text=f"第 {number} 笔", actor=None, request=op.request)
    except Refused as refused:
        return refused.rule
    return "posted"


def at_last(work: Callable[[], T]) -> T:
    """Do something, again where others held a database of one writer for all of its patience.

    That refused it as a whole; had it been done, doing it again would be the click that came twice.
    """
    for _ in range(_TRIES - 1):
        try:
            return work()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
    return work()


if __name__ == "__main__":
    seed, start, step, count = map(int, sys.argv[1:])
    books = at_last(open_books)
    for n in range(start, start + step * count, step):
        click = partial(perform, books, seed, n)
        outcome = at_last(click)
        if n % 10 == start % 10:  # the click that came twice; what was refused may be covered by now
            again = at_last(click)
            assert again == outcome or outcome in ("nothing", "overdrawn"), (n, outcome, again)
            outcome = again
        print(n, outcome, flush=True)
