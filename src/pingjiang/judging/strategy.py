"""The desk of search strategies: what the blocks of a chain hold in a lake, how its samples were judged, releases.

A leaf is released by a person, as a judgement that names its fingerprint: whatever changes the leaf ends the release,
and what leaves it as it is keeps it, version by version.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pingjiang import judgements as kept
from pingjiang.chain.blocks import Block, Hits, blocks_of, count, held_by
from pingjiang.chain.classifier.kept import models_of
from pingjiang.chain.place import place
from pingjiang.chain.tree import Chain, Node, load
from pingjiang.chain.versions import Changes, between, fingerprint
from pingjiang.config import Settings
from pingjiang.documents.target import fresh_file
from pingjiang.documents.workbook import write_workbook
from pingjiang.engine import Lake, Release, Table, open_engine
from pingjiang.engine.session import quote
from pingjiang.errors import DefinitionError
from pingjiang.judgements import Decided, Judgement, Log
from pingjiang.judging.desk import Desk
from pingjiang.judging.placements import SIZE, Placement, Standing, draw, seeds, standing
from pingjiang.judging.recall import Recall, read_known, recall
from pingjiang.judging.sample_sheet import read_sample, sample_sheet
from pingjiang.judging.sheet import SheetReceipt
from pingjiang.pipeline import require_built, seal_of

_STATES = {
    "empty": ("没有公开归入，无从判断", "it takes no publication, so that nothing can be judged"),
    "not judged": ("尚未判读", "not judged"),
    "in part": ("样本没有判读完", "its sample was judged in part"),
    "below": ("查准率低于下限", "its precision is below the bar"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a version changed: from the version of a kept release to the next."""

    before: str
    after: str
    changes: Changes


