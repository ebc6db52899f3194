"""The same request twice at one instant, on a database that two connections share: it is done once, both are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.centre import sites

ROUNDS = 12
# What is done → the rows that there are of it afterwards, one a round.
DONE = {
    "open": "SELECT count(*) FROM casework_event WHERE kind = 'open' AND request IS NOT NULL",
    "draft": "SELECT count(*) FROM announcements_announcement",
    "move": "SELECT count(*) FROM casework_event WHERE kind = 'move'",
    "add": "SELECT count(*) FROM documents_version",
}


@pytest.mark.parametrize("kind", DONE)
def test_the_same_request_at_one_instant(site: Path, kind: str) -> None:
    with sites.program(site, "tests.centre.twice", kind, str(ROUNDS)) as program:
        said, _ = program.communicate(timeout=120)
    rounds = [json.loads(line) for line in said.splitlines()]
    assert len(rounds) == ROUNDS
    for first, second in rounds:
        assert first.isdecimal() and first == second, (kind, first, second)
    assert sites.rows(site, DONE[kind]) == [(ROUNDS,)]
    versions = {row[0] for row in sites.rows(site, "SELECT version FROM casework_case WHERE workflow = 'errand'")}
    assert versions <= ({2} if kind in ("move", "add") else {1})
