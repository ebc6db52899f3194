"""Working days: holidays, weekends that are worked, and years that nobody has announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pingjiang.calendar import is_certain, is_working_day, working_day_from


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 2, 9), True), (date(2024, 2, 12), False), (date(2024, 2, 18), True),  # Spring Festival
        (date(2025, 10, 8), False), (date(2025, 10, 11), True), (date(2025, 11, 15), False), (date(2025, 11, 14), True),
    ],
)  # fmt: skip
def test_working_days_of_china(day: date, works: bool) -> None:
    assert is_working_day(day, "CN") is works


def test_the_next_working_day() -> None:
    assert working_day_from(date(2025, 10, 1), "CN").day == date(2025, 10, 9)
    assert working_day_from(date(2026, 7, 3), "US").day == date(2026, 7, 6)  # Independence Day, observed on a Friday
    for offset in range(800):
        day = date(2023, 1, 1) + timedelta(days=offset)
        found = working_day_from(day, "CN").day
        assert found >= day and is_working_day(found, "CN")
        assert not any(is_working_day(day + timedelta(days=n), "CN") for n in range((found - day).days))


def test_what_is_not_announced_is_not_certain() -> None:
    assert is_certain(date(2025, 1, 1), "CN") and not is_certain(date(2040, 1, 1), "CN")
    assert is_certain(date(2040, 1, 1), "US")
    assert not is_certain(date(2025, 1, 1), "EP")
    assert working_day_from(date(2025, 3, 1), "EP").day == date(2025, 3, 3)  # weekends are known of any office
