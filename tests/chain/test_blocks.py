"""Blocks of rules: what each holds, and that together they hold what the rule does, however it was written."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from pingjiang.chain.blocks import blocks_of, count, held_by
from pingjiang.chain.outline import read_outline, write_outline
from pingjiang.chain.place import place
from pingjiang.chain.tree import RELEASE_AT, load
from pingjiang.config import Settings
from pingjiang.engine import Session
from pingjiang.errors import DefinitionError
from tests.chain.made import Paper, chain_text, tables, write

BLOCKS = {
    "anchor": "TIAB=(电池 OR batter*)",
    "synonyms": "TIAB=(硫化物 OR sulfide*)",
    "symbols": "CLASS=H01M10",
    "exclusions": "TIAB=(锂硫 OR sulfur)",
}
LEAVES: dict[str, list[dict[str, object]]] = {
    "blocks": [{"blocks": BLOCKS}],
    "words": [
        {
            "symbols": ["H01M"], "except": ["H01M8"], "within": 2, "also": ["C01B"], "without": ["A61K"],
            "words": {
                "any": {"zh": ["硫化物"], "en": ["sulfide*"]}, "all": {"zh": ["电池"], "en": ["battery"]},
                "none": {"zh": [], "en": ["sulfur"]},
            },
        },
        {"query": "TI=膜 AND NOT CLASS=A61K"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=1) as opened:
        yield opened


def papers(seed: int) -> list[Paper]:
    chance = random.Random(seed)
    words, symbols = (
        ["电池", "硫化物", "膜", "battery", "sulfide", "sulfur", "锂硫"],
        ["H01M10/05", "H01M8/04", "C01B17/00", "A61K31/00"],
    )

    def some(of: list[str]) -> list[str]:
        return [each for each in of if chance.random() < 0.6]

    return [
        Paper(
            f"p{number}", title=" ".join(some(words)), abstract_en=" ".join(some(words)),
            symbols=tuple(("IPC", symbol, at) for at, symbol in enumerate(some(symbols), start=1)),
        )
        for number in range(120)
    ]  # fmt: skip


def test_the_blocks_of_a_rule_hold_together_what_it_does(session: Session, tmp_path: Path) -> None:
    chain = load(write(tmp_path, chain_text(LEAVES)))
    publication, classes = tables(session, papers(1))
    blocks = blocks_of(chain.leaves())
    held: dict[int, set[str]] = defaultdict(set)
    found = held_by(blocks, publication, classes)
    for number, publication_id in found.rows():
        held[number].add(publication_id)
    everything = {paper.id for paper in papers(1)}
    taken: dict[str, set[str]] = defaultdict(set)
    hits = count(blocks, found)
    for leaf in chain.leaves():
        for rule in leaf.rules:
            own = [block for block in blocks if (block.leaf, block.rule.number) == (leaf.id, rule.number)]
            whole = set(everything)
            for block in own:
                whole &= everything - held[block.number] if block.excludes else held[block.number]
            for block in own:
                rest = [each for each in own if each is not block]
                without = set(everything)
                for each in rest:
                    without &= everything - held[each.number] if each.excludes else held[each.number]
                told = hits[block.number]
                assert (told.hits, told.rule) == (len(held[block.number]), len(whole))
                assert told.without == (len(without) if any(not each.excludes for each in rest) else None)
            taken[leaf.id] |= whole
    placed: dict[str, set[str]] = defaultdict(set)
    for publication_id, node_id, _ in place(chain, publication, classes)["publication_node"].rows():
        placed[node_id].add(publication_id)
    assert placed == taken
    assert all(taken[leaf.id] for leaf in chain.leaves())


def test_blocks_and_the_bar_go_through_the_outline(tmp_path: Path) -> None:
    text = chain_text(LEAVES).replace("version: '1'", "version: '1'\nrelease_at: 0.9")
    chain = load(write(tmp_path, text))
    assert chain.release_at == 0.9
    assert load("semiconductors").release_at == RELEASE_AT == 0.8
    write_outline(chain, tmp_path / "outline.xlsx")
    back = read_outline(tmp_path / "outline.xlsx", tmp_path / "back.yaml", Settings.from_environment({}))
    assert (back.tree, back.release_at) == (chain.tree, 0.9)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"blocks": {"exclusions": "TI=a"}}, "only what it leaves out"),
        ({"blocks": {"anchor": "TI=a"}, "symbols": ["H01L"]}, "stand beside symbols|stands beside symbols"),
        ({"blocks": {"anker": "TI=a"}}, "unknown key 'anker'"),
        ({"blocks": {"anchor": "TI=(a AND"}}, "character"),
    ],
)
def test_blocks_that_cannot_be_are_named(tmp_path: Path, rule: dict[str, object], told: str) -> None:
    with pytest.raises(DefinitionError, match=told) as caught:
        load(write(tmp_path, chain_text({"leaf": [rule]})))
    assert caught.value.row is not None


def test_a_bar_that_is_no_share_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="between 0 and 1"):
        load(write(tmp_path, chain_text(LEAVES).replace("version: '1'", "version: '1'\nrelease_at: 80")))
