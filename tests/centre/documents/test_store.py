"""Bytes by their digest: whole or not there, whoever is killed; nothing leads out of the folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from pingjiang.centre.documents import store
from pingjiang.centre.documents.models import Content

ROOT = Path(__file__).parents[3]


@pytest.mark.django_db
def test_the_same_bytes_are_kept_once_and_nothing_unfinished_stays(folder: Path) -> None:
    one, two = store.keep_bytes(b"abc", "text"), store.keep_bytes(b"abc", "text")
    assert one == two and Content.objects.count() == 1
    assert store.open_content(one).read() == b"abc"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [one.sha256] and not files[0].stat().st_mode & 0o222


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "/..", "a" * 64 + "\n", ""])
def test_no_name_leads_out(name: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal"):
        store.path_of(name)


def test_what_is_too_big_is_dropped_on_the_way(folder: Path) -> None:
    seen = []

    def pieces() -> object:
        for n in range(1000):
            seen.append(n)
            yield b"x" * 1000

    with pytest.raises(store.TooBig), store.receive(pieces(), limit=5000):  # type: ignore[arg-type]
        pass
    assert len(seen) == 6 and not list((folder / "uploads").iterdir())


@pytest.mark.django_db
def test_damage_is_named(folder: Path) -> None:
    kept = [store.keep_bytes(text, "text") for text in (b"one", b"two", b"three")]
    store.path_of(kept[0].sha256).unlink()
    changed = store.path_of(kept[1].sha256)
    changed.chmod(0o600)
    changed.write_bytes(b"tw0")
    assert {(content.sha256, what) for content, what in store.damaged()} == {
        (kept[0].sha256, "missing"), (kept[1].sha256, "changed")
    }  # fmt: skip
    store.keep_bytes(b"one", "text")  # what is handed in again is there again
    assert [what for _, what in store.damaged()] == ["changed"]


@pytest.mark.django_db
def test_rows_of_what_is_kept_are_written_once() -> None:
    content = store.keep_bytes(b"abc", "text")
    for change in ({"size": 1}, {"kind": "pdf"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Content.objects.filter(pk=content.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Content.objects.filter(pk=content.pk).delete()


KILLED = """
import sys, time
from pingjiang.centre import commands; commands.ready()
from pingjiang.centre.documents import store
def slowly():
    for n in range(10_000):
        yield b"%d" % n * 1000
        if n == 3: print("on the way", flush=True)
        if n > 3: time.sleep(0.01)
with store.receive(slowly()) as incoming: pass
"""


def test_who_is_killed_leaves_nothing_under_a_name(folder: Path) -> None:
    surroundings = {
        **os.environ,
        "PINGJIANG_SITE_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.centre.settings",
    }
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], env=surroundings, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stdout.readline() == "on the way\n"
        process.send_signal(signal.SIGKILL)
    left = [path for path in (folder / "uploads").rglob("*") if path.is_file()]
    assert left and all(path.name.endswith(".part") for path in left)
    assert store.sweep() == 0  # it may be another's, at work
    assert store.sweep(time.time() + 2 * 24 * 3600) == 1 and not list((folder / "uploads").rglob("*.part"))
