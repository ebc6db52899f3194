"""Exchange documents of the EPO: what OPS answers (biblio, abstract, full cycle) and the bulk files of DOCDB.

Both hold the same parts and write formats of a number, or of a name, in two ways: OPS in one reference with several
<document-id document-id-type="docdb">, DOCDB in several references with data-format="docdb". DOCDB leaves the namespace
of inner elements out. Elements are therefore looked for by their local names.

Formats of numbers: docdb before epodoc before original. Names: as the office printed them ("original") before EPO's
transcription ("docdba") and its standardised name ("docdb", "epodoc"), which also stand in `applicants_standardised`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element, lines_of
from pingjiang.schema.codes import code_list
from pingjiang.sources.offices.telling import tag, tell, tell_text, words
from pingjiang.sources.said import Citation, Event, Party, Said, day

_PARAGRAPHS = frozenset({"p"})
_PRINTED = ("original", "docdba", "epodoc", "docdb")
_STANDARDISED = ("docdb", "epodoc")
# Schemes of <patent-classification>; others (FI, FTERM, DEKLA …) are offices' own and not read.
_SCHEMES = {"CPC": "cpc", "CPCI": "cpc", "CPCA": "cpc", "CPCNO": "cpc", "UC": "uspc"}
# Attributes of a DOCDB document that tell of its exchange, not of the patent.
_OF_EXCHANGE = (
    "date-of-previous-exchange", "date-added-docdb", "originating-office", "is-representative", "family-id", "doc-id",
)  # fmt: skip
_DELETED = "D"
_STATUS = {"C": "DOCDB: created", "A": "DOCDB: amended", _DELETED: "DOCDB: deleted"}


def read(document: RawDocument) -> Iterator[Said]:
    """One exchange document → one row; nothing where OPS says that it found none."""
    root: Element = document.content
    if root.get("status") != "not found":
        yield said_of(root)


def said_of(root: Element) -> Said:
    """What an <exchange-document> tells."""
    said = Said()
    number = "".join(root.get(part) or "" for part in ("country", "doc-number", "kind"))
    bibliography = root.find("{*}bibliographic-data")
    if bibliography is not None:
        ids = document_ids(bibliography.iterfind("{*}publication-reference"))
        number = publication_number(ids) or number
        tell(said, "publication_date", date_of(ids))
        tell_application(said, bibliography, number)
        tell(said, "priorities", list(priorities(bibliography.iterfind("{*}priority-claims/{*}priority-claim"))))
        _tell_classes(said, bibliography)
        _tell_parties(said, bibliography)
        titles = bibliography.iterfind("{*}invention-title")
        tell_text(said, "title", ((each.get("lang"), words(each)) for each in titles))
        tell(said, "citations", list(_citations(bibliography)))
    tell(said, "publication_number", number)
    said.setdefault("publication_date", root.get("date-publ") or "")
    abstracts = root.iterfind("{*}abstract")
    tell_text(said, "abstract", ((each.get("lang"), lines_of(each, _PARAGRAPHS)) for each in abstracts))
    tell(said, "events", list(_exchange(root)))
    if root.get("status") == _DELETED:  # whatever else it says, DOCDB has taken the document out
        said["standing"] = "deleted"
    return said


# -- numbers -----------------------------------------------------------------------------------------


def document_ids(references: Iterable[Element]) -> dict[str, Mapping[str, str]]:
    """Format → parts (country, doc-number, kind, date) of all <document-id> of these references."""
    found: dict[str, Mapping[str, str]] = {}
    for reference in references:
        outer = reference.get("data-format") or "docdb"
        for each in reference.iterfind("{*}document-id"):
            kind = each.get("document-id-type") or outer
            if kind not in found:
                found[kind] = {tag(part): (part.text or "").strip() for part in each}
    return found


def publication_number(ids: Mapping[str, Mapping[str, str]]) -> str | None:
    """Office, number and kind: EP1000000A1."""
    for kind in ("docdb", "epodoc"):
        parts = ids.get(kind)
        if parts and parts.get("doc-number"):
            return f"{parts.get('country', '')}{parts['doc-number']}{parts.get('kind', '')}"
    return None


def application_number(ids: Mapping[str, Mapping[str, str]], office: str = "") -> str | None:
    """DOCDB's form with its dots, by which identifiers know it (US.10123402.A is no US10/123,402), or EPODOC's.

    office: of an original number, which has none itself.
    """
    if (parts := ids.get("docdb")) and parts.get("doc-number"):
        return ".".join(part for name in ("country", "doc-number", "kind") if (part := parts.get(name)))
    if (parts := ids.get("epodoc")) and parts.get("doc-number"):
        return parts["doc-number"]
    parts = ids.get("original")
    if parts is None or not parts.get("doc-number"):
        return None
    number = parts["doc-number"]
    return number if number[:2].isalpha() else f"{office}{number}" if office else None


def date_of(ids: Mapping[str, Mapping[str, str]]) -> str | None:
    """The date beside the numbers; not all formats of one reference bear it."""
    return next((date for parts in ids.values() if (date := parts.get("date"))), None)


def tell_application(said: Said, parent: Element, publication: str) -> None:
    """Application number and filing date. A national number without office is that of the publication's office."""
    ids = document_ids(parent.iterfind("{*}application-reference"))
    office = publication[:2]
    tell(said, "application_number", application_number(ids, "" if office == "WO" else office))
    tell(said, "filing_date", date_of(ids))


