"""Fees: the vector of the rules, brackets to the day, amounts by version, days without amounts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from pingjiang.legal.fees import Fee, Right, fees_of, owed, surcharge_percent
from pingjiang.legal.terms import months_after

EVER = (date(1980, 1, 1), date(2080, 1, 1))


def fees(office: str, kind: str, filed: date, granted: date | None, ends: date, claims: int | None = None) -> list[Fee]:
    return fees_of(Right(office, kind, filed, granted, ends, claims), *EVER)


def test_vector_18() -> None:
    fee = Decimal(900)
    assert owed(fee, Decimal(0), 5) == Decimal(945)
    assert owed(fee, fee + 25, 10) == Decimal(65)


def test_brackets_reach_to_the_corresponding_day_itself() -> None:
    due = date(2020, 3, 15)
    percents = [0, 5, 10, 15, 20, 25]
    for months, percent in enumerate(percents, start=1):
        last = months_after(due, months)
        assert surcharge_percent(due, last) == percent
        following = percents[months] if months < 6 else None
        assert surcharge_percent(due, last + timedelta(days=1)) == following
    assert surcharge_percent(due, due) == surcharge_percent(due, date(2019, 1, 1)) == 0


def test_fees_of_a_chinese_invention() -> None:
    told = fees("CN", "invention", date(2012, 2, 29), date(2015, 6, 1), date(2032, 2, 29))
    assert [fee.year for fee in told] == list(range(5, 21))
    assert told[0].due == date(2016, 2, 29) and told[1].due == date(2017, 2, 28)
    amounts = {fee.year: fee.amount for fee in told}
    assert [amounts[year] for year in (5, 6, 7, 10, 13, 16, 20)] == [1200, 1200, 2000, 4000, 6000, 8000, 8000]
    assert all(fee.late[-1].percent == 25 and fee.late[-1].amount == (fee.amount or 0) / 4 for fee in told)
    # The reduction is younger than the first of these fees, and ends ten years behind the grant.
    assert [fee.year for fee in told if fee.reduced] == list(range(6, 15))
    assert told[1].reduced == {"single": Decimal(180), "joint": Decimal(360)}
    assert {rule.id for fee in told for rule in fee.rules} >= {"cn_invention_annual_fee", "cn_fee_grace"}


def test_the_last_day_for_a_fee_moves_to_a_working_day_and_the_end_of_a_term_does_not() -> None:
    told = {fee.due: fee for fee in fees("CN", "utility_model", date(2020, 10, 3), date(2021, 1, 1), date(2030, 10, 3))}
    fee = told[date(2023, 10, 3)]  # within the holidays of that October
    assert fee.pay_by.day == date(2023, 10, 7) and fee.pay_by.certain  # a Saturday on which people worked
    assert not told[date(2029, 10, 3)].pay_by.certain
    assert max(told) < date(2030, 10, 3)


def test_fees_of_designs_by_their_term() -> None:
    old = fees("CN", "design", date(2021, 5, 31), date(2021, 12, 1), date(2031, 5, 31))
    new = fees("CN", "design", date(2021, 6, 1), date(2021, 12, 1), date(2036, 6, 1))
    assert (old[-1].year, new[-1].year) == (10, 15)
    assert new[-1].amount == 3000 and {rule.confidence for rule in new[-1].rules} >= {"unchecked"}


def test_maintenance_fees_of_the_united_states() -> None:
    told = fees("US", "invention", date(2012, 1, 3), date(2014, 3, 4), date(2032, 1, 3))
    assert [fee.due for fee in told] == [date(2017, 9, 4), date(2021, 9, 4), date(2025, 9, 4)]
    assert [fee.amount for fee in told] == [None, 3760, 8280]  # no version is known for 2017
    assert told[0].pay_by.day == date(2017, 9, 5)  # Labor Day
    assert told[2].grace.day == date(2026, 3, 4)
    assert told[2].reduced == {"small": Decimal(3312), "micro": Decimal(1656)}
    assert told[1].reduced == {"small": Decimal(1880), "micro": Decimal(940)}
    assert fees("US", "design", date(2012, 1, 3), date(2014, 3, 4), date(2028, 3, 4)) == []


def test_a_european_application_pays_until_its_grant_and_amounts_are_not_known() -> None:
    pending = fees("EP", "invention", date(2015, 4, 20), None, date(2035, 4, 20))
    assert pending[0].year == 3 and pending[0].due == date(2017, 4, 30)
    assert all(fee.amount is None and fee.late[0].percent == 50 for fee in pending)
    granted = fees("EP", "invention", date(2015, 4, 20), date(2019, 1, 9), date(2035, 4, 20))
    assert [fee.due.year for fee in granted] == [2017, 2018]


def test_japan_and_korea_count_from_the_grant() -> None:
    japan = fees("JP", "invention", date(2018, 1, 10), date(2020, 5, 8), date(2038, 1, 10), claims=10)
    assert (japan[0].year, japan[0].due, japan[0].amount) == (4, date(2023, 5, 8), Decimal(18300))
    assert japan[0].late[0].amount == 18300 and japan[0].note
    unknown = fees("JP", "invention", date(2018, 1, 10), date(2020, 5, 8), date(2038, 1, 10))
    assert all(fee.amount is None for fee in unknown)
    korea = fees("KR", "invention", date(2018, 1, 10), date(2020, 5, 8), date(2038, 1, 10), claims=10)
    assert korea[0].due == date(2023, 5, 8) and korea[0].amount is None


def test_only_fees_of_the_time_asked_for() -> None:
    right = Right("CN", "invention", date(2012, 3, 1), date(2015, 6, 1), date(2032, 3, 1))
    told = fees_of(right, date(2020, 4, 1), date(2021, 3, 31))
    assert [fee.due for fee in told] == [date(2020, 3, 1), date(2021, 3, 1)]  # the first may still be paid late


def test_where_nothing_is_known_there_is_no_fee() -> None:
    assert fees("BR", "invention", date(2012, 3, 1), date(2015, 6, 1), date(2032, 3, 1)) == []
    assert fees_of(Right("CN", "invention", None, None, None), *EVER) == []
    old = fees_of(
        Right("CN", "invention", date(1900, 3, 1), date(1901, 6, 1), date(1920, 3, 1)), date(1900, 1, 1), EVER[1]
    )
    assert old and all(fee.amount is None and fee.late == () for fee in old)  # no rule is so old
