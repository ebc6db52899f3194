"""What an address asks of the atlas, and the addresses of what else could be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast, get_args
from urllib.parse import urlencode

from django.http import QueryDict

from pingjiang.atlas import filters
from pingjiang.atlas.filters import Basis, Condition, Filter, Place, Years
from pingjiang.errors import DefinitionError
from pingjiang.schema.units import LEVELS, UNITS, Level, Unit

Deepest = Literal["district", "zone"]
_FIRST: Unit = "application"


@dataclass(frozen=True)
class Asked:
    """A filter; at which level organisations count; by whose address; districts or development zones."""

    under: Filter
    level: Level = "entity"
    basis: Basis = "applicant"
    deepest: Deepest = "district"
    release: str = ""

    @property
    def place(self) -> Place | None:
        """The place that is looked at: of those asked for the one farthest down."""
        own = [each for each in self.under if isinstance(each, Place) and each.basis == self.basis]
        return max(own, key=lambda each: (len(each.path), each.word), default=None)

    @property
    def years(self) -> Years | None:
        """The period that is asked for, the first where several are."""
        return next((each for each in self.under if isinstance(each, Years)), None)

    @property
    def words(self) -> list[tuple[str, str]]:
        """As words of an address; what is as usual is left out."""
        said = [("release", self.release)] if self.release else []
        said += self.under.words
        for name, usual in (("level", "entity"), ("basis", "applicant"), ("deepest", "district")):
            if getattr(self, name) != usual:
                said.append((name, getattr(self, name)))
        return said

    @property
    def query(self) -> str:
        """The words as a query string."""
        return urlencode(self.words)

    def narrowed(self, *more: Condition) -> Asked:
        """Narrowed further."""
        return replace(self, under=self.under.also(*more))

    def at_place(self, place: Place | None) -> Asked:
        """At another place, instead of the one of this basis."""
        kept = [each for each in self.under if not (isinstance(each, Place) and each.basis == self.basis)]
        return replace(self, under=Filter(self.under.unit, (*kept, *([place] if place else []))))

    def without(self, *dropped: Condition) -> Asked:
        """Without these conditions."""
        return replace(self, under=self.under.without(*dropped))

    def in_unit(self, unit: Unit) -> Asked:
        """The same in another unit."""
        return replace(self, under=Filter(unit, self.under.conditions))


def asked(query: QueryDict, release: str) -> Asked:
    """What a query string asks for. What it says wrongly is as if it were not said.

    Beside the words of filters it understands the fields of the filter bar: `kind`, `from`, `to`.
    """
    unit = query.get("unit", "")
    said: list[Condition] = []
    for name in filters.names():
        for value in query.getlist(name)[:20]:
            if value:
                said += _read(name, value)
    period = [query.get(end, "").strip() for end in ("from", "to")]
    if any(period):
        name = next((word for word in ("filed", "granted", "published") if word == query.get("kind")), "filed")
        said += _read(name, "-".join(period))
    return Asked(
        Filter(unit if unit in UNITS else _FIRST, tuple(said)),
        cast(Level, _one_of(query.get("level"), LEVELS)),
        cast(Basis, _one_of(query.get("basis"), get_args(Basis))),
        cast(Deepest, _one_of(query.get("deepest"), get_args(Deepest))),
        release,
    )


def _read(name: str, value: str) -> list[Condition]:
    try:
        return [filters.condition(name, value.replace("\x00", ""))]
    except DefinitionError:
        return []


def _one_of(value: str | None, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]
