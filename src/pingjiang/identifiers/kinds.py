"""What a publication is, from its office, kind code, number and date: a grant? an invention, a design?

A publication is a grant if it documents a granted or registered right, amended and corrected ones included.
What only precedes a grant is none. Where the document cannot tell, the answer is None, never a guess:

    kinds that an office is not known to use, numbers without a kind where the kind would decide
    documents of the opposition systems that came before the grant and were never published again:
    CN B, U, S before 1993; JP examined publications to 1996; KR examined publications to 1998; DE B and B2; ...

Sources: WIPO ST.16 and the offices' kind code lists of its handbook (part 7.3.1, 7.3.2); rules.md 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.parsed import ParsedNumbers

PatentType = Literal["invention", "utility_model", "design", "plant", "reissue"]
_Answer = bool | None
_Rule = Callable[[str, date | None], _Answer]

_CN_GRANTS_PRINTED: Final = date(1993, 1, 1)


def _words(*lists: str) -> frozenset[str]:
    return frozenset(word for words in lists for word in words.split())


_A_ONLY: Final = "A A0 A1 A2 A3 A4 A5 A6 A7 A8 A9"
_B: Final = "B B1 B2 B3 B4 B5 B6 B7 B8 B9"
_C: Final = "C C0 C1 C2 C3 C4 C5 C6 C7 C8 C9"

# Office -> (kinds that are grants, kinds that are not). What is in neither is unknown.
_KINDS: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "AT": (_words(_B, "T U1 U2"), _words("A A1 A2 A3 A4 A5 A8 A9")),
    "AU": (_words(_B, _C, "S"), _words("A A0 A1 A2 A3 A8 A9 D0")),
    "BE": (_words("A6 A7 B1 B2"), _words("A3 A5")),
    "BG": (_words("B1 B2"), _words("A")),
    "BR": (_words(_B, "Y1"), _words("A A2 A8 D0 U2")),
    "CA": (_words(_C, "E E1 S"), _words("A1 A2 A8 A9")),
    "CH": (_words("A5 B1 B2 B5 B8 B9"), _words("A1 A2 A3")),
    "CN": (_words("C C1 C2 C3 C4 C5 C6 C7 Y Y1 Y2 Y3 Y4 Y5 Y6 Y7 D"), _words(_A_ONLY)),
    "CZ": (_words("B6 U1"), _words("A3")),
    "DE": (_words("B3 B4 B8 B9 C C1 C2 C3 C4 C5 C8 C9 U U1 U8 U9 D1 T2 T3 T4"), _words("A A1 A8 A9 D0 T5")),
    "DK": (_words("B1 B2 B3 B4 B5 B6 T3 Y3 Y4 Y6"), _words("A A1 D0")),
    "EA": (_words(_B), _words("A1 A2 A3 A8 A9")),
    "EP": (_words(_B, "C0 C1"), _words(_A_ONLY)),
    "ES": (_words("B1 B2 B8 T3 T5"), _words("A2")),
    "FI": (_words("B1 C"), _words("A A0 A1 A7")),
    "FR": (_words(_B, "E M"), _words("A1 A2 A3 A4 A8 A9 D0")),
    "GB": (_words("B B8 B9 C C2 C3 S"), _words("A8 A9 D0")),
    "HU": (_words("B B1"), _words("A1 A2 A3 D0")),
    "IL": (_words("B B1 B2"), _words("A0 D0")),
    "IN": (_words("B"), _words("A")),
    "IT": (_words("B B1"), _words("A1 D0")),
    "JP": (_words("C S"), _words("A A1 A5 A6 A7 A8 T X U1")),
    "KR": (_words("S"), _words("A A1 A8 A9 U U8")),
    "MX": (_words("B B1"), _words("A1")),
    "NL": (_words("B1 C C1 C2"), _words("A A1")),
    "NO": (_words("B1 C"), _words("A A1 D0")),
    "NZ": (_words("B B1 B2"), _words("A")),
    "PL": (_words("B1 B3 T3 Y1"), _words("A1 A2 A3 A4 U1")),
    "PT": (_words("B T E"), _words("A A1")),
    "RO": (_words("B1 B3 B8"), _words("A0 A1 A2")),
    "RU": (_words("C C1 C2 C9 U1 S"), _words("A A2 A3")),
    "SE": (_words("C C1 C2 C3 E5"), _words("A A0 A1 L D0")),
    "SG": (_words("B"), _words("A A1 A2")),
    "TR": (_words("B T4"), _words("A A1 A2 A3")),
    "TW": (_words("B B1 S U"), _words("A")),
    "UA": (_words("C2 U"), _words("A1 A2")),
    "US": (
        _words("B1 B2 B3 E E1 E2 S S1 P P2 P3 C1 C2 C3 F1 F2"),
        _words("A1 A2 A9 P0 P1 P4 P9 H H1 H2 T I4 I5"),
    ),
}


def _cn_b(number: str, when: date | None) -> _Answer:
    """B, U and S were documents of the application until 1992; B then stopped and came back in 2010."""
    if when is not None:
        return True if when >= _CN_GRANTS_PRINTED else None
    return True if len(number) == 9 or (len(number) == 7 and "1030000" <= number < "2") else None


def _cn_u_s(number: str, when: date | None) -> _Answer:
    if when is not None:
        return True if when >= _CN_GRANTS_PRINTED else None
    return True if len(number) == 9 else None


def _us_a(number: str, when: date | None) -> _Answer:
    return True if number.isdigit() and len(number) <= 8 else None


def _us_bare(number: str, when: date | None) -> _Answer:
    if number[0] in "HT":
        return False
    return not (number.isdigit() and len(number) == 11)


def _us_numbered(number: str, when: date | None) -> _Answer:
    return None if number.isdigit() and len(number) == 11 else True


def _jp_b(number: str, when: date | None) -> _Answer:
    return True if number.isdigit() and len(number) == 7 else None


def _jp_u(number: str, when: date | None) -> _Answer:
    return number.isdigit() and len(number) == 7 and number[0] == "3"


def _kr_b(number: str, when: date | None) -> _Answer:
    return True if number[:2] in ("10", "20") and len(number) == 9 else None


def _old_a(first_new: int) -> _Rule:
    """Kind A of an office that printed granted patents as A up to a number."""

    def rule(number: str, when: date | None) -> _Answer:
        if not number.isdigit():
            return None
        return True if int(number) < first_new else None if first_new < 2_000_000 else False

    return rule


def _gb_a(number: str, when: date | None) -> _Answer:
    if not number.isdigit():
        return None
    if len(number) == 9 and number[:2] in ("18", "19"):  # before 1916: year and five digits
        return None
    return int(number) < 2_000_000


_BY_NUMBER: Final[dict[tuple[str, str | None], _Rule]] = {
    ("CN", "B"): _cn_b,
    ("CN", "B8"): _cn_b,
    ("CN", "B9"): _cn_b,
    **{("CN", kind): _cn_u_s for kind in _words("U U8 U9 S S1 S2 S3 S4 S5 S6 S7 S8 S9")},
    ("US", "A"): _us_a,
    ("US", None): _us_bare,
    **{("US", kind): _us_numbered for kind in ("B1", "B2")},
    **{("JP", kind): _jp_b for kind in ("B", "B1", "B2", "Y", "Y1", "Y2")},
    ("JP", "U"): _jp_u,
    **{("KR", kind): _kr_b for kind in ("B", "B1", "B2", "Y", "Y1")},
    ("CA", "A"): _old_a(1_400_000),
    ("FR", "A"): _old_a(1_610_000),
    ("GB", "A"): _gb_a,
}


@lru_cache(maxsize=4096)
def _rule(authority: str, kind: str | None) -> _Rule | _Answer:
    """What office and kind say: an answer, or a function of number and date that has it."""
    by_number = _BY_NUMBER.get((authority, kind))
    if by_number is not None:
        return by_number
    if authority == "WO":
        return False
    kinds = _KINDS.get(authority)
    if kinds is None or kind is None:
        return None
    return True if kind in kinds[0] else False if kind in kinds[1] else None


def _is_grant(authority: str, number: str, kind: str | None, when: date | None) -> _Answer:
    rule = _rule(authority, kind)
    return rule(number, when) if callable(rule) else rule


def is_grant(number: PatentNumber, publication_date: date | None = None) -> bool | None:
    """True for a document of a granted right, False for one of an application, None where it can't be told.

    An application number is no document: None.
    """
    if number.what == "application":
        return None
    return _is_grant(number.authority, number.number, number.kind, publication_date)


def is_grant_many(numbers: ParsedNumbers, publication_dates: Sequence[date | None] | None = None) -> list[bool | None]:
    """`is_grant` of a column; None also for numbers that could not be read."""
    if numbers.what == "application":
        return [None] * len(numbers.id)
    dates: Iterable[date | None] = publication_dates or (None,) * len(numbers.id)
    answers: list[bool | None] = []
    rule: _Rule | _Answer
    rules: dict[tuple[str | None, str | None], _Rule | _Answer] = {}
    for key, number, when in zip(zip(numbers.authority, numbers.kind, strict=True), numbers.number, dates, strict=True):
        if key in rules:
            rule = rules[key]
        else:
            authority, kind = key
            rule = rules[key] = None if authority is None else _rule(authority, kind)
        answers.append(rule(number or "", when) if callable(rule) else rule)
    return answers


# Which right. Kind letters as nearly all offices use them (ST.16 groups 1 to 4 and S).
_TYPE_BY_LETTER: Final[dict[str, PatentType]] = {
    "A": "invention", "B": "invention", "C": "invention", "T": "invention", "U": "utility_model",
    "Y": "utility_model", "S": "design", "F": "design",
}  # fmt: skip
_CN_TYPES: Final[dict[str, PatentType]] = {
    "1": "invention", "2": "utility_model", "3": "design", "8": "invention", "9": "utility_model",
}  # fmt: skip
_TW_TYPES: Final[dict[str, PatentType]] = {"I": "invention", "M": "utility_model", "D": "design"}
_US_TYPES: Final[dict[str, PatentType]] = {"RE": "reissue", "PP": "plant", "D": "design", "AI": "invention"}
_BR_TYPES: Final[dict[str, PatentType]] = {"PI": "invention", "MU": "utility_model", "DI": "design"}


def patent_type(number: PatentNumber, publication_date: date | None = None) -> PatentType | None:
    """Which right the number is about, or None where office, kind and number do not tell.

    A US application number tells a design, but not utility from plant or reissue: None. Provisional
    applications, statutory inventions and defensive publications are none of these: None. The date is taken
    for symmetry with `is_grant`; no office needs it today.
    """
    return _type(number.authority, number.number, number.kind, number.what)


def patent_type_many(numbers: ParsedNumbers) -> list[PatentType | None]:
    """`patent_type` of a column; None also for numbers that could not be read."""
    what = numbers.what
    answers: list[PatentType | None] = []
    known: dict[tuple[str | None, str | None, str], PatentType | None] = {}
    for authority, number, kind in zip(numbers.authority, numbers.number, numbers.kind, strict=True):
        if authority is None or number is None:
            answers.append(None)
            continue
        # All that `_type` looks at: office, kind, length and the first five characters.
        key = (authority, kind, f"{len(number)}{number[:5]}")
        if key not in known:
            known[key] = _type(authority, number, kind, what)
        answers.append(known[key])
    return answers


def _type(authority: str, number: str, kind: str | None, what: str) -> PatentType | None:
    letter = kind[0] if kind else ""
    if authority == "CN":
        return _cn_type(number, what)
    if authority == "US":
        return _us_type(number, kind, what)
    if authority == "EP":
        return "invention"
    if authority == "AU" and kind in ("A4", "B4"):  # innovation patents, the second tier of 2001 to 2021
        return "utility_model"
    if authority == "WO":
        return "design" if letter in "SF" and letter else "invention"
    if authority == "TW" and number[0] in _TW_TYPES:
        return _TW_TYPES[number[0]]
    if authority == "BR" and number[:2] in _BR_TYPES:
        return _BR_TYPES[number[:2]]
    if authority == "KR" and number[:2] in ("10", "20") and len(number) == 9 and what == "publication":
        return "invention" if number[0] == "1" else "utility_model"
    if authority == "DE" and letter == "D" and kind != "D1":
        return None
    if authority == "DE" and letter == "D":
        return "invention"
    return _TYPE_BY_LETTER.get(letter)


def _cn_type(number: str, what: str) -> PatentType | None:
    if len(number) == 12:
        return _CN_TYPES.get(number[4])
    if len(number) == 8:
        return _CN_TYPES.get(number[2])
    return _CN_TYPES.get(number[0]) if what == "publication" else None


def _us_type(number: str, kind: str | None, what: str) -> PatentType | None:
    if what == "application":
        return "design" if kind == "F" else None
    if kind == "P0":
        return None
    letters = number.rstrip("0123456789")
    if letters:
        return _US_TYPES.get(letters)
    if len(number) == 11:
        if kind is None:
            return None
        return "plant" if kind[0] == "P" else "invention" if kind[0] == "A" else None
    return "invention"
