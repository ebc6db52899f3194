"""Pairs of names with evidence beyond the string: what stands at the same place of one publication, application or
family, or of inventions of one title; shared teams of inventors; equal addresses; a vendor's standardised names.

Nothing is concluded here. A pair has a row for each kind of evidence, with what speaks for it and against. Two scripts
at one place are two spellings of one name; two names of one script there may as well be a transfer within a group.
"""

from __future__ import annotations

from collections.abc import Iterable

from pingjiang.engine import Session, Table

KINDS = ("publication", "application", "family", "title", "inventors", "address", "vendor")
# A key that more names share says nothing of any two, and their pairs grow with the square.
_MOST_IN_A_LIST = 12  # applicants of one publication
_MOST_AT_A_KEY = 24  # entries of one publication, application or family
_MOST_OF_A_TITLE = 6
_LEAST_TITLE = 8  # letters: shorter titles ("robot") are of anybody
_MOST_DAYS = 550  # from a first filing to those in other offices, national phases aside
_MOST_OF_A_TEAM = 8  # names that two inventors worked for
_MOST_AT_AN_ADDRESS = 12
_MOST_OF_A_STANDARD = 400
_LEAST_ADDRESS = 8  # letters and digits: a town alone is no address

# Who stands where on which list. A file may tell the applicants of a publication over several rows.
_MENTION = """
with told as (
  select
    r.publication_id, r.source_id, r.row_number, unnest(r.applicants) as party,
    generate_subscripts(r.applicants, 1) as place
  from record r
  where r.publication_id is not null and r.applicants is not null
), named as (
  select t.publication_id, t.source_id, t.row_number, t.place, t.party.name as name from told t
  where t.party.name is not null and t.party.name <> ''
), first as (
  select n.publication_id, n.source_id, n.name, min({'row': n.row_number, 'place': n.place}) as first
  from named n group by n.publication_id, n.source_id, n.name
)
select
  f.publication_id, f.source_id, f.name,
  row_number() over (
    partition by f.publication_id, f.source_id order by f.first.row, f.first.place, f.name) as position,
  count(*) over (partition by f.publication_id, f.source_id) as size
from first f
"""

# `least` and `most`: of the lists below the key in which a name stands there. Two names that stand on the same list
# alone are no two tellings of one.
_ENTRY = """
with entry as (
  select
    {key} as key, t.name, t.position, t.size, min({below}) as least, max({below}) as most
  from mention t join member m on m.publication_id = t.publication_id
  where {key} is not null and t.size <= {most_in_list}
  group by {key}, t.name, t.position, t.size
), crowd as (
  select e.key from entry e group by e.key having count(*) between 2 and {most_at_key}
)
select e.* from entry e join crowd c on c.key = e.key
"""

# Many exports tell no priorities, but give titles in one language: a title, two offices, a year between the filings.
_TITLED = f"""
with title as (
  select r.publication_id, r.source_id, r.authority, r.filing_date, r.title_zh as title from record r
  union all
  select r.publication_id, r.source_id, r.authority, r.filing_date, r.title_en from record r
  union all
  select r.publication_id, r.source_id, r.authority, r.filing_date, r.title from record r
), folded as (
  select distinct
    lower(regexp_replace(t.title, '[^\\p{{L}}\\p{{N}}]+', '', 'g')) as key, t.publication_id, t.source_id, t.authority,
    t.filing_date
  from title t where t.title is not null and t.filing_date is not null
), entry as (
  select distinct f.key, f.authority, f.filing_date, m.name, m.position, m.size
  from folded f join mention m on m.publication_id = f.publication_id and m.source_id = f.source_id
  where length(f.key) >= {_LEAST_TITLE} and m.size <= {_MOST_IN_A_LIST}
), crowd as (
  select e.key from entry e group by e.key
  having count(distinct e.name) between 2 and {_MOST_OF_A_TITLE} and count(*) <= {_MOST_AT_A_KEY}
    and count(distinct e.authority) > 1
)
select e.* from entry e join crowd c on c.key = e.key
"""

_OTHER_LISTS = "not (a.least = a.most and b.least = b.most and a.least = b.least)"
_OTHER_OFFICES = f"a.authority <> b.authority and abs(date_diff('day', a.filing_date, b.filing_date)) <= {_MOST_DAYS}"

