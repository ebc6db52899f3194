"""The persons of a release: `inventor`, the links of `publication_inventor`, and pairs for people to decide."""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.engine import Session, Table
from pingjiang.identities.inventors.gathering import Sources
from pingjiang.identities.inventors.linking import Linked, link
from pingjiang.identities.inventors.scripts import across_scripts
from pingjiang.judgements import apply_judgements

MENTION_ID = "{0}.publication_id || '/' || {0}.name"


@dataclass(frozen=True)
class Inventors:
    """Tables of the release. `mention` is publication_inventor with who it is, how surely, and why.

    point  level, name_a, name_b, feature, points: what the scores of `doubt` are made of
    """

    inventor: Table
    mention: Table
    doubt: Table
    point: Table


def conclude_inventors(
    session: Session,
    *,
    inventor: Table,
    applicant: Table,
    classes: Table,
    publication: Table,
    application: Table,
    judged: Table,
) -> Inventors:
    """Rows of publication_inventor → persons.

    inventor      without inventor_id; one name stands once in a publication
    applicant     publication_applicant with organisation_id
    application   with family_id
    judged        judgements in force; those of subject 'inventor' name mentions: "CN112345678A/张三"
    """
    named = session.materialise(_NAMED, i=inventor, p=publication, a=application)
    linked = link(session, _sources(session, named, applicant, classes, publication))
    joined = across_scripts(session, named, linked.mention)
    placed = _judged(session, linked, joined, named, judged)
    mention = session.materialise(_LINKED, i=inventor, l=linked.mention, j=joined, p=placed)
    return Inventors(
        inventor=session.materialise(_INVENTOR, m=mention, n=named),
        mention=mention,
        doubt=session.materialise(_DOUBT, d=linked.doubt, l=linked.mention, p=placed, n=named),
        point=session.materialise(_POINT, d=linked.point, l=linked.mention, p=placed, n=named),
    )


_NAMED = f"""
select
  {MENTION_ID.format("i")} as mention_id, i.publication_id, i.name, i.country, i.state, i.city,
  coalesce(p.application_id, i.publication_id) as document,
  coalesce(a.family_id, p.application_id, i.publication_id) as family, p.filing_date,
  cast(year(coalesce(p.filing_date, p.publication_date)) as double)
    + cast(month(coalesce(p.filing_date, p.publication_date)) as double) / 12 as year
from i
left join p on p.publication_id = i.publication_id
left join a on a.application_id = p.application_id
"""


def _sources(session: Session, named: Table, applicant: Table, classes: Table, publication: Table) -> Sources:
    document = "select n.publication_id, min(n.document) as document from n group by n.publication_id"
    of_document = session.materialise(document, n=named)
    return Sources(
        mention=session.sql(
            "select n.mention_id, n.document, n.name, n.country, n.state, n.city, n.year from n", n=named
        ),
        party=session.materialise("select distinct n.document, n.name from n where n.name is not null", n=named),
        organisation=session.materialise(_ORGANISATION, a=applicant, d=of_document, n=named),
        classes=session.materialise(
            "select distinct d.document, left(c.symbol, 4) as token from c "
            "join d on d.publication_id = c.publication_id where c.scheme in ('CPC', 'IPC')",
            c=classes,
            d=of_document,
        ),
        title=session.materialise(
            "select d.document, min(p.title) as title from p join d on d.publication_id = p.publication_id "
            "where p.title is not null group by d.document",
            p=publication,
            d=of_document,
        ),
    )


def _words(column: str) -> str:
    """SQL: the words of a name in the order of their letters, so that surname and given name may change places."""
    folded = f"lower(strip_accents({column}))"
    return f"array_to_string(list_sort(string_split_regex({folded}, '[^\\p{{L}}\\p{{N}}]+')), ' ')"


# Who applies for what they invented has no organisation by it: the name would speak for itself twice.
_ORGANISATION = f"""
with own as (
  select distinct n.document, trim({_words("n.name")}) as words from n where n.name is not null
), applied as (
  select distinct d.document, a.organisation_id as token, a.name, trim({_words("a.name")}) as words
  from a join d on d.publication_id = a.publication_id where a.organisation_id is not null
)
select distinct a.document, a.token, a.name from applied a
anti join own o on o.document = a.document and o.words = a.words
"""


