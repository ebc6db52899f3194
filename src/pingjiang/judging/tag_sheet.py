"""A tagging list as a spreadsheet, and the answers back from one: every row and every answer accounted for.

A row is known by its id, which is made of list and publication, and a column of a tag by its heading: sheets may be
sorted, filtered, cut, shared out, and have columns of their own inserted. What was edited is refused by its place.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pingjiang.config import Settings
from pingjiang.documents.workbook import Sheet
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.files import KnownNames, RawTable, open_file
from pingjiang.judgements import Judgement, judge
from pingjiang.judging.sample_sheet import VERDICTS, verdict_of
from pingjiang.judging.sheet import Refused, cells_of, one_line
from pingjiang.judging.tag_lists import Item, Tag, TagList
from pingjiang.text import header_key

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "id": ("编号 id", "text"),
    "list": ("标引任务 list", "text"),
    "publication_id": ("公开号 publication", "text"),
    "title": ("标题 title", "prose"),
    "why": ("备注 why", "prose"),
    "who": ("标引人 who", "text"),
    "abstract": ("摘要 abstract", "prose"),
    "symbols": ("分类号 symbols", "prose"),
    "said": ("各人意见 said", "prose"),
}
_KEYS = {header_key(label): name for name, (label, _) in _COLUMNS.items()}
_NEEDED = ("id", "list", "publication_id")
_ABSTRACT = 1_500
_HOW = (
    "在每个标签列选：是 = 属于，否 = 不属于，不确定 = 看过但无法判断；空着 = 没有看，不当作否。可填备注、标引人。"
    "其他列不要改动；行可以排序、筛选、删除、分给几个人，可以插入自己的列。",
    "Choose in the column of each tag: yes, no, or unsure (looked at and undecided); empty = not looked at, which is "
    "no 'no'. Fill in why and who. Leave the other columns as they are; rows may be sorted, filtered, deleted, shared "
    "out, and columns of your own inserted.",
)
_ADJUDICATE = (
    "只列有分歧或不确定的文献，各人意见在“各人意见”列。在标签列写裁定：是或否；空着 = 未裁定。",
    "Only what people differ on, or are unsure of, is listed; column said tells who said what. Write the decision, yes "
    "or no, in the column of the tag; empty = not decided.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a row of a sheet shows of a publication."""

    publication_id: str
    title: str | None
    abstract: str | None
    symbols: tuple[str, ...]


def row_id(list_name: str, publication_id: str) -> str:
    """The identity of a row."""
    return "T-" + hashlib.sha256(f"{list_name}\n{publication_id}".encode()).hexdigest()[:12]


# -- out ---------------------------------------------------------------------------------------------


def coding_sheet(
    told: TagList, items: Sequence[Item], shown: Mapping[str, Shown], who: str | None,
    said: Mapping[tuple[str, str], str], release: str,
) -> Sheet:  # fmt: skip
    """The sheet of items; `said`: what this person has said so far, by (tag, publication)."""
    due = f"　截止 due {told.due}" if told.due else ""
    title = f"标引 tagging · {told.name}{f' · {who}' if who else ''} · {release}{due}"
    rows = [
        (shown[item.publication_id], who, None, {tag.id: said.get((tag.id, item.publication_id)) for tag in told.tags})
        for item in items
    ]
    return _sheet(told, "标引", "tagging", title, _HOW, rows, tuple(VERDICTS.values()), with_said=False)


def adjudication_sheet(
    told: TagList, open_ones: Mapping[str, Mapping[str, str]], shown: Mapping[str, Shown], release: str
) -> Sheet:
    """The sheet of what is not agreed. `open_ones`: publication → tag → who said what."""
    rows = []
    for publication_id, of in open_ones.items():
        words = "\n".join(f"{told.tag(tag).zh}: {who_said}" for tag, who_said in of.items())
        rows.append((shown[publication_id], None, words, dict.fromkeys(of)))
    offered = (VERDICTS["yes"], VERDICTS["no"])
    title = f"裁定 adjudication · {told.name} · {release}"
    return _sheet(told, "裁定", "adjudication", title, _ADJUDICATE, rows, offered, with_said=True)


