"""The job that builds a lake anew, so that what people judged counts."""

from __future__ import annotations

from typing import Any

from pingjiang import pipeline
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import lake_of
from pingjiang.centre.jobs import functions
from pingjiang.centre.jobs.handle import Handle
from pingjiang.chain.tree import load as load_chain

KIND = "evidence-rebuild"


@functions.register(KIND, ("重新构建数据湖", "Build a lake anew"), attempts=2)
def rebuild(handle: Handle, *, lake: int) -> dict[str, Any]:
    """Build the lake by its chain. Where nothing changed since its release that one stands."""
    row = DataLake.objects.get(pk=lake)
    built = pipeline.build(
        lake_of(row),
        load_chain(row.chain),
        progress=lambda what, done, of: handle.progress(done, of, (what, what)),
    )
    return {"release": built.release, "unchanged": built.unchanged}
