"""Pairs in doubt for people to decide: what is open, the facts of one, and the answer into the lake's log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp

from pingjiang import judgements
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.models import DataLake, JudgedPair
from pingjiang.centre.evidence.opening import Opened, lake_of
from pingjiang.engine import Session, Table
from pingjiang.identities.inventors.model import load as load_model
from pingjiang.identities.organisations.method import shipped_method
from pingjiang.judgements import Decided, Judgement, Log
from pingjiang.judging import Desk
from pingjiang.judging.facts import TABLES, Facts, facts_of
from pingjiang.judging.pairs import Pair, all_pairs, inventor_pairs, meaning_of, names_of, still_open
from pingjiang.pipeline import seal_of

LEVELS = ("organisation", "group", "inventor")
_TOP = 100  # scores are said in hundredths


@dataclass(frozen=True)
class Asked:
    """Which pairs an address asks for: of a level, with scores (of 0 to 100) from `low` to `high`, in which order.

    drawn  in the order of chance: what is judged in that order is a sample of what is in doubt
    """

    level: str
    low: int = 0
    high: int = _TOP
    drawn: bool = False

    @property
    def words(self) -> dict[str, str]:
        """As words of an address; what is as usual is left out."""
        told = {"level": self.level}
        told |= {"low": str(self.low)} if self.low else {}
        told |= {"high": str(self.high)} if self.high != _TOP else {}
        return told | ({"order": "drawn"} if self.drawn else {})

    def holds(self, pair: Pair) -> bool:
        """Whether the score of a pair lies between the two."""
        return self.low <= percent(pair) <= self.high

    @property
    def whole(self) -> bool:
        """Whether no pair is left out."""
        return (self.low, self.high) == (0, _TOP)


def asked(told: Mapping[str, str]) -> Asked:
    """What an address or a form asks for. What it says wrongly is as if it were not said."""
    level = told.get("level", "")
    low, high = (_score_of(told.get(name), usual) for name, usual in (("low", 0), ("high", _TOP)))
    return Asked(
        level if level in LEVELS else "organisation", min(low, high), max(low, high), told.get("order") == "drawn"
    )


def _score_of(text: str | None, usual: int) -> int:
    return min(int(text), _TOP) if text and text.isascii() and text.isdecimal() and len(text) < 9 else usual


def percent(pair: Pair) -> int:
    """A score as it is shown."""
    return round(_TOP * pair.score)


@dataclass(frozen=True)
class Queue:
    """The pairs of a level.

    pairs     those in doubt that nobody has judged, those on which most hangs first
    doubted   all in doubt, judged or not
    """

    pairs: list[Pair]
    doubted: list[Pair]

    @property
    def in_doubt(self) -> int:
        """How many are in doubt, judged or not."""
        return len(self.doubted)

    def part(self, of: Asked) -> Queue:
        """Those that are asked for, in their order. What is in doubt stays whole."""
        found = [pair for pair in self.pairs if of.holds(pair)]
        return replace(self, pairs=sorted(found, key=lambda pair: pair.row_id) if of.drawn else found)

    def place(self, row_id: str) -> int | None:
        """Where a pair stands; None where it is not open (any more)."""
        return next((at for at, pair in enumerate(self.pairs) if pair.row_id == row_id), None)


@dataclass(frozen=True)
class Waiting:
    """Judgements that the build of the release did not know: how many rows, of how many people."""

    rows: int
    people: int


def queue(at: Opened, level: str) -> Queue:
    """What waits at a level. LakeCorrupt where the log of judgements is not whole."""
    pairs, meaning = kept(at, ("pairs in doubt", level), lambda: _pairs(at, level))
    standing = [row for row in judgements.in_force(rows(at)) if judgements.concerns(row, level)]
    unknown = names_of((), standing) - meaning.keys()
    if unknown:
        more = kept(at, ("meaning", level, frozenset(unknown)), lambda: _meaning(at, level, unknown))
        meaning = {**meaning, **more}
    return Queue(still_open(pairs, standing, meaning), pairs)


def rows(at: Opened) -> tuple[Judgement, ...]:
    """All that was judged in the lake up to now."""
    return Log(at.lake.judgements).read(seal_of(at.release)).rows


def waiting(at: Opened) -> Waiting:
    """What was judged since the release was built."""
    seal = seal_of(at.release)
    fresh = rows(at)[seal.count if seal else 0 :]
    return Waiting(len(fresh), len({row.who for row in fresh}))


def _pairs(at: Opened, level: str) -> tuple[list[Pair], dict[str, str]]:
    name = "inventor_doubt" if level == "inventor" else "organisation_doubt"
    with at.session() as session:
        doubt = session.sql(f"select d.* from {name} d")
        found = inventor_pairs(doubt) if level == "inventor" else [p for p in all_pairs(doubt) if p.level == level]
        return found, meaning_of(session, names_of(found, ()), level, _tables(at, session))


def _meaning(at: Opened, level: str, names: set[str]) -> dict[str, str]:
    with at.session() as session:
        return meaning_of(session, names, level, _tables(at, session))


def _tables(at: Opened, session: Session) -> Mapping[str, Table]:
    return {name: session.sql(f"select t.* from {name} t") for name in TABLES if name in at.release.tables}


def facts(at: Opened, pair: Pair) -> Facts:
    """The two columns of facts of a pair, and its points."""

    def made() -> Facts:
        with at.session() as session:
            return facts_of(session, pair, _tables(at, session))

    return kept(at, ("facts", pair.row_id), made)


def pair_of(at: Opened, level: str, row_id: str) -> Pair | None:
    """A pair of the release by its id, judged or not."""
    pairs, _ = kept(at, ("pairs in doubt", level), lambda: _pairs(at, level))
    return next((pair for pair in pairs if pair.row_id == row_id), None)


def judge(at: Opened, pair: Pair, verdict: str, *, who: str, why: str, drawn: bool = False) -> Decided:
    """Put an answer into the lake's log, by the library. DefinitionError for a verdict that there is not.

    The score that the pair had is kept beside it. A pair that was once judged in the order of chance stays one.
    """
    told = Desk(lake_of(at.row)).accept(
        pair.name_a, pair.name_b, verdict, subject=pair.level, who=who, why=why or None
    )  # fmt: skip
    JudgedPair.objects.get_or_create(
        lake=at.row, row_id=pair.row_id,
        defaults={"level": pair.level, "name_a": pair.name_a, "name_b": pair.name_b, "score": pair.score,
                  "drawn": drawn, "release": at.id},
    )  # fmt: skip
    return told


def undo(row: DataLake, ids: list[str], *, who: str) -> None:
    """Take answers back: rows of their own, nothing is lost. DefinitionError where one was taken back already."""
    desk = Desk(lake_of(row))
    for judgement_id in ids:
        desk.undo(judgement_id, who=who)


def line(level: str) -> tuple[float, float]:
    """At which score the machine joins, and from which it asks people."""
    if level == "inventor":
        return 0.5, _score(load_model().doubt - load_model().bars[-1])
    method = shipped_method()
    told = method.entity if level == "organisation" else method.group
    return float(told["threshold"]), float(told["doubt"])


def _score(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
