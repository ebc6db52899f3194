"""A sample of placements as a spreadsheet, and the verdicts back from one.

A row is known by its id, which is made of chain, leaf and publication: sheets may be sorted, filtered, cut and shared
out, and a row in which one of these was edited is refused by its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pingjiang.chain.tree import Chain
from pingjiang.config import Settings
from pingjiang.documents.workbook import Sheet
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.files import KnownNames, RawTable, open_file
from pingjiang.judgements import Judgement, judge
from pingjiang.judging.placements import Placement, row_id
from pingjiang.judging.sheet import SheetReceipt, cells_of, one_line
from pingjiang.text import header_key

VERDICTS: Mapping[str, str] = {"yes": "是 yes", "no": "否 no", "unsure": "不确定 unsure"}
_WORDS: Mapping[str, str] = {
    header_key(word): verdict
    for verdict, words in {
        "yes": ("是", "对", "正确", "属于", "y", "√"),
        "no": ("否", "错", "不对", "不属于", "n", "×"),
        "unsure": ("不确定", "待定"),
    }.items()
    for word in (*words, verdict, VERDICTS[verdict])
}
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "id": ("编号 id", "text"),
    "chain": ("产业链 chain", "text"),
    "leaf": ("末级编号 leaf", "text"),
    "name": ("末级 leaf name", "text"),
    "definition": ("定义 definition", "prose"),
    "publication_id": ("公开号 publication", "text"),
    "title": ("标题 title", "prose"),
    "verdict": ("属于 belongs", "text"),
    "why": ("理由 why", "prose"),
    "who": ("判断人 who", "text"),
    "abstract": ("摘要 abstract", "prose"),
    "symbols": ("分类号 symbols", "prose"),
    "reason": ("归类依据 reason", "prose"),
}
_KEYS = {header_key(label): name for name, (label, _) in _COLUMNS.items()}
_NEEDED = ("id", "chain", "leaf", "publication_id", "verdict")
_ABSTRACT = 1_500
HOW = (
    "只填“属于”“理由”“判断人”三列：是 = 按定义应归入该末级，否 = 不应，不确定 = 看过但无法判断（不算正确）；"
    "空着 = 没有看。其他列不要改动；行可以排序、筛选、删除、分给几个人。",
    "Fill in belongs, why and who alone: yes = by its definition the leaf should hold it, no = it should not, unsure = "
    "looked at and undecided (does not count as right); empty = not looked at. Leave the other columns as they are; "
    "rows may be sorted, filtered, deleted, shared out.",
)


def sample_sheet(chain: Chain, sample: Sequence[Placement], lines: Sequence[str]) -> Sheet:
    """The sheet of a sample."""
    nodes = {node.id: node for node in chain.leaves()}
    labels = {name: label for name, (label, _) in _COLUMNS.items()}
    rows: list[list[object]] = []
    for each in sample:
        leaf = nodes[each.leaf]
        told: dict[str, object] = {
            "id": each.row_id, "chain": each.chain, "leaf": each.leaf, "name": f"{leaf.name_zh} {leaf.name_en}",
            "definition": "\n".join(text for text in (leaf.definition_zh, leaf.definition_en) if text),
            "publication_id": each.publication_id, "title": each.title, "abstract": (each.abstract or "")[:_ABSTRACT],
            "verdict": VERDICTS[each.verdict] if each.verdict else None, "symbols": "; ".join(each.symbols),
            "reason": each.reason,
        }  # fmt: skip
        rows.append([told.get(name) or None for name in _COLUMNS])
    return Sheet(
        "抽样", "sample", f"抽样判读 sample · {chain.name_zh} {chain.name_en} {chain.version}", (*HOW, *lines),
        list(_COLUMNS.values()), rows, held=1, choices={labels["verdict"]: list(VERDICTS.values())},
    )  # fmt: skip


def read_sample(
    path: Path, who: Callable[[], str], settings: Settings, known: Callable[[str, str, str], str | None]
) -> tuple[SheetReceipt, list[tuple[int, Judgement]]]:
    """The verdicts of a sheet, each with its row; rows that cannot be taken are in the receipt already.

    who     gives the person that a row without one is of
    known   what people have said so far of (chain, leaf, publication): a cell that repeats it says nothing new
    InputRefused where the file is none of these sheets.
    """
    table = _table(path, settings)
    place = {_KEYS[key]: at for at, label in enumerate(table.header) if (key := header_key(label)) in _KEYS}
    receipt, answers = SheetReceipt(path.name), []
    for row, cells in cells_of(table, place):
        receipt.read += 1
        answer = _answer(row, cells, who, known, receipt)
        if answer is not None:
            answers.append((row, answer))
    return receipt, _without_doubled(answers, receipt)


def _table(path: Path, settings: Settings) -> RawTable:
    known = KnownNames(lambda cells: sum(header_key(cell) in _KEYS for cell in cells))
    for table in open_file(path, known=known, settings=settings):
        if isinstance(table, RawTable) and set(_NEEDED) <= {
            _KEYS[key] for label in table.header if (key := header_key(label)) in _KEYS
        }:
            return table
    needed = "、".join(_COLUMNS[name][0] for name in _NEEDED)
    raise InputRefused(
        f"这不是抽样判读的表：缺少这些列之一：{needed}。",
        f"This is no sheet of a sample: one of these columns is missing: {needed}.",
        file=path.name,
        remedy=(
            "用 pingjiang chain sample 或 chain strategy --out 导出，不要改动表头。",
            "Get one by `pingjiang chain sample` or `chain strategy --out`, and leave its header as it is.",
        ),
    )


def _answer(
    row: int, cells: Mapping[str, str | None], who: Callable[[], str], known: Callable[[str, str, str], str | None],
    receipt: SheetReceipt,
) -> Judgement | None:  # fmt: skip
    """The judgement of a row; None where it has none, or is refused."""
    chain, leaf, publication_id = (cells.get(name) or "" for name in ("chain", "leaf", "publication_id"))
    if cells.get("id") != row_id(chain, leaf, publication_id):
        receipt.refuse(
            row, _COLUMNS["id"][0],
            "编号与产业链、末级、公开号不符：其中之一被改动，或只排序了一列；请从导出的表中恢复该行 · "
            "the id does not fit chain, leaf and publication: one of them was edited, or a single column was sorted; "
            "restore the row from the sheet as it was written", cells.get("id"),
        )  # fmt: skip
        return None
    said = cells.get("verdict")
    verdict = _WORDS.get(header_key(said)) if said else None
    if not said or (verdict is not None and verdict == known(chain, leaf, publication_id) and not cells.get("who")):
        receipt.unchanged += 1
        receipt.unanswered += not said
        return None
    if verdict is None:
        offered = " / ".join(VERDICTS.values())
        receipt.refuse(
            row, _COLUMNS["verdict"][0], f"没有这个结论，写 {offered} · no such verdict: write {offered}", said
        )
        return None
    try:
        return judge(
            "placement", f"{chain}/{leaf}", publication_id, verdict, who=cells.get("who") or who(),
            why=one_line(cells.get("why")),
        )  # fmt: skip
    except DefinitionError as error:
        column = error.column if error.column in ("who", "why") else "publication_id"
        receipt.refuse(row, _COLUMNS[column][0], error.message, cells.get(column))
        return None


def _without_doubled(answers: list[tuple[int, Judgement]], receipt: SheetReceipt) -> list[tuple[int, Judgement]]:
    """The answers without those in which one person says two things of one placement."""
    said: dict[tuple[tuple[str, str], str], dict[str | None, int]] = defaultdict(dict)
    for row, answer in answers:
        said[answer.pair, answer.who].setdefault(answer.verdict, row)
    kept = []
    for row, answer in answers:
        rows = said[answer.pair, answer.who]
        if len(rows) == 1:
            kept.append((row, answer))
            continue
        told = ", ".join(str(each) for each in sorted(rows.values()))
        receipt.refuse(
            row, _COLUMNS["verdict"][0],
            f"同一人对同一归类给出不同结论（第 {told} 行），只留一个 · "
            f"one person says different things of one placement (rows {told}): keep one", answer.verdict,
        )  # fmt: skip
    return kept


def verdict_of(cell: str) -> str | None:
    """The verdict that a cell says in any of the usual words, or None."""
    return _WORDS.get(header_key(cell))
