"""A release's concluded tables with any number of publications, skewed as real data are.

Everything follows from the running number of a publication by hashing, in blocks of 87 publications =
60 applications = 40 simple families = 32 extended ones, so that a chunk needs no other chunk: memory is bounded by
the chunk.

What is skewed, and how (shares are expectations):

- organisations: Zipf with exponent 1 over 200,000, one in eight in the group of another; a family has
  joint applicants in 12 % of cases
- countries of organisations: CN 44 %, US 20 %, JP 12 %, … ; unknown for 8 % of publications
- years: publications grow by 7 to 13 % a year to a cut-off of 2025-10-31, so the last filing years are incomplete
- 87/60 publications an application (A, then B), 60/40 applications a family (one to five offices)
- 45 % of applications granted; 1 % without filing date; 2 % without applicant; 5 % in no node
- one to four of 32 leaves, leaves Zipf as well; 3 % of later publications have another applicant
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.generate import release_sql as sql
from benchmarks.generate.register import LABEL, firms
from pingjiang.engine import Session, Table
from pingjiang.identities import conclude_register
from pingjiang.schema import tables as schema

PUBLICATIONS, APPLICATIONS, FAMILIES = 87, 60, 40  # of one block
# How many families of a block have how many applications, and applications how many publications.
FAMILY_SIZES = {1: 29, 2: 6, 3: 2, 4: 2, 5: 1}
APPLICATION_SIZES = {1: 36, 2: 21, 3: 3}

CHAIN_TABLES = ("chain_node", "chain_closure")
CHUNKED_TABLES = (
    "publication", "application", "simple_family", "extended_family", "publication_applicant", "publication_node",
    "publication_place",
)  # fmt: skip
REGISTER_TABLES = ("register_firm", "register_firm_node")
TABLES = (*CHUNKED_TABLES, "organisation", *CHAIN_TABLES, *REGISTER_TABLES, "horizon", "unit_basis")
FIRMS = 500


@dataclass(frozen=True, slots=True)
class Parameters:
    """What decides every row of a generated release."""

    publications: int
    organisations: int = 200_000
    seed: int = 1229
    chunk_blocks: int = 12_500
    version: int = 4

    def as_dict(self) -> dict[str, int]:
        """The parameters as plain data, for the hash that decides on reuse."""
        return asdict(self)


def generate(folder: Path, parameters: Parameters, *, memory_limit: str | None = "4GB") -> dict[str, int]:
    """Write the tables as `folder/<table>/<part>.parquet`. Returns the number of rows of each table."""
    rows = dict.fromkeys(TABLES, 0)
    with Session(memory_limit=memory_limit) as session:
        pattern = session.from_rows(sql.PATTERN_COLUMNS, block_pattern(parameters.seed)).materialise()
        countries = session.from_rows(sql.COUNTRY_COLUMNS, sql.country_rows())
        organisations = session.materialise(
            sql.organisations(parameters.organisations, parameters.seed), country=countries
        )
        for part, (first, last) in enumerate(_chunks(parameters)):
            made = _chunk(session, parameters, pattern, organisations, first, last)
            for name in CHUNKED_TABLES:
                rows[name] += _write(session, folder, name, made[name], part)
            for table in made.values():
                session.drop(table)
        rows["organisation"] = _write(session, folder, "organisation", _organisation_table(session, organisations), 0)
        small = _small_tables(session, folder)
        for name, table in {**small, **_register(session, parameters.seed, small["chain_node"])}.items():
            rows[name] = _write(session, folder, name, table, 0)
    return rows


def paths(folder: Path, table: str) -> list[Path]:
    """The files of one table of a generated release."""
    return sorted((folder / table).glob("*.parquet"))


def open_release(session: Session, folder: Path) -> dict[str, Table]:
    """All tables of a generated release, lazily."""
    return {name: session.read_parquet(paths(folder, name)) for name in TABLES}


def block_pattern(seed: int) -> list[tuple[int, ...]]:
    """Which publication of a block belongs to which application and family, and its place in them.

    Rows: publication, application, family (all within the block), sequence of the publication in its
    application, sequence of the application in its family, applications of the family, and the longest
    row of publications that an application of the family has.
    """
    shuffle = random.Random(seed).shuffle
    families = [size for size, count in FAMILY_SIZES.items() for _ in range(count)]
    applications = [size for size, count in APPLICATION_SIZES.items() for _ in range(count)]
    shuffle(families)
    shuffle(applications)
    rows: list[tuple[int, ...]] = []
    application = 0
    for family, size in enumerate(families):
        longest = max(applications[application : application + size])
        for place in range(1, size + 1):
            for sequence in range(1, applications[application] + 1):
                rows.append((len(rows), application, family, sequence, place, size, longest))
            application += 1
    return rows


def _chunks(parameters: Parameters) -> Iterator[tuple[int, int]]:
    """Ranges of publication numbers, whole blocks except at the very end."""
    step = parameters.chunk_blocks * PUBLICATIONS
    for first in range(0, parameters.publications, step):
        yield first, min(first + step, parameters.publications)


def _chunk(
    session: Session, parameters: Parameters, pattern: Table, organisation: Table, first: int, last: int
) -> dict[str, Table]:
    """The chunked tables for one range of publications, and their intermediates (to be dropped)."""
    seed, organisations = parameters.seed, parameters.organisations
    document = session.materialise(sql.documents(first, last), pattern=pattern)
    family = session.materialise(sql.families(seed, organisations), document=document)
    filing = session.materialise(sql.filings(seed), document=document, family=family, organisation=organisation)
    text = session.materialise(sql.publications(seed), document=document, filing=filing)
    applicant = session.materialise(
        sql.applicants(seed, organisations), text=text, family=family, organisation=organisation
    )
    application = session.materialise(sql.applications(), text=text, filing=filing)
    return {
        "document": document,
        "family": family,
        "filing": filing,
        "text": text,
        "publication": session.materialise(sql.publication_table(), text=text),
        "application": application,
        "simple_family": session.materialise(sql.family_table(), application=application),
        "extended_family": session.materialise(sql.extended_table(), application=application),
        "publication_applicant": applicant,
        "publication_node": session.materialise(sql.node_table(seed), text=text),
        "publication_place": session.materialise(
            sql.place_table(seed), text=text, applicant=applicant, organisation=organisation
        ),
    }


def _organisation_table(session: Session, organisations: Table) -> Table:
    return session.sql(
        "select organisation_id, name, cast(null as varchar) as name_zh, name as name_en, 'company' as kind, "
        "cast(null as varchar) as country, cast(null as varchar) as credit_code, group_id, "
        "row_number() over (order by organisation_id) as organisation_number, spellings from o",
        o=organisations,
    )


def _small_tables(session: Session, folder: Path) -> dict[str, Table]:
    """The tables that follow from the others, and the chain."""
    read = {name: session.read_parquet(paths(folder, name)) for name in CHUNKED_TABLES}
    node = session.materialise(sql.chain_nodes())
    return {
        "chain_node": node,
        "chain_closure": session.sql(sql.CHAIN_CLOSURE, chain_node=node),
        "horizon": session.sql(sql.HORIZON, **read),
        "unit_basis": session.sql(sql.UNIT_BASIS, **read),
    }


def _register(session: Session, seed: int, chain_node: Table) -> dict[str, Table]:
    """A synthetic register beside the patents, a firm a row and a leaf, concluded as a build does."""
    columns = schema.table("register_entry").engine_columns()
    told = [
        {
            "source_id": "r", "source_row": f"register:r.csv:{at}", "row_number": at, "key": firm.code,
            "credit_code": firm.code, "name": firm.name, "address": firm.address, "kind": "company",
            "output_yuan": at * 10_000, "chain_nodes": [f"leaf_{1 + at % 32:02d}"], "year": 2024, "origin": LABEL,
        }
        for at, firm in enumerate(firms(FIRMS, seed=seed), start=1)
    ]  # fmt: skip
    entry = session.from_rows(columns, [[row.get(column) for column in columns] for row in told])
    made = conclude_register(session, entry, chain_node)
    return {"register_firm": made.firm, "register_firm_node": made.node}


def _write(session: Session, folder: Path, name: str, table: Table, part: int) -> int:
    """One Parquet file of a table, with the schema's columns and types, ordered by the table's key."""
    target = folder / name
    target.mkdir(parents=True, exist_ok=True)
    shaped = session.sql(f"select {schema.table(name).select_list()} from made", made=table)
    key = ", ".join(f"{column} nulls first" for column in schema.table(name).key)
    return session.copy_to_parquet(shaped.name, target / f"{part:03d}.parquet", order_by=key)
