"""All of what a query finds in a file: a workbook, text with commas, or lines of JSON."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import orjson

from pingjiang.documents.tables import TablesWorkbook, WholeTable
from pingjiang.documents.target import fresh_file
from pingjiang.errors import DefinitionError
from pingjiang.schema.codes import code_words
from pingjiang.search.highlight import marked

HEADS = (
    "公开号 publication", "标题 title", "标题（中）title (zh)", "标题（英）title (en)", "申请日 filed",
    "公开日 published",
    "申请人 applicants", "法律状态 legal state", "命中 found in",
)  # fmt: skip
_AT_ONCE = 5_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Whole(Protocol):
    """A result that can be written: `search.Answer`, or one that counts in another unit."""

    @property
    def echo(self) -> str:
        """The reading of the query."""

    @property
    def echo_zh(self) -> str:
        """The same in Chinese."""

    @property
    def release(self) -> str:
        """The current release."""

    @property
    def index_release(self) -> str:
        """The one that was searched."""

    @property
    def total(self) -> int:
        """How many there are."""

    def hits(self, most: int | None) -> Iterator[dict[str, Any]]:
        """All of them, as they are listed."""


def export(found: Whole, path: Path, *, overwrite: bool = False) -> dict[str, Any]:
    """Write every publication; tells {"file", "rows", "cut"}. The file is whole, or not there."""
    write = _KINDS[kind_of(path)]
    with fresh_file(path, overwrite=overwrite) as unfinished:
        cut = write(found, unfinished)
    return {"file": str(path), "rows": found.total, "cut": cut}


def kind_of(path: Path) -> str:
    """The kind of file that a name asks for; DefinitionError where there is none such."""
    kind = path.suffix.lower()
    if kind not in _KINDS:
        raise DefinitionError(
            f"不认识的文件类型 {kind or '（无）'}。",
            f"There is no kind of file {kind or '(none)'}.",
            file=str(path),
            remedy=("请用 .xlsx、.csv 或 .jsonl。", "Use .xlsx, .csv or .jsonl."),
        )
    return kind


def _rows(found: Whole) -> Iterator[list[object]]:
    words = code_words("legal_state")
    for hit in found.hits(None):
        why = "\n".join(f"{one['field']}: {marked(one['text'], one['places'])}" for one in hit["why"])
        yield [
            hit["publication_id"], hit["title"], hit["title_zh"], hit["title_en"], hit["filing_date"],
            hit["publication_date"], "; ".join(hit["applicants"]) or None, words.get(hit["state"], hit["state"]),
            why or None,
        ]  # fmt: skip


def _workbook(found: Whole, path: Path) -> int:
    front = {"query": ("项目 item", "内容 content")}
    rows = _rows(found)
    batches = iter(lambda: list(islice(rows, _AT_ONCE)), [])
    with (
        tempfile.TemporaryDirectory(prefix="pingjiang-export-") as scratch,
        TablesWorkbook(path, front, scratch=Path(scratch)) as book,
    ):
        about = [
            ("检索式 query", found.echo_zh), ("query", found.echo), ("命中 total", found.total),
            ("索引版本 index of", found.index_release), ("当前版本 current release", found.release),
        ]  # fmt: skip
        book.fill("query", about)
        return book.add(WholeTable("hits", HEADS, batches)).cut


def _text(found: Whole, path: Path) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADS)
        for row in _rows(found):
            writer.writerow([_inert(cell) for cell in row])
    return 0


def _lines(found: Whole, path: Path) -> int:
    """What `--json` tells of each hit, one a line."""
    with path.open("wb") as handle:
        for hit in found.hits(None):
            handle.write(orjson.dumps(hit, option=orjson.OPT_APPEND_NEWLINE))
    return 0


def _inert(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


_KINDS: Mapping[str, Callable[[Whole, Path], int]] = {".xlsx": _workbook, ".csv": _text, ".jsonl": _lines}
