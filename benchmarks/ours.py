"""Our side of each measurement, through the same doors that a user's command goes through."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

INDICATORS = (
    "filings_by_year", "grants_by_year", "growth_by_year", "cagr", "top_organisations", "concentration",
    "new_entrants_by_year", "countries", "country_node", "node_year", "co_applicants", "claim_counts",
)  # fmt: skip
CHAIN = "semiconductors"
_COUNTED = (
    "publication", "application", "simple_family", "organisation", "publication_applicant", "publication_node",
    "publication_place",
)  # fmt: skip
_READ = ("chain_node", "chain_closure", "horizon")


def indicators(release: Path, memory_limit: str) -> dict[str, list[tuple[Any, ...]]]:
    """Twelve indicators for all units from concluded tables.

    What indicators share (items and their links) is made here too: it is part of our time.
    """
    # Each side loads what it uses: an import should not wait for what indicators need.
    from benchmarks.generate.release import paths
    from pingjiang.engine import Session
    from pingjiang.identities import Items
    from pingjiang.indicators import run_all

    with Session(memory_limit=memory_limit) as session:
        counted = {name: session.read_parquet(paths(release, name)) for name in _COUNTED}
        items = Items(session, **counted)
        session.name_tables(
            {
                **counted,
                **{name: session.read_parquet(paths(release, name)) for name in _READ},
                "item": items.item,
                "item_organisation": items.item_organisation,
                "organisation_year": items.organisation_year,
                "organisation_total": items.organisation_total,
                "item_node": items.item_node,
                "item_country": items.item_country,
                "item_in_several_countries": items.item_in_several_countries,
                "located": items.located,
            }
        )
        results = run_all(session, INDICATORS)
        return {name: list(zip(*result.to_pydict().values(), strict=True)) for name, result in results.items()}


def import_workbook(path: Path, lake: Path) -> dict[str, Any]:
    """`pingjiang import`: one file into a lake. The receipt as plain data."""
    told = json.loads(command("import", str(path), "--lake", str(lake), "--json"))
    return dict(told["files"][0])


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