def _judged(session: Session, linked: Linked, joined: Table, named: Table, judged: Table) -> Table:
    """(mention_id, cluster, judgements): persons as the machine has them, changed as people decided."""
    clusters = session.materialise(
        "select l.mention_id as name, cast(coalesce(j.person, l.person) as varchar) as cluster, 1 as weight from l "
        "left join j on j.latin = l.person where l.unit is not null",
        l=linked.mention,
        j=joined,
    )
    applied = apply_judgements(session, clusters, judged, level="inventor").clusters
    # The id of a person is made of the earliest mention: it stays while that one belongs to the person.
    return session.materialise(
        """
        with earliest as (
          select
            a.cluster, arg_min(n.mention_id, {'undated': n.year is null, 'year': n.year, 'id': n.mention_id}) as anchor
          from a join n on n.mention_id = a.name group by a.cluster
        )
        select a.name as mention_id, substr(md5(e.anchor), 1, 16) as inventor_id, a.judgements
        from a join earliest e on e.cluster = a.cluster
        """,
        a=applied,
        n=named,
    )


_LINKED = f"""
select
  i.*, p.inventor_id,
  case when p.judgements is null then l.score else cast(1 as double) end as link_score,
  case
    when l.kind = 'withheld' then ['未公布姓名 · the name is withheld']
    when l.kind = 'organisation' then ['是机构而非人名 · an organisation, not a person']
    when l.kind = 'empty' then ['没有可读的姓名 · no name that can be read']
    when p.judgements is not null
      then list_transform(p.judgements, lambda each: '人工判断 · judged by a person: ' || each)
    when j.latin is not null then [
      '与中文姓名同音，见于同一同族 · sounds as the Chinese name does in one family'
    ]
    else l.reasons
  end as link_reasons
from i
left join l on l.mention_id = {MENTION_ID.format("i")}
left join j on j.latin = l.person
left join p on p.mention_id = {MENTION_ID.format("i")}
"""

_INVENTOR = f"""
with mentioned as (
  select m.inventor_id, m.name, m.publication_id, n.document, n.filing_date
  from m join n on n.mention_id = {MENTION_ID.format("m")}
  where m.inventor_id is not null
), spelled as (
  select
    s.inventor_id, s.name, count(*) as mentions,
    regexp_matches(s.name, '[\\x{{3040}}-\\x{{30FF}}\\x{{3400}}-\\x{{9FFF}}\\x{{AC00}}-\\x{{D7AF}}]') as east_asian
  from mentioned s group by s.inventor_id, s.name
), shown as (
  select
    p.inventor_id, count(*) as spellings,
    arg_min(p.name, {{'fewer': -p.mentions, 'name': p.name}}) as name,
    arg_min(p.name, {{'fewer': -p.mentions, 'name': p.name}}) filter (where p.east_asian) as name_zh,
    arg_min(p.name, {{'fewer': -p.mentions, 'name': p.name}}) filter (where not p.east_asian) as name_en
  from spelled p group by p.inventor_id
)
select
  h.inventor_id, coalesce(h.name_zh, h.name) as name, h.name_zh, h.name_en, h.spellings, c.mentions, c.applications,
  c.first_filing_date, c.last_filing_date
from shown h
join (
  select
    d.inventor_id, count(*) as mentions, count(distinct d.document) as applications,
    min(d.filing_date) as first_filing_date, max(d.filing_date) as last_filing_date
  from mentioned d group by d.inventor_id
) c on c.inventor_id = h.inventor_id
"""

# Persons stand in doubts by their earliest mentions; those that people have joined since are in none.
_DOUBTED = """
with standing as (
  select
    l.person, arg_min(l.mention_id, {'undated': n.year is null, 'year': n.year, 'id': l.mention_id}) as mention_id,
    count(distinct n.document) as applications
  from l join n on n.mention_id = l.mention_id where l.person is not null group by l.person
)
select
  {0}
from d
join standing a on a.person = d.unit_a
join standing b on b.person = d.unit_b
join p pa on pa.mention_id = a.mention_id
join p pb on pb.mention_id = b.mention_id
where pa.inventor_id <> pb.inventor_id
"""
_LESSER, _GREATER = (f"{which}(a.mention_id, b.mention_id)" for which in ("least", "greatest"))
_DOUBT = _DOUBTED.replace(
    "{0}",
    f"{_LESSER} as mention_a, {_GREATER} as mention_b, d.score, d.reasons, "
    "least(a.applications, b.applications) as applications",
)
_POINT = _DOUBTED.replace("{0}", f"'inventor' as level, {_LESSER} as name_a, {_GREATER} as name_b, d.feature, d.points")
