"""By what results are counted and ordered: applications, families, days. A number a publication, all of them mapped.

by/application.npy, by/simple_family.npy, by/extended_family.npy   which one it counts for, numbered from 0
by/published.npy, by/filed.npy             days since 1970; _UNKNOWN where none is told
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.search.compiled import Ordinals
from pingjiang.search.facets import different

PUBLICATION, APPLICATION, FAMILY = "publication", "application", "simple_family"
UNITS = (PUBLICATION, APPLICATION, FAMILY)
# Order → the days, and whether the newest come first. What has no day comes last either way; ties go by publication.
ORDERS: Mapping[str, tuple[str, bool]] = {
    "-published": ("published", True),
    "published": ("published", False),
    "-filed": ("filed", True),
    "filed": ("filed", False),
}
NEWEST = "-published"
_UNKNOWN = 2**30  # later than any day: what has no day comes last
KIN = "extended_family"  # no unit of lists; whose members are told on the page of a publication
_GROUPS = {APPLICATION: "application", FAMILY: "family", KIN: "kin"}
_DAYS = {"published": "publication_date", "filed": "filing_date"}


def write_arrangement(session: Session, rows: Table, count: int, folder: Path) -> None:
    """Write the numbers of all publications.

    rows: (ordinal, application, family, kin, filing_date, publication_date).
    """
    folder.mkdir()
    groups = ", ".join(f"dense_rank() over (order by r.{name}) - 1 as {unit}" for unit, name in _GROUPS.items())
    made = session.materialise(f"select r.ordinal, r.filing_date, r.publication_date, {groups} from r", r=rows)
    told = session.arrow("select * from made order by made.ordinal", made=made)
    if len(told) != count:
        raise ValueError(f"{len(told)} of {count} publications are numbered")
    for name, day in _DAYS.items():
        days = told[day].cast(pa.date32()).cast(pa.int32()).fill_null(_UNKNOWN)
        np.save(folder / f"{name}.npy", days.to_numpy())
    for unit in _GROUPS:
        np.save(folder / f"{unit}.npy", told[unit].to_numpy().astype(np.int32))


class Arrangement:
    """The numbers of an index."""

    def __init__(self, folder: Path) -> None:
        self._numbers = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in (*_DAYS, *_GROUPS)}

    def groups(self, unit: str, ordinals: Ordinals) -> np.ndarray[Any, Any] | None:
        """Of each publication the number of what it counts for in a unit; None where it counts for itself."""
        return None if unit == PUBLICATION else np.asarray(self._numbers[unit][ordinals])

    def count(self, unit: str, ordinals: Ordinals) -> int:
        """How many of a unit these publications are."""
        groups = self.groups(unit, ordinals)
        return len(ordinals) if groups is None else different(groups)

    def members(self, unit: str, ordinal: int) -> Ordinals:
        """The publications that count for the same as this one, itself among them, in order."""
        numbers = self._numbers[unit]
        return np.flatnonzero(numbers == numbers[ordinal])

    def arranged(self, ordinals: Ordinals, unit: str, order: str) -> Ordinals:
        """Publications (given by ordinal, in order) in another order; of each application or family the first alone."""
        name, newest = ORDERS[order]
        if order != NEWEST:
            days = self._numbers[name][ordinals].astype(np.int64)
            key = np.where(days == _UNKNOWN, days, -days if newest else days)
            ordinals = np.sort((key << 32) | ordinals) & 0xFFFFFFFF
        groups = self.groups(unit, ordinals)
        if groups is None or not len(groups):
            return ordinals
        places = np.arange(len(groups))
        first = np.empty(int(groups.max()) + 1, dtype=np.int64)
        first[groups[::-1]] = places[::-1]  # what is written last stays: the first place
        kept: Ordinals = ordinals[first[groups] == places]
        return kept
