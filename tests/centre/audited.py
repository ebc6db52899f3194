"""A site with books, facts, papers and an attachment: in the database at hand, or as a program of its own."""

from __future__ import annotations

import datetime
import uuid

from pingjiang.centre import commands

if __name__ == "__main__":
    commands.ready()

from django.db import transaction

from pingjiang.centre.casework import service
from pingjiang.centre.documents import shelf
from pingjiang.centre.facts import register
from pingjiang.centre.facts.register import Subject
from pingjiang.centre.money import ledger
from tests.centre import cast as people
from tests.centre.announcements import play as plays
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.facts.examples import PEOPLE

DAY = datetime.date(2026, 3, 1)


def fill(cast: people.Cast) -> plays.Play:
    """Two journals; three facts, one withdrawn; a paper in two files, called back; an attachment."""
    cash = ledger.open_account(cast.firm, "cash", "CNY", cast.alice)
    income = ledger.open_account(cast.firm, "grant_income", "CNY", cast.alice)
    for n in (1, 2):
        entries = [ledger.debit(cash, n), ledger.credit(income, n)]
        ledger.post(entries, on=DAY, text="拨款", actor=cast.alice, request=uuid.uuid4())
    facts = [
        register.tell(
            PEOPLE, Subject("training", str(n)), cast.firm, on=DAY, actor=cast.alice, value=n, request=uuid.uuid4()
        )
        for n in (1, 2, 3)
    ]
    register.withdraw(facts[2], reason="重复", actor=cast.alice, request=uuid.uuid4())
    play = plays.begin(cast)
    plays.announcement(play, "withdrawn")
    case = service.open_case(ERRAND, cast.alice, number="E-1", title="事", authority=cast.bureau)
    shelf.add(case, cast.alice, [b"text of a file"], "a.txt")
    return play


if __name__ == "__main__":
    with transaction.atomic():
        fill(people.make())
