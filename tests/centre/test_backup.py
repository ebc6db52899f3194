"""A whole site into one file and back: while it is in use, and with every way in which the file can be wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile  # an independent reader
import zlib
from pathlib import Path
from typing import Any

import pytest

from pingjiang.centre import backup
from pingjiang.engine import Lake, Session
from pingjiang.errors import FileDamaged, InputRefused
from pingjiang.files import stored
from tests.centre.sites import ROOT, SERVER, database_of, sql, surroundings

pytestmark = pytest.mark.xdist_group("backup")  # one worker makes the site that all of them copy


def pingjiang(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pingjiang", *arguments],
        env=surroundings(folder), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip


def write(folder: Path, count: int) -> None:
    """Open and move cases."""
    subprocess.run(
        [sys.executable, "-m", "tests.centre.writer", str(count)],
        env=surroundings(folder), capture_output=True, cwd=ROOT, check=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with people, cases and events, an upload and a lake of two releases."""
    folder = tmp_path_factory.mktemp("site") / "site"
    write(folder, 4)
    (folder / "uploads" / "ab").mkdir(parents=True)
    (folder / "uploads" / "ab" / "abcd").write_bytes(os.urandom(3 * 2**20))
    lake = Lake(folder / "lakes" / "centre-1")
    for value in (1, 2):
        with Session() as session, lake.draft() as draft:
            draft.add("thing", session.sql(f"SELECT {value} AS value"))
            draft.publish()
    return folder


