"""The index answers as the reference meaning does: on the synthetic corpus by random trees, on real records."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, open_engine
from pingjiang.errors import Unfit
from pingjiang.query import echo, meaning, parse
from pingjiang.query.corpus import TABLES
from pingjiang.query.fields import load_fields
from pingjiang.query.meaning import Document, holds
from pingjiang.query.tokens import pieces, tokens
from pingjiang.query.tree import And, Fielded, Near, Node, Not, Or, Term
from pingjiang.search import runs
from pingjiang.search.build import build
from pingjiang.search.layout import VERSION
from pingjiang.search.opened import Index
from tests.query import made
from tests.query.trees import trees

FILES = (
    "cn_exports/ai/incopat_chatbot_2798.xlsx",
    "cn_exports/autodriving/patentics_thundersoft_511_with_address.xlsx",
    "patentsview/battery_H01M_patents_2212.csv.gz",
)
SETTINGS = Settings.from_environment({})


def silent(_what: str, _done: int, _total: int) -> None: ...


def opened(folder: Path, told: dict[str, object]) -> Index:
    return Index(folder, {"release": "R2026.11-1", "version": VERSION, **told})


def answer(index: Index, node: Node) -> set[str]:
    return {row["publication_id"] for row in index.shown(index.ask(node))}


@pytest.fixture(scope="module", params=[True, False], ids=["common-runs", "phrases"])
def small(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Index, list[Document]]]:
    """The synthetic corpus; with all runs of tokens common, and with none."""
    folder = tmp_path_factory.mktemp("small")
    rows = made.rows()
    with Session(memory_limit="500MB", threads=1) as session, pytest.MonkeyPatch.context() as patch:
        if request.param:
            patch.setattr(runs, "COMMON", 1)
            patch.setattr(runs, "LEAST", 1)
        told = build(session, made.tables(session, rows), folder, silent)
    yield opened(folder, told), made.documents(rows)


@given(trees(sets=False))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_trees(small: tuple[Index, list[Document]], node: Node) -> None:
    index, documents = small
    assert answer(index, node) == {one.publication_id for one in documents if holds(node, one)}, echo(node)


Real = tuple[Index, list[Document]]


@pytest.fixture(scope="module")
def real(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Real:
    """More than 5,000 publications in two languages."""
    return of_files([samples / name for name in FILES], tmp_path_factory, common=100)


@pytest.fixture(scope="module")
def few(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Real:
    """One export of some 500."""
    return of_files([samples / FILES[1]], tmp_path_factory, common=20)


def of_files(files: list[Path], temporary: pytest.TempPathFactory, *, common: int) -> Real:
    """Their publications, built; their index, in which so many share a common run; and what is told of them."""
    lake = Lake(temporary.mktemp("real") / "lake")
    pipeline.import_files(files, lake, settings=SETTINGS)
    pipeline.build(lake, load_chain("semiconductors"), settings=SETTINGS)
    folder = temporary.mktemp("index")
    with open_engine(SETTINGS, lake.folder) as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "COMMON", common)
        found = lake.require_current().open(session, *TABLES)
        documents = made.documents(made.read(found))
        return opened(folder, build(session, found, folder, silent)), documents


@pytest.mark.parametrize(
    "query", ["TIAB=(电池 3W 隔膜)", "TI=(etch* 2N wafer?)", "AB=(传感器 20N (硅 OR 电阻))", "TI==电?"]
)
def test_a_pattern_too_large_for_the_engine_is_gone_through(
    small: tuple[Index, list[Document]], query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, documents = small
    node, refused = parse(query), []

    def refuse(_lines: pa.Array, pattern: str) -> pa.Array:
        refused.append(pattern)
        raise pa.ArrowInvalid("pattern too large")

    monkeypatch.setattr(pc, "match_substring_regex", refuse)
    assert answer(index, node) == {one.publication_id for one in documents if holds(node, one)}
    assert refused


FIELDS = ("TI", "TI", "AB", "AB", "PA", "IN", "CL")


def excerpt(rng: random.Random, document: Document) -> tuple[str, str]:
    """A field, and 1 to 6 characters that stand in it."""
    name = rng.choice([name for name in FIELDS if document.texts[name]] or ["TI"])
    text = rng.choice(document.texts[name] or ("x",))
    start = rng.randrange(max(1, len(text)))
    return name, text[start : start + rng.randint(1, 6)]


def searched(rng: random.Random, documents: list[Document]) -> tuple[str, str]:
    """The same, one that holds something to look for; wildcards are escaped."""
    while True:
        name, text = excerpt(rng, rng.choice(documents))
        escaped = "".join("\\" + char if char in "*?＊？\\" else char for char in text)
        try:
            pieces(escaped, names=load_fields()[name].kind == "name")
        except Unfit:
            continue
        return name, escaped


def words(rng: random.Random, documents: list[Document]) -> Node:
    """A word that stands somewhere; at times with a wildcard in it."""
    name, text = searched(rng, documents)
    cut = text[:-1] + rng.choice("*?")
    try:
        pieces(cut, names=load_fields()[name].kind == "name")
    except Unfit:
        cut = text
    return Fielded(name, Term(cut if rng.random() < 0.2 else text, rng.random() < 0.05))


def distance(rng: random.Random, documents: list[Document]) -> Node:
    """Two runs of tokens of one value, and how far apart they may be."""
    while True:
        document = rng.choice(documents)
        name = rng.choice(("TI", "AB"))
        values = [tokens(text) for text in document.texts[name]]
        long = [value for value in values if len(value) > 8]
        if long:
            break
    value = rng.choice(long)
    at, other = sorted(rng.sample(range(len(value) - 1), 2))
    sides = [" ".join(value[one : one + rng.randint(1, 2)]) for one in (at, other)]
    if any(char in side for side in sides for char in "*?\\"):
        return distance(rng, documents)
    if rng.random() < 0.3:
        sides.reverse()
    within = min(99, max(0, other - at + rng.randint(-3, 2)))
    return Fielded(name, Near(Term(sides[0]), Term(sides[1]), within, rng.random() < 0.5))


def tree(rng: random.Random, documents: list[Document]) -> Node:
    """A Boolean query of two to four of these."""
    parts: list[Node] = []
    for _ in range(rng.randint(2, 4)):
        part = rng.choice((words, words, distance))(rng, documents)
        parts.append(Not(part) if rng.random() < 0.25 else part)
    return rng.choice((And, Or))(tuple(parts))


def compare(
    real: Real,
    makes: Callable[[random.Random], Node],
    count: int,
    monkeypatch: pytest.MonkeyPatch,
) -> int:
    """The index against going through all publications; how many queries found something."""
    index, documents = real
    monkeypatch.setattr(meaning, "tokens", lru_cache(maxsize=None)(tokens))  # else it takes an hour
    rng = random.Random(20261128)
    found = 0
    for _ in range(count):
        node = makes(rng)
        wanted = {one.publication_id for one in documents if holds(node, one)}
        assert answer(index, node) == wanted, echo(node)
        found += bool(wanted)
    return found


def strings(real: Real, count: int, monkeypatch: pytest.MonkeyPatch) -> int:
    def one(rng: random.Random) -> Node:
        name, text = searched(rng, real[1])
        return Fielded(name, Term(text))

    return compare(real, one, count, monkeypatch)


@pytest.mark.slow
def test_five_hundred_strings(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(real[1]) >= 5_000
    assert strings(real, 500, monkeypatch) > 300


@pytest.mark.slow
def test_two_hundred_trees(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compare(real, lambda rng: tree(rng, real[1]), 200, monkeypatch) > 100


def test_a_few_on_real_records(few: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    assert strings(few, 40, monkeypatch) > 20
    assert compare(few, lambda rng: tree(rng, few[1]), 20, monkeypatch) > 5
