"""Names of applicants as real exports print them."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def printed_names(samples: Path) -> list[str]:
    """Distinct names of an expert's cleaning, and of Google Patents: Latin, Chinese, Japanese, Korean, Cyrillic."""
    names: set[str] = set()
    with gzip.open(samples / "drones" / "applicants_raw_to_cleaned_15776.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            names.update(part.strip() for part in row["applicant"].split(";"))
    with (samples / "solid_state_battery" / "google_patents_4264.csv").open(encoding="utf-8") as file:
        next(file)
        for row in csv.DictReader(file):
            names.add(row["assignee"].strip())
    with (samples / "formats" / "lens2021_3779.csv").open(encoding="utf-8-sig", errors="replace") as file:
        for row in csv.DictReader(file):
            names.update(part.strip() for part in row["Applicants"].split(";;"))
    return sorted(names - {""})
