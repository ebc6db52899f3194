"""Fixtures of the site's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.centre import cast as cast_of_tests
from tests.centre import sites


@pytest.fixture
def cast(db: None) -> cast_of_tests.Cast:
    """The fixed cast."""
    return cast_of_tests.make()


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of an empty site, to be copied."""
    folder = sites.migrated(tmp_path_factory.mktemp("empty") / "site")
    yield folder
    sites.dropped(folder)


@pytest.fixture
def site(empty_site: Path, tmp_path: Path) -> Iterator[Path]:
    """The folder of an empty site of this test's own, for tests with processes."""
    folder = sites.copied(empty_site, tmp_path / "site")
    yield folder
    sites.dropped(folder)
