"""Where bytes come from: plain files and .gz, metered."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pingjiang.files import source as source_module
from tests.files.made import HEADER, ROWS, ole_of, only, refused, rows, text_of, zip_of

TEXT = text_of([HEADER, *ROWS]).encode()
MIB = 2**20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.csv.gz"


def lines(size: int) -> bytes:
    """A text table of about `size` bytes that packs a thousandfold."""
    return TEXT + TEXT.splitlines(keepends=True)[1] * (size // 50)


def test_what_is_missing_or_no_file_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "missing.csv").message
    (tmp_path / "folder.csv").mkdir()
    assert "not a file" in refused(tmp_path / "folder.csv").message


def test_a_gz_is_seen_through_under_its_own_name(path: Path) -> None:
    table = only(path, gzip.compress(TEXT))
    assert table.file == "a.csv.gz"
    assert [row for _, row in rows(table)] == ROWS


def test_a_gz_of_several_parts_is_one_text(path: Path) -> None:
    content = gzip.compress(TEXT[:20]) + gzip.compress(TEXT[20:]) + bytes(512)  # tapes pad with zeros
    assert [row for _, row in rows(only(path, content))] == ROWS


@pytest.mark.parametrize("cut", [3, 11, 40, -9, -1])
def test_a_cut_gz_is_refused(path: Path, cut: int) -> None:
    assert "cut short" in refused(path, gzip.compress(TEXT)[:cut]).message


def test_a_gz_cut_far_behind_its_header_is_refused_too(path: Path) -> None:
    content = gzip.compress(b"".join(b"CN%dA,%d,2020\r\n" % (at, at * at) for at in range(50_000)))
    assert "cut short" in refused(path, content[: len(content) // 2]).message


@pytest.mark.parametrize("damage", ["checksum", "data", "behind"])
def test_a_damaged_gz_is_refused(path: Path, damage: str) -> None:
    content = gzip.compress(TEXT)
    changed = {
        "checksum": content[:-8] + bytes(8),
        "data": content[:30] + b"\xff" * 20 + content[50:],
        "behind": content + b"no gzip",
    }
    assert "damaged" in refused(path, changed[damage]).message


@pytest.mark.parametrize(
    ("inner", "what"),
    [
        (gzip.compress(TEXT), "archive inside"),
        (zip_of({"a": TEXT}), "archive inside"),
        (b"", "empty"),
        (b"%PDF-", "PDF"),
    ],
    ids=["gz", "zip", "empty", "PDF"],  # a packed file has its time in it: the name of a test must not
)
def test_what_a_gz_holds_is_judged_like_any_file(path: Path, inner: bytes, what: str) -> None:
    assert what in refused(path, gzip.compress(inner)).message


@pytest.mark.parametrize(
    "packed", [gzip.compress(lines(3 * MIB)), zip_of({"a.csv": lines(3 * MIB)})], ids=["gz", "zip"]
)
def test_growth_beyond_the_limit_is_refused_with_the_setting(path: Path, packed: bytes) -> None:
    assert only(path, packed, max_expanded_bytes=4 * MIB).header
    error = refused(path, packed, max_expanded_bytes=2 * MIB)
    assert str(2 * MIB) in error.message
    assert "PINGJIANG_MAX_EXPANDED_BYTES" in error.remedy


@pytest.mark.parametrize(
    "packed", [gzip.compress(lines(3 * MIB)), zip_of({"a.csv": lines(3 * MIB)})], ids=["gz", "zip"]
)
def test_growth_manyfold_is_refused_unless_it_is_small(
    path: Path, packed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert only(path, packed).header
    monkeypatch.setattr(source_module, "_ALWAYS_ALLOWED", MIB)
    assert "bomb" in refused(path, packed).message
    assert only(path, packed, max_expansion_ratio=2000).header


def test_a_workbook_that_only_grows_in_memory_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "_MOST_AT_ONCE", 2 * MIB)
    content = ole_of("Workbook", bytes(3 * MIB))
    error = refused(path, gzip.compress(content))
    assert str(2 * MIB) in error.message
    assert ".xlsx" in error.remedy
