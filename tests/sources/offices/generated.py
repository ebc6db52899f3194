"""Synthetic patents (合成 synthetic: none of them exists), and three ways to write them down.

`truths` makes them as neutral values, before any format is thought of; `lens_record`, `bigquery_row` and
`st36_document` write one each. A test compares what a reader says with the values, so that writer and reader have
nothing in common but the format.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

SYNTHETIC = "合成 synthetic"
_OFFICES = ("CN", "US", "EP", "WO")
_WORDS = ("合成电池", "隔膜", "半导体", "synthetic device", "made-up layer", "R&D <unit>", "“quoted” text")


@dataclass(frozen=True)
class Number:
    """A number in parts, as DOCDB has them; `id` is its canonical form, told by hand and not by our parser."""

    office: str
    number: str
    kind: str
    date: str | None  # ISO
    id: str
    printed: str = ""  # as the office itself prints it


@dataclass(frozen=True)
class Person:
    name: str
    country: str | None = None
    state: str | None = None
    city: str | None = None
    postcode: str | None = None
    street: str | None = None


@dataclass(frozen=True)
class Cited:
    number: Number | None
    text: str | None
    category: str | None
    phase: str | None  # of `_PHASES`


@dataclass(frozen=True)
class Truth:
    """All that is true of one made-up publication; what a format cannot hold is left out by its writer."""

    publication: Number
    application: Number
    granted: str | None
    earliest: str | None
    priorities: list[Number]
    titles: dict[str, str]
    abstracts: dict[str, list[str]]
    claims: dict[str, list[tuple[str, list[int]]]]  # language → (text without its number, what it depends on)
    description: list[str]
    applicants: list[Person]
    inventors: list[Person]
    agents: list[str]
    ipc: list[str]
    cpc: list[str]
    uspc: list[str]
    locarno: list[str]
    citations: list[Cited]
    citing: list[Number]
    family: list[Number]
    parent: Number | None
    right: str
    status: str | None
    standing: str | None
    events: list[tuple[str, str, str, str | None]] = field(default_factory=list)  # code, date, text, effective


# Phase of a citation → origin that our schema calls it.
PHASES = {"SEA": "search", "ISR": "international_search", "APP": "applicant", "EXA": "examiner", "OPP": "opposition"}


def truths(count: int, seed: int = 1, words: Sequence[str] = _WORDS, offices: Sequence[str] = _OFFICES) -> list[Truth]:
    """Made-up publications, all different."""
    random = Random(seed)
    return [truth(random, at, words, offices) for at in range(count)]


def truth(random: Random, at: int, words: Sequence[str] = _WORDS, offices: Sequence[str] = _OFFICES) -> Truth:
    """One made-up publication; `at` makes its numbers unique."""
    office = random.choice(offices)
    right = random.choice(["invention", "invention", "utility_model", "design"]) if office == "CN" else "invention"
    year = random.randint(2014, 2019)
    granted = right != "invention" or office == "US" or random.random() < 0.4
    published = _day(random, year + 2)
    application = _application(office, year, at, right, _day(random, year), random)
    publication = _publication(office, at, right, granted, published, year + 2)
    priorities = [
        _application(
            random.choice(("US", "EP", "CN")),
            year - 1,
            500 + 10 * at + nth,
            "invention",
            _day(random, year - 1),
            random,
        )
        for nth in range(random.randint(0, 3))
    ]
    claims = _claims(random, words)
    languages = random.sample(["zh", "en"], random.randint(1, 2))
    return Truth(
        publication=publication,
        application=application,
        granted=published if granted and office != "WO" else None,
        earliest=min((str(each.date) for each in priorities), default=None),
        priorities=priorities,
        titles={language: _phrase(random, words) for language in languages},
        abstracts={
            language: [_phrase(random, words) for _ in range(random.randint(1, 2))] for language in languages[:1]
        },
        claims={language: claims[language] for language in languages},
        description=[_phrase(random, words) for _ in range(random.randint(0, 4))],
        applicants=[_person(random, f"合成公司{random.randint(1, 9)}", words) for _ in range(random.randint(1, 3))],
        inventors=[_person(random, f"合成人{random.randint(1, 99)}", words) for _ in range(random.randint(0, 4))],
        agents=[f"合成代理所{random.randint(1, 9)}"] * random.randint(0, 1),
        ipc=_symbols(random) if right != "design" else [],
        cpc=_symbols(random) if right != "design" else [],
        uspc=[f"{random.randint(100, 700)}/{random.randint(1, 900)}"] if office == "US" else [],
        locarno=["14-02"] if right == "design" else [],
        citations=[_cited(random, 1000 + 10 * at + nth, words) for nth in range(random.randint(0, 4))],
        citing=[_publication("US", 3000 + at, "invention", True, None, 2020)] * random.randint(0, 1),
        family=[_publication("EP", 5000 + at, "invention", False, None, 2020)] * random.randint(0, 1),
        parent=_application("CN", year - 1, 9000 + at, right, _day(random, year - 1), random)
        if office == "CN" and random.random() < 0.3
        else None,
        right=right,
        status=random.choice(["ACTIVE", "PENDING", "EXPIRED", None]),
        standing=random.choice(["withdrawn", None, None]),
        events=[("SE01", _day(random, year + 1), "实质审查", None), ("GR01", published, "授权", published)][
            : random.randint(0, 2)
        ],
    )


def _day(random: Random, year: int) -> str:
    return f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _application(office: str, year: int, at: int, right: str, date: str, random: Random) -> Number:
    serial = 100_000 + at % 800_000
    match office:
        case "CN":
            kind = _CN_KINDS[right]
            number = f"{year}{ {'invention': 1, 'utility_model': 2, 'design': 3}[right] }0{serial}"
            return Number("CN", number, kind, date, f"CN{number}{kind.strip('A')}", f"{number}.{check_digit(number)}")
        case "US":
            series = 13 if year < 2014 else 15
            return Number("US", f"{year}{series}{serial}", "A", date, f"US{series}{serial}", f"{series}/{serial}")
        case "EP":
            number = f"{year % 100}{serial}"
            return Number("EP", number, "A", date, f"EP{number}", f"{number}")
        case _:
            country = random.choice(("CN", "US"))
            return Number(
                country, f"{year}{serial}", "W", date, f"WO{country}{year}{serial}", f"PCT/{country}{year}/{serial}"
            )


_CN_KINDS = {"invention": "A", "utility_model": "U", "design": "F"}


def check_digit(number: str) -> str:
    """GB's check digit of a Chinese application number, from its definition."""
    total = sum(int(digit) * weight for digit, weight in zip(number, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=True))
    return "X" if total % 11 == 10 else str(total % 11)


