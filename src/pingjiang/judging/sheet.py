"""Doubtful pairs as a spreadsheet, and the answers back from one: every row accounted for.

A row is known by its id, which is made of its names: a sheet that was sorted, filtered, cut or merged comes back
right, and a row of which a name was edited, or a single column sorted, is refused by its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pingjiang.config import Settings
from pingjiang.documents.target import fresh_file
from pingjiang.documents.workbook import Sheet, write_workbook
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.files import KnownNames, RawTable, open_file
from pingjiang.judgements import Conflict, Judgement, judge
from pingjiang.judging.pairs import Pair, row_id
from pingjiang.text import header_key

# What a cell of `verdict` offers, and what it may say besides.
VERDICTS: Mapping[str, str] = {"same": "同 same", "different": "异 different", "unsure": "不确定 unsure"}
_WORDS: Mapping[str, str] = {
    header_key(word): verdict
    for verdict, words in {
        "same": ("同", "相同", "同一"),
        "different": ("异", "不同", "不是"),
        "unsure": ("不确定", "待定"),
    }.items()
    for word in (*words, verdict, VERDICTS[verdict])
}
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "id": ("编号 id", "text"),
    "level": ("层级 level", "text"),
    "name_a": ("名称甲 name A", "prose"),
    "name_b": ("名称乙 name B", "prose"),
    "verdict": ("结论 verdict", "text"),
    "why": ("理由 why", "prose"),
    "who": ("判断人 who", "text"),
    "families": ("涉及同族 families", "count"),
    "score": ("相似度 score", "ratio"),
    "reasons": ("依据 reasons", "prose"),
    "examples_a": ("示例甲 examples A", "prose"),
    "examples_b": ("示例乙 examples B", "prose"),
    "addresses_a": ("地址甲 addresses A", "prose"),
    "addresses_b": ("地址乙 addresses B", "prose"),
}
_NEEDED = ("id", "level", "name_a", "name_b", "verdict")
_KEYS = {header_key(label): name for name, (label, _) in _COLUMNS.items()}
_HOW = (
    "只填“结论”“理由”“判断人”三列：同 = 同一机构，异 = 不同机构，不确定 = 看过但无法判断；空着 = 没有看。"
    "其他列不要改动；行可以排序、筛选、删除、分给几个人。",
    "Fill in verdict, why and who alone: same = one organisation, different = two, unsure = looked at and undecided; "
    "empty = not looked at. Leave the other columns as they are; rows may be sorted, filtered, deleted, shared out.",
)


# -- out ---------------------------------------------------------------------------------------------


def write_sheet(path: Path, pairs: Sequence[Pair], release: str, *, overwrite: bool) -> None:
    """Write pairs as a workbook. DefinitionError where something is there already and may not be replaced."""
    labels = {name: label for name, (label, _) in _COLUMNS.items()}
    sheet = Sheet(
        "存疑的机构对",
        "doubtful pairs",
        f"存疑的机构对 doubtful pairs · {release}",
        _HOW,
        list(_COLUMNS.values()),
        [_cells(pair) for pair in pairs],
        held=1,
        choices={labels["verdict"]: list(VERDICTS.values())},
    )
    with fresh_file(path, overwrite=overwrite) as unfinished:
        write_workbook(unfinished, [sheet], first_line=None)


def _cells(pair: Pair) -> list[object]:
    told: dict[str, object] = {
        "id": pair.row_id, "level": pair.level, "name_a": pair.name_a, "name_b": pair.name_b,
        "families": pair.families, "score": pair.score, "reasons": "\n".join(pair.reasons),
        "examples_a": _examples(pair.examples_a), "examples_b": _examples(pair.examples_b),
        "addresses_a": _addresses(pair.examples_a), "addresses_b": _addresses(pair.examples_b),
    }  # fmt: skip
    return [told.get(name) for name in _COLUMNS]


def _examples(examples: Sequence[Mapping[str, Any]]) -> str | None:
    told = [" ".join(str(each[name]) for name in ("publication_id", "publication_date", "title") if each[name])
            for each in examples]  # fmt: skip
    return "\n".join(told) or None


def _addresses(examples: Sequence[Mapping[str, Any]]) -> str | None:
    return "\n".join(dict.fromkeys(str(each["address"]) for each in examples if each["address"])) or None


# -- in ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: where it stands, why, and what stood there."""

    row: int
    column: str
    reason: str
    value: str | None


