"""What runs, in which order, from files to a release. The one place that wires the steps."""

from pingjiang.pipeline.answers import (
    Atlas,
    chain_nodes,
    find,
    indicators,
    legal_calendar,
    legal_state,
    legal_unknown,
    write_atlas,
)
from pingjiang.pipeline.building import SAID_TABLES, BuildResult, build, conclude
from pingjiang.pipeline.importing import ImportResult, import_files, update
from pingjiang.pipeline.progress import Progress
from pingjiang.pipeline.releases import reached, require_built, seal_of

__all__ = [
    "SAID_TABLES",
    "Atlas",
    "BuildResult",
    "ImportResult",
    "Progress",
    "build",
    "chain_nodes",
    "conclude",
    "find",
    "import_files",
    "indicators",
    "legal_calendar",
    "legal_state",
    "legal_unknown",
    "reached",
    "require_built",
    "seal_of",
    "update",
    "write_atlas",
]
