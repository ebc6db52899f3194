"""Patterns less patterns: whatever is taken away, what is left takes the symbols that it should, and no other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.query.symbols import SymbolPattern, parse_pattern, subtract

GROUPS = st.integers(1, 40) | st.integers(9_990, 9_999)
SUBGROUPS = st.text("0123", min_size=2, max_size=4)
SYMBOLS = st.one_of(st.just("H01L"), GROUPS.map("H01L{}".format), st.builds("H01L{}/{}".format, GROUPS, SUBGROUPS))


def _pattern(ends: tuple[str, str, bool]) -> SymbolPattern:
    one, other, exact = ends
    if exact:
        return parse_pattern(f"={one}")
    if "/" in one and other not in (one, "H01L"):
        low, high = sorted((one, other), key=lambda symbol: parse_pattern(symbol).low)
        return parse_pattern(f"{low}-{high}" if low != "H01L" else low)
    return parse_pattern(one)


PATTERNS = st.tuples(SYMBOLS, SYMBOLS, st.booleans()).map(_pattern)


@settings(max_examples=100, deadline=None)
@given(pattern=PATTERNS, refused=st.lists(PATTERNS, max_size=3), symbols=st.lists(SYMBOLS, min_size=20, max_size=60))
def test_what_is_left_takes_what_it_should(
    pattern: SymbolPattern, refused: list[SymbolPattern], symbols: list[str]
) -> None:
    left = subtract(pattern, refused)
    assert left is not None
    for symbol in symbols:
        should = pattern.covers(symbol) and not any(each.covers(symbol) for each in refused)
        assert any(each.covers(symbol) for each in left) == should, symbol


def test_a_section_cannot_be_cut_but_can_be_taken_whole() -> None:
    assert subtract(parse_pattern("H01"), [parse_pattern("H01L")]) is None
    assert subtract(parse_pattern("H01"), [parse_pattern("H")]) == []
    assert subtract(parse_pattern("H01"), [parse_pattern("G06")]) == [parse_pattern("H01")]
