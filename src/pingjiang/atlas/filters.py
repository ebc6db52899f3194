"""What figures can be narrowed by: conditions on counted things that combine, as values and as words of an address.

    filed=2012-2024   granted=…   published=…   years, one end may be open; `unknown` is no year at all
    node=led          a node of the chain with all below it; `-` is none
    place=applicant/CN/江苏省/苏州市/昆山市    by the address of applicants or inventors, as far down as is said
    place=applicant/CN/江苏省/苏州市/@苏州工业园区    a development zone
    applicant=entity/ID   an organisation as a legal entity, or `group/ID`; `entity/-` is none
    state=in_force    the life of the right at the cut-off

A dash in the place of a name is what is not known; a name that has a slash, or is a dash, is percent-encoded.
All conditions must hold; two of one kind too, so that what is behind a number can be said as a narrower filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args
from urllib.parse import quote, unquote

from pingjiang.errors import DefinitionError
from pingjiang.schema.units import LEVELS, UNITS, Level, Unit

YearKind: TypeAlias = Literal["filing", "grant", "publication"]
Basis: TypeAlias = Literal["applicant", "inventor"]
_YEAR_WORDS: Mapping[str, YearKind] = {"filed": "filing", "granted": "grant", "published": "publication"}
LIVES = ("in_force", "pending", "dead", "elsewhere", "unknown")
_UNKNOWN, _DASH = "unknown", "-"
_DEEPEST = 4  # country, province, city, district or zone


@dataclass(frozen=True)
class Years:
    """From one year to another, both included. None is an open end; both None is a year that is not known."""

    kind: YearKind
    first: int | None
    last: int | None

    @property
    def word(self) -> tuple[str, str]:
        """As a word of an address."""
        name = next(word for word, kind in _YEAR_WORDS.items() if kind == self.kind)
        if self.first is None and self.last is None:
            return name, _UNKNOWN
        return name, f"{'' if self.first is None else self.first}-{'' if self.last is None else self.last}"


@dataclass(frozen=True)
class Node:
    """In a node of the chain or one below it; None is in none."""

    node_id: str | None

    @property
    def word(self) -> tuple[str, str]:
        """As a word of an address."""
        return "node", _written(self.node_id)


@dataclass(frozen=True)
class Place:
    """At a place: country, province, city, and a district or (`zone`) a development zone, as far down as is said.

    None within the path is what is not known there: ("CN", "江苏省", None) is somewhere in Jiangsu.
    """

    basis: Basis
    path: tuple[str | None, ...]
    zone: bool = False

    @property
    def word(self) -> tuple[str, str]:
        """As a word of an address."""
        parts = [_written(part) for part in self.path]
        if self.zone:
            parts[-1] = f"@{parts[-1]}"
        return "place", "/".join([self.basis, *parts])


@dataclass(frozen=True)
class Organisation:
    """With this applicant, as a legal entity or as a group; None is without any."""

    level: Level
    organisation_id: str | None

    @property
    def word(self) -> tuple[str, str]:
        """As a word of an address."""
        return "applicant", f"{self.level}/{_written(self.organisation_id)}"


@dataclass(frozen=True)
class Life:
    """In force, pending, dead, elsewhere or unknown at the cut-off."""

    life: str

    @property
    def word(self) -> tuple[str, str]:
        """As a word of an address."""
        return "state", self.life


Condition: TypeAlias = Years | Node | Place | Organisation | Life


@dataclass(frozen=True)
class Filter:
    """A counting unit, and conditions that all hold. Equal filters are equal values, whatever order they came in."""

    unit: Unit
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise DefinitionError(f"没有计数单位 {self.unit!r}。", f"There is no counting unit {self.unit!r}.")
        object.__setattr__(self, "conditions", tuple(sorted(set(self.conditions), key=lambda each: each.word)))

    def __iter__(self) -> Iterator[Condition]:
        return iter(self.conditions)

    def also(self, *more: Condition) -> Filter:
        """Narrowed further."""
        return Filter(self.unit, (*self.conditions, *more))

    def without(self, *dropped: Condition) -> Filter:
        """Without these conditions."""
        return Filter(self.unit, tuple(each for each in self.conditions if each not in dropped))

    @property
    def words(self) -> list[tuple[str, str]]:
        """As words of an address, always in the same order."""
        return [("unit", self.unit), *(each.word for each in self.conditions)]


def condition(name: str, value: str) -> Condition:
    """The condition that a word of an address says. DefinitionError where it says none."""
    try:
        found = _READERS[name](name, value)
    except (KeyError, ValueError, IndexError):
        found = None
    if found is None:
        raise DefinitionError(
            f"筛选条件 {name}={value!r} 读不懂。",
            f"The filter {name}={value!r} cannot be read.",
            remedy=(f"可用：{', '.join(_READERS)}。", f"There are: {', '.join(_READERS)}."),
        )
    return found


def names() -> Iterable[str]:
    """The names that conditions have in an address."""
    return _READERS.keys()


def _written(name: str | None) -> str:
    if name is None:
        return _DASH
    if name == _DASH:
        return "%2D"
    return quote(name, safe=" ") if set("%/@") & set(name) else name


def _named(text: str) -> str | None:
    if not text:
        raise ValueError(text)
    return None if text == _DASH else unquote(text)


def _years(name: str, value: str) -> Condition | None:
    kind = _YEAR_WORDS[name]
    if value == _UNKNOWN:
        return Years(kind, None, None)
    first, dash, last = value.partition("-")
    ends = [_year(first), _year(last if dash else first)]
    if ends == [None, None]:
        return None
    if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
        ends.reverse()
    return Years(kind, *ends)


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == len("2026")):
        raise ValueError(text)
    return int(text)


def _node(_name: str, value: str) -> Condition | None:
    return Node(_named(value))


def _place(_name: str, value: str) -> Condition | None:
    basis, *parts = value.split("/")
    if basis not in get_args(Basis) or not 1 <= len(parts) <= _DEEPEST:
        return None
    zone = len(parts) == _DEEPEST and parts[-1].startswith("@")
    if zone:
        parts[-1] = parts[-1].removeprefix("@")
    return Place(basis, tuple(map(_named, parts)), zone)  # type: ignore[arg-type]


def _organisation(_name: str, value: str) -> Condition | None:
    level, _slash, own = value.partition("/")
    return Organisation(level, _named(own)) if level in LEVELS else None


def _life(_name: str, value: str) -> Condition | None:
    return Life(value) if value in LIVES else None


_READERS = {
    "filed": _years, "granted": _years, "published": _years, "node": _node, "place": _place,
    "applicant": _organisation, "state": _life,
}  # fmt: skip
