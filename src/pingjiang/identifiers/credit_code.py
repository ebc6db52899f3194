"""Unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters, two check digits.

    position 1      registering authority (1 establishment, 5 civil affairs, 9 market regulation, N agriculture, ...)
    position 2      type of organisation at that authority
    positions 3-8   administrative division of the registering office (GB/T 2260)
    positions 9-17  organisation code (GB 11714), its last character a check digit of its own
    position 18     check digit of the whole

The letters I, O, S, V, Z do not occur.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


class CreditCodeRefused(ValueError):
    """A text that is no credit code. `code` says why: 'empty', 'length', 'character', 'organisation_check', 'check'.

    'character' names a character that cannot occur; 'organisation_check' the digit at position 17, 'check' the
    one at position 18.
    """

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.text = text
        super().__init__(f"{code}: {text!r}")


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A credit code whose two check digits are right."""

    code: str

    @property
    def authority(self) -> str:
        """Registering authority, position 1: '9' is market regulation (companies)."""
        return self.code[0]

    @property
    def kind(self) -> str:
        """Type of organisation within the authority, position 2."""
        return self.code[1]

    @property
    def division(self) -> str:
        """Administrative division of the registering office, six digits ('320500' is Suzhou)."""
        return self.code[2:8]

    @property
    def organisation(self) -> str:
        """Organisation code with its check digit, as written before 2015: '60003734-1'."""
        return f"{self.code[8:16]}-{self.code[16]}"


def organisation_check_digit(eight: str) -> str:
    """Check digit of an organisation code (GB 11714): 11 - sum mod 11, 10 written X, 11 written 0.

    Raises ValueError unless given eight digits or upper-case letters.
    """
    if len(eight) != 8 or not all(char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" for char in eight):
        raise ValueError(f"an organisation code has eight digits or capitals, not {eight!r}")
    total = sum(int(char, 36) * weight for char, weight in zip(eight, _ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def credit_check_digit(seventeen: str) -> str:
    """Check digit of the whole (GB 32100): (31 - sum mod 31) mod 31, in the alphabet of the code.

    Raises ValueError unless given 17 characters of that alphabet.
    """
    if len(seventeen) != 17 or not all(char in _ALPHABET for char in seventeen):
        raise ValueError(f"a credit code has 17 characters before its check digit, not {seventeen!r}")
    total = sum(_ALPHABET.index(char) * weight for char, weight in zip(seventeen, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def complete_credit_code(registered: str, eight: str) -> CreditCode:
    """A credit code with both its check digits, from what stands before each.

    `registered` are positions 1 to 8 (authority, kind, division), `eight` the organisation code without its digit.
    Raises ValueError where the two cannot begin a code.
    """
    seventeen = f"{registered}{eight}{organisation_check_digit(eight)}"
    return check_credit_code(seventeen + credit_check_digit(seventeen))


def check_credit_code(text: str) -> CreditCode:
    """Read a credit code; full-width characters, lower case, spaces and hyphens are tolerated.

    Raises CreditCodeRefused. A letter O or I is not turned into a digit: which one was meant is a guess.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    code = "".join(char for char in folded if not char.isspace() and char not in "-'‐–—")
    if not code:
        raise CreditCodeRefused("empty", text)
    if len(code) != 18:
        raise CreditCodeRefused("length", text)
    if not all(char in _ALPHABET for char in code) or not code[2:8].isdigit():
        raise CreditCodeRefused("character", text)
    if organisation_check_digit(code[8:16]) != code[16]:
        raise CreditCodeRefused("organisation_check", text)
    if credit_check_digit(code[:17]) != code[17]:
        raise CreditCodeRefused("check", text)
    return CreditCode(code)
