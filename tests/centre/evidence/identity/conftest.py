"""A lake with names that are nearly alike, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingjiang import pipeline
from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.evidence import adopting, kept
from pingjiang.centre.evidence.models import DataLake
from pingjiang.chain.tree import load
from pingjiang.engine import Lake
from pingjiang.identifiers import complete_credit_code
from tests.made import INCOPAT, incopat_row, write_csv

# Applicants of made-up rows: how many rows each has. Spelling alone does not join any two of them.
APPLICANTS = {
    "合成半导体研究所": 6, "合成半导体研究院": 4, "平江精密光电仪器厂": 3, "平江精密光电仪表厂": 2, "无关大学": 5,
}  # fmt: skip
A, B, *_REST = APPLICANTS


@pytest.fixture(scope="session")
def doubtful_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Twenty made-up publications and a register of one firm that applied and one that did not."""
    folder = tmp_path_factory.mktemp("who")
    names = [name for name, times in APPLICANTS.items() for _ in range(times)]
    rows = [incopat_row(at, **{"申请人": name}) for at, name in enumerate(names, start=1)]
    register = write_csv(
        folder / "名录.csv",
        ["统一社会信用代码", "名称", "曾用名"],
        [
            [complete_credit_code("91320506", "MA1MYTP0").code, "平江精密光电仪器厂", "平江仪器社"],
            [complete_credit_code("12320000", "46600726").code, "未见申请的单位", ""],
        ],
    )
    lake = Lake(folder / "lake")
    pipeline.import_files([write_csv(folder / "a.csv", INCOPAT, rows), register], lake)
    pipeline.build(lake, load("semiconductors"))
    return lake


@pytest.fixture
def who(centre: Organisation, doubtful_lake: Lake, site_folder: Path) -> DataLake:
    """The centre's lake."""
    kept.forget()
    return adopting.adopt(doubtful_lake, centre, ("谁是谁", "Who is who"), chain="semiconductors", open_sources=False)
