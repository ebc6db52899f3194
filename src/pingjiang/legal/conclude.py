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
select r.application_id, min(r.day) as earliest_date
from related r
where r.side = 'parent' and r.kind in ('continuation', 'continuation_in_part', 'division', 'national_stage')
group by r.application_id
"""


def conclude_legal(
    session: Session,
    *,
    record: Table,
    said: Table,
    related: Table,
    publication: Table,
    application: Table,
    event: Table,
    horizon: Table,
    source: Table | None = None,
    event_code: Table | None = None,
) -> dict[str, Table]:
    """The tables legal_fact, legal_unknown_code, legal_term, legal_state and legal_contradiction.

    `record` with all its columns; `related`: as `Particulars` has it; `source`: SOURCE_COLUMNS; `event_code`: a loaded
    list of codes. The states are those at the cut-off of `horizon`.
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
    parent = session.materialise(_PARENT, related=related)
    term = conclude_terms(session, facts.fact, bearing, application, parent)
    at = session.sql("select h.cutoff_date as at_date from horizon h", horizon=horizon)
    return {
        "legal_fact": facts.fact,
        "legal_unknown_code": facts.unknown,
        "legal_term": term,
        "legal_state": conclude_states(session, facts.fact, term, application, at, kind),
        "legal_contradiction": conclude_contradictions(session, facts.fact, term, kind),
    }
