"""What runs, in which order, from files to a release. The one place that wires the steps."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pingjiang import definitions
from pingjiang.config import Settings
from pingjiang.engine import EMBEDDED, Draft, Gathered, Lake, Release, Session, Table, open_engine
from pingjiang.errors import DefinitionError, FormatUnknown, LakeCorrupt, LakeError, PingjiangError, QueryFailed
from pingjiang.files import RawDocuments, RawTable, open_file, sha256_of
from pingjiang.judgements import Judgement, Log, Seal, history_table, judged_table, summary
from pingjiang.rulebook import in_force
from pingjiang.schema import load_tables, table
from pingjiang.schema.units import FAMILY_UNITS
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
    from pingjiang.chain.tree import Chain

SAID_TABLES = ("record", "reject", "doubt", "class_title", "register_entry", "event_code")
# A file of rejects or doubts to be written once the release is published: how, where, and its rows.
Leftover = tuple[Callable[[Path, Rows], None], Path, Rows]
Progress = Callable[[str, int, int], None]  # (what is being done, steps done, steps in all)


def _silent(_what: str, _done: int, _total: int) -> None:
    """No progress shown."""


# -- import ------------------------------------------------------------------------------------------


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
    forced: Format | None = None,
    settings: Settings | None = None,
    progress: Progress = _silent,
) -> ImportResult:
    """Import files into the lake as one release: all of them or, where one is refused, none.

    Raises InputRefused (the lake is as before), LakeBusy. A file whose bytes are known already changes
    nothing; where all are, no release is made.
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
            receipt = _import_one(session, gathered, path, forced, (known, firms), sources, leftovers)
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


def reached(release: Release) -> dict[str, str | None]:
    """Of which release things are: {"built", "updated"}; the second as far as publications are known and counted."""
    built = release.info.get("built")
    return {"built": built, "updated": release.id if release.info.get("updated") == release.id else built}


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
    forced: Format | None,
    known: tuple[Known, KnownFirms],
    sources: _Sources,
    leftovers: list[Leftover],
) -> FileReceipt:
    """Read one file into the draft. Its tables share one receipt; its files of rejects and doubts are added."""
    found, left_out = _recognise(open_file(path, known=known_names()), forced)
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
                gathered.add(table_name, _shaped(session, table_name, rows), rows_read=said.rows_read)
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


def _recognise(parts: Sequence[RawTable | RawDocuments], forced: Format | None) -> tuple[list[_Part], list[str]]:
    """The parts of a file that a format claims, and the names of those that none does. None at all: FormatUnknown."""
    found: list[_Part] = []
    left_out: list[str] = []
    refusal: FormatUnknown | None = None
    for raw in parts:
        try:
            if isinstance(raw, RawDocuments):
                found.append(_Part(raw, recognise_documents(raw, forced=forced), None))
            else:
                recognised = recognise(raw.header, file=raw.file, forced=forced)
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


# -- build -------------------------------------------------------------------------------------------


def _shaped(session: Session, name: str, rows: Table) -> Table:
    """Rows in the columns and types of the schema."""
    return rows.sql(f"select {table(name).select_list()} from self_")


@dataclass
class BuildResult:
    """The release, seconds by step, and rows by table. `unchanged`: it was built before, from the same.

    engine: "duckdb", or the URL of the cluster.
    judgements: how many rows there are, how many are in force, the conflicts among these in words, and the bytes at
    the end of the log that are no whole batch of rows
    """

    release: str
    engine: str = EMBEDDED
    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False
    judgements: dict[str, Any] = field(default_factory=dict)