@dataclass(frozen=True)
class Strategy:
    """A chain as a search strategy over the publications of a release."""

    release: str
    chain: Chain
    publications: int
    blocks: Sequence[Block]
    hits: Mapping[int, Hits]
    standings: Sequence[Standing]
    sample: Sequence[Placement]
    recall: Recall | None
    history: Sequence[Change]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for a JSON answer."""
        return {
            "release": self.release, "unit": "publication", "publications": self.publications,
            "chain": {"name": self.chain.id, "version": self.chain.version, "sha256": self.chain.sha256},
            "release_at": self.chain.release_at,
            "leaves": [each.as_dict() for each in self.standings],
            "blocks": [
                {
                    "leaf": block.leaf, "rule": block.rule.number, "block": block.name, "excludes": block.excludes,
                    "query": block.text(), "hits": self.hits[block.number].hits,
                    "rule_hits": self.hits[block.number].rule, "without": self.hits[block.number].without,
                }
                for block in self.blocks
            ],
            "recall": None if self.recall is None else self.recall.as_dict(),
            "history": [
                {"before": each.before, "after": each.after, **each.changes.as_dict()} for each in self.history
            ],
        }  # fmt: skip


class StrategyDesk:
    """Where the leaves of a chain are tried on a lake, judged and released. Opening it reads nothing."""

    def __init__(self, lake: Lake, *, settings: Settings | None = None) -> None:
        self._lake = lake
        self._settings = settings or Settings.from_environment()
        self._log = Log(lake.judgements)
        self._desk = Desk(lake, settings=self._settings)

    def strategy(
        self, name: str, *, leaves: Collection[str] = (), seed: str | None = None, size: int = SIZE,
        known: Path | None = None,
    ) -> Strategy:  # fmt: skip
        """Blocks with their hits, samples and how they were judged, recall of known patents, changes of versions."""
        chain = load(name)
        chosen = _chosen(chain, leaves)
        release = require_built(self._lake)
        with self._placed(release, chain) as tables:
            standings, sample = self._standings(chain, chosen, tables, release, seed, size)
            blocks = blocks_of(chosen)
            publication, classes = tables["publication"], tables["publication_class"]
            models = models_of(self._lake.folder, chain.classifiers())
            listed = None if known is None else read_known(known, chain, _only(leaves), self._settings)
            return Strategy(
                release=str(release.info["built"]), chain=chain, publications=publication.count(), blocks=blocks,
                hits=count(blocks, held_by(blocks, publication, classes, models)), standings=standings, sample=sample,
                recall=None if listed is None
                else recall(chain, listed, publication, classes, tables["publication_node"], models),
                history=tuple(self._history(chain)),
            )  # fmt: skip

    def recall(self, name: str, known: Path, *, leaf: str | None = None) -> Recall:
        """What a chain takes of known patents."""
        chain = load(name)
        release = require_built(self._lake)
        listed = read_known(known, chain, leaf, self._settings)
        with self._placed(release, chain) as tables:
            return recall(chain, listed, tables["publication"], tables["publication_class"], tables["publication_node"])

    def export(
        self, name: str, path: Path, *, leaves: Collection[str] = (), seed: str | None = None, size: int = SIZE,
        again: bool = False, overwrite: bool = False,
    ) -> tuple[Sequence[Standing], int]:  # fmt: skip
        """Write the samples of leaves as a spreadsheet; `again`: with what was judged already. Standings, rows."""
        chain = load(name)
        chosen = _chosen(chain, leaves)
        release = require_built(self._lake)
        with self._placed(release, chain) as tables:
            standings, sample = self._standings(chain, chosen, tables, release, seed, size)
        rows = [each for each in sample if again or each.verdict is None]
        with fresh_file(path, overwrite=overwrite) as unfinished:
            write_workbook(unfinished, [sample_sheet(chain, rows, drawn(seed, size))], first_line=None)
        return standings, len(rows)

    def take(self, path: Path, *, who: str | None = None) -> SheetReceipt:
        """Take the verdicts of a spreadsheet: all that can be taken as one batch. InputRefused where it is none."""
        seal = seal_of(self._lake.require_current())
        said: dict[tuple[str, str], set[str]] = {}
        for row in kept.in_force(self._log.read(seal).rows):
            if row.subject == "placement" and row.verdict is not None:
                said.setdefault((row.a, row.b), set()).add(row.verdict)

        def known(chain: str, leaf: str, publication_id: str) -> str | None:
            verdicts = said.get((f"{chain}/{leaf}", publication_id), set())
            return next(iter(verdicts)) if len(verdicts) == 1 else "unsure" if verdicts else None

        receipt, answers = read_sample(path, lambda: self._desk.who(who), self._settings, known)
        if answers:
            decided = kept.accept(self._log, [answer for _, answer in answers], seal)
            receipt.accepted = len(decided.added)
            receipt.unchanged += len(decided.unchanged)
            receipt.replaced = len(decided.replaced)
        receipt.check()
        return receipt

    def release(
        self, name: str, *, leaves: Collection[str] = (), who: str | None = None, why: str | None = None
    ) -> tuple[list[Standing], list[Standing]]:
        """Release leaves: all that were named, or none. Those released now, and those that were so before.

        By the leaf's own sample of 30. DefinitionError names every leaf that is not judged, or below the bar.
        """
        chain = load(name)
        chosen = _chosen(chain, leaves)
        person = self._desk.who(who)
        release = require_built(self._lake)
        with self._placed(release, chain) as tables:
            standings, _ = self._standings(chain, chosen, tables, release, None, SIZE)
        locked = [each for each in standings if each.state != "ready"]
        if locked:
            raise _locked(chain, locked)
        nodes = {leaf.id: leaf for leaf in chosen}
        before = [each for each in standings if each.released == "yes"]
        now = [each for each in standings if each.released != "yes"]
        rows = [
            kept.judge(
                "release", f"{chain.id}/{each.leaf}", f"{chain.version} {fingerprint(nodes[each.leaf])}", "yes",
                who=person, why=_figures(each, chain.release_at) + (f" {why}" if why else ""),
            )
            for each in now
        ]  # fmt: skip
        kept.accept(self._log, rows, seal_of(release))
        return now, before

    def say(self, name: str, leaf: str, publication: str, verdict: str, *, who: str, why: str | None = None) -> Decided:
        """Judge one publication of a leaf: 'yes', 'no' or 'unsure'. DefinitionError where the leaf does not take it."""
        chain = load(name)
        (node,) = _chosen(chain, [leaf])[:1]
        release = require_built(self._lake)
        with self._placed(release, chain) as tables:
            here = f"placed.node_id = {quote(node.id)} and placed.publication_id = {quote(publication)}"
            placed = tables["publication_node"]
            taken = placed.session.rows(f"select 1 from placed where {here} limit 1", placed=placed)
        if not taken or node.id != leaf:
            raise DefinitionError(
                f"末级 {leaf} 没有收下 {publication}。", f"Leaf {leaf} does not take {publication}.",
                remedy=("请从样本里判读。", "Judge what its sample holds."),
            )  # fmt: skip
        row = kept.judge("placement", f"{chain.id}/{leaf}", publication, verdict, who=self._desk.who(who), why=why)
        return kept.accept(self._log, [row], seal_of(release))

    def undo_last(self, name: str, leaf: str, *, who: str) -> list[Judgement]:
        """Undo what a person said last of the sample of a leaf. Nothing is undone where they said nothing."""
        seal = seal_of(self._lake.require_current())
        return kept.undo_last(
            self._log, who=self._desk.who(who), subject="placement", of=[f"{load(name).id}/{leaf}"], seal=seal
        )

    # -- what all of them need ---------------------------------------------------------------------------

    @contextmanager
    def _placed(self, release: Release, chain: Chain) -> Iterator[dict[str, Table]]:
        """publication, publication_class and publication_node of a release, placed by this chain."""
        with open_engine(self._settings, self._lake.folder) as session:
            tables = release.open(session, "publication", "publication_class", "publication_node")
            models = models_of(self._lake.folder, chain.classifiers())
            asked = {name: model.sha256 for name, model in models.items()}
            if (release.info["chain"]["sha256"], release.info.get("classifiers", {})) == (chain.sha256, asked):
                yield tables  # it was placed by this very chain
                return
            placed = place(chain, tables["publication"], tables["publication_class"], models)
            yield {**tables, "publication_node": placed["publication_node"]}

    def _standings(
        self, chain: Chain, leaves: Sequence[Node], tables: Mapping[str, Table], release: Release, seed: str | None,
        size: int,
    ) -> tuple[list[Standing], list[Placement]]:  # fmt: skip
        judged = kept.in_force(self._log.read(seal_of(release)).rows)
        of = seeds(leaves, seed)
        publications, sample = draw(chain, of, tables, judged, size)
        by_leaf: dict[str, list[Placement]] = {leaf.id: [] for leaf in leaves}
        for each in sample:
            by_leaf[each.leaf].append(each)
        return [
            standing(chain, leaf, of[leaf.id], publications.get(leaf.id, 0), by_leaf[leaf.id], judged)
            for leaf in leaves
        ], sample

    def _history(self, chain: Chain) -> list[Change]:
        """What changed from version to version of the kept releases, and to the chain at hand."""
        found: list[Change] = []
        with open_engine(self._settings, self._lake.folder) as session:
            versions = [(f"{chain.version} ({Path(chain.file).name})", chain.nodes())]
            for release in self._lake.releases():
                if release.info.get("built") != release.id or release.info["chain"]["name"] != chain.id:
                    continue
                rows = release.open(session, "chain_node")["chain_node"].dicts(order_by="position")
                versions.append((f"{release.info['chain']['version']} ({release.id})", rows))
        for (after, new), (before, old) in pairwise(versions):
            told = between(old, new)
            if told.any():
                found.append(Change(before, after, told))
        return found


def _chosen(chain: Chain, leaves: Collection[str]) -> list[Node]:
    """The leaves that were named, else all. A node above leaves names those below it."""
    if not leaves:
        return list(chain.leaves())
    known = {node.id for node in chain.tree}
    strange = sorted(set(leaves) - known)
    if strange:
        raise DefinitionError(
            f"产业链 {chain.id} 没有节点 {', '.join(strange)}。",
            f"Chain {chain.id} has no node {', '.join(strange)}.",
            remedy=("用 chain outline export 查看编号。", "See the ids by chain outline export."),
        )
    below = {row["node_id"] for row in chain.closure() if row["ancestor_id"] in leaves}
    return [leaf for leaf in chain.leaves() if leaf.id in below]


def _only(leaves: Collection[str]) -> str | None:
    return next(iter(leaves)) if len(leaves) == 1 else None


def drawn(seed: str | None, size: int) -> list[str]:
    """How a sample was drawn, in words."""
    told = seed or "各末级的指纹 the fingerprint of each leaf"
    return [f"每个末级抽 {size} 件，按散列；种子 {told} · {size} of each leaf, by hash; seed: {told}"]


def _figures(each: Standing, bar: float) -> str:
    low, high = each.interval or (0.0, 1.0)
    return (
        f"{each.yes}/{each.judged} = {each.yes / each.judged:.3f} ({low:.3f}-{high:.3f}), "
        f"bar {bar:g}, seed {each.seed}, {each.publications} publications."
    )


def _locked(chain: Chain, locked: Sequence[Standing]) -> DefinitionError:
    told = [
        (
            f"{each.leaf}：{_STATES[each.state][0]}{_share(each)}",
            f"{each.leaf}: {_STATES[each.state][1]}{_share(each)}",
        )
        for each in locked
    ]
    return DefinitionError(
        f"不能发布。下限 {chain.release_at:.0%}，{len(locked)} 个末级没有达到：{'；'.join(zh for zh, _ in told)}。",
        f"Not released. The bar is {chain.release_at:.0%}, and {len(locked)} leaves do not meet it: "
        f"{'; '.join(en for _, en in told)}.",
        remedy=(
            "用 chain sample 抽样、chain judge 收回判读；低于下限的改规则后重新抽样；已达到的用 --leaf 单独发布。",
            "Draw by chain sample and take verdicts by chain judge; mend the rules of those below and draw anew; "
            "release those that meet it by --leaf.",
        ),
    )


def _share(each: Standing) -> str:
    return "" if each.state in ("empty", "not judged") else f" ({each.yes}/{each.judged}, n={each.sample})"
