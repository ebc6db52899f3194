"""The manual of the chain: its example loads and places, and its figures and messages are the program's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pingjiang.chain.place import place
from pingjiang.chain.saying import as_query
from pingjiang.chain.tree import load
from pingjiang.engine import Session
from pingjiang.errors import DefinitionError
from tests.chain.made import Paper, chain_text, tables, write

MANUAL = (Path(__file__).parents[2] / "docs" / "chain.md").read_text(encoding="utf-8")
EXAMPLE, WORDS, QUERY, BLOCKS = re.findall(r"```yaml\n(.*?)```", MANUAL, flags=re.DOTALL)


def test_the_example_places_what_it_says(tmp_path: Path) -> None:
    chain = load(write(tmp_path, EXAMPLE))
    assert (chain.id, chain.version, len(chain.leaves())) == ("solid-state-battery", "2026.1", 3)
    papers = [
        Paper("sulfide", title="Sulfide solid electrolyte", symbols=(("IPC", "H01M10/0562", 1),)),
        Paper("not-sulfur", title="Lithium-sulfur battery", abstract_en="sulfide", symbols=(("IPC", "C01B17/22", 1),)),
        Paper("words", title="一种硫化物固态电解质膜"),
        Paper("oxide", symbols=(("CPC", "C01G25/006", 1), ("CPC", "H01M10/052", 2))),
        Paper("fuel-cell", symbols=(("CPC", "C01G25/006", 1), ("CPC", "H01M10/052", 2), ("CPC", "H01M8/12", 3))),
        Paper("cell", symbols=(("IPC", "H01M10/0585", 2),)),
        Paper("wound", symbols=(("IPC", "H01M10/0587", 1),)),
        Paper("cpc-only", symbols=(("CPC", "H01M10/0585", 1),)),
    ]
    with Session(threads=1) as session:
        rows = place(chain, *tables(session, papers))["publication_node"].rows("publication_id")
    assert rows == [
        ("cell", "cells", "#1 IPC H01M10/0585 ⊂ H01M10/058"),
        ("oxide", "oxide-electrolyte", "#1 CPC C01G25/006 ⊂ C01G25"),
        ("sulfide", "sulfide-electrolyte", '#1 IPC H01M10/0562 ⊂ H01M10/0562 · title word "sulfide"'),
        ("words", "sulfide-electrolyte", '#2 word "硫化物" and word "固态电解质"'),
    ]


def test_the_words_of_the_manual_are_words(tmp_path: Path) -> None:
    text = chain_text({"leaf": [{"symbols": ["G03F"]}]}) + "".join(f"      {line}\n" for line in WORDS.splitlines())
    chain = load(write(tmp_path, text))
    assert chain.leaves()[0].rules[0].zone == "title"


def test_the_query_of_the_manual_is_a_rule(tmp_path: Path) -> None:
    rules = yaml.safe_load(QUERY)["rules"]
    chain = load(write(tmp_path, chain_text({"leaf": rules})))
    asked, symbols = chain.leaves()[0].rules
    assert asked.query is not None
    assert symbols.query is None
    assert (symbols.within, len(symbols.symbols)) == (1, 1)


def test_the_blocks_of_the_manual_are_a_rule_and_its_query_is_told_right(tmp_path: Path) -> None:
    rules = [*yaml.safe_load(BLOCKS)["rules"], {"symbols": ["H01L21"], "except": ["H01L21/02-H01L21/68"]}]
    blocks, less = load(write(tmp_path, chain_text({"leaf": rules}))).leaves()[0].rules
    assert [name for name, _ in blocks.blocks] == ["anchor", "synonyms", "symbols", "exclusions"]
    assert f"`{as_query(less).text()}`" in MANUAL


def test_the_message_of_the_manual_is_the_message(tmp_path: Path) -> None:
    shown = re.findall(r"```text\n(chain\.yaml, .*)\n```", MANUAL)
    path = write(tmp_path, EXAMPLE.replace("{zh: 硫化物电解质, en: Sulfide electrolytes}", "{zh: 硫化物电解质}"))
    with pytest.raises(DefinitionError) as caught:
        load(path)
    assert [str(caught.value).replace(str(path), "chain.yaml")] == shown


def test_the_number_of_leaves_is_the_number_of_leaves() -> None:
    leaves = len(load("semiconductors").leaves())
    assert f"{leaves} 个末级节点" in MANUAL
    assert f"({leaves} leaves)" in MANUAL
