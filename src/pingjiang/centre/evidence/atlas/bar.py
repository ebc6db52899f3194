"""The filter bar: what is asked, as switches, fields and words that can be taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from pingjiang.atlas.filters import LIVES, Condition, Filter, Life, Node, Organisation, Place, Years
from pingjiang.atlas.words import UNIT_NAMES
from pingjiang.centre.evidence.atlas import results
from pingjiang.centre.evidence.atlas.asking import Deepest
from pingjiang.centre.evidence.atlas.by_organisation import level_words
from pingjiang.centre.evidence.atlas.by_place import basis_words, country
from pingjiang.centre.evidence.atlas.by_time import life_words
from pingjiang.centre.evidence.atlas.telling import Telling
from pingjiang.centre.pages.lists import Choice
from pingjiang.centre.pages.words import said
from pingjiang.schema.units import LEVELS, UNITS

_KINDS = {"filing": "filed", "grant": "granted", "publication": "published"}


@dataclass(frozen=True)
class Word:
    """A condition in words, with the address without it."""

    label: str
    text: str
    url: str | None


@dataclass
class Bar:
    """All switches and fields of the bar, as they are drawn."""

    tell: Telling
    view: str

    def _choice(self, value: str, label: str, chosen: bool, url: str | None) -> Choice:
        return Choice(value, label, chosen, url or "")

    @property
    def units(self) -> list[Choice]:
        """The unit comes first."""
        asked = self.tell.asked
        return [
            self._choice(
                unit, said(UNIT_NAMES[unit]), unit == asked.under.unit, self.tell.page(asked.in_unit(unit), self.view)
            )
            for unit in UNITS
        ]

    @property
    def levels(self) -> list[Choice]:
        """World, China, then the province and city that are looked at, or that hold most."""
        asked = self.tell.asked
        at = asked.place
        path = at.path[:3] if at and None not in at.path[:3] else ()
        home: list[tuple[str | None, ...]] = [("CN",)]
        deeper = path if path[:1] == ("CN",) else ()
        home += [deeper[:depth] for depth in range(2, len(deeper) + 1)] if len(deeper) > 1 else self._most()
        if path and path[0] != "CN":
            home += [path[:depth] for depth in range(1, len(path) + 1)]
        choices = [self._choice("", _("全球"), at is None, self.tell.page(asked.at_place(None), self.view))]
        for each in home:
            place = Place(asked.basis, each)
            label = _("全国") if each == ("CN",) else country(each[0]) if len(each) == 1 else str(each[-1])
            chosen = at is not None and at.path == each
            choices.append(self._choice(place.word[1], label, chosen, self.tell.page(asked.at_place(place), self.view)))
        if at is not None and len(at.path) > 3:
            choices.append(self._choice(at.word[1], at.path[3] or _("未知"), True, self.tell.page(asked, self.view)))
        return choices

    def _most(self) -> list[tuple[str | None, ...]]:
        """The province and city of China with most items, whatever is filtered."""
        rows = results.figures(self.tell.at, ["cities"], Filter(self.tell.asked.under.unit))["cities"]
        own = [row for row in rows if row["basis"] == self.tell.asked.basis and row["country"] == "CN" and row["city"]]
        best = max(own, key=lambda row: (row["value"], row["city"]), default=None)
        if best is None:
            return []
        both: list[tuple[str | None, ...]] = [("CN", best["province"]), ("CN", best["province"], best["city"])]
        return both[1:] if best["province"] == best["city"] else both

    @property
    def organisation_levels(self) -> list[Choice]:
        """Legal entities or groups."""
        asked, words = self.tell.asked, level_words()
        return [
            self._choice(each, words[each], each == asked.level, self.tell.page(replace(asked, level=each), self.view))
            for each in LEVELS
        ]

    @property
    def bases(self) -> list[Choice]:
        """Whose address."""
        asked, words = self.tell.asked, basis_words()
        return [
            self._choice(each, words[each], each == asked.basis, self.tell.page(replace(asked, basis=each), self.view))  # type: ignore[arg-type]
            for each in words
        ]

    @property
    def deepest(self) -> list[Choice]:
        """Districts or development zones below a city; nothing elsewhere."""
        at, asked = self.tell.asked.place, self.tell.asked
        if at is None or len(at.path) < 3 or at.path[0] != "CN":
            return []
        words: dict[Deepest, str] = {"district": _("区县"), "zone": _("板块")}
        return [
            self._choice(
                each, words[each], each == asked.deepest, self.tell.page(replace(asked, deepest=each), self.view)
            )
            for each in words
        ]

    @property
    def kinds(self) -> list[Choice]:
        """Of which year."""
        own = self.tell.asked.years
        words = {"filed": _("申请年"), "granted": _("授权年"), "published": _("公开年")}
        return [self._choice(word, words[word], bool(own) and _KINDS[own.kind] == word, None) for word in words]  # type: ignore[union-attr]

    @property
    def first(self) -> str:
        """The first year that is asked for."""
        return str(self.tell.asked.years.first or "") if self.tell.asked.years else ""

    @property
    def last(self) -> str:
        """The last one."""
        return str(self.tell.asked.years.last or "") if self.tell.asked.years else ""

    @property
    def node_choices(self) -> list[Choice]:
        """The chain's nodes, below each other."""
        chosen = {each.node_id for each in self.tell.asked.under if isinstance(each, Node)}
        return [
            self._choice(key, "\u3000" * (int(node["level"]) - 1) + self.tell.node(key), key in chosen, None)
            for key, node in self.tell.nodes.items()
        ] + [self._choice("-", self.tell.node(None), None in chosen, None)]

    @property
    def states(self) -> list[Choice]:
        """Legal states."""
        chosen = {each.life for each in self.tell.asked.under if isinstance(each, Life)}
        words = life_words()
        return [self._choice(life, words[life], life in chosen, None) for life in LIVES]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form sends along: all words but those of its own fields."""
        own = self._own_fields()
        dropped = {each.word for each in own}
        return [word for word in self.tell.asked.words if word not in dropped]

    def _own_fields(self) -> list[Condition]:
        found: list[Condition] = []
        for kind in (Years, Node, Life):
            found += [each for each in self.tell.asked.under if isinstance(each, kind)][:1]
        return found

    @property
    def words(self) -> Sequence[Word]:
        """All conditions in words."""
        return [
            Word(*self._said(each), self.tell.page(self.tell.asked.without(each), self.view))
            for each in self.tell.asked.under
        ]

    def _said(self, each: Condition) -> tuple[str, str]:
        if isinstance(each, Years):
            label = {"filing": _("申请年"), "grant": _("授权年"), "publication": _("公开年")}[each.kind]
            if each.first is None and each.last is None:
                return label, _("未知")
            return label, str(each.first) if each.first == each.last else f"{each.first or ''}–{each.last or ''}"
        if isinstance(each, Node):
            return _("节点"), self.tell.node(each.node_id)
        if isinstance(each, Place):
            parts = [country(each.path[0]), *(part or _("未知") for part in each.path[1:])]
            return basis_words()[each.basis], " › ".join(parts)
        if isinstance(each, Organisation):
            if each.organisation_id is None:
                return _("申请人"), _("未知")
            names = results.organisation_names(self.tell.at, [each.organisation_id])
            return level_words()[each.level], names.get(each.organisation_id, each.organisation_id)
        return _("登记状态"), life_words()[each.life]

    @property
    def bare(self) -> str | None:
        """Without any condition."""
        asked = self.tell.asked
        return self.tell.page(replace(asked, under=Filter(asked.under.unit)), self.view)
