"""What each unit counts in these data, in words, and whether they tell it apart at all."""

from __future__ import annotations

from collections.abc import Mapping

from pingjiang.engine import Session, Table
from pingjiang.schema.units import FAMILY_UNITS

_NOTES: Mapping[str, tuple[str, str]] = {
    "publication": ("每件公开文献计一次", "each published document counts once"),
    "application": (
        "同一申请的各次公开计一次；申请人和地点取代表它的那次公开，有授权文本的取授权文本",
        "all publications of one application count once; its applicants and places are those of the publication that "
        "stands for it, the grant where there is one",
    ),
    "simple_family": (
        "优先权集合相同的申请计一次",
        "applications with the same set of priorities count once",
    ),
    "extended_family": (
        "经任一优先权或关联申请直接、间接相连的申请计一次",
        "applications that are connected through any priority or link, over any number of steps, count once",
    ),
}
_NO_PRIORITIES = (
    "数据中没有优先权，以申请代替，无法与件申请区分",
    "the data carry no priorities: applications stand in, and the unit cannot be told apart",
)
_STAND_IN: Mapping[str, tuple[str, str]] = {
    "application": (
        "数据中没有申请号，以公开文献代替，无法与件公开区分",
        "the data carry no application numbers: publications stand in, and the unit cannot be told apart",
    ),
    **dict.fromkeys(FAMILY_UNITS, _NO_PRIORITIES),
}


def conclude_unit_basis(session: Session, item: Table) -> Table:
    """`item` → `unit_basis`: how many things each unit counts, and whether the data tell the unit apart."""
    counted = {
        unit: (items, identified)
        for unit, items, identified in session.rows(
            "select i.unit, count(*), count(*) filter (where i.identified) from i group by i.unit", i=item
        )
    }
    rows = []
    for unit, notes in _NOTES.items():
        items, identified = counted.get(unit, (0, 0))
        told_apart = unit == "publication" or identified > 0
        zh, en = notes if told_apart else _STAND_IN[unit]
        if told_apart and identified < items:
            zh += f"；其中 {items - identified:,} 件无从区分，单独计"
            en += f"; {items - identified:,} of them cannot be told apart and count alone"
        rows.append((unit, items, identified, told_apart, zh, en))
    columns = {"unit": "VARCHAR", "items": "BIGINT", "identified": "BIGINT", "told_apart": "BOOLEAN",
               "note_zh": "VARCHAR", "note_en": "VARCHAR"}  # fmt: skip
    return session.from_rows(columns, rows)
