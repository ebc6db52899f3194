"""Pairs in doubt for people to decide: what is open, the facts of one, and the answer into the lake's log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from pingjiang import judgements
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.models import DataLake
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


@dataclass(frozen=True)
class Queue:
    """The pairs of a level.

    pairs     those in doubt that nobody has judged, those on which most hangs first
    in_doubt  all in doubt
    """

    pairs: list[Pair]
    in_doubt: int

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
    return Queue(still_open(pairs, standing, meaning), len(pairs))


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


def judge(row: DataLake, pair: Pair, verdict: str, *, who: str, why: str) -> Decided:
    """Put an answer into the lake's log, by the library. DefinitionError for a verdict that there is not."""
    return Desk(lake_of(row)).accept(pair.name_a, pair.name_b, verdict, subject=pair.level, who=who, why=why or None)


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
