"""The receipt of an import: what became of every row, adding up.

    rows_read = accepted + merged + rejected

`accepted`: the row brought a publication or application that the lake did not hold; `merged`: it spoke
of one already there (in the lake, or earlier in the same import); `rejected`: it could not be taken,
for one reason. `publications_written` is counted apart: one row may hold several.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pingjiang.errors import PingjiangError

REASONS: Mapping[str, tuple[str, str]] = {
    "no_number": ("没有公开号，也没有申请号", "neither a publication nor an application number"),
    "spreadsheet_number": (
        "号码已被电子表格改成科学计数（如 2.01E+12）：请把该列设为文本后重新导出",
        "a spreadsheet turned the number into 2.01E+12: export again with that column as text",
    ),
    "number_unreadable": ("号码无法辨认", "the number cannot be read"),
    "no_authority": ("号码没有国别代码，无法判断受理局", "the number names no office"),
    "too_many_cells": ("单元格多于表头", "more cells than the header has"),
    "too_few_cells": ("单元格少于表头", "fewer cells than the header has"),
    "unclosed_quote": ("引号没有闭合", "a quotation mark is never closed"),
    "bad_bytes": ("字节与文件编码不符", "bytes that the file's encoding does not know"),
    "document_cut_short": ("文献不完整", "the document is cut short"),
    "document_ill_formed": ("文献格式有误，无法解析", "the document is ill-formed and cannot be parsed"),
    "document_too_large": (
        "文献超过上限（PINGJIANG_MAX_DOCUMENT_BYTES）",
        "the document is larger than allowed (PINGJIANG_MAX_DOCUMENT_BYTES)",
    ),
    "document_unexpected": (
        "文献结构与其格式不符",
        "the document is not built as its format says",
    ),
    "date_unreadable": (
        "日期无法辨认，或早于 1790 年，按未知处理",
        "the date cannot be read, or is before 1790; taken as unknown",
    ),
    "date_in_future": ("日期晚于导入当日，按未知处理", "the date is later than the day of import; taken as unknown"),
    "dates_out_of_order": ("申请日晚于公开日，照收", "the filing date is later than the publication; taken as it is"),
    "year_differs": (
        "公开日与公开年一列不符，按日期收",
        "the date of publication is not in the year that its column tells; the date was taken",
    ),
    "integer_unreadable": ("不是整数，按未知处理", "no whole number; taken as unknown"),
    "code_unknown": ("不在代码表内，按未知处理", "not on the list of codes; taken as unknown"),
    "check_digit": ("校验位不符，照收", "the check digit does not fit; taken as it is"),
    "application_unreadable": (
        "申请号无法辨认，按未知处理",
        "the application number cannot be read; taken as unknown",
    ),
    "numbers_differ": (
        "同一行的几个号码列说法不同，取在前的一列",
        "columns of one number tell different ones; the first column was taken",
    ),
    "entry_incomplete": ("缺少必需的内容", "a cell that no entry may lack is empty"),
    "no_credit_code": ("没有统一社会信用代码", "no unified social credit code"),
    "no_name": ("没有名称", "no name"),
    "credit_code_length": ("统一社会信用代码不是 18 位", "a unified social credit code has 18 characters"),
    "credit_code_character": (
        "统一社会信用代码含有不可能出现的字符（如字母 I、O、S、V、Z）",
        "a character that no unified social credit code has (such as the letters I, O, S, V, Z)",
    ),
    "credit_code_organisation_check": (
        "统一社会信用代码第 17 位（主体标识码的校验位）不符：请核对代码",
        "position 17 of the credit code, the check digit of the organisation, does not fit: compare the code",
    ),
    "credit_code_check": (
        "统一社会信用代码第 18 位（校验位）不符：请核对代码",
        "position 18 of the credit code, its check digit, does not fit: compare the code",
    ),
    "amount_unreadable": ("金额无法辨认，按未知处理", "the amount cannot be read; taken as unknown"),
    "amount_without_unit": (
        "金额没有单位（元、万元、亿元），按未知处理：请写在表头或单元格中",
        "an amount without its unit (元, 万元, 亿元), taken as unknown: write it into the header or the cell",
    ),
    "year_unreadable": ("年份无法辨认，或晚于今年，按未知处理", "no year, or one to come; taken as unknown"),
    "parent_code_unreadable": (
        "上级单位的信用代码有误，按未知处理",
        "the credit code of the parent is wrong; taken as unknown",
    ),
    "industry_unreadable": (
        "不是国民经济行业代码（如 C3971），按未知处理",
        "no class of GB/T 4754 (such as C3971); taken as unknown",
    ),
    "publication_unreadable": ("其中一个公开号无法辨认", "one of several publication numbers cannot be read"),
}


@dataclass
class FileReceipt:
    """What became of one file. `doubts` counts cells of taken rows that could not be read."""

    path: str
    format: str
    source_id: str
    sha256: str
    rows_read: int = 0
    accepted: int = 0
    merged: int = 0
    rejected: int = 0
    changed: int = 0
    unchanged: int = 0
    publications_written: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    doubts: dict[str, int] = field(default_factory=dict)
    mapped_columns: dict[str, list[str]] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    left_out_tables: list[str] = field(default_factory=list)  # sheets or members that hold no patents; in no count
    rejects_file: str | None = None
    doubts_file: str | None = None
    licence: str | None = None
    attribution: str | None = None
    already_imported: bool = False
    cutoff: str | None = None
    spec: str = ""  # digest of the format spec that the file was read by
    imported_on: str | None = None  # day of the import (UTC)
    reading: int = 1  # how often the file was read, each time by another version of its spec
    imported_in: str | None = None  # the release that was the first to hold it
    imported_by: str | None = None  # whoever imported it, in the words of the caller

    def check(self) -> None:
        """Raise where the receipt does not add up: a defect of ours, never published."""
        if self.rows_read != self.accepted + self.merged + self.rejected:
            raise self._does_not_add_up(
                f"读入 {self.rows_read} ≠ 采用 {self.accepted} + 归并 {self.merged} + 退出 {self.rejected}",
                f"{self.rows_read} read ≠ {self.accepted} accepted + {self.merged} merged + {self.rejected} rejected",
            )
        if sum(self.reasons.values()) != self.rejected:
            raise self._does_not_add_up(
                f"退出 {self.rejected} 行，理由却有 {self.reasons}",
                f"{self.rejected} rows rejected, but reasons for {self.reasons}",
            )

    def _does_not_add_up(self, zh: str, en: str) -> PingjiangError:
        return PingjiangError(
            f"回执不平：{zh}；什么也没有导入。",
            f"The receipt does not add up: {en}; nothing was imported.",
            file=self.path,
            remedy=(
                "程序有误，请把文件和本条信息交给维护者。",
                "A fault of the program: give file and message to the maintainers.",
            ),
        )

    def again(self) -> FileReceipt:
        """The receipt of the same file imported once more: nothing new, nothing changed."""
        taken = self.accepted + self.merged
        return FileReceipt(
            **{
                **asdict(self),
                "accepted": 0,
                "merged": taken,
                "changed": 0,
                "unchanged": taken,
                "publications_written": 0,
                "already_imported": True,
            }
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for `--json` and the manifest."""
        return asdict(self)


