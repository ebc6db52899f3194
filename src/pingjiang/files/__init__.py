"""Opening what people hand over, safely: spreadsheets, text tables and archives become raw tables of text,
XML, JSON and the Green Book raw documents.

The content of a file decides what it is, never its name. A file that cannot be taken is refused with its
name, the row where one is known, and what to do about it. What readers need to walk through XML is in `xml`,
which loads its library: a workbook is opened without it.
"""

from pingjiang.files.documents import BadDocument, RawDocument, RawDocuments
from pingjiang.files.opening import KnownNames, open_file, sha256_of
from pingjiang.files.table import BadRow, RawBatch, RawTable

__all__ = [
    "BadDocument",
    "BadRow",
    "KnownNames",
    "RawBatch",
    "RawDocument",
    "RawDocuments",
    "RawTable",
    "open_file",
    "sha256_of",
]
