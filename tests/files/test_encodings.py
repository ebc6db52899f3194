"""A text is read in its own encoding, or refused; never read as nonsense."""

from __future__ import annotations

import codecs
import io
import pickle
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.files import encodings
from pingjiang.files.encodings import encoding_of
from pingjiang.files.source import Source, file_source
from tests.files.made import HEADER, SETTINGS, bad, only, reasons, refused, rows, text_of

CHINESE = [["一", "一种一体化电池隔膜及其制备方法", "二〇二〇年"], ["二", "氮化镓高电子迁移率晶体管", "二〇二一年"]]
MIXED = [["CN110000001A", "一种电池隔膜，其厚度≤20μm", "2020-01-02"], ["US1", "Battery separator; 電池", "2021"]]
ENGLISH = [["US1", "A battery separator", "2020-01-02"], ["US2", "An on-chip antenna", "2021-03-04"]]
TABLES = {"chinese": CHINESE, "mixed": MIXED, "english": ENGLISH}
ENCODINGS = {
    "utf-8": (b"", "utf-8"),
    "utf-8 marked": (codecs.BOM_UTF8, "utf-8"),
    "gb18030": (b"", "gb18030"),
    "gb18030 marked": (b"\x84\x31\x95\x33", "gb18030"),
    "utf-16-le": (b"", "utf-16-le"),
    "utf-16-le marked": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "utf-16-be": (b"", "utf-16-be"),
    "utf-16-be marked": (codecs.BOM_UTF16_BE, "utf-16-be"),
    "utf-32-le marked": (codecs.BOM_UTF32_LE, "utf-32-le"),
    "utf-32-be marked": (codecs.BOM_UTF32_BE, "utf-32-be"),
}
WIDE = ["utf-16-le", "utf-16-be"]


def source(path: Path, content: bytes) -> Source:
    path.write_bytes(content)
    return file_source(path, SETTINGS)


@pytest.mark.parametrize("times", [1, 3000], ids=["short", "long"])
@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gives_the_same_rows(tmp_path: Path, encoding: str, name: str, times: int) -> None:
    mark, codec = ENCODINGS[encoding]
    header = HEADER if name != "english" else ["Number", "Title", "Filed"]
    table = only(tmp_path / "a.csv", mark + text_of([header, *TABLES[name] * times]).encode(codec))
    assert list(table.header) == header
    assert [row for _, row in rows(table)] == TABLES[name] * times
    assert not bad(table)


def test_windows_text_keeps_the_bytes_that_its_code_page_leaves_open(tmp_path: Path) -> None:
    table = [["Étude sur l’anode", "Müller"]] * 5
    content = text_of([["Title", "Name"], *table]).encode("cp1252")
    assert [row for _, row in rows(only(tmp_path / "a.csv", content))] == table
    odd = rows(only(tmp_path / "b.csv", content.replace(b"anode", b"an\x81de", 1)))
    assert [row for _, row in odd] == [["Étude sur l’an\x81de", "Müller"], *table[1:]]


WRITTEN = "一种的电池隔膜体制備裝置カソード연마абвéßabcXYZ0123456789 ,;\"'()（），。、《》α≥℃\U00020bb7\U0001f50b\n"
CELL = st.text(alphabet=WRITTEN, max_size=12)


@given(table=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6), codec=st.sampled_from(WIDE))
@settings(max_examples=60, deadline=None)
def test_utf16_without_a_mark_reads_as_utf8_does(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], codec: str
) -> None:
    path = tmp_path_factory.mktemp("wide") / "a.csv"
    text = text_of([HEADER, *(["号" + first, *rest] for first, *rest in table)])
    expected = rows(only(path, text))
    assert rows(only(path, text.encode(codec))) == expected
    assert encoding_of(source(path, text.encode(codec))).codec == codec


@given(
    cells=st.lists(CELL, min_size=1, max_size=30),
    codec=st.sampled_from(["utf-8", "gb18030"]),
    at=st.integers(min_value=0),
    byte_order=st.sampled_from([b"\0", b"\0\n", b"\n\0", b"\0\r\0\n"]),
)
@settings(max_examples=100, deadline=None)
def test_stray_zero_bytes_never_make_other_text_utf16(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], codec: str, at: int, byte_order: bytes
) -> None:
    content = text_of([HEADER, *([cell, "题", "2020"] for cell in cells)]).encode(codec)
    at %= len(content) + 1
    path = tmp_path_factory.mktemp("nul") / "a.csv"
    error = refused(path, content[:at] + byte_order + content[at:])
    zero = at + byte_order.index(b"\0")
    assert error.row == 1 + (content[:at] + byte_order)[:zero].count(b"\n")


