"""kill -9 at the moments of each step from the call to the formal check, and of later ones that not every panel takes:
it was done whole or not at all, and the same request sent again does it once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.centre import sites
from tests.centre.evidence import cited
from tests.centre.programme.review_steps import REVIEW_STEPS
from tests.centre.programme.steps import STEPS, Step

_TABLES = (
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1" if sites.SERVER else
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
)  # fmt: skip
# What cases, papers, things to do and messages say, beside how many rows each table holds.
_TOLD = (
    "SELECT workflow, state, title, count(*) FROM casework_case GROUP BY 1, 2, 3",
    "SELECT name, edition, (SELECT count(*) FROM documents_recall r WHERE r.paper_id = p.id) FROM documents_paper p",
    "SELECT label_zh, CASE WHEN done_at IS NULL THEN 'open' ELSE 'done' END FROM casework_task",
    "SELECT to_id, channel, subject_zh FROM casework_notice",
    "SELECT kind, count(*) FROM casework_event GROUP BY 1",
    "SELECT name, CASE WHEN ended_on IS NULL THEN 'runs' ELSE 'over' END FROM casework_clock",
    "SELECT kind, state FROM jobs_job",
)
# Steps that look, take a file in, and write down in a transaction each; time makes a move of each case by itself. Who
# is killed in between has the first, and the same request goes on. So does a worker with the letters, one by one.
_PARTED = {"letter of money", "stamped scan", "close and lapse", "letters to applicants"}
_LOG = "jobs_jobline"  # tells of each attempt that broke off
# What stands after the steps of review: of three new experts one was drawn, and leaves out the same application.
ENDS = {
    "SELECT workflow || ' ' || state, count(*) FROM casework_case WHERE workflow <> 'call' GROUP BY 1": {
        "application approved": 1, "application not_funded": 1, "panel locked": 1, "review locked": 7,
        "review declined": 1, "decision final": 1,
    },
    "SELECT 'left out', count(*) FROM programme_recusal": {"left out": 2},
    "SELECT 'lists', count(*) FROM programme_supplementarylist WHERE public_number <> ''": {"lists": 1},
    "SELECT 'letters', count(DISTINCT case_id) FROM documents_paper WHERE name = 'outcome'": {"letters": 2},
    "SELECT 'editions', max(edition) FROM documents_paper WHERE name = 'outcome'": {"editions": 1},
    "SELECT kind || ' ' || state, attempts FROM jobs_job": {"decision letters done": 1},
}  # fmt: skip


def stands(folder: Path) -> dict[str, Any]:
    """All that a site holds, as far as two that did the same hold the same."""
    found: dict[str, Any] = {
        name: sites.rows(folder, f'SELECT count(*) FROM "{name}"')[0][0]
        for (name,) in sites.rows(folder, _TABLES)
        if name != _LOG
    }
    return found | {query: Counter(sites.rows(folder, query)) for query in _TOLD}


class Stepper:
    """The program that makes the steps, each on a copy of a site."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process, self.folder, self.made = process, folder, 0

    def copy(self, site: Path) -> Path:
        self.made += 1
        return sites.copied(site, self.folder / f"site{self.made}")

    def ask(self, site: Path, do: str, **more: Any) -> Any:
        """What it answers; None where it was killed."""
        database = sites.named(site) if sites.SERVER else str(site / "site.sqlite3")
        order = {"folder": str(site), "database": database, "do": do, **more}
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["answer"]


@pytest.fixture
def stepper(empty_site: Path, tmp_path: Path) -> Iterator[Stepper]:
    (tmp_path / "sites").mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.centre.programme.stepper"], env=sites.surroundings(empty_site), cwd=sites.ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield Stepper(process, tmp_path / "sites")
        assert process.stdin is not None
        process.stdin.close()


def chosen(moments: int, most: int, draw: random.Random) -> list[int]:
    """So many of the moments: the last two, about the commit that ends it, and others at random."""
    last = [moments - 1, moments][: max(most - 1, 1)]
    others = draw.sample(range(1, moments - 1), min(most - len(last), moments - 2))
    return sorted({*others, *last})


def killed_at_each(stepper: Stepper, site: Path, step: Step, most: int, draw: random.Random) -> Path:
    """Kill a step at so many of its moments, each on a copy of a site, and send it again. The site as it stands after
    the step."""
    shown = stepper.ask(site, "ready", step=step.name)
    how = {"step": step.name, "shown": shown, "request": str(uuid.UUID(int=draw.getrandbits(128), version=4))}
    before, done = stands(site), stepper.copy(site)
    whole = stepper.ask(done, "step", at=-1, **how)
    after = stands(done)
    assert not whole["told"].startswith("refused") and before != after, (step.name, whole)
    for at in chosen(whole["moments"], most, draw):
        one = stepper.copy(site)
        assert stepper.ask(one, "step", at=at, **how) is None, (step.name, at)
        left = stands(one)
        either = any(set(differ(left, each)) <= set(step.apart) for each in (before, after))
        assert either or step.name in _PARTED, (step.name, at, differ(left, after))
        again = stepper.ask(one, "step", at=-1, **how)["told"]
        refused = f"refused: {step.again}" if step.again and left == after else None
        assert again == refused or (refused is None and not again.startswith("refused")), (step.name, at, again)
        assert not differ(stands(one), after), (step.name, at, differ(stands(one), after))
        assert stepper.ask(one, "whole") == {"history": True, "damaged": []}, (step.name, at)
        sites.dropped(one)
    return done


def differ(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What two sites do not have alike."""
    return {name: (one.get(name), other.get(name)) for name in {*one, *other} if one.get(name) != other.get(name)}


@pytest.mark.parametrize(("steps", "most"), [(4, 2), pytest.param(len(STEPS), 3, marks=pytest.mark.slow)])
def test_killed_at_any_moment_a_step_is_whole_or_not_done(
    stepper: Stepper, empty_site: Path, tmp_path: Path, steps: int, most: int
) -> None:
    """Of all steps one after the other; in the usual run of the first."""
    lake = str(cited.lake(tmp_path).folder) if steps == len(STEPS) else ""
    site, draw = stepper.copy(empty_site), random.Random(9)
    stepper.ask(site, "begin", lake=lake)
    for step in STEPS[:steps]:
        after = killed_at_each(stepper, site, step, most, draw)
        sites.dropped(site)
        site = after
    states = dict(sites.rows(site, "SELECT title, state FROM casework_case WHERE workflow = 'application'"))
    if steps == len(STEPS):
        assert sorted(states.values()) == ["lapsed", "lapsed", "rejected", "resealing", "submitted", "withdrawn"]


@pytest.mark.slow
def test_killed_at_any_moment_a_seat_is_filled_and_a_letter_written_once(stepper: Stepper, empty_site: Path) -> None:
    """An application left out, a supplementary list, and the letters that a worker makes."""
    site, draw = stepper.copy(empty_site), random.Random(9)
    stepper.ask(site, "begin review")
    for step in REVIEW_STEPS:
        after = killed_at_each(stepper, site, step, 4, draw)
        sites.dropped(site)
        site = after
    told = {query: dict(sites.rows(site, query)) for query in ENDS}
    assert told == ENDS
