"""A draw of experts that anybody can repeat: a list published before, a public number announced after, SHA-256.

The list is a text, a line each (`write`, `read`):

    pingjiang-draw 1
    title: what is drawn for
    number: which public number will be used, of which day
    due: 2026-12-08T21:15+08:00        before this the number cannot be known
    stratum: technology | seats: 3
    E012
    E047 | excluded: same employer in 2025
    stratum: finance | seats: 2
    …

    text       UTF-8 in NFC; runs of blanks are one space, none at either end; no empty line; each line ends in LF
    list hash  SHA-256 of the text, 64 hexadecimal digits in lower case
    number     its digits 0-9 alone, in the order announced, leading zeros kept
    key        SHA-256 of: list hash LF number LF stratum LF code
    order      of a stratum: by key, ascending. Excluded candidates have a place in it, and are passed over
    seats      the first of the order who are neither excluded nor have declined; the others follow in this order

What is required of a panel (`DrawRules`) comes from the pack of the call. Nothing here is random.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pingjiang.errors import PingjiangError, Words

VERSION = "pingjiang-draw 1"
_BLANKS = re.compile("[ \t\r\u00a0\u3000]+")
_INVISIBLE = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
_SEPARATORS = re.compile(r"[ \t\r\n,.+\-|/:;、。·]")
_STRATUM = re.compile(r"stratum: (?P<name>.+) \| seats: (?P<seats>[1-9][0-9]{0,2})")
_HEAD = ("title", "number", "due")


class DrawRefused(PingjiangError):
    """A list, a number or a panel is not as a draw needs it. `rule` names what is missing; nothing was drawn."""

    def __init__(self, rule: str, zh: str, en: str, remedy: Words) -> None:
        self.rule = rule
        super().__init__(zh, en, remedy=remedy)


@dataclass(frozen=True)
class DrawRules:
    """What the pack asks: seats at least, whether their sum is odd, and how many digits the public number has."""

    least_seats: int
    odd: bool
    least_digits: int


@dataclass(frozen=True)
class Candidate:
    """An expert by code. `excluded` is the reason why not, known before the draw; '' for none."""

    code: str
    excluded: str = ""


@dataclass(frozen=True)
class Stratum:
    """A field of expertise, its seats, and who stands for them."""

    name: str
    seats: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Roll:
    """The list before the draw. `number` tells in words which public number will be used, `due` when it is known."""

    title: str
    number: str
    due: datetime
    strata: tuple[Stratum, ...]


@dataclass(frozen=True)
class Drawn:
    """A candidate's place in the order of a stratum, the first being 1, and the key that gave it."""

    place: int
    code: str
    key: str
    excluded: str


@dataclass(frozen=True)
class DrawnStratum:
    """A stratum in order."""

    name: str
    seats: int
    order: tuple[Drawn, ...]


@dataclass(frozen=True)
class Draw:
    """The outcome: everything that a page needs to be compared with."""

    list_hash: str
    number: str
    strata: tuple[DrawnStratum, ...]


@dataclass(frozen=True)
class Left:
    """Who is out after the draw: declined, or excluded by what was found later, and then with the reason."""

    code: str
    why: Literal["declined", "excluded"]
    reason: str = ""


@dataclass(frozen=True)
class Seats:
    """A stratum as it stands: seated and following in order, passed over with reasons, seats without anybody left."""

    name: str
    seated: tuple[str, ...]
    following: tuple[str, ...]
    passed: tuple[Left, ...]
    vacant: int


