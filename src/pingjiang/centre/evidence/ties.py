"""Whether persons and firms have anything to do with each other in any lake: the matching pairs and the reason alone.

Lakes belong to their owners. This door reads all of them at their newest release and hands out no row, no number and
no title, and no name of a lake: who, with whom, on which ground, up to which year, and whose release says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import Opened, opened
from pingjiang.errors import PingjiangError
from pingjiang.text import fold

Ground = Literal["co_inventor", "co_applicant"]


@dataclass(frozen=True)
class Someone:
    """A person by name, and the names of those who employed them."""

    key: str
    name: str
    employers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Firm:
    """An organisation by name and credit code ('' for none), and the people whom it names."""

    key: str
    name: str
    credit_code: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tie:
    """A match. `how`: 'invented with', 'applied with', 'invented for', 'employer applied with'.

    `certain` where both names stand on one publication; a person's name beside a firm's alone may be a namesake.
    `other` is the person of the firm, '' for the firm itself. `year` is that of the latest filing, None: not told.
    """

    someone: str
    firm: str
    ground: Ground
    how: str
    certain: bool
    other: str
    year: int | None
    whose: tuple[str, str]
    release: str


@dataclass(frozen=True)
class Looked:
    """What was found, and in what: whose releases were read, whose lakes hold none or could not be read."""

    ties: tuple[Tie, ...]
    read: tuple[str, ...]
    unread: tuple[str, ...]


def folded(name: str) -> str:
    """A name as names are compared: whatever its width, case or Chinese script."""
    return fold(name)


def ties(people: Sequence[Someone], firms: Sequence[Firm]) -> Looked:
    """All matches between some persons and some firms, in all lakes."""
    found: list[Tie] = []
    read: list[str] = []
    unread: list[str] = []
    for row in DataLake.objects.select_related("owner").order_by("pk"):
        try:
            at = opened(row)
        except PingjiangError:
            unread.append(row.owner.name_zh)
            continue
        found += _ties_in(at, people, firms)
        read.append(f"{row.owner.name_zh} {at.id}")
    return Looked(tuple(found), tuple(read), tuple(unread))


def _ties_in(at: Opened, people: Sequence[Someone], firms: Sequence[Firm]) -> list[Tie]:
    persons = _wanted(_inventors(at), _by_name((each.name, each.key) for each in people))
    team = _wanted(_inventors(at), _by_name((name, firm.key) for firm in firms for name in firm.people))
    theirs = _organisations(at, [(firm.key, firm.name, firm.credit_code) for firm in firms])
    alone = _organisations(at, [(each.key, each.name, "") for each in people])
    employers = _organisations(at, [(each.key, name, "") for each in people for name in each.employers])
    wanted = {"persons": persons, "team": team, "theirs": theirs, "alone": alone, "employers": employers}
    with at.session() as session:
        tables = {name: session.from_arrow(rows) for name, rows in wanted.items()}
        found = [(how, row) for how, sql in _ASKED.items() for row in session.arrow(sql, **tables).to_pylist()]
    names = {(each.key, folded(each.name)) for each in people}
    return [_tie(at, how, row) for how, row in found if (row["someone"], folded(row["other"] or "")) not in names]


def _tie(at: Opened, how: str, row: dict[str, Any]) -> Tie:
    ground: Ground = "co_applicant" if how.endswith("applied with") else "co_inventor"
    owner = at.row.owner
    whose = (owner.name_zh, owner.name_en or owner.name_zh)
    certain = how in ("invented with", "applied with")
    return Tie(row["someone"], row["firm"], ground, how, certain, row["other"] or "", row["year"], whose, at.id)


_YEAR = "cast(max(year(coalesce(p.filing_date, p.publication_date))) as bigint) as year"
_ASKED = {
    "invented with": f"""
        select w.key as someone, t.key as firm, min(t.raw) as other, {_YEAR}
        from publication_inventor a join persons w on w.raw = a.name
        join publication_inventor b on b.publication_id = a.publication_id join team t on t.raw = b.name
        join publication p on p.publication_id = a.publication_id
        where a.name <> b.name group by w.key, t.key""",
    "applied with": f"""
        select w.key as someone, t.key as firm, '' as other, {_YEAR}
        from publication_applicant a join alone w on w.organisation_id = a.organisation_id
        join publication_applicant b on b.publication_id = a.publication_id
        join theirs t on t.organisation_id = b.organisation_id
        join publication p on p.publication_id = a.publication_id
        where a.organisation_id <> b.organisation_id group by w.key, t.key""",
    "invented for": f"""
        select w.key as someone, t.key as firm, '' as other, {_YEAR}
        from publication_inventor a join persons w on w.raw = a.name
        join publication_applicant b on b.publication_id = a.publication_id
        join theirs t on t.organisation_id = b.organisation_id
        join publication p on p.publication_id = a.publication_id group by w.key, t.key""",
    "employer applied with": f"""
        select w.key as someone, t.key as firm, '' as other, {_YEAR}
        from publication_applicant a join employers w on w.organisation_id = a.organisation_id
        join publication_applicant b on b.publication_id = a.publication_id
        join theirs t on t.organisation_id = b.organisation_id
        join publication p on p.publication_id = a.publication_id
        where a.organisation_id <> b.organisation_id group by w.key, t.key""",
}


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, key in pairs:
        if folded(name):
            found.setdefault(folded(name), set()).add(key)
    return found


def _wanted(known: dict[str, list[str]], wanted: dict[str, set[str]]) -> pa.Table:
    """Names as printed, and whose they would be."""
    rows = sorted((raw, key) for name, keys in wanted.items() for raw in known.get(name, ()) for key in keys)
    return pa.table({
        "raw": pa.array([raw for raw, _ in rows], pa.string()), "key": pa.array([key for _, key in rows], pa.string()),
    })  # fmt: skip


def _inventors(at: Opened) -> dict[str, list[str]]:
    """Folded name → the spellings of inventors that fold to it."""

    def made() -> dict[str, list[str]]:
        with at.session() as session:
            names = [row[0] for row in session.rows("select distinct i.name from publication_inventor i")]
        found: dict[str, list[str]] = {}
        for name in names:
            if name:
                found.setdefault(fold(name), []).append(name)
        return found

    return kept(at, "inventors by folded name", made)


def _organisations(at: Opened, wanted: Sequence[tuple[str, str, str]]) -> pa.Table:
    """Organisations of the release, by name or credit code, and whose they would be."""
    by_name, by_code = kept(at, "organisations by folded name", lambda: _named(at))
    rows: set[tuple[str, str]] = set()
    for key, name, code in wanted:
        rows |= {(each, key) for each in by_name.get(folded(name), ()) if folded(name)}
        rows |= {(each, key) for each in by_code.get(code, ()) if code}
    listed = sorted(rows)
    return pa.table({
        "organisation_id": pa.array([each for each, _ in listed], pa.string()),
        "key": pa.array([key for _, key in listed], pa.string()),
    })  # fmt: skip


def _named(at: Opened) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    with at.session() as session:
        names = session.rows(
            "select a.organisation_id, a.name from organisation_alias a "
            "union select o.organisation_id, o.name from organisation o"
        )
        codes = session.rows(
            "select o.organisation_id, o.credit_code from organisation o where o.credit_code is not null"
        )
    by_name: dict[str, set[str]] = {}
    for each, name in names:
        by_name.setdefault(fold(name or ""), set()).add(each)
    by_code: dict[str, set[str]] = {}
    for each, code in codes:
        by_code.setdefault(code, set()).add(each)
    return by_name, by_code
