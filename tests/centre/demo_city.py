"""The synthetic city as tests ask about it: made once in a process, which is the reason why these tests are of one
worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pingjiang.centre import demo
from tests.centre.kept import kept

ONE_WORKER = pytest.mark.xdist_group("demo city")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """A folder of its own for each test's files."""
    settings.SITE_FOLDER = tmp_path / "site"
    settings.SITE_CLAMD = ""
    return tmp_path / "site"


@kept
def made() -> list[demo.Account]:
    """The city in an empty database, and its accounts."""
    return demo.make()