@pytest.mark.parametrize(
    "content",
    [
        bytes(100),
        bytes(range(256)) * 50,
        struct.pack("<3000h", *range(-1500, 1500)),
        struct.pack("<500d", *(10 / (at + 1) for at in range(500))),
        b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0>\0\x01\0\0\0" + b"\n\0\x90\x90" * 40,
        pickle.dumps([{"公开号": "CN1A", "标题": at} for at in range(300)]),
        b"".join(struct.pack("<HH10s", at, 10, b"CN%d\n" % at) for at in range(500)),
    ],
    ids=["zeros", "all bytes", "integers", "floats", "program", "pickle", "fixed records"],
)
def test_binary_data_are_refused(tmp_path: Path, content: bytes) -> None:
    refused(tmp_path / "a.csv", content)


@pytest.mark.parametrize("encoding", [name for name in ENCODINGS if name.startswith(("utf-16", "utf-32"))])
@pytest.mark.parametrize("name", TABLES)
def test_a_text_that_ends_inside_a_character_is_refused(tmp_path: Path, encoding: str, name: str) -> None:
    mark, codec = ENCODINGS[encoding]
    content = mark + text_of([HEADER, *TABLES[name]]).encode(codec)
    error = refused(tmp_path / "a.csv", content[:-1])
    assert error.row == 3
    assert f"{codec[:6].upper()} goes by" in error.message
    assert "again" in error.remedy


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_byte_that_does_not_fit_costs_its_row_only(tmp_path: Path, codec: str) -> None:
    content = text_of([HEADER, *MIXED * 200]).encode(codec)
    at = content.index("隔膜".encode(codec), len(content) // 2)
    row = 1 + content[:at].count(b"\n")
    table = only(tmp_path / "a.csv", content[:at] + b"\xff" + content[at + 1 :])
    assert reasons(table) == [(row, "bad_bytes")]
    assert "\ufffd" in bad(table)[0].text
    assert len(rows(table)) == 399


@pytest.mark.parametrize("codec", WIDE)
def test_half_of_a_surrogate_pair_costs_its_row_only(tmp_path: Path, codec: str) -> None:
    content = text_of([HEADER, *CHINESE, ["三", "\ud842", "x"]]).encode(codec, "surrogatepass")
    table = only(tmp_path / "a.csv", content)
    assert reasons(table) == [(4, "bad_bytes")]
    assert [row for _, row in rows(table)] == CHINESE


@pytest.mark.parametrize("codec", ["big5", "shift-jis"])
def test_encodings_that_are_not_known_are_refused_with_the_line(tmp_path: Path, codec: str) -> None:
    title = {"big5": "一種電池隔膜及其製備方法", "shift-jis": "電池セパレータの製造方法"}[codec]
    error = refused(tmp_path / "a.csv", f"number,title\nX1,x\nX2,{title}\n".encode(codec))
    assert error.row == 3
    assert "UTF-8" in error.remedy


def test_zero_characters_in_utf16_are_refused_with_the_line(tmp_path: Path) -> None:
    content = text_of([HEADER, *CHINESE * 5, ["三", "\0", "x"]]).encode("utf-16-le")
    assert refused(tmp_path / "a.csv", content).row == 12


@given(
    text=st.text(alphabet=WRITTEN, min_size=1, max_size=80),
    name=st.sampled_from(list(ENCODINGS)),
    chunk=st.integers(1, 9),
)
@settings(max_examples=60, deadline=None)
def test_the_recoded_stream_is_the_text_however_it_is_cut(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str, chunk: int
) -> None:
    mark, codec = ENCODINGS[name]
    text = "公开号,标题\n电池,半导体\n" + text
    made = source(tmp_path_factory.mktemp("cut") / "a.csv", mark + text.encode(codec))
    found = encoding_of(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "_CHUNK", chunk)
        if mark or codec != "gb18030":  # to tell GB18030 takes more than a few bytes
            assert encoding_of(made) == found
        with io.BufferedReader(found.open_utf8(made), 7) as stream:  # type: ignore[type-var]
            assert stream.read().decode() == text
    with found.open_text(made) as characters:
        assert characters.read() == text
