"""Fields of a step as a page shows them, and what a page sent of them. Nothing typed is refused here: it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.content.open import Open
from pingjiang.centre.programme.content.shape import JOIN, Content, Flat, build, cleaned, flatten
from pingjiang.centre.programme.content.specs import MOST_ROWS, Grid, Part, Spec, Step

Value = str | list[str]


@dataclass(frozen=True)
class Shown:
    """A field with its value; what another draft says of it, where that says something else; what is open in it."""

    spec: Spec
    name: str
    value: Value
    other: str | None = None
    problem: str = ""

    @property
    def chosen(self) -> list[tuple[str, str, bool]]:
        """Options: (value, label, whether it is chosen)."""
        mine = self.value if isinstance(self.value, list) else [self.value]
        return [(name, said(label), name in mine) for name, label in self.spec.options]


@dataclass(frozen=True)
class ShownGrid:
    """A table of rows."""

    grid: Grid
    rows: Sequence[Sequence[Shown]]


@dataclass(frozen=True)
class ShownPart:
    """A block of a step."""

    part: Part
    fields: Sequence[Shown]
    grid: ShownGrid | None

    @property
    def beside(self) -> bool:
        """Whether its fields stand beside each other: several short ones."""
        return len(self.fields) > 1 and all(each.spec.kind not in ("text", "choices") for each in self.fields)


@dataclass(frozen=True)
class ShownStep:
    """A step: its parts, the revision that it was read at, and what is open in it."""

    step: Step
    parts: Sequence[ShownPart]
    revision: int
    open: Sequence[Open]

    @property
    def money(self) -> Sequence[ShownPart]:
        """Of a budget, its lines."""
        return [part for part in self.parts if part.fields and part.fields[0].spec.name.startswith("amount-")]

    @property
    def rest(self) -> Sequence[ShownPart]:
        """What is no line of a budget."""
        return [part for part in self.parts if part not in self.money]


def shown_step(
    step: Step, content: Mapping[str, Any], revision: int, found: Sequence[Open],
    *, other: Mapping[str, Any] | None = None, blank: int = 0,
) -> ShownStep:  # fmt: skip
    """A step with what it says; `other` is what another draft says, `blank` how many empty rows stand at the end."""
    flat, beside = flatten(content), None if other is None else flatten(other)
    problems: dict[str, str] = {}
    for each in found:
        if each.name:
            problems.setdefault(each.name, said(each.words))
    show = _Show(step.name, flat, beside, problems)
    rows_of = content if other is None else _longer(step, content, other)
    parts = [
        ShownPart(part, [show(spec) for spec in part.specs], _grid(part.grid, rows_of, content, show, blank))
        for part in step.parts
    ]
    return ShownStep(step, parts, revision, found)


@dataclass(frozen=True)
class _Show:
    section: str
    flat: Flat
    beside: Flat | None
    problems: Mapping[str, str]

    def __call__(self, spec: Spec, usual: str = "") -> Shown:
        value = self.flat.get(spec.name, usual)
        other = None
        if self.beside is not None and (theirs := self.beside.get(spec.name, "")) != self.flat.get(spec.name, ""):
            other = _in_words(spec, theirs)
        return Shown(spec, f"{self.section}{JOIN}{spec.name}", value, other, self.problems.get(spec.name, ""))


def _in_words(spec: Spec, value: Value) -> str:
    words = {name: said(label) for name, label in spec.options}
    several = value if isinstance(value, list) else [value]
    return "、".join(words.get(each, each) for each in several) or "—"


def _longer(step: Step, one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of two drafts the one with more rows: all rows of both are shown."""
    count = [sum(len(grid.rows_in(each)) for grid in step.grids) for each in (one, other)]
    return one if count[0] >= count[1] else other


def _grid(
    grid: Grid | None, rows_of: Mapping[str, Any], content: Mapping[str, Any], show: _Show, blank: int
) -> ShownGrid | None:
    if grid is None:
        return None
    begun = [] if content else list(grid.begun)
    rows = min(
        max(len(grid.rows_in(rows_of)), len(grid.rows_in(content)), 1 if grid.least or not content else 0) + blank,
        MOST_ROWS,
    )
    return ShownGrid(
        grid,
        [
            [
                show(grid.spec_at(number, column), begun[number].get(column.name, "") if number < len(begun) else "")
                for column in grid.columns
            ]
            for number in range(rows)
        ],
    )


def posted(step: Step, sent: QueryDict) -> Content:
    """What a page sent of a step."""
    return build(dict(_sent(step, sent)))


def _sent(step: Step, sent: QueryDict) -> Iterator[tuple[str, Value]]:
    prefix = f"{step.name}{JOIN}"
    for part in step.parts:
        for spec in part.specs:
            yield spec.name, _value(spec, sent, prefix + spec.name)
    for grid in step.grids:
        for number in range(MOST_ROWS):
            for column in grid.columns:
                name = f"{grid.name}{JOIN}{number}{JOIN}{column.name}"
                if prefix + name in sent:
                    yield name, _value(column, sent, prefix + name)


def _value(spec: Spec, sent: QueryDict, name: str) -> Value:
    if spec.kind == "choices":
        known = {each for each, _label in spec.options}
        return [each for each in sent.getlist(name) if each in known]
    return cleaned(sent.get(name, ""))
