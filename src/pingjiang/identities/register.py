"""The register of firms: one row a credit code from the entries of its latest year; where; which nodes of the chain.

Entries of one firm and year that differ are named in `register_conflict`; the one imported last is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from pingjiang import definitions
from pingjiang.engine import Session, Table
from pingjiang.identities.places import address_places
from pingjiang.text import read_names

# What entries of one year may tell differently. Numbers are compared as texts.
_FIELDS = ("name", "address", "kind", "industry_code", "output_yuan", "staff", "origin")


@dataclass(frozen=True)
class Register:
    """Tables register_firm, register_firm_node and register_conflict.

    parent  credit_code, parent_name, parent_credit_code, from_date, to_date, stands, source_row: whom firms belong or
            belonged to. `stands`: told by the latest entry that tells any, and not ended
    """

    firm: Table
    node: Table
    conflict: Table
    parent: Table


_CURRENT = """
with latest as (
  select e.credit_code, max(e.year) as year from entry e group by e.credit_code
)
select
  e.*, row_number() over (
    partition by e.credit_code order by s.imported desc, e.row_number desc, e.source_row) as nth
from entry e
join latest l on l.credit_code = e.credit_code and l.year is not distinct from e.year
join source s on s.source_id = e.source_id
"""

# A row a value: field by field the entry imported last that tells one.
_TOLD = """
with told as ({parts})
select t.*, row_number() over (partition by t.credit_code, t.field order by t.nth) as place
from told t where t.value is not null
""".format(
    parts=" union all ".join(
        f"select c.credit_code, c.year, c.source_row, c.nth, '{field}' as field, cast(c.{field} as varchar) as value "
        "from current c"
        for field in _FIELDS
    )
)

_CONFLICT = """
select
  o.credit_code, o.year, o.field, t.value as taken, t.source_row as taken_row, o.value as other,
  o.source_row as other_row
from told o
join told t on t.credit_code = o.credit_code and t.field = o.field
where t.place = 1 and o.value <> t.value and o.field <> 'origin'
"""

_FIRM = """
with taken as (
  select
    t.credit_code,
    {values}
  from told t where t.place = 1
  group by t.credit_code
), called as (
  select e.credit_code, e.name from entry e
  union
  select f.credit_code, f.name from (select e.credit_code, unnest(e.former_names) as name from entry e
    where e.former_names is not null) f
), former as (
  select c.credit_code, list_sort(list(c.name)) as names
  from called c join taken t on t.credit_code = c.credit_code
  where c.name <> t.name
  group by c.credit_code
), counted as (
  select e.credit_code, count(*) as entries from entry e group by e.credit_code
), differing as (
  select c.credit_code, count(distinct c.field) as fields from conflict c group by c.credit_code
)
select
  t.credit_code, h.year, t.name, f.names as former_names, t.address, t.kind, t.industry_code, t.output_yuan, t.staff,
  t.origin, n.entries, coalesce(d.fields, 0) as conflicts, h.source_row
from taken t
join current h on h.credit_code = t.credit_code and h.nth = 1
join counted n on n.credit_code = t.credit_code
left join former f on f.credit_code = t.credit_code
left join differing d on d.credit_code = t.credit_code
""".format(
    values=", ".join(
        f"cast(max(case when t.field = '{field}' then t.value end) as "
        f"{'bigint' if field in ('output_yuan', 'staff') else 'varchar'}) as {field}"
        for field in _FIELDS
    )
)

_PLACED = """
select
  f.credit_code, f.year, f.name, f.former_names, f.address, coalesce(f.kind, k.kind) as kind, f.industry_code,
  f.output_yuan, f.staff, 'CN' as country, coalesce(a.province, d.province) as province, a.city,
  a.district, a.zone,
  case when a.province is not null then 'address' when d.province is not null then 'office' end as place_basis,
  f.origin, f.entries, f.conflicts, f.source_row
