"""Organisations beside an expert's cleaning of applicant names (drones, VantagePoint). It is no truth.

A row lists names as printed and as cleaned, not always in one order. A printed name is taken to be cleaned to itself
where both lists hold it, and to the one name that is left where one is left on each side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from pingjiang.config import Settings
from pingjiang.engine import Session, Table
from pingjiang.evaluate.linking import fold_names
from pingjiang.evaluate.missed import KINDS, missed_pairs
from pingjiang.evaluate.pairs import score
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.task import Answer, Task, measures
from pingjiang.identities.organisations.link import link_names

COLUMNS = ("application_number", "applicant", "applicant_cleaned")


def cleaned_names(rows: list[tuple[str | None, str | None]]) -> dict[str, Counter[str]]:
    """(printed list, cleaned list) a row → printed name → how often it was cleaned to which name.

    >>> cleaned_names([("A; B", "b.; A"), ("B", "B.")])
    {'A': Counter({'A': 1}), 'B': Counter({'b.': 1, 'B.': 1})}
    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for printed_list, cleaned_list in rows:
        printed, cleaned = _names(printed_list), _names(cleaned_list)
        left = [name for name in printed if name not in cleaned]
        over = [name for name in cleaned if name not in printed]
        for name in printed:
            if name in cleaned:
                found[name][name] += 1
            elif len(left) == len(over) == 1:
                found[name][over[0]] += 1
    return dict(found)


def _names(told: str | None) -> list[str]:
    return [name for part in (told or "").split(";") if (name := part.strip())]


def evaluate(truth: Path, settings: Settings) -> Answer:
    """Agreement over distinct names at entity level, and where the two differ, by kind."""
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        told = read_labelled(session, truth, COLUMNS, settings)
        rows = session.rows("select t.applicant, t.applicant_cleaned from t order by t.row_number", t=told)
        chosen = [
            (name, min(counted, key=lambda each: (-counted[each], each)), sum(counted.values()))
            for name, counted in sorted(cleaned_names(rows).items())
        ]
        labelled = session.from_rows({"name": "VARCHAR", "label": "VARCHAR", "mentions": "BIGINT"}, chosen)
        names = labelled.sql("select self_.name, self_.mentions from self_")
        linked = {
            "program": link_names(session, names),
            "baseline": fold_names(session, names),
        }
        answer: Answer = {method: score(_items(session, labelled, table)).as_dict() for method, table in linked.items()}
        answer["differences"] = _differences(session, labelled, linked["program"])
        answer["tables"] = [_table(answer["differences"])]
        return answer


def _items(session: Session, labelled: Table, linked: Table) -> Table:
    return session.materialise(
        "select coalesce('=' || l.organisation_id, '-' || n.name) as cluster, n.label, 1 as weight, n.name, n.mentions "
        "from n left join l on l.name = n.name",
        n=labelled,
        l=linked,
    )


def _differences(session: Session, labelled: Table, linked: Table) -> dict[str, dict[str, int]]:
    items = _items(session, labelled, linked)
    return {
        "cleaning_alone": missed_pairs(session, items),
        "program_alone": missed_pairs(
            session,
            items.sql("select self_.name, self_.mentions, self_.cluster as label, self_.label as cluster from self_"),
        ),
    }


def _table(differences: dict[str, dict[str, int]]) -> dict[str, Any]:
    return {
        "zh": "两者不同之处，按类（名称对）", "en": "where the two differ, by kind (pairs of names)",
        "columns": ["类 kind", "只有清洗合并 joined by the cleaning alone", "只有程序合并 joined by the program alone"],
        "rows": [
            [f"{zh} · {en}", *(differences[side].get(kind, 0) for side in ("cleaning_alone", "program_alone"))]
            for kind, (zh, en) in KINDS.items()
        ],
    }  # fmt: skip


TASKS = (
    Task(
        "cleaned_applicants", "drones/applicants_raw_to_cleaned_15776.csv.gz",
        "机构：与一份专家清洗的一致程度", "Organisations: agreement with an expert's cleaning",
        "这份清洗不是真值（其中也有个人姓名），只看一致程度与不同之处；未用于调参，不设下限。",
        "The cleaning is no truth (it joins names of persons too): this shows agreement and differences alone. Not "
        "used for tuning, and no bar is on it.",
        evaluate,
        measures("一致", "agreement", "program", "baseline"),
    ),
)  # fmt: skip
