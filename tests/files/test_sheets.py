"""Workbooks are read in a process of their own: what ends it ends nothing else."""

from __future__ import annotations

import errno
import os
import shlex
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

from pingjiang.errors import InputRefused
from pingjiang.files import sheets
from pingjiang.files.sheets import sheet_reader
from pingjiang.files.workbook_guard import Extent
from tests.files.made import HEADER, ROWS, only, refused, rows, xls_of
from tests.files.test_workbook_guard import cell, workbook

FAR: dict[tuple[int, int], str | float] = {(65_535, 255): 1.0, **{(0, at): name for at, name in enumerate(HEADER)}}
MIB = 2**20


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these files ask for has no end: no need to let them have much of it first."""
    monkeypatch.setattr(sheets, "_BASE_MEMORY", 512 * MIB)
    monkeypatch.setattr(sheets, "_CELL_MEMORY", 0)


def test_this_much_memory_is_enough_to_read(tmp_path: Path) -> None:
    assert [row for _, row in rows(only(tmp_path / "a", workbook("")))] == ROWS
    assert [row[0] for _, row in rows(only(tmp_path / "b", xls_of({"s": {(0, 0): "公开号", (1, 0): "CN1A"}})))] == [
        "CN1A"
    ]


def test_sheets_that_reach_far_each_are_refused_together(tmp_path: Path) -> None:
    error = refused(tmp_path / "a.xls", xls_of({f"s{at}": FAR for at in range(40)}))
    assert "memory" in error.message
    assert ".xlsx" in error.remedy


def test_an_xls_with_a_cell_beyond_all_columns_is_refused(tmp_path: Path) -> None:
    assert "memory" in refused(tmp_path / "a.xls", xls_of({"s": {**FAR, (65_535, 65_535): 1.0}})).message


@pytest.mark.parametrize("start", [0, 100], ids=["stream", "directory"])
def test_an_xls_whose_sectors_go_in_a_circle_is_refused(tmp_path: Path, start: int) -> None:
    content = bytearray(xls_of({"s": FAR}))
    [directory] = struct.unpack_from("<I", content, 48)
    [table] = struct.unpack_from("<I", content, 76)
    sector = directory if start else 0
    struct.pack_into("<I", content, (table + 1) * 512 + 4 * sector, sector)
    refused(tmp_path / "a.xls", bytes(content))


@pytest.mark.parametrize("place", ['r="xfd1048576"', 'r = "XFD1048576"', 'r="XFD0001048576"', "\nr='XFD1048576'"])
def test_a_far_cell_that_is_written_oddly_is_refused_nevertheless(tmp_path: Path, place: str) -> None:
    odd = cell(9, 9).replace('r="I9"', place)
    assert "memory" in refused(tmp_path / "a.xlsx", workbook(f'<row r="9">{odd}</row>')).message


def test_one_long_text_in_very_many_cells_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:  # which keeps a text once, however many cells have it
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for row in range(1, 20_000):
            sheet.write_string(row, 1, "长" * 30_000)
    assert (tmp_path / "a.xlsx").stat().st_size < MIB
    assert "memory" in refused(tmp_path / "a.xlsx").message


def test_the_memory_of_this_process_stays_as_it_was(tmp_path: Path) -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    before = resident()
    refused(tmp_path / "a.xls", xls_of({f"s{at}": FAR for at in range(40)}))
    assert resident() - before < 64 * MIB


def test_a_reader_that_is_never_asked_ends_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(""))
    with sheet_reader("a.xlsx", tmp_path / "a.xlsx") as reader:
        child = reader._child
        assert child.poll() is None
    assert child.poll() is not None


def test_sheets_come_with_their_row_numbers_and_without_empty_rows(tmp_path: Path) -> None:
    path = tmp_path / "名 字.xlsx"
    path.write_bytes(workbook(f'<row r="9">{cell(9, 2, " 题 ")}</row>'))
    with sheet_reader(path.name, path) as reader:
        [(name, cells, numbers)] = reader.sheets(Extent(cells=100, size=1000))
    assert name == "s"
    assert numbers.to_pylist() == [1, 2, 3, 9]
    assert cells.column_names == ["c0", "c1", "c2"]
    assert cells.column("c1").to_pylist()[-1] == "题"


def test_a_reader_killed_from_outside_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(""))
    with pytest.raises(InputRefused) as caught, sheet_reader(path.name, path.read_bytes()) as reader:
        reader._child.kill()
        reader._child.wait()
        list(reader.sheets(Extent(cells=1, size=1)))
    assert "broke off" in caught.value.message


def test_no_room_for_the_cells_is_no_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(""))
    full = "pingjiang.files.sheets.tempfile.TemporaryFile"
    monkeypatch.setattr(full, lambda **_: Path("/dev/full").open("r+b", buffering=0))  # noqa: SIM115
    with pytest.raises(OSError, match="No space left") as caught, sheet_reader(path.name, path) as reader:
        list(reader.sheets(Extent(cells=100, size=1000)))
    assert caught.value.errno == errno.ENOSPC


def test_a_limit_of_this_process_holds_for_the_reader_too(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(""))
    code = (
        "from pathlib import Path; from pingjiang.files import KnownNames, open_file; "
        f"print(len(open_file(Path({str(path)!r}), known=KnownNames(len))))"
    )
    done = subprocess.run(
        ["bash", "-c", f"ulimit -v 8000000; exec {sys.executable} -c {shlex.quote(code)}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("1\n", "")
