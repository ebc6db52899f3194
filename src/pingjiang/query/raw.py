"""Raw nodes: what stands in a query and where, before words become values of fields."""

from __future__ import annotations

from dataclasses import dataclass

MAX_LENGTH = 200_000  # characters
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@dataclass(frozen=True, slots=True)
class RawWord:
    """A word or phrase. `mark`: '' or what stands before it ('=' alone, '>=', …)."""

    text: str
    quoted: bool
    at: int
    mark: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class RawRange:
    """`[low TO high]`."""

    low: RawWord
    high: RawWord
    at: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class RawSet:
    """`#3`, `##name`."""

    text: str
    at: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class RawField:
    """A field and what is asked of it."""

    name: str
    part: Raw
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class RawMany:
    """Several by one operator: 'or', 'and'."""

    operator: str
    parts: tuple[Raw, ...]
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class RawNot:
    """NOT something."""

    part: Raw
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class RawNear:
    """`a 3W b`: sides, and the operator between each two with its position."""

    parts: tuple[Raw, ...]
    operators: tuple[tuple[str, int], ...]
    at: int
    depth: int


Raw = RawWord | RawRange | RawSet | RawField | RawMany | RawNot | RawNear


def half_width(text: str) -> str:
    """Full-width Latin signs at half width, character by character: positions stay."""
    return text.translate(_HALF_WIDTH)
