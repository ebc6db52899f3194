"""Chinese full texts in the manner of WIPO ST.36, by docs/st36-cn.md.

Parts that some files have in the bibliography, others beside it or in <application-body>, are looked for in all three.
Elements are looked for by their local names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element, lines_of
from pingjiang.schema.codes import code_list
from pingjiang.sources.offices.claims import tell_claims
from pingjiang.sources.offices.dependency import depends_on
from pingjiang.sources.offices.telling import language, tag, tell, tell_text, words
from pingjiang.sources.offices.us import claim_numbers, enjoyed, relation_kind
from pingjiang.sources.said import Citation, Claim, Event, Party, Relation, Said, day

_BLOCKS = frozenset({"p", "heading", "invention-title", "li", "row", "br"})
_CLAIM_BLOCKS = frozenset({"claim-text", "br"})
_SYMBOL = re.compile(r"[A-H]\d\d[A-Z](?:\s*\d{1,4}\s*/\s*\d{2,6})?")
# "CN 101234567 A" at the beginning of a citation that is one text.
_NUMBER = re.compile(r"\s*([A-Z]{2})\s?([\d/]{4,16})\s?([A-Z]\d?)(?![A-Za-z0-9])")
_LEADING = re.compile(r"\s*(\d{1,4})\s*[.．、]")
_OF_ADDRESS = frozenset({"country", "state", "city", "postcode", "text"})


def read(document: RawDocument) -> Iterator[Said]:
    """One <cn-patent-document> → one row."""
    root: Element = document.content
    found = root.find("{*}cn-bibliographic-data")
    bibliography = root if found is None else found
    said = Said()
    _tell_numbers(said, root, bibliography)
    _tell_related(said, bibliography)
    _tell_parties(said, bibliography)
    _tell_classes(said, bibliography)
    _tell_texts(said, root, bibliography)
    tell(said, "citations", list(_citations(bibliography)))
    members = (_number(each) for each in bibliography.iterfind("{*}patent-family//{*}family-member/{*}document-id"))
    tell(said, "family_members", [number for number in members if number])
    tell(said, "events", [*_dated(bibliography), *_legal_events(root)])
    yield said


# -- numbers -----------------------------------------------------------------------------------------


def _tell_numbers(said: Said, root: Element, bibliography: Element) -> None:
    """Numbers and days; those of the publication may stand in attributes of the document alone."""
    published = _first(bibliography, "cn-publication-reference/{*}document-id", "publication-reference/{*}document-id")
    own = "".join((root.get(name) or "").strip() for name in ("country", "doc-number", "kind"))
    tell(said, "publication_number", _number(published) or (own if root.get("doc-number") else None))
    tell(said, "publication_date", _text(published, "date") or root.get("date-publ"))
    reference = bibliography.find("{*}application-reference")
    if reference is not None:
        applied = reference.find("{*}document-id")
        tell(said, "application_number", _number(applied, with_kind=False))
        tell(said, "filing_date", _text(applied, "date"))
        tell(said, "patent_type", reference.get("appl-type"))
    granted = bibliography.find("{*}cn-date-of-grant")
    tell(said, "grant_date", _text(granted, "date") or words(granted))
    earliest = bibliography.find("{*}date-of-earliest-priority")
    tell(said, "priority_date", _text(earliest, "date") or words(earliest))
    tell(said, "standing", root.get("standing"))
    tell(said, "claim_count", words(bibliography.find("{*}number-of-claims")))


def _first(parent: Element, *paths: str) -> Element | None:
    """The first element that one of these paths leads to."""
    return next((found for path in paths if (found := parent.find(f"{{*}}{path}")) is not None), None)


def _text(parent: Element | None, name: str) -> str | None:
    return None if parent is None else words(parent.find(f"{{*}}{name}"))


def _number(document_id: Element | None, *, with_kind: bool = True) -> str | None:
    """Office, number and kind of a <document-id>, or of an element with the same parts. The number may begin with the
    office itself; an international one with PCT."""
    number = "".join((_text(document_id, "doc-number") or "").split())
    if not number:
        return None
    country = _text(document_id, "country") or ""
    kind = (_text(document_id, "kind") or "") if with_kind else ""
    return f"{'' if number.startswith((country, 'PCT')) else country}{number}{kind}"


# -- related documents -------------------------------------------------------------------------------


def _tell_related(said: Said, bibliography: Element) -> None:
    """Priorities at home and abroad, parents, the international application; a parent whose date is enjoyed is both."""
    priorities = [
        told for each in bibliography.iterfind("{*}priority-claims/{*}priority-claim") if (told := _dated_number(each))
    ]
    relations: list[Relation] = []
    for related in bibliography.iterfind("{*}cn-related-documents/{*}*"):
        if tag(related) == "cn-domestic-priority-claim":
            priorities += [told for each in related.iterfind(".//{*}document-id") if (told := _dated_number(each))]
        else:
            relations += _relations(related)
    for each in bibliography.iterfind("{*}pct-or-regional-filing-data/{*}document-id"):
        relations += _relation("national_stage", "parent", each)
    priorities += enjoyed(each for each in relations if each["kind"] != "national_stage")
    # What an international application claims, its national stage claims too: it stands alone where that is nothing.
    priorities = priorities or enjoyed(relations)
    tell(said, "priorities", list(dict.fromkeys(priorities)))
    tell(said, "relations", relations)


def _dated_number(claim: Element) -> str | None:
    """A number and its day, in the element itself or in its <document-id>."""
    inner = claim.find("{*}document-id")
    at = claim if inner is None else inner
    number = _number(at, with_kind=False)
    return f"{number} {(_text(at, 'date') or '').replace('-', '')}".rstrip() if number else None


def _relations(related: Element) -> Iterator[Relation]:
    """What one element of <cn-related-documents> tells: its parents and children, or the one document that it names."""
    kind = relation_kind(tag(related).removeprefix("cn-"))
    told = False
    for side in ("parent", "child"):
        for each in related.iterfind(f".//{{*}}{side}-doc/{{*}}document-id"):
            told = True
            yield from _relation(kind, side, each)
    if not told:
        side = "publication" if kind == "related_publication" else "parent"
        for each in related.iterfind(".//{*}document-id"):
            yield from _relation(kind, side, each, with_kind=kind in ("related_publication", "correction"))


def _relation(kind: str, side: str, document_id: Element, *, with_kind: bool = False) -> Iterator[Relation]:
    if number := _number(document_id, with_kind=with_kind):
        yield Relation(kind=kind, side=side, number=number, date=day(_text(document_id, "date")))


# -- parties -----------------------------------------------------------------------------------------


def _tell_parties(said: Said, bibliography: Element) -> None:
    """Applicants are the holders of a granted right; where none are named those who applied."""
    parties = _first(bibliography, "cn-parties", "parties")
    holders = _parties(bibliography.iterfind("{*}assignees/{*}assignee"))
    if parties is None:
        tell(said, "applicants", holders)
        return
    tell(said, "applicants", holders or _parties(_listed(parties, "applicant")))
    tell(said, "inventors", _parties(_listed(parties, "inventor")))
    agents = list(_listed(parties, "agent"))
    agencies = [name for each in agents if (name := _name(each.find("{*}cn-agency")))]
    tell(said, "agents", list(dict.fromkeys(agencies or [name for each in agents if (name := _name(each))])))


def _listed(parties: Element, role: str) -> list[Element]:
    """Those of a role by their sequence, where all have one."""
    found = [
        *parties.iterfind(f"{{*}}cn-{role}s/{{*}}cn-{role}"),
        *parties.iterfind(f"{{*}}{role}s/{{*}}{role}"),
    ]
    if all((each.get("sequence") or "").isdecimal() for each in found):
        found.sort(key=lambda each: int(each.get("sequence")))
    return found


def _parties(elements: Iterable[Element]) -> list[Party]:
    return [party for each in elements if (party := _party(each)) is not None]


def _party(element: Element) -> Party | None:
    """A person or body with its address. Of address books in several languages the Chinese one counts."""
    name = _name(element)
    if name is None:
        return None
    party = Party(name=name, country=None, state=None, city=None, address=None)
    address = _book(element).find("{*}address")
    if address is not None:
        for part in ("country", "state", "city"):
            party[part] = _text(address, part)
        rest = (words(each) for each in address if tag(each) not in _OF_ADDRESS)
        lines = [_text(address, "postcode"), _text(address, "text"), *rest]
        party["address"] = " ".join(line for line in lines if line) or None
    if party["country"] is None:
        party["country"] = words(_first(element, "residence/{*}country", "nationality/{*}country"))
    return party


def _book(element: Element) -> Element:
    books = element.findall("{*}addressbook")
    return min(books, key=lambda book: language(book.get("lang")) not in (None, "zh"), default=element)


def _name(element: Element | None) -> str | None:
    if element is None:
        return None
    book = _book(element)
    whole = words(_first(book, "name", "orgname")) or words(element.find("{*}name"))
    parts = (_text(book, name) for name in ("last-name", "first-name"))
    return whole or " ".join(part for part in parts if part) or None


# -- classes -----------------------------------------------------------------------------------------


def _tell_classes(said: Said, bibliography: Element) -> None:
    """IPC of all generations and CPC without version and level ("H01L 21/768(2006.01)I"); Locarno as printed."""
    ipc = [
        *bibliography.iterfind("{*}classifications-ipcr/{*}classification-ipcr"),
        *bibliography.iterfind("{*}classification-ipc"),
    ]
    cpc = bibliography.iterfind("{*}classifications-cpc/{*}classification-cpc")
    for field, elements in (("ipc", ipc), ("cpc", cpc)):
        found = (_symbol(text) for each in elements for text in _printed_classes(each))
        tell(said, field, list(dict.fromkeys(symbol for symbol in found if symbol)))
    locarno = (text for each in bibliography.iterfind("{*}classification-locarno") for text in _printed_classes(each))
    tell(said, "locarno", list(dict.fromkeys(locarno)))


def _printed_classes(element: Element) -> list[str]:
    names = ("text", "main-classification", "further-classification")
    found = (words(each) for name in names for each in element.iterfind(f"{{*}}{name}"))
    return [text for text in found if text]


def _symbol(text: str) -> str | None:
    found = _SYMBOL.match(text)
    return "".join(found[0].split()) if found else None


# -- texts -------------------------------------------------------------------------------------------


def _tell_texts(said: Said, root: Element, bibliography: Element) -> None:
    own = language(root.get("lang")) or "zh"
    body = root.find("{*}application-body")
    places = [each for each in (bibliography, root, body) if each is not None]

    def of(*names: str) -> list[Element]:
        seen = (each for place in places for name in names for each in place.iterfind(f"{{*}}{name}"))
        return list(dict.fromkeys(seen))

    titles = bibliography.iterfind("{*}invention-title")
    tell_text(said, "title", ((language(each.get("lang")) or own, words(each)) for each in titles))
    abstracts = of("cn-abstract", "abstract")
    tell_text(said, "abstract", ((language(each.get("lang")) or own, lines_of(each, _BLOCKS)) for each in abstracts))
    tell(said, "description", next((text for each in of("description") if (text := lines_of(each, _BLOCKS))), None))
    counted = said.get("claim_count")
    tell_claims(said, [_claims(each, language(each.get("lang")) or own) for each in of("claims")])
    tell(said, "claim_count", counted)


def _claims(claims: Element, of_language: str) -> list[Claim]:
    """Claims of one language. A <claim> that bears no number goes on with the one before: pages are broken so."""
    found: list[Claim] = []
    for each in claims.iterfind("{*}claim"):
        text = lines_of(each, _CLAIM_BLOCKS)
        printed = (each.get("num") or "").lstrip("0")
        if text is None:
            continue
        if not printed and (leading := _LEADING.match(text)) and int(leading[1]) == len(found) + 1:
            printed = leading[1]
        if not printed and found:
            found[-1]["text"] += f"\n{text}"
            continue
        claim = Claim(text=text, language=of_language)
        if printed.isdecimal():
            claim["number"] = int(printed)
        found.append(claim)
        marked = [ref.get("idref") or "" for ref in each.iter("{*}claim-ref")]
        claim["depends_on"] = claim_numbers([ref for ref in marked if ref != each.get("id")])
    for claim in found:
        claim["depends_on"] = claim["depends_on"] or depends_on(claim["text"], claim.get("number"))
    return found


# -- citations, events -------------------------------------------------------------------------------


def _citations(bibliography: Element) -> Iterator[Citation]:
    for name in ("cn-references-cited", "references-cited"):
        for each in bibliography.iterfind(f"{{*}}{name}/{{*}}citation"):
            patent = each.find("{*}patcit")
            number, text = _cited(patent), words(each.find("{*}nplcit"))
            if number is None and patent is not None:
                text = text or words(patent)
            if number or text:
                citation = Citation(number=number, text=None if number else text, origin=_origin(each))
                citation["category"] = "".join(_told(each, "category")) or None
                citation["claims"] = ",".join(_told(each, "rel-claims")) or None
                yield citation


def _cited(patent: Element | None) -> str | None:
    """The number of a cited patent, in parts or at the beginning of one text: "CN 101234567 A, 2009.01.01"."""
    if patent is None:
        return None
    if number := _number(patent.find("{*}document-id")):
        return number
    printed = _NUMBER.match(words(patent) or "")
    return "".join(printed.groups()) if printed else None


def _told(citation: Element, name: str) -> list[str]:
    """What a citation tells under a name, in itself or in its passages; each once. Who cited is no category."""
    told = (*citation.iterfind(f"{{*}}{name}"), *citation.iterfind(f"{{*}}rel-passage/{{*}}{name}"))
    found = dict.fromkeys(said for each in told if (said := words(each)))
    return [each for each in found if not each.lower().startswith("cited by")]


def _origin(citation: Element) -> str | None:
    """The phase of the procedure tells it, and else who cited."""
    origins = code_list("citation_origin")
    by = (citation.get("cited-by") or "").lower()
    said = (citation.get("cited-phase"), f"cited by {by}", *map(words, citation.iterfind("{*}category")))
    return next((code for each in said if each and len(each) > 1 and (code := origins.get(each.lower()))), None)


def _dated(bibliography: Element) -> Iterator[Event]:
    """Days that the bibliography tells under names of their own (entry into the national phase, withdrawal …)."""
    for each in bibliography:
        name = tag(each)
        if name.startswith(("date-", "dates-", "term-of-")) and name != "date-of-earliest-priority":
            when = day(_text(each, "date") or words(each))
            text = words(each)
            if when or text:
                yield Event(code=name, date=when, authority="CN", text=None if when else text)


def _legal_events(root: Element) -> Iterator[Event]:
    """Events of <cn-legal-status>; parts that have no field of their own are details by their names."""
    for each in root.iter("{*}legal-status"):
        parts = [(tag(part), words(part)) for part in each]
        own = dict(reversed([pair for pair in parts if pair[0] in _OF_EVENT]))
        yield Event(
            code=own.get("code") or each.get("code"),
            date=day(own.get("date") or each.get("date")),
            effective_date=day(own.get("effective-date")),
            authority=own.get("country") or "CN",
            text=own.get("text"),
            details=[f"{name}: {value}" for name, value in parts if value and not _has_field(name, value)],
        )


def _has_field(name: str, value: str) -> bool:
    """Whether a part of an event is told by a field of its own: a day that cannot be read is not."""
    return name in _OF_EVENT and (not name.endswith("date") or day(value) is not None)


_OF_EVENT = ("code", "date", "effective-date", "country", "text")
