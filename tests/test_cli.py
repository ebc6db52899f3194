"""The contract of the commands: JSON shapes, exit codes, refusals with file, row, column and remedy."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingjiang.cli.frame import cell_text
from pingjiang.engine import Lake
from pingjiang.errors import INTERRUPTED
from tests.commands import pingjiang
from tests.made import INCOPAT, incopat_file, incopat_row, write_csv


def begun(*arguments: str | Path, before: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process that loads it, in which `before` runs first."""
    command = [sys.executable, "-c", f"{before}\nfrom pingjiang.__main__ import main\nmain()", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "200", **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)


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
    assert units == {"publication", "application", "simple_family", "extended_family"}
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
    assert [each["id"] for each in told["numbers"]] == ["CN109462287A", "US11355780B2"]
    done = pingjiang("number", "2.01E+12", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout) == {"numbers": [{"text": "2.01E+12", "error": "spreadsheet_number"}]}


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
    answer("import", no_dates, "--lake", tmp_path / "only_imported")
    answer("build", "--lake", tmp_path / "undated")
    (tmp_path / "empty").mkdir()
    cases: list[tuple[int, list[str | Path]]] = [
        (2, ["import", no_dates, "--lake", tmp_path / "other"]),
        (2, ["import", no_dates, "--lake", tmp_path / "file"]),
        *((2, [command, "--lake", tmp_path / "file"]) for command in ("releases", "build", "indicators")),
        *((2, [command, "--lake", tmp_path / "none"]) for command in ("releases", "build", "indicators")),
        *((2, [command, "--lake", tmp_path / "other"]) for command in ("releases", "build", "indicators")),
        *((1, [command, "--lake", tmp_path / "empty"]) for command in ("releases", "build", "indicators")),
        (2, ["indicators", "--lake", built / "lake", "--name", "nonsense"]),
        (1, ["atlas", "--lake", tmp_path / "only_imported", "--out", tmp_path / "out"]),
        (1, ["atlas", "--lake", built / "lake", "--out", tmp_path / "file"]),
        (1, ["atlas", "--lake", tmp_path / "undated", "--out", tmp_path / "out"]),
        (2, ["import", "--lake", tmp_path / "none"]),
    ]
    for code, arguments in cases:
        done = pingjiang(*arguments, "--json")
        assert done.returncode == code, (arguments, done.stderr)
        error = json.loads(done.stdout)["error"]
        assert all(re.search(words, error["message"]) for words in ("[一-鿿]{2}", "[a-z]{3}")), arguments
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
    assert process.returncode in (130, 0, -signal.SIGINT) or "Fatal Python error: init" in said, said
    if process.returncode == 130:
        assert said.splitlines() == [" ".join(INTERRUPTED)]
    assert answer("import", source, "--lake", tmp_path / "lake")["files"][0]["rows_read"] == 20_000


INTERRUPTS = {
    "while modules are loaded": """
import os, signal, sys
class Hook:
    def find_spec(self, name, *_):
        if name == "pyarrow":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Hook())
""",
    "inside a query": """
import os, signal, threading
from pingjiang import pipeline
from pingjiang.engine import Session
def slow(*_, **__):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with Session(threads=1) as session:
        session.rows("select sum(hash(a.range + b.range)) from range(10000000) a, range(10000000) b")
pipeline.indicators = slow
""",
    "and a library makes another error of it": """
import os, signal
from pingjiang import pipeline
def slow(*_, **__):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        raise RuntimeError("Query interrupted")
pipeline.indicators = slow
""",
}


@pytest.mark.parametrize("where", INTERRUPTS)
def test_ctrl_c_is_one_line_wherever_it_comes(tmp_path: Path, where: str) -> None:
    done = begun("indicators", "--lake", tmp_path, "--json", before=INTERRUPTS[where])
    assert done.returncode == 130
    assert done.stderr.splitlines() == [" ".join(INTERRUPTED)]
    error = json.loads(done.stdout)["error"]
    assert set(error) == {"kind", "message", "file", "row", "column", "remedy"}
    assert (error["kind"], error["message"]) == ("Interrupted", " ".join(INTERRUPTED))


