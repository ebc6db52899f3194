"""Organisations, thin: applicants whose names are the same after folding. Nothing is guessed beyond that."""

from __future__ import annotations

from pingjiang.engine import Session, Table
from pingjiang.text import organisation_key_sql, shown_name_sql


def conclude_organisations(session: Session, applicant: Table) -> tuple[Table, Table]:
    """`applicant` → (`organisation`, `publication_applicant` with organisation_id).

    The id is a hash of the folded name, so that it is the same in every release. A name that folds to
    nothing has no organisation. Each is its own group.
    """
    spelling = session.materialise(
        f"""
        with counted as (select a.name, count(*) as mentions from a group by a.name)
        select c.name, c.mentions, {organisation_key_sql("c.name")} as folded from counted c
        """,
        a=applicant,
    )
    identified = session.materialise(
        "select s.name, s.mentions, substr(md5(s.folded), 1, 16) as organisation_id from s where s.folded <> ''",
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
        i=identified,
    )
    linked = session.materialise(
        """
        select a.publication_id, a.sequence, a.name, i.organisation_id, a.country, a.address, a.source_row
        from a left join i on i.name = a.name
        """,
        a=applicant,
        i=identified,
    )
    return organisation, linked
