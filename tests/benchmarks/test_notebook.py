"""The notebook's mistakes are found where they were planted, and counted right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from benchmarks.baseline import notebook
from benchmarks.check_notebook import Finding
from benchmarks.generate import exports

from benchmarks import check_notebook, ours, ours_indicators

pytestmark = pytest.mark.slow  # of measuring, not of the product

FAMILIES = 800


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Mapping[str, Any]]:
    """The exports, the lake built of them, and what is true of them."""
    folder = tmp_path_factory.mktemp("notebook")
    true = exports.three_exports(folder / "exports", families=FAMILIES)["true"]
    ours.exports_to_atlas(folder / "exports", folder / "lake", folder / "out")
    return folder / "exports", folder / "lake", true


@pytest.fixture(scope="module")
def findings(told: tuple[Path, Path, Mapping[str, Any]]) -> dict[str, Finding]:
    folder, lake, true = told
    return {finding.name: finding for finding in check_notebook.check(folder, lake, true)}


def test_applications_counted_twice_are_as_planted(
    told: tuple[Path, Path, Mapping[str, Any]], findings: dict[str, Finding]
) -> None:
    true = told[2]
    found = findings["applications_twice"]
    assert (found.wrong, found.of) == (true["applications_with_several_texts"], true["applications"])
    assert 0.12 < found.wrong / found.of < 0.22
    assert findings["a_and_b_texts"].wrong == found.wrong
    assert " + " in found.example


def test_joint_and_undated_are_as_planted(
    told: tuple[Path, Path, Mapping[str, Any]], findings: dict[str, Finding]
) -> None:
    true = told[2]
    assert findings["joint_applicants"].wrong == true["publications_joint"]
    assert findings["unknown_dropped"].wrong == true["publications_undated"]
    assert findings["unknown_dropped"].of == true["publications"]


def test_incomplete_years_are_shown_as_a_fall(findings: dict[str, Finding]) -> None:
    assert findings["incomplete_years"].wrong >= 1
    assert "2025: -" in findings["incomplete_years"].example
    assert findings["cagr"].wrong == 1


def test_ranking_and_concentration_are_wrong(findings: dict[str, Finding]) -> None:
    assert findings["ranking"].wrong > 10
    assert findings["concentration"].wrong == 1
    assert 0 < findings["offices_as_countries"].wrong < findings["offices_as_countries"].of


def test_nothing_is_found_where_nothing_is_wrong(
    told: tuple[Path, Path, Mapping[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one row an application, known dates and one applicant each, the counts of mistakes are 0."""
    folder, lake, true = told
    load = notebook.load

    def clean(of: Path) -> Any:
        frame = load(of)
        frame = frame[frame["申请年"].notna() & ~frame["申请人"].str.contains("; ", regex=False)]
        serial = frame["公开号"].str.extract(r"(\d{6})(?=[A-Z]\d?$)")[0]
        return frame[~serial.duplicated()]

    monkeypatch.setattr(notebook, "load", clean)
    found = {finding.name: finding for finding in check_notebook.check(folder, lake, true)}
    assert found["applications_twice"].wrong == 0
    assert found["joint_applicants"].wrong == 0
    assert found["unknown_dropped"].wrong == 0
    assert found["ranking"].wrong == 0


def test_the_page_has_a_table_an_indicator(told: tuple[Path, Path, Mapping[str, Any]], tmp_path: Path) -> None:
    results = notebook.run(told[0], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert set(results) == set(ours_indicators.INDICATORS)
    assert page.count("<table") == 12


def test_the_second_run_finds_nothing_new(told: tuple[Path, Path, Mapping[str, Any]], tmp_path: Path) -> None:
    folder, lake, _ = told
    again = ours.exports_to_atlas(folder, lake, tmp_path)
    assert all(receipt["accepted"] == 0 and receipt["changed"] == 0 for receipt in again["receipts"])
    assert again["bytes"] > 10_000
