"""Files into the lake: all of them as one release, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pingjiang.config import Settings
from pingjiang.engine import Draft, Gathered, Lake, Release, Session, open_engine
from pingjiang.errors import FormatUnknown, QueryFailed
from pingjiang.files import RawDocuments, RawTable, open_file, sha256_of
from pingjiang.pipeline.progress import Progress, silent
from pingjiang.pipeline.releases import reached, shaped
from pingjiang.sources import (
    FileReceipt,
    Format,
    Known,
    KnownFirms,
    Recognised,
    SaidRows,
    known_names,
    read_definitions,
    read_documents,
    read_listing,
    read_register,
    read_table,
    recognise,
    recognise_documents,
)
from pingjiang.sources.receipt import Rows, write_doubts, write_rejects

if TYPE_CHECKING:  # of all steps only `conclude` needs these rooms, and an import begins sooner without them
    pass

# A file of rejects or doubts to be written once the release is published: how, where, and its rows.
Leftover = tuple[Callable[[Path, Rows], None], Path, Rows]


@dataclass
class ImportResult:
    """Receipts in the order of the files, and the release that holds them.

    built         the release in which families, organisations, places and the chain were concluded; None before
    updated       the release up to which publications and applications are counted: this one, or `built`
    not_updated   why they are not counted up to this one, where something was built and that failed
    """

    receipts: list[FileReceipt]
    release: str
    built: str | None = None
    updated: str | None = None
    not_updated: str | None = None


def import_files(
    paths: Sequence[Path],
    lake: Lake,
    *,
    forced: Format | Mapping[Path, Format] | None = None,
    own: Sequence[Format] = (),
    by: str | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
    told: Callable[[FileReceipt], None] = lambda _receipt: None,
) -> ImportResult:
    """Import files into the lake as one release: all of them or, where one is refused, none.

    Raises InputRefused (the lake is as before), LakeBusy. A file whose bytes are known already changes
    nothing; where all are, no release is made.

    forced: the format of all files, or of some by path. own: formats beside those that are shipped, by which a file
    may be recognised. by: who imports, for the receipts. told: hears each receipt as soon as its file was read; it
    holds once the release is published.
    """
    settings = settings or Settings.from_environment()
    with ExitStack() as stack:
        draft = stack.enter_context(lake.draft())
        session = stack.enter_context(open_engine(settings, lake.folder))
        base_tables = draft.base.open(session, "record", "register_entry") if draft.base else {}
        draft.keep(*(draft.base.tables if draft.base else ()))
        sources = _Sources(draft.base)
        counted = [source["source_id"] for source in sources.by_key.values()]
        known = Known(session, base_tables.get("record"), counted, files=len(paths))
        firms = KnownFirms(session, base_tables.get("register_entry"), counted)
        gathered = Gathered(session, draft)
        receipts: list[FileReceipt] = []
        leftovers: list[Leftover] = []
        for index, path in enumerate(paths):
            progress(path.name, index, len(paths))
            wanted = forced.get(path) if isinstance(forced, Mapping) else forced
            receipt = _import_one(session, gathered, path, (wanted, own), (known, firms), sources, leftovers)
            if not receipt.already_imported:
                receipt.imported_in, receipt.imported_by = draft.id, by
            told(receipt)
            receipts.append(receipt)
            if not receipt.already_imported:
                sources.add(receipt)
        progress("", len(paths), len(paths))
        if draft.base is not None and all(receipt.already_imported for receipt in receipts):
            return ImportResult(receipts, draft.base.id, **reached(draft.base))
        gathered.write()
        info = dict(draft.base.info) if draft.base else {}
        info |= {"made_by": "import", "sources": list(sources.by_key.values())}
        info["updated"], failed = update(session, draft, info["sources"])
        release = draft.publish(**info)
        for write, file, rows in leftovers:
            write(file, rows)
        return ImportResult(receipts, release.id, **reached(release), not_updated=failed)


def update(session: Session, draft: Draft, sources: Sequence[Mapping[str, Any]]) -> tuple[str | None, str | None]:
    """Conclude what the draft changes beside what was built: the draft's id, and why it could not be done.

    Both are None where nothing was built, or an update before this one is missing. An import must not fail for reasons
    that lie in conclusions. `sources`: those that count in the draft, in the order of their import.
    """
    base = draft.base
    if base is None or reached(base)["updated"] != base.id:
        return None, None
    try:
        _update(session, draft, base, sources)
    except QueryFailed as error:
        draft.updates.clear()
        return None, error.message.partition("\n")[0]
    return draft.id, None


def _update(session: Session, draft: Draft, base: Release, sources: Sequence[Mapping[str, Any]]) -> None:
    from pingjiang import identities

    before = [source["source_id"] for source in base.info["sources"]]
    now = [source["source_id"] for source in sources]
    known = set(base.tables.get("record", ()))
    new = [draft.lake.folder / file.path for file in draft.tables["record"] if file not in known]
    forgotten = sorted(set(before) - set(now))
    if not new and not forgotten:
        draft.keep_updates()
        return
    record = every = session.read_parquet([draft.lake.folder / file.path for file in draft.tables["record"]])
    if any(source.get("reading", 1) > 1 for source in sources):  # what earlier readings said is there and counts not
        counted = session.from_arrow(pa.table({"source_id": pa.array(now, pa.string())}))
        record = every.sql("select self_.* from self_ semi join c on c.source_id = self_.source_id", c=counted)
    changed = session.read_parquet(new).sql(_LINKING) if new else every.sql(f"{_LINKING} where false")
    if forgotten:
        gone = session.from_arrow(pa.table({"source_id": pa.array(forgotten, pa.string())}))
        changed = changed.sql(
            f"select * from self_ union all {_LINKING.replace('self_', 'e')} semi join g on g.source_id = e.source_id",
            e=every,
            g=gone,
        )
    built = base.open(session, *identities.UPDATED_TABLES)
    updates = base.open_updates(session)
    for name, rows in identities.conclude_update(session, record, changed, built, updates, now).items():
        draft.add_update(name, rows)


_LINKING = "select self_.authority, self_.number, self_.application_id, self_.key_kind from self_"


class _Sources:
    """What was imported from, in order: receipts as plain data by (SHA-256, format)."""

    def __init__(self, base: Release | None) -> None:
        told = [] if base is None else base.info["sources"]
        self.by_key: dict[tuple[str, str], dict[str, Any]] = {(s["sha256"], s["format"]): s for s in told}
        self._named: dict[tuple[str, str], set[str]] = {}
        for source in told:
            self._name(source["path"], source["format"], source["sha256"])

    def add(self, receipt: FileReceipt) -> None:
        """Note a file that was read."""
        self.by_key[receipt.sha256, receipt.format] = receipt.as_dict()
        self._name(receipt.path, receipt.format, receipt.sha256)

    def _name(self, path: str, spec: str, sha256: str) -> None:
        self._named.setdefault((spec, Path(path).name), set()).add(sha256)

    def told_apart(self, name: str, receipt: FileReceipt) -> str:
        """The name of a file in addresses: with the start of its hash where another of that name came before."""
        others = self._named.get((receipt.format, name), set()) - {receipt.sha256}
        return f"{name}~{receipt.sha256[:8]}" if others else name


def _import_one(
    session: Session,
    gathered: Gathered,
    path: Path,
    formats: tuple[Format | None, Sequence[Format]],
    known: tuple[Known, KnownFirms],
    sources: _Sources,
    leftovers: list[Leftover],
) -> FileReceipt:
    """Read one file into the draft. Its tables share one receipt; its files of rejects and doubts are added."""
    found, left_out = _recognise(open_file(path, known=known_names()), *formats)
    sha256, spec = sha256_of(path), found[0].spec
    earlier = sources.by_key.get((sha256, spec.name))
    if earlier is not None and earlier.get("spec") == spec.digest:
        return FileReceipt(**{**earlier, "path": _shown(str(path))}).again()
    receipt = FileReceipt(
        _shown(str(path)),
        spec.name,
        f"{sha256[:12]}-{spec.name}",
        sha256,
        spec=spec.digest,
        licence=spec.licence,
        attribution=spec.attribution,
        imported_on=datetime.now(UTC).date().isoformat(),
    )
    if earlier is not None:
        # The spec has changed since: what the file said by the old one is superseded, and it speaks last.
        for each in known:
            each.forget(earlier["source_id"])
        del sources.by_key[sha256, spec.name]
        receipt.reading = earlier.get("reading", 1) + 1
        receipt.source_id += f"-{receipt.reading}"
    receipt.left_out_tables += left_out
    rejected: list[dict[str, str | None]] = []
    doubtful: list[dict[str, str | None]] = []
    name = _shown(path.name)
    told_apart = sources.told_apart(name, receipt)
    for part in found:
        sheet = f"!{part.sheet}" if len(found) > 1 and part.sheet else ""
        file = _shown(part.file)
        address = told_apart + file.removeprefix(name) if file.startswith(name) else file
        place = f"{part.spec.name}:{address}{sheet}"
        for said in _said(session, part, known, receipt, place):
            for table_name, rows in said.tables.items():
                gathered.add(table_name, shaped(session, table_name, rows), rows_read=said.rows_read)
            rejected += said.rejected_rows
            doubtful += said.doubtful_cells
    receipt.check()
    folder = gathered.lake.folder / "rejects"
    if rejected:
        rejects_file = folder / _fitting(path.name, f".{receipt.source_id}.csv")
        leftovers.append((write_rejects, rejects_file, rejected))
        receipt.rejects_file = str(rejects_file)
    if doubtful:
        doubts_file = folder / _fitting(path.name, f".{receipt.source_id}.doubts.csv")
        leftovers.append((write_doubts, doubts_file, doubtful))
        receipt.doubts_file = str(doubts_file)
    return receipt


def _shown(name: str) -> str:
    """A file name as text: bytes of another encoding in it (names out of old archives) become question marks."""
    return name.encode(errors="replace").decode()


def _fitting(name: str, ending: str) -> str:
    """A file name no longer than file systems take (255 bytes), the ending whole."""
    room = 255 - len(ending.encode()) - len(".part")
    return name.encode(errors="replace")[:room].decode(errors="ignore") + ending


@dataclass(frozen=True)
class _Part:
    """A table or the documents of a file, and the format that claims it."""

    raw: RawTable | RawDocuments
    spec: Format
    recognised: Recognised | None  # of a table

    @property
    def file(self) -> str:
        return self.raw.file

    @property
    def sheet(self) -> str | None:
        return self.raw.sheet if isinstance(self.raw, RawTable) else None


def _recognise(
    parts: Sequence[RawTable | RawDocuments], forced: Format | None, own: Sequence[Format]
) -> tuple[list[_Part], list[str]]:
    """The parts of a file that a format claims, and the names of those that none does. None at all: FormatUnknown."""
    found: list[_Part] = []
    left_out: list[str] = []
    refusal: FormatUnknown | None = None
    for raw in parts:
        try:
            if isinstance(raw, RawDocuments):
                found.append(_Part(raw, recognise_documents(raw, forced=forced), None))
            else:
                recognised = recognise(raw.header, file=raw.file, forced=forced, own=own)
                found.append(_Part(raw, recognised.format, recognised))
        except FormatUnknown as error:
            refusal = refusal or error
            left_out.append((raw.sheet if isinstance(raw, RawTable) else None) or raw.file)
    if not found and refusal is not None:
        raise refusal
    return found, left_out


def _said(
    session: Session, part: _Part, known: tuple[Known, KnownFirms], receipt: FileReceipt, place: str
) -> Iterator[SaidRows]:
    """What a part of a file says: a table at once, documents batch by batch."""
    records, firms = known
    if isinstance(part.raw, RawDocuments) and part.spec.documents and part.spec.documents.table != "record":
        yield read_definitions(session, part.raw, part.spec, receipt, place)
    elif isinstance(part.raw, RawDocuments):
        yield from read_documents(session, part.raw, part.spec, records, receipt, place)
    elif part.recognised is not None and part.spec.table == "register_entry":
        yield from read_register(session, part.raw, part.recognised, firms, receipt, place)
        _keep_columns(receipt, part.recognised)
    elif part.recognised is not None and part.spec.table != "record":
        yield from read_listing(session, part.raw, part.recognised, receipt, place)
        _keep_columns(receipt, part.recognised)
    elif part.recognised is not None:
        yield from read_table(session, part.raw, part.recognised, records, receipt, place)
        _keep_columns(receipt, part.recognised)


def _keep_columns(receipt: FileReceipt, found: Recognised) -> None:
    for name, headers in found.mapping.items():
        receipt.mapped_columns[name] = list(headers)
    receipt.ignored_columns += [c for c in found.ignored if c not in receipt.ignored_columns]
    receipt.unknown_columns += [c for c in found.unknown if c not in receipt.unknown_columns]
