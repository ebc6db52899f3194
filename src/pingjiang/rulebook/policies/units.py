"""Units in which a policy states its numbers: what they are called, and which of them measure the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `factor` of it make one of `base`, in which the same things are compared."""

    id: str
    base: str
    factor: int
    zh: str
    en: str
    one: str = ""  # of one, in English, where it is another word


UNITS = {
    unit.id: unit
    for unit in (
        Unit("yuan", "yuan", 1, "元", "yuan"),
        Unit("wan_yuan", "yuan", 10_000, "万元", "ten thousand yuan"),
        Unit("yi_yuan", "yuan", 100_000_000, "亿元", "hundred million yuan"),
        Unit("month", "month", 1, "个月", "months", "month"),
        Unit("year", "month", 12, "年", "years", "year"),
        Unit("percent", "percent", 1, "%", "%"),
        Unit("ratio", "ratio", 1, "", ""),
        Unit("point", "point", 1, "分", "points", "point"),
        Unit("character", "character", 1, "字", "characters", "character"),
        Unit("day", "day", 1, "日", "days", "day"),
        Unit("working_day", "working_day", 1, "个工作日", "working days", "working day"),
        Unit("second", "second", 1, "秒", "seconds", "second"),
        Unit("time", "time", 1, "次", "times", "time"),
        Unit("person", "person", 1, "人", "people", "person"),
        Unit("body", "body", 1, "家", "bodies", "body"),
        Unit("item", "item", 1, "项", "items", "item"),
        Unit("rank", "rank", 1, "位", "(rank)"),
    )
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that says its unit. A bare number is in the unit of the field that it is given for."""

    value: int | Decimal
    unit: str


def convert(value: Decimal, unit: str, into: str) -> Decimal | None:
    """A number of one unit in another; None where they do not measure the same."""
    if unit == into:
        return value  # as it is: reckoning would round what has more than 28 digits
    one, other = UNITS.get(unit), UNITS.get(into)
    if one is None or other is None or one.base != other.base:
        return None
    return value * one.factor / other.factor


def shown(value: Decimal, unit: str) -> tuple[str, str]:
    """A number with its unit in Chinese and in English, no digit lost. English counts money in millions, not in 万."""
    told = UNITS[unit]
    zh, en = told.zh, (told.one or told.en) if value == 1 else told.en
    english = value
    if told.base == "yuan":
        english, en = _english_money(value * told.factor)
    return _joined(_digits(value), zh), _joined(_grouped(_digits(english)), en)


def _english_money(yuan: Decimal) -> tuple[Decimal, str]:
    for size, word in ((10**9, "billion yuan"), (10**6, "million yuan")):
        if abs(yuan) >= size:
            return yuan / size, word
    return yuan, "yuan"


def _digits(value: Decimal) -> str:
    number = f"{value:f}"
    return number.rstrip("0").rstrip(".") if "." in number else number


def _grouped(number: str) -> str:
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole not in ("-0", "") else number


def _joined(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit in ("", "%") else f"{number} {unit}"