FAULTS = {
    "KeyError": "raise KeyError('sources')",
    "RuntimeError": "raise RuntimeError('std::bad_cast\\nmore of it')",
    "QueryFailed": "from pingjiang.errors import QueryFailed as Q; raise Q('Binder Error: x\\nLINE 1', 'select x')",
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_one_line_and_its_trace_is_kept(tmp_path: Path, kind: str) -> None:
    before = (
        f"from pingjiang import pipeline\ndef broken(*_, **__):\n    {FAULTS[kind]}\npipeline.indicators = broken\n"
    )
    done = begun("indicators", "--lake", tmp_path, "--json", before=before, TMPDIR=str(tmp_path))
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == kind
    assert error["message"] in line
    [trace] = tmp_path.glob("pingjiang-trace-*.txt")
    assert str(trace) in error["remedy"]
    assert "Traceback" in trace.read_text(encoding="utf-8")
    assert ("select x" in trace.read_text(encoding="utf-8")) == (kind == "QueryFailed")


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("Offset overflow error: 2171177416", r"更多分区.*more partitions.*without --engine"),
        ("Out of Memory Error: x", r"PINGJIANG_MEMORY_LIMIT.*PINGJIANG_MEMORY_LIMIT"),
        ("IO Error: No space left on device", r"磁盘空间.*Make room"),
    ],
)
def test_what_an_engine_has_too_little_of_is_told_with_a_remedy(tmp_path: Path, said: str, remedy: str) -> None:
    before = (
        "from pingjiang import pipeline\nfrom pingjiang.errors import QueryFailed as Q\n"
        f"def broken(*_, **__):\n    raise Q({said!r}, 'select x')\npipeline.indicators = broken\n"
    )
    done = begun("indicators", "--lake", tmp_path, "--json", before=before, TMPDIR=str(tmp_path))
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "QueryFailed" and said in error["message"]
    assert re.search(remedy, error["remedy"])
    assert not list(tmp_path.glob("pingjiang-trace-*")), "no fault of the program"


