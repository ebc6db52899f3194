"""Lakes of synthetic publications, and what is asked of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.search import find

SETTINGS = Settings.from_environment({})
HEADS = "Publication Number,Title,Abstract,Application Date,Publication Date,Applicant,IPC\n"
FIRMS = ("宁德时代新能源科技股份有限公司", "Toyota Motor Corp", "=SUM(A1)")
TITLES = ("锂電池隔膜及其制备方法", "5G基站·天線", "Solid-state sulfide electrolyte")


def write_rows(path: Path, first: int, count: int) -> None:
    """A table of publications, every third of them of a battery (synthetic)."""
    rows = [
        f"CN1100{number:05}A,{TITLES[number % 3]},一种ＭＥＭＳ芯片 number {number},"
        f"201{number % 8}-03-01,2020-01-0{1 + number % 9},{FIRMS[number % 3]},H01M10/05"
        for number in range(first, first + count)
    ]
    path.write_text(HEADS + "\n".join(rows) + "\n", encoding="utf-8")


def add(lake: Lake, first: int, count: int = 24) -> None:
    """Import publications, without a build."""
    path = lake.folder.parent / f"rows-{first}.csv"
    write_rows(path, first, count)
    pipeline.import_files([path], lake, settings=SETTINGS)


def grow(lake: Lake, first: int, count: int = 24) -> str:
    """Import publications and build; the id of the new release."""
    add(lake, first, count)
    pipeline.build(lake, load_chain("semiconductors"), settings=SETTINGS)
    return lake.require_current().id


@pytest.fixture(scope="session")
def kept_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Two dozen publications, built and indexed; nobody changes it."""
    made = Lake(tmp_path_factory.mktemp("search") / "lake")
    grow(made, 0)
    ask(made, "电池")
    return made


@pytest.fixture
def lake(kept_lake: Lake, tmp_path: Path) -> Lake:
    """The same, to be changed."""
    shutil.copytree(kept_lake.folder, tmp_path / "lake")
    return Lake(tmp_path / "lake")


def ask(lake: Lake, query: str) -> list[str]:
    """The publications that a query finds."""
    return [hit["publication_id"] for hit in find(lake, query, settings=SETTINGS).hits(None)]
