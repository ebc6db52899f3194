"""Mentions in, persons out: portions of whole blocks are compared one after the other, memory holds one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from pingjiang.engine import Session, Table
from pingjiang.identities.inventors.features import Groups, Integers
from pingjiang.identities.inventors.gathering import KINDS, Gathered, Sources, gather
from pingjiang.identities.inventors.grouping import Joined, group
from pingjiang.identities.inventors.model import CATEGORIES, Model, load

_REASONS = 3  # reasons of a link
_LEAST = 0.05  # what adds less to a score is no reason


@dataclass(frozen=True)
class Linked:
    """Who is who.

    mention   (mention_id, kind, unit, person, score, reasons): `person` is the lowest unit of those that are one, NULL
              with the unit where no person is named; score and reasons are NULL where a person has one unit
    doubt     (unit_a, unit_b, score, reasons): persons, by their lowest units, who may be one
    point     (unit_a, unit_b, feature, points): what the scores of these are made of; `line` is what joining asks for
    """

    mention: Table
    doubt: Table
    point: Table


def link(session: Session, sources: Sources, model: Model | None = None) -> Linked:
    """Mentions to persons. The same mentions give the same persons, in whatever order they come."""
    gathered = gather(session, sources)
    judge, links, doubts, points = model or load(), [], [], []
    for number, groups in portions(session, gathered):
        joined = group(groups, judge)
        links.append(_links(number, joined, judge.bars[-1]))
        doubts.append(_doubts(number, joined, judge.bars[-1]))
        points.append(_points(number, joined, judge.bars[-1]))
    linked = session.from_arrow(pa.concat_tables([_NO_LINKS, *links]))
    mention = session.materialise(
        """
        select m.mention_id, m.kind, m.unit, l.person, l.score, l.reasons
        from m left join l on l.unit = m.unit
        """,
        m=gathered.mention,
        l=linked,
    )
    return Linked(
        mention,
        session.from_arrow(pa.concat_tables([_NO_DOUBTS, *doubts])),
        session.from_arrow(pa.concat_tables([_NO_POINTS, *points])),
    )


def portions(session: Session, gathered: Gathered) -> Iterator[tuple[Integers, Groups]]:
    """Each portion: the numbers of its units, in order, and the units as groups of one."""
    numbers = [row[0] for row in session.rows("select distinct u.portion from u order by 1", u=gathered.unit)]
    widths = {
        kind: int(count) for kind, count in session.rows(
            "select t.kind, max(t.token) + 1 from t group by t.kind", t=gathered.token
        )
    }  # fmt: skip
    for number in numbers:
        unit = session.arrow(
            f"select u.unit, u.block, u.given, u.common, u.year from u where u.portion = {number} order by u.unit",
            u=gathered.unit,
        )
        token = session.arrow(
            f"select t.unit, t.kind, t.token, t.rarity from t where t.portion = {number} "
            "order by t.kind, t.unit, t.token",
            t=gathered.token,
        )
        at = unit["unit"].to_numpy().astype(np.int64)
        yield at, _groups(unit, at, token, widths)


def _groups(unit: pa.Table, at: Integers, token: pa.Table, widths: dict[str, int]) -> Groups:
    given = unit["given"].combine_chunks().dictionary_encode()
    block = unit["block"].combine_chunks().dictionary_encode()
    year = _floats(unit["year"])
    named = given.indices.to_numpy().astype(np.int64)
    kinds = np.asarray(token["kind"].to_pylist(), dtype=object)
    of, number = token["unit"].to_numpy().astype(np.int64), token["token"].to_numpy().astype(np.int64)
    weight = _floats(token["rarity"])
    tokens, rarity = {}, {}
    for kind in KINDS:
        mine = np.flatnonzero(kinds == kind)
        width = widths.get(kind, 1)
        rows = np.searchsorted(at, of[mine])
        tokens[kind] = sparse.csr_matrix((np.ones(len(mine), np.float32), (rows, number[mine])), shape=(len(at), width))
        rarity[kind] = np.zeros(width, np.float32)
        rarity[kind][number[mine]] = weight[mine]
    return Groups(
        block.indices.to_numpy().astype(np.int64), np.stack([named, named], axis=1), given.dictionary.to_pylist(),
        year, year.copy(), _floats(unit["common"]), np.ones(len(at), np.float32), tokens, rarity,
    )  # fmt: skip


def _floats(column: pa.ChunkedArray) -> npt.NDArray[np.float32]:
    found: npt.NDArray[np.float32] = column.cast(pa.float64()).to_numpy().astype(np.float32)
    return found


_LINK_FIELDS = pa.schema(
    [("unit", pa.int64()), ("person", pa.int64()), ("score", pa.float64()), ("reasons", pa.list_(pa.string()))]
)
_DOUBT_FIELDS = pa.schema(
    [("unit_a", pa.int64()), ("unit_b", pa.int64()), ("score", pa.float64()), ("reasons", pa.list_(pa.string()))]
)
_POINT_FIELDS = pa.schema(
    [("unit_a", pa.int64()), ("unit_b", pa.int64()), ("feature", pa.string()), ("points", pa.float64())]
)
_NO_LINKS, _NO_DOUBTS, _NO_POINTS = (each.empty_table() for each in (_LINK_FIELDS, _DOUBT_FIELDS, _POINT_FIELDS))
POINTS = (*CATEGORIES, "line")  # what points are for, in the order in which they are shown


def _links(number: Integers, joined: Joined, bar: float) -> pa.Table:
    alone = np.isnan(joined.score)
    reasons = [None if lone else told(row) for lone, row in zip(alone.tolist(), joined.reasons, strict=True)]
    return pa.table(
        [number, number[joined.label], pa.array(_shown(joined.score, bar), mask=alone), reasons], schema=_LINK_FIELDS
    )


def _doubts(number: Integers, joined: Joined, bar: float) -> pa.Table:
    one, other, score, why = joined.doubts
    return pa.table([number[one], number[other], _shown(score, bar), [told(row) for row in why]], schema=_DOUBT_FIELDS)


def _points(number: Integers, joined: Joined, bar: float) -> pa.Table:
    """What the scores of doubtful pairs are made of, a row each that adds something."""
    one, other, _score, why = joined.doubts
    every = np.column_stack([why.astype(np.float64), np.full(len(one), -bar)])
    row, column = np.nonzero(every)
    names = pa.array(POINTS, pa.string()).take(pa.array(column))
    return pa.table([number[one[row]], number[other[row]], names, every[row, column]], schema=_POINT_FIELDS)


def _shown(score: npt.NDArray[np.float32], bar: float) -> npt.NDArray[np.float64]:
    """Log odds above the bar as a number from 0 to 1: what is joined has 0.5 or more."""
    return np.round(1 / (1 + np.exp(bar - score.astype(np.float64))), 4)


def told(contributions: npt.NDArray[np.float32]) -> list[str]:
    """What spoke for a join and against it, the strongest first: words and what they add to the log odds."""
    words = list(CATEGORIES.values())[:-1]
    found = []
    for at in np.argsort(-np.abs(contributions[: len(words)]), kind="stable")[:_REASONS].tolist():
        added = float(contributions[at])
        if abs(added) >= _LEAST:
            found.append(f"{words[at][0]} {added:+.1f} · {words[at][1]} {added:+.1f}")
    return found