@pytest.fixture(scope="module")
def packed(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    file = tmp_path_factory.mktemp("backup") / "b.pj"
    done = pingjiang(made, "backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    database_of(tmp_path / "site", template=made)
    return Path(shutil.copytree(made, tmp_path / "site"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("site.sqlite3") and path.suffix != ".lock"
    }


def test_there_and_back(site: Path, packed: Path, tmp_path: Path) -> None:
    before = json.loads(pingjiang(site, "audit", "verify", "--json").stdout)
    other = tmp_path / "other" / "site"
    restored = pingjiang(other, "restore", str(packed), "--json")
    assert restored.returncode == 0, restored.stderr
    assert json.loads(pingjiang(other, "audit", "verify", "--known", before["head"], "--json").stdout) == before
    assert contents(other) == contents(site)
    current = Lake(other / "lakes" / "centre-1").require_current()
    current.verify()
    assert not [path for path in site.parent.iterdir() if path.name.startswith(".backup-")]


@pytest.mark.slow
def test_a_site_in_use(site: Path, tmp_path: Path) -> None:
    """A writer of cases and a writer of releases go on while backups are taken: each one is whole."""
    stop = threading.Event()
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.centre.writer", "1000000"],
        env=surroundings(site),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip

    def publish() -> None:
        lake, value = Lake(site / "lakes" / "centre-1", keep=1), 10
        while not stop.is_set():
            value += 1
            with Session() as session, lake.draft() as draft:
                draft.add("thing", session.sql(f"SELECT {value} AS value"))
                draft.publish()

    publishing = threading.Thread(target=publish)
    publishing.start()
    seen = []
    try:
        for n in range(3):
            done = pingjiang(site, "backup", str(tmp_path / f"{n}.pj"))
            assert done.returncode == 0, done.stderr
    finally:
        stop.set()
        publishing.join()
        writer.kill()
        writer.wait()
    for n in range(3):
        other = tmp_path / f"other{n}" / "site"
        restored = pingjiang(other, "restore", str(tmp_path / f"{n}.pj"), "--json")
        assert restored.returncode == 0, restored.stderr
        seen.append(json.loads(pingjiang(other, "audit", "verify", "--json").stdout)["events"])
        Lake(other / "lakes" / "centre-1").require_current().verify()
    assert seen == sorted(seen) and seen[-1] > 8, seen


@pytest.mark.slow
def test_a_site_that_is_there_is_not_replaced_unasked(site: Path, packed: Path, tmp_path: Path) -> None:
    file = shutil.copyfile(packed, tmp_path / "b.pj")
    assert pingjiang(site, "backup", str(file)).returncode == 2
    write(site, 2)
    before = contents(site)
    refused = pingjiang(site, "restore", str(file))
    assert refused.returncode == 2 and "--overwrite" in refused.stderr
    assert contents(site) == before
    assert pingjiang(site, "restore", str(file), "--overwrite").returncode == 0
    assert json.loads(pingjiang(site, "audit", "verify", "--json").stdout)["events"] == 8
    assert contents(site.with_name("site.old")) == before


def test_a_running_site_is_not_replaced(site: Path, packed: Path) -> None:
    code = (
        "import sys, pathlib; from pingjiang.centre import commands; commands.ready();"
        "from pingjiang.centre.backup import in_use\n"
        "with in_use(pathlib.Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(site)],
        env=surroundings(site), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        refused = pingjiang(site, "restore", str(packed), "--overwrite")
        assert refused.returncode == 2 and "停止网站" in refused.stderr
        holder.communicate("")


@pytest.mark.django_db
@pytest.mark.parametrize("where", [0.0, 0.001, 0.3, 0.9, 0.9999])
def test_a_byte_that_changed_is_found_and_the_site_stays(
    site: Path, packed: Path, tmp_path: Path, where: float, settings: Any
) -> None:
    content = bytearray(packed.read_bytes())
    content[int(where * len(content))] ^= 0x20
    file = tmp_path / "b.pj"
    file.write_bytes(content)
    settings.SITE_FOLDER, before = site, contents(site)
    with pytest.raises(FileDamaged):
        backup.restore(file, overwrite=True)
    assert contents(site) == before and len(before) > 3


@pytest.mark.django_db
def test_a_backup_cut_short_anywhere_is_refused(site: Path, packed: Path, tmp_path: Path, settings: Any) -> None:
    content, file = packed.read_bytes(), tmp_path / "b.pj"
    settings.SITE_FOLDER, before = site, contents(site)
    for end in (0, 10, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:end])
        with pytest.raises(FileDamaged):
            backup.restore(file, overwrite=True)
    assert contents(site) == before


def rewritten(file: Path, change: Any) -> None:
    """The same backup with another manifest, rightly summed up."""
    with zipfile.ZipFile(file) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    members["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    told = [stored.Member(name, len(text), zlib.crc32(text)) for name, text in members.items()]
    both = zip(told, members.values(), strict=True)
    pieces = [part for member, text in both for part in (stored.header(member), text)]
    file.write_bytes(b"".join([*pieces, *stored.tail(told)]))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: m["files"][1].update(name="../../evil"), "leads out"),
        (lambda m: m["files"][1].update(name="/etc/evil"), "leads out"),
        (lambda m: m.update(database="another"), "PINGJIANG_SITE_DATABASE"),
        (lambda m: m["migrations"].append("casework.9999_later"), "newer program"),
        (lambda m: m.update(format=2), "no backup of this program"),
        (lambda m: m.pop("files"), "manifest cannot be read"),
        (lambda m: m["files"][1].update(sha256="0" * 64), "differs from the manifest"),
    ],
)
@pytest.mark.django_db
def test_a_backup_that_does_not_fit_is_refused(
    packed: Path, tmp_path: Path, change: Any, says: str, settings: Any
) -> None:
    file, settings.SITE_FOLDER = tmp_path / "b.pj", tmp_path / "other" / "site"
    shutil.copyfile(packed, file)
    rewritten(file, change)
    with pytest.raises(InputRefused, match=says):
        backup.restore(file)
    assert not (tmp_path / "other" / "site").exists() and not (tmp_path / "evil").exists()


def test_another_secret_shows(packed: Path, tmp_path: Path) -> None:
    """The seal is the secret's: a restored site that has another one says so."""
    other = tmp_path / "other" / "site"
    done = subprocess.run(
        [sys.executable, "-m", "pingjiang", "restore", str(packed)],
        env={**surroundings(other), "PINGJIANG_SITE_SECRET": "another-secret-of-the-tests " * 3},
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 3 and "seal" in done.stderr


def test_tampering_ends_the_command_with_3(site: Path) -> None:
    on = " ON casework_event" if SERVER else ""
    sql(
        site,
        f"DROP TRIGGER casework_event_no_update{on}",
        "UPDATE casework_event SET note = 'x' WHERE number = 3",
    )
    done = pingjiang(site, "audit", "verify")
    assert done.returncode == 3 and "broken at 3" in done.stderr
