"""An outline or a chain file that somebody hands in: read, checked beside what is there, and taken as a new version."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.evidence.chain.shown import chain_to_come
from pingjiang.centre.evidence.models import ChainFinding, DataLake
from pingjiang.centre.evidence.opening import lake_of
from pingjiang.centre.evidence.persons import name_in_log
from pingjiang.chain.outline import read_outline, write_outline
from pingjiang.chain.tree import Chain, load
from pingjiang.chain.versions import between
from pingjiang.config import Settings
from pingjiang.pipeline.own_chains import OwnVersion, check_beside, keep_chain


def read_handed_in(row: DataLake, upload: Path, actor: Actor) -> ChainFinding:
    """A draft of what was handed in, an Excel outline or YAML, with what it would change. Nothing is taken yet.

    PingjiangError says where it cannot be read, breaks a rule, or would lose the history of the lake.
    """
    lake = lake_of(row)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chain.yaml"
        if upload.suffix.lower() in (".yaml", ".yml"):
            file.write_bytes(upload.read_bytes())
        else:
            read_outline(upload, file, Settings.from_environment())
        told = check_beside(lake, file)
        made = load(file)
        told["rules_count"] = sum(len(leaf.rules) for leaf in load(file).leaves())
        told["title_zh"], told["title_en"] = made.name_zh, made.name_en
        told["file"], told["text"] = upload.name, file.read_text(encoding="utf-8")
    return ChainFinding.objects.create(
        lake=row, kind="draft", key=f"{made.id} {made.sha256}", told=told, made_by=actor.membership
    )


def take(draft: ChainFinding, actor: Actor, why: str) -> OwnVersion:
    """Keep a draft as the lake's newest version of its chain; the next build goes by it.

    It is checked once more: meanwhile another version may have come.
    """
    row = draft.lake
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chain.yaml"
        file.write_text(draft.told["text"], encoding="utf-8")
        made, _ = keep_chain(lake_of(row), file, who=name_in_log(actor), why=why)
    if row.chain != made.chain:
        DataLake.objects.filter(pk=row.pk).update(chain=made.chain)
    return made


def differs_from_next(row: DataLake, made: Chain) -> dict[str, Any] | None:
    """What a chain changes of the one of the next build; None where that is another chain."""
    now = chain_to_come(row)
    return between(now.nodes(), made.nodes(), made.removed).as_dict() if now.id == made.id else None


def outline_of(chain: Chain) -> bytes:
    """The chain as an outline in Excel."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outline.xlsx"
        write_outline(chain, path)
        return path.read_bytes()