@dataclass
class SheetReceipt:
    """What became of the rows of a sheet: read = accepted + unchanged + rejected.

    unanswered  how many of the unchanged rows bear no verdict
    replaced    how many of the accepted ones replace an earlier judgement of the same person
    """

    file: str
    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    unanswered: int = 0
    replaced: int = 0
    rejects: list[Refused] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The receipt as plain data."""
        told = {name: getattr(self, name) for name in SheetReceipt.__dataclass_fields__}
        return told | {
            "rejects": [{name: getattr(each, name) for name in Refused.__dataclass_fields__} for each in self.rejects],
            "conflicts": [conflict.as_dict() for conflict in self.conflicts],
        }

    def check(self) -> None:
        """Raises AssertionError where it does not add up."""
        assert self.read == self.accepted + self.unchanged + self.rejected, self
        assert self.rejected == len(self.rejects), self

    def reject(self, row: int, column: str, zh: str, en: str, value: str | None) -> None:
        """Account for a row that is not taken."""
        self.refuse(row, _COLUMNS[column][0], f"{zh} · {en}", value)

    def refuse(self, row: int, label: str, reason: str, value: str | None) -> None:
        """The same, with the column as the sheet calls it."""
        self.rejected += 1
        self.rejects.append(Refused(row, label, reason, value))


def read_sheet(
    path: Path, known: Sequence[Pair], who: Callable[[], str], settings: Settings
) -> tuple[SheetReceipt, list[tuple[int, Judgement]]]:
    """The answers of a sheet, each with its row; rows that cannot be taken are in the receipt already.

    known  the doubtful pairs of the release, by which it is told what was edited
    who    gives the person that a row without one is of; DefinitionError where it is nobody
    InputRefused where the file is none of these sheets.
    """
    table = _table(path, settings)
    place = {_KEYS[header_key(label)]: at for at, label in enumerate(table.header) if header_key(label) in _KEYS}
    by_id = {pair.row_id: pair for pair in known}
    receipt, answers = SheetReceipt(path.name), []
    for row, cells in cells_of(table, place):
        receipt.read += 1
        answer = _answer(row, cells, by_id, who, receipt)
        if answer is not None:
            answers.append((row, answer))
    answers = _without_doubled(answers, receipt)
    return receipt, answers


def _table(path: Path, settings: Settings) -> RawTable:
    known = KnownNames(lambda cells: sum(header_key(cell) in _KEYS for cell in cells))
    for table in open_file(path, known=known, settings=settings):
        if isinstance(table, RawTable) and {label for name, (label, _) in _COLUMNS.items() if name in _NEEDED} <= {
            _COLUMNS[_KEYS[header_key(label)]][0] for label in table.header if header_key(label) in _KEYS
        }:
            return table
    needed = "、".join(_COLUMNS[name][0] for name in _NEEDED)
    raise InputRefused(
        f"这不是存疑机构对的表：缺少这些列之一：{needed}。",
        f"This is no sheet of doubtful pairs: one of these columns is missing: {needed}.",
        file=path.name,
        remedy=(
            "用 pingjiang identities review --export 导出，不要改动表头。",
            "Get one by `pingjiang identities review --export`, and leave its header as it is.",
        ),
    )


def cells_of(table: RawTable, place: Mapping[str, int]) -> list[tuple[int, dict[str, str | None]]]:
    """(row, cells by name) of every row of a table, of the columns that `place` names."""
    found = []
    for batch in table.batches():
        columns = {name: batch.data.column(at).to_pylist() for name, at in place.items() if at < batch.data.num_columns}
        for at, number in enumerate(batch.row_numbers.to_pylist()):
            found.append((number, {name: values[at] for name, values in columns.items()}))
    return found


def _answer(
    row: int, cells: Mapping[str, str | None], known: Mapping[str, Pair], who: Callable[[], str], receipt: SheetReceipt
) -> Judgement | None:
    """The judgement of a row; None where it has none, or is refused."""
    level, name_a, name_b = (cells.get(name) or "" for name in ("level", "name_a", "name_b"))
    told = cells.get("id") or ""
    if told != row_id(level, name_a, name_b):
        _edited(row, cells, known.get(told), receipt)
        return None
    said = cells.get("verdict")
    if not said:
        receipt.unchanged += 1
        receipt.unanswered += 1
        return None
    verdict = _WORDS.get(header_key(said))
    if verdict is None:
        offered = " / ".join(VERDICTS.values())
        receipt.reject(row, "verdict", f"没有这个结论，写 {offered}", f"no such verdict: write {offered}", said)
        return None
    pair = known.get(told)
    if pair is not None:  # the names as printed, with all their white space
        name_a, name_b = (pair.name_a, pair.name_b) if _same(name_a, pair.name_a) else (pair.name_b, pair.name_a)
    judged_by = cells.get("who") or who()
    try:
        return judge(level, name_a, name_b, verdict, who=judged_by, why=one_line(cells.get("why")))
    except DefinitionError as error:
        column = error.column if error.column in ("who", "why") else "name_a"
        receipt.refuse(row, _COLUMNS[column][0], error.message, cells.get(column))
        return None


def _edited(row: int, cells: Mapping[str, str | None], pair: Pair | None, receipt: SheetReceipt) -> None:
    """Say what was edited in a row whose id does not fit: by the pair of that id, where there is one."""
    if pair is None:
        receipt.reject(
            row, "id", "编号与名称不符：编号或名称被改动，或只排序了一列",
            "the id does not fit the names: one of them was edited, or a single column was sorted", cells.get("id"),
        )  # fmt: skip
        return
    named = [cells.get("name_a") or "", cells.get("name_b") or ""]
    if cells.get("level") != pair.level:
        column, was = "level", pair.level
    elif any(_same(named[0], name) for name in (pair.name_a, pair.name_b)):
        column, was = "name_b", pair.name_b if _same(named[0], pair.name_a) else pair.name_a
    else:
        column, was = "name_a", pair.name_a
    receipt.reject(row, column, f"被改动；原为：{was}", f"was edited; it read: {was}", cells.get(column))


def _without_doubled(answers: list[tuple[int, Judgement]], receipt: SheetReceipt) -> list[tuple[int, Judgement]]:
    """The answers without those in which one person says two things of one pair."""
    said: dict[tuple[str, tuple[str, str], str], dict[str | None, int]] = defaultdict(dict)
    for row, answer in answers:
        said[answer.subject, answer.pair, answer.who].setdefault(answer.verdict, row)
    kept = []
    for row, answer in answers:
        verdicts = said[answer.subject, answer.pair, answer.who]
        if len(verdicts) == 1:
            kept.append((row, answer))
            continue
        rows = ", ".join(str(each) for each in sorted(verdicts.values()))
        receipt.reject(
            row, "verdict", f"同一人对同一对给出不同结论（第 {rows} 行）",
            f"one person says different things of one pair (rows {rows})", answer.verdict,
        )  # fmt: skip
    return kept


def _same(one: str, two: str) -> bool:
    return one.split() == two.split()


def one_line(text: str | None) -> str | None:
    """A text without line breaks."""
    return None if text is None else " ".join(text.split())
