"""kill -9 at every step from the panel to the final list: started again it goes on, with nothing lost or doubled."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.centre import sites

STEPS = {
    "make up", "compose", "look", "publish", "draw", "decline", "accept", "begin", "write", "sign", "lock the panel",
    "prepare", "propose", "table", "enter", "decide", "publicise", "issue",
}  # fmt: skip
COUNTS = {
    "SELECT c.workflow || ' ' || c.state, count(*) FROM casework_case c GROUP BY 1": {
        "call open": 1, "application approved": 1, "application not_funded": 1, "panel locked": 1,
        "review locked": 5, "review declined": 1, "decision final": 1,
    },
    "SELECT 'sheets', count(*) FROM programme_sheet": {"sheets": 10},
    "SELECT 'opened', count(*) FROM programme_openedreview": {"opened": 5},
    "SELECT 'verdicts', count(*) FROM programme_verdict": {"verdicts": 2},
    "SELECT 'open tasks', count(*) FROM casework_task WHERE done_at IS NULL": {"open tasks": 0},
}  # fmt: skip


def run_and_kill(folder: Path, draw: random.Random, left: set[str]) -> bool:
    """Go on until a step that was not killed yet begins, and kill shortly after; whether all was done before that."""
    with sites.program(folder, "tests.centre.programme.decider") as program:
        assert program.stdout is not None
        for line in program.stdout:
            if line.strip() in left:
                left.discard(line.strip())
                time.sleep(draw.uniform(0, 0.08))
                program.kill()
                return False
    assert program.returncode == 0
    return True


@pytest.mark.slow
def test_killed_at_every_step_it_goes_on_with_nothing_lost_or_doubled(tmp_path: Path) -> None:
    folder, draw, left = sites.migrated(tmp_path / "site"), random.Random(9), set(STEPS)
    for _run in range(len(STEPS) + 2):
        if run_and_kill(folder, draw, left):
            break
    assert left == set(), "each step was killed once"
    for query, expected in COUNTS.items():
        assert dict(sites.rows(folder, query)) == expected
    verified = subprocess.run(
        [sys.executable, "-m", "pingjiang", "audit", "verify", "--json"],
        env=sites.surroundings(folder), cwd=sites.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verified.returncode == 0 and json.loads(verified.stdout)["events"] > 0, verified.stderr
