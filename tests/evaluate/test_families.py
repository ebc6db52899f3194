"""Agreement of families with a file's lists: pairs counted by hand, kinds of difference, a made file end to end."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pingjiang.config import Settings
from pingjiang.evaluate.families import Concluded, agreement, evaluate_lists, why_apart, why_together

SETTINGS = Settings.from_environment({})


def test_agreement_is_that_of_pairs() -> None:
    told = agreement({("a", "b"), ("a", "c")}, {("a", "b"), ("b", "d"), ("c", "d")}, 4)
    assert (told["precision"], told["recall"]) == (0.5, pytest.approx(1 / 3, abs=1e-6))
    assert told["f1"] == pytest.approx(0.4)
    assert agreement(set(), set(), 0)["precision"] is None


@pytest.mark.parametrize(
    ("one", "other", "family", "kind"),
    [
        (set(), {"EP1"}, "simple", "no priority of one"),
        ({"US2015722623"}, {"US14722623"}, "simple", "by year and by series"),
        ({"EP1", "WOCN2019123456"}, {"EP1"}, "simple", "international application alone"),
        ({"EP1", "A"}, {"EP1"}, "simple", "own numbers"),
        ({"EP1", "EP2"}, {"EP1"}, "simple", "a part of the other's"),
        ({"EP1", "EP2"}, {"EP1", "EP3"}, "simple", "some priorities in common"),
        ({"EP1"}, {"EP3"}, "simple", "connected through others"),
        ({"EP1"}, {"EP3"}, "extended", "not in the data"),
    ],
)
def test_kinds_of_what_a_file_puts_together(one: set[str], other: set[str], family: str, kind: str) -> None:
    claims = {"A": frozenset(one), "B": frozenset(other)}
    found = Concluded({"simple": {}, "extended": {"A": "x", "B": "x"}}, claims, {}, {}, {})
    assert kind in why_apart(("A", "B"), found, family)


def test_kinds_of_what_we_put_together() -> None:
    claims = {"A": frozenset({"P"}), "B": frozenset({"P"}), "C": frozenset({"A", "Q"}), "D": frozenset({"Q"})}
    found = Concluded({}, claims, {}, {}, {})
    assert "the same priorities" in why_together(("A", "B"), found)
    assert "claims the priority of the other" in why_together(("A", "C"), found)
    assert "a priority in common" in why_together(("C", "D"), found)
    assert "through others" in why_together(("A", "D"), found)


HEAD = ("application_number", "application_date", "priority", "family_members", "inpadoc_family_members",
        "publication_number", "filing_order")  # fmt: skip


def test_a_file_end_to_end(tmp_path: Path) -> None:
    """b and c share a's priority; d claims c; e stands alone. The file knows a with b, c with e, and nothing of d."""
    rows = [
        ("EP10000001", "2010-01-01", "-", "EP3000002A1", "-", "EP3000001A1", "1"),
        ("EP11000002", "2011-01-01", "EP10000001", "EP3000001A1 | EP3000002A1", "-", "EP3000002A1", "1"),
        ("EP11000003", "2011-01-02", "EP10000001", "EP3000005A1 | EP9999999A1", "-", "EP3000003A1", "1"),
        ("EP12000004", "2012-01-02", "EP11000003", "-", "-", "EP3000004A1", "1"),
        ("EP12000005", "2012-01-02", "-", "EP3000003A1", "-", "EP3000005A1", "1"),
    ]
    path = tmp_path / "families.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEAD, *rows])
    measure = evaluate_lists({"simple": ("family_members", "simple"), "extended": ("family_members", "extended")}, "|")
    told = measure(path, SETTINGS)
    for name in ("simple", "extended"):  # d has no list: what it belongs to is nobody's business
        assert told[name]["pairs"] == {"both": 1, "ours": 3, "theirs": 2}
        assert told[name]["baseline"]["recall"] == 0
    assert sum(count for *_, count in told["kinds"]) == 6
