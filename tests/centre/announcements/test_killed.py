"""kill -9 while announcements are published: each is published with its paper and notices, or is a draft with none."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.centre import sites


def publish_and_kill(folder: Path, seconds: float) -> int:
    """Publish until `seconds` after the first, then kill. How many were told to be finished."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.centre.announcements.publisher", "100000"],
        env=sites.surroundings(folder), cwd=sites.ROOT, stdout=subprocess.PIPE, text=True,
    ) as publisher:  # fmt: skip
        assert publisher.stdout is not None and publisher.stdout.readline().startswith("TZ-")
        time.sleep(seconds)
        publisher.kill()
        return 1 + len(publisher.stdout.read().split())


@pytest.mark.slow
@pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_a_killed_publisher_leaves_nothing_half_done(tmp_path: Path, times: int) -> None:
    folder, draw = tmp_path / "site", random.Random(times)
    finished = sum(publish_and_kill(folder, draw.uniform(0.02, 0.5)) for _ in range(times))
    cases = sites.rows(
        folder,
        "SELECT c.id, c.state, a.published_on IS NOT NULL, "
        "(SELECT count(*) FROM documents_paper p WHERE p.case_id = c.id), "
        "(SELECT count(*) FROM casework_notice n WHERE n.case_id = c.id), "
        "(SELECT count(*) FROM casework_event e WHERE e.case_id = c.id AND e.kind = 'paper issued') "
        "FROM casework_case c LEFT JOIN announcements_announcement a ON a.case_id = c.id",
    )
    for _, state, published, papers, notices, events in cases:
        whole = {"published": (1, 1, 3, 1), "draft": (0, 0, 0, 0)}
        assert (int(published), papers, notices, events) == whole[state]
    states = [state for _, state, *_ in cases]
    assert states.count("published") >= finished and states.count("draft") <= times
    kept = [str(row[0]) for row in sites.rows(folder, "SELECT sha256 FROM documents_content")]
    assert len(kept) == 2 * states.count("published")
    for digest in kept:
        assert hashlib.sha256((folder / "uploads" / digest[:2] / digest).read_bytes()).hexdigest() == digest
    verified = subprocess.run(
        [sys.executable, "-m", "pingjiang", "audit", "verify", "--json"],
        env=sites.surroundings(folder), cwd=sites.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verified.returncode == 0 and json.loads(verified.stdout)["events"] > 0, verified.stderr
