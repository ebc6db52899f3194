"""Names → legal entities and ultimate groups, from names and from evidence beyond them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identities.organisations.cluster import Ids
from pingjiang.identities.organisations.method import Method, shipped_method
from pingjiang.identities.organisations.nodes import make_nodes
from pingjiang.identities.organisations.pairs import Array
from pingjiang.identities.organisations.points import POINTS
from pingjiang.identities.organisations.reasons import reasons_of
from pingjiang.identities.organisations.scoring import Level, linked_level
from pingjiang.identities.organisations.told import REASONS


@dataclass(frozen=True)
class Linked:
    """spelling  name, mentions, node, kind, forms, countries, mended, entity, group_node, score, reasons, credit_code;
    entity, group_node: the node that stands for all (NULL: a name without words stands alone)
    node      node, key, words, kind, countries, mentions
    tie       entity, parent, score, reasons: entities of a group to the one that stands for it
    doubt     level, name_a, name_b, score, reasons: pairs that nobody should trust the machine with
    point     level, name_a, name_b, feature, points: what the scores of these are made of
    """

    spelling: Table
    node: Table
    tie: Table
    doubt: Table
    point: Table


def _firms(session: Session, spelling: Table, firms: Table, size: int) -> Ids:
    """The registered firm of each node, by number; -1 where none is told, or several."""
    firm = np.full(size, -1, np.int64)
    told = session.rows(
        """
        select s.node, min(f.credit_code) as credit_code from s join f on f.name = s.name
        group by s.node having count(distinct f.credit_code) = 1
        """,
        s=spelling,
        f=firms,
    )
    numbers = {code: number for number, code in enumerate(sorted({code for _, code in told}))}
    for node, code in told:
        firm[node] = numbers[code]
    return firm


def link(
    session: Session,
    names: Table,
    *,
    evidence: Table | None = None,
    codes: Table | None = None,
    threshold: float | None = None,
    method: Method | None = None,
) -> Linked:
    """`names` (name, mentions), each name once → who is who.

    evidence   as `evidence_pairs` gives it (name_a, name_b, kind, support, of_a, of_b, against)
    codes      names that mean a firm of a register: (name, credit_code, former); names of one code are one entity,
               those of two are not
    threshold  of groups, else the method's own
    """
    method = method or shipped_method()
    if threshold is not None:
        method = replace(method, group={**method.group, "threshold": threshold})
    nodes = make_nodes(session, names, method)
    size = nodes.node.count()
    mentions = session.arrow("select n.node, n.mentions, n.key from n order by n.node", n=nodes.node)
    weight = mentions["mentions"].to_numpy()
    told = evidence or session.from_rows(EVIDENCE_COLUMNS, [])
    firms = codes or session.from_rows(dict.fromkeys(("name", "credit_code"), "VARCHAR") | {"former": "BOOLEAN"}, [])
    spoken = _spoken(session, told, nodes.spelling, nodes.node, None)
    firm = _firms(session, nodes.spelling, firms, size)
    entity = linked_level(session, nodes.node, size, method.entity, method, spoken, firm)
    whole = _standing(entity.cluster, weight)
    member = session.from_arrow(pa.table({"node": np.arange(size), "entity": whole}))
    leading = session.materialise(
        """
        with sums as (
          select m.entity, cast(sum(n.mentions) as bigint) as mentions, min(n.short) as short
          from n join m on m.node = n.node group by m.entity
        )
        select n.* exclude (mentions, short), s.mentions, s.short from n join sums s on s.entity = n.node
        """,
        n=nodes.node,
        m=member,
    )
    sums = np.zeros(size)
    np.add.at(sums, whole, weight)
    spoken = _spoken(session, told, nodes.spelling, nodes.node, member)
    group = linked_level(session, leading, size, method.group, method, spoken)
    groups = _standing(group.cluster, sums)[whole]
    shown = _shown(session, nodes.spelling)
    levels = (("organisation", entity, method.entity), ("group", group, method.group))
    return Linked(
        spelling=_spellings(session, nodes.spelling, entity, whole, groups, firms),
        node=nodes.node,
        tie=_ties(session, group, groups, whole),
        doubt=session.from_arrow(pa.concat_tables([_doubts(shown, *each) for each in levels])),
        point=session.from_arrow(pa.concat_tables([_points(shown, name, level) for name, level, _told in levels])),
    )


EVIDENCE_COLUMNS = {"name_a": "VARCHAR", "name_b": "VARCHAR", "kind": "VARCHAR"} | dict.fromkeys(
    ("support", "of_a", "of_b", "against"), "BIGINT"
)


def _spoken(session: Session, evidence: Table, spelling: Table, node: Table, member: Table | None) -> Table:
    """Evidence on names as evidence on nodes, or on entities: (a, b, across, within, against), each between 0 and 1.

    `across`: two scripts at the same places, which are two spellings of one name; `within`: one script, where it may
    as well be a transfer. Both grow with the keys that speak for the pair and with the share of all that either has.
    """
    of = "n.node" if member is None else "m.entity"
    joined = "" if member is None else "join m on m.node = s.node"
    return session.materialise(
        f"""
        with placed as (
          select s.name, {of} as node, n.script from s join n on n.node = s.node {joined}
        ), told as (
          select
            least(x.node, y.node) as a, greatest(x.node, y.node) as b, e.kind,
            x.script is distinct from y.script as across,
            sum(e.support) as support, sum(e.against) as against, sum(least(e.of_a, e.of_b)) as keys
          from e join placed x on x.name = e.name_a join placed y on y.name = e.name_b
          where x.node <> y.node
          group by least(x.node, y.node), greatest(x.node, y.node), e.kind, x.script is distinct from y.script
        ), rated as (
          select t.a, t.b, t.across, t.against, t.support,
            (cast(t.support as double) / (t.support + 1)) * (cast(t.support as double) / greatest(t.keys, t.support))
              * (case when t.kind in ('inventors', 'address', 'vendor') then cast(1 as double) / 2 else 1 end) as rate
          from told t
        )
        select
          r.a, r.b, max(case when r.across then r.rate else 0 end) as across,
          max(case when r.across then 0 else r.rate end) as within,
          max(cast(r.against as double) / (r.against + r.support)) as against
        from rated r group by r.a, r.b
        """,
        e=evidence,
        s=spelling,
        n=node,
        **({} if member is None else {"m": member}),
    )


def _standing(cluster: Ids, weight: Array) -> Ids:
    """The member of each node's cluster that stands for it: the most mentioned, of equals the first."""
    order = np.lexsort((np.arange(len(cluster)), -weight, cluster))
    first = np.ones(len(order), bool)
    first[1:] = cluster[order][1:] != cluster[order][:-1]
    chosen = np.empty(len(cluster), np.int64)
    chosen[cluster[order][first]] = order[first]
    return chosen[cluster]


