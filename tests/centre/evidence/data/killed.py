"""What a process does until it is killed; it knows no site."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from pingjiang import pipeline
from pingjiang.engine import Lake
from tests.search.conftest import SETTINGS


def import_and_wait(folder: str, path: str, begun: Any) -> None:
    """Import a file, and stay before the release is published."""

    def told(_receipt: object) -> None:
        begun.set()
        time.sleep(60)

    pipeline.import_files([Path(path)], Lake(Path(folder)), settings=SETTINGS, told=told)
