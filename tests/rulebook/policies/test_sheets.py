"""The criteria sheet: 100 points, steps of one half, comments at the ends."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.errors import FactRefused
from pingjiang.rulebook.policies import Sheet, policy, sheet_faults, total, wants_comment

_FOUND = policy("suzhou_2018_116", "1").sheet
assert _FOUND is not None
SHEET: Sheet = _FOUND
MIDDLE: dict[str, Decimal | int | None] = {each.id: each.points * 6 // 5 / 2 for each in SHEET.criteria}


def test_the_default_sheet() -> None:
    by_group = {
        group.id: sum(each.points for each in SHEET.criteria if each.group == group.id) for group in SHEET.groups
    }
    assert by_group == {"industry": 30, "operator": 20, "goals": 15, "plan": 20, "budget": 10, "risk": 5}
    assert SHEET.total == 100
    assert [each.points for each in SHEET.criteria if each.group == "industry"] == [6] * 5
    assert SHEET.step == Decimal("0.5")


def test_a_sheet_is_whole_or_says_what_it_lacks() -> None:
    assert sheet_faults(SHEET, MIDDLE, {}) == []
    scores = {**MIDDLE, "I1": None, "I2": Decimal("3.25"), "I3": Decimal("6.5"), "I4": -1, "I5": 6, "O1": 2}
    faults = sheet_faults(SHEET, scores, {"O1": " "})
    assert [each.criterion for each in faults] == ["I1", "I2", "I3", "I4", "I5", "O1"]
    assert [each.criterion for each in sheet_faults(SHEET, scores, {"I5": "龙头突出", "O1": "无战略文件"})] == [
        "I1", "I2", "I3", "I4",
    ]  # fmt: skip


@pytest.mark.parametrize("score", [3.0, "3", True])
def test_a_score_is_no_float(score: object) -> None:
    with pytest.raises(FactRefused):
        sheet_faults(SHEET, {**MIDDLE, "I1": score}, {})  # type: ignore[dict-item]


def test_a_criterion_that_is_not_there_is_refused() -> None:
    with pytest.raises(FactRefused, match="I9"):
        sheet_faults(SHEET, {"I9": 3}, {})
    with pytest.raises(FactRefused, match="I9"):
        sheet_faults(SHEET, MIDDLE, {"I9": "x"})


@pytest.mark.parametrize(
    ("score", "due"), [("0", True), ("2", True), ("2.5", False), ("4", False), ("4.5", True), ("5", True)]
)
def test_where_a_comment_is_due(score: str, due: bool) -> None:
    """Of five points: at or below two (40 %), at or above four and a half (90 %)."""
    criterion = next(each for each in SHEET.criteria if each.id == "O1")
    assert wants_comment(SHEET, criterion, Decimal(score)) is due


@given(st.lists(st.integers(0, 12), min_size=len(SHEET.criteria), max_size=len(SHEET.criteria)))
def test_the_total_is_the_sum(halves: list[int]) -> None:
    scores = {each.id: min(Decimal(half) / 2, each.points) for each, half in zip(SHEET.criteria, halves, strict=True)}
    assert total(SHEET, scores) == sum(scores.values())
    assert sheet_faults(SHEET, dict(scores), {each.id: "评语" for each in SHEET.criteria}) == []
