"""The program knows itself again by what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pingjiang import definitions


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("a.py", "1"), ("sql/b.sql", "2"), ("sql/c.yaml", "3")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr("pingjiang.definitions.resources.files", lambda _package: tmp_path)
    return tmp_path


def _fingerprint() -> str:
    definitions.fingerprint.cache_clear()
    return definitions.fingerprint()


@pytest.fixture(autouse=True)
def _forgotten() -> object:
    yield
    definitions.fingerprint.cache_clear()


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.py").write_text("4", encoding="utf-8"),
        lambda folder: (folder / "sql/b.sql").rename(folder / "b.sql"),
        lambda folder: (folder / "sql/d.sql").touch(),
        lambda folder: (folder / "sql/c.yaml").unlink(),
    ],
)
def test_every_change_of_a_file_is_seen(package: Path, change: Callable[[Path], object]) -> None:
    before = _fingerprint()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"x")
    assert _fingerprint() == before, "what Python keeps for itself is no part of the program"
    change(package)
    assert _fingerprint() != before