def conclude(
    session: Session,
    record: Table,
    chain: Chain,
    step: Callable[[str], None] = lambda _name: None,
    imported: Sequence[str] = (),
    judgements: Sequence[Judgement] = (),
    register: Table | None = None,
    vendor_names: bool = True,
    sources: Table | None = None,
    event_code: Table | None = None,
) -> dict[str, Table]:
    """All concluded tables from `record`, by name. `step` is told the name of each step as it begins.

    `imported`: ids of the sources in the order of their import. `register`: what registers of firms said.
    `vendor_names`: whether names as tools standardised them are a hint.
    """
    from pingjiang import identities
    from pingjiang.chain.place import place as place_on_chain
    from pingjiang.identities.inventors.concluding import conclude_inventors
    from pingjiang.identities.organisations.conclude import conclude_organisations
    from pingjiang.identities.organisations.evidence import evidence_kinds, evidence_pairs
    from pingjiang.legal import conclude_legal

    step("documents")
    bibliographic = record.sql(f"select self_.* exclude ({', '.join(identities.PARTICULAR_COLUMNS)}) from self_")
    documents = identities.conclude_documents(session, bibliographic, imported)
    step("parties")
    particulars = identities.conclude_particulars(session, record, documents.said, documents.publication, sources)
    parties = identities.conclude_parties(
        session, documents.said, bibliographic, particulars.cited, particulars.related
    )
    step("families")
    families = identities.conclude_families(
        session, documents.publication, documents.application, parties.priority, parties.relation
    )
    step("places")
    places = identities.conclude_places(session, documents.document, parties.applicant, parties.inventor)
    step("chain")
    placed = place_on_chain(chain, documents.document, parties.classes)
    step("register")
    if register is None:
        register = session.from_rows(table("register_entry").engine_columns(), [])
    firms = identities.conclude_register(session, register, placed["chain_node"], imported)
    judged = judged_table(session, judgements)
    step("organisations")
    member = identities.members(session, documents.publication, families.application)
    who = conclude_organisations(
        session,
        parties.applicant,
        parties.inventor,
        member,
        evidence=evidence_pairs(session, record, member, kinds=evidence_kinds(vendor_names)),
        registered=identities.register_names(session, firms.firm),
        judged=judged,
    )
    step("inventors")
    inventors = conclude_inventors(
        session,
        inventor=parties.inventor,
        applicant=who.applicant,
        classes=parties.classes,
        publication=documents.publication,
        application=families.application,
        judged=judged,
    )
    step("items")
    items = identities.Items(
        session,
        publication=documents.counted,
        application=families.application,
        simple_family=families.family,
        extended_family=families.extended,
        organisation=who.organisation,
        publication_applicant=who.applicant,
        publication_node=placed["publication_node"],
        publication_place=places.publication_place,
    )
    formats = identities.conclude_document_formats(session, documents.said, documents.publication, items.item)
    horizon = identities.conclude_horizon(session, formats, items.item)
    step("legal")
    legal = conclude_legal(
        session,
        record=record,
        said=documents.said,
        related=particulars.related,
        publication=documents.publication,
        application=families.application,
        event=particulars.event,
        horizon=horizon.horizon,
        source=sources,
        event_code=event_code,
    )
    return {
        "publication": documents.publication,
        "document_format": formats,
        "conflict": session.sql("select * from d union all select * from p", d=documents.conflict, p=parties.conflict),
        "application": families.application,
        "simple_family": families.family,
        "extended_family": families.extended,
        "priority_flag": families.flag,
        "publication_applicant": who.applicant,
        "publication_inventor": inventors.mention,
        "inventor": inventors.inventor,
        "inventor_doubt": inventors.doubt,
        "publication_class": parties.classes,
        "priority": parties.priority,
        "relation": parties.relation,
        "citation": parties.citation,
        "literature_citation": particulars.literature,
        "claim": particulars.claim,
        "legal_event": particulars.event,
        **legal,
        "organisation": who.organisation,
        "organisation_alias": who.alias,
        "organisation_group": who.group,
        "ownership": who.ownership,
        "organisation_doubt": who.doubt,
        "judgement": history_table(session, judgements, who.names),
        "publication_place": places.publication_place,
        "place": places.place,
        **placed,
        "register_firm": firms.firm,
        "register_firm_node": firms.node,
        "register_conflict": firms.conflict,
        "item": items.item,
        "counted_organisation": items.counted_organisation,
        "item_organisation": items.item_organisation,
        "organisation_year": items.organisation_year,
        "organisation_total": items.organisation_total,
        "item_node": items.item_node,
        "item_place": items.item_place,
        "item_country": items.item_country,
        "item_in_several_countries": items.item_in_several_countries,
        "located": items.located,
        "unit_basis": items.unit_basis,
        "coverage": horizon.coverage,
        "horizon": horizon.horizon,
    }


_STEPS = (
    "documents", "parties", "families", "places", "chain", "register", "organisations", "inventors", "items", "legal",
    "write",
    "check",
)  # fmt: skip


