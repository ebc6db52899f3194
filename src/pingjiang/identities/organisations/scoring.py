"""Pairs of one level: found, scored portion by portion, and joined to clusters. Of a pair 22 bytes are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pingjiang.engine import Session, Table
from pingjiang.identities.organisations.cluster import Ids, Numbers, average_linkage
from pingjiang.identities.organisations.method import Method
from pingjiang.identities.organisations.pairs import Array, candidates, features, seen
from pingjiang.identities.organisations.points import POINTS, points_of
from pingjiang.identities.organisations.reasons import Signs, signs_of
from pingjiang.identities.organisations.vocabulary import Words, alike_words, vocabulary, weigh

_FLOOR = 0.05  # below it a pair counts as none
_PORTION = 1_000_000  # pairs of which everything is seen at once: some 300 bytes each
_AT_ONCE = 250_000  # pairs whose features are in memory: some 600 bytes each


@dataclass(frozen=True)
class Pairs:
    """Pairs (one, other), one < other, in this order: score, share of letters that are alike, and why."""

    one: Numbers
    other: Numbers
    score: Array
    alike: NDArray[np.float32]
    signs: Signs

    def __len__(self) -> int:
        return len(self.one)


@dataclass(frozen=True)
class Level:
    """Pairs of one level, and the cluster of each node.

    doubtful  numbers of the pairs that were not joined, though near the threshold or of almost the same letters
    points    what their scores are made of: a row each, a column each of POINTS; NaN rules a pair out
    """

    pairs: Pairs
    cluster: Ids
    doubtful: Ids
    points: Array


def score_pairs(values: Mapping[str, Array], weights: Mapping[str, float]) -> Array:
    """Features → how likely each pair is one, between 0 and 1."""
    total: Array = sum(weight * values[name] for name, weight in weights.items())  # type: ignore[assignment]
    return 1 / (1 + np.exp(-total))


def linked_level(
    session: Session,
    node: Table,
    size: int,
    told: Mapping[str, Any],
    method: Method,
    evidence: Table,
    firm: Ids | None = None,
) -> Level:
    """Nodes (numbered below `size`) → pairs and clusters of one level.

    told   weights, threshold and doubt of the level (`method.yaml`)
    firm   the registered firm of each node, by number, or -1: two of them are never one
    """
    with session.scratch():
        words = vocabulary(session, node)
        weighed = weigh(session, node, words, alike_words(session, words), method)
        found = candidates(session, weighed, method.blocks, evidence)
        pairs = _scored(session, weighed, found, evidence, told)
        session.drop(found)
        apart = _firms_apart(pairs, firm)
        pairs.score[apart] = 0.0
        joined = average_linkage(size, pairs.one, pairs.other, pairs.score, float(told["threshold"]))
        cluster = registered(joined, firm)
        doubtful = _doubtful(pairs, cluster, told)
        points = _points(session, weighed, pairs, doubtful, evidence, told["weights"])
    points[apart[doubtful], POINTS.index("register")] = np.nan
    return Level(pairs, cluster, doubtful, points)


def _firms_apart(pairs: Pairs, firm: Ids | None) -> NDArray[np.bool_]:
    """Which pairs are of two registered firms."""
    if firm is None:
        return np.zeros(len(pairs), bool)
    one, other = firm[pairs.one], firm[pairs.other]
    found: NDArray[np.bool_] = (one >= 0) & (other >= 0) & (one != other)
    return found


def _doubtful(pairs: Pairs, cluster: Ids, told: Mapping[str, Any]) -> Ids:
    """Pairs of two clusters that are near the threshold, or of almost the same letters."""
    near = (pairs.score >= float(told["doubt"])) | (pairs.alike >= float(told.get("alike", 2)))
    return np.flatnonzero(near & (cluster[pairs.one] != cluster[pairs.other]))


def _points(
    session: Session, words: Words, pairs: Pairs, which: Ids, evidence: Table, weights: Mapping[str, float]
) -> Array:
    """What the scores of these pairs are made of. They are few beside all that were scored, and are seen anew."""
    found = np.zeros((len(which), len(POINTS)))
    if not len(which):
        return found
    one, other = pairs.one[which].astype(np.int64), pairs.other[which].astype(np.int64)
    width = int(other.max()) + 1
    code = one * width + other  # rising: pairs are kept in the order of both
    asked = session.from_arrow(pa.table({"a": one, "b": other}))
    for rows in seen(session, words, asked, evidence).batches(_AT_ONCE):
        a, b = (rows[name].to_numpy().astype(np.int64) for name in ("a", "b"))
        values = features(pa.Table.from_batches([rows]))
        found[np.searchsorted(code, a * width + b)] = points_of(values, weights)
    return found


def _scored(session: Session, words: Words, found: Table, evidence: Table, told: Mapping[str, Any]) -> Pairs:
    parts = [_NONE]
    for portion in _portions(session, found):
        with session.scratch():
            scored = [
                _kept(rows, told)
                for rows in seen(session, words, portion.materialise(), evidence).batches(_AT_ONCE)
            ]  # fmt: skip
        parts.append(_together(scored, ordered=True))
    return _together(parts)


_NONE = Pairs(
    np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0), np.empty(0, np.float32), np.empty(0, np.uint16)
)


def _portions(session: Session, found: Table) -> Iterator[Table]:
    """Pairs (a, b) in portions of some `_PORTION`, each with all pairs of its nodes `a`, in the order of these."""
    counted = session.arrow("select p.a, count(*) as pairs from p group by p.a order by p.a", p=found)
    if not counted.num_rows:
        return
    node = counted["a"].to_numpy()
    portion = np.cumsum(counted["pairs"].to_numpy()) // _PORTION
    first = np.append(np.flatnonzero(np.diff(portion, prepend=-1)), len(node))
    for start, end in zip(first[:-1].tolist(), first[1:].tolist(), strict=True):
        yield found.sql(f"select self_.* from self_ where self_.a between {node[start]} and {node[end - 1]}")


def _kept(rows: pa.RecordBatch, told: Mapping[str, Any]) -> Pairs:
    values = features(pa.Table.from_batches([rows]))
    score = score_pairs(values, told["weights"])
    keep = (score > _FLOOR) | (values["ratio"] >= float(told.get("alike", 2)))
    one, other = (rows[name].to_numpy()[keep].astype(np.int32) for name in ("a", "b"))
    return Pairs(one, other, score[keep], values["ratio"][keep].astype(np.float32), signs_of(values)[keep])


def _together(parts: list[Pairs], *, ordered: bool = False) -> Pairs:
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in Pairs.__dataclass_fields__]
    if ordered:
        order = np.lexsort((columns[1], columns[0]))
        columns = [column[order] for column in columns]
    return Pairs(*columns)


def registered(cluster: Ids, firm: Ids | None) -> Ids:
    """Clusters with those of one registered firm joined, and with the members of other firms parted from the first."""
    if firm is None or not (firm >= 0).any():
        return cluster
    result = cluster.copy()
    by_cluster = np.argsort(cluster, kind="stable")
    ordered = cluster[by_cluster]
    leading: dict[int, int] = {}  # firm → its cluster
    owner: dict[int, int] = {}  # cluster → its firm
    for node in np.flatnonzero(firm >= 0).tolist():
        own, code = int(cluster[node]), int(firm[node])
        if owner.setdefault(own, code) != code:  # another firm's cluster: this name leaves it
            result[node] = leading.setdefault(code, node)
        elif leading.setdefault(code, own) != own:
            start, end = np.searchsorted(ordered, (own, own + 1))
            result[by_cluster[start:end]] = leading[code]
    return result
