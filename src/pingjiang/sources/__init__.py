"""Outside files become rows of the schema. A format is a spec (`formats/*.yaml`) beside a little code."""

from pingjiang.sources.documents import read_definitions, read_documents
from pingjiang.sources.formats import (
    Format,
    Recognised,
    known_names,
    load_formats,
    parse_format,
    read_format,
    recognise,
    recognise_documents,
)
from pingjiang.sources.listings import read_listing
from pingjiang.sources.reading import Known, SaidRows, read_table
from pingjiang.sources.receipt import FileReceipt
from pingjiang.sources.register import KnownFirms, read_register

__all__ = [
    "FileReceipt",
    "Format",
    "Known",
    "KnownFirms",
    "Recognised",
    "SaidRows",
    "known_names",
    "load_formats",
    "parse_format",
    "read_definitions",
    "read_documents",
    "read_format",
    "read_listing",
    "read_register",
    "read_table",
    "recognise",
    "recognise_documents",
]