def priorities(claims: Iterable[Element]) -> Iterator[str]:
    """Numbers with their days; all that are claimed, whether they make the simple family or not."""
    for claim in claims:
        ids = document_ids([claim])
        if number := application_number(ids):
            yield f"{number} {date_of(ids) or ''}".rstrip()


# -- classes, parties --------------------------------------------------------------------------------


def _tell_classes(said: Said, bibliography: Element) -> None:
    """IPC of all generations (ipcr cells have fixed widths: symbol, version, level …), CPC and USPC by the scheme."""
    found: dict[str, list[str]] = {"ipc": [], "cpc": [], "uspc": []}
    for each in bibliography.iterfind("{*}classifications-ipcr/{*}classification-ipcr/{*}text"):
        group, _, rest = (each.text or "").partition("/")
        below = rest.split()
        found["ipc"].append("".join(group.split()) + (f"/{below[0]}" if below else ""))
    for name in ("text", "main-classification", "further-classification"):
        texts = bibliography.iterfind(f"{{*}}classification-ipc/{{*}}{name}")
        found["ipc"] += ["".join((each.text or "").split()) for each in texts]
    for each in bibliography.iterfind("{*}patent-classifications/{*}patent-classification"):
        scheme = each.find("{*}classification-scheme")
        field = _SCHEMES.get(scheme.get("scheme")) if scheme is not None else None
        if field is not None and (symbol := _symbol(each)):
            found[field].append(symbol)
    for field, symbols in found.items():
        tell(said, field, [symbol for symbol in dict.fromkeys(symbols) if symbol])


def _symbol(classification: Element) -> str:
    """H01L21/768, from one text or from its parts."""
    parts = {tag(part): part.text or "" for part in classification}
    if whole := parts.get("classification-symbol"):
        return "".join(whole.split())
    group = "".join(parts.get(name, "") for name in ("section", "class", "subclass", "main-group"))
    return f"{group}/{parts['subgroup']}" if parts.get("subgroup") else group


def _tell_parties(said: Said, bibliography: Element) -> None:
    parties = bibliography.find("{*}parties")
    if parties is None:
        return
    applicants = _by_format(parties.iterfind("{*}applicants/{*}applicant"), "applicant-name")
    tell(said, "applicants", _printed(applicants))
    standardised = next((applicants[kind] for kind in _STANDARDISED if kind in applicants), {})
    tell(said, "applicants_standardised", [standardised[at]["name"] for at in sorted(standardised)])
    tell(said, "inventors", _printed(_by_format(parties.iterfind("{*}inventors/{*}inventor"), "inventor-name")))
    agents = _by_format(parties.iterfind("{*}agents/{*}agent"), "agent-name")
    tell(said, "agents", [party["name"] for party in _printed(agents)])


