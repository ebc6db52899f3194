"""What the command line asks of the site. Loaded only when a command of the site runs."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import django

from pingjiang.errors import DefinitionError


def ready() -> None:
    """Set Django up by the environment. DefinitionError names a variable that is of no use."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pingjiang.centre.settings")
    django.setup()
    from django.conf import settings

    settings.SITE_FOLDER.mkdir(parents=True, exist_ok=True)


def verify_audit(known: str | None) -> Any:
    """The verdict on the history (casework.history.Verdict)."""
    ready()
    from pingjiang.centre.casework import history

    return history.verify(known)


def write_backup(out: Path, *, overwrite: bool, progress: Any) -> dict[str, Any]:
    """The whole site into one file: its manifest."""
    ready()
    from pingjiang.centre import backup

    return backup.backup(out, overwrite=overwrite, progress=progress)


def restore_backup(file: Path, *, overwrite: bool, progress: Any) -> tuple[dict[str, Any], Any]:
    """The whole site from one file: its manifest, and the verdict on its history."""
    ready()
    from django.core.management import call_command

    from pingjiang.centre import backup
    from pingjiang.centre.casework import history

    manifest = backup.restore(file, overwrite=overwrite, progress=progress)
    call_command("migrate", verbosity=0, interactive=False)
    return manifest, history.verify()


def work(*, drain: bool) -> int:
    """Work on the jobs until TERM or INT, or with `drain` until nothing is due: how many attempts were made.

    DefinitionError where the database is not made yet, or is of another version of the program.
    """
    ready()
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from pingjiang.centre import backup
    from pingjiang.centre.jobs import worker

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise DefinitionError(
            "网站的数据库还没有建好，或属于以前的版本。",
            "The database of the site is not made yet, or is of an earlier version.",
            remedy=("请先运行 pingjiang serve。", "Run pingjiang serve first."),
        )  # fmt: skip
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with backup.in_use(settings.SITE_FOLDER):
        return worker.serve(drain=drain)
