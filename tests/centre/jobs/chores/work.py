"""The functions."""

from __future__ import annotations

import time
from typing import Any

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.jobs import functions
from pingjiang.centre.jobs.handle import Handle


@functions.register("count", ("数数", "Count"), attempts=3, backoff=0)
def count(handle: Handle, *, upto: int, pause: float = 0.0, name: str = "") -> dict[str, Any]:
    """Counts, and leaves an organisation of that name behind: once, whoever got how far."""
    for n in range(upto):
        handle.progress(n, upto, (f"数到 {n}", f"at {n}"))
        time.sleep(pause)
    with handle.fenced():
        if name:
            Organisation.objects.create(kind="firm", name_zh=name)
    handle.log("数完了", "counted")
    handle.progress(upto, upto)
    return {"sum": sum(range(upto)), "attempt": handle.attempt}


@functions.register("once", ("一次", "Once"), attempts=3, repeatable=False)
def once(handle: Handle, *, pause: float) -> None:
    """Not to be begun anew."""
    time.sleep(pause)
    handle.check_cancelled()


@functions.register("break", ("出错", "Break"), attempts=3, backoff=0)
def broken(handle: Handle, *, until: int) -> str:
    """Breaks before the attempt of a number."""
    if handle.attempt < until:
        raise ValueError("a secret of the inside")
    return "mended"


@functions.register("refuse", ("拒绝", "Refuse"), attempts=3, backoff=0)
def refuse(handle: Handle) -> None:
    """Says why not."""
    raise Refused("rule", "材料不全", "papers are missing")


@functions.register("odd", ("怪结果", "Odd"), attempts=3, backoff=0)
def odd(handle: Handle) -> object:
    """Gives what JSON does not hold."""
    return {1, 2}
