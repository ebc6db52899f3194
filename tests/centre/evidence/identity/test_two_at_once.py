"""Two people judge at the same moment, each in a process: nothing is lost, and the log is whole."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path

from pingjiang.engine import Lake
from pingjiang.judgements import Log, in_force
from pingjiang.judging import Desk

_EACH = 15


def _judge(folder: str, who: str) -> None:
    desk = Desk(Lake(Path(folder)))
    for number in range(_EACH):
        desk.accept(f"甲{who}{number}", f"乙{number}", "different", who=who)


def test_two_processes_lose_nothing(doubtful_lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(doubtful_lake.folder, tmp_path / "lake")
    people = ("张伟", "李娜")
    context = multiprocessing.get_context("spawn")
    at_work = [context.Process(target=_judge, args=(str(tmp_path / "lake"), who)) for who in people]
    for each in at_work:
        each.start()
    for each in at_work:
        each.join(120)
        assert each.exitcode == 0
    rows = in_force(Log(Lake(tmp_path / "lake").judgements).read().rows)
    assert sorted((row.who, row.a) for row in rows) == sorted(
        (who, f"甲{who}{number}") for who in people for number in range(_EACH)
    )
