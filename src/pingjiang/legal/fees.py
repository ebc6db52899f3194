"""Fees that keep a right in force: when each falls due, until when it may be paid late, and what for.

Amounts are those of the rulebook's version on the day that the fee falls due (the newest one for days to come), in
full: who may pay less is not known here, and what he would pay stands beside. Where the rulebook has no amount there is
a day without one. Whether a fee was paid is known only where a source tells it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pingjiang.calendar import WorkingDay, working_day_from
from pingjiang.errors import DefinitionError
from pingjiang.legal.terms import months_after, years_after
from pingjiang.rulebook import Rule, ask

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Late:
    """A part of the grace: what is to be added when the fee is paid until a day. amount: None where unknown."""

    until: date
    percent: int | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee.

    year    of the patent, or which of the maintenance fees
    due     the day by law; pay_by: that day, or the working day to which it moves, and whether that calendar is known
    grace   last day on which it may be paid late
    reduced what those pay who may pay less, by why
    rules   versions of the rules that it rests on
    """

    year: int
    due: date
    pay_by: WorkingDay
    grace: WorkingDay
    currency: str | None
    amount: Decimal | None
    late: tuple[Late, ...]
    reduced: Mapping[str, Decimal] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Right:
    """What fees hang on. `ends`: the first day on which the term is over."""

    authority: str | None
    patent_type: str | None
    filed: date | None
    granted: date | None
    ends: date | None
    claims: int | None = None


# -- surcharges --------------------------------------------------------------------------------------


def surcharge_percent(due: date, paid: date) -> int | None:
    """Percent of the full fee that is added in China when it is paid on a day; None behind the grace.

    Each bracket reaches to the corresponding day so many months later, itself included.
    """
    if paid <= due:
        return 0
    for bracket in ask("cn_fee_surcharge", due).value:
        if paid <= months_after(due, bracket["to_months"]):
            return int(bracket["percent"])
    return None


def owed(fee: Decimal, paid: Decimal, percent: int) -> Decimal:
    """What is still to be paid of a fee with its surcharge: the surcharge is one of the full fee."""
    return max(Decimal(0), (fee * (100 + percent) / 100 - paid).quantize(_CENT))


# -- by office ---------------------------------------------------------------------------------------


def fees_of(right: Right, first: date, last: date) -> list[Fee]:
    """The fees of a right that fall due, or may still be paid late, between two days; by day.

    Empty where the rulebook knows none for its office and type, or the days from which they run are unknown.
    """
    makers = {"CN": _cn, "US": _us, "EP": _ep, "JP": _registered, "KR": _registered}
    maker = makers.get(right.authority or "")
    if maker is None or right.filed is None:
        return []
    return [fee for fee in maker(right) if fee.due <= last and fee.grace.day >= first]


def _rule(name: str, on: date) -> Rule | None:
    """The version in force on a day; None before the first."""
    try:
        return ask(name, on)
    except DefinitionError:
        return None


def _moved(day: date, office: str) -> WorkingDay:
    shifts = _rule("fee_due_shifts", day)
    return working_day_from(day, office) if shifts is not None and shifts.value == "yes" else WorkingDay(day, True)


def _until(due: date, grace: Rule | None, office: str) -> WorkingDay:
    """The last day of the grace; the day itself where no rule gives one."""
    return _moved(due if grace is None else months_after(due, grace.value), office)


def _bracket(rule: Rule | None, year: int) -> Mapping[str, Any] | None:
    listed: Sequence[Mapping[str, Any]] = rule.value if rule is not None else ()
    return next((each for each in listed if each["years"][0] <= year <= each["years"][1]), None)


_CN_FEES = {
    "invention": ("cn_invention_annual_fee", "cn_adjusted_annual_fee"),
    "utility_model": ("cn_utility_model_annual_fee",),
    "design": ("cn_design_annual_fee", "cn_design_late_annual_fee"),
}


def _cn(right: Right) -> Iterator[Fee]:
    """From the year behind that of the grant, whose fee is paid with the registration: due before the year begins."""
    names = _CN_FEES.get(right.patent_type or "")
    if names is None or right.filed is None or right.granted is None or right.ends is None:
        return
    year = 1
    while (due := years_after(right.filed, year - 1)) < right.ends:
        if due > right.granted:
            yield _cn_fee(right, names, year, due)
        year += 1


