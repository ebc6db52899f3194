"""Applicants, inventors, classes, priorities, relations and citations, from the lists that sources gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identifiers import Scheme, What, normalise_many, parse_many
from pingjiang.identities.precedence import rank_sql


@dataclass(frozen=True)
class Parties:
    """Child tables of `publication`. `applicant` still lacks organisation_id (organisations.py)."""

    applicant: Table
    inventor: Table
    classes: Table
    priority: Table
    relation: Table
    citation: Table
    conflict: Table  # rows of `conflict` on applicants


CITED_COLUMNS = dict.fromkeys(
    ("publication_id", "number", "category", "origin", "source_row"), "VARCHAR"
)  # what documents tell of a citation


RELATED_COLUMNS = {
    **dict.fromkeys(("application_id", "kind", "side", "printed"), "VARCHAR"),
    "day": "DATE",
    "source_row": "VARCHAR",
}  # and of related applications


def conclude_parties(
    session: Session, said: Table, record: Table, cited: Table | None = None, related: Table | None = None
) -> Parties:
    """Publication rows of `record` → child tables. `record` adds priorities of rows without a publication.

    `cited`, `related`: what whole documents tell of their citations and of related applications (particulars.py).
    """
    return Parties(
        applicant=session.materialise(_party_sql("applicants"), said=said),
        inventor=session.materialise(_party_sql("inventors"), said=said),
        classes=_classes(session, said),
        priority=_priorities(session, record, said),
        relation=_relations(session, related or session.from_rows(RELATED_COLUMNS, [])),
        citation=_citations(session, said, cited or session.from_rows(CITED_COLUMNS, [])),
        conflict=session.materialise(_CONFLICT, said=said),
    )


def printed_applicants(record: Table) -> Table:
    """Applicants as any source prints them, whether or not it speaks for the publication: (publication_id, name).

    A row without a publication stands for itself.
    """
    return record.sql(
        """
        with told as (
          select coalesce(self_.publication_id, self_.source_row) as publication_id, unnest(self_.applicants) as party
          from self_ where self_.applicants is not null
        )
        select distinct t.publication_id, t.party.name as name from told t
        where t.party.name is not null and t.party.name <> ''
        """
    )


# Two files of one tool that name other applicants: an assignment, a change of name, or a fault. Tools among each
# other spell names in scripts of their own, which is no conflict.
_CONFLICT = """
with listed as (
  select
    s.publication_id, s.format, s.source_id, s.imported, min(s.source_row) as source_row,
    list_sort(list_distinct(flatten(list(list_transform(s.applicants, lambda party: party.name))))) as names
  from said s where s.applicants is not null
  group by s.publication_id, s.format, s.source_id, s.imported
), latest as (
  select l.publication_id, l.format, max({'imported': l.imported, 'source': l.source_id}) as file
  from listed l group by l.publication_id, l.format having count(*) > 1
)
select
  o.publication_id, 'applicants' as field, array_to_string(t.names, '; ') as taken, t.source_row as taken_row,
  array_to_string(o.names, '; ') as other, o.source_row as other_row
