"""What text wins back of the classes of emerging industries where only the main symbol of a publication is known.

A model is learnt at run time from labelled files under the samples folder and kept nowhere: labels are a vendor's. It
never sees the file that is scored, nor a publication that stands in it, nor one filed in the years that it scores:
years fall into two halves, and each is scored by what the others taught.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pingjiang.chain.classifier.features import Document
from pingjiang.chain.classifier.learning import enough, learn
from pingjiang.config import Settings
from pingjiang.engine import Session
from pingjiang.errors import InputRefused
from pingjiang.evaluate.reading import read_labelled
from pingjiang.identifiers.classes import normalise

MAIN, LABEL = "IPC主分类", "新兴产业分类"
SYMBOLS = "IPC"
TEXTS = ("标题 (中文)", "摘要 (中文)")  # those in English say the same
KEYS = ("公开(公告)号", "申请号", "申请日")
FILES = "**/incopat_*.xlsx"
# Where the threshold is set, on documents left out: above what is asked (0.90), since other files differ.
_LEAST_PRECISION = 0.95
_HALVES = 2

Sets = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a labelled file: main symbol, text, and by what it is known to be the same publication elsewhere."""

    id: str
    main: tuple[str, ...]
    text: str
    keys: frozenset[str]
    year: int | None
    label: str | None

    @property
    def document(self) -> Document:
        """What the model goes by."""
        return Document(self.id, self.text, self.main)


def read_rows(session: Session, path: Path, settings: Settings, name: str) -> list[Row]:
    """The rows of a file with texts, numbers and dates. InputRefused where it does not have these columns."""
    for column in (SYMBOLS, MAIN):
        try:
            told = read_labelled(session, path, (column, LABEL, *TEXTS, *KEYS), settings).dicts()
        except InputRefused:
            continue
        return [_row(f"{name}{row['row_number']}", row, column) for row in told]
    raise InputRefused(
        "缺少标题、摘要、号码或申请日。",
        "Titles, abstracts, numbers or dates are missing.",
        file=path.name,
        remedy=("请补上这些列。", "Add these columns."),
    )


def _row(number: str, row: Mapping[str, Any], column: str) -> Row:
    read = (normalise(part, "IPC") for part in (row[column] or "").split(";") if part.strip())
    symbols = [each.symbol for each in read if each is not None]
    day = (row["申请日"] or "")[:4]
    keys = (row["公开(公告)号"], row["申请号"], row["标题 (中文)"])
    return Row(
        number,
        tuple(symbols[:1]),
        "\n".join(row[name] for name in TEXTS if row[name]),
        frozenset(key.strip() for key in keys if key and key.strip()),
        int(day) if day.isdecimal() else None,
        row[LABEL],
    )


def training_rows(session: Session, truth: Path, scored: Iterable[Row], settings: Settings) -> list[Row]:
    """The labelled rows of all other files, without publications of the one that is scored; each once."""
    if settings.samples is None:
        return []
    seen = {key for row in scored for key in row.keys}
    found: list[Row] = []
    for at, path in enumerate(sorted(settings.samples.glob(FILES))):
        if path.resolve() == truth.resolve():
            continue
        try:
            rows = read_rows(session, path, settings, f"{at}:")
        except InputRefused:  # a file without labels teaches nothing
            continue
        for row in rows:
            if row.label and row.text and not row.keys & seen:
                found.append(row)
                seen |= row.keys
    return found


def win_back(scored: Sequence[Row], taught: Sequence[Row], labels: Sets, by_table: Sets) -> tuple[Sets, dict[str, Any]]:
    """The classes that text adds to those of the table, by row of the scored file; and what was learnt from.

    labels     of the rows that teach
    by_table   classes by the main symbol, of all rows
    Rows whose filing year is unknown get none: nothing could keep their year out.
    """
    added: dict[str, frozenset[str]] = {}
    told: list[dict[str, Any]] = []
    for half in range(_HALVES):
        asked = [row for row in scored if row.year is not None and row.year % _HALVES == half and row.text]
        years = {row.year for row in asked}
        teaching = [row for row in taught if row.year is not None and row.year not in years]
        if not asked or not teaching:
            continue
        answers = {
            code: of
            for code in sorted({code for row in teaching for code in labels[row.id]})
            if enough(of := {row.id: code in labels[row.id] for row in teaching})
        }
        if not answers:
            continue
        learnt = learn([row.document for row in teaching], answers)
        threshold = _threshold(learnt.left_out, labels, by_table)
        scores = learnt.model.scores([row.document for row in asked])
        for row, of in zip(asked, scores, strict=True):
            codes = frozenset(
                code for code, score in zip(learnt.model.tags, of, strict=True) if score >= threshold
            )  # a score that is not a number is not
            if codes - by_table.get(row.id, frozenset()):
                added[row.id] = codes - by_table.get(row.id, frozenset())
        told.append({"years": sorted(years), "taught": len(teaching), "codes": len(answers), "threshold": threshold})
    return added, {"halves": told, "added": sum(len(codes) for codes in added.values())}


def _threshold(left_out: Mapping[str, Mapping[str, float]], labels: Sets, by_table: Sets) -> float:
    """The lowest score from which what is added leaves precision where it is asked, over documents left out."""
    documents = {document for of in left_out.values() for document in of}
    given = sum(len(by_table.get(each, ())) for each in documents)
    right = sum(len(by_table.get(each, frozenset()) & labels[each]) for each in documents)
    candidates = sorted(
        (
            (score, code in labels[document])
            for code, of in left_out.items()
            for document, score in of.items()
            if code not in by_table.get(document, ())
        ),
        reverse=True,
    )
    lowest = 1e9
    for score, held in candidates:
        given, right = given + 1, right + held
        if right < _LEAST_PRECISION * given:
            break
        lowest = score
    return lowest