def _by_format(elements: Iterable[Element], name: str) -> dict[str, dict[int, Party]]:
    """Format → sequence → party."""
    found: dict[str, dict[int, Party]] = {}
    for place, each in enumerate(elements, start=1):
        sequence = each.get("sequence") or ""
        party = _party(each, name)
        if party is not None:
            of_format = found.setdefault(each.get("data-format") or "docdb", {})
            of_format.setdefault(int(sequence) if sequence.isdecimal() else place, party)
    return found


def _party(element: Element, name: str) -> Party | None:
    """A party; EPODOC writes the country behind the name: "BOER BEHEER NIJMEGEN BV DE [NL]"."""
    printed = (words(element.find(f"{{*}}{name}/{{*}}name")) or words(element.find(f"{{*}}{name}")) or "").rstrip(" ,;")
    country = words(element.find("{*}residence/{*}country"))
    if printed[-1:] == "]" and printed[-4:-3] == "[":
        country, printed = country or printed[-3:-1], printed[:-4].rstrip()
    if not printed:
        return None
    party = Party(name=printed, country=country)
    address = element.find("{*}address")
    if address is not None and (lines := [line for part in address if (line := words(part))]):
        party["address"] = ", ".join(lines)
    return party


def _printed(formats: Mapping[str, Mapping[int, Party]]) -> list[Party]:
    """One party for each sequence: the name as printed, the rest from whichever format tells it."""
    places = sorted({place for parties in formats.values() for place in parties})
    found: list[Party] = []
    for place in places:
        told = [formats[kind][place] for kind in (*_PRINTED, *formats) if kind in formats and place in formats[kind]]
        party = Party(name=told[0]["name"])
        party["country"] = next((country for each in told if (country := each.get("country"))), None)
        party["address"] = next((address for each in told if (address := each.get("address"))), None)
        found.append(party)
    return found


# -- citations, exchange -----------------------------------------------------------------------------


def _citations(bibliography: Element) -> Iterator[Citation]:
    for each in bibliography.iterfind("{*}references-cited/{*}citation"):
        patent = each.find("{*}patcit")
        text = words(each.find("{*}nplcit"))
        number = publication_number(document_ids([patent])) if patent is not None else None
        if patent is not None and number is None:
            number = patent.get("dnum")
        if number is not None and "application" in (patent.get("dnum-type") or ""):
            number, text = None, f"{number} ({patent.get('dnum-type')})"  # a number that no publication bears
        if number or text:
            citation = Citation(number=number, text=None if number else text, origin=_origin(each))
            for field, name in (("category", "category"), ("claims", "rel-claims")):
                told = (*each.iterfind(f"{{*}}{name}"), *each.iterfind(f"{{*}}rel-passage/{{*}}{name}"))
                parts = dict.fromkeys(said for part in told if (said := words(part)))
                citation[field] = ("" if field == "category" else ",").join(parts) or None  # type: ignore[literal-required]
            yield citation


def _origin(citation: Element) -> str | None:
    """The phase of the procedure tells it, and else who cited."""
    origins = code_list("citation_origin")
    phase, by = (citation.get("cited-phase") or "").lower(), (citation.get("cited-by") or "").lower()
    return origins.get("cited by applicant" if by == "applicant" else phase) or origins.get(f"cited by {by}")


def _exchange(root: Element) -> Iterator[Event]:
    """What DOCDB says of the exchange of the document itself; OPS says nothing of it."""
    status, date = root.get("status"), root.get("date-of-last-exchange")
    if status or date:
        told = [f"{name}: {value}" for name in _OF_EXCHANGE if (value := root.get(name))]
        yield Event(code=status, date=day(date), authority="EP", text=_STATUS.get(status or "", "DOCDB"), details=told)
