"""The national table of strategic emerging industries beside a vendor's labels of the same table.

A label file has the symbols of a publication (`IPC`, or the main one alone in `IPC主分类`) and the vendor's
classes (`新兴产业分类`: '1.4 (…),4.2 (…)'). Where only the main symbol is known, text adds what it can
(`sei_text`), and the result stays incomplete. Rows without a label tell nothing and are not scored. The vendor
applies the table by symbol; so this measures that we read table and symbols alike, not that a class is true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pingjiang.chain.national import NationalTable, load_table, place_by_table
from pingjiang.config import Settings
from pingjiang.engine import Session, Table
from pingjiang.errors import InputRefused
from pingjiang.evaluate import sei_text
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.task import Answer, Line, Task, samples_folder
from pingjiang.identifiers.classes import normalise
from pingjiang.intervals import wilson

TABLE = "classification/cn_sei_to_ipc_2021.json"
_SYMBOLS, _MAIN, _LABEL = "IPC", "IPC主分类", "新兴产业分类"
_TEXT = {"publication_id": "VARCHAR"} | dict.fromkeys(
    ("title", "title_zh", "title_en", "abstract_zh", "abstract_en"), "VARCHAR"
)
_CLASS = {"publication_id": "VARCHAR", "scheme": "VARCHAR", "symbol": "VARCHAR", "position": "BIGINT"}

Labels = Mapping[str, frozenset[str]]


def evaluate(truth: Path, settings: Settings, *, main_only: bool = False) -> Answer:
    """Precision and recall over labels, and the share of publications whose set of labels is met exactly.

    `incomplete` says that only the main symbol was known, which cannot bring all the labels: then mode `symbol+text`
    is scored, `symbol` tells what the table brings alone, and `text` what was learnt from. `strict`: how many labels
    its few unbound rules assign, and how many are candidates.
    """
    table = load_table(samples_folder(settings) / TABLE)
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        rows, main_only = _rows(session, truth, settings, main_only)
        added, learnt = _by_text(session, truth, table, settings) if main_only else ({}, None)
        labels = {number: codes for number, _, told in rows if (codes := label_codes(told))}
        publication = session.from_rows(_TEXT, [(number, *[None] * 5) for number, _, _ in rows])
        symbols = session.from_rows(
            _CLASS, [each for number, cell, _ in rows for each in _symbols(number, cell, main_only)]
        )
        found = {mode: _placed(table, mode, publication, symbols) for mode in ("symbol", "strict")}
    by_symbol = _sets(found["symbol"], candidates=False)
    assigned = {
        number: by_symbol.get(number, frozenset()) | added.get(number, frozenset())
        for number in by_symbol.keys() | added.keys()
    }
    common, _ = Counter(labels.values()).most_common(1)[0] if labels else (frozenset[str](), 0)
    return {
        "mode": "symbol+text" if learnt else "symbol",
        "incomplete": main_only,
        "text": learnt,
        "symbol": score(labels, by_symbol),
        **score(labels, assigned),
        "baseline": score(labels, dict.fromkeys(labels, common)),
        "strict": {
            **score(labels, _sets(found["strict"], candidates=False)),
            "candidates": sum(not sure for number, _, sure in found["strict"] if number in labels),
        },
        "unlabelled": {"n": len(rows) - len(labels), "assigned": len(assigned.keys() - labels.keys())},
        "table": {"rules": table.rules, "limited": table.limited},
    }


def _by_text(
    session: Session, truth: Path, table: NationalTable, settings: Settings
) -> tuple[Labels, dict[str, Any] | None]:
    """What text adds to the main symbol, by row; None where the file has no texts, or no other file teaches."""
    try:
        scored = sei_text.read_rows(session, truth, settings, "")
    except InputRefused:
        return {}, None
    taught = sei_text.training_rows(session, truth, scored, settings)
    labels = {row.id: label_codes(row.label) for row in taught}
    taught = [row for row in taught if labels[row.id]]
    if not taught:
        return {}, None
    every = [*scored, *taught]
    publication = session.from_rows(_TEXT, [(row.id, *[None] * 5) for row in every])
    symbols = session.from_rows(_CLASS, [(row.id, "IPC", symbol, 1) for row in every for symbol in row.main])
    by_table = _sets(_placed(table, "symbol", publication, symbols), candidates=False)
    return sei_text.win_back(scored, taught, labels, by_table)


def label_codes(cell: str | None) -> frozenset[str]:
    """The codes of a cell of labels.

    >>> sorted(label_codes("1.4 (互联网与云计算、大数据服务),4.2 (生物医学工程产业)"))
    ['1.4', '4.2']
    """
    return frozenset(match[1] for part in (cell or "").split(",") if (match := re.match(r"\s*(\d+\.\d+)\b", part)))


def score(labels: Labels, found: Labels) -> Answer:
    """Precision, recall and exact sets over the labelled publications, each with its Wilson interval."""
    told = [(codes, found.get(number, frozenset())) for number, codes in labels.items()]
    both = sum(len(codes & mine) for codes, mine in told)
    answer: Answer = {"n": len(told)}
    for name, part, whole in (
        ("precision", both, sum(len(mine) for _, mine in told)),
        ("recall", both, sum(len(codes) for codes, _ in told)),
        ("exact_set", sum(codes == mine for codes, mine in told), len(told)),
    ):
        answer[name] = part / whole if whole else None
        answer[f"{name}_interval"] = wilson(part, whole)
    return answer


def _rows(
    session: Session, truth: Path, settings: Settings, main_only: bool
) -> tuple[list[tuple[str, str | None, str | None]], bool]:
    """(row, symbols, labels) of the file, and whether only main symbols are known."""
    try:
        told = read_labelled(session, truth, (_SYMBOLS, _LABEL), settings)
        column = _SYMBOLS
    except InputRefused:
        told = read_labelled(session, truth, (_MAIN, _LABEL), settings)
        column, main_only = _MAIN, True
    return [(str(row["row_number"]), row[column], row[_LABEL]) for row in told.dicts()], main_only


def _symbols(number: str, cell: str | None, main_only: bool) -> Iterable[tuple[str, str, str, int]]:
    read = [normalise(part, "IPC") for part in (cell or "").split(";") if part.strip()]
    symbols = [each.symbol for each in read if each is not None]
    for position, symbol in enumerate(symbols[:1] if main_only else symbols, start=1):
        yield number, "IPC", symbol, position


def _placed(table: NationalTable, mode: str, publication: Table, symbols: Table) -> list[tuple[str, str, bool]]:
    placed = place_by_table(table, mode, publication, symbols)["publication_node"]
    return [(row["publication_id"], row["node_id"], row["assigned"]) for row in placed.dicts()]


def _sets(placed: list[tuple[str, str, bool]], *, candidates: bool) -> dict[str, frozenset[str]]:
    sets: dict[str, set[str]] = {}
    for number, code, sure in placed:
        if sure or candidates:
            sets.setdefault(number, set()).add(code)
    return {number: frozenset(codes) for number, codes in sets.items()}


TASKS = [
    Task(
        name,
        f"cn_exports/{file}",
        f"战略性新兴产业：按对照表复现厂商标注（{zh}）",
        f"Strategic emerging industries: the vendor's labels by the table ({en})",
        "没有训练或调整：表照原样使用，不看关键词。厂商用同一张表，故只说明读法一致。",
        "Nothing was trained or tuned: the table as it is, without keywords. The vendor uses the same table: this says "
        "that both read it alike.",
        evaluate,
        [
            Line("标注的查准率", "precision of labels", "precision", "baseline.precision", "n"),
            Line("标注的查全率", "recall of labels", "recall", "baseline.recall", "n"),
            Line("整组相同", "exact sets", "exact_set", "baseline.exact_set", "n"),
            Line("严格模式的查全率", "recall in mode strict", "strict.recall", None, "n"),
        ],
        options=("main_only",),
    )
    for name, file, zh, en in (
        ("sei", "autodriving/incopat_toyota_5048.xlsx", "自动驾驶", "autonomous driving"),
        ("sei_chatbot", "ai/incopat_chatbot_2798.xlsx", "聊天机器人", "chatbots"),
    )
]
