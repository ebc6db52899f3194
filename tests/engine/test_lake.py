"""The lake: atomic releases, retention, one writer, untouched readers, real kills."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Lake, Session
from pingjiang.errors import LakeBusy, LakeCorrupt, LakeError, NotALake
from tests.commands import LOADED


def publish(lake: Lake, number: int, *, keep: bool = False) -> str:
    """One release with a table of `number` rows that all say `number`."""
    with lake.draft() as draft, Session(threads=1) as session:
        if keep:
            draft.keep("t")
        draft.add("t", session.sql(f"select {number} as n from range({number})"))
        return draft.publish(number=number).id


def read(lake: Lake) -> tuple[int, int]:
    """(rows, distinct values) of the current release, checked against its manifest."""
    release = lake.require_current()
    release.verify()
    with Session(threads=1) as session:
        rows, values = session.rows("select count(*), count(distinct t.n) from t", t=release.open(session)["t"])[0]
    assert rows == release.rows("t")
    return int(rows), int(values)


def test_an_empty_lake_says_what_to_do(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    assert lake.current() is None
    assert not (tmp_path / "lake").exists(), "opening a lake creates nothing"
    (tmp_path / "lake").mkdir()
    with pytest.raises(LakeError, match="import a file"):
        lake.require_current()


def test_a_release_is_seen_only_once_published(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    publish(lake, 3)
    with lake.draft() as draft, Session(threads=1) as session:
        draft.add("t", session.sql("select 9 as n from range(9)"))
        assert read(lake) == (3, 1)
    assert read(lake) == (3, 1), "a draft that was given up leaves nothing"
    assert len(list((tmp_path / "data" / "t").iterdir())) == 1


@given(kept=st.integers(1, 4), releases=st.integers(1, 7))
@settings(max_examples=12, deadline=None)
def test_the_last_n_releases_are_kept_and_no_file_beside(
    tmp_path_factory: pytest.TempPathFactory, kept: int, releases: int
) -> None:
    folder = tmp_path_factory.mktemp("lake")
    lake = Lake(folder, keep=kept)
    ids = [publish(lake, number + 1, keep=number % 2 == 1) for number in range(releases)]
    assert [release.id for release in lake.releases()] == ids[::-1][:kept]
    named = {file.path for release in lake.releases() for _, file in release.files()}
    there = {path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*.parquet")}
    assert there == named
    for release in lake.releases():
        release.verify()


def test_the_number_of_a_release_grows_whatever_the_clock_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(tmp_path)
    first = publish(lake, 1)

    class Earlier:
        @staticmethod
        def now(zone: object) -> object:
            from datetime import datetime

            return datetime(2001, 1, 1, tzinfo=zone)  # type: ignore[arg-type]

    monkeypatch.setattr("pingjiang.engine.lake.datetime", Earlier)
    second = publish(lake, 2)
    assert int(second.split("-")[1]) == int(first.split("-")[1]) + 1
    assert lake.require_current().id == second


def test_a_reader_is_not_disturbed_by_a_writer(tmp_path: Path) -> None:
    lake = Lake(tmp_path, keep=2)
    publish(lake, 5)
    with Session(threads=1) as session:
        table = lake.require_current().open(session)["t"]
        publish(lake, 6)
        assert table.count() == 5


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with lake.draft(), pytest.raises(LakeBusy, match="Wait"), Lake(tmp_path).draft():
        pass


def test_a_changed_or_missing_file_is_found(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    publish(lake, 4)
    path = next((tmp_path / "data" / "t").iterdir())
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(LakeCorrupt, match="differs"):
        lake.require_current().verify()
    path.unlink()
    with pytest.raises(LakeCorrupt, match="missing"):
        lake.require_current().verify()


def test_what_is_no_lake_is_told_from_one_without_a_release(tmp_path: Path) -> None:
    with pytest.raises(NotALake, match=r"没有这个目录.*no such folder"):
        Lake(tmp_path / "none").require_current()
    (tmp_path / "mine.txt").write_text("m")
    with pytest.raises(NotALake, match=r"其他文件.*other things"):
        Lake(tmp_path).require_current()
    (tmp_path / "new").mkdir()
    with pytest.raises(LakeError, match=r"还没有数据版本.*holds no release") as caught:
        Lake(tmp_path / "new").require_current()
    assert not isinstance(caught.value, NotALake)


def test_what_a_lake_refuses_stands_in_both_languages_with_its_remedy(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    name = publish(lake, 1)
    with pytest.raises(LakeError, match=r"没有表 'x'.*no table 'x'.*请先运行.*Run `pingjiang build`"):
        lake.require_current().paths("x")
    with pytest.raises(LakeError, match=r"至少保留一个版本.*at least one release"):
        Lake(tmp_path, keep=0)
    manifest = tmp_path / "releases" / name / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**told, "schema_version": 99}), encoding="utf-8")
    with pytest.raises(LakeError, match=r"结构版本为 99.*schema version is 99.*重新导入.*into a new lake"):
        lake.require_current()
    manifest.write_text("[]")
    with pytest.raises(LakeCorrupt, match=r"不是版本清单.*no manifest.*从备份恢复.*from a backup"):
        lake.require_current()


def test_a_torn_manifest_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    name = publish(lake, 1)
    (tmp_path / "releases" / name / "manifest.json").write_text('{"release": ', encoding="utf-8")
    with pytest.raises(LakeCorrupt, match=r"manifest\.json"):
        lake.current()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_holds_other_things_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "mine.csv").write_text("m")
    (tmp_path / "releases" / "v1").mkdir(parents=True)
    (tmp_path / "releases" / "v1" / "notes.txt").write_text("n")
    before = contents(tmp_path)
    with pytest.raises(NotALake, match="other things"), Lake(tmp_path).draft():
        pass
    assert contents(tmp_path) == before
    with pytest.raises(NotALake, match="no folder"), Lake(tmp_path / "data" / "raw" / "mine.csv").draft():
        pass


def test_files_of_others_inside_a_lake_stay(tmp_path: Path) -> None:
    lake = Lake(tmp_path, keep=1)
    publish(lake, 1)
    for own in ("data/t/notes.parquet", "data/readme.txt", "releases/old/manifest.json"):
        (tmp_path / own).parent.mkdir(exist_ok=True)
        (tmp_path / own).write_text("mine")
    publish(lake, 2)
    publish(lake, 3)
    assert read(lake) == (3, 1)
    for own in ("data/t/notes.parquet", "data/readme.txt", "releases/old/manifest.json"):
        assert (tmp_path / own).read_text() == "mine"


@pytest.mark.parametrize("pointer", [None, b"", b"R2099.01-9\n", b"\xff\xfe\x00", b"../../etc"])
def test_a_lost_or_damaged_pointer_loses_nothing(tmp_path: Path, pointer: bytes | None) -> None:
    lake = Lake(tmp_path)
    name = publish(lake, 4)
    if pointer is None:
        (tmp_path / "CURRENT").unlink()
    else:
        (tmp_path / "CURRENT").write_bytes(pointer)
    before = contents(tmp_path)
    with pytest.raises(LakeCorrupt, match=name):
        lake.current()
    with pytest.raises(LakeCorrupt, match=name), lake.draft():
        pass
    assert contents(tmp_path) == before
    (tmp_path / "CURRENT").write_text(name + "\n")
    assert read(lake) == (4, 1), "the remedy works"


def test_a_damaged_older_manifest_stops_nobody_and_nothing_is_tidied(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    first, second = publish(lake, 1), publish(lake, 2)
    (tmp_path / "releases" / first / "manifest.json").write_text("{")
    assert [release.id for release in lake.releases()] == [second]
    files = len(list((tmp_path / "data" / "t").iterdir()))
    publish(lake, 3)
    assert read(lake) == (3, 1)
    assert len(list((tmp_path / "data" / "t").iterdir())) == files + 1


@pytest.mark.parametrize("there", [False, True])
def test_a_draft_that_is_given_up_leaves_no_trace_of_a_new_lake(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "lake"
    if there:
        folder.mkdir()
    with pytest.raises(ZeroDivisionError), Lake(folder).draft() as draft, Session(threads=1) as session:
        draft.add("t", session.sql("select 1 as n"))
        raise ZeroDivisionError
    assert folder.exists() is there
    assert not there or contents(folder) == {}


def test_a_read_only_place_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "lake"))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(LakeError, match="Permission denied"), Lake(tmp_path / "lake").draft():
        pass


STEPS = ("mkdir", "write_text", "replace", "fsync")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("at", range(12))
@pytest.mark.parametrize("behind", [False, True])
def test_an_interruption_at_any_step_leaves_a_whole_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, at: int, behind: bool
) -> None:
    """Ctrl-C before or behind each system call of publishing: the lake is the old one or the new one."""
    lake = Lake(tmp_path / "lake", keep=1)
    publish(lake, 5)
    owner: object = os if step == "fsync" else Path
    real, calls = getattr(owner, step), iter(range(1000))

    def interrupted(*given: object, **named: object) -> object:
        here = next(calls) == at
        if here and not behind:
            raise KeyboardInterrupt
        answer = real(*given, **named)
        if here:
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(owner, step, interrupted)
    try:
        publish(lake, 6)
        finished = True
    except KeyboardInterrupt:
        finished = False
    monkeypatch.undo()
    assert read(lake) in ([(6, 1)] if finished else [(5, 1), (6, 1)])
    publish(lake, 7)
    assert read(lake) == (7, 1)
    assert len(list((tmp_path / "lake" / "data" / "t").iterdir())) == 1, "nothing is left behind"


def test_the_manifest_says_what_a_release_is(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    name = publish(lake, 2)
    manifest = json.loads((tmp_path / "releases" / name / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["tables"]["t"]["rows"] == 2
    assert manifest["info"] == {"number": 2}
    assert manifest["base"] is None
    assert len(manifest["tables"]["t"]["files"][0]["sha256"]) == 64


def _publish_for_ever(folder: str) -> None:
    lake, number = Lake(Path(folder), keep=2), 100
    while True:
        number += 100
        publish(lake, number)


@pytest.mark.parametrize("kill", range(3))
def test_kill_nine_leaves_the_last_good_release(tmp_path: Path, kill: int) -> None:
    """A writer that publishes without pause is killed at a random moment; readers see a whole release."""
    folder = tmp_path / "lake"
    publish(Lake(folder, keep=2), 100)
    writer = LOADED.Process(target=_publish_for_ever, args=(str(folder),))
    writer.start()
    time.sleep(0.2 + random.Random(kill).random())
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    rows, values = read(Lake(folder, keep=2))
    assert rows % 100 == 0
    assert values == 1
    publish(Lake(folder, keep=2), 7)
    assert read(Lake(folder, keep=2)) == (7, 1), "the next writer goes on from there"


def test_an_id_is_given_once_whatever_current_is_set_back_to(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    first, _, third = (publish(lake, rows) for rows in (1, 2, 3))
    (lake.folder / "CURRENT").write_text(first + "\n", encoding="utf-8")
    assert publish(lake, 4) not in {first, third}
    assert lake.require_current().base == first
    assert int(lake.require_current().id.rpartition("-")[2]) == 4


def test_tables_on_another_disk_are_read_by_a_session_of_the_lake(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    publish(lake, 3)
    (lake.folder / "data").rename(tmp_path / "elsewhere")
    (lake.folder / "data").symlink_to(tmp_path / "elsewhere")
    with Session(folder=lake.folder) as session:
        assert [table.count() for table in lake.require_current().open(session).values()] == [3]


def test_a_pinned_release_stays_until_its_last_reason_goes(tmp_path: Path) -> None:
    lake = Lake(tmp_path, keep=2)
    first = publish(lake, 1)
    lake.pin(first, "shared:1")
    lake.pin(first, "cited:7")
    lake.pin(first, "cited:7")
    for number in range(2, 6):
        publish(lake, number)
    assert [release.id for release in lake.releases()][-1] == first and len(lake.releases()) == 3
    lake.release(first).verify()
    lake.unpin(first, "shared:1")
    publish(lake, 6)
    assert lake.pinned() == {first: ("cited:7",)} and lake.release(first).rows("t") == 1
    lake.unpin(first, "cited:7")
    publish(lake, 7)
    with pytest.raises(LakeError):
        lake.pin(first, "cited:8")
    assert len(lake.releases()) == 2 and not lake.pinned()


def test_pins_that_cannot_be_read_keep_everything(tmp_path: Path) -> None:
    lake = Lake(tmp_path, keep=1)
    first = publish(lake, 1)
    (tmp_path / "pins.json").write_text("[", encoding="utf-8")
    publish(lake, 2)
    assert lake.release(first).rows("t") == 1
    with pytest.raises(LakeCorrupt, match=r"pins\.json"):
        lake.pinned()


def test_pinning_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    first = publish(lake, 1)
    with lake.draft():
        lake.pin(first, "cited:1")
    assert lake.pinned() == {first: ("cited:1",)}
