"""What only one may do, two do at one instant, on a database that both share: one goes through, the other is told which
rule refuses it, and there is one afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.centre import sites

# What is done → the rules that the other is refused by.
REFUSED = {
    "quota": {"quota"}, "rank": {"quota"}, "panel": {"composed"}, "pack": {"open"}, "waiver": {"approved"},
    "withdrawn": {"state"}, "tabled": {""}, "called_off": {"state", ""},
}  # fmt: skip


ROUNDS = 3


@pytest.mark.slow
@pytest.mark.parametrize("kind", REFUSED)
def test_one_of_two_at_one_instant(site: Path, kind: str) -> None:
    with sites.program(site, "tests.centre.programme.at_once", kind, str(ROUNDS)) as program:
        said, _ = program.communicate(timeout=600)
    found = [json.loads(line) for line in said.splitlines()]
    assert len(found) == ROUNDS
    for told, count in found:
        assert sorted(told)[0] == "" and sorted(told)[1] in REFUSED[kind], (kind, told)
        assert count == 1, (kind, told, count)
