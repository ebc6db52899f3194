"""What a file is, is seen by its content; its name is never asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingjiang.errors import InputRefused
from pingjiang.files.kinds import Kind, kind_of, zip_content
from tests.files.made import HEADER, ROWS, ole_of, only, refused, rows, text_of, xls_of, zip_of

PAGE = "<html xmlns:x='urn:schemas-microsoft-com:office:excel'>\r\n<table><tr><td>公开号</td></tr></table>"
TABLE = text_of([HEADER, *ROWS])


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.gz", "a.zip", "a.pdf", "a", "平江.CSV"])
def test_the_name_of_a_file_means_nothing(tmp_path: Path, name: str) -> None:
    assert [row for _, row in rows(only(tmp_path / name, TABLE))] == ROWS


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"GIF89a", "image"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"SQLite format 3\0", "database"),
        (b"Rar!\x1a\x07\x01\0", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd", "Zstandard"),
        (b"a.csv".ljust(257, b"\0") + b"ustar\x0000", "tar"),
        (b'<?xml version="1.0"?>\n<patents/>', "root element patents"),
        (b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML 2003"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C"><html>', "web page"),
        (b"<!-- saved --><html>", "web page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web page"),
        (ole_of("WordDocument", b""), "Word"),
        (ole_of("PowerPoint Document", b""), "presentation"),
        (ole_of("EncryptedPackage", b""), "password"),
        (ole_of("Contents", b""), "OLE2 without a workbook"),
        (zip_of({"[Content_Types].xml": "", "word/document.xml": ""}), "Word"),
        (zip_of({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "presentation"),
        (zip_of({"[Content_Types].xml": "", "visio/document.xml": ""}), "Office document"),
        (zip_of({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "xlsb"),
        (zip_of({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}), "OpenDocument"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    assert what in refused(tmp_path / "a.xlsx", content).message


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_web_page_named_xls_is_refused_in_every_encoding(tmp_path: Path, codec: str) -> None:
    error = refused(tmp_path / "a.xls", PAGE.encode(codec))
    assert "web page" in error.message
    assert ".xlsx" in error.remedy


def test_two_characters_that_are_brackets_in_utf16_are_no_json(tmp_path: Path) -> None:
    title = "筛选条件"
    content = (title + "\r\n" + TABLE).encode("utf-16-le")
    assert content.startswith(b"[{")
    table = only(tmp_path / "a.csv", content)
    assert table.preamble == ((title,),)
    assert [row for _, row in rows(table)] == ROWS


def test_tagged_text_is_told_from_a_table_that_begins_alike() -> None:
    assert kind_of(b"FN Clarivate\nVR 1.0\nPT P\nPN US1-A\nER\n", "a") is Kind.TAGGED
    assert kind_of(b"\xef\xbb\xbfPT P\r\nPN US1-A\r\n   US2-A\r\nER\r\n", "a") is Kind.TAGGED
    assert kind_of(b"PT number,title\n" + b"CN1A,some words\n" * 9, "a") is Kind.TEXT


def test_a_workbook_is_known_by_its_parts() -> None:
    assert kind_of(xls_of({"s": {(0, 0): "x"}}), "a") is Kind.XLS
    assert zip_content(["[Content_Types].xml", "xl/workbook.xml"], "a")
    assert zip_content(["XL/Workbook.xml"], "a")
    assert not zip_content(["a.csv", "word/notes.txt"], "a")
    with pytest.raises(InputRefused):
        zip_content(["[Content_Types].xml", "xl/workbook.bin"], "a")
