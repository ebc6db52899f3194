"""Strategy of a chain on a lake: samples, verdicts, precision, the lock of a release, known patents, history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.intervals import wilson
from pingjiang.judging.placements import row_id
from pingjiang.judging.strategy import StrategyDesk
from pingjiang.judging.strategy_sheets import write_strategy
from tests.chain.made import chain_text, write
from tests.made import INCOPAT, incopat_row, write_csv

LEAVES: dict[str, list[dict[str, object]]] = {
    "light": [{"words": {"any": {"zh": ["光刻"], "en": ["lithograph*"]}, "none": {"zh": ["显示"], "en": ["display"]}}}],
    "etch": [{"words": {"any": {"zh": ["刻蚀"], "en": ["etch*"]}}}],
    "never": [{"symbols": ["A01B"]}],
}
SETTINGS = Settings.from_environment({"PINGJIANG_WHO": "张伟"})


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("strategy")
    titles = [f"合成光刻方法{at}" for at in range(40)] + ["合成光刻显示"] + [f"合成刻蚀{at}" for at in range(5)]
    rows = [incopat_row(at, **{"标题": title}) for at, title in enumerate(titles, start=1)]
    chain = write(folder, chain_text(LEAVES))
    lake = Lake(folder / "lake")
    pipeline.import_files([write_csv(folder / "a.csv", INCOPAT, rows)], lake)
    pipeline.build(lake, load(chain))
    return folder / "lake", chain


@pytest.fixture
def desk(original: tuple[Path, Path], tmp_path: Path) -> StrategyDesk:
    import shutil

    shutil.copytree(original[0], tmp_path / "lake")
    return StrategyDesk(Lake(tmp_path / "lake"), settings=SETTINGS)


@pytest.fixture
def chain(original: tuple[Path, Path]) -> str:
    return str(original[1])


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
            sheet.cell(row, at).value = cells[name]  # type: ignore[assignment]
    book.save(path)


def verdicts(no: int) -> Callable[[int, dict[str, object]], None]:
    def change(nth: int, cells: dict[str, object]) -> None:
        cells["属于"] = "否 no" if nth < no else "是"

    return change


def test_a_sample_is_the_same_for_anybody_and_changes_with_the_rules(
    desk: StrategyDesk, chain: str, tmp_path: Path
) -> None:
    told = [desk.strategy(chain, leaves=["light"]) for _ in range(2)]
    assert [each.row_id for each in told[0].sample] == [each.row_id for each in told[1].sample]
    assert (len(told[0].sample), told[0].standings[0].publications) == (30, 40)
    assert told[0].sample[0].row_id == row_id("made", "light", told[0].sample[0].publication_id)
    changed = Path(chain).read_text(encoding="utf-8").replace("lithograph*", "lithography")
    other = desk.strategy(str(write(tmp_path, changed)), leaves=["light"])
    assert other.standings[0].seed != told[0].standings[0].seed
    assert {each.row_id for each in other.sample} != {each.row_id for each in told[0].sample}


def test_a_leaf_is_released_by_its_judged_sample_alone(desk: StrategyDesk, chain: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="light: not judged"):
        desk.release(chain, leaves=["light"])
    desk.export(chain, tmp_path / "s.xlsx", leaves=["light"])
    filled(tmp_path / "s.xlsx", verdicts(7))
    receipt = desk.take(tmp_path / "s.xlsx")
    assert (receipt.read, receipt.accepted, receipt.rejected) == (30, 30, 0)
    told = desk.strategy(chain, leaves=["light"]).standings[0]
    assert (told.yes, told.no, told.precision, told.state) == (23, 7, 23 / 30, "below")
    assert told.interval == wilson(23, 30)
    with pytest.raises(DefinitionError, match="below the bar"):
        desk.release(chain, leaves=["light"])
    filled(tmp_path / "s.xlsx", verdicts(6))
    again = desk.take(tmp_path / "s.xlsx")
    assert (again.accepted, again.unchanged, again.replaced) == (1, 29, 1)
    with pytest.raises(DefinitionError, match="never"):
        desk.release(chain, leaves=["light", "never"])
    now, before = desk.release(chain, leaves=["light"])
    assert ([each.leaf for each in now], before) == (["light"], [])
    assert [each.leaf for each in desk.release(chain, leaves=["light"])[1]] == ["light"]
    assert desk.strategy(chain, leaves=["light"]).standings[0].released == "yes"
    # Names and other leaves may change; what the leaf means may not.
    text = Path(chain).read_text(encoding="utf-8")
    renamed = write(tmp_path, text.replace("en: light", "en: Lithography").replace("etch*", "etching"))
    assert desk.strategy(str(renamed), leaves=["light"]).standings[0].released == "yes"
    changed = desk.strategy(str(write(tmp_path, text.replace("display", "panel"))), leaves=["light"]).standings[0]
    assert changed.released == "changed"


def test_unsure_is_no_yes_and_part_of_a_sample_releases_nothing(desk: StrategyDesk, chain: str, tmp_path: Path) -> None:
    desk.export(chain, tmp_path / "s.xlsx", leaves=["etch"])

    def change(nth: int, cells: dict[str, object]) -> None:
        cells["属于"] = ("不确定", "是", None, "是", "是")[nth]

    filled(tmp_path / "s.xlsx", change)
    desk.take(tmp_path / "s.xlsx")
    told = desk.strategy(chain, leaves=["etch"]).standings[0]
    assert (told.sample, told.judged, told.precision, told.state) == (5, 4, 3 / 4, "in part")
    with pytest.raises(DefinitionError, match="judged in part"):
        desk.release(chain, leaves=["etch"])


def test_rows_that_were_edited_are_refused_by_their_place(desk: StrategyDesk, chain: str, tmp_path: Path) -> None:
    desk.export(chain, tmp_path / "s.xlsx", leaves=["etch"])

    def change(nth: int, cells: dict[str, object]) -> None:
        cells["属于"] = "maybe" if nth == 1 else "是"
        if nth == 0:
            cells["公开号"] = "CN1A"

    filled(tmp_path / "s.xlsx", change)
    receipt = desk.take(tmp_path / "s.xlsx")
    assert (receipt.accepted, receipt.rejected) == (3, 2)
    assert [(each.column.split()[0], each.value) for each in receipt.rejects][1] == ("属于", "maybe")
    assert "does not fit" in receipt.rejects[0].reason
    with pytest.raises(InputRefused, match="no sheet of a sample"):
        desk.take(write_csv(tmp_path / "x.csv", ["a", "b"], [["1", "2"]]))


def test_known_patents_that_are_missed_name_the_block_that_fails(
    desk: StrategyDesk, chain: str, tmp_path: Path
) -> None:
    every = desk.strategy(chain, leaves=["light", "etch"], size=100)
    light, etch = ([each.publication_id for each in every.sample if each.leaf == leaf] for leaf in ("light", "etch"))
    known = tmp_path / "known.csv"
    rows = [[light[0], "light"], [etch[0], "light"], ["CN999999999A", "light"], [etch[1], ""]]
    write_csv(known, ["公开号", "末级"], rows)
    told = desk.recall(chain, known)
    assert [fate.outcome for fate in told.fates] == ["found", "missed", "not there", "found"]
    assert (told.recall, told.interval) == (2 / 3, wilson(2, 3))
    assert told.fates[1].fails == ("light #1 同义词 synonyms 不含它 does not hold it: TIAB=(光刻 OR lithograph*)",)
    known.write_text("公开号,末级\nCN1A,nowhere\n", encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        desk.recall(chain, known)
    assert (caught.value.row, caught.value.column) == (2, "末级 leaf")


def test_the_workbook_comes_back(desk: StrategyDesk, chain: str, tmp_path: Path) -> None:
    path = tmp_path / "strategy.xlsx"
    write_strategy(desk.strategy(chain), path, drawn=["drawn"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["末级", "检索块", "抽样", "改动"]
    cells = [cell.value for row in book["检索块"].iter_rows() for cell in row]
    assert "TIAB=(光刻 OR lithograph*)" in cells
    filled(path, verdicts(0))
    assert desk.take(path).accepted == 35
    changed = write(tmp_path, Path(chain).read_text(encoding="utf-8").replace("etch*", "etching").replace("'1'", "'2'"))
    [change] = desk.strategy(str(changed)).history
    assert change.changes.ruled == {
        "etch": (
            ("title/abstract 标题/摘要 any 任一: 刻蚀 / etch*",),
            ("title/abstract 标题/摘要 any 任一: 刻蚀 / etching",),
        )
    }
