"""Inventors against labelled mentions in the layout of PatentsView's evaluation set.

Every pair that touches a labelled mention counts, an unlabelled mention counts as another person. Of the file on which
the model was made, blocks whose SHA-256 is divisible by three are held out: what is said is said of them. Of any other
file all blocks are. Labels stop at the end of 2021, so that a later grant of a labelled inventor would count as an
error: mentions granted from `granted_before` on are left out. No column of labels is read by what is measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from pingjiang.config import Settings
from pingjiang.engine import Session, Table
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.evaluate.pairs import parts_of, ratio, rounded, score, shown, summed
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.task import Answer, Line, Task
from pingjiang.files import sha256_of
from pingjiang.identities.inventors.gathering import Sources
from pingjiang.identities.inventors.linking import link
from pingjiang.intervals import bootstrap
from pingjiang.text import organisation_key_sql

TRUTH = "truth/inventors/patentsview_er_dev_74244.csv.gz"
DEVELOPMENT = "6e83871a59d2186aad295ebba3e4ee8c9b0817b420aad71e3ef96277522c4dc3"  # the file the model was made on
GRANTED_BEFORE = "2022-01-01"
_COLUMNS = (
    "mention_id", "block", "patent_id", "first", "last", "city", "state", "country", "filing_date", "patent_date",
    "title", "assignees", "cpc_subclasses", "inventors", "true_inventor_id", "patentsview_id_2022",
)  # fmt: skip


def is_held_out(block: str) -> bool:
    """Whether a block of the development file was held out: its SHA-256 is a number divisible by three."""
    return int(hashlib.sha256(block.encode()).hexdigest(), 16) % 3 == 0


@dataclass(frozen=True)
class Truth:
    """Labelled mentions.

    mention   (mention_id, block, label or NULL, held_out, reference, full_name)
    sources   what the linking reads: none of `mention` but the id
    """

    mention: Table
    sources: Sources
    blocks_held_out: int


def evaluate(truth: Path, settings: Settings, *, granted_before: str = GRANTED_BEFORE) -> Answer:
    """Pairs and B³ of the held-out blocks, beside PatentsView's own result and plain grouping by name."""
    try:
        date.fromisoformat(granted_before)
    except ValueError as error:
        raise DefinitionError(
            f"--granted-before 应为日期：{granted_before!r}。",
            f"--granted-before should be a date: {granted_before!r}.",
            remedy=("写作 2022-01-01。", "Write 2022-01-01."),
        ) from error
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        read = read_truth(session, truth, settings, granted_before)
        linked = link(session, read.sources).mention
        held = session.materialise(
            """
            select m.label, m.reference, m.block, m.full_name, coalesce(cast(l.person as varchar), m.mention_id) as ours
            from m left join l on l.mention_id = m.mention_id where m.held_out
            """,
            m=read.mention,
            l=linked,
        )
        answer: Answer = dict(measured(held, "ours"))
        answer["reference"] = measured(held, "reference")
        answer["baseline"] = measured(held, "block")
        answer["same_name"] = measured(held, "full_name")
        answer |= {"blocks_held_out": read.blocks_held_out, "granted_before": granted_before}
        return answer


def measured(held: Table, column: str) -> dict[str, Any]:
    """The measures of a column of clusters: pairs, B³, intervals by a bootstrap over inventors, and what they rest on.

    weighed_by_half   precision and F1 where a pair of a labelled mention and a stranger counts half, as in the
                      published figures of PatentsView's result
    """
    items = held.sql(f"select self_.{column} as cluster, self_.label, 1 as weight from self_").materialise()
    parts = parts_of(items)
    told = score(items).as_dict()
    b3, b_precision, b_recall = bootstrap(parts, (_b_f1, _b_precision, _b_recall))
    both, predicted, actual, *_, strangers = summed(parts)
    cubed = told["b_cubed"]
    return {
        **{name: told[name] for name in ("precision", "recall", "f1")},
        "b3": cubed["f1"],
        "intervals": {**told["intervals"], "b3": shown(b3)},
        "b_cubed": {**cubed, "intervals": {"precision": shown(b_precision), "recall": shown(b_recall)}},
        "weighed_by_half": {
            "precision": rounded(ratio(both, predicted - strangers / 2)),
            "f1": rounded(ratio(2 * both, predicted - strangers / 2 + actual)),
        },
        **{name: told[name] for name in ("pairs", "labels", "n")},
    }


def _b_precision(sums: Sequence[float]) -> float | None:
    return ratio(sums[4], sums[3])


def _b_recall(sums: Sequence[float]) -> float | None:
    return ratio(sums[5], sums[3])


def _b_f1(sums: Sequence[float]) -> float | None:
    return ratio(2 * sums[4] * sums[5], sums[3] * (sums[4] + sums[5]))


