"""The zip of one layout: other programs read it, and no byte of it may be another."""

from __future__ import annotations

import io
import subprocess
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.files import stored
from pingjiang.files.stored import LayoutDiffers, Member

Contents = dict[str, bytes]


def packed(contents: Contents) -> bytes:
    listed = members(contents)
    head = b"".join(stored.header(member) + contents[member.name] for member in listed)
    return head + b"".join(stored.tail(listed))


def members(contents: Contents) -> list[Member]:
    return [Member(name, len(content), zlib.crc32(content)) for name, content in contents.items()]


def read(data: bytes, wanted: list[Member]) -> Contents:
    """All members, the first as one that nothing has told of. (Such a one is never so large as to need zip64.)"""
    stream, found = io.BytesIO(data), {}
    if stored.WIDE_FROM > 10_000:
        first, content = stored.read_first(stream, wanted[0].name, 10_000)
        assert first == wanted[0]
        found[first.name] = content
    for member in wanted[len(found) :]:
        found[member.name] = b"".join(stored.read_member(stream, member))
    stored.read_end(stream, wanted)
    return found


NAMES = st.lists(st.from_regex(r"[a-z]{1,8}/[a-z]{1,8}\.x", fullmatch=True), min_size=1, max_size=6, unique=True)


@given(NAMES, st.data(), st.sampled_from([0xFFFF_FFFF, 40, 0]))
@settings(max_examples=60, deadline=None)
def test_zipfile_reads_what_was_packed_also_in_zip64(names: list[str], data: st.DataObject, wide_from: int) -> None:
    contents = {name: data.draw(st.binary(max_size=100)) for name in names}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "WIDE_FROM", wide_from)
        made = packed(contents)
        assert len(made) == stored.total_size(members(contents))
        assert read(made, members(contents)) == contents
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == contents
        assert [info.filename for info in archive.infolist()] == names


@pytest.mark.parametrize("wide_from", [0xFFFF_FFFF, 10])
def test_unzip_reads_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wide_from: int) -> None:
    monkeypatch.setattr(stored, "WIDE_FROM", wide_from)
    (tmp_path / "a.zip").write_bytes(packed({"manifest.json": b"{}", "data/t/000001.parquet": b"PAR1" * 99}))
    try:
        done = subprocess.run(["unzip", "-t", "a.zip"], cwd=tmp_path, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no unzip here")
    assert (done.returncode, "No errors detected" in done.stdout) == (0, True), done.stdout


def test_many_members_are_counted_in_zip64() -> None:
    contents = {f"m{number}": b"" for number in range(70_000)}
    with zipfile.ZipFile(io.BytesIO(packed(contents))) as archive:
        assert archive.namelist() == list(contents)


CONTENTS = {"first": b"what it holds", "data/a": b"abc" * 20, "data/b": b""}


def test_no_byte_may_be_another_none_missing_and_none_more() -> None:
    made = packed(CONTENTS)
    assert read(made, members(CONTENTS)) == CONTENTS
    for at in range(len(made)):
        with pytest.raises(LayoutDiffers):
            read(made[:at] + bytes([made[at] ^ 1 << at % 8]) + made[at + 1 :], members(CONTENTS))
        with pytest.raises(LayoutDiffers):
            read(made[:at], members(CONTENTS))
    with pytest.raises(LayoutDiffers, match="多余"):
        read(made + b"\0", members(CONTENTS))


def test_a_first_member_that_is_too_large_is_not_read() -> None:
    made = stored.header(Member("first", 2**40, 0))
    with pytest.raises(LayoutDiffers):
        stored.read_first(io.BytesIO(made), "first", 10_000)
