"""Which judgements are in force, and which of those contradict each other. Pure: the order of rows plays no part."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pingjiang.judgements.judgement import Judgement

Pair = tuple[str, str]
# What holds at a level beside its own judgements: one legal entity is in one group, so that names in two groups are
# two entities.
_SAME_TOO = {"group": ("organisation",)}
_DIFFERENT_TOO = {"organisation": ("group",)}
LEVELS = ("organisation", "group", "inventor")


def counting(rows: Iterable[Judgement]) -> dict[str, bool]:
    """Whether each row counts, by its id: no row that counts undoes it. Rows that undo are among them."""
    every = {row.judgement_id: row for row in rows}
    undoing: dict[str, list[str]] = defaultdict(list)
    for row in every.values():
        if row.undoes is not None:
            undoing[row.undoes].append(row.judgement_id)
    # An id is made of what its row undoes: rows that undo in a circle cannot be.
    counts: dict[str, bool] = {}
    for start in every:
        waiting = [start]
        while waiting:
            open_ones = [each for each in undoing[waiting[-1]] if each not in counts]
            if open_ones:
                waiting += open_ones
            else:
                each = waiting.pop()
                counts[each] = not any(counts[other] for other in undoing[each])
    return counts


def in_force(rows: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that nothing in force undoes, oldest first. Rows that undo are none themselves."""
    every = {row.judgement_id: row for row in rows}
    counts = counting(every.values())
    return sorted(
        (row for row in every.values() if row.verdict is not None and counts[row.judgement_id]),
        key=lambda row: (row.at, row.judgement_id),
    )


def digest(rows: Iterable[Judgement]) -> str:
    """SHA-256 over the ids of rows, whatever their order: equal where the same was judged."""
    ids = sorted(row.judgement_id for row in rows)
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Judgements in force that cannot all be true at a level: two names that are different, and what joins them.

    `joining` are the judgements by which a and b would be the same: all that stand on a way from one to the other.
    """

    level: str
    a: str
    b: str
    different: tuple[Judgement, ...]
    joining: tuple[Judgement, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The judgements that take part."""
        return frozenset(row.judgement_id for row in (*self.different, *self.joining))

    def text(self) -> str:
        """The conflict in one line: A = B (id who), B = C (…), A ≠ C (…)."""
        return "; ".join(
            f"{row.a} {'≠' if row.verdict == 'different' else '='} {row.b} ({row.judgement_id} {row.subject} {row.who})"
            for row in (*self.joining, *self.different)
        )

    def as_dict(self) -> dict[str, Any]:
        """The conflict as plain data."""
        return {
            "level": self.level, "a": self.a, "b": self.b, "text": self.text(),
            "different": [row.as_dict() for row in self.different],
            "joining": [row.as_dict() for row in self.joining],
        }  # fmt: skip


@dataclass(frozen=True)
class Level:
    """What is in force at a level: the judgements by pair, and which of those that join count.

    different  pairs that are different; they always count
    same       pairs that are the same and take no part in a conflict
    conflicts  the others, named
    """

    different: Mapping[Pair, Sequence[Judgement]]
    same: Mapping[Pair, Sequence[Judgement]]
    conflicts: Sequence[Conflict]


def concerns(row: Judgement, level: str) -> bool:
    """Whether a judgement can mean something at a level."""
    return row.subject in (level, *_SAME_TOO.get(level, ()), *_DIFFERENT_TOO.get(level, ()))


def at_level(judgements: Iterable[Judgement], level: str) -> Level:
    """What judgements in force mean at a level.

    In a conflict 'different' counts and what would join the two does not, until people have settled it: two that
    were split can be joined again, one that was joined hides that it was two.
    """
    same: dict[Pair, list[Judgement]] = defaultdict(list)
    different: dict[Pair, list[Judgement]] = defaultdict(list)
    for row in sorted(judgements, key=lambda row: (row.at, row.judgement_id)):
        if row.verdict == "same" and row.subject in (level, *_SAME_TOO.get(level, ())):
            same[row.pair].append(row)
        elif row.verdict == "different" and row.subject in (level, *_DIFFERENT_TOO.get(level, ())):
            different[row.pair].append(row)
    linked: dict[str, set[str]] = defaultdict(set)
    joined = Sets[str]()
    for a, b in same:
        linked[a].add(b)
        linked[b].add(a)
        joined.join(a, b)
    conflicts, suspended = [], set()
    for a, b in sorted(different):
        if joined.find(a) != joined.find(b):
            continue
        edges = _between(linked, a, b) & same.keys()
        suspended |= edges
        joining = tuple(row for pair in sorted(edges) for row in same[pair])
        conflicts.append(Conflict(level, a, b, tuple(different[a, b]), joining))
    standing = {pair: rows for pair, rows in same.items() if pair not in suspended}
    return Level(different, standing, conflicts)


def conflicts(judgements: Iterable[Judgement]) -> list[Conflict]:
    """Every conflict among judgements in force, each once: at the first level where it shows."""
    rows, found, known = list(judgements), [], set()
    for level in LEVELS:
        for conflict in at_level(rows, level).conflicts:
            if conflict.ids not in known:
                known.add(conflict.ids)
                found.append(conflict)
    return found


def summary(rows: Iterable[Judgement]) -> dict[str, Any]:
    """How many rows there are and how many are in force, and the conflicts among these in words."""
    every = list(rows)
    standing = in_force(every)
    told = [conflict.text() for conflict in conflicts(standing)]
    return {"rows": len(every), "in_force": len(standing), "conflicts": told}


def _between(linked: Mapping[str, set[str]], a: str, b: str) -> set[Pair]:
    """The edges that lie on some simple way from a to b in a graph that joins them.

    They are the biconnected component of the edge a–b, were it there: one walk in depth from a, by way of b first.
    """
    order, low, edges = {a: 0, b: 1}, {b: 1}, [(a, b)]
    stack = [(b, a, iter(sorted(linked[b])))]
    while stack:
        at, above, rest = stack[-1]
        for to in rest:
            if to == above:
                continue
            if to not in order:
                order[to] = low[to] = len(order)
                edges.append((at, to))
                stack.append((to, at, iter(sorted(linked[to]))))
                break
            if order[to] < order[at]:
                edges.append((at, to))
                low[at] = min(low[at], order[to])
        else:
            stack.pop()
            if not stack:
                break
            over = stack[-1][0]
            low[over] = min(low[over], low[at])
            if low[at] >= order[over]:  # what hangs on `over` alone leads nowhere else
                while edges.pop() != (over, at):
                    pass
    return {(one, two) if one <= two else (two, one) for one, two in edges}


Thing = TypeVar("Thing", bound=Hashable)


class Sets(dict[Thing, Thing]):
    """Disjoint sets: `find` gives what stands for the set of a thing, `join` makes two sets one."""

    def find(self, thing: Thing) -> Thing:
        """What stands for the set of `thing`."""
        root = self.setdefault(thing, thing)
        while root != self[root]:
            root = self[root]
        while thing != root:
            self[thing], thing = root, self[thing]
        return root

    def join(self, one: Thing, two: Thing) -> Thing:
        """Make the sets of two things one. Returns what stands for it: what stood for that of `one`."""
        first, second = self.find(one), self.find(two)
        self[second] = first
        return first
