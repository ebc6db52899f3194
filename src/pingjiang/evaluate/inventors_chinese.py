"""Chinese inventors: pairs of mentions of one full name in real exports, labelled by hand (`labels/`).

There is no truth at hand for Chinese names. Pairs were drawn by the SHA-256 of their name from four strata (the same
organisation or another, a shared co-inventor or none) and judged by reading title, year, organisation and co-inventors,
without looking at what the program says: 3 is sure, 2 is likely, 1 is a guess. A label is a place in a sample file and
a verdict. Guesses are counted apart. Halves by the SHA-256 of the name; the model was not tuned on either.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, Table
from pingjiang.errors import InputRefused
from pingjiang.evaluate.pairs import score_verdicts
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.task import Answer, Task, measures, samples_folder

_COLUMNS = (
    "file_a", "row_a", "place_a", "file_b", "row_b", "place_b", "verdict", "sure", "half", "organisations",
    "co_inventors",
)  # fmt: skip
_SURE = 2  # labels that are counted in the figures


def evaluate(truth: Path, settings: Settings) -> Answer:
    """Figures over labelled pairs of the held-out half, of the other half, of each stratum, and of guesses."""
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        labelled = read_labelled(session, truth, _COLUMNS, settings).dicts(order_by="row_number")
    placed = _placed(labelled, settings)
    found = [(row, placed.get(_place(row, "a")), placed.get(_place(row, "b"))) for row in labelled]
    missing = [row for row, one, other in found if one is None or other is None]
    if missing:
        row = missing[0]
        raise InputRefused(
            f"标注所指的位置没有发明人（{len(missing)} 对）。",
            f"Where labels point there is no inventor ({len(missing)} pairs).", file=truth.name,
            row=int(row["row_number"]), remedy=("请核对样本文件。", "Check the sample files."),
        )  # fmt: skip
    told: list[_Told] = [(row, one, other) for row, one, other in found if one is not None and other is not None]
    sure = [each for each in told if int(each[0]["sure"]) >= _SURE]
    answer: Answer = {half: _measured([t for t in sure if t[0]["half"] == half]) for half in ("held_out", "tuning")}
    answer["guesses"] = _measured([each for each in told if each not in sure])
    strata = [
        (organisations, shared, _measured([
            each for each in sure if (each[0]["organisations"], each[0]["co_inventors"]) == (organisations, shared)
        ]))
        for organisations in ("same", "other") for shared in ("shared", "none")
    ]  # fmt: skip
    answer["strata"] = {f"{one} organisation, co-inventors {two}": figures for one, two, figures in strata}
    answer["tables"] = [_table(answer["strata"])]
    return answer


_Told = tuple[Mapping[str, Any], tuple[str, str], tuple[str, str]]  # a label; person and applicants at both places


def _measured(told: Sequence[_Told]) -> dict[str, Any]:
    """Ours; and the baselines: one name is one person, and one name at one organisation is."""
    same = [row["verdict"] == "same" for row, _, _ in told]
    ours = [(one[0] == other[0], actual) for (_, one, other), actual in zip(told, same, strict=True)]
    at_one = [(one[1] == other[1], actual) for (_, one, other), actual in zip(told, same, strict=True)]
    return {
        **score_verdicts(ours).as_dict(),
        "baseline": score_verdicts([(True, actual) for actual in same]).as_dict(),
        "same_organisation": score_verdicts(at_one).as_dict(),
    }


def _table(strata: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    columns = ("stratum", "pairs", "precision", "recall", "name alone: precision", "name and organisation: recall")
    rows = [
        (name, told["n"], told["precision"], told["recall"], told["baseline"]["precision"],
         told["same_organisation"]["recall"])
        for name, told in strata.items()
    ]  # fmt: skip
    return {"zh": "按层", "en": "By stratum", "columns": columns, "rows": rows}


def _place(row: Mapping[str, Any], side: str) -> tuple[str, int, int]:
    return str(row[f"file_{side}"]), int(row[f"row_{side}"]), int(row[f"place_{side}"])


def _placed(labelled: Sequence[Mapping[str, Any]], settings: Settings) -> dict[tuple[str, int, int], tuple[str, str]]:
    """(file, row, place in its list) → (inventor_id, organisations) of a build of the files that labels name."""
    names = sorted({str(row[f"file_{side}"]) for row in labelled for side in "ab"})
    with tempfile.TemporaryDirectory(prefix="pingjiang-evaluate-", dir=settings.temp_dir) as folder:
        lake = Lake(Path(folder) / "lake")
        pipeline.import_files([_sample(name, settings) for name in names], lake)
        pipeline.build(lake, load_chain("semiconductors"), settings=settings)
        with Session(memory_limit=settings.memory_limit, threads=settings.threads) as session:
            tables = lake.require_current().open(session, "record", "publication_inventor", "publication_applicant")
            return _found(session, tables)


def _found(session: Session, tables: Mapping[str, Table]) -> dict[tuple[str, int, int], tuple[str, str]]:
    rows = session.rows(
        """
        with printed as (
          select
            r.publication_id, r.row_number, regexp_extract(r.source_row, '^[^:]*:([^:!]*)', 1) as file,
            unnest(r.inventors).name as name, generate_subscripts(r.inventors, 1) as place
          from r where r.inventors is not null
        ), applied as (
          select a.publication_id, array_to_string(list_sort(list_distinct(list(a.organisation_id))), ' ') as applicants
          from a group by a.publication_id
        )
        select p.file, p.row_number, p.place, coalesce(i.inventor_id, ''), coalesce(a.applicants, '')
        from printed p
        join i on i.publication_id = p.publication_id and i.name = p.name
        left join applied a on a.publication_id = p.publication_id
        """,
        r=tables["record"],
        i=tables["publication_inventor"],
        a=tables["publication_applicant"],
    )
    return {(file, int(row), int(place)): (inventor, applicants) for file, row, place, inventor, applicants in rows}


def _sample(name: str, settings: Settings) -> Path:
    found = sorted(samples_folder(settings).glob(f"cn_exports/**/{name}"))
    if not found:
        raise InputRefused(
            f"样本目录中没有 {name}。", f"There is no {name} among the sample files.", file=name,
            remedy=("请检查 PINGJIANG_SAMPLES。", "Check PINGJIANG_SAMPLES."),
        )  # fmt: skip
    return found[0]


TASKS = (
    Task(
        "inventors_chinese",
        "labels/inventors_chinese.csv",
        "发明人（中文姓名，人工标注）",
        "Inventors with Chinese names, labelled by hand",
        "从真实导出文件中按姓名散列分层抽取 275 对同名提及，依据题名、年份、机构和共同发明人人工判断；"
        "把握分 3（确定）、2（较有把握）、1（猜测），下列数字只计 3 和 2。按姓名散列分两半，模型在两半上都未调整。"
        "抽样偏重不同机构的同名者，因此不是全体的准确率。",
        "275 pairs of mentions of one full name, drawn in strata by a hash of the name from real exports, judged by "
        "title, year, organisation and co-inventors: 3 sure, 2 likely, 1 a guess; only 3 and 2 count here. Halved by a "
        "hash of the name; the model was tuned on neither. Namesakes at other organisations are drawn more often than "
        "they occur, so that these are no figures of the whole.",
        evaluate,
        (*measures("留出一半", "held-out half", "held_out", "held_out.baseline"),
         *measures("另一半", "other half", "tuning", "tuning.baseline")),
        ours=True,
    ),
)  # fmt: skip