from latest f
join listed t on t.publication_id = f.publication_id and t.format = f.format and t.source_id = f.file.source
join listed o on o.publication_id = f.publication_id and o.format = f.format and o.source_id <> f.file.source
where o.names <> t.names
"""


def _party_sql(field: str) -> str:
    """The list of one file, by the rule at the head of `precedence.yaml`; places from any source.

    Lists are not joined across files: two tools spell one person in two scripts, a later export of one tool
    names the present owner, and a union would count both. Rows of one file are joined: some tables hold one
    person a row.
    """
    return f"""
    with latest as (
      select s.publication_id, s.format, max({{'imported': s.imported, 'source': s.source_id}}) as file
      from said s where s.{field} is not null
      group by s.publication_id, s.format
    ), mention as (
      select
        s.publication_id, s.format, s.source_row, s.row_number,
        unnest(s.{field}) as party, generate_subscripts(s.{field}, 1) as place
      from said s
      join latest l on l.publication_id = s.publication_id and l.format = s.format and l.file.source = s.source_id
      where s.{field} is not null
    ), folded as (
      select
        m.publication_id, m.format, m.source_row, m.row_number, m.place, m.party.name as name,
        lower(strip_accents(regexp_replace(m.party.name, '[^\\p{{L}}\\p{{N}}]+', '', 'g'))) as folded,
        m.party.country as country, m.party.state as state, m.party.city as city, m.party.address as address
      from mention m where m.party.name is not null and m.party.name <> ''
    ), named as (
      select
        f.publication_id, f.format, f.folded,
        arg_min(f.name, {{'row': f.row_number, 'place': f.place}}) as name,
        min({{'size': f.place, 'row': f.row_number}}) as first_place,
        min(f.source_row) as source_row
      from folded f group by f.publication_id, f.format, f.folded
    ), sized as (
      select n.publication_id, n.format, count(*) as size from named n group by n.publication_id, n.format
    ), chosen as (
      select
        z.publication_id,
        arg_min(z.format, {{'fewer': -z.size, 'rank': {rank_sql(field, "z.format")}, 'name': z.format}}) as format
      from sized z group by z.publication_id
    ), placed as (
      select
        f.publication_id, f.folded, min(f.country) as country, min(f.state) as state, min(f.city) as city,
        min(f.address) as address
      from folded f
      where f.country is not null or f.state is not null or f.city is not null or f.address is not null
      group by f.publication_id, f.folded
    )
    select
      n.publication_id,
      row_number() over (
        partition by n.publication_id order by n.first_place.size, n.first_place.row, n.folded
      ) as sequence,
      n.name, p.country, p.state, p.city, p.address, n.source_row
    from named n
    join chosen c on c.publication_id = n.publication_id and c.format = n.format
    left join placed p on p.publication_id = n.publication_id and p.folded = n.folded
    """


def _classes(session: Session, said: Table) -> Table:
    """Class symbols in one form; what cannot be read as a symbol is dropped from this table, not from `record`.

    Some tools put the Locarno symbols of designs into the column of IPC symbols: they stand under their own scheme.
    """
    printed = session.materialise(
        """
        with listed as (
          select s.publication_id, 'CPC' as scheme, unnest(s.cpc) as printed,
            generate_subscripts(s.cpc, 1) as position, s.source_row from said s where s.cpc is not null
          union all
          select s.publication_id, 'IPC', unnest(s.ipc), generate_subscripts(s.ipc, 1), s.source_row
          from said s where s.ipc is not null
          union all
          select s.publication_id, 'LOC', unnest(s.locarno), generate_subscripts(s.locarno, 1), s.source_row
          from said s where s.locarno is not null
        )
        select l.* from listed l where l.printed is not null
        """,
        said=said,
    )
    distinct = session.sql("select distinct p.scheme, p.printed from p", p=printed)
    meaning = session.mapped(distinct, _symbols)
    return session.materialise(
        """
        select
          p.publication_id, m.meant as scheme, m.symbol, min(p.position) as position, min(p.source_row) as source_row
        from p join m on m.scheme = p.scheme and m.printed = p.printed
        where m.symbol is not null
        group by p.publication_id, m.meant, m.symbol
        """,
        p=printed,
        m=meaning,
    )


def _symbols(printed: pa.Table) -> pa.Table:
    """Printed symbols (scheme, printed) with what they mean: symbol and scheme, or NULL."""
    schemes, texts = printed["scheme"].to_pylist(), printed["printed"].to_pylist()
    found: list[str | None] = [None] * len(texts)
    meant: list[str] = list(schemes)
    for scheme in get_args(Scheme):
        at = [i for i, own in enumerate(schemes) if own == scheme]
        for i, symbol in zip(at, normalise_many([texts[i] for i in at], scheme, or_design=True), strict=True):
            if symbol is not None:
                found[i], meant[i] = symbol.symbol, symbol.scheme
    for name, values in (("symbol", found), ("meant", meant)):
        printed = printed.append_column(name, pa.array(values, type=pa.string()))
    return printed


def _meanings(session: Session, printed: Table, what: What) -> Table:
    """Distinct printed numbers → id, for those that can be read."""

    def read(texts: pa.Table) -> pa.Table:
        ids = parse_many(texts["printed"].to_pylist(), what=what).id
        return texts.append_column("id", pa.array(ids, type=pa.string()))

    return session.mapped(session.sql("select distinct p.printed from p where p.printed is not null", p=printed), read)


# A number, and a day behind it. Eight digits are a day only where they can be one and a number stands before them.
_DATED = (
    "^(.*[0-9].*?)[ ,]+((?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|[0-9]{4}-[0-9]{2}-[0-9]{2})$"
)


# US applications told by year and serial, as documents.py knows them: 'US2015722623' is 'US14722623' where one number
# of that serial, told by its series, was filed on the same day.
_TOLD_BY_YEAR = r"length(t.id) >= 12 and regexp_matches(t.id, '^US(18|19|20)\d{8}[PF]?$')"
_SAME_DAY = rf"""
with dated as (
  select r.id, r.day from r where r.day is not null and starts_with(r.id, 'US')
  union
  select s.application_id, s.filing_date from said s
  where s.filing_date is not null and starts_with(s.application_id, 'US')
), told as (
  select t.id, t.day, {_TOLD_BY_YEAR} as by_year, regexp_extract(t.id, '(\d{{6}}[PF]?)$', 1) as serial from dated t
)
select y.id, y.day, min(s.id) as known_as
from told y
join told s on s.serial = y.serial and s.day = y.day and not s.by_year
where y.by_year and y.serial <> ''
group by y.id, y.day
having count(distinct s.id) = 1
"""


def _priorities(session: Session, record: Table, said: Table) -> Table:
    """Priority numbers as application ids. A date behind the number is no part of it."""
    printed = session.materialise(
        f"""
        with listed as (
          select s.publication_id, unnest(s.priorities) as printed, s.source_row
          from said s where s.priorities is not null
          union all
          select r.application_id, unnest(r.priorities), r.source_row
          from record r where r.priorities is not null and r.key_kind = 'application'
        )
        select
          l.publication_id,
          trim(regexp_replace(l.printed, '{_DATED}', '\\1')) as printed,
          nullif(regexp_extract(l.printed, '{_DATED}', 2), '') as day, l.source_row
        from listed l
        """,
        said=said,
        record=record,
    )
    meaning = _meanings(session, printed, "application")
    # A day before 1790 is none, as everywhere.
    read = session.materialise(
        """
        with dated as (
          select
            p.publication_id, p.printed, p.source_row,
            cast(coalesce(try_strptime(p.day, '%Y%m%d'), try_strptime(p.day, '%Y-%m-%d')) as date) as day
          from p
        )
        select d.publication_id, m.id, d.printed, d.source_row, case when year(d.day) >= 1790 then d.day end as day
        from dated d join m on m.printed = d.printed
        where m.id is not null
        """,
        p=printed,
        m=meaning,
    )
    return session.materialise(
        """
        select
          r.publication_id, coalesce(k.known_as, r.id) as priority_id, min(r.printed) as printed,
          min(r.day) as priority_date, min(r.source_row) as source_row
        from r left join k on k.id = r.id and k.day = r.day
        group by r.publication_id, coalesce(k.known_as, r.id)
        """,
        r=read,
        k=session.materialise(_SAME_DAY, r=read, said=said),
    )


def _relations(session: Session, printed: Table) -> Table:
    """Parents and children as ids of applications; an earlier document of the same application is a publication."""
    applications = _meanings(
        session, printed.sql("select self_.printed from self_ where self_.side <> 'publication'"), "application"
    )
    publications = _meanings(
        session, printed.sql("select self_.printed from self_ where self_.side = 'publication'"), "publication"
    )
    return session.materialise(
        """
        select
          p.application_id, p.side, p.kind, coalesce(a.id, d.id) as related_id, min(p.printed) as printed,
          min(p.day) as related_date, min(p.source_row) as source_row
        from p
        left join a on a.printed = p.printed and p.side <> 'publication'
        left join d on d.printed = p.printed and p.side = 'publication'
        where coalesce(a.id, d.id) is not null
        group by p.application_id, p.side, p.kind, coalesce(a.id, d.id)
        """,
        p=printed,
        a=applications,
        d=publications,
    )


def _citations(session: Session, said: Table, particular: Table) -> Table:
    """Both directions of citation as one table: who cites, who is cited."""
    printed = session.materialise(
        """
        select s.publication_id, 'cited' as side, unnest(s.cited) as printed, cast(null as varchar) as category,
          cast(null as varchar) as origin, s.source_row
        from said s where s.cited is not null
        union all
        select s.publication_id, 'citing', unnest(s.citing), null, null, s.source_row
        from said s where s.citing is not null
        union all
        select p.publication_id, 'cited', p.number, p.category, p.origin, p.source_row
        from particular p where p.number is not null
        """,
        said=said,
        particular=particular,
    )
    meaning = _meanings(session, printed, "publication")
    return session.materialise(
        """
        with sides as (
          select
            case when p.side = 'cited' then p.publication_id else m.id end as citing_id,
            case when p.side = 'cited' then m.id else p.publication_id end as cited_id,
            p.category, p.origin, p.source_row
          from p join m on m.printed = p.printed
          where m.id is not null and m.id <> p.publication_id
        )
        select
          s.citing_id, s.cited_id,
          nullif(array_to_string(list_sort(list_distinct(list(s.category))), ' '), '') as category,
          nullif(array_to_string(list_sort(list_distinct(list(s.origin))), ' '), '') as origin,
          min(s.source_row) as source_row
        from sides s
        group by s.citing_id, s.cited_id
        """,
        p=printed,
        m=meaning,
    )
