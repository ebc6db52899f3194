"""What is handed in to be kept: known by its content, refused where it is a bomb, a trap or another thing."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.config import Settings
from pingjiang.errors import InputRefused
from pingjiang.files import uploads

LIMITS = replace(Settings.from_environment({}), max_expanded_bytes=200 * 2**20)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"IEND\xaeB`\x82"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(members: dict[str, bytes], **more: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content, **more)
    return out.getvalue()


def word(extra: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (extra or {}).items():
            packed.writestr(name, content)
    return out.getvalue()


def sheet() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "甲")
    return out.getvalue()


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def inspected(tmp_path: Path, content: bytes, name: str = "f", allowed: Any = tuple(uploads.KINDS)) -> str:
    path = tmp_path / "upload.part"
    path.write_bytes(content)
    return uploads.inspect(path, name, allowed=allowed, settings=LIMITS).name


TAKEN: dict[str, tuple[bytes, str]] = {
    "pdf": (PDF, "pdf"),
    "png": (PNG, "png"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"\0" * 20, "jpeg"),
    "docx": (word(), "docx"),
    "xlsx": (sheet(), "xlsx"),
    "pptx": (zipped({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"}), "pptx"),
    "ofd": (zipped({"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<d/>"}), "ofd"),
    "doc": (OLE + wide("WordDocument"), "doc"),
    "xls": (OLE + wide("Workbook"), "xls"),
    "ppt": (OLE + wide("PowerPoint Document"), "ppt"),
    "utf-8": ("甲，乙\n一，二\n".encode(), "text"),
    "gb18030": ("苏州市知识产权局关于征集项目的通知".encode("gb18030"), "text"),
    "utf-16": ("甲乙丙丁".encode("utf-16"), "text"),
    "zip": (zipped({"说明.txt": "说明".encode(), "证明/一.pdf": PDF, "表.xlsx": sheet(), "空.txt": b""}), "zip"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_content_says_what_it_is_whatever_its_name(tmp_path: Path, case: str) -> None:
    content, kind = TAKEN[case]
    assert inspected(tmp_path, content, "a.exe") == kind == inspected(tmp_path, content, "a.pdf")
    with pytest.raises(InputRefused, match="is not taken here"):
        inspected(tmp_path, content, "a.pdf", set(uploads.KINDS) - {kind})


BOMB = b"\0" * (90 * 2**20)
BILLION_LAUGHS = b'<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><w/>'
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "program": (b"MZ\x90\0" + b"\0" * 50, "Windows program"),
    "elf": (b"\x7fELF" + b"\0" * 50, "a program"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "a script"),
    "page": (b"<!DOCTYPE html><script>alert(1)</script>", "web page or XML"),
    "page after blanks": ("\ufeff \n<html>".encode(), "web page or XML"),
    "drawing": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "web page or XML"),
    "xml": (b'<?xml version="1.0"?><a/>', "web page or XML"),
    "rar": (b"Rar!\x1a\x07\x01\0", "RAR"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "7z"),
    "gzip": (b"\x1f\x8b\x08\0", "gzip"),
    "bytes": (bytes(range(256)) * 4, "does not say what kind"),
    "bomb": (zipped({"a.txt": BOMB}), "grows more than"),
    "bomb in a sheet": (word({"word/media/x.bin": BOMB}), "grows more than"),
    "laughs": (word({"word/evil.xml": BILLION_LAUGHS}), "declares a document type"),
    "laughs, wide": (word({"word/evil.xml": BILLION_LAUGHS.decode().encode("utf-16")}), "declares a document type"),
    "macros": (word({"word/vbaProject.bin": b"x"}), "macros"),
    "old macros": (OLE + wide("WordDocument") + wide("_VBA_PROJECT"), "macros"),
    "encrypted": (OLE + wide("EncryptedPackage"), "password"),
    "other ole": (OLE, "does not say what kind"),
    "outside": (zipped({"../../etc/passwd": b"x"}), "points outside"),
    "outside, from a document": (word({"/etc/passwd": b"x"}), "points outside"),
    "archive in an archive": (zipped({"in.zip": zipped({"a.txt": b"x"})}), "not taken here"),
    "program in an archive": (zipped({"a.txt": b"MZ\x90\0" + b"\0" * 50}), "Windows program"),
    "bomb in a document in an archive": (zipped({"a.docx": word({"x.bin": BOMB})}), "grows more than"),
    "many": (zipped({f"{n}.txt": b"x" for n in range(1001)}), "1001 members"),
    "cut pdf": (PDF[:-8], "cut short"),
    "cut document": (word()[:-200], "cut short"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_why(tmp_path: Path, case: str) -> None:
    content, says = REFUSED[case]
    with pytest.raises(InputRefused, match=says) as caught:
        inspected(tmp_path, content, "申报书.docx")
    assert "申报书.docx" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["upload.part"]


def test_a_declared_size_that_lies_is_found(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"x" * 5000}))
    at = content.rfind(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(InputRefused):
        inspected(tmp_path, bytes(content))


@settings(max_examples=60, deadline=None)
@given(
    which=st.sampled_from(sorted(TAKEN)), cut=st.integers(0, 2000), flips=st.lists(st.integers(0, 10**6), max_size=4)
)
def test_damage_is_an_answer_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, which: str, cut: int, flips: list[int]
) -> None:
    content = bytearray(TAKEN[which][0])
    content = content[: len(content) - cut] or content
    for at in flips:
        content[at % len(content)] ^= 0x41
    try:
        assert inspected(tmp_path_factory.mktemp("u"), bytes(content)) in uploads.KINDS
    except InputRefused as refused:
        assert refused.remedy
