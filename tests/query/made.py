"""A synthetic corpus as tables of a release and as documents of the oracle, and documents out of a real release.

The two are made apart: nothing here uses the SQL of `query.corpus`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pingjiang.engine import Session, Table
from pingjiang.query.corpus import TABLES
from pingjiang.query.meaning import Document
from pingjiang.schema import table

CORPUS = Path(__file__).parent / "corpus.yaml"
Rows = dict[str, list[dict[str, Any]]]
_PLACES = ("province", "city", "district", "zone")


@cache
def corpus() -> dict[str, Any]:
    """The synthetic corpus as it is written."""
    loaded: dict[str, Any] = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
    return loaded


def papers() -> dict[str, dict[str, Any]]:
    """Its publications by their short ids."""
    return {name: value for name, value in corpus().items() if name[0] == "d"}


def short_ids() -> dict[str, str]:
    """publication_id → short id."""
    return {"".join(paper["pn"]): name for name, paper in papers().items()}


def rows() -> Rows:
    """The rows of a release that hold the corpus."""
    made: Rows = {name: [] for name in TABLES}
    for paper in papers().values():
        _paper_rows(paper, made)
    data = corpus()
    for number, (key, org) in enumerate(data["organisations"].items()):
        names = {name: org.get(name) for name in ("name", "name_zh", "name_en")}
        made["organisation"].append(
            {"organisation_id": key, "organisation_number": number, "group_id": org["group"], **names}
        )
    made["organisation_group"] = [{"group_id": key, **group} for key, group in data["groups"].items()]
    for key, node in data["nodes"].items():
        made["chain_node"].append({"node_id": key, "name_zh": node["zh"], "name_en": node["en"]})
        made["chain_closure"] += [{"ancestor_id": above, "node_id": key} for above in _above(key)]
    return made


def _above(node: str) -> list[str]:
    parent = corpus()["nodes"][node].get("parent")
    return [node] + (_above(parent) if parent else [])


def _paper_rows(paper: dict[str, Any], made: Rows) -> None:
    key = {"publication_id": "".join(paper["pn"])}
    authority, number, kind = paper["pn"]
    dates, application = paper.get("dates", {}), paper.get("an", f"publication:{key['publication_id']}")
    titles = {name: paper.get(name) for name in ("title", "title_zh", "title_en", "abstract_zh", "abstract_en")}
    titles["title"] = titles["title"] or titles["title_zh"] or titles["title_en"]
    made["publication"].append(
        {
            **key, **titles, "authority": authority, "number": number, "kind": kind, "application_id": application,
            "publication_date": dates.get("PD"), "grant_date": dates.get("GD"), "priority_date": dates.get("PRD"),
            "patent_type": paper.get("type"), "claim_count": paper.get("claim_count"),
        }
    )  # fmt: skip
    made["application"].append({"application_id": application, "filing_date": dates.get("APD")})
    if "legal" in paper:
        state, life = paper["legal"]
        made["legal_state"].append({"application_id": application, "state": state, "life": life})
    for at, claim in enumerate(paper.get("claims", ()), start=1):
        made["claim"].append({**key, "sequence": at, "text": claim["text"], "independent": claim["independent"]})
    made["publication_class"] += [{**key, "scheme": scheme, "symbol": symbol} for scheme, symbol in paper["symbols"]]
    for at, party in enumerate(paper.get("applicants", ()), start=1):
        told = {"name": party["name"], "address": party.get("address"), "sequence": at}
        made["publication_applicant"].append({**key, **told, "organisation_id": corpus()["means"].get(party["name"])})
        place = {name: party.get(name) for name in ("country", *_PLACES)}
        made["publication_place"].append({**key, "basis": "applicant", **place})
    for at, party in enumerate(paper.get("inventors", ()), start=1):
        made["publication_inventor"].append({**key, "name": party["name"], "sequence": at})
        made["publication_place"].append({**key, "basis": "inventor", "country": party.get("country")})
    made["publication_node"] += [{**key, "node_id": node} for node in paper.get("nodes", ())]


def tables(session: Session, made: Rows) -> dict[str, Table]:
    """Rows as tables of the schema in a session."""
    found = {}
    for name, lines in made.items():
        columns = table(name).engine_columns()
        found[name] = session.from_rows(columns, [[line.get(column) for column in columns] for line in lines])
    return found


def read(tables: Mapping[str, Table]) -> Rows:
    """The rows of a release, for `documents`."""
    return {name: tables[name].dicts() if name in tables else [] for name in TABLES}


def documents(made: Rows) -> list[Document]:
    """The documents that rows of a release tell of."""
    applications = {row["application_id"]: row for row in made["application"]}
    legal = {row["application_id"]: row for row in made["legal_state"]}
    by: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name in ("claim", "publication_class", "publication_applicant", "publication_inventor", "publication_place",
                 "publication_node"):  # fmt: skip
        by[name] = defaultdict(list)
        for row in made[name]:
            by[name][row["publication_id"]].append(row)
    organisations = {row["organisation_id"]: row for row in made["organisation"]}
    groups = {row["group_id"]: row for row in made["organisation_group"]}
    inventors = {row["inventor_id"]: row for row in made["inventor"]}
    nodes = {row["node_id"]: row for row in made["chain_node"]}
    above: dict[str, list[str]] = defaultdict(list)
    for row in made["chain_closure"]:
        above[row["node_id"]].append(row["ancestor_id"])

    def document(row: dict[str, Any]) -> Document:
        key = row["publication_id"]
        mine = {name: found[key] for name, found in by.items()}
        own = applications.get(row["application_id"], {})
        firms = [organisations[a["organisation_id"]] for a in mine["publication_applicant"] if a.get("organisation_id")]
        persons = [inventors[i["inventor_id"]] for i in mine["publication_inventor"] if i.get("inventor_id")]
        places = [place for place in mine["publication_place"] if place["basis"] == "applicant"]
        texts = {
            "TI": _told([row], "title", "title_zh", "title_en"),
            "AB": _told([row], "abstract_zh", "abstract_en"),
            "CL": _told(mine["claim"], "text"),
            "ICL": _told([claim for claim in mine["claim"] if claim["independent"]], "text"),
            "PA": _told([*mine["publication_applicant"], *firms], "name", "name_zh", "name_en"),
            "GROUP": _told([groups[firm["group_id"]] for firm in firms], "name", "name_zh", "name_en"),
            "IN": _told([*mine["publication_inventor"], *persons], "name", "name_zh", "name_en"),
            "ADDRESS": _told(mine["publication_applicant"], "address"),
            **{name.upper(): _told(places, name) for name in _PLACES},
        }
        dates = {
            "APD": row.get("filing_date") or own.get("filing_date"),
            "PD": row.get("publication_date"),
            "GD": row.get("grant_date") or own.get("grant_date"),
            "PRD": row.get("priority_date") or own.get("priority_date"),
        }
        state = legal.get(row["application_id"], {})
        codes = {
            "PT": {row.get("patent_type")},
            "KD": {row.get("kind")},
            "PNC": {row.get("authority")},
            "LS": {state.get("state"), state.get("life")},
            "COUNTRY": {place["country"] for place in places},
            "INC": {place["country"] for place in mine["publication_place"] if place["basis"] == "inventor"},
        }
        counted = {"CLN": row.get("claim_count")}
        known = row["application_id"] or "publication:"
        holding = {node for leaf in mine["publication_node"] for node in above[leaf["node_id"]]}
        return Document(
            key,
            row.get("authority"),
            row.get("number"),
            None if known.startswith("publication:") else known,
            texts,
            {name: day for name, day in dates.items() if day is not None},
            {name: count for name, count in counted.items() if count is not None},
            {name: frozenset(code for code in found if code is not None) for name, found in codes.items()},
            frozenset((c["scheme"], c["symbol"]) for c in mine["publication_class"] if c["scheme"] != "LOC"),
            frozenset(name for node in holding for name in _told([nodes[node]], "node_id", "name_zh", "name_en")),
        )

    return [document(row) for row in made["publication"]]


def _told(found: Iterable[Mapping[str, Any]], *names: str) -> tuple[str, ...]:
    return tuple(row[name] for row in found for name in names if row.get(name) is not None)
