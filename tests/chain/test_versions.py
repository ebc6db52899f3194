"""Versions of a chain: what differs, what may not be lost, and which publications moved, against plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.chain.tree import Chain, load
from pingjiang.chain.versions import changes, moved_publications, require_history
from pingjiang.engine import Session
from pingjiang.errors import DefinitionError
from tests.chain.made import chain_text, write

OLD: dict[str, list[dict[str, Any]]] = {"kept": [{"symbols": ["H01L"]}], "gone": [{"symbols": ["H01M"]}]}


def chain(folder: Path, leaves: dict[str, list[dict[str, Any]]], more: str = "") -> Chain:
    return load(write(folder, chain_text(leaves) + more))


def test_what_differs_is_listed(tmp_path: Path) -> None:
    old = chain(tmp_path, OLD)
    new = chain(
        tmp_path, {"kept": [{"symbols": ["H01L21"]}], "new": [{"symbols": ["G06F"]}]},
        "removed: [{id: gone, moved_to: new}]\n",
    )  # fmt: skip
    assert require_history(old.nodes(), new).as_dict() == {
        "added": ["new"], "renamed": [], "moved": [], "removed": [{"id": "gone", "moved_to": "new"}], "ruled": ["kept"],
        "rules": [{"id": "kept", "gone": ["H01L"], "come": ["H01L21"]}],
    }  # fmt: skip


def test_a_moved_node_is_told_with_both_parents(tmp_path: Path) -> None:
    old = chain(tmp_path, OLD)
    tree = tuple(replace(node, parent_id=None) if node.id == "gone" else node for node in old.tree)
    assert changes(old.nodes(), replace(old, tree=tree)).moved == {"gone": ("all", None)}


def test_a_leaf_does_not_go_without_a_target(tmp_path: Path) -> None:
    old = chain(tmp_path, OLD)
    new = chain(tmp_path, {"kept": OLD["kept"]})
    with pytest.raises(DefinitionError, match=r"id: gone, moved_to"):
        require_history(old.nodes(), new)


def test_a_name_does_not_go_without_a_trace(tmp_path: Path) -> None:
    old = chain(tmp_path, OLD)
    text = chain_text(OLD).replace("zh: kept", "zh: 新名").replace("en: kept", "en: new name")
    with pytest.raises(DefinitionError, match=r"formerly: \[kept, kept\]"):
        require_history(old.nodes(), load(write(tmp_path, text)))
    traced = text.replace("- id: kept\n", "- id: kept\n    formerly: [kept]\n", 1)
    new = load(write(tmp_path, traced))
    assert require_history(old.nodes(), new).renamed == {"kept": ("kept / kept", "新名 / new name")}


@pytest.mark.parametrize(
    "more", ["removed: [{id: kept, moved_to: gone}]\n", "removed: [{id: old, moved_to: nowhere}]\n"]
)
def test_a_target_is_in_the_tree_and_a_removed_node_is_not(tmp_path: Path, more: str) -> None:
    with pytest.raises(DefinitionError, match="line"):
        chain(tmp_path, OLD, more)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=1) as opened:
        yield opened


LEAVES = ["kept", "gone", "other"]
PLACED = {"publication_id": "VARCHAR", "node_id": "VARCHAR"}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sets(st.sampled_from(LEAVES)), st.sets(st.sampled_from(["kept", "other"]))), max_size=6))
def test_moved_is_what_sets_say(session: Session, cases: list[tuple[set[str], set[str]]]) -> None:
    target = {"gone": "other"}
    new = Chain("made", "2", "合成", "made", None, None, (), "", "made.yaml", target)
    publication = session.from_rows({"publication_id": "VARCHAR"}, [(f"p{n}",) for n in range(len(cases))])
    old_placed = [(f"p{n}", leaf) for n, (old, _) in enumerate(cases) for leaf in sorted(old)]
    new_placed = [(f"p{n}", leaf) for n, (_, now) in enumerate(cases) for leaf in sorted(now)]
    found = moved_publications(
        session.from_rows(PLACED, old_placed), session.from_rows(PLACED, new_placed), publication, new
    )
    moved, flows = {}, Counter[tuple[str | None, str | None]]()
    for n, (old, now) in enumerate(cases):
        before = {target.get(leaf, leaf) for leaf in old}
        if before != now:
            gone, come = sorted(before - now), sorted(now - before)
            moved[f"p{n}"] = (" ".join(gone) or None, " ".join(come) or None)
            nothing: list[str | None] = [None]
            flows.update((left, entered) for left in [*gone] or nothing for entered in [*come] or nothing)
    assert {row["publication_id"]: (row["gone"], row["come"]) for row in found["moved"].dicts()} == moved
    assert {(row["from_node"], row["to_node"]): row["publications"] for row in found["flow"].dicts()} == flows
