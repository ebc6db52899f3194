"""Reading a chain: what stands in it, and what is refused, with file, line and remedy."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from pingjiang.chain.tree import load, shipped
from pingjiang.errors import DefinitionError
from tests.chain.made import write

GOOD = """\
chain: optics
version: 1.10
name: {zh: 光学, en: Optics}
nodes:
  - id: upstream
    name: {zh: 上游, en: Upstream}
    nodes:
      - id: lenses
        name: {zh: 镜头, en: Lenses}
        nodes:
          - id: glass
            name: {zh: 玻璃, en: no}
            definition: {zh: 光学玻璃, en: Optical glass}
            rules:
              - symbols: &glass [C03B, C03C3-C03C4]
                except: [C03B33]
              - symbols: *glass
                scheme: IPC
                within: 3
                also: [G02B1]
                without: [H01L]
                words:
                  any: {zh: [镜片], en: [lens*, "off"]}
                  none: {zh: [窗], en: []}
                  in: title
          - id: coating
            name: {zh: 镀膜, en: Coating}
            definition: {zh: 镀膜, en: Coating}
            rules:
              - words: {all: {zh: [镀膜], en: [lens, coating]}}
  - id: downstream
    name: {zh: 下游, en: Downstream}
    definition: {zh: 应用, en: Uses}
    rules:
      - symbols: G02B
