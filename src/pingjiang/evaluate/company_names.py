"""Organisations against labelled pairs of company names of other people (nomenklatura's name bench)."""

from __future__ import annotations

from pathlib import Path

from pingjiang.config import Settings
from pingjiang.engine import Session
from pingjiang.errors import InputRefused
from pingjiang.evaluate.linking import fold_names
from pingjiang.evaluate.pairs import score_verdicts
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.strangers import DRAWN, printed_names
from pingjiang.evaluate.task import Answer, Task, measures
from pingjiang.identities.organisations.link import link_names

COLUMNS = ("case_group", "schema", "name1", "name2", "is_match")
_PARTS = {
    "companies": "p.schema = 'Company'",
    "real_companies": "p.schema = 'Company' and p.case_group <> 'synth_companies'",
    "synthetic_companies": "p.case_group = 'synth_companies'",
    "organisations": "p.schema in ('Company', 'Organization', 'LegalEntity')",
}


def evaluate(truth: Path, settings: Settings) -> Answer:
    """Precision, recall and F1 of company pairs at entity level; their names are linked among strangers."""
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        pairs = read_labelled(session, truth, COLUMNS, settings)
        bad = session.rows(
            "select min(p.row_number) from p where lower(p.is_match) not in ('true', 'false') or p.is_match is null "
            "or p.name1 is null or p.name2 is null",
            p=pairs,
        )[0][0]
        if bad is not None:
            raise InputRefused(
                "名称为空，或 is_match 不是 true、false。", "A name is empty, or is_match is neither true nor false.",
                file=truth.name, row=int(bad), remedy=("请改正该行。", "Correct the row."),
            )  # fmt: skip
        names = session.materialise(
            f"""
            with told as (
              select p.name1 as name from p where {_PARTS["organisations"]}
              union select p.name2 from p where {_PARTS["organisations"]}
            ), other as (
              select s.name from s where s.name not in (select t.name from told t) order by md5(s.name) limit {DRAWN}
            )
            select t.name, 1 as mentions from told t union all select o.name, 1 from other o
            """,
            p=pairs,
            s=session.from_arrow(printed_names(settings)),
        )
        answer: Answer = {"program": {}, "baseline": {}}
        for method, linked in (("program", link_names(session, names)), ("baseline", fold_names(session, names))):
            for part, condition in _PARTS.items():
                verdicts = session.rows(
                    f"""
                    select coalesce(a.organisation_id = b.organisation_id, false) or p.name1 = p.name2,
                      lower(p.is_match) = 'true'
                    from p left join l a on a.name = p.name1 left join l b on b.name = p.name2
                    where {condition}
                    """,
                    p=pairs,
                    l=linked,
                )
                answer[method][part] = score_verdicts(verdicts).as_dict()
        return answer


TASKS = (
    Task(
        "company_names", "truth/names/nomenklatura_name_pairs_826.csv",
        "机构：nomenklatura 的公司名称对", "Organisations: nomenklatura's pairs of company names",
        "未用于调参。标注服务于名单筛查，把可能的拼写错误算作同一家；多数公司名称对是合成的（synthetic）。",
        "Not used for tuning. Its labels serve screening against lists and take a likely slip of the pen for the same "
        "firm; most of its company pairs are synthetic.",
        evaluate,
        [
            line
            for part, (zh, en) in {
                "companies": ("公司", "companies"),
                "real_companies": ("真实的公司", "real companies"),
                "synthetic_companies": ("合成的公司", "synthetic companies"),
                "organisations": ("全部机构", "all organisations"),
            }.items()
            for line in measures(zh, en, f"program.{part}", f"baseline.{part}")
        ],
    ),
)  # fmt: skip
