"""A figure as the pages show it: with its whole foot, and a way from each number to what is counted in it.

Those whom a release was only shown to get the same figures by the same code, with no way to rows (`links` is off) and
without counts below `FEWEST`: two of these, beside a total, would tell of single firms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from pingjiang.atlas import filtered
from pingjiang.atlas.filters import Condition, Filter
from pingjiang.atlas.words import UNIT_NAMES
from pingjiang.centre.evidence.atlas import results
from pingjiang.centre.evidence.atlas.asking import Asked
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.pages.figures import Figure
from pingjiang.centre.pages.lists import Linked
from pingjiang.centre.pages.words import said
from pingjiang.errors import DefinitionError
from pingjiang.indicators.registry import load

SURE = 30  # below, neither rank nor growth
FEWEST = 3  # counts that are shown to those who may not see the rows
_STEPS = ((2,), (1, 4), (0, 2, 4), (0, 2, 3, 4), (0, 1, 2, 3, 4))


class Counted(int):
    """A number of a figure's table with the address of its list; None where there is no way to it."""

    url: str | None

    def __new__(cls, value: int, url: str | None = None) -> Counted:
        """A whole number that may lead somewhere."""
        made = super().__new__(cls, value)
        made.url = url
        return made

    def __str__(self) -> str:
        return f"{int(self):,}"


@dataclass(frozen=True)
class Part:
    """A figure on a page: of how many of the twelve columns; drawn by a template where it is no chart."""

    figure: Figure
    span: int
    template: str = ""
    data: Any = None
    more: str = ""  # where more of it is


@dataclass
class Telling:
    """What all figures of a page share: the release, what is asked, and where links lead."""

    at: Opened
    asked: Asked
    home: str = ""  # the address of the overview; pages of the atlas lie below
    links: bool = True
    synthetic: bool = False

    def rows(self, name: str, under: Filter | None = None) -> results.Rows:
        """The rows of an indicator under the filter."""
        return results.figures(self.at, [name], under or self.asked.under)[name]

    def at_level(self, name: str) -> list[Mapping[str, Any]]:
        """The same of the level that is asked for."""
        return [row for row in self.rows(name) if row["level"] == self.asked.level]

    @cached_property
    def n(self) -> int:
        """How many things pass the filter."""
        return results.count(self.at, self.asked.under)

    @cached_property
    def horizon(self) -> Mapping[str, Any]:
        """How far the release reaches."""
        return results.horizon(self.at)

    @cached_property
    def nodes(self) -> Mapping[str, Mapping[str, Any]]:
        """The chain's nodes by id, in order."""
        return {str(row["node_id"]): row for row in results.chain(self.at)}

    def node(self, node_id: str | None) -> str:
        """A node in words."""
        if node_id is None:
            return _("未归入任何节点")
        row = self.nodes.get(node_id)
        return said((row["name_zh"], row["name_en"] or row["name_zh"])) if row else node_id

    @property
    def unit(self) -> str:
        """The unit in words."""
        return said(UNIT_NAMES[self.asked.under.unit])

    @property
    def period(self) -> str:
        """The years that are asked for, else those of the data."""
        years = self.asked.years
        first = (years and years.first) or self.horizon["first_year"]
        last = (years and years.last) or self.horizon["last_year"]
        kinds = {"grant": _("授权年"), "publication": _("公开年")}
        return f"{kinds.get(years.kind, _('申请年')) if years else _('申请年')} {first or '—'}–{last or '—'}"

    @property
    def cutoff(self) -> str:
        """Up to when the data reach."""
        return _("截止 %(day)s") % {"day": self.horizon["cutoff_date"] or _("未知")}

    @property
    def rule(self) -> str:
        """By which chain nodes are told."""
        told = self.at.release.info.get("chain", {})
        return _("产业链 %(name)s %(version)s") % {
            "name": said((told.get("name_zh", "—"), told.get("name_en") or "—")),
            "version": told.get("version", ""),
        }

    def figure(
        self,
        name: str,
        title: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[object]],
        *,
        unknown: int | None = None,
        n: int | None = None,
        option: Mapping[str, Any] | None = None,
        summary: str = "",
        unit: str = "",
        more: str = "",
    ) -> Figure:
        """A figure with the foot that all have. `more`: what else n must tell."""
        count = f"n = {self.said(self.n if n is None else n)}"
        if unknown is not None:
            count += _("，其中未知 %(n)s") % {"n": self.said(unknown)}
        return Figure(
            name,
            title,
            _("单位 %(unit)s") % {"unit": unit or self.unit},
            self.period,
            self.cutoff,
            count + more,
            self.at.id,
            f"{self.definition(name)}{self.rule}",
            heads,
            rows,
            option=option,
            summary=summary,
            synthetic=self.synthetic,
            under_bar=self.links,
        )

    def definition(self, name: str) -> str:
        """The definition by its name, so that an exported figure says what it is."""
        try:
            indicator = load(name)
        except DefinitionError:  # a figure of the page's own: its title says it
            return ""
        return f"{said((indicator.name_zh, indicator.name_en))} · "

    # -- ways on -----------------------------------------------------------------------------------------

    def page(self, asked: Asked, view: str = "") -> str | None:
        """A page of the atlas for another question."""
        return f"{self.home}{view}?{asked.query}"

    def items(self, under: Filter) -> str | None:
        """The list of what passes a filter."""
        return self.page(replace(self.asked, under=under), "items/") if self.links else None

    def behind(self, name: str, row: Mapping[str, Any]) -> str | None:
        """The list of what is counted in a row."""
        under = filtered.behind(name, row, self.asked.under) if self.links else None
        return None if under is None else self.items(under)

    def narrowed(self, *more: Condition, view: str = "") -> str | None:
        """This page, narrowed further."""
        return self.page(self.asked.narrowed(*more), view)

    def counted(self, name: str, row: Mapping[str, Any], column: str = "value") -> object:
        """A count with the way to its list; a text where it is too small to be shown to others."""
        return self.shown(int(row[column]), self.behind(name, row) if row[column] else None)

    def shown(self, value: int, url: str | None = None) -> object:
        """The same where the list is known."""
        if not self.links and 0 < value < FEWEST:
            return f"<{FEWEST}"
        return Counted(value, url)

    def said(self, value: int) -> str:
        """A count within a sentence, as whoever looks may see it."""
        return str(self.shown(value))

    @property
    def n_said(self) -> str:
        """How many things pass, likewise."""
        return self.said(self.n)

    def share(self, value: int, whole: int) -> str | None:
        """A share; none of a count that may not be seen, nor of nothing."""
        return percent(value / whole) if whole and self.drawn(value) == value else None

    def drawn(self, value: int) -> int:
        """A count as a chart may draw it: a small one that others may not see is none."""
        return 0 if not self.links and 0 < value < FEWEST else value


