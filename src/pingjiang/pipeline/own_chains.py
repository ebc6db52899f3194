"""Chains that a lake has of its own: versions that are only ever added, with who kept each and when.

    LAKE/chains/<chain>/<sha256>.yaml   a version as it was written
    LAKE/chains/<chain>/0003.json       the third version: which file, who, when, why

A version is there once its number is; a file without one is none. Nothing is changed or removed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pingjiang.chain.tree import Chain, load, shipped
from pingjiang.config import Settings
from pingjiang.documents.target import fresh_file
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, LakeCorrupt
from pingjiang.judgements import person
from pingjiang.pipeline.chains import check_chain

FOLDER = "chains"


@dataclass(frozen=True, slots=True)
class OwnVersion:
    """A version that a lake keeps: `number` from 1 on, `version` as the chain calls it, `at` a moment in UTC."""

    chain: str
    number: int
    version: str
    sha256: str
    who: str
    at: str
    why: str | None
    path: Path

    def load(self) -> Chain:
        """The chain. LakeCorrupt where its file is not as it was written."""
        data = self.path.read_bytes() if self.path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise LakeCorrupt(
                "数据湖保存的产业链版本与写入时不同。", "This version of the chain is not as it was written.",
                file=str(self.path), remedy=("从备份恢复该文件。", "Restore the file from a backup."),
            )  # fmt: skip
        return load(self.path)


def own_versions(lake: Lake, chain: str) -> list[OwnVersion]:
    """The versions of a chain that the lake keeps, oldest first."""
    if not chain or "/" in chain or chain.startswith("."):
        return []
    found = []
    for path in sorted((lake.folder / FOLDER / chain).glob("[0-9]*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            found.append(OwnVersion(**told, path=path.with_name(f"{told['sha256']}.yaml")))
        except (ValueError, KeyError, TypeError) as error:
            raise LakeCorrupt(
                "产业链版本的记录已损坏。", "The record of a version of the chain is damaged.", file=str(path),
                remedy=("从备份恢复该文件。", "Restore the file from a backup."),
            ) from error  # fmt: skip
    return found


def own_chains(lake: Lake) -> list[str]:
    """The ids of the chains of which the lake keeps versions."""
    return sorted({path.parent.name for path in (lake.folder / FOLDER).glob("*/[0-9]*.json")})


def chain_in_force(lake: Lake, name: str) -> str:
    """What `load` wants for the next build by this chain: the newest version that the lake keeps, else `name`."""
    kept = own_versions(lake, name)
    return str(kept[-1].path) if kept else name


def chain_of_digest(lake: Lake, name: str, sha256: str) -> Chain | None:
    """The version of a chain with this SHA-256, of those that the lake keeps and the shipped one; None for neither."""
    for each in own_versions(lake, name):
        if each.sha256 == sha256:
            return each.load()
    found = load(name) if name in shipped() else None
    return found if found is not None and found.sha256 == sha256 else None


def check_beside(lake: Lake, file: Path, *, settings: Settings | None = None) -> dict[str, Any]:
    """`check_chain` beside the current release where that was built; of a lake that was not, the chain alone."""
    current = lake.current()
    built = current is not None and "built" in current.info
    return check_chain(lake if built else None, str(file), settings=settings)


def keep_chain(
    lake: Lake, file: Path, *, who: str, why: str | None = None, settings: Settings | None = None
) -> tuple[OwnVersion, dict[str, Any]]:
    """Keep a chain as the lake's newest version of it, if it can be read and loses no history; with what it changes.

    The same content again gives the version that is there. DefinitionError where the chain breaks a rule, loses
    history, or calls itself like an earlier version that it is not.
    """
    name, loaded = person(who), load(file)
    _require_new_name(lake, loaded)
    told = check_beside(lake, file, settings=settings)
    before = own_versions(lake, loaded.id)
    if before and before[-1].sha256 == loaded.sha256:
        return before[-1], told
    folder = lake.folder / FOLDER / loaded.id
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{loaded.sha256}.yaml"
    if not path.exists():
        with fresh_file(path, overwrite=True) as unfinished:
            unfinished.write_bytes(file.read_bytes())
    number = before[-1].number + 1 if before else 1
    made = OwnVersion(
        loaded.id, number, loaded.version, loaded.sha256, name,
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), (why or "").strip() or None, path,
    )  # fmt: skip
    kept = {key: value for key, value in asdict(made).items() if key != "path"}
    with fresh_file(folder / f"{number:04}.json", overwrite=False) as unfinished:  # refused where somebody was quicker
        unfinished.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return made, told


def _require_new_name(lake: Lake, loaded: Chain) -> None:
    known = {each.version: each.sha256 for each in own_versions(lake, loaded.id)}
    if loaded.id in shipped():
        known.setdefault(load(loaded.id).version, load(loaded.id).sha256)
    if known.get(loaded.version, loaded.sha256) != loaded.sha256:
        raise DefinitionError(
            f"版本号 {loaded.version} 已用于另一内容的产业链。",
            f"Version {loaded.version} is the name of another content of this chain.",
            file=loaded.file,
            remedy=("换一个版本号；各版不改。", "Give it another version: versions are never changed."),
        )
