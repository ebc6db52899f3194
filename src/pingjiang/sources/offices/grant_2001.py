"""Grants of the USPTO from 2001 to 2004: elements called by WIPO ST.32 (B110, B210 …), in SGML and early XML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element, lines_of, text_of
from pingjiang.sources.offices.us import claim_numbers, enjoyed
from pingjiang.sources.said import Citation, Claim, Party, Relation, Said, day

_BLOCKS = frozenset({"PARA", "H", "LI", "ROW", "ENTRY"})
_CLAIM_BLOCKS = frozenset({"PARA", "CLMSTEP"})
_CITED_BY = {"CITED-BY-EXAMINER": "examiner", "CITED-BY-OTHER": "applicant"}
_RELATIONS = {
    "B610": "addition", "B620": "division", "B631": "continuation", "B632": "continuation_in_part",
    "B633": "continuation", "B640": "reissue", "B645": "reexamination", "B650": "related_publication",
    "B660": "substitute", "B680": "provisional", "B680US": "provisional",
}  # fmt: skip
# "G06F 1516" is G06F15/16: four of the subclass, three of the group, the subgroup.
_OLD_IPC = re.compile(r"([A-H]\d\d[A-Z])([ \d]{3})(\d{2,})$")


def read(document: RawDocument) -> Iterator[Said]:
    """One grant → one row."""
    root: Element = document.content
    told: Element = root.find("SDOBI")
    said = Said()
    number, kind, country = (_text(told, f"B100/{path}") for path in ("B110/DNUM", "B130", "B190"))
    fields = {
        "publication_number": f"{country or 'US'}{number}{kind or ''}" if number else None,
        "publication_date": _text(told, "B100/B140/DATE"),
        "application_number": _office("US", _text(told, "B200/B210/DNUM")),
        "filing_date": _text(told, "B200/B220/DATE"),
        "title_en": _text(told, "B500/B540"),
        "claim_count": _text(told, "B500/B570/B577"),
        "abstract_en": lines_of(root.find("SDOAB"), _BLOCKS),
        "description": lines_of(root.find("SDODE"), _BLOCKS),
    }
    said |= {field: value for field, value in fields.items() if value}  # type: ignore[typeddict-item]
    said |= _parties(told)
    said |= _classes(told)
    said |= _related(told)
    if citations := list(_citations(told)):
        said["citations"] = citations
    claims = [_claim(claim) for claim in root.iterfind("SDOCL/CL/CLM")]
    if claims:
        said["claims"] = claims
        said.setdefault("claim_count", str(len(claims)))
        said["first_claim"] = claims[0]["text"]
    yield said


def _text(element: Element, path: str) -> str | None:
    return text_of(element.find(path))


def _office(office: str, number: str | None) -> str | None:
    """A number with its office; international ones name theirs."""
    return None if not number else number if number.startswith("PCT") else office + number


def _parties(told: Element) -> Said:
    said = Said()
    lists = {
        role: [party for each in told.iterfind(path) if (party := _party(each)) is not None]
        for role, path in (
            ("inventors", "B700/B720/B721"),
            ("assignees", "B700/B730/B731"),
            ("agents", "B700/B740/B741"),
        )
    }
    if lists["inventors"]:
        said["inventors"] = lists["inventors"]
    if lists["assignees"] or lists["inventors"]:
        said["applicants"] = lists["assignees"] or lists["inventors"]  # before 2012 inventors alone could apply
    if lists["agents"]:
        said["agents"] = [party["name"] for party in lists["agents"]]
    return said


def _party(element: Element) -> Party | None:
    party = element.find("PARTY-US")
    party = element if party is None else party
    names = (_text(party, f"NAM/{tag}") for tag in ("TTL", "FNM", "SNM", "SFX"))
    name = _text(party, "NAM/ONM") or " ".join(part for part in names if part)
    if not name:
        return None
    state = _text(party, "ADR/STATE")
    lines = (_text(party, f"ADR/{tag}") for tag in ("OMC", "STR", "PCODE"))
    return Party(
        name=name,
        country=_text(party, "ADR/CTRY") or ("US" if state else None),
        state=state,
        city=_text(party, "ADR/CITY"),
        address=", ".join(line for line in lines if line) or None,
    )


def _classes(told: Element) -> Said:
    said = Said()
    found = {
        "ipc": [_ipc(each) for tag in ("B511", "B512") for each in told.iterfind(f"B500/B510/{tag}")],
        "uspc": [text_of(each) for tag in ("B521", "B522") for each in told.iterfind(f"B500/B520/{tag}")],
        "locarno": [text_of(each) for each in told.iterfind("B500/B510/B517US")],
    }
    for field, symbols in found.items():
        if listed := list(dict.fromkeys(symbol for symbol in symbols if symbol)):
            said[field] = listed  # type: ignore[literal-required]
    return said


def _ipc(element: Element) -> str | None:
    printed = "".join(element.itertext()).strip()
    found = _OLD_IPC.match(printed)
    return f"{found[1]}{found[2].strip()}/{found[3]}" if found else printed or None


def _related(told: Element) -> Said:
    said = Said()
    priorities: list[str] = []
    for number in told.iterfind("B300/B310"):
        rest = {each.tag: text_of(each) or "" for each in _until(number, "B310")}
        printed = f"{rest.get('B330', '')}{text_of(number) or ''} {rest.get('B320', '')}".strip()
        priorities.append(printed)
    relations = [
        Relation(kind=kind, side="parent", number=number, date=day(_text(parent, "PDOC/DOC/DATE")))
        for tag, kind in _RELATIONS.items()
        for each in told.iterfind(f"B600//{tag}")
        for parent in (each.iter("PARENT-US") if each.find(".//PARENT-US") is not None else ())
        if (number := _office("US", _text(parent, "PDOC/DOC/DNUM")))
    ]
    relations += [
        Relation(kind="provisional", side="parent", number=number, date=day(_text(each, "DOC/DATE")))
        for tag in ("B680", "B680US")
        for each in told.iterfind(f"B600//{tag}")
        if (number := _office("US", _text(each, "DOC/DNUM")))
    ]
    priorities += enjoyed(relations)
    if priorities:
        said["priorities"] = list(dict.fromkeys(priorities))
    if relations:
        said["relations"] = relations
    return said


def _until(element: Element, tag: str) -> Iterator[Element]:
    """The elements behind this one, up to the next of a name."""
    following = element.getnext()
    while following is not None and following.tag != tag:
        yield following
        following = following.getnext()


def _citations(told: Element) -> Iterator[Citation]:
    for each in told.iterfind("B500/B560/*"):
        origin = next((_CITED_BY[child.tag] for child in each if child.tag in _CITED_BY), None)
        document = each.find("PCIT/DOC")
        if document is not None:
            number, kind = _text(document, "DNUM"), _text(document, "KIND") or ""
            if number:
                country = _text(document, "CTRY") or "US"
                yield Citation(number=f"{country}{number}{kind}", text=None, origin=origin)
        elif (text := _text(each, "NCIT")) is not None:
            yield Citation(number=None, text=text, origin=origin)


def _claim(claim: Element) -> Claim:
    references = [each.get("ID") or "" for each in claim.iter("CLREF")]
    told = Claim(text=lines_of(claim, _CLAIM_BLOCKS) or "", language="en", depends_on=claim_numbers(references))
    if own := claim_numbers([claim.get("ID") or ""]):
        told["number"] = own[0]
    return told