def percent(value: float | None) -> str | None:
    """A share with one decimal."""
    return None if value is None else f"{value * 100:.1f}%".replace("-", "\u2212")


def named(text: str, url: str | None) -> object:
    """A text that leads somewhere, where it does."""
    return Linked(text, url) if url else text


@dataclass(frozen=True)
class Scale:
    """Steps of a fill, at most five, evenly on a logarithmic scale and rounded to 1, 2, 5; zero has none."""

    limits: tuple[int, ...]
    least: int
    most: int

    @classmethod
    def of(cls, values: Sequence[int]) -> Scale:
        """The scale of these values."""
        known = [value for value in values if value > 0]
        if not known:
            return cls((), 0, 0)
        least, most = min(known), max(known)
        limits: list[int] = []
        for part in (0.2, 0.4, 0.6, 0.8):
            limit = max(2, _nice(least * (most / least) ** part))
            if limit > (limits[-1] if limits else least) and limit <= most:
                limits.append(limit)
        return cls(tuple(limits), least, most)

    def step(self, value: int) -> int:
        """Which fill a value has: 1 to 5; 0 is none."""
        if value <= 0:
            return 0
        return _STEPS[len(self.limits)][sum(value >= limit for limit in self.limits)] + 1

    @property
    def legend(self) -> list[tuple[int, str]]:
        """Each fill with what it means."""
        if not self.limits:
            return [(3, f"{self.least:,}–{self.most:,}")] if self.most else []
        lows = [self.least, *self.limits]
        highs = [*(limit - 1 for limit in self.limits), None]
        return [
            (self.step(low), f"{low:,}+" if high is None else f"{low:,}" if low == high else f"{low:,}–{high:,}")
            for low, high in zip(lows, highs, strict=True)
        ]


def _nice(value: float) -> int:
    power = 10 ** math.floor(math.log10(value))
    lead = value / power
    return int((1 if lead < 1.5 else 2 if lead < 3.5 else 5 if lead < 7.5 else 10) * power)
