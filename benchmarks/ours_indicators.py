"""Our indicators over concluded tables, as `pingjiang indicators` computes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.generate.release import paths
from pingjiang.config import Settings
from pingjiang.engine import Session, open_engine
from pingjiang.identities import Items
from pingjiang.indicators import run_all

INDICATORS = (
    "filings_by_year", "grants_by_year", "growth_by_year", "cagr", "top_organisations", "concentration",
    "new_entrants_by_year", "countries", "country_node", "node_year", "co_applicants", "claim_counts",
)  # fmt: skip
_COUNTED = (
    "publication", "application", "simple_family", "extended_family", "organisation", "publication_applicant",
    "publication_node", "publication_place",
)  # fmt: skip
_READ = ("chain_node", "chain_closure", "horizon")


def indicators(release: Path, memory_limit: str, engine: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Twelve indicators for all units from concluded tables, here or on a cluster ("sc://HOST:PORT").

    What indicators share (items and their links) is made here too: it is part of our time.
    """
    settings = Settings.from_environment({"PINGJIANG_MEMORY_LIMIT": memory_limit})
    with open_engine(settings, release, engine) if engine else Session(memory_limit=memory_limit) as session:
        counted = {name: session.read_parquet(paths(release, name)) for name in _COUNTED}
        items = Items(session, **counted)
        session.name_tables(
            {
                **counted,
                **{name: session.read_parquet(paths(release, name)) for name in _READ},
                "item": items.item,
                "counted_organisation": items.counted_organisation,
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
