"""A lake that was made elsewhere, taken over by the site."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from django.db import transaction

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.evidence.models import DataLake
from pingjiang.engine import Lake
from pingjiang.engine.pins import PINS
from pingjiang.errors import Words

_WRITTEN_IN_PLACE = frozenset({"CURRENT", "judgements.jsonl"})


def adopt(source: Lake, owner: Organisation, name: Words, *, chain: str, open_sources: bool) -> DataLake:
    """A lake of the site with the releases of `source`; the one of this owner and name where it is there already.

    Files are linked where that can be: releases never change. It is there as a whole or not at all. LakeError where
    the source is none.
    """
    source.require_current().require_files()
    zh, en = name if not isinstance(name, str) else (name, name)
    with transaction.atomic():
        row, made = DataLake.objects.select_for_update().get_or_create(
            owner=owner, name_zh=zh, defaults={"name_en": en, "chain": chain, "open_sources": open_sources}
        )
        if made or not row.path.exists():
            _taken_over(source.folder, row.path)
    return row


def _taken_over(source: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    for path in sorted(source.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.name.endswith((".part", ".lock")) or path.name == PINS:
            continue
        into = part / path.relative_to(source)
        into.parent.mkdir(parents=True, exist_ok=True)
        try:
            if path.name in _WRITTEN_IN_PLACE:
                raise OSError
            os.link(path, into)
        except OSError:
            shutil.copy2(path, into)
    part.rename(target)
