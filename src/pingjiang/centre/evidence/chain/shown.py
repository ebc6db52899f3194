"""The tree of a release's chain: counts by unit, coverage, how its leaves stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pingjiang import judgements
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import Opened, lake_of
from pingjiang.chain.coverage import coverage, in_place_of_publications
from pingjiang.chain.tree import Chain, load
from pingjiang.engine import Session, Table
from pingjiang.errors import DefinitionError
from pingjiang.judgements import Judgement, Log
from pingjiang.judging.placements import Standing, numbers, seeds, stands, verdicts
from pingjiang.pipeline.own_chains import chain_in_force, chain_of_digest
from pingjiang.schema import table
from pingjiang.schema.units import UNITS, Unit

UNIT_WORDS: dict[Unit, tuple[str, str]] = {
    "publication": ("公开文献", "publications"),
    "application": ("申请", "applications"),
    "simple_family": ("简单同族", "simple families"),
    "extended_family": ("扩展同族", "extended families"),
}


@dataclass(frozen=True)
class Outline:
    """A chain as a tree with counts of one unit.

    nodes    rows of `coverage`'s table of nodes with names and definitions, top to bottom
    levels   its table of levels: unassigned and multiple, by level and of the leaves
    items    all counted things of the unit; leaves: the row of levels that is of the leaves
    """

    unit: Unit
    nodes: Sequence[Mapping[str, Any]]
    levels: Sequence[Mapping[str, Any]]

    @property
    def leaves(self) -> Mapping[str, Any]:
        """How many items stand on a leaf, on several, on none."""
        return next(row for row in self.levels if row["level"] is None)

    @property
    def items(self) -> int:
        """All counted things of the unit."""
        return int(self.leaves["publications"])


def unit_of(text: str | None) -> Unit:
    """The unit that an address asks for; publications where it names none."""
    return next((unit for unit in UNITS if unit == text), "publication")


def tables_of(at: Opened, session: Session, *names: str) -> dict[str, Table]:
    """Tables of the release; one without a row is an empty table."""
    found = at.release.open(session, *names)
    return {
        name: found[name] if name in found else session.from_rows(table(name).engine_columns(), []) for name in names
    }


def outline(at: Opened, unit: Unit) -> Outline:
    """The tree with the counts of a unit."""

    def make() -> Outline:
        with at.session() as session:
            tables = tables_of(at, session, "item", "item_node", "chain_node", "chain_closure")
            items, placed = in_place_of_publications(unit, tables["item"], tables["item_node"])
            found = coverage(items, placed, tables["chain_node"], tables["chain_closure"])
            about = {row["node_id"]: row for row in tables["chain_node"].dicts()}
            nodes = [about[row["node_id"]] | row for row in found["chain_coverage_node"].dicts(order_by="position")]
            levels = found["chain_coverage_level"].dicts()
        return Outline(unit, nodes, sorted(levels, key=lambda row: (row["level"] is None, row["level"] or 0)))

    return kept(at, ("outline", unit), make)


def chain_told(at: Opened) -> Mapping[str, Any]:
    """What the release says of its chain: name, version, sha256, names (`title` is the pair of them)."""
    told = at.release.info["chain"]
    return {**told, "title": (told.get("name_zh") or told["name"], told.get("name_en") or told["name"])}


def chain_of(at: Opened) -> Chain | None:
    """The chain that the release was built by; None where neither the lake nor the program has that version."""
    told = chain_told(at)
    return kept(at, "chain", lambda: chain_of_digest(at.lake, told["name"], told["sha256"]))


def source_of(chain: Chain) -> str:
    """What the library's desks load this chain by."""
    if not Path(chain.file).is_file():
        raise DefinitionError("产业链文件已不在。", "The file of the chain is gone.", file=Path(chain.file).name)
    return chain.file


def chain_to_come(row: DataLake) -> Chain:
    """The chain by which the lake is built next. DefinitionError where it names one that there is not."""
    return load(chain_in_force(lake_of(row), row.chain))


def judged(at: Opened) -> list[Judgement]:
    """All that people judged in the lake and that is in force, oldest first; as of now, whatever the release."""
    return judgements.in_force(Log(at.lake.judgements).read().rows)


def standings(at: Opened) -> dict[str, Standing]:
    """How each leaf stands by its sample on this release; nothing where its chain is not at hand."""
    chain = chain_of(at)
    if chain is None:
        return {}
    of = kept(at, "seeds", lambda: seeds(chain.leaves()))

    def draw() -> tuple[dict[str, int], dict[str, list[str]]]:
        with at.session() as session:
            placed = tables_of(at, session, "publication_node")["publication_node"]
            counts = placed.sql("select self_.node_id, count(*) as n from self_ group by self_.node_id").rows()
            return {leaf: int(n) for leaf, n in counts}, numbers(of, placed)

    counts, samples = kept(at, "samples", draw)
    rows = [row for row in judged(at) if row.subject in ("placement", "release")]
    said = verdicts(chain.id, rows)
    return {
        leaf.id: stands(
            chain, leaf, of[leaf.id], counts.get(leaf.id, 0), [said.get((leaf.id, each)) for each in samples[leaf.id]],
            rows,
        )
        for leaf in chain.leaves()
    }  # fmt: skip
