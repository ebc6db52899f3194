"""How long rights last, by the rulebook: for one right, and for all of a release.

Days are counted as China's guidelines do: the last day in force is the day before the corresponding one, and the right
has ended on the corresponding day, which is not moved by holidays. Where a month has no such day its last one counts.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pingjiang.engine import Session, Table
from pingjiang.legal.fold import TermEnd
from pingjiang.rulebook import Rule, ask, load_rules

_PREFIX = "term_"


def months_after(day: date, months: int) -> date:
    """The corresponding day so many months later; the last of its month where that has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """The corresponding day so many years later."""
    return months_after(day, 12 * years)


def last_day(ends: date) -> date:
    """The last day in force of what ends on a day."""
    return ends - timedelta(days=1)


def patent_year(filed: date, year: int) -> tuple[date, date]:
    """First and last day of the n-th year of a patent in China, which runs from the day of filing."""
    return years_after(filed, year - 1), last_day(years_after(filed, year))


def cn_compensation(
    filed: date, examination_requested: date, granted: date, *, reasonable: int = 0, applicant: int = 0,
    same_day_utility_model: bool = False,
) -> int:  # fmt: skip
    """Days by which delay of the office makes the term of a Chinese invention longer; none where it owes none.

    reasonable, applicant: days of delay that do not count. None are given where a utility model was filed the same day.
    """
    if same_day_utility_model:
        return 0
    rule = ask("cn_term_adjustment", granted).value
    begins = max(
        years_after(filed, rule["years_from_filing"]),
        years_after(examination_requested, rule["years_from_examination_request"]),
    )
    return max(0, (granted - begins).days - reasonable - applicant)


def cn_drug_end(ends: date, approved: date, days: int, on: date | None = None) -> date:
    """The end of a drug's patent in China with an extension of so many days: not longer than the law allows."""
    rule = ask("cn_drug_term_extension", on).value
    longest = years_after(ends, rule["most_years"])
    after_approval = max(ends, years_after(approved, rule["most_years_after_approval"]))
    return min(ends + timedelta(days=days), longest, after_approval)


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it was computed, and the version of the rule by which."""

    starts: date
    basis: str
    years: int
    days: int | None
    ends: date
    latest: date
    rule: Rule

    def end(self) -> TermEnd:
        """What the state needs of it."""
        return TermEnd(self.ends, self.latest)


def term_of(
    authority: str | None,
    patent_type: str | None,
    filed: date | None,
    *,
    granted: date | None = None,
    earliest: date | None = None,
    days: int | None = None,
    followed: bool = False,
) -> Term | None:
    """The term of a right; None where no rule is known, or the day from which it runs.

    earliest  filing of the first of its parents, where that is before its own
    days      of adjustment or extension, where they are told
    followed  whether a source follows its legal state, and so would tell of them
    """
    versions = load_rules().get(f"{_PREFIX}{(authority or '').lower()}_{patent_type}", ())
    in_force = [version for version in versions if filed is not None and version.valid_from <= filed]
    if not in_force or filed is None:
        return None
    rule = in_force[-1]
    first = min(filed, earliest or filed)
    starts = {"filing": filed, "grant": granted, "earliest_filing": first}[rule.value["from"]]
    if starts is None:
        return None
    basic = years_after(starts, rule.value["years"])
    if longer := rule.value.get("or_years_from_filing"):
        basic = max(basic, years_after(first, longer))
    ends = basic + timedelta(days=days or 0)
    extension = rule.value.get("extension_years")
    known = extension is None or days is not None or (followed and rule.value.get("extension_told", False))
    latest = ends if known else years_after(basic, extension)
    return Term(starts, rule.value["from"], rule.value["years"], days, ends, latest, rule)


# -- for all of a release ----------------------------------------------------------------------------

_RULE_COLUMNS = {
    "authority": "VARCHAR", "patent_type": "VARCHAR", "valid_from": "DATE", "valid_to": "DATE", "years": "BIGINT",
    "basis": "VARCHAR", "or_years": "BIGINT", "extension_years": "BIGINT", "extension_told": "BOOLEAN",
    "rule": "VARCHAR", "confidence": "VARCHAR",
}  # fmt: skip


def _rule_rows() -> Iterator[tuple[object, ...]]:
    for name, versions in load_rules().items():
        if not name.startswith(_PREFIX):
            continue
        office, _, patent_type = name.removeprefix(_PREFIX).partition("_")
        ends = [version.valid_from for version in versions[1:]]
        for version, until in zip(versions, [*ends, None], strict=True):
            told = version.value
            yield (
                office.upper(), patent_type, version.valid_from, until, told["years"], told["from"],
                told.get("or_years_from_filing"), told.get("extension_years"), told.get("extension_told", False),
                name, version.confidence,
            )  # fmt: skip


def conclude_terms(session: Session, fact: Table, bearing: Table, application: Table, parent: Table) -> Table:
    """`legal_term`. `bearing`: kinds that bear on a state; `parent`: application_id and the earliest filing of its
    parents."""
    rules = session.from_rows(_RULE_COLUMNS, list(_rule_rows()))
    return session.materialise(_TERM, fact=fact, bearing=bearing, application=application, parent=parent, rule=rules)


_TERM = """
with told as (
  select
    f.application_id, min(case when f.kind = 'granted' then f.effective_date end) as granted,
    max(f.days) as days,
    bool_or(f.origin in ('event', 'status') and b.kind is not null and f.effective_date is not null) as followed
  from fact f
  left join bearing b on b.kind = f.kind
  where f.applies
  group by f.application_id
), dated as (
  select
    a.application_id, a.authority, a.patent_type, a.filing_date, t.granted, t.days,
    coalesce(t.followed, false) as followed,
    least(a.filing_date, coalesce(p.earliest_date, a.filing_date)) as first
  from application a
  left join told t on t.application_id = a.application_id
  left join parent p on p.application_id = a.application_id
), ruled as (
  select
    d.*, r.years, r.basis, r.or_years, r.extension_years, r.extension_told, r.rule, r.valid_from, r.confidence,
    case r.basis when 'filing' then d.filing_date when 'grant' then d.granted else d.first end as starts_date
  from dated d
  join rule r on r.authority = d.authority and r.patent_type = d.patent_type and d.filing_date >= r.valid_from
    and (r.valid_to is null or d.filing_date < r.valid_to)
), computed as (
  select
    r.*,
    case when r.or_years is null then cast(r.starts_date + to_months(cast(12 * r.years as integer)) as date)
      else greatest(cast(r.starts_date + to_months(cast(12 * r.years as integer)) as date),
        cast(r.first + to_months(cast(12 * r.or_years as integer)) as date)) end as basic_date
  from ruled r
  where r.starts_date is not null
)
select
  c.application_id, c.starts_date, c.basis, c.years, c.days as extension_days,
  cast(c.basic_date + cast(coalesce(c.days, 0) as integer) as date) as ends_date,
  case when c.extension_years is null or c.days is not null or (c.followed and c.extension_told)
    then cast(c.basic_date + cast(coalesce(c.days, 0) as integer) as date)
    else cast(c.basic_date + to_months(cast(12 * c.extension_years as integer)) as date) end as latest_date,
  c.rule, c.valid_from as rule_from, c.confidence
from computed c
"""
