"""What an atlas shows, gathered from one release: figures, the chain, and the lists behind the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pingjiang.atlas.contract import AtlasData, Horizon
from pingjiang.atlas.words import horizon_words
from pingjiang.engine import Release, Session
from pingjiang.identities.organisations.told import REASONS
from pingjiang.indicators import load_all, results_as_json, run_all
from pingjiang.schema.units import UNITS, Unit

# Above this many items a list travels in part, newest first, and the page says so.
LISTED = 50_000

_LISTED_ITEMS = """
with newest as (
  select i.item_id, i.unit, i.item_key, i.publication_id, i.filing_year, i.grant_year
  from item i
  where i.unit = '{unit}'
  order by i.filing_date desc nulls last, i.item_key
  limit {limit}
), unpublished as (
  -- Applications of which no publication is known, by themselves or as a family.
  select a.{key} as item_key, min(a.title_alone) as title, min(a.source_row_alone) as source_row
  from application a group by a.{key}
), listed as (
  select
    n.item_id, n.item_key, coalesce(n.publication_id, n.item_key) as shown_id, n.filing_year, n.grant_year,
    coalesce(p.title, u.title) as title, coalesce(p.source_row, u.source_row) as source_row
  from newest n
  left join publication p on p.publication_id = n.publication_id
  left join unpublished u on u.item_key = n.item_key
), organisations as (
  select o.item_id, list(x.place order by x.place) as places
  from item_organisation o join organisation_index x on x.organisation_number = o.organisation_number
  where o.unit = '{unit}' and o.level = 'entity' group by o.item_id
), nodes as (
  select n.item_id, list(x.place order by x.place) as places
  from item_node n join node_index x on x.node_id = n.node_id
  where n.unit = '{unit}' group by n.item_id
), every as (
  select p.item_id, p.basis, p.country, p.province, p.city from item_place p where p.unit = '{unit}'
  union all
  select n.item_id, b.basis, null, null, null
  from newest n cross join (values ('applicant'), ('inventor')) as b(basis)
  anti join item_country c on c.item_id = n.item_id and c.basis = b.basis
), places as (
  select p.item_id, list(x.place order by x.place) as places
  from every p
  join place_index x on x.basis = p.basis and x.country is not distinct from p.country
    and x.province is not distinct from p.province and x.city is not distinct from p.city
  group by p.item_id
)
select
  l.shown_id, l.title, l.filing_year, l.grant_year, l.source_row,
  coalesce(o.places, []) as organisations, coalesce(n.places, []) as nodes, coalesce(p.places, []) as places
