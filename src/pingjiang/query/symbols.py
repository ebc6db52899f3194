"""Patterns of class symbols (IPC, CPC), and the order in which symbols stand.

A symbol's sort key is its subclass, its main group in four digits and its subgroup: 'H01L21/768' →
'H01L0021/768'. Subgroups are read as decimal fractions, as both schemes number them, so plain string
order of keys is the order of the scheme, and a pattern is an interval of keys. The scheme's own dots
are not consulted: H01L21/76 as a pattern takes all numbers that begin with 21/76, 21/768 among them,
though the scheme files 21/768 beside 21/76, not below it. `except` says what is not meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pingjiang.errors import Unfit

_SYMBOL = re.compile(r"[A-HY](?:\d\d(?:[A-Z](?:(?P<main>\d{1,4})(?:/\d{2,6})?)?)?)?\*?")
_SHORT_END = re.compile(r"\d{1,4}(/\d{2,6})?\*?")
# Above every character that a key can hold, so that key + LAST closes all that begins with the key.
LAST = "~"
_MOST_DIGITS = 6  # of a subgroup
_GROUPS = 10_000  # main groups of a subclass are numbered below this


@dataclass(frozen=True, slots=True)
class SymbolPattern:
    """An interval of sort keys, ends included, and how it is written (`text`)."""

    text: str
    low: str
    high: str

    def covers(self, symbol: str) -> bool:
        """Whether a normalised symbol falls into the pattern."""
        return self.low <= sort_key(symbol) <= self.high


def parse_pattern(text: str) -> SymbolPattern:
    """Read 'H01L', 'H01L21', 'H01L21/768', '=H01L21/00' (that symbol alone) or 'H01L21/70-H01L21/78'.

    A plain symbol means itself and everything whose number begins with it; a trailing `*` says the
    same. A range takes its ends with all that begins with them; the second end may leave out the
    subclass ('H01L21/70-21/78'). Spaces and lower case are forgiven.

    Raises Unfit with what is wrong and how to write it.
    """
    compact = re.sub(r"\s+", "", text).upper().replace("–", "-").replace("－", "-").replace("／", "/")
    if compact.startswith("="):
        _, key, canonical = _one(compact[1:], text)
        if compact.endswith("*"):
            raise Unfit(
                f"{text!r} 同时有 '='（仅此一号）和 '*'（包括其下），只留一个",
                f"{text!r} says both '=' (this symbol alone) and '*' (all below): keep one",
            )
        return SymbolPattern(f"={canonical}", key, key)
    first, dash, second = compact.partition("-")
    place, low, canonical = _one(first, text)
    if not dash:
        return SymbolPattern(canonical, low, low + LAST)
    if "/" not in first and not place:
        raise Unfit(
            f"{text!r}：范围只能在同一小类的组之间，如 H01L31-H01L33",
            f"{text!r}: a range runs between groups of one subclass, such as H01L31-H01L33",
        )
    if _SHORT_END.fullmatch(second):
        second = place + second
    other_place, end, other_canonical = _one(second, text)
    if other_place != place:
        raise Unfit(
            f"{text!r}：范围的两端须在同一小类，请写成两条",
            f"{text!r}: both ends of a range lie in one subclass; write two patterns instead",
        )
    if low > end:
        raise Unfit(f"{text!r} 前后颠倒，请先写小号", f"{text!r} runs backwards: write the lower symbol first")
    return SymbolPattern(f"{canonical}-{other_canonical}", low, end + LAST)


def _one(text: str, whole: str) -> tuple[str, str, str]:
    """Subclass ('' where the symbol is coarser or bare), sort key and clean text of one symbol."""
    match = _SYMBOL.fullmatch(text)
    if match is None:
        raise Unfit(
            f"{whole!r} 不是分类号：请写 IPC 或 CPC 的部、大类、小类、大组或小组，如 H、H01、H01L、H01L21、H01L21/768",
            f"{whole!r} is no class symbol: write a section, class, subclass, main group or group "
            "of IPC or CPC, such as H, H01, H01L, H01L21 or H01L21/768",
        )
    clean = text.rstrip("*")
    place = clean[:4] if match["main"] else ""
    return place, sort_key(clean), clean


def sort_key(symbol: str) -> str:
    """The sort key of a normalised symbol; a symbol coarser than a main group is its own key.

    >>> sort_key("H01L21/768"), sort_key("H01L21"), sort_key("H01L")
    ('H01L0021/768', 'H01L0021', 'H01L')
    """
    main, slash, sub = symbol[4:].partition("/")
    return f"{symbol[:4]}{main.zfill(4) if main else ''}{slash}{sub}"


def sort_key_sql(column: str) -> str:
    """`sort_key` as an SQL expression."""
    rest = f"substr({column}, 5)"
    main = f"split_part({rest}, '/', 1)"
    return (
        f"case when {rest} = '' then {column} "
        f"when strpos({rest}, '/') = 0 then substr({column}, 1, 4) || lpad({main}, 4, '0') "
        f"else substr({column}, 1, 4) || lpad({main}, 4, '0') || '/' || split_part({rest}, '/', 2) end"
    )


def subtract(pattern: SymbolPattern, refused: Sequence[SymbolPattern]) -> list[SymbolPattern] | None:
    """Patterns that together take what `pattern` does, less what any of the refused takes.

    They walk down the numbers: what is whole becomes a pattern or, with its neighbours, a range; what is cut is
    walked through. None where that would cut a section or a class, in which no range can be written.

    >>> [p.text for p in subtract(parse_pattern("H01L21"), [parse_pattern("H01L21/02-H01L21/68")])]
    ['=H01L21', 'H01L21/00-H01L21/01', 'H01L21/69-H01L21/99']
    """
    against = [each for each in refused if each.low <= pattern.high and pattern.low <= each.high]
    if not against:
        return [pattern]
    if len(pattern.low) < 4:
        covered = any(each.low <= pattern.low and pattern.high <= each.high for each in against)
        return [] if covered else None
    return [parse_pattern(text) for text in _left(pattern.text.lstrip("=")[:4], pattern, against)]


def _left(place: str, pattern: SymbolPattern, against: Sequence[SymbolPattern]) -> Iterator[str]:
    low, high = sort_key(place), sort_key(place) + LAST
    inside = pattern.low <= low and high <= pattern.high
    if high < pattern.low or pattern.high < low or any(each.low <= low and high <= each.high for each in against):
        return
    if inside and not any(each.low <= high and low <= each.high for each in against):
        yield place
        return
    if pattern.low <= low <= pattern.high and not any(each.low <= low <= each.high for each in against):
        yield f"={place}"
    run: list[str] = []
    for child, last in _alike(place, (pattern, *against)):
        told = list(_left(child, pattern, against))
        if told == [child]:
            run += [child] if child == last else [child, last]
            continue
        yield from _range(run)
        run = []
        yield from told
    yield from _range(run)


def _alike(place: str, patterns: Sequence[SymbolPattern]) -> Iterator[tuple[str, str]]:
    """First and last of the symbols below a place of which, in a row, each is whole or none is left.

    Of the thousands of main groups only those in which a pattern begins or ends can differ from their neighbours.
    """
    if len(place) > 4:
        yield from ((child, child) for child in _below(place))
        return
    ends = {end for each in patterns for end in (each.low, each.high) if end.startswith(place)}
    cut = sorted({int(end[4:8]) for end in ends if end[4:8].isdecimal()} & set(range(1, _GROUPS)))
    start = 1
    for number in (*cut, _GROUPS):
        if start < number:
            yield f"{place}{start}", f"{place}{number - 1}"
        if number < _GROUPS:
            yield f"{place}{number}", f"{place}{number}"
        start = number + 1


def _below(place: str) -> Iterator[str]:
    """The symbols that are one step longer: main groups, groups of two digits, then a digit at a time."""
    if len(place) == 4:
        yield from (f"{place}{number}" for number in range(1, _GROUPS))
    elif "/" not in place:
        yield from (f"{place}/{number:02}" for number in range(100))
    elif len(place.partition("/")[2]) < _MOST_DIGITS:
        yield from (f"{place}{digit}" for digit in range(10))


def _range(run: Sequence[str]) -> Iterator[str]:
    if run:
        yield run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}"
