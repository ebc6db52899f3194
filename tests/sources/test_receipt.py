"""A receipt that does not add up is never published."""

from __future__ import annotations

import pytest

from pingjiang.errors import PingjiangError
from pingjiang.sources import FileReceipt


def receipt(**counts: int) -> FileReceipt:
    return FileReceipt("a.csv", "generic", "s", "0" * 64, **counts)  # type: ignore[arg-type]


def test_a_receipt_that_adds_up_passes() -> None:
    told = receipt(rows_read=6, accepted=3, merged=2, rejected=1)
    told.reasons["no_number"] = 1
    told.check()


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"rows_read": 6, "accepted": 3}, "回执不平：读入 6 ≠ 采用 3 .*does not add up: 6 read ≠ 3 accepted"),
        ({"rows_read": 1, "rejected": 1}, "回执不平：退出 1 行.*1 rows rejected, but reasons for"),
    ],
)
def test_one_that_does_not_is_a_fault_told_in_both_languages(counts: dict[str, int], says: str) -> None:
    with pytest.raises(PingjiangError, match=says) as caught:
        receipt(**counts).check()
    assert caught.value.file == "a.csv"
    assert "交给维护者" in str(caught.value.remedy) and "maintainers" in str(caught.value.remedy)