def build(
    lake: Lake,
    chain: Chain,
    *,
    engine: str | None = None,
    settings: Settings | None = None,
    progress: Progress = _silent,
) -> BuildResult:
    """Conclude everything from what the lake's sources said, as a new release.

    Where the current release was built from the same sources, chain, program and rules, it stands: nothing is
    made. Raises LakeError where nothing was imported yet; PingjiangError where a check fails, and then nothing
    is published.

    engine: "sc://HOST:PORT" for a cluster that sees the lake's folder (EngineUnavailable where it does not).
    """
    settings = settings or Settings.from_environment()
    lake.require_folder()
    with ExitStack() as stack:
        draft = stack.enter_context(lake.draft())
        if draft.base is None or not {"record", "register_entry"} & set(draft.base.tables):
            raise LakeError(
                f"{lake.folder} 中还没有可构建的数据。",
                f"{lake.folder} holds nothing to build from.",
                remedy=("请先导入文件。", "Import a file first."),
            )
        log = Log(lake.judgements).read(seal_of(draft.base))
        judged = summary(log.rows) | {"torn": log.torn}
        made_from = _made_from(chain.sha256, log.seal.digest, settings.vendor_names)
        if _stands(draft.base, made_from):
            counts = {name: draft.base.rows(name) for name in draft.base.tables if name not in SAID_TABLES}
            return BuildResult(draft.base.id, engine or EMBEDDED, rows=counts, unchanged=True, judgements=judged)
        session = stack.enter_context(open_engine(settings, lake.folder, engine))
        result, clock = BuildResult(draft.id, engine or EMBEDDED, judgements=judged), _Clock()

        def step(name: str) -> None:
            clock.begin(name)
            progress(name, _STEPS.index(name), len(_STEPS))

        draft.base.verify(*SAID_TABLES)
        imported = [source["source_id"] for source in draft.base.info["sources"]]
        counted = session.from_rows({"source_id": "VARCHAR"}, [(source_id,) for source_id in imported])
        said = {
            name: rows.sql("select self_.* from self_ semi join c on c.source_id = self_.source_id", c=counted)
            for name, rows in draft.base.open(session, "record", "register_entry", "event_code").items()
        }
        draft.keep(*SAID_TABLES)
        for name in SAID_TABLES:  # nothing may have been said of one
            if name not in draft.tables:
                said[name] = session.from_rows(table(name).engine_columns(), [])
                draft.add(name, said[name])
        concluded = conclude(
            session,
            said["record"],
            chain,
            step,
            imported,
            log.rows,
            said["register_entry"],
            settings.vendor_names,
            sources=_sources_told(session, draft.base.info["sources"]),
            event_code=said["event_code"],
        )
        step("write")
        for name, rows in concluded.items():
            result.rows[name] = draft.add(name, _shaped(session, name, rows))
        step("check")
        checks = [_check_keys(session, name, rows) for name, rows in concluded.items()]
        clock.end()
        draft.publish(
            made_by="build",
            sources=draft.base.info["sources"],
            built=draft.id,
            made_from=made_from,
            engine=result.engine,
            chain={
                "name": chain.id,
                "version": chain.version,
                "sha256": chain.sha256,
                "name_zh": chain.name_zh,
                "name_en": chain.name_en,
            },
            checks=checks,
            judgements=asdict(log.seal),
            **{name: draft.base.info[name] for name in ("packages",) if name in draft.base.info},
        )
        progress("", len(_STEPS), len(_STEPS))
        result.seconds = clock.seconds
        return result


def _sources_told(session: Session, sources: Sequence[Mapping[str, Any]]) -> Table:
    """What was imported when, and how far it reaches. Receipts of earlier programs do not tell the day."""
    columns = {"source_id": "VARCHAR", "known_date": "DATE", "cutoff_date": "DATE"}
    return session.from_rows(columns, [(s["source_id"], s.get("imported_on"), s.get("cutoff")) for s in sources])


def seal_of(release: Release | None) -> Seal | None:
    """What a release says of the judgements that it was built of; None where it says nothing."""
    told = None if release is None else release.info.get("judgements")
    return None if told is None else Seal(told["count"], told["digest"])


