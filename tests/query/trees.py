"""Random trees of the query language, as hypothesis draws them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from hypothesis import strategies as st

from pingjiang.errors import Unfit
from pingjiang.query.fields import load_fields
from pingjiang.query.symbols import parse_pattern
from pingjiang.query.tokens import pieces
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
    SetRef,
    Symbol,
    Term,
)
from pingjiang.schema.codes import code_list

WORDS = (
    "电池", "隔膜", "电", "池", "固态", "电解质", "5G", "5G基站", "MEMS", "传感器", "solid", "solid-state",
    "batter*", "sulfide",
    "etch", "etch*", "colo?r", "col*r", "*tery", "晶圆", "晶圓", "AT&T", "C++", "与", "非易失性", "anode",
    "the", "cathode", "cath", "athode", "anod", "solid-stat",
    "and", "5N", "列昂·达", "电?池", "?态", "苏州", "TOYOTA", "宁德时代", "有限公司", "a \"quoted\" 1", ",",
    "电,池", "。", "x=y", "(a)",
)  # fmt: skip
SYMBOLS = (
    "H", "H01M", "H01M10", "H01M10/05", "=H01M10/0562", "H01L21-H01L29", "H01L21/768", "G03F7/20", "Y02E",
    "H01L21/30-H01L21/32",
)  # fmt: skip
NUMBERS = {"publication": ("CN110000001B", "CN110000001", "CN11*", "US11000003B2", "EP3000009A1", "WO20161*"),
           "application": ("CN201810000001", "CN2018*", "US16000003")}  # fmt: skip


def _fit(words: Sequence[str], *, names: bool) -> list[str]:
    """Those that hold something to look for: in names punctuation alone is nothing."""
    found = []
    for word in words:
        with suppress(Unfit):
            pieces(word, names=names)
            found.append(word)
    return found


def _days() -> st.SearchStrategy[date]:
    return st.dates(date(2014, 1, 1), date(2022, 1, 1))


def _spans(ends: st.SearchStrategy[object], kind: type) -> st.SearchStrategy[Node]:
    def made(pair: tuple[object, object]) -> Node:
        low, high = pair
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            low, high = high, low
        node: Node = Known() if low is None and high is None else kind(low, high)
        return node

    return st.tuples(st.none() | ends, st.none() | ends).map(made)


def terms(words: Sequence[str] = WORDS) -> st.SearchStrategy[Node]:
    """Words of a query."""
    return st.builds(Term, st.sampled_from(words), st.sampled_from([False, False, False, True]))


def nears(words: Sequence[str] = WORDS) -> st.SearchStrategy[Node]:
    """nW and nN of words, of Or and of themselves, six sides at most."""
    one: st.SearchStrategy[Node] = st.builds(Term, st.sampled_from(words))
    side = one | st.lists(one, min_size=2, max_size=3).map(lambda found: Or(tuple(found)))
    within = st.integers(0, 12)
    two: st.SearchStrategy[Node] = st.builds(Near, side, side, within, st.booleans())
    return two | st.builds(Near, two, side, within, st.booleans()) | st.builds(Near, side, two, within, st.booleans())


def _combined(leaves: st.SearchStrategy[Node], most: int) -> st.SearchStrategy[Node]:
    def wider(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return parts.map(Or) | parts.map(And) | inner.map(Not)

    return st.recursive(leaves, wider, max_leaves=most)


def fielded(words: Sequence[str] = WORDS) -> st.SearchStrategy[Node]:
    """A field and what is asked of it."""
    known: st.SearchStrategy[Node] = st.just(Known())

    def of(name: str) -> st.SearchStrategy[Node]:
        field = load_fields()[name]
        leaves: st.SearchStrategy[Node]
        if field.is_words:
            fit = _fit(words, names=field.kind == "name")
            leaves = terms(fit) | nears(fit) | known
        elif field.kind == "node":
            leaves = (
                st.builds(Term, st.sampled_from(["材料", "etching", "光刻机", "mat*", "没有"]), st.just(True)) | known
            )
        elif field.kind == "date":
            leaves = _spans(_days(), DateSpan)
        elif field.kind == "integer":
            leaves = _spans(st.integers(0, 30), IntSpan)
        elif field.kind == "symbol":
            leaves = st.sampled_from(SYMBOLS).map(lambda text: Symbol(parse_pattern(text).text)) | known
        elif field.kind == "number":
            leaves = st.sampled_from(NUMBERS[field.what or "publication"]).map(Number) | known
        elif field.kind == "kind_code":
            leaves = st.sampled_from(["A", "B*", "U", "B2", "A1"]).map(Code) | known
        else:
            leaves = st.sampled_from(sorted(set(code_list(field.codes or "").values()))).map(Code) | known
        return _combined(leaves, 4).map(lambda part: Fielded(name, part))

    return st.sampled_from(list(load_fields())).flatmap(of)


def trees(words: Sequence[str] = WORDS, *, sets: bool = True) -> st.SearchStrategy[Node]:
    """Whole queries."""
    leaves: st.SearchStrategy[Node] = fielded(words)
    if sets:
        leaves |= st.builds(SetRef, st.from_regex(r"[0-9]{1,2}", fullmatch=True)) | st.builds(
            SetRef, st.sampled_from(["固态", "my-set", "a_1"]), st.just(True)
        )
    return _combined(leaves, 6)
