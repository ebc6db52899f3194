"""Names of persons: what is surname, what is given name, and how two given names relate.

A name in Han, kana or hangul, or any script but the Latin one, is known by its full characters and never by less. A
Latin name is a surname and the parts of the given name. What names nobody ("不公告发明人") and
organisations are no persons.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal, NamedTuple

from pingjiang import definitions
from pingjiang.text import fold as one_form

Kind = Literal["full", "latin", "withheld", "organisation", "empty"]

_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile("[a-z]")
_BRACKETS = re.compile(r"[(（\[【<《].*?[)）\]】>》]")
_NOT_WORD = re.compile(r"[\W_]+")
_LETTERS_ONLY = re.compile(r"[^a-z ]+")
_UNFOLDED = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"}
)
SAME, PARTED, FULLER, MISSING, SHORT, INITIAL, SPELLING, BARE, OTHER_MIDDLE, OTHER = range(10)
RELATIONS = ("same", "parted", "fuller", "missing", "short", "initial", "spelling", "bare", "other_middle", "other")


class Parsed(NamedTuple):
    """A name taken apart. `turned`: the surname may as well stand at the other end, as `family_2`, `given_2`."""

    kind: Kind
    family: str  # of `full`: all characters
    given: str  # parts with a space between
    turned: bool = False
    family_2: str = ""
    given_2: str = ""


_NOBODY = Parsed("empty", "", "")


@cache
def _words() -> dict[str, re.Pattern[str]]:
    """Patterns of what is no person's name, and what stands around one (`names.yaml`)."""
    told = definitions.shipped("pingjiang.identities.inventors", "names.yaml")
    latin = {name: "|".join(map(re.escape, told[name])) for name in ("organisation_words", "suffixes", "particles")}
    return {
        "withheld": re.compile("|".join(map(re.escape, told["withheld"]))),
        "organisation": re.compile(
            rf"\b({latin['organisation_words']})\b|({'|'.join(map(re.escape, told['organisation_endings']))})$"
        ),
        "suffix": re.compile(rf"\b({latin['suffixes']})\b"),
        "particle": re.compile(rf"\b({latin['particles']})$"),
    }


@cache
def _nicknames() -> dict[str, str]:
    """Short form → the name it is short for; of several the first."""
    told = definitions.shipped("pingjiang.identities.inventors", "names.yaml")["nicknames"]
    found: dict[str, str] = {}
    for full, forms in told.items():
        for form in forms.split():
            found.setdefault(form, full)
    return found


def fold(text: str) -> str:
    """Latin text in small letters without accents.

    >>> fold("Gyórgy Lévay"), fold("Ｗａｎｇ")
    ('gyorgy levay', 'wang')
    """
    plain = unicodedata.normalize("NFKD", text).lower().translate(_UNFOLDED)
    return "".join(each for each in plain if not unicodedata.combining(each))


def parse(name: str | None) -> Parsed:
    """A printed name taken apart.

    >>> parse("Lee, Seok-Ju"), parse("David L. WALTER").family, parse("张 伟").family
    (Parsed(kind='latin', family='lee', given='seok ju', turned=False, family_2='', given_2=''), 'walter', '张伟')
    """
    if not name or not name.strip():
        return _NOBODY
    printed = unicodedata.normalize("NFKC", name)
    printed = _BRACKETS.sub(" ", printed).strip() or printed
    folded = fold(printed)
    words = _words()
    if words["withheld"].search(folded):
        return Parsed("withheld", "", "")
    if words["organisation"].search(folded.rstrip(" .")):
        return Parsed("organisation", "", "")
    if _EAST_ASIAN.search(printed) or not _LATIN.search(folded):
        characters = _NOT_WORD.sub("", one_form(printed))
        return Parsed("full", characters, "") if any(map(str.isalpha, characters)) else _NOBODY
    return _latin(printed, words)


def _latin(printed: str, words: dict[str, re.Pattern[str]]) -> Parsed:
    head, mark, rest = printed.replace(";", ",").partition(",")
    if mark and _tokens(head) and _tokens(words["suffix"].sub(" ", fold(rest))):
        return Parsed("latin", "".join(_tokens(head)), " ".join(_tokens(words["suffix"].sub(" ", fold(rest)))))
    plain = re.sub(r"[,.']\s*$", "", words["suffix"].sub(" ", fold(f"{head} {rest}")))
    tokens = _tokens(plain)
    if len(tokens) < 2:
        return Parsed("latin", "".join(tokens), "") if tokens else _NOBODY
    shouted = [fold(word) for word in re.findall(r"[^\W\d_]{2,}", printed) if word.isupper()]
    if len(shouted) == 1 and shouted[0] in (tokens[0], tokens[-1]):  # "Vincent YATES", "XU Yingchuan"
        at = 0 if shouted[0] == tokens[0] and tokens[0] != tokens[-1] else len(tokens) - 1
        return Parsed("latin", tokens[at], " ".join(tokens[:at] + tokens[at + 1 :]))
    cut = len(tokens) - 1
    while cut > 1 and words["particle"].search(tokens[cut - 1]):  # "Jan van der Berg"
        cut -= 1
    return Parsed(
        "latin", "".join(tokens[cut:]), " ".join(tokens[:cut]),
        turned=len(tokens[0]) > 1, family_2=tokens[0], given_2=" ".join(tokens[1:]),
    )  # fmt: skip


