"""A file of changes for a generated lake: publications that it knows, told anew, and others that it does not."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

from pingjiang.engine import Lake, Session

HEADERS = (
    "标题 (中文)",
    "摘要 (中文)",
    "申请人",
    "公开（公告）号",
    "公开（公告）日",
    "申请号",
    "申请日",
    "公开国别",
    "IPC",
    "链接到incoPat",
)
_KNOWN = """
select r.publication_id, r.application_id, r.title_zh, r.publication_date, r.filing_date
from record r
where r.authority = 'CN' and r.filing_date is not null
order by hash(r.publication_id, {seed}) limit {rows}
"""


def changes(path: Path, lake: Path, *, known: int, new: int, seed: int = 7) -> dict[str, int]:
    """Write an incoPat-like csv of `known` publications, each filed a day later, and `new` ones. Returns how many."""
    with Session() as session:
        record = Lake(lake).require_current().open(session, "record")["record"]
        rows = session.rows(_KNOWN.format(seed=seed, rows=known), record=record)
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(HEADERS)
        for publication, application, title, published, filed in rows:
            day = filed + timedelta(days=1)
            out.writerow([f"{title}（更正）", "合成摘要。" * 30, "合成公司", publication, published, application, day,
                          "中国", "H01L21/02", "x"])  # fmt: skip
        for at in range(new):
            out.writerow([f"一种第{at}号新增装置", "合成摘要。" * 30, "合成公司", f"CN{150000000 + at}A", "2025-10-17",
                          f"CN2024{10000000 + at}", f"2024-{1 + at % 12:02}-05", "中国", "H01L21/02", "x"])  # fmt: skip
    return {"known": len(rows), "new": new}