def _publication(office: str, at: int, right: str, granted: bool, date: str | None, year: int) -> Number:
    match office, right:
        case "CN", "utility_model":
            number, kind = f"2{10_000_000 + at}", "U"
        case "CN", "design":
            number, kind = f"30{5_000_000 + at}", "S"
        case "CN", _:
            number, kind = f"1{10_000_000 + at}", "B" if granted else "A"
        case "US", _:
            number, kind = f"{9_000_000 + at}", "B2"
        case "EP", _:
            number, kind = f"{2_000_000 + at}", "B1" if granted else "A1"
        case _:
            number, kind = f"{year}{100_000 + at}", "A1"
    return Number(office, number, kind, date, f"{office}{number}{kind}")


def _phrase(random: Random, words: Sequence[str]) -> str:
    return " ".join(random.choice(words) for _ in range(random.randint(1, 4)))


def _claims(random: Random, words: Sequence[str]) -> dict[str, list[tuple[str, list[int]]]]:
    """The same claims in two languages."""
    made: dict[str, list[tuple[str, list[int]]]] = {"zh": [], "en": []}
    for own in range(1, random.randint(1, 6) + 1):
        last = own - 1
        said: list[tuple[str, str, list[int]]] = [("一种合成器件", "A made-up device", [])]
        if last:
            said.append((f"根据权利要求{last}所述的合成器件", f"The made-up device of claim {last}", [last]))
        if last > 1:
            said.append(
                (
                    f"根据权利要求1或{last}所述的合成器件",
                    f"The device according to claim 1 or {last}",
                    sorted({1, last}),
                )
            )
            said.append(
                (
                    f"如权利要求1至{last}任一项所述的合成器件",
                    f"The device according to any one of claims 1 to {last}",
                    list(range(1, last + 1)),
                )
            )
        chinese, english, numbers = random.choice(said)
        made["zh"].append((f"{chinese}，其特征在于甲", numbers))
        made["en"].append((f"{english}, comprising a thing", numbers))
    return made


def _person(random: Random, name: str, words: Sequence[str]) -> Person:
    country = random.choice(["CN", "DE", None])
    if random.random() < 0.5:
        return Person(f"{name} {random.choice(words)}", country)
    return Person(name, country, "江苏省", "苏州市", f"{215000 + random.randint(0, 99)}", "合成路1号")


