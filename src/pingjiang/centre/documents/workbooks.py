"""A list as a workbook, by the library's tables: values as what they are, never as formulas."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from pingjiang.documents.tables import TablesWorkbook, WholeTable

ABOUT = ("示例数据：全部为合成数据", "Synthetic data: everything here is made up")
_BATCH = 500


def workbook(
    tab: str, heads: Sequence[str], rows: Iterable[Sequence[object]], about: Sequence[str], *, synthetic: bool
) -> bytes:
    """A workbook with two sheets: what this is (its first line says where data is made up), and the rows."""
    first = [" · ".join(ABOUT)] if synthetic else [about[0]]
    rest = list(about) if synthetic else list(about[1:])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        with TablesWorkbook(path, {"about": first}, scratch=Path(folder)) as book:
            book.fill("about", [[line] for line in rest])
            book.add(WholeTable(tab, heads, _batches(rows)))
        return path.read_bytes()


def _batches(rows: Iterable[Sequence[object]]) -> Iterable[list[Sequence[object]]]:
    batch: list[Sequence[object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch
