"""The tables of a release as queries read them: lines of tokens for words, one row a publication for the rest.

Texts are folded in Python, each distinct one once where they are names; all else is SQL.

    query_publication   a row a publication: numbers, dates, codes, legal state
    query_text          (publication_id, field, line): a row a value of a field of words; line as `tokens.line` gives it
    query_class         (publication_id, scheme, sort_key)
    query_place         (publication_id, basis, country)
    query_node          (publication_id, line): id and names of its nodes and of those above them
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.query.fields import load_fields
from pingjiang.query.symbols import sort_key_sql
from pingjiang.query.tokens import line
from pingjiang.query.tree import Fielded, Node, walk
from pingjiang.schema import table

Tables = dict[str, Table]
TABLES = (
    "publication", "application", "legal_state", "claim", "publication_class", "publication_applicant",
    "publication_inventor", "publication_place", "publication_node", "organisation", "organisation_group",
    "inventor", "chain_node", "chain_closure",
)  # fmt: skip


def fields_of(node: Node) -> set[str]:
    """The fields that a query asks, each by its parts."""
    asked = (load_fields()[part.field] for part in walk(node) if isinstance(part, Fielded))
    return {name for field in asked for name in field.parts}


def prepare(session: Session, tables: Mapping[str, Table], fields: Collection[str] | None = None) -> Tables:
    """The tables of this room from those of a release (`TABLES`; one without rows may be missing).

    fields: those that will be asked, by their parts: only what they need is made. None: all.
    """
    known = load_fields()
    wanted = [field for field in known.values() if field.parts == (field.name,)]
    if fields is not None:
        wanted = [field for field in wanted if field.name in fields]
    kinds = {field.kind for field in wanted}
    have = {name: tables.get(name) or _empty(session, name) for name in TABLES}
    whole = kinds & {"number", "date", "integer", "code", "kind_code"}
    made = {
        "query_publication": session.sql(
            _PUBLICATION if whole else "select p.publication_id from publication as p",
            **(_only(have, "publication", "application", "legal_state") if whole else _only(have, "publication")),
        )
    }
    if "symbol" in kinds:
        made["query_class"] = session.sql(_CLASS, c=have["publication_class"])
    if "code" in kinds:
        made["query_place"] = session.sql(_PLACE, p=have["publication_place"])
    if words := [field.name for field in wanted if field.is_words]:
        made["query_text"] = _texts(session, have, words)
    if "node" in kinds:
        made["query_node"] = _nodes(session, have)
    return made


def _empty(session: Session, name: str) -> Table:
    return session.from_rows(table(name).engine_columns(), [])


def _only(tables: Mapping[str, Table], *names: str) -> Tables:
    return {name: tables[name] for name in names}


_PUBLICATION = """
select
  p.publication_id, p.authority, p.number, p.kind, p.patent_type, p.claim_count,
  case when not starts_with(p.application_id, 'publication:') then p.application_id end as application_id,
  coalesce(p.filing_date, a.filing_date) as filing_date, p.publication_date,
  coalesce(p.grant_date, a.grant_date) as grant_date, coalesce(p.priority_date, a.priority_date) as priority_date,
  s.state, s.life
from publication as p
left join application as a on a.application_id = p.application_id
left join legal_state as s on s.application_id = p.application_id
"""
_CLASS = f"""
select c.publication_id, c.scheme, {sort_key_sql("c.symbol")} as sort_key
from c where c.scheme in ('IPC', 'CPC') and c.symbol is not null
"""
_PLACE = "select distinct p.publication_id, p.basis, p.country from p where p.country is not null"


def _names(side: str, key: str, of: str) -> str:
    """Names as printed, and those of whom they mean."""
    meant = " union ".join(
        f"select s.publication_id, o.{name} as text from {side} as s inner join {of} as o on o.{key} = s.{key}"
        for name in ("name", "name_zh", "name_en")
    )
    return f"select s.publication_id, s.name as text from {side} as s union {meant}"


_GROUP = " union ".join(
    f"select s.publication_id, g.{name} as text from publication_applicant as s"
    " inner join organisation as o on o.organisation_id = s.organisation_id"
    " inner join organisation_group as g on g.group_id = o.group_id"
    for name in ("name", "name_zh", "name_en")
)


def _applicants_place(column: str) -> str:
    return (
        f"select distinct p.publication_id, p.{column} as text from publication_place as p where p.basis = 'applicant'"
    )


# The values of each field of words: publication_id, text.
VALUES: Mapping[str, str] = {
    "TI": " union ".join(
        f"select p.publication_id, p.{name} as text from publication as p" for name in ("title", "title_zh", "title_en")
    ),
    "AB": " union all ".join(
        f"select p.publication_id, p.{name} as text from publication as p" for name in ("abstract_zh", "abstract_en")
    ),
    "CL": "select c.publication_id, c.text from claim as c",
    "ICL": "select c.publication_id, c.text from claim as c where c.independent",
    "PA": _names("publication_applicant", "organisation_id", "organisation"),
    "GROUP": _GROUP,
    "IN": _names("publication_inventor", "inventor_id", "inventor"),
    "ADDRESS": "select distinct s.publication_id, s.address as text from publication_applicant as s",
    "PROVINCE": _applicants_place("province"),
    "CITY": _applicants_place("city"),
    "DISTRICT": _applicants_place("district"),
    "ZONE": _applicants_place("zone"),
}


def _texts(session: Session, tables: Mapping[str, Table], names: list[str]) -> Table:
    parts: Tables = {}
    for name in names:
        values = session.sql(
            f"select v.publication_id, v.text from ({VALUES[name]}) as v where v.text is not null", **tables
        )
        if load_fields()[name].kind == "text":
            parts[name.lower()] = session.mapped(values, _folded).materialise()
            continue
        distinct = session.materialise("select distinct v.text from v", v=values)
        lines = session.mapped(distinct, _named).materialise()
        session.drop(distinct)
        parts[name.lower()] = session.sql(
            "select v.publication_id, l.line from v inner join l on l.text = v.text", v=values, l=lines
        )
    selects = (f"""select x.publication_id, '{name.upper()}' as field, x.line from "{name}" as x""" for name in parts)
    return session.sql(" union all ".join(f"{one} where x.line <> ''" for one in selects), **parts)


def _folded(rows: pa.Table) -> pa.Table:
    return pa.table({"publication_id": rows["publication_id"], "line": _lines(rows, names=False)})


def _named(rows: pa.Table) -> pa.Table:
    return pa.table({"text": rows["text"], "line": _lines(rows, names=True)})


def _lines(rows: pa.Table, *, names: bool) -> pa.Array:
    return pa.array([line(text, names=names) for text in rows["text"].to_pylist()], type=pa.string())


_NODE_NAMES = " union ".join(
    f"select n.node_id, n.{name} as text from chain_node as n where n.{name} is not null"
    for name in ("node_id", "name_zh", "name_en")
)


def _nodes(session: Session, tables: Mapping[str, Table]) -> Table:
    named = session.materialise(_NODE_NAMES, chain_node=tables["chain_node"])
    lines = session.mapped(named.sql("select distinct self_.text from self_"), _named)
    return session.sql(
        "select p.publication_id, l.line from publication_node as p"
        " inner join chain_closure as c on c.node_id = p.node_id"
        " inner join named as n on n.node_id = c.ancestor_id inner join lines as l on l.text = n.text",
        named=named, lines=lines, **_only(tables, "publication_node", "chain_closure"),
    )  # fmt: skip