def read_truth(session: Session, truth: Path, settings: Settings, granted_before: str) -> Truth:
    """The mentions of a labelled file granted before a day. InputRefused where it has other columns, or no label."""
    rows = read_labelled(session, truth, _COLUMNS, settings)
    kept = rows.sql(f"select self_.* from self_ where self_.patent_date < '{granted_before}'").materialise()
    _check(session, kept, truth)
    development = sha256_of(truth) == DEVELOPMENT
    blocks = [row[0] for row in session.rows("select distinct k.block from k order by 1", k=kept)]
    held = [block for block in blocks if not development or is_held_out(block)]
    chosen = session.from_arrow(pa.table({"block": pa.array(held, pa.string())}))
    mention = session.materialise(
        """
        select
          k.mention_id, k.block, k.true_inventor_id as label, c.block is not null as held_out,
          k.patentsview_id_2022 as reference, lower(k.last || ', ' || k.first) as full_name
        from k left join c on c.block = k.block
        """,
        k=kept,
        c=chosen,
    )
    return Truth(mention, _sources(session, kept), len(held))


def _check(session: Session, kept: Table, truth: Path) -> None:
    """InputRefused where a mention stands twice, or none is labelled."""
    twice = session.rows(
        "select k.mention_id, max(k.row_number) from k group by k.mention_id having count(*) > 1 "
        "order by max(k.row_number) limit 1",
        k=kept,
    )
    if twice:
        raise InputRefused(
            f"mention_id 重复或为空：{twice[0][0]}。", f"mention_id stands twice or is empty: {twice[0][0]}.",
            file=truth.name, row=int(twice[0][1]), column="mention_id",
            remedy=("请只保留一行。", "Keep one row of it."),
        )  # fmt: skip
    if session.rows("select count(k.true_inventor_id) from k", k=kept) == [(0,)]:
        raise InputRefused(
            "在该日期之前没有一条带标注的提及。", "No mention granted before that day is labelled.", file=truth.name,
            column="true_inventor_id",
            remedy=("请检查文件和 --granted-before。", "Check the file and --granted-before."),
        )  # fmt: skip


def _sources(session: Session, kept: Table) -> Sources:
    """What the linking may read of the file."""
    patent = session.materialise(
        """
        select
          k.patent_id as document, min(k.title) as title, min(k.assignees) as assignees,
          min(k.cpc_subclasses) as classes, min(k.inventors) as inventors
        from k group by k.patent_id
        """,
        k=kept,
    )
    mention = session.materialise(
        """
        select
          k.mention_id, k.patent_id as document, coalesce(k.last, '') || ', ' || coalesce(k.first, '') as name,
          left(k.country, 2) as country, k.state, k.city,
          coalesce(
            try_cast(left(k.filing_date, 4) as double) + try_cast(substr(k.filing_date, 6, 2) as double) / 12,
            try_cast(left(k.patent_date, 4) as double) - 2
          ) as year
        from k
        """,
        k=kept,
    )
    party = session.materialise(_LIST.format(column="inventors", name="name"), p=patent)
    # The blocks hold all mentions of their names: a name is common by what the other inventors are called.
    background = session.materialise(
        "select p.name from p anti join m on m.document = p.document and lower(m.name) = lower(p.name)",
        p=party,
        m=mention,
    )
    return Sources(
        mention=mention,
        party=party,
        organisation=session.materialise(
            f"select o.document, nullif({organisation_key_sql('o.name')}, '') as token, o.name from o",
            o=session.sql(_LIST.format(column="assignees", name="name"), p=patent),
        ),
        classes=session.materialise(_LIST.format(column="classes", name="token"), p=patent),
        title=session.sql("select p.document, p.title from p", p=patent),
        background=background,
    )


_LIST = """
with listed as (
  select p.document, unnest(string_split(p.{column}, '|')) as {name} from p where p.{column} is not null
)
select distinct l.document, l.{name} from listed l where l.{name} <> ''
"""

TASKS = (
    Task(
        "inventors",
        TRUTH,
        "发明人",
        "Inventors",
        "留出：block 的 SHA-256（十六进制数）能被 3 整除的姓名组；其余用于训练与选择。只计 2022-01-01 前授权的提及，"
        "因为标注止于 2021 年底。未标注的提及算作另一个人。",
        "Held out: name blocks whose SHA-256, as a number, is divisible by 3; the others were trained and chosen on. "
        "Only mentions granted before 2022-01-01 count, since labels stop at the end of 2021. A mention without a "
        "label counts as another person.",
        evaluate,
        (
            Line("成对准确率", "pairwise precision", "precision", "baseline.precision", "n"),
            Line("成对召回率", "pairwise recall", "recall", "baseline.recall", "n"),
            Line("成对 F1", "pairwise F1", "f1", "baseline.f1", "n"),
            Line("逐条 B³", "B³ over mentions", "b3", "baseline.b3", "n"),
            Line("成对准确率（与未标注者的对减半）", "precision, strangers by half", "weighed_by_half.precision",
                 "baseline.weighed_by_half.precision", "n"),
            Line("PatentsView 2022：准确率", "PatentsView 2022: precision", "reference.precision", None, "reference.n"),
            Line("PatentsView 2022：召回率", "PatentsView 2022: recall", "reference.recall", None, "reference.n"),
            Line("PatentsView 2022：F1", "PatentsView 2022: F1", "reference.f1", None, "reference.n"),
            Line("PatentsView 2022：B³", "PatentsView 2022: B³", "reference.b3", None, "reference.n"),
            Line("PatentsView 2022：准确率（减半）", "PatentsView 2022: precision, strangers by half",
                 "reference.weighed_by_half.precision", None, "reference.n"),
        ),
        options=("granted_before",),
    ),
)  # fmt: skip
