"""Features with BM25 weights, in files that are mapped and never loaded: which documents have one, which one has.

features.arrow                      all features in order (code points); their number is that of their row
of_feature/{starts,members,weights}.npy    of feature i the documents members[starts[i]:starts[i+1]], in order
of_document/{starts,members,weights}.npy   of document i its features, in order
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.search.similar.arrays import Numbers, Scores, mapped, new_array

_AT_ONCE = 2_000_000  # pairs that are held in memory while they are written

_WEIGHTED = """
with size as (select c.ordinal, sum(c.times) as length from c group by c.ordinal),
usual as (select cast(count(*) as double) as documents, avg(s.length) as length from size s)
select
  v.feature_id, c.ordinal,
  cast(
    ln(1 + (u.documents - v.documents + 5e-1) / (v.documents + 5e-1))
    * c.times * ({k1} + 1) / (c.times + {k1} * (1 - {b} + {b} * s.length / u.length))
  as float) as weight
from c join v on v.feature = c.feature join size s on s.ordinal = c.ordinal cross join usual u
"""
_FEATURES = """
select
  c.feature, count(*) as documents, row_number() over (order by c.feature) - 1 as feature_id
from c group by c.feature
"""


def write_weights(
    session: Session, counted: Table, documents: int, bm25: Mapping[str, float], folder: Path
) -> dict[str, int]:
    """Weigh `counted` (ordinal, feature, times), a row a pair, and write it; tells {"features", "pairs"}.

    Rarity is counted among the documents that have any feature: of the others nothing is known.
    """
    folder.mkdir()
    features = session.materialise(_FEATURES, c=counted)
    numbers = {name: f"cast({float(bm25[name])!r} as double)" for name in ("k1", "b")}
    weighted = session.materialise(_WEIGHTED.format(**numbers), c=counted, v=features)
    names = session.arrow("select v.feature from v order by v.feature_id", v=features)
    with pa.OSFile(str(folder / "features.arrow"), "wb") as sink, pa.ipc.new_file(sink, names.schema) as writer:
        writer.write_table(names.combine_chunks())
    count = names.num_rows
    pairs = _write(session, weighted, ("feature_id", "ordinal"), count, folder / "of_feature")
    _write(session, weighted, ("ordinal", "feature_id"), documents, folder / "of_document")
    session.drop(weighted)
    session.drop(features)
    return {"features": count, "pairs": pairs}


def _write(session: Session, rows: Table, order: tuple[str, str], owners: int, folder: Path) -> int:
    """Members and weights of each owner, in order. Returns how many pairs there are."""
    folder.mkdir()
    owner, member = order
    counts = np.zeros(owners, dtype=np.int64)
    told = session.arrow(f"select r.{owner} as owner, count(*) as pairs from r group by r.{owner}", r=rows)
    counts[told["owner"].to_numpy()] = told["pairs"].to_numpy()
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    total = int(starts[-1])
    np.save(folder / "starts.npy", starts)
    members = new_array(folder / "members.npy", (total,), np.int32)
    weights = new_array(folder / "weights.npy", (total,), np.float32)
    for first, last in _ranges(starts):
        part = session.arrow(
            f"select r.{member} as member, r.weight from r where r.{owner} >= {first} and r.{owner} < {last} "
            f"order by r.{owner}, r.{member}",
            r=rows,
        )
        members[starts[first] : starts[last]] = part["member"].to_numpy()
        weights[starts[first] : starts[last]] = part["weight"].to_numpy()
    return total


def _ranges(starts: Numbers) -> Iterator[tuple[int, int]]:
    """Runs of owners with some two million pairs each."""
    first, owners = 0, len(starts) - 1
    while first < owners:
        last = int(np.searchsorted(starts, starts[first] + _AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), owners)
        yield first, last
        first = last


class Weights:
    """What `write_weights` has written."""

    def __init__(self, folder: Path) -> None:
        self._features = pa.ipc.open_file(pa.memory_map(str(folder / "features.arrow"))).read_all()["feature"]
        self._of_feature = _Lists(folder / "of_feature")
        self._of_document = _Lists(folder / "of_document")
        self.documents = self._of_document.owners

    def numbers(self, features: Iterable[str]) -> dict[str, int]:
        """The numbers of those features that any document has."""
        found = {}
        for feature in features:
            at = self._place(feature)
            if at < len(self._features) and self._features[at].as_py() == feature:
                found[feature] = at
        return found

    def _place(self, feature: str) -> int:
        low, high = 0, len(self._features)
        while low < high:
            middle = (low + high) // 2
            if self._features[middle].as_py() < feature:
                low = middle + 1
            else:
                high = middle
        return low

    def name(self, number: int) -> str:
        """A feature by its number."""
        return str(self._features[number].as_py())

    def rarity(self, number: int) -> float:
        """The higher the fewer documents have it."""
        return float(np.log1p(self.documents / max(1, len(self._of_feature.of(number)[0]))))

    def scores(self, numbers: Iterable[int]) -> Scores:
        """Of each document the sum of the weights of these features; summed in their order."""
        found = np.zeros(self.documents, dtype=np.float64)
        for number in sorted(numbers):
            members, weights = self._of_feature.of(number)
            found[members] += weights
        return found

    def of(self, ordinal: int) -> dict[int, float]:
        """The features of a document with their weights."""
        members, weights = self._of_document.of(ordinal)
        return dict(zip(members.tolist(), weights.tolist(), strict=True))


class _Lists:
    """Lists of members with weights, one an owner."""

    def __init__(self, folder: Path) -> None:
        self._starts, self._members, self._weights = (
            mapped(folder / f"{name}.npy") for name in ("starts", "members", "weights")
        )
        self.owners = len(self._starts) - 1
        if not len(self._members) == len(self._weights) == self._starts[-1]:
            raise ValueError(f"{folder}: {len(self._members)} members, {len(self._weights)} weights")

    def of(self, owner: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        part = slice(int(self._starts[owner]), int(self._starts[owner + 1]))
        return self._members[part], self._weights[part]
