"""Rules that are queries: they place as the language means, beside other rules; and old rules said as queries."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pingjiang import pipeline
from pingjiang.chain import saying
from pingjiang.chain.place import place
from pingjiang.chain.rule import Rule
from pingjiang.chain.saying import as_query
from pingjiang.chain.tree import Chain, load
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, open_engine
from pingjiang.errors import DefinitionError
from pingjiang.query import symbols
from pingjiang.query.corpus import fields_of, prepare
from pingjiang.query.sql import to_sql
from tests.chain.made import Paper, chain_text, tables, write


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=1) as opened:
        yield opened


def test_a_query_places_beside_other_rules(session: Session, tmp_path: Path) -> None:
    leaves: dict[str, list[dict[str, object]]] = {
        "sulfide": [{"query": "TI=(硫化物 2W 电解质) OR TIAB=argyrodite* AND CLASS=H01M10"}, {"symbols": ["C01B17"]}],
        "etching": [{"query": "NOT TI=* AND IPC=H01L21"}],
    }
    papers = [
        Paper("simplified", title="一种硫化物固态电解质"),
        Paper("traditional", title="硫化物電解質膜"),
        Paper("far", title="硫化物的制备方法与电解质"),
        Paper("symbol", title="Argyrodites", symbols=(("CPC", "H01M10/0562", 1),)),
        Paper("other-rule", title="Sulfur", symbols=(("IPC", "C01B17/22", 1),)),
        Paper("no-title", symbols=(("IPC", "H01L21/3065", 1),)),
    ]
    chain = load(write(tmp_path, chain_text(leaves)))
    found = place(chain, *tables(session, papers))
    assert found["publication_node"].rows("publication_id") == [
        ("no-title", "etching", "#1 query"),
        ("other-rule", "sulfide", "#2 IPC C01B17/22 ⊂ C01B17"),
        ("simplified", "sulfide", "#1 query"),
        ("symbol", "sulfide", "#1 query"),
        ("traditional", "sulfide", "#1 query"),
    ]
    texts = dict(found["chain_node"].sql("select self_.node_id, self_.rule_text from self_").rows())
    assert texts["etching"] == "#1 query 检索式: NOT TI=* AND IPC=H01L21"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"query": "TI=(光刻 AND"}, "character 11"),
        ({"query": "TI=光刻 AND PA=华为"}, "asks PA"),
        ({"query": "TI=光刻 AND ##saved"}, "asks ##saved"),
        ({"query": "TI=光刻", "symbols": ["H01L"]}, "stands beside symbols"),
    ],
)
def test_a_query_that_cannot_be_a_rule_is_named(tmp_path: Path, rule: dict[str, object], told: str) -> None:
    with pytest.raises(DefinitionError, match=told) as caught:
        load(write(tmp_path, chain_text({"leaf": [rule]})))
    assert caught.value.row is not None


def test_what_the_docstrings_say_holds() -> None:
    assert doctest.testmod(saying).attempted > 0
    assert doctest.testmod(saying).failed == doctest.testmod(symbols).failed == 0


def _alone(chain: Chain, node_id: str, rule: Rule) -> Chain:
    tree = tuple(replace(node, rules=(replace(rule, number=1),) if node.id == node_id else ()) for node in chain.tree)
    return replace(chain, tree=tree)


@pytest.mark.slow
def test_rules_of_the_shipped_chain_said_as_queries_take_the_same(samples: Path, tmp_path: Path) -> None:
    """Of real grants in English, where folding makes no difference: all rules that ask for no place (`within`)."""
    lake, settings = Lake(tmp_path / "lake"), Settings.from_environment({})
    chain = load("semiconductors")
    pipeline.import_files([samples / "patentsview/battery_H01M_patents_2212.csv.gz"], lake, settings=settings)
    pipeline.build(lake, chain, settings=settings)
    told = [(node.id, rule, as_query(rule)) for node in chain.tree for rule in node.rules]
    said = [(node_id, rule, each.query) for node_id, rule, each in told if each.query is not None and not each.unsaid]
    assert len(said) > 40
    assert any(rule.excepted for _, rule, _ in said)
    with open_engine(settings, lake.folder) as session:
        release = lake.require_current().open(session, "publication", "publication_class")
        fields = set().union(*(fields_of(query) for _, _, query in said))
        asked = {name: table.materialise() for name, table in prepare(session, release, fields).items()}
        taken = 0
        for node_id, rule, query in said:
            with session.scratch():
                placed = place(_alone(chain, node_id, rule), release["publication"], release["publication_class"])
                by_rule = {row[0] for row in placed["publication_node"].rows()}
            by_query = {row[0] for row in session.rows(to_sql(query), **asked)}
            assert by_query == by_rule, rule.text()
            taken += len(by_rule)
    assert taken > 100
