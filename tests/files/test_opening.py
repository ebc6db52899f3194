"""The door: a path becomes tables or a refusal, in bounded memory."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pingjiang.errors import FileDamaged
from pingjiang.files import KnownNames, open_file, sha256_of
from tests.files.made import HEADER, ROWS, known, opened, refused, rows, text_of, zip_of
from tests.files.test_workbook_guard import workbook

MIB = 2**20
TEXT = text_of([HEADER, *ROWS])
NAMES = ",".join(HEADER)


def test_all_tables_of_a_file_are_given_and_nothing_else(tmp_path: Path) -> None:
    made: dict[str, bytes | str] = {"只有表头.csv": NAMES, "a.csv": TEXT, "b.xlsx": workbook("")}
    (tmp_path / "a.zip").write_bytes(zip_of(made))
    tables = opened(tmp_path / "a.zip")
    assert [(table.file, table.sheet) for table in tables] == [("a.zip/a.csv", None), ("a.zip/b.xlsx", "s")]
    assert [[row for _, row in rows(table)] for table in tables] == [ROWS, ROWS]


@pytest.mark.parametrize(
    "content",
    ["", "\n", ",".join(HEADER) + "\n", zip_of({"a.csv": ",".join(HEADER)}), gzip.compress(b"\n")],
    ids=["nothing", "line end", "header", "zip", "gzip"],
)
def test_a_file_without_any_row_is_refused(tmp_path: Path, content: bytes | str) -> None:
    error = refused(tmp_path / "a.csv", content)
    assert isinstance(error, FileDamaged)
    assert "again" in error.remedy


def test_settings_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT, encoding="utf-8")
    assert open_file(path, known=KnownNames(known))
    monkeypatch.setenv("PINGJIANG_MAX_COLUMNS", "2")
    with pytest.raises(FileDamaged, match="more than 2"):
        open_file(path, known=KnownNames(known))


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\0\1" * 100_000)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(b"\0\1" * 100_000).hexdigest()


# -- memory ------------------------------------------------------------------------------------------

_MEASURE = """
import sys
from pathlib import Path
import pyarrow.csv, pyarrow.compute, fastexcel
from pingjiang.errors import InputRefused
from tests.faults.processes import peak_memory
from tests.files.made import opened

before = peak_memory()
found = 0
try:
    for table in opened(Path(sys.argv[1]), max_cell_chars=2**20, max_expansion_ratio=10**6):
        for batch in table.batches():
            found += batch.data.num_rows + len(batch.ragged)
except InputRefused as error:
    found = "refused"
print(found, (peak_memory() - before) // 1024)
"""


def grown(start: str | bytes, more: str | bytes, size: int) -> bytes:
    """A .gz of so many MiB: its second part over and over."""
    first, second = (part.encode() if isinstance(part, str) else part for part in (start, more))
    part = second * (MIB // len(second))
    return gzip.compress(first) + gzip.compress(part, 1) * size


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "make", "found"),
    [
        (500, lambda size: grown(TEXT, text_of(ROWS), size), str(2 + 500 * 2 * (MIB // len(text_of(ROWS).encode())))),
        (200, lambda size: grown(TEXT, "长", size), "refused"),
        (200, lambda size: grown(TEXT + 'CN3A,"', "长", size), "refused"),
        (200, lambda size: grown("FN x\nPT P\n", "AB words\n", size), "refused"),
        (200, lambda size: grown(b"\xff\xfe", b"x\0", size), "refused"),
        (200, lambda size: grown(TEXT, b"\x81\xff", size), "refused"),
        (200, lambda size: workbook(f"<!--{' ' * size * MIB}-->"), "2"),
    ],
    ids=["rows", "line", "cell", "record", "wide line", "no text", "sheet"],
)
def test_memory_does_not_grow_with_what_a_file_holds(
    tmp_path: Path, size: int, make: Callable[[int], bytes], found: str
) -> None:
    path = tmp_path / "a"
    path.write_bytes(make(size))
    command = [sys.executable, "-c", _MEASURE, str(path)]
    output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
    outcome, growth = output.split()
    assert outcome == found
    assert int(growth) < size * 3 // 4  # MiB, and the file holds `size`
