"""Duties that leave organisations behind, so that what was done when can be read in any database."""

from __future__ import annotations

import os
import time

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.rounds import duties
from pingjiang.centre.rounds.duties import Every, Said


def leave(name: str) -> None:
    Organisation.objects.create(kind="firm", name_zh=f"{name} {os.getpid()} {time.time():.3f}")


@duties.register("tick", ("一秒一次", "Once a second"), Every(seconds=1))
def tick() -> Said:
    """Quick."""
    leave("tick")
    return "好", "well"


@duties.register("long", ("很久", "Long"), Every(seconds=3600))
def long() -> Said:
    """Takes as long as a test says, and is whole or not there at the end."""
    leave("begun")
    time.sleep(float(os.environ.get("CHORES_LONG", "0")))
    leave("ended")
    return None


@duties.register("broken", ("出错", "Broken"), Every(seconds=3600))
def broken() -> Said:
    """Fails."""
    raise ValueError("a secret of the inside")