_MATCHED = """
with matched as (
  select distinct a.key, a.name as name_a, b.name as name_b, a.size = 1 as sole
  from entry a
  join entry b on b.key = a.key and b.size = a.size and b.position = a.position
  where a.name < b.name and {apart}
), counted as (
  select
    m.name_a, m.name_b, count(distinct m.key) as support,
    count(distinct case when m.sole then m.key end) as exclusive
  from matched m group by m.name_a, m.name_b
), side as (
  select m.key, m.name_a as name from matched m
  union
  select m.key, m.name_b from matched m
), of as (
  select s.name, count(*) as keys from side s group by s.name
)
select c.name_a, c.name_b, c.support, c.exclusive, a.keys as of_a, b.keys as of_b
from counted c join of a on a.name = c.name_a join of b on b.name = c.name_b
"""

_TOGETHER = f"""
select a.name as name_a, b.name as name_b, count(distinct a.publication_id) as lists
from mention a
join mention b on b.publication_id = a.publication_id and b.source_id = a.source_id
where a.name < b.name and a.size <= {_MOST_IN_A_LIST}
group by a.name, b.name
"""

# Neighbours in the order of their names: a team that grows or shrinks keeps most of them, and they grow with the
# number of inventors, not with its square.
_TEAM = f"""
with told as (
  select r.publication_id, unnest(r.inventors) as party from record r
  where r.publication_id is not null and r.inventors is not null
), inventor as (
  select distinct
    t.publication_id,
    lower(strip_accents(regexp_replace(t.party.name, '[^\\p{{L}}\\p{{N}}]+', '', 'g'))) as inventor
  from told t where t.party.name is not null
), neighbour as (
  select
    i.publication_id, i.inventor,
    lag(i.inventor) over (partition by i.publication_id order by i.inventor) as other
  from inventor i where i.inventor <> ''
), worked as (
  select distinct n.other || ' ' || n.inventor as key, t.name, coalesce(m.family_id, n.publication_id) as family
  from neighbour n
  join mention t on t.publication_id = n.publication_id
  left join member m on m.publication_id = n.publication_id
  where n.other is not null and t.size <= {_MOST_IN_A_LIST}
), crowd as (
  select w.key from worked w group by w.key
  having count(distinct w.name) between 2 and {_MOST_OF_A_TEAM} and count(distinct w.family) > 1
)
select w.key, w.name, min(w.family) as least, max(w.family) as most
from worked w join crowd c on c.key = w.key
group by w.key, w.name
"""

_ADDRESS = f"""
with told as (
  select r.publication_id, unnest(r.applicants) as party from record r where r.applicants is not null
), lived as (
  select distinct
    lower(strip_accents(regexp_replace(t.party.address, '[^\\p{{L}}\\p{{N}}]+', '', 'g'))) as key, t.party.name as name
  from told t where t.party.address is not null and t.party.name is not null
), crowd as (
  select l.key from lived l where length(l.key) >= {_LEAST_ADDRESS}
  group by l.key having count(*) between 2 and {_MOST_AT_AN_ADDRESS}
)
select l.key, l.name, cast(null as varchar) as least, cast(null as varchar) as most
from lived l join crowd c on c.key = l.key
"""

# Names that share keys, but for those that share them within one family alone: that is the family's evidence.
_SHARED = """
with shared as (
  select a.key, a.name as name_a, b.name as name_b
  from keyed a join keyed b on b.key = a.key
  where a.name < b.name and not coalesce(a.least = a.most and b.least = b.most and a.least = b.least, false)
), side as (
  select k.name, count(*) as keys from keyed k group by k.name
), counted as (
  select s.name_a, s.name_b, count(*) as support from shared s group by s.name_a, s.name_b
)
select c.name_a, c.name_b, c.support, cast(0 as bigint) as exclusive, a.keys as of_a, b.keys as of_b
from counted c join side a on a.name = c.name_a join side b on b.name = c.name_b
"""