from firm f
left join kinds k on k.name = f.name
left join places a on a.address = f.address
left join division d on d.code = substr(f.credit_code, 3, 2)
"""

# Entries of all years speak, so that one can see since when and until when. The latest that names a parent tells who
# it is now; a parent that is named no more has no last day unless some entry told it.
_PARENT = """
with told as (
  select e.credit_code, e.parent_name, e.parent_credit_code, e.parent_from, e.parent_to, e.source_row,
    coalesce(e.parent_credit_code, e.parent_name) as parent,
    row_number() over (partition by e.credit_code
      order by e.year desc nulls last, s.imported desc, e.row_number desc, e.source_row) as nth
  from entry e join source s on s.source_id = e.source_id
  where coalesce(e.parent_credit_code, e.parent_name) is not null
)
select
  t.credit_code, arg_min(t.parent_name, t.nth) as parent_name, arg_min(t.parent_credit_code, t.nth)
    as parent_credit_code, min(t.parent_from) as from_date, max(t.parent_to) as to_date,
  min(t.nth) = 1 and max(t.parent_to) is null as stands, arg_min(t.source_row, t.nth) as source_row
from told t
group by t.credit_code, t.parent
"""

# A name of a node may hold an ideographic comma; where the whole names none, its parts may.
_NODE = """
with told as (
  select distinct p.credit_code, trim(p.printed) as printed from (
    select c.credit_code, unnest(c.chain_nodes) as printed from current c where c.chain_nodes is not null
  ) p
), word as (
  select n.node_id as word, n.node_id from chain_node n
  union
  select lower(n.name_zh), n.node_id from chain_node n
  union
  select lower(n.name_en), n.node_id from chain_node n
), sole as (
  select w.word, min(w.node_id) as node_id from word w group by w.word having count(*) = 1
), part as (
  select t.credit_code, unnest(string_split(t.printed, '、')) as printed
  from told t anti join sole s on s.word = lower(t.printed)
), printed as (
  select t.credit_code, t.printed from told t semi join sole s on s.word = lower(t.printed)
  union
  select p.credit_code, trim(p.printed) from part p where trim(p.printed) <> ''
)
select p.credit_code, p.printed, s.node_id
from printed p left join sole s on s.word = lower(p.printed)
"""


def conclude_register(session: Session, entry: Table, chain_node: Table, imported: Sequence[str] = ()) -> Register:
    """`register_entry` (of the sources that count) → firms, their nodes, and what entries tell differently.

    `imported`: ids of the sources in the order of their import; without it, the order of their ids.
    """
    order = list(imported) or sorted(
        str(row[0]) for row in entry.sql("select distinct self_.source_id from self_").rows()
    )
    source = session.from_arrow(
        pa.table({"source_id": pa.array(order, pa.string()), "imported": pa.array(range(len(order)), pa.int64())})
    )
    current = session.materialise(_CURRENT, entry=entry, source=source)
    told = session.materialise(_TOLD, current=current)
    conflict = session.materialise(_CONFLICT, told=told)
    firm = session.materialise(_FIRM, told=told, entry=entry, current=current, conflict=conflict)
    kinds = read_names(session, session.materialise("select distinct f.name from f where f.kind is null", f=firm))
    addresses = session.materialise("select distinct f.address from f where f.address is not null", f=firm)
    placed = session.materialise(
        _PLACED, firm=firm, kinds=kinds, places=address_places(session, addresses), division=_divisions(session)
    )
    return Register(
        firm=placed,
        node=session.materialise(_NODE, current=current, chain_node=chain_node),
        conflict=conflict,
        parent=session.materialise(_PARENT, entry=entry, source=source),
    )


def register_names(session: Session, firm: Table) -> Table:
    """`register_firm` → every name that means a firm: name, credit_code, former, codes.

    codes: how many firms bear or bore that name; only where it is 1 does the name mean this firm.
    """
    return session.materialise(
        """
        with called as (
          select f.name, f.credit_code, false as former from f where f.name is not null
          union
          select p.name, p.credit_code, true as former from (
            select unnest(f.former_names) as name, f.credit_code from f where f.former_names is not null
          ) p
        ), borne as (
          select c.name, count(distinct c.credit_code) as codes from called c group by c.name
        )
        select c.name, c.credit_code, c.former, b.codes from called c join borne b on b.name = c.name
        """,
        f=firm,
    )


def _divisions(session: Session) -> Table:
    told = definitions.shipped("pingjiang.identities", "divisions.yaml")
    return session.from_arrow(pa.table({"code": list(map(str, told)), "province": list(map(str, told.values()))}))
