"""The chain of semiconductors: its shape, what it takes of a real sample, and the symbols of both ages."""

from __future__ import annotations

import bisect
import csv
import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from pingjiang.chain.coverage import coverage
from pingjiang.chain.place import place
from pingjiang.chain.tree import Chain, load
from pingjiang.engine import Session, Table
from pingjiang.query.symbols import sort_key
from tests.chain.made import Paper, tables


@pytest.fixture(scope="module")
def chain() -> Chain:
    return load("semiconductors")


def test_it_has_the_shape_of_the_industry(chain: Chain) -> None:
    segments = [node for node in chain.tree if node.level == 1]
    groups = [node for node in chain.tree if node.level == 2]
    assert [node.id for node in segments] == ["upstream", "midstream", "downstream"]
    assert len(groups) >= 10
    assert 28 <= len(chain.leaves()) <= 45
    assert {node.level for node in chain.leaves()} == {3}
    for leaf in chain.leaves():
        assert leaf.definition_zh and leaf.definition_zh.endswith("。")
        assert leaf.definition_en and leaf.definition_en.endswith(".")
    assert len({node.name_zh for node in chain.tree}) == len({node.name_en for node in chain.tree}) == len(chain.tree)


def test_every_leaf_can_be_reached_by_symbols_old_and_new(chain: Chain) -> None:
    """H10* holds what H01L held: a leaf that knows H01L alone would starve from 2026 on."""
    for leaf in chain.leaves():
        texts = [pattern.text.lstrip("=") for rule in leaf.rules for pattern in rule.symbols]
        if any(text.startswith("H01L") for text in texts) and leaf.id not in {"lithography-tools", "displays"}:
            assert any(text.startswith("H10") for text in texts), leaf.id


# Symbols of the scheme of 2023–2026 as offices give them, and a leaf that must be among those found.
NEW = [
    ("finfet-gaa", "H10D30/6735 H10D62/121 H10D84/0149"),
    ("isolation-gate-contact", "H10W10/014 H10W10/17 H10D84/0151"),
    ("flash-rom", "H10B43/27 H10B43/35 H10D30/693"),
    ("dram-sram", "H10B12/30 H10B12/09"),
    ("dram-sram", "H10B10/12"),
    ("mram", "H10B61/22 H10N50/10"),
    ("resistive-ferroelectric", "H10N70/20 H10N70/8833 H10B63/00"),
    ("resistive-ferroelectric", "H10B53/30 H10D1/682"),
    ("passives", "H10D1/692 H10D1/042"),
    ("interconnect", "H10W20/081 H10P50/283"),
    ("stacking-tsv", "H10W20/023 H10W20/20"),
    ("die-interconnect", "H10W72/012 H10W72/20 H10W72/90"),
    ("wafer-level-encapsulation", "H10W74/014 H10W74/117"),
    ("substrates", "H10W70/611 H10W70/65 H10W70/685"),
    ("thermal-shielding", "H10W40/22"),
    ("metrology", "H10P74/207"),
    ("etch-clean-cmp", "H10P50/267 H10P50/283"),
    ("doping-anneal", "H10P30/22"),
    ("film-deposition", "H10P14/69 H10P95/00"),
    ("substrates-epitaxy", "H10P90/1916 H10P10/12"),
    ("wafer-handling", "H10P72/72"),
    ("circuits", "H10D89/811 H10D8/80"),
    ("power-silicon", "H10D30/66 H10D12/481"),
    ("wide-bandgap", "H10D30/47 H10D62/8503"),
    ("tft-backplane", "H10D86/60 H10D30/6755"),
    ("image-sensors", "H10F39/80 H10F39/12"),
    ("photodetectors", "H10F30/20"),
    ("photovoltaics", "H10F10/14 H10F77/20"),
    ("led", "H10H20/81"),
    ("oled", "H10K59/12 H10K50/11"),
    ("emissive-materials", "H10K85/60"),
    ("mems-piezo", "H10N30/20"),
    ("emerging", "H10N60/12"),
]


def test_new_symbols_find_their_leaf(chain: Chain) -> None:
    papers = [
        Paper(str(number), symbols=tuple(("CPC", symbol, n) for n, symbol in enumerate(symbols.split(), start=1)))
        for number, (_, symbols) in enumerate(NEW)
    ]
    with Session(threads=1) as session:
        rows = place(chain, *tables(session, papers))["publication_node"].rows()
    found = {(publication, leaf) for publication, leaf, _ in rows}
    assert [wanted for number, wanted in enumerate(NEW) if (str(number), wanted[0]) not in found] == []


# A main symbol as the Chinese office prints it (IPC), a title, and a leaf that must be among those found.
CHINESE = [
    ("finfet-gaa", "H01L29/78", "一种鳍式场效应晶体管及其形成方法", "H01L29/785"),
    ("interconnect", "H01L21/768", "一种铜互连结构的制备方法", ""),
    ("power-silicon", "H01L29/739", "一种沟槽栅绝缘栅双极晶体管", ""),
    ("wide-bandgap", "H01L29/778", "氮化镓高电子迁移率晶体管", ""),
    ("led", "H01L33/48", "一种LED封装结构", ""),
    ("photovoltaics", "H01L31/0216", "一种太阳能电池片", ""),
    ("process-tools", "C23C16/455", "一种化学气相沉积装置", "H01L21/205"),
    ("etch-clean-cmp", "B08B3/02", "一种硅片清洗方法", "H01L21/302"),
    ("thinning-dicing", "H01L21/78", "晶圆切割方法", ""),
    ("test", "G01R31/26", "半导体器件测试装置", ""),
    ("mos-cmos", "H01L21/336", "半导体器件的制造方法", "H01L29/78"),
    ("die-interconnect", "H01L21/60", "一种倒装芯片的键合方法", ""),
]


