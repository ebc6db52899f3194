"""A verified package becomes a release: of a new lake as it is, of one with releases as further sources.

Into a lake without a release the files go as they are, with all that was concluded from them. A lake that has
releases keeps its own conclusions: it takes over what the package's sources said, as an import would, and the next
build concludes over both. Either way it is one atomic step, and the same package once more changes nothing.

What the sender's people judged comes along and is added to the log of this lake, right before the release is
published: each row once, with the fingerprint of the sender. Where the publication fails then, the log is ahead of
the releases; its rows wait for the names that they judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pingjiang.config import Settings
from pingjiang.engine import Draft, Lake, Session, Table, open_engine
from pingjiang.errors import PackageRefused
from pingjiang.exchange.keys import Keys
from pingjiang.exchange.package import Package, contents, verify
from pingjiang.judgements import Judgement, Log, from_history, merge
from pingjiang.pipeline import SAID_TABLES, Progress, seal_of, update
from pingjiang.schema import load_tables, table
from pingjiang.sources import FileReceipt

_CONCLUDED = ("built", "made_from", "chain", "checks")  # what a release says of its build


@dataclass
class Received:
    """What an import of a package did. `built`: the release can be asked for indicators as it is."""

    release: str
    package_release: str
    sender: str
    fingerprint: str
    built: bool = False
    already_imported: bool = False
    rows: dict[str, int] = field(default_factory=dict)  # written, by table
    repeated: int = 0  # records that said nothing the lake did not know
    sources_added: list[str] = field(default_factory=list)
    sources_known: list[str] = field(default_factory=list)
    judgements: int = 0  # added to the log


def import_package(
    path: Path,
    lake: Lake,
    keys: Keys,
    *,
    settings: Settings | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> Received:
    """Verify a package and publish what it holds as a release of the lake.

    Raises PackageRefused (it was changed, its sender is unknown, it does not fit), LakeError; the lake is as before.
    """
    package = verify(path, keys, progress=progress)
    _require_said(package)
    judged = _judgements(package)
    with lake.draft() as draft:
        told = Received("", package.manifest.release, package.sender.name, package.sender.key.fingerprint)
        earlier = draft.base.info.get("packages", []) if draft.base else []
        if draft.base is not None and any(each["sha256"] == package.sha256 for each in earlier):
            told.release, told.already_imported = draft.base.id, True
            told.built = draft.base.info.get("built") == draft.base.id
            told.sources_known = [source["source_id"] for source in _sources(package)]
            return told
        if draft.base is None:
            _take_whole(draft, package, judged, told)
        else:
            _take_said(draft, package, judged, told, settings or Settings.from_environment())
        return told


def _require_said(package: Package) -> None:
    """A package of concluded tables alone can be read elsewhere, but nothing could be built from it."""
    if not set(SAID_TABLES) & set(package.manifest.tables):
        raise PackageRefused(
            "数据包里没有来源所述的表，无法构建。",
            "The package holds nothing that sources said: nothing could be built from it.",
            file=str(package.path),
            remedy=("请发送方不用 --table 重新导出。", "Have the sender export it without --table."),
        )
    try:
        for source in _sources(package):
            FileReceipt(**source)
    except TypeError as error:
        raise PackageRefused(
            f"数据包的导入回执不是本程序的样子（{error}）。",
            f"The receipts in the package are not those of this program ({error}).",
            file=str(package.path),
            remedy=("请让双方使用同一版本的程序。", "Use the same version of the program on both sides."),
        ) from error


def _sources(package: Package) -> list[dict[str, Any]]:
    return list(package.manifest.info.get("sources", []))


def _note(package: Package, added: Sequence[str]) -> dict[str, Any]:
    """What a release keeps of a package that it came from."""
    return {
        "sha256": package.sha256,
        "release": package.manifest.release,
        "created_at": package.manifest.created_at,
        "program": package.manifest.program,
        "sender": package.sender.key.fingerprint,
        "sources": list(added),
    }


# -- what people judged ------------------------------------------------------------------------------


def _judgements(package: Package) -> list[Judgement]:
    """The log of the sender, as the package's release has it; nothing where that table is not in it."""
    if "judgement" not in package.manifest.tables:
        return []
    rows: list[dict[str, Any]] = []
    for _, _, pieces in contents(package, "judgement"):
        rows += pq.read_table(pa.BufferReader(b"".join(pieces))).to_pylist()
    try:
        return from_history(rows)
    except ValueError as error:
        raise PackageRefused(
            f"数据包里的人工判断有不合规定的行（{error}）。",
            f"A row of the judgements in the package breaks a rule ({error}).",
            file=str(package.path),
            remedy=("请发送方重新构建并导出。", "Have the sender build and export again."),
        ) from error


def _keep_judgements(draft: Draft, judged: Sequence[Judgement], told: Received) -> None:
    """Add them to the log of this lake: what is known is known by its id, whoever sent it."""
    if judged:
        told.judgements = len(merge(Log(draft.lake.judgements), judged, told.fingerprint, seal_of(draft.base)))


# -- into a lake without a release -------------------------------------------------------------------


def _take_whole(draft: Draft, package: Package, judged: Sequence[Judgement], told: Received) -> None:
    for name in package.manifest.tables:
        draft.tables[name] = []
    for name, file, pieces in contents(package):
        draft.take(name, pieces, file.rows)
    info = dict(package.manifest.info)
    if load_tables().keys() <= package.manifest.tables.keys():
        # The release that was built is this one, under the id that it has here; an older one stays stale.
        told.built = info.get("built") == package.manifest.release
        info["built"] = draft.id if told.built else info.get("built")
    if info.get("built") is None or not load_tables().keys() <= package.manifest.tables.keys():
        info = {name: value for name, value in info.items() if name not in _CONCLUDED}
    told.sources_added = [source["source_id"] for source in _sources(package)]
    told.rows = {name: package.manifest.rows(name) for name in package.manifest.tables}
    packages = [*info.get("packages", []), _note(package, told.sources_added)]
    _keep_judgements(draft, judged, told)
    info["judgements"] = asdict(Log(draft.lake.judgements).read().seal)
    told.release = draft.publish(**{**info, "made_by": "package", "packages": packages}).id


