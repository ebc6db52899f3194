"""Agreement of the concluded legal state with the words of an export."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pingjiang.config import Settings
from pingjiang.evaluate.legal import TASKS, _compared
from pingjiang.legal import Fact

SAID = date(2022, 12, 1)


def word(kind: str) -> Fact:
    return Fact(kind, SAID, origin="status")


def test_words_are_compared_with_what_events_alone_tell() -> None:
    right = [Fact("filed", date(2010, 1, 1)), Fact("granted", date(2012, 1, 1))]
    assert _compared([*right, word("in_force")], None) == ("in_force", "in_force", "in_force")
    assert _compared([*right, word("said_ended")], None) == ("ended", "in_force", "in_force")
    lapsed = [*right, Fact("lapsed", date(2015, 1, 1))]
    assert _compared([*lapsed, word("said_ended")], None) == ("ended", "lapsed", "in_force")
    assert _compared(right, None) is None and _compared([*right, word("said_unknown")], None) is None
    assert _compared([word("in_force")], None) == ("in_force", "unknown", "published")


@pytest.mark.slow
def test_lists_of_events_agree_with_the_words_beside_them(samples: Path) -> None:
    measured = TASKS[0]
    told = measured.evaluate(samples / measured.truth, Settings.from_environment())
    assert told["n"] == 511 and told["life"] >= 0.99 > told["baseline"]["life"]
    assert told["states"] > 150 and told["state"] >= 0.98
