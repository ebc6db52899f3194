"""What can be filled in, step by step, as data made from the pack: fields, tables of rows, labels, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.content.shape import JOIN

FACTS, BUDGET, SCHEDULE, INDICATORS, TEAM = "facts", "budget", "schedule", "indicators", "team"
CITED = "cited"  # the section of figures that were cited from a lake: written by the site, never typed
MOST_ROWS = 60
QUARTER_MONTHS = 3


@dataclass(frozen=True)
class Spec:
    """One thing to fill in. `name` is its flat name; `limit` counts characters; `options` are for choices."""

    name: str
    label: Label
    kind: str = "line"  # line, text, number, count, amount, date, month, choice, choices, flag
    limit: int | None = None
    options: tuple[tuple[str, Label], ...] = ()
    required: bool = True
    unit: Label = ("", "")
    help: Label = ("", "")


@dataclass(frozen=True)
class Grid:
    """A table of rows that grow: its name, its columns, and the rows that are there before anything is typed."""

    name: str
    label: Label
    columns: tuple[Spec, ...]
    begun: tuple[Mapping[str, str], ...] = ()
    least: int = 1
    help: Label = ("", "")

    def rows_in(self, content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Rows as they were saved; those that it begins with where nothing was."""
        found: Any = content
        for part in self.name.split(JOIN):
            found = found.get(part, {}) if isinstance(found, Mapping) else {}
        return list(found) if isinstance(found, list) else list(self.begun if not content else ())

    def spec_at(self, number: int, column: Spec) -> Spec:
        """A cell as a field of its own."""
        label = (
            f"{self.label[0]}第 {number + 1} 行“{column.label[0]}”",
            f"{self.label[1]}, row {number + 1}: {column.label[1]}",
        )
        name = f"{self.name}{JOIN}{number}{JOIN}{column.name}"
        return Spec(name, label, column.kind, column.limit, column.options, column.required, column.unit)


@dataclass(frozen=True)
class Part:
    """A block of a step: fields beside each other, or a grid."""

    label: Label
    specs: tuple[Spec, ...] = ()
    grid: Grid | None = None
    help: Label = ("", "")


@dataclass(frozen=True)
class Step:
    """A step of the application: a section, how it is filled in, and its parts."""

    name: str
    label: Label
    form: str  # facts, text, unit, evidence, indicators, schedule, team, budget, attachments
    parts: tuple[Part, ...] = ()
    required: bool = True
    help: Label = ("", "")

    @property
    def grids(self) -> Iterator[Grid]:
        """Its tables."""
        return (part.grid for part in self.parts if part.grid is not None)

    def specs(self, content: Mapping[str, Any], *, blank: int = 0) -> list[Spec]:
        """All fields with as many rows as there are, and so many blank ones more."""
        found = [spec for part in self.parts for spec in part.specs]
        for grid in self.grids:
            rows = min(len(grid.rows_in(content)) + blank, MOST_ROWS)
            found += [grid.spec_at(number, column) for number in range(rows) for column in grid.columns]
        return found


@dataclass(frozen=True)
class Page:
    """Steps that stand on one page, under the name of the first of them."""

    name: str
    label: Label
    steps: tuple[Step, ...]


def step_named(steps: Sequence[Step], name: str) -> Step | None:
    """A step by name."""
    return next((step for step in steps if step.name == name), None)
