"""Small export files made by the tests; made up from beginning to end."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

INCOPAT = [
    "序号",
    "标题 (中文)",
    "摘要 (中文)",
    "申请人",
    "公开（公告）号",
    "公开（公告）日",
    "申请号",
    "申请日",
    "公开国别",
    "链接到incoPat",
    "IPC",
    "发明人",
]


def incopat_row(number: int, **cells: str) -> list[str]:
    """A row of a made-up incoPat export; `number` makes its numbers unique."""
    row = {
        "序号": str(number),
        "标题 (中文)": f"一种半导体器件{number}",
        "摘要 (中文)": "合成数据。",
        "申请人": f"合成公司{number % 7}; 合成大学{number % 3}",
        "公开（公告）号": f"CN{110000000 + number}A",
        "公开（公告）日": "2020-03-17",
        "申请号": f"CN2018{10000000 + number}",
        "申请日": f"2018-{1 + number % 12:02}-05",
        "公开国别": "中国",
        "链接到incoPat": "x",
        "IPC": "H01L21/768; H01L29/78",
        "发明人": "甲; 乙",
        **cells,
    }
    return [row[name] for name in INCOPAT]


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    """A CSV file as a tool would write it."""
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def incopat_file(path: Path, count: int, *, first: int = 1, encoding: str = "utf-8") -> Path:
    """A made-up incoPat export of `count` rows."""
    return write_csv(path, INCOPAT, [incopat_row(at) for at in range(first, first + count)], encoding)
