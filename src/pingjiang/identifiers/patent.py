"""One number out of one text: find the office, hand over to its rules."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from pingjiang.identifiers.folding import (
    AUTHORITIES,
    LONGEST,
    NOTHING,
    Written,
    fold,
    is_rounded,
    rest_of,
    split_date,
)
from pingjiang.identifiers.number import NumberUnreadable, PatentNumber, What, cn_check_digit
from pingjiang.identifiers.offices import readers
from pingjiang.identifiers.offices.ep import luhn

# Letters that begin a number of the office itself and would else be taken for another office's code.
_OWN_LETTERS: Final[dict[str, frozenset[str]]] = {
    "AU": frozenset({"PB", "PC", "PD", "PE", "PF", "PG", "PH", "PI", "PJ", "PK", "PL", "PM", "PN"}),
    "BR": frozenset({"MU", "PI", "DI", "BR"}) - {"BR"},
    "MX": frozenset({"PA", "NL", "GT", "JL"}),
    "TN": frozenset({"SN"}),
}
_JAPANESE: Final = re.compile(r"[特実實实意再][開开願愿公表許许用匠]")
_CHINESE_BARE: Final = re.compile(r"(?:198[5-9]|199\d|20[0-5]\d)[12389]\d{7}\.?[\dX]?")
_FLOAT: Final = re.compile(r"(\d+)\.0+")


def parse(text: str, *, what: What, authority: str | None = None, year: int | None = None) -> PatentNumber:
    """Read a patent number as offices and tools write it.

    authority    the office of a text without country code ('8407913' with 'US'); a code in the text wins
    year         of filing, or of publication for a publication: helps to tell forms apart that two eras share; a date
                 behind the number does the same

    Raises NumberUnreadable; its `code` says why. Never guesses where digits are lost. A 12- or 13-digit
    Chinese application number needs no country code.
    """
    folded = fold(text)
    if folded in NOTHING:
        raise NumberUnreadable("empty", text)
    if len(folded) > LONGEST:
        raise NumberUnreadable("unreadable", text)
    if is_rounded(folded):
        raise NumberUnreadable("spreadsheet_number", text)
    head, when = split_date(folded)
    if year is None and when is not None:
        year = when.year
    given = fold(authority) if authority else None
    artefact = _FLOAT.fullmatch(head)
    if artefact is not None:
        head, dropped = _without_artefact(head, artefact.group(1), given, what)
    try:
        written = _locate(head, given, year, what)
        number = _read(written, what)
    except NumberUnreadable as refusal:
        raise NumberUnreadable(refusal.code, text) from None
    if artefact is None or not dropped:
        return number
    return _warned(number, "float_artefact")


def _read(written: Written, what: What) -> PatentNumber:
    """By the rules of the office; without the year, and with a warning, if no reading agrees with it."""
    publication, application = readers(written.authority)
    read = publication if what == "publication" else application
    try:
        return read(written)
    except NumberUnreadable as refusal:
        if written.year is None or refusal.code != "unreadable":
            raise
        return _warned(read(replace(written, year=None)), "year_conflict")


def _warned(number: PatentNumber, code: str) -> PatentNumber:
    return replace(number, warnings=(*number.warnings, code))


def split_dated(text: str) -> tuple[str, date | None]:
    """Split a date off that stands behind a number: 'US62133061P 2015-03-13', 'AT 33585 A 19850206'.

    Returns the folded number text and the date, or the text and None where there is no (possible) date.
    """
    return split_date(fold(text))


def _without_artefact(head: str, digits: str, given: str | None, what: str) -> tuple[str, bool]:
    """Drop the '.0' that a spreadsheet adds to an integer, unless it is a check digit. -> text, dropped?

    Only texts of digits alone come here: with letters the cell never was a number. A check digit 0 stands if
    it is the right one for the digits before it.
    """
    if what == "application" and head.endswith(".0") and not head.endswith(".00"):
        if given in (None, "CN") and len(digits) in (8, 12) and cn_check_digit(digits) == "0":
            return head, False
        if given == "EP" and len(digits) == 8 and luhn(digits) == "0":
            return head, False
    return digits, True


def _locate(head: str, given: str | None, year: int | None, what: str) -> Written:
    """Find the country code and split it off."""
    if given is not None and given not in AUTHORITIES:
        raise NumberUnreadable("no_authority", head)
    if head[:2] == "ZL" or head[:4] == "CNZL":
        return rest_of("CN", head[head.index("ZL") + 2 :], year)
    if head[:3] == "PCT":
        return rest_of("WO", head, year)
    if _JAPANESE.match(head):
        return rest_of("JP", head, year)
    code = head[:2]
    if code.isalpha() and code.isascii() and len(head) > 2:
        if code in AUTHORITIES and code not in _OWN_LETTERS.get(given or "", ()):
            return rest_of(code, head[2:], year)
        if given is None:
            raise NumberUnreadable("no_authority", head)
    if given is not None:
        return rest_of(given, head, year)
    if what == "application" and _CHINESE_BARE.fullmatch(head):
        return rest_of("CN", head, year)
    raise NumberUnreadable("no_authority" if any(c.isdigit() for c in head) else "unreadable", head)
