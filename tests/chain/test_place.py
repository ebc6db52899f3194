"""Placing: the SQL against plain Python, and the reasons."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pingjiang.chain.place import place
from pingjiang.chain.tree import load
from pingjiang.engine import Session
from pingjiang.schema.tables import table
from tests.chain.made import Paper, chain_text, rule_holds, symbol_in, tables, words_in, write


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(threads=2) as opened:
        yield opened


def placed(
    session: Session, folder: Path, leaves: Mapping[str, Sequence[Mapping[str, Any]]], papers: Sequence[Paper]
) -> dict[tuple[str, str], str]:
    """(publication, leaf) → reason."""
    chain = load(write(folder, chain_text(leaves)))
    publication, classes = tables(session, papers)
    found = place(chain, publication, classes)
    rows = found["publication_node"].rows()
    for each in (publication, classes, found["publication_node"]):
        session.drop(each)
    assert len({row[:2] for row in rows}) == len(rows), "one row per publication and leaf"
    return {(str(row[0]), str(row[1])): str(row[2]) for row in rows}


# -- against plain Python ----------------------------------------------------------------------------

SYMBOLS = st.sampled_from(
    ["H01L", "H01L21", "H01L21/00", "H01L21/02", "H01L21/027", "H01L21/0271", "H01L21/76", "H01L21/768", "H01L21/76802",
     "H01L2224/10", "H01L2/02", "H01L210/02", "H01J37/32", "Y02E10/50", "H10B12/00", "G03F7/20", "G03F7/2004"]
)  # fmt: skip
PATTERNS = st.sampled_from(
    ["H", "H01L", "H01L21", "H01L21/02", "H01L21/76", "H01L21/768", "=H01L21/76", "=H01L21", "H01L21/027-H01L21/0338",
     "H01L21/00-H01L21/027", "H01L2-H01L21", "H01L2224", "H01J37", "Y02E10/50", "H10", "G03F7/20", "=G03F7/20"]
)  # fmt: skip
WORDS_ZH = st.lists(st.sampled_from(["光刻", "刻蚀", "芯片", "5G芯片"]), max_size=2, unique=True)
WORDS_EN = st.lists(st.sampled_from(["etch*", "etch", "chip scale", "mems", "via"]), max_size=2, unique=True)
TEXTS = st.none() | st.lists(
    st.sampled_from(
        ["光刻", "刻蚀机", "5G", "芯片", " etch ", "etching", " chip-", "scale ", "MEMS", " via", "vias", "。"]
    ),
    max_size=5,
).map("".join)


@st.composite
def words(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in draw(st.sets(st.sampled_from(["any", "all", "none"]), min_size=1)):
        zh, en = draw(WORDS_ZH), draw(WORDS_EN)
        found[key] = {"zh": zh, "en": en if zh or en else ["etch"]}
    if draw(st.booleans()):
        found["in"] = draw(st.sampled_from(["title", "abstract", "both"]))
    return found


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    rule: dict[str, Any] = {}
    if draw(st.integers(0, 5)):
        rule["symbols"] = draw(st.lists(PATTERNS, min_size=1, max_size=3))
        if draw(st.booleans()):
            rule["except"] = draw(st.lists(PATTERNS, min_size=1, max_size=2))
        if draw(st.booleans()):
            rule["within"] = draw(st.integers(1, 2))
    if draw(st.integers(0, 3)) == 0:
        rule["also"] = draw(st.lists(PATTERNS, min_size=1, max_size=2))
    if draw(st.integers(0, 3)) == 0:
        rule["without"] = draw(st.lists(PATTERNS, min_size=1, max_size=2))
    if draw(st.booleans()):
        rule["scheme"] = draw(st.sampled_from(["IPC", "CPC"]))
    if "symbols" not in rule or draw(st.booleans()):
        rule["words"] = draw(words())
        if "symbols" not in rule and not {"any", "all"} & set(rule["words"]):
            rule["words"]["any"] = {"zh": ["光刻"], "en": ["etch*"]}
    return rule


@st.composite
def papers(draw: st.DrawFn) -> list[Paper]:
    found = []
    for number in range(draw(st.integers(0, 8))):
        listed = draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["CPC", "CPC", "IPC", "LOC"]), SYMBOLS, st.sampled_from([1, 2, 3, 4, 5, None])
                ),
                max_size=6,
                unique_by=lambda each: each[:2],
            )
        )
        title, title_zh, title_en, abstract_zh, abstract_en = (draw(TEXTS) for _ in range(5))
        found.append(Paper(f"CN{number}A", title, title_zh, title_en, abstract_zh, abstract_en, tuple(listed)))
    return found


@settings(max_examples=90, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(leaves=st.lists(st.lists(rules(), min_size=1, max_size=3), min_size=1, max_size=4), some=papers())
def test_sql_and_python_place_alike(
    session: Session, tmp_path: Path, leaves: list[list[dict[str, Any]]], some: list[Paper]
) -> None:
    named = {f"leaf-{number}": each for number, each in enumerate(leaves)}
    found = placed(session, tmp_path, named, some)
    wanted = {
        (paper.id, leaf): next(number for number, rule in enumerate(each, start=1) if rule_holds(rule, paper))
        for paper in some
        for leaf, each in named.items()
        if any(rule_holds(rule, paper) for rule in each)
    }
    assert set(found) == set(wanted)
    by_id = {paper.id: paper for paper in some}
    for (publication_id, leaf), reason in found.items():
        number = wanted[publication_id, leaf]
        assert reason.startswith(f"#{number} "), "the first rule that holds is the one that is told"
        check_reason(reason, named[leaf][number - 1], by_id[publication_id])


def check_reason(reason: str, rule: Mapping[str, Any], paper: Paper) -> None:
    """What a reason tells is true of the publication and of the rule."""
    told = reason.split(" ", 1)[1]
    if "symbols" in rule:
        scheme, symbol, sign, pattern = told.split(" · ")[0].split(" ")
        assert sign == "⊂"
        assert symbol_in(symbol, pattern) and pattern in rule["symbols"]
        assert any(each[:2] == (scheme, symbol) for each in paper.symbols)
    if "any" in rule.get("words", {}):
        zone, _, word = told.split(" · ")[-1].partition(' word "')
        texts = {
            "title": [paper.title, paper.title_zh, paper.title_en],
            "abstract": [paper.abstract_zh, paper.abstract_en],
        }[zone]
        assert any(words_in(text, word.split('"')[0]) for text in texts if text)


# -- by hand -----------------------------------------------------------------------------------------


def test_the_reason_tells_the_first_symbol_and_the_word(session: Session, tmp_path: Path) -> None:
    leaves: dict[str, list[dict[str, Any]]] = {
        "interconnect": [
            {"symbols": ["H01L23/52", "H01L21/768"]},
            {"words": {"any": {"zh": ["布线"], "en": ["wiring*"]}, "in": "title"}},
            {"words": {"all": {"zh": ["铜", "通孔"], "en": ["copper", "via*"]}}},
        ],
        "lithography": [{"symbols": "G03F7", "words": {"any": {"zh": ["光刻"], "en": ["lithograph*"]}}}],
    }
    cpc = ("CPC", "H01L21/76802", 2), ("CPC", "H01L23/522", 5), ("IPC", "H01L23/52", 9)
    some = [
        Paper("a", symbols=cpc),
        Paper("b", title="High-density wirings for chips"),
        Paper("c", abstract_en="Copper fills the vias."),
        Paper("d", abstract_zh="一种光刻方法", symbols=(("IPC", "G03F7/20", 1),)),
        Paper("e", title="Rewiring", abstract_en="copper", symbols=(("LOC", "H01L21/768", 1),)),
    ]
    assert placed(session, tmp_path, leaves, some) == {
        ("a", "interconnect"): "#1 CPC H01L21/76802 ⊂ H01L21/768",
        ("b", "interconnect"): '#2 title word "wirings"',
        ("c", "interconnect"): '#3 word "copper" and word "via*"',
        ("d", "lithography"): '#1 IPC G03F7/20 ⊂ G03F7 · abstract word "光刻"',
    }


def test_within_counts_neither_tags_nor_indexing_codes(session: Session, tmp_path: Path) -> None:
    leaves = {"leaf": [{"symbols": ["H01L24"], "within": 1}]}
    indexed = ("CPC", "H01L2224/16225", 1), ("CPC", "Y02E10/50", 2), ("CPC", "H01L24/16", 3)
    late = ("CPC", "H05K1/18", 1), ("CPC", "H01L24/16", 3)
    unknown = (("CPC", "H01L24/16", None),)
    own_list = ("CPC", "H01L23/00", 1), ("IPC", "H01L24/16", 1)
    some = [Paper("indexed", symbols=indexed), Paper("late", symbols=late), Paper("unknown", symbols=unknown),
            Paper("own", symbols=own_list)]  # fmt: skip
    assert {publication for publication, _ in placed(session, tmp_path, leaves, some)} == {"indexed", "own"}


def test_the_pattern_written_first_is_told(session: Session, tmp_path: Path) -> None:
    leaves = {"leaf": [{"symbols": ["H01L21", "H01L21/768", "H01L"]}]}
    some = [Paper("a", symbols=(("IPC", "H01L21/768", 1),))]
    assert placed(session, tmp_path, leaves, some) == {("a", "leaf"): "#1 IPC H01L21/768 ⊂ H01L21"}


def test_words_with_signs_of_sql_and_of_expressions(session: Session, tmp_path: Path) -> None:
    leaves = {"leaf": [{"words": {"any": {"zh": ["甲(乙)"], "en": ["moore's law", "c++", "a|b"]}}}]}
    some = [Paper("1", title="Moore's law"), Paper("2", title="In C++ written"), Paper("3", title_zh="关于甲（乙）"),
            Paper("4", title="a or b"), Paper("5", title="A|B")]  # fmt: skip
    assert placed(session, tmp_path, leaves, some) == {
        ("1", "leaf"): '#1 title word "moore\'s law"',
        ("2", "leaf"): '#1 title word "c++"',
        ("3", "leaf"): '#1 title word "甲(乙)"',
        ("5", "leaf"): '#1 title word "a|b"',
    }


def test_nothing_in_nothing_out(session: Session, tmp_path: Path) -> None:
    assert placed(session, tmp_path, {"leaf": [{"symbols": "H01L"}]}, []) == {}


def test_a_symbol_of_an_unknown_publication_places_nothing(session: Session, tmp_path: Path) -> None:
    chain = load(write(tmp_path, chain_text({"leaf": [{"symbols": "H01L"}]})))
    publication, _ = tables(session, [Paper("known")])
    _, classes = tables(session, [Paper("unknown", symbols=(("IPC", "H01L21/02", 1),))])
    assert place(chain, publication, classes)["publication_node"].count() == 0


def test_the_tables_are_those_of_the_schema(session: Session, tmp_path: Path) -> None:
    chain = load(write(tmp_path, chain_text({"leaf": [{"symbols": "H01L"}], "other": [{"symbols": "H01J"}]})))
    publication, classes = tables(session, [Paper("a", symbols=(("IPC", "H01L21/02", 1),))])
    found = place(chain, publication, classes)
    assert {name: each.columns() for name, each in found.items()} == {
        name: table(name).engine_columns() for name in ("publication_node", "chain_node", "chain_closure")
    }
    assert found["chain_node"].rows("position")[1][:5] == ("leaf", "all", 2, 2, True)
    assert found["chain_closure"].rows("ancestor_id, node_id") == [
        ("all", "all"),
        ("all", "leaf"),
        ("all", "other"),
        ("leaf", "leaf"),
        ("other", "other"),
    ]


@pytest.mark.slow
def test_a_million_publications_take_seconds(tmp_path: Path) -> None:
    """1 M publications with 5 M class rows and titles on the shipped chain; about 10 s on two free cores."""
    kinds = (
        "['H01L21/768', 'H01L29/785', 'H01L33/62', 'H01L24/16', 'H10B43/27', 'G11C16/04', 'C23C16/455', 'H01L2224/16']"
    )
    titles = "['Method of etching a gate', 'Semiconductor device', 'Flash memory', 'Wiring board', 'LED package']"
    with Session(threads=2) as opened:
        publication = opened.materialise(
            f"""
            select
                'P' || r.range as publication_id, ({titles})[1 + r.range % 5] || ' ' || r.range as title,
                cast(null as varchar) as title_zh, cast(null as varchar) as title_en,
                cast(null as varchar) as abstract_zh,
                repeat('A semiconductor device with a gate over a substrate. ', 20) as abstract_en
            from range(1000000) as r
            """
        )
        classes = opened.materialise(
            f"""
            select
                'P' || (r.range // 5) as publication_id, 'CPC' as scheme,
                ({kinds})[1 + r.range * 7919 % 61 % 8] || (r.range % 37) as symbol, r.range % 5 + 1 as position
            from range(5000000) as r
            """
        )
        chain = load("semiconductors")
        started = time.monotonic()
        placed = place(chain, publication, classes)["publication_node"]
        assert time.monotonic() - started < 120
        assert placed.count() > 1_000_000