def _cn_fee(right: Right, names: Sequence[str], year: int, due: date) -> Fee:
    found = [(rule, bracket) for name in names if (bracket := _bracket(rule := _rule(name, due), year)) is not None]
    rule, amount = None, None
    if found:
        rule, amount = found[0][0], Decimal(found[0][1]["amount"])
    grace, surcharge = _rule("cn_fee_grace", due), _rule("cn_fee_surcharge", due)
    late = tuple(
        Late(
            months_after(due, bracket["to_months"]),
            bracket["percent"],
            None if amount is None else (amount * bracket["percent"] / 100).quantize(_CENT),
        )
        for bracket in (surcharge.value if surcharge else ())
    )
    reduction = _rule("cn_fee_reduction", due)
    reduced = {}
    if reduction and amount and right.granted and due < years_after(right.granted, reduction.value["years"]):
        reduced = {who: (amount * (100 - reduction.value[who]) / 100).quantize(_CENT) for who in ("single", "joint")}
    rules = tuple(each for each in (rule, grace, surcharge, reduction if reduced else None) if each is not None)
    until = _until(due, grace, "CN")
    return Fee(year, due, _moved(due, "CN"), until, "CNY", amount, late, reduced, rules)


def _us(right: Right) -> Iterator[Fee]:
    """Maintenance fees of utility patents, by months from the grant; those for designs and plants there are none of."""
    if right.patent_type not in ("invention", "reissue") or right.granted is None:
        return
    schedule = _rule("us_maintenance_due", right.granted)
    for number, months in enumerate(schedule.value if schedule else (), start=1):
        due = months_after(right.granted, months)
        amounts, surcharge = _rule("us_maintenance_amount", due), _rule("us_maintenance_surcharge", due)
        grace, shares = _rule("us_fee_grace", due), _rule("us_small_entity_share", due)
        amount = None if amounts is None else Decimal(amounts.value[number - 1])
        until = _until(due, grace, "US")
        late = (Late(until.day, None, None if surcharge is None else Decimal(surcharge.value)),)
        reduced = {}
        if amount is not None and shares is not None:
            reduced = {who: (amount * shares.value[who] / 100).quantize(_CENT) for who in ("small", "micro")}
        used = (schedule, amounts, surcharge, grace, shares if reduced else None)
        yield Fee(
            number, due, _moved(due, "US"), until, "USD", amount, late, reduced,
            tuple(rule for rule in used if rule is not None),
        )  # fmt: skip


def _ep(right: Right) -> Iterator[Fee]:
    """Renewal fees of a European application until the grant; those of the national patents behind it are not known."""
    if right.filed is None or right.ends is None:
        return
    names = ("ep_renewal_from_year", "ep_fee_grace", "ep_fee_surcharge")
    begins, grace, surcharge = (_rule(name, right.filed) for name in names)
    if begins is None or grace is None or surcharge is None:
        return
    year = int(begins.value)
    while (due := _month_end(years_after(right.filed, year - 1))) < right.ends:
        if right.granted is not None and due >= right.granted:
            return
        until = _until(due, grace, "EP")
        late = (Late(until.day, surcharge.value, None),)
        yield Fee(year, due, _moved(due, "EP"), until, "EUR", None, late, {}, (begins, grace, surcharge))
        year += 1


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


_REGISTERED_NOTE = (
    "年度自登记日起算，此处以授权公告日代替 · years run from registration; the day of grant stands for it"
)


def _registered(right: Right) -> Iterator[Fee]:
    """Japan and Korea: years run from the registration, with which the first ones are paid."""
    office = right.authority or ""
    if right.patent_type != "invention" or right.granted is None or right.ends is None:
        return
    paid = _rule("registration_years_paid", right.granted)
    grace = _rule(f"{office.lower()}_fee_grace", right.granted)
    if paid is None or grace is None:
        return
    year = int(paid.value) + 1
    while (due := years_after(right.granted, year - 1)) < right.ends:
        rule, surcharge = _rule(f"{office.lower()}_annual_fee", due), _rule(f"{office.lower()}_fee_surcharge", due)
        bracket = _bracket(rule, year)
        amount = None
        if bracket is not None and right.claims is not None:
            amount = Decimal(bracket["amount"] + bracket["per_claim"] * right.claims)
        until = _until(due, grace, office)
        percent = None if surcharge is None else int(surcharge.value)
        more = None if amount is None or percent is None else (amount * percent / 100).quantize(_CENT)
        used = tuple(each for each in (paid, grace, rule if amount else None, surcharge) if each is not None)
        currency = {"JP": "JPY", "KR": "KRW"}[office]
        yield Fee(
            year, due, _moved(due, office), until, currency, amount, (Late(until.day, percent, more),), {}, used,
            _REGISTERED_NOTE,
        )  # fmt: skip
        year += 1
