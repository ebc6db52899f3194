"""Where the notebook's numbers are wrong, with counts, by comparing it with our release of the same files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from benchmarks.baseline import notebook
from pingjiang.engine import Lake, Session, Table
from pingjiang.identifiers import parse_many
from pingjiang.indicators import run_all


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: how many things it touches, of how many, and one example."""

    name: str
    zh: str
    en: str
    wrong: int
    of: int
    example: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def check(folder: Path, lake: Path, true: Mapping[str, float]) -> list[Finding]:
    """Run the notebook on the exports in `folder` and compare it with the built release of the lake.

    `true` is what the generator of the exports knows of them; our own figures are shown beside it.
    """
    frame = notebook.load(folder)
    told = notebook.indicators(frame)
    release = Lake(lake).require_current()
    with Session() as session:
        session.name_tables(release.open(session))
        rows = _rows(session, frame)
        told_by_us = run_all(session, ["filings_by_year", "cagr", "concentration"])
        ours = {name: _applications(table) for name, table in told_by_us.items()}
        return [
            *_counted_twice(session, rows),
            _joint_applicants(frame),
            _ranking(session, rows, told["top_organisations"]),
            _dropped(frame),
            *_incomplete(told, ours),
            _concentration(told, ours["concentration"], true["cr5"]),
            _offices(frame),
        ]


def _rows(session: Session, frame: pd.DataFrame) -> Table:
    """The notebook's rows with the publication each is, by its number, and its applicants as one text."""
    numbers = frame["公开号"].tolist()
    ids = parse_many(numbers, what="publication").id
    applicants = [None if pd.isna(text) else text for text in frame["申请人"]]
    texts = {"number": numbers, "publication_id": ids, "applicants": applicants}
    return session.from_arrow(pa.table({name: pa.array(held, pa.string()) for name, held in texts.items()}))


def _applications(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of an indicator that count applications."""
    return [row for row in table.to_pylist() if row["unit"] == "application"]


def _counted_twice(session: Session, rows: Table) -> Iterable[Finding]:
    """Applications with several rows: their A and B texts, or one text under two numbers."""
    applications, twice, surplus = session.rows(
        """
        with counted as (
          select p.application_id, count(*) as times
          from publication p join notebook n on n.publication_id = p.publication_id group by p.application_id
        )
        select count(*), count(*) filter (where times > 1), cast(sum(times - 1) as bigint) from counted
        """,
        notebook=rows,
    )[0]
    example = session.rows(
        """
        select p.application_id, string_agg(distinct n.number, ' + ' order by n.number)
        from publication p join notebook n on n.publication_id = p.publication_id
        group by p.application_id having count(*) > 1 order by count(*) desc, p.application_id limit 1
        """,
        notebook=rows,
    )
    pairs = session.rows(
        """
        select count(*) from (
          select p.application_id from publication p join notebook n on n.publication_id = p.publication_id
          group by p.application_id having bool_or(p.is_grant) and bool_or(not p.is_grant)
        ) both_texts
        """,
        notebook=rows,
    )[0][0]
    yield Finding(
        "applications_twice",
        f"同一申请被计多次（多计 {surplus or 0:,} 件）",
        f"applications counted more than once ({surplus or 0:,} too many)",
        twice,
        applications,
        f"{example[0][0]}: {example[0][1]}" if example else "",
    )
    yield Finding(
        "a_and_b_texts",
        "其中公开文本与授权文本各计一次",
        "of these, application text and grant text counted apart",
        pairs,
        applications,
        "",
    )


def _joint_applicants(frame: pd.DataFrame) -> Finding:
    """Several applicants in one cell are one 'applicant' to value_counts."""
    told = frame["申请人"].dropna()
    joint = told[told.str.contains("; ", regex=False)]
    return Finding(
        "joint_applicants",
        f"共同申请人当作一个申请人（造出 {joint.nunique():,} 个不存在的申请人）",
        f"joint applicants taken as one ({joint.nunique():,} applicants that don't exist)",
        len(joint),
        len(told),
        str(joint.iloc[0]) if len(joint) else "",
    )


def _ranking(session: Session, rows: Table, ranking: pd.Series) -> Finding:
    """Of the notebook's first twenty names, those that have another number of applications in its own rows."""
    counted = dict(
        session.rows(
            """
            with named as (
              select p.application_id, trim(unnest(string_split(n.applicants, ';'))) as name
              from notebook n join publication p on p.publication_id = n.publication_id
            )
            select name, count(distinct application_id) from named group by name
            """,
            notebook=rows,
        )
    )
    first = [(str(name), int(count)) for name, count in ranking.head(20).items()]
    wrong = [(name, count, counted.get(name, 0)) for name, count in first if counted.get(name, 0) != count]
    return Finding(
        "ranking",
        "前 20 名申请人的件数不对（按申请、共同申请各计一件）",
        "of the first 20 applicants, with a wrong number of applications (joint ones included)",
        len(wrong),
        len(first),
        f"{wrong[0][0]}: {wrong[0][1]} ≠ {wrong[0][2]}" if wrong else "",
    )


def _dropped(frame: pd.DataFrame) -> Finding:
    """groupby drops what has no year, and says nothing."""
    unknown = frame["申请年"].isna()
    return Finding(
        "unknown_dropped",
        "申请日未知的文献被悄悄丢掉",
        "publications without a filing date dropped in silence",
        int(unknown.sum()),
        len(frame),
        str(frame.loc[unknown, "公开号"].iloc[0]) if unknown.any() else "",
    )


def _incomplete(told: dict[str, Any], ours: dict[str, list[dict[str, Any]]]) -> Iterable[Finding]:
    """Years that are not complete yet are shown as a fall, and the CAGR ends in one of them."""
    incomplete = {row["year"] for row in ours["filings_by_year"] if row["year"] is not None and not row["complete"]}
    growth = told["growth_by_year"].dropna()
    falls = [(int(year), float(value)) for year, value in growth.items() if int(year) in incomplete and value < 0]
    yield Finding(
        "incomplete_years",
        "未满的年份显示为下降",
        "years still incomplete shown as a fall",
        len(falls),
        len(growth),
        "; ".join(f"{year}: {value:+.0%}" for year, value in falls),
    )
    theirs, right = float(told["cagr"].iloc[0]), ours["cagr"][0]["cagr"] if ours["cagr"] else None
    yield Finding(
        "cagr",
        "年均增长率算到了未满的年份",
        "CAGR computed to an incomplete year",
        int(right is None or abs(theirs - right) > 0.001),
        1,
        f"{theirs:+.1%} ≠ {right:+.1%}" if right is not None else f"{theirs:+.1%} ≠ –",
    )


def _concentration(told: dict[str, Any], ours: list[dict[str, Any]], true: float) -> Finding:
    """CR5 over strings: joint applicants apart, A and B texts counted twice, one name in three spellings."""
    theirs, right = float(told["concentration"]["CR5"]), float(ours[0]["cr5"])
    return Finding(
        "concentration",
        "CR5 不对",
        "CR5 is wrong",
        int(abs(theirs - true) > 0.0005),
        1,
        f"{theirs:.1%} ≠ {true:.1%} (Pingjiang {right:.1%})",
    )


def _offices(frame: pd.DataFrame) -> Finding:
    """The office of a publication is taken for the country of its applicant; EP and WO are no countries."""
    no_country = frame["国家"].isin(["EP", "WO"])
    return Finding(
        "offices_as_countries",
        "把公开局当作国家（EP、WO 不是国家）",
        "publishing offices taken for countries (EP and WO are none)",
        int(no_country.sum()),
        len(frame),
        "",
    )
