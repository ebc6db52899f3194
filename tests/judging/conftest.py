"""A lake with names that are nearly alike, built once; and a copy for each test that judges."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.judging import Desk
from tests.made import INCOPAT, incopat_row, write_csv

CHAIN = load("semiconductors")
# Applicants of made-up rows: how many rows each has. Spelling alone does not join any two of them.
APPLICANTS = {
    "合成半导体研究所": 6,
    "合成半导体研究院": 4,
    "平江精密光电仪器厂": 3,
    "平江精密光电仪表厂": 2,
    "无关大学": 5,
}


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    names = [name for name, times in APPLICANTS.items() for _ in range(times)]
    rows = [incopat_row(at, **{"申请人": name}) for at, name in enumerate(names, start=1)]
    lake = Lake(folder / "lake")
    pipeline.import_files([write_csv(folder / "a.csv", INCOPAT, rows)], lake)
    pipeline.build(lake, CHAIN)
    return folder / "lake"


@pytest.fixture
def lake(original: Path, tmp_path: Path) -> Lake:
    shutil.copytree(original, tmp_path / "lake")
    return Lake(tmp_path / "lake")


@pytest.fixture
def desk(lake: Lake) -> Desk:
    return Desk(lake, settings=Settings.from_environment({"PINGJIANG_WHO": "张伟"}))
