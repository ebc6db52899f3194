"""How the text of a number is cleaned before any office reads it: widths, separators, artefacts, dates.

Nothing here knows an office. A `Written` is what the offices read: country code split off, two spellings of
the rest (one with its separators, one without), a hint of the year.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

# ST.3 codes of offices that publish or published, and of organisations that act as receiving offices.
_CODES: Final = """
    AD AE AG AL AM AO AP AR AT AU AZ BA BB BD BE BF BG BH BN BO BR BW BX BY BZ CA CH CL CM CN CO CR CS CU CY
    CZ DD DE DJ DK DM DO DZ EA EC EE EG EM EP ES ET EU FI FR GB GC GE GH GM GR GT HK HN HR HU IB ID IE IL IN
    IQ IR IS IT JM JO JP KE KG KH KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK MM MN
    MO MT MU MW MX MY MZ NA NG NI NL NO NP NZ OA OM PA PE PG PH PK PL PT PY QA QZ RH RO RS RU RW SA SC SD SE
    SG SI SK SL SM SN SU SV SY SZ TH TJ TM TN TO TR TT TW TZ UA UG US UY UZ VC VE VN VU WO XN XV XP YE YU ZA
    ZM ZR ZW
"""
AUTHORITIES: Final = frozenset(_CODES.split())

# No number is longer, with dates and notes. The patterns below would take hours over a cell of a megabyte.
LONGEST: Final = 256
NOTHING: Final = frozenset({"", "-", "--", "/", "NA", "N/A", "NAN", "NONE", "NULL", "NIL", "无", "無", "空"})

# Characters of no width that web pages and documents bring along: spaces, joiners, marks of direction, soft hyphens.
_INVISIBLE: Final = (
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_FOLD: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－ー_", "-"),
        **dict.fromkeys("⁄∕／", "/"),
        **dict.fromkeys("。·・．", "."),
        **dict.fromkeys(_INVISIBLE, ""),
        **dict.fromkeys("，、", ","),
        **dict.fromkeys("\t\r\n", " "),
    }
)
_ROUNDED: Final = re.compile(r"(?:[A-Z]{2})?\s*\d+(?:[.,]\d+)?E\s*\+\s*\d{1,3}|\d+[.,]\d+E-?\d{1,3}")
_DATED: Final = re.compile(
    r"(.*\d.*?)(?:\s*,\s*|\s+|(?<=\d[A-Z])-|(?<=\d[A-Z]\d)-)\(?(\d{4})([-./]?)(\d\d)\3(\d\d)(?:T[\d:.]+Z?)?\)?"
)
_DATE_FIRST: Final = re.compile(r"((?:19|20)\d\d)([-./])(\d\d)\2(\d\d)\s+(.*\d.*)")
_KIND_IN_BRACKETS: Final = re.compile(r"(.*?)\s*\(([A-Z]\d?)\)")
_DOCDB: Final = re.compile(r"[A-Z]{2}\.[0-9A-Z]+(?:\.[A-Z]\d?)?")
_NOT_ALNUM: Final = re.compile(r"[^0-9A-Z]+")
_KIND: Final = re.compile(r"(.*\d(?:[DTX]|[A-Z](?=[A-Z]$))?)([A-Z]\d?)")
_KIND_APART: Final = re.compile(r"(.*\d[A-Z]{0,3})[ .-]+([A-Z]\d?)")


@dataclass(frozen=True, slots=True)
class Written:
    """A cleaned number text: everything the rules of an office look at.

    authority  country code found in the text or given; never empty here
    raw        the rest in upper-case ASCII with its separators, kind included: '2011/0185700 A1'
    flat       the rest without separators and kind: '20110185700'
    kind       what looks like a kind code at the end, or None
    year       filing year (for a publication: publication year, if a date stood behind it) or None
    dotted     written in DOCDB form ('CN.109462287.A')
    apart      the kind stands apart, as in DOCDB and Lens ('US 65784810 A')
    """

    authority: str
    raw: str
    flat: str
    kind: str | None
    year: int | None
    dotted: bool
    apart: bool

    @property
    def whole(self) -> str:
        """`flat` with the kind behind it: for offices where the last letter may be a check character."""
        return self.flat + (self.kind or "")


def fold(text: str) -> str:
    """Upper-case text with ordinary widths, hyphens, slashes, dots and spaces; outer quotes dropped."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.translate(_FOLD).upper().strip(" '\"`;,")


def is_rounded(folded: str) -> bool:
    """True where a spreadsheet has turned the number into scientific notation: '2.01E+12', '2,01E+12'."""
    return _ROUNDED.fullmatch(folded) is not None


def split_date(folded: str) -> tuple[str, date | None]:
    """'US62133061P 2015-03-13' -> ('US62133061P', the date). An impossible date is split off and gives None."""
    if len(folded) > LONGEST:
        return folded, None
    match = _DATED.fullmatch(folded) if folded[-1:] in "0123456789Z)" else None
    if match is None:
        match = _DATE_FIRST.fullmatch(folded) if folded[4:5] in "-./" else None
        if match is None:
            return folded, None
        year, mark, month, day, head = match.groups()
    else:
        head, year, mark, month, day = match.groups()
    if not mark and not (int(month) <= 12 and int(day) <= 31 and (year == "0000" or "1800" < year < "2100")):
        return folded, None
    try:
        when: date | None = date(int(year), int(month), int(day))
    except ValueError:
        when = None
    return head.strip(" ,"), when if when is not None and when.year > 1800 else None


def rest_of(authority: str, rest: str, year: int | None) -> Written:
    """Split the kind off and drop separators. `rest` is folded text behind the country code."""
    dotted = rest[:1] == "." and _DOCDB.fullmatch(authority + rest) is not None
    kind: str | None = None
    bracketed = _KIND_IN_BRACKETS.fullmatch(rest)
    if bracketed is not None:
        rest, kind = bracketed.group(1), bracketed.group(2)
    apart = _KIND_APART.fullmatch(rest) if kind is None else None
    body = rest if apart is None else apart.group(1)
    flat = _NOT_ALNUM.sub("", body)
    if apart is not None:
        kind = apart.group(2)
    elif kind is None:
        found = _KIND.fullmatch(flat)
        if found is not None:
            flat, kind = found.group(1), found.group(2)
    elif flat[-1:] == kind[0]:
        flat = flat[:-1]
    return Written(authority, rest.strip(" .-/,"), flat, kind, year, dotted, apart is not None)
