"""Chains that a lake keeps: versions are added, told by whom, and never another under the same name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingjiang.chain.tree import load
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, LakeCorrupt
from pingjiang.pipeline.own_chains import chain_in_force, chain_of_digest, keep_chain, own_chains, own_versions
from tests.chain.made import chain_text, write

ONE: dict[str, list[dict[str, object]]] = {"one": [{"symbols": ["H01L"]}]}
TWO: dict[str, list[dict[str, object]]] = {"one": [{"symbols": ["H01L"]}], "two": [{"symbols": ["H01M"]}]}


@pytest.fixture
def empty(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def text_of(leaves: dict[str, list[dict[str, object]]], version: str) -> str:
    text = chain_text(leaves)
    told = next(line for line in text.splitlines() if line.startswith("version"))
    return text.replace(told, f'version: "{version}"', 1)


def test_versions_are_added_and_the_newest_is_built_by(empty: Lake, tmp_path: Path) -> None:
    first, _ = keep_chain(empty, write(tmp_path, text_of(ONE, "a"), "1.yaml"), who="王芳", why="起步")
    again, _ = keep_chain(empty, tmp_path / "1.yaml", who="李娜")
    second, _ = keep_chain(empty, write(tmp_path, text_of(TWO, "b"), "2.yaml"), who="李娜")
    assert first == again and own_versions(empty, first.chain) == [first, second]
    assert [(each.number, each.who, each.why) for each in (first, second)] == [(1, "王芳", "起步"), (2, "李娜", None)]
    assert load(chain_in_force(empty, first.chain)).sha256 == second.sha256
    assert own_chains(empty) == [first.chain] and chain_in_force(empty, "other") == "other"
    back, _ = keep_chain(empty, tmp_path / "1.yaml", who="王芳")
    assert (back.number, back.sha256) == (3, first.sha256), "an earlier version is taken up again as a new one"


def test_a_version_is_one_content(empty: Lake, tmp_path: Path) -> None:
    keep_chain(empty, write(tmp_path, text_of(ONE, "a"), "1.yaml"), who="王芳")
    with pytest.raises(DefinitionError, match="another content"):
        keep_chain(empty, write(tmp_path, text_of(TWO, "a"), "2.yaml"), who="王芳")


def test_a_file_that_was_altered_is_not_believed(empty: Lake, tmp_path: Path) -> None:
    made, _ = keep_chain(empty, write(tmp_path, text_of(ONE, "a"), "1.yaml"), who="王芳")
    assert chain_of_digest(empty, made.chain, made.sha256) is not None
    assert chain_of_digest(empty, made.chain, "0" * 64) is None
    made.path.write_text(text_of(TWO, "a"), encoding="utf-8")
    with pytest.raises(LakeCorrupt):
        made.load()
