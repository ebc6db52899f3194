"""The figures of a release as plain data, without a page around them: whole views, and the rows of one indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pingjiang.atlas import filters
from pingjiang.atlas.filters import Condition, Filter, Years
from pingjiang.atlas.words import UNIT_NAMES
from pingjiang.centre.evidence.atlas import results
from pingjiang.centre.evidence.atlas.asking import Asked
from pingjiang.centre.evidence.atlas.shared import WITHOUT
from pingjiang.centre.evidence.atlas.telling import Telling
from pingjiang.centre.evidence.atlas.views import VIEWS
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.pages.figures import Figure
from pingjiang.errors import DefinitionError
from pingjiang.indicators import Indicator
from pingjiang.indicators.registry import FIRM, load, names
from pingjiang.schema.units import Unit

OVERVIEW = "overview"  # the view that has no name in an address
_FIRM_WORDS = ("家", "firms")
_FIRMS = "firms_by_place"  # each firm stands once in it


@dataclass(frozen=True)
class Told:
    """An indicator's rows under a filter, with what stands under every figure.

    period   (kind of year, first, last): the years that are asked for, else those of the data
    n        how many things pass the filter; of an indicator of firms, how many firms
    """

    indicator: Indicator
    unit: tuple[str, str, str]
    period: tuple[str, int | None, int | None]
    cutoff: Any
    n: int
    rows: Sequence[Mapping[str, Any]]


def read(unit: Unit, words: Mapping[str, Sequence[str]]) -> Filter:
    """The filter that words of an address say; nothing is let pass. DefinitionError for a word that says nothing."""
    said: list[Condition] = [filters.condition(name, value) for name, values in words.items() for value in values]
    return Filter(unit, tuple(said))


def indicators() -> list[Indicator]:
    """All indicators, by name."""
    return [load(name) for name in names()]


def indicator(at: Opened, name: str, under: Filter) -> Told:
    """One indicator of a release. DefinitionError for a name that is none."""
    found = load(name)
    horizon, of_firms = results.horizon(at), FIRM in found.units
    rows = results.figures(at, [name], under)[name]
    years = next((each for each in under if isinstance(each, Years)), None)
    first, last = (years.first, years.last) if years else (None, None)
    if of_firms:
        n = sum(int(row["firms"]) for row in results.figures(at, [_FIRMS], under)[_FIRMS])
    else:
        n = results.count(at, under)
    return Told(
        found, (FIRM, *_FIRM_WORDS) if of_firms else (under.unit, *UNIT_NAMES[under.unit]),
        (years.kind if years else "filing", first or horizon["first_year"], last or horizon["last_year"]),
        horizon["cutoff_date"], n, rows,
    )  # fmt: skip


def views(*, for_others: bool) -> list[str]:
    """The names of the views of the atlas; `for_others`: those that a release has which was shown to others."""
    return [name or OVERVIEW for name in VIEWS if not (for_others and name in WITHOUT)]


def figures(at: Opened, asked: Asked, view: str, *, for_others: bool) -> tuple[str, list[Figure]]:
    """Title and figures of a view as its page has them, in the language that is active.

    `for_others`: without counts so small that they tell of single firms. DefinitionError for a view that there is not.
    """
    if view not in views(for_others=for_others):
        raise DefinitionError(f"没有视图 {view!r}。", f"There is no view {view!r}.")
    title, make = VIEWS["" if view == OVERVIEW else view]
    tell = Telling(at, asked, links=not for_others, synthetic=at.row.synthetic)
    return str(title), [part.figure for part in make(tell) if part is not None]
