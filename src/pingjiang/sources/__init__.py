"""Outside files become rows of the schema. A format is a spec (`formats/*.yaml`) beside a little code."""

from pingjiang.sources.formats import Format, Recognised, load_formats, read_format, recognise
from pingjiang.sources.reading import Known, SaidRows, read_table
from pingjiang.sources.receipt import FileReceipt

__all__ = [
    "FileReceipt",
    "Format",
    "Known",
    "Recognised",
    "SaidRows",
    "load_formats",
    "read_format",
    "read_table",
    "recognise",
]
