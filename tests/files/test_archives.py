"""Zip archives: their members one by one, and what must not be in them."""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pingjiang.errors import FormatUnknown
from tests.files.made import HEADER, ROWS, opened, refused, rows, text_of, xls_of, zip_of

TEXT = text_of([HEADER, *ROWS])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.zip"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def files(path: Path, content: bytes) -> list[str]:
    """Names of the tables of a zip. Each has the made rows."""
    path.write_bytes(content)
    tables = opened(path)
    assert all([row for _, row in rows(table)] == ROWS for table in tables)
    return [table.file for table in tables]


def field(content: bytes, *, local: int, central: int, form: str, value: int) -> bytes:
    """A zip of one member with another value in its headers, at these offsets of the two."""
    changed = bytearray(content)
    struct.pack_into(form, changed, local, value)
    struct.pack_into(form, changed, content.index(b"PK\1\2") + central, value)
    return bytes(changed)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_one_member_is_a_table(path: Path, method: int) -> None:
    assert files(path, zip_of({"a.csv": TEXT}, method)) == ["a.zip/a.csv"]


def test_several_members_come_in_their_order_without_what_systems_put_in(path: Path) -> None:
    xls = xls_of(
        {"页": {(row, column): cell for row, cells in enumerate([HEADER, *ROWS]) for column, cell in enumerate(cells)}}
    )
    made: dict[str, bytes | str] = {
        "b.csv": TEXT,
        "__MACOSX/._b.csv": b"\0\5\x16\7",
        "folder/": b"",
        "folder/.DS_Store": b"\0\0\0\1Bud1",
        "folder/a.tsv": TEXT.replace(",", "\t").encode("gb18030"),
        "Thumbs.db": b"x",
        "c.xlsx": workbook(),
        "d.xls": xls,
    }
    assert files(path, zip_of(made)) == ["a.zip/b.csv", "a.zip/folder/a.tsv", "a.zip/c.xlsx", "a.zip/d.xls"]


def test_names_in_gbk_without_a_flag_are_read(path: Path) -> None:
    content = zip_of({"AAAA.csv": TEXT}).replace(b"AAAA", "专利".encode("gbk"))
    assert files(path, content) == ["a.zip/专利.csv"]
    assert files(path, zip_of({"专利.csv": TEXT})) == ["a.zip/专利.csv"]


@pytest.mark.parametrize(
    "name", ["../a.csv", "/etc/a.csv", "b/../../a.csv", "..\\a.csv", "\\\\host\\a.csv", "C:\\a.csv", "c:a.csv", "b/.."]
)
def test_names_that_point_outside_are_refused(path: Path, name: str) -> None:
    error = refused(path, zip_of({"b.csv": TEXT, name: TEXT}))
    assert repr(name) in error.message
    assert "Do not use" in error.remedy


def test_links_are_refused(path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("a.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "outside" in refused(path, stream.getvalue()).message


@pytest.mark.parametrize("inner", [zip_of({"a.csv": TEXT}), gzip.compress(TEXT.encode())], ids=["zip", "gzip"])
def test_an_archive_in_an_archive_is_refused(path: Path, inner: bytes) -> None:
    error = refused(path, zip_of({"b.csv": TEXT, "inner": inner}))
    assert error.file == "a.zip/inner"
    assert "Unpack" in error.remedy


def test_a_password_is_named_with_the_member(path: Path) -> None:
    error = refused(path, field(zip_of({"a.csv": TEXT}), local=6, central=8, form="<H", value=1))
    assert error.file == "a.zip/a.csv"
    assert "password" in error.remedy


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_methods_are_refused_sound_or_damaged(path: Path, method: int) -> None:
    content = zip_of({"a.csv": TEXT}, method)
    assert f"method {method}" in refused(path, content).message
    refused(path, content[:60] + b"\xff" * 8 + content[68:])


@pytest.mark.parametrize("cut", [5, 30, 100, -1, -22, -30])
def test_a_cut_zip_is_refused(path: Path, cut: int) -> None:
    assert "cut short" in refused(path, zip_of({"a.csv": TEXT})[:cut]).message


@pytest.mark.parametrize(
    ("local", "central", "form", "value"),
    [
        (22, 24, "<I", 5),  # smaller than it is
        (14, 16, "<I", 1),  # another checksum
        (26, 42, "<I", 2**24),  # elsewhere
        (8, 10, "<H", 0),  # not packed
        (26, 28, "<H", 0),  # without a name
    ],
)
def test_headers_that_lie_are_found_out(path: Path, local: int, central: int, form: str, value: int) -> None:
    content = zip_of({"a.csv": TEXT})
    assert "damaged" in refused(path, field(content, local=local, central=central, form=form, value=value)).message


def test_a_name_that_is_no_utf8_though_it_says_so_is_refused(path: Path) -> None:
    content = zip_of({"专利.csv": TEXT})
    name = "专利".encode()
    for damaged in (content.replace(name, b"\xff" * 6), content.replace(name, b"\xff" * 6, 1)):
        assert "damaged" in refused(path, damaged).message


@pytest.mark.parametrize("made", [{}, {"folder/": b""}, {"__MACOSX/a": b"x"}])
def test_an_archive_without_files_is_refused(path: Path, made: dict[str, bytes]) -> None:
    assert isinstance(refused(path, zip_of(made)), FormatUnknown)


def test_a_member_that_is_no_table_is_named(path: Path) -> None:
    assert refused(path, zip_of({"a.csv": TEXT, "b/说明.pdf": b"%PDF-1.7"})).file == "a.zip/b/说明.pdf"


def test_too_many_members_are_refused(path: Path) -> None:
    assert "1001" in refused(path, zip_of({f"{at}.csv": "a" for at in range(1001)}, zipfile.ZIP_STORED)).message


def test_members_that_lie_one_in_another_are_counted_once(path: Path) -> None:
    # Each of 300 entries of the list names the same packed bytes. Alone they grow a hundredfold: that is allowed.
    packed = zip_of({"a.csv": random.Random(1).randbytes(1400).hex() + "x,y\n" * 2**16})
    assert len(packed) > 2000
    start = packed.index(b"PK\1\2")
    entry, end = packed[start : packed.index(b"PK\5\6")], bytearray(packed[packed.index(b"PK\5\6") :])
    struct.pack_into("<HHI", end, 8, 300, 300, 300 * len(entry))
    error = refused(path, packed[:start] + entry * 300 + bytes(end))
    assert "bomb" in error.message
    assert "PINGJIANG_MAX_EXPANSION_RATIO" in error.remedy
