"""A program of its own: applications are begun, filled, sent, stamped and put forward, until it is killed.

python -m tests.centre.programme.sender COUNT
"""

from __future__ import annotations

import sys
from decimal import Decimal

from pingjiang.centre import commands

commands.ready()

from django.core.management import call_command  # noqa: E402

from pingjiang.centre.accounts.models import Actor, Organisation, User  # noqa: E402
from pingjiang.centre.programme.models import Call  # noqa: E402
from pingjiang.centre.programme.services import calls  # noqa: E402
from tests.centre import cast as casts  # noqa: E402
from tests.centre.programme import filling  # noqa: E402
from tests.centre.programme import play as plays  # noqa: E402


def somebody(name: str) -> Actor:
    return User.objects.get(username=name).actors()[0]


def made() -> plays.Play:
    """The play on this site, where it is there already."""
    if not Call.objects.exists():
        play = plays.begin(casts.make())
        plays.call(play, tracks=[calls.Opened("patent", filling.PACK, filling.VERSION, Decimal("20000000"), 4)])
        return play
    alice, olga, leader = somebody("alice"), somebody("olga"), somebody("one_decision_maker")
    bureau, firm = olga.organisation, alice.organisation
    other = Organisation.objects.exclude(pk=firm.pk).filter(kind="firm")[0]
    cast = casts.Cast(bureau, firm, other, olga, alice, alice, alice, olga, {"decision_maker": leader})
    return plays.Play(cast, leader, somebody("dora"), somebody("dora"))


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    play = made()
    call = Call.objects.select_related("case").get()
    for number in range(int(sys.argv[1])):
        application = plays.application(play, on=call)
        plays.take(play, application, "send")
        if number % 2:
            plays.take(play, application, "recommend")
        print(application.case.number, flush=True)
