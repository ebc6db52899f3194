"""Results as a source in place of panels: what a test says they are."""

from __future__ import annotations

from collections.abc import Iterator
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
def table(cast: Cast) -> Iterator[plays.Table]:
    """A call with two reviewed applications, 4.8 million each, and what the experts said of them."""
    with plays.results_of_tests() as said:
        yield plays.begin(cast, said)