# -- into a lake that has releases -------------------------------------------------------------------


def _take_said(draft: Draft, package: Package, judged: Sequence[Judgement], told: Received, settings: Settings) -> None:
    """Add what the package's sources said that the lake does not hold yet, as an import would."""
    assert draft.base is not None
    info = dict(draft.base.info)
    ours = list(info["sources"])
    added = _new_sources(package, ours, told)
    draft.keep(*draft.base.tables)
    if not added:
        _keep_judgements(draft, judged, told)
        told.release = draft.base.id
        return
    with open_engine(settings, draft.lake.folder) as session:
        renamed = _renamed(session, added, ours)
        known = {name: _known(session, draft, name, [source["source_id"] for source in ours]) for name in _KEYED}
        for name in SAID_TABLES:
            _add_said(session, draft, package, name, renamed, known, told)
        info["sources"] = [*ours, *added]
        info["updated"], _ = update(session, draft, info["sources"])
    packages = [*info.get("packages", []), _note(package, told.sources_added)]
    _keep_judgements(draft, judged, told)
    told.release = draft.publish(**{**info, "made_by": "package", "packages": packages}).id


def _new_sources(package: Package, ours: Sequence[Mapping[str, Any]], told: Received) -> list[dict[str, Any]]:
    """The sources of the package that the lake does not have. PackageRefused where both read one file differently."""
    known = {(source["sha256"], source["format"]): source for source in ours}
    ids = {source["source_id"] for source in ours}
    added = []
    for source in _sources(package):
        here = known.get((source["sha256"], source["format"]))
        if here is None and source["source_id"] not in ids:
            added.append(source)
            told.sources_added.append(source["source_id"])
        elif here is not None and here.get("spec") == source.get("spec"):
            told.sources_known.append(source["source_id"])
        else:
            raise PackageRefused(
                f"来源 {source['path']} 在本数据湖中由另一版本的格式 {source['format']} 读入，两种读法不能并存。",
                f"The source {source['path']} was read into this lake by another version of the format "
                f"{source['format']}: two readings of one file cannot stand beside each other.",
                file=str(package.path),
                remedy=(
                    "请用同一版本的程序在双方重新导入该文件，或把数据包导入新的数据湖。",
                    "Import the file anew on both sides with the same program, or the package into a new lake.",
                ),
            )
    return added


def _renamed(session: Session, added: Sequence[Mapping[str, Any]], ours: Sequence[Mapping[str, Any]]) -> Table:
    """The new sources as (source_id, name, shown): the name of the file in addresses, and the one that it gets here.

    A file called like one that was imported before bears the start of its hash, as it would after an import.
    """
    taken = {Path(source["path"]).name: source["sha256"] for source in ours}
    rows = []
    for source in added:
        name = Path(source["path"]).name
        apart = taken.get(name, source["sha256"]) != source["sha256"]
        rows.append((source["source_id"], name, f"{name}~{source['sha256'][:8]}" if apart else name))
    return session.from_rows({"source_id": "VARCHAR", "name": "VARCHAR", "shown": "VARCHAR"}, rows)


_KEYED = ("record", "register_entry")  # said tables in which the same word stands once


def _known(session: Session, draft: Draft, name: str, counted: Sequence[str]) -> Table:
    """What the lake's counted sources said: (key, content_hash), each once."""
    assert draft.base is not None
    base = draft.base.open(session, name).get(name) or session.from_rows(table(name).engine_columns(), [])
    sources = session.from_rows({"source_id": "VARCHAR"}, [(source_id,) for source_id in counted])
    return session.materialise(
        "select distinct r.key, r.content_hash from r semi join s on s.source_id = r.source_id", r=base, s=sources
    )


# The address is FORMAT:FILE…; of FILE the beginning is the file's name, or that name told apart already.
_ADDRESS = """
  case
    when n.shown = n.name or starts_with(s.source_row, f.format || n.shown) then s.source_row
    when starts_with(s.source_row, f.format || n.name)
      then f.format || n.shown || substr(s.source_row, length(f.format || n.name) + 1)
    else s.source_row
  end
"""


def _add_said(
    session: Session,
    draft: Draft,
    package: Package,
    name: str,
    renamed: Table,
    known: Mapping[str, Table],
    told: Received,
) -> None:
    """Write the rows of a said table that come from the new sources; those that repeat what is known are left out."""
    staged = [draft.stage(name, pieces) for _, _, pieces in contents(package, name)]
    if not staged:
        return
    columns = ", ".join(
        f"{_ADDRESS} as source_row" if column == "source_row" else f's."{column}"'
        for column in table(name).engine_columns()
    )
    rows = session.sql(
        f"""
        select {columns}
        from s
        join n on n.source_id = s.source_id,
        lateral (select regexp_extract(s.source_row, '^[^:]*:') as format) f
        """,
        s=session.read_parquet(staged),
        n=renamed,
    )
    if name in known:
        there = rows.count()
        rows = rows.sql(
            "select self_.* from self_ anti join k on k.key = self_.key and k.content_hash = self_.content_hash",
            k=known[name],
        )
        told.rows[name] = draft.add(name, rows)
        told.repeated += there - told.rows[name]
    else:
        told.rows[name] = draft.add(name, rows)
    for path in staged:
        path.unlink()
