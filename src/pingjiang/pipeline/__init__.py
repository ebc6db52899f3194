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
from pingjiang.pipeline.changes import changes
from pingjiang.pipeline.importing import ImportResult, import_files, update
from pingjiang.pipeline.looking import Look, Tried, look_into, try_format
from pingjiang.pipeline.progress import Progress
from pingjiang.pipeline.releases import reached, require_built, seal_of

__all__ = [
    "SAID_TABLES",
    "Atlas",
    "BuildResult",
    "ImportResult",
    "Look",
    "Progress",
    "Tried",
    "build",
    "chain_nodes",
    "changes",
    "conclude",
    "find",
    "import_files",
    "indicators",
    "legal_calendar",
    "legal_state",
    "legal_unknown",
    "look_into",
    "reached",
    "require_built",
    "seal_of",
    "try_format",
    "update",
    "write_atlas",
]
