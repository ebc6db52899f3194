"""Currencies of ISO 4217, and what is an amount in one of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pingjiang.centre.casework.workflow import Refused
from pingjiang.definitions import shipped
from pingjiang.errors import DefinitionError

PLACES = 4  # the finest minor unit of the standard
MOST = Decimal(9) * 10**12  # fits 64 bits with six places


@dataclass(frozen=True)
class Currency:
    """A currency: code, number of decimals of its minor unit, words (zh, en)."""

    code: str
    minor: int
    words: tuple[str, str]

    def amount(self, value: Decimal | int | str) -> Decimal:
        """An amount with exactly the currency's decimals. TypeError for a float.

        Refused for a text that is no number, for a part of a minor unit, and for nine trillion or more.
        """
        if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
            raise TypeError(f"{value!r} is no exact amount: write a Decimal, a whole number or a text")
        try:
            read = Decimal(value)
        except InvalidOperation:
            raise Refused("amount", f"“{value}”不是金额", f"'{value}' is no amount") from None
        if not read.is_finite() or abs(read) >= MOST:
            raise Refused("amount", f"金额 {value} 超出范围", f"the amount {value} is out of range")
        fits = read.quantize(Decimal(1).scaleb(-self.minor))
        if fits != read:
            raise Refused(
                "amount",
                f"{self.words[0]}的金额最多 {self.minor} 位小数：{value}",
                f"an amount in {self.code} has {self.minor} decimals at most: {value}",
            )
        return fits + 0  # no minus zero


def currency(code: str) -> Currency:
    """A currency by its code. Refused for one that is not in the list."""
    found = CURRENCIES.get(code)
    if found is None:
        raise Refused("currency", f"没有币种“{code}”", f"there is no currency '{code}'")
    return found


def _read() -> dict[str, Currency]:
    found = {}
    for code, (minor, zh, en) in shipped("pingjiang.centre.money", "currencies.yaml").items():
        if not (isinstance(code, str) and len(code) == 3 and code.isupper() and 0 <= minor <= PLACES and zh and en):
            raise DefinitionError(f"currencies.yaml: {code!r} is no currency")
        found[code] = Currency(code, minor, (zh, en))
    return found


CURRENCIES = _read()
