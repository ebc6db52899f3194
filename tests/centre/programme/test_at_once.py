"""Two officers of a district at one instant: together they put forward no more than the district may."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.centre import sites

ROUNDS = 6


@pytest.mark.slow  # on PostgreSQL it could fail: SQLite has one writer
def test_the_quota_holds_for_two_at_one_instant(site: Path) -> None:
    with sites.program(site, "tests.centre.programme.at_once", str(ROUNDS)) as program:
        said, _ = program.communicate(timeout=240)
    rounds = [json.loads(line) for line in said.splitlines()]
    assert len(rounds) == ROUNDS
    assert all(sorted(told) == ["quota", "submitted"] for told in rounds), rounds
    put_forward = "SELECT count(*) FROM casework_case WHERE workflow = 'application' AND state = 'submitted'"
    assert sites.rows(site, put_forward) == [(ROUNDS,)]
