"""The contract of `export` and `package` on the command line; kills and full disks."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingjiang.exchange.keys import Keys
from tests.commands import pingjiang
from tests.exchange.conftest import Office

PUBLICATION = "CN110000003A"


def answer(*arguments: str | Path, keys: Path, code: int = 0) -> Any:
    done = pingjiang(*arguments, "--json", PINGJIANG_KEYS=str(keys))
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", ["xlsx", "jsonl", "parquet", "package"])
def test_export_in_every_form(office: Office, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"out.{kind}"
    told = answer("export", "--lake", office.lake.folder, "--as", kind, "--out", out, keys=tmp_path / "keys")
    assert (told["path"], told["kind"], told["rows"]["publication"]) == (str(out), kind, 40)
    assert out.exists() and sorted(path.name for path in tmp_path.iterdir()) in ([out.name], ["keys", out.name])


def test_an_export_that_is_there_is_replaced_when_told_so(office: Office, tmp_path: Path) -> None:
    command: list[str | Path] = ["export", "--lake", office.lake.folder, "--as", "jsonl", "--out", tmp_path / "out"]
    answer(*command, keys=tmp_path)
    assert "--overwrite" in answer(*command, keys=tmp_path, code=2)["error"]["remedy"]
    told = answer(*command, "--table", "publication", "--overwrite", keys=tmp_path)
    assert told["rows"] == {"publication": 40}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"publication.jsonl", "schema.json"}


def test_from_one_installation_to_another(office: Office, tmp_path: Path) -> None:
    """The walk of docs/exchange.md: the sender's key is compared and trusted, the package verified and taken."""
    here, there, package = office.keys.folder, tmp_path / "there", office.package
    own = answer("package", "key", keys=here)
    refused = answer("package", "verify", package, keys=there, code=2)["error"]
    assert refused["kind"] == "SenderUnknown" and own["fingerprint"] in refused["message"]
    assert own["key"] in refused["remedy"] and refused["file"] == str(package)
    assert answer("package", "import", package, "--lake", tmp_path / "lake", keys=there, code=2)["error"]
    assert not (tmp_path / "lake").exists()
    printed = pingjiang("package", "key", PINGJIANG_KEYS=str(here)).stdout
    (tmp_path / "key.txt").write_text(printed, encoding="utf-8")
    assert answer("package", "trust", tmp_path / "key.txt", "--name", "市局", keys=there)["trusted"] is True
    good = answer("package", "verify", package, keys=there)
    assert (good["good"], good["sender"], good["rows"]["publication"]) == (True, "市局", 40)
    told = answer("package", "import", package, "--lake", tmp_path / "lake", keys=there)
    assert (told["built"], told["already_imported"]) == (True, False)
    assert answer("package", "import", package, "--lake", tmp_path / "lake", keys=there)["already_imported"] is True
    mine, theirs = (
        answer("indicators", "--lake", lake, keys=there) for lake in (tmp_path / "lake", office.lake.folder)
    )
    assert mine["indicators"] == theirs["indicators"]
    assert answer("package", "distrust", own["fingerprint"], keys=there)["trusted"] is False
    assert answer("package", "verify", package, keys=there, code=2)["error"]["kind"] == "SenderUnknown"


def test_tampering_is_refused_with_exit_two(office: Office, tmp_path: Path) -> None:
    data = office.package.read_bytes()
    (tmp_path / "a.pjz").write_bytes(data[: len(data) // 2] + b"\xa5" + data[len(data) // 2 + 1 :])
    error = answer("package", "verify", tmp_path / "a.pjz", keys=office.keys.folder, code=2)["error"]
    assert (error["kind"], error["file"]) == ("PackageRefused", str(tmp_path / "a.pjz"))
    done = pingjiang("package", "verify", tmp_path / "a.pjz", PINGJIANG_KEYS=str(office.keys.folder))
    assert done.returncode == 2 and done.stdout == "" and "Refused" in done.stderr


@pytest.mark.slow
def test_what_people_read(office: Office, tmp_path: Path) -> None:
    keys = str(office.keys.folder)
    for arguments in (
        ["package", "verify", office.package],
        ["package", "import", office.package, "--lake", tmp_path / "lake"],
        ["package", "key"],
        ["package", "trust", Keys(tmp_path / "k").own().text, "--name", "[bold]名"],
        [
            "export",
            "--lake",
            office.lake.folder,
            "--as",
            "jsonl",
            "--out",
            tmp_path / "o",
            "--publication",
            "CN110000003A",
        ],
    ):
        done = pingjiang(*arguments, PINGJIANG_KEYS=keys)
        assert done.returncode == 0 and done.stderr == "", done.stderr
    assert "[bold]名" in pingjiang("package", "key", PINGJIANG_KEYS=keys).stdout
    assert pingjiang("export", "--lake", office.lake.folder, "--as", "csv", "--out", tmp_path / "x").returncode == 2


KILLED = """
import os, signal
from pingjiang.documents import target
target._sync = lambda path: os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("kind", ["xlsx", "jsonl", "package"])
def test_a_killed_export_leaves_nothing_under_the_final_name(office: Office, tmp_path: Path, kind: str) -> None:
    """Killed when all is written and only the renaming is left: the worst moment there is."""
    command: list[str | Path] = ["export", "--lake", office.lake.folder, "--as", kind, "--out", tmp_path / "out"]
    done = pingjiang(*command, before=KILLED, PINGJIANG_KEYS=str(office.keys.folder))
    assert done.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    done = pingjiang(*command, PINGJIANG_KEYS=str(office.keys.folder))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["out"], "what was left behind is tidied"
    if kind == "xlsx":
        with (tmp_path / "out").open("rb") as file:
            assert openpyxl.load_workbook(file, read_only=True)["publication"].max_row == 41


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))
"""


@pytest.mark.parametrize("kind", ["xlsx", "jsonl", "parquet", "package"])
def test_a_disk_that_takes_no_more_is_told_and_nothing_is_left(office: Office, tmp_path: Path, kind: str) -> None:
    """The system refuses to write on: no file may grow beyond 4,000 bytes."""
    command: list[str | Path] = [
        "export",
        "--lake",
        office.lake.folder,
        "--as",
        kind,
        "--out",
        tmp_path / "out",
        "--json",
    ]
    done = pingjiang(*command, before=FULL, PINGJIANG_KEYS=str(office.keys.folder))
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["error"]["kind"] == "OSError" and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_more_leaves_the_lake(office: Office, tmp_path: Path) -> None:
    command: list[str | Path] = ["package", "import", office.package, "--lake", tmp_path / "lake", "--json"]
    done = pingjiang(*command, before=FULL, PINGJIANG_KEYS=str(office.keys.folder))
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["error"]["kind"] == "LakeError"
    assert not (tmp_path / "lake").exists()
