"""What a decision takes from the experts: the ranked rows of the locked panels of a track, and nothing before that."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from pingjiang.centre.casework.history import canonical
from pingjiang.centre.programme.models import Call


@dataclass(frozen=True)
class Ranked:
    """An application in the results. `ranks`: the best and the worst that the methods give it. `probability` in per
    cent; None, as every number here, where there is none."""

    application: int
    rank: int | None
    ranks: tuple[int, int] | None
    mean: Decimal | None
    trimmed: Decimal | None
    probability: Decimal | None
    standing: str  # in, borderline, out; '' for unknown
    valid: int
    discuss: bool

    def kept(self) -> dict[str, Any]:
        """As plain texts and whole numbers."""
        return {
            name: str(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class Exclusion:
    """An expert who was kept from an application, and why."""

    expert: str
    application: str
    reason: str


@dataclass(frozen=True)
class Result:
    """The results of a track. `locked_on`: the day on which the last score was locked."""

    rows: tuple[Ranked, ...]
    experts: int
    locked_on: datetime.date
    draws: int
    seed: str
    exclusions: tuple[Exclusion, ...] = ()

    def kept(self) -> dict[str, Any]:
        """What is told beside the rows."""
        return {
            "experts": self.experts, "locked_on": self.locked_on.isoformat(), "draws": self.draws, "seed": self.seed,
            "exclusions": [asdict(each) for each in self.exclusions],
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """SHA-256 of all of it: another score, another digest."""
        text: Mapping[str, Any] = {**self.kept(), "rows": [row.kept() for row in self.rows]}
        return hashlib.sha256(canonical(text).encode()).hexdigest()


Source = Callable[[Call, str], Result | None]
_source: list[Source] = []


def provide(source: Source) -> None:
    """Say who knows the results. A second word on it is a mistake."""
    if _source:
        raise RuntimeError("the results have their source already")
    _source.append(source)


def locked(call: Call, track: str) -> Result | None:
    """The results of a track, once all its panels are locked; None before."""
    return _source[0](call, track) if _source else None