def write(roll: Roll) -> str:
    """The text to publish. Candidates stand by code, whatever order they came in. DrawRefused names what is unfit."""
    if roll.due.tzinfo is None or roll.due.second or roll.due.microsecond:
        raise DrawRefused(
            "due", "号码揭晓的时间须到整分，并有时区。",
            "The time at which the number is due has whole minutes and a zone.",
            ("如 2026-12-08T21:15+08:00。", "As in 2026-12-08T21:15+08:00."),
        )  # fmt: skip
    _distinct(roll)
    lines = [VERSION, f"title: {_fit(roll.title)}", f"number: {_fit(roll.number)}"]
    lines.append(f"due: {roll.due.isoformat(timespec='minutes')}")
    for stratum in roll.strata:
        lines.append(f"stratum: {_fit(stratum.name)} | seats: {stratum.seats}")
        for candidate in sorted(stratum.candidates, key=lambda each: _fit(each.code)):
            reason = f" | excluded: {_fit(candidate.excluded)}" if candidate.excluded else ""
            lines.append(f"{_code(candidate.code)}{reason}")
    return normalise("\n".join(lines))


def read(text: str) -> Roll:
    """The list of a text, as pasted. DrawRefused where it breaks off; what `write` would not write so is refused."""
    lines = _lines(text)
    if not lines or lines[0] != VERSION:
        raise _unread(1, lines[0] if lines else "")
    head: list[str] = []
    for at, name in enumerate(_HEAD, start=1):
        if len(lines) <= at or not lines[at].startswith(f"{name}: "):
            raise _unread(at + 1, lines[at] if len(lines) > at else "")
        head.append(lines[at].removeprefix(f"{name}: "))
    strata: list[tuple[str, int, list[Candidate]]] = []
    for at, line in enumerate(lines[4:], start=5):
        found = _STRATUM.fullmatch(line)
        if found:
            strata.append((found["name"], int(found["seats"]), []))
        elif line.startswith("stratum:") or not strata:
            raise _unread(at, line)
        else:
            code, _, reason = line.partition(" | excluded: ")
            strata[-1][2].append(Candidate(code, reason))
    roll = Roll(head[0], head[1], _time(head[2]), tuple(Stratum(name, n, tuple(who)) for name, n, who in strata))
    if _lines(write(roll)) != lines:
        raise DrawRefused(
            "canonical", "名单的行序或写法与规定不符。", "The list is not in the order or spelling that is laid down.",
            ("请原样粘贴公布的名单，不要改动。", "Paste the list as it was published, unchanged."),
        )  # fmt: skip
    return roll


def normalise(text: str) -> str:
    """The text that is hashed: what copying through a web page does to blanks and line ends is undone."""
    lines = (_BLANKS.sub(" ", line).strip(" \ufeff") for line in unicodedata.normalize("NFC", text).split("\n"))
    return "".join(f"{line}\n" for line in lines if line)


def _lines(text: str) -> list[str]:
    return normalise(text).split("\n")[:-1]


