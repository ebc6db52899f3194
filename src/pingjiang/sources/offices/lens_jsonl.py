"""Patent records of The Lens by the response schema of its API.

Its numbers are DOCDB's, country, number and kind apart; its languages and days are those of the documents, its legal
status is calculated from INPADOC. A request may leave out any part. Texts came in other shapes at other times (a text
or an object where now a list of objects is), and all of them are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pingjiang.files import RawDocument
from pingjiang.schema.codes import code_list
from pingjiang.sources.offices.claims import split_listed, tell_claims, told_claims
from pingjiang.sources.offices.records import Record, entries, part, text, texts
from pingjiang.sources.offices.telling import language, tell, tell_text
from pingjiang.sources.said import Citation, Claim, Event, Party, Said, day

_TYPES = {"DESIGN_RIGHT": "design", "PLANT_PATENT": "plant"}  # others hold rights of several types
# Days of its legal status, each an event by the name that the schema gives it.
_STATUS_DAYS = ("grant_date", "application_expiry_date", "discontinuation_date", "anticipated_term_date")


def read(document: RawDocument) -> Iterator[Said]:
    """One record → one row."""
    record: Record = document.content
    biblio = part(record, "biblio")
    said = Said()
    published = {**part(biblio, "publication_reference"), **{name: record[name] for name in _OWN if record.get(name)}}
    tell(said, "publication_number", _number(published) or _of_key(record))
    tell(said, "publication_date", text(record.get("date_published")) or text(published.get("date")))
    applied = part(biblio, "application_reference")
    tell(said, "application_number", _application(applied))
    tell(said, "filing_date", text(applied.get("date")))
    tell(said, "patent_type", _TYPES.get(text(record.get("publication_type")) or ""))
    claims = entries(part(biblio, "priority_claims").get("claims"))
    tell(said, "priorities", list(_priorities(_in_sequence(claims))))
    tell(said, "priority_date", text(part(biblio, "priority_claims.earliest_claim").get("date")))
    _tell_texts(said, record, biblio)
    _tell_parties(said, part(biblio, "parties"))
    _tell_classes(said, biblio, said.get("publication_number", ""))
    tell(said, "citations", list(_citations(entries(part(biblio, "references_cited").get("citations")))))
    tell(said, "citing", _members(part(biblio, "cited_by").get("patents")))
    tell(said, "family_members", _members(part(record, "families.simple_family").get("members")))
    _tell_status(said, part(record, "legal_status"), text(published.get("jurisdiction")))
    tell(said, "events", [*said.get("events", ()), *_owners(part(biblio, "parties"))])
    yield said


_OWN = ("jurisdiction", "doc_number", "kind")


# -- numbers -----------------------------------------------------------------------------------------


def _number(document_id: Record) -> str | None:
    """Office, number and kind: US20120172239A1."""
    number = text(document_id.get("doc_number"))
    if number is None:
        return None
    return f"{text(document_id.get('jurisdiction')) or ''}{number}{text(document_id.get('kind')) or ''}"


def _of_key(record: Record) -> str | None:
    """The same out of a document's key: EP_2471949_A1_20120704."""
    parts = (text(record.get("doc_key")) or "").split("_")
    return "".join(parts[:3]) if len(parts) == 4 else None


def _application(document_id: Record) -> str | None:
    """DOCDB's form with its dots, by which identifiers know it."""
    if text(document_id.get("doc_number")) is None:
        return None
    return ".".join(said for name in _OWN if (said := text(document_id.get(name))))


def _priorities(claims: Iterable[Record]) -> Iterator[str]:
    for claim in claims:
        if number := _application(claim):
            yield f"{number} {(text(claim.get('date')) or '').replace('-', '')}".rstrip()


def _members(listed: Any) -> list[str]:
    found = (number for each in entries(listed) for id_ in entries(each.get("document_id")) if (number := _number(id_)))
    return list(dict.fromkeys(found))


def _in_sequence(listed: list[Record]) -> list[Record]:
    """By their sequence where all have one; else as they stand."""
    if all(isinstance(each.get("sequence"), int) for each in listed):
        return sorted(listed, key=lambda each: each["sequence"])
    return listed


# -- texts -------------------------------------------------------------------------------------------


def _tell_texts(said: Said, record: Record, biblio: Record) -> None:
    titles = entries(biblio.get("invention_title"))
    tell_text(said, "title", ((text(each.get("lang")), text(each.get("text"))) for each in titles))
    abstracts = entries(record.get("abstract"))
    tell_text(said, "abstract", ((text(each.get("lang")), text(each.get("text"))) for each in abstracts))
    tell_claims(said, list(_claims(record.get("claims"), text(record.get("lang")))))
    descriptions = (text(each.get("text")) for each in entries(record.get("description")))
    tell(said, "description", next((each for each in descriptions if each), None))


