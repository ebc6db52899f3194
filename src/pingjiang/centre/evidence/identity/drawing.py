"""Bars and spans as plain shapes of SVG: their numbers stand beside them as text, so that nothing hangs on sight."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 1000  # of a drawing, in its own units


@dataclass(frozen=True)
class Bar:
    """A row: what it counts, how many, a width of 0 to 100, where it leads. `unknown` is hatched."""

    label: str
    count: int
    width: float
    url: str | None = None
    unknown: bool = False


@dataclass(frozen=True)
class Span:
    """A row of the time line. `x` and `width` in units of the drawing; None where no year is known.

    held  (x, width) while it belonged to the group, where a source tells days; `told` says so in words
    """

    label: str
    url: str
    x: float | None
    width: float
    years: str
    families: int | None
    own: bool
    held: tuple[float, float] | None
    told: str


def bars(rows: Sequence[tuple[str | None, int, str | None]], unknown: str, most: int = 8) -> tuple[list[Bar], int]:
    """Rows (label or None, count, url) as bars, the first ones and what is unknown; and how many rows are not drawn."""
    top = max((count for _, count, _ in rows), default=1) or 1
    known = [row for row in rows if row[0] is not None]
    drawn = [Bar(str(label), count, round(100 * count / top, 1), url) for label, count, url in known[:most]]
    lost = sum(count for label, count, _ in rows if label is None)
    if lost:
        drawn.append(Bar(unknown, lost, round(100 * lost / top, 1), unknown=True))
    return drawn, max(0, len(known) - most)


def spans(
    members: Sequence[Mapping[str, Any]], own: str, cutoff: int, say: Any, url_of: Any
) -> tuple[list[Span], list[tuple[float, int]]]:
    """Entities of a group on one time line, and its marks (x, year)."""
    years = [row["first_year"] for row in members if row["first_year"]]
    days = [row[name].year for row in members for name in ("from_date", "to_date") if row[name]]
    first, last = min([*years, *days], default=cutoff), max([cutoff, *days])
    scale = WIDTH / max(1, last - first + 1)

    def at(day: datetime.date | None, otherwise: float) -> float:
        return otherwise if day is None else (day.year - first + (day.timetuple().tm_yday - 1) / 366) * scale

    found = []
    for row in members:
        begins, ends = row["first_year"], row["last_year"]
        x = None if begins is None else round((begins - first) * scale, 1)
        width = 0.0 if begins is None else round(((ends or begins) - begins + 1) * scale, 1)
        held = None
        if row["from_date"] or row["to_date"]:
            start, end = at(row["from_date"], 0.0), at(row["to_date"], float(WIDTH))
            held = (round(start, 1), round(max(end - start, 2.0), 1))
        told = say(row)
        spanned = "" if begins is None else f"{begins}–{ends or begins}"
        found.append(
            Span(
                row["name"], url_of(row), x, width, spanned, row["families"], row["organisation_id"] == own, held, told
            )
        )
    step = max(1, (last - first + 1) // 6)
    return found, [(round((year - first) * scale, 1), year) for year in range(first, last + 1, step)]
