"""What a file is, by its content: the name is never asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from pingjiang.files.encodings import ascii_view
from pingjiang.files.green_book import is_green_book
from pingjiang.files.refusals import refusal

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ARCHIVES: Sequence[tuple[bytes, str]] = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh91AY&SY", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
)
_NOT_TABLES: Sequence[tuple[bytes, str, str]] = (
    (b"%PDF-", "PDF 文档", "a PDF document"),
    (b"\x89PNG\r\n", "图片", "an image"),
    (b"\xff\xd8\xff", "图片", "an image"),
    (b"GIF87a", "图片", "an image"),
    (b"GIF89a", "图片", "an image"),
    (b"II*\x00", "图片", "an image"),
    (b"MM\x00*", "图片", "an image"),
    (b"{\\rtf", "文字文档", "a text document (RTF)"),
    (b"PAR1\x15", "Parquet 数据", "Parquet data"),
    (b"SQLite format 3\x00", "数据库文件", "a database file"),
)
_WEB_PAGE = re.compile(r"<(!doctype\s+html|html|head|body|table|meta|style|script|div)\b|mime-version:")
_MARKUP = re.compile(r"<(\?xml|!doctype|!--|[a-z_][\w.:-]*[\s>/])")
_JSON = re.compile(r'\{\s*"|\[\s*\{')
_TAG_LINE = re.compile(r"[A-Z][A-Z0-9] |   |E[RF]\b|\s*$")
# In an .xls: a stream's first record (BOF), whether it may be written, and how it is encrypted.
_FILEPASS = re.compile(rb"\x09\x08(?:\x10\0.{16}|\x08\0.{8})(?:\x86\0\0\0)?\x2f\0", re.DOTALL)
_SHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"


class Kind(Enum):
    """What this room can open."""

    ZIP = "zip"
    GZIP = "gzip"
    XLS = "xls"
    TAGGED = "tagged"
    TEXT = "text"
    XML = "xml"
    JSON = "json"
    GREEN_BOOK = "green book"


def kind_of(head: bytes, file: str) -> Kind:
    """The kind of a file from its first bytes (64 KiB do). Refuses what can be no table, by what it is."""
    if not head:
        raise refusal("empty", file)
    if head.startswith(_ZIP):
        return Kind.ZIP
    if head.startswith(b"\x1f\x8b"):
        return Kind.GZIP
    if head.startswith(_OLE):
        return Kind.XLS
    for magic, what in _ARCHIVES:
        if head.startswith(magic):
            raise refusal("archive", file, what=what)
    if head[257:262] == b"ustar":
        raise refusal("archive", file, what="tar")
    for magic, what_zh, what in _NOT_TABLES:
        if head.startswith(magic):
            raise refusal("not_a_table", file, what=what, what_zh=what_zh)
    return _text_kind(head, file)


def _text_kind(head: bytes, file: str) -> Kind:
    """Documents, tagged or tabular text; refuses web pages. ASCII is enough to see."""
    text = ascii_view(head).lstrip()
    start = text[:4096].lower()
    if _WEB_PAGE.match(start) or (start.startswith(("<?xml", "<!--")) and "<html" in start):
        raise refusal("web_page", file)
    if start.startswith("<?xml") and _SHEET_XML in start:
        raise refusal("other_sheet", file, what="XML 2003")
    if _MARKUP.match(start):
        return Kind.XML
    if _JSON.match(start):
        return Kind.JSON
    if is_green_book(text):
        return Kind.GREEN_BOOK
    return Kind.TAGGED if _is_tagged(text) else Kind.TEXT


def is_markup(text: str) -> bool:
    """Whether a text (as ASCII) begins as a web page or as XML of any kind."""
    start = text.lstrip()[:4096].lower()
    return _WEB_PAGE.match(start) is not None or _MARKUP.match(start) is not None


def _is_tagged(text: str) -> bool:
    """Web of Science's tagged text: two-letter tags at the line's start, records from PT to ER."""
    if not text.startswith(("FN ", "PT ")):
        return False
    lines = text.splitlines()[:200]
    fitting = sum(_TAG_LINE.match(line) is not None for line in lines)
    return any(line.startswith("PT ") for line in lines) and fitting >= 0.8 * len(lines)


def ole_content(data: bytes, file: str) -> None:
    """Refuse an OLE2 container that holds no readable workbook: encrypted, or a document of another kind.

    Names of streams stand in its directory as UTF-16.
    """
    if _stream(data, "EncryptedPackage") or _FILEPASS.search(data):
        raise refusal("encrypted", file)
    if _stream(data, "Workbook") or _stream(data, "Book"):
        return
    if _stream(data, "WordDocument"):
        raise refusal("not_a_table", file, what="a Word document", what_zh=" Word 文档")
    if _stream(data, "PowerPoint Document"):
        raise refusal("not_a_table", file, what="a presentation", what_zh="演示文稿")
    raise refusal("cut_short", file, detail="OLE2 without a workbook")


def _stream(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") + b"\0\0" in data


def zip_content(names: Sequence[str], file: str) -> bool:
    """Whether a zip is a workbook. Refuses documents that are zips of another kind."""
    present = set(names)
    lower = {name.lower() for name in names}
    if "xl/workbook.xml" in lower:
        return True
    if "xl/workbook.bin" in lower:
        raise refusal("other_sheet", file, what="xlsb")
    if "[Content_Types].xml" in present:
        if any(name.startswith("word/") for name in lower):
            raise refusal("not_a_table", file, what="a Word document", what_zh=" Word 文档")
        if any(name.startswith("ppt/") for name in lower):
            raise refusal("not_a_table", file, what="a presentation", what_zh="演示文稿")
        raise refusal("not_a_table", file, what="an Office document", what_zh=" Office 文档")
    if "mimetype" in present and "content.xml" in present:
        raise refusal("other_sheet", file, what="OpenDocument")
    return False
