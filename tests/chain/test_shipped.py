"""The shipped chains beside semiconductors: shape, symbols that exist, and what they take of real samples."""

from __future__ import annotations

import bisect
import csv
import gzip
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from pingjiang.chain.coverage import coverage
from pingjiang.chain.place import place
from pingjiang.chain.tree import Chain, load
from pingjiang.config import Settings
from pingjiang.engine import Session
from pingjiang.evaluate.reading import read_labelled
from pingjiang.identifiers.classes import normalise
from pingjiang.query.symbols import parse_pattern, sort_key
from pingjiang.query.tree import Symbol, walk
from tests.chain.made import Paper, tables

NAMES = ("biomedicine", "intelligent-connected-vehicles", "nano-materials")

# What the IPC titles at hand do not hold. CPC alone has these.
CPC_ONLY = {
    "A61K40", "B62D15/027-B62D15/0285",
    "C01B2202", "C01B2204", "C01P2004/13", "C01P2004/16", "C01P2004/62", "C01P2004/64", "C12N15/102", "C12N15/8501",
    "C12Q2525", "C12Q2600",
    "G01C21/38-G01C21/387", "G08G1/167", "G08G1/20-G08G1/207", "H01J2201", "H01L21/02601-H01L21/02606", "H01L2224",
    "H01L24", "H01L28", "H01L29/0665-H01L29/0673", "H01L29/0676", "H01L29/068", "H01L29/1606",
    "H01L33/502-H01L33/504", "H01L51/0046", "H01L51/0048",
}  # fmt: skip
# Younger than the titles (2020 and later).
YOUNGER = {
    "B22F1/054-B22F1/0553", "B22F1/0547", "B60R1/20-B60R1/31", "B60W60", "G01S17/86", "G01S17/931",
    "G05D1/20-G05D1/87", "G06F18", "G06F30", "G06Q50/40-G06Q50/47", "G06V", "G06V10", "G06V20",
    "G06V20/59-G06V20/597", "G06V30", "G06V40/10-G06V40/28", "H01M50",
    "H05B45", "H05B47", "H04L41", "H04L43", "H04L45", "H04L47",
    "H04L51", "H04L63", "H04L67", "H04L69", "H04N23", "H04N25",
}  # fmt: skip
# Retired before them; old publications hold them.
RETIRED = {
    "B22F1/0018-B22F1/0025", "B60L11/02-B60L11/14", "B60L11/18", "G06F19/10-G06F19/28", "G06F19/30-G06F19/36",
    "G06F19/70", "G06K9/00845",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_chain_has_the_shape_of_its_industry(name: str) -> None:
    chain = load(name)
    assert [node.id for node in chain.tree if node.level == 1] == ["upstream", "midstream", "downstream"]
    assert 25 <= len(chain.leaves()) <= 45
    assert {node.level for node in chain.leaves()} == {3}
    for leaf in chain.leaves():
        assert leaf.definition_zh and leaf.definition_zh.endswith("。"), leaf.id
        assert leaf.definition_en and leaf.definition_en.endswith("."), leaf.id
    assert len({node.name_zh for node in chain.tree}) == len({node.name_en for node in chain.tree}) == len(chain.tree)


def patterns(chain: Chain) -> Iterator[tuple[str, str, str]]:
    for leaf in chain.leaves():
        for rule in leaf.rules:
            for each in (*rule.symbols, *rule.excepted, *rule.also, *rule.without):
                yield each.text, each.low, each.high
            for part in walk(rule.query) if rule.query is not None else ():
                if isinstance(part, Symbol):
                    asked = parse_pattern(part.text)
                    yield asked.text, asked.low, asked.high


def test_every_symbol_exists(samples: Path) -> None:
    """Each pattern meets a symbol of the IPC titles at hand, or is listed above with the reason why not."""
    known: list[str] = []
    with gzip.open(samples / "classification" / "ipc_titles_en_75830.csv.gz", "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            symbol = normalise(row["symbol"], "IPC")
            if symbol is not None:
                known.append(sort_key(symbol.symbol))
    known.sort()
    missing = {
        text.lstrip("=")
        for name in NAMES
        for text, low, high in patterns(load(name))
        if not text.startswith("H10") and not known[min(bisect.bisect_left(known, low), len(known) - 1)] <= high
    }
    assert missing == CPC_ONLY | YOUNGER | RETIRED


# -- real data: what of each sample a chain takes -------------------------------------------------------


def symbols_of(cell: str | None, divider: str, scheme: str) -> list[tuple[str, str, int | None]]:
    read = [normalise(part, "IPC" if scheme == "IPC" else "CPC") for part in (cell or "").split(divider)]
    return [(scheme, each.symbol, at) for at, each in enumerate((one for one in read if one is not None), start=1)]


def toyota(samples: Path) -> Iterator[Paper]:
    columns = ("标题 (中文)", "标题 (英文)", "摘要 (中文)", "摘要 (英文)", "IPC")
    with Session(threads=1) as session:
        path = samples / "cn_exports" / "autodriving" / "incopat_toyota_5048.xlsx"
        rows = read_labelled(session, path, columns, Settings.from_environment()).dicts()
    for row in rows:
        zh, en, abstract_zh, abstract_en = (row[name] for name in columns[:4])
        yield Paper(
            str(row["row_number"]), zh, zh, en, abstract_zh, abstract_en, tuple(symbols_of(row["IPC"], ";", "IPC"))
        )


def synbio(samples: Path) -> Iterator[Paper]:
    columns = ("title_original_english_cleaned", "abstract", "international_classifications_codes", "cpc_codes")
    with Session(threads=1) as session:
        path = samples / "synbio" / "thomson_synbio_644.xlsx"
        rows = read_labelled(session, path, columns, Settings.from_environment()).dicts()
    for row in rows:
        title, abstract, ipc, cpc = (row[name] for name in columns)
        both = (*symbols_of(ipc, ";", "IPC"), *symbols_of(cpc, ";", "CPC"))
        yield Paper(str(row["row_number"]), title, None, title, None, abstract, both)


def nano(samples: Path) -> Iterator[Paper]:
    """The US grants with B82 or a word of the scale in the title, among those of H01M and H01L."""
    seen: set[str] = set()
    for name in ("battery_H01M_patents_2212", "semiconductor_H01L_patents_18902"):
        with gzip.open(samples / "patentsview" / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                title, listed = row["patent_title"], row["cpc"].split("|")
                small = re.search(r"nano|graphene|quantum dot|fulleren", title, re.IGNORECASE)
                if row["patent_id"] in seen or not (small or any(each.startswith("B82") for each in listed)):
                    continue
                seen.add(row["patent_id"])
                held = tuple(("CPC", symbol, at) for at, symbol in enumerate(listed, start=1))
                yield Paper(row["patent_id"], title, None, title, None, row["patent_abstract"], held)


def labels(name: str) -> list[dict[str, str]]:
    """Our verdicts on placements: where the publication stands, its leaf, right, partly, wrong or unreadable."""
    with resources.files("pingjiang.evaluate").joinpath("labels/chain_placements.csv").open(encoding="utf-8") as handle:
        return [row for row in csv.DictReader(handle) if row["chain"] == name]


@pytest.mark.parametrize(
    ("name", "read", "publications", "unassigned", "largest", "empty"),
    [
        pytest.param("intelligent-connected-vehicles", toyota, 5048, 0.17, 0.10, 0, marks=pytest.mark.slow),
        ("biomedicine", synbio, 644, 0.16, 0.25, 2),
        pytest.param("nano-materials", nano, 969, 0.19, 0.25, 2, marks=pytest.mark.slow),
    ],
)
def test_what_a_chain_takes_of_a_real_sample(
    samples: Path, name: str, read: object, publications: int, unassigned: float, largest: float, empty: int
) -> None:
    chain = load(name)
    assert callable(read)
    with Session(threads=1) as session:
        publication, classes = tables(session, list(read(samples)))
        found = place(chain, publication, classes)
        placed = {(row[0], row[1]) for row in found["publication_node"].rows()}
        report = coverage(publication, found["publication_node"], found["chain_node"], found["chain_closure"])
        leaves = next(row for row in report["chain_coverage_level"].dicts() if row["level"] is None)
        most = max(row["share"] for row in report["chain_coverage_node"].dicts() if row["is_leaf"])
    assert leaves["publications"] == publications
    assert leaves["unassigned_share"] <= unassigned
    assert most <= largest
    assert leaves["empty_nodes"] == empty
    manual = (Path(__file__).parents[2] / "docs" / "chain.md").read_text(encoding="utf-8")
    judged = [row for row in labels(name) if row["version"] == chain.version]
    assert len(judged) == 40
    assert {(row["row"] or row["patent_id"], row["leaf"]) for row in judged} <= placed, "a label of another version"
    right = sum(row["verdict"] == "right" for row in judged)
    partly = right + sum(row["verdict"] == "partly" for row in judged)
    for count in (right, partly):
        assert re.search(rf"`{name}`.*\| {count}/{len(judged)} = {100 * count / len(judged):.1f} %", manual)
    told = " | ".join(f"{100 * share:.1f} %" for share in (leaves["unassigned_share"], leaves["multiple_share"], most))
    assert re.search(rf"`{name}`.*\| {re.escape(told)} \|", manual), f"the manual should tell of {name}: {told}"