def _tokens(text: str) -> list[str]:
    """Words of a folded Latin text: hyphens part them, apostrophes do not."""
    return _LETTERS_ONLY.sub(" ", re.sub(r"['’`´]", "", fold(text))).split()


@cache
def relation(one: str, other: str) -> int:
    """How two given names of one surname relate (parts with a space between, in small letters).

    same          the same parts
    parted        the same letters, parted otherwise: "seok ju", "seokju"
    fuller        a part is an initial on one side and spelled out on the other: "alok m", "alok mani"
    missing       a part stands on one side only: "alok", "alok mani"
    short         one is the short form of the other: "dan", "daniel"
    spelling      a letter differs: "chandra", "chandar"
    initial       one side has a first name, the other its initial alone: "j", "james"
    bare          a side has no given name
    other_middle  the first name is the same, the others are not: "paul j", "paul l"
    other         other names

    >>> RELATIONS[relation("seok ju", "seokju")], RELATIONS[relation("paul j", "paul l")]
    ('parted', 'other_middle')
    """
    if one > other:
        return relation(other, one)
    if not one or not other:
        return BARE
    a, b = one.split(), other.split()
    joined_a, joined_b = "".join(a), "".join(b)
    if joined_a == joined_b:
        return INITIAL if len(joined_a) == 1 else SAME if a == b else PARTED
    if len(a[0]) == 1 or len(b[0]) == 1:
        return _initials(a, b)
    if a[0] == b[0]:
        return _middles(a[1:], b[1:])
    longer, shorter = (joined_a, joined_b) if len(joined_a) > len(joined_b) else (joined_b, joined_a)
    if min(len(a), len(b)) == 1 and longer.startswith(shorter) and max(len(a), len(b)) > 1:
        return MISSING  # "junyi", "jun yi jesse"
    for whole, parts in ((joined_a, b), (joined_b, a)):  # "seokju", "seok j"
        if parts[-1:] and len(parts[-1]) == 1 and len(parts) > 1 and whole.startswith("".join(parts)):
            return FULLER
    if _alike(a[0], b[0]):
        how = SHORT if _short(a[0], b[0]) else SPELLING
        return how if _middles(a[1:], b[1:]) < OTHER_MIDDLE else OTHER
    if len(joined_a) > 4 and _one_edit(joined_a, joined_b):
        return SPELLING
    return OTHER


def _initials(a: list[str], b: list[str]) -> int:
    """One side begins with an initial: "r j", "ronald james"; "j william", "john william"."""
    if a[0][0] == b[0][0]:
        return INITIAL if _middles(a[1:], b[1:]) < OTHER_MIDDLE else OTHER
    return OTHER


def _middles(a: list[str], b: list[str]) -> int:
    """How what follows the same first name relates."""
    if a == b or "".join(a) == "".join(b):
        return SAME
    if not a or not b:
        return MISSING
    for one, other in zip(a, b, strict=False):
        spelled_out = min(len(one), len(other)) > 1
        if spelled_out and not (one == other or _alike(one, other)):
            return OTHER
        if one[0] != other[0]:
            return OTHER_MIDDLE
    return FULLER if len(a) == len(b) else MISSING


def _alike(one: str, other: str) -> bool:
    """Whether two words are one name: a short form, or one letter off in a word of some length."""
    if _short(one, other):
        return True
    return min(len(one), len(other)) >= 6 and _one_edit(one, other)


def _short(one: str, other: str) -> bool:
    root = _nicknames()
    return root.get(one, one) == root.get(other, other)


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter was changed, left out, added, or two neighbours exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))
    x, y = one[start:], other[start:]
    return x[1:] == y[1:] or x[1:] == y or x == y[1:] or (x[2:] == y[2:] and x[:2] == y[1::-1])


def beginning(given: str) -> str:
    """The first three letters of a given name, a short form as what it is short for: by these names are compared."""
    first, _, rest = given.partition(" ")
    return (_nicknames().get(first, first) + rest.replace(" ", ""))[:3]
