"""What was cleaned to what, where a row holds lists."""

from __future__ import annotations

from collections import Counter

import pytest

from pingjiang.evaluate.cleaned_applicants import cleaned_names


@pytest.mark.parametrize(
    ("printed", "cleaned", "found"),
    [
        ("A", "B", {"A": {"B": 1}}),
        ("A; B", "B; X", {"A": {"X": 1}, "B": {"B": 1}}),
        ("A; B", "X; Y", {}),  # nobody knows which became which
        ("A; a", "a", {"a": {"a": 1}}),
        ("", None, {}),
    ],
)
def test_only_what_is_certain_is_taken(printed: str, cleaned: str | None, found: dict[str, dict[str, int]]) -> None:
    assert cleaned_names([(printed, cleaned)]) == {name: Counter(told) for name, told in found.items()}
