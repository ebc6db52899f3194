"""A lake that was built, its package, and keys of the one who made it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from pingjiang.engine import Lake
from pingjiang.exchange.keys import Keys
from pingjiang.exchange.package import write_package
from tests.exchange.made import built
from tests.made import incopat_file


@dataclass(frozen=True)
class Office:
    """An installation: its keys, a lake, and a package of it."""

    keys: Keys
    lake: Lake
    package: Path


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("office")
    lake = built(folder / "lake", incopat_file(folder / "导出.csv", 40))
    keys = Keys(folder / "keys")
    write_package(lake, folder / "release.pjz", keys)
    return Office(keys, lake, folder / "release.pjz")
