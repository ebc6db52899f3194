"""Organisations against labelled names (mention_id, unique_id, organization), mixed in among strangers.

Two predictions, entity and group, are scored against the one label. Label groups are halved by the SHA-256 of their
unique_id as a number: even ones may be used for tuning, odd ones are held out, and bars are on these. While one half is
scored, names of the other half are strangers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pingjiang.config import Settings
from pingjiang.engine import Session, Table
from pingjiang.errors import InputRefused
from pingjiang.evaluate.linking import (
    SPLINK_DEFAULT,
    SPLINK_THRESHOLDS,
    by_splink,
    fold_names,
)
from pingjiang.evaluate.missed import KINDS, missed_pairs
from pingjiang.evaluate.pairs import rounded, score
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.strangers import draw_strangers, known_renames
from pingjiang.evaluate.task import Answer, Line, Task, measures
from pingjiang.files import sha256_of
from pingjiang.identities.organisations.link import link_names

TRUTH = "truth/assignees/air-umass-assignees-benchmark.csv.gz"
HALVES = ("all", "tuning", "held_out")
CURVE = tuple(n / 20 for n in range(1, 20))


def half_of(label: str) -> str:
    """'tuning' or 'held_out': whether the SHA-256 of the label is even or odd."""
    return "held_out" if hashlib.sha256(label.encode()).digest()[-1] % 2 else "tuning"


def evaluate(truth: Path, settings: Settings) -> Answer:
    """Measures at group and entity level, over distinct names and over mentions, of all labels and of each half."""
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        labelled, without_name = read_truth(session, truth, settings)
        sha256 = sha256_of(truth)
        strangers = draw_strangers(session, labelled, sha256, settings)
        measured = Measured(session, labelled, strangers.names)
        answer: Answer = {
            "labelled": {
                "names": labelled.sql("select distinct self_.name from self_").count(),
                "mentions": int(session.rows("select coalesce(sum(l.mentions), 0) from l", l=labelled)[0][0]),
                "without_name": without_name,
            },
            "strangers": strangers.facts,
        }
        linked = link_names(session, measured.names)
        splink = by_splink(session, measured.names).materialise()
        scores = measured.halves(linked, splink)
        answer |= scores["all"] | {half: scores[half] for half in HALVES[1:]}
        answer["with_suspects"] = _with_suspects(session, labelled, strangers.names, strangers.suspects)
        answer["curve"] = measured.curve(splink)
        answer["missed"] = measured.missed(linked, known_renames(sha256))
        answer["notes"] = [_note(strangers.facts)]
        answer["tables"] = [_curve_table(answer["curve"]), _missed_table(answer["missed"])]
        return answer


def read_truth(session: Session, truth: Path, settings: Settings) -> tuple[Table, int]:
    """(name, label or null, half, mentions) a distinct name and label, and how many rows have no name.

    A row without unique_id is unlabelled: another organisation than all labelled ones.
    """
    rows = read_labelled(session, truth, ("mention_id", "unique_id", "organization"), settings)
    twice = session.rows(
        "select r.mention_id, max(r.row_number) from r where r.mention_id is not null group by r.mention_id "
        "having count(*) > 1 order by max(r.row_number) limit 1",
        r=rows,
    )
    if twice:
        raise InputRefused(
            f"mention_id 重复：{twice[0][0]}。", f"mention_id stands twice: {twice[0][0]}.", file=truth.name,
            row=int(twice[0][1]), column="mention_id", remedy=("请只保留一行。", "Keep one row of it."),
        )  # fmt: skip
    labels = [
        row[0] for row in session.rows("select distinct r.unique_id from r where r.unique_id is not null", r=rows)
    ]
    half = session.from_rows({"label": "VARCHAR", "half": "VARCHAR"}, [(label, half_of(label)) for label in labels])
    labelled = session.materialise(
        """
        select r.organization as name, r.unique_id as label, any_value(h.half) as half, count(*) as mentions
        from r left join h on h.label = r.unique_id
        where r.organization is not null
        group by r.organization, r.unique_id
        """,
        r=rows,
        h=half,
    )
    if not labels or not labelled.count():
        raise InputRefused(
            "没有一个带标注的名称。", "There is no labelled name.", file=truth.name,
            remedy=("请在 unique_id 与 organization 列填写。", "Fill the columns unique_id and organization."),
        )  # fmt: skip
    without = int(session.rows("select count(*) from r where r.organization is null", r=rows)[0][0])
    return labelled, without


class Measured:
    """Labelled names among strangers, and every way in which they are scored."""

    def __init__(self, session: Session, labelled: Table, strangers: Table) -> None:
        self._session = session
        self._items = session.materialise(
            "select l.name, l.label, l.half, l.mentions from l union all select s.name, null, null, 1 from s",
            l=labelled,
            s=strangers,
        )
        self.names = session.materialise(
            "select i.name, sum(i.mentions) as mentions from i group by i.name", i=self._items
        )

    def halves(self, linked: Table, splink: Table) -> dict[str, dict[str, Any]]:
        """Scores of the program, the baseline and Splink, of all labels and of each half."""
        folded = fold_names(self._session, self.names)
        at = {each: self._splink_at(splink, each) for each in SPLINK_THRESHOLDS}
        best = max(SPLINK_THRESHOLDS, key=lambda each: self._score(at[each], "cluster", "tuning", False)["f1"] or 0.0)
        found: dict[str, dict[str, Any]] = {}
        for half in HALVES:
            found[half] = {
                unit: {
                    "group": self._score(linked, "group_id", half, weighted),
                    "entity": self._score(linked, "organisation_id", half, weighted),
                }
                for unit, weighted in _UNITS
            }
            found[half]["baseline"] = {
                unit: self._score(folded, "organisation_id", half, weighted) for unit, weighted in _UNITS
            }
            found[half]["splink_defaults"] = {
                unit: self._score(at[SPLINK_DEFAULT], "cluster", half, weighted) for unit, weighted in _UNITS
            }
            found[half]["splink_best_on_tuning"] = {
                "threshold": best, **{unit: self._score(at[best], "cluster", half, w) for unit, w in _UNITS}
            }  # fmt: skip
        return found

    def _splink_at(self, splink: Table, threshold: float) -> Table:
        return splink.sql(
            f"select self_.name, self_.cluster from self_ where self_.threshold = cast({threshold} as double)"
        )

    def _score(self, linked: Table, column: str, half: str, weighted: bool) -> dict[str, Any]:
        return score(self.scored_items(linked, column, half, weighted)).as_dict()

    def scored_items(self, linked: Table, column: str, half: str, weighted: bool) -> Table:
        """(cluster, label, weight): a name that was not linked is alone; labels of the other half are blank."""
        label = "i.label" if half == "all" else f"case when i.half = '{half}' then i.label end"
        return self._session.sql(
            f"""
            select
              coalesce('=' || cast(l.{column} as varchar), '-' || i.name) as cluster, {label} as label,
              {"i.mentions" if weighted else "1"} as weight
            from i left join l on l.name = i.name
            """,
            i=self._items,
            l=linked,
        )

    def curve(self, splink: Table) -> list[dict[str, Any]]:
        """Precision and recall of distinct names at group level, by the program's threshold, if any, and Splink's."""
        points: list[dict[str, Any]] = []
        for threshold in CURVE:
            with self._session.scratch():
                linked = link_names(self._session, self.names, threshold=threshold)
                points += self._points("program", threshold, linked, "group_id")
        for threshold in SPLINK_THRESHOLDS:
            points += self._points("splink", threshold, self._splink_at(splink, threshold), "cluster")
        return points

    def _points(self, method: str, threshold: float, linked: Table, column: str) -> Iterator[dict[str, Any]]:
        for half in HALVES:
            told = score(self.scored_items(linked, column, half, False), intervals=False)
            yield {
                "method": method, "threshold": threshold, "half": half,
                "precision": rounded(told.precision), "recall": rounded(told.recall),
            }  # fmt: skip

    def missed(self, linked: Table, renames: list[tuple[str, str]]) -> dict[str, dict[str, int]]:
        """Pairs of distinct names of one label that the group level does not join, by kind, in each half."""
        return {
            half: missed_pairs(self._session, self._labelled_in_clusters(linked, half), renames) for half in HALVES[1:]
        }

    def _labelled_in_clusters(self, linked: Table, half: str) -> Table:
        return self._session.materialise(
            f"""
            select i.name, i.label, i.mentions, coalesce('=' || l.group_id, '-' || i.name) as cluster
            from i left join l on l.name = i.name
            where i.half = '{half}'
            """,
            i=self._items,
            l=linked,
        )


_UNITS = (("distinct_names", False), ("mentions", True))


def _with_suspects(session: Session, labelled: Table, strangers: Table, suspects: Table) -> dict[str, Any]:
    """Precision where every suspect is mixed in as well and counts as another organisation: a lower bound."""
    everyone = session.materialise("select s.name from s union all select t.name from t", s=strangers, t=suspects)
    measured = Measured(session, labelled, everyone)
    linked, folded = link_names(session, measured.names), fold_names(session, measured.names)
    return {
        half: {
            "group": score(measured.scored_items(linked, "group_id", half, False)).as_dict(),
            "entity": score(measured.scored_items(linked, "organisation_id", half, False)).as_dict(),
            "baseline": score(measured.scored_items(folded, "organisation_id", half, False)).as_dict(),
        }
        for half in HALVES
    }


# -- the page ----------------------------------------------------------------------------------------


def _note(facts: dict[str, int]) -> tuple[str, str]:
    return (
        f"混入 {facts['names']:,} 个名称，取自样本中的 {facts['printed']:,} 个；折叠后与标注名称相同的 "
        f"{facts['equal_left_out']:,} 个和可能属于标注集团的 {facts['suspects_left_out']:,} 个未混入；混入的名称中仍有 "
        f"{facts['still_suspicious']:,} 个含有标注集团常见的词。",
        f"{facts['names']:,} of {facts['printed']:,} printed names are mixed in; {facts['equal_left_out']:,} that fold "
        f"to a labelled name and {facts['suspects_left_out']:,} that may belong to a labelled group are left out; "
        f"{facts['still_suspicious']:,} of those mixed in hold a word that is usual in some labelled group.",
    )


def _curve_table(curve: list[dict[str, Any]]) -> dict[str, Any]:
    at = {(each["method"], each["threshold"], each["half"]): (each["precision"], each["recall"]) for each in curve}
    return {
        "zh": "准确率—召回率曲线（不同名称，集团）", "en": "precision and recall by threshold (distinct names, group)",
        "columns": ["做法 method", "阈值 threshold", "调参组 tuning: P", "R", "留出组 held out: P", "R"],
        "rows": [
            [method, f"{threshold:.2f}", *at[method, threshold, "tuning"], *at[method, threshold, "held_out"]]
            for method, threshold in dict.fromkeys((each["method"], each["threshold"]) for each in curve)
        ],
    }  # fmt: skip


def _missed_table(missed: dict[str, dict[str, int]]) -> dict[str, Any]:
    rows = [[f"{zh} · {en}", *(missed[half].get(kind, 0) for half in HALVES[1:])] for kind, (zh, en) in KINDS.items()]
    return {
        "zh": "漏掉的名称对，按类", "en": "missed pairs of names, by kind",
        "columns": ["类 kind", "调参组 tuning", "留出组 held out"], "rows": rows,
    }  # fmt: skip


def _lines() -> list[Line]:
    lines: list[Line] = []
    halves = {
        "held_out.": ("留出组", "held-out labels"),
        "tuning.": ("调参组", "tuning labels"),
        "": ("全部标注", "all labels"),
    }
    units = {"distinct_names": ("不同名称", "distinct names"), "mentions": ("出现次数", "mentions")}
    levels = {"group": ("集团", "group"), "entity": ("法人", "legal entity")}
    for half, (half_zh, half_en) in halves.items():
        for unit, (unit_zh, unit_en) in units.items():
            for level, (level_zh, level_en) in levels.items():
                lines += measures(
                    f"{half_zh}，{unit_zh}，{level_zh}", f"{half_en}, {unit_en}, {level_en}",
                    f"{half}{unit}.{level}", f"{half}baseline.{unit}",
                )  # fmt: skip
        lines += measures(
            f"{half_zh}，不同名称，Splink 默认", f"{half_en}, distinct names, Splink's defaults",
            f"{half}splink_defaults.distinct_names", f"{half}baseline.distinct_names",
        )  # fmt: skip
        lines += measures(
            f"{half_zh}，不同名称，Splink 在调参组上最好的阈值",
            f"{half_en}, distinct names, Splink at its best threshold on tuning labels",
            f"{half}splink_best_on_tuning.distinct_names", f"{half}baseline.distinct_names",
        )  # fmt: skip
    for level, (level_zh, level_en) in levels.items():
        lines += measures(
            f"留出组，不同名称，{level_zh}，混入存疑名称（准确率的下界）",
            f"held-out labels, distinct names, {level_en}, suspects mixed in (bounds precision from below)",
            f"with_suspects.held_out.{level}", "with_suspects.held_out.baseline",
        )  # fmt: skip
    return lines


TASKS = (
    Task(
        "organisations",
        TRUTH,
        "机构：AIR-UMass 标注的集团",
        "Organisations: groups labelled by AIR-UMass",
        "标注组按 unique_id 的 SHA-256 奇偶分为两半：偶数组可用于调参，奇数组留出，下限只看留出组。"
        "另混入 15,000 个以上的其他名称（抽取与排除规则见 `evaluate/strangers.py`）。"
        "文件标注的是集团，法人一级的召回率因此有上限。",
        "Label groups are halved by whether the SHA-256 of their unique_id is even (may be used for tuning) or odd "
        "(held out; bars are on these). More than 15,000 other names are mixed in, drawn and left out as "
        "`evaluate/strangers.py` says. The file labels groups, which bounds the recall of legal entities.",
        evaluate,
        _lines(),
    ),
)
