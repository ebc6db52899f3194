"""Patterns of class symbols (IPC, CPC), and the order in which symbols stand.

A symbol's sort key is its subclass, its main group in four digits and its subgroup: 'H01L21/768' →
'H01L0021/768'. Subgroups are read as decimal fractions, as both schemes number them, so plain string
order of keys is the order of the scheme, and a pattern is an interval of keys. The scheme's own dots
are not consulted: H01L21/76 as a pattern takes all numbers that begin with 21/76, 21/768 among them,
though the scheme files 21/768 beside 21/76, not below it. `except` says what is not meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pingjiang.errors import Unfit

_SYMBOL = re.compile(r"[A-HY](?:\d\d(?:[A-Z](?:(?P<main>\d{1,4})(?:/\d{2,6})?)?)?)?\*?")
_SHORT_END = re.compile(r"\d{1,4}(/\d{2,6})?\*?")
# Above every character that a key can hold, so that key + LAST closes all that begins with the key.
LAST = "~"


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
