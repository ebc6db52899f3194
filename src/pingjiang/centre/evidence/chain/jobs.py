"""What takes longer than a page may: registered for the workers, and how a page asks for it and finds what it found."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.evidence.models import ChainFinding, DataLake, TaggingList
from pingjiang.centre.evidence.opening import lake_of
from pingjiang.centre.jobs import functions, service
from pingjiang.centre.jobs.handle import Handle
from pingjiang.centre.jobs.models import Job
from pingjiang.chain.tree import load
from pingjiang.judging.strategy import StrategyDesk, drawn
from pingjiang.judging.strategy_sheets import write_strategy
from pingjiang.judging.tagging import TagDesk
from pingjiang.pipeline.chains import chain_coverage, chain_diff
from pingjiang.pipeline.own_chains import FOLDER

_SPACE = uuid.UUID("5c1d9d3e-6a35-4b8e-9f0d-2f1f3c0b7a11")


def files_of(row: DataLake, kind: str) -> Path:
    """The folder of files that belong to findings of a kind."""
    folder = row.path / FOLDER / f".{kind}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_file(row: DataLake, kind: str, data: bytes, suffix: str) -> str:
    """Keep a file that was handed in under its digest; its name."""
    name = hashlib.sha256(data).hexdigest()[:32] + suffix
    (files_of(row, kind) / name).write_bytes(data)
    return name


def ask(kind: str, row: DataLake, key: str, actor: Actor, **arguments: Any) -> Job:
    """Queue a job on a lake; the same asked twice by one person is one job, begun anew where it had failed."""
    told = {"lake": row.pk, "key": key, **arguments}
    request = uuid.uuid5(_SPACE, f"{kind} {sorted(told.items())} {actor.membership.pk}")
    job = service.enqueue(kind, told, actor, request=request)
    return service.retry(job, actor) if job.state in ("failed", "cancelled") else job


def latest(kind: str, row: DataLake, key: str) -> Job | None:
    """The job that was asked for last."""
    return Job.objects.filter(kind=kind, arguments__lake=row.pk, arguments__key=key).order_by("-pk").first()


def found(row: DataLake, kind: str, key: str, release: str) -> ChainFinding | None:
    """What a job found."""
    return ChainFinding.objects.filter(lake=row, kind=kind, key=key, release=release).first()


def _write(handle: Handle, row: DataLake, kind: str, key: str, told: dict[str, Any]) -> ChainFinding:
    with handle.fenced():
        return ChainFinding.objects.create(
            lake=row, release=told["release"], kind=kind, key=key, told=told, made_by=handle.job.owner
        )


@functions.register("chain strategy", ("计算检索策略各块命中", "Count the blocks of a search strategy"))
def strategy(handle: Handle, *, lake: int, key: str, chain: str, known: str = "") -> dict[str, Any]:
    """Hits of the blocks of a chain on the newest release, recall of known patents, and the workbook of it all."""
    row = DataLake.objects.get(pk=lake)
    handle.progress(0, 2, ("计算各块命中", "Counting hits of blocks"))
    listed = files_of(row, "known") / Path(known).name if known else None
    told = StrategyDesk(lake_of(row)).strategy(chain, known=listed)
    handle.progress(1, 2, ("写工作簿", "Writing the workbook"))
    made = _write(handle, row, "strategy", key, told.as_dict())
    write_strategy(told, files_of(row, "strategy") / f"{made.pk}.xlsx", drawn=drawn(None, 30), overwrite=True)
    handle.progress(2, 2)
    return {"finding": made.pk}


@functions.register("chain diff", ("比较产业链两版", "Compare two versions of a chain"))
def diff(handle: Handle, *, lake: int, key: str, new: str, old: str) -> dict[str, Any]:
    """Which publications of the newest release move from one version to another."""
    row = DataLake.objects.get(pk=lake)
    handle.progress(0, 1, ("按两版归类", "Placing by both versions"))
    made = _write(handle, row, "diff", key, chain_diff(lake_of(row), new, old=old))
    handle.progress(1, 1)
    return {"finding": made.pk}


@functions.register("chain national", ("按国家分类表统计", "Count by a national table"))
def national(handle: Handle, *, lake: int, key: str, table: str, name: str) -> dict[str, Any]:
    """How a national table covers the newest release, in both readings."""
    row = DataLake.objects.get(pk=lake)
    handle.progress(0, 1, ("按对照表归类", "Placing by the table"))
    told = chain_coverage(lake_of(row), str(files_of(row, "tables") / Path(table).name))
    made = _write(handle, row, "national", key, {**told, "file": name})
    handle.progress(1, 1)
    return {"finding": made.pk}


@functions.register("tagging train", ("训练标引分类器", "Train the classifier of a list"))
def train(handle: Handle, *, lake: int, key: str, again: str) -> dict[str, Any]:
    """Learn the tags of a list from what people agree on."""
    row = DataLake.objects.get(pk=lake)
    told = TaggingList.objects.get(lake=row, name=key)
    handle.progress(0, 1, ("学习", "Learning"))
    model, left = TagDesk(lake_of(row)).train(told.name)
    handle.progress(1, 1)
    return {"list": told.pk, "tags": list(model.model.tags), "left_out": left, "again": again}


def chain_key(source: str) -> str:
    """What a finding on a chain is known by: its id and digest."""
    chain = load(source)
    return f"{chain.id} {chain.sha256}"
