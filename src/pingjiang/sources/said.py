"""What a reader of documents gives: the fields of `record` that one document tells of one publication or application.

Numbers, dates and codes stand as they are printed; the same code reads them that reads the cells of tables. Only
days inside lists are ISO days already (`day`). A field of which the document says nothing is left out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from typing import TypedDict

from pingjiang.files import RawDocument


class Party(TypedDict, total=False):
    """A person or body as printed. `country` by its code; `address` is what is left: street, postcode, or all."""

    name: str
    country: str | None
    state: str | None
    city: str | None
    address: str | None


class Claim(TypedDict, total=False):
    """A claim. `depends_on`: numbers of the claims that it refers to as its own; none for an independent claim."""

    number: int
    text: str
    language: str | None  # two letters
    depends_on: list[int]


class Citation(TypedDict, total=False):
    """Something cited: a patent by its `number`, or literature by its `text`.

    category   of relevance, as printed: X, Y, A, D … (several: "XY")
    origin     who brought it in, a code of schema/codes/citation_origin.yaml
    claims     those that it bears on, as printed: "1-5"
    """

    number: str | None  # office, number and kind as printed: US5825759A
    text: str | None
    category: str | None
    origin: str | None
    claims: str | None


class Event(TypedDict, total=False):
    """An event of procedure or law in the source's own codes; nothing of it is lost.

    date             of the announcement or entry (ISO)
    effective_date   from when it holds, where the source tells it (ISO)
    authority        office or country whose event it is
    details          all else that is told, as "name: value"
    """

    code: str | None
    date: str | None
    effective_date: str | None
    authority: str | None
    text: str | None
    details: list[str]


class Relation(TypedDict, total=False):
    """An application that this one comes from (side "parent") or that comes from it ("child").

    kind: a code of schema/codes/relation.yaml. Parents whose priority this one enjoys stand in `priorities` too.
    """

    kind: str
    side: str
    number: str
    date: str | None


class Said(TypedDict, total=False):
    """One row of `record`, before numbers and dates are read. `priorities`: "US60/123456 20010203", day optional.

    publication_number holds office, number and kind ("US8926509B2"), application_number the office at least
    ("US12134151" or "US12/134151"). Lists are never empty: left out instead.
    """

    publication_number: str
    application_number: str
    kind: str
    title: str
    title_zh: str
    title_en: str
    abstract: str
    abstract_zh: str
    abstract_en: str
    first_claim: str
    publication_date: str
    filing_date: str
    grant_date: str
    priority_date: str
    patent_type: str
    claim_count: str
    legal_status: str
    standing: str
    applicants: list[Party]
    applicants_standardised: list[str]
    inventors: list[Party]
    agents: list[str]
    ipc: list[str]
    cpc: list[str]
    locarno: list[str]
    uspc: list[str]
    priorities: list[str]
    relations: list[Relation]
    citations: list[Citation]
    claims: list[Claim]
    description: str
    events: list[Event]
    citing: list[str]
    family_members: list[str]


# A reader: one document → what it says, of one publication or of several; nothing where it tells of none.
# DocumentUnreadable where the document is not what its format promises.
Reader = Callable[[RawDocument], Iterable[Said]]

_DAY = re.compile(r"([12]\d{3})-?([01]\d)-?([0-3]\d)(?![\d])")


def day(printed: str | None) -> str | None:
    """The day that 20010203, 2001-02-03 or 2001-02-03T… names, as ISO text; None where it is none (19981000).

    >>> day("20010203"), day("2001-02-03T04:00:00Z"), day("19981000")
    ('2001-02-03', '2001-02-03', None)
    """
    found = _DAY.match(printed.strip()) if printed else None
    if found is None:
        return None
    year, month, day_ = map(int, found.groups())
    try:
        return datetime.date(year, month, day_).isoformat()
    except ValueError:
        return None