# Columns that a file of rejects has beside the source's own; an import that meets them leaves them out.
REJECT_COLUMNS = ("来源行 / source row", "原因 / reason", "列 / column", "说明 / explanation")
DOUBT_COLUMNS = ("来源行 / source row", "列 / column", "内容 / value", "原因 / reason", "说明 / explanation")
Rows = Sequence[Mapping[str, str | None]]  # column → cell


def write_rejects(path: Path, rows: Rows) -> None:
    """Write rejected rows, of all tables of a file: the source's columns, then address, reason, remedy.

    Mended there, the file can be imported as it is; of a row that was torn apart, the text stands in the first
    column and wants its cells put in place.
    """
    header = dict.fromkeys(column for row in rows for column in row if column not in REJECT_COLUMNS)
    _write(path, [*header, *REJECT_COLUMNS], rows)


def write_doubts(path: Path, rows: Rows) -> None:
    """Write the cells in doubt: address, column, value, reason."""
    _write(path, DOUBT_COLUMNS, rows)


def _write(path: Path, columns: Sequence[str], rows: Rows) -> None:
    """Write rows as CSV that a spreadsheet opens.

    Cells that it would take for a formula are kept as text by a leading apostrophe, which an import takes off.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    with temporary.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_safe(row.get(column)) for column in columns])
    temporary.replace(path)


def _safe(cell: str | None) -> str:
    if cell is None:
        return ""
    return "'" + cell if cell[:1] in "=+-@\t" and len(cell) > 1 else cell
