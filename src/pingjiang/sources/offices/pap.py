"""Patent Application Publications of the USPTO, 2001 to 2004 (PAP, DTD v1.x)."""

from __future__ import annotations

from collections.abc import Iterator

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element, lines_of, text_of
from pingjiang.sources.offices.us import claim_numbers, enjoyed, relation_kind, us_number
from pingjiang.sources.said import Claim, Party, Relation, Said, day

_BLOCKS = frozenset({"paragraph", "heading", "li", "row", "entry"})
_CLAIM_BLOCKS = frozenset({"claim-text", "in-line-formula"})


def read(document: RawDocument) -> Iterator[Said]:
    """One published application → one row."""
    root: Element = document.content
    told: Element = root.find("subdoc-bibliographic-information")
    said = Said()
    for field, value in (
        ("publication_number", us_number(told.find("document-id"), "kind-code")),
        ("publication_date", told.findtext("document-id/document-date")),
        ("application_number", us_number(told.find("domestic-filing-data/application-number"))),
        ("filing_date", told.findtext("domestic-filing-data/filing-date")),
        ("title_en", text_of(told.find("technical-information/title-of-invention"))),
        ("abstract_en", lines_of(root.find("subdoc-abstract"), _BLOCKS)),
        ("description", lines_of(root.find("subdoc-description"), _BLOCKS)),
    ):
        if value and value.strip():
            said[field] = value.strip()  # type: ignore[literal-required]
    said |= _parties(told)
    said |= _classes(told)
    said |= _related(told)
    claims = [_claim(claim) for claim in root.iterfind("subdoc-claims//claim")]
    if claims:
        said["claims"] = claims
        said["claim_count"] = str(len(claims))
        said["first_claim"] = claims[0]["text"]
    yield said


def _parties(told: Element) -> Said:
    said = Said()
    wanted = (*told.iterfind("inventors/first-named-inventor"), *told.iterfind("inventors/inventor"))
    inventors = [party for each in wanted if (party := _party(each)) is not None]
    assignees = [party for each in told.iterfind("assignee") if (party := _party(each)) is not None]
    agents = [text for each in told.iterfind("correspondence-address/name-1") if (text := text_of(each))]
    if inventors:
        said["inventors"] = inventors
    if assignees or inventors:
        said["applicants"] = assignees or inventors  # before 2012 inventors alone could apply
    if agents:
        said["agents"] = agents
    return said


def _party(element: Element) -> Party | None:
    name = text_of(element.find("organization-name")) or " ".join(
        part.strip()
        for tag in ("name-prefix", "given-name", "middle-name", "family-name", "name-suffix")
        if (part := element.findtext(f"name/{tag}")) and part.strip()
    )
    if not name:
        return None
    place = next((each for path in _RESIDENCES if (each := element.find(path)) is not None), element)
    state = text_of(place.find("state"))
    country = text_of(place.find("country-code")) or text_of(place.find("country/country-code"))
    lines = (text_of(place.find(tag)) for tag in ("address-1", "address-2", "postalcode"))
    return Party(
        name=name,
        country=country or ("US" if state or place.tag == "residence-us" else None),
        state=state,
        city=text_of(place.find("city")),
        address=", ".join(line for line in lines if line) or None,
    )


_RESIDENCES = ("residence/residence-us", "residence/residence-non-us", "residence/military-service", "address")


def _classes(told: Element) -> Said:
    said = Said()
    ipc = [text for each in told.iterfind("technical-information/classification-ipc//ipc") if (text := text_of(each))]
    uspc = []
    for each in told.iterfind("technical-information/classification-us//uspc"):
        class_, subclass = text_of(each.find("class")), text_of(each.find("subclass"))
        uspc.append("/".join(part for part in (class_, subclass) if part))
    if ipc:
        said["ipc"] = ipc
    if uspc:
        said["uspc"] = list(dict.fromkeys(uspc))
    return said


def _related(told: Element) -> Said:
    """Foreign priorities; parents under continuity data, provisional applications beside them."""
    said = Said()
    priorities = []
    for each in told.iterfind("foreign-priority-data"):
        number, country = each.findtext("priority-application-number/doc-number"), each.findtext("country-code")
        if number and number.strip():
            date = (each.findtext("filing-date") or "").strip()
            priorities.append(f"{(country or '').strip()}{number.strip()} {date}".strip())
    relations: list[Relation] = []
    for each in told.iterfind("continuity-data//parent"):
        path = each.getparent().getparent() if each.getparent().tag == "parent-child" else each.getparent()
        if (number := us_number(each.find("document-id"))) is not None:
            date = day(each.findtext("document-id/document-date"))
            relations.append(Relation(kind=relation_kind(path.tag), side="parent", number=number, date=date))
    for each in told.iterfind("continuity-data/non-provisional-of-provisional"):
        if (number := us_number(each.find("document-id"))) is not None:
            date = day(each.findtext("document-id/document-date"))
            relations.append(Relation(kind="provisional", side="parent", number=number, date=date))
    priorities += enjoyed(relations)
    if priorities:
        said["priorities"] = list(dict.fromkeys(priorities))
    if relations:
        said["relations"] = relations
    return said


def _claim(claim: Element) -> Claim:
    references = [each.get("depends_on") or "" for each in claim.iter("dependent-claim-reference")]
    told = Claim(text=lines_of(claim, _CLAIM_BLOCKS) or "", language="en", depends_on=claim_numbers(references))
    if own := claim_numbers([claim.get("id") or ""]):
        told["number"] = own[0]
    return told
