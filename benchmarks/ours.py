"""Our side of each measurement, through the same doors that a user's command goes through."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

CHAIN = "semiconductors"


def import_file(path: Path, lake: Path) -> dict[str, Any]:
    """`pingjiang import`: one file into a lake. The receipt as plain data."""
    told = json.loads(command("import", str(path), "--lake", str(lake), "--json"))
    return dict(told["files"][0])


def build_lake(lake: Path, engine: str | None = None) -> dict[str, Any]:
    """`pingjiang build`, here or on a cluster."""
    where = ["--engine", engine] if engine else []
    return dict(json.loads(command("build", "--lake", str(lake), "--chain", CHAIN, "--json", *where)))


def count_publications(lake: Path) -> dict[str, Any]:
    """`pingjiang indicators`: how many publications have a filing year, and up to which release they are counted."""
    told = json.loads(command("indicators", "--lake", str(lake), "--name", "filings_by_year", "--json"))
    [entry] = [each for each in told["indicators"] if each["unit"] == "publication"]
    return {"publications": sum(row["value"] for row in entry["rows"]), "updated": told["updated"]}


def exports_to_atlas(folder: Path, lake: Path, out: Path) -> dict[str, Any]:
    """Three exports to an atlas, as a person does it: `pingjiang import`, `build`, `atlas`.

    All three commands run whether something is new or not; what is known already they find out themselves.
    """
    files = [str(folder / name) for name in ("incopat.xlsx", "patentics.csv", "lens.csv")]
    told = json.loads(command("import", *files, "--lake", str(lake), "--json"))
    command("build", "--lake", str(lake), "--chain", CHAIN)
    command("atlas", "--lake", str(lake), "--out", str(out))
    return {"receipts": told["files"], "bytes": (out / "atlas.html").stat().st_size}


def command(*arguments: str) -> str:
    """Run a command of the program in this process. Returns what it printed; a refusal ends the process."""
    from pingjiang.cli import main

    printed = io.StringIO()
    sys.argv = ["pingjiang", *arguments]
    with contextlib.redirect_stdout(printed):
        try:
            main()
        except SystemExit as leave:
            if leave.code not in (0, None):
                raise
    return printed.getvalue()
