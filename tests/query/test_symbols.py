"""Class symbol patterns: what they mean, how they order, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.query.symbols import parse_pattern, sort_key, sort_key_sql
from tests.chain.made import symbol_in

SUBCLASSES = st.sampled_from(["H01L", "H01J", "G03F", "Y02E", "H10B"])
MAINS = st.integers(1, 9999)
SUBS = st.text("0123456789", min_size=2, max_size=6)


@st.composite
def symbols(draw: st.DrawFn) -> str:
    """A normalised symbol of any depth from subclass on, mostly groups."""
    subclass, depth = draw(SUBCLASSES), draw(st.sampled_from([0, 1, 2, 2, 2]))
    main, sub = draw(st.sampled_from([1, 2, 21, 210, 2224]) | MAINS), draw(st.sampled_from(["00", "02", "027"]) | SUBS)
    return (subclass, f"{subclass}{main}", f"{subclass}{main}/{sub}")[depth]


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("H01L21/768", "H01L21/768 H01L21/76802 H01L21/76898", "H01L21/76 H01L21/769 H01L21"),
        ("H01L21", "H01L21 H01L21/00 H01L21/768", "H01L2/768 H01L210/00 H01L2221/10 H01L"),
        ("H01L2", "H01L2/02", "H01L21/02 H01L2224/02"),
        ("H01L", "H01L H01L21/02 H01L2224/02", "H01J37/32 H01"),
        ("H10", "H10B12/00 H10K50/11", "H01L21/02"),
        ("=H01L21/76", "H01L21/76", "H01L21/762 H01L21/7"),
        ("H01L21/027-H01L21/0338", "H01L21/027 H01L21/0271 H01L21/033 H01L21/0338 H01L21/03381", "H01L21/02 H01L21/04"),
        ("H01L31-33", "H01L31/04 H01L32/00 H01L33/62 H01L33", "H01L3/00 H01L310/00 H01L35/32"),
    ],
)
def test_what_a_pattern_takes(pattern: str, inside: str, outside: str) -> None:
    parsed = parse_pattern(pattern)
    assert [symbol for symbol in inside.split() if not parsed.covers(symbol)] == []
    assert [symbol for symbol in outside.split() if parsed.covers(symbol)] == []


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("h01l 21/768", "H01L21/768"),
        (" H01L 21 / 768 * ", "H01L21/768"),
        ("H01L21/70–21/78", "H01L21/70-H01L21/78"),
        ("= H01L21/00", "=H01L21/00"),
        ("Y02E10/50*", "Y02E10/50"),
    ],
)
def test_spaces_case_dashes_and_stars_are_forgiven(written: str, text: str) -> None:
    assert parse_pattern(written).text == text


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "no class symbol"),
        ("H01L21/", "no class symbol"),
        ("H01L21/7", "no class symbol"),
        ("H1L21/70", "no class symbol"),
        ("I01L21/70", "no class symbol"),
        ("H01/70", "no class symbol"),
        ("H01L21/768.1", "no class symbol"),
        ("=H01L21/70*", "keep one"),
        ("H01L21/78-21/70", "runs backwards"),
        ("H01L21/70-H01J37/32", "one subclass"),
        ("H01L-H01M", "between groups"),
        ("H01L21/70-", "no class symbol"),
    ],
)
def test_a_wrong_pattern_says_what_is_wrong(written: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_pattern(written)


@given(symbols(), symbols())
def test_a_symbol_as_pattern_takes_what_begins_with_it(pattern: str, symbol: str) -> None:
    assert parse_pattern(pattern).covers(symbol) == symbol_in(symbol, pattern)


@given(SUBCLASSES, MAINS, MAINS, SUBS, SUBS, symbols())
def test_a_range_takes_what_lies_between(subclass: str, main: int, other: int, sub: str, end: str, symbol: str) -> None:
    low, high = sorted(
        [f"{subclass}{main}/{sub}", f"{subclass}{other}/{end}"],
        key=lambda s: (int(s[4:].split("/")[0]), s.split("/")[1]),
    )
    assert parse_pattern(f"{low}-{high}").covers(symbol) == symbol_in(symbol, f"{low}-{high}")


@settings(max_examples=20, deadline=None)
@given(st.lists(symbols(), min_size=1, max_size=60))
def test_the_engine_makes_the_same_keys(some: list[str]) -> None:
    with Session(threads=1) as session:
        table = session.from_rows({"symbol": "VARCHAR"}, [(symbol,) for symbol in some])
        keys = session.rows(f"select t.symbol, {sort_key_sql('t.symbol')} from t", t=table)
    assert keys == [(symbol, sort_key(symbol)) for symbol, _ in keys]
    assert len(keys) == len(some)
