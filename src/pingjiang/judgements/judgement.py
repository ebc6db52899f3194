"""One judgement: what a person decided of names, a leaf of a chain or a tag, and its text by which it is known."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from pingjiang.errors import DefinitionError

VERDICTS = ("same", "different", "unsure")  # of two names
# What may be said of each thing that is judged.
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "organisation": VERDICTS,
    "group": VERDICTS,
    "inventor": VERDICTS,
    "placement": ("yes", "no", "unsure"),
    "release": ("yes",),
    "tag": ("yes", "no", "unsure"),
    "adjudication": ("yes", "no"),
}
MOST_CHARS = {"name": 2_000, "who": 60, "why": 2_000}
_ID = re.compile(r"[0-9a-f]{16}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row that is never changed.

    judgement_id  16 hexadecimal digits, made of all that follows but `origin`: the same row bears the same id in every
                  lake, and a row that was altered does not fit its id
    subject       what was judged: 'organisation' (legal entity), 'group' (ultimate group), 'inventor', 'placement' (a
                  publication in a leaf of a chain), 'release' (a leaf as it stands may be relied on), 'tag' (whether a
                  publication bears a tag of a list), or 'adjudication' (the same, where those who coded it differ)
    a, b          the two names as printed; of inventors the ids of two mentions; of the others 'chain/leaf' or
                  'list/tag', and the publication, or version and fingerprint of the leaf
    verdict       'same', 'different' or 'unsure'; of placements and tags 'yes', 'no' or 'unsure', of adjudications
                  'yes' or 'no'; of releases 'yes'; None in a row that undoes another
    who, at, why  the person, the moment ('2026-11-28T14:03:07.123456Z'), the reason if one was given
    undoes        the id of the row that this one undoes, which may itself be one that undoes
    origin        fingerprint of the sender of the package in which the row came; None for a row written here
    """

    judgement_id: str
    subject: str
    a: str
    b: str
    verdict: str | None
    who: str
    at: str
    why: str | None = None
    undoes: str | None = None
    origin: str | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The two names in one order, whichever was named first."""
        return (self.a, self.b) if self.a <= self.b else (self.b, self.a)

    def as_dict(self) -> dict[str, str | None]:
        """The row as plain data."""
        return asdict(self)


def judge(
    subject: str,
    a: str,
    b: str,
    verdict: str | None,
    *,
    who: str,
    why: str | None = None,
    undoes: str | None = None,
    at: datetime | None = None,
) -> Judgement:
    """A new judgement, of now. DefinitionError says what cannot be judged so."""
    if subject not in SUBJECTS:
        raise _no(f"不能判断 {subject!r}。", f"{subject!r} is nothing to judge.", f"写 write {', '.join(SUBJECTS)}")
    if verdict not in SUBJECTS[subject] and (verdict is not None or undoes is None):
        offered = ", ".join(SUBJECTS[subject])
        raise _no(f"没有结论 {verdict!r}。", f"There is no verdict {verdict!r}.", f"写 write {offered}")
    a, b = (_text("name", name) for name in (a, b))
    if a == b:
        raise _no(
            f"两个名称相同：{a}。",
            f"The two names are one: {a}.",
            "请写两个不同的名称 · give two names that differ",
        )
    moment = (at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    told = {
        "subject": subject, "a": a, "b": b, "verdict": verdict, "who": person(who), "at": moment,
        "why": _text("why", why) if why and why.strip() else None, "undoes": undoes,
    }  # fmt: skip
    return Judgement(_id_of(told), **told)  # type: ignore[arg-type]


def person(who: str) -> str:
    """A person's name as it is kept. DefinitionError where it names nobody.

    A shared account (root) says nothing of who decided, so it is not taken for a person.
    """
    name = _text("who", who)
    if name.lower() in ("root", "administrator", "system"):
        raise _no(
            f"判断人 {name!r} 是公用账号，不是人。",
            f"{name!r} is a shared account, nobody in person.",
            "用 --who 或环境变量 PINGJIANG_WHO 写明姓名 · name the person by --who or PINGJIANG_WHO",
            "who",
        )
    return name


def parsed(told: Mapping[str, Any]) -> Judgement:
    """The judgement that plain data hold. ValueError where it is none, or its id does not fit."""
    names = Judgement.__dataclass_fields__
    if set(told) - set(names):
        raise ValueError(f"unknown: {sorted(set(told) - set(names))[0]}")
    values = {name: told.get(name) for name in names}
    optional = {"verdict", "why", "undoes", "origin"}
    for name, value in values.items():
        if not (isinstance(value, str) and value) and not (value is None and name in optional):
            raise ValueError(f"{name} {value!r}")
    found = Judgement(**values)  # type: ignore[arg-type]
    body = {name: value for name, value in values.items() if name not in ("judgement_id", "origin")}
    if found.judgement_id != _id_of(body):
        raise ValueError(f"judgement_id {found.judgement_id!r} does not fit its row")
    if found.subject not in SUBJECTS or not _MOMENT.fullmatch(found.at) or found.a == found.b:
        raise ValueError("subject, at, a or b")
    if (found.undoes is None) != (found.verdict in SUBJECTS[found.subject]) or (
        found.undoes and not _ID.fullmatch(found.undoes)
    ):
        raise ValueError("verdict or undoes")
    return found


def _id_of(told: Mapping[str, str | None]) -> str:
    return hashlib.sha256(canonical(told).encode()).hexdigest()[:16]


def canonical(told: Mapping[str, Any]) -> str:
    """The one text of plain data."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _text(column: str, text: str) -> str:
    """One line of text that can be kept. DefinitionError, with the column, where it is none."""
    trimmed, most = text.strip(), MOST_CHARS[column]
    try:
        trimmed.encode()
    except UnicodeEncodeError:
        trimmed = ""
    if not trimmed:
        raise _no("没有文字。", "There is no text.", "请写明 · write it down", column)
    if len(trimmed) > most:
        raise _no(
            f"有 {len(trimmed)} 个字符，最多 {most}。",
            f"It has {len(trimmed)} characters, {most} at most.",
            "请缩短 · shorten it",
            column,
        )
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in trimmed):
        raise _no(
            "含有换行或控制字符。",
            "It holds line breaks or control characters.",
            "请写成一行 · write it in one line",
            column,
        )
    return trimmed


def _no(zh: str, en: str, remedy: str, column: str | None = None) -> DefinitionError:
    return DefinitionError(zh, en, remedy=remedy, column=column)
