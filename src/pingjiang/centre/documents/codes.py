"""Verification codes: PJ26-7QK4-M2XD. Two digits of the year, seven random characters, one that checks the others.

The alphabet is 31 characters that are not taken for one another (no 0 1 I L O): 31 is prime, so the weighted sum finds
each wrong character and each two that were exchanged. 31^7 codes a year: 27 thousand million.
"""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_RANDOM = 7
_BASE = len(ALPHABET)
_DASHES = dict.fromkeys(map(ord, " -‐‑‒–—―－·."))


def new(year: int) -> str:
    """A code that nobody can guess."""
    return from_random(year, "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM)))


def from_random(year: int, random: str) -> str:
    """The code with these seven characters."""
    body = f"{year % 100:02d}{random}"
    text = f"PJ{body}{_check_character(body)}"
    return "-".join((text[:4], text[4:8], text[8:]))


def parse(text: str) -> str | None:
    """A code that somebody typed, as it is printed; None where it can be none: a slip of the hand."""
    folded = unicodedata.normalize("NFKC", text[:64]).upper().translate(_DASHES)
    body, check = folded[2:-1], folded[-1:]
    if len(folded) != 2 + 2 + _RANDOM + 1 or not folded.startswith("PJ") or not body[:2].isascii():
        return None
    if not body[:2].isdigit() or not set(body[2:] + check) <= set(ALPHABET) or _check_character(body) != check:
        return None
    return "-".join((folded[:4], folded[4:8], folded[8:]))


def _check_character(body: str) -> str:
    """What makes the weighted sum of all characters a multiple of 31. Weights 1, 2, 3, …; the last one's is 10."""
    values = [int(char) for char in body[:2]] + [ALPHABET.index(char) for char in body[2:]]
    total = sum(weight * value for weight, value in enumerate(values, start=1))
    return ALPHABET[-total * pow(len(values) + 1, -1, _BASE) % _BASE]
