"""Figures, provenance and boards as plain data. What is not known is told beside what is, never left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Provenance:
    """Where a number comes from: facts (label, text) and ways on (label, address)."""

    title: str
    facts: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Figure:
    """A figure: what is shown, its compulsory foot, its option for the chart library and its twin as a table.

    `n` says how many are counted and how many are unknown. Heads of `numbers` are right-aligned in the table.
    """

    name: str
    title: str
    unit: str
    period: str
    cutoff: str
    n: str
    release: str
    rule: str
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]
    option: Mapping[str, Any] | None = None
    summary: str = ""
    download: str | None = None

    @property
    def option_id(self) -> str:
        """Where the page holds the option of the chart."""
        return f"option-{self.name}"

    @property
    def foot(self) -> list[str]:
        """Unit · period · cut-off · n with unknown · release · rule version."""
        return [text for text in (self.unit, self.period, self.cutoff, self.n, self.release, self.rule) if text]


@dataclass(frozen=True)
class Card:
    """A card of a board: one name, two reasons, owner, days. `late` where it has stood too long.

    `moves` are (label, name of the move, -1 or 1 for the neighbour it goes to).
    """

    key: str
    title: str
    url: str | None
    reasons: Sequence[str]
    owner: str
    days: str
    late: bool = False
    synthetic: bool = False
    moves: Sequence[tuple[str, str, int]] = ()


@dataclass(frozen=True)
class Stage:
    """A column of a board, with how many and how much. `rest` are not drawn."""

    label: str
    cards: Sequence[Card]
    count: int
    sum: str = ""

    @property
    def rest(self) -> int:
        """How many are not drawn."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Board:
    """Stages, and what was lost with its reasons counted: on the board + lost = found."""

    title: str
    stages: Sequence[Stage]
    lost: Sequence[tuple[str, int]] = ()
    sum_label: str = ""
    action: str = ""
    note: str = field(default="")

    @property
    def standing(self) -> int:
        """How many are on the board."""
        return sum(stage.count for stage in self.stages)

    @property
    def gone(self) -> int:
        """How many were lost."""
        return sum(count for _reason, count in self.lost)

    @property
    def found(self) -> int:
        """How many were found."""
        return self.standing + self.gone


@dataclass(frozen=True)
class Work:
    """Long work: what, how much of how much, what is left."""

    title: str
    done: int
    total: int
    rest: str = ""

    @property
    def share(self) -> int:
        """Whole percent."""
        return 100 * self.done // self.total if self.total else 0
