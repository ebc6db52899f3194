"""Everything that a release concludes, from what its sources said."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pingjiang.config import Settings
from pingjiang.engine import EMBEDDED, Lake, Release, Session, Table, open_engine
from pingjiang.errors import LakeCorrupt, LakeError, PingjiangError
from pingjiang.judgements import Judgement, Log, history_table, judged_table, summary
from pingjiang.pipeline.progress import Progress, silent
from pingjiang.pipeline.releases import digest_of, seal_of, shaped
from pingjiang.schema import table

if TYPE_CHECKING:  # of all steps only `conclude` needs these rooms, and an import begins sooner without them
    from pingjiang.chain.classifier.kept import Models
    from pingjiang.chain.tree import Chain

SAID_TABLES = ("record", "reject", "doubt", "class_title", "register_entry", "event_code")


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
    models: Models | None = None,
) -> dict[str, Table]:
    """All concluded tables from `record`, by name. `step` is told the name of each step as it begins.

    `imported`: ids of the sources in the order of their import. `register`: what registers of firms said.
    `vendor_names`: whether names as tools standardised them are a hint.
    `models`: the classifiers that rules of the chain ask.
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
    placed = place_on_chain(chain, documents.document, parties.classes, models)
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
        parents=firms.parent,
        judged=judged,
        printed=identities.printed_applicants(record),
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
        "doubt_point": session.sql("select * from o union all select * from i", o=who.point, i=inventors.point),
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
        "item_district": items.item_district,
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
    progress: Progress = silent,
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
        models = models_asked(lake, chain)
        classifiers = {name: kept.sha256 for name, kept in models.items()}
        made_from = digest_of(chain.sha256, log.seal.digest, settings.vendor_names, classifiers)
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
            models=models,
        )
        step("write")
        for name, rows in concluded.items():
            result.rows[name] = draft.add(name, shaped(session, name, rows))
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
            classifiers=classifiers,
            checks=checks,
            judgements=asdict(log.seal),
            **{name: draft.base.info[name] for name in ("packages",) if name in draft.base.info},
        )
        progress("", len(_STEPS), len(_STEPS))
        result.seconds = clock.seconds
        return result


def models_asked(lake: Lake, chain: Chain) -> Models:
    """The classifiers of the lake that rules of a chain ask. DefinitionError where one was not trained there."""
    if not chain.classifiers():
        return {}
    from pingjiang.chain.classifier.kept import models_of

    return models_of(lake.folder, chain.classifiers())


def _sources_told(session: Session, sources: Sequence[Mapping[str, Any]]) -> Table:
    """What was imported when, and how far it reaches. Receipts of earlier programs do not tell the day."""
    columns = {"source_id": "VARCHAR", "known_date": "DATE", "cutoff_date": "DATE"}
    return session.from_rows(columns, [(s["source_id"], s.get("imported_on"), s.get("cutoff")) for s in sources])


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