def _best(level: Level, standing: Ids) -> tuple[Ids, Array, pa.Array]:
    """Nodes that do not stand for their cluster: (node, score, reasons) of the pair that holds them best in it."""
    pairs = level.pairs
    pair = np.flatnonzero(standing[pairs.one] == standing[pairs.other])
    node = np.concatenate([pairs.one[pair], pairs.other[pair]])
    partner = np.concatenate([pairs.other[pair], pairs.one[pair]])
    pair = np.concatenate([pair, pair])
    lesser = standing[node] != node
    node, partner, pair = node[lesser], partner[lesser], pair[lesser]
    order = np.lexsort((pair, -pairs.score[pair], partner != standing[node], node))
    node, pair = node[order], pair[order]
    first = np.ones(len(node), bool)
    first[1:] = node[1:] != node[:-1]
    node, pair = node[first].astype(np.int64), pair[first]
    return node, pairs.score[pair], reasons_of(pairs.signs[pair])


def _spellings(session: Session, spelling: Table, entity: Level, whole: Ids, groups: Ids, firms: Table) -> Table:
    node, score, reasons = _best(entity, whole)
    held = session.from_arrow(pa.table({"node": node, "score": score, "reasons": reasons}))
    member = session.from_arrow(pa.table({"node": np.arange(len(whole)), "entity": whole, "group_node": groups}))
    return session.materialise(
        """
        with told as (
          select s.node, arg_min(s.forms, {'fewer': -s.mentions, 'name': s.name}) as forms from s group by s.node
        )
        select
          s.*, m.entity, m.group_node, coalesce(h.score, cast(1 as double)) as score,
          list_concat(
            coalesce(h.reasons, case when f.former then [] else ['words'] end),
            list_concat(
              case when s.mended and not list_contains(coalesce(h.reasons, ['words']), 'spelling')
                then ['spelling'] else [] end,
              list_concat(
                case when s.forms <> l.forms then ['form'] else [] end,
                case when f.former then ['former_name'] when f.name is not null then ['register'] else [] end
              )
            )
          ) as reasons, f.credit_code
        from s
        join m on m.node = s.node
        left join h on h.node = s.node
        left join told l on l.node = m.entity
        left join f on f.name = s.name
        """,
        f=firms,
        s=spelling,
        m=member,
        h=held,
    )


