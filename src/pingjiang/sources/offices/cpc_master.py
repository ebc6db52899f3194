"""The CPC master classification file of the USPTO: the symbols of each grant or application as they are now."""

from __future__ import annotations

from collections.abc import Iterator

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element
from pingjiang.sources.said import Said


def read(document: RawDocument) -> Iterator[Said]:
    """One record → one row with its numbers and its CPC symbols."""
    root: Element = document.content
    said = Said()
    if number := _text(root, "ApplicationIdentification//{*}ApplicationNumberText"):
        said["application_number"] = f"{_text(root, 'ApplicationIdentification/{*}IPOfficeCode') or 'US'}{number}"
    for part, own, date in (
        ("PatentGrantIdentification", "PatentNumber", "GrantDate"),
        ("PatentPublicationIdentification", "PublicationNumber", "PublicationDate"),
    ):
        if number := _text(root, f"{part}/{{*}}{own}"):
            kind = _text(root, f"{part}/{{*}}PatentDocumentKindCode") or ""
            said["publication_number"] = f"{_text(root, f'{part}/{{*}}IPOfficeCode') or 'US'}{number}{kind}"
            if day := _text(root, f"{part}/{{*}}{date}"):
                said["publication_date"] = day
            break
    if cpc := [symbol for each in root.iter("{*}CPCClassification") if (symbol := _symbol(each))]:
        said["cpc"] = list(dict.fromkeys(cpc))
    yield said


def _text(element: Element, path: str) -> str | None:
    found = element.findtext(f"{{*}}{path}")
    return found.strip() if found and found.strip() else None


def _symbol(element: Element) -> str | None:
    parts = ("CPCSection", "Class", "Subclass", "MainGroup", "Subgroup")
    section, class_, subclass, group, subgroup = (_text(element, part) or "" for part in parts)
    return f"{section}{class_}{subclass}{group}/{subgroup}" if section and group else None
