"""What a release tells of each of many things: of organisations, of persons.

Asked of one thing, such a question reads whole tables; asked of all of them at once it costs little more. So it is
asked of all when a release is opened (see warming), and of one alone only until that is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pingjiang.centre.evidence.kept import kept, peek
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import text

Row = dict[str, Any]


@dataclass(frozen=True)
class Each:
    """A question about each of many things.

    name  the question, with all that decides it
    own   SQL of what is a thing's own; its column `owner` says whose
    told  SQL on `own` of the answer: `owner`, `place` (order within an owner, from 1), and what is told
    most  rows of an owner that are told; None for all
    """

    name: str
    own: str
    told: str
    most: int | None = None

    def of(self, at: Opened, owner: str | int) -> list[Row]:
        """The answer for one, in order."""
        every: _Every | None = peek(at, ("each", self.name))
        if every is not None:
            return every.of(owner)
        return kept(at, ("each", self.name, owner), lambda: _told(self._asked(at, owner)).to_pylist())

    def warm(self, at: Opened) -> None:
        """Ask it of all."""
        kept(at, ("each", self.name), lambda: _Every(self._asked(at, None)))

    def _asked(self, at: Opened, owner: str | int | None) -> pa.Table:
        one = "" if owner is None else f" where w.owner = {text(owner) if isinstance(owner, str) else int(owner)}"
        within = "" if self.most is None else f" where t.place <= {self.most}"
        with at.session() as session:
            own = session.materialise(f"select w.* from ({self.own}) w{one}")
            return session.arrow(f"select t.* from ({self.told}) t{within} order by t.owner, t.place", own=own)


def _told(rows: pa.Table) -> pa.Table:
    """The answer, without what arranges it."""
    return rows.drop_columns(["owner", "place"])


class _Every:
    """The answers for all: one table, the rows of an owner beside each other."""

    def __init__(self, rows: pa.Table) -> None:
        self._rows = _told(rows).combine_chunks()
        self._owner = rows["owner"]

    @cached_property
    def _runs(self) -> dict[Any, tuple[int, int]]:
        """Owner → where its rows begin, and how many there are."""
        ends = pc.run_end_encode(self._owner.combine_chunks())
        if isinstance(ends, pa.ChunkedArray):
            ends = ends.combine_chunks()
        stops = ends.run_ends.to_pylist()
        return {
            owner: (start, stop - start)
            for owner, start, stop in zip(ends.values.to_pylist(), [0, *stops], stops, strict=False)
        }

    @property
    def nbytes(self) -> int:
        """What it takes, its places in too."""
        return int(self._rows.nbytes) + int(self._owner.nbytes) + 200 * len(self._runs)

    def of(self, owner: str | int) -> list[Row]:
        """The rows of an owner."""
        start, count = self._runs.get(owner, (0, 0))
        return self._rows.slice(start, count).to_pylist()  # type: ignore[no-any-return]
