"""The whole history as a table of a release, and back from one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.judgements.judgement import Judgement, parsed
from pingjiang.judgements.standing import conflicts, in_force

_TEXTS = tuple(Judgement.__dataclass_fields__)


def history_table(session: Session, rows: Sequence[Judgement], names: Table) -> Table:
    """Every row of a log as a row of `judgement`. `names`: (name) of all names that occur in the release."""
    standing = in_force(rows)
    valid = {row.judgement_id for row in standing}
    contradicting = {each for conflict in conflicts(standing) for each in conflict.ids}
    columns = {name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in _TEXTS}
    ids = [row.judgement_id for row in rows]
    columns |= {
        "number": pa.array(range(1, len(rows) + 1), pa.int64()),
        "in_force": pa.array([each in valid for each in ids], pa.bool_()),
        "in_conflict": pa.array([each in contradicting for each in ids], pa.bool_()),
    }
    return session.sql(
        """
        select
            r.*,
            case
                when r.subject in ('organisation', 'group') then a.name is not null and b.name is not null
            end as occurs
        from r
        left join names a on a.name = r.a
        left join names b on b.name = r.b
        """,
        r=session.from_arrow(pa.table(columns)),
        names=names,
    )


def from_history(rows: Iterable[Mapping[str, Any]]) -> list[Judgement]:
    """Rows of `judgement` as judgements, in their order. ValueError where one does not prove itself."""
    ordered = sorted(rows, key=lambda row: int(row["number"]))
    return [parsed({name: row[name] for name in _TEXTS}) for row in ordered]