def test_what_the_system_refuses_is_told_with_path_and_remedy(tmp_path: Path, built: Path) -> None:
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        done = pingjiang("atlas", "--lake", built / "lake", "--out", out, "--json")
        assert done.returncode == 1
        error = json.loads(done.stdout)["error"]
        assert (error["kind"], error["file"]) == ("NotADirectoryError", str(tmp_path / "file"))
        assert "请另指一个目录" in error["remedy"] and "name another folder" in error["remedy"]
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("as_json", [True, False])
def test_a_full_disk_is_told_as_such(tmp_path: Path, as_json: bool) -> None:
    before = (
        "import errno, os\nfrom pingjiang import pipeline\n"
        "def full(*_, **__):\n    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))\npipeline.indicators = full\n"
    )
    done = begun("indicators", "--lake", tmp_path, *["--json"][:as_json], before=before)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "腾出磁盘空间" in line and "Make room" in line
    assert not as_json or json.loads(done.stdout)["error"]["message"] in line
    if Path("/dev/full").exists():
        code = f"{sys.executable} -m pingjiang formats > /dev/full"
        done = subprocess.run(["bash", "-c", code], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (1, line + "\n")


REFUSED: list[tuple[str, list[str]]] = [
    ("number", ["number"]),
    ("lake", ["build"]),
    ("option", ["build", "--lak", "x"]),
    ("command", ["nonsense"]),
    ("format", ["import", "x.csv", "--lake", "l", "--format", "nix"]),
    ("chain", ["build", "--lake", "l", "--chain", "nix"]),
    ("empty name of a folder", ["import", "x.csv", "--lake", ""]),
    ("name of a folder that is no text", ["import", "x.csv", "--lake", os.fsdecode(b"\xb5\xbc")]),
    ("file", ["import", "no-such.csv", "--lake", "l"]),
]


@pytest.mark.parametrize(("what", "arguments"), REFUSED, ids=[each[0] for each in REFUSED])
def test_refusals_are_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = pingjiang(*arguments, "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    for text in (error["message"], error["remedy"]):
        assert re.search("[一-鿿]{2}", text) and re.search("[a-z]{3}", text), text
    [line] = done.stderr.splitlines()
    assert line.startswith("退回 Refused: ") and "办法 Remedy: " in line
    assert list(tmp_path.iterdir()) == []


def test_a_setting_that_is_nonsense_is_refused(tmp_path: Path) -> None:
    for name, value in (
        ("KEEP_RELEASES", "none"),
        ("MEMORY_LIMIT", "8XB"),
        ("MEMORY_LIMIT", "1MB"),
        ("TEMP_DIR", "/no"),
    ):
        done = pingjiang("releases", "--lake", tmp_path, "--json", **{f"PINGJIANG_{name}": value})
        assert done.returncode == 2
        error = json.loads(done.stdout)["error"]
        assert f"PINGJIANG_{name}='{value}'" in error["message"] and "环境变量" in error["message"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("title_zh: 图\nsynthetic: maybe\n", 2, "'synthetic'"),
        ("title_zh: [1]\n", 1, "'title_zh'"),
        ("title: x\n", 1, "'title_zh'"),
        ("- a\n", 1, "key: value"),
    ],
)
def test_what_is_told_about_an_atlas_is_checked(tmp_path: Path, built: Path, text: str, line: int, says: str) -> None:
    about = tmp_path / "about.yaml"
    about.write_text(text, encoding="utf-8")
    done = pingjiang("atlas", "--lake", built / "lake", "--out", tmp_path / "out", "--about", about, "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert (error["file"], error["row"]) == (str(about), line)
    assert says in error["message"] + error["remedy"]


@pytest.mark.slow
def test_an_atlas_says_that_more_was_imported_since(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    answer("import", incopat_file(tmp_path / "a.csv", 12), "--lake", lake)
    built = answer("build", "--lake", lake)["release"]
    (tmp_path / "about.yaml").write_text("title_zh: 试\nsynthetic: true\nbias_en:\n", encoding="utf-8")
    command: list[str | Path] = [
        "atlas",
        "--lake",
        lake,
        "--out",
        tmp_path / "out",
        "--about",
        tmp_path / "about.yaml",
        "--json",
    ]
    done = pingjiang(*command)
    assert (json.loads(done.stdout)["stale"], done.stderr) == (False, "")
    assert "Not built again" not in _method(tmp_path / "out" / "atlas.xlsx")
    answer("import", incopat_file(tmp_path / "b.csv", 15), "--lake", lake)
    done = pingjiang(*command)
    told = json.loads(done.stdout)
    assert (told["stale"], told["release"]) == (True, built)
    assert f"数字仍属 {built}" in done.stderr and "more was imported since" in done.stderr
    assert "Not built again" in _method(tmp_path / "out" / "atlas.xlsx")


def _method(book: Path) -> str:
    return str(list(openpyxl.load_workbook(book)["说明 Method"].iter_rows(values_only=True)))


def test_what_reads_the_output_may_leave(tmp_path: Path) -> None:
    code = f"{sys.executable} -m pingjiang formats | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True)
    assert (done.returncode in (0, 1), done.stderr) == (True, "")


def test_a_terminal_that_knows_no_chinese_gets_codes(tmp_path: Path) -> None:
    for arguments in (["formats"], ["formats", "--json"], ["build"]):
        done = pingjiang(*arguments, PYTHONIOENCODING="ascii")
        assert "Traceback" not in done.stderr and "UnicodeEncodeError" not in done.stderr
    told = json.loads(pingjiang("formats", "--json", PYTHONIOENCODING="ascii").stdout)
    assert any("专利" in each["zh"] for each in told["formats"])


def test_a_table_for_reading_rounds_what_json_has_in_full() -> None:
    assert [cell_text(cell) for cell in (20.900000000000002, 1 / 3, 12.0, 1_234_567, None)] == [
        "20.9", "0.3333", "12.0", "1234567", ""
    ]  # fmt: skip


def test_what_is_imported_into_a_built_lake_is_found_and_says_what_lags(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    answer("import", incopat_file(tmp_path / "a.csv", 5), "--lake", lake)
    refused = pingjiang("find", "CN110000001A", "--lake", lake)
    assert refused.returncode == 1 and "Run `pingjiang build" in refused.stderr
    built = answer("build", "--lake", lake)["release"]
    done = pingjiang("import", incopat_file(tmp_path / "b.csv", 9), "--lake", lake)
    assert f"仍属 {built}" in done.stdout and "publications and applications are counted" in done.stdout
    updated = answer("releases", "--lake", lake)["releases"][0]
    assert (updated["built"], updated["updated"]) == (built, updated["release"])
    found = pingjiang("find", "CN110000009A", "CN119999999A", "--lake", lake)
    assert found.returncode == 0
    for words in ("CN110000009A  2020-03-17  一种半导体器件9", "incopat:b.csv:10", "not in this lake", built):
        assert words in found.stdout, found.stdout
    refused = pingjiang("find", "甲", "CN110000009A", "--lake", lake, "--json")
    told = json.loads(refused.stdout)
    assert refused.returncode == 2 and told["numbers"][0]["error"] and told["numbers"][1]["publications"]
    assert (told["updated"], told["lagging"]["chain"]) == (updated["release"], built)
    counts = [
        sum(row["value"] for row in answer("indicators", "--lake", lake, "--name", "filings_by_year", *more)
            ["indicators"][0]["rows"])
        for more in ((), ("--release", built))
    ]  # fmt: skip
    assert counts == [9, 5]
    gone = pingjiang("indicators", "--lake", lake, "--release", "R2020.01-99", "--json")
    assert gone.returncode == 1 and "holds no release" in gone.stderr


def test_a_chain_is_checked_measured_and_compared(built: Path) -> None:
    lake = built / "lake"
    outline, newer = built / "outline.xlsx", built / "newer.yaml"
    assert answer("chain", "check", "biomedicine")["compared"] is None
    assert pingjiang("chain", "outline", "export", "semiconductors", outline).returncode == 0
    assert pingjiang("chain", "outline", "import", outline, newer).returncode == 0
    same = answer("chain", "check", newer, "--lake", lake)
    assert (same["compared"]["version"], same["added"], same["removed"], same["ruled"]) == ("1.0", [], [], [])
    assert answer("chain", "diff", newer, "--lake", lake)["moved"] == 0
    covered = answer("chain", "coverage", "--lake", lake)
    assert covered["unit"] == "publication"
    assert [row["level"] for row in covered["levels"]] == [1, 2, 3, None]
    refused = pingjiang("chain", "diff", "biomedicine", "--lake", lake, "--json")
    assert refused.returncode != 0
    assert "--old" in refused.stdout + refused.stderr


def test_a_national_table_is_shown_in_both_modes(built: Path) -> None:
    table = built / "made_2021.json"
    rule = {"ipc": ["H01L*"], "not_ipc": [], "keyword_limited": True}
    table.write_text(json.dumps([{"code": "1.1", "name": "甲", "rules": [rule]}]), encoding="utf-8")
    told = answer("chain", "coverage", "--lake", built / "lake", "--chain", table)
    [assigned, limited] = [told["modes"][mode] for mode in ("symbol", "strict")]
    placed = assigned["levels"][-1]["assigned"]
    assert (told["rules"], told["limited"], assigned["candidates"]) == (1, 1, 0)
    assert (limited["levels"][-1]["assigned"], limited["candidates"]) == (0, placed)
    assert placed > 0
    shown = pingjiang("chain", "coverage", "--lake", built / "lake", "--chain", table).stdout
    assert "symbol" in shown and "strict" in shown