def test_chinese_publications_with_ipc_find_their_leaf(chain: Chain) -> None:
    papers = [
        Paper(
            str(number),
            title=title,
            title_zh=title,
            symbols=tuple(("IPC", symbol, n) for n, symbol in enumerate((first, *other.split()), start=1)),
        )
        for number, (_, first, title, other) in enumerate(CHINESE)
    ]
    with Session(threads=1) as session:
        rows = place(chain, *tables(session, papers))["publication_node"].rows()
    found = {(publication, leaf) for publication, leaf, _ in rows}
    assert [wanted for number, wanted in enumerate(CHINESE) if (str(number), wanted[0]) not in found] == []


# -- real data ---------------------------------------------------------------------------------------


def sample(session: Session, samples: Path) -> tuple[Table, Table]:
    """The US grants with a CPC symbol in H01L."""
    path = samples / "patentsview" / "semiconductor_H01L_patents_18902.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    ids = [row["patent_id"] for row in rows]
    nothing = pa.nulls(len(rows), pa.string())
    publication = {
        "publication_id": ids,
        "title": [row["patent_title"] for row in rows],
        "title_zh": nothing,
        "title_en": [row["patent_title"] for row in rows],
        "abstract_zh": nothing,
        "abstract_en": [row["patent_abstract"] for row in rows],
    }
    listed = [(row["patent_id"], *each) for row in rows for each in enumerate(row["cpc"].split("|"), start=1)]
    classes = {
        "publication_id": [each[0] for each in listed],
        "scheme": ["CPC"] * len(listed),
        "symbol": [each[2] for each in listed],
        "position": [each[1] for each in listed],
    }
    return session.from_arrow(pa.table(publication)), session.from_arrow(pa.table(classes))


def test_what_it_takes_of_the_real_sample(chain: Chain, samples: Path) -> None:
    with Session(threads=2) as session:
        publication, classes = sample(session, samples)
        found = place(chain, publication, classes)
        report = coverage(publication, found["publication_node"], found["chain_node"], found["chain_closure"])
        leaves = next(row for row in report["chain_coverage_level"].dicts() if row["level"] is None)
        nodes = {row["node_id"]: row for row in report["chain_coverage_node"].dicts() if row["is_leaf"]}
        rows = found["publication_node"].rows()
        symbols = {row[0]: set(row[1]) for row in classes.sql(
            "select s.publication_id, list(s.symbol) from self_ as s group by s.publication_id").rows()}  # fmt: skip
    assert leaves["publications"] == 18_902
    # A chain for this industry takes nearly all of it, mostly once or twice, and no leaf is a catch-all.
    assert leaves["unassigned_share"] <= 0.05
    assert 0.30 <= leaves["multiple_share"] <= 0.60
    assert leaves["empty_nodes"] == 0
    assert min(row["publications"] for row in nodes.values()) >= 100
    assert max(row["share"] for row in nodes.values()) <= 0.15
    manual = (Path(__file__).parents[2] / "docs" / "chain.md").read_text(encoding="utf-8")
    largest = max(row["share"] for row in nodes.values())
    for share, digits in ((leaves["unassigned_share"], 1), (leaves["multiple_share"], 0), (largest, 1)):
        assert manual.count(f"{100 * share:.{digits}f} %") >= 2, "the manual tells these figures in both languages"
    # Every row says why, and what it says is so.
    patterns = {
        (leaf.id, pattern.text): pattern for leaf in chain.leaves() for rule in leaf.rules for pattern in rule.symbols
    }
    for publication_id, node_id, reason in rows:
        _, scheme, symbol, sign, pattern = reason.split(" · ")[0].split(" ")
        assert (scheme, sign) == ("CPC", "⊂")
        assert symbol in symbols[publication_id]
        assert patterns[node_id, pattern].covers(symbol)


def test_every_pattern_is_a_symbol_that_exists(chain: Chain, samples: Path) -> None:
    """Each pattern meets a symbol of the IPC of before 2026 or of the real sample: no typing errors."""
    known: set[str] = set()
    with gzip.open(
        samples / "patentsview" / "semiconductor_H01L_patents_18902.csv.gz", "rt", encoding="utf-8"
    ) as handle:
        for row in csv.DictReader(handle):
            known.update(row["cpc"].split("|"))
    with gzip.open(samples / "classification" / "ipc_titles_en_75830.csv.gz", "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            symbol = row["symbol"]  # A01B0001020000
            sub = symbol[8:].rstrip("0").ljust(2, "0")
            known.add(f"{symbol[:4]}{int(symbol[4:8])}/{sub}" if len(symbol) == 14 else symbol)
    keys = sorted(sort_key(symbol) for symbol in known)
    # Younger than the tables at hand (H10*, H04N25), or retired before them (H01L21/8247, EPROM manufacture).
    missing = {
        pattern.text
        for leaf in chain.leaves()
        for rule in leaf.rules
        for patterns in (rule.symbols, rule.excepted, rule.also, rule.without)
        for pattern in patterns
        if not pattern.text.lstrip("=").startswith("H10")
        and not (keys[min(bisect.bisect_left(keys, pattern.low), len(keys) - 1)] <= pattern.high)
    }
    assert missing <= {"H04N25", "H01L21/8247"}