def _ties(session: Session, group: Level, groups: Ids, whole: Ids) -> Table:
    own = np.arange(len(whole))
    standing = np.where(whole == own, groups, own)
    node, score, reasons = _best(group, standing)
    data = pa.table({"entity": node, "parent": standing[node], "score": score, "reasons": reasons})
    return session.from_arrow(data)


def _shown(session: Session, spelling: Table) -> pa.ChunkedArray:
    """The commonest spelling of each node, by number."""
    return session.arrow(
        "select arg_min(s.name, {'fewer': -s.mentions, 'name': s.name}) as name from s group by s.node order by s.node",
        s=spelling,
    )["name"]


_IN_WORDS = {reason: " · ".join(both) for reason, both in REASONS.items()}


def _doubts(shown: pa.ChunkedArray, name: str, level: Level, told: Mapping[str, Any]) -> pa.Table:
    """Pairs of clusters that were not joined, though near the threshold or of almost the same letters."""
    pairs, pair = level.pairs, level.doubtful
    alike = pairs.alike[pair] >= float(told.get("alike", 2))
    return pa.table(
        {
            "level": pa.array([name] * len(pair), pa.string()),
            "name_a": shown.take(pa.array(pairs.one[pair])),
            "name_b": shown.take(pa.array(pairs.other[pair])),
            "score": np.maximum(pairs.score[pair], np.where(alike, pairs.alike[pair] / 2, 0)),
            "reasons": reasons_of(pairs.signs[pair], _IN_WORDS),
        }
    )


def _points(shown: pa.ChunkedArray, name: str, level: Level) -> pa.Table:
    """What the scores of doubtful pairs are made of, a row each that adds something or rules the pair out."""
    row, column = np.nonzero(level.points)  # what rules out is no number, and not zero
    pair, points = level.doubtful[row], level.points[row, column]
    return pa.table(
        {
            "level": pa.array([name] * len(row), pa.string()),
            "name_a": shown.take(pa.array(level.pairs.one[pair])),
            "name_b": shown.take(pa.array(level.pairs.other[pair])),
            "feature": pa.array(POINTS, pa.string()).take(pa.array(column)),
            "points": pa.array(points, pa.float64(), mask=np.isnan(points)),
        }
    )


def link_names(session: Session, names: Table, *, threshold: float | None = None) -> Table:
    """`names` (name [, mentions, country, address]) → (name, organisation_id, group_id), each name once.

    NULL for a name without a letter or digit. `threshold`: of groups, else the method's own.
    """
    mentions = "cast(sum(n.mentions) as bigint)" if "mentions" in names.columns() else "count(*)"
    distinct = session.materialise(
        f"select n.name, {mentions} as mentions from n where n.name is not null group by n.name", n=names
    )
    linked = link(session, distinct, threshold=threshold)
    return session.materialise(
        f"""
        select d.name, {anchor_sql("e.key")} as organisation_id, {anchor_sql("g.key")} as group_id
        from d
        left join s on s.name = d.name
        left join e on e.node = s.entity
        left join g on g.node = s.group_node
        """,
        d=distinct,
        s=linked.spelling,
        e=linked.node,
        g=linked.node,
    )


def anchor_sql(key: str) -> str:
    """SQL: an id made of the words of the commonest spelling, which stay while names are only added beside it."""
    return f"substr(md5({key}), 1, 16)"
