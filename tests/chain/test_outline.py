"""The outline in Excel: every shipped chain comes back as it went, and a bad cell is refused by its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingjiang.chain.outline import read_outline, write_outline
from pingjiang.chain.tree import Chain, load, shipped
from pingjiang.config import Settings
from pingjiang.errors import PingjiangError
from tests.chain.made import chain_text, write

SETTINGS = Settings.from_environment()
LEAVES: dict[str, list[dict[str, Any]]] = {
    "one": [{"symbols": ["H01L"], "within": 2, "scheme": "IPC"}],
    "two": [{"symbols": ["H01M"]}, {"query": "标题=(电池 OR 芯片) AND IPC=H01M"}],
}


def bare(chain: Chain) -> Chain:
    """Without what tells one file from another."""
    return replace(chain, sha256="", file="")


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_chain_comes_back_as_it_went(tmp_path: Path, name: str) -> None:
    write_outline(load(name), tmp_path / "outline.xlsx")
    assert bare(read_outline(tmp_path / "outline.xlsx", tmp_path / "back.yaml", SETTINGS)) == bare(load(name))


def test_owner_former_names_and_removed_nodes_come_back(tmp_path: Path) -> None:
    text = chain_text(LEAVES).replace("- id: one\n", "- id: one\n    owner: 王\n    formerly: [旧名, old]\n")
    chain = load(write(tmp_path, text + "removed: [{id: three, moved_to: two}]\n"))
    assert (chain.leaves()[0].owner, chain.leaves()[0].formerly) == ("王", ("旧名", "old"))
    write_outline(chain, tmp_path / "outline.xlsx")
    assert bare(read_outline(tmp_path / "outline.xlsx", tmp_path / "back.yaml", SETTINGS)) == bare(chain)


def edited(tmp_path: Path, edit: Callable[[Any, int], None]) -> Path:
    """The outline with something edited: `edit` is given the sheet and the row of leaf `one`."""
    path = tmp_path / "outline.xlsx"
    write_outline(load(write(tmp_path, chain_text(LEAVES))), path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    [row] = [cell.row for cell in sheet["B"] if cell.value == "one"]
    assert row == 7
    edit(sheet, row)
    book.save(path)
    return path


def put(column: int, value: object) -> Callable[[Any, int], None]:
    def edit(sheet: Any, row: int) -> None:
        sheet.cell(row, column).value = value

    return edit


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (put(1, "deep"), "row 7"),
        (put(1, 3), "row 7"),
        (put(10, "{symbols: [H01L"), "row 7"),
        (put(10, "{symbols: [ZZZ]}"), "rule 1 of leaf 'one'"),
        (put(2, "two"), "'two' stands on line"),
        (put(4, None), "'one' has no English text"),
    ],
)
def test_a_bad_cell_is_refused_and_nothing_written(tmp_path: Path, edit: Callable[[Any, int], None], told: str) -> None:
    path = edited(tmp_path, edit)
    out = tmp_path / "back.yaml"
    out.write_text("as it was", encoding="utf-8")
    with pytest.raises(PingjiangError) as caught:
        read_outline(path, out, SETTINGS, overwrite=True)
    assert told in str(caught.value)
    assert "outline.xlsx" in str(caught.value)
    assert out.read_text(encoding="utf-8") == "as it was"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["back.yaml", "chain.yaml", "outline.xlsx"]


def test_another_table_is_no_outline(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(PingjiangError, match="level"):
        read_outline(path, tmp_path / "back.yaml", SETTINGS)


def test_what_is_there_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    chain = load(write(tmp_path, chain_text(LEAVES)))
    write_outline(chain, tmp_path / "outline.xlsx")
    with pytest.raises(PingjiangError, match=r"outline\.xlsx"):
        write_outline(chain, tmp_path / "outline.xlsx")
    write_outline(chain, tmp_path / "outline.xlsx", overwrite=True)