def _symbols(random: Random) -> list[str]:
    found = [f"{random.choice('ABCH')}01{random.choice('BLM')}{random.randint(1, 30)}/{random.randint(10, 999):02}"]
    return list(dict.fromkeys(found * random.randint(0, 2) + ["H01L21/768"]))


def _cited(random: Random, at: int, words: Sequence[str]) -> Cited:
    category, phase = random.choice(["X", "Y", "A", None]), random.choice([*PHASES, None])
    if random.random() < 0.3:
        return Cited(None, f"合成文献 {_phrase(random, words)}", category, phase)
    return Cited(
        _publication(random.choice(_OFFICES), at, "invention", True, "2010-05-04", 2010), None, category, phase
    )


# -- Lens --------------------------------------------------------------------------------------------


def lens_record(made: Truth, *, earlier: bool = False) -> dict[str, Any]:
    """A record of the API. `earlier`: texts and parties in the shapes that they had, or may have, at other times."""

    def document_id(number: Number) -> dict[str, Any]:
        parts = {"jurisdiction": number.office, "doc_number": number.number, "kind": number.kind, "date": number.date}
        return {name: value for name, value in parts.items() if value}

    def party(person: Person) -> dict[str, Any]:
        lines = [line for line in (person.street, person.city, person.state, person.postcode) if line]
        name = person.name if earlier else {"value": person.name}
        return {"residence": person.country, "extracted_name": name, "extracted_address": "\n".join(lines) or None}

    def cited(each: Cited, sequence: int) -> dict[str, Any]:
        told: dict[str, Any] = {"sequence": sequence, "cited_phase": each.phase}
        told |= {"category": [each.category]} if each.category else {}
        if each.number is not None:
            id_ = document_id(each.number)
            return told | {"patcit": {"document_id": [id_] if earlier else id_, "lens_id": "000-000"}}
        return told | {"nplcit": {"text": each.text, "external_ids": ["10.0/synthetic"]}}

    texts = [{"text": "\n".join(lines), "lang": lang} for lang, lines in made.abstracts.items()]
    claims: Any = [
        {"claims": [{"claim_text": text if earlier else [text]} for text, _ in listed], "lang": lang.upper()}
        for lang, listed in made.claims.items()
    ]
    description: Any = {"text": "\n".join(made.description), "lang": "zh"}
    record = {
        "lens_id": f"000-{made.publication.number}",
        "comment": SYNTHETIC,
        **document_id(made.publication),
        "date_published": made.publication.date,
        "publication_type": {"design": "DESIGN_RIGHT"}.get(made.right, "GRANTED_PATENT"),
        "lang": "zh",
        "biblio": {
            "publication_reference": document_id(made.publication),
            "application_reference": document_id(made.application),
            "priority_claims": {
                "claims": [
                    document_id(each) | {"sequence": at} for at, each in reversed([*enumerate(made.priorities)])
                ],
                "earliest_claim": {"date": made.earliest},
            },
            "invention_title": [{"text": text, "lang": lang} for lang, text in made.titles.items()],
            "parties": {
                "applicants": [party(each) | {"sequence": at} for at, each in enumerate(made.applicants, 1)],
                "inventors": [party(each) for each in made.inventors],
                "agents": [{"extracted_name": {"value": name}, "extracted_country": "CN"} for name in made.agents],
                "owners_all": [{"recorded_date": "2020-02-03", "extracted_name": {"value": "合成受让人"}}],
            },
            "classifications_ipcr": {"classifications": [{"symbol": symbol} for symbol in made.ipc]},
            "classifications_cpc": {"classifications": [{"symbol": symbol} for symbol in made.cpc * 2]},
            "classifications_national": {"classifications": [{"symbol": symbol} for symbol in made.uspc]},
            "references_cited": {"citations": [cited(each, at) for at, each in enumerate(made.citations, 1)]},
            "cited_by": {"patents": [{"document_id": document_id(each)} for each in made.citing]},
        },
        "families": {"simple_family": {"members": [{"document_id": document_id(each)} for each in made.family]}},
        "legal_status": {
            "granted": made.granted is not None,
            "grant_date": made.granted,
            "anticipated_term_date": "2039-01-02",
            "patent_status": made.status,
            "calculation_log": ["合成"],
        },
        "abstract": texts[0] if earlier and len(texts) == 1 else texts,
        "claims": claims,
        "description": description["text"] if earlier else description,
    }
    if earlier:
        del record["doc_number"], record["jurisdiction"], record["kind"]
    return record


# -- BigQuery ----------------------------------------------------------------------------------------


