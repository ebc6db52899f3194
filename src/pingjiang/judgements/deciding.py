"""To judge, to undo, to take over what others judged: each one batch of rows in the log, decided while it is held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pingjiang.errors import DefinitionError
from pingjiang.judgements.judgement import Judgement, judge
from pingjiang.judgements.log import Log, Seal
from pingjiang.judgements.standing import Conflict, conflicts, counting, in_force

_SHORTEST = 4  # of the start of an id that is taken for it


@dataclass
class Decided:
    """What became of rows: those added, those that said nothing new, own earlier ones that they replace.

    conflicts   the conflicts in which added rows take part
    """

    added: list[Judgement] = field(default_factory=list)
    unchanged: list[Judgement] = field(default_factory=list)
    replaced: list[Judgement] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            **{name: [row.as_dict() for row in getattr(self, name)] for name in ("added", "unchanged", "replaced")},
            "conflicts": [conflict.as_dict() for conflict in self.conflicts],
        }


def accept(log: Log, rows: Sequence[Judgement], seal: Seal | None = None) -> Decided:
    """Add judgements. One that the same person made before, and that is in force, changes nothing.

    Who judges one pair anew otherwise has changed their mind: their earlier row is undone, by a row of its own.
    What somebody else has judged stays, and where the two contradict that is a conflict, which is told.
    """
    told = Decided()
    with log.writing(seal) as writing:
        own = {_by(row): row for row in in_force(writing.rows) if row.origin is None}
        batch: list[Judgement] = []
        for row in rows:
            earlier = own.get(_by(row))
            if earlier is not None and earlier.verdict == row.verdict:
                told.unchanged.append(earlier)
                continue
            if earlier is not None:
                batch.append(_undoing(earlier, row.who, None))
                told.replaced.append(earlier)
            batch.append(row)
            told.added.append(row)
            own[_by(row)] = row
        writing.append(batch)
        told.conflicts = _of(told.added, writing.rows)
    return told


def undo(log: Log, judgement_id: str, *, who: str, why: str | None = None, seal: Seal | None = None) -> Judgement:
    """Undo a row, by its id or the start of it; one that undoes, too: then what it undid is in force again.

    DefinitionError where no row is meant, or several, or one that is undone already. Returns the row that was added.
    """
    with log.writing(seal) as writing:
        row = find(writing.rows, judgement_id)
        counts = counting(writing.rows)
        if not counts[row.judgement_id]:
            by = next(each for each in writing.rows if each.undoes == row.judgement_id and counts[each.judgement_id])
            raise DefinitionError(
                f"判断 {row.judgement_id} 已由 {by.who} 撤销（{by.judgement_id}）。",
                f"Judgement {row.judgement_id} was undone already, by {by.who} ({by.judgement_id}).",
                remedy=(f"要恢复它，撤销 {by.judgement_id}。", f"To restore it, undo {by.judgement_id}."),
            )
        added = _undoing(row, who, why)
        writing.append([added])
    return added


def undo_last(log: Log, *, who: str, subject: str, of: Collection[str], seal: Seal | None = None) -> list[Judgement]:
    """Undo what a person said last of these things (`a`): all that they say of that publication (`b`), as one batch.

    Rows that came in a package are left alone. Returns what was undone; nothing where the person has said nothing.
    """
    with log.writing(seal) as writing:
        own = [
            row
            for row in in_force(writing.rows)
            if row.origin is None and row.who == who and row.subject == subject and row.a in of
        ]
        if not own:
            return []
        last = [row for row in own if row.b == own[-1].b]
        writing.append([_undoing(row, who, None) for row in last])
    return last


def merge(log: Log, rows: Sequence[Judgement], origin: str, seal: Seal | None = None) -> list[Judgement]:
    """Take over what others judged, with where it came from. Returns the rows that were not here yet."""
    with log.writing(seal) as writing:
        known = {row.judgement_id for row in writing.rows}
        fresh = {row.judgement_id: row for row in rows if row.judgement_id not in known}
        added = [replace(row, origin=row.origin or origin) for row in fresh.values()]
        writing.append(added)
    return added


def find(rows: Sequence[Judgement], judgement_id: str) -> Judgement:
    """The row with an id, or with the only id that begins so. DefinitionError where there is none, or several."""
    wanted = judgement_id.strip().lower()
    found = [row for row in rows if row.judgement_id.startswith(wanted)] if len(wanted) >= _SHORTEST else []
    if len(found) == 1:
        return found[0]
    several = ", ".join(row.judgement_id for row in found[:5])
    raise DefinitionError(
        f"编号 {judgement_id!r} 可以指 {len(found)} 条判断：{several}。" if found else f"没有判断 {judgement_id!r}。",
        f"The id {judgement_id!r} may mean {len(found)} judgements: {several}."
        if found
        else f"There is no judgement {judgement_id!r}.",
        remedy=(
            f"运行 pingjiang identities list 查看编号，至少写前 {_SHORTEST} 位。",
            f"Run `pingjiang identities list` for the ids; write the first {_SHORTEST} digits at least.",
        ),
    )


def _by(row: Judgement) -> tuple[str, tuple[str, str], str]:
    return row.subject, row.pair, row.who


def _undoing(row: Judgement, who: str, why: str | None) -> Judgement:
    return judge(row.subject, row.a, row.b, None, who=who, why=why, undoes=row.judgement_id)


def _of(added: Sequence[Judgement], rows: Sequence[Judgement]) -> list[Conflict]:
    ids = {row.judgement_id for row in added}
    return [conflict for conflict in conflicts(in_force(rows)) if conflict.ids & ids]
