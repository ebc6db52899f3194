"""Operations on the books by number: the same seed and number give the same operation, in any process, at any time."""

from __future__ import annotations

import datetime
import functools
import random
import uuid
from dataclasses import dataclass

# (index of the owner, purpose, currency): two books, three currencies; cash cannot be overdrawn.
ACCOUNTS = [
    (owner, purpose, code)
    for owner in (0, 1)
    for purpose in ("cash", "payable", "grant_income", "grant_expense", "held")
    for code in ("CNY", "JPY", "KWD")
]
PLACES = {"CNY": 2, "JPY": 0, "KWD": 3}
START = datetime.date(2026, 1, 1)


@dataclass(frozen=True)
class Operation:
    """`lines` are (index of the account, minor units); `wrong` is one that must be refused whatever stands."""

    request: uuid.UUID
    on: datetime.date
    lines: tuple[tuple[int, int], ...]
    reverses: int | None  # number of an operation before
    wrong: bool


@functools.cache
def operation(seed: int, number: int) -> Operation:
    """The one of a number. One in ten undoes an earlier one, one in twelve does not balance."""
    dice = random.Random(seed * 1_000_003 + number)
    request = uuid.UUID(int=dice.getrandbits(128))
    on = START + datetime.timedelta(days=dice.randrange(365))
    if number > 20 and dice.random() < 0.1:
        return Operation(request, on, (), dice.randrange(number), wrong=False)
    lines: list[tuple[int, int]] = []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):  # balanced in one owner and currency each
        owner, _, code = dice.choice(ACCOUNTS)
        alike = [n for n, each in enumerate(ACCOUNTS) if each[0] == owner and each[2] == code]
        many = dice.choice((2, 2, 2, 3, 4))
        amounts = [dice.choice((1, -1)) * dice.randrange(1, 10 ** dice.choice((1, 4, 9))) for _ in range(many - 1)]
        if sum(amounts) == 0:
            amounts[0] += 1
        amounts = [each or 7 for each in amounts]
        rest = -sum(amounts)
        lines += [(dice.choice(alike), amount) for amount in [*amounts, rest] if amount]
    wrong = dice.random() < 1 / 12
    if wrong:
        first, amount = lines[0]
        lines[0] = first, amount + dice.choice((1, -1)) if abs(amount) > 1 else amount * 2
    return Operation(request, on, tuple(lines), None, wrong)


class Oracle:
    """What the books must hold, in whole minor units and plain Python."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.balances = [0] * len(ACCOUNTS)
        self.days: list[tuple[datetime.date, int, int]] = []  # day, account, amount
        self.posted: dict[int, tuple[tuple[int, int], ...]] = {}
        self.reversed: set[int] = set()

    def expects(self, number: int) -> str:
        """'posted' or the rule by which it is refused."""
        op = operation(self.seed, number)
        lines = op.lines
        if op.reverses is not None:
            if op.reverses not in self.posted:
                return "nothing"
            if operation(self.seed, op.reverses).reverses is not None or op.reverses in self.reversed:
                return "reversal"
            lines = tuple((account, -amount) for account, amount in self.posted[op.reverses])
        if op.wrong:
            return "balance"
        after = list(self.balances)
        for account, amount in lines:
            after[account] += amount
        for account in {account for account, _ in lines}:
            purpose = ACCOUNTS[account][1]
            if (purpose == "cash" and after[account] < 0) or (purpose == "held" and after[account] > 0):
                return "overdrawn"
        return "posted"

    def take(self, number: int) -> None:
        """It was posted."""
        op = operation(self.seed, number)
        lines = op.lines
        if op.reverses is not None:
            lines = tuple((account, -amount) for account, amount in self.posted[op.reverses])
            self.reversed.add(op.reverses)
        self.posted[number] = lines
        for account, amount in lines:
            self.balances[account] += amount
            self.days.append((op.on, account, amount))
