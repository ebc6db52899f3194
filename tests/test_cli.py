"""The contract of the commands: JSON shapes, exit codes, refusals with file, row, column and remedy."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pingjiang.engine import Lake
from tests.made import INCOPAT, incopat_file, incopat_row, write_csv


def pingjiang(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, without a terminal."""
    command = [sys.executable, "-c", "from pingjiang.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"})


def answer(*arguments: str | Path) -> Any:
    done = pingjiang(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    incopat_file(folder / "a.csv", 40)
    answer("import", folder / "a.csv", "--lake", folder / "lake")
    answer("build", "--lake", folder / "lake")
    return folder


def test_import_answers_with_receipts_and_a_release(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [*INCOPAT, "神秘列"], [[*incopat_row(1), "x"], [*incopat_row(1), "y"]])
    told = answer("import", path, "--lake", tmp_path / "lake")
    [file] = told["files"]
    expected = {"path", "format", "rows_read", "accepted", "merged", "rejected", "publications_written", "reasons",
                "unknown_columns"}  # fmt: skip
    assert expected <= set(file)
    assert (file["format"], file["rows_read"], file["accepted"], file["merged"]) == ("incopat", 2, 1, 1)
    assert file["unknown_columns"] == ["神秘列"]
    assert told["release"] == Lake(tmp_path / "lake").require_current().id


def test_indicators_answer_with_unit_period_and_cut_off(built: Path) -> None:
    told = answer("indicators", "--lake", built / "lake", "--name", "filings_by_year")
    assert told["release"].startswith("R")
    units = {entry["unit"] for entry in told["indicators"]}
    assert units == {"publication", "application", "simple_family"}
    for entry in told["indicators"]:
        assert {"name", "unit", "period", "cutoff", "rows"} <= set(entry)
        assert entry["cutoff"] == "2020-03-17"
        assert sum(row["value"] for row in entry["rows"]) == 40


def test_all_indicators_are_there(built: Path) -> None:
    told = answer("indicators", "--lake", built / "lake")
    names = {entry["name"] for entry in told["indicators"]}
    assert {"filings_by_year", "grants_by_year", "growth_by_year", "cagr", "top_organisations", "concentration",
            "new_entrants_by_year", "countries", "cities", "country_node", "node_year", "co_applicants", "claim_counts",
            "grant_lag", "node_counts"} <= names  # fmt: skip


def test_atlas_writes_one_page_and_one_workbook(built: Path) -> None:
    told = answer("atlas", "--lake", built / "lake", "--out", built / "out")
    assert Path(told["html"]).stat().st_size > 100_000
    assert zipfile.is_zipfile(told["xlsx"])


def test_a_mistyped_indicator_is_refused_by_name(built: Path) -> None:
    done = pingjiang("indicators", "--lake", built / "lake", "--name", "filings_by_yaer")
    assert done.returncode == 2
    assert "filings_by_yaer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("header_only.csv", ",".join(INCOPAT).encode()),
        ("unknown.csv", b"foo,bar\n1,2\n"),
        ("page.xls", b"<html><body><table><tr><td>x</td></tr></table></body></html>"),
        ("encrypted.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
         + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000),
        ("report.pdf", b"%PDF-1.7\n1 0 obj\n"),
        ("nul.csv", b"\0" * 500),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_exit_two_and_the_lake_as_before(tmp_path: Path, name: str, content: bytes) -> None:
    lake = tmp_path / "lake"
    good = incopat_file(tmp_path / "good.csv", 3)
    before = answer("import", good, "--lake", lake)["release"]
    bad = tmp_path / name
    bad.write_bytes(content)
    done = pingjiang("import", bad, "--lake", lake)
    assert done.returncode == 2, done.stderr
    assert name in done.stderr
    assert "Remedy" in done.stderr
    assert "Traceback" not in done.stderr
    assert Lake(lake).require_current().id == before


def test_a_truncated_workbook_is_refused(tmp_path: Path, samples: Path) -> None:
    content = (samples / "cn_exports" / "ai" / "incopat_openai_73.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(content[: len(content) // 2])
    done = pingjiang("import", tmp_path / "cut.xlsx", "--lake", tmp_path / "lake", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["file"] == "cut.xlsx"
    assert error["remedy"]


def test_a_format_of_the_users_own(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "mine.csv", ["Nr", "Wann", "Wer", "Was"], [["EP1820402B1", "23.08.2007", "Firma A/Firma B", "Pizza"]]
    )
    (tmp_path / "mine.yaml").write_text(
        "name: my_register\ntitle: {zh: 我的登记簿, en: my register}\nfields:\n"
        "  publication_number: [Nr]\n  publication_date: [Wann]\n  applicants: [Wer]\n  title: [Was]\n",
        encoding="utf-8",
    )
    told = answer("import", tmp_path / "mine.csv", "--lake", tmp_path / "lake", "--format", tmp_path / "mine.yaml")
    assert told["files"][0]["format"] == "my_register"
    assert told["files"][0]["accepted"] == 1
    (tmp_path / "mine.yaml").write_text("name: my_register\nfeilds: {}\n", encoding="utf-8")
    done = pingjiang("import", tmp_path / "mine.csv", "--lake", tmp_path / "l2", "--format", tmp_path / "mine.yaml")
    assert done.returncode == 2
    assert "feilds" in done.stderr


def test_headers_alone_are_enough_where_they_are_plain(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", ["Publication No.", "Title", "Filing Date", "Applicant(s)"],
                     [["EP1820402B1", "Pizza", "2005-03-01", "A; B"]])  # fmt: skip
    [file] = answer("import", path, "--lake", tmp_path / "lake")["files"]
    assert (file["format"], file["accepted"], file["unknown_columns"]) == ("generic", 1, [])


def test_numbers_are_read_on_the_command_line() -> None:
    told = answer("number", "CN 109462287 A", "US-11355780-B2")
    assert [each["id"] for each in told] == ["CN109462287A", "US11355780B2"]
    assert pingjiang("number", "2.01E+12").returncode == 2


def test_no_lake_no_option_no_traceback(tmp_path: Path) -> None:
    for arguments in (["import", str(tmp_path / "x.csv")], ["build", "--lake", str(tmp_path / "none")], ["nonsense"]):
        done = pingjiang(*arguments)
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr


def test_whatever_goes_wrong_json_says_so_and_no_trace_is_shown(tmp_path: Path, built: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("x")
    no_dates = write_csv(tmp_path / "n.csv", ["公开号", "标题", "申请人"], [["CN112345601A", "题", "甲"]])
    answer("import", no_dates, "--lake", tmp_path / "undated")
    answer("build", "--lake", tmp_path / "undated")
    cases: list[tuple[int, list[str | Path]]] = [
        (2, ["import", no_dates, "--lake", tmp_path / "other"]),
        (2, ["import", no_dates, "--lake", tmp_path / "file"]),
        (2, ["releases", "--lake", tmp_path / "file"]),
        (2, ["indicators", "--lake", built / "lake", "--name", "nonsense"]),
        (1, ["build", "--lake", tmp_path / "none"]),
        (1, ["atlas", "--lake", built / "lake", "--out", tmp_path / "file"]),
        (1, ["atlas", "--lake", tmp_path / "undated", "--out", tmp_path / "out"]),
        (2, ["import", "--lake", tmp_path / "none"]),
    ]
    for code, arguments in cases:
        done = pingjiang(*arguments, "--json")
        assert done.returncode == code, (arguments, done.stderr)
        error = json.loads(done.stdout)["error"]
        assert error["message"], arguments
        assert set(error) == {"kind", "message", "file", "row", "column", "remedy"}, arguments
        assert "Traceback" not in done.stderr
        assert "SELECT" not in done.stderr.upper(), arguments
    assert not (tmp_path / "none").exists()
    assert (tmp_path / "other" / "mine.txt").read_text() == "mine"


def test_a_refused_file_leaves_no_rejects_of_the_files_before_it(tmp_path: Path) -> None:
    torn = write_csv(
        tmp_path / "torn.csv", ["公开号", "标题", "申请人"], [["CN112345601A", "题", "甲"], ["2.01E+12", "题", "甲"]]
    )
    (tmp_path / "bad.xls").write_bytes(b"<html></html>")
    assert pingjiang("import", torn, tmp_path / "bad.xls", "--lake", tmp_path / "lake").returncode == 2
    assert not (tmp_path / "lake").exists()
    assert pingjiang("import", torn, "--lake", tmp_path / "lake").returncode == 0
    assert len(list((tmp_path / "lake" / "rejects").iterdir())) == 1


def test_file_names_of_any_kind(tmp_path: Path) -> None:
    for name in (b"\xb5\xbc\xb3\xf6.csv", ("长" * 80 + ".csv").encode()):
        path = Path(os.fsdecode(bytes(tmp_path) + b"/" + name))
        write_csv(path, ["公开号", "标题", "申请人"], [["CN112345601A", "题", "甲"], ["2.01E+12", "题", "甲"]])
        done = pingjiang("import", path, "--lake", tmp_path / f"lake{len(name)}", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["files"][0]["accepted"] == 1


@pytest.mark.parametrize("after", [0.2, 0.6, 1.2])
def test_ctrl_c_says_one_line_and_leaves_the_lake(tmp_path: Path, after: float) -> None:
    source = incopat_file(tmp_path / "a.csv", 20_000)
    command = [sys.executable, "-m", "pingjiang", "import", str(source), "--lake", str(tmp_path / "lake")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    # Python itself may still be starting: then it is not ours to answer.
    assert process.returncode in (130, 0, -signal.SIGINT), said
    if process.returncode == 130:
        assert "interrupted" in said
        assert "Traceback" not in said
    assert answer("import", source, "--lake", tmp_path / "lake")["files"][0]["rows_read"] == 20_000
