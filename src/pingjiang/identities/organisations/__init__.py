"""Organisations, thin: applicants whose names are the same after folding, and what people decided above that."""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.engine import Session, Table
from pingjiang.judgements import apply_judgements
from pingjiang.text import organisation_key_sql, shown_name_sql


@dataclass(frozen=True)
class Organisations:
    """Organisations, the applicants with theirs, and every spelling with the reasons for which it is there."""

    organisation: Table
    applicant: Table
    alias: Table


def conclude_organisations(session: Session, applicant: Table, judged: Table) -> Organisations:
    """`applicant` → organisations. `judged`: what is in force; see `judgements.apply_judgements`.

    The id is a hash of the folded name, so that it is the same in every release; of names that people joined it is
    the least of theirs. A name that folds to nothing has no organisation. Each is its own group.
    """
    spelling = session.materialise(
        f"""
        with counted as (select a.name, count(*) as mentions from a group by a.name)
        select c.name, c.mentions, {organisation_key_sql("c.name")} as folded from counted c
        """,
        a=applicant,
    )
    folded = session.sql(
        "select s.name, s.mentions as weight, substr(md5(s.folded), 1, 16) as cluster from s where s.folded <> ''",
        s=spelling,
    )
    decided = apply_judgements(session, folded, judged)
    alias = session.materialise(
        """
        select
          d.cluster as organisation_id, d.name, s.mentions, cast(1 as double) as score,
          case
            when d.judgements is null then ['folding']
            else list_prepend('folding', list_transform(d.judgements, lambda x: 'judgement ' || x))
          end as reasons
        from d join s on s.name = d.name
        """,
        d=decided.clusters,
        s=spelling,
    )
    organisation = session.materialise(
        f"""
        with named as (
          select
            i.organisation_id,
            {shown_name_sql("arg_min(i.name, {'fewer': -i.mentions, 'name': i.name})")} as name,
            count(*) as spellings
          from i group by i.organisation_id
        )
        select n.*, n.organisation_id as group_id, row_number() over (order by n.organisation_id) as organisation_number
        from named n
        """,
        i=alias,
    )
    linked = session.materialise(
        """
        select a.publication_id, a.sequence, a.name, i.organisation_id, a.country, a.address, a.source_row
        from a left join i on i.name = a.name
        """,
        a=applicant,
        i=alias,
    )
    return Organisations(organisation, linked, alias)
