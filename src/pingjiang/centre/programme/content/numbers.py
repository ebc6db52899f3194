"""Numbers as people type them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from pingjiang.centre.casework.workflow import Label

_WIDE = {ord("０") + n: str(n) for n in range(10)} | {
    ord("，"): ",",
    ord("．"): ".",
    ord("－"): "-",
    ord("\u2212"): "-",
}
_LONGEST = 24
CENTS = 2  # digits of an amount behind the point


class Untyped(Exception):
    """What was typed is no value of its field."""

    def __init__(self, words: Label) -> None:
        self.words = words
        super().__init__(words[0])


def number_of(text: str) -> Decimal:
    """A number: commas between thousands, blanks and full-width digits are read. Untyped for what is none."""
    plain = text.strip().translate(_WIDE).replace(",", "").replace(" ", "")
    digits = plain.removeprefix("-").replace(".", "", 1)
    if not digits.isascii() or not digits.isdecimal() or len(digits) > _LONGEST:
        raise Untyped((f"“{text[:30]}”不是数字", f"'{text[:30]}' is no number"))
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise Untyped((f"“{text[:30]}”不是数字", f"'{text[:30]}' is no number")) from None


def count_of(text: str) -> Decimal:
    """A whole number, not below zero."""
    number = number_of(text)
    if number != number.to_integral_value():
        raise Untyped((f"“{text}”不是整数", f"'{text}' is no whole number"))
    return _not_negative(number)


def amount_of(text: str) -> Decimal | None:
    """An amount of money with two digits behind the point at most; None for nothing."""
    if not text.strip():
        return None
    number = _not_negative(number_of(text))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > CENTS and number != round(number, CENTS):
        raise Untyped(("至多两位小数", "two digits behind the point at most"))
    return number


def _not_negative(number: Decimal) -> Decimal:
    if number < 0:
        raise Untyped(("不能小于零", "it is never below zero"))
    return number
