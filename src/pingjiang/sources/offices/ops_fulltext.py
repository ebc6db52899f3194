"""Full texts as OPS tells them: claims, or the description, of one publication, in one language or several."""

from __future__ import annotations

from collections.abc import Iterator

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element, lines_of
from pingjiang.sources.offices import exchange
from pingjiang.sources.offices.claims import split_claims, tell_claims, told_claims
from pingjiang.sources.offices.telling import tell, words
from pingjiang.sources.said import Claim, Said

_BLOCKS = frozenset({"p", "heading"})


def read(document: RawDocument) -> Iterator[Said]:
    """One <fulltext-document> → one row. Of descriptions in several languages the first is told."""
    root: Element = document.content
    said = Said()
    ids = exchange.document_ids(root.iterfind("{*}bibliographic-data/{*}publication-reference"))
    tell(said, "publication_number", exchange.publication_number(ids))
    tell(said, "publication_date", exchange.date_of(ids))
    tell_claims(said, [_claims(each) for each in root.iterfind("{*}claims")])
    tell(said, "description", lines_of(root.find("{*}description"), _BLOCKS))
    yield said


def _claims(element: Element) -> list[Claim]:
    """The claims of one language. OPS prints all of them in one <claim>, each <claim-text> a claim or a part of it."""
    texts = (words(text) for text in element.iterfind("{*}claim/{*}claim-text"))
    return told_claims(split_claims(text for text in texts if text), (element.get("lang") or "").lower() or None)
