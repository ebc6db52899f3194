"""A program of its own: makes steps on copies of a site, and kills itself at a moment of one.

python -m tests.centre.programme.stepper. It reads a line of JSON an order: {folder, database, do, step, shown, request,
at}, and answers with one. `do` is 'begin' (an empty site is filled), 'begin review' (one with a drawn panel), 'ready'
(what comes before a step), 'step', or 'whole' (what has to be true of a site at any time). Each is done by a process of
its own, which is this one forked. A moment is a statement that is sent to the database, a commit before and after, a
file that is made, renamed or removed; `at` is the one at which the process is killed, -1 for never. Without an answer
the process was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pingjiang.centre import commands

commands.ready()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import Http404  # noqa: E402

from pingjiang.centre.casework import history  # noqa: E402
from pingjiang.centre.casework.workflow import Refused  # noqa: E402
from pingjiang.centre.documents import store  # noqa: E402
from tests.centre import cast as casts  # noqa: E402
from tests.centre.programme import play as plays  # noqa: E402
from tests.centre.programme import review_steps, steps  # noqa: E402

_FILES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.link", "tempfile.mkstemp"})
_STEPS = {step.name: step for step in (*steps.STEPS, *review_steps.REVIEW_STEPS)}


class Moments:
    """Counts the moments of a process, and kills it at one."""

    def __init__(self, at: int) -> None:
        self.count, self.at, self.counts = 0, at, True

    def pass_one(self) -> None:
        if self.counts:
            self.count += 1
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        def statement(execute: Callable[..., Any], *asked: Any) -> Any:
            self.pass_one()
            return execute(*asked)

        commits: Any = connection
        commit = commits._commit

        def committed() -> None:
            self.pass_one()
            commit()
            self.pass_one()

        commits._commit = committed
        connection.execute_wrappers.append(statement)
        sys.addaudithook(lambda event, _args: self.pass_one() if event in _FILES else None)


def begin(lake: str) -> None:
    """The cast, and another call to be withdrawn; with a lake, also what may be cited, and last year's application."""
    from pingjiang.centre.evidence import adopting
    from pingjiang.centre.evidence.data import sharing
    from pingjiang.engine import Lake

    play = plays.begin(casts.make())
    plays.call(play, title=steps.OTHER_CALL)
    if not lake:
        return
    old = plays.call(play, title=steps.OLD_CALL)
    plays.application(play, "submitted", on=old)
    made = old.applications.get()
    type(made.case).objects.filter(pk=made.case_id).update(title=steps.OLD)
    city = adopting.adopt(
        Lake(Path(lake)), play.cast.bureau, ("城市数据湖", "City lake"), chain="made", open_sources=True
    )
    release = Lake(city.path).require_current().id
    sharing.share(city, play.leader, release, public=True, request=uuid.uuid4())


def whole() -> dict[str, Any]:
    """What is wrong with a site, whatever befell it: nothing."""
    return {"history": history.verify().whole, "damaged": [list(map(str, each)) for each in store.damaged()]}


def carry_out(order: dict[str, Any]) -> Any:
    """Do what was ordered; what it answers, as plain JSON."""
    if order["do"] == "begin":
        return begin(order["lake"])
    if order["do"] == "begin review":
        return review_steps.begin()
    if order["do"] == "whole":
        return whole()
    step = _STEPS[order["step"]]
    if order["do"] == "ready":
        if step.ready is not None:
            step.ready()
        return dict(step.shown())
    moments = Moments(order["at"])
    moments.watch()
    try:
        told = str(step.act(order["shown"], uuid.UUID(order["request"])))
    except Refused as refused:
        told = f"refused: {refused.rule}"
    except Http404:
        told = "404"
    moments.counts = False
    return {"told": told, "moments": moments.count}


def forked(order: dict[str, Any]) -> Any:
    """What a process of its own answers on the site of the order; None where it was killed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            settings.SITE_FOLDER = Path(order["folder"])
            connection.settings_dict["NAME"] = order["database"]
            answer = carry_out(order)
            connection.close()
            with os.fdopen(write, "w") as stream:
                json.dump({"answer": answer}, stream)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    os.close(write)
    with os.fdopen(read) as stream:
        said = stream.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return None
    if status:
        raise SystemExit(f"{order['do']} {order.get('step', '')}: a process ended with {status}")
    return json.loads(said)["answer"]


if __name__ == "__main__":
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps({"answer": forked(order)}), flush=True)
