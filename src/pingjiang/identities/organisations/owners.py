"""Who belongs to whom as a register of firms says it: dated, and above what names let one suppose."""

from __future__ import annotations

from collections.abc import Mapping

from pingjiang.engine import Session, Table
from pingjiang.text import organisation_key_sql

OWNED_COLUMNS = {
    "entity_id": "VARCHAR", "parent_id": "VARCHAR", "from_date": "DATE", "to_date": "DATE", "stands": "BOOLEAN",
    "source_row": "VARCHAR",
}  # fmt: skip


def owned_firms(session: Session, spelling: Table, parents: Table) -> Table:
    """Entities that firms of the register are, with the entities that own them: (entity_id, parent_id, …), a pair once.

    spelling  name, entity_id, credit_code
    parents   credit_code, parent_name, parent_credit_code, from_date, to_date, stands, source_row

    A parent is known by its credit code, else by its name where one entity alone bears it. A firm or parent that no
    applicant is has no row: there is nothing to join.
    """
    return session.materialise(
        f"""
        with firm as (
          select distinct s.credit_code, s.entity_id from s where s.credit_code is not null
        ), wanted as (
          select p.*, {organisation_key_sql("p.parent_name")} as folded from p
        ), called as (
          select {organisation_key_sql("s.name")} as folded, min(s.entity_id) as entity_id from s
          where s.entity_id is not null
          group by {organisation_key_sql("s.name")} having count(distinct s.entity_id) = 1
        ), told as (
          select c.entity_id, coalesce(f.entity_id, n.entity_id) as parent_id, w.from_date, w.to_date, w.stands,
            w.source_row
          from wanted w
          join firm c on c.credit_code = w.credit_code
          left join firm f on f.credit_code = w.parent_credit_code
          left join called n on n.folded = w.folded and n.folded <> ''
        )
        select t.entity_id, t.parent_id, min(t.from_date) as from_date, max(t.to_date) as to_date,
          bool_or(t.stands) as stands, min(t.source_row) as source_row
        from told t where t.parent_id is not null and t.parent_id <> t.entity_id
        group by t.entity_id, t.parent_id
        """,
        s=spelling,
        p=parents,
    )


def in_groups_of_owners(session: Session, spelling: Table, owned: Table) -> Table:
    """`spelling` with owned firms in the groups of those that own them now, up to the uppermost owner.

    A group whose head is owned goes with it; of another group the owned firm alone leaves. Owners in a circle are a
    fault of the register: the group is then the least of those in it.
    """
    edges = session.rows(
        "select d.entity_id, min(d.parent_id) from d where d.stands group by d.entity_id order by 1", d=owned
    )
    above = {str(entity): str(parent) for entity, parent in edges}
    touched = session.from_rows({"entity_id": "VARCHAR"}, [(each,) for each in sorted({*above, *above.values()})])
    rows = session.rows(
        """
        select distinct s.entity_id, s.group_id from s semi join t on t.entity_id = s.entity_id
        union
        select distinct s.entity_id, s.group_id from s semi join t on t.entity_id = s.group_id
        """,
        s=spelling,
        t=touched,
    )
    heads = {str(entity): str(group) for entity, group in rows if group is not None}
    moved = {entity: top for entity, head in heads.items() if (top := _top(entity, above, heads)) != head}
    return session.materialise(
        "select s.* exclude (group_id), coalesce(m.group_id, s.group_id) as group_id from s "
        "left join m on m.entity_id = s.entity_id",
        s=spelling,
        m=session.from_rows({"entity_id": "VARCHAR", "group_id": "VARCHAR"}, list(moved.items())),
    )


def _top(entity: str, above: Mapping[str, str], heads: Mapping[str, str]) -> str:
    """The uppermost owner of an entity, or the head of the group that it is in; the least of owners in a circle.

    >>> _top("a", {"a": "b", "b": "c"}, {})
    'c'
    >>> _top("a", {"head": "owner"}, {"a": "head", "head": "head"})
    'owner'
    >>> _top("b", {"a": "b", "b": "c", "c": "b"}, {})
    'b'
    """
    seen: list[str] = []
    while entity not in seen:
        seen.append(entity)
        entity = above.get(entity) or heads.get(entity, entity)
    return min(seen[seen.index(entity) :])
