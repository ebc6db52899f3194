"""The Green Book of the USPTO: grants from 1976 to 2001 as tagged text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pingjiang.files import RawDocument
from pingjiang.identifiers import series_of
from pingjiang.schema.codes import code_list
from pingjiang.sources.offices.dependency import depends_on
from pingjiang.sources.offices.us import enjoyed, relation_kind
from pingjiang.sources.said import Citation, Claim, Party, Relation, Said, day

Fields = Sequence[tuple[str, str]]

_SECTIONS = frozenset((
    "PATN", "INVT", "ASSG", "PRIR", "REIS", "RLAP", "CLAS", "UREF", "FREF", "OREF", "LREP", "PCTA", "ABST", "GOVT",
    "PARN", "BSUM", "DRWD", "DETD", "CLMS", "DCLM",
))  # fmt: skip
_TEXT = ("PAL", "PAR", "PA0", "PA1", "PA2", "PA3", "PA4", "PA5", "PAC", "TBL", "EQU", "FNT")
# The number's letters, and the kind of document that they begin.
_KINDS = (("RE", "E"), ("PP", "P"), ("D", "S"), ("T", "I"), ("H", "H"), ("", "A"))
_OLD_IPC = re.compile(r"([A-H]\d\d[A-Z])\s?([ \d]{2,3})([ \d]{2,})$")
_ABROAD = re.compile(r"X$")


def read(document: RawDocument) -> Iterator[Said]:
    """One grant → one row."""
    sections = list(_sections(document.content))
    first = dict(reversed(next(fields for name, fields in sections if name == "PATN")))
    said = _numbers(first)
    said |= _parties(sections)
    said |= _classes(sections)
    said |= _related(sections)
    said |= _texts(sections)
    if citations := list(_citations(sections)):
        said["citations"] = citations
    if claims := _claims(sections):
        said["claims"] = claims
        said.setdefault("claim_count", str(len(claims)))
        said["first_claim"] = claims[0]["text"]
    yield said


def _sections(fields: Fields) -> Iterator[tuple[str, Fields]]:
    """Sections in order, each with its fields."""
    name, held = "", list[tuple[str, str]]()
    for tag, value in fields:
        if tag in _SECTIONS and not value:
            if name:
                yield name, held
            name, held = tag, []
        else:
            held.append((tag, value))
    if name:
        yield name, held


def _of(sections: Sequence[tuple[str, Fields]], *names: str) -> Iterator[Fields]:
    return (fields for name, fields in sections if name in names)


def _get(fields: Fields, tag: str) -> str | None:
    """The first value of a tag, on one line."""
    return next((" ".join(value.split()) or None for name, value in fields if name == tag), None)


# -- numbers -----------------------------------------------------------------------------------------


def _numbers(first: dict[str, str]) -> Said:
    """WKU holds the number of eight characters and a check digit; APN six digits and one, its series stands in SRC."""
    said = Said()
    printed = first.get("WKU", "").strip()[:8]
    letters = next(letters for letters, _ in _KINDS if printed.startswith(letters))
    kind = dict(_KINDS)[letters]
    if printed:
        said["publication_number"] = f"US{letters}{printed[len(letters) :].lstrip('0')}{kind}"
    if (own := first.get("APN", "").strip()[:6]) and (series := first.get("SRC", "").strip()):
        said["application_number"] = f"US{'29' if series == 'D' else series.zfill(2)}/{own.zfill(6)}"
    for field, tag in (("publication_date", "ISD"), ("filing_date", "APD"), ("claim_count", "NCL")):
        if value := first.get(tag, "").strip():
            said[field] = value  # type: ignore[literal-required]
    if title := " ".join(first.get("TTL", "").split()):
        said["title_en"] = title
    return said


# -- parties -----------------------------------------------------------------------------------------


def _parties(sections: Sequence[tuple[str, Fields]]) -> Said:
    said = Said()
    inventors = [party for fields in _of(sections, "INVT") if (party := _party(fields, person=True)) is not None]
    assignees = [party for fields in _of(sections, "ASSG") if (party := _party(fields, person=False)) is not None]
    firms = (pair for fields in _of(sections, "LREP") for pair in fields)
    agents = [" ".join(value.split()) for tag, value in firms if tag in ("FRM", "FR2")]
    if inventors:
        said["inventors"] = inventors
    if assignees or inventors:
        said["applicants"] = assignees or inventors  # before 2012 inventors alone could apply
    if agents:
        said["agents"] = agents
    return said


def _party(fields: Fields, *, person: bool) -> Party | None:
    """Persons are printed "Hoff; Don G.". A country is printed for those abroad only: JPX, DEX."""
    name = _get(fields, "NAM")
    if name is None:
        return None
    if person and ";" in name:
        last, _, first = name.partition(";")
        name = f"{first.strip()} {last.strip()}".strip()
    printed, state = _get(fields, "CNT"), _get(fields, "STA")
    country = None if printed is None else code_list("country").get(printed.lower(), _ABROAD.sub("", printed))
    lines = (_get(fields, tag) for tag in ("STR", "ZIP"))
    return Party(
        name=name,
        country=country or ("US" if state else None),
        state=state,
        city=_get(fields, "CTY"),
        address=", ".join(line for line in lines if line) or None,
    )


# -- classes, relations ------------------------------------------------------------------------------


def _classes(sections: Sequence[tuple[str, Fields]]) -> Said:
    said = Said()
    ipc: list[str] = []
    uspc: list[str] = []
    for fields in _of(sections, "CLAS"):
        for tag, value in fields:
            if tag == "ICL":
                found = _OLD_IPC.match(value.strip())
                ipc.append(f"{found[1]}{found[2].strip()}/{found[3].strip()}" if found else value.strip())
            elif tag in ("OCL", "XCL"):
                uspc.append(value.strip())
    if ipc:
        said["ipc"] = list(dict.fromkeys(ipc))
    if uspc:
        said["uspc"] = list(dict.fromkeys(uspc))
    return said


def _related(sections: Sequence[tuple[str, Fields]]) -> Said:
    """Foreign priorities (PRIR), and parents (RLAP) with their code of relation."""
    said = Said()
    priorities = []
    for fields in _of(sections, "PRIR"):
        number, country = _get(fields, "APN"), _get(fields, "CNT") or ""
        if number:
            country = code_list("country").get(country.lower(), _ABROAD.sub("", country))
            priorities.append(f"{country}{number} {_get(fields, 'APD') or ''}".strip())
    relations: list[Relation] = []
    for fields in _of(sections, "RLAP"):
        if number := (_get(fields, "APN") or "")[:6]:
            own, filed = f"US{number}", day(_get(fields, "APD"))
            # The series of a parent is not printed: the year of its filing tells it, or leaves it open.
            series = series_of(int(filed[:4]), int(number), "A") if filed and number.isdecimal() else None
            own = f"US{series}/{number.zfill(6)}" if series else own
            kind = relation_kind(_get(fields, "COD") or "unknown")
            relations.append(Relation(kind=kind, side="parent", number=own, date=filed))
    # A parent without its series could not be told from others of its number.
    priorities += enjoyed(relation for relation in relations if "/" in relation["number"])
    if priorities:
        said["priorities"] = list(dict.fromkeys(priorities))
    if relations:
        said["relations"] = relations
    return said


def _citations(sections: Sequence[tuple[str, Fields]]) -> Iterator[Citation]:
    """Cited patents of the US and others, and literature. Who cited them is not told."""
    for name, fields in sections:
        if name == "UREF" and (number := _get(fields, "PNO")):
            yield Citation(number=f"US{number}", text=None)
        elif name == "FREF" and (number := _get(fields, "PNO")):
            country = _get(fields, "CNT") or ""
            country = code_list("country").get(country.lower(), _ABROAD.sub("", country))
            yield Citation(number=f"{country}{number}", text=None)
        elif name == "OREF":
            for tag, value in fields:
                if tag in _TEXT and value.strip():
                    yield Citation(number=None, text=" ".join(value.split()))


# -- texts -------------------------------------------------------------------------------------------


def _lines(sections: Sequence[tuple[str, Fields]], *names: str) -> str | None:
    lines = [
        " ".join(value.split())
        for fields in _of(sections, *names)
        for tag, value in fields
        if tag in _TEXT and value.strip()
    ]
    return "\n".join(lines) or None


def _texts(sections: Sequence[tuple[str, Fields]]) -> Said:
    said = Said()
    if abstract := _lines(sections, "ABST"):
        said["abstract_en"] = abstract
    if description := _lines(sections, "GOVT", "PARN", "BSUM", "DRWD", "DETD"):
        said["description"] = description
    return said


def _claims(sections: Sequence[tuple[str, Fields]]) -> list[Claim]:
    """Claims from NUM to NUM; a design has one without a number."""
    found: list[Claim] = []
    lines: list[str] = []
    number: int | None = None

    def end() -> None:
        if lines:
            text = "\n".join(lines)
            claim = Claim(text=text, language="en", depends_on=depends_on(text, number))
            if number is not None:
                claim["number"] = number
            found.append(claim)
            lines.clear()

    for fields in _of(sections, "CLMS", "DCLM"):
        for tag, value in fields:
            if tag == "NUM":
                end()
                digits = value.strip().rstrip(".")
                number = int(digits) if digits.isdecimal() else None
            elif tag in _TEXT and value.strip():
                lines.append(" ".join(value.split()))
        end()
    return found
