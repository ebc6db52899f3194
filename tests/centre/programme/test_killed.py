"""kill -9 while applications are sent and put forward: each has moved with all that follows, or not at all."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.centre import sites

WHOLE = {
    # state → versions, prints, sent, submitted, open tasks by name
    "draft": (0, 0, 0, 0, ""),
    "district": (1, 1, 1, 0, "recommend"),
    "submitted": (1, 1, 1, 1, "check"),
}


def send_and_kill(folder: Path, seconds: float) -> int:
    """Send until `seconds` after the first, then kill. How many were told to be finished."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.centre.programme.sender", "100000"],
        env=sites.surroundings(folder), cwd=sites.ROOT, stdout=subprocess.PIPE, text=True,
    ) as sender:  # fmt: skip
        assert sender.stdout is not None and sender.stdout.readline().startswith("SQ-")
        time.sleep(seconds)
        sender.kill()
        return 1 + len(sender.stdout.read().split())


@pytest.mark.slow
@pytest.mark.parametrize("times", [2, pytest.param(12, marks=pytest.mark.slow)])
def test_a_killed_sender_leaves_nothing_half_done(tmp_path: Path, times: int) -> None:
    folder, draw = tmp_path / "site", random.Random(times)
    finished = sum(send_and_kill(folder, draw.uniform(0.05, 3.0)) for _ in range(times))
    cases = sites.rows(
        folder,
        "SELECT c.id, c.state, (SELECT count(*) FROM programme_applicationversion v WHERE v.application_id = a.id), "
        "(SELECT count(*) FROM documents_paper p WHERE p.case_id = c.id AND p.name = 'application-form'), "
        "a.sent_at IS NOT NULL, a.submitted_at IS NOT NULL, "
        "coalesce((SELECT max(t.name) FROM casework_task t WHERE t.case_id = c.id AND t.done_at IS NULL), ''), "
        "(SELECT count(*) FROM programme_seal s WHERE s.application_id = a.id) "
        "FROM casework_case c JOIN programme_application a ON a.case_id = c.id",
    )
    assert len(cases) >= finished
    for _, state, versions, prints, sent, submitted, task, seals in cases:
        assert (versions, prints, int(sent), int(submitted), task) == WHOLE[state]
        assert seals >= 1 or state != "submitted"
    assert sum(state == "draft" for _, state, *_ in cases) <= times
    verified = subprocess.run(
        [sys.executable, "-m", "pingjiang", "audit", "verify", "--json"],
        env=sites.surroundings(folder), cwd=sites.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verified.returncode == 0 and json.loads(verified.stdout)["events"] > 0, verified.stderr
