"""What is doubtful and not yet decided: pairs of names, those on which most hangs first, with their evidence."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.judgements import Judgement, Sets, concerns

_EXAMPLES = 3
LEVELS = ("organisation", "group", "inventor")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names that may be one. `row_id` is made of level and names, and is the same wherever the pair stands.

    families    simple families that would get another organisation; of inventors, applications that would get another
                person
    examples_*  newest publications of the organisation that bears the name: number, title, date, address as printed
    """

    row_id: str
    level: str
    name_a: str
    name_b: str
    score: float
    reasons: tuple[str, ...]
    families: int
    examples_a: tuple[Mapping[str, Any], ...] = ()
    examples_b: tuple[Mapping[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The pair as plain data."""
        return asdict(self)


def row_id(level: str, name_a: str, name_b: str) -> str:
    """The identity of a pair. Runs of white space count as one space: spreadsheets do not keep them."""
    names = sorted(" ".join(name.split()) for name in (name_a, name_b))
    return "P-" + hashlib.sha256("\n".join((level, *names)).encode()).hexdigest()[:12]


def all_pairs(doubt: Table) -> list[Pair]:
    """Every doubtful pair of names of a release, judged or not, those on which most hangs first."""
    rows = doubt.rows(order_by="families desc, score desc, level, name_a, name_b")
    names = list(doubt.columns())
    found = []
    for row in rows:
        told = dict(zip(names, row, strict=True))
        names_of_pair = told["level"], told["name_a"], told["name_b"]
        reasons = tuple(told["reasons"] or ())
        found.append(Pair(row_id(*names_of_pair), *names_of_pair, told["score"], reasons, told["families"]))
    return found


def inventor_pairs(doubt: Table) -> list[Pair]:
    """Every doubtful pair of persons of a release, by their mentions; `families` are applications here."""
    rows = doubt.sql(
        "select self_.mention_a, self_.mention_b, self_.score, self_.reasons, self_.applications from self_"
    ).rows(order_by="applications desc, score desc, mention_a, mention_b")
    return [
        Pair(row_id("inventor", a, b), "inventor", a, b, score, tuple(reasons or ()), applications)
        for a, b, score, reasons, applications in rows
    ]


def undecided(session: Session, pairs: Sequence[Pair], alias: Table, judgements: Sequence[Judgement]) -> list[Pair]:
    """The pairs that nobody has judged. `judgements`: those in force; `alias`: organisations of names.

    A pair is judged, too, where judgements on other names decide it: what is the same as one that is different from
    the other, say. Spellings that the machine has in one organisation are one name here.
    """
    return still_open(pairs, judgements, _organisations(session, alias, names_of(pairs, judgements)))


def still_open(pairs: Iterable[Pair], judgements: Sequence[Judgement], meaning: Mapping[str, str]) -> list[Pair]:
    """The same, where it is known already what the names mean: `meaning`, name → organisation, or mention → person."""
    decided = {level: _Decided(judgements, level, meaning) for level in LEVELS}
    return [pair for pair in pairs if not decided[pair.level].tells(pair.name_a, pair.name_b)]


def names_of(pairs: Iterable[Pair], judgements: Iterable[Judgement]) -> set[str]:
    """Every name of pairs and judgements."""
    return {name for row in judgements for name in row.pair} | {
        name for pair in pairs for name in (pair.name_a, pair.name_b)
    }


def meaning_of(session: Session, names: Iterable[str], level: str, tables: Mapping[str, Table]) -> dict[str, str]:
    """What names mean in a release: the organisations of those that occur; of level 'inventor' the persons of mentions.

    tables  organisation_alias, or publication_inventor
    """
    if level != "inventor":
        return _organisations(session, tables["organisation_alias"], names)
    rows = session.rows(
        """
        with wanted as (
          select w.name, string_split(w.name, '/')[1] as publication_id from w
        ), near as (
          select i.publication_id || '/' || i.name as mention, i.inventor_id
          from i semi join wanted w on w.publication_id = i.publication_id
        )
        select n.mention, n.inventor_id from near n semi join wanted w on w.name = n.mention
        where n.inventor_id is not null
        """,
        i=tables["publication_inventor"],
        w=_wanted(session, names),
    )
    return dict(rows)


class _Decided:
    """What judgements say of pairs at a level."""

    def __init__(self, judgements: Iterable[Judgement], level: str, organisation: Mapping[str, str]) -> None:
        self._organisation, self._sets = organisation, Sets[str]()
        self._unsure: set[tuple[str, str]] = set()
        apart = []
        for row in judgements:
            if row.subject == level and row.verdict == "unsure":
                self._unsure.add(row.pair)
            elif concerns(row, level) and row.verdict == "different" and row.subject in (level, "group"):
                apart.append(row.pair)
            elif concerns(row, level) and row.verdict == "same" and row.subject in (level, "organisation"):
                self._sets.join(self._of(row.a), self._of(row.b))
        self._apart = {frozenset(self._sets.find(self._of(name)) for name in pair) for pair in apart}

    def _of(self, name: str) -> str:
        return self._organisation.get(name, name)

    def tells(self, one: str, two: str) -> bool:
        """Whether the two are judged, or follow from what is."""
        sets = frozenset(self._sets.find(self._of(name)) for name in (one, two))
        return len(sets) == 1 or sets in self._apart or (min(one, two), max(one, two)) in self._unsure


def _organisations(session: Session, alias: Table, names: Iterable[str]) -> dict[str, str]:
    """Name → organisation, of those names that occur."""
    rows = session.rows(
        "select a.name, a.organisation_id from a semi join w on w.name = a.name", a=alias, w=_wanted(session, names)
    )
    return dict(rows)


def occurring(session: Session, alias: Table, names: Iterable[str]) -> set[str]:
    """Those of the names that occur in the release."""
    return set(_organisations(session, alias, names))


def with_examples(session: Session, pairs: Sequence[Pair], tables: Mapping[str, Table]) -> list[Pair]:
    """The pairs with the newest publications of either side: which alone can tell a person who is meant."""
    names = {name for pair in pairs for name in (pair.name_a, pair.name_b)}
    organisation = _organisations(session, tables["organisation_alias"], names)
    found = session.rows(
        f"""
        with own as (
          select a.organisation_id, a.publication_id, p.title, p.publication_date, a.name, a.address
          from a
          join p on p.publication_id = a.publication_id
          join w on w.name = a.organisation_id
        ), ranked as (
          select
            o.*, row_number() over (
              partition by o.organisation_id
              order by o.address is null, o.publication_date desc nulls last, o.publication_id, o.name
            ) as place
          from own o
        )
        select r.organisation_id, r.publication_id, r.title, r.publication_date, r.name, r.address
        from ranked r where r.place <= {_EXAMPLES}
        order by r.organisation_id, r.place
        """,
        a=tables["publication_applicant"],
        p=tables["publication"],
        w=_wanted(session, organisation.values()),
    )
    examples: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for owner, *told in found:
        example = dict(zip(("publication_id", "title", "publication_date", "name", "address"), told, strict=True))
        day = example["publication_date"]
        examples[owner].append({**example, "publication_date": None if day is None else day.isoformat()})
    return [
        replace(
            pair,
            examples_a=tuple(examples[organisation.get(pair.name_a, "")]),
            examples_b=tuple(examples[organisation.get(pair.name_b, "")]),
        )
        for pair in pairs
    ]


def _wanted(session: Session, names: Iterable[str]) -> Table:
    return session.from_arrow(pa.table({"name": pa.array(sorted(set(names)), pa.string())}))
