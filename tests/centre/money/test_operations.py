"""Random operations against an oracle in plain integers; then with processes that are killed, and several at once."""

from __future__ import annotations

import contextlib
import datetime
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.casework import history
from pingjiang.centre.money import proof, statements
from pingjiang.centre.money.models import Account, Journal, Line, Seal
from tests.centre import sites
from tests.centre.money.operations import ACCOUNTS, PLACES, START, Oracle, operation
from tests.centre.money.poster import open_books, perform


def shown(account: int, minor: int) -> Decimal:
    """Minor units as a statement shows them."""
    sign = 1 if ACCOUNTS[account][1] in ("cash", "grant_expense") else -1
    return Decimal(sign * minor).scaleb(-PLACES[ACCOUNTS[account][2]])


class Broken(Exception):
    pass


def crash(accounts: list[Account], seed: int, number: int, dice: random.Random) -> None:
    """The operation breaks off before or after one of its statements, unless it has fewer."""
    count, where, late = iter(range(100)), dice.randrange(16), dice.random() < 0.5

    def run(execute: Callable[..., Any], *told: Any) -> Any:
        here = next(count) == where
        if here and not late:
            raise Broken
        result = execute(*told)
        if here:
            raise Broken
        return result

    with contextlib.suppress(Broken), connection.execute_wrapper(run):
        perform(accounts, seed, number)


def walk(seed: int, count: int) -> None:
    """So many operations, some of them broken off first, each checked; then the books as a whole."""
    oracle, accounts, dice = Oracle(seed), open_books(), random.Random(seed)
    for number in range(count):
        expected = oracle.expects(number)
        if dice.random() < 0.1 and expected == "posted":
            before = Line.objects.count(), Journal.objects.count(), Seal.objects.count()
            crash(accounts, seed, number, dice)
            if not Journal.objects.filter(seal_id=operation(seed, number).request).exists():
                assert (Line.objects.count(), Journal.objects.count(), Seal.objects.count()) == before
        assert perform(accounts, seed, number) == expected, number
        if expected == "posted":
            oracle.take(number)
        if dice.random() < 0.02:
            agree(oracle, accounts, dice)
    agree(oracle, accounts, dice)
    assert list(proof.problems()) == [] and history.verify().whole
    assert Journal.objects.count() == len(oracle.posted) > count / 4


def agree(oracle: Oracle, accounts: list[Account], dice: random.Random) -> None:
    """Balances, a statement of one account, and the trial balances are the oracle's."""
    for number, account in enumerate(accounts):
        assert statements.balance(account) == shown(number, oracle.balances[number])
    since = START + datetime.timedelta(days=dice.randrange(365))
    until = since + datetime.timedelta(days=dice.randrange(90))
    number = dice.randrange(len(accounts))
    mine = [(on, amount) for on, account, amount in oracle.days if account == number]
    found = statements.statement(accounts[number], since, until)
    assert found.opening == shown(number, sum(amount for on, amount in mine if on < since))
    assert found.closing == shown(number, sum(amount for on, amount in mine if on <= until))
    assert found.closing == statements.balance(accounts[number], until)
    assert found.lines.count() == sum(since <= on <= until for on, _ in mine)
    *_, last = found.opening, *(balance for _, balance in found.running())
    assert last == found.closing
    place = PLACES[ACCOUNTS[number][2]]
    assert found.debits == sum(
        (Decimal(amount).scaleb(-place) for on, amount in mine if since <= on <= until and amount > 0), Decimal(0)
    )
    for owner in Organisation.objects.all():
        for trial in statements.trial_balances(owner, until):
            assert trial.debit == trial.credit


@pytest.mark.django_db
def test_operations_against_plain_integers() -> None:
    walk(seed=1, count=150)


# -- processes ---------------------------------------------------------------------------------------


def told(poster: subprocess.Popen[str]) -> Iterator[tuple[int, str]]:
    """What a poster says came of its operations; the line that a kill cut off is not said."""
    assert poster.stdout is not None
    for line in poster.stdout:
        if line.endswith("\n"):
            number, outcome = line.split()
            yield int(number), outcome


