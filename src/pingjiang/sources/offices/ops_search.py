"""A page of what a search of OPS found: numbers of publications, or whole exchange documents where asked for."""

from __future__ import annotations

from collections.abc import Iterator

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element
from pingjiang.sources.offices import exchange
from pingjiang.sources.said import Said


def read(document: RawDocument) -> Iterator[Said]:
    """One <search-result> → a row for each publication of the page."""
    page: Element = document.content
    for reference in page.iterfind("{*}publication-reference"):
        if number := exchange.publication_number(exchange.document_ids([reference])):
            yield Said(publication_number=number)
    for whole in page.iter("{*}exchange-document"):
        yield exchange.said_of(whole)
