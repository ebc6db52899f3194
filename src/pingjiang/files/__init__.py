"""Opening what people hand over, safely: spreadsheets, text tables and archives become raw tables of text.

The content of a file decides what it is, never its name. A file that cannot be taken is refused with its
name, the row where one is known, and what to do about it.
"""

from pingjiang.files.opening import open_tables, sha256_of
from pingjiang.files.table import BadRow, RawBatch, RawTable

__all__ = ["BadRow", "RawBatch", "RawTable", "open_tables", "sha256_of"]
