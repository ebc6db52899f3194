"""Lakes of the site under test: a small one of synthetic publications, held by a centre of the cast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.evidence import adopting, opening
from pingjiang.centre.evidence.models import DataLake
from pingjiang.engine import Lake
from tests.centre import cast as cast_of_tests
from tests.search.conftest import ask, grow


@pytest.fixture(scope="session")
def made_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Two dozen publications, built and indexed; nobody changes it."""
    made = Lake(tmp_path_factory.mktemp("evidence") / "lake")
    grow(made, 0)
    ask(made, "电池")
    return made


@pytest.fixture
def site_folder(tmp_path: Path, settings: SimpleNamespace) -> Iterator[Path]:
    """A folder of the site of this test's own."""
    settings.SITE_FOLDER = tmp_path / "site"
    yield settings.SITE_FOLDER
    opening.close_idle()


@pytest.fixture
def centre(cast: cast_of_tests.Cast) -> Organisation:
    """The centre of the cast."""
    return cast.everyone["centre_manager"].organisation


@pytest.fixture
def lake(centre: Organisation, made_lake: Lake, site_folder: Path) -> DataLake:
    """The centre's lake."""
    return adopting.adopt(made_lake, centre, ("本中心数据湖", "Our lake"), chain="semiconductors", open_sources=False)
