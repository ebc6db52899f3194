"""What a lake's newest release tells: its sources, how fresh they are, what it holds, what waits for a build."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import Http404

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.models import DataLake, LakeRun, OwnFormat
from pingjiang.centre.evidence.opening import Opened, lake_of
from pingjiang.engine import Release
from pingjiang.errors import LakeError
from pingjiang.schema.units import UNITS
from pingjiang.sources import load_formats

LEFTOVERS = {"rejects": "rejects_file", "doubts": "doubts_file"}


@dataclass(frozen=True)
class Source:
    """An imported file, as its receipt tells it. `by` is None where it was not imported here."""

    receipt: Mapping[str, Any]
    title: tuple[str, str]
    by: Membership | None
    counted: bool  # in what was built

    @property
    def name(self) -> str:
        """The file's name."""
        return Path(self.receipt["path"]).name


def newest(lake: DataLake) -> Release | None:
    """The newest release, built or not; None in a lake that has none."""
    return lake_of(lake).current()


def sources(lake: DataLake, release: Release) -> list[Source]:
    """All sources of a release, the last one first."""
    told = list(release.info["sources"])
    runs = {
        f"run:{run.pk}": run.by
        for run in LakeRun.objects.filter(lake=lake, kind="import").select_related("by__user", "by__organisation")
    }
    built = _built(lake, release)
    titles = {name: (spec.title_zh, spec.title_en) for name, spec in load_formats().items()}
    titles |= {row.name: (row.title_zh, row.title_zh) for row in OwnFormat.objects.filter(owner=lake.owner)}
    return [
        Source(
            each, titles.get(each["format"], (each["format"], each["format"])),
            runs.get(each.get("imported_by") or ""), each["source_id"] in built,
        )
        for each in reversed(told)
    ]  # fmt: skip


def _built(lake: DataLake, release: Release) -> set[str]:
    """Ids of the sources that count in what was built; none where nothing was, or that release is gone."""
    name = release.info.get("built")
    if name is None:
        return set()
    try:
        found = release if name == release.id else lake_of(lake).release(name)
    except LakeError:
        return set()
    return {each["source_id"] for each in found.info["sources"]}


def holdings(at: Opened) -> dict[str, Any]:
    """What a built release holds: counted things by unit, other things, and how far its data reach."""
    return kept(at, "holdings", lambda: _holdings(at))


def _holdings(at: Opened) -> dict[str, Any]:
    with at.session() as session:
        units = dict(session.rows("select i.unit, count(*) from item i group by i.unit"))
        horizon = session.sql("select h.cutoff_date, h.first_year, h.last_year, h.last_complete_year from horizon h")
        told = horizon.dicts()
        coverage = session.sql("select c.* from coverage c").dicts(order_by="format")
    return {
        "units": [(unit, UNITS_WORDS[unit], units.get(unit, 0)) for unit in UNITS if unit in UNITS_WORDS],
        "organisations": at.release.rows("organisation"),
        "inventors": at.release.rows("inventor"),
        "horizon": told[0] if told else None,
        "coverage": coverage,
    }


UNITS_WORDS: dict[str, tuple[str, str]] = {
    "publication": ("件公开", "publications"),
    "application": ("件申请", "applications"),
    "simple_family": ("简单同族", "simple families"),
    "extended_family": ("扩展同族", "extended families"),
}


def days_since(told: object, today: datetime.date) -> int | None:
    """How many days ago a cut-off was; None where it is not known."""
    day = datetime.date.fromisoformat(told) if isinstance(told, str) else told
    return (today - day).days if isinstance(day, datetime.date) else None


def leftover(lake: DataLake, release: Release, source_id: str, kind: str) -> Path:
    """The file of rejects or doubts of a source. Http404 where there is none: no name leads out of the lake."""
    receipt = next((each for each in release.info["sources"] if each["source_id"] == source_id), None)
    told = receipt.get(LEFTOVERS[kind]) if receipt else None
    path = lake.path / "rejects" / Path(told).name if told else None
    if path is None or not path.is_file():
        raise Http404
    return path


def leftover_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of such a file by the names of their columns, one after another."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, restval="")
