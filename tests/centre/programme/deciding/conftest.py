"""A folder of its own for each test's files; a call whose panel has locked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.centre.cast import Cast
from tests.centre.programme.deciding import play as plays


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SITE_FOLDER = tmp_path / "site"
    settings.SITE_CLAMD = ""
    return tmp_path / "site"


@pytest.fixture
def table(cast: Cast) -> plays.Table:
    """A call with two reviewed applications, which ask for 4.8 million each."""
    return plays.begin(cast)
