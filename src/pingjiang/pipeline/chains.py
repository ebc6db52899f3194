"""What is asked of an industry chain and a lake: does a version keep history, what does it take, what moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pingjiang.chain import versions
from pingjiang.chain.classifier.kept import models_of
from pingjiang.chain.coverage import coverage
from pingjiang.chain.national import MODES, load_table, place_by_table
from pingjiang.chain.place import place
from pingjiang.chain.tree import Chain, load
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, Table, open_engine
from pingjiang.engine.lake import Release
from pingjiang.errors import DefinitionError
from pingjiang.pipeline.releases import require_built

Tables = dict[str, Table]


def check_chain(lake: Lake | None, chain: str, *, settings: Settings | None = None) -> dict[str, Any]:
    """What a chain holds; its changes beside the current release of a lake, if built with one of the same id.

    DefinitionError where it breaks a rule, or where the change would lose history.
    """
    loaded = load(chain)
    leaves = loaded.leaves()
    answer: dict[str, Any] = {
        "chain": loaded.id, "version": loaded.version, "sha256": loaded.sha256, "nodes": len(loaded.tree),
        "leaves": len(leaves), "rules": sum(len(leaf.rules) for leaf in leaves), "compared": None,
    }  # fmt: skip
    if lake is None:
        return answer
    release = require_built(lake)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        if release.info["chain"]["name"] == loaded.id:
            found = versions.require_history(release.open(session)["chain_node"].dicts(order_by="position"), loaded)
            answer["compared"] = {"release": release.info["built"], "version": release.info["chain"]["version"]}
            answer |= found.as_dict()
    return answer


def chain_coverage(lake: Lake, chain: str | None = None, *, settings: Settings | None = None) -> dict[str, Any]:
    """How the chain of the current release, another one, or a national table (.json) covers its publications.

    {"release", "chain", "unit": "publication", "levels", "nodes"}; of a national table "modes" holds both: levels and
    nodes of what is assigned, and how many placements are candidates.
    """
    release = require_built(lake)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        tables = release.open(session)
        answer: dict[str, Any] = {"release": release.info["built"], "unit": "publication"}
        if chain is not None and chain.lower().endswith(".json"):
            return answer | _national(session, Path(chain), tables)
        if chain is None:
            told = release.info["chain"]
            return answer | {"chain": {"name": told["name"], "version": told["version"]}} | _covered(tables, tables)
        loaded = load(chain)
        models = models_of(lake.folder, loaded.classifiers())
        placed = place(loaded, tables["publication"], tables["publication_class"], models)
        return answer | {"chain": {"name": loaded.id, "version": loaded.version}} | _covered(tables, placed)


def _covered(tables: Tables, placed: Tables) -> dict[str, Any]:
    found = coverage(tables["publication"], placed["publication_node"], placed["chain_node"], placed["chain_closure"])
    names = {row["node_id"]: row for row in placed["chain_node"].dicts()}
    levels = sorted(found["chain_coverage_level"].dicts(), key=lambda row: (row["level"] is None, row["level"] or 0))
    nodes = [
        row | {name: names[row["node_id"]][name] for name in ("name_zh", "name_en")}
        for row in found["chain_coverage_node"].dicts(order_by="position")
    ]
    return {"levels": levels, "nodes": nodes}


def _national(session: Session, path: Path, tables: Tables) -> dict[str, Any]:
    table = load_table(path)
    modes: dict[str, Any] = {}
    for mode in MODES:
        found = place_by_table(table, mode, tables["publication"], tables["publication_class"])
        placed = found["publication_node"]
        assigned = placed.sql("select self_.publication_id, self_.node_id from self_ where self_.assigned")
        [(candidates,)] = placed.sql("select count(*) as n from self_ where not self_.assigned").rows()
        modes[mode] = _covered(tables, {**found, "publication_node": assigned}) | {"candidates": candidates}
    return {
        "chain": {"name": table.by_symbol.id, "version": table.by_symbol.version},
        "rules": table.rules, "limited": table.limited, "modes": modes,
    }  # fmt: skip


def chain_diff(
    lake: Lake, chain: str, *, old: str | None = None, listed: int = 1000, settings: Settings | None = None
) -> dict[str, Any]:
    """What a newer version of a chain changes: nodes, and publications of the current release that lie elsewhere.

    The older version is the one that the release was built with, or `old`. `moved` counts the publications, of which
    `list` has the first `listed`; `flows` counts them by leaf left and leaf entered (None: none).
    """
    new = load(chain)
    before = load(old) if old is not None else None
    release = require_built(lake)
    _require_same(release, before, new)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        tables = release.open(session)
        publication, classes = tables["publication"], tables["publication_class"]
        old_nodes = tables["chain_node"].dicts(order_by="position") if before is None else before.nodes()
        models = models_of(lake.folder, (*new.classifiers(), *(before.classifiers() if before else ())))
        old_placed = (tables if before is None else place(before, publication, classes, models))["publication_node"]
        found = versions.changes(old_nodes, new)
        moved = versions.moved_publications(
            old_placed, place(new, publication, classes, models)["publication_node"], publication, new
        )
        shown = moved["moved"].sql(f"select self_.* from self_ order by self_.publication_id limit {int(listed)}")
        flows = moved["flow"].dicts()
        return {
            "release": release.info["built"],
            "chain": new.id,
            "from": release.info["chain"]["version"] if before is None else before.version,
            "to": new.version,
            **{name: told for name, told in found.as_dict().items() if name != "moved"},
            "publications": publication.count(),
            "moved": moved["moved"].count(),
            "flows": sorted(flows, key=lambda row: (-row["publications"], str(row["from_node"]), str(row["to_node"]))),
            "list": shown.dicts(order_by="publication_id"),
            "nodes_moved": found.as_dict()["moved"],
        }


def _require_same(release: Release, old: Chain | None, new: Chain) -> None:
    before = release.info["chain"]["name"] if old is None else old.id
    if before != new.id:
        raise DefinitionError(
            f"两版不是同一条产业链：{before} 与 {new.id}。",
            f"these are not two versions of one chain: {before} and {new.id}.",
            file=new.file,
            remedy=("请用 --old 给出同一产业链的旧版。", "Name the older version of the same chain with --old."),
        )
