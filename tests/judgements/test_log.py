"""The log: nothing that was acknowledged is ever lost, and nothing that was altered is ever believed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.errors import LakeBusy, LakeCorrupt
from pingjiang.judgements import Judgement, Log, Seal, accept
from tests.judgements.rows import row


def rows_of(*numbers: int, who: str = "张伟") -> list[Judgement]:
    return [row("甲", f"名{number}", "same", number, who) for number in numbers]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """Three rows: one, and a batch of two."""
    found = Log(tmp_path / "judgements.jsonl", patience=0.2)
    for batch in (rows_of(1), rows_of(2, 3)):
        with found.writing() as writing:
            writing.append(batch)
    return found


def test_a_log_that_is_not_there_is_empty_and_reading_makes_none(tmp_path: Path) -> None:
    log = Log(tmp_path / "judgements.jsonl")
    assert (log.read().rows, log.read().torn) == ((), 0)
    assert list(tmp_path.iterdir()) == []


def test_rows_come_back_in_order_and_earlier_bytes_are_never_touched(log: Log) -> None:
    before = log.path.read_bytes()
    with log.writing() as writing:
        writing.append(rows_of(4))
        writing.append(rows_of(5, 6))
    assert log.path.read_bytes().startswith(before)
    assert list(log.read().rows) == rows_of(1, 2, 3, 4, 5, 6)
    first = json.loads(log.path.read_text(encoding="utf-8").splitlines()[0])
    assert set(first) == {"number", "batch", "judgement", "previous", "hash"}
    assert first["judgement"]["a"] == "甲"


def test_what_a_kill_left_of_a_batch_is_no_part_of_the_log(log: Log) -> None:
    """Wherever the last batch is cut: the rows before it are there, and the next writer goes on behind them."""
    whole = log.path.read_bytes()
    start = whole.index(b"\n") + 1
    for cut in range(start, len(whole)):
        log.path.write_bytes(whole[:cut])
        read = log.read()
        assert (list(read.rows), read.torn) == (rows_of(1), cut - start)
    with log.writing() as writing:
        assert list(writing.rows) == rows_of(1)
        writing.append(rows_of(7))
    assert (list(log.read().rows), log.read().torn) == (rows_of(1, 7), 0)
    assert log.path.with_name("judgements.jsonl.torn").read_bytes() == whole[start:-1]


@settings(deadline=None)
@given(st.data())
def test_any_change_behind_the_last_cut_is_found(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    log = Log(tmp_path_factory.mktemp("log") / "judgements.jsonl")
    with log.writing() as writing:
        for number in (1, 2, 3):
            writing.append(rows_of(number))
    whole = log.path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda other: other != whole[at]))
    log.path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
    try:
        read = log.read()
    except LakeCorrupt as told:
        assert told.row is not None and told.remedy
    else:  # the end of the last line is gone: so a kill would leave it
        assert at == len(whole) - 1
        assert list(read.rows) == rows_of(1, 2)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [lines[0].replace("名1", "名9"), *lines[1:]], 1),
        (lambda lines: [lines[0], *lines[2:]], 2),
        (lambda lines: [lines[1], lines[0], lines[2]], 1),
        (lambda lines: [lines[0], lines[0], *lines[1:]], 2),
        (lambda lines: [lines[0], "", *lines[1:]], 2),
        (lambda lines: [lines[0], "{}", *lines[1:]], 2),
        (lambda lines: [lines[0], "[" * 10_000, *lines[1:]], 2),
        (lambda lines: [lines[0].replace('"who"', '"who" '), *lines[1:]], 1),
    ],
)
def test_lines_that_were_altered_are_refused_by_place(log: Log, change: object, line: int) -> None:
    lines = log.path.read_text(encoding="utf-8").splitlines()
    log.path.write_text("".join(f"{each}\n" for each in change(lines)), encoding="utf-8")  # type: ignore[operator]
    before = log.path.read_bytes()
    for attempt in (log.read, log.writing().__enter__):
        with pytest.raises(LakeCorrupt, match=f"第 {line} 行.*restore"):
            attempt()
    assert log.path.read_bytes() == before


def test_a_log_that_lost_rows_does_not_fit_the_seal_of_a_release(log: Log) -> None:
    seal = log.read().seal
    with log.writing(seal) as writing:
        writing.append(rows_of(4))
    assert len(log.read(seal).rows) == 4
    log.path.write_bytes(log.path.read_bytes().split(b"\n")[0] + b"\n")
    with pytest.raises(LakeCorrupt, match="knew 3 rows"):
        log.read(seal)
    log.path.unlink()
    with pytest.raises(LakeCorrupt, match="there are 0"):
        log.read(seal)


def test_a_damaged_log_is_written_anew_from_a_copy_and_from_what_proves_itself(log: Log) -> None:
    with log.writing() as writing:
        writing.append(rows_of(4))
        writing.append(rows_of(5))
    copy = rows_of(1, 2, 3)
    lines = log.path.read_text(encoding="utf-8").splitlines()
    lines[0] = lines[0].replace('"origin":null', '"origin":"1111 2222"')
    lines[1] = lines[1].replace("名2", "名8")
    lines[4] = lines[4].replace("名5", "名9")
    damaged = "".join(f"{each}\n" for each in [*lines, lines[3]])
    log.path.write_text(damaged, encoding="utf-8")
    done = log.restore(copy)
    assert (done.rows, done.lost) == (4, 2)
    assert list(log.read(Seal.of(copy)).rows) == rows_of(1, 2, 3, 4)
    assert Path(str(done.kept)).read_text(encoding="utf-8") == damaged
    again = log.restore(copy)
    assert (again.rows, again.kept) == (0, None), "a log that is whole is left alone"
    log.path.unlink()
    assert log.restore(copy).rows == 3
    assert list(log.read().rows) == copy


def test_writers_wait_for_each_other_and_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"

    def write(who: str) -> None:
        for number in range(20):
            accept(Log(path), rows_of(number, who=who))

    threads = [threading.Thread(target=write, args=(who,)) for who in ("张伟", "李娜", "王芳", "赵磊")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = Log(path).read().rows
    assert len(rows) == len({each.judgement_id for each in rows}) == 80


def test_who_waits_too_long_is_told(log: Log) -> None:
    with log.writing():
        for attempt in (log.read, log.writing().__enter__):
            with pytest.raises(LakeBusy, match="Another process is writing judgements"):
                attempt()


_WRITER = """
import sys
from pathlib import Path
from pingjiang.judgements import Log, accept
from tests.judgements.test_log import rows_of
for number in range(10_000):
    accept(Log(Path(sys.argv[1])), rows_of(number, number + 100_000))
    print(number, flush=True)
"""


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))])
def test_a_writer_that_is_killed_loses_nothing_that_it_acknowledged(tmp_path: Path, seed: int) -> None:
    path, chance = tmp_path / "judgements.jsonl", random.Random(seed)
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    acknowledged = -1
    for _ in range(chance.randrange(1, 40)):
        acknowledged = int(writer.stdout.readline())
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
    writer.wait()
    read = Log(path).read()
    pairs = range(len(read.rows) // 2)
    assert list(read.rows) == [each for number in pairs for each in rows_of(number, number + 100_000)]
    assert len(pairs) in (acknowledged + 1, acknowledged + 2), "batches are whole"
    accept(Log(path), rows_of(20_000))
    assert Log(path).read().torn == 0
