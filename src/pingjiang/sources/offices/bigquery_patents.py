"""Rows of Google's public table of publications, as an export of BigQuery writes them.

Integers come as numbers or as texts, a day that is not known as 0, a text that is not known as "". Numbers are DOCDB's,
joined by hyphens. Of a citation `category` is who brought it in and `type` how relevant it is, by the table's schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pingjiang.files import RawDocument
from pingjiang.schema.codes import code_list
from pingjiang.sources.offices.claims import split_text, tell_claims, told_claims
from pingjiang.sources.offices.records import Record, entries, text, texts
from pingjiang.sources.offices.telling import language, tell, tell_text
from pingjiang.sources.offices.us import relation_kind
from pingjiang.sources.said import Citation, Party, Relation, Said, day

# Kinds of application that are one type of right each; "A" may be a plant patent or a reissue.
_TYPES = {"U": "utility_model", "F": "design"}


def read(document: RawDocument) -> Iterator[Said]:
    """One row → one row."""
    row: Record = document.content
    said = Said()
    tell(said, "publication_number", _publication(row))
    tell(said, "application_number", _application(row) or _formatted(row))
    for field in ("publication_date", "filing_date", "grant_date", "priority_date"):
        tell(said, field, _day(row.get(field)))
    tell(said, "patent_type", _TYPES.get(text(row.get("application_kind")) or ""))
    priorities = entries(row.get("priority_claim"))
    tell(said, "priorities", [told for each in priorities if (told := _priority(each))])
    if not priorities and said.get("priority_date") == said.get("filing_date"):
        said.pop("priority_date", None)  # the table writes the day of filing where no priority is claimed
    _tell_texts(said, row)
    tell(said, "applicants", _parties(row, "assignee"))
    tell(said, "applicants_standardised", _names(row, "assignee_harmonized"))
    tell(said, "inventors", _parties(row, "inventor"))
    for field in ("ipc", "cpc", "uspc", "locarno"):
        tell(said, field, list(dict.fromkeys(code for each in entries(row.get(field)) if (code := _code(each)))))
    tell(said, "citations", list(_citations(row)))
    tell(said, "relations", list(_relations(row, said.get("publication_number", ""))))
    yield said


# -- numbers, days -----------------------------------------------------------------------------------


def _publication(told: Record) -> str | None:
    """US-7650331-B1 as US7650331B1."""
    return (text(told.get("publication_number")) or "").replace("-", "") or None


def _application(told: Record) -> str | None:
    """DOCDB's form with dots, by which identifiers know it."""
    return (text(told.get("application_number")) or "").replace("-", ".") or None


def _formatted(row: Record) -> str | None:
    """The office's own form, which may lack the office."""
    number = text(row.get("application_number_formatted"))
    if number is None or number[:2].isalpha():
        return number
    return f"{text(row.get('country_code')) or ''}{number}"


def _day(value: Any) -> str | None:
    told = text(value)
    return None if told is None or not told.strip("0") else told


def _priority(told: Record) -> str | None:
    number = _application(told)
    return f"{number} {_day(told.get('filing_date')) or ''}".rstrip() if number else None


# -- texts, parties, classes -------------------------------------------------------------------------


def _tell_texts(said: Said, row: Record) -> None:
    for field in ("title", "abstract"):
        localised = entries(row.get(f"{field}_localized"))
        tell_text(said, field, ((_language(each), text(each.get("text"))) for each in localised))
    claims = entries(row.get("claims_localized"))
    tell_claims(said, [told_claims(split_text(text(each.get("text")) or ""), _language(each)) for each in claims])
    descriptions = (text(each.get("text")) for each in entries(row.get("description_localized")))
    tell(said, "description", next((each for each in descriptions if each), None))


def _language(told: Record) -> str | None:
    return language(text(told.get("language")))


def _names(row: Record, field: str) -> list[str]:
    return [name for each in entries(row.get(field)) if (name := text(each.get("name")))]


def _parties(row: Record, field: str) -> list[Party]:
    """Names as printed, with the countries of the harmonised ones: by place, or by name where one list is longer."""
    printed = texts(row.get(field))
    harmonised = [each for each in entries(row.get(f"{field}_harmonized")) if text(each.get("name"))]
    countries = [text(each.get("country_code")) for each in harmonised]
    if not printed:
        printed = _names(row, f"{field}_harmonized")
    if len(printed) == len(harmonised):
        return [Party(name=name, country=at) for name, at in zip(printed, countries, strict=True)]
    by_name = {(text(each.get("name")) or "").casefold(): at for each, at in zip(harmonised, countries, strict=True)}
    return [Party(name=name, country=by_name.get(name.casefold())) for name in printed]


def _code(told: Record) -> str | None:
    return text(told.get("code")) or text(told.get("text"))


# -- citations, relations ----------------------------------------------------------------------------


def _citations(row: Record) -> Iterator[Citation]:
    origins = code_list("citation_origin")
    for each in entries(row.get("citation")):
        number, cited = _publication(each), text(each.get("npl_text"))
        if number is None and (applied := text(each.get("application_number"))):
            cited = f"{applied} (application number)"  # a number that no publication bears
        if number or cited:
            yield Citation(
                number=number,
                text=None if number else cited,
                category=text(each.get("type")),
                origin=origins.get((text(each.get("category")) or "").lower()),
            )


def _relations(row: Record, own: str) -> Iterator[Relation]:
    """Parents and children as the table tells them, and the international application of a national one."""
    for side in ("parent", "child"):
        for each in entries(row.get(side)):
            if number := _application(each):
                kind = relation_kind(text(each.get("type")) or text(each.get("category")) or "unknown")
                yield Relation(kind=kind, side=side, number=number, date=day(_day(each.get("filing_date"))))
    international = text(row.get("pct_number"))
    if international and own and not own.startswith("WO"):
        yield Relation(kind="national_stage", side="parent", number=international, date=None)