def bigquery_row(made: Truth, *, texts: bool = True) -> dict[str, Any]:
    """A row of the table of publications. `texts`: integers as texts, as exports write them."""

    def integer(day: str | None) -> int | str:
        value = int((day or "0").replace("-", ""))
        return str(value) if texts else value

    def number(told: Number) -> str:
        return f"{told.office}-{told.number}-{told.kind}"

    def linked(**own: Any) -> dict[str, Any]:
        return {
            "publication_number": "", "application_number": "", "npl_text": "", "type": "", "category": "",
            "filing_date": integer(None), **own,
        }  # fmt: skip

    def localised(told: dict[str, str]) -> list[dict[str, Any]]:
        return [{"text": text, "language": lang, "truncated": False} for lang, text in told.items()]

    def harmonised(people: list[Person]) -> list[dict[str, Any]]:
        return [{"name": person.name.upper(), "country_code": person.country or ""} for person in people]

    def codes(symbols: list[str]) -> list[dict[str, Any]]:
        return [{"code": symbol, "inventive": True, "first": at == 0, "tree": []} for at, symbol in enumerate(symbols)]

    claims = {
        lang: "\n".join(f"{at}. {text}" for at, (text, _) in enumerate(listed, start=1))
        for lang, listed in made.claims.items()
    }
    return {
        "publication_number": number(made.publication),
        "application_number": number(made.application),
        "comment": SYNTHETIC,
        "country_code": made.publication.office,
        "kind_code": made.publication.kind,
        "application_kind": {"utility_model": "U", "design": "F"}.get(made.right, "A"),
        "application_number_formatted": made.application.printed,
        "pct_number": "",
        "family_id": "0",
        "title_localized": localised(made.titles),
        "abstract_localized": localised({lang: "\n".join(lines) for lang, lines in made.abstracts.items()}),
        "claims_localized": localised(claims),
        "description_localized": localised({"zh": "\n".join(made.description)}),
        "publication_date": integer(made.publication.date),
        "filing_date": integer(made.application.date),
        "grant_date": integer(made.granted),
        "priority_date": integer(made.earliest or made.application.date),
        "priority_claim": [
            linked(application_number=number(each), filing_date=integer(each.date)) for each in made.priorities
        ],
        "inventor": [each.name for each in made.inventors],
        "inventor_harmonized": harmonised(made.inventors),
        "assignee": [each.name for each in made.applicants],
        "assignee_harmonized": harmonised(made.applicants),
        "examiner": [],
        "uspc": codes(made.uspc),
        "ipc": codes(made.ipc),
        "cpc": codes(made.cpc),
        "fi": [],
        "fterm": [],
        "citation": [
            linked(
                publication_number=number(each.number) if each.number else "",
                npl_text=each.text or "",
                type=each.category or "",
                category=each.phase or "",
            )
            for each in made.citations
        ],
        "parent": [
            linked(application_number=number(made.parent), type="division", filing_date=integer(made.parent.date))
        ]
        if made.parent
        else [],
        "child": [],
        "entity_status": "",
        "art_unit": "",
    }


# -- ST.36 -------------------------------------------------------------------------------------------