from listed l
left join organisations o on o.item_id = l.item_id
left join nodes n on n.item_id = l.item_id
left join places p on p.item_id = l.item_id
order by l.filing_year desc nulls last, l.shown_id, l.item_key
"""
# By which column of `application` the unpublished members of an item are found.
_KEY: Mapping[Unit, str] = {
    "publication": "application_id",
    "application": "application_id",
    "simple_family": "family_id",
    "extended_family": "extended_family_id",
}

# Organisations whose names are shown with the reasons for which they are one: the most mentioned.
_WITH_ALIASES = 500
_ALIASES = f"""
with most as (
  select a.organisation_id, sum(a.mentions) as mentions, count(*) as spellings from organisation_alias a
  group by a.organisation_id order by sum(a.mentions) desc, a.organisation_id limit {_WITH_ALIASES}
)
select a.organisation_id, a.name, a.mentions, a.score, a.reasons
from most m
join organisation_alias a on a.organisation_id = m.organisation_id
join organisation o on o.organisation_id = m.organisation_id
where m.spellings > 1 or o.group_id <> o.organisation_id
order by m.mentions desc, a.organisation_id, a.mentions desc, a.name
"""


def _aliases(session: Session, release: Release) -> list[list[object]]:
    """The names of organisations; none of a release that does not tell them."""
    if "organisation_alias" not in release.tables:
        return []
    return [list(row) for row in session.rows(_ALIASES)]


def _reasons(aliases: list[list[object]]) -> dict[str, tuple[str, str]]:
    """The words of the reasons that these names have."""
    used = {str(reason) for row in aliases for reason in cast(list[str], row[4])}
    return {reason: words for reason, words in REASONS.items() if reason in used}


def gather(session: Session, release: Release, about: Mapping[str, Any]) -> AtlasData:
    """The atlas's data in the shape that `figures.assemble` checks. `about`: titles, bias, synthetic.

    The release's tables must carry their names in the session (`session.name_tables`).
    """
    _index_tables(session)
    organisations = session.rows(
        "select o.organisation_id, o.name, g.place from organisation_index o "
        "join group_index g on g.group_id = o.group_id order by o.place"
    )
    groups = session.rows("select g.group_id, g.name from group_index g order by g.place")
    places = session.rows("select p.basis, p.country, p.province, p.city from place_index p order by p.place")
    aliases = _aliases(session, release)
    data: Any = {
        "meta": _meta(session, release, about),
        "chain": session.sql("select * from chain_node").dicts(order_by="position"),
        "figures": _figures(session),
        "items": _items(session),
        "organisations": organisations,
        "groups": groups,
        "places": [list(row) for row in places],
        "aliases": aliases,
        "reasons": _reasons(aliases),
    }
    # Checked against the contract, value by value, by `figures.assemble` before anything is written.
    return cast(AtlasData, data)


def _index_tables(session: Session) -> None:
    """Numbers for organisations, places and nodes, so that the lists stay small.

    A node's number is its place in the chain, which travels in the same order.
    """
    session.name_tables(
        {
            "organisation_index": session.materialise(
                "select o.organisation_id, o.organisation_number, o.group_id, o.name, "
                "row_number() over (order by o.organisation_id) - 1 as place from organisation o"
            ),
            "group_index": session.materialise(
                "select c.organisation_id as group_id, c.name, "
                "row_number() over (order by c.organisation_id) - 1 as place "
                "from counted_organisation c where c.level = 'group'"
            ),
            "place_index": session.materialise(
                "with told as (select p.basis, p.country, p.province, p.city from item_place p "
                "union select l.basis, null, null, null from located l where l.items > l.located) "
                "select t.*, row_number() over (order by t.basis, t.country nulls first, t.province nulls first, "
                "t.city nulls first) - 1 as place from told t"
            ),
            "node_index": session.materialise(
                "select n.node_id, row_number() over (order by n.position, n.node_id) - 1 as place from chain_node n"
            ),
        }
    )


def _meta(session: Session, release: Release, about: Mapping[str, Any]) -> dict[str, Any]:
    horizon = session.sql("select * from horizon").dicts()[0]
    chain = release.info["chain"]
    sources = [
        {
            "file": source["path"].replace("\\", "/").rsplit("/", 1)[-1],
            "format": source["format"],
            "records": source["rows_read"],
            "licence": source["licence"],
            "attribution": source["attribution"],
            "cutoff": source["cutoff"],
        }
        for source in release.info["sources"]
    ]
    return {
        "title_zh": about.get("title_zh") or f"{chain['name_zh']}产业图谱",
        "title_en": about.get("title_en") or f"{chain['name_en']} industry atlas",
        "release": release.info["built"],
        "created_at": release.created_at,
        "cutoff": horizon["cutoff_date"].isoformat() if horizon["cutoff_date"] else None,
        "stale": release.info["built"] != release.id,
        "schema_version": 1,
        "chain": chain,
        "period": [horizon["first_year"], horizon["last_year"]],
        "synthetic": bool(about.get("synthetic", False)),
        "sources": sources,
        "bias_zh": about.get("bias_zh"),
        "bias_en": about.get("bias_en"),
        "horizon": _horizon(session, horizon),
        "units": [
            {"id": row["unit"], **{k: row[k] for k in ("items", "told_apart", "note_zh", "note_en")}}
            for row in sorted(session.sql("select * from unit_basis").dicts(), key=lambda r: UNITS.index(r["unit"]))
        ],
    }


def _horizon(session: Session, horizon: Mapping[str, Any]) -> Horizon:
    tools = session.sql("select * from coverage").dicts(order_by="publications desc, format")
    last, months, grants = (horizon[name] for name in ("last_complete_year", "lag_months", "grants_only"))
    zh, en = horizon_words(last, months, grants, tools)
    return {
        "last_complete_year": last, "lag_months": months, "grants_only": grants, "note_zh": zh, "note_en": en,
    }  # fmt: skip


def _figures(session: Session) -> dict[str, Any]:
    """Every indicator with its definition, and its rows by unit."""
    definitions = load_all()
    figures: dict[str, Any] = {}
    for entry in results_as_json(session, run_all(session)):
        definition = definitions[entry["name"]]
        columns = [
            {"name": c.name, "label_zh": c.label_zh, "label_en": c.label_en, "kind": c.kind}
            for c in definition.columns
            if c.name != "unit"
        ]
        figure = figures.setdefault(
            entry["name"],
            {
                "name_zh": definition.name_zh,
                "name_en": definition.name_en,
                "definition_zh": definition.definition_zh,
                "definition_en": definition.definition_en,
                "source": definition.source,
                "columns": columns,
                "units": {},
            },
        )
        names = [column["name"] for column in columns]
        rows = [[row[name] for name in names] for row in entry["rows"]]
        figure["units"][entry["unit"]] = {"period": entry["period"], "rows": rows}
    if not session.rows("select 1 from legal_fact f where f.origin in ('event', 'status') and f.applies limit 1"):
        figures.pop("legal_states", None)  # nobody follows the legal state: there is no composition to show
    return figures


def _items(session: Session) -> dict[str, Any]:
    """The lists behind the numbers, by unit; a unit whose list equals another's only names it."""
    found: dict[str, Any] = {}
    counts = dict(session.rows("select i.unit, count(*) from item i group by i.unit"))
    for unit in UNITS:
        rows = session.rows(_LISTED_ITEMS.format(unit=unit, limit=LISTED, key=_KEY[unit]))
        shown, titles, filed, granted, addresses, organisations, nodes, places = (
            zip(*rows, strict=True) if rows else ((),) * 8
        )
        columns = {
            "publication_id": list(shown),
            "title": list(titles),
            "filing_year": list(filed),
            "grant_year": list(granted),
            "organisations": [list(entry) for entry in organisations],
            "nodes": [list(entry) for entry in nodes],
            "places": [list(entry) for entry in places],
            "source_row": list(addresses),
        }
        same = next((u for u, own in found.items() if own.get("columns") == columns), None)
        if same is not None and counts.get(unit, 0) == counts.get(same, 0):
            found[unit] = {"same_as": same}
        else:
            found[unit] = {"n": counts.get(unit, 0), "listed": len(rows), "columns": columns}
    return found