def _sheet(
    told: TagList,
    name_zh: str,
    name_en: str,
    title: str,
    lines: Sequence[str],
    rows: Sequence[tuple[Shown, str | None, str | None, Mapping[str, str | None]]],
    offered: Sequence[str],
    *,
    with_said: bool,
) -> Sheet:
    before = [_COLUMNS[name] for name in ("id", "list", "publication_id", "title")]
    after = ["said"] * with_said + ["why", "who", "abstract", "symbols"]
    written: list[list[object]] = []
    for each, who, said, verdicts in rows:
        cells: dict[str, object] = {
            "said": said, "why": None, "who": who, "abstract": (each.abstract or "")[:_ABSTRACT] or None,
            "symbols": "; ".join(each.symbols) or None,
        }  # fmt: skip
        answers = [_offered(tag, verdicts, with_said) for tag in told.tags]
        head = [row_id(told.name, each.publication_id), told.name, each.publication_id, each.title]
        written.append([*head, *answers, *(cells[name] for name in after)])
    return Sheet(
        name_zh, name_en, title, lines,
        [*before, *((tag.label, "text") for tag in told.tags), *(_COLUMNS[name] for name in after)],
        written, held=3, choices={tag.label: list(offered) for tag in told.tags},
    )  # fmt: skip


def _offered(tag: Tag, verdicts: Mapping[str, str | None], with_said: bool) -> str | None:
    """What a cell shows: the verdict so far; of an adjudication a dash where people agree."""
    if with_said and tag.id not in verdicts:
        return _AGREED
    verdict = verdicts.get(tag.id)
    return None if verdict is None else VERDICTS[verdict]


_AGREED = "—"


# -- in ----------------------------------------------------------------------------------------------


@dataclass
class TagReceipt:
    """What became of a sheet: rows = taken + rejected; of the rows taken, answers = added + unchanged.

    of        the list
    blank     cells of tags without an answer; replaced: answers that replace an earlier one of the same person
    ignored   columns that are none of ours; missing: tags of the list that have no column
    absent    publications of the list that have no row, which were not answered here
    """

    file: str
    of: str
    rows: int = 0
    taken: int = 0
    rejected: int = 0
    answers: int = 0
    added: int = 0
    unchanged: int = 0
    replaced: int = 0
    blank: int = 0
    absent: int = 0
    ignored: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    rejects: list[Refused] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def check(self) -> None:
        """Raises AssertionError where it does not add up."""
        assert self.rows == self.taken + self.rejected, self
        assert self.answers == self.added + self.unchanged, self
        assert self.rejected == len({each.row for each in self.rejects}), self


Answers = list[tuple[int, Judgement]]


def read_sheet(
    path: Path, list_named: Callable[[str], TagList], who: Callable[[], str], settings: Settings, *, subject: str
) -> tuple[TagReceipt, TagList, Answers]:
    """The answers of a sheet, each with its row; rows that cannot be taken are in the receipt already.

    list_named  gives a list by its name; who: the person that a row without one is of
    subject     'tag' or 'adjudication'
    InputRefused where the file is none of these sheets, or the heading of a tag was edited.
    """
    table = _table(path, settings)
    own = {_KEYS[key]: at for at, label in enumerate(table.header) if (key := header_key(label)) in _KEYS}
    if ("said" in own) != (subject == "adjudication"):
        raise _wrong_kind(path, subject)
    first = next((cells["list"] for _, cells in cells_of(table, own) if cells.get("list")), None)
    if first is None:
        raise InputRefused(
            "表中没有一行写明标引任务。", "No row names its list.", file=path.name, column=_COLUMNS["list"][0],
            remedy=("请从导出的表中恢复该列。", "Restore the column from the sheet as it was written."),
        )  # fmt: skip
    told = list_named(first)
    receipt = TagReceipt(path.name, told.name)
    places = own | _tag_columns(table, told, path, receipt)
    known = {row_id(told.name, item.publication_id): item.publication_id for item in told.items}
    answers: Answers = []
    seen: set[str] = set()
    for row, cells in cells_of(table, places):
        receipt.rows += 1
        found = _row(row, cells, told, known, who, subject, receipt)
        if found is not None:
            answers += [(row, each) for each in found]
            seen.add(known[cells["id"] or ""])
    receipt.absent = len(told.items) - len(seen)
    answers = _without_doubled(answers, told, receipt)
    receipt.rejected = len({each.row for each in receipt.rejects})
    receipt.taken, receipt.answers = receipt.rows - receipt.rejected, len(answers)
    return receipt, told, answers