def run(site: Path, seed: int, posters: int, count: int, kills: int) -> None:
    """`count` operations by several processes at once on the same accounts, of which `kills` are killed with -9."""
    dice = random.Random(seed)
    done: dict[int, str] = {}
    following = {n: n for n in range(posters)}
    assert sites.program(site, "tests.centre.money.poster", str(seed), "0", "1", "0").wait() == 0  # opens the books
    for last in [False] * kills + [True]:
        running = {
            n: sites.program(
                site, "tests.centre.money.poster", str(seed), str(following[n]), str(posters),
                str(len(range(following[n], count, posters))),
            )
            for n in range(posters)
        }  # fmt: skip
        share = max(count // posters // (kills + 1), 2)
        victim = dice.randrange(posters)
        for n, poster in sorted(running.items(), key=lambda each: each[0] != victim):
            for seen, (number, outcome) in enumerate(told(poster)):
                done[number] = outcome
                following[n] = number + posters
                if not last and seen >= share * dice.uniform(0.5, 1):
                    poster.kill()
            assert poster.wait() == (0 if last else poster.returncode)
            if not last:
                assert poster.returncode in (0, -9)
        books_are_right(site, seed, done)
    assert sorted(done) == list(range(count))
    assert {"posted", "balance", "overdrawn"} <= set(done.values())


def books_are_right(site: Path, seed: int, done: dict[int, str]) -> None:
    """By raw SQL and plain integers: what was said is so, and nothing is half done."""
    numbers = {operation(seed, n).request.hex: n for n in range(max(done) + 200)}
    journals = sites.rows(site, "SELECT id, seal_id FROM money_journal")
    seals = {str(seal).replace("-", "") for (seal,) in sites.rows(site, "SELECT id FROM money_seal")}
    by_id = {pk: numbers[str(seal).replace("-", "")] for pk, seal in journals}
    assert seals == {str(seal).replace("-", "") for _, seal in journals} and len(seals) == len(journals)
    assert {n for n, outcome in done.items() if outcome == "posted"} <= set(by_id.values())
    assert not {n for n, outcome in done.items() if outcome != "posted"} & set(by_id.values())
    lines: dict[int, list[tuple[int, int]]] = {}
    accounts = dict(sites.rows(site, "SELECT id, may_overdraw FROM money_account ORDER BY id"))
    index = {pk: n for n, pk in enumerate(sorted(accounts))}
    places = [4 - PLACES[code] for _, _, code in ACCOUNTS]
    for journal, account, amount in sites.rows(
        site, "SELECT journal_id, account_id, amount FROM money_line ORDER BY id"
    ):
        place = index[account]
        assert isinstance(amount, int) and amount % 10 ** places[place] == 0
        lines.setdefault(by_id[journal], []).append((place, amount // 10 ** places[place]))
    for number, found in lines.items():
        op = operation(seed, number)
        undone = () if op.reverses is None else operation(seed, op.reverses).lines
        assert tuple(found) == (op.lines or tuple((account, -amount) for account, amount in undone))
    for account, last in sites.rows(
        site,
        "SELECT account_id, balance FROM money_line l WHERE sequence ="
        " (SELECT MAX(sequence) FROM money_line m WHERE m.account_id = l.account_id)",
    ):
        place = index[account]
        total = sum(amount for found in lines.values() for each, amount in found if each == place)
        assert last == total * 10 ** places[place]
        assert ACCOUNTS[place][1] != "cash" or total >= 0
        assert ACCOUNTS[place][1] != "held" or total <= 0


def test_a_poster_that_is_killed(site: Path) -> None:
    run(site, seed=7, posters=2, count=160, kills=1)


@pytest.mark.slow
def test_a_hundred_thousand_operations_and_forty_kills(site: Path) -> None:
    run(site, seed=11, posters=3, count=100_000, kills=40)
    checked = subprocess.run(
        [sys.executable, "-c", "from pingjiang.centre import commands; commands.ready()\n"
         "from pingjiang.centre.money import proof; from pingjiang.centre.casework import history\n"
         "print(list(proof.problems()), history.verify().whole)"],
        env=sites.surroundings(site), cwd=sites.ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert checked.stdout == "[] True\n"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2, 7))
def test_many_operations_against_plain_integers(seed: int) -> None:
    walk(seed, 4000)