def _claims(told: Any, of_document: str | None) -> Iterator[list[Claim]]:
    """The claims of each language. Where the groups by language are missing, all are of the document's."""
    groups = entries(told)
    if not any("claims" in group for group in groups):
        groups = [{"claims": groups, "lang": groups[0].get("lang")}] if groups else []
    for group in groups:
        blocks = (text(each.get("claim_text")) or text(each.get("text")) for each in entries(group.get("claims")))
        numbered = split_listed([block for block in blocks if block])
        yield told_claims(numbered, language(text(group.get("lang")) or of_document))


# -- parties, classes --------------------------------------------------------------------------------


def _tell_parties(said: Said, parties: Record) -> None:
    for field, names in (("applicants", ("applicants", "assignees")), ("inventors", ("inventors",))):
        listed = next((found for name in names if (found := entries(parties.get(name)))), [])
        tell(said, field, [party for each in _in_sequence(listed) if (party := _party(each))])
    agents = _in_sequence(entries(parties.get("agents")))
    tell(said, "agents", [party["name"] for each in agents if (party := _party(each))])


def _party(told: Record) -> Party | None:
    name = text(part(told, "extracted_name").get("value")) or text(told.get("extracted_name"))
    if name is None:
        return None
    country = text(told.get("residence")) or text(told.get("extracted_country"))
    address = ", ".join(line.strip(" ,") for line in (text(told.get("extracted_address")) or "").splitlines())
    return Party(name=name, country=country, address=address or None)


def _tell_classes(said: Said, biblio: Record, number: str) -> None:
    """National classes are of the United States; of other offices nothing is said under this name."""
    schemes = {"ipc": "ipcr", "cpc": "cpc", **({"uspc": "national"} if number.startswith("US") else {})}
    for field, scheme in schemes.items():
        listed = entries(part(biblio, f"classifications_{scheme}").get("classifications"))
        symbols = (text(each.get("symbol")) or text(each.get("text")) for each in listed)
        tell(said, field, list(dict.fromkeys(symbol for symbol in symbols if symbol)))


# -- citations, status -------------------------------------------------------------------------------


def _citations(listed: Iterable[Record]) -> Iterator[Citation]:
    """A document that several phases cite stands once for each. What is known by its Lens ID alone is not told."""
    origins = code_list("citation_origin")
    for each in listed:
        about = {
            "category": "".join(texts(each.get("category"))) or None,
            "origin": origins.get((text(each.get("cited_phase")) or "").lower()),
        }
        for id_ in entries(part(each, "patcit").get("document_id")):
            if number := _number(id_):
                yield Citation(number=number, text=None, **about)  # type: ignore[typeddict-item]
        literature = part(each, "nplcit")
        if cited := text(literature.get("text")) or ", ".join(texts(literature.get("external_ids"))):
            yield Citation(number=None, text=cited, **about)  # type: ignore[typeddict-item]


def _tell_status(said: Said, status: Record, office: str | None) -> None:
    """The status by its word, and as events: each of its days, and all else with the word itself."""
    word = text(status.get("patent_status"))
    tell(said, "legal_status", word)
    if office != "WO":  # of an international application it is the day of some national grant
        tell(said, "grant_date", text(status.get("grant_date")))
    events = [
        Event(code=name, effective_date=when, authority=office, text=None)
        for name in _STATUS_DAYS
        if (when := day(text(status.get(name))))
    ]
    rest = [f"{name}: {_shown(value)}" for name, value in status.items() if name not in (*_STATUS_DAYS, _WORD, _LOG)]
    details = [*(line for line in rest if not line.endswith(": ")), *texts(status.get(_LOG))]
    if word or details:
        events.append(Event(code=_WORD, authority=office, text=word, details=details))
    tell(said, "events", events)


_WORD, _LOG = "patent_status", "calculation_log"


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else text(value) or ""


def _owners(parties: Record) -> Iterator[Event]:
    """Owners as they were recorded; they are no applicants."""
    for each in entries(parties.get("owners_all")):
        if party := _party(each):
            where = {"address": party.get("address"), "country": party.get("country")}
            yield Event(
                code="owner",
                date=day(text(each.get("recorded_date"))),
                effective_date=day(text(each.get("execution_date"))),
                text=party["name"],
                details=[f"{name}: {value}" for name, value in where.items() if value],
            )
