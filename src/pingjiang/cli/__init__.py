"""The commands. Thin: each calls the pipeline, shows progress on stderr and the answer on stdout.

Exit codes: 0 all accounted for; 1 something else went wrong; 2 input or command refused; 3 a measured figure
lies below its bar; 130 interrupted.
"""

from pingjiang.cli import (
    chain,
    data,
    evaluate,
    exchange,
    identities,
    legal,
    query,
    results,
    search,
    similar,
    site,
    strategy,
    tag,
)
from pingjiang.cli.frame import app
from pingjiang.cli.running import main

__all__ = [
    "app",
    "chain",
    "data",
    "evaluate",
    "exchange",
    "identities",
    "legal",
    "main",
    "query",
    "results",
    "search",
    "similar",
    "site",
    "strategy",
    "tag",
]
