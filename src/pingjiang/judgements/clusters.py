"""Judgements above the machine: what the machine linked, changed as little as what people decided demands.

Judgements are thousands, names are millions. Python sees the judged names alone: of each cluster that holds one, the
names that nobody judged move together, and the heaviest of them stands for all. Everything else stays in the engine.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.judgements.judgement import Judgement
from pingjiang.judgements.standing import Conflict, Level, Pair, Sets, at_level, concerns, in_force

JUDGED_COLUMNS = ("judgement_id", "subject", "a", "b", "verdict", "who", "at")
Link = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class Node:
    """A name in the data: the cluster that the machine put it in, and how often it occurs."""

    cluster: str
    weight: int = 1


@dataclass(frozen=True)
class Applied:
    """What judgements made of clusters.

    clusters   (name, cluster, judgements): every name once, in the cluster where it is now, with the ids of the
               judgements because of which it is there, or NULL
    conflicts  judgements that cannot all be true at this level
    dormant    judgements of which at least one name does not occur: kept, and of effect once it does
    """

    clusters: Table
    conflicts: Sequence[Conflict]
    dormant: Sequence[Judgement]


def judged_table(session: Session, history: Iterable[Judgement]) -> Table:
    """What is in force of a history as a table for steps: (judgement_id, subject, a, b, verdict, who, at)."""
    rows = in_force(history)
    columns = {name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in JUDGED_COLUMNS}
    return session.from_arrow(pa.table(columns))


def lifted(session: Session, judged: Table, members: Table) -> Table:
    """Judgements on names as judgements on what the names mean: for groups, which are clusters of organisations.

    members  (name, cluster): what each name means; a name that does not occur stays as it is
    """
    return session.materialise(
        """
        select
          j.judgement_id, j.subject, coalesce(a.cluster, j.a) as a, coalesce(b.cluster, j.b) as b, j.verdict, j.who,
          j.at
        from j
        left join m a on a.name = j.a
        left join m b on b.name = j.b
        """,
        j=judged,
        m=members,
    )


def arrange(
    nodes: Mapping[str, Node], same: Iterable[Pair], different: Iterable[Pair], links: Iterable[Link] = ()
) -> dict[str, str]:
    """name → cluster, for the names of clusters that judgements touch. Pure; the order of what is given plays no part.

    nodes      the names of these clusters
    same       pairs that are joined, whole clusters with them; no way of them leads between two that are `different`
    different  pairs that are never in one cluster
    links      what the machine knows of how strongly names of one cluster are linked

    Where a cluster must be split, strong links hold before weak ones, and a name without a link goes with the heaviest
    part of its cluster that it may join, so that of two that are different the lesser one leaves. A part that leaves
    gets a new id, made of the old one and a judged name; clusters that were joined bear the least of their ids.
    """
    joined, enemies = Sets[str](), defaultdict[str, set[str]](set)
    for a, b in same:
        joined.join(a, b)
    pairs = sorted(different)
    for a, b in pairs:
        enemies[joined.find(a)].add(joined.find(b))
        enemies[joined.find(b)].add(joined.find(a))

    def join(one: str, two: str) -> bool:
        """Join two sets unless they hold two that are different. True where they are one now."""
        kept, gone = joined.find(one), joined.find(two)
        if kept == gone:
            return True
        if gone in enemies[kept]:
            return False
        joined.join(kept, gone)
        for other in enemies.pop(gone, ()):
            enemies[other].discard(gone)
            enemies[other].add(kept)
            enemies[kept].add(other)
        return True

    for one, two, _ in sorted(links, key=lambda link: (-link[2], min(link[:2]), max(link[:2]))):
        if one in nodes and two in nodes and nodes[one].cluster == nodes[two].cluster:
            join(one, two)
    heaviest = sorted(nodes, key=lambda name: (-nodes[name].weight, name))
    parts: dict[str, list[str]] = defaultdict(list)
    for name in heaviest:  # clusters in the order of their heaviest names
        parts[nodes[name].cluster].append(name)
    for cluster, names in parts.items():
        leading: list[str] = []
        for name in names:
            if not any(join(part, name) for part in leading):
                leading.append(name)
        parts[cluster] = leading
    return _named(nodes, joined, parts, pairs)


def _named(
    nodes: Mapping[str, Node], joined: Sets[str], parts: Mapping[str, Sequence[str]], different: Sequence[Pair]
) -> dict[str, str]:
    """The ids of the sets that `arrange` has made."""
    ids: dict[str, str] = {}
    for cluster, leading in sorted(parts.items(), reverse=True):  # the least id comes last, and stays
        ids[joined.find(leading[0])] = cluster
    named = sorted({name for pair in different for name in pair} & nodes.keys()) + sorted(nodes)
    for name in named:
        root = joined.find(name)
        if root not in ids:
            told = f"{nodes[name].cluster}\n{name}"
            ids[root] = hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()[:16]
    return {name: ids[joined.find(name)] for name in nodes}


def apply_judgements(
    session: Session, clusters: Table, judged: Table, *, level: str = "organisation", links: Table | None = None
) -> Applied:
    """What the machine linked, as people decided.

    clusters  (name, cluster, weight): every name once; the weight is how often it occurs
    judged    what is in force, of any level: (judgement_id, subject, a, b, verdict, who, at); see `judged_table`
    level     'organisation', 'group' or 'inventor'. One legal entity is in one group: 'different' of groups holds of
              entities too, and 'same' of entities holds of groups
    links     (name_a, name_b, score) between names of one cluster, where the machine knows; see `arrange`

    An organisation must not lie in two groups: for level 'group', `clusters` are organisations in groups, and `judged`
    is `lifted` to organisations.

    A cluster without a judged name is as it was. 'different' is never violated; 'same' is always honoured but for what
    takes part in a named conflict.
    """
    judgements = [row for row in map(_judgement, judged.dicts()) if concerns(row, level)]
    meant = at_level((row for row in judgements if row.a != row.b), level)  # one organisation, once lifted
    names = {name for row in judgements for name in row.pair}
    if not names:
        unchanged = clusters.sql("select self_.name, self_.cluster, cast(null as varchar[]) as judgements from self_")
        return Applied(unchanged, meant.conflicts, ())
    wanted = session.from_arrow(pa.table({"name": pa.array(sorted(names), pa.string())}))
    nodes = _nodes(session, clusters, wanted, whole=links is not None)
    strong = [] if links is None else _links(session, links, nodes)
    placed = arrange(nodes, meant.same, meant.different, strong)
    reasons = _reasons(nodes, placed, meant)
    moved = session.from_arrow(
        pa.table(
            {
                "name": pa.array(list(placed), pa.string()),
                "cluster": pa.array(list(placed.values()), pa.string()),
                "was": pa.array([nodes[name].cluster for name in placed], pa.string()),
                "judged": pa.array([name in names for name in placed], pa.bool_()),
                "judgements": pa.array([reasons.get(name) for name in placed], pa.list_(pa.string())),
            }
        )
    )
    rest = "select m.was, m.cluster, m.judgements from m where not m.judged"
    result = session.materialise(
        f"""
        with rest as ({rest if links is None else rest + " and false"})
        select
          c.name, coalesce(n.cluster, r.cluster, c.cluster) as cluster,
          coalesce(n.judgements, r.judgements) as judgements
        from clusters c
        left join m n on n.name = c.name
        left join rest r on r.was = c.cluster
        """,
        clusters=clusters,
        m=moved,
    )
    dormant = [row for row in judgements if not nodes.keys() >= set(row.pair)]
    return Applied(result, meant.conflicts, dormant)


def _judgement(told: Mapping[str, Any]) -> Judgement:
    return Judgement(**{name: told[name] for name in JUDGED_COLUMNS})


def _nodes(session: Session, clusters: Table, wanted: Table, *, whole: bool) -> dict[str, Node]:
    """The names of clusters that hold a wanted one: all (`whole`), or the wanted ones and the heaviest other one."""
    touched = session.materialise(
        "select c.cluster, count(*) as names from c semi join w on w.name = c.name group by c.cluster",
        c=clusters,
        w=wanted,
    )
    rows = session.sql("select c.* from clusters c semi join t on t.cluster = c.cluster", clusters=clusters, t=touched)
    if whole:
        return {name: Node(cluster, weight) for name, cluster, weight in rows.sql(_NODE).rows()}
    judged = rows.sql(f"{_NODE} semi join w on w.name = self_.name", w=wanted)
    others = rows.sql(
        """
        with other as (select self_.* from self_ anti join w on w.name = self_.name)
        select arg_min(o.name, {'fewer': -o.weight, 'name': o.name}) as name, o.cluster, max(o.weight) as weight
        from other o group by o.cluster
        """,
        w=wanted,
    )
    return {name: Node(cluster, weight) for table in (judged, others) for name, cluster, weight in table.rows()}


_NODE = "select self_.name, self_.cluster, self_.weight from self_"


def _links(session: Session, links: Table, nodes: Mapping[str, Node]) -> list[Link]:
    held = session.from_arrow(pa.table({"name": pa.array(list(nodes), pa.string())}))
    found = session.sql(
        "select l.name_a, l.name_b, l.score from l semi join h on h.name = l.name_a semi join g on g.name = l.name_b",
        l=links,
        h=held,
        g=held,
    )
    return [(a, b, float(score)) for a, b, score in found.rows()]


def _reasons(nodes: Mapping[str, Node], placed: Mapping[str, str], meant: Level) -> dict[str, list[str]]:
    """Because of which judgements each name is where it is: those that joined its cluster, and those that parted it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for (a, b), rows in meant.same.items():
        for cluster in {placed[name] for name in (a, b) if name in placed}:
            found[cluster].update(dict.fromkeys(row.judgement_id for row in rows))
    parted: dict[str, list[str]] = defaultdict(list)
    for (a, b), rows in meant.different.items():
        for name in {a, b} & nodes.keys():
            parted[name] += [row.judgement_id for row in rows]
    reasons = {name: [*found[placed[name]], *parted.get(name, [])] for name in nodes}
    return {name: ids for name, ids in reasons.items() if ids}
