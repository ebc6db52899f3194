"""The step of a build: from what the sources told to facts, terms, states and what contradicts itself."""

from __future__ import annotations

from pingjiang.engine import Session, Table
from pingjiang.legal.contradictions import conclude_contradictions
from pingjiang.legal.facts import SOURCE_COLUMNS, Told, conclude_facts
from pingjiang.legal.states import conclude_states, kind_table
from pingjiang.legal.terms import conclude_terms

_CODE_COLUMNS = {"authority": "VARCHAR", "code": "VARCHAR", "event_class": "VARCHAR"}

# Filing of the first of the parents whose day a term runs from. A provisional application and a foreign priority are
# none; parents of parents count where the source names them.
_PARENT = """
with listed as (
  select r.source_row, r.key, r.application_id, unnest(r.relations) as relation
  from record r where r.relations is not null
), of_documents as (
  select s.source_row, s.key, s.application_id from said s
)
select coalesce(d.application_id, l.application_id) as application_id, min(l.relation.date) as earliest_date
from listed l
left join of_documents d on d.source_row = l.source_row and d.key = l.key
where l.relation.side = 'parent'
  and l.relation.kind in ('continuation', 'continuation_in_part', 'division', 'national_stage')
  and coalesce(d.application_id, l.application_id) is not null
group by coalesce(d.application_id, l.application_id)
"""


def conclude_legal(
    session: Session,
    *,
    record: Table,
    said: Table,
    publication: Table,
    application: Table,
    event: Table,
    horizon: Table,
    source: Table | None = None,
    event_code: Table | None = None,
) -> dict[str, Table]:
    """The tables legal_fact, legal_unknown_code, legal_term, legal_state and legal_contradiction.

    `record` with all its columns; `source`: SOURCE_COLUMNS; `event_code`: a loaded list of codes. The states are those
    at the cut-off of `horizon`.
    """
    told = Told(
        event=event,
        record=record,
        said=said,
        publication=publication,
        application=application,
        source=source or session.from_rows(SOURCE_COLUMNS, []),
        event_code=event_code or session.from_rows(_CODE_COLUMNS, []),
    )
    facts = conclude_facts(session, told)
    kind = kind_table(session)
    bearing = session.sql("select k.kind from k where k.bears", k=kind)
    parent = session.materialise(_PARENT, record=record, said=said)
    term = conclude_terms(session, facts.fact, bearing, application, parent)
    at = session.sql("select h.cutoff_date as at_date from horizon h", horizon=horizon)
    return {
        "legal_fact": facts.fact,
        "legal_unknown_code": facts.unknown,
        "legal_term": term,
        "legal_state": conclude_states(session, facts.fact, term, application, at, kind),
        "legal_contradiction": conclude_contradictions(session, facts.fact, term, kind),
    }
