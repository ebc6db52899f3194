"""kill -9 inside perform: whatever was begun is whole or is not there, on a database of its own."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.centre.sites import ROOT, rows, surroundings


def write_and_kill(folder: Path, seconds: float) -> int:
    """Let the writer work for a while after its first case; how many it said it finished."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.centre.writer", "100000"],
        env=surroundings(folder), cwd=ROOT, stdout=subprocess.PIPE, text=True,
    ) as writer:  # fmt: skip
        assert writer.stdout is not None and writer.stdout.readline()
        time.sleep(seconds)
        writer.kill()
        return 1 + len(writer.stdout.read().split())


@pytest.mark.parametrize("times", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_a_killed_writer_leaves_nothing_half_done(tmp_path: Path, times: int) -> None:
    folder, draw, finished = tmp_path / "site", random.Random(times), 0
    for _ in range(times):
        finished += write_and_kill(folder, draw.uniform(0.05, 0.6))
        done = subprocess.run(
            [sys.executable, "-m", "pingjiang", "audit", "verify", "--json"],
            env=surroundings(folder), cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0 and json.loads(done.stdout)["whole"], done.stdout + done.stderr
        cases = rows(folder, "SELECT id, state, version FROM casework_case")
        states = {case: (state, version) for case, state, version in cases}
        told: dict[int, tuple[str, int]] = {}
        for case, after in rows(folder, "SELECT case_id, after FROM casework_event ORDER BY number"):
            said = json.loads(after)
            told[case] = (said["state"], said.get("version", 1))
        assert states == told  # every case stands where its last event says, and none is without one
        assert len(states) >= finished  # what was reported done is there
        assert sum(state == "draft" for state, _ in states.values()) <= times  # one killed between opening and asking
