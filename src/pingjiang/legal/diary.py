"""The calendar of fees and ends: what falls due for the rights of an organisation, or of all, between two days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pingjiang.engine import Session, Table
from pingjiang.errors import DefinitionError
from pingjiang.legal.fees import Fee, Right, fees_of
from pingjiang.legal.states import conclude_states, kind_table
from pingjiang.rulebook import Rule, ask, load_rules

# Rights that are in force or may be; applications on which fees fall due; what may be restored.
_RIGHTS = """
with owner as (
  select
    p.application_id, o.name, min(x.sequence) as place,
    min(case when o.organisation_id in (select w.organisation_id from wanted w) then 1 else 0 end) as wanted
  from publication p
  join publication_applicant x on x.publication_id = p.publication_id
  join organisation o on o.organisation_id = x.organisation_id
  group by p.application_id, o.name
), owners as (
  select o.application_id, list(o.name order by o.place, o.name) as names, max(o.wanted) as wanted
  from owner o group by o.application_id
)
select
  a.application_id, a.publication_id, a.authority, a.patent_type, a.filing_date, a.claim_count,
  coalesce(p.title, a.title_alone) as title, s.state, s.life, s.overlays, s.last_state, t.ends_date, t.latest_date,
  t.rule, t.rule_from, g.granted, coalesce(o.names, []) as organisations, s.known_date
from application a
join state s on s.application_id = a.application_id
left join term t on t.application_id = a.application_id
left join granted g on g.application_id = a.application_id
left join publication p on p.publication_id = a.publication_id
left join owners o on o.application_id = a.application_id
where (s.life in ('in_force', 'pending') or s.state = 'lapsed_restorable'
    or (s.state = 'unknown' and s.last_state is not null))
  and ({all} or o.wanted = 1)
order by a.application_id
"""


def diary(
    session: Session, tables: Mapping[str, Table], first: date, last: date, organisations: Table | None = None
) -> Iterator[dict[str, Any]]:
    """Entries between two days, by application: fees that fall due or may still be paid late, and ends of terms.

    `tables`: of a release; `organisations`: organisation_id of those that are wanted, all unless given. The states are
    those of the first day, as known now.
    """
    moment = session.from_rows({"at_date": "DATE"}, [(first,)])
    fact = tables["legal_fact"]
    states = conclude_states(
        session, fact, tables["legal_term"], tables["application"], moment, kind_table(session)
    ).materialise()
    granted = session.materialise(
        "select f.application_id, min(f.effective_date) as granted from f where f.kind = 'granted' and f.applies "
        "group by f.application_id",
        f=fact,
    )
    rights = session.materialise(
        _RIGHTS.format(all="true" if organisations is None else "false"),
        application=tables["application"],
        publication=tables["publication"],
        publication_applicant=tables["publication_applicant"],
        organisation=tables["organisation"],
        state=states,
        term=tables["legal_term"],
        granted=granted,
        wanted=organisations or session.from_rows({"organisation_id": "VARCHAR"}, []),
    )
    for batch in rights.sql("select self_.* from self_ order by self_.application_id").batches(10_000):
        for row in batch.to_pylist():
            yield from _entries(row, first, last)


def _entries(row: Mapping[str, Any], first: date, last: date) -> Iterator[dict[str, Any]]:
    right = Right(
        row["authority"], row["patent_type"], row["filing_date"], row["granted"], row["ends_date"], row["claim_count"]
    )
    common = {
        name: row[name]
        for name in ("application_id", "publication_id", "title", "authority", "patent_type", "state", "last_state",
                     "overlays", "organisations", "known_date")
    }  # fmt: skip
    for fee in fees_of(right, first, last):
        yield {**common, "what": "fee", **_fee(fee, first)}
    if _is_right(row) and row["ends_date"] is not None and first <= row["ends_date"] <= last:
        rule = next(each for each in load_rules()[row["rule"]] if each.valid_from == row["rule_from"])
        yield {
            **common, "what": "end", "year": None, "due": row["ends_date"], "pay_by": None, "calendar_known": None,
            "grace": None, "currency": None, "amount": None, "late": (), "reduced": {},
            "rules": (rule, ask("expiry_shifts", row["ends_date"])), "standing": "end",
            "note": None if row["latest_date"] == row["ends_date"]
            else f"可能延长，最迟 {row['latest_date']} · may be extended, until {row['latest_date']} at the latest",
        }  # fmt: skip


def _is_right(row: Mapping[str, Any]) -> bool:
    """Whether it is, or was when last seen, a right: the term of an application that was never granted ends nothing."""
    alive = (row["state"], row["last_state"])
    return (
        row["life"] == "in_force"
        or row["state"] == "lapsed_restorable"
        or bool({"in_force", "invalid_part"} & {*alive})
    )


def _fee(fee: Fee, first: date) -> dict[str, Any]:
    return {
        "year": fee.year,
        "due": fee.due,
        "pay_by": fee.pay_by.day,
        "calendar_known": fee.pay_by.certain and fee.grace.certain,
        "grace": fee.grace.day,
        "currency": fee.currency,
        "amount": fee.amount,
        "late": fee.late,
        "reduced": fee.reduced,
        "rules": fee.rules,
        # Whether it was paid nobody told: behind its day a right may be about to lapse and no gazette says so yet.
        "standing": "in_grace" if fee.pay_by.day < first else "due",
        "note": fee.note,
    }


def rules_of(entries: Sequence[Mapping[str, Any]]) -> list[Rule]:
    """The versions of rules that entries rest on, each once, by name and day."""
    found = {(rule.id, rule.valid_from): rule for entry in entries for rule in entry["rules"]}
    return [found[key] for key in sorted(found)]


_FOUND = """
select distinct o.organisation_id, o.name
from o
left join x on x.organisation_id = o.organisation_id
where o.name = '{name}' or o.organisation_id = '{name}' or lower(x.name) = lower('{name}')
"""
_LIKE = "select o.name from o where contains(lower(o.name), lower('{name}')) order by o.name limit 5"


def find_organisations(session: Session, tables: Mapping[str, Table], name: str) -> Table:
    """organisation_id and name of those that are called so, or have an applicant printed so.

    DefinitionError where there is none; it names some that are called alike.
    """
    words = name.strip().replace("'", "''")
    o, x = tables["organisation"], tables["publication_applicant"]
    found = session.materialise(_FOUND.format(name=words), o=o, x=x)
    if not found.count():
        alike = [str(row[0]) for row in session.rows(_LIKE.format(name=words), o=o)] if words else []
        listed = "；".join(alike) or "—"
        raise DefinitionError(
            f"没有机构 {name!r}。",
            f"There is no organisation {name!r}.",
            remedy=(f"名称相近的：{listed}。", f"Called alike: {listed}."),
        )
    return found
