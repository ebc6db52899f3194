"""A program of its own: two officers of one district put two applications forward at one instant, over and over.

python -m tests.centre.programme.at_once ROUNDS     a line of JSON a round: what each of the two was told
"""

from __future__ import annotations

import json
import sys
import threading
from decimal import Decimal

from pingjiang.centre import commands

commands.ready()

from django.db import connection  # noqa: E402

from pingjiang.centre.accounts.models import Actor  # noqa: E402
from pingjiang.centre.casework import service  # noqa: E402
from pingjiang.centre.casework.workflow import Refused  # noqa: E402
from pingjiang.centre.programme.models import Application  # noqa: E402
from pingjiang.centre.programme.services import calls, districts  # noqa: E402
from tests.centre import cast as casts  # noqa: E402
from tests.centre.programme import filling  # noqa: E402
from tests.centre.programme import play as plays  # noqa: E402

ONE_EACH = [calls.Opened("patent", filling.PACK, filling.VERSION, Decimal("20000000"), 4, district_quota=1)]


def put_forward(application: Application, actor: Actor) -> str:
    """What one of them is told: the state, or the rule that refused."""
    try:
        service.perform(application.case_id, "recommend", actor)
    except Refused as refused:
        return refused.rule
    return "submitted"


def both(applications: list[Application], actors: list[Actor]) -> list[str]:
    gate, told = threading.Barrier(2), ["", ""]

    def run(place: int) -> None:
        connection.ensure_connection()
        gate.wait()
        try:
            told[place] = put_forward(applications[place], actors[place])
        except Exception as error:
            told[place] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


if __name__ == "__main__":
    play = plays.begin(casts.make())
    colleague = casts.person("Dana", play.district.organisation, "district_officer")
    for _ in range(int(sys.argv[1])):
        call = plays.call(play, tracks=ONE_EACH)
        pair = [plays.application(play, "district", on=call) for _ in range(2)]
        for rank, each in enumerate(pair, start=1):
            plays.recommend(play, each)
            row = plays.fresh(each).recommendation
            districts.recommend(each, play.district, {"rank": rank}, revision=row.revision)
        print(json.dumps(both(pair, [play.district, colleague])), flush=True)
