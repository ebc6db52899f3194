"""Applicants as printed → organisations, their spellings and groups, and who applied."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identities.organisations.link import EVIDENCE_COLUMNS, Linked, anchor_sql, link
from pingjiang.identities.organisations.owners import OWNED_COLUMNS, in_groups_of_owners, owned_firms
from pingjiang.identities.organisations.persons import separate_persons
from pingjiang.judgements import apply_judgements
from pingjiang.schema.codes import code_list
from pingjiang.text import organisation_key_sql, shown_name_sql


@dataclass(frozen=True)
class Organisations:
    """Tables as `schema/definitions` tells them."""

    organisation: Table
    alias: Table
    group: Table
    ownership: Table
    doubt: Table
    point: Table
    applicant: Table

    @property
    def names(self) -> Table:
        """Each name once, with an organisation that bears it: (name, organisation_id)."""
        return self.alias.sql(
            "select self_.name, min(self_.organisation_id) as organisation_id from self_ group by self_.name"
        )


@dataclass(frozen=True)
class _Names:
    """What was concluded of names, in the session of the step.

    spelling  name, entity_id, group_id, kind, script, country, score, reasons, credit_code
    tie       entity_id, parent_id, score, reasons
    doubt     level, name_a, name_b, score, reasons
    point     level, name_a, name_b, feature, points
    """

    spelling: Table
    tie: Table
    doubt: Table
    point: Table


# One string that holds several applicants. Not 、 and not "and": both stand inside names.
_GLUED = "[;；|]"


def split_applicants(session: Session, applicant: Table) -> Table:
    """Applicants (publication_id, sequence, name, …) with those glued into one string apart, numbered anew."""
    return session.materialise(
        f"""
        with part as (
          select
            a.publication_id, a.sequence, a.name as printed, a.country, a.address, a.source_row,
            unnest(string_split(regexp_replace(a.name, '{_GLUED}', ';', 'g'), ';')) as name,
            generate_subscripts(string_split(regexp_replace(a.name, '{_GLUED}', ';', 'g'), ';'), 1) as part
          from a where regexp_matches(a.name, '{_GLUED}')
        ), every as (
          select a.publication_id, a.sequence, 0 as part, a.name, a.country, a.address, a.source_row
          from a where not regexp_matches(a.name, '{_GLUED}')
          union all
          select p.publication_id, p.sequence, p.part, trim(p.name), p.country, p.address, p.source_row
          from part p where regexp_matches(p.name, '[\\p{{L}}\\p{{N}}]')
        )
        select
          e.publication_id,
          row_number() over (partition by e.publication_id order by e.sequence, e.part) as sequence,
          e.name, e.country, e.address, e.source_row
        from every e
        """,
        a=applicant,
    )


def conclude_organisations(
    session: Session,
    applicant: Table,
    inventor: Table,
    member: Table,
    *,
    evidence: Table | None = None,
    registered: Table | None = None,
    parents: Table | None = None,
    judged: Table | None = None,
    printed: Table | None = None,
) -> Organisations:
    """Who applied, as legal entities and groups.

    applicant  publication_id, sequence, name, country, address, source_row
    inventor   publication_id, name
    member     publication_id, family_id
    evidence   pairs of names with evidence beyond the string (`evidence_pairs`)
    registered names of firms with their credit codes (`register_names`)
    parents    whom firms of the register belong to (`Register.parent`)
    judged     what people decided (`judgements.judged_table`): above all else
    printed    publication_id, name: applicants as any source prints them; those that do not speak for a publication
               too, which is where the other language stands
    """
    applicant = split_applicants(session, applicant)
    printed = session.materialise(_PRINTED, a=applicant, p=printed or applicant)
    counted = session.materialise(
        "select p.name, cast(sum(p.applied) as bigint) as mentions from p group by p.name", p=printed
    )
    codes = None if registered is None else _registered(session, counted, registered)
    names = _named(session, counted, evidence, codes)
    owned = None if parents is None else owned_firms(session, names.spelling, parents)
    if owned is not None:
        names = replace(names, spelling=in_groups_of_owners(session, names.spelling, owned))
    if judged is not None:
        names = replace(names, spelling=_decided(session, names.spelling, counted, judged))
        if parents is not None:  # what people decided may have given entities other ids
            owned = owned_firms(session, names.spelling, parents)
    persons = separate_persons(session, applicant, inventor, member, names.spelling)
    linked = session.materialise(
        """
        select a.publication_id, a.sequence, a.name, coalesce(p.organisation_id, s.entity_id) as organisation_id,
          a.country, a.address, a.source_row
        from a
        left join s on s.name = a.name
        left join p on p.publication_id = a.publication_id and p.sequence = a.sequence
        """,
        a=applicant,
        s=names.spelling,
        p=persons,
    )
    alias = session.materialise(
        """
        with told as (
          select l.organisation_id, l.name, count(*) as mentions, count(*) as applied
          from l where l.organisation_id is not null group by l.organisation_id, l.name
          union all
          select s.entity_id, p.name, count(*), 0
          from p join s on s.name = p.name
          where p.applied = 0 and s.kind is distinct from 'individual'
          group by s.entity_id, p.name
        ), summed as (
          select t.organisation_id, t.name, cast(sum(t.mentions) as bigint) as mentions,
            cast(sum(t.applied) as bigint) as applied
          from told t group by t.organisation_id, t.name
        )
        select t.organisation_id, t.name, t.mentions, t.applied, s.score, s.reasons
        from summed t join s on s.name = t.name
        """,
        l=linked,
        p=printed,
        s=names.spelling,
    )
    organisation = _organisation(session, linked, alias, names.spelling)
    doubt = _doubt(session, names.doubt, linked, member)
    return Organisations(
        organisation=organisation,
        alias=alias.sql("select self_.* exclude (applied) from self_"),
        group=_group(session, organisation, alias),
        ownership=_ownership(session, organisation, names.tie, owned),
        doubt=doubt,
        point=session.materialise(
            "select p.* from p semi join d on d.level = p.level and d.name_a = p.name_a and d.name_b = p.name_b",
            p=names.point,
            d=doubt,
        ),
        applicant=linked,
    )


# Names of publications, and how often each stands as an applicant of it.
_PRINTED = f"""
with part as (
  select p.publication_id, trim(unnest(string_split(regexp_replace(p.name, '{_GLUED}', ';', 'g'), ';'))) as name from p
), told as (
  select a.publication_id, a.name, 1 as applied from a
  union all
  select distinct p.publication_id, p.name, 0 from part p where regexp_matches(p.name, '[\\p{{L}}\\p{{N}}]')
)
select t.publication_id, t.name, sum(t.applied) as applied from told t group by t.publication_id, t.name
"""


def _decided(session: Session, spelling: Table, counted: Table, judged: Table) -> Table:
    """Spellings where people want them. An entity is in one group: that of its commonest spelling."""
    weighed = session.materialise(
        "select s.*, c.mentions as weight from s join c on c.name = s.name", s=spelling, c=counted
    )
    entity = apply_judgements(
        session, session.sql("select w.name, w.entity_id as cluster, w.weight from w", w=weighed), judged
    ).clusters
    group = apply_judgements(
        session, session.sql("select w.name, w.group_id as cluster, w.weight from w", w=weighed), judged, level="group"
    ).clusters
    return session.materialise(
        """
        with heading as (
          select e.cluster, arg_min(g.cluster, {'fewer': -w.weight, 'name': w.name}) as in_group
          from e join g on g.name = e.name join w on w.name = e.name group by e.cluster
        )
        select
          w.* exclude (weight, entity_id, group_id, reasons, judged), e.cluster as entity_id, l.in_group as group_id,
          e.judgements is not null as judged,
          case when e.judgements is null then w.reasons
            else list_concat(w.reasons, list_transform(e.judgements, lambda x: 'judgement ' || x)) end as reasons
        from w join e on e.name = w.name join heading l on l.cluster = e.cluster
        """,
        w=weighed,
        e=entity,
        g=group,
    )


def _registered(session: Session, counted: Table, registered: Table) -> Table:
    """Names of applicants that mean one firm of the register: (name, credit_code, former)."""
    return session.materialise(
        f"""
        with firm as (
          select {organisation_key_sql("r.name")} as folded, min(r.credit_code) as credit_code,
            bool_and(r.former) as former
          from r group by {organisation_key_sql("r.name")} having count(distinct r.credit_code) = 1
        ), folded as (
          select c.name, {organisation_key_sql("c.name")} as folded from c
        )
        select f.name, m.credit_code, m.former from folded f join firm m on m.folded = f.folded where f.folded <> ''
        """,
        r=registered,
        c=counted,
    )


def _named(session: Session, counted: Table, evidence: Table | None, codes: Table | None) -> _Names:
    """Names are few beside publications: they are linked on this machine, whatever the engine."""
    with session.beside() as here:
        names = here.from_arrow(counted.arrow())
        told = None if evidence is None else here.from_arrow(evidence.sql(_EVIDENCE).arrow())
        firms = None if codes is None else here.from_arrow(codes.arrow())
        found = _told(here, link(here, names, evidence=told, codes=firms))
    return _Names(*map(session.from_arrow, found))


_EVIDENCE = f"select {', '.join('self_.' + name for name in EVIDENCE_COLUMNS)} from self_"


def _told(here: Session, linked: Linked) -> list[pa.Table]:
    spelling = here.arrow(
        f"""
        select s.name, {anchor_sql("e.key")} as entity_id, {anchor_sql("g.key")} as group_id, e.kind, s.script,
          case when array_length(s.countries) = 1 then s.countries[1] end as country, s.score, s.reasons,
          s.credit_code, false as judged
        from s join e on e.node = s.entity join g on g.node = s.group_node
        """,
        s=linked.spelling,
        e=linked.node,
        g=linked.node,
    )
    tie = here.arrow(
        f"""
        select {anchor_sql("e.key")} as entity_id, {anchor_sql("p.key")} as parent_id, t.score, t.reasons
        from t join e on e.node = t.entity join p on p.node = t.parent
        """,
        t=linked.tie,
        e=linked.node,
        p=linked.node,
    )
    return [spelling, tie, linked.doubt.arrow(), linked.point.arrow()]


def _organisation(session: Session, linked: Table, alias: Table, spelling: Table) -> Table:
    """One row an organisation: the commonest of its names, in Chinese and in Latin letters too."""
    word = session.from_rows({"word": "VARCHAR", "code": "VARCHAR"}, list(code_list("country").items()))
    commonest = "arg_min(n.name, {'fewer': -n.applied, 'mentions': -n.mentions, 'name': n.name})"
    shown = shown_name_sql(commonest)
    chinese, latin = (f"{commonest} filter (where n.script = '{script}')" for script in ("han", "latin"))
    return session.materialise(
        f"""
        with named as (
          select a.organisation_id, a.name, a.mentions, a.applied, s.script, s.kind, s.group_id, s.entity_id,
            s.credit_code
          from a join s on s.name = a.name
        ), told as (
          select
            n.organisation_id, {shown} as name, {chinese} as name_zh, {latin} as name_en,
            min(n.kind) as kind, min(n.group_id) as in_group, min(n.entity_id) as entity_id,
            min(n.credit_code) as credit_code, count(*) as spellings
          from named n group by n.organisation_id
        ), addressed as (
          select l.organisation_id,
            coalesce(w.code, case when regexp_full_match(l.country, '[A-Z]{{2}}') then l.country end) as country
          from l left join w on w.word = lower(l.country) where l.organisation_id is not null
        ), of_country as (
          select d.organisation_id, d.country, count(*) as mentions from addressed d
          where d.country is not null group by d.organisation_id, d.country
        ), lived as (
          select o.organisation_id, arg_min(o.country, {{'fewer': -o.mentions, 'country': o.country}}) as country
          from of_country o group by o.organisation_id
        ), hinted as (
          select a.organisation_id, min(s.country) as country
          from a join s on s.name = a.name where s.country is not null
          group by a.organisation_id having count(distinct s.country) = 1
        )
        select
          t.organisation_id, t.name, t.name_zh, t.name_en, t.kind, coalesce(v.country, h.country) as country,
          case when t.organisation_id = t.entity_id then t.in_group else t.organisation_id end as group_id,
          t.credit_code, t.spellings,
          row_number() over (order by t.organisation_id) as organisation_number
        from told t
        left join lived v on v.organisation_id = t.organisation_id
        left join hinted h on h.organisation_id = t.organisation_id
        """,
        a=alias,
        s=spelling,
        l=linked,
        w=word,
    )


def _group(session: Session, organisation: Table, alias: Table) -> Table:
    """Groups, each by the name of its most mentioned organisation."""
    return session.materialise(
        """
        with mentioned as (
          select a.organisation_id, sum(a.applied) as mentions from a group by a.organisation_id
        ), told as (
          select
            o.group_id, count(*) as organisations,
            arg_min({'name': o.name, 'zh': o.name_zh, 'en': o.name_en},
              {'fewer': -m.mentions, 'id': o.organisation_id}) as named
          from o join mentioned m on m.organisation_id = o.organisation_id group by o.group_id
        )
        select t.group_id, t.named.name as name, t.named.zh as name_zh, t.named.en as name_en, t.organisations
        from told t
        """,
        o=organisation,
        a=alias,
    )


def _ownership(session: Session, organisation: Table, tie: Table, owned: Table | None) -> Table:
    """Who belongs to whom: ties between entities of one group, and what the register says, with its days.

    Names do not tell since when: their dates are unknown. What the register says of a pair is not said again by names.
    """
    told = owned or session.from_rows(OWNED_COLUMNS, [])
    return session.materialise(
        """
        with registered as (
          select d.entity_id, d.parent_id, d.from_date, d.to_date, d.source_row
          from d join o on o.organisation_id = d.entity_id join o p on p.organisation_id = d.parent_id
        )
        select o.organisation_id, t.parent_id, cast(null as date) as from_date, cast(null as date) as to_date,
          'name' as source, cast(null as varchar) as source_row, t.score, t.reasons
        from t join o on o.organisation_id = t.entity_id join o p on p.organisation_id = t.parent_id
        anti join registered r on r.entity_id = t.entity_id and r.parent_id = t.parent_id
        where o.organisation_id <> p.organisation_id and o.group_id = p.group_id
        union all
        select r.entity_id, r.parent_id, r.from_date, r.to_date, 'register', r.source_row, cast(1 as double),
          ['register']
        from registered r
        """,
        t=tie,
        o=organisation,
        d=told,
    )


def _doubt(session: Session, doubt: Table, linked: Table, member: Table) -> Table:
    """Doubtful pairs with the families that would get another organisation: those of the lesser of the two."""
    return session.materialise(
        """
        with counted as (
          select l.organisation_id, count(distinct m.family_id) as families
          from l join m on m.publication_id = l.publication_id
          where l.organisation_id is not null group by l.organisation_id
        ), named as (
          select l.name, min(l.organisation_id) as organisation_id from l group by l.name
        )
        select d.level, d.name_a, d.name_b, d.score, d.reasons,
          least(coalesce(x.families, 0), coalesce(y.families, 0)) as families
        from d
        join named a on a.name = d.name_a join named b on b.name = d.name_b
        left join counted x on x.organisation_id = a.organisation_id
        left join counted y on y.organisation_id = b.organisation_id
        """,
        d=doubt,
        l=linked,
        m=member,
    )
