"""Members of a patent family as OPS tells them, with their priorities and, where asked for, their legal events.

Events are INPADOC's: fields L001EP … L019EP of the event itself, L5xxEP inside L500EP of what it tells. The lines <pre>
print the same fields once more and are not read; 00010101 stands for no date.
"""

from __future__ import annotations

from collections.abc import Iterator

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element
from pingjiang.sources.offices import exchange
from pingjiang.sources.offices.telling import tag, tell, words
from pingjiang.sources.said import Event, Relation, Said, day

_NO_DATE = frozenset({"00010101", "0001-01-01"})
_AUTHORITY, _CODE, _GAZETTE, _EFFECTIVE = "L001EP", "L008EP", "L007EP", "L525EP"
_OWN_FIELDS = frozenset({_AUTHORITY, _CODE, _GAZETTE, _EFFECTIVE})
_WRAPPERS = frozenset({"L500EP", "pre"})
_FROM_INTERNATIONAL = "W"  # of <priority-linkage-type>; the meaning of its other codes OPS does not tell


def read(document: RawDocument) -> Iterator[Said]:
    """One <family-member> → one row. Where it holds the exchange document itself, all that this tells too."""
    member: Element = document.content
    whole = member.find("{*}exchange-document")
    said = Said() if whole is None else exchange.said_of(whole)
    ids = exchange.document_ids(member.iterfind("{*}publication-reference"))
    number = exchange.publication_number(ids) or said.get("publication_number", "")
    tell(said, "publication_number", number)
    tell(said, "publication_date", exchange.date_of(ids))
    exchange.tell_application(said, member, number)
    claims = member.findall("{*}priority-claim")
    tell(said, "priorities", list(exchange.priorities(claims)))
    tell(said, "relations", list(_relations(claims)))
    tell(said, "events", [*said.get("events", ()), *map(_event, member.iterfind("{*}legal"))])
    yield said


def _relations(claims: list[Element]) -> Iterator[Relation]:
    """The international application of which this is the national stage."""
    for claim in claims:
        ids = exchange.document_ids([claim])
        number = exchange.application_number(ids)
        if number and words(claim.find("{*}priority-linkage-type")) == _FROM_INTERNATIONAL:
            yield Relation(kind="national_stage", side="parent", number=number, date=day(exchange.date_of(ids)))


def _event(legal: Element) -> Event:
    """An <ops:legal> with its code, dates and words; every other field as a detail under its printed name."""
    own: dict[str, str] = {}
    details = [f"{name}: {value}" for name, value in legal.items() if name not in ("code", "desc") and _tells(value)]
    for each in (*legal, *legal.iterfind("{*}L500EP/{*}*")):
        name, value = tag(each), words(each) or ""
        if name in _WRAPPERS:
            continue
        label = each.get("desc") or name
        if name in _OWN_FIELDS and name not in own:
            own[name] = value
        elif _tells(value):
            details.append(f"{label}: {value}")
        details += [f"{label} {key}: {value}" for key, value in each.items() if key != "desc" and _tells(value)]
    return Event(
        code=own.get(_CODE) or (legal.get("code") or "").strip() or None,
        date=day(own.get(_GAZETTE)),
        effective_date=day(own.get(_EFFECTIVE)),
        authority=own.get(_AUTHORITY) or None,
        text=(legal.get("desc") or "").strip() or None,
        details=details,
    )


def _tells(value: str) -> bool:
    return bool(value.strip()) and value not in _NO_DATE
