"""Figures, provenance and boards as plain data. What is not known is told beside what is, never left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pingjiang.errors import DefinitionError


@dataclass(frozen=True)
class Provenance:
    """Where a number comes from: facts (label, text) and ways on (label, address)."""

    title: str
    facts: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str]] = ()


Mark = Literal["incomplete", "unknown", "empty", "missing"]
# What a mark means, said in the foot of each figure that has it; they look the same in all.
MARKS: Mapping[Mark, Promise] = {
    "incomplete": gettext_lazy("斜纹＝年份不完整，不计增速"),
    "unknown": gettext_lazy("浅底斜纹＝未知"),
    "empty": gettext_lazy("○＝已核查无结果"),
    "missing": gettext_lazy("虚线框＝此处缺"),
}
_MOST_SERIES = 6  # colours that are told apart


def marked(mark: Mark, value: float | None = None) -> dict[str, object]:
    """A value of a chart that is not like the others: of an incomplete year, unknown, checked and empty, missing."""
    return {"value": value if value is not None else 0, "mark": mark}


@dataclass(frozen=True)
class Figure:
    """A figure: what is shown, its compulsory foot, its option for the chart library and its twin as a table.

    `n` says how many are counted and how many are unknown. `rows` are as long as `heads`: a name, then numbers, with
    None where one is not known; a cell may be Linked and lead to its rows. `option` is what ECharts takes, less what
    the house decides (colours, axes, fonts, legend); a value may be `marked(…)` or have a `url` that leads to its
    rows, a series a `tone` (a token of the look) in place of the next colour. `summary` is the figure in one sentence
    for those who do not see it. `under_bar`: period and release are told by the page's filter bar; files tell all.
    Raises DefinitionError for a figure without a part of its foot, a chart without a summary, a ragged table, or more
    than six colours.
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
    under_bar: bool = False
    synthetic: bool = False

    def __post_init__(self) -> None:
        for part in ("title", "unit", "period", "cutoff", "n", "release", "rule"):
            if not getattr(self, part):
                raise DefinitionError(f"figure {self.name!r} has no {part}")
        if self.option is not None and not self.summary:
            raise DefinitionError(f"figure {self.name!r} has a chart and no summary")
        if any(len(row) != len(self.heads) for row in self.rows):
            raise DefinitionError(f"figure {self.name!r}: a row is not as long as the heads")
        if sum("tone" not in each for each in self._series) > _MOST_SERIES:
            raise DefinitionError(f"figure {self.name!r}: more than {_MOST_SERIES} colours are not told apart")

    @property
    def _series(self) -> Sequence[Mapping[str, Any]]:
        series: Sequence[Mapping[str, Any]] = (self.option or {}).get("series", ())
        return series

    @property
    def option_id(self) -> str:
        """Where the page holds the option of the chart."""
        return f"option-{self.name}"

    @property
    def marks(self) -> list[Promise]:
        """What the marks mean that the chart has."""
        items = [item for each in self._series for item in each.get("data", ()) if isinstance(item, Mapping)]
        found = {item.get("mark") for item in items}
        return [words for mark, words in MARKS.items() if mark in found]

    @property
    def whole_foot(self) -> list[str]:
        """Unit · period · cut-off · n with unknown · release · rule version · what the marks mean."""
        parts = (self.unit, self.period, self.cutoff, self.n, self.release, self.rule)
        return [*parts, *(str(words) for words in self.marks)]

    @property
    def foot(self) -> list[str]:
        """The foot as the page shows it."""
        told_above = {self.period, self.release} if self.under_bar else set()
        return [text for text in self.whole_foot if text not in told_above]

    @property
    def chart(self) -> dict[str, object]:
        """What the script that draws is told."""
        words = {"unit": self.unit, "n": self.n, "rows": _("点击看明细"), "missing": _("缺")}
        return {"option": self.option, "words": words, "title": self.title, "foot": " · ".join(self.whole_foot)}

    @property
    def file_name(self) -> str:
        """The name of its files, without an ending."""
        return f"pingjiang-{self.name}-{self.release}"


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