def _made_from(*inputs: Any) -> str:
    """A digest of all that a result hangs on beside the data: these inputs, the program, the rules of the day."""
    from importlib import metadata  # of the commands, an import does without

    versions = [metadata.version(library) for library in ("duckdb", "pyarrow", "xlsxwriter")]
    told = json.dumps([inputs, definitions.fingerprint(), versions, in_force()], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def _stands(release: Release, made_from: str) -> bool:
    """Whether a release was built of these and nothing was imported since, its files as they were written."""
    if release.info.get("built") != release.id or release.info.get("made_from") != made_from:
        return False
    try:
        release.verify()
    except LakeCorrupt:  # what was concluded can be concluded anew
        return False
    return True


def _check_keys(session: Session, name: str, rows: Table) -> dict[str, Any]:
    """What must be unique in a table is. Raises where it is not: nothing doubtful is published."""
    schema = table(name)
    for columns in (schema.key, *schema.also_unique):
        key = ", ".join(f't."{column}"' for column in columns)
        doubled = f"select 1 from t group by {key} having count(*) > 1"
        [(twice,)] = session.rows(f"select count(*) from ({doubled}) doubled", t=rows)
        if twice:
            raise PingjiangError(
                f"表 {name} 有 {twice} 个键重复（{key}）；未发布。",
                f"Table {name}: {twice} keys stand twice ({key}); nothing was published.",
                remedy=(
                    "程序有误，请把本条信息交给维护者。",
                    "A fault of the program: give this message to the maintainers.",
                ),
            )
    return {"check": "unique key", "table": name, "passed": True}


class _Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name: str | None = None
        self._since = 0.0

    def begin(self, name: str) -> None:
        self.end()
        self._name, self._since = name, time.perf_counter()

    def end(self) -> None:
        if self._name is not None:
            self.seconds[self._name] = round(time.perf_counter() - self._since, 3)
            self._name = None


# -- what is made of a release -----------------------------------------------------------------------


def require_built(lake: Lake, name: str | None = None) -> Release:
    """The current release, or the kept one of this name; LakeError where it was not built."""
    release = lake.require_current() if name is None else lake.release(name)
    remedy = (f"请运行 pingjiang build --lake {lake.folder}。", f"Run `pingjiang build --lake {lake.folder}`.")
    if "built" not in release.info:
        raise LakeError(
            f"版本 {release.id} 已导入但未构建。", f"Release {release.id} is imported but not built.", remedy=remedy
        )
    if load_tables().keys() - set(release.tables):
        raise LakeError(
            f"版本 {release.info['built']} 由较早的程序构建，缺少数据表。",
            f"Release {release.info['built']} was built by an earlier program and lacks tables.",
            remedy=remedy,
        )
    return release


def indicators(
    lake: Lake,
    *,
    names: Sequence[str] | None = None,
    engine: str | None = None,
    release: str | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Indicators as plain data: {"release", "updated", "stale", "indicators": [{name, unit, …, rows}]}.

    release: a kept one by its id; else the current. In the answer `release` is the one that was built; `stale` says
    that more was imported since, and `updated` up to which release of these publications and applications count.
    An entry that counts what came since names that release (`release`); the others hang on families, organisations,
    places or the chain and are of the one that was built.
    """
    # What only some commands need is loaded by those: an import should not wait for it.
    from pingjiang.identities import UPDATED_TABLES, updated
    from pingjiang.indicators import load_all, results_as_json, run_all

    found = require_built(lake, release)
    told = reached(found)
    with open_engine(settings or Settings.from_environment(), lake.folder, engine) as session:
        built = found.open(session)
        session.name_tables(built)
        entries = results_as_json(session, run_all(session, names))
        counted = [
            name
            for name, indicator in load_all().items()
            if (not names or name in names) and indicator.tables() <= set(UPDATED_TABLES)
        ]
        if told["updated"] != told["built"] and counted:
            session.name_tables(updated(built, found.open_updates(session)))
            now = {
                (entry["name"], entry["unit"]): {**entry, "release": told["updated"]}
                for entry in results_as_json(session, run_all(session, counted))
                if entry["unit"] not in FAMILY_UNITS
            }
            entries = [now.get((entry["name"], entry["unit"]), entry) for entry in entries]
        return {
            "release": told["built"],
            "updated": told["updated"],
            "stale": told["built"] != found.id,
            "indicators": entries,
        }


def find(
    lake: Lake, texts: Sequence[str], *, release: str | None = None, settings: Settings | None = None
) -> dict[str, Any]:
    """What is known under these numbers: {"release", "updated", "lagging", "numbers": [...]}; see find_numbers.

    `updated` is the release up to which publications and applications are known, `lagging` says of what else was
    built when: {"families", "organisations", "inventors", "places", "chain", "texts"} → release.
    """
    from pingjiang.identities import UPDATED_TABLES, find_numbers, updated

    found = require_built(lake, release)
    told = reached(found)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        tables = updated(found.open(session, *UPDATED_TABLES), found.open_updates(session))
        record = found.open(session, "record")["record"]
        return {
            "release": found.id,
            "updated": told["updated"],
            "lagging": dict.fromkeys(
                ("families", "organisations", "inventors", "places", "chain", "texts"), told["built"]
            ),
            "numbers": find_numbers(session, tables, record, texts),
        }


def legal_state(
    lake: Lake,
    text: str,
    at: date,
    *,
    known: date | None = None,
    release: str | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """The state at a date of the application that a number means, or that its publication belongs to.

    One application gives what `legal.state_at` does, beside "number", "release" and "found"; several, which one number
    may mean, give {"applications": [...]}. A number that the lake does not hold is unknown; DefinitionError for what
    is none.
    """
    from pingjiang.identities import UPDATED_TABLES, find_numbers, updated
    from pingjiang.legal import state_at, without_kind

    found = require_built(lake, release)
    told = reached(found)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        tables = updated(found.open(session, *UPDATED_TABLES), found.open_updates(session))
        legal = found.open(session, "legal_fact", "legal_term")
        record = found.open(session, "record")["record"]
        number, bare = find_numbers(session, tables, record, [text, without_kind(text)])
        if not (number.get("publications") or number.get("applications")) and "error" not in bare:
            number = bare  # a source may have told the number without its kind
        if "error" in number:
            raise DefinitionError(
                f"{text!r} 不是专利号（{number['error']}）。",
                f"{text!r} is no patent number ({number['error']}).",
                remedy=(
                    "请写公开号或申请号，带国别代码。",
                    "Give a publication or application number with its office.",
                ),
            )
        wanted = sorted({row["application_id"] for part in ("applications", "publications") for row in number[part]})
        states = [state_at(session, legal, application, at, known) for application in wanted]
        common = {"number": text, "release": told["built"], "stale": told["built"] != found.id, "found": bool(states)}
        if len(states) > 1:
            return {**common, "applications": states}
        return {**common, **(states[0] if states else state_at(session, legal, "", at, known))}


def legal_unknown(lake: Lake, *, settings: Settings | None = None) -> dict[str, Any]:
    """Codes of events and words for states that no vocabulary knows: {"release", "unknown": [...]}, commonest first."""
    found = require_built(lake)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        rows = found.open(session, "legal_unknown_code")["legal_unknown_code"]
        return {
            "release": found.info["built"],
            "unknown": rows.dicts(order_by="told desc, what, format, authority, code, text"),
        }


def legal_calendar(
    lake: Lake,
    out: Path,
    first: date,
    last: date,
    *,
    organisation: str | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Write the calendar of fees and ends of an organisation, or of all, between two days: .xlsx or .json by its name.

    Returns {"file", "release", "entries", "organisations"}. DefinitionError where there is no such organisation.
    """
    from pingjiang.legal import diary, find_organisations, write_calendar

    found = require_built(lake)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        tables = found.open(session)
        wanted = None if organisation is None else find_organisations(session, tables, organisation)
        entries = list(diary(session, tables, first, last, wanted))
        names = [] if wanted is None else [str(name) for _, name in wanted.rows(order_by="name")]
        write_calendar(out, entries, first, last, release=str(found.info["built"]), organisations=names)
    return {"file": str(out), "release": found.info["built"], "entries": len(entries), "organisations": names}


def chain_nodes(lake: Lake, *, settings: Settings | None = None) -> list[dict[str, Any]]:
    """The nodes of the industry chain of the current release, in order."""
    release = require_built(lake)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        return release.open(session)["chain_node"].dicts(order_by="position")


@dataclass(frozen=True)
class Atlas:
    """Where an atlas lies and of which release it is. `unchanged`: it was written before, of the same."""

    html: Path
    xlsx: Path
    release: str
    unchanged: bool = False


def write_atlas(
    lake: Lake,
    out: Path,
    *,
    about: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    progress: Progress = _silent,
) -> Atlas:
    """Write atlas.html and atlas.xlsx of the current release into `out`, where they do not lie there already.

    `about`: title_zh, title_en, bias_zh, bias_en, synthetic; all optional.
    """
    from pingjiang.atlas.record import is_written, keep_record

    release = require_built(lake)
    # Files of a release bear names of their own: no other release, of no other lake, has the same.
    made_from = _made_from(release.id, release.created_at, release.tables, dict(about or {}))
    atlas = Atlas(out / "atlas.html", out / "atlas.xlsx", str(release.info["built"]))
    if is_written(out, (atlas.html, atlas.xlsx), made_from):
        return replace(atlas, unchanged=True)
    from pingjiang.atlas.gather import gather
    from pingjiang.atlas.publish import write_atlas as publish

    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        progress("指标 indicators", 0, 2)
        session.name_tables(release.open(session))
        if session.rows("select count(*) from item i where i.filing_year is not null") == [(0,)]:
            raise LakeError(
                f"{lake.folder}：没有一件专利带申请日，无法绘制图谱；请导入带申请日的导出 · "
                "no patent in it has a filing date, there is nothing to draw over years: import an export with dates"
            )
        data = gather(session, release, about or {})
        progress("图谱 atlas", 1, 2)
        keep_record(out, publish(out, data), atlas.release, made_from)
    return atlas