# Each name with the commonest one of its standardised form: a star, where all pairs would grow with the square.
_VENDOR = f"""
with paired as (
  select r.publication_id, r.source_id, r.row_number, r.applicants, r.applicants_standardised
  from record r
  where r.applicants is not null and array_length(r.applicants) = array_length(r.applicants_standardised)
), party as (
  select b.publication_id, b.source_id, b.row_number, unnest(b.applicants) as party,
    generate_subscripts(b.applicants, 1) as place
  from paired b
), standard as (
  select b.source_id, b.row_number, unnest(b.applicants_standardised) as standard,
    generate_subscripts(b.applicants_standardised, 1) as place
  from paired b
), named as (
  select p.party.name as name, t.standard, coalesce(p.publication_id, p.source_id || ' ' || p.row_number) as told
  from party p
  join standard t on t.source_id = p.source_id and t.row_number = p.row_number and t.place = p.place
), called as (
  select n.standard, n.name, count(distinct n.told) as times from named n
  where n.name is not null and n.name <> '' and n.standard is not null
  group by n.standard, n.name
), commonest as (
  select c.standard, arg_min(c.name, {{'fewer': -c.times, 'name': c.name}}) as name
  from called c group by c.standard having count(*) between 2 and {_MOST_OF_A_STANDARD}
), whole as (
  select c.name, sum(c.times) as times from called c group by c.name
), pair as (
  select least(c.name, s.name) as name_a, greatest(c.name, s.name) as name_b, sum(c.times) as support
  from called c join commonest s on s.standard = c.standard where c.name <> s.name
  group by least(c.name, s.name), greatest(c.name, s.name)
)
select
  p.name_a, p.name_b, cast(p.support as bigint) as support, cast(0 as bigint) as exclusive,
  cast(a.times as bigint) as of_a, cast(b.times as bigint) as of_b
from pair p join whole a on a.name = p.name_a join whole b on b.name = p.name_b
"""

_LEVELS = {
    "publication": ("t.publication_id", "t.source_id"),
    "application": ("m.application_id", "t.publication_id"),
    "family": ("m.family_id", "m.application_id"),
}


def evidence_kinds(vendor_names: bool) -> tuple[str, ...]:
    """KINDS, without the vendors' standardised names where they are switched off."""
    return tuple(kind for kind in KINDS if vendor_names or kind != "vendor")


def evidence_pairs(session: Session, record: Table, member: Table, *, kinds: Iterable[str] = KINDS) -> Table:
    """Pairs of applicants' names as printed, name_a before name_b, with the evidence that they are one's.

    record   what sources said (those whose word counts)
    member   publication_id, application_id, family_id
    kinds    which evidence: leave out "vendor" to do without the tools' own standardised names

    Columns: name_a, name_b, kind, and
      support     publications, applications, families or titles of which both stand at the same place, of lists of one
                  length; teams of inventors or addresses that they share; publications of the vendor's name
      exclusive   those of `support` where each was the only applicant
      of_a, of_b  how many such keys name_a (name_b) has with whomever: support of most of them is exclusive evidence
      against     publications that name both, side by side: two applicants
    """
    wanted = list(kinds)
    if unknown := sorted(set(wanted) - set(KINDS)):
        raise ValueError(f"no kind of evidence: {unknown[0]!r}; known: {', '.join(KINDS)}")
    mention = session.materialise(_MENTION, record=record)
    found: dict[str, Table] = {}
    for kind, (key, below) in _LEVELS.items():
        if kind in wanted:
            text = _ENTRY.format(key=key, below=below, most_in_list=_MOST_IN_A_LIST, most_at_key=_MOST_AT_A_KEY)
            entry = session.materialise(text, mention=mention, member=member)
            found[kind] = session.materialise(_MATCHED.format(apart=_OTHER_LISTS), entry=entry)
            session.drop(entry)
    if "title" in wanted:
        entry = session.materialise(_TITLED, record=record, mention=mention)
        found["title"] = session.materialise(_MATCHED.format(apart=_OTHER_OFFICES), entry=entry)
    if "inventors" in wanted:
        keyed = session.materialise(_TEAM, record=record, mention=mention, member=member)
        found["inventors"] = session.materialise(_SHARED, keyed=keyed)
    if "address" in wanted:
        keyed = session.materialise(_ADDRESS, record=record)
        found["address"] = session.materialise(_SHARED, keyed=keyed)
    if "vendor" in wanted:
        found["vendor"] = session.materialise(_VENDOR, record=record)
    parts = " union all ".join(
        f"select '{kind}' as kind, {kind}.name_a, {kind}.name_b, {kind}.support, {kind}.exclusive, {kind}.of_a, "
        f"{kind}.of_b from {kind}"
        for kind in found
    )
    return session.materialise(
        f"""
        with together as ({_TOGETHER}), found as ({parts})
        select
          f.name_a, f.name_b, f.kind, f.support, f.exclusive, f.of_a, f.of_b,
          coalesce(t.lists, 0) as against
        from found f left join together t on t.name_a = f.name_a and t.name_b = f.name_b
        """,
        mention=mention,
        **found,
    )
