"""The Red Book of the USPTO: grants and applications in XML since 2005 (DTD v4.0 to v4.7).

Versions differ in names of wrappers more than in what they hold; each part is looked for under all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element, lines_of, text_of
from pingjiang.schema.codes import code_list
from pingjiang.sources.offices.us import claim_numbers, enjoyed, relation_kind
from pingjiang.sources.said import Citation, Claim, Party, Relation, Said, day

# What begins a line of a description, and of a claim.
_BLOCKS = frozenset({"p", "heading", "li", "row", "entry", "figref-list"})
_CLAIM_BLOCKS = frozenset({"claim-text"})
_NOWHERE = frozenset({"unknown", "omitted", "XX", ""})
_INVENTOR_TYPES = frozenset({"applicant-inventor"})


def read(document: RawDocument) -> Iterator[Said]:
    """One grant or application → one row."""
    root: Element = document.content
    bibliography = next((child for child in root if str(child.tag).startswith("us-bibliographic-data")), None)
    if bibliography is None:
        raise LookupError("no bibliographic data")
    said = _numbers(bibliography)
    said |= _parties(bibliography)
    said |= _classes(bibliography)
    said |= _related(bibliography)
    said |= _texts(root, bibliography)
    if citations := _citations(bibliography):
        said["citations"] = citations
    yield said


# -- numbers, dates ----------------------------------------------------------------------------------


def _numbers(bibliography: Element) -> Said:
    said = Said()
    published = bibliography.find("publication-reference/document-id")
    if (number := _document_number(published)) is not None:
        said["publication_number"] = number
        _tell(said, "publication_date", published.findtext("date"))
    reference = bibliography.find("application-reference")
    if reference is not None:
        applied = reference.find("document-id")
        _tell(said, "application_number", _document_number(applied, with_kind=False))
        _tell(said, "filing_date", applied.findtext("date") if applied is not None else None)
        _tell(said, "patent_type", reference.get("appl-type"))
    return said


def _tell(said: Said, field: str, value: str | None) -> None:
    """Set a field where there is something to say."""
    if value and value.strip():
        said[field] = value.strip()  # type: ignore[literal-required]


def _document_number(document_id: Element | None, *, with_kind: bool = True) -> str | None:
    """Office, number and kind of a <document-id>, as printed."""
    if document_id is None:
        return None
    number = (document_id.findtext("doc-number") or "").strip()
    if not number:
        return None
    country = (document_id.findtext("country") or "").strip()
    kind = (document_id.findtext("kind") or "").strip() if with_kind else ""
    # International documents are printed as "WO 02/07476", applications as "PCT/JP2008/060123".
    office = "" if number.startswith((country, "PCT")) else country
    return f"{office}{number}{kind}"


# -- parties -----------------------------------------------------------------------------------------


def _parties(bibliography: Element) -> Said:
    """Applicants are the assignees; where there are none those who applied, before 2012 the inventors."""
    said = Said()
    parties = bibliography.find("us-parties")
    parties = bibliography.find("parties") if parties is None else parties
    assignees = [
        party for assignee in bibliography.iterfind("assignees/assignee") if (party := _party(assignee)) is not None
    ]
    applied: list[Party] = []
    inventors: list[Party] = []
    if parties is not None:
        for each in (*parties.iterfind("us-applicants/us-applicant"), *parties.iterfind("applicants/applicant")):
            if (party := _party(each)) is not None:
                applied.append(party)
                if each.get("app-type") in _INVENTOR_TYPES:
                    inventors.append(party)
        for each in parties.iterfind("inventors/inventor"):
            if (party := _party(each)) is not None:
                inventors.append(party)
        agents = [party["name"] for each in parties.iterfind("agents/agent") if (party := _party(each)) is not None]
        if agents:
            said["agents"] = agents
    if assignees or applied:
        said["applicants"] = assignees or applied
    if inventors:
        said["inventors"] = inventors
    return said


def _party(element: Element) -> Party | None:
    """A person or body: its address stands in an address book, of some assignees the name stands alone."""
    book = element.find("addressbook")
    book = element if book is None else book
    name = text_of(book.find("orgname")) or _person(book)
    if name is None:
        return None
    address = book.find("address")
    party = Party(name=name, country=None, state=None, city=None, address=None)
    if address is not None:
        party["city"] = _place(address.findtext("city"))
        party["state"] = _place(address.findtext("state"))
        party["country"] = _place(address.findtext("country"))
        rest = [_place(each.text) for each in address if each.tag not in ("city", "state", "country")]
        party["address"] = ", ".join(part for part in rest if part) or None
    if party["country"] is None:
        party["country"] = _place(element.findtext("residence/country"))
    return party


def _person(book: Element) -> str | None:
    parts = (book.findtext(tag) for tag in ("prefix", "first-name", "middle-name", "last-name", "suffix"))
    return " ".join(part.strip() for part in parts if part and part.strip()) or text_of(book.find("name"))


def _place(text: str | None) -> str | None:
    text = (text or "").strip()
    return None if text in _NOWHERE else text


# -- classes -----------------------------------------------------------------------------------------


def _classes(bibliography: Element) -> Said:
    """IPC of three generations, CPC (combinations are of symbols that stand alone too), USPC, Locarno."""
    said = Said()
    ipc = [symbol for each in bibliography.iterfind("classifications-ipcr/classification-ipcr")
           if (symbol := _symbol(each))]  # fmt: skip
    ipc += [text for each in bibliography.iterfind("classification-ipc") for text in _main_and_further(each)]
    cpc = [
        symbol
        for wrapper in ("classifications-cpc/main-cpc", "classifications-cpc/further-cpc")
        for each in bibliography.iterfind(f"{wrapper}/classification-cpc")
        if (symbol := _symbol(each))
    ]
    uspc = [text for each in bibliography.iterfind("classification-national") for text in _main_and_further(each)]
    locarno = [text for each in bibliography.iterfind("classification-locarno") for text in _main_and_further(each)]
    for field, symbols in (("ipc", ipc), ("cpc", cpc), ("uspc", uspc), ("locarno", locarno)):
        if symbols:
            said[field] = list(dict.fromkeys(symbols))  # type: ignore[literal-required]
    return said


def _symbol(element: Element) -> str | None:
    """H01L21/768 from its parts."""
    section, class_, subclass, group, subgroup = (
        (element.findtext(tag) or "").strip() for tag in ("section", "class", "subclass", "main-group", "subgroup")
    )
    if not section:
        return text_of(element.find("text"))
    return f"{section}{class_}{subclass}{group}/{subgroup}" if group else f"{section}{class_}{subclass}"


def _main_and_further(element: Element) -> list[str]:
    found = (*element.iterfind("main-classification"), *element.iterfind("further-classification"))
    return [text for each in found if (text := (each.text or "").strip())]


# -- related documents -------------------------------------------------------------------------------


def _related(bibliography: Element) -> Said:
    """Foreign priorities, parents and children; a parent whose date is enjoyed stands in `priorities` too."""
    said = Said()
    priorities = [
        f"{_document_number(claim, with_kind=False)} {(claim.findtext('date') or '').strip()}".strip()
        for claim in bibliography.iterfind("priority-claims/priority-claim")
        if _document_number(claim, with_kind=False)
    ]
    relations: list[Relation] = []
    for related in bibliography.iterfind("us-related-documents/*"):
        relations += _relations(related)
    relations += _national_stage(bibliography)
    own = (said_number := bibliography.find("application-reference/document-id")) is not None and _document_number(
        said_number, with_kind=False
    )
    priorities += enjoyed(relation for relation in relations if relation["number"] != own)
    if priorities:
        said["priorities"] = list(dict.fromkeys(priorities))
    if relations:
        said["relations"] = relations
    return said


def _relations(related: Element) -> Iterator[Relation]:
    """What one element of <us-related-documents> tells."""
    kind = relation_kind(related.tag)
    for parent in related.iterfind("relation/parent-doc"):
        yield from _relation(kind, "parent", parent.find("document-id"))
    if related.find("relation") is None:
        side = "publication" if kind == "related_publication" else "parent"
        for document_id in related.iterfind("document-id"):
            yield from _relation(kind, side, document_id, with_kind=side == "publication")


def _relation(kind: str, side: str, document_id: Element | None, *, with_kind: bool = False) -> Iterator[Relation]:
    number = _document_number(document_id, with_kind=with_kind)
    if document_id is not None and number is not None:
        yield Relation(kind=kind, side=side, number=number, date=day(document_id.findtext("date")))


def _national_stage(bibliography: Element) -> Iterator[Relation]:
    """The international application of which this is the national stage."""
    for data in bibliography.iterfind("pct-or-regional-filing-data"):
        yield from _relation("national_stage", "parent", data.find("document-id"))


# -- texts -------------------------------------------------------------------------------------------


def _texts(root: Element, bibliography: Element) -> Said:
    said = Said()
    _tell(said, "title_en", text_of(bibliography.find("invention-title")))
    _tell(said, "claim_count", bibliography.findtext("number-of-claims"))
    abstracts = [text for each in root.iterfind("abstract") if (text := lines_of(each, _BLOCKS))]
    _tell(said, "abstract_en", "\n".join(abstracts))
    _tell(said, "description", lines_of(root.find("description"), _BLOCKS))
    claims = [_claim(claim) for each in root.iterfind("claims") for claim in each.iterfind("claim")]
    if claims:
        said["claims"] = claims
        said.setdefault("claim_count", str(len(claims)))
        said["first_claim"] = claims[0]["text"]
    return said


def _claim(claim: Element) -> Claim:
    number = (claim.get("num") or "").lstrip("0")
    own = claim.get("id")
    named = (reference for each in claim.iter("claim-ref") for reference in (each.get("idref") or "").split())
    references = [reference for reference in named if reference != own]
    told = Claim(
        text=lines_of(claim, _CLAIM_BLOCKS) or "",
        language="en",
        depends_on=claim_numbers(references),
    )
    if number.isdecimal():
        told["number"] = int(number)
    return told


def _citations(bibliography: Element) -> list[Citation]:
    """What is cited; who cited it stands where other offices have the category of relevance."""
    origins = code_list("citation_origin")
    found: list[Citation] = []
    for path in ("us-references-cited/us-citation", "references-cited/citation"):
        for each in bibliography.iterfind(path):
            origin = (each.findtext("category") or "").strip()
            number = _document_number(each.find("patcit/document-id"))
            text = text_of(each.find("nplcit"))
            if number or text:
                found.append(Citation(number=number, text=None if number else text, origin=origins.get(origin.lower())))
    return found
