"""A spreadsheet out and back: every row accounted for, and nothing taken that was edited."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.judging import Desk, Pair, SheetReceipt
from pingjiang.judging.pairs import row_id
from pingjiang.judging.sheet import VERDICTS, read_sheet, write_sheet
from tests.judging.conftest import APPLICANTS

A, B, C, D, _ = APPLICANTS
SETTINGS = Settings.from_environment({"PINGJIANG_WHO": "张伟"})
HEAD = 4
LABELS = ["编号 id", "层级 level", "名称甲 name A", "名称乙 name B", "结论 verdict", "理由 why", "判断人 who"]


def edited(path: Path, change: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book.active)
    book.save(path)
    return path


def filled(path: Path, *cells: tuple[int, str, str]) -> Path:
    """A sheet with texts put in: (row of data from 0, label of the column, text)."""

    def put(page: Any) -> None:
        column = {cell.value: cell.column for cell in page[HEAD]}
        for row, label, text in cells:
            page.cell(HEAD + 1 + row, column[label]).value = text

    return edited(path, put)


@pytest.fixture
def sheet(desk: Desk, tmp_path: Path) -> Path:
    assert desk.export(tmp_path / "复核.xlsx")[1] == 2
    return tmp_path / "复核.xlsx"


def summary(receipt: SheetReceipt) -> tuple[int, int, int, int]:
    receipt.check()
    return receipt.read, receipt.accepted, receipt.unchanged, receipt.rejected


def test_the_sheet_offers_the_verdicts_and_says_how(sheet: Path) -> None:
    page = openpyxl.load_workbook(sheet).active
    assert page is not None
    assert [cell.value for cell in page[HEAD]][: len(LABELS)] == LABELS
    assert [cell.value for cell in page[HEAD + 1]][1:5] == ["organisation", A, B, None]
    [offered] = page.data_validations.dataValidation
    assert offered.formula1 == f'"{",".join(VERDICTS.values())}"'
    assert str(offered.sqref) == "E5:E6"
    assert "same = one organisation" in str(page["A3"].value)


def test_answers_are_taken_once(desk: Desk, sheet: Path) -> None:
    filled(
        sheet,
        (0, "结论 verdict", "同 same"),
        (0, "理由 why", "同址"),
        (1, "结论 verdict", "异"),
        (1, "判断人 who", "李娜"),
    )
    assert summary(desk.take(sheet)) == (2, 2, 0, 0)
    rows = desk.history()["rows"]
    assert [(row["a"], row["b"], row["verdict"], row["who"], row["why"]) for row in rows] == [
        (A, B, "same", "张伟", "同址"),
        (C, D, "different", "李娜", None),
    ]
    assert summary(desk.take(sheet)) == (2, 0, 2, 0)
    assert desk.history()["rows"] == rows


def test_an_empty_sheet_changes_nothing(desk: Desk, sheet: Path, lake: Lake) -> None:
    receipt = desk.take(sheet)
    assert (summary(receipt), receipt.unanswered) == ((2, 0, 2, 0), 2)
    assert not lake.judgements.exists()


def test_a_change_of_mind_replaces_and_a_second_opinion_is_a_conflict(desk: Desk, sheet: Path) -> None:
    desk.take(filled(sheet, (0, "结论 verdict", "same")))
    again = desk.take(filled(sheet, (0, "结论 verdict", "异 different")))
    assert (summary(again), again.replaced, again.conflicts) == ((2, 1, 1, 0), 1, [])
    other = desk.take(filled(sheet, (0, "结论 verdict", "同 same"), (0, "判断人 who", "李娜")))
    assert summary(other) == (2, 1, 1, 0)
    [conflict] = other.conflicts
    assert {row.who for row in (*conflict.different, *conflict.joining)} == {"张伟", "李娜"}


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ([(0, "名称甲 name A", "合成半导体研究室")], "名称甲 name A", f"it read: {A}"),
        ([(0, "名称乙 name B", "合成半导体研究室")], "名称乙 name B", f"it read: {B}"),
        ([(0, "层级 level", "group")], "层级 level", "it read: organisation"),
        ([(0, "编号 id", "P-0123456789ab")], "编号 id", "does not fit"),
        ([(0, "编号 id", "")], "编号 id", "does not fit"),
        ([(0, "结论 verdict", "也许")], "结论 verdict", "no such verdict"),
        ([(0, "判断人 who", "root")], "判断人 who", "shared account"),
        ([(0, "理由 why", "长" * 3_000)], "理由 why", "3000 characters"),
    ],
)
def test_an_edited_row_is_refused_by_row_and_column(
    desk: Desk, sheet: Path, cells: list[tuple[int, str, str]], column: str, words: str
) -> None:
    answers = [(0, "结论 verdict", "同 same"), (1, "结论 verdict", "同 same")]
    receipt = desk.take(filled(sheet, *answers, *cells))
    assert summary(receipt) == (2, 1, 0, 1)
    [refused] = receipt.rejects
    assert (refused.row, refused.column) == (HEAD + 1, column)
    assert words in refused.reason
    assert [(row["a"], row["b"]) for row in desk.history()["rows"]] == [(C, D)]


def test_a_column_that_was_sorted_alone_is_refused_row_by_row(desk: Desk, sheet: Path) -> None:
    swapped = [(0, "名称甲 name A", C), (1, "名称甲 name A", A), (0, "结论 verdict", "同 same")]
    receipt = desk.take(filled(sheet, *swapped))
    assert summary(receipt) == (2, 0, 0, 2)
    assert {refused.column for refused in receipt.rejects} == {"名称甲 name A"}


def test_one_person_who_says_two_things_of_one_pair_is_refused_and_two_persons_are_not(desk: Desk, sheet: Path) -> None:
    def doubled(page: Any) -> None:
        for row, verdict in ((HEAD + 1, "同 same"), (HEAD + 3, "异 different"), (HEAD + 4, "不确定 unsure")):
            for column in range(1, 5):
                page.cell(row, column).value = page.cell(HEAD + 1, column).value
            page.cell(row, 5).value = verdict
        page.cell(HEAD + 4, 7).value = "李娜"

    receipt = desk.take(edited(sheet, doubled))
    assert summary(receipt) == (4, 1, 1, 2)
    assert [refused.row for refused in receipt.rejects] == [HEAD + 1, HEAD + 3]
    assert "rows 5, 7" in receipt.rejects[0].reason


def test_a_sheet_of_an_earlier_release_is_taken(desk: Desk, sheet: Path) -> None:
    """Pairs that are doubtful no more: their ids fit their names, so that nothing was edited."""
    filled(sheet, (0, "结论 verdict", "同 same"))
    receipt, answers = read_sheet(sheet, [], lambda: "张伟", SETTINGS)
    assert (receipt.rejected, [(answer.a, answer.b) for _, answer in answers]) == (0, [(A, B)])


def test_without_a_person_nothing_is_taken(lake: Lake, sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pingjiang.judging.desk.os.getuid", lambda: 0)
    desk = Desk(lake, settings=Settings.from_environment({}))
    with pytest.raises(DefinitionError, match="shared account"):
        desk.take(filled(sheet, (0, "结论 verdict", "同 same"), (1, "结论 verdict", "同 same")))
    assert desk.history()["rows"] == []
    assert desk.take(filled(sheet, (0, "判断人 who", "李娜"), (1, "判断人 who", "李娜"))).accepted == 2


def test_what_is_no_such_sheet_is_refused(desk: Desk, sheet: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号 id,名称甲 name A\nP-1,甲\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="no sheet of doubtful pairs") as told:
        desk.take(tmp_path / "a.csv")
    assert "--export" in told.value.remedy
    with pytest.raises(InputRefused):
        desk.take(edited(sheet, lambda page: page.delete_cols(5)))
    with pytest.raises(DefinitionError, match="Something is there already"):
        desk.export(sheet)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()) or "x"
)
FORMULAS = st.sampled_from(["=1+1", "+86", "-2", "@x", "2.01E+12", "00123", "2020-01-01", "TRUE", "'", "https://a.b/c"])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(NAMES | FORMULAS, NAMES | FORMULAS).filter(lambda pair: pair[0] != pair[1]), min_size=1,
             max_size=8, unique_by=lambda pair: row_id("organisation", *pair)),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_any_names_come_back_as_they_were_in_any_order(names: list[tuple[str, str]], chance: random.Random) -> None:
    pairs = [
        Pair(row_id("organisation", a, b), "organisation", a, b, 0.5, ("x",), at) for at, (a, b) in enumerate(names)
    ]
    folder = Path(tempfile.mkdtemp())
    try:
        write_sheet(folder / "a.xlsx", pairs, "R2026.11-1", overwrite=False)
        verdicts = [chance.choice([*VERDICTS, None]) for _ in pairs]

        def answered(page: Any) -> None:
            rows = [[cell.value for cell in page[HEAD + 1 + at]] for at in range(len(pairs))]
            for row, verdict in zip(rows, verdicts, strict=True):
                row[4] = None if verdict is None else VERDICTS[verdict]
            chance.shuffle(rows)
            for at, row in enumerate(rows):
                for column, value in enumerate(row, start=1):
                    cell = page.cell(HEAD + 1 + at, column)
                    cell.value = value
                    if isinstance(value, str):
                        cell.data_type = "s"

        edited(folder / "a.xlsx", answered)
        receipt, answers = read_sheet(folder / "a.xlsx", pairs, lambda: "张伟", SETTINGS)
        assert receipt.rejects == []
        assert receipt.read == len(pairs)
        told = {answer.pair: answer.verdict for _, answer in answers}
        expected = {(min(pair), max(pair)): verdict for pair, verdict in zip(names, verdicts, strict=True) if verdict}
        assert told == expected
    finally:
        shutil.rmtree(folder)