def list_hash(text: str) -> str:
    """SHA-256 of the list, in hexadecimal digits: what is published with it, before the number is known."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def digits(number: str, least: int = 1) -> str:
    """The digits of a public number as announced. DrawRefused for too few, and for signs that separate no digits."""
    kept = _SEPARATORS.sub("", unicodedata.normalize("NFKC", number))
    if not re.fullmatch("[0-9]+", kept):
        raise DrawRefused(
            "number", f"“{number}”不是号码。", f"'{number}' is not a number.",
            ("只填公布的数字，保留开头的零。", "Give the digits announced alone, leading zeros kept."),
        )  # fmt: skip
    if len(kept) < least:
        raise DrawRefused(
            "digits", f"号码只有 {len(kept)} 位，至少要 {least} 位。",
            f"The number has {len(kept)} digits, {least} are needed.",
            ("改用位数更多的公开号码，并重新公布名单。", "Name a longer public number, and publish the list anew."),
        )  # fmt: skip
    return kept


def check(roll: Roll, rules: DrawRules, filled: int = 0) -> None:
    """DrawRefused where no panel can come of this list. `filled`: seats held already, where vacant ones are drawn."""
    total = filled + sum(stratum.seats for stratum in roll.strata)
    if total < rules.least_seats or (rules.odd and total % 2 == 0):
        odd_zh, odd_en = ("且为单数", " and odd") if rules.odd else ("", "")
        raise DrawRefused(
            "seats", f"专家组共 {total} 席，应不少于 {rules.least_seats} 席{odd_zh}。",
            f"The panel has {total} seats; they must be at least {rules.least_seats}{odd_en}.",
            ("调整各层席位数。", "Change the seats of the strata."),
        )  # fmt: skip
    for stratum in roll.strata:
        free = sum(not candidate.excluded for candidate in stratum.candidates)
        if free < stratum.seats:
            raise _too_few(stratum.name, stratum.seats, free)


def check_commitment(text: str, published_hash: str, published_at: datetime, announced_at: datetime) -> None:
    """DrawRefused unless exactly this list was published before its number was due, and the number came then or later.

    Times have zones. `published_at` is when the list hash became public, `announced_at` when the number did.
    """
    roll = read(text)
    if list_hash(text) != published_hash.strip().lower():
        raise DrawRefused(
            "hash", "名单与公布的摘要不符。", "The list is not the one whose hash was published.",
            ("使用抽签前公布的那份名单。", "Take the list that was published before the draw."),
        )  # fmt: skip
    if any(time.tzinfo is None for time in (published_at, announced_at)):
        raise ValueError("times of a draw have zones")
    if published_at >= roll.due:
        raise DrawRefused(
            "late", "名单公布时，号码可能已经揭晓。", "When the list was published, its number could be known already.",
            ("另定以后揭晓的号码，重新公布名单。", "Name a number that is still to come, and publish the list anew."),
        )  # fmt: skip
    if announced_at < roll.due:
        raise DrawRefused(
            "early", "号码早于名单所写的时间揭晓，不是约定的号码。",
            "The number was announced before the time that the list names: it is another one.",
            ("使用名单所写的那一期号码。", "Take the number that the list names."),
        )  # fmt: skip


def draw(text: str, number: str, rules: DrawRules, filled: int = 0) -> Draw:
    """The order of every stratum. The same list and number give the same order, here and on the page for everybody."""
    roll = read(text)
    check(roll, rules, filled)
    hashed, used = list_hash(text), digits(number, rules.least_digits)
    return Draw(hashed, used, tuple(_ordered(hashed, used, stratum) for stratum in roll.strata))


def join(first: Draw, more: Sequence[Draw]) -> Draw:
    """The draw of a panel for whose vacant seats supplementary lists were drawn: the order of a stratum goes on with
    that of each further list, and its seats stay those of the first."""
    strata = []
    for stratum in first.strata:
        order = list(stratum.order)
        for each in (other for draw in more for other in draw.strata if other.name == stratum.name):
            last = len(order)
            order += [Drawn(last + one.place, one.code, one.key, one.excluded) for one in each.order]
        strata.append(DrawnStratum(stratum.name, stratum.seats, tuple(order)))
    return Draw(first.list_hash, first.number, tuple(strata))


def key(hashed: str, number: str, stratum: str, code: str) -> str:
    """What a candidate is ordered by: 64 hexadecimal digits."""
    return hashlib.sha256(f"{hashed}\n{number}\n{stratum}\n{code}".encode()).hexdigest()


def seat(drawn: Draw, left: Sequence[Left] = ()) -> tuple[Seats, ...]:
    """The panel after some have left; who leaves is followed by the next of the same stratum, and never comes back.

    In whatever sequence they left, the panel is the same. ValueError for a code that is not in the draw, or twice.
    """
    out = {each.code: each for each in left}
    known = {candidate.code for stratum in drawn.strata for candidate in stratum.order}
    if len(out) != len(left) or not out.keys() <= known:
        raise ValueError("who leaves a panel is in its draw, and leaves once")
    if any(each.why == "excluded" and not each.reason.strip() for each in left):
        raise DrawRefused(
            "reason", "排除专家须写明理由。", "An exclusion needs its reason.",
            ("填写理由。", "Give the reason."),
        )  # fmt: skip
    return tuple(_seated(stratum, out) for stratum in drawn.strata)


def require_filled(panel: Sequence[Seats]) -> None:
    """DrawRefused names the first stratum whose list is used up."""
    for stratum in panel:
        if stratum.vacant:
            seats = len(stratum.seated) + stratum.vacant
            raise _too_few(stratum.name, seats, len(stratum.seated))


def _ordered(hashed: str, number: str, stratum: Stratum) -> DrawnStratum:
    keyed = sorted((key(hashed, number, stratum.name, each.code), each.code, each) for each in stratum.candidates)
    order = (Drawn(place, code, its, each.excluded) for place, (its, code, each) in enumerate(keyed, start=1))
    return DrawnStratum(stratum.name, stratum.seats, tuple(order))


def _seated(stratum: DrawnStratum, out: dict[str, Left]) -> Seats:
    free: list[str] = []
    passed: list[Left] = []
    for each in stratum.order:
        if each.excluded:
            passed.append(Left(each.code, "excluded", each.excluded))
        elif each.code in out:
            passed.append(out[each.code])
        else:
            free.append(each.code)
    seated = tuple(free[: stratum.seats])
    following = tuple(free[stratum.seats :])
    return Seats(stratum.name, seated, following, tuple(passed), stratum.seats - len(seated))


def _fit(text: str) -> str:
    """A text as it may stand in a list. DrawRefused for nothing, a bar, or what nobody can see."""
    clean = normalise(text).rstrip("\n")
    unseen = any(unicodedata.category(sign) in _INVISIBLE for sign in clean)
    if not clean or "|" in clean or unseen:
        raise DrawRefused(
            "text", f"名单里不能写 {text!r}。", f"{text!r} cannot stand in the list.",
            ("写一行文字，不含竖线和不可见字符。", "Write one line, without bars and invisible characters."),
        )  # fmt: skip
    return clean


def _code(text: str) -> str:
    """A code as it may stand in a list: no head of a line, no blank."""
    clean = _fit(text)
    if " " in clean or clean.startswith("stratum:"):
        raise DrawRefused(
            "code", f"专家代码“{text}”含有空格或保留字。",
            f"The code '{text}' of an expert has a blank or a word kept for others.",
            ("使用不含空格的代码。", "Use codes without blanks."),
        )  # fmt: skip
    return clean


def _distinct(roll: Roll) -> None:
    names = [_fit(stratum.name) for stratum in roll.strata]
    codes = [_fit(candidate.code) for stratum in roll.strata for candidate in stratum.candidates]
    for what in (names, codes):
        twice = sorted({each for each in what if what.count(each) > 1})
        if twice:
            raise DrawRefused(
                "twice", f"“{twice[0]}”在名单里出现多次。", f"'{twice[0]}' stands in the list more than once.",
                ("每位专家只列入一层，各层名称不同。", "Put each expert into one stratum; name no two strata alike."),
            )  # fmt: skip
    if not names or any(not 1 <= stratum.seats <= 999 for stratum in roll.strata):
        raise DrawRefused(
            "strata", "名单没有分层，或某层没有席位。", "The list has no stratum, or one without seats.",
            ("每层至少一席。", "Give each stratum a seat at least."),
        )  # fmt: skip


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _unread(4, f"due: {text}") from None


def _unread(line: int, text: str) -> DrawRefused:
    return DrawRefused(
        "unread", f"名单第 {line} 行读不懂：{text}", f"Line {line} of the list cannot be read: {text}",
        ("请原样粘贴公布的名单全文。", "Paste the whole list as it was published."),
    )  # fmt: skip


def _too_few(stratum: str, seats: int, free: int) -> DrawRefused:
    return DrawRefused(
        "too_few", f"“{stratum}”层需要 {seats} 位专家，可用的只有 {free} 位。",
        f"Stratum '{stratum}' has {seats} seats and {free} experts who can take them.",
        (f"为“{stratum}”层补充专家，公布新名单，再抽空缺席位；或减少该层席位。",
         f"Add experts to '{stratum}', publish a new list and draw for the vacant seats; or give it fewer seats."),
    )  # fmt: skip
