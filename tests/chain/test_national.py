"""National tables: both modes, exclusions, words, and what is refused by file and code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pingjiang.chain.national import load_table, place_by_table
from pingjiang.engine import Session
from pingjiang.errors import DefinitionError
from tests.chain.made import Paper, tables

MADE: list[dict[str, Any]] = [
    {
        "code": "1.2",
        "name": "甲",
        "rules": [{"ipc": ["H01M4*", "G06F8/65"], "not_ipc": ["H01M4/86*"], "keyword_limited": True}],
    },
    {"code": "1.10", "name": "乙", "rules": [{"ipc": ["H01M8*"], "not_ipc": [], "keyword_limited": False}]},
    {
        "code": "2.1",
        "name": "丙",
        "rules": [{"ipc": ["B60L*"], "not_ipc": [], "keywords": ["电动汽车"], "not_keywords": ["燃料汽车"]}],
    },
]
PAPERS = [
    Paper("anode", symbols=(("IPC", "H01M4/13", 1),)),
    Paper("excluded", symbols=(("IPC", "H01M4/8621", 1),)),
    Paper("alone", symbols=(("IPC", "G06F8/65", 1),)),
    Paper("not-below", symbols=(("IPC", "G06F8/654", 1),)),
    Paper("cpc", symbols=(("CPC", "H01M4/13", 1),)),
    Paper("cell", symbols=(("IPC", "H01M8/04", 2),)),
    Paper("worded", title="一种电动汽车", symbols=(("IPC", "B60L50/60", 1),)),
    Paper("refused", title="电动汽车与燃料汽车", symbols=(("IPC", "B60L50/60", 1),)),
    Paper("silent", title="车辆", symbols=(("IPC", "B60L50/60", 1),)),
]


def write(folder: Path, data: Any, name: str = "made_2021.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def placed(path: Path, mode: str) -> set[tuple[str, str, bool]]:
    with Session(threads=1) as session:
        found = place_by_table(load_table(path), mode, *tables(session, PAPERS))
        return {(row["publication_id"], row["node_id"], row["assigned"]) for row in found["publication_node"].dicts()}


BY_SYMBOL = {("anode", "1.2"), ("alone", "1.2"), ("cell", "1.10"), ("worded", "2.1"), ("refused", "2.1"), ("silent", "2.1")}  # fmt: skip  # noqa: E501


def test_mode_symbol_assigns_by_symbol_alone(tmp_path: Path) -> None:
    assert placed(write(tmp_path, MADE), "symbol") == {(*each, True) for each in BY_SYMBOL}


def test_mode_strict_assigns_what_words_allow_and_lists_the_rest(tmp_path: Path) -> None:
    sure = {("cell", "1.10"), ("worded", "2.1")}
    assert placed(write(tmp_path, MADE), "strict") == {(*each, each in sure) for each in BY_SYMBOL}


def test_its_nodes_stand_in_the_order_of_the_codes_below_heads(tmp_path: Path) -> None:
    table = load_table(write(tmp_path, MADE))
    nodes = [(node.id, node.parent_id, node.level, node.position) for node in table.by_symbol.tree]
    assert nodes == [
        ("1", None, 1, 1), ("1.2", "1", 2, 2), ("1.10", "1", 2, 3), ("2", None, 1, 4), ("2.1", "2", 2, 5)
    ]  # fmt: skip
    assert (table.rules, table.limited, table.by_symbol.version) == (3, 1, "2021")


def test_a_mode_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="strict"):
        placed(write(tmp_path, MADE), "loose")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "a list of entries"),
        ([], "a list of entries"),
        ([{"code": "1.1", "name": "甲"}], "lacks code, name or rules"),
        ([{"code": "x", "name": "甲", "rules": []}], "'x' should be like"),
        ([{"code": "1.1", "name": "甲", "rules": []}], "1.1 has no rule"),
        ([{"code": "1.1", "name": "甲", "rules": [{"ipc": ["ZZZ"]}]}], "rule 1 of 1.1"),
        ([{"code": "1.1", "name": "甲", "rules": [{"ipc": "H01M"}]}], "ipc of rule 1 of 1.1"),
        ([MADE[0], MADE[0]], "1.2 stands twice"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: Any, told: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_table(write(tmp_path, data))
    assert told in str(caught.value)
    assert "made_2021.json" in str(caught.value)


def test_the_two_tables_are_read_whole(samples: Path) -> None:
    folder = samples / "classification"
    sei = load_table(folder / "cn_sei_to_ipc_2021.json")
    assert (sei.rules, sei.limited, len(sei.by_symbol.leaves())) == (303, 288, 40)
    new_three = load_table(folder / "cn_new_three_to_ipc_2024.json")
    assert (new_three.rules, new_three.limited, len(new_three.by_symbol.leaves())) == (78, 0, 49)
    assert [node.name_zh for node in new_three.by_symbol.tree if node.level == 1] == ["电动汽车", "锂电池", "光伏"]


def test_names_in_english_are_ours_and_go_by_the_chinese_name(samples: Path, tmp_path: Path) -> None:
    for name in ("cn_sei_to_ipc_2021", "cn_new_three_to_ipc_2024"):
        tree = load_table(samples / "classification" / f"{name}.json").by_symbol.tree
        assert [node.name_zh for node in tree if node.name_en == node.name_zh] == []
    table = tmp_path / "table.json"
    table.write_text('[{"code": "1.5", "name": "别的名称", "rules": [{"ipc": ["G06N*"]}]}]', encoding="utf-8")
    assert [node.name_en for node in load_table(table).by_symbol.tree] == ["Class 1", "别的名称"]