def _table(path: Path, settings: Settings) -> RawTable:
    known = KnownNames(lambda cells: sum(header_key(cell) in _KEYS for cell in cells))
    for table in open_file(path, known=known, settings=settings):
        if isinstance(table, RawTable) and set(_NEEDED) <= {
            _KEYS[key] for label in table.header if (key := header_key(label)) in _KEYS
        }:
            return table
    needed = "、".join(_COLUMNS[name][0] for name in _NEEDED)
    raise InputRefused(
        f"这不是标引表：缺少这些列之一：{needed}。",
        f"This is no sheet of a tagging list: one of these columns is missing: {needed}.",
        file=path.name,
        remedy=(
            "用 pingjiang tag export 导出，不要改动表头。",
            "Get one by `pingjiang tag export`, and leave its header as it is.",
        ),
    )


def _wrong_kind(path: Path, subject: str) -> InputRefused:
    right = ("tag adjudicate --import", "tag import") if subject == "tag" else ("tag import", "tag adjudicate --import")
    return InputRefused(
        "这张表是裁定表。" if subject == "tag" else "这张表是标引表，不是裁定表。",
        "This is a sheet of adjudications." if subject == "tag" else "This is a sheet of codings, not adjudications.",
        file=path.name, remedy=(f"请用 pingjiang {right[0]}。", f"Take it by `pingjiang {right[0]}`."),
    )  # fmt: skip


def _tag_columns(table: RawTable, told: TagList, path: Path, receipt: TagReceipt) -> dict[str, int]:
    """Where each tag stands. InputRefused where one has no column and strange ones are there, or one stands twice."""
    by_key = {header_key(tag.label): tag for tag in told.tags}
    found: dict[str, int] = {}
    for at, label in enumerate(table.header):
        key = header_key(label)
        tag = by_key.get(key)
        if tag is not None and f"tag:{tag.id}" in found:
            raise InputRefused(
                "这一列有两份。", "This column stands twice.", file=path.name, column=label,
                remedy=("删去其中一份。", "Delete one of them."),
            )  # fmt: skip
        if tag is not None:
            found[f"tag:{tag.id}"] = at
        elif key and key not in _KEYS:
            receipt.ignored.append(label)
    receipt.missing = [tag.id for tag in told.tags if f"tag:{tag.id}" not in found]
    if receipt.missing and receipt.ignored:
        labels = "、".join(told.tag(each).label for each in receipt.missing)
        raise InputRefused(
            f"缺少标签列 {labels}，却有不认识的列：{'、'.join(receipt.ignored)}；表头可能被改动。",
            f"The column of {labels} is missing, and there are strange ones: {', '.join(receipt.ignored)}; "
            "a heading may have been edited.",
            file=path.name, column=receipt.ignored[0],
            remedy=(
                "恢复表头；若该列确已删除，也请删去不认识的列。",
                "Restore the heading; or, if that column was deleted, delete the strange ones too.",
            ),
        )  # fmt: skip
    return found


