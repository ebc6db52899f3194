"""On real records: SQL answers what the meaning says, and Chinese words are found as a plain scan finds them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, Table, open_engine
from pingjiang.query import echo, meaning, parse
from pingjiang.query.corpus import TABLES, prepare
from pingjiang.query.meaning import Document, holds
from pingjiang.query.sql import to_sql
from pingjiang.query.tokens import tokens
from pingjiang.query.tree import (
    And,
    Code,
    DateSpan,
    Fielded,
    IntSpan,
    Known,
    Near,
    Node,
    Not,
    Number,
    Or,
    Symbol,
    Term,
)
from pingjiang.text.folding import CJK, plain
from tests.query import made

FILES = (
    "cn_exports/ai/incopat_chatbot_2798.xlsx",
    "cn_exports/autodriving/patentics_thundersoft_511_with_address.xlsx",
    "patentsview/battery_H01M_patents_2212.csv.gz",
)
SETTINGS = Settings.from_environment({})


@dataclass(frozen=True)
class Real:
    """A release of real records, as tables of queries and as documents."""

    session: Session
    tables: dict[str, Table]
    documents: list[Document]

    def ask(self, node: Node) -> set[str]:
        return {row[0] for row in self.session.rows(to_sql(node), **self.tables)}


@pytest.fixture(scope="module")
def real(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    lake = Lake(tmp_path_factory.mktemp("real") / "lake")
    pipeline.import_files([samples / name for name in FILES], lake, settings=SETTINGS)
    pipeline.build(lake, load_chain("semiconductors"), settings=SETTINGS)
    with open_engine(SETTINGS, lake.folder) as session:
        found = lake.require_current().open(session, *TABLES)
        documents = made.documents(made.read(found))
        tables = prepare(session, found)
        tables["query_text"] = tables["query_text"].materialise()
        yield Real(session, tables, documents)


def _words(rng: random.Random, document: Document) -> tuple[str, Node]:
    """A field and a few tokens of it that stand in a row, or near one another, in this document."""
    names = [name for name in ("TI", "TI", "AB", "AB", "AB", "PA", "IN", "CL") if document.texts[name]]
    name = rng.choice(names or ["TI"])
    value = tokens(rng.choice(document.texts[name] or ("x",)), names=name in ("PA", "IN")) or ["x"]
    start = rng.randrange(len(value))
    some = value[start : start + rng.randint(1, 4)]
    word = _term(some)
    if rng.random() < 0.4 and start + len(some) < len(value):
        between = rng.randint(0, 6)
        other = value[start + len(some) + between :][: rng.randint(1, 2)] or value[:1]
        pair = (word, _term(other)) if rng.random() < 0.7 else (_term(other), word)
        return name, Near(*pair, rng.randint(0, 8), rng.random() < 0.5)
    if rng.random() < 0.15 and some[0].isascii() and len(some[0]) > 3 and some[0].isalnum():
        return name, Term(some[0][:3] + "*")
    return name, word


def _term(some: list[str]) -> Node:
    return Term(" ".join(re.sub(r"([\\*?])", r"\\\1", token) for token in some))


def _fact(rng: random.Random, document: Document) -> Node:
    """Something that is known of this document, or that nothing is known."""
    facts: list[Node] = [
        Fielded("PN", Number(document.publication_id)),
        Fielded("PN", Number(document.publication_id[:6] + "*")),
    ]
    facts += [Fielded("CLASS", Symbol(symbol[:4])) for _, symbol in sorted(document.symbols)[:1]]
    facts += [Fielded(name, Code(code)) for name, codes in document.codes.items() for code in sorted(codes)]
    for name, day in document.dates.items():
        facts += [Fielded(name, DateSpan(day, None)), Fielded(name, DateSpan(day.replace(month=1, day=1), day))]
    facts += [Fielded(name, IntSpan(count - 1, count + 1)) for name, count in document.counts.items()]
    facts += [
        Fielded(name, Term(text.strip("*?"), whole=rng.random() < 0.5))
        for name in ("PROVINCE", "CITY", "DISTRICT", "ZONE", "GROUP", "ADDRESS")
        for text in document.texts[name][:1]
        if tokens(text, names=True) and not {"*", "?", "\\"} & set(text)
    ]
    facts += [Fielded("NODE", Term(name, whole=True)) for name in sorted(document.nodes)[:2]]
    facts += [Not(Fielded(name, Known())) for name in ("APD", "GD", "COUNTRY", "LS", "NODE", "CITY", "PA", "AN")]
    return rng.choice(facts)


def _query(rng: random.Random, documents: list[Document]) -> Node:
    document = rng.choice(documents)
    parts: list[Node] = []
    for _ in range(rng.randint(1, 3)):
        name, part = _words(rng, document if rng.random() < 0.8 else rng.choice(documents))
        leaf: Node = Fielded(rng.choice([name, "TIAB" if name in ("TI", "AB") else name]), part)
        parts.append(Not(leaf) if rng.random() < 0.15 else leaf)
    if rng.random() < 0.6:
        parts.append(_fact(rng, document))
    made_of = Or if rng.random() < 0.4 else And
    return made_of(tuple(parts)) if len(parts) > 1 else parts[0]


def _compare(real: Real, queries: int, every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQL and meaning on every so many-th document; texts are folded once."""
    folded = lru_cache(maxsize=None)(tokens)
    monkeypatch.setattr(meaning, "tokens", folded)
    rng = random.Random(20_261)
    some = real.documents[::every]
    ids = {document.publication_id for document in some}
    hits = 0
    for _ in range(queries):
        tree = _query(rng, real.documents)
        found = real.ask(tree)
        assert found & ids == {d.publication_id for d in some if holds(tree, d)}, echo(tree)
        hits += 0 < len(found) < len(real.documents)
        if "  " not in echo(tree):
            assert parse(echo(tree)) == tree
    assert hits > queries * 0.6, "queries that find nothing or everything show little"


@pytest.mark.slow
def test_random_queries_on_real_records(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(real.documents) > 5_000
    _compare(real, 120, 6, monkeypatch)


@pytest.mark.slow
def test_random_queries_on_all_real_records(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    _compare(real, 400, 1, monkeypatch)


@pytest.mark.slow
def test_chinese_words_are_found_as_a_scan_finds_them(real: Real) -> None:
    """Five hundred random strings of one to six characters, and a scan that knows nothing of tokens."""
    gap = re.compile(r"[\s\-_¦\u2010-\u2015\u2212\u200b]+")
    texts = {
        document.publication_id: [gap.sub("", plain(text)) for text in document.texts["TI"] + document.texts["AB"]]
        for document in real.documents
    }
    runs = [run for values in texts.values() for value in values for run in re.findall(f"[{CJK}]+", value)]
    rng = random.Random(7)
    for _ in range(500):
        run = rng.choice(runs)
        start = rng.randrange(len(run))
        word = run[start : start + rng.randint(1, 6)]
        expected = {key for key, values in texts.items() if any(word in value for value in values)}
        assert expected
        assert real.ask(Fielded("TIAB", Term(word))) == expected, word
