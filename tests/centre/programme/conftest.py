"""A folder of its own for each test's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SITE_FOLDER = tmp_path / "site"
    settings.SITE_CLAMD = ""
    return tmp_path / "site"