def _row(
    row: int, cells: Mapping[str, str | None], told: TagList, known: Mapping[str, str], who: Callable[[], str],
    subject: str, receipt: TagReceipt,
) -> list[Judgement] | None:  # fmt: skip
    """The answers of a row; None where it is refused."""
    publication_id = cells.get("publication_id") or ""
    if known.get(cells.get("id") or "") != publication_id or cells.get("list") != told.name:
        _edited(row, cells, told, known, receipt)
        return None
    answers, before = [], len(receipt.rejects)
    blank = 0
    for tag in told.tags:
        said = cells.get(f"tag:{tag.id}")
        if not said or said == _AGREED:
            blank += f"tag:{tag.id}" in cells
            continue
        verdict = verdict_of(said)
        if verdict is None or (subject == "adjudication" and verdict == "unsure"):
            offered = " / ".join(VERDICTS[each] for each in VERDICTS if subject == "tag" or each != "unsure")
            _refuse(receipt, row, tag.label, f"没有这个结论，写 {offered} · no such verdict: write {offered}", said)
            continue
        try:
            made = judge(
                subject, told.key(tag), publication_id, verdict, who=cells.get("who") or who(),
                why=one_line(cells.get("why")),
            )  # fmt: skip
        except DefinitionError as error:
            column = error.column if error.column in ("who", "why") else "publication_id"
            _refuse(receipt, row, _COLUMNS[column][0], error.message, cells.get(column))
            break
        answers.append(made)
    if told.exclusive and sum(each.verdict == "yes" for each in answers) > 1:
        last = max(at for at, tag in enumerate(told.tags) if verdict_of(cells.get(f"tag:{tag.id}") or "") == "yes")
        _refuse(
            receipt, row, told.tags[last].label,
            "标签互斥，一件只能有一个“是” · tags are exclusive: say yes of one at most",
            cells.get(f"tag:{told.tags[last].id}"),
        )  # fmt: skip
    if len(receipt.rejects) > before:
        return None
    receipt.blank += blank
    return answers


def _edited(
    row: int, cells: Mapping[str, str | None], told: TagList, known: Mapping[str, str], receipt: TagReceipt
) -> None:
    """Say what was edited in a row, or that it was inserted."""
    was = known.get(cells.get("id") or "")
    if cells.get("list") != told.name:
        column, reason = "list", f"被改动；原为：{told.name} · was edited; it read: {told.name}"
    elif was is not None:
        column = "publication_id"
        reason = f"被改动，或只排序了一列；原为：{was} · was edited, or a single column sorted; it read: {was}"
    else:
        column = "id"
        reason = (
            "不是导出的行：编号被改动或该行是插入的；请恢复编号，新文献用 tag suggest --add 或新任务加入 · "
            "no row that was exported: its id was edited, or it was inserted; restore the id, and add publications by "
            "`tag suggest --add` or a new list"
        )
    _refuse(receipt, row, _COLUMNS[column][0], reason, cells.get(column))


def _without_doubled(answers: Answers, told: TagList, receipt: TagReceipt) -> Answers:
    """The answers without the rows in which one person says two things of one publication."""
    said: dict[tuple[str, str, str], dict[str | None, int]] = defaultdict(dict)
    for row, answer in answers:
        said[answer.a, answer.b, answer.who].setdefault(answer.verdict, row)
    labels = {told.key(tag): tag.label for tag in told.tags}
    bad: set[int] = set()
    for row, answer in answers:
        rows = said[answer.a, answer.b, answer.who]
        if len(rows) > 1:
            numbers = ", ".join(str(each) for each in sorted(rows.values()))
            _refuse(
                receipt, row, labels[answer.a],
                f"同一人对同一文献给出不同结论（第 {numbers} 行），只留一个 · "
                f"one person says different things of one publication (rows {numbers}): keep one", answer.verdict,
            )  # fmt: skip
            bad.add(row)
    return [(row, answer) for row, answer in answers if row not in bad]


def _refuse(receipt: TagReceipt, row: int, label: str, reason: str, value: str | None) -> None:
    receipt.rejects.append(Refused(row, label, reason, value))
