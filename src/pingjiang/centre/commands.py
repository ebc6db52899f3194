"""What the command line asks of the site. Loaded only when a command of the site runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django


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
