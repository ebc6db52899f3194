"""Figures of the city lake that others may cite: a number of a release, with where it comes from.

Cited are releases whose figures were shown to others, of the bureau's lake of open sources. What is cited says which
release and which definition it was reckoned by, so that anybody can reckon it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from pingjiang.atlas.filters import Filter, Node, Place
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.evidence.atlas import results
from pingjiang.centre.evidence.models import DataLake, SharedRelease
from pingjiang.centre.evidence.opening import Opened, opened
from pingjiang.errors import LakeError
from pingjiang.indicators.registry import load


@dataclass(frozen=True)
class Cited:
    """A figure: what it is, of what, its value and unit, until when its data reach, and the release."""

    measure: str
    label: str
    of: str
    value: str
    unit: str
    indicator: str
    definition: str
    cutoff: str
    lake: str
    release: str

    def kept(self) -> dict[str, str]:
        """As plain texts."""
        return asdict(self)


@dataclass(frozen=True)
class Measure:
    """Something that can be cited: its name, its indicator, its unit, and how it is read from a release.

    `read` gets the release, the node and the place, and answers the number; None where the release does not tell.
    """

    name: str
    label: Label
    indicator: str
    unit: Label
    read: Callable[[Opened, str, Place | None], int | None]


def city_lake() -> DataLake | None:
    """The bureau's lake of open sources; None where there is none yet."""
    return DataLake.objects.filter(owner__kind="authority", open_sources=True).order_by("pk").first()


def releases() -> list[str]:
    """Releases of it that may be cited, the newest first: those whose figures were shown to others."""
    lake = city_lake()
    if lake is None:
        return []
    return list(
        SharedRelease.objects.filter(lake=lake, ended_at=None).order_by("-pk").values_list("release", flat=True)
    )


def citable(release: str) -> Opened | None:
    """A release that may be cited, opened; None for every other."""
    lake = city_lake()
    if lake is None or release not in releases():
        return None
    try:
        return opened(lake, release)
    except LakeError:
        return None


def nodes(at: Opened) -> list[tuple[str, str]]:
    """The nodes of a release's chain: id, and its name after those above it."""
    rows = results.chain(at)
    names = {row["node_id"]: str(row["name_zh"]) for row in rows}
    above = {row["node_id"]: row["parent_id"] for row in rows}

    def path(node: str) -> str:
        upper = above.get(node)
        return names[node] if upper is None or upper not in names else f"{path(str(upper))} › {names[node]}"

    return [(node, path(node)) for node in names]


def _firms(at: Opened, node: str, place: Place | None) -> int | None:
    """Firms and institutes of the register at a node, by credit code, each once; None where there is no register."""
    rows = results.figures(at, ["firms_by_node"], _under(node, place))["firms_by_node"]
    if not rows and results.figures(at, ["firms_by_node"], Filter("simple_family"))["firms_by_node"]:
        return 0  # there is a register, and none of it is there
    return next((int(row["firms"]) for row in rows if row["node_id"] == node), None)


def _families(at: Opened, node: str, place: Place | None) -> int | None:
    return results.count(at, _under(node, place))


def _rank(at: Opened, node: str, place: Place | None) -> int | None:
    """The rank of a city among those of China by families at a node; None where it has none, or is not known."""
    if place is None:
        return None
    rows = results.figures(at, ["cities"], _under(node, None))["cities"]
    mine = [row for row in rows if row["basis"] == "applicant" and row["country"] == "CN" and row["city"]]
    own = next((row["value"] for row in mine if (row["province"], row["city"]) == tuple(place.path[1:3])), None)
    return None if own is None else 1 + sum(row["value"] > own for row in mine)


def _under(node: str, place: Place | None) -> Filter:
    return Filter("simple_family", (Node(node), *((place,) if place is not None else ())))


MEASURES: tuple[Measure, ...] = (
    Measure("bodies", ("链上单位数（按统一社会信用代码）", "Bodies on the chain (by credit code)"), "firms_by_node",
            ("家", "bodies"), _firms),
    Measure("families", ("专利族数", "Patent families"), "node_counts", ("项", "families"), _families),
    Measure("rank", ("专利族数全国城市位次", "Rank among the cities of China by families"), "cities",
            ("位", "in rank"), _rank),
)  # fmt: skip


def places(at: Opened) -> list[tuple[str, str]]:
    """Cities of China that the release knows: 'province/city', by name."""
    rows = results.figures(at, ["cities"], Filter("simple_family"))["cities"]
    found = {(str(row["province"]), str(row["city"])) for row in rows
             if row["country"] == "CN" and row["province"] and row["city"]}  # fmt: skip
    return [(f"{province}/{city}", f"{province} {city}") for province, city in sorted(found)]


def cite(at: Opened, measure: str, node: str, place: str) -> Cited | None:
    """A figure of a release; None where there is no such measure, node or place, or the release does not tell."""
    asked = next((each for each in MEASURES if each.name == measure), None)
    names = dict(nodes(at))
    known = dict(places(at)) if place else {}
    if asked is None or node not in names or (place and place not in known):
        return None
    there = Place("applicant", ("CN", *place.split("/", 1))) if place else None
    value = asked.read(at, node, there)
    if value is None:
        return None
    indicator = load(asked.indicator)
    of = names[node] + (f" · {known[place]}" if place else "")
    return Cited(
        asked.name, asked.label[0], of, str(value), asked.unit[0], asked.indicator, _one_line(indicator.definition_zh),
        str(results.horizon(at)["cutoff_date"] or ""), at.row.name_zh, at.id,
    )  # fmt: skip


def keep(at: Opened, reason: str) -> None:
    """The lake keeps a release that somebody cites, also when it is shown no more. `reason` says who does."""
    at.lake.pin(at.id, reason)


def _one_line(text: Any) -> str:
    return " ".join(str(text).split())