def st36_document(made: Truth, *, prefix: str = "") -> str:
    """A <cn-patent-document>. `prefix`: of a namespace, with its colon, that the file around it declares."""

    def tag(name: str, content: str = "", **attributes: str | None) -> str:
        told = "".join(f" {key.replace('_', '-')}={quoteattr(value)}" for key, value in attributes.items() if value)
        return f"<{prefix}{name}{told}>{content}</{prefix}{name}>\n" if content or told else ""

    def leaf(name: str, text: str | None) -> str:
        return tag(name, escape(text)) if text else ""

    def compact(day: str | None) -> str | None:
        return day.replace("-", "") if day else None

    def parts(number: Number, *, printed: bool = False) -> str:
        return (
            leaf("country", number.office)
            + leaf("doc-number", number.printed if printed and number.printed else number.number)
            + (leaf("kind", number.kind) if not printed else "")
            + leaf("date", compact(number.date))
        )

    def party(role: str, person: Person, at: int) -> str:
        address = "".join(
            leaf(name, value)
            for name, value in (
                ("country", person.country), ("state", person.state), ("city", person.city),
                ("postcode", person.postcode), ("text", person.street),
            )
        )  # fmt: skip
        english = tag("addressbook", leaf("name", "SYNTHETIC"), lang="en")
        book = tag("addressbook", leaf("name", person.name) + tag("address", address), lang="zh")
        return tag(role, english + book if at % 2 else book, sequence=str(at))

    def citation(each: Cited) -> str:
        if each.number is not None:
            told = tag("patcit", tag("document-id", parts(each.number)))
        else:
            told = tag("nplcit", leaf("text", each.text))
        return tag("citation", told + leaf("category", each.category), cited_phase=each.phase)

    def claim(at: int, text: str, lang: str) -> str:
        words = f"{at}.{text}" if lang == "zh" else f"{at}. {text}"
        return tag("claim", leaf("claim-text", words), num=f"{at:04}", id=f"cl{at:04}")

    def listed(wrapper: str, *children: str) -> str:
        return tag(wrapper, "".join(children)) if any(children) else ""

    right = {"invention": "发明", "utility_model": "utility", "design": "design"}[made.right]
    right = "实用新型" if made.right == "utility_model" else right
    parent = (
        tag("relation", tag("parent-doc", tag("document-id", parts(made.parent, printed=True)))) if made.parent else ""
    )
    bibliography = "".join(
        [
            tag("cn-publication-reference", tag("document-id", parts(made.publication))),
            tag("application-reference", tag("document-id", parts(made.application, printed=True)), appl_type=right),
            listed(
                "priority-claims",
                *(
                    tag("priority-claim", parts(each, printed=each.office == "CN"), sequence=str(at))
                    for at, each in enumerate(made.priorities, 1)
                ),
            ),
            listed("date-of-earliest-priority", leaf("date", compact(made.earliest))),
            listed("cn-date-of-grant", leaf("date", compact(made.granted))),
            listed(
                "classifications-ipcr",
                *(
                    tag("classification-ipcr", leaf("text", f"{symbol[:4]} {symbol[4:]}(2006.01)I"))
                    for symbol in made.ipc
                ),
            ),
            listed("classifications-cpc", *(tag("classification-cpc", leaf("text", symbol)) for symbol in made.cpc)),
            listed("classification-locarno", *(leaf("text", symbol) for symbol in made.locarno)),
            *(tag("invention-title", escape(text), lang=lang) for lang, text in made.titles.items()),
            listed("cn-related-documents", tag("division", parent) if parent else ""),
            tag(
                "cn-parties",
                listed(
                    "cn-applicants", *(party("cn-applicant", each, at) for at, each in enumerate(made.applicants, 1))
                )
                + listed("cn-inventors", *(party("cn-inventor", each, at) for at, each in enumerate(made.inventors, 1)))
                + listed(
                    "cn-agents",
                    *(
                        tag("cn-agent", leaf("name", "合成代理人") + tag("cn-agency", leaf("name", name)))
                        for name in made.agents
                    ),
                ),
            ),
            listed("cn-references-cited", *map(citation, made.citations)),
            listed("patent-family", *(tag("family-member", tag("document-id", parts(each))) for each in made.family)),
            *(
                tag("abstract", "".join(leaf("p", line) for line in lines), lang=lang)
                for lang, lines in made.abstracts.items()
            ),
        ]
    )
    claims = "".join(
        tag("claims", "".join(claim(at, text, lang) for at, (text, _) in enumerate(listed_, 1)), lang=lang)
        for lang, listed_ in made.claims.items()
    )
    body = listed("description", *(leaf("p", line) for line in made.description)) + claims
    events = "".join(
        tag("legal-status", leaf("code", code) + leaf("date", compact(date)) + leaf("text", text)
            + leaf("effective-date", effective))
        for code, date, text, effective in made.events
    )  # fmt: skip
    return tag(
        "cn-patent-document",
        tag("cn-bibliographic-data", bibliography) + tag("application-body", body) + listed("cn-legal-status", events),
        lang="zh",
        country="CN",
        standing=made.standing,
    )


# -- files -------------------------------------------------------------------------------------------


def lens_records(count: int, seed: int = 1) -> str:
    """A file of so many records, one a line."""
    return _lines([lens_record(made, earlier=at % 3 == 2) for at, made in enumerate(truths(count, seed))])


def bigquery_records(count: int, seed: int = 1) -> str:
    """A file of so many rows, one a line."""
    return _lines([bigquery_row(made, texts=at % 2 == 0) for at, made in enumerate(truths(count, seed))])


def st36_documents(count: int, seed: int = 1, *, prefix: str = "") -> str:
    """A file of so many documents in one root."""
    return st36_file([st36_document(made, prefix=prefix) for made in truths(count, seed, offices=("CN",))], prefix)


def st36_file(documents: Sequence[str], prefix: str = "") -> str:
    """Documents in one root."""
    namespace = f' xmlns:{prefix.rstrip(":")}="urn:synthetic"' if prefix else ""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {SYNTHETIC} -->\n<cn-patent-documents{namespace}>\n'
    return head + "".join(documents) + "</cn-patent-documents>\n"


def _lines(records: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
