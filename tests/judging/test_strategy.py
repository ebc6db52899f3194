"""Strategy of a chain on a lake: samples, verdicts, precision, the lock of a release, known patents, history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pingjiang.chain.tree import shipped
from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.intervals import wilson
from pingjiang.judging.placements import row_id
from pingjiang.judging.strategy import StrategyDesk
from pingjiang.judging.strategy_sheets import write_strategy
from tests.chain.made import chain_text, write
from tests.made import write_csv

# The lake holds "一种半导体器件1" to "…20".
LEAVES: dict[str, list[dict[str, object]]] = {
    "device": [{"words": {"any": {"zh": ["器件"], "en": ["device*"]}, "none": {"zh": ["器件2"], "en": ["display"]}}}],
    "first": [{"words": {"any": {"zh": ["器件1", *(f"器件1{at}" for at in range(10))], "en": ["first*"]}}}],
    "never": [{"symbols": ["A01B"]}],
}


@pytest.fixture
def desk(lake: Lake) -> StrategyDesk:
    return StrategyDesk(lake, settings=Settings.from_environment({"PINGJIANG_WHO": "张伟"}))


@pytest.fixture
def chain(tmp_path: Path) -> str:
    return str(write(tmp_path, chain_text(LEAVES), "made.yaml"))


def filled(path: Path, change: Callable[[int, dict[str, object]], None]) -> None:
    """Change rows of a sample: each is a mapping by the first word of its column."""
    book = openpyxl.load_workbook(path)
    sheet = book["抽样"]
    head = next(row for row in range(1, 12) if str(sheet.cell(row, 1).value).startswith("编号"))
    names = [str(cell.value).split()[0] for cell in sheet[head]]
    for nth, row in enumerate(range(head + 1, sheet.max_row + 1)):
        cells: dict[str, object] = {name: sheet.cell(row, at).value for at, name in enumerate(names, start=1)}
        change(nth, cells)
        for at, name in enumerate(names, start=1):
            sheet.cell(row, at).value = cells[name]
    book.save(path)


def verdicts(no: int) -> Callable[[int, dict[str, object]], None]:
    def change(nth: int, cells: dict[str, object]) -> None:
        cells["属于"] = "否 no" if nth < no else "是"

    return change


def test_a_sample_is_the_same_for_anybody_and_changes_with_the_rules(
    desk: StrategyDesk, chain: str, tmp_path: Path
) -> None:
    told = [desk.strategy(chain, leaves=["device"], size=5) for _ in range(2)]
    assert [each.row_id for each in told[0].sample] == [each.row_id for each in told[1].sample]
    assert (len(told[0].sample), told[0].standings[0].publications) == (5, 19)
    assert told[0].sample[0].row_id == row_id("made", "device", told[0].sample[0].publication_id)
    changed = Path(chain).read_text(encoding="utf-8").replace("device*", "device")
    other = desk.strategy(str(write(tmp_path, changed)), leaves=["device"], size=5)
    assert other.standings[0].seed != told[0].standings[0].seed
    assert {each.row_id for each in other.sample} != {each.row_id for each in told[0].sample}


def test_a_leaf_is_released_by_its_judged_sample_alone(desk: StrategyDesk, chain: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="device: not judged"):
        desk.release(chain, leaves=["device"])
    desk.export(chain, tmp_path / "s.xlsx", leaves=["device"])
    filled(tmp_path / "s.xlsx", verdicts(4))
    receipt = desk.take(tmp_path / "s.xlsx")
    assert (receipt.read, receipt.accepted, receipt.rejected) == (19, 19, 0)
    told = desk.strategy(chain, leaves=["device"]).standings[0]
    assert (told.yes, told.no, told.precision, told.state) == (15, 4, 15 / 19, "below")
    assert told.interval == wilson(15, 19)
    with pytest.raises(DefinitionError, match="below the bar"):
        desk.release(chain, leaves=["device"])
    filled(tmp_path / "s.xlsx", verdicts(3))
    again = desk.take(tmp_path / "s.xlsx")
    assert (again.accepted, again.unchanged, again.replaced) == (1, 18, 1)
    with pytest.raises(DefinitionError, match="never"):
        desk.release(chain, leaves=["device", "never"])
    now, before = desk.release(chain, leaves=["device"])
    assert ([each.leaf for each in now], before) == (["device"], [])
    assert [each.leaf for each in desk.release(chain, leaves=["device"])[1]] == ["device"]
    assert desk.strategy(chain, leaves=["device"]).standings[0].released == "yes"
    # Names and other leaves may change; what the leaf means may not.
    text = Path(chain).read_text(encoding="utf-8")
    renamed = write(tmp_path, text.replace("en: device\n", "en: Devices\n").replace("first*", "etching"))
    assert desk.strategy(str(renamed), leaves=["device"]).standings[0].released == "yes"
    changed = desk.strategy(str(write(tmp_path, text.replace("display", "panel"))), leaves=["device"]).standings[0]
    assert changed.released == "changed"


def test_unsure_is_no_yes_and_part_of_a_sample_releases_nothing(desk: StrategyDesk, chain: str, tmp_path: Path) -> None:
    desk.export(chain, tmp_path / "s.xlsx", leaves=["first"])

    def change(nth: int, cells: dict[str, object]) -> None:
        cells["属于"] = ("不确定", None)[nth] if nth < 2 else "是"

    filled(tmp_path / "s.xlsx", change)
    desk.take(tmp_path / "s.xlsx")
    told = desk.strategy(chain, leaves=["first"]).standings[0]
    assert (told.sample, told.judged, told.precision, told.state) == (11, 10, 9 / 10, "in part")
    with pytest.raises(DefinitionError, match="judged in part"):
        desk.release(chain, leaves=["first"])


def test_rows_that_were_edited_are_refused_by_their_place(desk: StrategyDesk, chain: str, tmp_path: Path) -> None:
    desk.export(chain, tmp_path / "s.xlsx", leaves=["first"])

    def change(nth: int, cells: dict[str, object]) -> None:
        cells["属于"] = "maybe" if nth == 1 else "是"
        if nth == 0:
            cells["公开号"] = "CN1A"

    filled(tmp_path / "s.xlsx", change)
    receipt = desk.take(tmp_path / "s.xlsx")
    assert (receipt.accepted, receipt.rejected) == (9, 2)
    assert [(each.column.split()[0], each.value) for each in receipt.rejects][1] == ("属于", "maybe")
    assert "does not fit" in receipt.rejects[0].reason
    with pytest.raises(InputRefused, match="no sheet of a sample"):
        desk.take(write_csv(tmp_path / "x.csv", ["a", "b"], [["1", "2"]]))


def test_known_patents_that_are_missed_name_the_block_that_fails(
    desk: StrategyDesk, chain: str, tmp_path: Path
) -> None:
    numbers = {at: f"CN{110000000 + at}A" for at in range(1, 21)}
    rows = [[numbers[1], "device"], [numbers[2], "device"], ["CN119999999A", "device"], [numbers[3], "first"],
            [numbers[5].removesuffix("A"), ""]]  # fmt: skip
    known = write_csv(tmp_path / "known.csv", ["公开号", "末级"], rows)
    told = desk.recall(chain, known)
    assert [fate.outcome for fate in told.fates] == ["found", "missed", "not there", "missed", "found"]
    assert (told.recall, told.interval) == (2 / 4, wilson(2, 4))
    assert told.fates[1].fails == ("device #1 排除 exclusions 排除了它 excludes it: TIAB=(器件2 OR display)",)
    assert told.fates[3].fails == (told.fates[3].fails[0],)
    assert (
        told.fates[3].fails[0].startswith("first #1 同义词 synonyms 不含它 does not hold it: TIAB=(器件1 OR 器件10 OR")
    )
    assert told.fates[3].leaves == ("device",)
    lines = tmp_path / "known.txt"
    lines.write_text(f"{numbers[1]}\n\n{numbers[2]}\n", encoding="utf-8")
    assert desk.recall(chain, lines, leaf="device").recall == 1 / 2


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("公开号,末级\nCN1A,nowhere\n", 2, "末级 leaf"),
        ("公开号,末级\nCN110000001A,first\n没有号码,first\n", 3, "公开号 publication"),
    ],
)
def test_lists_of_known_patents_are_refused_by_row_and_column(
    desk: StrategyDesk, chain: str, tmp_path: Path, text: str, row: int, column: str
) -> None:
    (tmp_path / "known.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        desk.recall(chain, tmp_path / "known.csv")
    assert (caught.value.row, caught.value.column) == (row, column)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="no column of publication numbers"):
        desk.recall(chain, tmp_path / "other.csv")


def test_the_workbook_comes_back(desk: StrategyDesk, chain: str, tmp_path: Path) -> None:
    path = tmp_path / "strategy.xlsx"
    known = write_csv(tmp_path / "known.csv", ["公开号"], [["CN110000001A"], ["CN119999999A"]])
    write_strategy(desk.strategy(chain, known=known), path, drawn=["drawn"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["末级", "检索块", "抽样", "已知专利", "改动"]
    cells = [cell.value for row in book["检索块"].iter_rows() for cell in row]
    assert "TIAB=(器件 OR device*)" in cells
    filled(path, verdicts(0))
    assert desk.take(path).accepted == 30


def test_history_is_told_as_differences(desk: StrategyDesk, tmp_path: Path) -> None:
    text = shipped()["semiconductors"].read_text(encoding="utf-8")
    assert desk.strategy("semiconductors", leaves=["eda-layout"]).history == ()
    [change] = desk.strategy(
        str(
            write(
                tmp_path,
                text.replace("id: eda-layout", "id: eda-layout\n            owner: 张伟").replace(
                    "G06F30/30", "G06F30/31", 1
                ),
            )
        ),
        leaves=["eda-layout"],
    ).history
    assert list(change.changes.ruled) == ["eda-layout"]
    [gone], [come] = change.changes.ruled["eda-layout"][0][:1], change.changes.ruled["eda-layout"][1][:1]
    assert ("G06F30/30" in gone, "G06F30/31" in come) == (True, True)