"""


def test_a_chain_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    chain = load(path)
    assert (chain.id, chain.version, chain.name_zh, chain.name_en) == ("optics", "1.10", "光学", "Optics")
    assert chain.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(node.id, node.parent_id, node.level, node.position, node.is_leaf) for node in chain.tree] == [
        ("upstream", None, 1, 1, False),
        ("lenses", "upstream", 2, 2, False),
        ("glass", "lenses", 3, 3, True),
        ("coating", "lenses", 3, 4, True),
        ("downstream", None, 1, 5, True),
    ]
    assert chain.tree[2].name_en == "no"  # as written: YAML's own reading would make it False
    second = chain.tree[2].rules[1]
    assert [pattern.text for pattern in second.symbols] == ["C03B", "C03C3-C03C4"]
    assert (second.schemes, second.within, second.zone) == (("IPC",), 3, "title")
    assert (second.any.en, second.none.zh, second.none.en) == (("lens*", "off"), ("窗",), ())
    assert [leaf.id for leaf in chain.leaves()] == ["glass", "coating", "downstream"]


def test_rows_of_the_tables(tmp_path: Path) -> None:
    chain = load(write(tmp_path, GOOD))
    glass = chain.nodes()[2]
    assert glass["rule_text"] == (
        "#1 C03B | C03C3-C03C4; except 不含 C03B33\n"
        "#2 IPC C03B | C03C3-C03C4; within first 前 3; also 且有 G02B1; without 且无 H01L; "
        "title 标题 any 任一: 镜片 / lens*, off; title 标题 none 均无: 窗"
    )
    assert chain.nodes()[0]["rule_text"] is None
    assert {(row["ancestor_id"], row["node_id"]) for row in chain.closure()} == {
        ("upstream", "upstream"),
        ("upstream", "lenses"),
        ("upstream", "glass"),
        ("upstream", "coating"),
        ("lenses", "lenses"),
        ("lenses", "glass"),
        ("lenses", "coating"),
        ("glass", "glass"),
        ("coating", "coating"),
        ("downstream", "downstream"),
    }


def line_of(text: str, part: str) -> int:
    """The line on which a part of the text stands first."""
    return text[: text.index(part)].count("\n") + 1


# what is changed, into what, where the complaint points, what it says
WRONG = [
    ("chain: optics", "chian: optics", "chian", "unknown key 'chian'.", "did you mean 'chain'?"),
    ("version: 1.10\n", "", "chain:", "has no 'version'", "add 'version: …'"),
    ("version: 1.10", "version:", "chain:", "has no 'version'", "add"),
    ("chain: optics", "chain: 光学", "chain:", "is no id", "lower-case"),
    ("id: glass", "id: Glass Types", "id: Glass", "'Glass Types' is no id", "'glass-types'"),
    ("id: coating", "id: glass", "- id: glass\n            name: {zh: 镀", "stands on line 11 already", "its own id"),
    ("zh: 镜头, en: Lenses", "zh: 镜头", "name: {zh: 镜头}", "no English text ('en')", "add 'en: …'"),
    ("zh: 镜头, en: Lenses", "en: Lenses", "name: {en: Lenses}", "no Chinese text ('zh')", "add 'zh: …'"),
    ("zh: 镜头, en: Lenses", "zh: 镜头, en:", "name: {zh: 镜头, en:}", "no English text", "add"),
    (
        "{zh: 光学玻璃, en: Optical glass}",
        "{zh: 光学玻璃}",
        "{zh: 光学玻璃}",
        "'definition' of node 'glass'",
        "'en: …'",
    ),
    (
        "            definition: {zh: 光学玻璃, en: Optical glass}\n",
        "",
        "id: glass",
        "leaf 'glass' has no definition",
        "what belongs here",
    ),
    (
        "    definition: {zh: 应用, en: Uses}\n    rules:\n      - symbols: G02B\n",
        "",
        "id: downstream",
        "neither nodes nor rules",
        "a leaf has 'rules'",
    ),
    ("    rules:\n      - symbols: G02B\n", "    rules: []\n", "rules: []", "has no rule", "at least one"),
    (
        "      - symbols: G02B\n",
        "      - symbols: G02B\n    nodes: []\n",
        "id: downstream",
        "both nodes and rules",
        "none has both",
    ),
    ("      - symbols: G02B\n", "      - symbols: []\n", "symbols: []", "an empty list", "name class symbols"),
    (
        "      - symbols: G02B\n",
        "      - symbols: [G02B, H01L21/]\n",
        "G02B, H01L21/",
        "'H01L21/' is no class symbol",
        "class symbols",
    ),
    (
        "      - symbols: G02B\n",
        "      - without: G02B\n",
        "without: G02B\n",
        "only what it leaves out",
        "name 'symbols'",
    ),
    (
        "      - symbols: G02B\n",
        "      - symbol: G02B\n",
        "symbol: G02B",
        "unknown key 'symbol'",
        "did you mean 'symbols'?",
    ),
    (
        "      - symbols: G02B\n",
        "      - words: {any: {zh: [镜], en: [lens]}}\n        except: G02B\n",
        "except: G02B",
        "has 'except' but no 'symbols'",
        "use 'without'",
    ),
    (
        "      - symbols: G02B\n",
        "      - words: {any: {zh: [镜], en: [lens]}}\n        within: 2\n",
        "within: 2",
        "has 'within' but no 'symbols'",
        "name some",
    ),
    ("within: 3", "within: 0", "within: 0", "is '0'", "whole number from 1"),
    ("within: 3", "within: three", "within: three", "is 'three'", "whole number"),
    ("scheme: IPC", "scheme: ipc", "scheme: ipc", "is 'ipc'", "IPC, CPC"),
    ("in: title", "in: claims", "in: claims", "is 'claims'", "title, abstract, both"),
    (
        '{zh: [镜片], en: [lens*, "off"]}',
        "{zh: [镜片]}",
        "any: {zh: [镜片]}",
        "no 'en' words",
        "'en: []' if that is meant",
    ),
    ("{zh: [窗], en: []}", "{zh: [], en: []}", "none: {zh: []", "empty in both languages", "take the key out"),
    ("zh: [镜片]", "zh: [镜*]", "zh: [镜*]", "'*' ends Latin words", "'words' in docs/chain.md"),
    ("any: {zh: [镜片]", "some: {zh: [镜片]", "some:", "unknown key 'some'", "'any', 'all', 'none', 'in'"),
    (
        "name: {zh: 上游, en: Upstream}",
        "name: 上游",
        "name: 上游",
        "should be a set of 'key: value' lines",
        "'zh', 'en'",
    ),
    ("    rules:\n      - symbols: G02B\n", "    rules: G02B\n", "rules: G02B", "should be a list", "'- '"),
    ("id: upstream\n", "id: upstream\n    id: again\n", "id: again", "the key 'id' twice", "keep one"),
    ("chain: optics", "chain: {a: b}", "chain: {a: b}", "should be a text", "one text"),
    ("symbols: *glass", "symbols: *gals", "symbols: *gals", "not YAML", "indentation"),
    ("version: 1.10", "version: [1", "version", "not YAML", "closed quotes"),
]


@pytest.mark.parametrize(("old", "new", "place", "says", "remedy"), WRONG, ids=[wrong[3] for wrong in WRONG])
def test_what_breaks_a_rule_is_named(tmp_path: Path, old: str, new: str, place: str, says: str, remedy: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    path = write(tmp_path, text)
    with pytest.raises(DefinitionError) as caught:
        load(path)
    message = str(caught.value)
    assert caught.value.file == str(path)
    line = caught.value.row
    assert line is not None
    if "not YAML" not in says:
        assert line == line_of(text, place)
    assert message.startswith(f"{path}, 第 {line} 行 line {line}: ")
    problem, _, cure = message.partition(" 办法 Remedy: ")
    assert says in problem
    assert remedy in cure
    for half in (problem, cure):
        assert re.search("[一-鿿]", half.removeprefix(f"{path}, 第 {line} 行")), "nothing in Chinese"


def test_five_levels_are_one_too_many(tmp_path: Path) -> None:
    deep = GOOD.replace(
        "            rules:\n              - words:",
        "            nodes:\n              - id: deeper\n                name: {zh: 深, en: deep}\n"
        "                definition: {zh: 深, en: deep}\n                rules: [{symbols: H01L}]\n#",
    )
    says = rf"line {line_of(deep, '- id: deeper')}: .*the tree has more than 4 levels.*Remedy: .*'coating'"
    with pytest.raises(DefinitionError, match=says):
        load(write(tmp_path, deep))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"# only a remark\n", "the file is empty"),
        ("chain: x\nname: 半导体".encode("gb18030"), r"line 2: .*this is not UTF-8"),
        (b"chain: \x00x", "not YAML"),
        (b"- a\n- b\n", "line 1: .*the chain should be a set"),
        (b"[" * 5000, "nested too deep|not YAML"),
        (b"\tchain: x", "line 1: .*this is not YAML"),
        (b"x" * 4_000_001, "too many"),
    ],
)
def test_a_file_that_is_no_definition(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "chain.yaml"
    path.write_bytes(data)
    with pytest.raises(DefinitionError, match=says) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert "Remedy: " in str(caught.value)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "chain.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load(path).id == "optics"


def test_an_alias_that_holds_itself_ends(tmp_path: Path) -> None:
    text = GOOD.replace("nodes:\n  - id: upstream", "nodes: &all\n  - id: upstream").replace(
        "        nodes:\n          - id: glass", "        nodes: *all\n        x:\n          - id: glass"
    )
    with pytest.raises(DefinitionError, match=r"unknown key 'x'|stands on line 5 already"):
        load(write(tmp_path, text))


def test_an_unknown_name_lists_what_is_shipped() -> None:
    with pytest.raises(DefinitionError, match=r"semiconducters: .*Remedy: .*semiconductors"):
        load("semiconducters")


def test_a_folder_is_no_chain(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="neither a file"):
        load(tmp_path)


def test_every_shipped_chain_is_known_by_its_id() -> None:
    assert {load(name).id for name in shipped()} == set(shipped())
